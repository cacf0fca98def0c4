//! Core size from the label of a checkpoint reel, as an operator reads it before LOAD TAPE.

use std::path::Path;

use asm704::media::tape::{Item, TapeImage};

use super::tape::{Checkpoint, checkpoint};
use crate::core_store::CoreSize;
use crate::host::HostFiles;
use crate::room::Files as _;

/// What a reel says of the machine that it needs.
#[derive(Debug)]
pub(crate) struct Label {
    /// The checkpoint that decides.
    found: Checkpoint,
    /// The reel, as people call it.
    name: String,
}

/// The label of a reel that is to be loaded: its newest complete checkpoint, or the newest if none is. `None` when it has none in its
/// first file, or cannot be read.
pub(crate) fn label(path: &Path) -> Option<Label> {
    let bytes = HostFiles.reel(path, false).ok()?;
    let mut image = TapeImage::open(bytes).ok()?;
    let mut newest: Option<Checkpoint> = None;
    let mut records = 0;
    for item in image.items(0) {
        let Ok((_, Item::Record(record))) = item else { continue };
        records += 1;
        let Some(found) = checkpoint(&record) else {
            // a program that is no finder of checkpoints
            if records > FINDER && newest.is_none() {
                return None;
            }
            continue;
        };
        let rank = |found: &Checkpoint| (found.is_complete(), found.serial);
        // a plain reel loads its first record; a strong one finds the newest by its number
        let is_newer = newest.as_ref().is_none_or(|newest| {
            rank(&found) > rank(newest) && (found.serial.is_some() || !newest.is_complete())
        });
        if is_newer {
            newest = Some(found);
        }
    }
    newest.map(|found| Label { found, name: path.display().to_string() })
}

/// Records in front of the first checkpoint, at most: a finder, and what belongs to it.
const FINDER: usize = 64;

impl Label {
    /// The smallest core that holds the checkpoint.
    pub(crate) fn core(&self) -> CoreSize {
        [CoreSize::K4, CoreSize::K8, CoreSize::K32]
            .into_iter()
            .find(|core| core.words() >= self.found.size)
            .unwrap_or(CoreSize::K32)
    }

    /// What a person should hear: which core was chosen, or that the one they named does not fit; and that the checkpoint is not whole.
    pub(crate) fn said(&self, chosen: CoreSize, named: bool) -> Vec<String> {
        let (name, found) = (&self.name, &self.found);
        let mut said = Vec::new();
        if !named {
            said.push(format!("{name}: {found}: core of {chosen}, as its label says (--core takes another)"));
        } else if chosen.words() < self.core().words() {
            said.push(format!("{name}: {found}, which does not fit the core of {chosen} that was named"));
        }
        if !found.is_complete() {
            said.push(format!(
                "{name}: no complete checkpoint on it; what is loaded is not what was written"
            ));
        }
        said
    }
}
