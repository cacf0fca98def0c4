//! The attract mode: a lamp show, and the story of the checkpoint at a pace that a visitor can follow; then again.
//!
//! A stroke of the space bar runs a scene forward to its goal. It leaves nothing out: a record that is being written is complete
//! before the power fails, and the job is at its end before the answers are compared.

use std::time::Duration;

use anyhow::{Result, bail};

use super::App;
use crate::action::Action;
use crate::cli::demo;
use crate::console::Key;
use crate::debug::{Debugger, Pause};
use crate::io::tape::TapeDoes;
use crate::machine::{LoadKey, StopKind};
use crate::monitor::Monitor;
use crate::panel::{Pane, Speed};
use crate::room::Room;

const LAMPS: &str = include_str!("../../../programs/attract.sap");

/// What a scene leads to. It lasts until this is so, and its time is the least.
type Goal = fn(&App) -> bool;

/// Machine cycles that a scene runs forward to its goal at most; the whole job takes less than a tenth of it.
const PATIENCE: u64 = 200_000_000;

/// A part of the story.
struct Scene {
    /// What is told.
    caption: [&'static str; 3],
    /// Seconds at the wall, at least.
    seconds: u64,
    begins: fn(&mut App) -> Result<()>,
    goal: Goal,
}

/// Where the story is.
pub struct Attract {
    scene: usize,
    shown: Duration,
    /// The paper of the job when nothing happens to it.
    undisturbed: String,
}

fn seated(room: Room) -> Monitor {
    Monitor::new(Debugger::new(room))
}

fn at_once(_: &App) -> bool {
    true
}

/// The record is under the write head.
fn tape_turns(app: &App) -> bool {
    app.monitor.machine().tape_seen(1).does == TapeDoes::Writes
}

/// The reel is back: what was written is complete, what was read is in core.
fn tape_is_back(app: &App) -> bool {
    app.monitor.machine().tape_lights(1, true).load_point
}

/// The program has come to its HTR.
fn has_ended(app: &App) -> bool {
    !app.monitor.debugger.is_going()
}

const SCENES: &[Scene] = &[
    Scene {
        caption: [
            "THE IBM 704, 1955. A machine of vacuum tubes at its real speed: 83,333 cycles",
            "a second. A short program plays with the lamps of its accumulator, and of MQ,",
            "the register below it.",
        ],
        seconds: 33,
        begins: |app| {
            app.show(seated(demo::room(LAMPS)?));
            app.speed = Speed::Real;
            app.command("go");
            Ok(())
        },
        goal: at_once,
    },
    Scene {
        caption: [
            "A JOB: how a plate of metal warms from its edge, 1,000 sweeps in floating",
            "point. It takes minutes, others take nights, and a machine of 1955 fails",
            "every few hours. A blank reel is on tape unit 1.",
        ],
        seconds: 10,
        begins: |app| {
            let mut room = demo::job("CHKPNT")?;
            room.mount_reel(1, Vec::new(), true)?;
            app.show(seated(room));
            app.speed = Speed::Real;
            app.command("go");
            Ok(())
        },
        goal: at_once,
    },
    Scene {
        caption: ["Now ten times as fast as it was.", "", ""],
        seconds: 5,
        begins: |app| {
            app.speed = Speed::X10;
            Ok(())
        },
        goal: at_once,
    },
    Scene {
        caption: ["The operator puts SENSE SWITCH 1 down. The job asks for it in each sweep.", "", ""],
        seconds: 2,
        begins: |app| {
            app.speed = Speed::Real;
            app.act(&Action::Sense { switch: 1, down: true });
            Ok(())
        },
        goal: tape_turns,
    },
    Scene {
        caption: [
            "TAPE 1 TURNS. The program writes all of core and its registers on the reel,",
            "as one record; MQ is the ring through which the characters go. Then the reel",
            "rewinds. Norman Hardy thought of such a routine in 1955.",
        ],
        seconds: 7,
        begins: |app| {
            app.act(&Action::Sense { switch: 1, down: false });
            Ok(())
        },
        goal: tape_is_back,
    },
    Scene {
        caption: ["The job continues where it was, ten times as fast as in 1955.", "", ""],
        seconds: 5,
        begins: |app| {
            app.speed = Speed::X10;
            Ok(())
        },
        goal: at_once,
    },
    Scene {
        caption: [
            "THE POWER FAILS. What was in core and in the registers is gone, and the work",
            "with it.",
            "",
        ],
        seconds: 7,
        begins: |app| {
            app.act(&Action::PowerOff);
            Ok(())
        },
        goal: at_once,
    },
    Scene {
        caption: [
            "Another morning, another 704. Its core and its lamps hold random bits.",
            "All that is left of the job is the reel on tape 1.",
            "",
        ],
        seconds: 7,
        begins: |app| {
            app.act(&Action::PowerOn { seed: 704 });
            Ok(())
        },
        goal: at_once,
    },
    Scene {
        caption: [
            "The operator presses CLEAR, and then LOAD TAPE: two words come into core, and",
            "they bring the rest.",
            "",
        ],
        seconds: 5,
        begins: |app| {
            app.speed = Speed::Real;
            if !app.monitor.press(Key::Clear)? || !app.monitor.press(Key::Load(LoadKey::Tape))? {
                bail!("a key is ineffective");
            }
            Ok(())
        },
        goal: tape_is_back,
    },
    Scene {
        caption: [
            "The job continues at the same instruction, as if nothing had happened.",
            "Ten times as fast again, to its end.",
            "",
        ],
        seconds: 3,
        begins: |app| {
            app.speed = Speed::X10;
            Ok(())
        },
        goal: has_ended,
    },
    Scene {
        caption: ["The answer is on the paper.", "", ""],
        seconds: 14,
        begins: |_| Ok(()),
        goal: at_once,
    },
];

impl Attract {
    /// Before the first scene.
    ///
    /// # Errors
    /// The job of the story does not run.
    pub fn new() -> Result<Attract> {
        Ok(Attract { scene: SCENES.len() - 1, shown: Duration::MAX, undisturbed: demo::undisturbed_print()? })
    }

