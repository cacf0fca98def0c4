//! 733 drums: DRUM; a word in 96 us, eight cycles; a revolution of 256 words.

use asm704::Word;
use emu704::media::NoMedia;
use emu704::{Config, CoreSize, LoadKey, Machine, StopKind, Ticks};

use super::support::*;

fn filled(machine: &mut Machine, drum: u8) -> Vec<Word> {
    let words: Vec<Word> = (0..2048).map(|n| Word::new(u64::from(drum) << 18 | n)).collect();
    machine.set_drum(drum, &words).expect("a drum of the machine");
    words
}

#[test]
fn the_first_copy_waits_for_its_address() {
    // Address 0 passes at tick 0 and each 256 x 288 ticks, 2,048 cycles; address 64 comes 512 cycles behind it.
    let mut machine = machine(&[RDR | 1, LDA | 4, CPY | 0o1000, HTR, 0o000000000100]);
    let words = filled(&mut machine, 1);
    step(&mut machine);
    step(&mut machine);
    assert_eq!(machine.cycles(), 2 + 3);
    step(&mut machine);
    assert_eq!(machine.cycles(), 512 + 1);
    assert_eq!(machine.core.peek(0o1000), words[64]);
}

#[test]
fn without_lda_the_address_is_0() {
    let mut machine = machine(&[RDR | 3, CPY | 0o1000, CPY | 0o1001, HTR]);
    let words = filled(&mut machine, 3);
    run_to(&mut machine, 3);
    // The first came just too late for this turn; the second is 8 cycles behind the first.
    assert_eq!(machine.cycles(), 2_048 + 8 + 1 + 1);
    assert_eq!(core(&machine, 0o1000, 2), words[..2]);
}

#[test]
fn lda_takes_11_bits_of_the_word_and_addresses_wrap() {
    let mut program = vec![RDR | 8, LDA | 0o40];
    program.extend(copies(0o1000, 4));
    program.push(HTR);
    let mut machine = machine(&program);
    put(&mut machine, 0o40, &[0o777777_707776]);
    let words = filled(&mut machine, 8);
    run_to(&mut machine, 6);
    assert_eq!(core(&machine, 0o1000, 4), [words[2046], words[2047], words[0], words[1]]);
}

#[test]
fn any_instructions_may_stand_before_the_first_copy() {
    // SAP reads index registers and tables between RDR and LDA.
    let mut program = vec![RDR | 1];
    program.extend(delay(5_000));
    program.push(LDA | 0o1777);
    program.extend(delay(5_000));
    program.extend([CPY | 0o2000, HTR]);
    let mut machine = machine(&program);
    let words = filled(&mut machine, 1);
    put(&mut machine, 0o1777, &[5]);
    run_to(&mut machine, program.len() as u16 - 1);
    assert_eq!(machine.core.peek(0o2000), words[5]);
}

/// CPY, CAS, TXI for each of 50 words: FORTRAN's loop unrolled, with AC above the word that CAS compares.
fn loop_of_8_cycles(copy: u64, compared: u64) -> Vec<u64> {
    let mut program = vec![RDR | 2];
    for n in 0..50 {
        let here = program.len() as u64;
        program.extend([copy | (0o1000 + n), CAS | compared, TXI | (here + 3)]);
    }
    program.push(HTR);
    program
}

fn with_phase(phase: u64, program: &[u64]) -> Machine {
    let mut config = Config::with_core(CoreSize::K8);
    config.figures.drum.phase = Ticks(phase);
    let mut machine = with_config(config, program);
    filled(&mut machine, 2);
    machine
}

