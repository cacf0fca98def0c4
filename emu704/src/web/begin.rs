//! How a page begins: with a program that is assembled already, and with a part of this program. The rest is loaded when somebody
//! needs it.

use asm704::Word;
use wasm_bindgen::prelude::*;

use super::{Room704, failed};
use crate::room::Program;

/// A core image in core.
pub(super) struct Image {
    /// The file on the shelf from which it was assembled.
    source: String,
    words: Vec<(u16, Word)>,
}

#[wasm_bindgen]
extern "C" {
    /// Has the page load what emu704/web/tools/split.mjs took out of this program, so that it is there when this returns.
    #[wasm_bindgen(js_name = emu704Rest)]
    fn rest();
}

#[wasm_bindgen]
impl Room704 {
    /// Loads all of the program, if a part of it is not there yet.
    pub fn load_rest() {
        rest();
    }

    /// Puts a core image, as `asm704` writes it, in core; the machine waits before its first instruction. `source` is the file on the
    /// shelf from which it was made: its symbols are taken when they are needed, so that a page can begin without the assembler.
    ///
    /// # Errors
    /// It is not a core image, or does not fit.
    pub fn load_image(&mut self, source: &str, image: &str) -> Result<(), JsError> {
        let program = Program::from_octal(image, source).map_err(failed)?;
        let words = program.words.clone();
        self.monitor.debugger.load(program).map_err(failed)?;
        self.image = Some(Image { source: source.to_owned(), words });
        self.stands();
        Ok(())
    }
}

impl Room704 {
    /// Takes the symbols of the core image's source, if that gives the same words.
    pub(super) fn learn(&mut self) {
        let Some(Image { source: name, words }) = self.image.take() else { return };
        let Some(source) = self.shelf.get(&name).and_then(|bytes| String::from_utf8(bytes).ok()) else {
            return;
        };
        if let Ok(program) = Program::assemble(&name, &source, &mut asm704::library::own)
            && program.words == words
        {
            self.monitor.debugger.room.symbols = program.symbols;
        }
    }
}
