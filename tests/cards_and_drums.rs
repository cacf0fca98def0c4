//! Decks and drum images: bytes worked by hand from the forms' descriptions, round trips, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use asm704::Word;
use asm704::chars::Graphics;
use asm704::media::card::{Card, CardFormat, DeckError, DeckItem, read_deck, recognise, write_deck};
use asm704::media::drum::{self, DRUM_WORDS, DrumError, DrumFormat, read_drum, write_drum};
use asm704::media::text::{dump_drum, undump_drum};
use proptest::prelude::*;

/// A in column 1 (12-1), 0 in column 2 (0), 9-row and 12-row holes in column 72.
fn card() -> Card {
    let mut card = Card::BLANK;
    card.columns[0] = 0o4400;
    card.columns[1] = 0o1000;
    card.columns[71] = 0o4001;
    card
}

/// With all holes in column 80, too, which is no character.
fn laced() -> Card {
    let mut card = card();
    card.columns[79] = 0o7777;
    card
}

#[test]
fn words_go_row_by_row_from_9_to_12() {
    let mut words = [Word::ZERO; 24];
    words[1] = Word::new(1); // row 9, right half, column 72
    words[16] = Word::new(Word::SIGN); // row 1, left half, column 1
    words[18] = Word::new(Word::SIGN >> 1); // row 0, column 2
    words[22] = Word::new(Word::SIGN); // row 12, column 1
    words[23] = Word::new(1); // row 12, column 72
    assert_eq!(Card::from_words(&words), card());
    assert_eq!(card().words(), words);
    assert!(!card().has_identification());
}

#[test]
fn column_binary_has_odd_parity_and_bit_7_on_the_first_byte() {
    let bytes = write_deck(&[DeckItem::Card(card()), DeckItem::EndOfFile], CardFormat::Cbn).unwrap();
    // column 1: rows 12,11,0,1,2,3 = 100100 = 0x24, even, so 0x64, and 0x80; rows 4-9 = 0, so 0x40
    // column 2: 001000 = 0x08; column 72: 100000 = 0x20 and 000001
    let mut expected = [0x40; 161];
    expected[0] = 0xe4;
    expected[2] = 0x08;
    expected[142] = 0x20;
    expected[143] = 0x01;
    expected[160] = 0x8f;
    assert_eq!(bytes, expected);
    assert_eq!(recognise(&bytes).unwrap().0, CardFormat::Cbn);
    assert_eq!(read_deck(&bytes, None).unwrap(), [DeckItem::Card(card()), DeckItem::EndOfFile]);
}

#[test]
fn simh_binary_has_rows_6_to_9_first() {
    let bytes = write_deck(&[DeckItem::Card(card())], CardFormat::SimhBinary).unwrap();
    let mut expected = [0; 160];
    // column 1: rows 6,7,8,9 none; rows 12,11,0,1,2,3,4,5 = 10010000
    expected[1] = 0x90;
    expected[3] = 0x20;
    expected[142] = 0x10;
    expected[143] = 0x80;
    assert_eq!(bytes, expected);
    assert_eq!(recognise(&bytes).unwrap().0, CardFormat::SimhBinary);
    assert_eq!(read_deck(&bytes, None).unwrap(), [DeckItem::Card(card())]);
    assert_eq!(
        write_deck(&[DeckItem::EndOfFile], CardFormat::SimhBinary).unwrap_err().to_string(),
        "card 1: SIMH binary cannot hold an end of file"
    );
}

#[test]
fn simh_bcd_has_a_byte_a_column() {
    let ab0 = Card::from_text("A 0S").unwrap();
    let bytes = write_deck(&[DeckItem::Card(ab0)], CardFormat::SimhBcd).unwrap();
    // the table of codes: A 0x71, blank 0x50, 0 0x0a, S 0x12
    assert_eq!(bytes[..6], [0xf1, 0x50, 0x0a, 0x12, 0x50, 0x50]);
    assert_eq!(bytes.len(), 80);
    assert_eq!(recognise(&bytes).unwrap().0, CardFormat::SimhBcd);
    assert_eq!(read_deck(&bytes, None).unwrap(), [DeckItem::Card(ab0)]);
    // trailing blanks cut, blanks as the peer writes them (00), and an end of file
    let peer = [0xf1, 0x00, 0x0a, 0x12, 0x8f];
    assert_eq!(read_deck(&peer, None).unwrap(), [DeckItem::Card(ab0), DeckItem::EndOfFile]);
    assert_eq!(
        write_deck(&[DeckItem::Card(laced())], CardFormat::SimhBcd).unwrap_err().to_string(),
        "card 1: SIMH BCD cannot hold the punches of column 80, which are not a character"
    );
}

