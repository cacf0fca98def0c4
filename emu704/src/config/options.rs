//! Habits of the units that are not times. Each default that is a guess says so; a job file sets them under `[devices]`.

use asm704::chars::Graphics;
use serde::{Deserialize, Serialize};

use crate::time::Ticks;

/// What a select of the card reader finds when the hopper has run empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmptyHopper {
    /// One end of file behind the last card, then it waits for cards.
    #[default]
    EndOfFile,
    /// It waits for cards at once.
    Wait,
}

/// What a tape unit does with a last word that is short of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartialWord {
    /// It is delivered, left-justified and filled with zeros, without a tape check (rulings; source reels of 80
    /// characters are common).
    #[default]
    Deliver,
    /// It is not delivered, as the ring does not complete, and tape check comes on.
    Drop,
}

/// Options of the tape units.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct TapeOptions {
    /// A last word that is short of characters. UNVERIFIED: what the machine did.
    pub partial_word: PartialWord,
}

/// What a sense exit of the printer is wired to on the control panel.
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

/// What SPT finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SenseEntry {
    /// The exits that are wired to the entry: impulsed in this print cycle, SPT skips.
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
    /// Which graphics the wheels have.
    pub graphics: Graphics,
    /// What the sense exits 1 to 10 do: the control panel.
    pub exits: [Exit; 10],
    /// What SPT finds.
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
                // UNVERIFIED: 3, 6, 8 and 10. The sources name one and two spaces after the line for 3 and 6; 8 is
                // impulsed by the assembler for long lines beside 9, which does all that is needed; 10 prints on the
                // right wheels without suppressing the space in one of the peers.
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
    /// Rightmost bit of the ten of X.
    pub x: u8,
    /// Rightmost bit of the ten of Y.
    pub y: u8,
    /// One is the high intensity.
    pub intensity: u8,
    /// One draws a line from the point to the right edge.
    pub x_axis: u8,
    /// One draws a line from the point to the upper edge; with the X axis bit the line goes up at 45 degrees.
    pub y_axis: u8,
    /// The recorder lets go when no CPY comes for so long after a point; without a value it never does by itself.
    pub lets_go_after: Option<Ticks>,
}

impl Default for CrtOptions {
    fn default() -> CrtOptions {
        // UNVERIFIED: all positions. X and Y are the low ten bits of the half-words, as on the 701; the control bits
        // are taken to be the prefix. That points may come at any distance is the reading under which every program
        // works.
        CrtOptions { x: 17, y: 35, intensity: 0, x_axis: 1, y_axis: 2, lets_go_after: None }
    }
}

/// Habits of all units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct DeviceOptions {
    /// The card reader without cards.
    pub empty_hopper: EmptyHopper,
    /// A drum or CRT that waits for its first CPY lets go when something else is selected; otherwise that select
    /// waits for ever.
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
            // UNVERIFIED: but IBM's FORTRAN II hangs otherwise.
            idle_units_let_go: true,
            tape: TapeOptions::default(),
            printer: PrinterOptions::default(),
            crt: CrtOptions::default(),
        }
    }
}
