//! Any bytes can be assembled, listed and reported without a panic, as cards and as free form. The disassembly of the deck, and
//! its cards in free form, assemble to the same deck.
#![no_main]

use asm704::assemble::{Options, Unused, assemble};
use asm704::diag::render::Renderings;
use asm704::disassemble::disassemble;
use asm704::source::{self, Columns};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let source = String::from_utf8_lossy(bytes);
    let options = Options { unused_symbols: Unused::Each, overlaps: true, questions: true, references: true, ..Options::default() };
    let free = Options { free: true, ..options };
    let output = assemble(&source, &free);
    let renderings = Renderings::new("fuzz.sap", &source, false);
    for diagnostic in output.diagnostics() {
        renderings.render(diagnostic);
    }
    let output = assemble(&source, &options);
    let (cards, _) = source::read(&source, Columns::default());
    let lines: String = cards.iter().map(|card| source::free::line_of(card) + "\n").collect();
    assert!(assemble(&lines, &free).core_image().eq(output.core_image()), "{lines}");
    let renderings = Renderings::new("fuzz.sap", &source, false);
    for diagnostic in output.diagnostics() {
        renderings.render(diagnostic);
    }
    let deck: Vec<_> = output.cards().map(|card| card.words).collect();
    if deck.len() < 200 {
        let again = assemble(&disassemble(&deck), &Options::default());
        assert!(again.cards().map(|card| card.words).eq(deck));
    }
});
