//! A plain run does the faults that come, in their order, and keeps to them.

use std::collections::BTreeMap;

use emu704::console::{Key, Pressed};
use emu704::machine::Watch;
use emu704::media::NoMedia;
use emu704::reels::Reels;
use emu704::snapshot::{self, Snapshot};
use emu704::{Config, CoreSize, LoadKey, Machine, StopKind};

use super::{READER, fault, loop_machine, reel};
use crate::common::{assemble, machine_with, word};

#[test]
fn a_run_holds_a_stuck_bit() {
    let mut machine = Machine::new(Config::with_core(CoreSize::K4));
    // STZ 201, HTR 101; the bit that is stuck is one in both
    machine.core.poke(0o100, word("060000000201"));
    machine.core.poke(0o101, word("000000000101"));
    machine.core.poke(0o201, word("377777777777"));
    machine.set_start(0o100);
    machine.add_fault(fault("tube 35 1"));
    assert_eq!(machine.run(&mut NoMedia, 1000).kind, StopKind::Htr);
    assert_eq!(machine.core.peek(0o201), word("000000000001"));
    // the program that writes
    machine.core.poke(0o300, word("000000000006"));
    assert_eq!(machine.core.peek(0o300), word("000000000007"));
    machine.clear(&mut NoMedia);
    assert!(machine.core.words().iter().all(|one| *one == word("000000000001")));
    machine.power_on_again(1);
    assert!(machine.core.words().iter().all(|one| one.bits() & 1 == 1));
    assert_eq!(machine.faults(), ["tube 35 1"]);
    machine.clear_faults();
    machine.core.poke(0o300, word("000000000006"));
    assert_eq!(machine.core.peek(0o300), word("000000000006"));
}

#[test]
fn stuck_bits_of_core() {
    let mut core = emu704::CoreStore::new(CoreSize::K4);
    core.poke(5, word("707070707070"));
    assert!(!core.has_stuck());
    core.set_stuck(word("700000000000"), word("000000000007"));
    assert!(core.has_stuck());
    assert_eq!((core.peek(5), core.peek(6)), (word("007070707077"), word("000000000007")));
    assert_eq!(core.stuck(), (word("700000000000"), word("000000000007")));
    let copy = core.clone();
    assert!(copy == core);
    core.set_stuck(word("000000000000"), word("000000000000"));
    assert_eq!(core.peek(5), word("007070707077"));
    assert!(!core.has_stuck() && copy != core, "the same words, but not the same core");
}

#[test]
fn a_run_ends_when_the_power_goes() {
    let machine = || {
        let mut machine = loop_machine();
        machine.add_fault(fault("at 1000 power off"));
        machine
    };
    let ways: [fn(&mut Machine) -> emu704::Stop; 4] = [
        |machine| machine.run(&mut NoMedia, 5000),
        |machine| machine.run_plain(&mut NoMedia, 5000),
        |machine| machine.run_watched(&mut NoMedia, 5000, Watch::Each(&mut |_| false)).unwrap(),
        |machine| (0..).find_map(|_| machine.step(&mut NoMedia, 5000).err()).unwrap(),
    ];
    for way in ways {
        let mut machine = machine();
        let stop = way(&mut machine);
        assert_eq!((stop.kind, stop.at, machine.cycles()), (StopKind::PowerOff, 0o100, 1000));
        assert_eq!(stop.message.as_deref(), Some("the power is off"));
        assert!(!machine.has_power());
        assert_eq!(machine.take_faults_done(), [fault("at 1000 power off")]);
    }
}

/// TRA takes two cycles: the run to 1001 ends at 1002.
#[test]
fn an_act_at_a_cycle_comes_before_a_fault_of_that_cycle() {
    type Run = fn(&mut Machine, u64);
    let ways: [Run; 3] = [
        |machine, limit| _ = machine.run(&mut NoMedia, limit),
        |machine, limit| _ = machine.run_plain(&mut NoMedia, limit),
        |machine, limit| {
            while machine.cycles() < limit {
                machine.step(&mut NoMedia, limit).unwrap();
            }
        },
    ];
    for way in ways {
        let mut machine = loop_machine();
        for text in
            ["at 1001 flip 200 33", "at 999 flip 200 35", "at 1000 flip 200 34", "at 1002 flip 200 32"]
        {
            machine.add_fault(fault(text));
        }
        way(&mut machine, 1000);
        assert_eq!((machine.cycles(), machine.core.peek(0o200).bits()), (1000, 1), "999 only");
        way(&mut machine, 1001);
        assert_eq!((machine.cycles(), machine.core.peek(0o200).bits()), (1002, 3), "1000 too, 1001 not yet");
        assert_eq!(machine.run(&mut NoMedia, 1002).kind, StopKind::Limit);
        assert_eq!((machine.cycles(), machine.core.peek(0o200).bits()), (1002, 7), "without an instruction");
        way(&mut machine, 1003);
        assert_eq!((machine.cycles(), machine.core.peek(0o200).bits()), (1004, 15));
        let done: Vec<String> = machine.take_faults_done().iter().map(ToString::to_string).collect();
        let expected = [
            "at 1000 flip 00200 35",
            "at 1000 flip 00200 34",
            "at 1002 flip 00200 33",
            "at 1002 flip 00200 32",
        ];
        assert_eq!(done, expected);
        assert!(machine.take_faults_done().is_empty());
    }
}

