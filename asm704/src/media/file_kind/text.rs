//! Recognition of the kinds of text.

use super::{FileKind, Place};
use crate::isa;
use crate::media::text::{FIRST_DRUM_LINE, FIRST_LINE};
use crate::source::{expand_tabs, later};
use crate::syntax::pseudo::PSEUDO;
use crate::{Word, word};

/// Text near the beginning of every snapshot of emu704, which is JSON.
const SNAPSHOT: &str = "\"emu704 snapshot\"";

/// The text at the beginning of a file; `None` if it is not text. Form feeds and a DOS end of file (^Z) count as text.
pub(super) fn of(head: &[u8]) -> Option<&str> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let head = head.strip_suffix(&[0x1a]).unwrap_or(head);
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // the head may end in the middle of a character
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let is_text = |c: char| matches!(c, '\t' | '\n' | '\r' | '\x0c' | '\x1a') || !c.is_control();
    text.chars().all(is_text).then_some(text)
}

/// True if the beginning is ASCII text. A reel never is: a length has a zero, or the first character of a record has bit 7.
pub(in crate::media) fn is_ascii(head: &[u8]) -> bool {
    head.is_ascii() && of(head).is_some()
}

/// A text format of this project, recognised by its first bytes.
pub(in crate::media) fn by_first_bytes(head: &[u8]) -> Option<FileKind> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let within = &head[..head.len().min(400)];
    if head.starts_with(b"{") && within.windows(SNAPSHOT.len()).any(|bytes| bytes == SNAPSHOT.as_bytes()) {
        return Some(FileKind::Snapshot);
    }
    if head.starts_with(FIRST_LINE.as_bytes()) || head.starts_with(b"704 reel text ") {
        return Some(FileKind::ReelText);
    }
    (head.starts_with(FIRST_DRUM_LINE.as_bytes()) || head.starts_with(b"704 drum text "))
        .then_some(FileKind::DrumText)
}

pub(super) fn kind(text: &str, place: Place, ending: Option<&str>) -> FileKind {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    if is_edit_list(text) {
        return FileKind::EditList;
    }
    if is_core_image(text) {
        return FileKind::CoreImage;
    }
    if is_words(first) {
        return FileKind::Words;
    }
    if is_job(text) {
        return FileKind::Job;
    }
    if place == Place::Source {
        return later::signs(text).map_or(FileKind::Source, FileKind::LaterSource);
    }
    if ending == Some("sapf") {
        return FileKind::FreeSource;
    }
    if let Some(found) = later::signs(text) {
        return FileKind::LaterSource(found);
    }
    if is_source(text) {
        return FileKind::Source;
    }
    // text that does not look like source can still be one of two things: a broken source, job or core image, or data
    match ending {
        Some("toml") => FileKind::Job,
        Some("sap") => FileKind::Source,
        Some("oct") => FileKind::CoreImage,
        _ => FileKind::Text,
    }
}

/// True if the first line that is not a comment is an address and a word. Comments alone must include one that gives a start.
fn is_core_image(text: &str) -> bool {
    for line in text.lines() {
        let (content, comment) = line.split_once('#').unwrap_or((line, ""));
        let fields: Vec<&str> = content.split_whitespace().collect();
        match fields[..] {
            [] if comment.trim_start().starts_with("start ") => return true,
            [] => {}
            [address, word] => {
                return word::parse_address(address).is_ok() && word.parse::<Word>().is_ok();
            }
            _ => return false,
        }
    }
    false
}

/// True for a line of 24 words of twelve digits.
fn is_words(line: &str) -> bool {
    let mut fields = 0;
    line.split_whitespace().all(|field| {
        fields += 1;
        field.len() >= 12 && field.parse::<Word>().is_ok()
    }) && fields == 24
}

/// True if the first line that is not a comment is the key of an edit list, with its version.
fn is_edit_list(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    let rest = first.and_then(|line| line.strip_prefix("deck-edits"));
    rest.is_some_and(|rest| rest.trim_start().starts_with('='))
}

/// True if the first line that is not a comment is a table name in brackets, or a key in lower case and its value.
fn is_job(text: &str) -> bool {
    let Some(line) =
        text.lines().map(str::trim_end).find(|line| !line.is_empty() && !line.trim_start().starts_with('#'))
    else {
        return false;
    };
    let is_key = |key: &str| {
        key.starts_with(|c: char| c.is_ascii_lowercase())
            && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '"'))
    };
    let line = line.trim_start();
    if let Some(name) = line.strip_prefix('[') {
        let name = name.trim_start_matches('[').split(']').next().unwrap_or("");
        return line.contains(']') && is_key(name.trim());
    }
    line.split_once('=').is_some_and(|(key, value)| is_key(key.trim_end()) && !value.trim().is_empty())
}

/// True if a card has an operation where the SHARE assembler looks for it: columns 8 to 10.
fn is_source(text: &str) -> bool {
    text.lines().any(|line| {
        let card: String = expand_tabs(line).chars().skip(6).take(5).collect();
        let Some(name) = card.get(1..4).map(str::trim_end) else { return false };
        let alone = card.starts_with(' ') && card.get(4..).is_none_or(|behind| behind.trim().is_empty());
        let name = name.to_ascii_uppercase();
        alone
            && name.len() == 3
            && (isa::lookup(&name).is_some() || PSEUDO.iter().any(|row| row.name == name))
    })
}
