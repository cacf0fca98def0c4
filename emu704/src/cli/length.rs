//! How long the tape of a reel is.

use asm704::media::tape::{GAP_PLACES, Item, MARK_GAP_PLACES};

/// Characters an inch.
const DENSITY: f64 = 200.0;

/// Feet of a full reel.
const FULL_REEL: f64 = 2400.0;

/// The length of what is written from the load point on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Length {
    /// In characters.
    places: u64,
}

impl Length {
    /// The gap at the load point, which is as long as that before a file mark.
    pub(crate) fn new() -> Length {
        Length { places: MARK_GAP_PLACES as u64 }
    }

    /// An item more.
    pub(crate) fn add(&mut self, item: &Item) {
        self.places += match item {
            Item::Record(record) => (record.frames.len() + GAP_PLACES) as u64,
            Item::Mark => (MARK_GAP_PLACES + 1 + GAP_PLACES) as u64,
            Item::Gap(n) => u64::from(*n),
            // what a person has put into the image is not on the tape
            Item::Note(_) => 0,
        };
    }

    pub(crate) fn feet(self) -> f64 {
        self.places as f64 / DENSITY / 12.0
    }

    /// A warning for a reel that is longer than a full one.
    pub(crate) fn too_long(self) -> Option<String> {
        let feet = self.feet();
        (feet > FULL_REEL).then(|| {
            format!(
                "{feet:.0} feet of tape are more than a reel of {FULL_REEL:.0} feet has room for: put the decks on several reels, or run it with --figure tape.reel={:.0}ft",
                (feet / 100.0).ceil() * 100.0
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use asm704::media::tape::Record;

    use super::*;

    #[test]
    fn card_images_on_a_full_reel() {
        // 84 characters at 200 an inch and a gap of 3/4 inch: 1.17 inches a card, 28,800 inches a reel
        let card = Item::Record(Record::new(vec![1; 84]));
        let mut length = Length::new();
        (0..24_000).for_each(|_| length.add(&card));
        assert_eq!(length.too_long(), None, "{}", length.feet());
        (0..1_000).for_each(|_| length.add(&card));
        assert!(
            length.too_long().is_some_and(|told| told.contains("--figure tape.reel=2500ft")),
            "{}",
            length.feet()
        );
    }
}
