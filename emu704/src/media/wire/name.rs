//! The names of wires, used in place of the name of a reel.

use std::path::{Path, PathBuf};

/// The beginning of every wire's name.
const WIRE: &str = "wire:";
const REPLAY: &str = "replay:";
const RECORD: &str = ",record=";

/// The request in a name that begins with `wire:`.
///
/// ```
/// use emu704::media::wire::WireName;
///
/// let name = WireName::of("wire:listen:localhost:7040,record=talk.txt".as_ref());
/// assert_eq!(name, Some(WireName::Line { to: "listen:localhost:7040", record: Some("talk.txt".as_ref()) }));
/// assert_eq!(WireName::of("wire:replay:talk.txt".as_ref()), Some(WireName::Replay("talk.txt".as_ref())));
/// assert_eq!(WireName::of("./wire:of-heat.tap".as_ref()), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireName<'a> {
    /// A line to another machine.
    Line {
        /// The way the line is made, such as `listen:HOST:PORT`.
        to: &'a str,
        /// The file for a recording of what passes.
        record: Option<&'a Path>,
    },
    /// The file of a recording.
    Replay(&'a Path),
}

impl<'a> WireName<'a> {
    /// The wire for a name; `None` for the name of a file.
    pub fn of(name: &'a Path) -> Option<WireName<'a>> {
        let to = name.to_str()?.strip_prefix(WIRE)?;
        Some(match (to.strip_prefix(REPLAY), to.rsplit_once(RECORD)) {
            (Some(file), _) => WireName::Replay(Path::new(file)),
            (None, Some((to, file))) => WireName::Line { to, record: Some(Path::new(file)) },
            (None, None) => WireName::Line { to, record: None },
        })
    }

    /// The file of the recording, if any.
    pub fn file(self) -> Option<&'a Path> {
        match self {
            WireName::Line { record, .. } => record,
            WireName::Replay(file) => Some(file),
        }
    }

    /// The name with its file, if it has one, resolved in a folder.
    pub fn in_folder(self, folder: &Path) -> PathBuf {
        let shown = |file: &Path| folder.join(file).display().to_string();
        PathBuf::from(match self {
            WireName::Replay(file) => format!("{WIRE}{REPLAY}{}", shown(file)),
            WireName::Line { to, record: Some(file) } => format!("{WIRE}{to}{RECORD}{}", shown(file)),
            WireName::Line { to, record: None } => format!("{WIRE}{to}"),
        })
    }
}
