//! Where the small decisions of the assembler turn: the last value on one side and the first on the other. Each test is
//! there because a change of that decision went unnoticed before.

use asm704::assemble::{Options, assemble_with};
use asm704::diag::{Code, Diagnostic};

use super::{deck, image, run};

fn first(source: &str, code: Code) -> Diagnostic {
    let output = run(source);
    let found = output.diagnostics().find(|diagnostic| diagnostic.code == code);
    found.unwrap_or_else(|| panic!("no {code} in {source}")).clone()
}

/// Address parts.
fn addresses(source: &str) -> Vec<String> {
    image(source).iter().map(|line| line[13..].to_owned()).collect()
}

/// sap.md 6.3: two bits for a relocatable address behind one for the absolute decrement, 60 bits in all, in two words.
#[test]
fn relocation_bits_of_a_full_card() {
    let source = format!("       REL\n{}       END 0\n", "       PZE *\n".repeat(20));
    let data: String = (0..20).map(|n| format!(" {n:012o}")).collect();
    // control word 200024000000, bits 010 twenty times, and the words 0 to 19, whose sum is 276 octal
    let card = format!("200024000000 644470442520 222222222222 222222220000{data}");
    assert_eq!(deck(&source), [card, "200000000000".to_owned()]);
}

/// sap.md 6.3: complements are `11`, and a decrement counts as well as an address.
#[test]
fn relocation_bits_of_decrements_and_complements() {
    let source = "       REL\nA      PZE A,0,A\n       PZE -A,0,5\n       END 0\n";
    // 10 10, then 0 11: 1010 0110 ...
    assert!(deck(source)[0].contains(" 514000000000 000000000000 "), "{:?}", deck(source));
}

/// sap.md 6.8: a size word, a sum, and two words a symbol; 22 words a card, so the twelfth symbol begins the second card.
#[test]
fn a_symbol_table_of_two_cards() {
    let symbols: String = (0..12).map(|n| format!("A{n:02}    PZE\n")).collect();
    let cards = deck(&format!("       PST\n{symbols}       END 0\n"));
    assert!(cards[0].starts_with("000026003554 "), "{}", cards[0]);
    assert!(cards[1].starts_with("000004003602 "), "{}", cards[1]);
}

#[test]
fn five_definitions_are_named_and_no_more() {
    let help = |n: usize| {
        let source = format!("       ORG 8\n{}       CLA A\n       END 0\n", "A      PZE\n".repeat(n));
        first(&source, Code::MultiplyDefined).help.unwrap()
    };
    assert_eq!(help(2), "defined by line 2, line 3");
    assert_eq!(help(5), "defined by line 2, line 3, line 4, line 5, line 6");
    assert_eq!(help(6), "defined by line 2, line 3, line 4, line 5, line 6, ...");
}

/// One change in a name of up to three characters, two in a longer one, and never all of it.
#[test]
fn names_that_are_near_enough() {
    let help = |defined: &str, used: &str| {
        let source = format!("{defined:7}PZE\n       CLA {used}\n       END 0\n");
        first(&source, Code::UndefinedSymbol).help
    };
    for (defined, used, near) in [
        ("B", "C", false),
        ("AB", "AC", true),
        ("AB", "CD", false),
        ("ABC", "ABX", true),
        ("ABC", "AXY", false),
        ("ABCD", "ABXY", true),
        ("ABCD", "AXYZ", false),
    ] {
        let expected = near.then(|| format!("did you mean `{defined}`?"));
        assert_eq!(help(defined, used), expected, "{used} for {defined}");
    }
}

/// Of five columns behind column 11: an operand that begins in 13 to 16 stands too far right, one in 17 is a comment.
#[test]
fn an_operand_too_far_right() {
    for column in 13..=18 {
        let source = format!("       ORG 8\n       CLA{}AB 1\n       END 0\n", " ".repeat(column - 11));
        let found = first(&source, Code::AddressMissing);
        if column <= 16 {
            assert_eq!(found.columns, column - 1..column + 1, "column {column}");
            let help = format!("the variable field begins in column 12; this is column {column}");
            assert_eq!(found.help, Some(help));
        } else {
            assert_eq!(found.columns, 7..10, "column {column}");
        }
    }
    // up to the end of the card
    let source = format!("       ORG 8\n       CLA {}\n       END 0\n", " ".repeat(4) + &"A".repeat(65));
    assert_eq!(first(&source, Code::AddressMissing).columns, 15..80);
}

#[test]
fn a_missing_end_points_at_the_last_card() {
    assert_eq!(first("       ORG 8\n       PZE 17\n\n", Code::EndMissing).columns, 0..13);
}

/// FIN is the first card of one more assembly only if the one before it was closed.
#[test]
fn fin_is_listed_behind_an_end_only() {
    let last = |source: &str| run(source).last_line;
    assert!(last("       PZE 1\n       END 0\n       FIN\n").unwrap().contains("FIN"));
    assert_eq!(last("       PZE 1\n       FIN\n"), None);
}

#[test]
fn a_source_of_nothing_but_lib() {
    let mut asked = Vec::new();
    let mut library = |name: &str| {
        asked.push(name.to_owned());
        Some(("r.sap".to_owned(), "       PZE 7\n".to_owned()))
    };
    let output = assemble_with("SUB    LIB\n", &Options::default(), &mut library);
    assert_eq!(output.routines.len(), 1);
    assert_eq!(asked, ["SUB"]);
}

