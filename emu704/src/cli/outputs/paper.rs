//! Where the paper of a run goes: as it is printed, or into the report in JSON.

use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};

use anyhow::{Context, Result};
use asm704::visible;
use serde_json::Value;
use tempfile::SpooledTempFile;

use super::Outputs;
use crate::cli::talk::{put_bytes, put_json};

/// Bytes of paper that are held in memory; more goes to a file without a name.
const IN_MEMORY: usize = 1 << 20;

/// The paper of a run.
pub(crate) struct Paper {
    /// For the report.
    kept: Option<SpooledTempFile>,
}

impl Paper {
    /// `for_report`: the paper is a part of the report, at the end.
    pub(crate) fn new(for_report: bool) -> Paper {
        Paper { kept: for_report.then(|| SpooledTempFile::new(IN_MEMORY)) }
    }

    /// Lines were printed.
    ///
    /// # Errors
    /// There is no room for the paper that waits for the report.
    pub(crate) fn print(&mut self, text: &str, outputs: &mut Outputs) -> Result<()> {
        if let Some(kept) = &mut self.kept {
            return kept.write_all(text.as_bytes()).context("the paper, until the report");
        }
        outputs.print(text);
        Ok(())
    }

    /// Prints what waits for a report that will not come.
    ///
    /// # Errors
    /// What waits cannot be read.
    pub(crate) fn put(&mut self) -> Result<()> {
        let Some(kept) = &mut self.kept else { return Ok(()) };
        kept.seek(SeekFrom::Start(0))?;
        let mut lines = BufReader::new(kept);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            put_bytes(&line);
            line.clear();
        }
        Ok(())
    }

    /// Prints the report, with the paper as its member `print` if there is any.
    ///
    /// # Errors
    /// The paper that waited cannot be read.
    pub(crate) fn put_report(&mut self, mut report: Value) -> Result<()> {
        let Some(kept) = &mut self.kept else {
            put_json(&report);
            return Ok(());
        };
        let length = kept.stream_position()?;
        if length == 0 {
            put_json(&report);
            return Ok(());
        }
        kept.seek(SeekFrom::Start(0))?;
        if length <= IN_MEMORY as u64 {
            let mut text = String::new();
            kept.read_to_string(&mut text)?;
            report["print"] = text.into();
            put_json(&report);
            return Ok(());
        }
        // the same document, but the paper goes through a line at a time
        let document = report.to_string();
        let document = visible::json(&document);
        put_bytes(document.strip_suffix('}').unwrap_or(&document).as_bytes());
        put_bytes(b",\"print\":\"");
        let mut lines = BufReader::new(kept);
        let mut line = String::new();
        while lines.read_line(&mut line)? > 0 {
            let quoted = serde_json::to_string(&line)?;
            put_bytes(visible::json(&quoted[1..quoted.len() - 1]).as_bytes());
            line.clear();
        }
        put_bytes(b"\"}\n");
        Ok(())
    }
}
