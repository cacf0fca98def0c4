//! Lines that are longer than a pane is wide.

use std::borrow::Cow;

use ratatui::text::Line;

/// The line, or as much of it as there is room for with a mark at its end, so that nobody takes a part for the whole.
pub(in crate::cli::tui) fn cut(line: &str, ascii: bool, width: usize) -> Cow<'_, str> {
    if columns(line) <= width {
        return Cow::Borrowed(line);
    }
    let mark = if ascii { '>' } else { '…' };
    let mut kept = line.to_owned();
    while !kept.is_empty() && columns(&kept) + 1 > width {
        kept.pop();
    }
    kept.push(mark);
    Cow::Owned(kept)
}

/// The path, or as much of its end as there is room for with a mark in front: the end says more than the beginning.
pub(in crate::cli::tui) fn cut_start(path: &str, ascii: bool, width: usize) -> Cow<'_, str> {
    if columns(path) <= width {
        return Cow::Borrowed(path);
    }
    let mark = if ascii { '<' } else { '…' };
    let mut kept = path;
    while !kept.is_empty() && columns(kept) + 1 > width {
        let mut rest = kept.chars();
        rest.next();
        kept = rest.as_str();
    }
    Cow::Owned(format!("{mark}{kept}"))
}

/// Columns of a terminal that a text takes.
fn columns(text: &str) -> usize {
    Line::raw(text).width()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_is_marked() {
        assert_eq!(cut("ADD DATA+10,1", false, 13), "ADD DATA+10,1");
        assert_eq!(cut("ADD DATA+10,1", false, 12), "ADD DATA+10…");
        assert_eq!(cut("ADD DATA+10,1", true, 10), "ADD DATA+>");
        // a wide character takes two columns
        assert_eq!(cut("漢字", false, 3), "漢…");
        assert_eq!(cut("AB", true, 0), ">");
        assert_eq!(cut_start("byhand.tap", false, 10), "byhand.tap");
        assert_eq!(cut_start("byhand.tap", false, 6), "…d.tap");
        assert_eq!(cut_start("byhand.tap", true, 6), "<d.tap");
        assert_eq!(cut_start("漢字", false, 3), "…字");
    }
}
