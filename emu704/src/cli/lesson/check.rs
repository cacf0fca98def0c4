//! `emu704 lesson check`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use anyhow::Result;
use serde_json::json;

use crate::cli::files::{plural, read_all};
use crate::cli::interrupts::interrupts;
use crate::cli::job::Inside;
use crate::cli::talk::{put, putln};
use crate::cli::{Failure, diagnostics, exit, room_failure};
use crate::exercise::lessons::{LESSONS, Lesson};
use crate::exercise::{CaseReport, CheckError, Exercise, Files, Report, Student};
use crate::host::HostFiles;
use crate::room::Files as _;

/// Bytes of a program or an exercise.
const LARGEST: u64 = 4 << 20;

/// Options of `lesson check`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 lesson check 3 mine.sap\n  emu704 lesson check exercise.toml mine.sap --json\n\n\
                  Exit codes: 0 it is right, 1 it is not, 2 bad usage or a file that cannot be opened, 6 the program is \
                  something else, 8 it did not assemble without errors. docs/teachers.md explains how to write an exercise."
)]
pub(crate) struct CheckArgs {
    /// The exercise of a lesson, such as 3 or 3b, or a teacher's own as a file (.toml)
    exercise: String,
    /// The program: source, a core image, a deck or a reel; `-` is standard input
    program: PathBuf,
    /// Read the source as free form, whatever its name
    #[arg(long)]
    free: bool,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

/// An exercise, what a person calls it, and the files that it names.
struct Opened {
    name: String,
    exercise: Exercise,
    files: Files,
}

pub(super) fn check(args: &CheckArgs) -> Result<u8> {
    let opened = open(&args.exercise)?;
    let bytes = read_all(&args.program, LARGEST)?;
    let name = if args.program == Path::new("-") {
        "standard input".to_owned()
    } else {
        args.program.display().to_string()
    };
    let student = Student { name: &name, bytes: &bytes, free: args.free };
    let interrupted = interrupts();
    let checked = opened.exercise.check(&student, &opened.files, &mut || interrupted.load(Ordering::Relaxed));
    let report = match checked {
        Ok(report) => report,
        Err(CheckError::Program(error)) => return Err(room_failure(error)),
        Err(CheckError::Exercise(what)) => return Err(Failure::usage(format!("{}: {what}", opened.name))),
        Err(CheckError::Interrupted) => return Ok(exit::INTERRUPTED),
    };
    if args.json {
        let diagnostics = report.assembly.as_deref().map_or(json!([]), diagnostics::json);
        putln!(
            "{}",
            json!({
                "version": 1,
                "title": report.title,
                "right": report.right,
                "diagnostics": diagnostics,
                "cases": report.cases,
                "hints": report.hints,
            })
        );
    } else {
        if let Some(assembly) = &report.assembly {
            diagnostics::say_all(assembly);
        }
        put(&text(&opened.name, &report));
    }
    Ok(match report.right {
        true => 0,
        false if report.is_not_assembled() => exit::NOT_ASSEMBLED,
        false => exit::FAILURE,
    })
}

/// Shows what a teacher's exercise asks for.
pub(super) fn show(name: &str, json: bool) -> Result<u8> {
    let Opened { exercise, .. } = open(name)?;
    if json {
        let cases = exercise.case.len();
        putln!("{}", json!({ "version": 1, "title": exercise.title, "task": exercise.task, "cases": cases }));
    } else {
        put(&format!(
            "{}\n\n{}\n\n`emu704 lesson check {name} mine.sap` checks a program.\n",
            exercise.title,
            exercise.task.trim()
        ));
    }
    Ok(0)
}

/// An exercise of a lesson, or a file.
fn open(name: &str) -> Result<Opened> {
    let plain = name.trim_start_matches('0');
    let built_in = LESSONS
        .iter()
        .flat_map(|lesson: &Lesson| lesson.exercises)
        .find(|(known, _)| known.eq_ignore_ascii_case(plain));
    if let Some((known, text)) = built_in {
        let name = format!("exercise {known}");
        let exercise = read(&name, text)?;
        return Ok(Opened { name, exercise, files: Files::new() });
    }
    let path = Path::new(name);
    if !path.exists() && !name.contains(['.', '/', '\\']) {
        let known: Vec<&str> =
            LESSONS.iter().flat_map(|lesson| lesson.exercises).map(|(name, _)| *name).collect();
        return Err(Failure::usage(format!(
            "there is no exercise `{name}`: expected a file, or one of {}",
            known.join(", ")
        )));
    }
    let text = String::from_utf8(read_all(path, LARGEST)?)
        .map_err(|_| Failure::usage(format!("{name}: expected text, found bytes that are not text")))?;
    let exercise = read(name, &text)?;
    let files = files(name, path.parent().unwrap_or(Path::new("")), &exercise)?;
    Ok(Opened { name: name.to_owned(), exercise, files })
}

fn read(name: &str, text: &str) -> Result<Exercise> {
    let exercise: Exercise = toml::from_str(text)
        .map_err(|error| Failure::usage(format!("{name}: {}", error.to_string().trim_end())))?;
    exercise.validate().map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    Ok(exercise)
}

/// The files that an exercise names. They must be in its folder: it may come from somebody else.
fn files(name: &str, folder: &Path, exercise: &Exercise) -> Result<Files> {
    let bad = |what: String| Failure::usage(format!("{name}: {what}"));
    let mut files = Files::new();
    let inside = Inside::of(folder).map_err(|error| bad(format!("its folder: {error}")))?;
    for file in exercise.files() {
        let path = folder.join(&file);
        if file.as_os_str() == "-" || inside.check(&path).is_err() {
            return Err(bad(format!("{}: expected a file in the folder of the exercise", file.display())));
        }
        let bytes = HostFiles.read(&path).map_err(|error| bad(error.to_string()))?;
        files.insert(file, bytes);
    }
    Ok(files)
}

fn text(name: &str, report: &Report) -> String {
    let verdict = match report.right {
        true => "right",
        false if report.is_not_assembled() => "it did not assemble, so nothing was run",
        false => "not right yet",
    };
    let mut out = format!("{name}, {}: {verdict}\n", report.title);
    for case in &report.cases {
        out.push_str(&case_text(case));
    }
    for hint in &report.hints {
        let _ = writeln!(out, "hint: {hint}");
    }
    out
}

fn case_text(case: &CaseReport) -> String {
    if case.right {
        return format!("{}: right, {}\n", case.name, plural(case.cycles, "cycle"));
    }
    let mut out = if case.stop.is_empty() {
        format!("{}: it was not run\n", case.name)
    } else {
        format!("{}: {}\n", case.name, case.stop)
    };
    for finding in &case.findings {
        let _ = writeln!(out, "  {}", finding.what);
        let _ = writeln!(out, "    expected: {}", finding.expected);
        let _ = writeln!(out, "    found:    {}", finding.found);
    }
    if case.more > 0 {
        let _ = writeln!(out, "  and {} more", plural(case.more as u64, "difference"));
    }
    for hint in &case.hints {
        let _ = writeln!(out, "  hint: {hint}");
    }
    out
}
