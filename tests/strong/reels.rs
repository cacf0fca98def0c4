//! What is on the reels, which checkpoint is resumed, and going back.

use asm704::media::tape::Item;
use emu704::reels::Reels as Mounts;
use emu704::{CoreSize, StopKind};

use super::support::{PATIENCE, Reels, blank_reels, bytes, checkpoints, code, items, setting};
use crate::common::{Random, put, run};

#[test]
fn checkpoints_go_on_two_reels_in_turn_and_the_newest_resumes() {
    for core in [CoreSize::K4, CoreSize::K8] {
        let setting = setting(core);
        let (states, all) = checkpoints(&setting, 5);
        for n in 1..=5 {
            setting.assert_resumes(&all[n], n as u64, &[], n as u64, &states[n - 1]);
            // the dials the other way round
            let [one, two] = all[n].clone();
            setting.assert_resumes(&[two, one], n as u64, &[], n as u64, &states[n - 1]);
        }
        // 1 and 3 on tape 1, 2 and 4 on tape 2, each reel with its finder; marks behind each, and two behind the last
        let form = |reel: &Vec<u8>| -> String {
            let of = |item: &Item| match item {
                Item::Record(record) if record.frames.len() < 6000 => 'f',
                Item::Record(_) => 'c',
                Item::Mark => 'm',
                Item::Gap(_) => 'g',
                Item::Note(_) => unreachable!("a unit writes no notes"),
            };
            items(reel).iter().map(of).collect()
        };
        assert_eq!((form(&all[1][0]), form(&all[1][1])), ("fmcmm".to_owned(), "fmm".to_owned()));
        assert_eq!((form(&all[4][0]), form(&all[4][1])), ("fmcmcmm".to_owned(), "fmcmcmm".to_owned()));
        // 5 begins again behind the finder of tape 1
        assert!(form(&all[5][0]).starts_with("fmcmm"));
    }
}

/// Each record names its predecessor; going back follows the links, and a new number is above all that there are.
#[test]
fn going_back_follows_the_predecessors() {
    let setting = setting(CoreSize::K4);
    let mut machine = setting.machine();
    // five on a reel
    machine.core.poke(setting.at("CHKMAX"), asm704::Word::new(12 << 18));
    let mut mounts = blank_reels();
    let mut states: Vec<_> = (1..=5).map(|k| setting.checkpoint(&mut machine, &mut mounts, k)).collect();
    let five = bytes(&mut mounts);
    let back: [&[usize]; 8] = [&[], &[6], &[5], &[5, 6], &[4], &[4, 6], &[4, 5], &[4, 5, 6]];
    for (k, switches) in back.iter().enumerate() {
        if k < 5 {
            setting.assert_resumes(&five, 9, switches, 5 - k as u64, &states[4 - k]);
        } else {
            let (machine, _, stop) = setting.load(&five, 9, switches);
            assert_eq!(code(&machine, &stop), Some(7), "{k} back: there is no older one");
        }
    }
    // back by one, and on: 6 and 7 come from 4. Back by two from there, and on: 8 comes from 4, too
    let on = |reels: &Reels, switches: &[usize], more: &[u64], states: &mut Vec<_>| {
        let (mut machine, mut mounts) = setting.cold_start(reels, 3, switches).unwrap();
        machine.console.sense_switches = [false; 6];
        for &serial in more {
            states.push(setting.checkpoint(&mut machine, &mut mounts, serial));
            assert_eq!(setting.serial(&machine), serial);
        }
        bytes(&mut mounts)
    };
    let seven = on(&five, &[6], &[6, 7], &mut states);
    for (switches, serial) in back.iter().zip([7, 6, 4, 3, 2, 1]) {
        setting.assert_resumes(&seven, 5, switches, serial, &states[serial as usize - 1]);
    }
    let (machine, _, stop) = setting.load(&seven, 2, back[6]);
    assert_eq!(code(&machine, &stop), Some(7));
    let eight = on(&seven, &[5], &[8], &mut states);
    for (switches, serial) in back.iter().zip([8, 4, 3, 2, 1]) {
        setting.assert_resumes(&eight, 5, switches, serial, &states[serial as usize - 1]);
    }
}

