//! What the bytes behind an image do: writes that end early or fail, reads that must be tried again.

use std::io;

use asm704::media::tape::{Item, Mode, Record, Store, TapeError, TapeFormat, TapeImage, record_from_words};

use super::{bytes_of, forward, record, words};

/// Keeps the bytes as they are after each change: what the file holds when the process ends there.
#[derive(Default)]
struct Log {
    bytes: Vec<u8>,
    states: Vec<Vec<u8>>,
}

impl Store for Log {
    fn len(&mut self) -> io::Result<u64> {
        Store::len(&mut self.bytes)
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.bytes.read_at(offset, buf)
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        // a write may be done in part, too
        for (n, byte) in bytes.iter().enumerate() {
            self.bytes.write_at(offset + n as u64, &[*byte])?;
            // but the four bytes of a length are written in one piece
            if bytes.len() != 4 || n == 3 {
                self.states.push(self.bytes.clone());
            }
        }
        Ok(())
    }
    fn set_len(&mut self, len: u64) -> io::Result<()> {
        Store::set_len(&mut self.bytes, len)?;
        self.states.push(self.bytes.clone());
        Ok(())
    }
}

#[test]
fn killed_at_any_write_the_image_holds_whole_records() {
    let old = [record(&[0o001; 300]), Item::Mark, record(&[0o161, 0o162, 0o012])];
    let new = Item::Record(record_from_words(&words("777777777777 0 123456701234 0 1"), Mode::Binary));
    for format in [TapeFormat::Simh, TapeFormat::P7b] {
        let bytes = bytes_of(format, &old);
        for keep in 0..=old.len() {
            let mut image = TapeImage::open_as(Log { bytes: bytes.clone(), states: vec![] }, format).unwrap();
            let mut at = 0;
            for _ in 0..keep {
                at = image.read_forward(at).unwrap().unwrap().1;
            }
            at = image.write(at, &new).unwrap();
            image.write(at, &Item::Mark).unwrap();
            let mut whole = old[..keep].to_vec();
            whole.extend([new.clone(), Item::Mark]);
            let states = image.into_store().states;
            assert!(states.len() > 20);
            for state in states {
                let mut left = TapeImage::open(state).unwrap();
                let left = forward(&mut left).unwrap();
                assert!(left.len() >= keep && whole.starts_with(&left), "{format} {left:?}");
            }
        }
    }
}

/// A disk with room for so many more bytes; a write that does not fit is done in part.
struct FullDisk {
    bytes: Vec<u8>,
    room: usize,
}

impl Store for FullDisk {
    fn len(&mut self) -> io::Result<u64> {
        Store::len(&mut self.bytes)
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.bytes.read_at(offset, buf)
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let n = bytes.len().min(self.room);
        self.room -= n;
        self.bytes.write_at(offset, &bytes[..n])?;
        if n < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
    fn set_len(&mut self, len: u64) -> io::Result<()> {
        Store::set_len(&mut self.bytes, len)
    }
}

#[test]
fn a_write_that_fails_leaves_the_reel_that_was_there() {
    let old = [record(&[0o001; 30]), Item::Mark];
    let new = Item::Record(Record::new(vec![0o002; 50]));
    for format in [TapeFormat::Simh, TapeFormat::P7b] {
        let bytes = bytes_of(format, &old);
        let whole = bytes_of(format, &[&old[..], std::slice::from_ref(&new)].concat());
        for room in 0..whole.len() - bytes.len() {
            let mut image = TapeImage::open_as(FullDisk { bytes: bytes.clone(), room }, format).unwrap();
            let error = image.write(bytes.len() as u64, &new).unwrap_err();
            assert!(matches!(error, TapeError::Io { .. }), "{format} {room}: {error}");
            assert_eq!(image.into_store().bytes, bytes, "{format} {room}");
        }
    }
}

/// A host that interrupts every other read, and gives a few bytes only in the others.
struct Interrupting {
    bytes: Vec<u8>,
    interrupt: bool,
}

impl Store for Interrupting {
    fn len(&mut self) -> io::Result<u64> {
        Store::len(&mut self.bytes)
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.interrupt = !self.interrupt;
        if self.interrupt {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let n = buf.len().min(5);
        self.bytes.read_at(offset, &mut buf[..n])
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.bytes.write_at(offset, bytes)
    }
    fn set_len(&mut self, len: u64) -> io::Result<()> {
        Store::set_len(&mut self.bytes, len)
    }
}

#[test]
fn a_read_that_is_interrupted_is_tried_again() {
    let items = [record(&[0o001; 30]), Item::Mark, record(&[0o161, 0o162, 0o012])];
    for format in [TapeFormat::Simh, TapeFormat::P7b] {
        let store = Interrupting { bytes: bytes_of(format, &items), interrupt: false };
        let mut image = TapeImage::open(store).unwrap();
        assert_eq!(image.format(), format);
        let found: Vec<Item> = image.items(0).map(|item| item.unwrap().1).collect();
        assert_eq!(found, items, "{format}");
    }
}
