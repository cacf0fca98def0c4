//! The panel and its state socket: what clients see is what the panel shows, and what they ask for is done at it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use asm704::visible;
use serde::Serialize;

use super::{App, Failure};
use crate::action::Action;
use crate::host::{RATE, StateSocket};
use crate::panel::talk::{Answer, Hello, Paper, Picture, Request};
use crate::panel::units::readings;

/// Options of the socket.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct StateArgs {
    /// Open a socket that sends lamps, keys, units and paper as JSON and takes acts: a port of this computer, HOST:PORT, or the path of a Unix socket. Without a terminal the socket is the whole panel
    #[arg(long, value_name = "PORT|PATH", conflicts_with_all = ["plain", "picture"])]
    state: Option<String>,
    /// Let acts from --state name files, as in `mount 1 reel.tap`
    #[arg(long, requires = "state")]
    state_files: bool,
}

/// A socket before a panel.
pub(super) struct StateDesk {
    socket: StateSocket,
    files: bool,
}

impl StateDesk {
    /// The socket of the options, if they ask for one.
    pub(super) fn open(args: &StateArgs) -> Result<Option<StateDesk>> {
        let Some(place) = &args.state else { return Ok(None) };
        let files = args.state_files;
        let socket = StateSocket::open(place, line(&Hello::new(RATE, files))).map_err(Failure::usage)?;
        Ok(Some(StateDesk { socket, files }))
    }

    /// Where it is, with the token.
    pub(super) fn notice(&self) -> String {
        self.socket.notice()
    }

    /// How long the loop of the panel may sleep.
    pub(super) fn wait(&self) -> Duration {
        self.socket.wait()
    }

    /// Somebody looks.
    pub(super) fn has_clients(&self) -> bool {
        self.socket.has_clients()
    }

    /// Does what clients ask for, and says what can be seen. True when something was done.
    pub(super) fn turn(&mut self, app: &mut App) -> bool {
        let mut acted = false;
        for (client, asked) in self.socket.take() {
            let answer = match asked.map(|text| Request::parse(&text)) {
                Err(flaw) => Answer::new(None, Err(flaw)),
                Ok(Err(answer)) => answer,
                Ok(Ok(Request { id, words })) => {
                    let done = self.act(app, &words);
                    acted |= done.is_ok();
                    Answer::new(id, done)
                }
            };
            self.socket.answer(client, &line(&answer));
        }
        if self.socket.is_due() {
            let view = app.view();
            let readings = readings(app.monitor.machine());
            self.socket.show([line(&Paper::of(&view)), line(&Picture::of(&view, &readings))]);
        }
        self.socket.tell();
        acted
    }

    fn act(&self, app: &mut App, words: &[String]) -> Result<(), String> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let room = &app.monitor.debugger.room;
        let action = Action::parse(&words, &|text| room.address(text)).map_err(|error| error.to_string())?;
        if action.file().is_some() && !self.files {
            return Err(format!("`{action}`: names a file, which needs --state-files"));
        }
        app.act_from_outside(&action)
    }
}

/// A message as a line. A terminal obeys nothing of it.
fn line(message: &impl Serialize) -> String {
    // all keys are texts, so nothing can fail
    let text = serde_json::to_string(message).unwrap_or_default();
    visible::json(&text).into_owned()
}

/// The panel without a terminal: the socket is all of it, until a signal comes.
pub(super) fn without_a_terminal(app: &mut App, desk: &mut StateDesk, ended: &Arc<AtomicBool>) {
    let signal = Arc::clone(ended);
    app.monitor.debugger.set_patience(Box::new(move || signal.load(Ordering::Relaxed)));
    let mut last = Instant::now();
    while !app.over && !ended.load(Ordering::Relaxed) {
        let begun = Instant::now();
        if app.is_live() {
            app.tick(begun - last, begun + super::MACHINE);
        }
        last = begun;
        app.take_outputs();
        desk.turn(app);
        let frame = if app.is_live() { super::FRAME.saturating_sub(begun.elapsed()) } else { desk.wait() };
        std::thread::sleep(frame.min(desk.wait()));
    }
}
