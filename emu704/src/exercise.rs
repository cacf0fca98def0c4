//! Exercises: a program of a student is run against what a teacher expects, and what differs is said line by line.
//!
//! There is no host here. [`Exercise`] is plain data, which the commands read from TOML; the files that it names come as bytes,
//! and what the program writes stays in memory.
//!
//! ```
//! use emu704::exercise::{Case, Exercise, Student};
//!
//! let case = Case { expect: vec!["SUM 000000000005".to_owned()], ..Case::default() };
//! let exercise = Exercise { title: "2 and 3".to_owned(), case: vec![case], ..Exercise::default() };
//! exercise.validate()?;
//! let source = "       ORG 64\nSTART  CLA TWO\n       STO SUM\n       HTR START\nTWO    DEC 2\nSUM    BSS 1\n       END START\n";
//! let student = Student { name: "mine.sap", bytes: source.as_bytes(), free: false };
//! let report = exercise.check(&student, &Default::default(), &mut || false)?;
//! assert!(!report.right);
//! assert_eq!(report.cases[0].findings[0].found, "000000000002");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod compare;
mod condition;
mod data;
mod diff;
mod held;
pub mod lessons;
mod number;
mod ran;
mod report;
mod validate;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::room::RoomError;

pub use data::{Act, Case, Exercise, Film, Mistake, Records, Reel, Tape};
pub use number::{Value, Values};
pub use report::{CaseReport, Finding, Report};

/// Machine cycles that a case may take if it does not say: four minutes of 704 time.
pub const USUAL_LIMIT: u64 = 20_000_000;

/// Machine cycles that a case may be given at most: twenty minutes of 704 time.
pub const LARGEST_LIMIT: u64 = 100_000_000;

/// The files that an exercise names, by those names.
pub type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A program to check.
#[derive(Debug, Clone, Copy)]
pub struct Student<'a> {
    /// What a person calls it; its ending may say that it is in free form.
    pub name: &'a str,
    /// Source, a core image, a deck or a reel.
    pub bytes: &'a [u8],
    /// Source is in free form, whatever its name.
    pub free: bool,
}

/// Why a check has no result.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The program is none.
    #[error(transparent)]
    Program(#[from] RoomError),
    /// The exercise is wrong, and not the program.
    #[error("{0}")]
    Exercise(String),
    /// Somebody had enough.
    #[error("interrupted")]
    Interrupted,
}

impl Exercise {
    /// Runs a program against each case. `files` are those of [`Exercise::files`]; `enough` is asked now and then.
    ///
    /// # Errors
    /// The program is none, or the exercise itself is wrong.
    pub fn check(
        &self,
        student: &Student<'_>,
        files: &Files,
        enough: &mut dyn FnMut() -> bool,
    ) -> Result<Report, CheckError> {
        let assembly = ran::assembly(student)?;
        if let Some(assembly) = &assembly
            && (assembly.output.is_flagged() || assembly.output.assemblies.is_empty())
        {
            return Ok(Report::not_assembled(self, assembly.clone()));
        }
        let mut cases = Vec::new();
        for (n, case) in self.case.iter().enumerate() {
            cases.push(compare::case(self, n, case, student, files, enough)?);
        }
        Ok(Report::of(self, assembly, cases))
    }
}
