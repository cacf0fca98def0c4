//! Glyphs and colours.
//!
//! The panel paints its own ground, so that it looks the same on a black terminal and on a white one. [`Ground`] is what lies under a
//! text; the field of the lamps and the metal of the keys are those of the machine in both themes. tests/panel/contrast.rs computes
//! how well everything can be read.

use ratatui::style::{Color, Modifier, Style};

/// Colours of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Colours {
    /// None: bold and reversed text alone.
    None,
    /// The first sixteen, of which each terminal has its own.
    Sixteen,
    /// The 256 of xterm.
    #[default]
    Full,
}

/// What lies under the panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Nearly black.
    #[default]
    Dark,
    /// Nearly white.
    Light,
}

/// How things look on this terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Only characters of ASCII.
    pub ascii: bool,
    /// How many colours there are.
    pub colours: Colours,
    /// What lies under the panes.
    pub theme: Theme,
}

/// What lies under a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    /// Panes, messages.
    Room,
    /// The dark enamel with the lamps.
    Field,
    /// The light metal with the keys.
    Metal,
    /// The face of a key.
    Key,
    /// Paper of the printer.
    Paper,
    /// The face of the CRT.
    Tube,
}

/// What glass a lamp has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glass {
    Neon,
    White,
    Red,
    Green,
}

/// How a text stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    Faint,
    Plain,
    Strong,
    /// The letter of a stroke.
    Stroke,
}

/// Steps of brightness that can be distinguished: dark, three between, full.
const LIT: [&str; 5] = ["○", "◔", "◑", "◕", "●"];
const LIT_ASCII: [&str; 5] = [".", ":", "o", "O", "@"];

/// From dark to full, of the 256 colours, on the field.
const fn scale(glass: Glass) -> [u8; 5] {
    match glass {
        Glass::Neon => [244, 137, 172, 208, 214],
        Glass::White => [244, 144, 186, 229, 230],
        Glass::Red => [244, 167, 203, 209, 210],
        Glass::Green => [244, 71, 77, 83, 120],
    }
}

/// The same of the sixteen.
const fn scale_16(glass: Glass) -> [Color; 5] {
    match glass {
        Glass::Neon => {
            [Color::Gray, Color::LightRed, Color::LightRed, Color::LightYellow, Color::LightYellow]
        }
        Glass::White => [Color::Gray, Color::Gray, Color::White, Color::White, Color::White],
        Glass::Red => [Color::Gray, Color::LightRed, Color::LightRed, Color::LightRed, Color::LightRed],
        Glass::Green => {
            [Color::Gray, Color::LightGreen, Color::LightGreen, Color::LightGreen, Color::LightGreen]
        }
    }
}

impl Look {
    /// 0 for dark to 4 for full. A lamp that is on for the shortest time is not dark, one that was off is not full.
    pub(super) fn step(level: u8) -> usize {
        match level {
            0 => 0,
            1..=84 => 1,
            85..=170 => 2,
            171..=254 => 3,
            255 => 4,
        }
    }

    pub(super) fn has_colours(self) -> bool {
        self.colours != Colours::None
    }

    /// A lamp in one cell.
    pub(super) fn lamp(self, level: u8, glass: Glass) -> (&'static str, Style) {
        let step = Look::step(level);
        (if self.ascii { LIT_ASCII[step] } else { LIT[step] }, self.glow(step, glass))
    }

    /// The colour of a lamp of so many steps.
    pub(super) fn glow(self, step: usize, glass: Glass) -> Style {
        match self.colours {
            Colours::None => Style::new(),
            Colours::Sixteen => Style::new().fg(scale_16(glass)[step]),
            Colours::Full => Style::new().fg(Color::Indexed(scale(glass)[step])),
        }
    }

    /// A light behind a coloured square with its legend.
    pub(super) fn tile(self, lit: bool, glass: Glass) -> Style {
        let (full, sixteen) = match (glass, lit) {
            (Glass::Red | Glass::Neon, false) => ((253, 88), (Color::Gray, Color::Black)),
            (Glass::Red | Glass::Neon, true) => ((16, 210), (Color::White, Color::Red)),
            (Glass::Green, false) => ((253, 22), (Color::Gray, Color::Black)),
            (Glass::Green, true) => ((16, 77), (Color::Black, Color::Green)),
            (Glass::White, false) => ((253, 239), (Color::Gray, Color::Black)),
            (Glass::White, true) => ((16, 229), (Color::Black, Color::Gray)),
        };
        match self.colours {
            Colours::None if lit => Style::new().add_modifier(Modifier::REVERSED),
            Colours::None => Style::new(),
            Colours::Sixteen => Style::new().fg(sixteen.0).bg(sixteen.1),
            Colours::Full => Style::new().fg(Color::Indexed(full.0)).bg(Color::Indexed(full.1)),
        }
    }

