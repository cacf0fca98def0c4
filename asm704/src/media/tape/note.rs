//! Objects of SIMH's extended format that exist in images but not on real tape (source: the SIMH magtape specification of 2022).
//!
//! The top four bits of a 32-bit word are its class, the other 28 a length or a value.

use std::fmt;

/// An object beside the recording: a tape unit passes over it, and a copy keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Text or a picture that describes the reel (class E).
    Description(Vec<u8>),
    /// Bytes of a class without a meaning here: 1 to 6 are private, 9 to D are reserved.
    Data {
        /// The class, 1 to 6 or 9 to 13.
        class: u8,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// A single word: class 7 is private, class F is reserved.
    Marker(u32),
}

/// The meaning of a word's class, for everything that is not a record, a mark, a gap or the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// This many bytes between two equal words.
    Bytes { class: u8, length: u32 },
    /// The word alone.
    Marker,
}

const VALUE: u32 = 0x0fff_ffff;
const DESCRIPTION: u8 = 0xe;

impl Class {
    /// The meaning of a word; `None` if it belongs to the recording, or to nothing.
    pub(super) fn of(word: u32) -> Option<Class> {
        let class = (word >> 28) as u8;
        match class {
            1..=6 | 9..=0xe => Some(Class::Bytes { class, length: word & VALUE }),
            7 => Some(Class::Marker),
            // half of a gap, which does not occur like this in an image
            0xf if (0xfffe_0000..=0xfffe_ffff).contains(&word) => None,
            0xf if word < 0xffff_fffe => Some(Class::Marker),
            _ => None,
        }
    }
}

impl Note {
    pub(super) fn from_bytes(class: u8, bytes: Vec<u8>) -> Note {
        if class == DESCRIPTION { Note::Description(bytes) } else { Note::Data { class, bytes } }
    }

    /// The class: the top four bits of its word.
    pub fn class(&self) -> u8 {
        match self {
            Note::Description(_) => DESCRIPTION,
            Note::Data { class, .. } => *class,
            Note::Marker(word) => (word >> 28) as u8,
        }
    }

    /// Its bytes; a marker has none.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Note::Description(bytes) | Note::Data { bytes, .. } => bytes,
            Note::Marker(_) => &[],
        }
    }

    /// The word that begins it, and also ends it if it has bytes; `None` if there is no such word.
    pub(super) fn word(&self) -> Option<u32> {
        let (class, bytes) = match self {
            Note::Marker(word) => return (Class::of(*word) == Some(Class::Marker)).then_some(*word),
            Note::Description(bytes) => (DESCRIPTION, bytes),
            Note::Data { class, bytes } => (*class, bytes),
        };
        let length = u32::try_from(bytes.len()).ok().filter(|&n| n <= VALUE)?;
        let word = u32::from(class) << 28 | length;
        let same = Class::Bytes { class, length };
        (class <= 0xf && class != 0 && Class::of(word) == Some(same)).then_some(word)
    }

    /// Its lines of text: only if printable, each line without trailing blanks.
    ///
    /// ```
    /// use asm704::media::tape::Note;
    ///
    /// let note = Note::Description(b"SHARE reel 7\r\nread in 1987\0".to_vec());
    /// assert_eq!(note.text().as_deref(), Some("SHARE reel 7\nread in 1987"));
    /// assert_eq!(Note::Description(vec![0xff, 0xd8, 1]).text(), None);
    /// ```
    pub fn text(&self) -> Option<String> {
        let text = std::str::from_utf8(self.bytes()).ok()?.trim_end_matches(['\0', '\u{1a}']);
        let printable = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
        if text.trim().is_empty() || !text.chars().all(printable) {
            return None;
        }
        let lines: Vec<String> =
            text.lines().map(|line| line.replace(['\r', '\t'], " ").trim_end().to_owned()).collect();
        Some(lines.join("\n").trim_end().to_owned())
    }
}

impl fmt::Display for Note {
    /// A description such as `a description of 24 bytes`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.bytes().len();
        let s = if n == 1 { "" } else { "s" };
        match self {
            Note::Description(_) => write!(f, "a description of {n} byte{s}"),
            Note::Data { class: class @ 1..=6, .. } => {
                write!(f, "private data of class {class}, {n} byte{s}")
            }
            Note::Data { class, .. } => write!(f, "data of the reserved class {class:X}, {n} byte{s}"),
            Note::Marker(word) if word >> 28 == 7 => write!(f, "the private marker {word:08x}"),
            Note::Marker(word) => write!(f, "the reserved marker {word:08x}"),
        }
    }
}
