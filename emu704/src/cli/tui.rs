//! `emu704 tui`: the operator's panel in a terminal.

mod app;
mod attract;
mod draw;
mod panes;
mod picture;
mod style;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{
    self, DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, Event,
    KeyCode, KeyEvent, KeyModifiers,
};
use ratatui::crossterm::execute;
use ratatui::{DefaultTerminal, Terminal};

pub use app::App;
pub use attract::Attract;
pub use draw::{Hits, draw};
pub use style::Look;

use super::Failure;
use super::monitor::{self, MonitorArgs, Seat};
use super::outputs::Outputs;
use super::setup::SetUpArgs;
use crate::host::write_atomically;
use crate::panel::Speed;
use crate::room::plan::ending;

/// Time of a frame of a running machine.
const FRAME: Duration = Duration::from_millis(33);
/// What the machine may take of a frame.
const MACHINE: Duration = Duration::from_millis(38);
/// At full speed it takes all of that, and the panel is drawn between.
const FULL: Duration = Duration::from_millis(100);
/// How long a standing machine sleeps between two looks at what else may have happened.
const STANDING: Duration = Duration::from_millis(500);

/// Options of `tui`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 tui programs/heat.sap --core 8k\n  emu704 tui --tape 1=reel.tap\n\nThe machine stands until it is told to go: g, or START. `?` explains the lamps and keys."
)]
pub(crate) struct TuiArgs {
    #[command(flatten)]
    set_up: SetUpArgs,
    /// How fast the machine goes
    #[arg(long, value_parser = speeds(), default_value_t)]
    speed: Speed,
    /// Octal readings beside the lamps
    #[arg(long)]
    octal: bool,
    /// Only characters of ASCII
    #[arg(long)]
    ascii: bool,
    /// No colours; so does the variable NO_COLOR
    #[arg(long)]
    no_color: bool,
    /// Leave the mouse to the terminal
    #[arg(long)]
    no_mouse: bool,
    /// No panel: the monitor, line by line, in sentences that a screen reader can read
    #[arg(long)]
    plain: bool,
    /// For an exhibition: a lamp show and the story of the checkpoint, again and again. Space goes on to the next scene
    #[arg(long, conflicts_with_all = ["plain", "picture"])]
    attract: bool,
    /// No terminal: a picture of the panel on FILE, .svg or .txt
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
    /// Columns and rows of the picture
    #[arg(long, value_name = "COLUMNSxROWS", default_value = "120x40", value_parser = size, requires = "picture")]
    size: (u16, u16),
    /// A command before the picture is taken, more than once
    #[arg(long = "do", value_name = "COMMAND", requires = "picture")]
    commands: Vec<String>,
    /// Time that passes before it is taken, at the speed of --speed
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, requires = "picture")]
    seconds: f64,
}

/// The words for speeds, each with what it means.
fn speeds() -> impl TypedValueParser<Value = Speed> {
    let values = Speed::ALL.map(|speed| {
        PossibleValue::new(speed.word()).help(match speed {
            Speed::Real => "83,333 cycles a second",
            Speed::X10 => "Ten times that",
            Speed::X100 => "A hundred times",
            Speed::Full => "As fast as it goes",
        })
    });
    PossibleValuesParser::new(values).try_map(|word| word.parse::<Speed>())
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let parts =
        text.split_once('x').and_then(|(columns, rows)| Some((columns.parse().ok()?, rows.parse().ok()?)));
    match parts {
        Some((columns @ 1..=500, rows @ 1..=300)) => Ok((columns, rows)),
        _ => Err("expected columns and rows such as 120x40, at most 500x300".to_owned()),
    }
}

/// Gives the terminal back, whatever happens.
struct Screen {
    terminal: DefaultTerminal,
    mouse: bool,
}

impl Screen {
    fn open(mouse: bool) -> Result<Screen> {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let _ = execute!(io::stdout(), DisableMouseCapture, DisableBracketedPaste);
            hook(info);
        }));
        // This one restores the rest of the terminal at a panic, before the hook above.
        let terminal = ratatui::try_init().context("the terminal")?;
        let screen = Screen { terminal, mouse };
        execute!(io::stdout(), EnableBracketedPaste).context("the terminal")?;
        if mouse {
            execute!(io::stdout(), EnableMouseCapture).context("the terminal")?;
        }
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = execute!(io::stdout(), DisableBracketedPaste);
        if self.mouse {
            let _ = execute!(io::stdout(), DisableMouseCapture);
        }
        ratatui::restore();
    }
}

pub(crate) fn tui(args: TuiArgs) -> Result<u8> {
    if args.plain {
        return monitor::monitor(MonitorArgs::plain(args.set_up));
    }
    if let Some(path) = args.picture.clone() {
        return take_picture(args, &path);
    }
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        return Err(Failure::usage(
            "the panel needs a terminal; `emu704 monitor` does the same by lines, `emu704 run` without anybody",
        ));
    }
    let Seat { monitor, mut outputs, json, quiet, diagnostics, .. } = Seat::take(args.set_up)?;
    let colour = !args.no_color && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let mut app = App::new(monitor, Look { ascii: args.ascii, colour });
    app.speed = args.speed;
    app.octal = args.octal;
    let ended = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&ended);
    // SIGTERM, SIGHUP when the terminal goes away, and the interrupt that somebody else sends.
    let _ = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    let attract = args.attract.then(Attract::new).transpose()?;
    let result = {
        let mut screen = Screen::open(!args.no_mouse)?;
        let looped = event_loop(&mut screen.terminal, &mut app, &ended, &mut outputs, attract);
        drop(screen);
        looped
    };
    let mut seat = Seat { monitor: app.monitor, outputs, json, quiet, diagnostics, lost: false };
    seat.leave();
    result?;
    Ok(match (ended.load(Ordering::Relaxed), seat.lost) {
        (true, _) => 130,
        (false, true) => super::exit::FAILURE,
        (false, false) => 0,
    })
}

