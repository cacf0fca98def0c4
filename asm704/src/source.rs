//! Conversion from text to card images.
//!
//! A line is a card: columns 1 to 6 location, 8 to 10 operation, 12 to 72 variable field and comment, 73 to 80
//! identification (sap.md 1.1). Tabs are expanded to multiples of 8, lower case becomes upper case, CRLF is accepted.

pub mod free;
pub mod later;

use std::ops::Range;
use std::sync::LazyLock;

use crate::chars::{self, BLANK};
use crate::diag::{Code, Diagnostic};

/// The number of columns in the assembler's card buffer: 14 words.
pub const BUFFER: usize = 84;

/// The column where the variable field begins, counted from 0.
pub const VARIABLE: usize = 11;

/// The last column read of each card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Columns {
    /// 72, as the card reader reads.
    Card,
    /// 80, as from a tape of card images.
    #[default]
    Tape,
}

impl Columns {
    /// The number of columns read.
    pub const fn count(self) -> usize {
        match self {
            Columns::Card => 72,
            Columns::Tape => 80,
        }
    }
}

/// One card in core codes; columns that were not read are blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The line of the source, from 1.
    pub line: usize,
    /// The columns, counted from 0.
    pub columns: [u8; BUFFER],
}

impl Card {
    /// Columns 1 to 6.
    pub fn location(&self) -> &[u8] {
        &self.columns[0..6]
    }

    /// True if something is punched in the location field.
    pub fn has_location(&self) -> bool {
        self.location().iter().any(|&code| code != BLANK)
    }

    /// The columns of the location field from the first to the last punched one, counted from 0; the first column if
    /// none is punched.
    pub fn location_span(&self) -> Range<usize> {
        let field = self.location();
        let start = field.iter().position(|&code| code != BLANK).unwrap_or(0);
        let end = field.iter().rposition(|&code| code != BLANK).map_or(1, |n| n + 1);
        start..end
    }

    /// The location field with its blanks removed, right-justified: six bits per character, zeros before the first.
    pub fn squeezed(&self) -> u64 {
        self.location()
            .iter()
            .filter(|&&code| code != BLANK)
            .fold(0, |symbol, &code| (symbol << 6) | u64::from(code))
    }

    /// Columns 8 to 10 as one number of 18 bits.
    pub fn operation(&self) -> u32 {
        self.columns[7..10].iter().fold(0, |key, &code| (key << 6) | u32::from(code))
    }

    /// The first blank in or after column 12, counted from 0: the end of an unbroken variable field.
    pub fn variable_end(&self) -> usize {
        self.columns[VARIABLE..].iter().position(|&c| c == BLANK).map_or(BUFFER, |n| n + VARIABLE)
    }
}

/// The text of a line with its tabs expanded to multiples of 8 columns and its line end removed.
pub fn expand_tabs(line: &str) -> String {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let mut out = String::with_capacity(line.len());
    let mut column = 0;
    for c in line.chars() {
        if c == '\t' {
            let next = column / 8 * 8 + 8;
            out.extend(std::iter::repeat_n(' ', next - column));
            column = next;
        } else {
            out.push(c);
            column += 1;
        }
    }
    out
}

/// The code of a character that the 704 does not have.
const NONE: u8 = 0xff;

static CODES: LazyLock<[u8; 128]> =
    LazyLock::new(|| std::array::from_fn(|c| chars::from_ascii(char::from(c as u8)).unwrap_or(NONE)));

/// The cards of a source, and problems with their characters.
pub fn read(source: &str, columns: Columns) -> (Vec<Card>, Vec<Diagnostic>) {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    // the end of a file under DOS
    let source = source.trim_end_matches('\u{1a}');
    let mut cards = Vec::with_capacity(source.len() / 80);
    let mut diagnostics = Vec::new();
    for (n, line) in source.split_terminator('\n').enumerate() {
        cards.push(read_card(line, n + 1, columns, &mut diagnostics));
    }
    (cards, diagnostics)
}

fn read_card(line: &str, number: usize, columns: Columns, diagnostics: &mut Vec<Diagnostic>) -> Card {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let mut card = Card { line: number, columns: [BLANK; BUFFER] };
    let mut foreign: Vec<(usize, char)> = Vec::new();
    let mut beyond = None;
    let mut column = 0;
    for c in line.chars() {
        if c == '\t' {
            column = column / 8 * 8 + 8;
            continue;
        }
        if column < columns.count() {
            match if c.is_ascii() { CODES[c as usize] } else { NONE } {
                NONE => foreign.push((column, c)),
                code => card.columns[column] = code,
            }
        } else if column >= Columns::Tape.count() && c != ' ' && beyond.is_none() {
            beyond = Some(column);
        }
        column += 1;
    }
    for (at, c) in foreign {
        let matters = at < 10 || at <= card.variable_end();
        let code = if matters { Code::ForeignCharacter } else { Code::ForeignComment };
        diagnostics.push(
            Diagnostic::new(
                code,
                number,
                at..at + 1,
                format!("`{}` is not a character of the 704", c.escape_debug()),
            )
            .label("read as a blank"),
        );
    }
    if let Some(at) = beyond {
        diagnostics.push(
            Diagnostic::new(
                Code::BeyondCard,
                number,
                at..column,
                "the line is longer than a card".to_owned(),
            )
            .label("not read: a card has 80 columns"),
        );
    }
    card
}
