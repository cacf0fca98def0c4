//! The program card in front of each deck, held against the assembler's symbols.

use asm704::Word;
use asm704::media::card::{Card, CardKind, CardSum};

use super::support::Deck;

/// Names and the symbols at which they enter.
type Entries<'a> = &'a [(&'a str, &'a str)];

const CHECKPOINT: Entries<'_> =
    &[("CHKPNT", "FTNCHK"), ("LIFE", "FTNLIF"), ("CHKOPR", "CHKOPR"), ("LARGER", "FTNLRG")];
const TAPES: Entries<'_> = &[
    ("CHKPNT", "FTNCHK"),
    ("LIFE", "FTNLIF"),
    ("LARGER", "FTNLRG"),
    ("TPINIT", "TPINIT"),
    ("TPOUTP", "FTNOUT"),
    ("TPWRIT", "FTNWRT"),
    ("TPMARK", "FTNMRK"),
    ("TPINPT", "FTNINP"),
    ("TPREAD", "FTNRED"),
    ("TPFREE", "FTNFRE"),
];

/// Every deck, its entries, and the symbol of its end.
const DECKS: &[(&str, Entries<'_>, &str)] = &[
    ("chkpnt", CHECKPOINT, "FTNEND"),
    ("chkstr", CHECKPOINT, "FTNEND"),
    ("tapes", TAPES, "FTNEND"),
    ("tapstr", TAPES, "FTNEND"),
    ("count", &[("", "MAIN")], "LAST"),
    ("step", &[("STEP", "STEP")], "LAST"),
    ("prtint", &[("PRTINT", "PRTINT")], "LAST"),
];

/// The sum of the words with the carry brought around, as ACL adds.
fn sum(words: &[Word]) -> u64 {
    const WORD: u64 = (1 << 36) - 1;
    words.iter().fold(0, |sum, word| {
        let sum = sum + word.bits();
        if sum > WORD { (sum & WORD) + 1 } else { sum }
    })
}

#[test]
fn every_program_card_says_what_is_behind_it() {
    for (name, entries, end) in DECKS {
        let deck = Deck::file(name);
        let first = deck.cards[0];
        let count = usize::from(first[0].decrement());
        let right = Word::new(sum(&[&first[..1], &first[2..2 + count]].concat()));
        assert_eq!(first[1], right, "{name}: the checksum of its program card is {right}");
        let CardKind::Program(card) = Card::from_words(&first).kind() else { panic!("{name}: {first:?}") };
        assert_eq!(card.checksum, CardSum::Right, "{name}");
        assert_eq!(card.length, deck.symbol(end), "{name}: the length goes to the very end");
        assert_eq!(card.common, 0o77777, "{name}");
        let found: Vec<_> = card.entries.iter().map(|(name, at)| (name.as_str(), *at)).collect();
        let wanted: Vec<_> = entries.iter().map(|(name, at)| (*name, deck.symbol(at))).collect();
        assert_eq!(found, wanted, "{name}");
        for card in &deck.cards[1..] {
            let card = Card::from_words(card);
            let CardKind::Relocatable { count, address, checksum } = card.kind() else {
                panic!("{name}: {:?}", card.kind())
            };
            assert!(checksum == CardSum::Right && card.relocated_fields().is_some(), "{name} {address:05o}");
            assert!(address + count <= deck.length(), "{name} {address:05o}");
        }
    }
}

/// `CHKLEN` is the plain part alone and `CHKSTN` leaves out the printing behind it: a loader that believed either would
/// put the next program there.
#[test]
fn the_printing_behind_the_strong_routine_is_counted() {
    for name in ["chkstr", "tapstr"] {
        let deck = Deck::file(name);
        assert_eq!(deck.length(), deck.symbol("PRTLIN") + 20, "{name}: two cards of ten words");
        assert!(deck.length() > deck.symbol("CHKPNT") + deck.symbol("CHKSTN"), "{name}");
    }
}

/// The rule of names: of four letters or more, a FUNCTION must not end in F, for then it is one of the library.
#[test]
fn no_function_has_a_name_that_ends_in_f() {
    for (_, entries, _) in DECKS {
        assert!(entries.iter().all(|(name, _)| name.len() <= 6 && !name.ends_with('F')));
    }
}

#[test]
fn the_operator_finds_his_entry_at_the_front() {
    for name in ["chkpnt", "chkstr", "tapes", "tapstr"] {
        let deck = Deck::file(name);
        assert_eq!((deck.symbol("CHKOPR"), deck.symbol("CHKXR4")), (0, 1), "{name}");
        // TRA, an empty word, and the name: C 23, H 30, K 42, O 46, P 47, R 51
        let front = &deck.cards[1][4..7];
        assert_eq!(front[0].bits() >> 24, 0o0020, "{name}");
        assert_eq!((front[1].bits(), front[2].bits()), (0, 0o233042464751), "{name}");
    }
}