#[test]
fn text_is_a_line_a_card() {
    let deck = read_deck(b"A\tB\r\n\n~\n~eof\n~EOR\n~eoi", None).unwrap();
    let special = |punches| {
        let mut card = Card::BLANK;
        card.columns[0] = punches;
        DeckItem::Card(card)
    };
    assert_eq!(
        deck,
        [
            DeckItem::Card(Card::from_text("A       B").unwrap()),
            DeckItem::Card(Card::BLANK),
            DeckItem::EndOfFile,
            special(0o15),
            special(0o7),
            special(0o17),
        ]
    );
    let raw = format!("~raw44001000{}4001{}7777\n", "0".repeat(4 * 69), "0".repeat(4 * 7));
    assert_eq!(read_deck(raw.as_bytes(), None).unwrap(), [DeckItem::Card(laced())]);
    assert_eq!(write_deck(&[DeckItem::Card(laced())], CardFormat::Text).unwrap(), raw.as_bytes());
    assert_eq!(write_deck(&deck, CardFormat::Text).unwrap(), b"A       B\n\n~\n~eof\n~eor\n~eoi\n");
}

#[test]
fn hollerith_is_read_both_ways() {
    let text = "0123456789=' +ABCDEFGHI.) -JKLMNOPQR$* /STUVWXYZ,(";
    let card = Card::from_text(text).unwrap();
    assert_eq!(card.columns[14], 0o4400);
    assert_eq!(card.to_text(Graphics::Fortran).unwrap(), text);
    assert_eq!(Card::from_text("AB\u{e9}"), Err((3, '\u{e9}')));
    assert_eq!(Card::from_text(&"A".repeat(81)), Err((81, 'A')));
    assert!(Card::from_text(&format!("{}   ", "A".repeat(80))).is_ok());
}

fn refused(bytes: &[u8]) -> String {
    recognise(bytes).and_then(|_| read_deck(bytes, None)).unwrap_err().to_string()
}

#[test]
fn what_is_no_deck_is_refused() {
    assert_eq!(refused(b""), "the file is empty: expected a deck of at least one card");
    // nothing but a mark of the encoding
    assert_eq!(refused(b"\xef\xbb\xbf"), refused(b""));
    assert!(
        refused(b"\x7fELF\x02\x01\x01\0\0\0")
            .starts_with("not a deck of cards: it is a program for today's computers, expected a deck: ")
    );
    assert!(
        refused(b"\x7fLF\x02\x01\x01\0\0\0")
            .starts_with("not a deck of cards: expected text, or cards of 160 bytes")
    );
    let cbn = write_deck(&[DeckItem::Card(laced()), DeckItem::Card(laced())], CardFormat::Cbn).unwrap();
    assert_eq!(refused(&cbn[..217]), "card 2 at offset 160: expected 160 bytes, found 57 bytes");
    let mut parity = cbn;
    parity[200] = 0;
    assert_eq!(refused(&parity), "card 2 at offset 200: expected a byte of odd parity, found 0x00");
    let simh =
        write_deck(&[DeckItem::Card(laced()), DeckItem::Card(laced())], CardFormat::SimhBinary).unwrap();
    assert_eq!(refused(&simh[..300]), "card 2 at offset 160: expected 160 bytes, found 140 bytes");
    assert_eq!(refused(b"GOOD\nB{}D\x07\n").split(':').next(), Some("not a deck of cards"));
    assert_eq!(
        refused("GOOD\nBA\u{dc}D\n".as_bytes()),
        "line 2, column 3: expected a character that the 704 has, found 'Ü'"
    );
    let long = format!("{}\n", "A".repeat(90));
    assert_eq!(refused(long.as_bytes()), "line 1, column 81: expected at most 80 columns, found 'A'");
    assert_eq!(
        refused(b"~raw0000\n"),
        "line 1, column 5: expected 80 numbers of four octal digits, found 4 digits"
    );
    assert_eq!(refused(b"~raw 0008\n"), "line 1, column 9: expected octal digits, found '8'");
}

