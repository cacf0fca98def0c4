//! The lines of commands. They are read by a thread of its own, so that a signal is heard while none comes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

/// Bytes of a line at most.
const LONGEST: u64 = 1 << 16;

/// Between two looks at the signals.
const LOOK: Duration = Duration::from_millis(50);

/// What comes next.
pub(super) enum Next {
    Line(String),
    /// A line of more than [`LONGEST`] bytes, which is gone.
    TooLong,
    End,
    /// A signal came before a line.
    Interrupted,
}

/// Lines of a script, or of standard input.
pub(super) struct Lines {
    /// A line is read when it is asked for: what follows it on standard input may be for somebody else.
    ask: Sender<()>,
    read: Receiver<io::Result<Next>>,
}

impl Lines {
    /// Of a script, or of standard input.
    pub(super) fn of(script: Option<PathBuf>) -> Lines {
        let (ask, asked) = mpsc::channel();
        let (say, read) = mpsc::channel();
        thread::spawn(move || {
            let mut script = match script.map(File::open).transpose() {
                Ok(script) => script.map(BufReader::new),
                Err(error) => {
                    let _ = say.send(Err(error));
                    return;
                }
            };
            while asked.recv().is_ok() {
                let next = match &mut script {
                    Some(script) => next(script),
                    None => next(&mut io::stdin().lock()),
                };
                if say.send(next).is_err() {
                    break;
                }
            }
        });
        Lines { ask, read }
    }

    /// Waits for the next line.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn next(&self, interrupted: &AtomicBool) -> io::Result<Next> {
        // a thread that has ended has said why
        let _ = self.ask.send(());
        loop {
            if interrupted.load(Ordering::Relaxed) {
                return Ok(Next::Interrupted);
            }
            match self.read.recv_timeout(LOOK) {
                Ok(next) => return next,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(Next::End),
            }
        }
    }
}

fn next(lines: &mut dyn BufRead) -> io::Result<Next> {
    let mut line = Vec::new();
    let read = (&mut *lines).take(LONGEST + 1).read_until(b'\n', &mut line)?;
    if read as u64 > LONGEST && line.last() != Some(&b'\n') {
        lines.skip_until(b'\n')?;
        return Ok(Next::TooLong);
    }
    Ok(if read == 0 { Next::End } else { Next::Line(String::from_utf8_lossy(&line).trim().to_owned()) })
}
