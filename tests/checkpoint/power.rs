//! Power lost in a dump: half a checkpoint is never taken for a whole one.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use asm704::media::tape::{Item, Record, TapeFormat, overlay, with_error_as_parity};
use emu704::{CoreSize, StopKind};

use super::support::{assert_same, attempt, exhaustive, image_of, reel, setting};
use crate::common::{Random, in_parallel, shard};

/// How many characters had passed the head: all numbers when asked, else some.
fn cuts(characters: usize, some: usize) -> Vec<usize> {
    if exhaustive() {
        return shard(&(0..=characters).collect::<Vec<_>>());
    }
    let mut random = Random(42);
    let mut cuts: Vec<usize> = (0..120).chain(characters - 120..=characters).collect();
    cuts.extend((0..some).map(|_| random.below(characters as u64) as usize));
    cuts
}

/// The power fails behind every character of a dump, over a blank reel and over the checkpoint before: whatever is on
/// the reel, a half-written checkpoint is never taken for a whole one.
#[test]
fn power_lost_in_a_dump_never_resumes_half_of_it() {
    half_checkpoints(CoreSize::K4, &[TapeFormat::Simh, TapeFormat::P7b]);
    if exhaustive() {
        half_checkpoints(CoreSize::K8, &[TapeFormat::Simh]);
    }
}

fn half_checkpoints(core: CoreSize, formats: &[TapeFormat]) {
    let setting = setting(core, 1000, 3000, false);
    let new = setting.record(8).frames;
    let old = setting.record(9).frames;
    let old_expected = setting.expected(&setting.arbitrary(9));
    let old_items = [Item::Record(Record::new(old.clone()))];
    let halts = Mutex::new(BTreeMap::<u16, u64>::new());
    let reels = AtomicUsize::new(0);
    for &format in formats {
        for over_old in [false, true] {
            let cuts = cuts(new.len(), 150);
            reels.fetch_add(cuts.len(), Ordering::Relaxed);
            in_parallel(&cuts, |&cut| {
                let below: &[Item] = if over_old { &old_items } else { &[] };
                let mut items = overlay(below, &new[..cut]);
                if format == TapeFormat::P7b
                    && let Some(Item::Record(record)) = items.first_mut()
                    && record.error
                {
                    *record = with_error_as_parity(record, cut);
                }
                let (machine, stop) = attempt(&setting, image_of(&items, format), cut as u64);
                let resumed = setting.resumed(&machine, &stop);
                if over_old && new[..cut] == old[..cut] && (resumed || cut == 0) {
                    // every character on the reel is one of the old checkpoint: it is whole
                    assert!(resumed, "cut {cut}, {format}: {stop:?}");
                    assert_same(&old_expected, &setting.promised(&machine), "old", 9);
                    return;
                }
                // that of all characters only the check character is missing is seen, too
                assert!(!resumed, "cut {cut}, over {over_old}, {format}");
                assert!(
                    matches!(stop.kind, StopKind::Htr | StopKind::ReadWriteCheck),
                    "cut {cut}, over {over_old}, {format}: {stop:?}"
                );
                *halts.lock().unwrap().entry(stop.at).or_default() += 1;
            });
        }
    }
    println!("{core}: {} reels", reels.into_inner());
    // Every stop is a halt in a cleared core, that of the boot, one of the check, the one that looks for the check
    // character, or the copy check of a LOAD that found less than two words.
    let last = setting.at("CHKRST") + 2;
    for (&at, &count) in &*halts.lock().unwrap() {
        assert!([0, 1, 2, 3, 4, 5, 7, 9, last].contains(&at), "{count} stops at {at:05o}");
    }
}

/// What the machine itself leaves on the reel is what the overlay of the new characters over the old says.
#[test]
fn the_emulated_power_failure_is_that_overlay() {
    let setting = setting(CoreSize::K4, 1000, 3000, false);
    let new = setting.record(8).frames;
    let old_items = [Item::Record(setting.record(9))];
    let old_reel = image_of(&old_items, TapeFormat::Simh);
    let mut random = Random(3);
    for _ in 0..40 {
        let at = 2_000 + random.below(138_000);
        let mut machine = setting.arbitrary(8);
        // new characters and old ones touch
        machine.config.figures.tape.erase_ahead = emu704::Ticks(0);
        let mut mounts = reel(old_reel.clone());
        let stop = machine.run(&mut mounts, at);
        assert_eq!(stop.kind, StopKind::Limit);
        assert!(machine.cycles() - at <= 1, "the failure comes at its cycle");
        machine.power_off(&mut mounts).unwrap();
        let cut = machine.characters_written();
        if cut == new.len() {
            continue;
        }
        let expected = image_of(&overlay(&old_items, &new[..cut]), TapeFormat::Simh);
        assert_eq!(
            mounts.bytes(1).unwrap(),
            if cut == 0 { old_reel.clone() } else { expected },
            "{cut} characters"
        );
    }
}