    /// A switch or an entry key, on the metal.
    pub(super) fn key(self, down: bool) -> (&'static str, Style) {
        let glyph = match (self.ascii, down) {
            (false, false) => "△",
            (false, true) => "▼",
            (true, false) => "^",
            (true, true) => "V",
        };
        let style = match self.colours {
            Colours::None => Style::new(),
            Colours::Sixteen => Style::new().fg(Color::Black),
            Colours::Full => Style::new().fg(Color::Indexed(if down { 16 } else { 239 })),
        };
        (glyph, if down { style.add_modifier(Modifier::BOLD) } else { style })
    }

    /// The paint of a ground, with the colour of its plain text.
    pub(super) fn paint(self, ground: Ground) -> Style {
        let paint = match (self.colours, ground, self.theme) {
            (Colours::None, ..) => return Style::new(),
            (Colours::Sixteen, Ground::Room, Theme::Light) | (Colours::Sixteen, Ground::Paper, _) => {
                Color::White
            }
            (Colours::Sixteen, Ground::Metal, _) => Color::Gray,
            (Colours::Sixteen, ..) => Color::Black,
            (_, Ground::Room, Theme::Dark) => Color::Indexed(234),
            (_, Ground::Room, Theme::Light) => Color::Indexed(255),
            (_, Ground::Field, _) => Color::Indexed(236),
            (_, Ground::Metal, _) => Color::Indexed(250),
            (_, Ground::Key, _) => Color::Indexed(233),
            (_, Ground::Paper, _) => Color::Indexed(230),
            (_, Ground::Tube, _) => Color::Indexed(16),
        };
        self.ink(ground, Weight::Plain).bg(paint)
    }

    fn ink(self, ground: Ground, weight: Weight) -> Style {
        let dark = match ground {
            Ground::Room => self.theme == Theme::Light,
            Ground::Metal | Ground::Paper => true,
            Ground::Field | Ground::Key | Ground::Tube => false,
        };
        let colour = match (self.colours, weight, dark) {
            (Colours::None, ..) => return Style::new(),
            (Colours::Sixteen, Weight::Faint | Weight::Stroke, true) if ground == Ground::Room => Color::Blue,
            (Colours::Sixteen, _, true) => Color::Black,
            (Colours::Sixteen, Weight::Stroke, false) => Color::LightYellow,
            (Colours::Sixteen, Weight::Strong, false) => Color::White,
            (Colours::Sixteen, _, false) => Color::Gray,
            (_, Weight::Faint, false) => Color::Indexed(248),
            (_, Weight::Faint, true) => Color::Indexed(238),
            (_, Weight::Plain, false) => Color::Indexed(253),
            (_, Weight::Plain, true) => Color::Indexed(235),
            (_, Weight::Strong, false) => Color::Indexed(231),
            (_, Weight::Strong, true) => Color::Indexed(16),
            (_, Weight::Stroke, false) => Color::Indexed(220),
            (_, Weight::Stroke, true) => Color::Indexed(88),
        };
        Style::new().fg(colour)
    }

    pub(super) fn label(self, ground: Ground) -> Style {
        self.ink(ground, Weight::Plain)
    }

    pub(super) fn faint(self, ground: Ground) -> Style {
        self.ink(ground, Weight::Faint)
    }

    pub(super) fn strong(self, ground: Ground) -> Style {
        self.ink(ground, Weight::Strong).add_modifier(Modifier::BOLD)
    }

    /// The letter by which a key is worked.
    pub(super) fn stroke(self, ground: Ground) -> Style {
        self.ink(ground, Weight::Stroke).add_modifier(Modifier::BOLD)
    }

    pub(super) fn bar(self, failure: bool) -> Style {
        match self.colours {
            Colours::None => Style::new().add_modifier(Modifier::REVERSED),
            Colours::Sixteen => {
                Style::new().fg(Color::White).bg(if failure { Color::Red } else { Color::Blue })
            }
            Colours::Full => {
                Style::new().fg(Color::Indexed(231)).bg(Color::Indexed(if failure { 88 } else { 24 }))
            }
        }
    }

    /// The phosphor, 0 for what is nearly gone to 4 for what was just struck.
    pub(super) fn phosphor(self, step: usize) -> Color {
        match self.colours {
            Colours::None => Color::Reset,
            Colours::Sixteen => {
                [Color::Green, Color::Green, Color::LightGreen, Color::LightGreen, Color::White][step]
            }
            Colours::Full => Color::Indexed([65, 71, 107, 149, 159][step]),
        }
    }

    pub(super) fn cursor() -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }
}
