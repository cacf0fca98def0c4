//! Reading files compressed with gzip as if they were not. Only the commands do this; the library never unpacks bytes.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use flate2::bufread::GzDecoder;

/// The first bytes of a file compressed with gzip.
pub const MAGIC: [u8; 3] = [0x1f, 0x8b, 0x08];

type Source<R> = BufReader<Chain<Cursor<Vec<u8>>, R>>;

/// A reader that unpacks gzip and passes everything else through.
#[derive(Debug)]
pub struct Unpacked<R: Read> {
    state: State<R>,
    /// Bytes already unpacked but not yet returned.
    first: Cursor<Vec<u8>>,
    behind: u64,
}

#[derive(Debug)]
enum State<R: Read> {
    Plain(Source<R>),
    Packed(GzDecoder<Source<R>>),
    Ended,
}

impl<R: Read> Unpacked<R> {
    /// Starts reading: examines the first bytes.
    ///
    /// # Errors
    /// Errors of the reader; the file is compressed twice, or damaged.
    pub fn new(mut input: R) -> io::Result<Unpacked<R>> {
        let mut first = Vec::with_capacity(MAGIC.len());
        input.by_ref().take(MAGIC.len() as u64).read_to_end(&mut first)?;
        let packed = first == MAGIC;
        let source = BufReader::new(Cursor::new(first).chain(input));
        let state = if packed { State::Packed(GzDecoder::new(source)) } else { State::Plain(source) };
        let mut unpacked = Unpacked { state, first: Cursor::default(), behind: 0 };
        if packed {
            let mut first = Vec::with_capacity(MAGIC.len());
            unpacked.by_ref().take(MAGIC.len() as u64).read_to_end(&mut first)?;
            if first == MAGIC {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "gzip in gzip: gunzip it once, and give what comes out",
                ));
            }
            unpacked.first = Cursor::new(first);
        }
        Ok(unpacked)
    }

    /// How many bytes follow the end of the compressed data, once that is reached. Zeros, which fill up a block, do not count.
    pub fn behind(&self) -> u64 {
        self.behind
    }

    /// True if the input is compressed.
    pub fn is_packed(&self) -> bool {
        !matches!(self.state, State::Plain(_))
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let n = self.first.read(buf)?;
        if n > 0 {
            return Ok(n);
        }
        loop {
            match &mut self.state {
                State::Plain(source) => return source.read(buf),
                State::Ended => return Ok(0),
                State::Packed(decoder) => {
                    let n = decoder.read(buf).map_err(damaged)?;
                    if n > 0 {
                        return Ok(n);
                    }
                }
            }
            // more compressed data may follow, as after `cat a.gz b.gz`; anything else is padding
            let State::Packed(decoder) = std::mem::replace(&mut self.state, State::Ended) else {
                return Ok(0);
            };
            let mut source = decoder.into_inner();
            if source.fill_buf()?.first() != Some(&MAGIC[0]) {
                self.behind = count(&mut source)?;
                return Ok(0);
            }
            self.state = State::Packed(GzDecoder::new(source));
        }
    }
}

/// How many bytes are left; 0 if they are all zero.
fn count(source: &mut impl BufRead) -> io::Result<u64> {
    let (mut bytes, mut zeros) = (0, true);
    loop {
        let piece = source.fill_buf()?;
        if piece.is_empty() {
            return Ok(if zeros { 0 } else { bytes });
        }
        zeros &= piece.iter().all(|&byte| byte == 0);
        let n = piece.len();
        bytes += n as u64;
        source.consume(n);
    }
}

fn damaged(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::Interrupted => error,
        kind => io::Error::new(kind, format!("compressed with gzip, and damaged or cut off: {error}")),
    }
}

/// Reads the rest of a reader, unpacked; `None` if it is longer than `largest` bytes.
///
/// # Errors
/// Errors of the reader; the compressed data is damaged or is followed by other bytes.
pub fn read_all(input: impl Read, largest: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let mut unpacked = Unpacked::new(input)?;
    unpacked.by_ref().take(largest.saturating_add(1)).read_to_end(&mut bytes)?;
    if unpacked.behind > 0 {
        let what =
            format!("compressed with gzip, and {} bytes follow its end: cut them off", unpacked.behind);
        return Err(io::Error::new(io::ErrorKind::InvalidData, what));
    }
    Ok((bytes.len() as u64 <= largest).then_some(bytes))
}

/// Reads a file as [`read_all`] does. A file that is too long is refused before any of it is read.
///
/// # Errors
/// The errors of [`read_all`].
pub fn read_file(file: &std::fs::File, largest: u64) -> io::Result<Option<Vec<u8>>> {
    let found = file.metadata()?;
    if found.is_file() && found.len() > largest {
        return Ok(None);
    }
    read_all(file, largest)
}

/// The CRC-32 of bytes, as in gzip and zip: it distinguishes two files, but does not protect against intent.
pub fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn what_is_compressed_comes_out_and_everything_else_as_it_is() {
        let one = gzip(b"one ");
        for (bytes, expected) in [
            (one.clone(), &b"one "[..]),
            ([&one[..], &gzip(b"two")].concat(), b"one two"),
            ([&one[..], &[0; 512]].concat(), b"one "),
            (b"plain".to_vec(), b"plain"),
            (b"\x1f\x8b".to_vec(), b"\x1f\x8b"),
            (Vec::new(), b""),
        ] {
            assert_eq!(read_all(&bytes[..], 100).expect("memory").as_deref(), Some(expected));
        }
        assert!(read_all(&one[..one.len() - 9], 100).expect_err("cut off").to_string().contains("gzip"));
    }

    #[test]
    fn what_stands_behind_the_end_is_counted() {
        let one = gzip(b"one ");
        let mut unpacked = Unpacked::new(Cursor::new([&one[..], &[0; 9], b"more"].concat())).expect("gzip");
        let mut bytes = Vec::new();
        unpacked.read_to_end(&mut bytes).expect("memory");
        assert_eq!((&bytes[..], unpacked.behind()), (&b"one "[..], 13));
        let error = read_all(&[&one[..], b"more"].concat()[..], 100).expect_err("lost");
        assert!(error.to_string().contains("4 bytes follow its end"), "{error}");
    }

    #[test]
    fn gzip_in_gzip_is_named() {
        let error = Unpacked::new(Cursor::new(gzip(&gzip(b"one ")))).expect_err("refused");
        assert!(error.to_string().starts_with("gzip in gzip: gunzip it once"), "{error}");
    }

    /// The check value given in catalogues of CRCs.
    #[test]
    fn the_crc_is_that_of_gzip() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb = gzip(&vec![0; 1 << 20]);
        assert!(bomb.len() < 10_000);
        assert_eq!(read_all(&bomb[..], 1 << 16).expect("memory"), None);
        assert_eq!(read_all(&bomb[..], 1 << 20).expect("memory").map(|bytes| bytes.len()), Some(1 << 20));
    }
}
