//! The files of the host, as a run may use them: what is named while it goes (a trace, a snapshot, a reel that is mounted)
//! is held against what is in use already.

use std::cell::RefCell;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::names::{self, File};
use crate::cli::setup::SetUpArgs;
use crate::host::HostFiles;
use crate::reels::ReelBytes;
use crate::room::{FileError, Files};

/// [`HostFiles`] that refuses to write over a file that is in use.
pub(crate) struct Guarded {
    host: HostFiles,
    used: RefCell<Vec<Used>>,
}

/// A file in use.
struct Used {
    what: String,
    path: PathBuf,
    /// It is put in its place at the end, or by a trace: whatever is written there until then is lost.
    replaced: bool,
}

impl Guarded {
    pub(crate) fn new(args: &SetUpArgs) -> Guarded {
        let used = names::Named::of(args);
        let row = |(what, path): (String, &Path), replaced| Used { what, path: path.to_owned(), replaced };
        let outputs = used.outputs.into_iter().map(|output| row(output, true));
        let others = used.mounted.into_iter().chain(used.inputs).map(|other| row(other, false));
        Guarded { host: HostFiles, used: RefCell::new(outputs.chain(others).collect()) }
    }

    /// The file is in use from now on.
    fn uses(&self, what: &str, path: &Path, replaced: bool) {
        let mut used = self.used.borrow_mut();
        let is_known = |used: &Used| used.path == path && used.replaced == replaced;
        if !used.iter().any(is_known) {
            used.push(Used { what: what.to_owned(), path: path.to_owned(), replaced });
        }
    }

    /// Refuses a file that is in use; with `only_replaced` a reel, a deck or a program is no hindrance.
    fn check(&self, path: &Path, only_replaced: bool) -> Result<(), FileError> {
        let Some(file) = File::of(path) else { return Ok(()) };
        let used = self.used.borrow();
        let mut hindrances = used.iter().filter(|used| used.replaced || !only_replaced);
        match hindrances.find(|used| File::of(&used.path).is_some_and(|at| at == file)) {
            None => Ok(()),
            Some(used) => Err(FileError::new(format!(
                "{}: it is {}, which this run uses: name another file",
                path.display(),
                used.what
            ))),
        }
    }
}

impl Files for Guarded {
    fn reel(&mut self, name: &Path, ring: bool) -> Result<Box<dyn ReelBytes>, FileError> {
        if ring {
            self.check(name, true)?;
        }
        let reel = self.host.reel(name, ring)?;
        self.uses("a reel", name, false);
        Ok(reel)
    }

    fn read(&mut self, name: &Path) -> Result<Vec<u8>, FileError> {
        let bytes = self.host.read(name)?;
        // a snapshot may be saved again where it came from
        if bytes.first() != Some(&b'{') {
            self.uses("a program, a deck or a drum", name, false);
        }
        Ok(bytes)
    }

    fn is_packed(&self, name: &Path) -> bool {
        self.host.is_packed(name)
    }

    fn exists(&self, name: &Path) -> bool {
        self.host.exists(name)
    }

    fn may_write(&mut self, name: &Path) -> Result<(), FileError> {
        self.check(name, true)?;
        self.uses("a drum", name, false);
        Ok(())
    }

    fn write(&mut self, name: &Path, bytes: &[u8]) -> Result<(), FileError> {
        self.check(name, false)?;
        self.host.write(name, bytes)
    }

    fn create(&mut self, name: &Path) -> Result<Box<dyn Write>, FileError> {
        self.used.borrow_mut().retain(|used| used.what != TRACE);
        self.check(name, false)?;
        let file = self.host.create(name)?;
        self.uses(TRACE, name, true);
        Ok(file)
    }

    fn names(&self, begun: &str) -> Vec<String> {
        self.host.names(begun)
    }

    fn routine(&self, source: &Path, name: &str) -> Option<(String, String)> {
        self.host.routine(source, name)
    }
}

/// The trace that somebody has begun while the machine stood.
const TRACE: &str = "the trace";
