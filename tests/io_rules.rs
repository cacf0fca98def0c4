//! The rules of input-output that boot records and checkpoints live by, a test each.
//!
//! Programs begin at 0, all numbers of their cards are octal. Times are worked by hand in the ticks and cycles of
//! tests/tape.rs: the first character at the load point comes at tick 192,072.

mod repeat;
mod self_loading;

use crate::reels::{Bench, binary, code};
use asm704::Word;
use asm704::media::tape::{Item, Record};
use emu704::reels::Reels;
use emu704::{Config, CoreSize, LoadKey, StopKind};

const SIZES: [CoreSize; 3] = [CoreSize::K4, CoreSize::K8, CoreSize::K32];

fn bits(card: &str) -> u64 {
    code(card).bits()
}

/// A BCD record of characters as they are in storage.
fn bcd(words: &[u64]) -> Item {
    let frame = |c: u8| {
        let c = asm704::chars::core_to_tape(c);
        if c.count_ones().is_multiple_of(2) { c } else { c | 0o100 }
    };
    Item::Record(Record::new(
        words.iter().flat_map(|&word| Word::new(word).characters().map(frame)).collect(),
    ))
}

#[test]
fn a_cpy_may_overwrite_itself() {
    // The CPY at 1 becomes CPY 100, which copies what follows; the end of record skips from 1 to 4.
    let record = binary(&[bits("CPY 100"), 0o123, 0o456]);
    let mut bench = Bench::new(&["RTB 1", "CPY 1", "TRA 1", "HTR", "HTR"]).reel(1, &[record]);
    bench.run_to(4);
    assert_eq!(bench.core(1), bits("CPY 100"));
    assert_eq!(bench.core(0o100), 0o456);
}

#[test]
fn an_instruction_overwritten_just_before_it_is_fetched_is_the_new_one() {
    let mut bench = Bench::new(&["RTB 1", "CPY 2", "TXI 1,1,1"]).reel(1, &[binary(&[bits("HTR 0")])]);
    bench.run_to(2);
    assert_eq!(bench.machine.cpu.xr[0], 0, "the TXI was never executed");
}

#[test]
fn a_copy_without_a_select_is_a_copy_check() {
    for copy in ["CPY 100", "CAD 100"] {
        let mut bench = Bench::new(&[copy, "HTR"]);
        bench.machine.cpu.mq = Word::new(0o777);
        let stop = bench.run();
        // After I and one ER cycle; IC has gone on to the next.
        assert_eq!((stop.kind, stop.at), (StopKind::ReadWriteCheck, 1));
        assert_eq!((bench.machine.cycles(), bench.machine.instructions), (2, 1));
        assert!(bench.machine.cpu.read_write_check);
        assert_eq!((bench.core(0o100), bench.machine.cpu.mq.bits()), (0, 0o777));
        bench.start();
        assert!(!bench.machine.cpu.read_write_check, "START puts the light out");
        bench.run_to(1);
    }
}

#[test]
fn a_cpy_waits_for_its_word() {
    let mut bench = Bench::new(&["RTB 1", "CPY 100", "HTR"]).reel(1, &[binary(&[0o123])]);
    bench.run_to(2);
    // Nothing else was executed for 64 ms: RTB, CPY and the halt.
    assert_eq!(bench.machine.instructions, 3);
    assert_eq!(bench.machine.cycles(), 5_365 + 1);
}

#[test]
fn end_of_file_skips_one_and_end_of_record_two() {
    let mut bench = Bench::new(&["RTB 1", "CPY 100", "HTR", "HTR"]).reel(1, &[Item::Mark]);
    bench.machine.cpu.mq = Word::new(0o777);
    bench.run_to(3);
    assert_eq!((bench.core(0o100), bench.machine.cpu.mq.bits()), (0, 0o777), "nothing is copied");

    let program = ["RTB 1", "CPY 100", "CPY 101", "HTR", "HTR", "HTR"];
    let mut bench = Bench::new(&program).reel(1, &[binary(&[0o123])]);
    bench.run_to(5);
    assert_eq!((bench.core(0o100), bench.core(0o101)), (0o123, 0));
}

#[test]
fn after_either_skip_nothing_is_selected() {
    for item in [Item::Mark, binary(&[0o123])] {
        let mut bench =
            Bench::new(&["RTB 1", "CPY 100", "CPY 101", "CPY 102", "CPY 103", "CPY 104"]).reel(1, &[item]);
        assert_eq!(bench.run().kind, StopKind::ReadWriteCheck);
    }
}

