//! Edits of a deck as data, so that a list of them can be kept beside an image that never changes.

use std::fmt;

use super::{Card, CardKind, CardList, CardWord, Deck, DeckItem, SetWord, Summed};
use crate::Word;

/// An error in an edit. Cards are counted from 1, as `emu704 deck ls` counts them; an end of file counts, too.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// A list of cards cannot be read.
    #[error("`{part}` in a list of cards: {why}")]
    List {
        /// The wrong part of the list.
        part: String,
        /// The problem with it.
        why: &'static str,
    },
    /// A new value of a word cannot be read.
    #[error("`{text}`: {why}")]
    Field {
        /// The text.
        text: String,
        /// The problem with it.
        why: String,
    },
    /// The deck is too short.
    #[error("no card {card}: the deck {}", if *.items == 0 { "is empty".to_owned() } else { format!("ends with card {items}") })]
    NoCard {
        /// The number requested.
        card: usize,
        /// The number of cards there are.
        items: usize,
    },
    /// The item to be patched is an end of file.
    #[error("card {card} is an end of file: expected a card with words")]
    EndOfFile {
        /// Its number.
        card: usize,
    },
    /// There is no transfer card to drop.
    #[error("no transfer card at the end of the deck: {found}")]
    NoTransfer {
        /// What was found instead.
        found: String,
    },
}

/// How a patch treats the checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SumRule {
    /// A card with a correct checksum gets the correct one for its new words; any other keeps its 9 right.
    #[default]
    Auto,
    /// 9 right does not change.
    Keep,
    /// 9 right becomes the correct checksum, whatever it was.
    New,
}

/// Where cards are inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InsertAt {
    /// Before the card of this number, from 1.
    Before(usize),
    /// After the card of this number; after 0 means before the first.
    After(usize),
    /// After the last card.
    End,
}

/// One edit of a deck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Keep only these cards, in the order given.
    Cut(CardList),
    /// Remove these cards.
    Drop(CardList),
    /// Remove the transfer card at the end; a transfer card to 0 is a blank card.
    DropTransfer,
    /// Change words of cards.
    Patch {
        /// The cards.
        cards: CardList,
        /// The changes to each card.
        set: Vec<SetWord>,
        /// The treatment of its checksum.
        sum: SumRule,
    },
    /// Insert cards.
    Insert {
        /// The place.
        at: InsertAt,
        /// The cards.
        cards: Deck,
    },
    /// Remove cards of these kinds.
    Strip {
        /// Remove cards without a hole.
        blank: bool,
        /// Remove cards of [`CardKind::Sevens`].
        sevens: bool,
    },
}

/// A change made by an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A word changed.
    Word {
        /// Number of the card, from 1.
        card: usize,
        /// The word.
        word: CardWord,
        /// Its old value.
        before: Word,
        /// Its new value.
        after: Word,
    },
    /// The checksum of a patched card is not correct: it was not before, or it was to be kept.
    SumNotRight {
        /// Number of the card, from 1.
        card: usize,
    },
    /// This many cards were removed from the deck.
    Left(usize),
    /// This many cards were added.
    Inserted(usize),
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |n: usize| format!("{n} card{}", if n == 1 { "" } else { "s" });
        match self {
            Change::Word { card, word, before, after } => {
                let name = if *word == CardWord::CHECKSUM { ", the checksum," } else { "" };
                write!(f, "card {card}: {word}{name} was {before}, is {after}")
            }
            Change::SumNotRight { card } => {
                write!(f, "card {card}: 9R is not the correct checksum of its words; it is unchanged")
            }
            Change::Left(cards) => write!(f, "{} left out", plural(*cards)),
            Change::Inserted(cards) => write!(f, "{} inserted", plural(*cards)),
        }
    }
}

