//! Free-form sources: fields separated by blanks, placed in the columns of ordinary cards.
//!
//! A line is a label, an operation, a variable field and a comment. The label begins in column 1 and ends at the first
//! blank, or it ends with `:` and can be anywhere before the operation. A line that begins in column 1 with an operation, and
//! has no second operation after it, has no label. `*` or `#` as the first character makes the
//! line a REM card; an empty line is not a card. Text in double quotes is taken literally; `""` in it is one quote.
//! docs/assembler.md has all the rules.

use std::borrow::Cow;
use std::ops::Range;

use super::{BUFFER, CODES, Card, Columns, NONE, VARIABLE, expand_tabs};
use crate::chars::{BLANK, graphic};
use crate::diag::{Code, Diagnostic};
use crate::isa::{self, Form};
use crate::syntax::pseudo::{PSEUDO, Pseudo};

/// The column where comments begin if the variable field is short enough, counted from 0.
const COMMENT: usize = 31;

/// Text of BCD ends before this column, counted from 0; the identification follows.
const IDENTIFICATION: usize = 72;

/// The card that a line makes, and the origin of its columns.
struct Layout {
    columns: [u8; BUFFER],
    /// For each column of the card, the column of the line; both are counted from 0.
    from: [Option<usize>; BUFFER],
    diagnostics: Vec<Diagnostic>,
    line: usize,
    n_columns: usize,
}

/// A field of a line: its characters with their columns, counted from 0.
struct Piece {
    text: Vec<(usize, char)>,
    /// The columns of the line, quotes included.
    at: Range<usize>,
    quoted: bool,
}

/// The cards of a free-form source, and problems with its lines, in columns of the lines.
pub fn read(source: &str, columns: Columns) -> (Vec<Card>, Vec<Diagnostic>) {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut cards = Vec::new();
    let mut diagnostics = Vec::new();
    for (n, line) in source.split_terminator('\n').enumerate() {
        if let Some(mut layout) = lay_out(line, n + 1, columns) {
            cards.push(Card { line: n + 1, columns: layout.columns });
            diagnostics.append(&mut layout.diagnostics);
        }
    }
    (cards, diagnostics)
}

/// Converts columns of a line's card to columns of the line, both counted from 0.
pub fn line_columns(line: &str, columns: Columns, card: &Range<usize>) -> Range<usize> {
    let Some(layout) = lay_out(line, 1, columns) else { return 0..1 };
    let from =
        |range: Range<usize>| layout.from[range.start.min(BUFFER)..range.end.min(BUFFER)].iter().flatten();
    if let (Some(start), Some(end)) = (from(card.clone()).min(), from(card.clone()).max()) {
        return *start..end + 1;
    }
    // no character of the line is there: use what comes before, otherwise what comes after
    let before = from(0..card.start.min(BUFFER)).max().map(|end| *end..end + 1);
    let behind = || from(card.end.min(BUFFER)..BUFFER).min().map(|start| *start..start + 1);
    before.or_else(behind).unwrap_or(0..1)
}

/// True for operations that are followed directly by a comment: those that are selected by their address
/// and require no field.
fn has_no_field(operation: &str) -> bool {
    if let Some(row) = PSEUDO.iter().find(|row| row.name == operation) {
        return row.operands.is_empty();
    }
    isa::lookup(operation).is_some_and(|named| {
        !named.needs.address()
            && !named.needs.tag()
            && (named.word.address() != 0 || matches!(named.op.row().form, Form::Micro | Form::None))
    })
}

fn lay_out(line: &str, number: usize, columns: Columns) -> Option<Layout> {
    let line: Cow<'_, str> = if line.contains('\t') {
        expand_tabs(line).into()
    } else {
        line.strip_suffix('\r').unwrap_or(line).into()
    };
    let characters: Vec<char> = line.trim_end().chars().collect();
    let first = characters.iter().position(|&c| c != ' ')?;
    let mut layout = Layout {
        columns: [BLANK; BUFFER],
        from: [None; BUFFER],
        diagnostics: Vec::new(),
        line: number,
        n_columns: columns.count(),
    };
    if matches!(characters[first], '*' | '#') {
        layout.put_name("REM", first);
        layout.put_comment(VARIABLE, &characters, first + 1);
        return Some(layout);
    }
    let mut at = first;
    let mut piece = next_piece(&characters, &mut at);
    let has_colon =
        !piece.quoted && piece.text.len() > 1 && piece.text.last().is_some_and(|&(_, c)| c == ':');
    if has_colon || (first == 0 && !begins_with_operation(&characters)) {
        if has_colon {
            piece.text.pop();
        }
        layout.put_label(&piece);
        if !skip_blanks(&characters, &mut at) {
            return Some(layout);
        }
        piece = next_piece(&characters, &mut at);
    }
    layout.put_operation(&piece);
    let operation: String = layout.columns[7..10].iter().map(|&code| graphic(code)).collect();
    match operation.as_str() {
        "REM" => layout.put_comment(VARIABLE, &characters, at + 1),
        "BCD" => {
            skip_blanks(&characters, &mut at);
            layout.put_text(&characters, at);
        }
        operation => layout.put_fields(&characters, at, has_no_field(operation.trim_end())),
    }
    Some(layout)
}

