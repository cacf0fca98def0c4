//! The operator's panel as data, and how it is drawn in a terminal.
//!
//! [`PanelView`] holds all that can be seen and nothing that can act; [`draw`] puts it on the screen. Lamps differ by
//! glyph as well as by colour.

mod draw;
pub mod lamps;
mod panes;
mod parts;
mod style;

use asm704::Word;

pub use draw::{Hits, draw};
pub use lamps::Lamps;
pub use parts::{PARTS, Part, PartRow};
pub use style::Look;

use crate::core_store::CoreSize;
use crate::io::crt::Point;

/// The panes beside the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
#[derive(Debug, Clone, PartialEq)]
pub struct TapeView {
    /// 1 to 10.
    pub unit: u8,
    /// The reel.
    pub label: String,
    /// Tape between load point and head, in feet.
    pub feet: f64,
    /// The place as the image counts; 0 is the load point.
    pub place: u64,
    /// Records between the load point and the head; file marks are not counted.
    pub records: u64,
    /// The file-protect ring is in.
    pub ring: bool,
    /// The unit is selected, or moves.
    pub selected: bool,
    /// Rewinding.
    pub rewinding: bool,
}

impl TapeView {
    /// In a line.
    pub fn text(&self) -> String {
        let mut text = format!("{:>2} {}  {:.1} ft", self.unit, self.label, self.feet);
        if self.records > 0 {
            let plural = if self.records == 1 { "" } else { "s" };
            text.push_str(&[", ", &self.records.to_string(), " record", plural].concat());
        }
        let load_point = self.place == 0 && !self.rewinding;
        for (on, what) in [
            (self.ring, "ring"),
            (load_point, "load point"),
            (self.rewinding, "rewinding"),
            (self.selected, "selected"),
        ] {
            if on {
                text.push_str(", ");
                text.push_str(what);
            }
        }
        text
    }
}

/// How fast the machine goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Speed {
    /// 83,333 cycles a second.
    #[default]
    Real,
    /// Ten times that.
    #[value(name = "10x")]
    X10,
    /// A hundred times.
    #[value(name = "100x")]
    X100,
    /// As fast as it goes.
    Full,
}

impl Speed {
    /// How many times the real machine; `None` when nothing limits it.
    pub fn factor(self) -> Option<u32> {
        match self {
            Speed::Real => Some(1),
            Speed::X10 => Some(10),
            Speed::X100 => Some(100),
            Speed::Full => None,
        }
    }

    /// The next faster one.
    #[must_use]
    pub fn faster(self) -> Speed {
        match self {
            Speed::Real => Speed::X10,
            Speed::X10 => Speed::X100,
            Speed::X100 | Speed::Full => Speed::Full,
        }
    }

    /// The next slower one.
    #[must_use]
    pub fn slower(self) -> Speed {
        match self {
            Speed::Real | Speed::X10 => Speed::Real,
            Speed::X100 => Speed::X10,
            Speed::Full => Speed::X100,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Speed::Real => "real speed",
            Speed::X10 => "10x",
            Speed::X100 => "100x",
            Speed::Full => "full speed",
        }
    }
}

/// Readings of the registers, for people who do not read lamps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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

/// All that can be seen.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelView {
    /// How things look.
    pub look: Look,
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
    /// Why it stands, or what it does.
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
    /// The newest lines of the printer.
    pub paper: Vec<String>,
    /// Cards in the hopper, read, punched.
    pub cards: [u64; 3],
    /// Code around the instruction counter.
    pub code: Vec<String>,
    /// Words of core.
    pub words: Vec<String>,
    /// The frame before the camera.
    pub points: Vec<Point>,
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
    /// A caption over the lower panes.
    pub caption: Option<Vec<String>>,
}
