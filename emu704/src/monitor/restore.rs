//! `save` and `restore`: the machine and its reels in a file.

use std::path::Path;

use super::{Monitor, MonitorError, Reply, Result};
use crate::room::RoomError;
use crate::snapshot;

impl Monitor {
    pub(super) fn save(&mut self, path: &Path) -> Result<Reply> {
        let snapshot = self.debugger.room.snapshot()?;
        let refuse = |error| MonitorError::Snapshot { file: path.display().to_string(), error };
        let text = snapshot::save(&snapshot).map_err(refuse)?;
        self.debugger.room.files.write(path, text.as_bytes()).map_err(RoomError::from)?;
        Ok(Reply::Text(format!("cycle {} saved", self.machine().cycles())))
    }

    pub(super) fn restore(&mut self, path: &Path) -> Result<Reply> {
        let bytes = self.debugger.room.files.read(path).map_err(RoomError::from)?;
        let refuse = |error| MonitorError::Snapshot { file: path.display().to_string(), error };
        let snapshot = snapshot::load(&String::from_utf8_lossy(&bytes)).map_err(refuse)?;
        let mut said = self.debugger.restore(snapshot, path)?;
        self.flaw = None;
        said.insert(0, format!("cycle {} restored", self.machine().cycles()));
        Ok(Reply::Text(said.join("\n")))
    }
}