/// True for a line whose first word is an operation and whose second is not. It has no label although it begins in column 1:
/// people who have never seen a card usually write like this. `ADD DEC 5` has the label ADD.
fn begins_with_operation(characters: &[char]) -> bool {
    let line: String = characters.iter().collect();
    let mut words = line.split(' ').filter(|word| !word.is_empty());
    let mut is_operation = || words.next().is_some_and(is_operation);
    is_operation() && !is_operation()
}

/// The name of an operation or pseudo-operation, in upper or lower case.
fn is_operation(word: &str) -> bool {
    let word = word.to_ascii_uppercase();
    isa::lookup(&word).is_some() || PSEUDO.iter().any(|row| row.name == word)
}

/// Moves to the next character that is not a blank; false if there is none.
fn skip_blanks(characters: &[char], at: &mut usize) -> bool {
    while characters.get(*at) == Some(&' ') {
        *at += 1;
    }
    *at < characters.len()
}

/// The text up to the next blank, or up to the closing quote.
fn next_piece(characters: &[char], at: &mut usize) -> Piece {
    let start = *at;
    if characters.get(start) == Some(&'"') {
        return quoted_piece(characters, at);
    }
    while characters.get(*at).is_some_and(|&c| c != ' ') {
        *at += 1;
    }
    Piece { text: (start..*at).map(|n| (n, characters[n])).collect(), at: start..*at, quoted: false }
}

/// The text of a quote that opens at `at`; without a closing quote, the rest of the line.
fn quoted_piece(characters: &[char], at: &mut usize) -> Piece {
    let start = *at;
    let mut text = Vec::new();
    *at += 1;
    while let Some(&c) = characters.get(*at) {
        *at += 1;
        if c == '"' {
            if characters.get(*at) != Some(&'"') {
                break;
            }
            *at += 1;
        }
        text.push((*at - 1, c));
    }
    Piece { text, at: start..*at, quoted: true }
}

impl Layout {
    /// Places a character; reports one that the 704 does not have.
    fn put(&mut self, column: usize, at: usize, c: char, code: Code) {
        let found = if c.is_ascii() { CODES[c as usize] } else { NONE };
        if found == NONE {
            let message = format!("`{}` is not a character of the 704", c.escape_debug());
            self.diagnostics
                .push(Diagnostic::new(code, self.line, at..at + 1, message).label("read as a blank"));
        } else if column < BUFFER {
            self.columns[column] = found;
        }
        if column < BUFFER {
            self.from[column] = Some(at);
        }
    }

    fn put_all(&mut self, first: usize, text: &[(usize, char)], code: Code) {
        for (n, &(at, c)) in text.iter().enumerate() {
            self.put(first + n, at, c, code);
        }
    }

    fn put_name(&mut self, name: &str, at: usize) {
        for (n, c) in name.chars().enumerate() {
            self.put(7 + n, at, c, Code::ForeignCharacter);
        }
    }

    fn too_long(&mut self, at: Range<usize>, message: &str, label: &str) {
        self.diagnostics.push(
            Diagnostic::new(Code::DoesNotFit, self.line, at, message.to_owned()).label(label.to_owned()),
        );
    }

    fn put_label(&mut self, piece: &Piece) {
        // as in the variable field, the last six characters count
        let cut = piece.text.len().saturating_sub(6);
        if cut > 0 {
            let kept: String = piece.text[cut..].iter().map(|&(_, c)| c.to_ascii_uppercase()).collect();
            self.diagnostics.push(
                Diagnostic::new(
                    Code::SymbolCut,
                    self.line,
                    piece.at.clone(),
                    "only the last six characters count".to_owned(),
                )
                .label(format!("read as `{kept}`")),
            );
        }
        self.put_all(0, &piece.text[cut..], Code::ForeignCharacter);
    }

    fn put_operation(&mut self, piece: &Piece) {
        let kept = piece.text.len().min(3);
        if piece.text.len() > 3 {
            let label = "only its first three are on the card";
            self.too_long(piece.at.clone(), "an operation has three characters", label);
        }
        self.put_all(7, &piece.text[..kept], Code::ForeignCharacter);
        if kept == 0 {
            self.from[7] = Some(piece.at.start);
        }
    }

    /// Places the variable field and the comment.
    fn put_fields(&mut self, characters: &[char], from: usize, no_field: bool) {
        let mut at = from;
        if !skip_blanks(characters, &mut at) {
            return;
        }
        let mut end = VARIABLE;
        let quoted = characters[at] == '"';
        if quoted || (!no_field && characters[at] != '#') {
            let piece = next_piece(characters, &mut at);
            let room = self.n_columns - VARIABLE;
            let kept = piece.text.len().min(room);
            if piece.text.len() > room {
                let cut = piece.text[room].0..piece.at.end;
                self.too_long(cut, "the variable field is longer than the card", "not read");
            }
            self.put_all(VARIABLE, &piece.text[..kept], Code::ForeignCharacter);
            end = VARIABLE + kept;
            skip_blanks(characters, &mut at);
        }
        self.put_comment((end + 1).max(COMMENT), characters, at);
    }

