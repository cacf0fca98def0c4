//! Recognising the format of an image from its bytes.

use super::store::{View, Window};
use super::{EndMark, Item, Note, Parity, Store, TapeError, TapeFormat, parity};
use crate::media::file_kind::{FileKind, Place, foreign, nine_track, text, what_is};

/// The most items and characters that are examined.
const ITEMS: usize = 64;
const CHARACTERS: u64 = 1 << 18;

/// How many bytes of the beginning are enough to recognise text.
const HEAD: usize = 1 << 16;

/// The most bytes of marks and gaps before the first record: more than a reel has room for.
const BARE: u64 = 8 << 20;

/// The format of an image, and a phrase for people that says how it was recognised. An empty image is a blank reel.
///
/// # Errors
/// [`TapeError::NotATape`] says what the file is instead.
pub fn recognise(store: &mut dyn Store) -> Result<(TapeFormat, String), TapeError> {
    recognise_window(&mut Window::new(store))
}

/// The format as from [`recognise`]; an error does not say what else the file is.
pub(in crate::media) fn recognise_form(store: &mut dyn Store) -> Result<(TapeFormat, String), TapeError> {
    form(&mut Window::new(store))
}

pub(super) fn recognise_window(store: &mut View<'_>) -> Result<(TapeFormat, String), TapeError> {
    match form(store) {
        Err(TapeError::NotATape { reason }) => {
            let found = what_is(store.inner(), Place::TapeUnit, None)?;
            let named = (found.kind != FileKind::Unknown).then(|| found.refusal(Place::TapeUnit)).flatten();
            Err(TapeError::NotATape { reason: named.unwrap_or(reason) })
        }
        other => other,
    }
}

fn form(store: &mut View<'_>) -> Result<(TapeFormat, String), TapeError> {
    let len = store.len()?;
    if len == 0 {
        return Ok((TapeFormat::default(), String::from("empty: a blank reel")));
    }
    if is_nothing_but_marks(store, len)? || is_told_by_its_beginning(&store.read_up_to(0, HEAD)?) {
        return Err(TapeError::NotATape { reason: looks(store)? });
    }
    if nine_track::labels(store.inner(), len, true)?.is_some() {
        return Err(TapeError::NotATape { reason: looks(store)? });
    }
    let simh = walk(store, TapeFormat::Simh)?;
    if simh.whole() {
        return Ok((TapeFormat::Simh, format!("{} with equal lengths before and after", simh.told())));
    }
    let e11 = walk(store, TapeFormat::E11)?;
    if e11.items - e11.markers > simh.items - simh.markers {
        return Ok((TapeFormat::E11, format!("{} with equal lengths and no pad byte", e11.told())));
    }
    let aws = walk(store, TapeFormat::Aws)?;
    if aws.whole() {
        return Ok((TapeFormat::Aws, format!("{} with headers of 6 bytes", aws.told())));
    }
    let tpc = walk(store, TapeFormat::Tpc)?;
    let is_tpc = tpc.is_tpc();
    // a length with bit 7, followed by 00, would be a P7B reel of one character: TPC must fit to the very end
    if is_tpc && has_blank(store)? && walk_up_to(store, TapeFormat::Tpc, usize::MAX, u64::MAX)?.is_tpc() {
        return Ok((TapeFormat::Tpc, format!("{} with a length of 2 bytes before", tpc.told())));
    }
    let p7b = walk(store, TapeFormat::P7b)?;
    let is_p7b = p7b.whole() && p7b.one_parity() && p7b.of_words() && p7b.not_blank() && !has_leader(store)?;
    if is_p7b && ends_well(store)? {
        return Ok((TapeFormat::P7b, format!("{} that begin with bit 7", p7b.told())));
    }
    if unfinished_p7b(store)? {
        return Ok((TapeFormat::P7b, String::from("a first record whose first character was never written")));
    }
    // a good beginning followed by a defect is still a reel; zeros look like marks, so there must be a record or a note
    if simh.items > simh.markers && simh.sure {
        return Ok((TapeFormat::Simh, format!("{} with equal lengths before and after", simh.told())));
    }
    if aws.items > 1 {
        return Ok((TapeFormat::Aws, format!("{} with headers of 6 bytes", aws.told())));
    }
    if is_p7b && p7b.surely_words() {
        return Ok((TapeFormat::P7b, format!("{} that begin with bit 7, in front of zeros", p7b.told())));
    }
    if is_tpc {
        return Ok((TapeFormat::Tpc, format!("{} with a length of 2 bytes before", tpc.told())));
    }
    match simh.error {
        Some(error) if plausible(store)? => return Err(error),
        _ => {}
    }
    Err(TapeError::NotATape { reason: looks(store)? })
}