#[test]
fn a_select_during_coasting_waits() {
    let items = [binary(&[1, 2, 3, 4]), binary(&[5])];
    let mut bench = Bench::new(&["RTB 1", "CPY 100", "RTB 1", "CPY 101", "HTR"]).reel(1, &items);
    bench.steps(2);
    // Three words, 3,600 ticks, of the first record are still to come behind 193,072; then the check character, 800,
    // and the disconnect, 6,000: 203,472 is cycle 5,652 exactly, in whose ER the select is taken.
    assert_eq!(bench.step(), 5_652 + 1);
    bench.run_to(4);
    assert_eq!(bench.core(0o101), 5, "the rest of the first record has passed");
}

#[test]
fn every_select_waits_for_the_former_unit() {
    for select in ["WPR", "RDR 1", "WTV", "IOD", "REW 2", "BST 2"] {
        let items = [binary(&[1, 2, 3, 4])];
        let mut bench = Bench::new(&["RTB 1", "CPY 100", select]).reel(1, &items).reel(2, &[]);
        bench.steps(2);
        assert_eq!(bench.step(), 5_652 + 1, "{select}");
    }
}

#[test]
fn a_program_that_comes_back_after_336_us_is_in_time_and_after_400_disconnected() {
    let read = |free: [&str; 2]| {
        let program = ["RTB 1", "CPY 100", free[0], free[1], "CPY 101", "HTR"];
        let mut bench = Bench::new(&program).reel(1, &[binary(&[1, 2])]);
        let stop = bench.run();
        (stop, bench)
    };
    // 23 + 5 cycles are 336 us.
    let (stop, bench) = read(["ARS 377", "ARS 42"]);
    assert_eq!((stop.kind, bench.core(0o101)), (StopKind::Htr, 2));
    // 23 + 11 are 408.
    let (stop, bench) = read(["ARS 377", "ARS 152"]);
    assert_eq!((stop.kind, stop.at, bench.core(0o101)), (StopKind::ReadWriteCheck, 5, 0));
    assert!(!bench.machine.cpu.tape_check, "lateness is no tape check");
    let message = stop.message.expect("what happened");
    assert!(message.contains("tape 1 had let go") && message.contains("word 2 was due"), "{message}");
}

#[test]
fn the_mq_is_the_shift_register_of_a_tape_that_is_read() {
    // Word 2 is 010203040506. The CPY of word 1 ends at cycle 5,365; LDQ ends at 5,367, before the first character
    // of word 2 at 193,272, 5,368.7. Four NOPs later it is 5,375: the second came at 193,472, 5,374.2, and the third
    // comes at 5,379.8.
    let program = [
        "RTB 1", "CPY 100", "LDQ 50", "NOP", "NOP", "NOP", "NOP", "STQ 101", "IOD", "LDQ 50", "STQ 102",
        "HTR",
    ];
    let mut bench = Bench::new(&program).reel(1, &[binary(&[0, 0o010203040506])]);
    bench.put(0o50, &["777777654321"]);
    bench.run_to(13 - 2);
    assert_eq!(bench.core(0o101), 0o776543210102, "two characters have come in");
    assert_eq!(bench.core(0o102), 0o777777654321, "after IOD it is free");
}

#[test]
fn the_mq_is_the_ring_of_a_tape_that_is_written() {
    // The CPY ends at 5,337, the ring having been free at tick 192,072. A character goes out at 192,272, 5,340.9, and
    // another at 5,346.4. Three NOPs later, at 5,343, one has gone round.
    let program = ["WTB 1", "CPY 100", "NOP", "NOP", "NOP", "STQ 101", "IOD", "STQ 102", "HTR"];
    let mut bench = Bench::new(&program).reel(1, &[]);
    bench.put(0o100, &["123456701234"]);
    bench.run_to(8);
    assert_eq!(bench.core(0o101), 0o345670123412);
    assert_eq!(bench.core(0o102), 0o123456701234, "six turns bring it back");
    assert_eq!(bench.items(1), [binary(&[0o123456701234])]);
}

