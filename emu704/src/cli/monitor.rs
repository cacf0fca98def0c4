//! `emu704 monitor`: the panel as words.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

use super::Failure;
use super::operator::{Operator, Reply};
use super::run::{self, RunArgs};

/// Machine cycles between two looks at the host.
const SLICE: u64 = 1_000_000;

/// Options of `monitor`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 monitor programs/heat.sap\n  emu704 monitor --script check.txt\n\n`help` lists the commands. In a script a line that fails, `expect` above all, makes the exit code 1."
)]
pub(crate) struct MonitorArgs {
    #[command(flatten)]
    run: RunArgs,
    /// Take the commands from FILE; each is shown before its answer
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// End at the first line that fails
    #[arg(long)]
    strict: bool,
    /// For a screen reader: sentences, no signs for a person's eye, and an answer to every line
    #[arg(long)]
    plain: bool,
}

impl MonitorArgs {
    /// The plain monitor at a terminal.
    pub(crate) fn plain(run: RunArgs) -> MonitorArgs {
        MonitorArgs { run, script: None, strict: false, plain: true }
    }
}

pub(crate) fn monitor(args: MonitorArgs) -> Result<u8> {
    let (run, config, acts) = run::with_job(args.run)?;
    let mut operator = Operator::new(run, config, acts)?;
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));

    let (mut lines, echo, prompt): (Box<dyn BufRead>, bool, bool) = match &args.script {
        Some(path) => {
            let file = File::open(path)
                .map_err(|e| Failure::usage(format!("{}: cannot read: {e}", path.display())))?;
            (Box::new(BufReader::new(file)), true, false)
        }
        None => (Box::new(io::stdin().lock()), false, io::stdin().is_terminal()),
    };
    let name = args.script.as_ref().map_or("line".to_owned(), |path| path.display().to_string());
    let mut paper = operator.print_file().map(File::create).transpose().context("the printer's file")?;
    let mut out = Out { out: io::stdout(), plain: args.plain };
    let mut failed = 0;
    let mut number = 0;
    loop {
        if prompt && !args.plain {
            write!(out, "704> ")?;
            out.flush()?;
        }
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line).context("reading commands")? == 0 {
            break;
        }
        number += 1;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if echo && !line.is_empty() {
            let sign = if args.plain { "command:" } else { ">" };
            writeln!(out, "{sign} {line}")?;
        }
        match operator.command(line) {
            Ok(Reply::Text(text)) if text.is_empty() && args.plain && !line.is_empty() => {
                writeln!(out, "done")?;
            }
            Ok(Reply::Text(text)) => say(&mut out, &text)?,
            Ok(Reply::Goes { until }) => {
                interrupted.store(false, Ordering::Relaxed);
                go(&mut operator, until, &interrupted);
                print(&mut operator, &mut out, paper.as_mut())?;
                said(&mut operator, &mut out)?;
                say(&mut out, &operator.pause_text())?;
            }
            Ok(Reply::Quit) => break,
            Err(error) => {
                failed += 1;
                let sign = if args.plain { "error in" } else { "?" };
                writeln!(out, "{sign} {name}:{number}: {error:#}")?;
                if args.strict {
                    break;
                }
            }
        }
        said(&mut operator, &mut out)?;
        print(&mut operator, &mut out, paper.as_mut())?;
        out.flush()?;
    }
    operator.finish()?;
    print(&mut operator, &mut out, paper.as_mut())?;
    out.flush()?;
    Ok(if failed > 0 && (args.script.is_some() || !prompt) { super::exit::FAILURE } else { 0 })
}

/// Runs until something stops the machine.
fn go(operator: &mut Operator, until: Option<u64>, interrupted: &AtomicBool) {
    let until = until.unwrap_or(u64::MAX);
    while operator.running && !interrupted.load(Ordering::Relaxed) {
        let slice = operator.machine.cycles().saturating_add(SLICE).min(until);
        operator.advance(slice, None);
        if operator.machine.cycles() >= until {
            break;
        }
    }
    operator.running = false;
}

/// What happened beside what was asked for.
fn said(operator: &mut Operator, out: &mut Out) -> Result<()> {
    operator.take_said().iter().try_for_each(|line| say(out, line))
}

fn say(out: &mut Out, text: &str) -> Result<()> {
    if !text.is_empty() {
        let text = if out.plain { plain(text) } else { text.to_owned() };
        writeln!(out, "{text}")?;
    }
    Ok(())
}

fn print(operator: &mut Operator, out: &mut Out, paper: Option<&mut File>) -> Result<()> {
    let text = operator.take_printed();
    match paper {
        Some(file) => file.write_all(text.as_bytes()).context("the printer's file")?,
        None => out.write_all(text.as_bytes())?,
    }
    Ok(())
}

/// Standard output, and how it is read.
struct Out {
    out: io::Stdout,
    plain: bool,
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Signs as words, and one blank instead of columns.
fn plain(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let (sign, rest) = match line.as_bytes() {
            [b'>', b'*', ..] => ("here, breakpoint: ", &line[2..]),
            [b'>', ..] => ("here: ", &line[1..]),
            [b' ', b'*', ..] => ("breakpoint: ", &line[2..]),
            _ => ("", line),
        };
        format!("{sign}{}", rest.split_whitespace().collect::<Vec<_>>().join(" "))
    });
    lines.collect::<Vec<_>>().join("\n")
}
