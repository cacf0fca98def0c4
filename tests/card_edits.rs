//! Edits of decks: kinds of cards that restorers meet, lists of cards, patches and their checksums, pieces.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use asm704::Word;
use asm704::assemble::{Options, assemble};
use asm704::media::card::{
    Card, CardFormat, CardKind, CardList, CardSum, CardWord, Change, Deck, DeckItem, Edit, EditError,
    InsertAt, PieceEnd, RelocatedFields, SetWord, SumRule, Summed, pieces, read_deck,
};
use proptest::prelude::*;

/// A card of words in octal, the rest blank.
fn card(words: &[&str]) -> Card {
    let mut all = [Word::ZERO; 24];
    for (word, text) in all.iter_mut().zip(words) {
        *word = text.parse().unwrap();
    }
    Card::from_words(&all)
}

/// The deck of a source.
fn assembled(source: &str) -> Deck {
    let output = assemble(source, &Options::default());
    assert!(!output.is_flagged(), "{source}");
    output.cards().map(|card| DeckItem::Card(Card::from_words(&card.words))).collect()
}

fn only_card(deck: &Deck) -> Card {
    let [DeckItem::Card(card)] = deck[..] else { panic!("{} cards", deck.len()) };
    card
}

fn set(texts: &[&str]) -> Vec<SetWord> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn patch(cards: &str, texts: &[&str], sum: SumRule) -> Edit {
    Edit::Patch { cards: cards.parse().unwrap(), set: set(texts), sum }
}

/// The card of COS and SIN, 154 = 108 words. The sum by hand: 400006000000 + 154 + 77774 = 400006100150; + COS, 234662606060, =
/// 634670706230; + SIN, 623145606060, = 1460036514310, which carries around to 460036514311; + 2.
#[test]
fn a_program_card_of_fortran_is_known() {
    let words = [
        "400006000000",
        "460036514313",
        "000000000154",
        "000000077774",
        "234662606060",
        "000000000000",
        "623145606060",
        "000000000002",
    ];
    let kind = card(&words).kind();
    let told = "program      108 words, common break 77774, enters COS at 00000, SIN at 00002, checksum ";
    assert_eq!(kind.to_string(), format!("{told}right"));
    let CardKind::Program(program) = kind else { panic!("{kind:?}") };
    assert_eq!((program.length, program.vector, program.common), (108, 0, 0o77774));
    assert_eq!(program.entries, [("COS".to_owned(), 0), ("SIN".to_owned(), 2)]);

    let mut wrong = words;
    wrong[1] = "460036514312";
    assert_eq!(card(&wrong).kind().to_string(), format!("{told}WRONG"));
    // an odd number of words, an entry that is no address, words behind those counted
    for (at, word) in [(0, "400005000000"), (7, "000001000002"), (8, "000000000001")] {
        let mut other = [&words[..], &["000000000000"]].concat();
        other[at] = word;
        assert_eq!(card(&other).kind().name(), "full", "{at}");
    }
}

