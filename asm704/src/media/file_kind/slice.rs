//! Bytes in memory as a read-only store.

use std::io;

use crate::media::tape::Store;

/// Bytes that can be examined like those of a file, but not written.
#[derive(Debug, Clone, Copy)]
pub struct Slice<'a>(pub &'a [u8]);

impl Store for Slice<'_> {
    fn len(&mut self) -> io::Result<u64> {
        Ok(self.0.len() as u64)
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(self.0.len());
        let n = buf.len().min(self.0.len() - from);
        buf[..n].copy_from_slice(&self.0[from..from + n]);
        Ok(n)
    }
    fn write_at(&mut self, _offset: u64, _bytes: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }
    fn set_len(&mut self, _len: u64) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }
}