/// The beginning of an image as a format reads it.
#[derive(Default)]
struct Walk {
    items: usize,
    records: usize,
    characters: u64,
    /// Characters in records of at least one word, and how many of them have the parity of most characters in their record.
    long: u64,
    agreeing: u64,
    /// True if there are only marks, gaps and markers, and not to the very end.
    bare: bool,
    /// Characters without a bit in any track.
    blank: u64,
    /// Single words that any bytes may be by chance.
    markers: usize,
    /// True if there is a record with a character, or a note: its length appears twice.
    sure: bool,
    error: Option<TapeError>,
}

impl Walk {
    fn whole(&self) -> bool {
        self.items > self.markers && !self.bare && self.error.is_none() && (self.sure || self.markers == 0)
    }

    /// False if most of it is blank tape.
    fn not_blank(&self) -> bool {
        8 * self.blank <= 7 * self.characters
    }

    /// True if the characters have a parity. Text and programs have none; a reel that is not worn out has one. A short reel may
    /// have one wrong character, as in a record cut by a power failure.
    fn one_parity(&self) -> bool {
        (self.agreeing + 1) * 8 >= self.long * 7
    }

    /// True if most characters are in records of at least one word. A file with bit 7 on every other byte (text in EBCDIC, or with
    /// accents) is not a reel; a few short records are.
    fn of_words(&self) -> bool {
        self.records < 8 || 2 * self.long >= self.characters
    }

    /// True if there are enough characters of one parity to be seven-track records, whatever follows the zeros after them.
    fn surely_words(&self) -> bool {
        const ENOUGH: u64 = 48;
        self.blank == 0 && self.long >= ENOUGH && self.agreeing * 8 >= self.long * 7
    }

    /// True if TPC is plausible. A length of two bytes fits many files by chance, so there must be records, and a parity.
    fn is_tpc(&self) -> bool {
        self.whole() && self.characters > 0 && self.one_parity()
    }

    fn record(&mut self, frames: &[u8]) {
        self.records += 1;
        let n = frames.len() as u64;
        self.characters += n;
        self.sure |= n > 0;
        let blank = frames.iter().map(|&frame| u64::from(frame == 0)).sum::<u64>();
        self.blank += blank;
        if n >= 6 {
            let odd = frames.iter().filter(|&&f| parity(f) == Parity::Odd).count() as u64;
            // a blank character has no parity
            self.long += n;
            self.agreeing += blank + odd.max(n - blank - odd);
        }
    }

    fn told(&self) -> String {
        match (self.items, self.records) {
            (1, 1) => String::from("a record"),
            (1, _) => String::from("a mark"),
            (n, r) if n == r => format!("{n} records"),
            (n, r) => format!("{n} items, {r} of them records"),
        }
    }
}

fn walk(store: &mut View<'_>, format: TapeFormat) -> Result<Walk, TapeError> {
    walk_up_to(store, format, ITEMS, CHARACTERS)
}

fn walk_up_to(
    store: &mut View<'_>,
    format: TapeFormat,
    items: usize,
    characters: u64,
) -> Result<Walk, TapeError> {
    let mut walk = Walk::default();
    let len = store.len()?;
    let end = format.row().codec.find_end(store)?.map_or(len, |end| end.at);
    let mut at = 0;
    let bare = |walk: &Walk, at| walk.records == 0 && at < BARE;
    while at < end && (walk.items < items || bare(&walk, at)) && walk.characters < characters {
        match format.row().codec.forward(store, at, end) {
            Ok(Some((item, next))) => {
                walk.items += 1;
                at = next;
                match item {
                    Item::Record(record) => walk.record(&record.frames),
                    Item::Note(Note::Marker(_)) => walk.markers += 1,
                    Item::Note(_) => walk.sure = true,
                    Item::Mark | Item::Gap(_) => {}
                }
            }
            Ok(None) => {
                // an image with only an end of medium
                let empty = at == 0 && format == TapeFormat::Simh;
                walk.items = walk.items.max(usize::from(empty));
                let mark = format.end_of_medium().len() as u64;
                walk.bare = walk.records == 0 && !walk.sure && !empty && at + mark < end;
                return Ok(walk);
            }
            Err(error @ TapeError::Io { .. }) => return Err(error),
            Err(error) => {
                walk.error = Some(error);
                return Ok(walk);
            }
        }
    }
    walk.bare = walk.records == 0 && !walk.sure && at < end;
    Ok(walk)
}

