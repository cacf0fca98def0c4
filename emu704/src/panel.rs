//! What the operator's panel shows, as data.
//!
//! [`PanelView`] holds all that can be seen and nothing that can act. It knows of no terminal: who shows it chooses how it
//! looks, and as JSON it goes to clients outside of this process.

pub mod client;
pub mod lamps;
mod parts;
mod speed;
pub mod talk;
pub mod units;

use asm704::Word;
use serde::Serialize;

pub use lamps::Lamps;
pub use parts::{PARTS, Part, PartRow};
pub use speed::Speed;

use crate::core_store::CoreSize;
use crate::io::crt::Point;
pub use crate::io::tape::{TapeDoes, TapeLights};

/// The panes beside the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pane {
    /// The tape units.
    Tapes,
    /// Code around the instruction counter.
    Code,
    /// The printer's paper.
    Paper,
    /// Card reader and punch.
    Cards,
    /// Words of core.
    Core,
    /// The CRT recorder's frame.
    Crt,
    /// Places that are watched.
    Watch,
    /// What commands have answered.
    Replies,
}

impl Pane {
    /// All of them.
    pub const ALL: [Pane; 8] = [
        Pane::Tapes,
        Pane::Code,
        Pane::Paper,
        Pane::Cards,
        Pane::Core,
        Pane::Crt,
        Pane::Watch,
        Pane::Replies,
    ];

    /// What stands over it.
    pub fn title(self) -> &'static str {
        match self {
            Pane::Tapes => "tape units, feet from the load point",
            Pane::Code => "code",
            Pane::Paper => "printer",
            Pane::Cards => "cards",
            Pane::Core => "core",
            Pane::Crt => "CRT",
            Pane::Watch => "watched",
            Pane::Replies => "replies",
        }
    }
}

/// A tape unit with a reel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TapeView {
    /// 1 to 10.
    pub unit: u8,
    /// The reel.
    pub label: String,
    /// Tape between load point and head, in feet, at this moment.
    pub feet: f64,
    /// Tape on a full reel, in feet.
    pub reel_feet: f64,
    /// The place as the image counts, 0 for the load point. It is that behind an item while that is read, in front of one that is
    /// written or passed backwards, and 0 while the unit rewinds.
    pub place: u64,
    /// Records that have passed whole; file marks are not counted. 0 while the unit rewinds.
    pub records: u64,
    /// The file-protect ring is in.
    pub ring: bool,
    /// What it does.
    pub does: TapeDoes,
    /// Words of the record under the head that have passed.
    pub words: u64,
    /// The power failed while the tape moved, and it has not moved since. What had passed of a record that was written is on the
    /// reel, but the place is still before it.
    pub cut: bool,
    /// Its lights.
    pub lights: TapeLights,
}

impl TapeView {
    /// In a line.
    pub fn text(&self) -> String {
        let mut text = format!("{:>2} {}  {:.1} ft", self.unit, self.label, self.feet);
        if self.records > 0 {
            let plural = if self.records == 1 { "" } else { "s" };
            text.push_str(&[", ", &self.records.to_string(), " record", plural].concat());
        }
        if self.does.moves() {
            text.push_str(", ");
            text.push_str(&self.doing());
        }
        let idle = self.lights.select && !self.does.moves();
        for (on, what) in [
            (self.ring, "ring"),
            (self.lights.load_point, "load point"),
            (self.lights.indicator, "end of reel"),
            (idle, "selected"),
            (self.cut, "stopped by the loss of power"),
        ] {
            if on {
                text.push_str(", ");
                text.push_str(what);
            }
        }
        text
    }

    /// The computer has chosen it, or its tape moves.
    pub fn is_busy(&self) -> bool {
        self.lights.select || self.does.moves()
    }

