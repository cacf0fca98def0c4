//! Card formats that hold columns as bytes.

use super::deck::MOST_CARDS;
use super::{COLUMNS, Card, Deck, DeckError, DeckItem};
use crate::chars;
use crate::media::tape::{Mode, Parity, frame, parity};

/// The record that marks an end of file: a file mark of P7B.
pub(super) const END_OF_FILE: u8 = 0x8f;

const FIRST: u8 = 0x80;

/// The parts that begin with bit 7, with their offsets.
fn records(bytes: &[u8]) -> Result<Vec<(usize, &[u8])>, DeckError> {
    if bytes[0] & FIRST == 0 {
        let expected = String::from("a first byte with bit 7");
        return Err(DeckError::Damaged {
            card: 1,
            offset: 0,
            expected,
            found: format!("0x{:02x}", bytes[0]),
        });
    }
    let mut records = Vec::new();
    let mut start = 0;
    for at in 1..=bytes.len() {
        if at == bytes.len() || bytes[at] & FIRST != 0 {
            if records.len() == MOST_CARDS {
                return Err(DeckError::TooMany);
            }
            records.push((start, &bytes[start..at]));
            start = at;
        }
    }
    Ok(records)
}

fn check_parity(card: usize, offset: usize, record: &[u8], mode: Mode) -> Result<(), DeckError> {
    let wrong = |&byte: &u8| parity(byte) != mode.parity();
    match record.iter().position(wrong) {
        None => Ok(()),
        Some(place) => {
            let name = if mode.parity() == Parity::Odd { "odd" } else { "even" };
            let expected = format!("a byte of {name} parity");
            let found = format!("0x{:02x}", record[place]);
            Err(DeckError::Damaged { card, offset: offset + place, expected, found })
        }
    }
}

pub(super) fn read_cbn(bytes: &[u8]) -> Result<Deck, DeckError> {
    let mut deck = Deck::new();
    for (n, (offset, record)) in records(bytes)?.into_iter().enumerate() {
        if record == [END_OF_FILE] {
            deck.push(DeckItem::EndOfFile);
            continue;
        }
        if record.len() != 2 * COLUMNS {
            let expected = String::from("160 bytes");
            let found = format!("{} bytes", record.len());
            return Err(DeckError::Damaged { card: n + 1, offset, expected, found });
        }
        check_parity(n + 1, offset, record, Mode::Binary)?;
        let mut card = Card::BLANK;
        for (column, pair) in card.columns.iter_mut().zip(record.chunks(2)) {
            *column = u16::from(pair[0] & 0o77) << 6 | u16::from(pair[1] & 0o77);
        }
        deck.push(DeckItem::Card(card));
    }
    Ok(deck)
}

pub(super) fn cbn(card: &Card) -> [u8; 2 * COLUMNS] {
    let mut bytes = [0; 2 * COLUMNS];
    for (pair, column) in bytes.chunks_mut(2).zip(card.columns) {
        pair[0] = frame((column >> 6) as u8, Mode::Binary);
        pair[1] = frame(column as u8, Mode::Binary);
    }
    bytes[0] |= FIRST;
    bytes
}

pub(super) fn read_simh(bytes: &[u8]) -> Result<Deck, DeckError> {
    let mut deck = Deck::new();
    for (n, record) in bytes.chunks(2 * COLUMNS).enumerate() {
        let offset = n * 2 * COLUMNS;
        let damaged = |offset, expected, found| DeckError::Damaged { card: n + 1, offset, expected, found };
        if record.len() != 2 * COLUMNS {
            return Err(damaged(offset, String::from("160 bytes"), format!("{} bytes", record.len())));
        }
        let mut card = Card::BLANK;
        for (place, (column, pair)) in card.columns.iter_mut().zip(record.chunks(2)).enumerate() {
            if pair[0] & 15 != 0 {
                let expected = String::from("a byte whose low four bits are zero");
                return Err(damaged(offset + 2 * place, expected, format!("0x{:02x}", pair[0])));
            }
            *column = u16::from(pair[1]) << 4 | u16::from(pair[0]) >> 4;
        }
        deck.push(DeckItem::Card(card));
    }
    Ok(deck)
}

pub(super) fn simh(card: &Card) -> [u8; 2 * COLUMNS] {
    let mut bytes = [0; 2 * COLUMNS];
    for (pair, column) in bytes.chunks_mut(2).zip(card.columns) {
        pair[0] = (column as u8 & 15) << 4;
        pair[1] = (column >> 4) as u8;
    }
    bytes
}

pub(super) fn read_bcd(bytes: &[u8]) -> Result<Deck, DeckError> {
    let mut deck = Deck::new();
    for (n, (offset, record)) in records(bytes)?.into_iter().enumerate() {
        if record == [END_OF_FILE] {
            deck.push(DeckItem::EndOfFile);
            continue;
        }
        if record.len() > COLUMNS {
            let expected = String::from("at most 80 bytes");
            let found = format!("{} bytes", record.len());
            return Err(DeckError::Damaged { card: n + 1, offset, expected, found });
        }
        check_parity(n + 1, offset, record, Mode::Bcd)?;
        let mut card = Card::BLANK;
        for (column, byte) in card.columns.iter_mut().zip(record) {
            // code 00 is what the peer itself writes for a blank column
            *column = match byte & 0o77 {
                0 => 0,
                code => chars::to_punches(chars::tape_to_core(code)),
            };
        }
        deck.push(DeckItem::Card(card));
    }
    Ok(deck)
}

/// The bytes of a card. `Err` is the column, from 1, that is not a character.
pub(super) fn bcd(card: &Card) -> Result<Vec<u8>, usize> {
    let mut bytes = Vec::with_capacity(COLUMNS);
    for (n, &column) in card.columns.iter().enumerate() {
        let core = chars::from_punches(column).ok_or(n + 1)?;
        bytes.push(frame(chars::core_to_tape(core), Mode::Bcd));
    }
    bytes[0] |= FIRST;
    Ok(bytes)
}
