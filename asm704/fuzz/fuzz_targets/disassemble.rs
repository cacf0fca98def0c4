//! Any deck gives a source that assembles to it.
#![no_main]

use asm704::Word;
use asm704::assemble::{Options, assemble};
use asm704::disassemble::disassemble;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let words: Vec<Word> = bytes
        .chunks(5)
        .map(|chunk| Word::new(chunk.iter().fold(0, |bits, &byte| bits << 8 | u64::from(byte))))
        .collect();
    let deck: Vec<[Word; 24]> = words
        .chunks(24)
        .map(|card| std::array::from_fn(|n| card.get(n).copied().unwrap_or_default()))
        .collect();
    let again = assemble(&disassemble(&deck), &Options::default());
    assert!(again.cards().map(|card| card.words).eq(deck));
});
