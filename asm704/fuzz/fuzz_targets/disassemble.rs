//! Any deck gives a source that assembles to the same deck. A reel gives a source or is refused.
#![no_main]

use asm704::Word;
use asm704::assemble::{Options, assemble};
use asm704::disassemble::{disassemble, disassemble_reel};
use asm704::media::tape::{Item, Mode, record_from_words};
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
    let n_words = usize::from(bytes.first().copied().unwrap_or(0)) + 1;
    let records = words.chunks(n_words).map(|words| Item::Record(record_from_words(words, Mode::Binary)));
    let _ = disassemble_reel(&records.collect::<Vec<_>>());
    assert!(again.cards().map(|card| card.words).eq(deck));
});