/// After going back nothing is written over before the next checkpoint is complete, even when both reels are full: the
/// same switches lead to the same checkpoint again.
#[test]
fn going_back_can_be_done_again_until_the_next_is_complete() {
    let setting = setting(CoreSize::K4);
    let (states, all) = checkpoints(&setting, 4);
    // on tape 1 1 and 3, on tape 2 2 and 4; back by two to 2
    let (mut machine, mut mounts) = setting.cold_start(&all[4], 1, &[5]).unwrap();
    machine.console.sense_switches = [false; 6];
    setting.arbitrary(&mut machine, 5);
    let begins = machine.cycles();
    // the reels are looked at, and the record has begun
    while machine.characters_written() < 20_000 {
        let until = machine.cycles() + 1000;
        assert_eq!(machine.run(&mut mounts, until).kind, StopKind::Limit);
        assert!(machine.cycles() < begins + PATIENCE);
    }
    machine.power_off(&mut mounts).unwrap();
    let cut = bytes(&mut mounts);
    setting.assert_resumes(&cut, 2, &[5], 2, &states[1]);
    setting.assert_resumes(&cut, 2, &[], 4, &states[3]);
}

#[test]
fn one_reel_is_enough_with_switch_3() {
    let setting = setting(CoreSize::K4);
    let mut machine = setting.machine();
    let mut mounts = Mounts::new();
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    machine.console.sense_switches[2] = true;
    let mut last = None;
    // room for three times as many as when there are two reels
    for k in 1..=8 {
        last = Some(setting.checkpoint(&mut machine, &mut mounts, k));
    }
    let reel = mounts.bytes(1).unwrap();
    let load = |reel: &Vec<u8>| {
        let mut machine = emu704::Machine::power_on(emu704::Config::with_core(CoreSize::K4), 1);
        let mut mounts = Mounts::new();
        mounts.mount_memory(1, reel.clone(), false).unwrap();
        machine.console.sense_switches[2] = true;
        machine.clear(&mut mounts);
        machine.load(&mut mounts, emu704::LoadKey::Tape);
        run(&mut machine, &mut mounts, PATIENCE);
        machine
    };
    let second = load(&reel);
    assert_eq!(setting.serial(&second), 8);
    assert!(setting.promised(&second) == last.unwrap());
    // then it is full, and the newest is on it: another reel
    let state = setting.arbitrary(&mut machine, 9);
    assert_eq!(run(&mut machine, &mut mounts, PATIENCE).kind, StopKind::Hpr);
    assert!(
        machine.io.printer.tear_off().ends_with("TAPE      1      MOUNT ANOTHER REEL, OR 6 DOWN. START\n")
    );
    assert_eq!(mounts.bytes(1).unwrap(), reel);
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    machine.mount_at_load_point(1);
    machine.start(&mut mounts);
    assert_eq!(run(&mut machine, &mut mounts, PATIENCE).kind, StopKind::Htr);
    let second = load(&mounts.bytes(1).unwrap());
    assert!(setting.serial(&second) > 8);
    assert!(setting.promised(&second) == state);
}

/// A second life on one reel alone, with switch 3 down. Later the operator mounts a second reel and puts the switch up: what
/// the first life knew of its reel on tape 2 is not true of this one, so it is prepared like any other.
#[test]
fn a_reel_that_comes_when_switch_3_goes_up_is_prepared() {
    let setting = setting(CoreSize::K4);
    let [one, two] = checkpoints(&setting, 3).1[3].clone();
    for second in [Vec::new(), two] {
        let (mut machine, mut mounts, stop) = setting.load(&[one.clone(), second], 3, &[3]);
        assert!(setting.resumed(&machine, &stop));
        setting.checkpoint(&mut machine, &mut mounts, 4);
        machine.console.sense_switches[2] = false;
        let state = setting.checkpoint(&mut machine, &mut mounts, 5);
        let serial = setting.serial(&machine);
        let [one, two] = bytes(&mut mounts);
        let finder = items(&two).into_iter().next();
        assert!(matches!(finder, Some(Item::Record(record)) if record.frames.len() < 6000), "no finder");
        // so each reel is enough to find the newest, whichever is on unit 1
        for reels in [[one.clone(), two.clone()], [two, one]] {
            let (machine, _, stop) = setting.load(&reels, 7, &[]);
            assert!(setting.resumed(&machine, &stop), "{stop:?}");
            assert_eq!(setting.serial(&machine), serial);
            assert!(setting.promised(&machine) == state);
        }
    }
}

