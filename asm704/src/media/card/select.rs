//! Lists of cards by their numbers: `3,4,6-22,25-183`.

use std::fmt;
use std::str::FromStr;

use super::EditError;

/// Numbers of cards in a deck, from 1, in the order given. No card appears twice.
///
/// ```
/// use asm704::media::card::CardList;
///
/// let list: CardList = "3,4,6-8,20-".parse()?;
/// assert_eq!(list.resolve(21)?, [2, 3, 5, 6, 7, 19, 20]);
/// assert_eq!(list.resolve(7).unwrap_err().to_string(), "no card 8: the deck ends with card 7");
/// assert!("6-9,8".parse::<CardList>().is_err());
/// # Ok::<(), asm704::media::card::EditError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardList(Vec<Range>);

/// First and last card; without a last card the range goes to the end of the deck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    first: usize,
    last: Option<usize>,
}

impl CardList {
    /// A list of one card.
    pub fn one(card: usize) -> CardList {
        CardList(vec![Range { first: card, last: Some(card) }])
    }

    /// The indices of the cards, from 0, in a deck with this many items.
    ///
    /// # Errors
    /// [`EditError::NoCard`]: the deck is too short.
    pub fn resolve(&self, items: usize) -> Result<Vec<usize>, EditError> {
        let mut places = Vec::new();
        for range in &self.0 {
            let last = range.last.unwrap_or(range.first.max(items));
            if range.first == 0 || last > items {
                let card = if range.first > items { range.first } else { last };
                return Err(EditError::NoCard { card, items });
            }
            places.extend(range.first - 1..last);
        }
        Ok(places)
    }
}

impl Range {
    fn overlaps(self, other: Range) -> bool {
        let before = |a: Range, b: Range| a.last.is_some_and(|last| last < b.first);
        !before(self, other) && !before(other, self)
    }
}

impl FromStr for CardList {
    type Err = EditError;

    fn from_str(text: &str) -> Result<CardList, EditError> {
        let mut ranges: Vec<Range> = Vec::new();
        for part in text.split(',') {
            let part = part.trim();
            let bad = |why| EditError::List { part: part.to_owned(), why };
            let range = range(part).ok_or_else(|| bad("expected numbers and ranges such as 3,6-22,25-"))?;
            if range.first == 0 {
                return Err(bad("cards are counted from 1"));
            }
            if range.last.is_some_and(|last| last < range.first) {
                return Err(bad("the last card is before the first"));
            }
            if ranges.iter().any(|&other| range.overlaps(other)) {
                return Err(bad("names a card that is in the list already"));
            }
            ranges.push(range);
        }
        Ok(CardList(ranges))
    }
}

fn range(part: &str) -> Option<Range> {
    // a sign is not allowed here
    let number = |text: &str| {
        let text = text.trim();
        text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?
    };
    match part.split_once('-') {
        None => number(part).map(|card| Range { first: card, last: Some(card) }),
        Some((first, "")) => number(first).map(|first| Range { first, last: None }),
        Some((first, last)) => Some(Range { first: number(first)?, last: Some(number(last)?) }),
    }
}

impl fmt::Display for CardList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, range) in self.0.iter().enumerate() {
            let comma = if n == 0 { "" } else { "," };
            match range.last {
                Some(last) if last == range.first => write!(f, "{comma}{last}")?,
                Some(last) => write!(f, "{comma}{}-{last}", range.first)?,
                None => write!(f, "{comma}{}-", range.first)?,
            }
        }
        Ok(())
    }
}