#[test]
fn a_loop_of_exactly_a_word_time_works_at_every_phase() {
    // 8 cycles a word: all phases of a cycle, and what lies between them.
    let program = loop_of_8_cycles(CPY, 0o7777);
    for phase in 0..288 {
        let mut machine = with_phase(phase, &program);
        machine.core.poke(0o7777, Word::new(1 << 35));
        run_to(&mut machine, 151);
        let words: Vec<Word> = (0..50).map(|n| Word::new(2 << 18 | n)).collect();
        assert_eq!(core(&machine, 0o1000, 50), words, "phase {phase}");
        // Address 0 passes first at the end of this turn; then 49 words, the last E, CAS, TXI, and the halt.
        let first = (2_048 * 36 - phase).div_ceil(36);
        let first = if phase > 2_048 * 36 - 108 { first + 2_048 } else { first };
        assert_eq!(machine.cycles(), first + 49 * 8 + 1 + 5 + 1, "phase {phase}");
    }
}

#[test]
fn copy_and_add_keeps_the_same_time() {
    let program = loop_of_8_cycles(0o470000000000, 0o7777);
    for phase in (0..288).step_by(36) {
        let mut machine = with_phase(phase, &program);
        machine.core.poke(0o7777, Word::new(1 << 35));
        run_to(&mut machine, 151);
        let sum: u64 = (0..50).map(|n| 2 << 18 | n).sum();
        assert_eq!(machine.cpu.ac.bits(), sum, "phase {phase}");
    }
}

#[test]
fn a_loop_of_9_cycles_is_too_slow_and_one_of_8_writes() {
    // Reading, CPY has 3 cycles; 6 more are too many.
    let mut program = vec![RDR | 2];
    for n in 0..50 {
        program.extend([CPY | (0o1000 + n), CAS | 0o7777, ARS | 0o12]);
    }
    let mut machine = machine(&program);
    machine.core.poke(0o7777, Word::new(1 << 35));
    let stop = run(&mut machine);
    assert_eq!(stop.kind, StopKind::ReadWriteCheck);
    assert!(stop.message.unwrap().contains("drum 2 had let go"));

    // Writing, CPY has 4; 4 more fit.
    let mut program = vec![WDR | 2];
    for n in 0..50 {
        program.extend([CPY | (0o1000 + n), ARS, ARS]);
    }
    program.extend([IOD, HTR]);
    for phase in 0..288 {
        let mut machine = with_phase(phase, &program);
        for n in 0..50 {
            machine.core.poke(0o1000 + n, Word::new(0o5000 + u64::from(n)));
        }
        run_to(&mut machine, 152);
        let drum = machine.drum(2).unwrap().unwrap();
        assert!((0..50).all(|n| drum[n] == Word::new(0o5000 + n as u64)), "phase {phase}");
        assert_eq!(drum[50], Word::new((2 << 18) + 50));
    }
}

#[test]
fn a_drum_is_written_and_read_back() {
    let mut program = vec![WDR | 5, LDA | 0o40];
    program.extend(copies(0o1000, 3));
    program.extend([RDR | 5, LDA | 0o40]);
    program.extend(copies(0o2000, 3));
    program.push(HTR);
    let mut machine = machine(&program);
    put(&mut machine, 0o40, &[0o1234]);
    put(&mut machine, 0o1000, &[0o777777777777, 0, 0o123456701234]);
    assert_eq!(machine.drum(5).unwrap(), None);
    run_to(&mut machine, program.len() as u16 - 1);
    assert_eq!(core(&machine, 0o2000, 3), core(&machine, 0o1000, 3));
    assert!(machine.drum_written(5).unwrap());
    assert!(!machine.drum_written(4).unwrap());
    let drum = machine.drum(5).unwrap().unwrap();
    assert_eq!(drum[0o1234], Word::new(0o777777777777));
    assert_eq!(drum.len(), 2048);
}

#[test]
fn a_drum_never_gives_an_end_of_record() {
    // 2,050 words in one loop: the second turn over the addresses begins again at 0.
    let mut program =
        vec![RDR | 1, LXA_0_1 | 0o20, CPY | 0o100000 | 0o1000, TXI | 0o77777_000000 | 0o100000 | 4];
    program.extend([0o300000100002 | (0o20000 - 2050) << 18, HTR]);
    let mut machine = machine(&program);
    let words = filled(&mut machine, 1);
    run_to(&mut machine, 5);
    assert_eq!(core(&machine, 0o1000, 2048), words);
    assert_eq!(core(&machine, 0o1000 + 2048, 2), words[..2]);
}

