//! Decks: formats, breaks, checksums, relocation, tables (sap.md 6, 8).

use asm704::Word;
use asm704::deck::CardKind;

use super::{deck, run};

/// Control words and the number of words of absolute cards, checksums verified.
fn controls(source: &str) -> Vec<String> {
    run(source)
        .cards()
        .map(|card| {
            let count = card.words[0].decrement();
            if card.kind == CardKind::Absolute || card.kind == CardKind::SymbolTable {
                let data = &card.words[2..2 + usize::from(count)];
                let sum = data.iter().fold(card.words[0], |sum, &word| sum.add_logical(word));
                assert_eq!(sum, card.words[1]);
            }
            card.words[0].to_string()
        })
        .collect()
}

/// That many cards `PZE n`.
fn words(count: usize) -> String {
    (0..count).map(|n| format!("       PZE {n}\n")).collect()
}

#[test]
fn a_whole_small_deck() {
    let source = "       ORG 100\n START CLA A\n       ADD B,2\n       STO C\n       TIX START,4,1\n       \
                  HTR START\n A     DEC 1,2.5,-3B17\n B     OCT 777\n C     BSS 1\n       END START\n";
    let first = "000011000144 172615602157 050000000151 040000200154 060100000155 200001400144 000000000144 \
                 000000000001 202500000000 400003000000 000000000777";
    assert_eq!(deck(source), [first, "000000000144"]);
    let output = run(source);
    assert_eq!(output.start(), Some(0o144));
    assert!(!output.is_flagged());
}

#[test]
fn ten_words_from_100() {
    assert_eq!(
        controls(&format!("       ORG 100\n{}       END 100\n", words(10))),
        ["000012000144", "000000000144"]
    );
}

#[test]
fn absolute_cards_hold_22_words() {
    let source = format!("{}       END 0\n", words(50));
    assert_eq!(controls(&source), ["000026000000", "000026000026", "000006000054", "000000000000"]);
}

#[test]
fn breaks() {
    // ORG, BSS, BES, ABS, FUL, REL, TCD, END, BOS, a number as location: a new card
    for op in ["ORG 64", "BSS 0", "BES 0", "ABS", "BOS"] {
        let source = format!("       PZE 1\n       {op}\n       PZE 2\n       END 0\n");
        assert_eq!(run(&source).cards().count(), 3, "{op}");
    }
    // not LOC, EQU, SYN, HED, REM, DEF, SPC
    for op in ["LOC 64", "EQU 1", "SYN 1", "HED", "REM", "DEF 1", "SPC 2", "SKP 1"] {
        let source = format!("       PZE 1\n       {op}\n       PZE 2\n       END 0\n");
        assert_eq!(run(&source).cards().count(), 2, "{op}");
    }
}

#[test]
fn transfer_cards_have_one_word_and_may_be_blank() {
    let source = "       PZE 1\n       TCD 8\n       PZE 2\n       END\n";
    assert_eq!(
        deck(source),
        [
            "000001000000 000001000001 000000000001",
            "000000000010",
            "000001000001 000001000003 000000000002",
            "000000000000"
        ]
    );
}

#[test]
fn full_cards_have_24_words_and_no_control_word() {
    let source = format!("       FUL\n{}       ORG 64\n       PZE 7\n       END 8\n", words(25));
    let output = run(&source);
    let cards: Vec<_> = output.cards().collect();
    assert_eq!(cards.len(), 4);
    assert_eq!(cards[0].words, std::array::from_fn(|n| Word::new(n as u64)));
    assert_eq!(deck(&source)[1..], ["000000000030", "000000000007", "000000000010"]);
    assert_eq!(cards[0].kind, CardKind::Full);
}

#[test]
fn relocation_bits() {
    let source = "       REL
       ORG 0
A      CLA B
       TIX A,1,B
       CLA 5
       PZE A+B
       PZE A-B
       PZE 5-A
       PZE A*2
       PZE ,,A
       PZE *
       PZE *+1,,*-1
       PZE -A,,-A
B      OCT 7
       END A
";
    let output = run(source);
    let cards: Vec<_> = output.cards().collect();
    // 12 words; the two relocation words are not counted
    assert_eq!(cards[0].words[0].to_string(), "200014000000");
    let bits = format!("{:036b}{:036b}", cards[0].words[2].bits(), cards[0].words[3].bits());
    let expected =
        ["010", "1010", "00", "00", "00", "011", "010", "100", "010", "1010", "1111", "00"].concat();
    assert_eq!(bits.trim_end_matches('0'), expected.trim_end_matches('0'));
    // the checksum includes them
    let sum = cards[0].words[2..16].iter().fold(cards[0].words[0], |sum, &word| sum.add_logical(word));
    assert_eq!(cards[0].words[1], sum);
    // the transfer card has prefix 2
    assert_eq!(cards[1].words[0].to_string(), "200000000000");
}

