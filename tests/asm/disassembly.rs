//! Disassembly: assembling it again gives the very same cards.

use std::collections::BTreeMap;

use asm704::Word;
use asm704::disassemble::{disassemble, disassemble_image};
use proptest::prelude::*;

use super::run;

fn cards_of(source: &str) -> Vec<[Word; 24]> {
    run(source).cards().map(|card| card.words).collect()
}

/// The source of a deck, which must give the deck again.
#[track_caller]
fn round_trip(deck: &[[Word; 24]]) -> String {
    let source = disassemble(deck);
    let again = cards_of(&source);
    assert!(again == deck, "{source}\n{again:?}\n{deck:?}");
    source
}

#[test]
fn instructions_labels_and_data() {
    let source = "\nSTART  CLA A\n       SUB A+1\n       TZE *+2\n       TRA START\n       RTB 2\n       SWT 3\n       TIX START,4,-1\n       \
                  SLN 2\n       TSX 1,4\n       TTR START\nA      OCT 5,6\n       END START\n";
    let text = round_trip(&cards_of(&source.replacen('\n', "       ORG 64\n", 1)));
    let expected = "\
       ORG 64
L00100 CLA L00112
       SUB L00113
       TZE L00104
       TRA L00100
L00104 RTB 2
       SWT 3
       TIX L00100,4,-1
       SLN 2
       TSX 1,4
       TTR L00100
L00112 OCT 000000000005
L00113 OCT 000000000006
       END L00100
";
    assert_eq!(text, format!("{}{}", "       ", expected.trim_start()));
}

#[test]
fn every_operation_comes_back() {
    let table = include_str!("operations.txt");
    for row in table.lines().filter(|row| !row.starts_with('#')) {
        for fields in ["", " 5", " 5,2", " 5,2,3", " 255", " -1,7,-1"] {
            let name = if row.starts_with('(') { "   " } else { &row[..3] };
            let source = format!("       ORG 64\n       {name}{fields}\n       END 64\n");
            let deck = cards_of(&source);
            let text = round_trip(&deck);
            assert!(fields != " 5" || !text.contains("OCT"), "{name}{fields}: {text}");
        }
    }
}

#[test]
fn sense_addresses_with_more_than_the_bits_that_count() {
    for word in ["076000076161", "476000000161", "076000000561", "076000000167", "076000400161"] {
        round_trip(&cards_of(&format!("       ORG 64\n       OCT {word}\n       END 64\n")));
    }
}

#[test]
fn formats() {
    let source = "       FUL\n       OCT 1,2\n       REL\n       ORG 5\nA      CLA A\n       PZE -A,,A\n       TXI A,1,2\n       \
                  ABS\n       ORG 9\n       PZE 7\n       TCD 9\n       ORG 9\n       PZE 8\n       END 9\n";
    let text = round_trip(&cards_of(source));
    assert!(text.contains("CLA BASE+5"), "{text}");
    assert!(text.contains("TXI BASE+5,1,2"), "{text}");
}

#[test]
fn decks_without_a_transfer_card() {
    let mut deck = cards_of("       PZE 1\n       END 0\n");
    deck.pop();
    round_trip(&deck);
    round_trip(&[]);
}

fn word() -> impl Strategy<Value = Word> {
    prop_oneof![
        any::<u64>().prop_map(Word::new),
        (0..4096u64, 0..64u64, 0..8u64, 0..0o100000u64)
            .prop_map(|(code, d, t, a)| Word::new(code << 24 | d << 18 | t << 15 | a)),
        (0..64u64).prop_map(Word::new),
    ]
}

/// Cards of all kinds: nonsense, and what the assembler makes of random words.
fn some_deck() -> impl Strategy<Value = Vec<[Word; 24]>> {
    let nonsense = prop::array::uniform24(word()).prop_map(|card| vec![card]);
    let program = (
        prop::sample::select(vec!["ABS", "REL", "FUL"]),
        0..0o100000u32,
        prop::collection::vec((word(), 0..4u8, 0..4u8), 1..60),
        0..0o100000u32,
    )
        .prop_map(|(format, origin, words, transfer)| {
            let mut source = format!("       {format}\nR      SYN 0\n       ORG {origin}\n");
            for (word, decrement, address) in words {
                let moving = |value: u16, how| match how {
                    0 | 1 => value.to_string(),
                    2 => format!("R+{value}"),
                    _ => format!("{value}-R"),
                };
                let prefix =
                    ["PZE", "PON", "PTW", "PTH", "MZE", "MON", "MTW", "MTH"][usize::from(word.prefix())];
                let (d, a) = (moving(word.decrement(), decrement), moving(word.address(), address));
                source += &format!("       {prefix} {a},{},{d}\n", word.tag());
            }
            cards_of(&format!("{source}       END {transfer}\n"))
        });
    prop::collection::vec(prop_oneof![1 => nonsense, 4 => program], 0..5).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_deck_comes_back(deck in some_deck()) {
        round_trip(&deck);
    }

    #[test]
    fn any_core_image_comes_back(
        image in prop::collection::btree_map(0..200u16, word(), 1..80),
        start in 0..200u16,
    ) {
        let source = disassemble_image(&image, Some(start));
        let output = run(&source);
        let again: BTreeMap<u16, Word> = output.core_image().collect();
        prop_assert_eq!(again, image);
        prop_assert_eq!(output.start(), Some(start));
    }
}
