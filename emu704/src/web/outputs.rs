//! What the machine has made besides paper and reels: punched cards, film, and what is on drums. Cards and film are kept until a page
//! throws them away.

use asm704::media::card::{Card, CardFormat, Deck, DeckItem, write_deck};
use asm704::media::drum::{DrumFormat, write_drum};
use wasm_bindgen::prelude::*;

use super::Room704;
use crate::io::crt::{Axis, Frame};
use crate::machine::Machine;

/// Frames of film that are kept; the oldest go first.
const MOST_FRAMES: usize = 200;
/// Cards that are kept.
const MOST_CARDS: usize = 20_000;

/// Cards and film.
#[derive(Default)]
pub(super) struct Outputs {
    cards: Deck,
    film: Vec<Frame>,
    /// Frames that are not kept any more.
    gone: usize,
}

impl Outputs {
    /// Takes what has been made since the last call.
    pub(super) fn take(&mut self, machine: &mut Machine) {
        let punched = machine.take_punched();
        self.cards.extend(punched.iter().map(|card| DeckItem::Card(Card::from_words(&card.words))));
        let excess = self.cards.len().saturating_sub(MOST_CARDS);
        self.cards.drain(..excess);
        self.film.extend(machine.take_frames(false));
        let excess = self.film.len().saturating_sub(MOST_FRAMES);
        self.film.drain(..excess);
        self.gone += excess;
    }

    /// The punched cards in column binary.
    pub(super) fn deck(&self) -> Vec<u8> {
        write_deck(&self.cards, CardFormat::Cbn).unwrap_or_default()
    }

    /// The stacker is emptied.
    pub(super) fn take_cards(&mut self) {
        self.cards.clear();
    }

    /// Frames that were exposed.
    pub(super) fn frames(&self) -> usize {
        self.gone + self.film.len()
    }

    /// A frame of the film, counted from 0, as long as it is kept.
    pub(super) fn frame(&self, number: usize) -> Option<&Frame> {
        self.film.get(number.checked_sub(self.gone)?)
    }
}

/// The points of a frame from one on: x, y as two bytes each, the lowest first, and a byte with 1 for bright and the axis times 2.
pub(super) fn points(frame: &Frame, from: usize) -> Vec<u8> {
    let fresh = frame.points.get(from..).unwrap_or(&frame.points);
    let mut bytes = Vec::with_capacity(fresh.len() * 5);
    for point in fresh {
        bytes.extend(point.x.to_le_bytes());
        bytes.extend(point.y.to_le_bytes());
        let axis = match point.axis {
            None => 0,
            Some(Axis::X) => 1,
            Some(Axis::Y) => 2,
            Some(Axis::Diagonal) => 3,
        };
        bytes.push(u8::from(point.bright) | axis << 1);
    }
    bytes
}

#[wasm_bindgen]
impl Room704 {
    /// The punched cards in column binary.
    pub fn deck(&mut self) -> Vec<u8> {
        self.take_outputs();
        self.outputs.deck()
    }

    /// Empties the punch's stacker.
    pub fn take_cards(&mut self) {
        self.take_outputs();
        self.outputs.take_cards();
    }

    /// The image of a logical drum, 1 to 8, in the form of Sim704; none for a drum that nobody has mounted or written.
    pub fn drum(&self, number: u8) -> Option<Vec<u8>> {
        let words = self.monitor.machine().drum(number).ok()??;
        write_drum(words, DrumFormat::Sim704, number, &[]).ok()
    }

    /// Frames of film that were exposed.
    pub fn frames(&mut self) -> usize {
        self.take_outputs();
        self.outputs.frames()
    }

    /// A frame of the film, from 0, as an SVG; none when it is not kept any more.
    pub fn film(&self, number: usize) -> Option<String> {
        self.outputs.frame(number).map(crate::picture::svg)
    }

    /// The points of the frame before the camera, those after the first `from`: five bytes each, as emu704/web/crt.js reads them.
    pub fn points(&self, from: usize) -> Vec<u8> {
        points(self.monitor.machine().frame_to_show(), from)
    }
}
