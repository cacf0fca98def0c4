//! The panel on a file, without a terminal: a picture, or a recording.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::cast::{self, Cast};
use super::terminal::Wanted;
use super::{App, FRAME, Look, TuiArgs, draw, picture};
use crate::cli::Failure;
use crate::cli::exit;
use crate::cli::interrupts::interrupts;
use crate::cli::monitor::Seat;
use crate::host::write_atomically;
use crate::room::plan::ending;

/// What the machine may take of a frame of a picture, at which nobody waits; at full speed that is a frame.
const LONG: Duration = Duration::from_secs(60);

/// The panel as it would be seen, on a file.
///
/// # Errors
/// A command is refused, or the file cannot be written.
pub(super) fn take_picture(args: TuiArgs, path: &Path) -> Result<u8> {
    let ending = ending(path).unwrap_or_default();
    if !["svg", "txt", "cast"].contains(&ending.as_str()) {
        return Err(Failure::usage(format!("{}: expected an ending .svg, .txt or .cast", path.display())));
    }
    let seconds = |seconds| Duration::try_from_secs_f64(seconds).map_err(|e| Failure::usage(e.to_string()));
    let at_end = seconds(args.seconds)?;
    let Wanted { ascii, colours, theme } = args.wanted();
    let look = Look { ascii, colours: colours.unwrap_or_default(), theme };
    let mut cast = (ending == "cast").then(|| Cast::begin(args.size)).transpose()?;
    let seat = Seat::take(args.set_up)?;
    let mut app = App::sit_down(seat, look);
    app.speed = args.speed;
    app.octal = args.octal;
    let ended = interrupts();
    let signal = Arc::clone(&ended);
    app.monitor.debugger.set_patience(Box::new(move || signal.load(Ordering::Relaxed)));
    let mut refused = None;
    for command in &args.commands {
        if let Some(wait) = command.strip_prefix("wait ") {
            let time = wait
                .trim()
                .parse()
                .map_err(|_| Failure::usage(format!("--do \"{command}\": how many seconds?")));
            let_pass(&mut app, seconds(time?)?, &ended, cast.as_mut())?;
            continue;
        }
        app.command(command);
        if let Some(error) = app.view().message.strip_prefix("? ") {
            refused = Some(Failure::usage(format!("--do \"{command}\": {error}")));
            break;
        }
    }
    if refused.is_none() {
        let_pass(&mut app, at_end, &ended, cast.as_mut())?;
    }
    let view = app.view();
    let lost = app.leave();
    match refused {
        _ if ended.load(Ordering::Relaxed) => return Ok(exit::INTERRUPTED),
        Some(refused) => return Err(refused),
        None => {}
    }
    let picture = if let Some(mut cast) = cast {
        cast.picture(&view, look)?;
        cast.text()
    } else {
        let mut terminal = Terminal::new(TestBackend::new(args.size.0, args.size.1))?;
        terminal.draw(|frame| _ = draw(frame, &view, look))?;
        let buffer = terminal.backend().buffer();
        if ending == "svg" { picture::svg(buffer) } else { picture::text(buffer) }
    };
    write_atomically(path, picture.as_bytes()).map_err(|e| Failure::usage(e.to_string()))?;
    Ok(if lost { exit::FAILURE } else { 0 })
}

/// Lets time pass before a picture, at which nobody waits; a recording has pictures of it.
fn let_pass(
    app: &mut App,
    mut left: Duration,
    ended: &AtomicBool,
    mut cast: Option<&mut Cast>,
) -> Result<()> {
    let mut since = cast::STEP;
    while left > Duration::ZERO && !ended.load(Ordering::Relaxed) {
        if !app.is_live() && cast.is_none() {
            break;
        }
        if let Some(cast) = &mut cast
            && since >= cast::STEP
        {
            cast.picture(&app.view(), app.look())?;
            since = Duration::ZERO;
        }
        let tick = left.min(FRAME);
        app.tick(tick, Instant::now() + LONG);
        app.take_outputs();
        left -= tick;
        since += tick;
        if let Some(cast) = &mut cast {
            cast.pass(tick);
        }
    }
    Ok(())
}
