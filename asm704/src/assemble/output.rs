//! What an assembly gives.

use std::ops::Range;

use super::{Reference, Routine};
use crate::Word;
use crate::deck::DeckCard;
use crate::diag::{Diagnostic, Severity};
use crate::listing::ListingCard;
use crate::source::Columns;
use crate::views::View;

/// A word of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgramWord {
    /// Where the deck loads it, 0 to 77777.
    pub address: u16,
    /// The location counter of its card, which LOC makes differ from `address`.
    pub location: u16,
    /// The word.
    pub word: Word,
    /// Line of its card in the source, from 1.
    pub line: usize,
    /// What the card says that the word is: an operation an instruction, DEC an integer or a floating number, BCD characters; OCT,
    /// fixed point (B) and C/T octal.
    pub view: View,
    /// The columns of the card, counted from 0, that say it: the item of a list, the characters of a word, or the whole
    /// variable field.
    pub columns: (u8, u8),
}

/// A definition of a symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The name; `H$NAME` under a heading.
    pub name: String,
    /// The value.
    pub value: u16,
    /// It moves with the program; symbols of EQU do not.
    pub relocatable: bool,
    /// It is one of several definitions of the name.
    pub multiple: bool,
    /// The definition that references use.
    pub effective: bool,
    /// Line of the defining card; 0 when a symbol table brought it.
    pub line: usize,
    /// Its columns in that line, tabs expanded, counted from 0.
    pub columns: Range<usize>,
    /// Its columns on the card; those of the line unless that is free-form.
    pub card_columns: Range<usize>,
}

/// One assembly: the cards up to an END.
#[derive(Debug, Clone, Default)]
pub struct Assembly {
    /// Its first line in the source, from 1.
    pub first_line: usize,
    /// The line of its END.
    pub last_line: usize,
    /// The deck, transfer cards included.
    pub cards: Vec<DeckCard>,
    /// Where pieces of the deck begin behind an ORG or a TCD, in order: the index of the piece's first card in `cards`, and
    /// the line of the ORG or TCD. A piece may be without a card.
    pub breaks: Vec<(usize, usize)>,
    /// The listing, a line an item, trailing blanks cut.
    pub listing: Vec<String>,
    /// For each line of the listing the card that it is about.
    pub listing_cards: Vec<ListingCard>,
    /// What is to be said, by line.
    pub diagnostics: Vec<Diagnostic>,
    /// The symbol table, sorted as the original sorts it.
    pub symbols: Vec<Symbol>,
    /// Where symbols are referred to, in order; only when asked for.
    pub references: Vec<Reference>,
    /// The words, in the order of emission.
    pub words: Vec<ProgramWord>,
    /// The operand of END; `None` when it is blank or undefined.
    pub start: Option<u16>,
}

/// The cards that one ORG has punched, up to the next ORG, TCD or END.
#[derive(Debug, Clone, Copy)]
pub struct DeckPiece<'a> {
    /// Line of the ORG or TCD that begins it, else the first line of the assembly; as assemblies count lines.
    pub line: usize,
    /// Its cards, at least one.
    pub cards: &'a [DeckCard],
}

impl Assembly {
    /// The pieces of the deck.
    ///
    /// ```
    /// use asm704::assemble::{assemble, Options};
    ///
    /// let source = "       ORG 8\n       DEC 1\n       BSS 9\n       DEC 2\n       ORG 64\n       DEC 3\n       END 8\n";
    /// let output = assemble(source, &Options::default());
    /// let pieces: Vec<_> = output.assemblies[0].pieces().map(|piece| (piece.line, piece.cards.len())).collect();
    /// // BSS begins a card, but no piece; the transfer card belongs to the last
    /// assert_eq!(pieces, [(1, 2), (5, 2)]);
    /// ```
    pub fn pieces(&self) -> impl Iterator<Item = DeckPiece<'_>> {
        let begins = std::iter::once((0, self.first_line)).chain(self.breaks.iter().copied());
        let ends = self.breaks.iter().map(|&(card, _)| card).chain([self.cards.len()]);
        begins.zip(ends).filter_map(|((first, line), end)| {
            let cards = self.cards.get(first..end).filter(|cards| !cards.is_empty())?;
            Some(DeckPiece { line, cards })
        })
    }
}

/// The assemblies of a source.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// The source was read as free-form; its routines are in columns all the same.
    pub free: bool,
    /// How far right its cards were read.
    pub columns: Columns,
    /// In order.
    pub assemblies: Vec<Assembly>,
    /// What is to be said of cards outside of any assembly.
    pub stray: Vec<Diagnostic>,
    /// The line of the listing behind the last assembly: FIN, as the first card of one more, is printed.
    pub last_line: Option<String>,
    /// The library routines that LIB cards took in. Their lines are counted on from the last line of the source.
    pub routines: Vec<Routine>,
}

impl Output {
    /// Where a line is as assemblies count it: the library routine, `None` for the source itself, and the line there.
    pub fn place(&self, line: usize) -> (Option<&str>, usize) {
        match self.routines.iter().rev().find(|routine| routine.first_line <= line) {
            Some(routine) => (Some(routine.name.as_str()), line + 1 - routine.first_line),
            None => (None, line),
        }
    }

    /// All diagnostics, by line.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.assemblies.iter().flat_map(|assembly| &assembly.diagnostics).chain(&self.stray)
    }

    /// True when there is an error: a flag in the listing, or a card that could not be read.
    pub fn is_flagged(&self) -> bool {
        self.diagnostics().any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// True when there is an error, or a warning of what is surely a mistake.
    pub fn is_mistaken(&self) -> bool {
        self.is_flagged() || self.diagnostics().any(|diagnostic| diagnostic.code.is_strict())
    }

    /// The words of all assemblies in the order of emission, at the addresses where the deck loads them.
    pub fn core_image(&self) -> impl Iterator<Item = (u16, Word)> + '_ {
        self.assemblies.iter().flat_map(|assembly| &assembly.words).map(|word| (word.address, word.word))
    }

    /// Where the program starts: the operand of the last END that has one.
    pub fn start(&self) -> Option<u16> {
        self.assemblies.iter().rev().find_map(|assembly| assembly.start)
    }

    /// The deck of all assemblies.
    pub fn cards(&self) -> impl Iterator<Item = &DeckCard> {
        self.assemblies.iter().flat_map(|assembly| &assembly.cards)
    }

    /// The listing of all assemblies.
    pub fn listing(&self) -> impl Iterator<Item = &str> {
        self.assemblies
            .iter()
            .flat_map(|assembly| &assembly.listing)
            .chain(&self.last_line)
            .map(String::as_str)
    }
}
