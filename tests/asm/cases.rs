//! Whole sources: listing, deck and rendered diagnostics of each file in `asm/ok` and `asm/err`.

use std::fmt::Write as _;

use asm704::assemble::{Options, assemble};
use asm704::diag::render::Renderings;

fn report(source: &str) -> String {
    let output = assemble(source, &Options::default());
    let mut text = String::from("--- listing\n");
    for line in output.listing() {
        let _ = writeln!(text, "{line}");
    }
    text.push_str("--- deck\n");
    for card in output.cards() {
        let words = card.text();
        let _ = writeln!(text, "{}", words.trim_end_matches(" 000000000000"));
    }
    text.push_str("--- diagnostics\n");
    let renderings = Renderings::new("case.sap", source, false);
    for diagnostic in output.diagnostics() {
        let _ = writeln!(text, "{}\n", renderings.render(diagnostic));
    }
    text
}

#[test]
fn sources_without_a_flag() {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::glob!("ok/*.sap", |path| {
            let source = std::fs::read_to_string(path).unwrap();
            assert!(!assemble(&source, &Options::default()).is_flagged());
            insta::assert_snapshot!("ok", report(&source));
        });
    });
}

#[test]
fn sources_with_mistakes() {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::glob!("err/*.sap", |path| {
            let source = std::fs::read_to_string(path).unwrap();
            assert!(assemble(&source, &Options::default()).diagnostics().next().is_some());
            insta::assert_snapshot!("err", report(&source));
        });
    });
}
