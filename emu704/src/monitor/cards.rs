//! `send`: text that is punched on cards, and put into the hopper.

use asm704::media::card::{COLUMNS_OF_704, Card};

use super::{Monitor, Reply, Result, refused};

impl Monitor {
    /// `send "TEXT"`: one card per line, behind those in the hopper. `\n` ends a line.
    pub(super) fn send(&mut self, text: &str) -> Result<Reply> {
        let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let text = unescaped(inner.unwrap_or(text));
        let mut cards = Vec::new();
        for line in text.strip_suffix('\n').unwrap_or(&text).split('\n') {
            let card = Card::from_text(line).map_err(|(column, c)| (column, format!("no hole for `{c}`")));
            let long = line.chars().count() > COLUMNS_OF_704;
            match card {
                _ if long => {
                    return refused(format!(
                        "`{line}`: the reader sees columns 1 to {COLUMNS_OF_704} of a card"
                    ));
                }
                Ok(card) => cards.push(card.words()),
                Err((column, what)) => return refused(format!("column {column}: {what}")),
            }
        }
        self.debugger.put_cards(cards);
        Ok(Reply::Text(self.cards()))
    }
}

/// `\n` and `\r` for the end of a line, `\"` and `\\` for themselves.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match (c, rest.clone().next()) {
            ('\\', Some('r')) if rest.as_str().starts_with("r\\n") => {
                rest.nth(2);
                out.push('\n');
            }
            ('\\', Some('n' | 'r')) => {
                rest.next();
                out.push('\n');
            }
            ('\\', Some(sign @ ('"' | '\\'))) => {
                rest.next();
                out.push(sign);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn a_line_ends_where_it_says() {
        assert_eq!(unescaped(r#"A\nB\rC\r\nD \"E\" \\n \x"#), "A\nB\nC\nD \"E\" \\n \\x");
    }
}
