//! How close the CPYs of a program came to being late, by location.

use std::collections::BTreeMap;
use std::ops::Index;

use serde::{Deserialize, Serialize};

use super::Unit;
use crate::time::Ticks;

/// How close the CPYs at one location came to being late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slack {
    /// The unit.
    pub unit: Unit,
    /// Words copied.
    pub words: u64,
    /// The least time between the first ER cycle of the CPY and the moment when the unit needed it.
    pub least: Ticks,
}

/// The slack of each location that has copied a word, ordered by location. A loop copies from one location
/// many times, so the entry of the last word is found without a search.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "BTreeMap<u16, Slack>", into = "BTreeMap<u16, Slack>")]
pub struct Slacks {
    list: Vec<(u16, Slack)>,
    /// The index of the entry for the last word.
    last: usize,
}

impl Slacks {
    /// Counts words copied at a location, with the least time left until one would have been late.
    #[inline(always)]
    pub(super) fn count(&mut self, at: u16, more: Slack) {
        match self.list.get_mut(self.last) {
            Some((place, slack)) if *place == at => {
                slack.words += more.words;
                if more.least < slack.least {
                    slack.least = more.least;
                    slack.unit = more.unit;
                }
            }
            _ => self.count_elsewhere(at, more),
        }
    }

    /// Counts words at a different location from the ones before.
    #[inline(never)]
    fn count_elsewhere(&mut self, at: u16, more: Slack) {
        self.last = match self.list.binary_search_by_key(&at, |entry| entry.0) {
            Ok(place) => place,
            Err(place) => {
                self.list.insert(place, (at, Slack { words: 0, ..more }));
                place
            }
        };
        self.count(at, more);
    }

    /// Locations and their slack, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&u16, &Slack)> {
        self.list.iter().map(|(at, slack)| (at, slack))
    }

    /// The locations, in order.
    pub fn keys(&self) -> impl Iterator<Item = &u16> {
        self.list.iter().map(|(at, _)| at)
    }

    /// The slack of each location, ordered by location.
    pub fn values(&self) -> impl Iterator<Item = &Slack> {
        self.list.iter().map(|(_, slack)| slack)
    }
}

/// The last word makes no difference.
impl PartialEq for Slacks {
    fn eq(&self, other: &Slacks) -> bool {
        self.list == other.list
    }
}

/// Panics if nothing was copied at the location.
impl Index<&u16> for Slacks {
    type Output = Slack;

    fn index(&self, at: &u16) -> &Slack {
        match self.list.iter().find(|(place, _)| place == at) {
            Some((_, slack)) => slack,
            None => panic!("no word was copied at {at:05o}"),
        }
    }
}

impl<'a> IntoIterator for &'a Slacks {
    type Item = (&'a u16, &'a Slack);
    type IntoIter = Box<dyn Iterator<Item = (&'a u16, &'a Slack)> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

impl From<BTreeMap<u16, Slack>> for Slacks {
    fn from(map: BTreeMap<u16, Slack>) -> Slacks {
        Slacks { list: map.into_iter().collect(), last: 0 }
    }
}

impl From<Slacks> for BTreeMap<u16, Slack> {
    fn from(slacks: Slacks) -> BTreeMap<u16, Slack> {
        slacks.list.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_location_has_its_own_words_and_least() {
        let mut slacks = Slacks::default();
        for (at, least) in [(9, 50), (9, 40), (3, 70), (9, 45), (3, 80)] {
            slacks.count(at, Slack { unit: Unit::Printer, words: 1, least: Ticks(least) });
        }
        let seen: Vec<_> = slacks.iter().map(|(&at, slack)| (at, slack.words, slack.least.0)).collect();
        assert_eq!(seen, [(3, 2, 70), (9, 3, 40)]);
        let again = Slacks::from(BTreeMap::from(slacks.clone()));
        assert_eq!(again, slacks);
    }
}
