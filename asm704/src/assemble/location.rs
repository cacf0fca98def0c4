//! The location field of a card.

use std::ops::Range;

use crate::chars::BLANK;
use crate::source::Card;

/// The location field with its blanks squeezed out, right-justified.
pub(super) fn squeezed(card: &Card) -> u64 {
    card.location()
        .iter()
        .filter(|&&code| code != BLANK)
        .fold(0, |symbol, &code| (symbol << 6) | u64::from(code))
}

/// True when something is punched there.
pub(super) fn has_location(card: &Card) -> bool {
    card.location().iter().any(|&code| code != BLANK)
}

/// The columns of the location field that are punched.
pub(super) fn location_span(card: &Card) -> Range<usize> {
    let field = card.location();
    let start = field.iter().position(|&code| code != BLANK).unwrap_or(0);
    let end = field.iter().rposition(|&code| code != BLANK).map_or(1, |n| n + 1);
    start..end
}