fn event_loop(
    terminal: &mut DefaultTerminal,
    app: &mut App,
    ended: &AtomicBool,
    outputs: &mut Outputs,
    mut attract: Option<Attract>,
) -> Result<()> {
    let events = strokes();
    let mut last = Instant::now();
    let mut hits = Hits::default();
    let mut dirty = true;
    let (began, cycles, mut frames) = (Instant::now(), app.monitor.machine().cycles(), 0_u64);
    while !app.over && !ended.load(Ordering::Relaxed) {
        let begun = Instant::now();
        if app.is_live() {
            let machine = if app.speed == Speed::Full { FULL } else { MACHINE };
            app.tick(begun - last, begun + machine);
            dirty = true;
        }
        if let Some(attract) = &mut attract {
            attract.tick(app, begun - last)?;
            dirty = true;
        }
        last = begun;
        let printed = app.monitor.debugger.take_printed();
        if outputs.prints_to_file() {
            outputs.print(&printed);
        }
        if !app.monitor.debugger.in_past() {
            outputs.take(&mut app.monitor.debugger.room.machine);
        }
        if std::mem::take(&mut dirty) {
            let view = app.view();
            terminal.draw(|frame| hits = draw(frame, &view, app.look())).context("the terminal")?;
            frames += 1;
            provoke()?;
        }
        let wait =
            if app.is_live() || attract.is_some() { FRAME.saturating_sub(begun.elapsed()) } else { STANDING };
        let mut event = match events.recv_timeout(wait) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => anyhow::bail!("the terminal is gone"),
        };
        // All strokes that have come belong to this frame.
        while let Some(stroke) = event {
            dirty = true;
            match stroke.context("the terminal")? {
                Event::Key(key) if attract.is_some() && !leaves(key) => {
                    if let (Some(attract), KeyCode::Char(' ')) = (&mut attract, key.code) {
                        attract.next(app)?;
                    }
                }
                Event::Key(_) if attract.is_some() => app.over = true,
                Event::Key(key) => app.key(key),
                Event::Mouse(mouse) if attract.is_none() => app.mouse(mouse, &hits),
                Event::Paste(text) => app.paste(&text),
                _ => {}
            }
            event = events.try_recv().ok();
        }
    }
    // for measurements: docs/panel.md
    if let Some(path) = std::env::var_os("EMU704_TEST_FRAMES") {
        let (seconds, now) = (began.elapsed().as_secs_f64(), app.monitor.machine().cycles());
        let line = format!("{frames} frames, {seconds:.3} seconds, {} cycles\n", now.saturating_sub(cycles));
        std::fs::write(path, line).context("EMU704_TEST_FRAMES")?;
    }
    Ok(())
}

/// What comes from the terminal, read by a thread of its own: of a terminal that has gone away crossterm reads nothing without
/// end, and this loop has to notice the signal that tells so.
fn strokes() -> Receiver<io::Result<Event>> {
    let (strokes, events) = mpsc::channel();
    std::thread::spawn(move || {
        loop {
            let event = event::read();
            let failed = event.is_err();
            if strokes.send(event).is_err() || failed {
                break;
            }
        }
    });
    events
}

/// A stroke that ends the attract mode.
fn leaves(key: KeyEvent) -> bool {
    matches!(key.code, KeyCode::Char('q') | KeyCode::Esc)
        || (key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL))
}

/// For tests: fails in the middle of the panel, as the variable says. What the terminal is like afterwards is looked at.
fn provoke() -> Result<()> {
    match std::env::var("EMU704_TEST_FAIL").as_deref() {
        Ok("panic") => panic!("asked for by EMU704_TEST_FAIL"),
        Ok("error") => anyhow::bail!("asked for by EMU704_TEST_FAIL"),
        _ => Ok(()),
    }
}

/// The panel as it would be seen, on a file.
fn take_picture(args: TuiArgs, path: &Path) -> Result<u8> {
    let Seat { monitor, outputs, json, quiet, diagnostics, .. } = Seat::take(args.set_up)?;
    let mut app = App::new(monitor, Look { ascii: args.ascii, colour: !args.no_color });
    app.speed = args.speed;
    app.octal = args.octal;
    for command in &args.commands {
        app.command(command);
        if let Some(error) = app.view().message.strip_prefix("? ") {
            return Err(Failure::usage(format!("--do \"{command}\": {error}")));
        }
    }
    let mut left = Duration::try_from_secs_f64(args.seconds).map_err(|e| Failure::usage(e.to_string()))?;
    while left > Duration::ZERO && app.is_live() {
        let tick = left.min(FRAME);
        app.tick(tick, Instant::now() + Duration::from_secs(60));
        left -= tick;
    }
    let mut terminal = Terminal::new(TestBackend::new(args.size.0, args.size.1))?;
    let view = app.view();
    terminal.draw(|frame| _ = draw(frame, &view, app.look()))?;
    let buffer = terminal.backend().buffer();
    let picture = match ending(path).as_deref() {
        Some("svg") => picture::svg(buffer),
        Some("txt") => picture::text(buffer),
        _ => return Err(Failure::usage(format!("{}: expected an ending .svg or .txt", path.display()))),
    };
    Seat { monitor: app.monitor, outputs, json, quiet, diagnostics, lost: false }.leave();
    write_atomically(path, picture.as_bytes()).map_err(|e| Failure::usage(e.to_string()))?;
    Ok(0)
}
