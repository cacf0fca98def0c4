//! 711 card reader: CARD, 250 cards a minute.

use asm704::Word;
use emu704::io::Unit;
use emu704::io::options::EmptyHopper;
use emu704::media::NoMedia;
use emu704::{Config, CoreSize, LoadKey, Machine, StopKind};

use super::support::*;

/// The clutch of a machine whose reader never ran engages 45 ms after power on: tick 135,000. The 9 row comes 95
/// degrees of 2,000 ticks later.
const FIRST_ROW: u64 = 135_000 + 95 * 2_000;

/// A half row is a pulse of 50 us: the reader disconnects when it begins, the word comes when it ends.
const PULSE: u64 = 150;

#[test]
fn the_first_word_comes_63_ms_after_the_clutch() {
    let mut machine = machine(&[RCD, CPY | 0o1000, HTR]);
    machine.put_cards([numbered(1)]);
    step(&mut machine);
    assert_eq!(machine.cycles(), 2, "RDS of a free unit: I, ER");
    step(&mut machine);
    // 325,150 / 36 = 9,031.9; the ER cycles end at 9,032, then E.
    assert_eq!(machine.cycles(), (FIRST_ROW + PULSE).div_ceil(36) + 1);
    assert_eq!(machine.cycles(), 9_033);
    assert_eq!(machine.core.peek(0o1000), Word::new(1));
    assert_eq!(machine.cpu.mq, Word::new(1));
}

#[test]
fn words_come_at_their_half_rows_and_the_end_of_record_behind_them() {
    let mut program = vec![RCD];
    program.extend(copies(0o1000, 25));
    program.extend([0o000000000001, 0o000000000002, HTR]);
    let mut machine = machine(&program);
    machine.put_cards([numbered(0o100)]);
    step(&mut machine);
    for n in 0..24 {
        step(&mut machine);
        // 12 ms a row; the right half 800 us behind the left.
        let pulse = FIRST_ROW + n / 2 * 36_000 + n % 2 * 2_400 + PULSE;
        assert_eq!(machine.cycles(), pulse.div_ceil(36) + 1, "half row {n}");
    }
    step(&mut machine);
    // 10 degrees behind the 12 row; no E cycle, nothing stored, two skipped.
    let end = FIRST_ROW + 11 * 36_000 + 20_000;
    assert_eq!(machine.cycles(), end.div_ceil(36));
    assert_eq!(machine.cpu.ic, 1 + 25 + 2);
    assert_eq!(core(&machine, 0o1000, 25), [&numbered(0o100)[..], &[Word::ZERO]].concat());
    assert_eq!(machine.cpu.mq, Word::new(0o100 + 23));
}

/// Reads cards to the end of file, which halts at 5.
fn reads_all() -> Vec<u64> {
    vec![
        RCD,
        LXA_0_1 | 0o20,
        CPY | 0o100000 | 0o1000,
        TXI | 0o77777_000000 | 0o100000 | 2,
        HTR, // end of file
        TRA, // end of record
    ]
}

#[test]
fn a_loop_reads_250_cards_a_minute() {
    let cycles = |cards: u64| {
        let mut machine = machine(&reads_all());
        machine.put_cards((0..cards).map(|n| numbered(n * 0o100)));
        run_to(&mut machine, 4);
        assert_eq!(machine.card_reader().cards(), cards);
        machine.cycles()
    };
    // 240 ms are 20,000 cycles.
    assert_eq!(cycles(2) - cycles(1), 20_000);
    assert_eq!(cycles(26) - cycles(1), 25 * 20_000);
}

#[test]
fn a_select_beyond_33_degrees_starts_from_rest() {
    // Behind the disconnect 22 ms are 1,833 cycles.
    let cycles = |pause: u64| {
        let mut program = vec![RCD, IOD];
        program.extend(delay(pause));
        program.extend([RCD, CPY | 0o1000, HTR]);
        let mut machine = machine(&program);
        machine.put_cards([numbered(0), numbered(1)]);
        run_to(&mut machine, program.len() as u16 - 1);
        machine.cycles()
    };
    // Disconnect at 95 + 198 + 10 + 4 degrees behind the clutch, tick 749,000; the IOD ends at cycle 20,807.
    // A RCD that is accepted up to tick 815,000, cycle 22,638, keeps the pace: its 9 row is 240 ms behind the first.
    let kept = (FIRST_ROW + 720_000 + PULSE).div_ceil(36) + 1 + 1;
    assert_eq!(cycles(100), kept);
    assert_eq!(cycles(22_638 - 2 - 20_807), kept);
    // Then the card stands at 278 degrees, tick 855,000, until the clutch engages: it could at tick 945,000 = 7 x
    // 135,000.
    assert_eq!(cycles(22_638 - 1 - 20_807), (945_000u64 + 190_000 + PULSE).div_ceil(36) + 1 + 1);
}