    /// Places a comment; the part that does not fit on the card is left out.
    fn put_comment(&mut self, first: usize, characters: &[char], from: usize) {
        for (n, &c) in characters.iter().enumerate().skip(from) {
            let column = first + n - from;
            self.put(if column < IDENTIFICATION { column } else { BUFFER }, n, c, Code::ForeignComment);
        }
    }

    /// Places BCD: a count and text by the column rule, or text in quotes with or without a count before it.
    fn put_text(&mut self, characters: &[char], from: usize) {
        let quote = match (characters.get(from), characters.get(from + 1)) {
            (Some('"'), _) => Some(from),
            (Some(_), Some('"')) => Some(from + 1),
            _ => None,
        };
        let Some(mut at) = quote else {
            let end = characters.len().min(from + self.n_columns - VARIABLE);
            for (n, &c) in characters.iter().enumerate().take(end).skip(from) {
                self.put(VARIABLE + n - from, n, c, Code::ForeignCharacter);
            }
            return;
        };
        let opening = at;
        let piece = quoted_piece(characters, &mut at);
        let wanted = piece.text.len().div_ceil(6);
        let n_words = if opening > from {
            self.put(VARIABLE, from, characters[from], Code::ForeignCharacter);
            crate::syntax::octal::bcd_count(&self.columns)
        } else {
            if let Some(digit) = char::from_digit(wanted as u32, 10) {
                self.put(VARIABLE, from, digit, Code::ForeignCharacter);
            }
            wanted.min(10)
        };
        let kept = piece.text.len().min(6 * n_words).min(IDENTIFICATION - VARIABLE - 1);
        if piece.text.len() > kept {
            let cut = piece.text[kept].0..piece.at.end;
            self.too_long(cut, "the text is longer than its words", "not in any word");
        }
        self.put_all(VARIABLE + 1, &piece.text[..kept], Code::ForeignCharacter);
        let end = VARIABLE + 1 + 6 * n_words;
        skip_blanks(characters, &mut at);
        if end < IDENTIFICATION {
            self.put_comment((end + 1).max(COMMENT), characters, at);
        }
    }
}

/// A card as a line of a free-form source. The line makes the same card again except for columns 7 and 11, and for the positions
/// of the symbol in its field and of the comment.
pub fn line_of(card: &Card) -> String {
    let text =
        |range: Range<usize>| -> String { card.columns[range].iter().map(|&code| graphic(code)).collect() };
    let (location, operation) = (text(0..6), text(7..10));
    let mut line = String::new();
    let is = |pseudo: Pseudo| PSEUDO.iter().any(|row| row.op == pseudo && row.name == operation);
    // blanks in a symbol do not count, but the heading is in column 1
    let label = if is(Pseudo::Hed) { location.trim_end().to_owned() } else { location.replace(' ', "") };
    if !label.is_empty() {
        let odd = label.contains([' ', '"']) || label.starts_with(['*', '#']) || label.ends_with(':');
        line.push_str(&if odd { quoted(&label) } else { label });
    }
    let name = operation.trim_end();
    let odd =
        name.is_empty() || name.contains([' ', '"']) || name.starts_with(['*', '#']) || name.ends_with(':');
    line.push(' ');
    line.push_str(&if odd { quoted(name) } else { name.to_owned() });
    if is(Pseudo::Rem) {
        line.push(' ');
        line.push_str(&text(VARIABLE..BUFFER));
    } else if is(Pseudo::Bcd) {
        line.push(' ');
        let count = card.columns[VARIABLE];
        let n_words = crate::syntax::octal::bcd_count(&card.columns);
        let last = (VARIABLE + 1 + 6 * n_words).min(IDENTIFICATION);
        if count != BLANK && graphic(count) != '"' {
            line.push(graphic(count));
        }
        let blanks = " ".repeat(6 * n_words + VARIABLE + 1 - last);
        line.push_str(&quoted(&(text(VARIABLE + 1..last) + &blanks)));
    } else {
        let end = card.variable_end();
        let field = text(VARIABLE..end);
        let odd = field.starts_with(['"', '#']) || (!field.is_empty() && has_no_field(name));
        let comment = text(end..BUFFER);
        let comment = comment.trim();
        line.push(' ');
        if odd || (field.is_empty() && !comment.is_empty() && !has_no_field(name)) {
            line.push_str(&quoted(&field));
        } else {
            line.push_str(&field);
        }
        if !comment.is_empty() {
            line.push(' ');
            if comment.starts_with('"') {
                line.push_str("# ");
            }
            line.push_str(comment);
        }
    }
    line.truncate(line.trim_end().len());
    line
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