#[test]
fn symbols_of_equ_are_absolute_and_those_of_syn_relocatable() {
    let source = "       REL\nE      EQU 5\nS      SYN 5\n       PZE E\n       PZE S\n       PZE S-*\n       PZE UND\n       END 0\n";
    let output = run(source);
    let card = output.cards().next().unwrap();
    // 00, 010, 00, 00
    assert_eq!(card.words[2].bits() >> 27, 0b0_0010_0000);
}

#[test]
fn relocatable_cards_end_at_20_words_or_when_more_than_68_bits_are_used() {
    let plain = format!("       REL\n{}       END 0\n", words(21));
    let counts = |source: &str| run(source).cards().map(|card| card.words[0].decrement()).collect::<Vec<_>>();
    assert_eq!(counts(&plain), [20, 1, 0]);
    // 4 bits a word: 18 words use 72
    let both = format!("       REL\n{}       END 0\n", "       PZE *,,*\n".repeat(19));
    assert_eq!(counts(&both), [18, 1, 0]);
    let output = run(&both);
    assert_eq!(output.cards().nth(1).unwrap().words[0].address(), 18);
}

#[test]
fn formats_change_within_an_assembly() {
    let source = "       PZE 1\n       FUL\n       PZE 2\n       REL\n       PZE 3\n       ABS\n       PZE 4\n       END 0\n";
    let output = run(source);
    let kinds: Vec<CardKind> = output.cards().map(|card| card.kind).collect();
    assert_eq!(
        kinds,
        [CardKind::Absolute, CardKind::Full, CardKind::Relocatable, CardKind::Absolute, CardKind::Transfer]
    );
}

#[test]
fn backward_origins_and_overlaps_are_punched_as_they_come() {
    let source = "       ORG 8\n       PZE 1\n       ORG 8\n       PZE 2\n       END 0\n";
    assert_eq!(controls(source), ["000001000010", "000001000010", "000000000000"]);
}

#[test]
fn the_symbol_table_is_punched_in_front() {
    let source = "       PST\nA      PZE\nB      EQU 5\n       END 0\n";
    let output = run(source);
    let kinds: Vec<CardKind> = output.cards().map(|card| card.kind).collect();
    assert_eq!(kinds, [CardKind::SymbolTable, CardKind::Blank, CardKind::Absolute, CardKind::Transfer]);
    // 6 words from 03554: size word (complement of twice the count, twice the bit length of 3), sum, A relocatable 0, B 5
    let table = deck(source)[0].clone();
    assert!(table.starts_with("000006003554 "), "{table}");
    assert!(
        table.ends_with("077774000004 000000200050 000000000021 000000200000 000000000022 000000000005"),
        "{table}"
    );
}

#[test]
fn the_symbol_table_behind_has_multiply_defined_symbols_marked() {
    let source = "       FST\nA      EQU 1\nA      EQU 2\n       END 0\n";
    let output = run(source);
    let kinds: Vec<CardKind> = output.cards().map(|card| card.kind).collect();
    assert_eq!(kinds, [CardKind::Transfer, CardKind::SymbolTable, CardKind::Blank]);
    let card = output.cards().nth(1).unwrap();
    assert_eq!(card.words[4..8].iter().filter(|word| word.is_negative()).count(), 2);
}

#[test]
fn cards_that_bos_sends_to_a_tape_are_not_in_the_deck() {
    let source = "       PZE 1\n       BOS 5\n       PZE 2\n       BOS\n       PZE 3\n       END 0\n";
    assert_eq!(controls(source), ["000001000000", "000001000002", "000000000000"]);
    assert_eq!(super::codes(source), ["2 A016"]);
}

#[test]
fn column_binary() {
    let output = run("       END -1\n");
    let bytes = asm704::deck::to_cbn(output.cards());
    assert_eq!(bytes.len(), 160);
    // an empty column is 40 40 hex, the first byte of a card has bit 7
    assert_eq!(bytes[..4], [0xc0, 0x40, 0x40, 0x40]);
    // row 9 of columns 22 to 36 is punched: bit 0 of the second byte, odd parity
    assert_eq!(bytes[2 * 20..2 * 22], [0x40, 0x40, 0x40, 0x01]);
    assert_eq!(bytes[2 * 35..2 * 37], [0x40, 0x01, 0x40, 0x40]);
    assert!(bytes.iter().all(|byte| (byte & 0x7f).count_ones() % 2 == 1));
}
