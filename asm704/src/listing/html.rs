//! The listing as an HTML page: symbols link to their definitions, and messages appear below flagged lines.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::ops::Range;

use super::ListingCard;
use crate::assemble::{Assembly, Output};
use crate::diag::{Diagnostic, Severity};
use crate::xref;

const STYLE: &str = "\
body{font:14px/1.35 ui-monospace,Menlo,Consolas,monospace;margin:1.5em;color:#1b1b1b;background:#fdfcf7}\
h1{font-size:1.2em}h2{font-size:1em;margin-top:2em}\
.l,.m{white-space:pre}.l:target{background:#ffe9a8}.f{background:#fbdcd6}.w{background:#fff3c4}\
.m{padding-left:31ch;font-style:italic;white-space:pre-wrap}.error{color:#a3180a}.warning{color:#7a5500}\
a{color:#0b4f9c;text-decoration:none}a:hover{text-decoration:underline}dfn{font-style:normal;font-weight:bold}\
td,th{padding:0 1em 0 0;text-align:left;vertical-align:top}\
@media(prefers-color-scheme:dark){body{color:#e6e3da;background:#1b1c1e}a{color:#8cc0ff}.f{background:#5a2219}\
.w{background:#4a3d10}.l:target{background:#5c4a00}.error{color:#ff9c8c}.warning{color:#e8c76a}}";

/// The page for a source assembled with a listing and references.
pub fn page(title: &str, output: &Output) -> String {
    let title = escaped(title);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    for assembly in &output.assemblies {
        let _ = writeln!(
            page,
            "<h2>Assembly of lines {} to {}</h2>\n<section>",
            assembly.first_line,
            output.place(assembly.last_line).1
        );
        Section::new(assembly, output).write(&mut page);
        page.push_str("</section>\n");
    }
    if let Some(line) = &output.last_line {
        let _ = writeln!(page, "<section><div class=\"l\">{}</div></section>", escaped(line));
    }
    for diagnostic in &output.stray {
        message(&mut page, diagnostic);
    }
    page.push_str("</body>\n</html>\n");
    page
}

/// A marked part of a card.
struct Mark {
    columns: Range<usize>,
    open: String,
    close: &'static str,
}

struct Section<'a> {
    assembly: &'a Assembly,
    output: &'a Output,
    marks: HashMap<usize, Vec<Mark>>,
    messages: HashMap<usize, Vec<&'a Diagnostic>>,
}

