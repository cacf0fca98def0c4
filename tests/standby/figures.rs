//! How long a job stands still, in 704 time: two machines of one process, the primary lost at a known cycle.

use emu704::machine::StopKind;
use emu704::media::wire::pair;
use emu704::room::Room;
use emu704::{Config, CoreSize};

use super::heat_alone;
use crate::common::{Random, assemble, symbol, text};

/// Cycles of a second.
const SECOND: f64 = 1e6 / 12.0;

fn room(program: &str) -> Room {
    let mut room = Room::new(Config::with_core(CoreSize::K32));
    room.load_sap(&text(program)).unwrap();
    room
}

fn act(room: &mut Room, words: &str) {
    let action = room.parse_action(words).unwrap();
    room.act(&action).unwrap();
}

/// Cycles that a primary and its stand-by need.
#[derive(Debug, Clone, Copy)]
struct Lost {
    /// Work of the primary behind its last complete checkpoint.
    work: u64,
    /// From START at the stand-by until the job continues.
    load: u64,
}

/// The primary is lost at a cycle; the stand-by finishes its job.
fn lose(at: u64) -> Lost {
    let heat = assemble(&text("programs/heat.sap"));
    let (mut a, mut b) = (room("programs/heat.sap"), room("programs/standby.sap"));
    act(&mut a, &format!("deposit {:05o} 000002000000", symbol(&heat, "CHKSIZ")));
    act(&mut a, "sense 1 down");
    act(&mut b, "sense 6 down");
    for unit in [1, 3] {
        b.reels.mount_memory(unit, Vec::new(), true).unwrap();
    }
    let (here, there) = pair();
    a.reels.mount_wire(1, Box::new(here));
    b.reels.mount_wire(2, Box::new(there));
    let (mut complete, mut writing) = (0, false);
    while a.machine.cycles() < at {
        let until = (a.machine.cycles() + 500).min(at);
        assert_eq!(a.run_until(until).unwrap().kind, StopKind::Limit);
        let now = a.machine.characters_written() > 0;
        if writing && !now {
            complete = a.machine.cycles();
        }
        writing = now;
        let until = b.machine.cycles() + 100_000;
        assert_eq!(b.run_until(until).unwrap().kind, StopKind::Limit);
    }
    assert!(complete > 0, "{at}: no checkpoint yet");
    drop(a);
    let stop = b.run_until(u64::MAX).unwrap();
    assert_eq!(stop.kind, StopKind::Waiting, "{stop:?}");
    for words in ["manual", "keys 002100000101", "press enter-instruction", "automatic", "start"] {
        act(&mut b, words);
    }
    let start = b.machine.cycles();
    // the boot block runs in words 0 to 10, the job in front of its routine
    let mut boot = false;
    loop {
        let until = b.machine.cycles() + 20;
        assert_eq!(b.run_until(until).unwrap().kind, StopKind::Limit);
        let ic = b.machine.cpu.ic;
        boot |= ic < 11;
        if boot && (64..symbol(&heat, "CHKPNT")).contains(&ic) {
            break;
        }
    }
    let load = b.machine.cycles() - start;
    assert_eq!(b.run_until(u64::MAX).unwrap().kind, StopKind::Htr);
    assert_eq!(b.tear_off(), heat_alone(), "{at}");
    Lost { work: at - complete, load }
}

#[test]
fn how_long_a_job_stands_still() {
    let mut random = Random(1957);
    // behind the first checkpoint, which is complete at about cycle 290,000, over ten intervals of 289,000
    let all: Vec<Lost> = (0..12).map(|_| lose(310_000 + random.below(2_890_000))).collect();
    let range = |of: fn(&Lost) -> u64| (all.iter().map(of).min().unwrap(), all.iter().map(of).max().unwrap());
    let (work, load) = (range(|lost| lost.work), range(|lost| lost.load));
    let seconds =
        |(low, high): (u64, u64)| format!("{:.2} to {:.2} s", low as f64 / SECOND, high as f64 / SECOND);
    println!("704 time lost: {} of work, {} to load ({load:?} cycles)", seconds(work), seconds(load));
    // one interval between two complete checkpoints of heat.sap with sense switch 1 down
    assert!(work.1 < 295_000, "{work:?}");
    // a cold start takes 278,800 cycles (docs/checkpoint.md); the kept reel may have just been written, and to rewind 20.5 feet takes
    // as long as to write them
    assert!(load.0 >= 278_800 && load.1 < 2 * 280_000, "{load:?}");
}

#[test]
fn the_stand_by_is_small() {
    assert_eq!(symbol(&assemble(&text("programs/standby.sap")), "STALEN"), 132);
}
