//! Both lives, on machines of all sizes: the job, its registers and its core come over as they were.

use emu704::{CoreSize, StopKind};

use super::{Sender, alone, heat, loaded, moving, receiver, records, reel_of, until};
use crate::common::{Random, assemble, run, symbol, word};

#[test]
fn the_other_machine_prints_the_answer() {
    for rate in [0, 1, 100, 3000] {
        let code = moving(rate);
        let answer = alone(&code, CoreSize::K4);
        assert!(answer.starts_with("SIGNATURE"), "{answer}");
        for (calls, core) in [(0, CoreSize::K4), (3, CoreSize::K8), (12, CoreSize::K32), (39, CoreSize::K4)] {
            let mut sender = Sender::new(&code, CoreSize::K8);
            sender.moves_behind(calls);
            assert_eq!(sender.machine.io.printer.tear_off(), "");
            let (stop, paper, _) = loaded(core, sender.reel(), u64::from(calls) + 1);
            assert_eq!((stop.kind, stop.at), (StopKind::Htr, symbol(&code, "STOP")), "{stop:?}");
            assert_eq!(paper, answer, "rate {rate}, {calls} calls before, {core:?}");
        }
    }
}

/// Heat keeps Q and P, MQ, index registers, all indicators, lights, words 0 to 2 and its last word over each call.
#[test]
fn heat_keeps_all_its_registers() {
    let code = heat();
    let answer = alone(&code, CoreSize::K32);
    assert!(answer.contains("SIGNATURE         273735510525"), "{answer}");
    let mut sender = Sender::new(&code, CoreSize::K32);
    sender.moves_behind(30);
    let (stop, paper, _) = loaded(CoreSize::K32, sender.reel(), 7);
    assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
    assert_eq!(paper, answer);
}

/// What differs between two calls is put into core by hand, with words that a careless comparison takes for equal.
#[test]
fn all_of_core_is_the_same_at_the_return() {
    let pairs = ["400000000000", "000000000000", "777777777777", "377777777777", "000000000001"].map(word);
    for seed in 1..25 {
        let mut random = Random(seed);
        let code = moving(random.below(20) as u16);
        let mut sender = Sender::new(&code, CoreSize::K8);
        let at = |name: &str| symbol(&code, name);
        let (table, length) = (at("TABLE"), at("TABLEN"));
        let throttle = format!("{:06o}{:06o}", random.below(40), 1 + random.below(5000));
        sender.machine.core.poke(at("REMTHR"), word(&throttle));
        sender.machine.core.poke(at("REMLEN"), word(&format!("{:012o}", random.below(80))));
        for _ in 0..random.below(30) {
            assert!(sender.reaches_return());
            sender.machine.step(&mut sender.reels, u64::MAX).unwrap();
            for _ in 0..random.below(40) {
                let place = table + random.below(u64::from(length)) as u16;
                let old = sender.machine.core.peek(place);
                let new = match random.below(5) {
                    0 => pairs[random.below(5) as usize],
                    // it changes and changes back
                    1 => old,
                    // two words change places
                    2 => {
                        let other = table + random.below(u64::from(length)) as u16;
                        let new = sender.machine.core.peek(other);
                        sender.machine.core.poke(other, old);
                        new
                    }
                    _ => random.word(),
                };
                sender.machine.core.poke(place, new);
            }
        }
        sender.moves_behind(0);
        let (mut machine, mut reels) = receiver(CoreSize::K4, sender.reel(), seed);
        assert!(until(&mut machine, &mut reels, at("K$RET")), "seed {seed}");
        let own = at("REMCHK")..at("REMEND");
        let differ: Vec<u16> = (0..4096)
            .filter(|a| !own.contains(a) && machine.core.peek(*a) != sender.machine.core.peek(*a))
            .collect();
        // the way into the routine is there only during a call
        assert_eq!(differ, [at("K$SWP")], "seed {seed}, {throttle}");
        assert_eq!(machine.core.peek(at("K$SWP")), machine.core.peek(at("R$RW")));
    }
}

/// The sender that has given up continues only when its operator says so, and then it is a first life.
#[test]
fn start_continues_the_job_where_it_came_from() {
    let code = moving(100);
    let mut sender = Sender::new(&code, CoreSize::K8);
    sender.moves_behind(5);
    sender.machine.console.sense_switches[3] = false;
    sender.machine.console.sense_switches[4] = false;
    sender.machine.start(&mut sender.reels);
    let stop = run(&mut sender.machine, &mut sender.reels, super::LIMIT);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, symbol(&code, "STOP")), "{stop:?}");
    assert_eq!(sender.machine.io.printer.tear_off(), alone(&code, CoreSize::K4));
}

