//! What somebody expects of a run: the lines of `--expect`, which are those of the monitor's `expect`, and a JUnit report of them.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use asm704::media::tape::Store as _;
use asm704::visible;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use serde_json::{Value, json};

use crate::cli::Failure;
use crate::debug::{Debugger, Roll};
use crate::host::NewFile;
use crate::machine::{Stop, StopKind};
use crate::monitor::Monitor;
use crate::room::Room;

/// The lines, and what is kept for them while the run goes.
#[derive(Debug, Default)]
pub(super) struct Expected {
    lines: Vec<String>,
    paper: Roll,
}

/// A line, and what is not as it says.
#[derive(Debug)]
pub(super) struct Outcome {
    line: String,
    wrong: Option<String>,
}

impl Expected {
    /// # Errors
    /// A line is no use of `expect`.
    pub(super) fn of(lines: &[String]) -> Result<Expected> {
        for line in lines {
            let words: Vec<&str> = line.split_whitespace().collect();
            let usable = match words[..] {
                ["stop", kind] | ["stop", kind, _] => StopKind::ALL.iter().any(|known| known.name() == kind),
                ["break", ..] | [] | [_] => false,
                _ => true,
            };
            if !usable {
                return Err(Failure::usage(format!(
                    "--expect `{line}`: expected such as `stop htr 105`, `SUM 000000000005`, `ac 000000000005`, `light tape-check on`, \
                     `print HELLO`, `cycles 2000`; kinds of stop are {}",
                    StopKind::ALL.map(StopKind::name).join(", ")
                )));
            }
        }
        Ok(Expected { lines: lines.to_vec(), paper: Roll::default() })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Something was printed.
    pub(super) fn printed(&mut self, text: &str) {
        if !self.lines.is_empty() {
            self.paper.push(text);
        }
    }

    /// Looks at the machine where it has stopped.
    pub(super) fn look(self, room: Room, stop: &Stop) -> Vec<Outcome> {
        let mut monitor = Monitor::new(Debugger::ended(room, stop, self.paper.text()));
        let look = |line: String| {
            let wrong = monitor.command(&format!("expect {line}")).err().map(|error| error.to_string());
            Outcome { line, wrong }
        };
        self.lines.into_iter().map(look).collect()
    }
}

/// All is as it was expected.
pub(super) fn all_right(outcomes: &[Outcome]) -> bool {
    outcomes.iter().all(|outcome| outcome.wrong.is_none())
}

/// How it stopped was expected, and so is no failure.
pub(super) fn names_the_stop(outcomes: &[Outcome]) -> bool {
    outcomes.iter().any(|outcome| outcome.line.trim_start().starts_with("stop"))
}

/// A line for each that is not as expected.
pub(super) fn text(outcomes: &[Outcome]) -> impl Iterator<Item = String> {
    outcomes.iter().filter_map(|Outcome { line, wrong }| {
        wrong.as_ref().map(|wrong| format!("not as expected: {line}: {wrong}"))
    })
}

/// The same for a script.
pub(super) fn json(outcomes: &[Outcome]) -> Value {
    let rows = outcomes
        .iter()
        .map(|Outcome { line, wrong }| json!({ "line": line, "right": wrong.is_none(), "found": wrong }));
    rows.collect()
}

/// A JUnit report in a file that is begun before the run.
pub(super) struct JUnit {
    path: PathBuf,
    file: NewFile,
}

impl JUnit {
    /// # Errors
    /// It cannot be written.
    pub(super) fn create(path: &Path) -> Result<JUnit> {
        let file = NewFile::create(path).map_err(crate::cli::files::host)?;
        Ok(JUnit { path: path.to_owned(), file })
    }

    /// Writes it: a case for how the run ended, and one for each expectation.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn write(
        mut self,
        program: &str,
        ended: (&str, Option<String>),
        outcomes: &[Outcome],
    ) -> Result<()> {
        let mut report = Report::new("emu704 run");
        let mut suite = TestSuite::new(visible::clean(program).as_ref());
        let (line, wrong) = ended;
        let cases = std::iter::once((line, wrong.as_deref()));
        let cases =
            cases.chain(outcomes.iter().map(|outcome| (outcome.line.as_str(), outcome.wrong.as_deref())));
        for (line, wrong) in cases {
            let mut status = TestCaseStatus::success();
            if let Some(wrong) = wrong {
                status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message(visible::clean(wrong).as_ref());
            }
            suite.add_test_case(TestCase::new(visible::clean(line).as_ref(), status));
        }
        report.add_test_suite(suite);
        let cannot = || format!("{}: cannot write", self.path.display());
        let text = report.to_string().with_context(cannot)?;
        self.file.write_at(0, text.as_bytes()).with_context(cannot)?;
        self.file.commit().map_err(crate::cli::files::host)?;
        Ok(())
    }
}
