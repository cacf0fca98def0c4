//! Files that are not for a 704.

use super::{nine_track, read};
use crate::media::drum::{self, DRUMS, read_drum};
use crate::media::tape::{Store, TapeError};

/// A kind of file that a 704 cannot use as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Foreign {
    /// gzip.
    Gzip,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
    /// zstd.
    Zstd,
    /// compress, `.Z`.
    Compress,
    /// zip.
    Zip,
    /// 7z.
    SevenZip,
    /// tar.
    Tar,
    /// PDF.
    Pdf,
    /// A picture: PNG, JPEG, GIF, TIFF, DjVu.
    Picture,
    /// A web page, usually sent in place of a file that was not found.
    WebPage,
    /// A program of the host.
    HostProgram,
    /// Text in UTF-16.
    Utf16,
    /// Text in EBCDIC.
    EbcdicText,
    /// Text in another encoding.
    OtherText,
    /// A nine-track reel in SIMH's form, with the kind of its labels.
    NineTrack(Labels),
    /// A reel as SIMH writes it, but with the highest byte of lengths first.
    BigEndian,
    /// Words of 36 bits as on tapes and disks of a PDP-10: the number of bytes per word.
    Pdp10(u8),
    /// Paper tape.
    PaperTape,
    /// Nothing but zeros.
    Zeros,
}

/// The kind of the first record on a nine-track reel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Labels {
    /// No known label.
    None,
    /// Labels in EBCDIC.
    Ebcdic,
    /// Labels in ASCII.
    Ascii,
    /// Records of 36-bit words, five bytes per word, as a PDP-10 writes them.
    Pdp10,
}

/// Kinds recognised by the first bytes alone.
pub(in crate::media) fn by_first_bytes(head: &[u8]) -> Option<Foreign> {
    const MAGIC: [(&[u8], Foreign); 20] = [
        (b"\x1f\x8b\x08", Foreign::Gzip),
        (b"\xfd7zXZ\0", Foreign::Xz),
        (b"\x28\xb5\x2f\xfd", Foreign::Zstd),
        (b"\x1f\x9d\x90", Foreign::Compress),
        (b"PK\x03\x04", Foreign::Zip),
        (b"PK\x05\x06", Foreign::Zip),
        (b"7z\xbc\xaf\x27\x1c", Foreign::SevenZip),
        (b"%PDF", Foreign::Pdf),
        (b"\x89PNG\r\n\x1a\n", Foreign::Picture),
        (b"\xff\xd8\xff", Foreign::Picture),
        (b"GIF8", Foreign::Picture),
        (b"II*\0", Foreign::Picture),
        (b"MM\0*", Foreign::Picture),
        (b"AT&TFORM", Foreign::Picture),
        (b"\x7fELF", Foreign::HostProgram),
        (b"MZ\x90\0", Foreign::HostProgram),
        (b"\xcf\xfa\xed\xfe", Foreign::HostProgram),
        (b"\xff\xfe", Foreign::Utf16),
        (b"\xfe\xff", Foreign::Utf16),
        (b"\xef\xbb\xbf<html", Foreign::WebPage),
    ];
    let found = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, found)| *found);
    if let Some(found) = found {
        // a gap or an end of medium of a reel can begin the same way
        let is_reel = found == Foreign::Utf16 && head.len() >= 4 && head[2..4] == [0xff, 0xff];
        return (!is_reel && (found != Foreign::Utf16 || is_utf16(head))).then_some(found);
    }
    if head.starts_with(b"BZh") && head.get(4..10) == Some(b"1AY&SY") {
        return Some(Foreign::Bzip2);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(Foreign::Tar);
    }
    let start: Vec<u8> = head
        .iter()
        .copied()
        .skip_while(u8::is_ascii_whitespace)
        .take(14)
        .map(|byte| byte.to_ascii_lowercase())
        .collect();
    (start.starts_with(b"<!doctype html") || start.starts_with(b"<html") || start.starts_with(b"<?xml"))
        .then_some(Foreign::WebPage)
}

/// True if every other byte of the beginning is zero, or nearly so: ASCII letters.
fn is_utf16(head: &[u8]) -> bool {
    let pairs = &head[2..head.len().min(514)];
    let low = usize::from(head[0] == 0xff);
    let zeros = pairs.iter().skip(low).step_by(2).filter(|&&byte| byte == 0).count();
    pairs.len() >= 2 && 4 * zeros >= pairs.len()
}

