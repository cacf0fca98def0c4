//! Lines that are longer than a pane is wide.

use std::borrow::Cow;

use ratatui::text::Line;

/// The line, or as much of it as there is room for with a mark at its end, so that nobody takes a part for the whole.
pub(in crate::cli::tui) fn cut(line: &str, ascii: bool, width: usize) -> Cow<'_, str> {
    let columns = |text: &str| Line::raw(text).width();
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
    }
}
