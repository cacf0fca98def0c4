//! Any bytes in any place get exactly one answer, and the readers of decks, reels and drums agree with it.
#![no_main]

use asm704::media::card::{DeckError, read_deck};
use asm704::media::file_kind::{FileKind, Place, Slice, what_is};
use asm704::media::tape::TapeImage;
use libfuzzer_sys::fuzz_target;

const PLACES: [Place; 7] = [
    Place::Program,
    Place::Hopper,
    Place::TapeUnit,
    Place::Drum,
    Place::Source,
    Place::Disassembler,
    Place::Snapshot,
];

fuzz_target!(|bytes: &[u8]| {
    let look = |place, ending| what_is(&mut Slice(bytes), place, ending).expect("bytes in memory");
    for place in PLACES {
        for ending in [None, Some("cbn"), Some("tap"), Some("sapf"), Some("toml")] {
            let found = look(place, ending);
            if let Some(told) = found.refusal(place) {
                assert!(told.starts_with("it is "), "{told}");
            }
            let _ = found.notes(place, ending);
        }
    }
    let on_tape = look(Place::TapeUnit, None).kind;
    if let Ok(mut image) = TapeImage::open(bytes.to_vec()) {
        assert!(bytes.is_empty() || on_tape == FileKind::Reel(image.format()));
        let _ = image.form_defect();
    }
    if let FileKind::Deck(_) = look(Place::Hopper, None).kind {
        assert!(!matches!(read_deck(bytes, None), Err(DeckError::NotADeck { .. })));
    }
});
