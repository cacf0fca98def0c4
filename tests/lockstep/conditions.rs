//! Breakpoints with conditions: the fast loop asks them where somebody who looks before each instruction does.

use emu704::debug::{Breakpoint, BreakpointRow, Condition};
use emu704::{Debugger, Machine, Room};

use super::pair::{broke_alike, pick};
use super::random::{running, seeds};
use crate::common::Random;

/// What a condition can name, with words of core near an address.
fn value(random: &mut Random, near: u16) -> String {
    let name =
        pick(random, &["ac", "ac", "mq", "xra", "xrb", "xrc", "ic", "operand", "ea", "sr", "[]", "[]"]);
    if name == "[]" {
        format!("[{:o}]", near.wrapping_add(random.below(24) as u16) & 0o7777)
    } else {
        name.to_owned()
    }
}

/// A condition that holds at times: its number is often what is there now.
pub(super) fn condition(random: &mut Random, machine: &Machine, near: u16) -> String {
    let left = value(random, near);
    let relation = pick(random, &["=", "!=", "<", "<=", ">", ">="]);
    let cpu = &machine.cpu;
    let right = match random.below(8) {
        0 => value(random, near),
        1 => format!("{:o}", random.below(8)),
        2 => format!("{:o}", cpu.xr[random.below(3) as usize]),
        3 => format!("{}", cpu.mq),
        4 => format!("{}", machine.core.peek(near.wrapping_add(random.below(24) as u16))),
        5 => "400000000000".to_owned(),
        6 => format!("{:o}", random.next() & 0o377777777777),
        _ => {
            let sign = u64::from(cpu.ac.negative) << 35;
            format!("{:o}", cpu.ac.magnitude & 0o377777777777 | sign)
        }
    };
    // a number that an address cannot be is refused there
    let is_address = ["ic", "ea", "xra", "xrb", "xrc"].contains(&&*left);
    let right = match u64::from_str_radix(&right, 8) {
        Ok(number) if is_address => format!("{:o}", number & u64::from(machine.core.size().mask())),
        _ => right,
    };
    format!("{left} {relation} {right}")
}

/// A breakpoint on a location, or on a word that is read or written, with conditions and a number of passes.
fn row(random: &mut Random, room: &Room, start: u16) -> BreakpointRow {
    let machine = &room.machine;
    let at = start.wrapping_add(random.below(24) as u16) & machine.core.size().mask();
    let breakpoint = match random.below(12) {
        0 => Breakpoint::Write(at),
        1 => Breakpoint::Read(at),
        _ => Breakpoint::Execute(at),
    };
    let conditions: Vec<String> =
        (0..pick(random, &[0, 1, 1, 1, 2, 3])).map(|_| condition(random, machine, start)).collect();
    let text = conditions.join(" and ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let conditions = if words.is_empty() { Vec::new() } else { Condition::parse_all(&words, room).unwrap() };
    BreakpointRow { breakpoint, conditions, passes: pick(random, &[0, 0, 0, 1, 3, 50]), met: 0 }
}

/// Breaks that were seen, and how often conditions held that did not break.
fn asked(seed: u64) -> (u64, u64) {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 << 44);
    let random = &mut random;
    let (machine, what) = running(random);
    let what = format!("seed {seed}, {what}");
    let (start, mask) = (machine.cpu.ic, machine.core.size().mask());
    let [mut fast, mut plain] =
        [machine.clone(), machine].map(|machine| Debugger::new(Room::with_machine(machine)));
    let (mut breaks, mut met) = (0, 0);
    // more of them than the fast loop has numbers for
    let more = if random.below(16) == 0 { 200 } else { 0 };
    for round in 0..30 {
        let rows: Vec<BreakpointRow> = match random.below(8) {
            // the same everywhere: at each instruction of a loop, at targets of transfers, inside sequences
            0 => {
                let BreakpointRow { conditions, passes, .. } = row(random, &fast.room, start);
                (0..24)
                    .map(|n| Breakpoint::Execute(start.wrapping_add(n) & mask))
                    .map(|breakpoint| BreakpointRow {
                        breakpoint,
                        conditions: conditions.clone(),
                        passes,
                        met: 0,
                    })
                    .collect()
            }
            1..4 => vec![row(random, &fast.room, start)],
            _ => Vec::new(),
        };
        let conditions = row(random, &fast.room, start).conditions;
        let clear = random.below(6) == 0;
        let once = start.wrapping_add(random.below(24) as u16) & mask;
        let once = (random.below(8) == 0).then_some(once);
        let most = pick(random, &[10, 500, 2_500, 2_500, 8_000]);
        let limit = fast.room.machine.cycles() + most + random.below(500);
        for debugger in [&mut fast, &mut plain] {
            let breakpoints = debugger.breakpoints_mut();
            if clear {
                breakpoints.clear();
            }
            for row in &rows {
                breakpoints.put(row.clone());
            }
            if round == 0 {
                for at in (0..more).map(|n| (start + 0o100 + n) & mask) {
                    let (breakpoint, conditions) = (Breakpoint::Execute(at), conditions.clone());
                    breakpoints.put(BreakpointRow { breakpoint, conditions, passes: 1, met: 0 });
                }
            }
            if let Some(at) = once {
                debugger.break_once(at, at);
            }
            debugger.go();
        }
        fast.advance(limit, None).unwrap();
        plain.advance(limit, Some(&mut |_, _| ())).unwrap();
        breaks += u64::from(!fast.broken_by().is_empty());
        broke_alike(&fast, &plain, &what);
        let [ours, theirs] =
            [&fast, &plain].map(|debugger| debugger.breakpoints().texts(&debugger.room.symbols));
        assert_eq!(ours, theirs, "{what}");
        met += u64::from(ours.iter().any(|text| text.contains("so far") && !text.contains("(0 so far")));
    }
    (breaks, met)
}

#[test]
fn random_programs_with_conditions() {
    let (breaks, met) = seeds(300).map(asked).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!(breaks > 300 && met > 300, "{breaks} breaks, {met} counts");
}
