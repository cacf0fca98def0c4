//! Edit lists: a text that names an image of a deck and what is changed in it whenever it is read. The image stays as it is.
//!
//! ```toml
//! deck-edits = 1
//! image = "uasap.cbn"
//! bytes = 29280
//! crc32 = "4c1f0a83"
//!
//! [[edit]]
//! patch = 3
//! set = ["8RD=221"]
//! ```
//!
//! What a list names lies in its own folder or below: a list may come from anybody.

mod row;

use std::path::{Component, Path, PathBuf};

use asm704::media::card::{
    CardFormat, Deck, DeckError, DeckItem, EditError, deck_of_words, read_deck, write_deck,
};
use asm704::media::file_kind::{FileKind, LARGEST_DECK, Place, Slice, what_is};
use asm704::media::tape::Store;
use asm704::packed;
use serde::Deserialize;

pub(crate) use row::text_of;

/// The key in the first line of a list, and its version.
const KEY: &str = "deck-edits";
const VERSION: u32 = 1;
/// No deck that a list makes has more cards: it is no larger than one that can be read.
const MOST_CARDS: usize = LARGEST_DECK as usize / 160;

/// Why an edit list cannot be used. The message names the list.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", list.display())]
pub(crate) struct EditListError {
    list: PathBuf,
    why: Why,
}

#[derive(Debug, thiserror::Error)]
enum Why {
    #[error("{0}")]
    Told(String),
    #[error("edit {number}: {error}")]
    Edit { number: usize, error: EditError },
    #[error("edit {number}: {told}")]
    Row { number: usize, told: String },
    #[error("{}: {error}", name.display())]
    Deck { name: PathBuf, error: DeckError },
}

/// The file, key by key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ListFile {
    deck_edits: u32,
    image: PathBuf,
    bytes: Option<u64>,
    crc32: Option<String>,
    #[serde(default)]
    edit: Vec<row::Row>,
}

/// A deck as an edit list makes it.
#[derive(Debug)]
pub(crate) struct Edited {
    pub(crate) deck: Deck,
    /// The image: where it is, and its bytes.
    pub(crate) image: PathBuf,
    pub(crate) image_bytes: Vec<u8>,
    /// How many edits there are.
    pub(crate) edits: usize,
    /// What a person should know about it.
    pub(crate) note: Option<String>,
}

impl Edited {
    /// The deck as a file for the card reader: as words, which are no reel by chance, or in column binary, which can hold an end
    /// of file. The reader does not see columns 73-80.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, DeckError> {
        let mut words = String::new();
        for item in &self.deck {
            let DeckItem::Card(card) = item else { return write_deck(&self.deck, CardFormat::Cbn) };
            words += &card.words().map(|word| word.to_string()).join(" ");
            words.push('\n');
        }
        Ok(words.into_bytes())
    }
}

/// True when the first line that is no comment begins as that of an edit list.
pub(crate) fn is_list(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty() && line[0] != b'#');
    first.and_then(|line| line.strip_prefix(KEY.as_bytes())).is_some_and(|rest| {
        let rest = rest.trim_ascii_start();
        rest.first() == Some(&b'=')
    })
}

/// [`is_list`] of the beginning of a file.
pub(super) fn begins_list(file: &mut impl Store) -> bool {
    let mut first = [0; 4096];
    file.read_at(0, &mut first).is_ok_and(|n| is_list(&first[..n]))
}

/// Reads the image that a list names, in the form that its bytes show or in the one told, and applies the list to it.
///
/// # Errors
/// The list cannot be read, names a file outside of its folder or another image than it was made for, or an edit does not fit.
pub(crate) fn read(list: &Path, bytes: &[u8], form: Option<CardFormat>) -> Result<Edited, EditListError> {
    let fail = |why| EditListError { list: list.to_owned(), why };
    let told = |told: String| fail(Why::Told(told));
    let text = std::str::from_utf8(bytes).map_err(|error| told(format!("expected text: {error}")))?;
    let file: ListFile =
        toml::from_str(text).map_err(|error| told(format!("expected an edit list:\n{error}")))?;
    if file.deck_edits != VERSION {
        return Err(told(format!("expected {KEY} = {VERSION}, found {}", file.deck_edits)));
    }
    let folder = folder_of(list);
    let image = inside(&folder, &file.image).map_err(told)?;
    let image_bytes = bytes_of(&image).map_err(told)?;
    let named = file.image.display();
    let (length, crc) = (image_bytes.len() as u64, packed::crc32(&image_bytes));
    if file.bytes.is_some_and(|bytes| bytes != length)
        || file.crc32.as_ref().is_some_and(|wanted| !wanted.eq_ignore_ascii_case(&format!("{crc:08x}")))
    {
        let wanted = match (file.bytes, file.crc32) {
            (Some(bytes), Some(crc)) => format!("{bytes} bytes with CRC-32 {crc}"),
            (Some(bytes), None) => format!("{bytes} bytes"),
            (None, crc) => format!("CRC-32 {}", crc.unwrap_or_default()),
        };
        let message = format!(
            "{named} is not the image that the list was made for: expected {wanted}, found {length} bytes with CRC-32 {crc:08x}"
        );
        return Err(told(message));
    }
    let note = file.crc32.is_none().then(|| {
        format!(
            "{}: does not say which image it was made for; add `crc32 = \"{crc:08x}\"` below `image`",
            list.display()
        )
    });
    let mut deck =
        deck_of(&image_bytes, form).map_err(|error| fail(Why::Deck { name: file.image, error }))?;
    for (n, row) in file.edit.iter().enumerate() {
        let number = n + 1;
        let load = |name: &Path| {
            let path = inside(&folder, name)?;
            let bytes = bytes_of(&path)?;
            deck_of(&bytes, None).map_err(|error| format!("{}: {error}", name.display()))
        };
        let edit = row.edit(load).map_err(|told| fail(Why::Row { number, told }))?;
        edit.apply(&mut deck).map_err(|error| fail(Why::Edit { number, error }))?;
        if deck.len() > MOST_CARDS {
            let told = format!("expected at most {MOST_CARDS} cards, found {}", deck.len());
            return Err(fail(Why::Row { number, told }));
        }
    }
    Ok(Edited { deck, image, image_bytes, edits: file.edit.len(), note })
}

