//! Any text as the recording of a wire: it is refused, or a unit can go through it, in any order of reads and writes.
#![no_main]

use emu704::media::wire::{Arrival, Replay, WireEnd};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((&order, text)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    // a run of many equal characters is short to write: memory is not what this looks for
    if text.split_whitespace().any(|word| word.len() > 5 && word.bytes().all(|b| b.is_ascii_digit())) {
        return;
    }
    // with and without the first line, which a fuzzer seldom finds
    let begun = format!("704 wire talk 1\n{text}");
    for text in [text, &begun] {
        let Ok(mut end) = Replay::new("fuzz".to_owned(), text) else { continue };
        for step in 0..64 {
            if order >> (step % 8) & 1 == 0 {
                if end.begins() == Ok(true) {
                    let mut frames = Vec::new();
                    let arrival = end.arrived(&mut frames);
                    assert!(frames.iter().all(|frame| *frame <= 0o177));
                    // nothing comes behind the end
                    assert!(arrival == Arrival::Going || !frames.is_empty() || text.contains("in"));
                }
            } else if end.is_wanted() == Ok(true) {
                let _ = end.end(&[0o101], order & 1 == 0);
            }
        }
    }
});