/// 9R of zeros is no checksum, on each kind that has one.
#[test]
fn a_card_without_a_checksum_is_not_called_wrong() {
    // holes that are no characters
    let ones = "777777777777";
    for (words, told) in [
        (&["000001000100", "0", ones][..], "absolute      1 word  to 00100, no checksum"),
        (&["200001000100", "0", "0", "0", ones], "relocatable   1 word  to 00100, no checksum"),
        // STEP and PRTINT are called, the entry has no name: holes of characters alone
        (
            &["400004000000", "0", "000002000024", "77777", "0", "2"],
            "program      20 words, transfer vector of 2, common break 77777, enters (no name) at 00002, no checksum",
        ),
        (&["000001000100", "1", ones], "absolute      1 word  to 00100, checksum WRONG"),
        (&["000001000000", "777777777777", "777776777777"], "absolute      1 word  to 00000, checksum right"),
    ] {
        let words: Vec<String> = words.iter().map(|word| format!("{word:0>12}")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(card(&words).kind().to_string(), told);
    }
}

/// A control card as the library has it: assembled as an absolute card, then 9LP=4.
#[test]
fn prefix_4_makes_a_program_card_with_a_right_sum() {
    let mut deck = assembled(
        "       ORG 0\n       PZE 108\n       PZE -4\n       BCD 1COS\n       PZE 0\n       BCD 1SIN\n       PZE 2\n       END 0\n",
    );
    deck.pop();
    assert!(matches!(
        only_card(&deck).kind(),
        CardKind::Absolute { count: 6, address: 0, checksum: CardSum::Right }
    ));
    let changes = patch("1", &["9LP=4"], SumRule::Auto).apply(&mut deck).unwrap();
    let told: Vec<String> = changes.iter().map(ToString::to_string).collect();
    // the sum is that of the card above; before, it is less by the prefix, and has not carried: 060036514313 + 400000000000
    assert_eq!(
        told,
        [
            "card 1: 9L was 000006000000, is 400006000000",
            "card 1: 9R, the checksum, was 060036514313, is 460036514313"
        ]
    );
    assert!(only_card(&deck).kind().to_string().ends_with("SIN at 00002, checksum right"));
}

#[test]
fn nine_left_all_ones_is_a_card_between_results() {
    let ones = "777777777777";
    for words in [&[ones][..], &[ones, ones], &[ones; 24]] {
        assert_eq!(card(words).kind(), CardKind::Sevens, "{words:?}");
    }
    // text whose characters all have a 9 punch, and text of 35 nines
    for text in ["I".repeat(36), "9".repeat(35)] {
        assert_eq!(Card::from_text(&text).unwrap().kind(), CardKind::Symbolic(text));
    }
    let mut deck = read_deck(b"A\n\nB\n~\n", None).unwrap();
    deck.insert(1, DeckItem::Card(card(&[ones])));
    let strip = |blank, sevens| {
        let mut deck = deck.clone();
        Edit::Strip { blank, sevens }.apply(&mut deck).unwrap();
        deck.len()
    };
    assert_eq!([strip(true, false), strip(false, true), strip(true, true)], [4, 4, 3]);
}

/// One word for 0: bits 0, 10 are decrement absolute, address relocatable, 010 and zeros: 200000000000 in 8L.
#[test]
fn relocation_bits_are_counted() {
    let fields = |count: &str, bits: [&str; 2]| {
        let control = format!("2000{count}000000");
        let mut card = card(&[&control, "000000000000", bits[0], bits[1], "000000000001"]);
        let mut words = card.words();
        words[1] = card.sum(Summed::Counted);
        card.set_words(&words);
        card.relocated_fields()
    };
    let of = |direct, complement| Some(RelocatedFields { direct, complement });
    assert_eq!(fields("01", ["200000000000", "000000000000"]), of(1, 0));
    // 11, 10 is 1110
    assert_eq!(fields("01", ["700000000000", "000000000000"]), of(1, 1));
    assert_eq!(fields("24", ["000000000000", "000000000000"]), of(0, 0));
    // a bit is left; the bits end within the last field: 36 times 10 is all there is, and 40 fields are needed
    assert_eq!(fields("01", ["200000000000", "000000000001"]), None);
    assert_eq!(fields("24", ["525252525252", "525252525252"]), None);
    assert_eq!(card(&["000001000000"]).relocated_fields(), None);
    let deck =
        assembled("       REL\n       ORG 0\nA      PZE A\n       TXI A,1,A\n       PZE 3\n       END 0\n");
    let DeckItem::Card(card) = deck[0] else { panic!() };
    assert_eq!(card.relocated_fields(), of(3, 0));
}

#[test]
fn lists_of_cards_name_each_card_once() {
    let list = |text: &str| text.parse::<CardList>();
    assert_eq!(list("3,4,6-8").unwrap().resolve(8).unwrap(), [2, 3, 5, 6, 7]);
    assert_eq!(list(" 25- , 3 ").unwrap().to_string(), "25-,3");
    assert_eq!(list("2-").unwrap().resolve(3).unwrap(), [1, 2]);
    let told = |text: &str| list(text).unwrap_err().to_string();
    for text in ["", ",", "3,", "x", "-3", "+3", "3--4", "1-2-3", "99999999999999999999"] {
        assert!(
            told(text).ends_with("expected numbers and ranges such as 3,6-22,25-"),
            "{text}: {}",
            told(text)
        );
    }
    assert_eq!(told("0"), "`0` in a list of cards: cards are counted from 1");
    assert_eq!(told("7-6"), "`7-6` in a list of cards: the last card is before the first");
    for text in ["3,3", "1-9,4", "4,1-9", "5-,9", "9,5-", "1-,2-"] {
        assert!(told(text).ends_with("names a card that is in the list already"), "{text}");
    }
    for (text, card) in [("9", 9), ("2-9", 9), ("9-12", 9), ("9-", 9)] {
        let error = list(text).unwrap().resolve(8).unwrap_err();
        assert_eq!(error, EditError::NoCard { card, items: 8 }, "{text}");
        assert_eq!(error.to_string(), "no card 9: the deck ends with card 8");
    }
    assert_eq!(list("1").unwrap().resolve(0).unwrap_err().to_string(), "no card 1: the deck is empty");
}

#[test]
fn fields_of_words_are_named_as_the_manuals_do() {
    let word: Word = "123456701234".parse().unwrap();
    for (text, at, after) in [
        ("9L=5", 0, "000000000005"),
        ("9r=-5", 1, "400000000005"),
        ("8RP=4", 3, "423456701234"),
        ("0LD=0", 18, "100000701234"),
        ("0RT=0", 19, "123456001234"),
        ("11LA=77777", 20, "123456777777"),
        ("12RS=1", 23, "523456701234"),
        ("1LM=1", 16, "000000000001"),
        ("12lm=377777777777", 22, "377777777777"),
    ] {
        let set: SetWord = text.parse().unwrap();
        assert_eq!((set.word().index(), set.apply(word).to_string()), (at, after.to_owned()), "{text}");
    }
    assert_eq!(CardWord::ALL.map(|word| word.to_string())[18..], ["0L", "0R", "11L", "11R", "12L", "12R"]);
    let told = |text: &str| text.parse::<SetWord>().unwrap_err().to_string();
    assert_eq!(told("9LP"), "`9LP`: expected WORD=VALUE, such as 9LP=4 or 8R=000001000100");
    for place in ["", "9", "10L", "13R", "9X", "LP", "99L", "\u{e9}L"] {
        let told = told(&format!("{place}=1"));
        assert!(told.contains("is not a word of a card: expected 9L, 9R, 8L"), "{told}");
    }
    assert!(told("9LX=1").contains("X is not a field of a word: expected P prefix, D decrement"));
    assert!(told("9LPD=1").contains("PD is not a field"));
    for (text, most) in [
        ("9LP=10", "a prefix: expected octal 0 to 7"),
        ("9LT=10", "a tag: expected octal 0 to 7"),
        ("9LD=100000", "a decrement: expected octal 0 to 77777"),
        ("9LA=777777777777777777777777777", "an address: expected octal 0 to 77777"),
        ("9LS=2", "a sign: expected octal 0 to 1"),
        ("9LM=400000000000", "a magnitude: expected octal 0 to 377777777777"),
    ] {
        assert!(told(text).ends_with(&format!("is too large for {most}")), "{}", told(text));
    }
    for text in ["9LP=8", "9LP=", "9LA=-1", "9LA=+1", "9LA=x"] {
        assert!(told(text).ends_with("is not octal"), "{}", told(text));
    }
    assert!(told("9L=1234567012345").contains("is not a word"), "{}", told("9L=1234567012345"));
}

#[test]
fn checksums_are_kept_right_and_wrong_ones_left() {
    // 2 words for 100: 000002000100 + 5 + 7
    let right = card(&["000002000100", "000002000114", "000000000005", "000000000007"]);
    let wrong = card(&["000002000100", "000002000115", "000000000005", "000000000007"]);
    let after = |card: Card, texts: &[&str], rule| {
        let mut deck = vec![DeckItem::Card(card)];
        let changes = patch("1", texts, rule).apply(&mut deck).unwrap();
        let left = changes.contains(&Change::SumNotRight { card: 1 });
        (only_card(&deck).words()[1].to_string(), left)
    };
    let is = |text: &str, left| (text.to_owned(), left);
    assert_eq!(after(right, &["7L=3"], SumRule::Auto), is("000002000114", false), "7L is behind the words");
    assert_eq!(after(right, &["8R=10"], SumRule::Auto), is("000002000115", false));
    assert_eq!(after(wrong, &["8R=11"], SumRule::Auto), is("000002000115", true));
    assert_eq!(after(wrong, &["8R=10"], SumRule::Keep), is("000002000115", false), "it has become right");
    assert_eq!(after(right, &["8R=10"], SumRule::Keep), is("000002000114", true));
    assert_eq!(after(wrong, &["8R=11"], SumRule::New), is("000002000116", false));
    assert_eq!(after(right, &["8R=10", "9R=1"], SumRule::Auto), is("000000000001", true));
    assert_eq!(after(right, &["9R=1"], SumRule::New), is("000002000114", false));
    // the count changes: 1 word, 000001000100 + 5; none, which makes the sum one of the whole card, 100 + 5 + 7
    assert_eq!(after(right, &["9LD=1"], SumRule::Auto), is("000001000105", false));
    assert_eq!(after(right, &["9LD=0"], SumRule::Auto), is("000000000114", false));
    // a card of 24 words has no sum
    let full = card(&["053400100000", "070000100002", "100001100001"]);
    assert_eq!(full.checksum(), None);
    assert_eq!(after(full, &["8LD=2"], SumRule::Auto), is("070000100002", false));
    // 9R is the sum of all words where the decrement counts none: 1 + 2 + 4
    assert_eq!(
        card(&["000000000001", "000000000007", "000000000002", "000000000004"]).checksum(),
        Some(Summed::All)
    );
    assert_eq!(Card::BLANK.checksum(), None);
    assert_eq!(card(&["000000000001", "000000000001"]).checksum(), None, "nothing is summed");
}

#[test]
fn the_transfer_card_at_the_end_goes() {
    let dropped = |deck: &Deck| {
        let mut deck = deck.clone();
        Edit::DropTransfer.apply(&mut deck).map(|_| deck).map_err(|error| error.to_string())
    };
    for end in ["100", "0"] {
        let deck = assembled(&format!("       ORG 64\n       DEC 1\n       END {end}\n"));
        assert_eq!(dropped(&deck).unwrap(), deck[..1], "END {end}");
        assert_eq!(
            dropped(&deck[..1].to_vec()).unwrap_err(),
            "no transfer card at the end of the deck: card 1 is absolute"
        );
        let marked = [&deck[..], &[DeckItem::EndOfFile]].concat();
        assert_eq!(dropped(&marked).unwrap(), [deck[0].clone(), DeckItem::EndOfFile], "END {end}");
    }
    assert_eq!(
        dropped(&vec![DeckItem::EndOfFile]).unwrap_err(),
        "no transfer card at the end of the deck: it has no cards"
    );
}

#[test]
fn what_does_not_fit_leaves_the_deck_as_it_was() {
    let deck = read_deck(b"A\n~\nB\n", None).unwrap();
    let cards = |text: &str| text.parse::<CardList>().unwrap();
    for (edit, told) in [
        (Edit::Cut(cards("1,4")), "no card 4: the deck ends with card 3"),
        (Edit::Drop(cards("3-9")), "no card 9: the deck ends with card 3"),
        (patch("1-3", &["9L=1"], SumRule::Auto), "card 2 is an end of file: expected a card with words"),
        (patch("1,9", &["9L=1"], SumRule::Auto), "no card 9: the deck ends with card 3"),
        (
            Edit::Insert { at: InsertAt::Before(0), cards: deck.clone() },
            "no card 0: the deck ends with card 3",
        ),
        (
            Edit::Insert { at: InsertAt::Before(4), cards: deck.clone() },
            "no card 4: the deck ends with card 3",
        ),
        (
            Edit::Insert { at: InsertAt::After(4), cards: deck.clone() },
            "no card 4: the deck ends with card 3",
        ),
        (Edit::DropTransfer, "no transfer card at the end of the deck: card 3 is symbolic"),
    ] {
        let mut edited = deck.clone();
        assert_eq!(edit.apply(&mut edited).unwrap_err().to_string(), told, "{edit:?}");
        assert_eq!(edited, deck, "{edit:?}");
    }
}

#[test]
fn cards_come_in_where_they_are_told() {
    let told = |at| {
        let mut deck = read_deck(b"A\nB\n", None).unwrap();
        Edit::Insert { at, cards: read_deck(b"X\nY\n", None).unwrap() }.apply(&mut deck).unwrap();
        String::from_utf8(asm704::media::card::write_deck(&deck, CardFormat::Text).unwrap()).unwrap()
    };
    assert_eq!(told(InsertAt::Before(1)), "X\nY\nA\nB\n");
    assert_eq!(told(InsertAt::After(0)), "X\nY\nA\nB\n");
    assert_eq!(told(InsertAt::Before(2)), "A\nX\nY\nB\n");
    assert_eq!(told(InsertAt::After(1)), "A\nX\nY\nB\n");
    assert_eq!(told(InsertAt::After(2)), "A\nB\nX\nY\n");
    assert_eq!(told(InsertAt::End), "A\nB\nX\nY\n");
}

/// Two absolute pieces and END; a relocatable program that BSS leaves in one piece; a loader of 24 words.
#[test]
fn pieces_begin_at_an_org_and_end_at_an_end() {
    let absolute = assembled(
        "       ORG 64\n       DEC 1\n       BSS 1\n       DEC 2\n       ORG 66\n       DEC 3\n       ORG 200\n       DEC 4\n       END 64\n",
    );
    let relocatable =
        assembled("       REL\n       ORG 0\n       DEC 1\n       BSS 9\n       DEC 2\n       END 0\n");
    let full = assembled("       FUL\n       ORG 0\n       OCT 777777777776,5,777777777776\n       END 0\n");
    let deck = [&full[..1], &absolute, &relocatable, &[DeckItem::EndOfFile], &full[..1]].concat();
    let of = |at| {
        pieces(&deck, at)
            .into_iter()
            .map(|piece| (piece.items, piece.kind, piece.addresses, piece.transfer))
            .collect::<Vec<_>>()
    };
    let org = of(PieceEnd::Org);
    assert_eq!(
        org,
        [
            (0..1, "full", None, None),
            (1..2, "absolute", Some((0o100, 0o100)), None),
            // 102, behind the place that BSS leaves; ORG 66 is 102 as well
            (2..3, "absolute", Some((0o102, 0o102)), None),
            (3..4, "absolute", Some((0o102, 0o102)), None),
            (4..6, "absolute", Some((0o310, 0o310)), Some(0o100)),
            (6..9, "relocatable", Some((0, 0o12)), Some(0)),
            (10..11, "full", None, None),
        ]
    );
    let end = of(PieceEnd::End);
    assert_eq!(
        end,
        [
            (0..6, "full", Some((0o100, 0o310)), Some(0o100)),
            (6..9, "relocatable", Some((0, 0o12)), Some(0)),
            (10..11, "full", None, None),
        ]
    );
    assert_eq!(pieces(&[], PieceEnd::Org), []);
}

fn any_item() -> impl Strategy<Value = DeckItem> {
    let columns = prop::collection::vec(0..0o10000u16, 80);
    // absolute cards with right sums
    let absolute = (prop::collection::vec(0..=Word::MASK, 1..=22), 0..0o77777u16).prop_map(|(data, load)| {
        let mut words = [Word::ZERO; 24];
        words[0] = Word::from_fields(0, data.len() as u16, 0, load);
        for (word, bits) in words[2..].iter_mut().zip(&data) {
            *word = Word::new(*bits);
        }
        words[1] = words[2..].iter().fold(words[0], |sum, &word| sum.add_logical(word));
        DeckItem::Card(Card::from_words(&words))
    });
    prop_oneof![
        3 => columns.prop_map(|c| DeckItem::Card(Card { columns: c.try_into().unwrap() })),
        3 => absolute,
        1 => "[ -Z]{0,80}".prop_filter_map("no character", |t| Card::from_text(&t).ok().map(DeckItem::Card)),
        1 => Just(DeckItem::EndOfFile),
        1 => Just(DeckItem::Card(Card::BLANK)),
    ]
}

proptest! {
    /// A deck is its two parts put together, and the rest of a drop is the cut.
    #[test]
    fn cut_and_join_is_the_deck(deck in prop::collection::vec(any_item(), 2..12), at in 1..11usize) {
        let at = at.min(deck.len() - 1);
        let edited = |edit: Edit| {
            let mut deck = deck.clone();
            edit.apply(&mut deck).map(|_| deck)
        };
        let first: CardList = format!("1-{at}").parse().unwrap();
        let rest: CardList = format!("{}-", at + 1).parse().unwrap();
        let (front, back) = (edited(Edit::Cut(first.clone())).unwrap(), edited(Edit::Cut(rest)).unwrap());
        prop_assert_eq!(edited(Edit::Drop(first)).unwrap(), back.clone());
        prop_assert_eq!([&front[..], &back].concat(), deck.clone());
        let mut joined = front;
        Edit::Insert { at: InsertAt::End, cards: back }.apply(&mut joined).unwrap();
        prop_assert_eq!(joined, deck);
    }

    /// A patch of any words but 9R leaves a right checksum right, and columns 73-80 and all other cards as they were.
    #[test]
    fn a_patch_keeps_the_sum_right(
        deck in prop::collection::vec(any_item(), 1..6),
        at in 0..6usize,
        changes in prop::collection::vec((0..24usize, 0..7usize, any::<u64>()), 1..6),
    ) {
        let at = at.min(deck.len() - 1);
        let fields = [("", 36), ("P", 3), ("D", 15), ("T", 3), ("A", 15), ("S", 1), ("M", 35)];
        let texts: Vec<String> = changes.iter().filter(|(word, ..)| *word != 1).map(|&(word, field, bits)| {
            let (letter, n) = fields[field];
            format!("{}{letter}={:o}", CardWord::ALL[word], bits & ((1 << n) - 1))
        }).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut edited = deck.clone();
        let applied = patch(&(at + 1).to_string(), &texts, SumRule::Auto).apply(&mut edited);
        let DeckItem::Card(before) = &deck[at] else {
            prop_assert_eq!(applied, Err(EditError::EndOfFile { card: at + 1 }));
            return Ok(());
        };
        let DeckItem::Card(after) = &edited[at] else { panic!("a card became an end of file") };
        prop_assert_eq!(&before.columns[72..], &after.columns[72..]);
        let mut words = before.words();
        for text in &texts {
            let set: SetWord = text.parse().unwrap();
            prop_assert_eq!(set.to_string().parse::<SetWord>().unwrap(), set);
            words[set.word().index()] = set.apply(words[set.word().index()]);
        }
        if before.checksum().is_some() {
            let count = usize::from(words[0].decrement()) + if words[0].prefix() & 6 == 2 { 2 } else { 0 };
            let behind = if words[0].decrement() == 0 || count > 22 { 24 } else { 2 + count };
            words[1] = words[2..behind].iter().fold(words[0], |sum, &word| sum.add_logical(word));
        }
        prop_assert_eq!(after.words(), words);
        edited[at] = deck[at].clone();
        prop_assert_eq!(edited, deck);
    }

    /// Pieces are in order, none is empty, and what is in none is an end of file.
    #[test]
    fn pieces_are_the_deck(deck in prop::collection::vec(any_item(), 0..12)) {
        for at in [PieceEnd::Org, PieceEnd::End] {
            let mut next = 0;
            for piece in pieces(&deck, at) {
                prop_assert!(!piece.items.is_empty());
                prop_assert!(deck[next..piece.items.start].iter().all(|item| *item == DeckItem::EndOfFile));
                prop_assert!(deck[piece.items.clone()].iter().all(|item| *item != DeckItem::EndOfFile));
                next = piece.items.end;
            }
            prop_assert!(deck[next..].iter().all(|item| *item == DeckItem::EndOfFile));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[0-9LRPDTASM=,+\\-\u{e9} ]{0,12}") {
        let _ = text.parse::<SetWord>();
        if let Ok(list) = text.parse::<CardList>() {
            let _ = list.resolve(9);
            prop_assert_eq!(list.to_string().parse::<CardList>().unwrap(), list);
        }
    }
}
