//! Cards with programs for a 709 or 7090.

use super::{Card, CardKind};
use crate::isa::later;

/// Operations of a 709 or 7090 among the words of a card, each once; selects of a unit on a channel, which are words of a 704 as
/// well, are `RDS` and `WRS` of a channel.
pub fn later_operations(card: &Card) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    for word in card.words() {
        let name = match later::decode(word) {
            Some(row) => row.name,
            None if later::selects_on_channel(word) => "a select on a channel",
            None => continue,
        };
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// What shows that a first card is the one-card loader of a 709 or 7090: it works a data channel. `None` for any other card.
pub fn later_loader(card: &Card) -> Option<Vec<&'static str>> {
    if !matches!(card.kind(), CardKind::SelfLoading | CardKind::Full) {
        return None;
    }
    let found = later_operations(card);
    let of_channel = |name: &&&str| {
        ["RCH", "LCH", "TCO", "TCN", "TRC", "TEF", "SCH"].iter().any(|begun| name.starts_with(begun))
    };
    let channel = found.iter().filter(of_channel).count();
    (channel >= 1 && found.len() >= 2).then_some(found)
}
