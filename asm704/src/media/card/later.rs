//! Recognition of cards with programs for a 709 or 7090.

use super::{Card, CardKind, CardSum};
use crate::isa::later;

/// Operations of a 709 or 7090 among the words of a card, each once. Selects of a unit on a channel, which are also words of a
/// 704, appear as `RDS` and `WRS` of a channel.
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

/// Evidence that a first card is the one-card loader of a 709 or 7090, which uses a data channel. `None` for any other card.
pub fn later_loader(card: &Card) -> Option<Vec<&'static str>> {
    // a channel's command at the start looks like the control word of a card, except for the checksum
    let is_other = matches!(
        card.kind(),
        CardKind::Blank
            | CardKind::Symbolic(_)
            | CardKind::Transfer { .. }
            | CardKind::Absolute { checksum: CardSum::Right, .. }
            | CardKind::Relocatable { checksum: CardSum::Right, .. }
    );
    if is_other {
        return None;
    }
    let found = later_operations(card);
    let of_channel = |name: &&&str| {
        ["RCH", "LCH", "TCO", "TCN", "TRC", "TEF", "SCH"].iter().any(|begun| name.starts_with(begun))
    };
    let channel = found.iter().filter(of_channel).count();
    (channel >= 1 && found.len() >= 2).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Word;

    fn card(words: &[&str]) -> Card {
        let mut all = [Word::ZERO; 24];
        for (to, word) in all.iter_mut().zip(words) {
            *to = word.parse().expect("a word");
        }
        Card::from_words(&all)
    }

    #[test]
    fn a_loader_that_works_a_channel() {
        // IOCD 3 words to 22, RCDA, RCHA, TCOA, TRA
        let loader = ["000003000022", "076200001321", "054000000000", "006000000003", "002000000022"];
        assert_eq!(later_loader(&card(&loader)), Some(vec!["a select on a channel", "RCHA", "TCOA"]));
        // LXA, CPY, TXI: the 704 has these
        assert_eq!(later_loader(&card(&["053400100000", "070000100002", "100001100001"])), None);
        // a 704 card with a correct checksum; one of its data words would be an operation of the 709
        let data: Word = "056400001234".parse().expect("a word");
        let control = Word::from_fields(0, 1, 0, 0o100);
        let right = [control, control.add_logical(data), data].map(|word| word.to_string());
        assert_eq!(later_loader(&card(&right.each_ref().map(String::as_str))), None);
    }
}