/// Lives follow each other, on reels that change their units: after each resume the next checkpoints are newer.
#[test]
fn many_lives() {
    let setting = setting(CoreSize::K4);
    let mut reels_now = checkpoints(&setting, 2).1[2].clone();
    let mut random = Random(5);
    for serial in 3..14 {
        if random.below(2) == 0 {
            reels_now.swap(0, 1);
        }
        let (mut machine, mut mounts) = setting.cold_start(&reels_now, serial, &[]).unwrap();
        assert_eq!(setting.serial(&machine), serial - 1);
        let state = setting.checkpoint(&mut machine, &mut mounts, serial);
        reels_now = bytes(&mut mounts);
        setting.assert_resumes(&reels_now, serial, &[], serial, &state);
    }
}

/// On a machine that is too small the finder says so.
#[test]
fn a_core_that_is_too_small_is_told() {
    for (large, small) in
        [(CoreSize::K8, CoreSize::K4), (CoreSize::K32, CoreSize::K4), (CoreSize::K32, CoreSize::K8)]
    {
        let setting = setting(large);
        let (_, all) = checkpoints(&setting, 1);
        let smaller = super::support::setting(small);
        let (machine, _, stop) = smaller.load(&all[1], 3, &[]);
        assert_eq!(code(&machine, &stop), Some(5), "{large} on {small}: {stop:?}");
    }
}

/// An image of 4,096 words goes to larger machines, and back.
#[test]
fn a_smaller_image_moves() {
    let setting_4k = setting(CoreSize::K4);
    let (states, all) = checkpoints(&setting_4k, 1);
    let larger = setting(CoreSize::K32);
    let (mut machine, mut mounts) = larger.cold_start(&all[1], 7, &[]).unwrap();
    assert!(setting_4k.promised(&machine).1[..4096] == states[0].1[..]);
    machine.set_start(super::support::CALL);
    let stop = run(&mut machine, &mut mounts, PATIENCE);
    assert_eq!(stop.kind, StopKind::Htr);
    let mut expected = machine.core.words()[..4096].to_vec();
    for address in setting_4k.routine.clone() {
        expected[usize::from(address)] = asm704::Word::ZERO;
    }
    let (machine, _) = setting_4k.cold_start(&bytes(&mut mounts), 8, &[]).unwrap();
    assert_eq!(setting_4k.serial(&machine), 2);
    assert!(setting_4k.promised(&machine).1 == expected);
}

/// The call works as that of the plain routine, by both entries.
#[test]
fn the_second_entry_tells_the_lives_apart() {
    let source = "       ORG 50\n       TSX CHKFRK,4\n       HTR *,,1\n       HTR *,,2\n       ORG 100\nCHKSTR LIB\n       END 50\n";
    let output = crate::common::assemble(source);
    let mut machine = emu704::Machine::power_on(emu704::Config::with_core(CoreSize::K4), 1);
    put(&mut machine, &output);
    machine.set_start(50);
    let mut mounts = blank_reels();
    assert_eq!(run(&mut machine, &mut mounts, PATIENCE).at, 51);
    let (_, _, stop) = setting(CoreSize::K4).load(&bytes(&mut mounts), 2, &[]);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, 52));
}

