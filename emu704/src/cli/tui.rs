//! `emu704 tui`: the operator's panel in a terminal.

mod app;

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, DisableMouseCapture, EnableMouseCapture, Event};
use ratatui::crossterm::execute;

pub use app::App;

use super::Failure;
use super::operator::Operator;
use super::run::{self, RunArgs};
use crate::panel::{Hits, Look, Speed, draw};

/// Time of a frame of a running machine.
const FRAME: Duration = Duration::from_millis(33);
/// What the machine may take of a frame; at full speed it takes all of it, and the panel is drawn between.
const MACHINE: Duration = Duration::from_millis(38);
/// How long a standing machine sleeps between two looks at what else may have happened.
const STANDING: Duration = Duration::from_millis(500);

/// Options of `tui`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 tui programs/heat.sap --core 8k\n  emu704 tui --tape 1=reel.tap\n\nThe machine stands until it is told to go: g, or START. `?` explains the lamps and keys."
)]
pub(crate) struct TuiArgs {
    #[command(flatten)]
    run: RunArgs,
    /// How fast the machine goes
    #[arg(long, value_enum, default_value_t)]
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
            let _ = execute!(io::stdout(), DisableMouseCapture);
            hook(info);
        }));
        // This one restores the rest of the terminal at a panic, before the hook above.
        let terminal = ratatui::try_init().context("the terminal")?;
        let screen = Screen { terminal, mouse };
        if mouse {
            execute!(io::stdout(), EnableMouseCapture).context("the terminal")?;
        }
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if self.mouse {
            let _ = execute!(io::stdout(), DisableMouseCapture);
        }
        ratatui::restore();
    }
}

pub(crate) fn tui(args: TuiArgs) -> Result<u8> {
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        return Err(Failure::usage(
            "the panel needs a terminal; `emu704 monitor` does the same by lines, `emu704 run` without anybody",
        ));
    }
    let (run, config, acts) = run::with_job(args.run)?;
    let operator = Operator::new(run, config, acts)?;
    let paper = operator.print_file().map(File::create).transpose().context("the printer's file")?;
    let colour = !args.no_color && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let mut app = App::new(operator, Look { ascii: args.ascii, colour });
    app.speed = args.speed;
    app.octal = args.octal;
    let ended = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&ended);
    // SIGTERM, and the interrupt that somebody else sends.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    let result = {
        let mut screen = Screen::open(!args.no_mouse)?;
        let looped = event_loop(&mut screen.terminal, &mut app, &ended, paper);
        drop(screen);
        looped
    };
    app.operator.finish()?;
    result?;
    Ok(if ended.load(Ordering::Relaxed) { 130 } else { 0 })
}

fn event_loop(
    terminal: &mut DefaultTerminal,
    app: &mut App,
    ended: &AtomicBool,
    mut paper: Option<File>,
) -> Result<()> {
    let mut last = Instant::now();
    let mut hits = Hits::default();
    let mut dirty = true;
    while !app.over && !ended.load(Ordering::Relaxed) {
        let begun = Instant::now();
        if app.is_live() {
            app.tick(begun - last, begun + MACHINE);
            dirty = true;
        }
        last = begun;
        let printed = app.operator.take_printed();
        if let Some(file) = &mut paper {
            file.write_all(printed.as_bytes()).context("the printer's file")?;
        }
        if std::mem::take(&mut dirty) {
            let view = app.view();
            terminal.draw(|frame| hits = draw(frame, &view)).context("the terminal")?;
        }
        let wait = if app.is_live() { FRAME.saturating_sub(begun.elapsed()) } else { STANDING };
        if event::poll(wait).context("the terminal")? {
            // All strokes that have come belong to this frame.
            while event::poll(Duration::ZERO).context("the terminal")? {
                dirty = true;
                match event::read().context("the terminal")? {
                    Event::Key(key) => app.key(key),
                    Event::Mouse(mouse) => app.mouse(mouse, &hits),
                    Event::Paste(text) => app.paste(&text),
                    _ => {}
                }
            }
        }
    }
    Ok(())
}
