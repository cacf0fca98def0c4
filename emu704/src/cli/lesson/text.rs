//! A lesson's Markdown for a terminal: no marks where a terminal needs none, and lines that fit.

use std::fmt::Write as _;

/// The text without the sections that are answers, unless they are asked for.
pub(super) fn visible(text: &str, answer: bool) -> String {
    let mut out = String::new();
    let mut hidden = false;
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            hidden = !answer && heading.to_ascii_lowercase().ends_with("answer");
        }
        if !hidden {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The text in lines of at most `width` characters, where words allow it. Programs and what commands print stay as they are.
pub(super) fn render(text: &str, width: usize) -> String {
    let mut page = Page { out: String::new(), open: String::new(), hanging: 0, table: Vec::new(), width };
    let mut fenced = false;
    for line in text.lines() {
        if line.starts_with("```") {
            page.close();
            fenced = !fenced;
        } else if fenced {
            page.verbatim(&format!("    {line}"));
        } else if line.is_empty() {
            page.close();
            page.verbatim("");
        } else if let Some(heading) = line.strip_prefix("# ") {
            page.heading(heading, '=');
        } else if let Some(heading) = line.strip_prefix("## ") {
            page.heading(heading, '-');
        } else if line.starts_with('|') {
            page.close_text();
            page.row(line);
        } else {
            if line.starts_with("- ") {
                page.close();
                page.hanging = 2;
            }
            page.add(line.trim());
        }
    }
    page.close();
    page.out
}

struct Page {
    out: String,
    /// A paragraph that goes on.
    open: String,
    /// Blanks in front of its further lines.
    hanging: usize,
    /// Rows of a table that goes on, cell by cell.
    table: Vec<Vec<String>>,
    width: usize,
}

impl Page {
    fn verbatim(&mut self, line: &str) {
        // one empty line is enough
        if !(line.trim().is_empty() && self.out.ends_with("\n\n")) {
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }

    fn heading(&mut self, text: &str, below: char) {
        self.close();
        let text = inline(text);
        let line: String = text.chars().map(|_| below).collect();
        self.verbatim(&text);
        self.verbatim(&line);
    }

    fn add(&mut self, text: &str) {
        if !self.open.is_empty() {
            self.open.push(' ');
        }
        self.open.push_str(text);
    }

    /// A row of a table; the line below its heading says nothing.
    fn row(&mut self, line: &str) {
        let cells: Vec<String> = line.trim_matches('|').split('|').map(|cell| inline(cell.trim())).collect();
        if !cells.iter().all(|cell| cell.chars().all(|c| "-:".contains(c))) {
            self.table.push(cells);
        }
    }

    fn close(&mut self) {
        self.close_text();
        let rows = std::mem::take(&mut self.table);
        let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
        let widths: Vec<usize> = (0..columns.saturating_sub(1))
            .map(|n| {
                rows.iter().filter_map(|row| row.get(n)).map(|cell| cell.chars().count()).max().unwrap_or(0)
                    + 2
            })
            .collect();
        for row in rows {
            let mut line = String::new();
            for (n, cell) in row.iter().enumerate() {
                let width = widths.get(n).copied().unwrap_or_default();
                if n + 1 == columns {
                    self.wrap(line.clone(), line.chars().count(), cell);
                } else {
                    let _ = write!(line, "{cell:width$}");
                }
            }
        }
    }

    fn close_text(&mut self) {
        let text = inline(&std::mem::take(&mut self.open));
        let hanging = std::mem::take(&mut self.hanging);
        self.wrap(String::new(), hanging, &text);
    }

    /// Words behind what a line begins with, in as many lines as they need.
    fn wrap(&mut self, mut line: String, hanging: usize, text: &str) {
        for word in text.split_whitespace() {
            if !line.trim().is_empty() && line.chars().count() + 1 + word.chars().count() > self.width {
                self.verbatim(&line);
                line = " ".repeat(hanging);
            }
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            self.verbatim(&line);
        }
    }
}

/// A line without bold marks, and with the text of its links only.
fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let link = rest[open..].find("](").and_then(|middle| {
            let middle = open + middle;
            let close = middle + rest[middle..].find(')')?;
            (!rest[open + 1..middle].contains('[')).then_some((middle, close))
        });
        let Some((middle, close)) = link else {
            out.push_str(&rest[..=open]);
            rest = &rest[open + 1..];
            continue;
        };
        out.push_str(rest[..open].trim_end_matches('!'));
        if rest[..open].ends_with('!') {
            out.push_str("a picture: ");
        }
        out.push_str(&rest[open + 1..middle]);
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out.replace("**", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_for_a_terminal() {
        let text = "# A title\n\nSome **words** that\nare [wrapped](x.md) here.\n\n- one item that is long\n- two\n\n```console\n$ a long line stays as it is\n```\n";
        assert_eq!(
            render(text, 16),
            "A title\n=======\n\nSome words that\nare wrapped\nhere.\n\n- one item that\n  is long\n- two\n\n    $ a long line stays as it is\n"
        );
    }

    #[test]
    fn answers_are_hidden_until_asked_for() {
        let text = "a\n## Exercise\nb\n## Answer\nc\n## A second exercise\nd\n## Its answer\ne\n";
        assert_eq!(visible(text, false), "a\n## Exercise\nb\n## A second exercise\nd\n");
        assert_eq!(visible(text, true), text);
    }

    #[test]
    fn brackets_that_are_no_link_stay() {
        let table = "| key | value |\n|---|---|\n| `a` | one two three |\n| longer | x |\n";
        assert_eq!(render(table, 16), "key     value\n`a`     one two\n        three\nlonger  x\n");
        assert_eq!(inline("SUM >= [200] and ![a frame](o.png)"), "SUM >= [200] and a picture: a frame");
    }
}
