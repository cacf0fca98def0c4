//! The keys of the operator's panel (cpu section 6.3 of the facts: MAN, GATE).
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::common::word;
use asm704::Word;
use emu704::console::{Key, Pressed};
use emu704::media::NoMedia;
use emu704::reels::Reels;
use emu704::{Config, CoreSize, LoadKey, Machine, StopKind};

fn machine(words: &[(u16, &str)]) -> Machine {
    let mut machine = Machine::new(Config::with_core(CoreSize::K8));
    for (address, text) in words {
        machine.core.poke(*address, word(text));
    }
    machine
}

fn press(machine: &mut Machine, key: Key) -> Pressed {
    machine.press(key, &mut NoMedia)
}

fn manual(machine: &mut Machine) {
    machine.to_manual(&mut NoMedia).unwrap();
}

#[test]
fn a_halt_shows_its_own_location_and_start_goes_to_its_address() {
    let mut machine = machine(&[(0o100, "000000000200"), (0o200, "042000000000")]);
    machine.set_start(0o100);
    let stop = machine.run(&mut NoMedia, 1000);
    assert_eq!((stop.kind, stop.at, machine.cpu.ic), (StopKind::Htr, 0o100, 0o100));
    assert!(machine.console.program_stop);
    assert_eq!(machine.cpu.sr, word("000000000200"));
    assert_eq!(press(&mut machine, Key::Start), Pressed::Runs);
    assert!(!machine.console.program_stop);
    assert_eq!(machine.cpu.ic, 0o200);
    let stop = machine.run(&mut NoMedia, 1000);
    assert_eq!((stop.kind, stop.at), (StopKind::Hpr, 0o200));
    // HPR +0420: bits 420 in S,1-9, and the shift counter at rest
    assert_eq!(machine.instruction_register(), 0o420 << 8 | 0o377);
}

#[test]
fn a_hpr_takes_three_cycles_and_a_htr_two() {
    // HPR: I, and behind START E and ER. HTR: I, and behind START ER. The NOP behind each takes two.
    for (halt, cycles) in [("042000000123", 3), ("000000000001", 2)] {
        let mut machine = machine(&[(0, halt), (1, "076100000000"), (0o123, "000000000055")]);
        assert!(matches!(machine.run(&mut NoMedia, 1000).kind, StopKind::Hpr | StopKind::Htr));
        assert_eq!(machine.cycles(), 1);
        assert_eq!(press(&mut machine, Key::Start), Pressed::Runs);
        assert_eq!((machine.cycles(), machine.cpu.ic), (cycles, 1), "{halt}");
        if cycles == 3 {
            assert_eq!(machine.cpu.sr, word("000000000055"), "C(Y) has come into the storage register");
        }
    }
}

#[test]
fn keys_for_manual_do_nothing_in_automatic_and_the_other_way_round() {
    let mut machine = machine(&[]);
    let manual_keys = [
        Key::EnterMq,
        Key::EnterInstruction,
        Key::DisplayStorage,
        Key::DisplayEffectiveAddress,
        Key::DisplayIndex(0),
        Key::SingleStep,
        Key::MultipleStep,
    ];
    for key in manual_keys {
        assert_eq!(press(&mut machine, key), Pressed::Ineffective, "{key:?}");
    }
    manual(&mut machine);
    machine.core.poke(5, word("777777777777"));
    for key in [Key::Clear, Key::Load(LoadKey::Tape), Key::Load(LoadKey::Cards)] {
        assert_eq!(press(&mut machine, key), Pressed::Ineffective, "{key:?}");
    }
    assert_eq!(machine.core.peek(5), word("777777777777"));
    machine.to_automatic();
    assert_eq!(press(&mut machine, Key::Clear), Pressed::Done);
    assert_eq!(machine.core.peek(5), Word::ZERO);
}

