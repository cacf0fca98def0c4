//! Breakpoints on words: the debugger finds them in the fast loop as it does with a look before each instruction.

use emu704::debug::Breakpoint;
use emu704::{Debugger, Room};

use super::pair::{broke_alike, pick};
use super::random::{machine, seeds};
use crate::common::Random;

/// Breaks that were seen.
fn watched(seed: u64) -> u32 {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 << 43);
    let random = &mut random;
    let (machine, what) = machine(random);
    let what = format!("seed {seed}, {what}");
    let (start, mask) = (machine.cpu.ic, machine.core.size().mask());
    let [mut fast, mut plain] =
        [machine.clone(), machine].map(|machine| Debugger::new(Room::with_machine(machine)));
    let mut breaks = 0;
    for _ in 0..30 {
        let at = start.wrapping_add(random.below(24) as u16) & mask;
        let breakpoint =
            pick(random, &[Breakpoint::Write(at), Breakpoint::Read(at), Breakpoint::Execute(at)]);
        let limit = fast.room.machine.cycles() + random.below(2_000);
        let remove = random.below(3) == 0;
        for debugger in [&mut fast, &mut plain] {
            let breakpoints = debugger.breakpoints_mut();
            _ = if remove { breakpoints.remove(breakpoint) } else { breakpoints.set(breakpoint) };
            debugger.go();
        }
        fast.advance(limit, None).unwrap();
        // somebody who looks at each instruction keeps the fast loop out
        plain.advance(limit, Some(&mut |_, _| ())).unwrap();
        breaks += u32::from(!fast.broken_by().is_empty());
        broke_alike(&fast, &plain, &what);
    }
    breaks
}

#[test]
fn random_programs_with_watched_words() {
    let breaks: u32 = seeds(400).map(watched).sum();
    assert!(breaks > 300, "{breaks} breaks");
}
