//! Traces: the lines of the fast loop are those of the plain interpreter.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use emu704::debug::{Trace, TraceFilter};
use emu704::{Config, CoreSize, Debugger, Machine, Room};

use super::pair::pick;
use super::random::{machine, seeds};
use crate::common::Random;

/// What a trace has written.
#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Lines that were compared.
fn traced(seed: u64) -> usize {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 << 45);
    let random = &mut random;
    let (machine, what) = machine(random);
    let what = format!("seed {seed}, {what}");
    let start = machine.cpu.ic;
    let written = [Written::default(), Written::default()];
    let [mut fast, mut plain] =
        [machine.clone(), machine].map(|machine| Debugger::new(Room::with_machine(machine)));
    let filter = match random.below(4) {
        0 => format!("from {start:o}"),
        1 => pick(random, &["op sto,tix,cla", "unit tape", "op tra", "unit drum 1"]).to_owned(),
        _ => String::new(),
    };
    let words: Vec<&str> = filter.split_whitespace().collect();
    for (debugger, written) in [&mut fast, &mut plain].into_iter().zip(&written) {
        let mut trace = Trace::new(Box::new(written.clone()));
        trace.set_only(TraceFilter::parse(&words, &debugger.room).unwrap());
        debugger.set_trace(Some(trace));
    }
    for _ in 0..10 {
        let most = pick(random, &[30, 300, 2_000]);
        let limit = fast.room.machine.cycles() + random.below(most);
        for debugger in [&mut fast, &mut plain] {
            debugger.go();
        }
        fast.advance(limit, None).unwrap();
        // somebody who looks at each instruction keeps the fast loop out
        plain.advance(limit, Some(&mut |_, _| ())).unwrap();
        assert_eq!(fast.pause_text(), plain.pause_text(), "{what}");
        // all but what the debugger alone may know
        assert!(fast.room.machine == plain.room.machine, "{what}");
    }
    let lines = [fast, plain].map(|mut debugger| debugger.set_trace(None).unwrap().finish().unwrap());
    assert_eq!(lines[0], lines[1], "{what}");
    let [one, other] = written.map(|written| String::from_utf8(written.0.take()).unwrap());
    for (one, other) in one.lines().zip(other.lines()) {
        assert_eq!(one, other, "{what}");
    }
    assert!(one == other, "{what}: one is longer");
    one.lines().count()
}

#[test]
fn random_programs_with_traces() {
    let lines: usize = seeds(400).map(traced).sum();
    assert!(lines > 20_000, "{lines} lines");
}

/// The divisions check, and stop: the fast loop sees them, and leaves them to the plain interpreter.
#[test]
fn an_instruction_that_the_fast_loop_leaves_has_one_line() {
    const SOURCE: &str = "       ORG 64
START  NOP
       LDQ A
       CLA B
       DVH A
       CLA B
       FDH ZERO
       NOP
       HTR START
A      OCT 1
B      OCT 2
ZERO   OCT 0
       END START
";
    let lines = [true, false].map(|is_fast| {
        let mut room = Room::new(Config::with_core(CoreSize::K4));
        room.load_sap(SOURCE).unwrap();
        let (mut debugger, written) = (Debugger::new(room), Written::default());
        debugger.set_trace(Some(Trace::new(Box::new(written.clone()))));
        for _ in 0..3 {
            debugger.go();
            let mut look = |_: &Machine, _: u64| ();
            debugger.advance(100_000, if is_fast { None } else { Some(&mut look) }).unwrap();
        }
        assert_eq!(debugger.room.machine.cpu.ic, 0o107);
        drop(debugger);
        String::from_utf8(written.0.take()).unwrap()
    });
    let locations: Vec<&str> = lines[0].lines().skip(2).map(|line| &line[3..6]).collect();
    assert_eq!(locations, ["100", "101", "102", "103", "104", "105", "106", "107"]);
    assert_eq!(lines[0], lines[1]);
}
