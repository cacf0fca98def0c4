//! The files of a run at the panel: paper, cards, film and the rest leave the machine while it goes, and are safe at the end.

use super::App;
use crate::cli::monitor::Seat;
use crate::cli::outputs::Outputs;
use crate::cli::tui::Look;
use crate::monitor::Monitor;

/// Where the outputs go, and how their end is told.
pub(super) struct RunFiles {
    outputs: Outputs,
    json: bool,
    quiet: bool,
    diagnostics: Option<serde_json::Value>,
}

impl App {
    /// A panel before the machine of a seat, whose files it takes over.
    pub(crate) fn sit_down(seat: Seat, look: Look) -> App {
        let Seat { monitor, outputs, json, quiet, diagnostics, lost: _ } = seat;
        let mut app = App::new(monitor, look);
        app.files = Some(RunFiles { outputs, json, quiet, diagnostics });
        if let Some(flaw) = app.monitor.flaw() {
            let text = flaw.text();
            app.say("", &text);
        }
        app
    }

    /// Takes paper, cards and film out of the machine to their files, or counts them as lost.
    pub(crate) fn take_outputs(&mut self) {
        let Some(RunFiles { outputs, .. }) = &mut self.files else { return };
        let debugger = &mut self.monitor.debugger;
        let printed = debugger.take_printed();
        if outputs.prints_to_file() {
            outputs.print(&printed);
        }
        if !debugger.in_past() {
            outputs.take(&mut debugger.room.machine);
        }
    }

    /// Machine cycles between two such moments at most: what a program makes in that time is all that is held.
    pub(super) fn most_cycles(&self) -> u64 {
        self.files.as_ref().map_or(u64::MAX, |files| files.outputs.slice())
    }

    /// The end: everything is written and told, as [`Seat::leave`] does it. The panel shows nothing that is true after that.
    /// True when something that was to be kept is not.
    pub(crate) fn leave(&mut self) -> bool {
        let Some(RunFiles { outputs, json, quiet, diagnostics }) = self.files.take() else { return false };
        let empty = Monitor::with_machine(crate::Machine::new(crate::Config::default()));
        let monitor = std::mem::replace(&mut self.monitor, empty);
        let mut seat = Seat { monitor, outputs, json, quiet, diagnostics, lost: false };
        seat.leave();
        seat.lost
    }
}
