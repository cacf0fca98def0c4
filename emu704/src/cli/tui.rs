//! `emu704 tui`: the operator's panel in a terminal.

mod app;
mod attract;
mod cast;
mod draw;
mod pace;
mod panes;
mod parts;
mod picture;
mod screen;
mod shot;
mod state;
mod style;
mod terminal;

use std::io::{self, IsTerminal};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use ratatui::crossterm::cursor;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

pub use app::App;
pub use attract::Attract;
pub use draw::{Hits, draw};
pub use style::{Colours, Look, Theme};

use self::pace::Line;
use self::screen::Screen;
use self::state::{StateArgs, StateDesk};
use self::terminal::Wanted;
use super::Failure;
use super::interrupts::interrupts;
use super::monitor::{self, MonitorArgs, Seat};
use super::setup::SetUpArgs;
use super::talk::say;
use crate::panel::Speed;

/// Time of a frame of a running machine.
const FRAME: Duration = Duration::from_millis(33);
/// What the machine may take of a frame.
const MACHINE: Duration = Duration::from_millis(38);
/// At full speed it takes all of that, and the panel is drawn between. Where a picture takes long, on a large terminal or a busy host,
/// the machine gets so many times that, so that pictures stay below 3 % of the time; but keys never wait longer than the last figure.
const FULL: Duration = Duration::from_millis(100);
const PICTURES: u32 = 50;
const LONGEST: Duration = Duration::from_millis(250);
/// A terminal that has not answered is asked again after this time.
const AGAIN: Duration = Duration::from_secs(3);
/// How long a standing machine sleeps between two looks at what else may have happened.
const STANDING: Duration = Duration::from_millis(500);

/// Options of `tui`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 tui programs/heat.sap --core 8k\n  emu704 tui --tape 1=reel.tap\n\nThe machine waits until you start it: g, or START. `?` explains the lamps and keys."
)]
pub(crate) struct TuiArgs {
    #[command(flatten)]
    set_up: SetUpArgs,
    /// Speed of the machine
    #[arg(long, value_parser = speeds(), default_value_t)]
    speed: Speed,
    /// Show octal readings beside the lamps
    #[arg(long)]
    octal: bool,
    /// Use only ASCII characters
    #[arg(long)]
    ascii: bool,
    /// No colours; the variable NO_COLOR does the same
    #[arg(long, conflicts_with = "colors")]
    no_color: bool,
    /// How many colours the terminal has [default: what the variables TERM and COLORTERM say]
    #[arg(long, value_enum)]
    colors: Option<ColourChoice>,
    /// The background of the panes
    #[arg(long, value_enum, default_value_t = ThemeChoice::Dark)]
    theme: ThemeChoice,
    /// Leave the mouse to the terminal
    #[arg(long, conflicts_with = "picture")]
    no_mouse: bool,
    /// Show no panel but the monitor, line by line, in sentences that a screen reader can read
    #[arg(long, conflicts_with_all = ["speed", "octal", "ascii", "no_color", "colors", "theme", "no_mouse"])]
    plain: bool,
    /// For an exhibition: a lamp show and the story of the checkpoint, again and again. Space goes to the next scene
    #[arg(long, conflicts_with_all = ["plain", "picture", "speed"])]
    attract: bool,
    /// Use no terminal: draw the panel in FILE, .svg or .txt, or record it, .cast
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
    /// Columns and rows of the picture
    #[arg(long, value_name = "COLUMNSxROWS", default_value = "120x40", value_parser = size, requires = "picture")]
    size: (u16, u16),
    /// Command to do before the picture is taken; can be repeated. `wait SECONDS` lets time pass between two
    #[arg(long = "do", value_name = "COMMAND", requires = "picture")]
    commands: Vec<String>,
    /// Seconds to run before the picture is taken, at the speed of --speed
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, requires = "picture")]
    seconds: f64,
    #[command(flatten)]
    socket: StateArgs,
}

/// The words for colours.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum ColourChoice {
    /// The first sixteen
    #[value(name = "16")]
    Sixteen,
    /// Those of xterm
    #[value(name = "256")]
    Full,
}

/// The words for themes.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum ThemeChoice {
    /// Nearly black
    Dark,
    /// Nearly white
    Light,
}

