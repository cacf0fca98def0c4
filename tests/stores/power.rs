//! Power lost in a checkpoint with stores.

use std::sync::atomic::{AtomicUsize, Ordering};

use emu704::{CoreSize, StopKind};

use super::support::{BLOCK, CYCLES, Job, Place, reels};
use crate::checkpoint::support::{assert_same, exhaustive};
use crate::common::{in_parallel, run};

const STORES: [(Place, u16); 2] = [(Place::Drum(1, 0), 3), (Place::Drum(2, 100), 2)];

/// The power fails at any moment: on a blank reel, and over an older, longer checkpoint of the same job with the same
/// number, whose store records lie behind. What resumes is the whole new one or the whole old one; all else stops.
#[test]
fn power_lost_in_a_checkpoint_never_resumes_a_mixture() {
    let job = Job::new(CoreSize::K4, &STORES, false, "POWER");
    let (_, machine, words) = job.checkpoint(8, Vec::new());
    let new = (job.setting.promised(&machine), words);
    // the older one: the same core except other words, and the same stores with more behind them
    let (old_reel, machine, words) = job.checkpoint(9, Vec::new());
    let old = (job.setting.promised(&machine), words);
    let mut longer = asm704::media::tape::TapeImage::open(old_reel).unwrap();
    let items = items(&mut longer);
    let more: Vec<_> = items.iter().cloned().chain(items[1..].iter().cloned()).collect();
    let old_reel = crate::checkpoint::support::image_of(&more, asm704::media::tape::TapeFormat::Simh);

    // how long the dump takes, and where its stores begin
    let length = {
        let mut mounts = reels(Vec::new());
        let (mut machine, _) = job.arbitrary(8, &mut mounts);
        let begin = machine.cycles();
        run(&mut machine, &mut mounts, CYCLES);
        machine.cycles() - begin
    };
    let stores = 135_000;
    assert!(length > stores + 5 * u64::from(BLOCK) * 33, "{length}");
    // a character passes the head in 5.6 cycles
    let (in_core, in_stores) = if exhaustive() { (40, 5) } else { (5960, 149) };
    let mut cuts: Vec<u64> = (0..stores).step_by(in_core).collect();
    cuts.extend((stores..length).step_by(in_stores));
    let (resumed_new, resumed_old) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let tried: Vec<(u64, bool, u64)> =
        cuts.iter().flat_map(|&cut| [(cut, false, 0), (cut, true, 0), (cut, true, 2400)]).collect();
    in_parallel(&tried, |&(cut, over_old, erased)| {
        let mut mounts = reels(if over_old { old_reel.clone() } else { Vec::new() });
        let (mut machine, _) = job.arbitrary(8, &mut mounts);
        machine.config.figures.tape.erase_ahead = emu704::Ticks(erased);
        let until = machine.cycles() + cut;
        assert_eq!(machine.run(&mut mounts, until).kind, StopKind::Limit);
        machine.power_off(&mut mounts).unwrap();
        let bytes = mounts.bytes(1).unwrap();
        drop((machine, mounts));
        let (mut machine, mut mounts, stop) =
            job.second_life(CoreSize::K4, 8, bytes, cut, &job.same_places());
        let what = format!("cut {cut}, over {over_old}, {erased}: {stop:?}");
        if job.setting.resumed(&machine, &stop) {
            let found = job.setting.promised(&machine);
            let stored = job.read_all(&mut machine, &mut mounts);
            let (whole, count) = if stored == old.1 { (&old, &resumed_old) } else { (&new, &resumed_new) };
            assert!(stored == whole.1, "{what}");
            assert_same(&whole.0, &found, &what, cut);
            count.fetch_add(1, Ordering::Relaxed);
        } else {
            let mut codes = vec![0, 1, 2, 3, 4, 5, 7, 9, job.at("CHKRST") + 2, job.at("STSTP3")];
            codes.dedup();
            assert!(matches!(stop.kind, StopKind::Htr | StopKind::ReadWriteCheck), "{what}");
            assert!(codes.contains(&stop.at), "{what}");
        }
    });
    println!("{} reels", tried.len());
    assert!(resumed_new.into_inner() > 3, "the last ones are whole");
    assert!(resumed_old.into_inner() > 0, "before the first character the old one is whole");
}

/// All items of an image.
pub(crate) fn items(image: &mut asm704::media::tape::TapeImage<Vec<u8>>) -> Vec<asm704::media::tape::Item> {
    let (mut items, mut at) = (Vec::new(), 0);
    while let Some((item, next)) = image.read_forward(at).unwrap() {
        items.push(item);
        at = next;
    }
    items
}
