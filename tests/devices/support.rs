//! What the tests of the units share.

use asm704::Word;
use asm704::media::card::Card;
use emu704::media::NoMedia;
use emu704::{Config, CoreSize, Machine, Stop, StopKind};

pub(crate) const HTR: u64 = 0o000000000000;
pub(crate) const RCD: u64 = 0o076200000321;
pub(crate) const WPU: u64 = 0o076600000341;
pub(crate) const WPR: u64 = 0o076600000361;
pub(crate) const RPR: u64 = 0o076200000361;
pub(crate) const WTV: u64 = 0o076600000030;
pub(crate) const CFF: u64 = 0o076000000030;
pub(crate) const IOD: u64 = 0o076600000333;
pub(crate) const CPY: u64 = 0o070000000000;
pub(crate) const RDR: u64 = 0o076200000300;
pub(crate) const WDR: u64 = 0o076600000300;
pub(crate) const LDA: u64 = 0o046000000000;
pub(crate) const CAS: u64 = 0o034000000000;
pub(crate) const TRA: u64 = 0o002000000000;
pub(crate) const TXI: u64 = 0o100000000000;
pub(crate) const ARS: u64 = 0o077100000000;
pub(crate) const SPR: u64 = 0o076000000360;
pub(crate) const SPT: u64 = 0o076000000360;
pub(crate) const SPU: u64 = 0o076000000340;
pub(crate) const LXA_0_1: u64 = 0o053400100000;

/// An 8K machine with a program from 0 on.
pub(crate) fn machine(program: &[u64]) -> Machine {
    with_config(Config::with_core(CoreSize::K8), program)
}

pub(crate) fn with_config(config: Config, program: &[u64]) -> Machine {
    let mut machine = Machine::new(config);
    put(&mut machine, 0, program);
    machine
}

pub(crate) fn put(machine: &mut Machine, at: u16, words: &[u64]) {
    for (address, &word) in (at..).zip(words) {
        machine.core.poke(address, Word::new(word));
    }
}

/// Runs to a stop, for an hour of machine time at most.
pub(crate) fn run(machine: &mut Machine) -> Stop {
    machine.run(&mut NoMedia, machine.cycles() + 300_000_000)
}

/// Runs to a halt at this location.
pub(crate) fn run_to(machine: &mut Machine, halt: u16) {
    let stop = run(machine);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, halt), "{stop:?}");
}

pub(crate) fn step(machine: &mut Machine) {
    machine.step(&mut NoMedia, u64::MAX).expect("the instruction ends");
}

pub(crate) fn core(machine: &Machine, at: u16, n: u16) -> Vec<Word> {
    (at..at + n).map(|address| machine.core.peek(address)).collect()
}

pub(crate) fn words(bits: &[u64]) -> Vec<Word> {
    bits.iter().map(|&bits| Word::new(bits)).collect()
}

/// A card on which each word differs.
pub(crate) fn numbered(start: u64) -> [Word; 24] {
    std::array::from_fn(|n| Word::new(start + n as u64))
}

/// The 24 words that print or punch a text.
pub(crate) fn image(text: &str) -> [Word; 24] {
    Card::from_text(text).expect("characters of the 704").words()
}

/// Instructions that take so many cycles and change nothing while AC is zero: ARS takes 2 and one for each twelve
/// places, counted from 10.
pub(crate) fn delay(mut cycles: u64) -> Vec<u64> {
    let mut program = Vec::new();
    while cycles > 0 {
        assert!(cycles != 1, "no instruction takes one cycle");
        let take = match cycles {
            c if c <= 23 => c,
            24 => 22,
            _ => 23,
        };
        program.push(if take == 2 { ARS } else { ARS | ((take - 2) * 12 - 2) });
        cycles -= take;
    }
    program
}

/// Copies to or from consecutive locations.
pub(crate) fn copies(from: u64, n: u64) -> impl Iterator<Item = u64> {
    (from..from + n).map(|address| CPY | address)
}
