//! What stands on the panel, each part with the stroke that works it and two lines for a visitor.

use serde::{Serialize, Serializer};

/// A lamp, a row of lamps, a key or a switch: its place in [`PARTS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part(pub usize);

/// A part of the panel.
#[derive(Debug, Clone, Copy)]
pub struct PartRow {
    /// As on the panel.
    pub name: &'static str,
    /// The stroke that works it.
    pub stroke: Option<char>,
    /// What it is for.
    pub lines: [&'static str; 2],
}

impl Part {
    /// The row of this part.
    pub fn row(self) -> &'static PartRow {
        &PARTS[self.0 % PARTS.len()]
    }

    /// The part that a stroke works.
    pub fn of_stroke(stroke: char) -> Option<Part> {
        PARTS.iter().position(|row| row.stroke == Some(stroke)).map(Part)
    }

    /// The part of a name.
    pub fn named(name: &str) -> Option<Part> {
        PARTS.iter().position(|row| row.name == name).map(Part)
    }

    /// The next part, or the one before, around.
    #[must_use]
    pub fn turn(self, forward: bool) -> Part {
        Part((self.0 + if forward { 1 } else { PARTS.len() - 1 }) % PARTS.len())
    }
}

/// The name of its row.
impl Serialize for Part {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.row().name)
    }
}

const fn part(name: &'static str, stroke: char, first: &'static str, second: &'static str) -> PartRow {
    PartRow { name, stroke: if stroke == '\0' { None } else { Some(stroke) }, lines: [first, second] }
}