/// True if there are more zeros at the front than a reel has room for: the rest need not be read.
fn is_nothing_but_marks(store: &mut View<'_>, len: u64) -> Result<bool, TapeError> {
    let mut at = 0;
    while at <= BARE && at < len {
        let piece = store.piece(at)?;
        if piece.is_empty() || piece.iter().any(|&byte| byte != 0) {
            return Ok(false);
        }
        at += piece.len() as u64;
    }
    Ok(at > BARE)
}

/// True for files that name their own kind at the beginning. Their bytes could also be lengths and characters by chance.
fn is_told_by_its_beginning(head: &[u8]) -> bool {
    foreign::by_first_bytes(head).is_some() || text::by_first_bytes(head).is_some() || text::is_ascii(head)
}

/// True if a P7B reel would end near the beginning of the bytes.
fn has_blank(store: &mut View<'_>) -> Result<bool, TapeError> {
    let bytes = store.read_up_to(0, CHARACTERS as usize)?;
    Ok(bytes.iter().position(|&byte| byte == 0).is_some_and(|blank| 2 * blank < bytes.len()))
}

/// True if the front is blank as on paper tape; a reel begins with a record.
fn has_leader(store: &mut View<'_>) -> Result<bool, TapeError> {
    const LEADER: usize = 8;
    let bytes = store.read_up_to(0, LEADER)?;
    Ok(bytes.len() == LEADER && bytes.iter().all(|&byte| byte == 0))
}

/// True if the bytes after the end of a P7B reel are zeros, end marks of peers, or the rest of a record whose first character was
/// never written. Anything else near the beginning shows that the file is something else.
fn ends_well(store: &mut View<'_>) -> Result<bool, TapeError> {
    let Some(end) = TapeFormat::P7b.row().codec.find_end(store)? else { return Ok(true) };
    if end.at >= CHARACTERS {
        return Ok(true);
    }
    let bytes = store.read_up_to(end.at, CHARACTERS as usize)?;
    let behind = bytes.get(1..).unwrap_or(&[]);
    Ok(end.why != EndMark::Unfinished || behind.iter().all(|&byte| (1..0x80).contains(&byte)))
}

/// The remains of the first write of a P7B reel if the process ends during it: the first character is written last.
fn unfinished_p7b(store: &mut View<'_>) -> Result<bool, TapeError> {
    let bytes = store.read_up_to(0, CHARACTERS as usize)?;
    Ok(bytes.split_first().is_some_and(|(&hole, rest)| {
        hole == 0 && !rest.is_empty() && rest.iter().all(|&b| (1..0x80).contains(&b))
    }))
}

/// A first length that could belong to a cut-off SIMH image, followed by seven-track characters.
fn plausible(store: &mut View<'_>) -> Result<bool, TapeError> {
    let bytes = store.read_up_to(0, 4096)?;
    let Some((length, frames)) = bytes.split_first_chunk::<4>() else { return Ok(false) };
    let n = u32::from_le_bytes(*length);
    let frames = &frames[..frames.len().min((n & 0x00ff_ffff) as usize)];
    Ok(n & 0x7f00_0000 == 0 && !frames.is_empty() && frames.iter().all(|&frame| frame < 0o200))
}

fn looks(store: &mut View<'_>) -> Result<String, TapeError> {
    let bytes = store.read_up_to(0, 512)?;
    let text = bytes.iter().all(|&b| matches!(b, b'\t' | b'\n' | b'\r' | b' '..=b'~'));
    if text {
        return Ok(String::from("it is text; expected records as .tap, P7B, E11, TPC or AWS have them"));
    }
    let start: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok(format!(
        "offset 0: expected a record as .tap, P7B, E11, TPC or AWS have it, found bytes {}",
        start.join(" ")
    ))
}