/// 412345654321: prefix 4, decrement 12345, tag 6, address 54321.
#[test]
fn drum_words_in_both_forms() {
    let word: Word = "412345654321".parse().unwrap();
    let mut words = vec![Word::ZERO; DRUM_WORDS];
    words[1] = word;
    let sim704 = write_drum(&words, DrumFormat::Sim704, 3, &[]).unwrap();
    assert_eq!(sim704.len(), 10240);
    // 54321 octal = 0x58d1, 12345 octal = 0x14e5
    assert_eq!(sim704[5..10], [0xd1, 0x58, 0xe5, 0x14, 0x46]);
    assert_eq!(read_drum(&sim704, 7).unwrap(), (DrumFormat::Sim704, words.clone()));

    let old = [1, 0, 0, 0, 0, 0, 0, 0];
    let simh = write_drum(&words, DrumFormat::Simh, 3, &old).unwrap();
    assert_eq!(simh.len(), 3 * 16384);
    assert_eq!(simh[..8], old);
    // 412345654321 octal = 0x8_5397_58d1
    assert_eq!(simh[2 * 16384 + 8..][..8], [0xd1, 0x58, 0x97, 0x53, 0x08, 0, 0, 0]);
    assert_eq!(read_drum(&simh, 3).unwrap(), (DrumFormat::Simh, words));
    assert_eq!(read_drum(&simh, 1).unwrap().1[0], Word::new(1));
    assert!(read_drum(&simh, 8).unwrap().1.iter().all(|&w| w == Word::ZERO));
}

#[test]
fn what_is_no_drum_is_refused() {
    assert_eq!(
        drum::recognise(b"hello").unwrap_err().to_string(),
        "not an image of a drum: expected 10240 bytes (Sim704) or a multiple of 8 up to 131072 (SIMH), found 5"
    );
    assert_eq!(drum::recognise(&[]), Err(DrumError::Size { found: 0 }));
    assert!(matches!(read_drum(&[0xff; 16], 1), Err(DrumError::Word { offset: 0, .. })));
    assert!(matches!(read_drum(&[0xff; 10240], 1), Err(DrumError::Word { offset: 0, .. })));
    assert_eq!(read_drum(&[0; 16], 9), Err(DrumError::Number(9)));
}

#[test]
fn drums_as_text() {
    let words: Vec<Word> = ["412345654321", "1", "1", "1"].iter().map(|w| w.parse().unwrap()).collect();
    let sim704 = write_drum(&words, DrumFormat::Sim704, 3, &[]).unwrap();
    let text = dump_drum(&sim704).unwrap();
    assert_eq!(
        text,
        "\
704 drum text 1
form sim704
drum 2048 words
  00000  -012345654321 +000000000001 +000000000001 +000000000001
  00004-03777  +000000000000
"
    );
    assert_eq!(undump_drum(&text).unwrap(), sim704);
    // SIMH's ends behind the last word that was written
    let mut simh = write_drum(&words, DrumFormat::Simh, 2, &[]).unwrap();
    simh.truncate(16384 + 32);
    let text = dump_drum(&simh).unwrap();
    let expected = "\
704 drum text 1
form simh
drum 1 2048 words
  00000-03777  +000000000000
drum 2 4 words
  00000  -012345654321 +000000000001 +000000000001 +000000000001
";
    assert_eq!(text, expected);
    assert_eq!(undump_drum(&text).unwrap(), simh);
    let refused = |text: &str| undump_drum(text).unwrap_err().to_string();
    assert_eq!(refused(""), "line 1: expected a drum, found the end of the text");
    assert_eq!(
        refused("hello"),
        "line 1: expected `704 drum text 1`, the first line of the text of drums, found `hello`"
    );
    assert_eq!(
        refused("704 drum text 1\nform simh\ndrum 2 4 words\n"),
        "line 3: expected the next drum, such as `drum 1 2048 words`, found `drum 2 4 words`"
    );
    assert_eq!(
        refused("704 drum text 1\nform simh\ndrum 1 4 words\n  00000-00002  000000000000\n"),
        "line 3: expected 4 words on the next lines, found 3"
    );
}

