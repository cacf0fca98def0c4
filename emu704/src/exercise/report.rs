//! What comes of a check.

use serde::Serialize;

use super::data::Exercise;
use crate::room::Assembly;

/// What came of a check.
#[derive(Debug, Clone)]
pub struct Report {
    /// The title of the exercise.
    pub title: String,
    /// Everything is as it should be.
    pub right: bool,
    /// What the assembler made of a source. With errors in it nothing was run, and there are no cases.
    pub assembly: Option<Box<Assembly>>,
    /// In the order of the exercise.
    pub cases: Vec<CaseReport>,
    /// Hints of the exercise; none when all is right.
    pub hints: Vec<String>,
}

/// What came of one case.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CaseReport {
    /// Its name, or `case 2`.
    pub name: String,
    /// Nothing is different.
    pub right: bool,
    /// How the machine stopped, in words.
    pub stop: String,
    /// Kind of the stop, such as `htr`.
    pub kind: String,
    /// Machine cycles it took.
    pub cycles: u64,
    /// What is different.
    pub findings: Vec<Finding>,
    /// Differences beyond those, which are not listed.
    pub more: usize,
    /// What may help.
    pub hints: Vec<String>,
}

/// One difference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What is different, such as `paper, line 2`.
    pub what: String,
    /// What should be.
    pub expected: String,
    /// What is.
    pub found: String,
}

impl Report {
    /// The source has errors, and nothing was run.
    pub(super) fn not_assembled(exercise: &Exercise, assembly: Box<Assembly>) -> Report {
        Report {
            title: exercise.title.clone(),
            right: false,
            assembly: Some(assembly),
            cases: Vec::new(),
            hints: Vec::new(),
        }
    }

    pub(super) fn of(
        exercise: &Exercise,
        assembly: Option<Box<Assembly>>,
        mut cases: Vec<CaseReport>,
    ) -> Report {
        let right = cases.iter().all(|case| case.right);
        // what is said of one case need not be said again
        let mut said: Vec<String> = Vec::new();
        for case in &mut cases {
            case.hints.retain(|hint| !said.contains(hint));
            said.extend(case.hints.iter().cloned());
        }
        let hints = if right { Vec::new() } else { exercise.hints.clone() };
        Report { title: exercise.title.clone(), right, assembly, cases, hints }
    }

    /// The source has errors, and nothing was run.
    pub fn is_not_assembled(&self) -> bool {
        self.cases.is_empty() && self.assembly.is_some()
    }
}