impl<'a> Section<'a> {
    fn new(assembly: &'a Assembly, output: &'a Output) -> Section<'a> {
        let mut marks: HashMap<usize, Vec<Mark>> = HashMap::new();
        let mut messages: HashMap<usize, Vec<&Diagnostic>> = HashMap::new();
        let mut targets = HashMap::new();
        for symbol in &assembly.symbols {
            if symbol.effective {
                targets.insert(symbol.name.as_str(), symbol);
            }
            marks.entry(symbol.line).or_default().push(Mark {
                columns: symbol.card_columns.clone(),
                open: format!("<dfn title=\"{:05o}\">", symbol.value),
                close: "</dfn>",
            });
        }
        for reference in &assembly.references {
            if let Some(symbol) = targets.get(reference.name.as_str()).filter(|symbol| symbol.line != 0) {
                marks.entry(reference.line).or_default().push(Mark {
                    columns: reference.card_columns.clone(),
                    open: format!("<a href=\"#l{}\" title=\"{:05o}\">", symbol.line, symbol.value),
                    close: "</a>",
                });
            }
        }
        for marks in marks.values_mut() {
            marks.sort_by_key(|mark| mark.columns.start);
        }
        for diagnostic in &assembly.diagnostics {
            messages.entry(diagnostic.line).or_default().push(diagnostic);
        }
        Section { assembly, output, marks, messages }
    }

    fn write(&self, page: &mut String) {
        let mut seen = HashSet::new();
        let mut said = HashSet::new();
        let lines = self.assembly.listing.iter().zip(&self.assembly.listing_cards);
        let last: HashMap<usize, usize> =
            lines.clone().enumerate().map(|(n, (_, card))| (card.line, n)).collect();
        for (n, (text, card)) in lines.enumerate() {
            let in_body = card.card_at != Some(FIRST_PASS);
            let flagged = text.chars().skip(1).take(5).any(|c| c != ' ');
            let class = match self.messages.get(&card.line) {
                _ if flagged => "l f",
                Some(found) if in_body && found.iter().any(|d| d.severity() == Severity::Error) => "l f",
                Some(_) if in_body => "l w",
                _ => "l",
            };
            let _ = write!(page, "<div class=\"{class}\"");
            if card.line != 0 && (in_body || last.get(&card.line) == Some(&n)) && seen.insert(card.line) {
                let _ = write!(page, " id=\"l{}\"", card.line);
            }
            let _ = writeln!(page, ">{}</div>", self.marked(text, *card));
            if (in_body || last.get(&card.line) == Some(&n)) && said.insert(card.line) {
                for diagnostic in self.messages.get(&card.line).into_iter().flatten() {
                    message(page, diagnostic);
                }
            }
        }
        self.cross_reference(page);
    }

    /// The line with the marks of its card.
    fn marked(&self, text: &str, card: ListingCard) -> String {
        let marks = self.marks.get(&card.line).map_or(&[][..], Vec::as_slice);
        let Some(offset) = card.card_at.filter(|&at| at != FIRST_PASS && !marks.is_empty()) else {
            return escaped(text);
        };
        let mut out = String::new();
        let mut at = 0;
        let slice = |range: Range<usize>| {
            let end = range.end.min(text.len());
            escaped(text.get(range.start.min(end)..end).unwrap_or(""))
        };
        for mark in marks {
            let columns = mark.columns.start + offset..mark.columns.end + offset;
            if columns.start < at || columns.end > text.len() || text[columns.clone()].trim().is_empty() {
                continue;
            }
            out.push_str(&slice(at..columns.start));
            out.push_str(&mark.open);
            out.push_str(&slice(columns.clone()));
            out.push_str(mark.close);
            at = columns.end;
        }
        out.push_str(&slice(at..text.len()));
        out
    }

    fn cross_reference(&self, page: &mut String) {
        let link = |line: usize| match self.output.place(line) {
            _ if line == 0 => "table".to_owned(),
            (None, shown) => format!("<a href=\"#l{line}\">{shown}</a>"),
            (Some(routine), shown) => format!("<a href=\"#l{line}\">{}:{shown}</a>", escaped(routine)),
        };
        let rows = xref::table(self.assembly);
        if rows.is_empty() {
            return;
        }
        page.push_str(
            "<table>\n<tr><th>symbol</th><th>value</th><th>defined</th><th>used</th><th></th></tr>\n",
        );
        for row in rows {
            let value = row.value.map_or_else(String::new, |value| format!("{value:05o}"));
            let defined: Vec<String> = row.definitions.iter().map(|d| link(d.line)).collect();
            let used: Vec<String> = row
                .references
                .iter()
                .map(|r| format!("{}{}", link(r.line), r.usage.letter()).trim_end().to_owned())
                .collect();
            let note = match () {
                () if row.is_multiple() => "multiply defined",
                () if row.is_undefined() => "undefined",
                () if row.placed => "placed by DEF",
                () if row.is_unused() => "unused",
                () => "",
            };
            let _ = writeln!(
                page,
                "<tr><td>{}</td><td>{value}</td><td>{}</td><td>{}</td><td>{note}</td></tr>",
                escaped(&row.name),
                defined.join(" "),
                used.join(" ")
            );
        }
        page.push_str("</table>\n");
    }
}

/// The position of the card in lines of the first pass.
const FIRST_PASS: usize = 6;

fn message(page: &mut String, diagnostic: &Diagnostic) {
    let class = match diagnostic.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let _ = write!(
        page,
        "<div class=\"m {class}\">{class} {}: {}",
        diagnostic.code,
        escaped(&diagnostic.message)
    );
    for more in diagnostic.label.iter().chain(&diagnostic.help) {
        let _ = write!(page, "; {}", escaped(more));
    }
    page.push_str("</div>\n");
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