    /// What it does, with the words of the record that have passed: `writes, 120 words so far`.
    pub fn doing(&self) -> String {
        let words = self.words;
        let plural = if words == 1 { "" } else { "s" };
        match self.does {
            TapeDoes::Reads | TapeDoes::Writes => {
                format!("{}, {words} word{plural} so far", self.does.word())
            }
            does => does.word().to_owned(),
        }
    }
}

/// Readings of the registers, for people who do not read lamps.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Readings {
    /// STORAGE.
    pub storage: String,
    /// Sign, QP as a digit, positions 1-35.
    pub accumulator: String,
    /// MQ.
    pub mq: String,
    /// Index registers A, B, C.
    pub index: [String; 3],
    /// Instruction counter.
    pub counter: String,
    /// Instruction register, six digits.
    pub instruction: String,
}

/// A long answer, in the place of all else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Sheet {
    /// What was asked.
    pub title: String,
    /// All of the answer.
    pub lines: Vec<String>,
    /// The first line that is shown, from 0.
    pub at: usize,
}

/// All that can be seen.
///
/// Its JSON has the fields by their names here: a word in octal, a speed by its word, a pane in small letters, a part by
/// the name on the panel, [lamps](Lamps) by row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PanelView {
    /// Core size: how many lights INDEX and the instruction counter have.
    pub core: CoreSize,
    /// Brightness of every lamp.
    pub lamps: Lamps,
    /// Readings beside the lamps, when they are on.
    pub readings: Option<Readings>,
    /// Sense switches 1 to 6; true is down.
    pub switches: [bool; 6],
    /// Entry keys.
    pub keys: Word,
    /// The entry key that the next stroke sets, 0 for S to 35.
    pub key_cursor: Option<u8>,
    /// The AUTOMATIC-MANUAL switch stands on AUTOMATIC.
    pub automatic: bool,
    /// MULTIPLE STEP is held.
    pub multiple_step: bool,
    /// The machine goes.
    pub running: bool,
    /// Something went wrong.
    pub failure: bool,
    /// In plain words: RUNNING, STOPPED and why, POWER OFF.
    pub state: String,
    /// How fast it shall go.
    pub speed: Speed,
    /// How fast it goes: machine time over the time of the wall.
    pub ratio: f64,
    /// Machine time in seconds.
    pub seconds: f64,
    /// Machine cycles.
    pub cycles: u64,
    /// Panes that are open, those that matter most first.
    pub panes: Vec<Pane>,
    /// Units with reels.
    pub tapes: Vec<TapeView>,
    /// Units with a wire instead of a reel, a line each.
    pub wires: Vec<String>,
    /// The newest lines of the printer.
    pub paper: Vec<String>,
    /// Lines that were printed since the beginning, by which a sheet of 66 is told.
    pub printed: u64,
    /// Cards in the hopper, read, punched.
    pub cards: [u64; 3],
    /// Code around the instruction counter.
    pub code: Vec<String>,
    /// Words of core.
    pub words: Vec<String>,
    /// The frame before the camera.
    pub points: Vec<Point>,
    /// What still glows of frames before it, from 1 for nearly dark to 255.
    pub afterglow: Vec<(Point, u8)>,
    /// Watched places.
    pub watched: Vec<String>,
    /// What commands have answered, the newest last.
    pub replies: Vec<String>,
    /// The last thing that was said.
    pub message: String,
    /// The command line while one is typed.
    pub prompt: Option<String>,
    /// The lamp or key that is being explained.
    pub explained: Option<Part>,
    /// A long answer that is being read.
    pub sheet: Option<Sheet>,
    /// A caption over the lower panes. With it the panel shows itself: nothing but the space bar and q works.
    pub caption: Option<Vec<String>>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use serde_json::{Value, json};

    use super::*;
    use crate::io::crt::Axis;
    use crate::machine::Machine;
    use crate::{Config, CoreSize};

    /// A row of dark lamps except these, counted from the leftmost.
    fn row(length: usize, lit: &[usize]) -> Value {
        (0..length).map(|n| if lit.contains(&n) { 255 } else { 0 }).collect()
    }

    #[test]
    fn a_view_as_json() {
        let mut machine = Machine::new(Config::with_core(CoreSize::K4));
        machine.cpu.sr = Word::new(1 << 35 | 1);
        machine.cpu.ac.negative = true;
        machine.cpu.ac.magnitude = 1 << 35;
        machine.cpu.mq = Word::new(0);
        machine.cpu.ic = 0o100;
        machine.cpu.sense_lights = [false, true, false, false];
        let view = PanelView {
            core: CoreSize::K4,
            lamps: Lamps::of(&machine, false, true),
            readings: Some(Readings { counter: "00100".to_owned(), ..Readings::default() }),
            switches: [true, false, false, false, false, false],
            keys: Word::new(0o76),
            key_cursor: Some(35),
            automatic: true,
            multiple_step: false,
            running: false,
            failure: false,
            state: "HTR".to_owned(),
            speed: Speed::X10,
            ratio: 9.5,
            seconds: 0.25,
            cycles: 20833,
            panes: vec![Pane::Tapes, Pane::Crt],
            tapes: vec![TapeView {
                unit: 1,
                label: "a.tap".to_owned(),
                feet: 2.5,
                reel_feet: 2400.0,
                place: 24,
                records: 1,
                ring: true,
                does: TapeDoes::WritesMark,
                words: 0,
                cut: false,
                lights: TapeLights { select: true, ready: true, ..TapeLights::default() },
            }],
            wires: Vec::new(),
            paper: vec!["A LINE".to_owned()],
            printed: 1,
            cards: [3, 2, 1],
            code: Vec::new(),
            words: Vec::new(),
            afterglow: Vec::new(),
            points: vec![Point { x: 1, y: 2, bright: false, axis: Some(Axis::Diagonal) }],
            watched: Vec::new(),
            replies: Vec::new(),
            message: String::new(),
            prompt: None,
            explained: Part::named("LOAD CARDS"),
            sheet: None,
            caption: None,
        };
        let expected = json!({
            "core": "4k",
            "lamps": {
                "storage": row(36, &[0, 35]),
                "accumulator": row(38, &[0, 2]),
                "mq": row(36, &[]),
                "instruction": row(18, &[]),
                // positions 3 to 17, of which 11 is 100
                "counter": row(15, &[8]),
                "index": row(15, &[]),
                // SENSE LIGHT 2, POWER, READY
                "single": row(15, &[9, 12, 13]),
            },
            "readings": {
                "storage": "", "accumulator": "", "mq": "", "index": ["", "", ""],
                "counter": "00100", "instruction": "",
            },
            "switches": [true, false, false, false, false, false],
            "keys": "000000000076",
            "key_cursor": 35,
            "automatic": true,
            "multiple_step": false,
            "running": false,
            "failure": false,
            "state": "HTR",
            "speed": "10x",
            "ratio": 9.5,
            "seconds": 0.25,
            "cycles": 20833,
            "panes": ["tapes", "crt"],
            "tapes": [{
                "unit": 1, "label": "a.tap", "feet": 2.5, "reel_feet": 2400.0, "place": 24, "records": 1,
                "ring": true, "does": "writes-mark", "words": 0, "cut": false,
                "lights": {
                    "select": true, "ready": true, "protect": false, "indicator": false, "load_point": false,
                },
            }],
            "paper": ["A LINE"],
            "printed": 1,
            "cards": [3, 2, 1],
            "code": [],
            "words": [],
            "afterglow": [],
            "points": [{"x": 1, "y": 2, "bright": false, "axis": "diagonal"}],
            "watched": [], "wires": [],
            "replies": [],
            "message": "",
            "prompt": null,
            "explained": "LOAD CARDS",
            "sheet": null,
            "caption": null,
        });
        assert_eq!(serde_json::to_value(&view).unwrap(), expected);
    }
}
