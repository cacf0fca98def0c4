//! `emu704 tui`: the operator's panel in a terminal.

mod app;
mod attract;
mod draw;
mod panes;
mod picture;
mod screen;
mod style;

use std::io::{self, IsTerminal};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

pub use app::App;
pub use attract::Attract;
pub use draw::{Hits, draw};
pub use style::Look;

use self::screen::Screen;
use super::Failure;
use super::interrupts::interrupts;
use super::monitor::{self, MonitorArgs, Seat};
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
/// What the machine may take of a frame of a picture, at which nobody waits; at full speed that is a frame.
const LONG: Duration = Duration::from_secs(60);
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
    let colour = !args.no_color && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let attract = args.attract.then(Attract::new).transpose()?;
    let seat = Seat::take(args.set_up)?;
    let mut app = App::sit_down(seat, Look { ascii: args.ascii, colour });
    app.speed = args.speed;
    app.octal = args.octal;
    let ended = interrupts();
    // Whatever ends it, a panic too, what was made is kept, and after that it is told.
    let looped = catch_unwind(AssertUnwindSafe(|| {
        let mut screen = Screen::open(!args.no_mouse)?;
        event_loop(&mut screen, &mut app, &ended, attract)
    }));
    let lost = app.leave();
    if ended.load(Ordering::Relaxed) {
        // where a signal has told that the terminal is gone, its errors say nothing new
        return Ok(super::exit::INTERRUPTED);
    }
    match looped {
        Ok(looped) => looped?,
        Err(panic) => resume_unwind(panic),
    }
    Ok(if lost { super::exit::FAILURE } else { 0 })
}

fn event_loop(
    screen: &mut Screen,
    app: &mut App,
    ended: &Arc<AtomicBool>,
    mut attract: Option<Attract>,
) -> Result<()> {
    let enough = Arc::new(AtomicBool::new(false));
    let events = strokes(&enough);
    let gave_up = Arc::new(AtomicBool::new(false));
    let (signal, stroke, given_up) = (Arc::clone(ended), Arc::clone(&enough), Arc::clone(&gave_up));
    app.monitor.debugger.set_patience(Box::new(move || {
        let stroke = stroke.load(Ordering::Relaxed);
        given_up.fetch_or(stroke, Ordering::Relaxed);
        stroke || signal.load(Ordering::Relaxed)
    }));
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
        app.take_outputs();
        if std::mem::take(&mut dirty) {
            let view = app.view();
            screen.draw(|frame| hits = draw(frame, &view, app.look()))?;
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
            let stroke = stroke.context("the terminal")?;
            if is_enough(&stroke) {
                enough.store(false, Ordering::Relaxed);
            }
            match stroke {
                // it was for the search before it
                Event::Key(key) if gave_up.swap(false, Ordering::Relaxed) && key.code == KeyCode::Esc => {}
                Event::Key(key) if attract.is_some() && !leaves(key) => {
                    if let (Some(attract), KeyCode::Char(' ')) = (&mut attract, key.code) {
                        attract.skip(app)?;
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

/// A stroke that ends a search: Esc, or Ctrl-C, which ends the session as well.
fn is_enough(event: &Event) -> bool {
    matches!(event, Event::Key(key) if key.kind != KeyEventKind::Release
        && (key.code == KeyCode::Esc || is_control_c(*key)))
}

fn is_control_c(key: KeyEvent) -> bool {
    key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL)
}

/// What comes from the terminal, read by a thread of its own: of a terminal that has gone away crossterm reads nothing without
/// end, and the loop of the panel has to notice the signal that tells so. While that loop searches in the past it sees no stroke,
/// and this thread raises the flag.
fn strokes(enough: &Arc<AtomicBool>) -> Receiver<io::Result<Event>> {
    let enough = Arc::clone(enough);
    let (strokes, events) = mpsc::channel();
    std::thread::spawn(move || {
        loop {
            let event = event::read();
            let failed = event.is_err();
            if event.as_ref().is_ok_and(is_enough) {
                enough.store(true, Ordering::Relaxed);
            }
            if strokes.send(event).is_err() || failed {
                break;
            }
        }
    });
    events
}

/// A stroke that ends the attract mode.
fn leaves(key: KeyEvent) -> bool {
    matches!(key.code, KeyCode::Char('q') | KeyCode::Esc) || is_control_c(key)
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
    let picture = match ending(path).as_deref() {
        Some("svg") => picture::svg,
        Some("txt") => picture::text,
        _ => return Err(Failure::usage(format!("{}: expected an ending .svg or .txt", path.display()))),
    };
    let mut left = Duration::try_from_secs_f64(args.seconds).map_err(|e| Failure::usage(e.to_string()))?;
    let seat = Seat::take(args.set_up)?;
    let mut app = App::sit_down(seat, Look { ascii: args.ascii, colour: !args.no_color });
    app.speed = args.speed;
    app.octal = args.octal;
    let ended = interrupts();
    let signal = Arc::clone(&ended);
    app.monitor.debugger.set_patience(Box::new(move || signal.load(Ordering::Relaxed)));
    let mut refused = None;
    for command in &args.commands {
        app.command(command);
        if let Some(error) = app.view().message.strip_prefix("? ") {
            refused = Some(Failure::usage(format!("--do \"{command}\": {error}")));
            break;
        }
    }
    while refused.is_none() && left > Duration::ZERO && app.is_live() && !ended.load(Ordering::Relaxed) {
        let tick = left.min(FRAME);
        app.tick(tick, Instant::now() + LONG);
        app.take_outputs();
        left -= tick;
    }
    let view = app.view();
    let lost = app.leave();
    match refused {
        _ if ended.load(Ordering::Relaxed) => return Ok(super::exit::INTERRUPTED),
        Some(refused) => return Err(refused),
        None => {}
    }
    let mut terminal = Terminal::new(TestBackend::new(args.size.0, args.size.1))?;
    terminal.draw(|frame| _ = draw(frame, &view, app.look()))?;
    let picture = picture(terminal.backend().buffer());
    write_atomically(path, picture.as_bytes()).map_err(|e| Failure::usage(e.to_string()))?;
    Ok(if lost { super::exit::FAILURE } else { 0 })
}
