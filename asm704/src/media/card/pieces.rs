//! The pieces of a deck: the cards punched for each ORG and each END of its source.

use std::ops::Range;

use super::{Card, CardKind, DeckItem};

/// Where a deck is cut into pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PieceEnd {
    /// Where the address of an absolute card does not follow the last word of the card before, where the kind of the cards
    /// changes, and where [`PieceEnd::End`] cuts.
    Org,
    /// After a transfer card. A blank card after cards for a loader counts as a transfer card to 0.
    End,
}

/// A piece of a deck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The indices of its cards in the deck, from 0. An end of file belongs to no piece.
    pub items: Range<usize>,
    /// The kind of its first card.
    pub kind: &'static str,
    /// The first and last address that its absolute and relocatable cards load.
    pub addresses: Option<(u16, u16)>,
    /// The address of its transfer card.
    pub transfer: Option<u16>,
}

/// Cuts a deck into pieces.
///
/// ```
/// use asm704::assemble::{Options, assemble};
/// use asm704::media::card::{Card, DeckItem, PieceEnd, pieces};
///
/// let output = assemble("       ORG 8\n       DEC 1\n       ORG 64\n       DEC 2\n       END 8\n", &Options::default());
/// let deck: Vec<_> = output.cards().map(|card| DeckItem::Card(Card::from_words(&card.words))).collect();
/// let of = |at| pieces(&deck, at).into_iter().map(|piece| piece.items).collect::<Vec<_>>();
/// // the transfer card belongs to the second piece
/// assert_eq!(of(PieceEnd::Org), [0..1, 1..3]);
/// assert_eq!(of(PieceEnd::End), [0..3]);
/// ```
pub fn pieces(deck: &[DeckItem], at: PieceEnd) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut open: Option<Open> = None;
    for (place, item) in deck.iter().enumerate() {
        let DeckItem::Card(card) = item else {
            pieces.extend(open.take().map(Open::close));
            continue;
        };
        let kind = card.kind();
        if open.as_ref().is_some_and(|open| open.ends_before(&kind, at)) {
            pieces.extend(open.take().map(Open::close));
        }
        let begun = || Open::at(place, &kind);
        open.get_or_insert_with(begun).take(card, &kind);
    }
    pieces.extend(open.map(Open::close));
    pieces
}

/// A piece that may continue.
struct Open {
    piece: Piece,
    /// True once its transfer card was found.
    ended: bool,
    /// The kind of its last card, and the address after the words of an absolute card.
    last: (&'static str, Option<u16>),
}

impl Open {
    fn at(place: usize, kind: &CardKind) -> Open {
        let piece = Piece { items: place..place, kind: kind.name(), addresses: None, transfer: None };
        Open { piece, ended: false, last: (kind.name(), None) }
    }

    fn close(self) -> Piece {
        self.piece
    }

    fn ends_before(&self, kind: &CardKind, at: PieceEnd) -> bool {
        // cards that only fill up the deck after the end do not make a piece
        if matches!(kind, CardKind::Blank | CardKind::Sevens) {
            return false;
        }
        if self.ended {
            return true;
        }
        if at == PieceEnd::End || matches!(kind, CardKind::Transfer { .. }) {
            return false;
        }
        match (self.last, kind) {
            ((_, Some(next)), CardKind::Absolute { address, .. }) => *address != next,
            // a program card belongs to the cards after it
            (("program", _), CardKind::Relocatable { .. }) => false,
            (_, CardKind::Program(_)) => true,
            ((last, _), kind) => last != kind.name(),
        }
    }

    fn take(&mut self, card: &Card, kind: &CardKind) {
        let Piece { items, addresses, transfer, .. } = &mut self.piece;
        items.end += 1;
        let loads = addresses.is_some();
        let mut next = None;
        match *kind {
            CardKind::Absolute { count, address, .. } | CardKind::Relocatable { count, address, .. } => {
                let last = address.wrapping_add(count).wrapping_sub(1) & 0o77777;
                let (low, high) = addresses.unwrap_or((address, last));
                *addresses = Some((low.min(address), high.max(last)));
                let absolute = matches!(kind, CardKind::Absolute { .. });
                next = absolute.then_some(last.wrapping_add(1) & 0o77777);
            }
            CardKind::Transfer { address, .. } => {
                *transfer = Some(address);
                self.ended = true;
            }
            CardKind::Blank if loads => {
                transfer.get_or_insert(0);
                self.ended = true;
            }
            _ => {}
        }
        // a card without a kind of its own does not change that of the piece
        if !card.is_blank() {
            self.last = (kind.name(), next);
        }
    }
}
