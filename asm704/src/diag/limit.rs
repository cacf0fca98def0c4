//! A limit on diagnostics of one kind, with a count of the rest.

use std::collections::BTreeMap;

use super::Code;

/// How many diagnostics of a kind are shown, unless all are requested.
pub const OF_A_KIND: usize = 20;

/// A count of diagnostics by code.
#[derive(Debug, Clone)]
pub struct Limit {
    most: usize,
    seen: BTreeMap<Code, usize>,
}

impl Limit {
    /// Allows [`OF_A_KIND`] of each code, or all.
    pub fn new(all: bool) -> Limit {
        Limit { most: if all { usize::MAX } else { OF_A_KIND }, seen: BTreeMap::new() }
    }

    /// Counts a diagnostic; true if it should be shown.
    pub fn shows(&mut self, code: Code) -> bool {
        let seen = self.seen.entry(code).or_default();
        *seen += 1;
        *seen <= self.most
    }

    /// One line for each kind that was not shown completely.
    pub fn left_out(&self) -> impl Iterator<Item = String> {
        self.seen.iter().filter(|&(_, &seen)| seen > self.most).map(|(code, seen)| {
            format!("... and {} more of this kind: {code}, {}", seen - self.most, code.explanation().title)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_of_a_kind_and_a_count() {
        let mut limit = Limit::new(false);
        let shown = (0..333).filter(|_| limit.shows(Code::UndefinedOperation)).count();
        assert!(limit.shows(Code::SymbolCut));
        assert_eq!(shown, 20);
        let left: Vec<String> = limit.left_out().collect();
        assert_eq!(left.len(), 1);
        assert!(left[0].starts_with("... and 313 more of this kind: A0"), "{}", left[0]);
        let mut all = Limit::new(true);
        assert_eq!((0..333).filter(|_| all.shows(Code::SymbolCut)).count(), 333);
        assert_eq!(all.left_out().count(), 0);
    }
}