#[test]
fn a_card_machine_leaves_the_mq_alone_between_copies() {
    let mut bench = Bench::new(&["RCD", "CPY 100", "LDQ 50", "CPY 101", "HTR", "STQ 102"]);
    bench.put(4, &["STQ 102", "HTR"]);
    bench.machine.put_cards([std::array::from_fn(|n| Word::new(n as u64 + 1))]);
    bench.run_to(5);
    assert_eq!([0o100, 0o101, 0o102].map(|at| bench.core(at)), [1, 2, 2]);
}

#[test]
fn rtt_before_the_check_character_finds_nothing() {
    let Item::Record(record) = binary(&[1]) else { unreachable!() };
    let bad = Item::Record(Record { error: true, ..record });
    // The end of record skips from 2 to 5. RTT, off, skips from 5 to 7. ARS 255 is 276 us; the check character is 300
    // ticks, 100 us, behind the end of record. RTT, on, does not skip at 8.
    let program =
        ["RTB 1", "CPY 100", "CPY 100", "HTR", "HTR", "RTT", "HTR", "ARS 377", "RTT", "RTT", "HTR", "HTR"];
    let mut bench = Bench::new(&program).reel(1, &[bad]);
    bench.run_to(11);
    assert!(!bench.machine.cpu.tape_check, "the RTT at 10 has turned it off, that at 11 skipped");
}

#[test]
fn load_clears_ic_interlock_and_mq_and_nothing_else() {
    let mut bench = Bench::new(&["RTB 2", "HTR 5"])
        .reel(1, &[binary(&[bits("HTR 7"), 0o777])])
        .reel(2, &[binary(&[1, 2])]);
    bench.run_to(1);
    let cpu = &mut bench.machine.cpu;
    cpu.ac = emu704::cpu::Ac::from_bits(0o2525252525252);
    cpu.mq = Word::new(0o123);
    cpu.xr = [0o11, 0o22, 0o33];
    (cpu.ac_overflow, cpu.mq_overflow, cpu.divide_check) = (true, true, true);
    (cpu.tape_check, cpu.end_of_tape, cpu.trapping) = (true, true, true);
    cpu.sense_lights = [true, false, true, false];
    bench.put(2, &["123456701234"]);
    let mut expected = bench.machine.cpu.clone();
    bench.load(LoadKey::Tape);
    assert_eq!((bench.machine.cpu.ic, bench.machine.cpu.mq.bits()), (0, 0));
    assert_eq!(bench.machine.io.selected(), None, "tape 2 is dropped");
    bench.run_to(0);
    expected.ic = 0;
    expected.mq = Word::new(0o777);
    // What has just been executed is no state of the program.
    (expected.sr, expected.ir) = (bench.machine.cpu.sr, bench.machine.cpu.ir);
    assert_eq!(bench.machine.cpu, expected);
    assert_eq!([0, 1, 2].map(|at| bench.core(at)), [bits("HTR 7"), 0o777, 0o123456701234]);
}

#[test]
fn index_registers_and_addresses_count_modulo_core() {
    for core in SIZES {
        let mask = u64::from(core.mask());
        // LXA loads all ones; TXI makes 0 of them; 0 less 1 is the last address; an address of all ones names it too.
        let program = [
            "LXA 50,1",
            "SXD 51,1",
            "TXI 3,1,1",
            "SXD 52,1",
            "LXA 53,2",
            "CLA 50",
            "STO 0,2",
            "CAL 77777",
            "HTR",
        ];
        let mut bench = Bench::with_config(Config::with_core(core), &program);
        bench.put(0o50, &["000000077777", "000000000000", "000000000000", "000000000001"]);
        bench.run_to(8);
        assert_eq!(bench.core(0o51), mask << 18, "{core}");
        assert_eq!(bench.core(0o52), 0, "{core}");
        assert_eq!(bench.machine.core.words()[usize::from(core.mask())].bits(), 0o77777, "{core}");
        assert_eq!(bench.machine.cpu.ac.magnitude, 0o77777, "{core}");
        // The instruction counter too.
        let mut bench = Bench::with_config(Config::with_core(core), &["HTR 0"]);
        bench.put(core.mask(), &["NOP"]);
        bench.machine.set_start(core.mask());
        bench.run_to(0);
    }
}

