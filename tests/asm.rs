//! The SHARE assembler, from the text of its reference: cards in, words, decks and listings out.

use asm704::Word;
use asm704::assemble::{Options, Output, assemble};

fn run(source: &str) -> Output {
    assemble(source, &Options::default())
}

/// The word of a card `op variable-field` at location 146, with A at 144.
#[track_caller]
fn check(card: &str, expected: &str) {
    let (op, field) = card.split_once(' ').unwrap_or((card, ""));
    let source = format!("       ORG 100\nA      PZE\n       PZE\n       {op:3} {field}\n       END 0\n");
    let output = run(&source);
    let words: Vec<Word> = output.assemblies[0].words.iter().map(|word| word.word).collect();
    assert_eq!(words[2].to_string(), format!("{expected:0>12}"), "{card}");
    assert_eq!(words.len(), 3, "{card}");
    assert_eq!(output.assemblies[0].words[2].address, 0o146);
}

#[test]
fn expressions() {
    check("PZE A+1*2", "000000000146");
    check("PZE 2*3+4*5", "32");
    check("PZE 7/2", "3");
    check("PZE 7/0", "7");
    check("PZE 3-5", "77776");
    check("PZE 5-3-1", "1");
    check("PZE 100/3*3", "143");
    check("PZE -7/2", "77775");
    check("PZE A*A", "23420");
    check("PZE 99999", "03237");
    check("PZE 999999", "41077");
    check("PZE 1000000", "0");
    check("PZE 40000,9,40000", "016100116100");
    check("PZE -1,-1,-1", "077777777777");
    check("PZE A,A,A", "000144400144");
    check("PZE 5,1,2,3", "000002100005");
    check("PZE 99999*99999", "53301");
    check("PZE 32767*32767*32767", "77777");
}

#[test]
fn fields_are_ored() {
    check("CLA 5,4,7", "050007400005");
    check("CLM 4,2,1", "076001200004");
    check("LLS -1", "076300077777");
    check("SWT 12", "476000000166");
    check("SWT 13", "476000000167");
    check("WTB 16", "076600000220");
    check("TIX 5,4", "200000400005");
    check("XYZ 5,1,2", "000002100005");
}

#[test]
fn a_whole_small_deck() {
    let output =
        run("       ORG 100\n START CLA A\n       ADD B,2\n       STO C\n       TIX START,4,1\n       \
                      HTR START\n A     DEC 1,2.5,-3B17\n B     OCT 777\n C     BSS 1\n       END START\n");
    let cards: Vec<String> = output.cards().map(|card| card.text()).collect();
    assert_eq!(cards.len(), 2);
    let first = "000011000144 172615602157 050000000151 040000200154 060100000155 200001400144 000000000144 \
                 000000000001 202500000000 400003000000 000000000777";
    assert_eq!(cards[0], first.to_owned() + &" 000000000000".repeat(13));
    assert_eq!(cards[1], "000000000144".to_owned() + &" 000000000000".repeat(23));
    assert_eq!(output.start(), Some(0o144));
    assert!(!output.is_flagged());
}
