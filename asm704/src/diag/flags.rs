//! The letters with which the listing flags a card.

/// Flags of a card, in the order they are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Flags(u8);

impl Flags {
    /// The tape could not be read.
    pub const R: Flags = Flags(0o200);
    /// Phase error: the symbol had another value in the first pass.
    pub const P: Flags = Flags(0o100);
    /// A multiply defined symbol.
    pub const M: Flags = Flags(0o040);
    /// STO directly after a division.
    pub const Q: Flags = Flags(0o020);
    /// An undefined operation or symbol, or an illegal decimal number.
    pub const U: Flags = Flags(0o010);
    /// The address is missing.
    pub const A: Flags = Flags(0o004);
    /// The tag is missing.
    pub const T: Flags = Flags(0o002);
    /// The decrement is missing.
    pub const D: Flags = Flags(0o001);

    /// No flag.
    pub const NONE: Flags = Flags(0);

    /// Adds flags.
    pub fn set(&mut self, flags: Flags) {
        self.0 |= flags.0;
    }

    /// True if all of `flags` are set.
    pub const fn has(self, flags: Flags) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// True if no flag is set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The letters, in order.
    pub fn letters(self) -> impl Iterator<Item = char> {
        "RPMQUATD"
            .chars()
            .enumerate()
            .filter(move |(n, _)| self.0 & (0o200 >> n) != 0)
            .map(|(_, letter)| letter)
    }
}
