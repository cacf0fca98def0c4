//! A picture in parts, where the line is slow.
//!
//! The rows at the foot say how the machine is. A change there goes first, and with it as many other changes as the line carries in
//! a moment. The rest waits on the host, and not in the buffers of the line: the next part has what is true then.

use ratatui::buffer::{Buffer, Cell};

/// Rows at the foot that go first: state, message, command.
const FIRST: u16 = 3;
/// Bytes that lead the cursor to a place.
const MOVE: usize = 8;
/// Bytes of the colours of a character: ground and letter, of 256.
const COLOURS: usize = 22;

/// What the terminal shows, and where the next part begins.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// `None` when pictures go whole.
    shown: Option<Buffer>,
    /// A cell, counted from the top left.
    next: usize,
    begun: bool,
}

impl Parts {
    /// Takes so much of a new picture as fits into `most` bytes, and at least one cell: the rest of `picture` becomes what the
    /// terminal shows. True when something is left. Without `most` all is taken.
    pub(super) fn choose(&mut self, picture: &mut Buffer, most: Option<usize>) -> bool {
        let first_of_all = !std::mem::replace(&mut self.begun, true);
        let Some(most) = most else {
            self.shown = None;
            return false;
        };
        let blank = || Buffer::empty(picture.area);
        let shown = match self.shown.take() {
            // the terminal was cleared for another size
            Some(shown) if shown.area == picture.area => shown,
            Some(_) => blank(),
            None if first_of_all => blank(),
            // pictures have gone whole until now, and so does this one
            None => {
                self.shown = Some(picture.clone());
                return false;
            }
        };
        let left = self.take(picture, &shown, most);
        self.shown = Some(picture.clone());
        left
    }

    fn take(&mut self, picture: &mut Buffer, shown: &Buffer, most: usize) -> bool {
        let cells = picture.content.len();
        let foot = cells.saturating_sub(usize::from(picture.area.width) * usize::from(FIRST));
        let start = if self.next < foot { self.next } else { 0 };
        let mut cost = Cost::default();
        let mut first_left = None;
        for at in (foot..cells).chain(start..foot).chain(0..start) {
            let (new, old) = (&picture.content[at], &shown.content[at]);
            if new == old {
                continue;
            }
            if first_left.is_none() && (at >= foot || cost.bytes == 0 || cost.bytes < most) {
                cost.add(at, new);
            } else {
                first_left.get_or_insert(at);
                picture.content[at] = old.clone();
            }
        }
        self.next = first_left.unwrap_or(0);
        first_left.is_some()
    }
}

/// About how many bytes changes take on the line.
#[derive(Default)]
struct Cost {
    bytes: usize,
    last: Option<(usize, Cell)>,
}

impl Cost {
    fn add(&mut self, at: usize, cell: &Cell) {
        let (follows, same) = self
            .last
            .as_ref()
            .map_or((false, false), |(before, last)| (before + 1 == at, last.style() == cell.style()));
        self.bytes += cell.symbol().len() + if follows { 0 } else { MOVE } + if same { 0 } else { COLOURS };
        self.last = Some((at, cell.clone()));
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn filled(with: &str) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 10));
        for y in 0..10 {
            buffer.set_string(0, y, with.repeat(20), Style::new());
        }
        buffer
    }

    fn row(buffer: &Buffer, y: usize) -> String {
        buffer.content[y * 20..][..20].iter().map(Cell::symbol).collect()
    }

    #[test]
    fn the_foot_goes_first_and_the_rest_in_turn() {
        let mut parts = Parts::default();
        let mut picture = filled("a");
        assert!(parts.choose(&mut picture, Some(100)));
        // the foot has 60 characters, one move and one pair of colours: 90 bytes. A move and two cells of the first row are 10
        assert_eq!(row(&picture, 9), "a".repeat(20));
        assert_eq!(row(&picture, 0), format!("aa{}", " ".repeat(18)));
        let mut pictures = 1;
        loop {
            let mut next = filled("a");
            pictures += 1;
            if !parts.choose(&mut next, Some(100)) {
                assert_eq!(next, filled("a"));
                break;
            }
            assert!(pictures < 10, "it comes to no end");
        }
        // a foot that changes each time does not hold up the rest
        for turn in 0..8 {
            let mut next = filled("b");
            next.set_string(0, 9, format!("{turn}"), Style::new());
            parts.choose(&mut next, Some(100));
            picture = next;
        }
        assert_eq!(row(&picture, 6), "b".repeat(20));
    }

    #[test]
    fn a_picture_after_whole_ones_goes_whole() {
        let mut parts = Parts::default();
        assert!(!parts.choose(&mut filled("a"), None));
        let mut picture = filled("b");
        assert!(!parts.choose(&mut picture, Some(10)));
        assert_eq!(picture, filled("b"));
        assert!(parts.choose(&mut filled("c"), Some(10)));
    }
}