#[test]
fn rtt_ett_and_dct_skip_when_off() {
    for (test, turn_on) in [
        ("RTT", (|cpu| cpu.tape_check = true) as fn(&mut emu704::cpu::Cpu)),
        ("ETT", |cpu| cpu.end_of_tape = true),
        ("DCT", |cpu| cpu.divide_check = true),
    ] {
        let mut bench = Bench::new(&[test, test, "HTR", "HTR"]);
        turn_on(&mut bench.machine.cpu);
        // On: off, and to 1. Off: from 1 to 3.
        assert_eq!(bench.step(), 2);
        assert_eq!(bench.machine.cpu.ic, 1, "{test}");
        bench.run_to(3);
        assert_eq!(bench.machine.cpu, emu704::cpu::Cpu { ic: 3, ..emu704::cpu::Cpu::default() }, "{test}");
    }
}

#[test]
fn a_record_read_in_the_wrong_mode_is_a_tape_check() {
    let words = [0o010203040506, 0o212223414243];
    for (select, item, check) in [
        ("RTB 1", binary(&words), false),
        ("RTD 1", bcd(&words), false),
        ("RTB 1", bcd(&words), true),
        ("RTD 1", binary(&words), true),
    ] {
        let mut bench = Bench::new(&[select, "CPY 100", "CPY 101", "IOD", "HTR"]).reel(1, &[item]);
        bench.run_to(4);
        assert_eq!(bench.machine.cpu.tape_check, check, "{select}");
        if !check {
            assert_eq!([bench.core(0o100), bench.core(0o101)], words);
        }
    }
}

#[test]
fn a_file_mark_is_one_in_both_modes_and_of_either_parity() {
    for select in ["RTB 1", "RTD 1"] {
        for mark in [0x0F, 0x4F] {
            // One record of one character, 8-4-2-1, as a SIMH image has it.
            let image = vec![1, 0, 0, 0, mark, 0, 1, 0, 0, 0];
            let mut bench = Bench::new(&[select, "CPY 100", "HTR", "IOD", "HTR"]);
            let mut mounts = Reels::new();
            mounts.mount_memory(1, image, false).expect("an image");
            let stop = bench.machine.run(&mut mounts, 1_000_000);
            assert_eq!((stop.kind, stop.at), (StopKind::Htr, 4), "{select}, {mark:#x}");
            assert!(!bench.machine.cpu.tape_check, "{select}, {mark:#x}");
        }
        let mut bench = Bench::new(&[select, "CPY 100", "HTR", "HTR"]).reel(1, &[Item::Mark]);
        bench.run_to(3);
    }
    // WEF writes the same mark for both addresses.
    for wef in ["WEF 1", "WEF 21"] {
        let mut bench = Bench::new(&[wef, "IOD", "HTR"]).reel(1, &[]);
        bench.run_to(2);
        assert_eq!(bench.items(1), [Item::Mark], "{wef}");
    }
}

#[test]
fn a_backspace_over_a_file_mark_stops_in_front_of_it() {
    let items = [binary(&[1]), Item::Mark, binary(&[2])];
    let program = ["RTB 1", "RTB 1", "RTB 1", "BST 1", "BST 1", "IOD", "HTR", "BST 1", "IOD", "HTR"];
    let mut bench = Bench::new(&program).reel(1, &items);
    bench.run_to(6);
    assert_eq!(bench.machine.tape_unit(1).place(), 1, "the record and the mark");
    bench.machine.set_start(7);
    bench.run_to(9);
    assert_eq!(bench.machine.tape_unit(1).place(), 0);
}

#[test]
fn a_lone_select_skips_a_record_or_a_file_mark() {
    for first in [binary(&[1, 2, 3]), Item::Mark] {
        let mut bench = Bench::new(&["RTB 1", "RTB 1", "CPY 100", "HTR"]).reel(1, &[first, binary(&[0o123])]);
        bench.run_to(3);
        assert_eq!(bench.core(0o100), 0o123);
        assert!(!bench.machine.cpu.tape_check);
    }
}

#[test]
fn a_select_that_writes_nothing_erases_tape() {
    let program = ["WTB 1", "WTB 1", "CPY 100", "REW 1", "RTB 1", "CPY 101", "HTR"];
    let mut bench = Bench::new(&program).reel(1, &[]);
    bench.put(0o100, &["123456701234"]);
    bench.run_to(6);
    assert!(matches!(bench.items(1), [Item::Gap(_), Item::Record(_)]));
    assert_eq!(bench.core(0o101), 0o123456701234);
}
