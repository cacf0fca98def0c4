//! The workbench of a page, which a browser loads when it is opened: sources are checked and punched, and exercises are run in
//! machines of their own. It is a program of its own beside the room, so that a page without it is small.

mod teaching;

use std::collections::BTreeMap;

use asm704::assemble::{Options, Output, PSEUDO, Unused, assemble_with};
use asm704::diag::Code;
use asm704::isa;
use asm704::{deck, library, self_loading};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

/// An error with a message for a person.
fn failed(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}

/// The workbench. It keeps nothing.
#[wasm_bindgen]
#[derive(Debug, Default, Clone, Copy)]
pub struct Workbench;

#[wasm_bindgen]
impl Workbench {
    /// A workbench.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Workbench {
        Workbench
    }

    /// What the assembler makes of a source: JSON with `diagnostics`, `words` with the lines of their cards, `symbols`, `listing`,
    /// `start`, and `flagged` when a program with such errors is not run. Lines count from 1, columns from 0.
    pub fn check_source(&self, text: &str, free: bool) -> String {
        checked(text, &assembled(text, free, true)).to_string()
    }

    /// What a diagnostic's code means, in Markdown; none when there is no such code.
    pub fn explain(&self, code: &str) -> Option<String> {
        let explanation = code.parse::<Code>().ok()?.explanation();
        Some(format!("{}: {}\n\n{}", explanation.code, explanation.title, explanation.text.trim()))
    }

    /// All operations and pseudo-operations as a JSON array: `name`, `form` (what to write behind it), `summary`, and of operations
    /// the octal `word` and `cycles` in words.
    pub fn operations(&self) -> String {
        operations().to_string()
    }

    /// A source as a deck in column binary that loads itself by LOAD CARDS.
    ///
    /// # Errors
    /// The source has errors, or no words, or it does not say where it starts, or it leaves no room for a loader.
    pub fn punch(&self, text: &str, free: bool) -> Result<Vec<u8>, JsError> {
        let output = assembled(text, free, false);
        if output.is_flagged() {
            return Err(failed("the cards have errors, and are not punched"));
        }
        let image: BTreeMap<u16, asm704::Word> = output.core_image().collect();
        if image.is_empty() {
            return Err(failed("there is no card that makes a word"));
        }
        let cards = self_loading::deck(&image, output.start()).map_err(failed)?;
        Ok(deck::to_cbn(&cards))
    }

    /// A source as a core image in text, with the words of its routines.
    ///
    /// # Errors
    /// The source has errors.
    pub fn image(&self, text: &str, free: bool) -> Result<String, JsError> {
        let output = assembled(text, free, false);
        if output.is_flagged() {
            return Err(failed("the cards have errors"));
        }
        Ok(deck::to_oct(output.core_image(), output.start()))
    }
}

/// Assembles a source; its LIB cards name the project's own routines.
fn assembled(text: &str, free: bool, listing: bool) -> Output {
    let options = Options {
        free,
        listing,
        unused_symbols: Unused::Together,
        overlaps: true,
        questions: true,
        ..Options::default()
    };
    assemble_with(text, &options, &mut |name| library::own(name))
}

/// Diagnostics of library routines stand at line 0: the page does not show those cards.
fn diagnostics(output: &Output) -> Value {
    let rows = output.diagnostics().map(|diagnostic| {
        let (routine, line) = output.place(diagnostic.line);
        let message = match routine {
            Some(routine) => format!("{routine}, line {line}: {}", diagnostic.message),
            None => diagnostic.message.clone(),
        };
        json!({
            "line": if routine.is_some() { 0 } else { line },
            "columns": [diagnostic.columns.start, diagnostic.columns.end],
            "severity": diagnostic.severity(),
            "code": diagnostic.code.to_string(),
            "message": message,
            "label": diagnostic.label,
            "help": diagnostic.help,
        })
    });
    rows.collect()
}

fn checked(text: &str, output: &Output) -> Value {
    let lines = text.lines().count();
    let own = |line: usize| output.place(line).0.is_none() && line >= 1 && line <= lines;
    let words = output.assemblies.iter().flat_map(|assembly| &assembly.words);
    let words: Vec<Value> = words
        .filter(|word| own(word.line))
        .map(|word| json!({"line": word.line, "at": word.address, "word": word.word.to_string()}))
        .collect();
    let symbols = output.assemblies.iter().flat_map(|assembly| &assembly.symbols);
    let symbols: Vec<Value> = symbols
        .map(|symbol| json!({"name": symbol.name, "value": symbol.value, "line": if own(symbol.line) { symbol.line } else { 0 }}))
        .collect();
    json!({
        "diagnostics": diagnostics(output),
        "words": words,
        "symbols": symbols,
        "listing": output.listing().collect::<Vec<_>>(),
        "start": output.start(),
        "flagged": output.is_flagged() || output.assemblies.is_empty(),
        // its columns were not meant
        "better_free": output.diagnostics().any(|diagnostic| diagnostic.code == Code::CleanInFreeForm),
    })
}

fn operations() -> Value {
    let machine = isa::names().filter(|named| !named.name.is_empty()).map(|named| {
        let row = named.op.row();
        json!({
            "name": named.name,
            "form": row.form.fields(),
            "summary": named.summary,
            "word": named.word.to_string(),
            "cycles": row.cycles.to_string(),
        })
    });
    let orders =
        PSEUDO.iter().map(|row| json!({"name": row.name, "form": row.operands, "summary": row.summary}));
    machine.chain(orders).collect()
}