    /// Time has gone by at the wall.
    ///
    /// # Errors
    /// A scene cannot begin.
    pub fn tick(&mut self, app: &mut App, elapsed: Duration) -> Result<()> {
        self.shown = self.shown.saturating_add(elapsed);
        let scene = &SCENES[self.scene];
        if self.shown >= Duration::from_secs(scene.seconds) && (scene.goal)(app) {
            self.next(app)?;
        }
        Ok(())
    }

    /// Somebody has seen enough of a scene: it runs forward to its goal, as fast as it goes, and the next one begins.
    ///
    /// # Errors
    /// A scene does not come to its goal, or the next one cannot begin.
    pub fn skip(&mut self, app: &mut App) -> Result<()> {
        let goal = SCENES[self.scene].goal;
        if !app.run_forward(goal, PATIENCE) {
            bail!("scene {} does not come to its goal: {}", self.scene + 1, app.monitor.debugger.state());
        }
        self.next(app)
    }

    fn next(&mut self, app: &mut App) -> Result<()> {
        self.scene = (self.scene + 1) % SCENES.len();
        self.shown = Duration::ZERO;
        let scene = &SCENES[self.scene];
        (scene.begins)(app)?;
        let mut caption: Vec<String> = scene.caption.iter().map(|line| (*line).to_owned()).collect();
        if self.scene + 1 == SCENES.len() {
            app.open_alone(Pane::Paper);
            let [_, first, second] = &mut caption[..] else { bail!("a caption has three lines") };
            (*first, *second) = self.verdict(app);
        }
        app.caption = Some(caption);
        app.message.clear();
        Ok(())
    }

    /// Whether the job has printed what it prints when nobody disturbs it. Before its end nothing can be said.
    fn verdict(&self, app: &App) -> (String, String) {
        let debugger = &app.monitor.debugger;
        let at_end = matches!(debugger.pause(), Pause::Stopped(stop) if stop.kind == StopKind::Htr);
        if debugger.is_going() || !at_end {
            return ("The job has not come to its end:".to_owned(), debugger.state());
        }
        let paper = debugger.paper(60);
        let printed = |line: &str| paper.iter().any(|printed| printed.trim_end() == line.trim_end());
        if self.undisturbed.trim().lines().all(printed) {
            (
                "Every digit is as in a run that nobody disturbed.".to_owned(),
                "The machine was lost; the job was not.".to_owned(),
            )
        } else {
            ("IT DIFFERS from that of a run that nobody disturbed.".to_owned(), String::new())
        }
    }

    /// The number of the scene, from 0.
    pub fn scene(&self) -> usize {
        self.scene
    }

    /// How many there are.
    pub const fn scenes() -> usize {
        SCENES.len()
    }
}
