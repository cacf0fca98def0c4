//! Exercises in a page: the page has them as JSON, made of programs/exercises by emu704/web/tools/lessons.mjs.

use serde_json::json;
use wasm_bindgen::prelude::*;

use super::{Workbench, diagnostics, failed};
use crate::exercise::{CheckError, Exercise, Files, Student};

#[wasm_bindgen]
impl Workbench {
    /// Holds a source against an exercise, in machines of its own: JSON with `right`, `title`, `diagnostics`, `cases` and `hints`, as
    /// `emu704 lesson check --json` has them.
    ///
    /// # Errors
    /// The exercise is none, or names files; the program is none.
    pub fn check_exercise(&self, exercise: &str, text: &str, free: bool) -> Result<String, JsError> {
        let exercise: Exercise = serde_json::from_str(exercise).map_err(failed)?;
        exercise.validate().map_err(failed)?;
        let name = if free { "yours.sapf" } else { "yours.sap" };
        let student = Student { name, bytes: text.as_bytes(), free };
        let report = match exercise.check(&student, &Files::new(), &mut || false) {
            Ok(report) => report,
            Err(CheckError::Program(error)) => {
                return Ok(
                    json!({"title": exercise.title, "right": false, "error": error.to_string(), "cases": []})
                        .to_string(),
                );
            }
            Err(error) => return Err(failed(error)),
        };
        let diagnostics = report.assembly.as_deref().map(|assembly| diagnostics(&assembly.output));
        Ok(json!({
            "title": report.title,
            "right": report.right,
            "not_assembled": report.is_not_assembled(),
            "diagnostics": diagnostics,
            "cases": report.cases,
            "hints": report.hints,
        })
        .to_string())
    }
}
