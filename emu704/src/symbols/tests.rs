use asm704::assemble::{Options, assemble, assemble_with};

use super::*;

fn symbols(text: &str, free: bool) -> (Symbols, BTreeMap<u16, Word>) {
    let output = assemble(text, &Options { free, ..Options::default() });
    assert!(!output.is_flagged(), "{:?}", output.diagnostics().collect::<Vec<_>>());
    (Symbols::new(text, &output), output.core_image().collect())
}

/// The statements of a program, valid for the words it was assembled to.
fn statements(text: &str, free: bool) -> Vec<String> {
    let (symbols, words) = symbols(text, free);
    let statement = |(&at, &word): (&u16, &Word)| symbols.statement(at, word).map(str::to_owned);
    words.iter().filter_map(statement).collect()
}

const COLUMNS: &str = "       ORG 64
SIX    EQU 65
SUM    SYN 66
START  ADD DATA+10,1  the next of them
       SSP
DATA   DEC 3.14159,2
MSG    BCD 2HELLO WORLD  and a remark
       OCT -17,5
       DEC 1B17
ROOM   BSS 2
       HTR START
       END START
";

const FREE: &str = "org 64
six: equ 65
sum equ 66
start: add data+10,1 # the next of them
 ssp
data: dec 3.14159,2
msg bcd \"HELLO WORLD\"
 htr start
 end start
";

#[test]
fn cards_say_what_they_said() {
    let expected = [
        "ADD DATA+10,1",
        "SSP",
        "DEC 3.14159",
        "DEC 2",
        "BCD 2HELLO WORLD",
        "    \"WORLD \"",
        "OCT -17",
        "OCT 5",
        "DEC 1B17",
        "HTR START",
    ];
    assert_eq!(statements(COLUMNS, false), expected);
    let (symbols, _) = symbols(COLUMNS, false);
    assert_eq!(symbols.comment(0o104), "and a remark");
}

#[test]
fn views_are_those_of_the_cards() {
    use View::{Characters, Floating, Instruction, Integer, Octal};
    let (symbols, _) = symbols(COLUMNS, false);
    let views: Vec<Option<View>> = (0o100..0o116).map(|address| symbols.view(address)).collect();
    let said = [Instruction, Instruction, Floating, Integer, Characters, Characters, Octal, Octal, Octal];
    let mut expected: Vec<Option<View>> = said.into_iter().map(Some).collect();
    // BSS makes no word
    expected.extend([None, None, Some(Instruction), None, None]);
    assert_eq!(views, expected);
}

#[test]
fn a_changed_word_has_no_card() {
    let (symbols, words) = symbols(COLUMNS, false);
    assert!(symbols.statement(0o102, words[&0o102]).is_some());
    assert_eq!(symbols.statement(0o102, words[&0o103]), None);
    assert_eq!(symbols.view(0o102), Some(View::Floating));
}

#[test]
fn the_name_of_a_number_names_no_place_in_either_form() {
    for (text, is_free) in [(COLUMNS, false), (FREE, true)] {
        let (symbols, _) = symbols(text, is_free);
        assert_eq!((symbols.value("SIX"), symbols.name(0o101)), (Some(65), None));
        assert_eq!((symbols.value("SUM"), symbols.name(0o102)), (Some(66), Some("DATA")));
        assert_eq!(symbols.name(0o100), Some("START"));
        assert_eq!(symbols.comment(0o100), "the next of them");
        assert_eq!(symbols.comment(0o101), "");
    }
}

#[test]
fn free_form_says_it_in_columns() {
    let expected =
        ["ADD DATA+10,1", "SSP", "DEC 3.14159", "DEC 2", "BCD 2HELLO WORLD", "    \"WORLD \"", "HTR START"];
    assert_eq!(statements(FREE, true), expected);
    assert_eq!(symbols(FREE, true).0.card(0o104), Some("msg bcd \"HELLO WORLD\""));
}

#[test]
fn a_routine_is_in_columns_whatever_the_source_is() {
    let routine = "TWO    EQU 2\nTWICE  ALS 1             double it\n       TRA 1,4\n";
    let source = "org 64\n tsx twice,4\n htr 0\ntwice lib 1\n end 64\n";
    let options = Options { free: true, ..Options::default() };
    let output = assemble_with(source, &options, &mut |_| Some(("twice".to_owned(), routine.to_owned())));
    assert!(!output.is_flagged(), "{:?}", output.diagnostics().collect::<Vec<_>>());
    let symbols = Symbols::new(source, &output);
    let words: BTreeMap<u16, Word> = output.core_image().collect();
    assert_eq!(symbols.statement(0o102, words[&0o102]), Some("ALS 1"));
    assert_eq!(symbols.comment(0o102), "double it");
    assert_eq!(symbols.line(0o102), Some((Some("twice"), 2)));
    assert_eq!((symbols.value("TWO"), symbols.name(2)), (Some(2), None));
}

#[test]
fn a_comment_is_not_obeyed() {
    // foreign characters make the assembler complain, but the program is still shown
    let text = "       HTR 0      red\u{1b}[31m \u{202e}tiurf\n       END 0\n";
    let symbols = Symbols::new(text, &assemble(text, &Options::default()));
    assert_eq!(symbols.comment(0), "red\\u{1b}[31m \\u{202e}tiurf");
}

#[test]
fn a_repeated_card_says_it_each_time() {
    let text = "       BCD 1ABC\n       REP 1,2\n       HTR 0\n       END 0\n";
    assert_eq!(statements(text, false), ["BCD 1ABC", "BCD 1ABC", "BCD 1ABC", "HTR 0"]);
}
