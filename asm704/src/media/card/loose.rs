//! Column binary from some assemblers of today: with the wrong parity, or without the bit 7 that begins a card.

use super::{COLUMNS, Card, CardKind, CardSum, Deck, DeckItem};
use crate::media::tape::{PARITY_BIT, Parity, parity};

const BYTES: usize = 2 * COLUMNS;

/// A deck with the same error in the bytes of every card, and a description of the error. If the parity follows no rule, the
/// checksums of binary cards must be correct.
pub(super) fn read(bytes: &[u8]) -> Option<(Deck, String)> {
    if bytes.is_empty() || !bytes.len().is_multiple_of(BYTES) {
        return None;
    }
    let cards = || bytes.chunks_exact(BYTES);
    let firsts = cards().filter(|card| card[0] & 0x80 != 0).count();
    let all = cards().count();
    if cards().any(|card| card[1..].iter().any(|&byte| byte & 0x80 != 0)) || (firsts != 0 && firsts != all) {
        return None;
    }
    let even = |byte: &&u8| parity(**byte & 0o177) == Parity::Even;
    let wrong_first = cards().filter(|card| even(&&card[0])).count();
    let wrong = cards().flat_map(|card| &card[1..]).filter(even).count();
    let rest = all * (BYTES - 1);
    let uniform = (wrong_first == 0 || wrong_first == all) && (wrong == 0 || wrong == rest);
    let without = bytes.iter().all(|&byte| byte & PARITY_BIT == 0);
    let deck: Vec<Card> = cards().map(card).collect();
    // zeros have no usable parity
    let blank = deck.iter().filter(|card| card.is_blank()).count();
    let follows_a_rule = (uniform || without) && 2 * blank < all;
    if !(follows_a_rule || (firsts == 0 && sums_are_right(&deck))) {
        return None;
    }
    let no_bit = if firsts == 0 { Some("bit 7 does not mark the beginning of cards") } else { None };
    let no_parity = if without {
        Some("the columns have no parity bit")
    } else if wrong_first + wrong > 0 {
        Some("the parity of the columns is wrong")
    } else {
        None
    };
    let what: Vec<&str> = [no_parity, no_bit].into_iter().flatten().collect();
    let what = format!("{} (sap23 writes such decks)", what.join(", and "));
    Some((deck.into_iter().map(DeckItem::Card).collect(), what))
}

fn card(bytes: &[u8]) -> Card {
    let mut card = Card::BLANK;
    for (column, pair) in card.columns.iter_mut().zip(bytes.chunks_exact(2)) {
        *column = u16::from(pair[0] & 0o77) << 6 | u16::from(pair[1] & 0o77);
    }
    card
}

/// True if some cards have checksums and none is wrong.
fn sums_are_right(deck: &[Card]) -> bool {
    let mut right = 0;
    deck.iter().all(|card| match card.kind() {
        CardKind::Absolute { checksum, .. } | CardKind::Relocatable { checksum, .. } => {
            right += usize::from(checksum == CardSum::Right);
            checksum == CardSum::Right
        }
        _ => true,
    }) && right > 0
}
