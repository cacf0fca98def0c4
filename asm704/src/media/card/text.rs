//! Decks as text: one line per card.
//!
//! Tabs go to the next multiple of eight. `~` alone is an end of file; `~raw` and 80 numbers of four octal digits hold the
//! punches of any card; `~eor`, `~eof` and `~eoi` are cards with 7-8-9, 6-7-9 and 6-7-8-9 in column 1.

use std::fmt::Write;

use super::deck::MOST_CARDS;
use super::{COLUMNS, Card, Deck, DeckError, DeckItem};
use crate::chars::{self, Graphics};

const SPECIAL: [(&str, u16); 4] = [("~eor", 0o07), ("~eof", 0o15), ("~eoi", 0o17), ("~78", 0o06)];

/// The end of a file under DOS and CP/M.
const END_OF_TEXT: u8 = 0x1a;
/// The form feed that begins a page of a listing.
const FORM_FEED: char = '\x0c';

/// The bytes without a byte order mark at the start and without the filling of DOS and CP/M at the end: everything from the
/// first ^Z on, if only ^Z, zeros, blanks and line ends follow.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Some(end) = bytes.iter().position(|&byte| byte == END_OF_TEXT) else { return bytes };
    let fill = |byte: &u8| matches!(byte, &END_OF_TEXT | 0 | b' ' | b'\r' | b'\n');
    if bytes[end..].iter().all(fill) { &bytes[..end] } else { bytes }
}

/// True if the bytes could be a text deck, even one with wrong lines.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    let bytes = trimmed(bytes);
    std::str::from_utf8(bytes).is_ok_and(|text| {
        text.chars().all(|c| matches!(c, '\t' | '\n' | '\r' | FORM_FEED) || !c.is_control())
    })
}

pub(super) fn read(bytes: &[u8]) -> Result<Deck, DeckError> {
    let bytes = trimmed(bytes);
    if bytes.is_empty() {
        return Err(DeckError::Empty);
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|&byte| byte == b'\n').count();
        let found = format!("byte 0x{:02x}", bytes[error.valid_up_to()]);
        DeckError::Line { line, column: 1, expected: "text", found }
    })?;
    let item =
        |(n, (line, text))| if n < MOST_CARDS { read_line(line, text) } else { Err(DeckError::TooMany) };
    let deck: Deck = lines(text).enumerate().map(item).collect::<Result<_, _>>()?;
    if deck.is_empty() { Err(DeckError::Empty) } else { Ok(deck) }
}

/// The lines that are cards, with their numbers. A form feed begins a page and is not part of a card: a line with only form
/// feeds is skipped, and text before a form feed is a line of its own.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().flat_map(|(n, line)| {
        let feeds = line.contains(FORM_FEED);
        line.split(FORM_FEED)
            .filter(move |part| !feeds || !part.trim().is_empty())
            .map(move |part| (n + 1, part))
    })
}

/// The characters of a text deck that no keypunch of the 704 has, with line and column, from 1. In listings they stand for
/// punches that are not a character; they are punched that way.
///
/// ```
/// use asm704::media::card::stand_ins;
///
/// assert_eq!(stand_ins(b"A=B\nC;D"), [(2, 2, ';')]);
/// ```
pub fn stand_ins(bytes: &[u8]) -> Vec<(usize, usize, char)> {
    let Ok(text) = std::str::from_utf8(trimmed(bytes)) else { return Vec::new() };
    let mut found = Vec::new();
    for (line, text) in lines(text) {
        let card = text.trim_end().to_ascii_lowercase();
        if card == "~" || card.starts_with("~raw") || SPECIAL.iter().any(|(name, _)| *name == card) {
            continue;
        }
        let stand_in = |c: char| chars::from_ascii(c).is_some_and(|core| !chars::has_key(core));
        found.extend(text.chars().enumerate().filter(|&(_, c)| stand_in(c)).map(|(n, c)| (line, n + 1, c)));
    }
    found
}

fn read_line(line: usize, text: &str) -> Result<DeckItem, DeckError> {
    let bad = |column, expected, found: String| DeckError::Line { line, column, expected, found };
    let trimmed = text.trim_end();
    if trimmed == "~" {
        return Ok(DeckItem::EndOfFile);
    }
    let lower = trimmed.to_ascii_lowercase();
    if let Some((_, punches)) = SPECIAL.iter().find(|(name, _)| *name == lower) {
        let mut card = Card::BLANK;
        card.columns[0] = *punches;
        return Ok(DeckItem::Card(card));
    }
    if let Some(digits) = lower.strip_prefix("~raw") {
        let digits = digits.trim_start();
        if let Some(place) = digits.bytes().position(|b| !(b'0'..=b'7').contains(&b)) {
            let found = digits.chars().find(|c| !('0'..='7').contains(c)).unwrap_or(' ');
            return Err(bad(lower.len() - digits.len() + place + 1, "octal digits", format!("{found:?}")));
        }
        if digits.len() != 4 * COLUMNS {
            return Err(bad(5, "80 numbers of four octal digits", format!("{} digits", digits.len())));
        }
        let mut card = Card::BLANK;
        for (column, number) in card.columns.iter_mut().zip(digits.as_bytes().chunks(4)) {
            *column = number.iter().fold(0, |punches, digit| punches << 3 | u16::from(digit - b'0'));
        }
        return Ok(DeckItem::Card(card));
    }
    let mut expanded = String::with_capacity(COLUMNS);
    let mut columns = 0;
    for c in trimmed.chars() {
        if c == '\t' {
            let next = (columns | 7) + 1;
            expanded.extend(std::iter::repeat_n(' ', next - columns));
            columns = next;
        } else {
            expanded.push(c);
            columns += 1;
        }
    }
    Card::from_text(&expanded).map(DeckItem::Card).map_err(|(column, c)| {
        if column > COLUMNS {
            bad(column, "at most 80 columns", format!("{c:?}"))
        } else {
            bad(column, "a character that the 704 has", format!("{c:?}"))
        }
    })
}

/// The line for an item, with its line end. Reading it gives the same card.
pub(super) fn line(item: &DeckItem) -> String {
    let card = match item {
        DeckItem::EndOfFile => return String::from("~\n"),
        DeckItem::Card(card) => card,
    };
    let only_first = card.columns[1..].iter().all(|&column| column == 0);
    let special = SPECIAL[..3].iter().find(|(_, punches)| only_first && *punches == card.columns[0]);
    if let Some((name, _)) = special {
        return format!("{name}\n");
    }
    match card.to_text(Graphics::Fortran) {
        Some(text) if !text.starts_with('~') && Card::from_text(&text) == Ok(*card) => text + "\n",
        _ => {
            let mut line = String::from("~raw");
            for column in card.columns {
                // writing to a string does not fail
                let _ = write!(line, "{column:04o}");
            }
            line + "\n"
        }
    }
}
