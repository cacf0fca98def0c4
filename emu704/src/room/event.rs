//! What happens in the room while the machine runs.

use std::fmt;

use crate::action::Action;
use crate::fault::TimedFault;
use crate::machine::Stop;
use crate::reels::Written;

/// Something that happened, in the words of a log: [`fmt::Display`] gives a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// An act of the list was done.
    Acted {
        /// Which.
        action: Action,
        /// At this machine cycle.
        cycle: u64,
    },
    /// An act of the list was a key that does nothing in this state of the machine.
    Ineffective {
        /// Which.
        action: Action,
        /// At this machine cycle.
        cycle: u64,
        /// The state of the machine.
        state: String,
    },
    /// A fault came.
    Broke(TimedFault),
    /// The machine stopped, and the list goes on.
    Stopped {
        /// The stop.
        stop: Stop,
        /// At this machine cycle.
        cycle: u64,
    },
    /// Something reached a reel.
    Written {
        /// 1 to 10.
        unit: u8,
        /// What.
        written: Written,
        /// The reel.
        label: String,
        /// By this machine cycle.
        cycle: u64,
    },
    /// Something worth a word when it was mounted.
    Notice(String),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Acted { action, cycle } => write!(f, "operator: {action} at cycle {cycle}"),
            Event::Ineffective { action, cycle, state } => {
                write!(f, "operator: {action} at cycle {cycle}: the key does nothing ({state})")
            }
            Event::Broke(timed) => write!(f, "fault: {} at cycle {}", timed.fault, timed.at),
            Event::Stopped { stop, cycle } => write!(f, "{stop} at cycle {cycle}"),
            Event::Written { unit, written, label, cycle } => {
                write!(f, "tape {unit}: {written} on the reel {label} at cycle {cycle}")
            }
            Event::Notice(text) => f.write_str(text),
        }
    }
}
