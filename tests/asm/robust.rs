//! Any input is assembled without a panic, and what is read is what people have.

use asm704::assemble::{Options, assemble};
use asm704::source::Columns;
use proptest::prelude::*;

use super::{codes, image, run};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        run(&text);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        run(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_cards_make_it_panic(
        cards in prop::collection::vec(
            (
                "[A-Z0-9 *$]{0,6}",
                prop::sample::select(vec![
                    "WST", "TCD", "SYN", "SWT", "SPC", "SKP", "RST", "REP", "REM", "REL", "PST", "PLR", "PLB", "ORG",
                    "OPD", "OCT", "LOC", "LIB", "HED", "FUL", "FST", "FIN", "EQU", "END", "DEF", "DEC", "C/T", "BSS",
                    "BOS", "BES", "BCD", "AST", "ABS", "CLA", "TXI", "DVP", "STO", "   ", "QQQ",
                ]),
                "[A-C0-9BE.,$*/+-]{0,20}",
            ),
            0..40,
        ),
        card_reader in any::<bool>(),
    ) {
        let source: String =
            cards.iter().map(|(location, op, field)| format!("{location:6} {op} {field}\n")).collect();
        let columns = if card_reader { Columns::Card } else { Columns::Tape };
        let options = Options { columns, listing: true, unused_symbols: true, overlaps: true };
        let output = assemble(&source, &options);
        for diagnostic in output.diagnostics() {
            asm704::diag::render::Renderings::new("x.sap", &source, false).render(diagnostic);
        }
    }
}

#[test]
fn lower_case_tabs_and_other_line_ends() {
    let plain = "A      CLA A\n       END 0\n";
    let expected = image(plain);
    assert_eq!(image("a      cla a\n       end 0\n"), expected);
    assert_eq!(image("A      CLA A\r\n       END 0\r\n"), expected);
    assert_eq!(image("\u{feff}A      CLA A\n       END 0"), expected);
    // a tab goes to the next multiple of 8, so the comment begins in column 17
    assert_eq!(image("A      CLA A\tCOMMENT\n       END 0\n"), expected);
}

#[test]
fn foreign_characters_are_said() {
    assert_eq!(codes("       CLA \u{e9}\n       END 0\n"), ["1 A005", "1 A012"]);
    assert_eq!(codes("       REM \u{e9}t\u{e9}\n       END 0\n").len(), 2);
    // in a comment it is a warning
    let output = run("       CLM      \u{e9}\n       END 0\n");
    assert!(!output.is_flagged());
    assert_eq!(output.diagnostics().count(), 1);
}

#[test]
fn text_behind_column_80_is_said() {
    let source = format!("{:80}X\n       END 0\n", "       CLM");
    assert_eq!(codes(&source), ["1 A024"]);
}

#[test]
fn repetition_has_a_limit() {
    let source = "       PZE\n       REP 1,32767\n".repeat(200) + "       END 0\n";
    let output = run(&source);
    assert!(output.assemblies[0].words.len() < 1_100_000);
    assert!(output.is_flagged());
}

#[test]
fn a_rep_among_repeated_cards_is_left_out() {
    let source = "       PZE 1\n       REP 1,1\n       PZE 2\n       REP 3,2\n       END 0\n";
    assert!(codes(source).contains(&"4 A014".to_owned()));
}
