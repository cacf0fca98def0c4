//! A program that can be put in core: words, a start, and what is known of its source.

use asm704::Word;
use asm704::assemble::{Options, Output, assemble_with};
use asm704::diag::Code;

use super::RoomError;
use crate::symbols::Symbols;

/// A source and what the assembler made of it.
#[derive(Debug, Clone)]
pub struct Assembly {
    /// What a person calls the source, such as its file.
    pub name: String,
    /// Its cards.
    pub text: String,
    /// Diagnostics among others.
    pub output: Output,
}

/// A core image with its start.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// Addresses and words.
    pub words: Vec<(u16, Word)>,
    /// Where it starts.
    pub start: Option<u16>,
    /// Its symbols and cards; empty for one that was not assembled here.
    pub symbols: Symbols,
    /// The source, if it was assembled here.
    pub assembly: Option<Box<Assembly>>,
}

impl Program {
    /// Assembles a source. `routine` finds those that LIB cards name: what a person calls one, and its cards.
    ///
    /// # Errors
    /// Not a word is assembled. Flagged cards are no error.
    pub fn assemble(
        name: &str,
        text: &str,
        routine: &mut dyn FnMut(&str) -> Option<(String, String)>,
    ) -> Result<Program, RoomError> {
        Program::assemble_as(false, name, text, routine)
    }

    /// [`Program::assemble`], of cards in columns or in free form. A source with errors in columns that has none in free form is
    /// taken in free form, and a warning says so.
    pub(crate) fn assemble_as(
        free: bool,
        name: &str,
        text: &str,
        routine: &mut dyn FnMut(&str) -> Option<(String, String)>,
    ) -> Result<Program, RoomError> {
        let mut in_form = |free| {
            let options = Options { listing: false, free, questions: true, ..Options::default() };
            assemble_with(text, &options, &mut |name| routine(name))
        };
        let mut output = in_form(free);
        let question = output.diagnostics().find(|diagnostic| diagnostic.code == Code::CleanInFreeForm);
        if let Some(question) = question.cloned() {
            // the person who wrote it did not think of columns
            output = in_form(true);
            let told = question.help(
                "it is read as free form; `--free` or a name that ends in .sapf says so from the start",
            );
            output.assemblies[0].diagnostics.insert(0, told);
        }
        let words: Vec<(u16, Word)> = output.core_image().collect();
        let symbols = Symbols::new(text, &output);
        let start = output.start();
        let assembly = Box::new(Assembly { name: name.to_owned(), text: text.to_owned(), output });
        if words.is_empty() {
            return Err(RoomError::NothingAssembled(assembly));
        }
        Ok(Program { words, start, symbols, assembly: Some(assembly) })
    }

    /// Reads a core image in text: `ADDRESS WORD` in octal, `#` begins a comment, `# start NNNNN` gives the start.
    ///
    /// # Errors
    /// A line is something else; the message has its number.
    pub fn from_octal(text: &str, name: &str) -> Result<Program, RoomError> {
        let mut program = Program::default();
        for (n, line) in text.lines().enumerate() {
            let at = |what: String| RoomError::Medium(format!("{name}:{}: {what}", n + 1));
            let (content, comment) = line.split_once('#').unwrap_or((line, ""));
            if let Some(rest) = comment.trim_start().strip_prefix("start ") {
                let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
                program.start = Some(asm704::word::parse_address(&digits).map_err(|e| at(e.to_string()))?);
            }
            let mut fields = content.split_whitespace();
            let Some(address) = fields.next() else { continue };
            let address = asm704::word::parse_address(address).map_err(|e| at(e.to_string()))?;
            let word = fields.next().ok_or_else(|| at("expected a word after the address".to_owned()))?;
            let word: Word = word.parse().map_err(|e: asm704::WordParseError| at(e.to_string()))?;
            if let Some(more) = fields.next() {
                return Err(at(format!("found `{more}` after the word, expected the end of the line")));
            }
            program.words.push((address, word));
        }
        if program.words.is_empty() {
            return Err(RoomError::Medium(format!(
                "{name}: no word in it, expected lines `ADDRESS WORD` in octal"
            )));
        }
        Ok(program)
    }
}
