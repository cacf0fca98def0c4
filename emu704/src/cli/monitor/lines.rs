//! The lines of commands. They are read by a thread of its own, so that a signal is heard while none comes.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::editor::{self, Editor};

/// Bytes of a line at most.
const LONGEST: u64 = 1 << 16;

/// Between two looks at the signals.
const LOOK: Duration = Duration::from_millis(50);

/// What an editor may take to give the terminal back.
const GIVE_BACK: Duration = Duration::from_secs(1);

/// What comes next.
pub(super) enum Next {
    Line(String),
    /// A line of more than [`LONGEST`] bytes, which is gone.
    TooLong,
    End,
    /// A signal came before a line.
    Interrupted,
}

/// What the thread says.
pub(super) enum Message {
    Next(io::Result<Next>),
    /// What may a line go on with that was begun so?
    Complete {
        line: String,
        answer: Sender<Vec<String>>,
    },
}

/// What the thread is asked for.
enum Ask {
    /// A line, behind this prompt.
    Line(String),
    /// A line that is an answer to a question, and no command.
    Answer(String),
}

/// Where lines come from.
pub(super) enum Source {
    Script(PathBuf),
    /// Standard input. `prompts`: somebody sits there.
    Input {
        prompts: bool,
    },
    /// A terminal on which a line can be edited.
    Editor,
}

/// Lines of a script, of standard input, or of somebody at a terminal.
pub(super) struct Lines {
    /// A line is read when it is asked for: what follows it on standard input may be for somebody else.
    ask: Sender<Ask>,
    read: Receiver<Message>,
    /// An editor has the terminal: it is told to give it back.
    break_off: Option<Arc<AtomicBool>>,
    /// Lines that were pasted behind the one that was given.
    pasted: VecDeque<String>,
}

impl Lines {
    /// The lines of a source.
    pub(super) fn of(source: Source) -> Lines {
        let (ask, asked) = mpsc::channel();
        let (say, read) = mpsc::channel();
        let break_off = matches!(source, Source::Editor).then(|| Arc::new(AtomicBool::new(false)));
        let breaks = break_off.clone();
        thread::spawn(move || answer(source, &asked, &say, breaks));
        Lines { ask, read, break_off, pasted: VecDeque::new() }
    }

    /// Waits for the next line. `names` is what a line may go on with.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn next(
        &mut self,
        prompt: &str,
        interrupted: &AtomicBool,
        names: &dyn Fn(&str) -> Vec<String>,
    ) -> io::Result<Next> {
        if let Some(line) = self.pasted.pop_front() {
            return Ok(if interrupted.load(Ordering::Relaxed) {
                Next::Interrupted
            } else {
                Next::Line(line)
            });
        }
        let next = self.wait(Ask::Line(prompt.to_owned()), interrupted, names)?;
        let Next::Line(text) = next else { return Ok(next) };
        if text.len() as u64 > LONGEST {
            return Ok(Next::TooLong);
        }
        let mut lines = text.lines().map(|line| line.trim().to_owned());
        let first = lines.next().unwrap_or_default();
        self.pasted.extend(lines);
        Ok(Next::Line(first))
    }

    /// Asks somebody at a terminal a question; true for yes.
    ///
    /// # Errors
    /// Nothing can be read.
    pub(super) fn is_sure(&mut self, question: &str, interrupted: &AtomicBool) -> io::Result<bool> {
        self.pasted.clear();
        let next = self.wait(Ask::Answer(question.to_owned()), interrupted, &|_| Vec::new())?;
        Ok(matches!(next, Next::Line(line) if matches!(line.to_ascii_lowercase().as_str(), "y" | "yes")))
    }

    fn wait(
        &mut self,
        ask: Ask,
        interrupted: &AtomicBool,
        names: &dyn Fn(&str) -> Vec<String>,
    ) -> io::Result<Next> {
        // a thread that has ended has said why
        let _ = self.ask.send(ask);
        let mut since = None;
        loop {
            if interrupted.load(Ordering::Relaxed) {
                let Some(break_off) = &self.break_off else { return Ok(Next::Interrupted) };
                break_off.store(true, Ordering::Relaxed);
                if since.get_or_insert_with(Instant::now).elapsed() > GIVE_BACK {
                    return Ok(Next::Interrupted);
                }
            }
            match self.read.recv_timeout(LOOK) {
                Ok(Message::Next(_)) if since.is_some() => return Ok(Next::Interrupted),
                Ok(Message::Next(next)) => return next,
                Ok(Message::Complete { line, answer }) => _ = answer.send(names(&line)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(Next::End),
            }
        }
    }
}

