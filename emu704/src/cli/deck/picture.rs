//! Cards as pictures, in characters and as PNG.

use std::fmt::Write as _;

use anyhow::Result;
use asm704::chars::{self, Graphics};
use asm704::media::card::{COLUMNS, Card};

const ROWS: usize = 12;
/// Pixels of a column and a row, in the proportions of the card (0.087 and 0.25 inch).
const COLUMN: usize = 9;
const ROW: usize = 26;
/// Pixels around the punching positions.
const MARGIN: usize = 24;
const WIDTH: usize = COLUMNS * COLUMN + 2 * MARGIN;
const HEIGHT: usize = ROWS * ROW + 2 * MARGIN;
/// Pixels between two cards.
const SPACE: usize = 16;

const TABLE: [u8; 3] = [90, 90, 90];
const PAPER: [u8; 3] = [240, 226, 190];
const PRINT: [u8; 3] = [196, 176, 130];
const HOLE: [u8; 3] = [40, 36, 32];

/// The card as one sees it: its interpretation above twelve rows, a hole as `#`.
pub(super) fn text(card: &Card) -> String {
    let character = |&column: &u16| {
        chars::from_punches(column).map_or('?', |core| chars::to_ascii(core, Graphics::Fortran))
    };
    let text: String = card.columns.iter().map(character).collect();
    let edge = "-".repeat(81);
    let mut lines = format!("    /{edge}\n   / {text}|\n");
    for (row, name) in
        ["12", "11", " 0", " 1", " 2", " 3", " 4", " 5", " 6", " 7", " 8", " 9"].iter().enumerate()
    {
        let holes: String = card.columns.iter().map(|&c| if has_hole(c, row) { '#' } else { '.' }).collect();
        // writing to a string does not fail
        let _ = writeln!(lines, "{name} | {holes}|");
    }
    let _ = writeln!(lines, "   |{edge}|");
    lines
}

fn has_hole(column: u16, row: usize) -> bool {
    column >> (ROWS - 1 - row) & 1 == 1
}

/// The cards one below the other as a PNG image.
pub(super) fn png(cards: &[&Card]) -> Result<Vec<u8>> {
    let height = cards.len() * (HEIGHT + SPACE) + SPACE;
    let width = WIDTH + 2 * SPACE;
    let mut pixels = Pixels { width, bytes: TABLE.repeat(width * height) };
    for (n, card) in cards.iter().enumerate() {
        pixels.card(card, SPACE, SPACE + n * (HEIGHT + SPACE));
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, u32::try_from(width)?, u32::try_from(height)?);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&pixels.bytes)?;
    Ok(bytes)
}

struct Pixels {
    width: usize,
    bytes: Vec<u8>,
}

impl Pixels {
    fn fill(&mut self, (x, y): (usize, usize), (width, height): (usize, usize), colour: [u8; 3]) {
        for row in y..y + height {
            let start = 3 * (row * self.width + x);
            for pixel in self.bytes[start..start + 3 * width].chunks_exact_mut(3) {
                pixel.copy_from_slice(&colour);
            }
        }
    }

    fn card(&mut self, card: &Card, left: usize, top: usize) {
        // the upper left corner is cut
        for line in 0..HEIGHT {
            let cut = MARGIN.saturating_sub(line);
            self.fill((left + cut, top + line), (WIDTH - cut, 1), PAPER);
        }
        for (n, &column) in card.columns.iter().enumerate() {
            for row in 0..ROWS {
                let place = (left + MARGIN + n * COLUMN + 2, top + MARGIN + row * ROW + 6);
                if has_hole(column, row) {
                    self.fill(place, (5, 13), HOLE);
                } else if row >= 2 {
                    // where the digit of the row is printed
                    self.fill((place.0 + 2, place.1 + 5), (1, 3), PRINT);
                }
            }
        }
    }
}
