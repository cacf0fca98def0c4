//! The line of a trace against a plain way to write it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::cell::RefCell;
use std::rc::Rc;

use super::*;
use crate::cpu::Ac;
use crate::random::Random;
use crate::room::Room;
use crate::{Config, CoreSize};

/// The line by formatting, as docs/debugger.md describes it.
fn plain(machine: &Machine, symbols: &Symbols) -> String {
    let cpu = &machine.cpu;
    let word = machine.core.peek(cpu.ic);
    let ea = machine.effective(word);
    let shown = machine.touched(word).reads.map_or(word, |address| machine.core.peek(address));
    let sign = |negative| if negative { '-' } else { ' ' };
    let mut bits = String::new();
    for (on, letter) in [(cpu.ac.negative, '-'), (cpu.ac.q(), 'Q'), (cpu.ac.p(), 'P')] {
        if on {
            bits.push(letter);
        }
    }
    let (op, fields) = disassemble::instruction(word, |address| symbols.address(address));
    let instruction = format!("{op:3} {fields}");
    format!(
        "{:06o} {bits:>3}{:012o} {}{:012o} {ea:06o} {}{:012o} {:05o} {:05o} {:05o} {:<24} {}\n",
        cpu.ic,
        cpu.ac.magnitude & Word::MAGNITUDE,
        sign(cpu.mq.is_negative()),
        cpu.mq.magnitude(),
        sign(shown.is_negative()),
        shown.magnitude(),
        cpu.xr[0],
        cpu.xr[1],
        cpu.xr[2],
        instruction.trim_end(),
        machine.cycles()
    )
}

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

fn room(first: &str) -> Room {
    let mut room = Room::new(Config::with_core(CoreSize::K32));
    let source = format!(
        "       ORG 64\n{first} CLA A\n       HTR START\nA      OCT 1\nLONGER BSS 9\n       END 64\n"
    );
    room.load_sap(&source.replace("HTR START", "HTR 64")).unwrap();
    room
}

#[test]
fn lines_are_those_of_plain_formatting() {
    let mut room = room("START ");
    let written = Written::default();
    let mut trace = Trace::new(Box::new(written.clone()));
    let mut expected = format!("{COLUMNS}\n\n");
    let mut random = Random(704);
    // each operation with each tag, then anything
    let operations: Vec<u64> = asm704::isa::names().map(|named| named.word.bits()).collect();
    let tagged = operations.iter().flat_map(|word| (0..8).map(move |tag| word | tag << 15 | 0o103));
    let words: Vec<u64> = tagged.chain((0..20_000).map(|_| random.next())).collect();
    for (n, word) in words.into_iter().enumerate() {
        let machine = &mut room.machine;
        // some locations come again, with the same word and with another
        let ic = if n % 3 == 0 { 0o100 } else { random.next() as u16 & 0o77777 };
        machine.cpu.ic = ic;
        if n % 7 > 0 {
            machine.core.poke(ic, Word::new(word));
        }
        machine.cpu.ac = Ac::from_bits(random.next() & ((1 << 38) - 1));
        machine.cpu.mq = Word::new(random.next());
        machine.cpu.xr = std::array::from_fn(|_| random.next() as u16 & 0o77777);
        machine.cycle = random.next() >> (n % 64);
        let plain = plain(&room.machine, &room.symbols);
        assert_eq!(line(&room.machine, &room.symbols), plain, "{word:012o}");
        trace.instruction(&room.machine.seen(), &room.symbols);
        expected.push_str(&plain);
    }
    trace.finish().unwrap();
    assert!(*written.0.borrow() == expected.as_bytes(), "the trace remembers what it should not");
    for part in ["ADD LONGER,1 ", "-QP", " MSE "] {
        assert!(expected.contains(part), "no {part}");
    }
}

#[test]
fn another_program_has_other_symbols() {
    let written = Written::default();
    let mut trace = Trace::new(Box::new(written.clone()));
    for name in ["FIRST ", "SECOND"] {
        let mut room = room(name);
        room.machine.core.poke(0o200, "002000000100".parse().unwrap());
        room.machine.cpu.ic = 0o200;
        trace.instruction(&room.machine.seen(), &room.symbols);
    }
    drop(trace);
    let text = String::from_utf8(written.0.borrow().clone()).unwrap();
    assert!(text.contains("TRA FIRST ") && text.contains("TRA SECOND"), "{text}");
}
