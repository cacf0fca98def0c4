//! Glyphs and colours.

use ratatui::style::{Color, Modifier, Style};

/// How things look on this terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Only characters of ASCII.
    pub ascii: bool,
    /// Colours, of the 256.
    pub colour: bool,
}

impl Default for Look {
    fn default() -> Look {
        Look { ascii: false, colour: true }
    }
}

/// Steps of brightness that can be told apart: dark, three between, full.
const LIT: [&str; 5] = ["○", "◔", "◑", "◕", "●"];
const LIT_ASCII: [&str; 5] = [".", ":", "o", "O", "@"];
/// Neon, from dark to full.
const NEON: [u8; 5] = [240, 94, 130, 172, 214];
/// Incandescent behind a coloured glass; the last is that of lamps that mean trouble.
const LAMP: [u8; 5] = [240, 101, 143, 185, 229];
const TROUBLE: [u8; 5] = [240, 88, 124, 160, 203];

/// What glass a lamp has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glass {
    Neon,
    White,
    Red,
}

impl Look {
    /// 0 for dark to 4 for full. A lamp that is on for the shortest time is not dark, one that was off is not full.
    fn step(level: u8) -> usize {
        match level {
            0 => 0,
            1..=84 => 1,
            85..=170 => 2,
            171..=254 => 3,
            255 => 4,
        }
    }

    pub(super) fn lamp(self, level: u8, glass: Glass) -> (&'static str, Style) {
        let step = Look::step(level);
        let glyph = if self.ascii { LIT_ASCII[step] } else { LIT[step] };
        let scale = match glass {
            Glass::Neon => NEON,
            Glass::White => LAMP,
            Glass::Red => TROUBLE,
        };
        (glyph, self.colour(scale[step]))
    }

    /// A switch or an entry key.
    pub(super) fn key(self, down: bool) -> (&'static str, Style) {
        let glyph = match (self.ascii, down) {
            (false, false) => "△",
            (false, true) => "▼",
            (true, false) => "^",
            (true, true) => "V",
        };
        (glyph, self.colour(if down { 231 } else { 245 }))
    }

    pub(super) fn colour(self, index: u8) -> Style {
        if self.colour { Style::new().fg(Color::Indexed(index)) } else { Style::new() }
    }

    pub(super) fn label(self) -> Style {
        self.colour(252)
    }

    pub(super) fn faint(self) -> Style {
        self.colour(243)
    }

    pub(super) fn strong(self) -> Style {
        self.colour(231).add_modifier(Modifier::BOLD)
    }

    pub(super) fn bar(self, failure: bool) -> Style {
        if self.colour {
            Style::new().fg(Color::Indexed(231)).bg(Color::Indexed(if failure { 88 } else { 236 }))
        } else {
            Style::new().add_modifier(Modifier::REVERSED)
        }
    }

    pub(super) fn cursor() -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }
}
