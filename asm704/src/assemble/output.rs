//! The result of an assembly.

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
    /// The address where the deck loads it, 0 to 77777.
    pub address: u16,
    /// The location counter of its card. It differs from `address` after a LOC.
    pub location: u16,
    /// The word.
    pub word: Word,
    /// The source line of its card, from 1.
    pub line: usize,
    /// The type of the word according to its card: an operation makes an instruction, DEC an integer or a floating number, BCD
    /// characters; OCT, fixed point (B) and C/T are octal.
    pub view: View,
    /// The columns it comes from, counted from 0: the item of a list, the characters of a word, or the whole variable
    /// field.
    pub columns: (u8, u8),
}

/// A definition of a symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The name; `H$NAME` under a heading.
    pub name: String,
    /// The value.
    pub value: u16,
    /// True when it moves with the program. Symbols of EQU do not.
    pub relocatable: bool,
    /// True when the name has several definitions.
    pub multiple: bool,
    /// True for the definition that references use.
    pub effective: bool,
    /// The line of the defining card; 0 when it comes from a symbol table.
    pub line: usize,
    /// Its columns in that line with tabs expanded, counted from 0.
    pub columns: Range<usize>,
    /// Its columns on the card. They differ from those of the line only in free form.
    pub card_columns: Range<usize>,
}

/// One assembly: the cards up to and including an END.
#[derive(Debug, Clone, Default)]
pub struct Assembly {
    /// Its first line in the source, from 1.
    pub first_line: usize,
    /// The line of its END.
    pub last_line: usize,
    /// The deck, transfer cards included.
    pub cards: Vec<DeckCard>,
    /// The pieces of the deck that begin after an ORG or a TCD, in order: the index of the piece's first card in `cards`, and
    /// the line of the ORG or TCD. A piece may have no card.
    pub breaks: Vec<(usize, usize)>,
    /// The listing, one line per item, trailing blanks removed.
    pub listing: Vec<String>,
    /// The card shown on each line of the listing.
    pub listing_cards: Vec<ListingCard>,
    /// The diagnostics, by line.
    pub diagnostics: Vec<Diagnostic>,
    /// The symbol table, sorted as the original sorts it.
    pub symbols: Vec<Symbol>,
    /// References to symbols, in order; empty unless requested.
    pub references: Vec<Reference>,
    /// The words, in the order of emission.
    pub words: Vec<ProgramWord>,
    /// The operand of END; `None` if it is blank or undefined.
    pub start: Option<u16>,
}

/// The cards punched after one ORG, up to the next ORG, TCD or END.
#[derive(Debug, Clone, Copy)]
pub struct DeckPiece<'a> {
    /// The line of the ORG or TCD that begins it, otherwise the first line of the assembly. Numbered as in the assembly.
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
    /// // BSS begins a card but not a piece; the transfer card belongs to the last piece
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

/// The assemblies of a source, and everything else that assembling it produced.
#[derive(Debug, Clone, Default)]
pub struct Output {
    /// True when the source was read as free form. Its routines are in columns even then.
    pub free: bool,
    /// The last column that was read of its cards.
    pub columns: Columns,
    /// The assemblies, in order.
    pub assemblies: Vec<Assembly>,
    /// Diagnostics about cards outside of any assembly.
    pub stray: Vec<Diagnostic>,
    /// The line of the listing after the last assembly: FIN is printed as the first card of another assembly.
    pub last_line: Option<String>,
    /// The library routines included by LIB cards. Their line numbers continue after the last line of the source.
    pub routines: Vec<Routine>,
}

impl Output {
    /// Translates a line number of an assembly: the library routine, `None` for the source itself, and the line in it.
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

    /// True if there is an error: a flag in the listing, or a card that cannot be read.
    pub fn is_flagged(&self) -> bool {
        self.diagnostics().any(|diagnostic| diagnostic.severity() == Severity::Error)
    }

    /// True if there is an error, or a warning about something that is surely a mistake.
    pub fn is_mistaken(&self) -> bool {
        self.is_flagged() || self.diagnostics().any(|diagnostic| diagnostic.code.is_strict())
    }

    /// The words of all assemblies in the order they are emitted, with their addresses in the deck.
    pub fn core_image(&self) -> impl Iterator<Item = (u16, Word)> + '_ {
        self.assemblies.iter().flat_map(|assembly| &assembly.words).map(|word| (word.address, word.word))
    }

    /// The start of the program: the operand of the last END that has one.
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