#[test]
fn a_look_sees_the_fault_before_the_instruction() {
    let mut machine = loop_machine();
    machine.add_fault(fault("at 1000 flip 100 35"));
    let mut seen = Vec::new();
    let mut look = |machine: &Machine| {
        if machine.cycles() >= 998 {
            seen.push((machine.cycles(), machine.core.peek(machine.cpu.ic)));
        }
        machine.cycles() >= 1000
    };
    assert!(machine.run_watched(&mut NoMedia, 5000, Watch::Each(&mut look)).is_none());
    assert_eq!(seen, [(998, word("002000000100")), (1000, word("002000000101"))]);
}

#[test]
fn a_fault_in_the_middle_of_a_wait() {
    let whole = |texts: &[&str], step: bool| {
        let mut machine = machine_with(&assemble(READER), CoreSize::K4);
        let mut mounts = Reels::new();
        mounts.mount_memory(1, reel(4), false).unwrap();
        for text in texts {
            machine.add_fault(fault(text));
        }
        if step {
            while machine.step(&mut mounts, 1_000_000).is_ok() {}
        } else {
            assert_eq!(machine.run(&mut mounts, 1_000_000).kind, StopKind::Htr);
        }
        machine
    };
    let untouched = whole(&[], false);
    // the reel takes about a hundredth of a second, 833 cycles, to the first word
    for step in [false, true] {
        let mut machine = whole(&["at 500 flip 300 5"], step);
        assert_eq!(machine.take_faults_done(), [fault("at 500 flip 300 5")], "not behind the wait");
        assert_eq!(machine.cycles(), untouched.cycles());
        assert_eq!(machine.core.peek(0o203), untouched.core.peek(0o203));
    }
}

#[test]
fn without_power_nothing_runs() {
    let mut machine = loop_machine();
    machine.run(&mut NoMedia, 500);
    machine.add_fault(fault("at 600 flip 200 35"));
    machine.power_off_at(&mut NoMedia, 499).unwrap();
    assert_eq!(machine.cycles(), 499);
    let off = machine.clone();
    assert_eq!(machine.run(&mut NoMedia, 5000).kind, StopKind::PowerOff);
    assert_eq!(machine.run_plain(&mut NoMedia, 5000).kind, StopKind::PowerOff);
    assert_eq!(machine.step(&mut NoMedia, 5000).unwrap_err().kind, StopKind::PowerOff);
    let stop = machine.run_watched(&mut NoMedia, 5000, Watch::Each(&mut |_| panic!("nothing is executed")));
    assert_eq!(stop.unwrap().kind, StopKind::PowerOff);
    machine.load(&mut NoMedia, LoadKey::Cards);
    machine.start(&mut NoMedia);
    machine.reset(&mut NoMedia);
    machine.clear(&mut NoMedia);
    machine.settle(&mut NoMedia).unwrap();
    machine.power_off_at(&mut NoMedia, 3).unwrap();
    assert!(matches!(machine.press(Key::Reset, &mut NoMedia), Pressed::Ineffective));
    assert!(machine == off);
    machine.idle(&mut NoMedia, 700).unwrap();
    assert_eq!((machine.cycles(), machine.core.peek(0o200).bits()), (700, 0));
    machine.power_on_again(7);
    assert!(machine.has_power());
    assert_ne!(machine.run(&mut NoMedia, 701).kind, StopKind::PowerOff);
    assert_eq!(machine.take_faults_done(), [fault("at 700 flip 200 35")]);
}

#[test]
fn the_power_is_not_lost_in_the_past() {
    let mut machine = loop_machine();
    machine.run(&mut NoMedia, 1000);
    machine.add_fault(fault("power off"));
    assert_eq!(machine.run(&mut NoMedia, 2000).kind, StopKind::PowerOff);
    assert_eq!(machine.cycles(), 1000);
    // nor when there is none
    let mut machine = loop_machine();
    machine.add_fault(fault("at 200 power off"));
    machine.run(&mut NoMedia, 100);
    machine.power_off(&mut NoMedia).unwrap();
    machine.idle(&mut NoMedia, 300).unwrap();
    machine.power_on_again(7);
    assert_eq!((machine.has_power(), machine.cycles(), machine.next_fault()), (true, 300, u64::MAX));
}

#[test]
fn a_snapshot_tells_that_the_power_is_off() {
    let save = |machine: &Machine| {
        snapshot::save(&Snapshot { reels: BTreeMap::new(), machine: machine.clone() }).unwrap()
    };
    let mut machine = loop_machine();
    assert!(!save(&machine).contains("power"));
    machine.power_off(&mut NoMedia).unwrap();
    assert!(!snapshot::load(&save(&machine)).unwrap().machine.has_power());
}
