//! 721 card punch: 24 words per card in the order of the reader, each taken at the time of its row; words that the
//! program does not give in time punch nothing.

use asm704::Word;
use serde::{Deserialize, Serialize};

use super::Operation;
use crate::audit::Doubt;
use crate::machine::Machine;
use crate::time::Ticks;

/// A card in the stacker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PunchedCard {
    /// Columns 1-72, in the order of the card machines; [`asm704::media::card::Card::from_words`] makes the card.
    pub words: [Word; 24],
    /// Sense exits 1 and 2 of the control panel impulsed for this card.
    pub exits: [bool; 2],
}

/// The punch and its stacker.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CardPunch {
    /// Time at which a resting clutch could engage.
    phase: Ticks,
    /// Sense exits impulsed since the last card.
    exits: [bool; 2],
    /// When the last cycle began and when it disconnected.
    last_cycle: Option<(Ticks, Ticks)>,
    stacker: Vec<PunchedCard>,
    cards: u64,
}

/// A card under the punches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Punching {
    words: Vec<Word>,
    /// The start of the cycle.
    cycle: Ticks,
    connected: bool,
    /// True if a pulse has begun and found a CPY: its word is taken at the end.
    #[serde(default)]
    pulse: bool,
}

impl CardPunch {
    pub(crate) fn set_phase(&mut self, random: u64) {
        self.phase = Ticks(random % 900_000);
    }

    /// SPU n. UNVERIFIED: how a control panel uses the exits, such as selecting a stacker; they are kept with the card.
    pub(crate) fn sense_exit(&mut self, exit: u16) {
        if let Some(exit) = self.exits.get_mut(usize::from(exit).wrapping_sub(1)) {
            *exit = true;
        }
    }

    /// Cards punched since power on.
    pub fn cards(&self) -> u64 {
        self.cards
    }
}

impl Machine {
    /// Takes the cards out of the punch's stacker, the first card punched first.
    pub fn take_punched(&mut self) -> Vec<PunchedCard> {
        std::mem::take(&mut self.io.punch.stacker)
    }

    /// The card punch.
    pub fn card_punch(&self) -> &CardPunch {
        &self.io.punch
    }

    pub(super) fn punch_select(&mut self, at: Ticks) {
        let figures = &self.config.figures.punch;
        let punch = &self.io.punch;
        let running = punch.last_cycle.filter(|&(_, disconnected)| at - disconnected <= figures.keep_running);
        let rests = running.is_none();
        let cycle = match running.or(punch.last_cycle) {
            Some((cycle, _)) if !rests => cycle + figures.cycle,
            Some((cycle, _)) => super::clutch(at.max(cycle + figures.cycle), punch.phase, figures.clutch),
            None => super::clutch(at, punch.phase, figures.clutch),
        };
        if rests {
            self.io.audit.note(Doubt::Clutch, self.cpu.ic, self.cycle);
        }
        let first = cycle + figures.first_row;
        self.io.operation = Operation::Punch(Punching {
            words: Vec::with_capacity(24),
            cycle,
            connected: true,
            pulse: false,
        });
        self.io.schedule(first);
    }

    pub(super) fn punch_event(&mut self, at: Ticks) {
        let figures = &self.config.figures.punch;
        let Operation::Punch(punching) = &mut self.io.operation else { return };
        let (cycle, connected) = (punching.cycle, punching.connected);
        if let Ok(words) = <[Word; 24]>::try_from(punching.words.as_slice()) {
            let punch = &mut self.io.punch;
            let exits = std::mem::take(&mut punch.exits);
            punch.stacker.push(PunchedCard { words, exits });
            punch.cards = punch.cards.saturating_add(1);
            punch.last_cycle = Some((cycle, at));
            self.io.release();
            return;
        }
        let right = punching.words.len() % 2 == 1;
        if !std::mem::take(&mut punching.pulse) && connected {
            let met = self.io.pulse_begins(at, right.then_some(figures.right_half));
            let Operation::Punch(punching) = &mut self.io.operation else { return };
            punching.connected = met;
            if met {
                punching.pulse = true;
                self.io.next_event = at + figures.pulse;
                return;
            }
        }
        let taken = self.io.pulse_ends();
        let word = if taken { self.cpu.mq } else { Word::ZERO };
        let Operation::Punch(punching) = &mut self.io.operation else { return };
        punching.words.push(word);
        let row = cycle + figures.first_row + Ticks((punching.words.len() / 2) as u64 * figures.row.0);
        self.io.next_event = match punching.words.len() {
            24 => row - figures.row + figures.disconnect,
            _ if right => row,
            _ => row + figures.right_half,
        };
    }
}