#[test]
fn the_card_of_a_lone_rcd_passes_unread() {
    // The second of two RCDs waits until the first card has passed: 204.7 ms behind the clutch, as the chart has
    // it. (The netlist, whose mechanical times are scaled, gave 199.5 ms.)
    let mut machine = machine(&[RCD, RCD, CPY | 0o1000, HTR]);
    machine.put_cards([numbered(1), numbered(0o101)]);
    step(&mut machine);
    step(&mut machine);
    let passed: u64 = 135_000 + 190_000 + 11 * 36_000 + 20_000 + 8_000;
    assert_eq!(machine.cycles(), passed.div_ceil(36) + 1);
    run_to(&mut machine, 3);
    assert_eq!(machine.core.peek(0o1000), Word::new(0o101));
}

/// RCD, a CPY for 9 left, so many cycles, a CPY for 9 right.
fn late_machine(cycles: u64) -> Machine {
    let mut program = vec![RCD, CPY | 0o1000];
    program.extend(delay(cycles));
    program.extend([CPY | 0o1001, HTR]);
    let mut machine = machine(&program);
    put(&mut machine, 0o1001, &[5]);
    machine.put_cards([numbered(1)]);
    machine
}

fn right_half_after(cycles: u64) -> (Machine, emu704::Stop) {
    let mut machine = late_machine(cycles);
    let stop = run(&mut machine);
    (machine, stop)
}

#[test]
fn a_late_right_half_disconnects() {
    // The first CPY ends at cycle 9,033. The pulse of the right half begins at tick 327,400, in cycle 9,094. With 59 cycles
    // between the CPYs the second's first ER begins at 9,033 + 59 + 1 = 9,093, tick 327,348: in time.
    let (machine, stop) = right_half_after(59);
    assert_eq!(stop.kind, StopKind::Htr);
    assert_eq!(machine.core.peek(0o1001), Word::new(2));
    let note = machine.io.late_right_half().unwrap();
    assert_eq!((note.unit, note.after.0), (Unit::CardReader, 327_348 - 325_000));

    // 61 cycles: 9,095 is tick 327,420, 20 ticks late. The reader disconnects 307 degrees behind the clutch, at tick 749,000,
    // 20,805.6 cycles; until then the CPY waits in ER.
    let (machine, stop) = right_half_after(61);
    assert_eq!(stop.kind, StopKind::ReadWriteCheck);
    assert!(machine.cpu.read_write_check);
    assert_eq!((machine.core.peek(0o1001), machine.cpu.mq), (Word::new(5), Word::new(1)));
    assert_eq!(machine.cycles(), 20_806);
    let message = stop.message.unwrap();
    assert!(
        message.contains("the card reader had let go") && message.ends_with("this one came 0.6 cycles late"),
        "{message}"
    );
}

#[test]
fn a_copy_that_begins_in_the_cycle_in_which_the_reader_lets_go_becomes_a_write() {
    // 60 cycles: the first ER cycle is 9,094, ticks 327,384 to 327,420, and the pulse begins at 327,400.
    let (machine, stop) = right_half_after(60);
    assert_eq!(stop.kind, StopKind::ReadWriteCheck);
    assert_eq!((machine.core.peek(0o1001), machine.cpu.mq), (Word::new(5), Word::new(5)), "MQ got C(Y)");
    assert_eq!(machine.cycles(), 20_806);
}

#[test]
fn a_late_copy_can_be_left_in_the_middle_of_its_wait() {
    let (whole, stop) = right_half_after(61);
    let mut machine = late_machine(61);
    assert_eq!(machine.run(&mut NoMedia, 15_000).kind, StopKind::Limit);
    assert_eq!(machine.cycles(), 15_000);
    assert!(!machine.cpu.read_write_check);
    assert_eq!(run(&mut machine), stop);
    assert_eq!((machine.cycles(), machine.cpu), (whole.cycles(), whole.cpu));
}

#[test]
fn a_right_half_within_540_us_is_no_note() {
    // 9,033 + 39 + 1 = 9,073 is tick 326,628: 542.7 us behind the left half. One less is 530.7.
    assert!(right_half_after(39).0.io.late_right_half().is_some());
    assert!(right_half_after(38).0.io.late_right_half().is_none());
}

