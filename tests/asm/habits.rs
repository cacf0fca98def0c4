//! Questions about cards that are legal and often a mistake. Each mistake of a class is here beside what is right.

use asm704::assemble::{Options, assemble};
use asm704::diag::Diagnostic;

fn asked(source: &str) -> Vec<Diagnostic> {
    let options = Options { questions: true, ..Options::default() };
    assemble(source, &options).diagnostics().cloned().collect()
}

/// Codes with their lines.
fn codes(source: &str) -> Vec<String> {
    asked(source).iter().map(|said| format!("{} {}", said.line, said.code)).collect()
}

/// The help of the first that is said of a program with these cards.
fn help(cards: &str) -> String {
    let source = format!("       ORG 64\n{cards}       HTR 64\n       END 64\n");
    asked(&source).first().and_then(|said| said.help.clone()).unwrap_or_default()
}

#[test]
fn a_program_without_a_question() {
    let source = "       ORG 64\nSTART  CLA TWO,1   A COMMENT, WITH A COMMA\n       STO SUM\n       HTR START\nTWO    DEC 2\nSUM    BSS 1\n       BCD 2HELLO WORLD\n       END START\n";
    assert_eq!(codes(source), [""; 0]);
    // and nobody asks unless told so
    assert!(super::codes("START  CLA 2\n       DEC 5\n       END START\n").is_empty());
}

/// Names of today's machines lead to the 704's operation, not to the nearest name.
#[test]
fn names_of_later_machines() {
    for (name, operation) in [
        ("MOV", "CLA"),
        ("JMP", "TRA"),
        ("HLT", "HTR"),
        ("MUL", "MPY"),
        ("DIV", "DVP"),
        ("CMP", "CAS"),
        ("JSR", "TSX"),
        ("RET", "TRA 1,4"),
        ("INC", "ADD"),
        ("CLR", "STZ"),
        ("SHL", "ALS"),
        ("LD", "LDQ"),
    ] {
        let found = help(&format!("       {name:3} 64\n"));
        assert!(found.starts_with("on a 704 ") && found.contains(operation), "{name}: {found}");
    }
    // a slip of the hand is still one
    assert_eq!(help("       CLQ 64\n"), "did you mean `CLA`?");
}

#[test]
fn no_name_of_the_704_is_taken_for_a_later_one() {
    for named in asm704::isa::names() {
        let source = format!("       ORG 64\n       {:3} 64,1,1\n       HTR 64\n       END 64\n", named.name);
        let said = asked(&source);
        assert!(said.iter().all(|said| said.code.to_string() != "A001"), "{}", named.name);
    }
}

#[test]
fn labels_that_are_too_long() {
    assert_eq!(
        help("BEGINNING CLA TWO\n"),
        "`BEGINNING` is longer than a symbol can be, six characters in columns 1 to 6"
    );
    // six characters and a blank are right
    assert_eq!(codes("       ORG 64\nBEGINN HTR BEGINN\n       END BEGINN\n"), [""; 0]);
}

#[test]
fn remarks_of_other_languages() {
    for mark in [";", "#"] {
        assert_eq!(help(&format!("{mark} a remark\n")), "if this is a remark, put REM in columns 8 to 10");
    }
    for mark in ["*", "//"] {
        assert_eq!(help(&format!("{mark} a remark\n")), "a remark has REM in columns 8 to 10");
    }
    assert_eq!(codes("*      REM A REMARK\n       ORG 64\n       HTR 64\n       END 64\n"), [""; 0]);
}

#[test]
fn an_operation_in_columns_9_to_11() {
    assert_eq!(help("        CLA 64\n"), "`CLA` must be in columns 8 to 10 (a tab leads to column 9)");
    assert_eq!(help("      CLA 64\n"), "`CLA` must be in columns 8 to 10");
}

#[test]
fn column_11() {
    let said = asked("       ORG 64\nSTART  CALL START\n       HTR START\n       END START\n");
    assert_eq!((said[0].code.to_string().as_str(), said[0].columns.clone()), ("A031", 7..11));
    assert_eq!(said[0].label.as_deref(), Some("taken as `CAL`"));
    assert!(said[0].help.as_ref().unwrap().starts_with("on a 704 TSX NAME,4 calls"));
    assert_eq!(codes("       ORG 64\n       REMARK\n       HTR 64\n       END 64\n"), [""; 0]);
}

