//! Options of the units other than times. Each default that is a guess is marked as one; a job file sets them under `[devices]`.

use asm704::chars::Graphics;
use serde::{Deserialize, Serialize};

use crate::time::Ticks;

/// The state of the card reader once the hopper has run empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmptyHopper {
    /// One end of file after the last card, then it waits for cards.
    #[default]
    EndOfFile,
    /// It waits for cards at once.
    Wait,
}

/// How a tape unit handles an incomplete last word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartialWord {
    /// The word is delivered, left-justified and filled with zeros, without a tape check (rulings; source reels of 80
    /// characters are common).
    #[default]
    Deliver,
    /// The word is not delivered, because the ring does not complete, and tape check comes on.
    Drop,
}

/// Options of the tape units.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct TapeOptions {
    /// How an incomplete last word is read. UNVERIFIED: what the machine did.
    pub partial_word: PartialWord,
}

/// The function to which a sense exit of the printer is wired on the control panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// Nothing.
    None,
    /// Skip to the next page.
    Page,
    /// Skip to the next half page.
    HalfPage,
    /// Double space before the line.
    DoubleSpace,
    /// No space before the line.
    Suppress,
    /// One extra space after the line.
    SpaceAfter,
    /// Two extra spaces after the line.
    TwoAfter,
    /// The sense entry that SPT tests.
    Entry,
    /// Columns 1-48 print on wheels 73-120, without a space before the line.
    SecondHalf,
    /// Columns 1-48 print on wheels 73-120 of a new line.
    RightWheels,
}

/// How SPT tests the sense entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SenseEntry {
    /// The exits wired to the entry: if one was impulsed in this print cycle, SPT skips.
    #[default]
    Board,
    /// The entry is always impulsed.
    Always,
    /// The entry is never impulsed.
    Never,
}

/// Options of the printer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct PrinterOptions {
    /// The graphics on the wheels.
    pub graphics: Graphics,
    /// The functions of sense exits 1 to 10: the control panel.
    pub exits: [Exit; 10],
    /// How SPT tests the sense entry.
    pub entry: SenseEntry,
}

impl Default for PrinterOptions {
    /// The SHARE board.
    fn default() -> PrinterOptions {
        PrinterOptions {
            graphics: Graphics::default(),
            exits: [
                Exit::Page,
                Exit::HalfPage,
                // UNVERIFIED: 3, 6, 8 and 10. The sources name one and two spaces after the line for 3 and 6; the assembler impulses
                // 8 for long lines together with 9, which alone does all that is needed; in one of the peers 10 prints on the
                // right wheels without suppressing the space.
                Exit::SpaceAfter,
                Exit::DoubleSpace,
                Exit::Suppress,
                Exit::TwoAfter,
                Exit::Entry,
                Exit::None,
                Exit::SecondHalf,
                Exit::RightWheels,
            ],
            entry: SenseEntry::default(),
        }
    }
}

/// Options of the CRT recorder. Positions are bits of the word, 0 (S) to 35, of the rightmost bit of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct CrtOptions {
    /// Rightmost of the ten bits of X.
    pub x: u8,
    /// Rightmost of the ten bits of Y.
    pub y: u8,
    /// The bit for high intensity.
    pub intensity: u8,
    /// The bit for a line from the point to the right edge.
    pub x_axis: u8,
    /// The bit for a line from the point to the upper edge; together with the X axis bit the line goes up at 45 degrees.
    pub y_axis: u8,
    /// The recorder disconnects if no CPY comes for this long after a point. Without a value it never disconnects by itself.
    pub lets_go_after: Option<Ticks>,
}

impl Default for CrtOptions {
    fn default() -> CrtOptions {
        // UNVERIFIED: all positions. X and Y are the low ten bits of the half-words, as on the 701; the control bits
        // are assumed to be the prefix. Points may come at any distance: this is the reading under which every program
        // works.
        CrtOptions { x: 17, y: 35, intensity: 0, x_axis: 1, y_axis: 2, lets_go_after: None }
    }
}

/// Options of all units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct DeviceOptions {
    /// The card reader without cards.
    pub empty_hopper: EmptyHopper,
    /// Whether a drum or CRT that waits for its first CPY disconnects when something else is selected; otherwise that select
    /// waits forever.
    pub idle_units_let_go: bool,
    /// Tape units.
    pub tape: TapeOptions,
    /// Printer.
    pub printer: PrinterOptions,
    /// CRT recorder.
    pub crt: CrtOptions,
}

impl Default for DeviceOptions {
    fn default() -> DeviceOptions {
        DeviceOptions {
            empty_hopper: EmptyHopper::default(),
            // UNVERIFIED, but without it IBM's FORTRAN II hangs.
            idle_units_let_go: true,
            tape: TapeOptions::default(),
            printer: PrinterOptions::default(),
            crt: CrtOptions::default(),
        }
    }
}