#[test]
fn an_empty_hopper_is_one_end_of_file_and_then_a_wait() {
    let mut machine = machine(&reads_all());
    machine.put_cards([numbered(0)]);
    run_to(&mut machine, 4);
    machine.set_start(0);
    let stop = run(&mut machine);
    assert_eq!((stop.kind, stop.at), (StopKind::ReaderEmpty, 0));
    let message = stop.message.unwrap();
    assert!(
        message.contains("the card reader") && message.contains("hopper is empty after 1 cards"),
        "{message}"
    );
    // More cards, and the RDS that waited goes on.
    machine.put_cards([numbered(0o200)]);
    run_to(&mut machine, 4);
    assert_eq!(core(&machine, 0o1000, 24), numbered(0o200));
    assert_eq!(machine.card_reader().cards(), 2);
}

#[test]
fn an_option_makes_the_reader_wait_at_once() {
    let mut config = Config::with_core(CoreSize::K8);
    config.devices.empty_hopper = EmptyHopper::Wait;
    let mut machine = with_config(config, &reads_all());
    machine.put_cards([numbered(0)]);
    assert_eq!(run(&mut machine).kind, StopKind::ReaderEmpty);
    // An end of file that lies in the deck is read anyway.
    machine.put_cards([numbered(0)]);
    machine.put_end_of_file();
    run_to(&mut machine, 4);
}

#[test]
fn a_reader_that_never_had_cards_waits() {
    let mut machine = machine(&reads_all());
    assert_eq!(run(&mut machine).kind, StopKind::ReaderEmpty);
}

#[test]
fn decks_may_be_parted_by_an_end_of_file() {
    let mut machine = machine(&reads_all());
    machine.put_cards([numbered(0)]);
    machine.put_end_of_file();
    machine.put_cards([numbered(0o100), numbered(0o200)]);
    run_to(&mut machine, 4);
    assert_eq!(machine.card_reader().cards(), 1);
    assert_eq!(machine.card_reader().in_hopper(), 2);
    machine.set_start(0);
    run_to(&mut machine, 4);
    assert_eq!(machine.card_reader().cards(), 3);
}

#[test]
fn load_cards_is_the_sequence_that_was_traced() {
    // GATE: cycles E, ER, I, ER..., E, I, ER..., E, then I at 0; no TRA. The select is taken in the dummy ER.
    let mut card = [Word::ZERO; 24];
    card[0] = Word::new(LXA_0_1);
    card[1] = Word::new(CPY | 0o100002);
    card[2] = Word::new(TXI | 0o77777_000000 | 0o100001);
    card[3] = Word::new(0o123456701234);
    card[4] = Word::new(HTR | 0o7777);
    let mut machine = machine(&[]);
    put(&mut machine, 0, &[0, 0, 0, 0]);
    machine.cpu.ac = emu704::cpu::Ac::from_bits(5);
    machine.cpu.xr = [1, 2, 3];
    machine.put_cards([card]);
    machine.load(&mut NoMedia, LoadKey::Cards);
    // Up to the second forced CPY only.
    let second = FIRST_ROW + 2_400 + PULSE;
    let stop = machine.run(&mut NoMedia, second.div_ceil(36) + 1);
    assert_eq!((stop.kind, stop.at), (StopKind::Limit, 0));
    assert_eq!(machine.cycles(), second.div_ceil(36) + 1);
    assert_eq!(core(&machine, 0, 2), card[..2]);
    assert_eq!(machine.cpu.mq, card[1]);
    assert_eq!((machine.cpu.ac.bits(), machine.cpu.xr), (5, [1, 2, 3]));
    assert_eq!(machine.io.selected(), Some(Unit::CardReader));
    // The three-word loader then fills 2, 3, ... and the end of record goes to 4.
    run_to(&mut machine, 4);
    assert_eq!(core(&machine, 0, 24), card);
}

#[test]
fn the_reader_is_the_same_after_a_copy_in_the_middle_of_a_card() {
    let mut whole = machine(&reads_all());
    whole.put_cards([numbered(0), numbered(0o1000)]);
    let mut parts = whole.clone();
    run_to(&mut whole, 4);
    // Limits fall into every kind of wait.
    loop {
        let limit = parts.cycles() + 777;
        let stop = parts.run(&mut NoMedia, limit);
        parts = serde_json::from_str(&serde_json::to_string(&parts).unwrap()).unwrap();
        if stop.kind != StopKind::Limit {
            assert_eq!((stop.kind, stop.at), (StopKind::Htr, 4));
            break;
        }
    }
    assert_eq!(parts.cycles(), whole.cycles());
    assert_eq!(parts.cpu, whole.cpu);
    assert_eq!(parts.core, whole.core);
}
