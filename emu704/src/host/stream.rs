//! Standard input, pipes and devices: they can be read once, and are then kept to be read again.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use asm704::packed;

/// Nothing larger is read as a whole.
pub(super) const LARGEST: u64 = 256 << 20;

static READ: Mutex<BTreeMap<PathBuf, Arc<[u8]>>> = Mutex::new(BTreeMap::new());

/// `-`, a pipe or a device: it has no length, and nothing may take its place.
pub(crate) fn is_stream(path: &Path) -> bool {
    is_standard(path) || std::fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}

/// `-`, which is standard input.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// It has been read already, and can be read again at once.
pub(crate) fn is_read(path: &Path) -> bool {
    READ.lock().unwrap_or_else(PoisonError::into_inner).contains_key(path)
}

/// All bytes of a stream, unpacked if it is compressed with gzip; the second time those of the first. `None` when there are more than
/// [`LARGEST`].
pub(super) fn bytes(path: &Path) -> io::Result<Option<Arc<[u8]>>> {
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(bytes) = read.get(path) {
        return Ok(Some(Arc::clone(bytes)));
    }
    let bytes = if is_standard(path) {
        packed::read_all(io::stdin().lock(), LARGEST)?
    } else {
        packed::read_all(File::open(path)?, LARGEST)?
    };
    let Some(bytes) = bytes else { return Ok(None) };
    let bytes: Arc<[u8]> = bytes.into();
    read.insert(path.to_owned(), Arc::clone(&bytes));
    Ok(Some(bytes))
}