#[test]
fn reset_leaves_core_and_clears_registers_and_indicators() {
    let mut machine = machine(&[(7, "123412341234")]);
    let cycles = machine.cycles();
    machine.cpu.ac.magnitude = 5;
    machine.cpu.mq = word("1");
    machine.cpu.xr = [1, 2, 3];
    machine.cpu.ac_overflow = true;
    machine.cpu.trapping = true;
    machine.cpu.sense_lights = [true; 4];
    machine.console.index_lights = 0o1234;
    machine.console.program_stop = true;
    machine.console.sense_switches = [true; 6];
    machine.console.keys = word("765432101234");
    manual(&mut machine);
    assert_eq!(press(&mut machine, Key::Reset), Pressed::Done);
    assert_eq!(machine.cpu, emu704::cpu::Cpu::default());
    assert_eq!((machine.console.index_lights, machine.console.program_stop), (0, false));
    // what the operator has set stays as it is
    assert_eq!(machine.console.sense_switches, [true; 6]);
    assert_eq!(machine.console.keys, word("765432101234"));
    assert_eq!(machine.core.peek(7), word("123412341234"));
    assert_eq!(machine.cycles(), cycles);
}

/// The switches and keys are the operator's, and what is broken stays broken; clock and counts tell one story.
#[test]
fn a_loss_of_power_leaves_switches_and_keys_as_they_stand() {
    let mut machine = machine(&[(0, "076100000000"), (1, "000000000001")]);
    machine.console.sense_switches = [false, true, false, false, true, false];
    machine.console.keys = word("123456701234");
    machine.console.automatic = false;
    machine.core.set_stuck(Word::ZERO, word("1"));
    machine.run(&mut NoMedia, 1000);
    let before = (machine.cycles(), machine.instructions);
    assert!(before.0 > 0 && before.1 == 2, "NOP and HTR: {before:?}");
    machine.power_off(&mut NoMedia).unwrap();
    machine.power_on_again(704);
    assert!(machine.has_power() && !machine.is_halted());
    assert_eq!(machine.console.sense_switches, [false, true, false, false, true, false]);
    assert_eq!(machine.console.keys, word("123456701234"));
    assert!(!machine.console.automatic);
    assert_eq!((machine.cycles(), machine.instructions), before);
    assert_eq!(machine.core.stuck(), (Word::ZERO, word("1")));
}

#[test]
fn displays_and_enter_mq() {
    let mut machine = machine(&[(0o123, "200005100456")]);
    machine.cpu.xr = [0o21, 0o22, 0o23];
    manual(&mut machine);
    machine.console.keys = word("000000000123");
    // of the instruction before
    machine.cpu.ir = word("050000000123");
    assert_ne!(machine.instruction_register(), 0);
    press(&mut machine, Key::DisplayStorage);
    assert_eq!(machine.cpu.sr, word("200005100456"));
    assert_eq!((machine.cpu.ic, machine.instruction_register()), (0, 0));
    // type A too: 456 less XR A, 21; nothing else of the word stays
    press(&mut machine, Key::DisplayEffectiveAddress);
    assert_eq!(machine.cpu.sr, word("000000000435"));
    for (n, value) in [(0, 0o21), (1, 0o22), (2, 0o23)] {
        press(&mut machine, Key::DisplayIndex(n));
        assert_eq!(machine.console.index_lights, value);
    }
    machine.console.keys = word("765432101234");
    press(&mut machine, Key::EnterMq);
    assert_eq!((machine.cpu.mq, machine.cpu.sr), (word("765432101234"), word("765432101234")));
}

#[test]
fn an_entered_instruction_leaves_ic_unless_it_transfers() {
    let mut machine = machine(&[(0o300, "000000000055")]);
    machine.set_start(0o40);
    manual(&mut machine);
    let enter = |machine: &mut Machine, text: &str| {
        machine.console.keys = word(text);
        assert_eq!(press(machine, Key::EnterInstruction), Pressed::Done);
        machine.cpu.ic
    };
    assert_eq!(enter(&mut machine, "050000000300"), 0o40, "CLA");
    assert_eq!(machine.cpu.ac.magnitude, 0o55);
    assert_eq!(enter(&mut machine, "010000000500"), 0o40, "TZE, not taken");
    assert_eq!(enter(&mut machine, "034000000300"), 0o40, "CAS, equal, does not skip");
    assert_eq!(enter(&mut machine, "410000000041"), 0o41, "TNZ to the next location, taken");
    assert_eq!(enter(&mut machine, "002000000500"), 0o500, "TRA");
    // the index register that its tag names does not modify the address of TSX, or of type A
    assert_eq!(enter(&mut machine, "007400400501"), 0o501, "TSX to the next location");
    assert_eq!(machine.cpu.xr[2], 0o17300);
    assert_eq!(enter(&mut machine, "100001400502"), 0o502, "TXI to the next location");
    assert_eq!(enter(&mut machine, "700000400503"), 0o502, "TXL, not taken");
}