/// Serial numbers go to 32,767; then the call stops before it writes.
#[test]
fn the_last_serial_number() {
    let setting = setting(CoreSize::K4);
    let mut machine = setting.machine();
    let mut mounts = blank_reels();
    setting.checkpoint(&mut machine, &mut mounts, 1);
    machine.core.poke(setting.at("S$HIGH"), asm704::Word::new(32_766));
    let state = setting.checkpoint(&mut machine, &mut mounts, 2);
    assert_eq!(setting.serial(&machine), 32_767);
    let reels = bytes(&mut mounts);
    setting.assert_resumes(&reels, 1, &[], 32_767, &state);
    setting.arbitrary(&mut machine, 3);
    let stop = run(&mut machine, &mut mounts, PATIENCE);
    assert_eq!(code(&machine, &stop), Some(4));
    assert_eq!(bytes(&mut mounts), reels);
}

/// Of a machine of 32,768 words all but the top 4,096.
#[test]
fn a_size_of_seven() {
    let setting = setting(CoreSize::K32);
    let mut machine = setting.machine();
    machine.core.poke(setting.at("CHKSIZ"), asm704::Word::new(7 << 18));
    let mut mounts = blank_reels();
    let state = setting.checkpoint(&mut machine, &mut mounts, 1);
    let (second, _) = setting.cold_start(&bytes(&mut mounts), 4, &[]).unwrap();
    let found = setting.promised(&second);
    assert!(found.0 == state.0 && found.1[..7 * 4096] == state.1[..7 * 4096]);
    let (machine, _, stop) = super::support::setting(CoreSize::K8).load(&bytes(&mut mounts), 2, &[]);
    assert_eq!(code(&machine, &stop), Some(5));
}

/// A life that sees one reel of the job only leaves out the numbers that may be on the other. So when that comes back, what
/// is on it is not taken for newer, nor for one of the same number.
#[test]
fn a_reel_that_was_away_comes_back() {
    let setting = setting(CoreSize::K4);
    let (_, all) = checkpoints(&setting, 4);
    // 1 and 3 go on with a new reel on tape 2, or alone; 2 and 4 are away
    for alone in [false, true] {
        let (mut machine, mut mounts) =
            setting.cold_start(&[all[4][0].clone(), Vec::new()], 1, if alone { &[3] } else { &[] }).unwrap();
        assert_eq!(setting.serial(&machine), 3);
        let state = setting.checkpoint(&mut machine, &mut mounts, 5);
        let serial = setting.serial(&machine);
        assert!(serial > 3 + 16, "{serial}");
        let unit = usize::from(!alone);
        let back = [bytes(&mut mounts)[unit].clone(), all[4][1].clone()];
        setting.assert_resumes(&back, 3, &[], serial, &state);
    }
    // both away: no number comes twice
    let (mut machine, _) = setting.cold_start(&all[4], 1, &[]).unwrap();
    let mut mounts = blank_reels();
    machine.mount_at_load_point(1);
    machine.mount_at_load_point(2);
    setting.checkpoint(&mut machine, &mut mounts, 5);
    assert!(setting.serial(&machine) > 4);
}

/// A job that goes on without its checkpoints, switch 6 down, looks at its reels at each call. Numbers are left out once, not each
/// time: else they would be used up.
#[test]
fn numbers_are_left_out_once_in_a_life() {
    let setting = setting(CoreSize::K4);
    let mut machine = setting.machine();
    let mut mounts = Mounts::new();
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    machine.console.sense_switches[2] = true;
    for k in 1..=8 {
        setting.checkpoint(&mut machine, &mut mounts, k);
    }
    machine.console.sense_switches[5] = true;
    for k in 0..4 {
        setting.arbitrary(&mut machine, 10 + k);
        assert_eq!(run(&mut machine, &mut mounts, PATIENCE).kind, StopKind::Hpr);
        machine.start(&mut mounts);
        assert_eq!(run(&mut machine, &mut mounts, PATIENCE).kind, StopKind::Htr);
    }
    let high = machine.core.peek(setting.at("S$HIGH")).magnitude();
    assert!(high <= 8 + 64, "{high}");
}