/// Lines of routines are counted on from the last line of the source: 3 cards, one of the first routine, then the second.
#[test]
fn a_character_that_no_card_has_in_the_second_routine() {
    let mut library = |name: &str| {
        let text = if name == "ONE" { "       PZE 1\n" } else { "       PZE 2\n       REM é\n" };
        Some((name.to_owned(), text.to_owned()))
    };
    let output = assemble_with("ONE    LIB\nTWO    LIB\n       END 0\n", &Options::default(), &mut library);
    let lines: Vec<usize> = output.diagnostics().map(|diagnostic| diagnostic.line).collect();
    assert_eq!(lines, [3 + 1 + 2]);
    assert_eq!(output.place(6), (Some("TWO"), 2));
}

#[test]
fn flagged_and_mistaken() {
    let of = |source: &str| {
        let output = run(source);
        (output.is_flagged(), output.is_mistaken())
    };
    assert_eq!(of("A      PZE A\n       END 0\n"), (false, false));
    // a symbol that is not used is no mistake
    assert_eq!(of("A      PZE\n       END 0\n"), (false, false));
    // a tag of 9 is surely one, and the original does not flag it
    assert_eq!(of("A      PZE A,9\n       END 0\n"), (false, true));
    assert_eq!(of("       PZE A\n       END 0\n"), (true, true));
}

/// What the first pass counts is where the symbols behind it are.
#[test]
fn words_that_the_first_pass_counts() {
    let behind = |cards: &str| {
        let source = format!("       ORG 8\n{cards}A      PZE A\n       END 0\n");
        addresses(&source).pop().unwrap()
    };
    assert_eq!(behind("       BCD 3ABCDEFGHIJKLMNOPQR\n"), "00013");
    assert_eq!(behind("       OCT 1,2,3,4\n"), "00014");
    assert_eq!(behind("       DEC 1,2\n"), "00012");
    assert_eq!(behind("       SWT 3\n"), "00011");
    // 1 + 3 x 2 words
    assert_eq!(behind("       PZE\n       PZE\n       PZE\n       REP 3,2\n"), "00021");
    // a correction without a tag sets the counter, one with a tag does not
    assert_eq!(behind("       C/T 20\n"), "00024");
    assert_eq!(behind("       C/T 20,2\n"), "00010");
}

/// A variable field without anything in it: its first column.
#[test]
fn what_is_missing_has_one_column() {
    assert_eq!(first("       PZE\n       REP\n       END 0\n", Code::BadRepeat).columns, 11..12);
    assert_eq!(first("       PZE\n       REP 1\n       END 0\n", Code::BadRepeat).columns, 11..12);
    assert_eq!(first("       RST\n       END 0\n", Code::UnknownTable).columns, 11..12);
    assert_eq!(first("       RST 4,1\n       END 0\n", Code::UnknownTable).columns, 11..14);
}

/// With one symbol defined twice, the others are not.
#[test]
fn one_of_two_symbols_is_multiply_defined() {
    let source = "       ORG 8\nA      PZE B\nA      PZE\nB      PZE B\n       CLA A\n       END 0\n";
    assert_eq!(super::flags(source), ["M", "M", "M"]);
    assert_eq!(super::codes(source), ["2 A003", "3 A003", "5 A003"]);
    let output = run(source);
    let mut multiple: Vec<_> =
        output.assemblies[0].symbols.iter().map(|s| (s.name.as_str(), s.multiple)).collect();
    multiple.sort_unstable();
    assert_eq!(multiple, [("A", true), ("A", true), ("B", false)]);
}

fn unused(n: usize) -> Vec<Diagnostic> {
    let symbols: String = (0..n).map(|n| format!("U{n:02}    PZE\n")).collect();
    let options = Options { unused_symbols: asm704::assemble::Unused::Together, ..Options::default() };
    let output = asm704::assemble::assemble(&format!("       ORG 8\n{symbols}       END 0\n"), &options);
    output.diagnostics().cloned().collect()
}

/// One symbol without use has a warning of its own; of several, twelve are named.
#[test]
fn symbols_without_use_in_one_warning() {
    let said = |n: usize| {
        let found = unused(n);
        assert_eq!(found.len(), 1);
        (found[0].message.clone(), found[0].symbol.clone())
    };
    assert_eq!(said(1), ("`U00` is never used".to_owned(), Some("U00".to_owned())));
    assert_eq!(said(2), ("2 symbols are never used: `U00`, `U01`".to_owned(), None));
    assert!(said(12).0.ends_with("`U11`"), "{:?}", said(12));
    assert!(said(13).0.ends_with("`U11`, ..."), "{:?}", said(13));
}

/// In free form only what is said of lists gets the help of free form.
#[test]
fn help_of_free_form() {
    let options = Options { free: true, ..Options::default() };
    let output = asm704::assemble::assemble(" CLA b\n OCT 18\n END 0\n", &options);
    let help: Vec<(String, Option<String>)> =
        output.diagnostics().map(|said| (said.code.to_string(), said.help.clone())).collect();
    let list = "the list ends at the first blank; what follows is a comment".to_owned();
    assert_eq!(help, [("A002".to_owned(), None), ("A019".to_owned(), Some(list))]);
}

/// A character that no card has, on the last card of an assembly, belongs to that assembly.
#[test]
fn what_is_wrong_on_the_last_card() {
    let output = run("       HTR 0\n       END 0 é\n       HTR 0\n       END 0\n");
    let lines =
        |n: usize| -> Vec<usize> { output.assemblies[n].diagnostics.iter().map(|d| d.line).collect() };
    assert_eq!((lines(0), lines(1)), (vec![2], vec![]));
}