/// sap.md 3.2: the code in column 12 if it is 0 to 10, else ten words; the text begins in column 13 in every case.
#[test]
fn text_without_a_count() {
    let label = |text: &str| {
        let said = asked(&format!("       ORG 64\n       HTR 64\n       BCD {text}\n       END 64\n"));
        said.first().map(|said| (said.code.to_string(), said.label.clone().unwrap_or_default()))
    };
    let found = |label: &str| Some(("A032".to_owned(), label.to_owned()));
    assert_eq!(label("HELLO"), found("`H` is not part of the text: 10 words"));
    assert_eq!(label("12HELLO"), found("1 word, of a text that begins with `2`"));
    assert_eq!(label("0HELLO"), found("`0` is not part of the text: 0 words"));
    for right in ["1HELLO", "2HELLO 2", " HELLO", "9 1"] {
        assert_eq!(label(right), None, "{right}");
    }
}

/// Three words are 18 characters, columns 13 to 30; what comes after them is a comment (sap.md 3.2).
#[test]
fn text_that_is_longer_than_its_count() {
    let found = |text: &str| {
        let said = asked(&format!("       ORG 64\n       HTR 64\n       BCD {text}\n       END 64\n"));
        said.iter()
            .find(|said| said.code.to_string() == "A039")
            .map(|said| (said.columns.start + 1, said.columns.end, said.help.clone().unwrap_or_default()))
    };
    let help = |n: usize| format!("BCD {n} makes enough words for it");
    assert_eq!(found("3HELLO FROM A STRANGER"), Some((31, 33, help(4))));
    assert_eq!(found("1ABCDEFG"), Some((19, 19, help(2))));
    assert_eq!(found("1ABCDEFGHIJKLM AND A COMMENT"), Some((19, 25, help(3))));
    // 54 characters of 60: the rest would need ten words, which is a blank
    assert_eq!(found(&format!("9{}", "X".repeat(57))), Some((67, 69, String::new())));
    for right in [
        "3HELLO FROM A STRAN",
        "3HELLO FROM A STRAN GER",
        "2HELLO WORLD  A COMMENT",
        "1ABCDE COMMENT",
        "9 1",
        "12HELLO WORLD",
    ] {
        assert_eq!(found(right), None, "{right}");
    }
}

/// 2^35 - 1 is 34,359,738,367.
#[test]
fn numbers_of_more_than_35_bits() {
    let cut = |number: &str| {
        let codes = codes(&format!("       ORG 64\n       HTR 64\n       DEC 1,{number}\n       END 64\n"));
        codes == ["3 A033"]
    };
    for (number, is_cut) in [
        ("34359738367", false),
        ("-34359738367", false),
        ("34359738368", true),
        ("-99999999999999", true),
        ("3.5E10", false),
        ("0034359738367", false),
    ] {
        assert_eq!(cut(number), is_cut, "{number}");
    }
}

#[test]
fn a_blank_in_the_variable_field() {
    for (cards, column) in
        [("       LXA 64, 1\n", 16), ("       TIX 64,1, 1\n", 18), ("       CLA 64,  1\n", 17)]
    {
        let said = asked(&format!("       ORG 64\n{cards}       HTR 64\n       END 64\n"));
        let found = said.iter().find(|said| said.code.to_string() == "A034").unwrap();
        assert_eq!(found.columns.start + 1, column, "{cards}");
    }
    // a comma that closes the field, as for an empty word at the end of a list, and a comment far behind it
    assert_eq!(codes("       ORG 64\n       HTR 64\n       OCT 12,   TWO WORDS\n       END 64\n"), [""; 0]);
}