/// The first lines of a list for an image, `name` as seen from the folder of the list.
pub(crate) fn header(name: &Path, image: &[u8]) -> String {
    let name = toml::Value::String(name.to_string_lossy().replace('\\', "/"));
    let (bytes, crc) = (image.len(), packed::crc32(image));
    format!("{KEY} = {VERSION}\nimage = {name}\nbytes = {bytes}\ncrc32 = \"{crc:08x}\"\n")
}

/// The name of a file as seen from the folder of a list; `None` when it is not in it or below.
pub(crate) fn name_in_folder(list: &Path, file: &Path) -> Option<PathBuf> {
    let folder = folder_of(list).canonicalize().ok()?;
    let name = file.canonicalize().ok()?.strip_prefix(folder).ok()?.to_owned();
    // a name that is not text cannot stand in a list
    name.to_str().is_some().then_some(name)
}

/// The folder of a list; that of a list on standard input is the one in which the command runs.
fn folder_of(list: &Path) -> PathBuf {
    let parent = list.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_owned()
}

/// The place of a file that a list names.
fn inside(folder: &Path, name: &Path) -> Result<PathBuf, String> {
    let outside = || {
        format!("{} is outside of the folder of the list: expected a file in it or below it", name.display())
    };
    if !name.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
        return Err(outside());
    }
    let missing = |error: std::io::Error| format!("{}: cannot open: {error}", name.display());
    let folder = folder.canonicalize().map_err(missing)?;
    // a link can lead out of it, too
    let path = folder.join(name).canonicalize().map_err(missing)?;
    if path.starts_with(&folder) { Ok(path) } else { Err(outside()) }
}

/// The bytes of a plain file, unpacked.
fn bytes_of(path: &Path) -> Result<Vec<u8>, String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let wrong = |error: std::io::Error| format!("{name}: cannot read: {error}");
    if !std::fs::metadata(path).map_err(wrong)?.is_file() {
        return Err(format!("{name}: expected a file"));
    }
    asm704::in_use::reads(path, "a deck behind an edit list");
    let bytes = std::fs::File::open(path).and_then(|file| packed::read_file(&file, LARGEST_DECK));
    bytes.map_err(wrong)?.ok_or_else(|| format!("{name}: expected at most {LARGEST_DECK} bytes"))
}

/// The deck that bytes hold.
pub(crate) fn deck_of(bytes: &[u8], form: Option<CardFormat>) -> Result<Deck, DeckError> {
    if form.is_some() {
        return read_deck(bytes, form);
    }
    let not_a_deck = |reason| Err(DeckError::NotADeck { reason });
    if is_list(bytes) {
        return not_a_deck("it is an edit list: expected the image itself".to_owned());
    }
    let found = match what_is(&mut Slice(bytes), Place::Hopper, None) {
        Ok(found) => found,
        Err(error) => return not_a_deck(error.to_string()),
    };
    if found.kind == FileKind::Words {
        return deck_of_words(&String::from_utf8_lossy(bytes));
    }
    match found.refusal(Place::Hopper).filter(|_| found.kind != FileKind::Unknown) {
        Some(refusal) => not_a_deck(refusal),
        None => read_deck(bytes, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_told_by_its_first_line() {
        for list in ["deck-edits = 1\n", "# of UASAP\n\n deck-edits=1", "\u{feff}deck-edits = 9"] {
            assert!(is_list(list.as_bytes()), "{list}");
        }
        for other in ["", "deck-edits\n", "image = 1\ndeck-edits = 1\n", "DECK-EDITS = 1", "deck-edits-2 = 1"]
        {
            assert!(!is_list(other.as_bytes()), "{other}");
        }
    }
}
