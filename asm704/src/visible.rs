//! Names and texts of unknown origin, made safe to show on a terminal: no control character gets through.

use std::borrow::Cow;
use std::fmt::Write as _;

/// True for a character that a terminal obeys instead of showing: the control characters of ASCII and of ISO 8859 (U+0080 to
/// U+009F), and those that change the direction of the following text (Unicode annex 9), which can make a name look like another.
pub fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_hidden(c: char) -> bool {
    is_obeyed(c) && c != '\n' && c != '\t'
}

/// The text with `\u{1b}` and the like for each such character, except line ends and tabs.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let shown = |c: char| match c {
        '\r' => String::from("\\r"),
        c if is_hidden(c) => c.escape_unicode().to_string(),
        c => c.to_string(),
    };
    Cow::Owned(text.chars().map(shown).collect())
}

/// A JSON document with `\u001b` and the like for each such character; its meaning does not change.
pub fn json(document: &str) -> Cow<'_, str> {
    if !document.contains(is_hidden) {
        return Cow::Borrowed(document);
    }
    let mut text = String::with_capacity(document.len() + 16);
    for c in document.chars() {
        if is_hidden(c) {
            // all of them have four digits; writing to a string does not fail
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    Cow::Owned(text)
}

/// A card with one replacement sign for each such character, so that every column stays in place.
pub fn card(card: &str) -> Cow<'_, str> {
    if !card.contains(is_hidden) {
        return Cow::Borrowed(card);
    }
    Cow::Owned(card.chars().map(|c| if is_hidden(c) { char::REPLACEMENT_CHARACTER } else { c }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_obeyed() {
        assert_eq!(clean("a\n\tb é"), "a\n\tb é");
        assert_eq!(clean("\u{1b}[31m\u{9b}\u{202e}\u{2066}\r"), "\\u{1b}[31m\\u{9b}\\u{202e}\\u{2066}\\r");
        assert_eq!(json("\"\u{7f}\u{202e}\u{61c}\""), "\"\\u007f\\u202e\\u061c\"");
        assert_eq!(card("A\u{9b}B\u{202e}"), "A\u{fffd}B\u{fffd}");
    }
}
