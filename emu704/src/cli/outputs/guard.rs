//! The files of the host, as a run may use them: what is named while it goes (a trace, a snapshot, a reel that is mounted)
//! is held against what is in use already.

use std::cell::RefCell;
use std::io::Write;
use std::path::{Path, PathBuf};

use asm704::in_use::{self, Place};

use super::names::{self, RECORDING};
use crate::cli::job::Inside;
use crate::cli::setup::SetUpArgs;
use crate::host::{Held, HostFiles};
use crate::media::wire::NewWire;
use crate::reels::ReelBytes;
use crate::room::{FileError, Files};

/// [`HostFiles`] that refuses to write over a file that is in use.
pub(crate) struct Guarded {
    host: HostFiles,
    used: RefCell<Vec<Used>>,
    /// Drums, which are written back at the end.
    drums: Vec<Held>,
    /// The folder that a job may not leave.
    inside: Option<Inside>,
}

/// A file in use.
struct Used {
    what: String,
    path: PathBuf,
    /// It is put in its place at the end, or by a trace: whatever is written there until then is lost.
    replaced: bool,
    /// The run writes it: at the end, or as a reel with the ring in or a drum.
    written: bool,
}

impl Guarded {
    pub(crate) fn new(args: &SetUpArgs) -> Guarded {
        let used = names::Named::of(args);
        let row = |(what, path): (String, &Path), replaced, written| Used {
            what,
            path: path.to_owned(),
            replaced,
            written,
        };
        // the recording of a wire is held against the rest when it is made
        let outputs = used.outputs.into_iter().filter(|(what, _)| !what.starts_with(RECORDING));
        let outputs = outputs.map(|output| row(output, true, true));
        let mounted = used.mounted.into_iter().map(|other| row(other, false, true));
        let others = mounted.chain(used.inputs.into_iter().map(|other| row(other, false, false)));
        let folder = args.job.as_deref().filter(|_| args.keep_inside);
        let folder = folder.map(|job| job.parent().unwrap_or(Path::new(".")));
        Guarded {
            host: HostFiles,
            used: RefCell::new(outputs.chain(others).collect()),
            drums: Vec::new(),
            inside: folder.and_then(|folder| Inside::of(folder).ok()),
        }
    }

    /// The file is in use from now on.
    fn uses(&self, what: &str, path: &Path, replaced: bool, written: bool) {
        let mut used = self.used.borrow_mut();
        let is_known =
            |used: &Used| used.path == path && used.replaced == replaced && used.written == written;
        if !used.iter().any(is_known) {
            used.push(Used { what: what.to_owned(), path: path.to_owned(), replaced, written });
        }
    }

    /// Refuses a file that is in use; with `only_replaced` a reel, a deck or a program is no hindrance.
    fn check(&self, path: &Path, only_replaced: bool) -> Result<(), FileError> {
        let Some(place) = Place::of(path) else { return Ok(()) };
        // an image behind an edit list, a routine of a LIB card, a script
        in_use::check(path, "it", None).map_err(|clash| FileError::new(clash.to_string()))?;
        let used = self.used.borrow();
        let mut hindrances = used.iter().filter(|used| used.replaced || !only_replaced);
        match hindrances.find(|used| Place::of(&used.path).is_some_and(|at| at == place)) {
            None => Ok(()),
            Some(used) => Err(FileError::new(format!(
                "{}: it is {}, which this run uses: name another file",
                path.display(),
                used.what
            ))),
        }
    }
}

impl Guarded {
    /// Refuses a file that leads to one that the run writes, such as an edit list of an image that is a reel with the ring in.
    fn check_found(&self, before: usize) -> Result<(), FileError> {
        for found in in_use::all().iter().skip(before) {
            let Some(place) = Place::of(&found.path) else { continue };
            let used = self.used.borrow();
            let mut written = used.iter().filter(|used| used.written);
            if let Some(used) = written.find(|used| Place::of(&used.path).is_some_and(|at| at == place)) {
                let (path, what) = (found.path.display(), &found.what);
                return Err(FileError::new(format!(
                    "{path}: it is {what}, and {}, which this run writes: name another file",
                    used.what
                )));
            }
        }
        Ok(())
    }
}

impl Files for Guarded {
    fn wire(&mut self, to: &str) -> Result<NewWire, FileError> {
        if self.inside.is_some() {
            return Err(FileError::new(format!(
                "wire:{to}: it leads out of the folder of the job (--keep-inside)"
            )));
        }
        self.host.wire(to)
    }

    fn record(&mut self, name: &Path) -> Result<Box<dyn Write>, FileError> {
        self.check(name, false)?;
        let file = self.host.record(name)?;
        self.uses(RECORDING, name, true, true);
        Ok(file)
    }

    fn reel(&mut self, name: &Path, ring: bool) -> Result<Box<dyn ReelBytes>, FileError> {
        if ring {
            self.check(name, true)?;
        }
        let reel = self.host.reel(name, ring)?;
        self.uses("a reel", name, false, ring);
        Ok(reel)
    }

    fn read(&mut self, name: &Path) -> Result<Vec<u8>, FileError> {
        let before = in_use::all().len();
        let bytes = self.host.read(name)?;
        self.check_found(before)?;
        // a snapshot may be saved again where it came from
        if bytes.first() != Some(&b'{') {
            self.uses("a program, a deck or a drum", name, false, false);
        }
        Ok(bytes)
    }

    fn is_packed(&self, name: &Path) -> bool {
        self.host.is_packed(name)
    }

    fn exists(&self, name: &Path) -> bool {
        self.host.exists(name)
    }

    fn is_stream(&self, name: &Path) -> bool {
        self.host.is_stream(name)
    }

    fn is_same(&self, one: &Path, other: &Path) -> bool {
        self.host.is_same(one, other)
    }

    fn is_near(&self, name: &Path, snapshot: &Path) -> bool {
        self.host.is_near(name, snapshot)
    }

    fn may_write(&mut self, name: &Path) -> Result<(), FileError> {
        self.check(name, true)?;
        if !self.drums.iter().any(|held| held.is(name)) {
            self.drums.push(Held::take(name).map_err(|error| FileError::new(error.to_string()))?);
        }
        self.uses("a drum", name, false, true);
        Ok(())
    }

    fn write_back(&mut self, name: &Path, bytes: &[u8]) -> Result<(), FileError> {
        let names_it = |held: &&mut Held| held.names(name);
        let (held, error) = match self.drums.iter_mut().find(names_it) {
            Some(held) => (true, held.write(bytes).err()),
            None => (false, None),
        };
        match error {
            Some(error) => Err(FileError::new(error.to_string())),
            None if held => Ok(()),
            None => self.host.write(name, bytes),
        }
    }

    fn write(&mut self, name: &Path, bytes: &[u8]) -> Result<(), FileError> {
        self.check(name, false)?;
        self.host.write(name, bytes)
    }

    fn create(&mut self, name: &Path) -> Result<Box<dyn Write>, FileError> {
        self.used.borrow_mut().retain(|used| used.what != TRACE);
        self.check(name, false)?;
        let file = self.host.create(name)?;
        self.uses(TRACE, name, true, true);
        Ok(file)
    }

    fn names(&self, begun: &str) -> Vec<String> {
        self.host.names(begun)
    }

    fn routine(&self, source: &Path, name: &str) -> Option<(String, String)> {
        match &self.inside {
            None => self.host.routine(source, name),
            Some(inside) => asm704::library::Shelves::of_source(source)
                .find_where(name, &|path| inside.check(path).is_ok()),
        }
    }
}

/// The trace that somebody has begun while the machine stood.
const TRACE: &str = "the trace";