/// The thread: a line for each that is asked for.
fn answer(source: Source, asked: &Receiver<Ask>, say: &Sender<Message>, breaks: Option<Arc<AtomicBool>>) {
    let mut script = None;
    let mut editor = None;
    let mut prompts = false;
    // typed before it was clear that the terminal does not answer
    let mut ahead = String::new();
    match source {
        Source::Script(path) => match File::open(path) {
            Ok(file) => script = Some(BufReader::new(file)),
            Err(error) => return drop(say.send(Message::Next(Err(error)))),
        },
        Source::Input { prompts: are_wanted } => prompts = are_wanted,
        Source::Editor => {
            prompts = true;
            editor = breaks.map(|breaks| Editor::new(say, &breaks));
        }
    }
    while let Ok(ask) = asked.recv() {
        let mut next = None;
        if let Some(editing) = &mut editor {
            let edited = match &ask {
                Ask::Line(prompt) => editing.next(prompt),
                Ask::Answer(question) => editing.answer(question),
            };
            if let Ok(line) = edited {
                next = Some(Ok(line));
            } else {
                // the terminal does not answer, or has gone: what comes is read as it comes
                editor = None;
                ahead = editor::typed_ahead();
            }
        }
        let next = next.unwrap_or_else(|| {
            let (Ask::Line(prompt) | Ask::Answer(prompt)) = ask;
            if prompts {
                let mut out = io::stdout();
                out.write_all(prompt.as_bytes()).and_then(|()| out.flush())?;
            }
            match &mut script {
                Some(script) => read(script),
                None => read_after(&mut ahead, &mut io::stdin().lock()),
            }
        });
        if say.send(Message::Next(next)).is_err() {
            break;
        }
    }
}

/// The next line where a part of it, or more than it, has been read.
fn read_after(ahead: &mut String, lines: &mut dyn BufRead) -> io::Result<Next> {
    if let Some((line, rest)) = ahead.split_once('\n') {
        let line = line.trim().to_owned();
        *ahead = rest.to_owned();
        return Ok(Next::Line(line));
    }
    let begun = std::mem::take(ahead);
    match read(lines)? {
        Next::Line(line) => Ok(Next::Line([begun.trim_start(), &line].concat())),
        Next::End if !begun.trim().is_empty() => Ok(Next::Line(begun.trim().to_owned())),
        next => Ok(next),
    }
}

fn read(lines: &mut dyn BufRead) -> io::Result<Next> {
    let mut line = Vec::new();
    let read = (&mut *lines).take(LONGEST + 1).read_until(b'\n', &mut line)?;
    if read as u64 > LONGEST && line.last() != Some(&b'\n') {
        lines.skip_until(b'\n')?;
        return Ok(Next::TooLong);
    }
    Ok(if read == 0 { Next::End } else { Next::Line(String::from_utf8_lossy(&line).trim().to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_typed_ahead_come_first() {
        let mut ahead = "one\n two\n\nth".to_owned();
        let mut rest = "ree\nfour\n".as_bytes();
        let mut found = Vec::new();
        while let Ok(Next::Line(line)) = read_after(&mut ahead, &mut rest) {
            found.push(line);
        }
        assert_eq!(found, ["one", "two", "", "three", "four"]);
        let mut ahead = "quit".to_owned();
        assert!(matches!(read_after(&mut ahead, &mut "".as_bytes()), Ok(Next::Line(line)) if line == "quit"));
        assert!(matches!(read_after(&mut ahead, &mut "".as_bytes()), Ok(Next::End)));
    }
}