fn any_card() -> impl Strategy<Value = DeckItem> {
    let columns = prop::collection::vec(0..0o10000u16, 80);
    prop_oneof![
        4 => columns.prop_map(|c| DeckItem::Card(Card { columns: c.try_into().unwrap() })),
        4 => "[ -Z]{0,80}".prop_filter_map("no character", |t| Card::from_text(&t).ok().map(DeckItem::Card)),
        1 => Just(DeckItem::EndOfFile),
        1 => Just(DeckItem::Card(Card::BLANK)),
    ]
}

proptest! {
    #[test]
    fn every_form_gives_back_what_was_written(deck in prop::collection::vec(any_card(), 1..6)) {
        for format in CardFormat::ALL {
            match write_deck(&deck, format) {
                Ok(bytes) => {
                    // 12-0 and 11-0 have another code of the same meaning, and 8-2 is 0 in BCD
                    if format == CardFormat::SimhBcd { continue; }
                    prop_assert_eq!(read_deck(&bytes, Some(format)).unwrap(), deck.clone());
                }
                Err(DeckError::Unrepresentable { .. }) => {}
                Err(error) => prop_assert!(false, "{}", error),
            }
        }
        let text = write_deck(&deck, CardFormat::Text).unwrap();
        prop_assert_eq!(recognise(&text).unwrap().0, CardFormat::Text);
        let cbn = write_deck(&deck, CardFormat::Cbn).unwrap();
        prop_assert_eq!(recognise(&cbn).unwrap().0, CardFormat::Cbn);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), drum in any::<u8>()) {
        let _ = read_deck(&bytes, None);
        for format in CardFormat::ALL {
            let _ = read_deck(&bytes, Some(format));
        }
        let _ = read_drum(&bytes, drum);
        if let Ok(text) = dump_drum(&bytes) {
            prop_assert_eq!(undump_drum(&text).unwrap(), bytes);
        }
    }

    #[test]
    fn drums_come_back_from_their_text(words in prop::collection::vec(0..=Word::MASK, 1..5000), cut in 0..10usize) {
        let mut words: Vec<Word> = words.into_iter().map(Word::new).collect();
        words.resize(words.len() + 9, Word::ZERO);
        let simh: Vec<u8> = words.iter().flat_map(|word| word.bits().to_le_bytes()).collect();
        let simh = &simh[..simh.len() - 8 * cut];
        if simh.len() != 10240 {
            prop_assert_eq!(undump_drum(&dump_drum(simh).unwrap()).unwrap(), simh);
        }
        let sim704 = write_drum(&words, DrumFormat::Sim704, 1, &[]).unwrap();
        prop_assert_eq!(undump_drum(&dump_drum(&sim704).unwrap()).unwrap(), sim704);
    }

    #[test]
    fn words_come_back(bits in prop::collection::vec(any::<u64>(), 24)) {
        let words: [Word; 24] = std::array::from_fn(|n| Word::new(bits[n]));
        prop_assert_eq!(Card::from_words(&words).words(), words);
    }
}

/// A file of all eight logical drums keeps its length and the drums that are not written; what is longer is cut to them.
#[test]
fn one_drum_is_written_among_eight() {
    let one = write_drum(&[Word::new(1)], DrumFormat::Simh, 1, &[]).unwrap();
    let all = vec![0o123; 8 * one.len()];
    for old in [all.clone(), [all.clone(), vec![7; 100]].concat()] {
        let new = write_drum(&[Word::new(5)], DrumFormat::Simh, 3, &old).unwrap();
        assert_eq!(new.len(), all.len());
        assert_eq!(new[..2 * one.len()], all[..2 * one.len()]);
        assert_eq!(new[2 * one.len()], 5);
        assert_eq!(new[3 * one.len()..], all[3 * one.len()..]);
    }
}

/// A form feed begins a page and is no card, so a text of nothing else has none: found by a fuzzer.
#[test]
fn a_text_of_form_feeds_is_no_deck() {
    for text in ["\x0c", "\x0c\n\x0c \n", "\x0c\x1a"] {
        assert!(
            matches!(read_deck(text.as_bytes(), Some(CardFormat::Text)), Err(DeckError::Empty)),
            "{text:?}"
        );
    }
}
