//! The bytes of an image, and the window through which they are read.

use std::io;

use super::TapeError;

/// Bytes at offsets. The library uses no host files; a program implements this trait for them.
pub trait Store {
    /// Number of bytes.
    fn len(&mut self) -> io::Result<u64>;
    /// True when there are no bytes.
    fn is_empty(&mut self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }
    /// Reads at most `buf.len()` bytes at `offset` and returns how many; 0 only at the end (or for an empty buffer).
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize>;
    /// Writes all of `bytes` at `offset`; a hole before it is filled with zeros.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Cuts the store to a length, or extends it with zeros.
    fn set_len(&mut self, len: u64) -> io::Result<()>;
}

impl Store for Vec<u8> {
    fn len(&mut self) -> io::Result<u64> {
        Ok(Vec::len(self) as u64)
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)).unwrap_or(&[]);
        let n = rest.len().min(buf.len());
        buf[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let start = usize::try_from(offset).map_err(|_| io::ErrorKind::FileTooLarge)?;
        let end = start.checked_add(bytes.len()).ok_or(io::ErrorKind::FileTooLarge)?;
        if Vec::len(self) < end {
            self.resize(end, 0);
        }
        self[start..end].copy_from_slice(bytes);
        Ok(())
    }

    fn set_len(&mut self, len: u64) -> io::Result<()> {
        self.resize(usize::try_from(len).map_err(|_| io::ErrorKind::FileTooLarge)?, 0);
        Ok(())
    }
}

impl<S: Store + ?Sized> Store for &mut S {
    fn len(&mut self) -> io::Result<u64> {
        (**self).len()
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        (**self).read_at(offset, buf)
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        (**self).write_at(offset, bytes)
    }
    fn set_len(&mut self, len: u64) -> io::Result<()> {
        (**self).set_len(len)
    }
}

impl<S: Store + ?Sized> Store for Box<S> {
    fn len(&mut self) -> io::Result<u64> {
        (**self).len()
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        (**self).read_at(offset, buf)
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        (**self).write_at(offset, bytes)
    }
    fn set_len(&mut self, len: u64) -> io::Result<()> {
        (**self).set_len(len)
    }
}

/// How many bytes are read at a time.
const WINDOW: usize = 1 << 16;

/// A store that keeps the last piece read, so that short records do not cost a call each.
#[derive(Debug)]
pub(super) struct Window<S: ?Sized> {
    len: Option<u64>,
    start: u64,
    bytes: Vec<u8>,
    store: S,
}

/// The window of some store or other. The codecs take this, so that they are compiled once and not for each kind of store.
pub(super) type View<'a> = Window<dyn Store + 'a>;

impl<S: Store> Window<S> {
    pub(super) fn new(store: S) -> Self {
        Window { len: None, start: 0, bytes: Vec::new(), store }
    }

    pub(super) fn into_inner(self) -> S {
        self.store
    }
}

impl<S: Store + ?Sized> Window<S> {
    pub(super) fn inner(&mut self) -> &mut S {
        self.forget();
        &mut self.store
    }

    fn forget(&mut self) {
        self.len = None;
        self.bytes.clear();
    }

    pub(super) fn len(&mut self) -> Result<u64, TapeError> {
        if let Some(len) = self.len {
            return Ok(len);
        }
        let len = self.store.len().map_err(|source| TapeError::Io { offset: 0, source })?;
        self.len = Some(len);
        Ok(len)
    }

    /// A copy of at most `n` bytes at `at`; fewer at the end. Allocates no more than the store holds.
    pub(super) fn read_up_to(&mut self, at: u64, n: usize) -> Result<Vec<u8>, TapeError> {
        let there = self.len()?.saturating_sub(at);
        let n = n.min(usize::try_from(there).unwrap_or(usize::MAX));
        let mut out = Vec::with_capacity(n);
        while out.len() < n {
            let piece = self.piece(at + out.len() as u64)?;
            let take = piece.len().min(n - out.len());
            if take == 0 {
                break;
            }
            out.extend_from_slice(&piece[..take]);
        }
        Ok(out)
    }

    /// `N` bytes at `at`, or as many as there are.
    pub(super) fn array<const N: usize>(&mut self, at: u64) -> Result<Result<[u8; N], usize>, TapeError> {
        let bytes = self.read_up_to(at, N)?;
        let n = bytes.len();
        Ok(bytes.try_into().map_err(|_| n))
    }

    /// Some bytes at `at`; none only at the end.
    pub(super) fn piece(&mut self, at: u64) -> Result<&[u8], TapeError> {
        if at < self.start || at >= self.start + self.bytes.len() as u64 {
            self.load(at)?;
        }
        Ok(&self.bytes[(at - self.start) as usize..])
    }

    /// Some bytes that end before `at`, with the offset of the first; none only at the beginning.
    pub(super) fn piece_before(&mut self, at: u64) -> Result<(u64, &[u8]), TapeError> {
        if at <= self.start || at > self.start + self.bytes.len() as u64 {
            self.load(at.saturating_sub(WINDOW as u64))?;
        }
        let n = (at - self.start).min(self.bytes.len() as u64) as usize;
        Ok((self.start, &self.bytes[..n]))
    }

    fn load(&mut self, at: u64) -> Result<(), TapeError> {
        let there = self.len()?.saturating_sub(at);
        let n = WINDOW.min(usize::try_from(there).unwrap_or(usize::MAX));
        self.bytes.resize(n, 0);
        self.start = at;
        let mut got = 0;
        while got < n {
            match self.store.read_at(at + got as u64, &mut self.bytes[got..]) {
                Ok(0) => break,
                Ok(more) => got += more,
                Err(source) if source.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => {
                    self.bytes.clear();
                    return Err(TapeError::Io { offset: at, source });
                }
            }
        }
        self.bytes.truncate(got);
        Ok(())
    }

    pub(super) fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), TapeError> {
        self.forget();
        self.store.write_at(at, bytes).map_err(|source| TapeError::Io { offset: at, source })
    }

    pub(super) fn truncate(&mut self, at: u64) -> Result<(), TapeError> {
        if self.len()? == at {
            return Ok(());
        }
        self.forget();
        self.store.set_len(at).map_err(|source| TapeError::Io { offset: at, source })
    }
}