#[test]
fn a_drum_without_a_copy_lets_go_at_once() {
    // FORTRAN II reads a drum without a CPY and then selects another unit.
    let mut machine = machine(&[RDR | 1, RDR | 2, IOD, WTV, IOD, HTR]);
    run_to(&mut machine, 5);
    assert_eq!(machine.cycles(), 5 * 2 + 1);
    let mut config = Config::with_core(CoreSize::K8);
    config.devices.idle_units_let_go = false;
    let mut machine = with_config(config, &[RDR | 1, RCD]);
    let stop = run(&mut machine);
    assert_eq!((stop.kind, stop.at), (StopKind::Waiting, 1));
    let message = stop.message.unwrap();
    assert!(message.contains("the card reader") && message.contains("drum 1"), "{message}");
}

#[test]
fn after_the_last_copy_a_drum_is_busy_for_a_word() {
    let mut machine = machine(&[RDR | 1, CPY | 0o1000, IOD, HTR]);
    run_to(&mut machine, 3);
    // The word passed at cycle 2,048, the next at 2,056, when no CPY is executing.
    assert_eq!(machine.cycles(), 2_056 + 1 + 1);
}

#[test]
fn load_drum_reads_two_words_and_goes_on_with_the_third() {
    let mut machine = machine(&[]);
    let boot = [LXA_0_1, CPY | 0o100002, TXI | 0o77777_000000 | 0o100001, 0o1234, 0o1235];
    machine.set_drum(1, &words(&boot)).unwrap();
    machine.load(&mut NoMedia, LoadKey::Drum);
    let stop = machine.run(&mut NoMedia, 2_048 + 8 * 4 + 2);
    assert_eq!(stop.kind, StopKind::Limit);
    assert_eq!(core(&machine, 0, 5), words(&boot));
}

#[test]
fn there_are_eight_drums() {
    let mut machine = machine(&[RDR | 9]);
    assert!(machine.drum(0).is_err() && machine.drum(9).is_err() && machine.set_drum(9, &[]).is_err());
    let stop = run(&mut machine);
    assert_eq!(stop.kind, StopKind::Waiting);
    assert_eq!(stop.message.unwrap(), "RDS of address 0311 at 00000: no unit of the 704 has this address");
}

#[test]
fn a_machine_may_have_fewer_drums() {
    for (drums, number, there) in [(0, 1, false), (2, 2, true), (2, 3, false), (8, 8, true)] {
        for select in [RDR, WDR] {
            let mut config = Config::with_core(CoreSize::K8);
            config.drums = drums.try_into().unwrap();
            let mut machine = with_config(config, &[select | number, CPY | 0o1000, HTR]);
            let stop = run(&mut machine);
            let wanted = if there { (StopKind::Htr, 2) } else { (StopKind::Waiting, 0) };
            assert_eq!((stop.kind, stop.at), wanted, "{drums} drums, drum {number}: {stop}");
        }
    }
    let mut config = Config::with_core(CoreSize::K8);
    config.drums = 0.try_into().unwrap();
    let mut machine = with_config(config, &[]);
    machine.load(&mut NoMedia, LoadKey::Drum);
    let stop = run(&mut machine);
    assert_eq!(stop.kind, StopKind::Waiting);
    assert!(stop.to_string().contains("the machine has no drums"), "{stop}");
}

#[test]
fn more_than_eight_drums_are_refused() {
    let config = |text: &str| toml::from_str::<Config>(text);
    assert_eq!(config("drums = 3").unwrap().drums.get(), 3);
    assert_eq!(config("").unwrap().drums.get(), 8);
    let error = config("drums = 9").unwrap_err().to_string();
    assert!(error.contains("expected 0 to 8 logical drums, found 9"), "{error}");
}
