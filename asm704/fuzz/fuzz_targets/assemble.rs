//! Any bytes are assembled, listed and reported without a panic; the deck comes back from its disassembly.
#![no_main]

use asm704::assemble::{Options, assemble};
use asm704::diag::render::Renderings;
use asm704::disassemble::disassemble;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let source = String::from_utf8_lossy(bytes);
    let output = assemble(&source, &Options { unused_symbols: true, overlaps: true, ..Options::default() });
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