#[test]
fn an_instruction_entered_at_a_halt_finds_its_address_in_ic() {
    let mut machine = machine(&[(3, "000000000300")]);
    machine.set_start(3);
    machine.run(&mut NoMedia, 1000);
    manual(&mut machine);
    machine.console.keys = word("007400400010"); // TSX 10,4 uses the complement of 300
    assert_eq!(press(&mut machine, Key::EnterInstruction), Pressed::Done);
    assert_eq!(machine.cpu.xr[2], 0o17500);
    assert_eq!(machine.cpu.ic, 0o10);
}

/// A transfer that is entered leads away from the halt: START begins where it went.
#[test]
fn start_behind_an_entered_transfer_begins_there() {
    // HPR at 3; at 200 CLA 300 and HTR
    let mut machine = machine(&[
        (3, "042000000000"),
        (0o200, "050000000300"),
        (0o201, "000000000201"),
        (0o300, "000000000055"),
    ]);
    machine.set_start(3);
    assert_eq!(machine.run(&mut NoMedia, 1000).kind, StopKind::Hpr);
    manual(&mut machine);
    machine.console.keys = word("002000000200");
    assert_eq!(press(&mut machine, Key::EnterInstruction), Pressed::Done);
    machine.to_automatic();
    assert_eq!(press(&mut machine, Key::Start), Pressed::Runs);
    let stop = machine.run(&mut NoMedia, 1000);
    assert_eq!((stop.kind, stop.at, machine.cpu.ac.magnitude), (StopKind::Htr, 0o201, 0o55));
}

#[test]
fn single_step_is_one_instruction_and_waits_for_start_after_a_halt() {
    let mut machine = machine(&[(0, "076100000000"), (1, "000000000000"), (2, "076100000000")]);
    machine.set_start(0);
    manual(&mut machine);
    assert_eq!(press(&mut machine, Key::SingleStep), Pressed::Done);
    assert_eq!((machine.cpu.ic, machine.instructions, machine.cycles()), (1, 1, 2));
    assert!(
        matches!(press(&mut machine, Key::MultipleStep), Pressed::Stopped(stop) if stop.kind == StopKind::Htr)
    );
    assert_eq!(press(&mut machine, Key::SingleStep), Pressed::Ineffective);
    assert_eq!(press(&mut machine, Key::Start), Pressed::Done);
    assert_eq!(press(&mut machine, Key::SingleStep), Pressed::Done);
    assert_eq!(machine.cpu.ic, 1, "HTR 0, then the NOP at 0");
}

#[test]
fn going_to_manual_waits_until_the_unit_disconnects() {
    // WTB 1, CPY 10, TRA *
    let mut machine = machine(&[(0, "076600000221"), (1, "070000000010"), (2, "002000000002")]);
    let mut mounts = Reels::new();
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    machine.set_start(0);
    machine.run(&mut mounts, 5350);
    assert!(machine.io.selected().is_some());
    machine.to_manual(&mut mounts).unwrap();
    assert!(machine.io.selected().is_none());
    assert_eq!(machine.cpu.ic, 2);
    // the select ends after 2 cycles, the ring is free 64 ms later and again after 400 us: 64.424 ms, 5,368.7 cycles
    assert!((5_369..5_375).contains(&machine.cycles()), "{}", machine.cycles());
}

#[test]
fn load_keys_by_name() {
    for (name, key) in [("cards", LoadKey::Cards), ("tape", LoadKey::Tape), ("drum", LoadKey::Drum)] {
        assert_eq!(name.parse(), Ok(key));
        assert_eq!(key.to_string(), name);
    }
    assert!("reel".parse::<LoadKey>().is_err());
}
