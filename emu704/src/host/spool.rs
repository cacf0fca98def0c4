//! Bytes that have no file of their own: those of a stream, and what was compressed.

use std::io::{self, Read, Seek, SeekFrom, Write};

use asm704::media::tape::Store;
use asm704::packed::Unpacked;
use tempfile::SpooledTempFile;

use crate::reels::ReelBytes;

/// Most bytes taken from a stream, or out of what is compressed.
pub(crate) const LARGEST_INPUT: u64 = 1 << 30;

/// Bytes that are kept in memory.
const IN_MEMORY: usize = 8 << 20;

/// Bytes in memory, or, when they are many, in a file without a name.
#[derive(Debug)]
pub(crate) struct Spool {
    file: SpooledTempFile,
    len: u64,
    behind: u64,
}

impl Spool {
    pub(crate) fn new() -> Spool {
        Spool { file: SpooledTempFile::new(IN_MEMORY), len: 0, behind: 0 }
    }

    /// All of a reader; `None` when it has more than [`LARGEST_INPUT`] bytes.
    pub(crate) fn of(input: impl Read) -> io::Result<Option<Spool>> {
        let mut spool = Spool::new();
        spool.len = io::copy(&mut input.take(LARGEST_INPUT + 1), &mut spool.file)?;
        Ok((spool.len <= LARGEST_INPUT).then_some(spool))
    }

    /// All of what comes out of gzip, or is not compressed; else as [`Spool::of`].
    pub(crate) fn unpacked(input: impl Read) -> io::Result<Option<Spool>> {
        let mut unpacked = Unpacked::new(input)?;
        let spool = Spool::of(&mut unpacked)?;
        Ok(spool.map(|spool| Spool { behind: unpacked.behind(), ..spool }))
    }

    /// Writes all of it to another stream.
    pub(crate) fn copy_to(&mut self, out: &mut impl Write) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0))?;
        io::copy(&mut self.file, out)?;
        out.flush()
    }
}

/// A reel in one does not outlive the program.
impl ReelBytes for Spool {
    fn not_read(&self) -> Option<String> {
        let Spool { behind, .. } = self;
        let s = if *behind == 1 { "" } else { "s" };
        (*behind > 0)
            .then(|| format!("not read: {behind} byte{s} behind the end of what is compressed with gzip"))
    }
}

impl Store for Spool {
    fn len(&mut self) -> io::Result<u64> {
        Ok(self.len)
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.read(buf)
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.write_all(bytes)?;
        self.len = self.len.max(offset + bytes.len() as u64);
        Ok(())
    }
    fn set_len(&mut self, len: u64) -> io::Result<()> {
        self.file.set_len(len)?;
        self.len = len;
        Ok(())
    }
}
