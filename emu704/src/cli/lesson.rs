//! `emu704 lesson`: the lessons, and a check of exercises.

mod check;
mod text;

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Result;
use serde_json::{Value, json};

use super::Failure;
use super::talk::{put, putln, say};
use crate::exercise::lessons::{FOLDER, LESSONS, Lesson, ORDER};

/// Columns of a text.
const WIDTH: usize = 80;

/// Options of `lesson`.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  emu704 lesson\n  emu704 lesson 3\n  emu704 lesson 3 --out mine\n  emu704 lesson check 3 mine.sap"
)]
pub(crate) struct LessonArgs {
    #[command(subcommand)]
    command: Option<LessonCommand>,
    /// Which lesson, or the exercise of a teacher (.toml); without one, all lessons are listed
    lesson: Option<String>,
    /// Print the answers, too
    #[arg(long, requires = "lesson")]
    answer: bool,
    /// Copy the programs of the lesson into this folder; the command lines of the lesson work there
    #[arg(long, value_name = "FOLDER", requires = "lesson")]
    out: Option<PathBuf>,
    /// Show the text in a pager: the command in PAGER, or less
    #[arg(long, requires = "lesson")]
    pager: bool,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum LessonCommand {
    /// Run a program against an exercise and say what differs, line by line
    Check(check::CheckArgs),
}

pub(crate) fn lesson(args: LessonArgs) -> Result<u8> {
    if let Some(LessonCommand::Check(args)) = args.command {
        return check::check(&args);
    }
    let Some(name) = &args.lesson else {
        if args.json {
            let lessons: Vec<Value> = LESSONS.iter().map(about).collect();
            putln!("{}", json!({ "version": 1, "lessons": lessons, "order": ORDER }));
        } else {
            put(&list());
        }
        return Ok(0);
    };
    let lesson = name.parse().ok().and_then(|number: u8| LESSONS.iter().find(|one| one.number == number));
    let Some(lesson) = lesson else {
        if name.contains(['.', '/', '\\']) {
            return check::show(name, args.json);
        }
        return Err(Failure::usage(format!("there is no lesson `{name}`; `emu704 lesson` lists them")));
    };
    if let Some(folder) = &args.out {
        copy(lesson, folder, args.answer)?;
    }
    if args.json {
        let mut document = about(lesson);
        document["text"] = json!(text::visible(lesson.text, args.answer));
        document["files"] = files(lesson, args.answer)
            .map(|(name, text)| json!({ "name": format!("{FOLDER}/{name}"), "text": text }))
            .collect();
        putln!("{}", json!({ "version": 1, "lesson": document }));
    } else if args.out.is_none() {
        let whole = text::visible(lesson.text, args.answer) + "\n" + &what_next(lesson, args.answer);
        let shown = text::render(&whole, WIDTH);
        if !(args.pager && paged(&shown)) {
            put(&shown);
        }
    }
    Ok(0)
}

fn about(lesson: &Lesson) -> Value {
    let exercises: Vec<&str> = lesson.exercises.iter().map(|(name, _)| *name).collect();
    json!({ "number": lesson.number, "title": lesson.title(), "exercises": exercises })
}

/// The programs of a lesson, with the answers or without.
fn files(lesson: &Lesson, answer: bool) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    lesson.files.iter().filter(move |(name, _)| answer || !name.contains("-answer"))
}

fn list() -> String {
    let mut out = String::new();
    for lesson in &LESSONS {
        let _ = writeln!(out, "{:>3}  {}", lesson.number, lesson.title());
    }
    let order: Vec<String> = ORDER.iter().map(u8::to_string).collect();
    let _ = write!(
        out,
        "\nA good order: {}.\n`emu704 lesson 1` prints lesson 1. `emu704 lesson check 1 mine.sap` checks your answer to its exercise.\n",
        order.join(", ")
    );
    out
}

/// What stands below a lesson, in Markdown.
fn what_next(lesson: &Lesson, answer: bool) -> String {
    let number = lesson.number;
    let names: Vec<&str> = files(lesson, answer).map(|(name, _)| *name).collect();
    let mut out = format!(
        "## What to do now\n\nFiles of this lesson: {}. `emu704 lesson {number} --out here` puts them into {FOLDER} in the folder here, \
         and the command lines above work in that folder.\n\n",
        names.join(", ")
    );
    for (name, _) in lesson.exercises {
        let _ =
            writeln!(out, "- `emu704 lesson check {name} mine.sap` checks your answer to exercise {name}.");
    }
    if !answer {
        let _ = writeln!(out, "- `emu704 lesson {number} --answer` also prints the answers.");
    }
    let next = ORDER.iter().skip_while(|one| **one != number).nth(1);
    if let Some(next) = next.and_then(|next| LESSONS.iter().find(|lesson| lesson.number == *next)) {
        let _ = writeln!(out, "\nNext: lesson {}, {}.", next.number, next.title());
    }
    out
}

/// Copies the programs; a file that is there already may be the student's own work, and is left as it is.
fn copy(lesson: &Lesson, folder: &Path, answer: bool) -> Result<()> {
    let bad = |path: &Path, error: std::io::Error| {
        Failure::usage(format!("{}: cannot write: {error}", path.display()))
    };
    let inside = folder.join(FOLDER);
    std::fs::create_dir_all(&inside).map_err(|error| bad(&inside, error))?;
    for (name, text) in files(lesson, answer) {
        let path = inside.join(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => file.write_all(text.as_bytes()).map_err(|error| bad(&path, error))?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                say(&format!("{}: it is there already and was left as it is", path.display()));
                continue;
            }
            Err(error) => return Err(bad(&path, error)),
        }
        say(&format!("{}: written", path.display()));
    }
    Ok(())
}

/// Shows a text in a pager; false when there is none.
fn paged(text: &str) -> bool {
    let pager = std::env::var("PAGER").unwrap_or_default();
    let mut words = pager.split_whitespace();
    let program = words.next().unwrap_or("less");
    let child = Command::new(program).args(words).stdin(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        say(&format!("{program}: the pager cannot be started"));
        return false;
    };
    if let Some(mut input) = child.stdin.take() {
        // somebody who leaves the pager early has read enough
        let _ = input.write_all(text.as_bytes());
    }
    child.wait().is_ok()
}