#[test]
fn no_origin() {
    let program = "START  CLA START\n       HTR START\n";
    assert_eq!(codes(&format!("{program}       END START\n")), ["1 A035"]);
    for first in ["       ORG 64\n", "       REL\n", "       FUL\n", "       BSS 64\n"] {
        assert_eq!(codes(&format!("{first}{program}       END START\n")), [""; 0], "{first}");
    }
    // a routine that others take in has no start, and `END 0` means 0
    assert_eq!(codes(&format!("{program}       END\n")), ["3 A005"]);
    assert_eq!(codes("       HTR 0\n       END 0\n"), [""; 0]);
}

#[test]
fn running_into_data() {
    let runs = |before: &str, data: &str| {
        let source = format!("       ORG 64\nS      CLA S\n       {before}\n       {data}\n       END S\n");
        codes(&source).contains(&"4 A036".to_owned())
    };
    assert!(runs("STO S", "DEC 2"));
    assert!(runs("ADD S", "BCD 1000A00"));
    // a halt, transfers, calls with words behind them, skips
    for before in ["HTR S", "TRA S", "TSX S,4", "CAS S", "HPR", "TXI S,1,1", "TIX S,1,1"] {
        assert!(!runs(before, "DEC 2"), "{before}");
    }
    // other words are data, and octal words may be instructions
    assert!(!runs("PZE S", "DEC 2"));
    assert!(!runs("STO S", "OCT 76000000012"));
}

#[test]
fn numbers_as_addresses() {
    let of = |card: &str| codes(&format!("       ORG 64\n       {card}\n       HTR 64\n       END 64\n"));
    assert_eq!(of("ADD 3"), ["2 A037"]);
    assert_eq!(of("CAS 0"), ["2 A037"]);
    // words of the program, stores, transfers and shifts
    for card in ["ADD 65", "STO 3", "TRA 3", "ALS 3", "LXA 3,1", "CLA 32767"] {
        assert_eq!(of(card), [""; 0], "{card}");
    }
    // a program that traps reads locations 0 and 1
    assert_eq!(codes("       ORG 64\n       ETM\n       CLA 0\n       HTR 64\n       END 64\n"), [""; 0]);
}

/// Somebody who knows nothing of columns gets one warning beside the errors; who knows them gets the errors alone.
#[test]
fn a_source_that_is_clean_in_free_form() {
    let source = "ORG 64\nSTART CLA TWO\nHTR START\nTWO DEC 2\nEND START\n";
    let said = asked(source);
    let question = said.iter().find(|said| said.code.to_string() == "A038").expect("the question");
    assert_eq!(question.line, 2, "at the first error");
    let errors = said.iter().filter(|said| said.severity() == asm704::diag::Severity::Error).count();
    assert!(question.message.contains(&format!("{errors} errors")), "{}", question.message);
    // not without questions, not with an error in both forms, not where the columns are right
    assert!(super::codes(source).iter().all(|code| code != "A038"));
    for source in
        [source.replace("TWO DEC", "TOW DEC"), "       ORG 64\n       HTR 64\n       END 64\n".to_owned()]
    {
        assert!(codes(&source).iter().all(|code| !code.ends_with("A038")), "{source}");
    }
    // read so, it is what its author meant
    let free = assemble(source, &Options { free: true, questions: true, ..Options::default() });
    assert!(!free.is_flagged() && free.start() == Some(0o100));
}

/// In free form a line that begins with an operation has no label, unless another operation follows.
#[test]
fn an_operation_in_column_1_of_free_form() {
    let words = |source: &str| -> Vec<(u16, String)> {
        let output = assemble(source, &Options { free: true, ..Options::default() });
        output.core_image().map(|(at, word)| (at, word.to_string())).collect()
    };
    let of = |lines: &str| words(&format!("ORG 64\n{lines}\nEND 64\n"));
    assert_eq!(of("HTR 64"), [(0o100, "000000000100".to_owned())]);
    assert_eq!(of("htr 64"), of("HTR 64"));
    assert_eq!(of("SSP"), [(0o100, "076000000003".to_owned())]);
    // ADD is a label here, and the address of the next line
    assert_eq!(
        of("ADD DEC 5\n CLA ADD"),
        [(0o100, "000000000005".to_owned()), (0o101, "050000000100".to_owned())]
    );
    assert_eq!(of("SUM CLA 64"), [(0o100, "050000000100".to_owned())]);
}