impl Edit {
    /// Edits a deck and returns the changes. Cards that the edit does not name keep all 80 columns; a patched
    /// card keeps columns 73-80.
    ///
    /// # Errors
    /// The deck has no such card. The deck is then unchanged.
    ///
    /// ```
    /// use asm704::media::card::{Edit, read_deck};
    ///
    /// let mut deck = read_deck(b"ONE\nTWO\nTHREE\n", None)?;
    /// let changes = Edit::Cut("3,1".parse()?).apply(&mut deck)?;
    /// assert_eq!(deck, read_deck(b"THREE\nONE\n", None)?);
    /// assert_eq!(changes[0].to_string(), "1 card left out");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn apply(&self, deck: &mut Deck) -> Result<Vec<Change>, EditError> {
        let items = deck.len();
        match self {
            Edit::Cut(cards) => {
                let places = cards.resolve(items)?;
                *deck = places.into_iter().map(|place| deck[place].clone()).collect();
            }
            Edit::Drop(cards) => {
                let places: std::collections::HashSet<usize> = cards.resolve(items)?.into_iter().collect();
                let mut place = 0..;
                deck.retain(|_| place.next().is_some_and(|place| !places.contains(&place)));
            }
            Edit::DropTransfer => drop(deck.remove(transfer(deck)?)),
            Edit::Strip { blank, sevens } => deck.retain(|item| match item {
                DeckItem::Card(card) => {
                    !(*blank && card.is_blank() || *sevens && card.kind() == CardKind::Sevens)
                }
                DeckItem::EndOfFile => true,
            }),
            Edit::Insert { at, cards } => {
                let place = match *at {
                    InsertAt::Before(card) if (1..=items).contains(&card) => card - 1,
                    InsertAt::After(card) if card <= items => card,
                    InsertAt::End => items,
                    InsertAt::Before(card) | InsertAt::After(card) => {
                        return Err(EditError::NoCard { card, items });
                    }
                };
                deck.splice(place..place, cards.iter().cloned());
                return Ok(vec![Change::Inserted(cards.len())]);
            }
            Edit::Patch { cards, set, sum } => {
                let places = cards.resolve(items)?;
                let end_of_file = places.iter().find(|&&place| deck[place] == DeckItem::EndOfFile);
                if let Some(place) = end_of_file {
                    return Err(EditError::EndOfFile { card: place + 1 });
                }
                let mut changes = Vec::new();
                for place in places {
                    if let DeckItem::Card(card) = &mut deck[place] {
                        patch(place + 1, card, set, *sum, &mut changes);
                    }
                }
                return Ok(changes);
            }
        }
        Ok(vec![Change::Left(items - deck.len())])
    }
}

/// Sets words of a card, and its checksum.
fn patch(number: usize, card: &mut Card, set: &[SetWord], rule: SumRule, changes: &mut Vec<Change>) {
    let summed = card.checksum();
    let before = card.words();
    let mut words = before;
    for set in set {
        let word = &mut words[set.word().index()];
        *word = set.apply(*word);
    }
    card.set_words(&words);
    // an edit that sets 9 right has decided on the checksum
    let given = set.iter().any(|set| set.word() == CardWord::CHECKSUM);
    let new = match rule {
        SumRule::Auto if given => None,
        SumRule::Auto => summed,
        SumRule::Keep => None,
        SumRule::New => Some(summed.unwrap_or(Summed::Counted)),
    };
    if let Some(of) = new {
        words[CardWord::CHECKSUM.index()] = card.sum(of);
        card.set_words(&words);
    }
    for word in CardWord::ALL {
        let (before, after) = (before[word.index()], words[word.index()]);
        if before != after {
            changes.push(Change::Word { card: number, word, before, after });
        }
    }
    // a card of 24 words has no checksum to check
    let counts = matches!(
        card.kind(),
        CardKind::Absolute { .. } | CardKind::Relocatable { .. } | CardKind::Program(_)
    );
    if (summed.is_some() || counts) && card.checksum().is_none() {
        changes.push(Change::SumNotRight { card: number });
    }
}

/// The index of the transfer card at the end, ignoring ends of file.
fn transfer(deck: &Deck) -> Result<usize, EditError> {
    let last = deck.iter().enumerate().rev().find_map(|(place, item)| match item {
        DeckItem::Card(card) => Some((place, card)),
        DeckItem::EndOfFile => None,
    });
    match last {
        None => Err(EditError::NoTransfer { found: "it has no cards".to_owned() }),
        Some((place, card)) => match card.kind() {
            CardKind::Transfer { .. } | CardKind::Blank => Ok(place),
            kind => Err(EditError::NoTransfer { found: format!("card {} is {}", place + 1, kind.name()) }),
        },
    }
}
