//! What PROGRAM may be, by its ending.

use std::path::Path;

use anyhow::Result;
use asm704::Word;
use asm704::assemble::{Options, assemble_with};
use asm704::diag::render::Renderings;

use super::Failure;
use super::source::Source;

/// A core image with its start.
pub(crate) struct Image {
    pub(crate) words: Vec<(u16, Word)>,
    pub(crate) start: Option<u16>,
    pub(crate) source: Source,
}

/// Reads a core image in text: `ADDRESS WORD` in octal, `#` begins a comment, `# start NNNNN` gives the start.
pub(crate) fn read_oct(path: &Path) -> Result<Image> {
    let bytes = read(path)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::medium(format!("{}: not text, expected lines `ADDRESS WORD` in octal", path.display()))
    })?;
    parse_oct(&text, &path.display().to_string())
}

pub(crate) fn parse_oct(text: &str, name: &str) -> Result<Image> {
    let mut image = Image { words: Vec::new(), start: None, source: Source::default() };
    for (n, line) in text.lines().enumerate() {
        let at = |what: String| Failure::medium(format!("{name}:{}: {what}", n + 1));
        let (content, comment) = line.split_once('#').unwrap_or((line, ""));
        if let Some(rest) = comment.trim_start().strip_prefix("start ") {
            let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
            image.start = Some(asm704::word::parse_address(&digits).map_err(|e| at(e.to_string()))?);
        }
        let mut fields = content.split_whitespace();
        let Some(address) = fields.next() else { continue };
        let address = asm704::word::parse_address(address).map_err(|e| at(e.to_string()))?;
        let word = fields.next().ok_or_else(|| at("expected a word behind the address".to_owned()))?;
        let word: Word = word.parse().map_err(|e: asm704::WordParseError| at(e.to_string()))?;
        if let Some(more) = fields.next() {
            return Err(at(format!("found `{more}` behind the word, expected the end of the line")));
        }
        image.words.push((address, word));
    }
    if image.words.is_empty() {
        return Err(Failure::medium(format!(
            "{name}: no word in it, expected lines `ADDRESS WORD` in octal"
        )));
    }
    Ok(image)
}

/// Assembles a source, LIB cards from the shelves of its place. Diagnostics go to standard error; flagged cards
/// assemble all the same, as SAP does.
pub(crate) fn read_sap(path: &Path) -> Result<Image> {
    let bytes = read(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let library = asm704::library::Shelves::of_source(path);
    let options = Options { listing: false, ..Options::default() };
    let output = assemble_with(&text, &options, &mut |name| library.find(name));
    let shown = path.display().to_string();
    let renderings = Renderings::new(&shown, &text, false).with_routines(&output.routines);
    for diagnostic in output.diagnostics() {
        eprintln!("{}\n", renderings.render(diagnostic));
    }
    let words: Vec<(u16, Word)> = output.core_image().collect();
    if words.is_empty() {
        return Err(Failure::medium(format!("{shown}: no word is assembled from it; is it a SAP source?")));
    }
    let source = Source::new(&text, &output);
    Ok(Image { words, start: output.start(), source })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    if path.is_dir() {
        return Err(Failure::usage(format!("{}: is a directory, expected a file", path.display())));
    }
    std::fs::read(path).map_err(|e| Failure::usage(format!("{}: cannot read: {e}", path.display())))
}