/// The kind recognised by the arrangement of the bytes, for a file that is neither reel nor deck.
pub(super) fn by_structure(
    store: &mut dyn Store,
    len: u64,
    head: &[u8],
) -> Result<Option<Foreign>, TapeError> {
    if let Some(labels) = nine_track::labels(store, len, false)? {
        return Ok(Some(Foreign::NineTrack(labels)));
    }
    if nine_track::is_big_endian(store, len)? {
        return Ok(Some(Foreign::BigEndian));
    }
    if len.is_multiple_of(8) && is_words_of_8(head) {
        return Ok(Some(Foreign::Pdp10(8)).filter(|_| len > super::LARGEST_DRUM));
    }
    if is_ebcdic(head) {
        return Ok(Some(Foreign::EbcdicText));
    }
    if is_other_text(head) {
        return Ok(Some(Foreign::OtherText));
    }
    if is_paper_tape(store, len, head)? {
        return Ok(Some(Foreign::PaperTape));
    }
    if len.is_multiple_of(5) && len != 10_240 && is_words_of_5(head) {
        return Ok(Some(Foreign::Pdp10(5)));
    }
    Ok(None)
}

/// Whether a file with the size of a drum has only valid words.
pub(super) fn is_drum(bytes: &[u8]) -> bool {
    drum::recognise(bytes).is_ok() && (1..=DRUMS).all(|number| read_drum(bytes, number).is_ok())
}

/// Words of 36 bits in eight bytes, lowest first.
fn is_words_of_8(head: &[u8]) -> bool {
    let mut words = head.chunks_exact(8);
    head.len() >= 64
        && words.all(|word| word[4] < 16 && word[5..] == [0; 3])
        && head.iter().any(|&byte| byte != 0)
}

/// Words of 36 bits in five bytes, highest first, with the last four bits in a byte of their own; not all of them zero.
fn is_words_of_5(head: &[u8]) -> bool {
    let words = head.chunks_exact(5);
    head.len() >= 100
        && words.clone().all(|word| word[4] < 16)
        && words.clone().any(|word| word[..4].iter().any(|&byte| byte > 0x7f))
        && 8 * words.clone().filter(|word| word[4] != 0).count() >= words.len()
}

/// Letters, digits, blanks and line ends in EBCDIC, and little else.
fn is_ebcdic(head: &[u8]) -> bool {
    let usual = |&&byte: &&u8| {
        matches!(byte, 0x40 | 0x15 | 0x25 | 0x0d | 0x05 | 0x4a..=0x50 | 0x5a..=0x61 | 0x6a..=0x6f | 0x79..=0x7f
            | 0x81..=0x89 | 0x91..=0x99 | 0xa2..=0xa9 | 0xc1..=0xc9 | 0xd1..=0xd9 | 0xe2..=0xe9 | 0xf0..=0xf9)
    };
    let letters = |&&byte: &&u8| matches!(byte, 0x81..=0x89 | 0x91..=0x99 | 0xa2..=0xa9 | 0xc1..=0xc9 | 0xd1..=0xd9 | 0xe2..=0xe9 | 0xf0..=0xf9);
    head.len() >= 16
        && 20 * head.iter().filter(usual).count() >= 19 * head.len()
        && 4 * head.iter().filter(letters).count() >= head.len()
        && head.contains(&0x40)
}

/// ASCII text with some letters of another encoding: few of its bytes have bit 7, and none is a control character.
fn is_other_text(head: &[u8]) -> bool {
    let control = |&&byte: &&u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a);
    let high = head.iter().filter(|&&byte| byte > 0x7e).count();
    head.len() >= 8 && head.iter().filter(control).count() == 0 && 8 * high <= head.len()
}

/// A leader of blank frames, then holes; or holes in channel 8 of every line that has any, as the PDP-1 punches programs.
fn is_paper_tape(store: &mut dyn Store, len: u64, head: &[u8]) -> Result<bool, TapeError> {
    const LEADER: usize = 8;
    let leader = head.iter().take_while(|&&byte| byte == 0).count();
    let tail = read(store, len.saturating_sub(64), 64)?;
    let trailer = tail.iter().rev().take_while(|&&byte| byte == 0).count();
    let holes: Vec<u8> = head.iter().copied().filter(|&byte| byte != 0).collect();
    let eighth = holes.iter().filter(|&&byte| byte & 0x80 != 0).count();
    // the PDP-8 and others punch a leader with only channel 8
    let leader_of_eight = head.iter().take_while(|&&byte| byte == 0x80).count();
    Ok((leader >= LEADER && !holes.is_empty())
        || leader_of_eight >= LEADER
        || (trailer >= LEADER && leader > 0 && !holes.is_empty())
        || (holes.len() >= 24 && 10 * eighth >= 9 * holes.len()))
}