/// Switch 4 up for a call: what was sent is forgotten, and sending begins again.
#[test]
fn sending_begins_anew_behind_a_call_with_the_switch_up() {
    let code = moving(100);
    let mut sender = Sender::new(&code, CoreSize::K8);
    for call in 0..12 {
        sender.machine.console.sense_switches[3] = call != 6;
        assert!(sender.reaches_return());
        sender.machine.step(&mut sender.reels, u64::MAX).unwrap();
    }
    sender.moves_behind(0);
    // the second beginning has rewound the reel
    let (stop, paper, _) = loaded(CoreSize::K4, sender.reel(), 3);
    assert_eq!(stop.kind, StopKind::Htr);
    assert_eq!(paper, alone(&code, CoreSize::K4));
}

#[test]
fn a_machine_that_is_too_small_is_told() {
    // the copy does not fit: nothing is sent, and START continues
    let code = moving(100);
    let mut sender = Sender::new(&code, CoreSize::K4);
    let stop = run(&mut sender.machine, &mut sender.reels, super::LIMIT);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, symbol(&code, "R$SMALL")), "{stop:?}");
    assert_eq!(sender.machine.core.peek(stop.at).decrement(), 2);
    assert!(sender.reel().is_empty());
    sender.machine.console.sense_switches[3] = false;
    sender.machine.start(&mut sender.reels);
    let stop = run(&mut sender.machine, &mut sender.reels, super::LIMIT);
    assert_eq!(stop.at, symbol(&code, "STOP"));
    assert_eq!(sender.machine.io.printer.tear_off(), alone(&code, CoreSize::K4));
    // a job of 8,192 words on a machine of 4,096
    let code = heat();
    let mut sender = Sender::new(&code, CoreSize::K32);
    sender.moves_behind(2);
    let (stop, _, machine) = loaded(CoreSize::K4, sender.reel(), 9);
    assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
    assert_eq!(machine.core.peek(stop.at).decrement(), 3, "{stop:?}");
    assert!(stop.at < 64, "nothing of the job has come: {stop:?}");
}

#[test]
fn load_tape_in_the_middle_is_told() {
    let code = moving(100);
    let mut sender = Sender::new(&code, CoreSize::K8);
    sender.moves_behind(12);
    let all = records(&sender.reel());
    for from in 1..all.len() {
        let (stop, paper, machine) = loaded(CoreSize::K4, reel_of(&all[from..]), from as u64);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, 0), "{stop:?}");
        assert_eq!(machine.core.peek(0).decrement(), 7);
        assert_eq!(paper, "");
    }
}

/// In trapping mode the call is trapped, and comes by a TTR; the mode is on again in both lives. REMFRK returns to 2,4.
#[test]
fn trapping_mode_and_the_other_entry() {
    let source = "       ORG 100
START  CLA KSIZE
       STO CHKSIZ
       LXA K20,1
       CAL WAY
       SLW 1
TURN   ETM
       TSX REMFRK,4
       TTR FIRST
SECOND CAL TRAPS
       SLW 1
       CAL MARK
       TRA *
FIRST  LTM
       TIX TURN,1,1
MISSED HTR *
TRAPPD LTM
SEEN   HTR *
WAY    TTR REMFRK
TRAPS  TTR TRAPPD
MARK   OCT 765432101234
K20    PZE 20
KSIZE  PZE 0,0,1
CHKPNT LIB
REMOTE LIB
       END START
";
    let code = assemble(source);
    let mut sender = Sender::new(&code, CoreSize::K8);
    sender.moves_behind(9);
    for seed in 1..9 {
        let (stop, _, machine) = loaded(CoreSize::K4, sender.reel(), seed);
        assert_eq!((stop.kind, stop.at), (StopKind::Htr, symbol(&code, "SEEN")), "{stop:?}");
        assert_eq!(machine.cpu.xr[0], 11, "nine calls, and the tenth moved");
    }
    // the first life again
    sender.machine.start(&mut sender.reels);
    sender.machine.console.sense_switches[3] = false;
    let stop = run(&mut sender.machine, &mut sender.reels, super::LIMIT);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, symbol(&code, "MISSED")), "{stop:?}");
}

/// A call of CHKPNT in the same job is that of the plain routine.
#[test]
fn the_plain_routine_is_as_it_was() {
    let source = "       ORG 100
START  CLA KSIZE
       STO CHKSIZ
       TSX REMCHK,4
       TSX CHKPNT,4
       HTR *
KSIZE  PZE 0,0,1
CHKPNT LIB
REMOTE LIB
       END START
";
    let code = assemble(source);
    let mut sender = Sender::new(&code, CoreSize::K8);
    let stop = run(&mut sender.machine, &mut sender.reels, super::LIMIT);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, symbol(&code, "START") + 4), "{stop:?}");
    assert_eq!(records(&sender.reel()).iter().map(|record| record.len() / 6).next(), Some(4104));
    let (stop, _, _) = loaded(CoreSize::K4, sender.reel(), 5);
    assert_eq!(stop.at, symbol(&code, "START") + 4);
}
