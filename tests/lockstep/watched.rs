//! Breakpoints on words: the debugger finds them in the fast loop as it does with a look before each instruction.

use emu704::debug::{Breakpoint, BreakpointRow, Condition};
use emu704::{Debugger, Room};

use super::conditions::condition;
use super::pair::{broke_alike, pick};
use super::random::{Flavour, instruction, machine, running, seeds};
use super::{tables, tapes};
use crate::common::Random;

/// A debugger that leaves to the fast loop what it can, and the same one for somebody who looks at each instruction, which keeps
/// the fast loop out.
struct Both {
    fast: Debugger,
    plain: Debugger,
    what: String,
    /// Near this address something happens.
    start: u16,
    breaks: u32,
}

/// Breaks that were seen.
fn watched(seed: u64) -> u32 {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 << 43);
    let random = &mut random;
    let (machine, what, start) = match random.below(4) {
        0 => {
            let (machine, what) = pick(random, &[machine, running])(random);
            let start = machine.cpu.ic;
            (machine, what, start)
        }
        _ => tables::machine(random),
    };
    let what = format!("seed {seed}, {what}");
    let [fast, plain] = [machine.clone(), machine].map(|machine| Debugger::new(Room::with_machine(machine)));
    let mut both = Both { fast, plain, what, start, breaks: 0 };
    (0..30).for_each(|_| both.round(random));
    both.breaks
}

/// The same with a tape that moves.
fn watched_tape(seed: u64) -> u32 {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 << 45);
    let random = &mut random;
    let (machine, bytes) = (tapes::machine(random), tapes::reel(random));
    let [fast, plain] = [machine.clone(), machine].map(|machine| {
        let mut room = Room::with_machine(machine);
        room.reels.mount_memory(1, bytes.clone(), true).unwrap();
        Debugger::new(room)
    });
    let mut both = Both { fast, plain, what: format!("tape seed {seed}"), start: tapes::BASE, breaks: 0 };
    (0..30).for_each(|_| both.round(random));
    both.breaks
}

impl Both {
    /// Changes breakpoints, and lets both run.
    fn round(&mut self, random: &mut Random) {
        let Both { fast, plain, what, start, breaks } = self;
        let (start, mask) = (*start, fast.room.machine.core.size().mask());
        let near = |random: &mut Random| start.wrapping_add(random.below(64) as u16) & mask;
        let at = near(random);
        let kinds = [Breakpoint::Write, Breakpoint::Write, Breakpoint::Read, Breakpoint::Execute];
        let kind: fn(u16) -> Breakpoint = pick(random, &kinds);
        // one, or more than are looked for in index registers
        let number = pick(random, &[1, 1, 1, 1, 1, 1, 3, 80]);
        let breakpoints: Vec<Breakpoint> = (0..number).map(|n| kind(at.wrapping_add(n * 5) & mask)).collect();
        // A run that watches nothing, asks, or is traced comes between two that watch.
        let clear = random.below(6) == 0;
        let asks = (random.below(4) == 0).then(|| {
            let text = condition(random, &fast.room.machine, start);
            let words: Vec<&str> = text.split_whitespace().collect();
            let conditions = Condition::parse_all(&words, &fast.room).unwrap();
            // the CPY of a tape is there
            let near = near(random);
            let at = pick(random, &[near, (start + 1) & mask]);
            BreakpointRow { breakpoint: Breakpoint::Execute(at), conditions, passes: 0, met: 0 }
        });
        let by_hand = (random.below(8) == 0).then(|| {
            let at = near(random);
            (at, instruction(random, Flavour::Usual, start.into(), 64))
        });
        let remove = random.below(3) == 0;
        let most = pick(random, &[30, 500, 2_000, 2_000, 30_000]);
        let limit = fast.room.machine.cycles() + random.below(most);
        for debugger in [&mut *fast, &mut *plain] {
            let set = debugger.breakpoints_mut();
            if clear {
                set.clear();
            }
            for &breakpoint in &breakpoints {
                match (clear, remove) {
                    (true, _) => {}
                    (false, true) => _ = set.remove(breakpoint),
                    (false, false) => _ = set.set(breakpoint),
                }
            }
            if let Some(row) = &asks {
                set.put(row.clone());
            }
            if let Some((at, word)) = by_hand {
                debugger.room.machine.core.poke(at, word);
            }
            debugger.go();
        }
        fast.advance(limit, None).unwrap();
        plain.advance(limit, Some(&mut |_, _| ())).unwrap();
        *breaks += u32::from(!fast.broken_by().is_empty());
        broke_alike(fast, plain, what);
    }
}

#[test]
fn random_tapes_with_watched_words() {
    let breaks: u32 = seeds(400).map(watched_tape).sum();
    assert!(breaks > 200, "{breaks} breaks");
}

#[test]
fn random_programs_with_watched_words() {
    let breaks: u32 = seeds(400).map(watched).sum();
    assert!(breaks > 400, "{breaks} breaks");
}
