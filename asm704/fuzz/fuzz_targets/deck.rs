//! Any bytes as a deck and as a drum: what was read can be written, and reads back the same.
#![no_main]

use asm704::media::card::{CardFormat, DeckItem, read_deck, write_deck};
use asm704::media::text::{dump_drum, undump_drum};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(deck) = read_deck(bytes, None) {
        for format in [CardFormat::Cbn, CardFormat::Text] {
            let written = write_deck(&deck, format).expect("these forms hold every card");
            assert_eq!(read_deck(&written, Some(format)).expect("our own bytes"), deck);
        }
        for item in &deck {
            if let DeckItem::Card(card) = item {
                let _ = card.kind().to_string();
            }
        }
    }
    for format in CardFormat::ALL {
        let _ = read_deck(bytes, Some(format));
    }
    if let Ok(text) = dump_drum(bytes) {
        assert_eq!(undump_drum(&text).expect("our own text"), bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = undump_drum(text);
    }
});
