//! Any input is assembled without a panic, and what is read is what people have.

use asm704::assemble::{Options, Unused, assemble};
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
        let options = Options { columns, listing: true, unused_symbols: Unused::Each, overlaps: true, questions: true, ..Options::default() };
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

/// A long run of random sources, for so many seconds as ASM704_SOAK says; none without it.
#[test]
fn soak() {
    let Some(seconds) = std::env::var("ASM704_SOAK").ok().and_then(|text| text.parse().ok()) else { return };
    let end = std::time::Instant::now() + std::time::Duration::from_secs(seconds);
    let mut state = 0x704_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let operations: Vec<&str> = include_str!("operations.txt")
        .lines()
        .filter_map(|row| row.split_whitespace().next().filter(|name| name.len() == 3))
        .chain([
            "WST", "TCD", "SYN", "SWT", "SPC", "SKP", "RST", "REP", "REM", "REL", "PST", "PLR", "PLB", "ORG",
            "OPD", "OCT", "LOC", "LIB", "HED", "FUL", "FST", "FIN", "EQU", "END", "DEF", "DEC", "C/T", "BSS",
            "BOS", "BES", "BCD", "AST", "ABS",
        ])
        .collect();
    let letters = b"AB0189.,+-*/$= \xc3\xa9(E";
    let mut n_sources = 0u64;
    while std::time::Instant::now() < end {
        let mut source = Vec::new();
        for _ in 0..next() % 60 {
            let mut text = |n: u64| -> Vec<u8> {
                let length = next() % n;
                (0..length).map(|_| letters[(next() % letters.len() as u64) as usize]).collect()
            };
            let (mut location, field) = (text(7), text(24));
            location.resize(7, b' ');
            source.extend(location);
            source.extend(operations[(next() % operations.len() as u64) as usize].bytes());
            source.push(b' ');
            source.extend(field);
            source.push(b'\n');
        }
        let source = String::from_utf8_lossy(&source);
        let output = run(&source);
        let renderings = asm704::diag::render::Renderings::new("x.sap", &source, false);
        for diagnostic in output.diagnostics() {
            renderings.render(diagnostic);
        }
        let cards: Vec<_> = output.cards().map(|card| card.words).collect();
        let again: Vec<_> =
            run(&asm704::disassemble::disassemble(&cards)).cards().map(|card| card.words).collect();
        assert!(again == cards, "{source}");
        n_sources += 1;
    }
    println!("{n_sources} sources");
}