impl TuiArgs {
    fn wanted(&self) -> Wanted {
        let colours = match self.colors {
            _ if self.no_color => Some(Colours::None),
            Some(ColourChoice::Sixteen) => Some(Colours::Sixteen),
            Some(ColourChoice::Full) => Some(Colours::Full),
            None => None,
        };
        let theme = match self.theme {
            ThemeChoice::Dark => Theme::Dark,
            ThemeChoice::Light => Theme::Light,
        };
        Wanted { ascii: self.ascii, colours, theme }
    }
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
        return shot::take_picture(args, &path);
    }
    if args.attract && format!("{:?}", args.set_up) != format!("{:?}", SetUpArgs::default()) {
        return Err(Failure::usage(
            "--attract has programs, machines and reels of its own: give no program and no option of `run`",
        ));
    }
    let mut desk = StateDesk::open(&args.socket)?;
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        if let (Some(desk), false) = (&mut desk, args.attract) {
            return socket_alone(args, desk);
        }
        return Err(Failure::usage(
            "the panel needs a terminal; `emu704 monitor` does the same by lines, `emu704 run` without an operator",
        ));
    }
    let variable = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    let Some(look) = terminal::look(args.wanted(), variable) else {
        return Err(Failure::usage(
            "the panel cannot be drawn on a terminal of the kind `dumb` (TERM); `emu704 monitor` does the same by lines",
        ));
    };
    let attract = args.attract.then(Attract::new).transpose()?;
    let seat = Seat::take(args.set_up)?;
    let mut app = App::sit_down(seat, look);
    app.speed = args.speed;
    app.octal = args.octal;
    if let Some(desk) = &desk {
        say(&desk.notice());
        app.tell(desk.notice());
    }
    let ended = interrupts();
    // Whatever ends it, a panic too, what was made is kept, and after that it is told.
    let looped = catch_unwind(AssertUnwindSafe(|| {
        let mut screen = Screen::open(!args.no_mouse)?;
        event_loop(&mut screen, &mut app, &ended, attract, desk)
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

/// The panel where there is no terminal.
fn socket_alone(args: TuiArgs, desk: &mut StateDesk) -> Result<u8> {
    let look = Look { ..Look::default() };
    let mut app = App::sit_down(Seat::take(args.set_up)?, look);
    app.speed = args.speed;
    say(&desk.notice());
    let ended = interrupts();
    let looped = catch_unwind(AssertUnwindSafe(|| state::without_a_terminal(&mut app, desk, &ended)));
    let lost = app.leave();
    if let Err(panic) = looped {
        resume_unwind(panic);
    }
    Ok(if lost { super::exit::FAILURE } else { super::exit::INTERRUPTED })
}

fn event_loop(
    screen: &mut Screen,
    app: &mut App,
    ended: &Arc<AtomicBool>,
    mut attract: Option<Attract>,
    mut desk: Option<StateDesk>,
) -> Result<()> {
    let mut hits = Hits::default();
    let enough = Arc::new(AtomicBool::new(false));
    let events = strokes(&enough, screen.line().clone());
    let gave_up = Arc::new(AtomicBool::new(false));
    let (signal, stroke, given_up) = (Arc::clone(ended), Arc::clone(&enough), Arc::clone(&gave_up));
    app.monitor.debugger.set_patience(Box::new(move || {
        let stroke = stroke.load(Ordering::Relaxed);
        given_up.fetch_or(stroke, Ordering::Relaxed);
        stroke || signal.load(Ordering::Relaxed)
    }));
    let mut last = Instant::now();
    let mut dirty = true;
    // what the last picture took
    let mut picture = Duration::ZERO;
    let mut drawing = Duration::ZERO;
    let (began, cycles, mut frames) = (Instant::now(), app.monitor.machine().cycles(), 0_u64);
    while !app.over && !ended.load(Ordering::Relaxed) {
        let begun = Instant::now();
        if app.is_live() {
            // who looks on from outside gets pictures more often
            let seen = desk.as_ref().is_some_and(StateDesk::has_clients);
            let full = (picture * PICTURES).clamp(FULL, LONGEST);
            let machine = if app.speed == Speed::Full && !seen { full } else { MACHINE };
            app.tick(begun - last, begun + machine);
            dirty = true;
        }
        if let Some(attract) = &mut attract {
            attract.tick(app, begun - last)?;
            dirty = true;
        }
        last = begun;
        app.take_outputs();
        if let Some(desk) = &mut desk {
            dirty |= desk.turn(app);
        }
        if dirty && screen.line().is_free() {
            let drawn = Instant::now();
            let view = app.view();
            dirty = screen.draw(|frame| hits = draw(frame, &view, app.look()))?;
            picture = drawn.elapsed();
            drawing += picture;
            frames += 1;
            provoke()?;
        }
        let wait = if app.is_live() || attract.is_some() || dirty {
            FRAME.saturating_sub(begun.elapsed())
        } else {
            STANDING
        };
        let wait = desk.as_ref().map_or(wait, |desk| wait.min(desk.wait()));
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
                Event::Key(key) if is_control(key, 'c') => ended.store(true, Ordering::Relaxed),
                // it was for the search before it
                Event::Key(key) if is_control(key, 'l') => screen.renew()?,
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
        let (drew, cycles) = (drawing.as_secs_f64(), now.saturating_sub(cycles));
        let line =
            format!("{frames} frames, {drew:.3} seconds of drawing, {seconds:.3} seconds, {cycles} cycles\n");
        std::fs::write(path, line).context("EMU704_TEST_FRAMES")?;
    }
    Ok(())
}

/// A stroke that ends a search: Esc, or Ctrl-C, which ends the session as well.
fn is_enough(event: &Event) -> bool {
    matches!(event, Event::Key(key) if key.kind != KeyEventKind::Release
        && (key.code == KeyCode::Esc || is_control(*key, 'c')))
}

fn is_control(key: KeyEvent, letter: char) -> bool {
    key.code == KeyCode::Char(letter) && key.modifiers.contains(KeyModifiers::CONTROL)
}

/// What comes from the terminal, read by a thread of its own: of a terminal that has gone away crossterm reads nothing without
/// end, and the loop of the panel has to notice the signal that tells so. While that loop searches in the past it sees no stroke,
/// and this thread raises the flag.
fn strokes(enough: &Arc<AtomicBool>, line: Line) -> Receiver<io::Result<Event>> {
    let enough = Arc::clone(enough);
    let (strokes, events) = mpsc::channel();
    std::thread::spawn(move || {
        let renews = AtomicBool::new(false);
        // false when the panel is over, or nothing more can come
        let next = || {
            let event = event::read();
            let failed = event.is_err();
            if matches!(&event, Ok(Event::Key(key)) if is_control(*key, 'l')) {
                line.will_ask();
                renews.store(true, Ordering::Relaxed);
            }
            if event.as_ref().is_ok_and(is_enough) {
                enough.store(true, Ordering::Relaxed);
            }
            strokes.send(event).is_ok() && !failed
        };
        // only this thread may ask, as the answer comes among the strokes
        let ask = || {
            line.ask(|| {
                let answered = cursor::position().is_ok();
                while matches!(event::poll(Duration::ZERO), Ok(true)) && next() {}
                answered
            })
        };
        if !ask() {
            // its answer may still come, and then the next question finds it
            let again = Instant::now() + AGAIN;
            while matches!(event::poll(again.saturating_duration_since(Instant::now())), Ok(true)) && next() {
            }
            ask();
        }
        loop {
            let again = renews.swap(false, Ordering::Relaxed);
            if again {
                ask();
            } else if !next() {
                return;
            }
        }
    });
    events
}

/// A stroke that ends the attract mode.
fn leaves(key: KeyEvent) -> bool {
    matches!(key.code, KeyCode::Char('q') | KeyCode::Esc)
}

/// For tests: fails in the middle of the panel, as the variable says. What the terminal is like afterwards is looked at.
fn provoke() -> Result<()> {
    match std::env::var("EMU704_TEST_FAIL").as_deref() {
        Ok("panic") => panic!("asked for by EMU704_TEST_FAIL"),
        Ok("error") => anyhow::bail!("asked for by EMU704_TEST_FAIL"),
        _ => Ok(()),
    }
}
