//! The arguments of requests, as far as they are used.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

/// What the client can do.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Initialize {
    pub(super) lines_start_at1: bool,
    pub(super) columns_start_at1: bool,
    pub(super) path_format: String,
    pub(super) supports_variable_paging: bool,
    pub(super) supports_invalidated_event: bool,
    pub(super) supports_memory_event: bool,
}

impl Default for Initialize {
    fn default() -> Initialize {
        Initialize {
            lines_start_at1: true,
            columns_start_at1: true,
            path_format: "path".to_owned(),
            supports_variable_paging: false,
            supports_invalidated_event: false,
            supports_memory_event: false,
        }
    }
}

/// One or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Some1<T> {
    One(T),
    Several(Vec<T>),
}

impl<T> Default for Some1<T> {
    fn default() -> Some1<T> {
        Some1::Several(Vec::new())
    }
}

impl<T: Clone> Some1<T> {
    pub(super) fn all(&self) -> Vec<T> {
        match self {
            Some1::One(one) => vec![one.clone()],
            Some1::Several(several) => several.clone(),
        }
    }
}

/// What to run. Names of files count from `cwd`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Launch {
    pub(super) program: Option<PathBuf>,
    pub(super) cwd: Option<PathBuf>,
    pub(super) no_debug: bool,
    pub(super) stop_on_entry: bool,
    /// A program stop (HTR, HPR) ends the session.
    pub(super) end_at_stop: bool,
    pub(super) run_anyway: bool,
    /// Reels by tape unit.
    pub(super) tapes: BTreeMap<String, PathBuf>,
    /// Units whose reel has its ring in.
    pub(super) rings: Vec<u8>,
    pub(super) cards: Some1<PathBuf>,
    /// Images by logical drum.
    pub(super) drums: BTreeMap<String, PathBuf>,
    pub(super) sense_switches: Vec<u8>,
    pub(super) keys: Option<String>,
    pub(super) core: Option<String>,
    pub(super) load: Option<String>,
    pub(super) start: Option<String>,
    pub(super) limit: Option<u64>,
    pub(super) print: Option<PathBuf>,
    pub(super) punch: Option<PathBuf>,
    pub(super) film: Option<PathBuf>,
    /// Further options, as `emu704 monitor` has them.
    pub(super) args: Vec<String>,
}

/// A source that the client names.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Source {
    pub(super) path: Option<PathBuf>,
    pub(super) source_reference: Option<i64>,
}

/// A breakpoint on a card.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SourceBreakpoint {
    pub(super) line: i64,
    #[serde(flatten)]
    pub(super) asked: Asked,
}

/// What breakpoints of all kinds may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Asked {
    pub(super) condition: Option<String>,
    pub(super) hit_condition: Option<String>,
    pub(super) log_message: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct SetBreakpoints {
    pub(super) source: Source,
    #[serde(default)]
    pub(super) breakpoints: Vec<SourceBreakpoint>,
    /// An older form: lines alone.
    #[serde(default)]
    pub(super) lines: Vec<i64>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct SetFunctionBreakpoints {
    pub(super) breakpoints: Vec<FunctionBreakpoint>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct FunctionBreakpoint {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) asked: Asked,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct SetInstructionBreakpoints {
    pub(super) breakpoints: Vec<InstructionBreakpoint>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InstructionBreakpoint {
    pub(super) instruction_reference: String,
    #[serde(default)]
    pub(super) offset: i64,
    #[serde(flatten)]
    pub(super) asked: Asked,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct SetDataBreakpoints {
    pub(super) breakpoints: Vec<DataBreakpoint>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DataBreakpoint {
    pub(super) data_id: String,
    pub(super) access_type: Option<String>,
    #[serde(flatten)]
    pub(super) asked: Asked,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SetExceptionBreakpoints {
    pub(super) filters: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DataBreakpointInfo {
    pub(super) variables_reference: Option<i64>,
    pub(super) name: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BreakpointLocations {
    pub(super) source: Source,
    pub(super) line: i64,
    pub(super) end_line: Option<i64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct StackTrace {
    pub(super) start_frame: Option<usize>,
    pub(super) levels: Option<usize>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Variables {
    #[serde(rename = "variablesReference")]
    pub(super) reference: i64,
    pub(super) filter: Option<String>,
    pub(super) start: Option<usize>,
    pub(super) count: Option<usize>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SetVariable {
    pub(super) variables_reference: i64,
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct SetExpression {
    pub(super) expression: String,
    pub(super) value: String,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Evaluate {
    pub(super) expression: String,
    pub(super) context: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Completions {
    pub(super) text: String,
    pub(super) column: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SourceRequest {
    pub(super) source: Option<Source>,
    pub(super) source_reference: Option<i64>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct GotoTargets {
    pub(super) source: Source,
    pub(super) line: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Goto {
    pub(super) target_id: i64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Disassemble {
    pub(super) memory_reference: String,
    #[serde(default)]
    pub(super) offset: i64,
    #[serde(default)]
    pub(super) instruction_offset: i64,
    pub(super) instruction_count: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReadMemory {
    pub(super) memory_reference: String,
    #[serde(default)]
    pub(super) offset: i64,
    pub(super) count: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WriteMemory {
    pub(super) memory_reference: String,
    #[serde(default)]
    pub(super) offset: i64,
    #[serde(default)]
    pub(super) allow_partial: bool,
    pub(super) data: String,
}