/// All parts: the keys first, then switches, lamps and rows.
#[rustfmt::skip]
pub const PARTS: &[PartRow] = &[
    part("START", 's', "Runs the program from the instruction counter; after a HTR, from its address.", "On MANUAL it only puts out the PROGRAM STOP light."),
    part("RESET", 'R', "Registers to zero, indicators off, trapping mode off, units deselected.", "Core keeps what it holds. Works on AUTOMATIC and on MANUAL."),
    part("CLEAR", 'C', "Puts zeros into every word of core, and does all that RESET does.", "Ineffective on MANUAL, so that core is not lost by accident."),
    part("LOAD CARDS", 'c', "Reads two words from the first card into 0 and 1 and runs from 0,", "the card reader still selected: the card brings its own loader."),
    part("LOAD TAPE", 't', "Reads two words from tape unit 1 into 0 and 1 and runs from 0.", "A checkpoint reel resumes its job by this key alone."),
    part("LOAD DRUM", 'd', "Reads two words from logical drum 1 into 0 and 1 and runs from 0.", "As the other LOAD keys: AUTOMATIC only; AC, index registers and lights stay."),
    part("DISPLAY A", 'j', "Shows index register A (tag 1) in the INDEX lights. MANUAL only.", "The lights keep it until another display, a step or START."),
    part("DISPLAY B", 'k', "Shows index register B (tag 2) in the INDEX lights. MANUAL only.", "The lights keep it until another display, a step or START."),
    part("DISPLAY C", 'l', "Shows index register C (tag 4) in the INDEX lights. MANUAL only.", "The lights keep it until another display, a step or START."),
    part("SINGLE STEP", ' ', "Executes one whole instruction. MANUAL only.", "Units keep their own time meanwhile; a CPY after a step may come too late."),
    part("MULTIPLE STEP", 'n', "Executes instructions slowly, as long as it is held. MANUAL only.", "Here one stroke holds it and the next releases it."),
    part("ENTER MQ", 'm', "The entry keys go through the storage register to MQ. MANUAL only.", "The earlier word of the storage register is lost."),
    part("ENTER INSTRUCTION", 'i', "Executes the word in the entry keys, once. MANUAL only.", "The instruction counter does not advance, but a transfer sets it."),
    part("DISPLAY STORAGE", 'y', "Shows the word at the address in the entry keys in STORAGE. MANUAL only.", "Keys 21-35 are the address. The instruction counter stays."),
    part("DISPLAY EFFECTIVE ADDRESS", 'e', "Address of STORAGE less its index register, in STORAGE 21-35. MANUAL only.", "The rest of STORAGE is lost."),
    part("AUTOMATIC-MANUAL", 'a', "On MANUAL the machine stops after its instruction, or, while a unit is selected,", "when that has disconnected. On AUTOMATIC it waits for START."),
    part("ENTRY KEYS", 'w', "36 keys, S and 1-35: a word for ENTER MQ, ENTER INSTRUCTION, DISPLAY STORAGE.", "Stroke w, then octal digits, arrows and space; Enter leaves."),
    part("SENSE SWITCH 1", '1', "A program asks for it by SWT 1, and skips an instruction when it is down.", "The program decides what that means."),
    part("SENSE SWITCH 2", '2', "A program asks for it by SWT 2, and skips an instruction when it is down.", "The program decides what that means."),
    part("SENSE SWITCH 3", '3', "A program asks for it by SWT 3, and skips an instruction when it is down.", "The program decides what that means."),
    part("SENSE SWITCH 4", '4', "A program asks for it by SWT 4, and skips an instruction when it is down.", "The program decides what that means."),
    part("SENSE SWITCH 5", '5', "A program asks for it by SWT 5, and skips an instruction when it is down.", "The program decides what that means."),
    part("SENSE SWITCH 6", '6', "A program asks for it by SWT 6, and skips an instruction when it is down.", "The program decides what that means."),
    part("PROGRAM STOP", '\0', "A HTR or HPR has stopped the machine.", "START continues: after HTR at its address, after HPR at the next location."),
    part("ACCUMULATOR OVERFLOW", '\0', "A sum or a left shift has carried into P, or an exponent has grown too large.", "TOV tests it and puts it out."),
    part("DIVIDE CHECK", '\0', "A quotient would not have fitted. DVH and FDH stop the machine then,", "DVP and FDP continue. DCT tests the light and puts it out."),
    part("READ-WRITE SELECT", '\0', "A unit is selected and takes copies.", "With AUTOMATIC and nothing else moving, the machine waits for that unit."),
    part("MQ OVERFLOW", '\0', "A floating point exponent has gone out of range in MQ; the legend says QUOTIENT.", "TQO tests it and puts it out."),
    part("READ-WRITE CHECK", '\0', "A CPY found no unit selected: it came too late, or no unit was selected.", "The machine has stopped; START continues with the next instruction."),
    part("TAPE CHECK", '\0', "A character or a record read from tape had the wrong parity.", "RTT tests it and puts it out."),
    part("TRAP", '\0', "Trapping mode: every transfer but TTR puts its location into word 0", "and, when it is taken, goes to 1. For tracing a program."),
    part("SENSE LIGHT 1", '\0', "Four lights that the program turns on by SLN and tests by SLT;", "SLF turns all of them off."),
    part("POWER", 'p', "The machine has power. Its keys NORMAL OFF and POWER ON are one key here.", "After power comes on, core and registers hold arbitrary bits."),
    part("READY", '\0', "The machine is stopped and can be started.", "Never together with AUTOMATIC."),
    part("AUTOMATIC", '\0', "The machine runs.", "Never together with READY."),
    part("INDEX", '\0', "One row for the three index registers: it shows the one displayed last.", "It has 12, 13 or 15 lights, by the size of core."),
    part("STORAGE", '\0', "The storage register, S and 1-35: every word between core", "and the arithmetic unit passes through it."),
    part("ACCUMULATOR", '\0', "S, Q, P and 1-35: a sign and 37 bits. Q and P take what overflows", "and the sign bit of logical words."),
    part("MQ", '\0', "Multiplier-quotient register, S and 1-35. Words from and to units", "pass through it: while a tape moves, it is its character ring."),
    part("INSTRUCTION COUNTER", '\0', "The location of the next instruction.", "After a HTR or HPR, that of the halt itself."),
    part("INSTRUCTION", '\0', "The instruction register: operation in S and 1-9,", "and the counter of shifts in 10-17."),
];
