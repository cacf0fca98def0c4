//! Conversion from image to text.

use std::io::Write;

use super::{FIRST_LINE, FOLD_BYTES, FOLD_WORDS, LONGEST, LONGEST_FOLD, Spelling, TextError};
use crate::Word;
use crate::chars::{self, Graphics};
use crate::isa::{self, Form};
use crate::media::tape::{
    EndMark, Item, Mode, Note, Record, Store, TapeError, TapeImage, encode, is_left_over,
};

/// How many bytes of garbage are examined together.
const PIECE: usize = 1 << 20;

/// Writes the canonical text of a reel. Bytes that this program would not have written in that format are written as garbage; a
/// comment says what they are read as, or what is wrong with them.
pub fn dump<S: Store>(image: &mut TapeImage<S>, out: &mut dyn Write) -> Result<(), TextError> {
    dump_with(image, out, false)
}

/// Writes the text as [`dump`] does. With `code`, comments show the words of binary records as instructions; `undump`
/// reads this text as well, but it is not the canonical text.
pub fn dump_with<S: Store>(
    image: &mut TapeImage<S>,
    out: &mut dyn Write,
    code: bool,
) -> Result<(), TextError> {
    let format = image.format();
    let len = image.len()?;
    writeln!(out, "{FIRST_LINE}\nform {}", format.keyword())?;
    let mut at = 0;
    // characters of the previous block, which AWS writes into each header
    let mut previous = 0;
    let mut gap = false;
    loop {
        match image.read_forward(at) {
            Ok(None) => break,
            Ok(Some((item, next))) => {
                let now = if let Item::Record(record) = &item { record.frames.len() } else { 0 };
                let length = match &item {
                    Item::Record(record) => record.frames.len(),
                    Item::Gap(n) => *n as usize,
                    Item::Note(note) => note.bytes().len(),
                    Item::Mark => 1,
                };
                let short = length <= LONGEST;
                let same =
                    short && encode(format, &item, previous)? == image.bytes_at(at, (next - at) as usize)?;
                if same {
                    write_item(out, &item, code, is_left_over(&item, gap))?;
                    previous = now;
                } else {
                    garbage(image, out, at, next, &reads_as(&item))?;
                    previous = image.block_before(at, next)?;
                }
                gap = matches!(item, Item::Gap(_));
                at = next;
            }
            Err(error @ TapeError::Io { .. }) => return Err(error.into()),
            Err(error) => {
                let next = image.next_plausible(at + 1)?.unwrap_or(len);
                garbage(image, out, at, next, &error.to_string())?;
                previous = image.block_before(at, next)?;
                at = next;
            }
        }
    }
    let ends = format.end_of_medium();
    if !ends.is_empty() && image.bytes_at(at, ends.len())? == ends {
        writeln!(out, "end of medium")?;
        at += ends.len() as u64;
    }
    if at < len {
        let what = match image.end_mark() {
            Some(EndMark::Stray) => "the last byte repeats the first of the last record",
            Some(EndMark::Zeros) => "zeros behind the end of the reel",
            _ => "behind the end of the reel",
        };
        garbage(image, out, at, len, what)?;
    }
    Ok(())
}

fn reads_as(item: &Item) -> String {
    match item {
        Item::Mark => String::from("read as a file mark"),
        Item::Gap(n) => format!("read as a gap of {n} characters"),
        Item::Record(record) => format!("read as a record of {} characters", record.frames.len()),
        Item::Note(note) => format!("read as {note}"),
    }
}

fn write_item(out: &mut dyn Write, item: &Item, code: bool, left_over: bool) -> Result<(), TextError> {
    match item {
        Item::Mark => writeln!(out, "mark")?,
        Item::Gap(n) => writeln!(out, "gap {n}")?,
        Item::Note(note) => write_note(out, note)?,
        Item::Record(record) => write_record(out, record, code, left_over)?,
    }
    Ok(())
}

fn write_note(out: &mut dyn Write, note: &Note) -> Result<(), TextError> {
    if let Note::Marker(word) = note {
        writeln!(out, "marker {word:08x}  ; {note}")?;
        return Ok(());
    }
    let n = note.bytes().len();
    let text = note.text().map_or_else(|| note.to_string(), |text| text.replace('\n', " / "));
    let short: String = text.chars().take(60).collect();
    let more = if short.len() < text.len() { " ..." } else { "" };
    writeln!(out, "note {:X} {n} byte{}  ; {short}{more}", note.class(), if n == 1 { "" } else { "s" })?;
    write_bytes(out, note.bytes())?;
    Ok(())
}

/// Writes lines of 16 bytes, with equal lines folded.
fn write_bytes(out: &mut dyn Write, bytes: &[u8]) -> std::io::Result<()> {
    let mut rest = bytes;
    while let Some(&first) = rest.first() {
        let run = |bytes: &[u8]| bytes.iter().take_while(|&&byte| byte == bytes[0]).count();
        let equal = run(rest).min(LONGEST_FOLD);
        if equal >= FOLD_BYTES {
            writeln!(out, "  {first:02x} x {equal}")?;
            rest = &rest[equal..];
            continue;
        }
        let end = (1..rest.len().min(16)).find(|&b| run(&rest[b..]) >= FOLD_BYTES);
        let (line, more) = rest.split_at(end.unwrap_or(rest.len().min(16)));
        let line: Vec<String> = line.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(out, "  {}", line.join(" "))?;
        rest = more;
    }
    Ok(())
}

fn write_record(out: &mut dyn Write, record: &Record, code: bool, left_over: bool) -> Result<(), TextError> {
    let spelling = spelling(record);
    let digits: Vec<u8> = record
        .frames
        .iter()
        .map(|frame| match spelling {
            Spelling::Bcd => chars::tape_to_core(frame & 0o77),
            Spelling::Binary | Spelling::Even => frame & 0o77,
        })
        .collect();
    let (n, unit) = match digits.len() {
        n if n % 6 == 0 => (n / 6, "word"),
        n => (n, "character"),
    };
    let plural = if n == 1 { "" } else { "s" };
    let error = match (left_over, record.error) {
        (true, _) => " error  ; left over: its beginning was written over",
        (false, true) => " error",
        (false, false) => "",
    };
    writeln!(out, "record {} {n} {unit}{plural}{error}", spelling.keyword())?;

    write_words(out, &digits, spelling, code)?;
    let wrong: Vec<usize> = record.wrong_parity(spelling.mode()).collect();
    for line in wrong.chunks(8) {
        let places: Vec<String> =
            line.iter().map(|place| format!("{:05o}.{}", place / 6, place % 6)).collect();
        writeln!(out, "  parity wrong at {}", places.join(" "))?;
    }
    Ok(())
}

/// Writes the lines of words, the last of which may be incomplete: 6 bits each in `digits`.
pub(super) fn write_words(
    out: &mut dyn Write,
    digits: &[u8],
    spelling: Spelling,
    code: bool,
) -> std::io::Result<()> {
    let words: Vec<&[u8]> = digits.chunks(6).collect();
    let mut at = 0;
    while at < words.len() {
        let run = run_of(&words[at..]);
        if run >= FOLD_WORDS {
            write!(out, "  {at:05o}-{:05o}  {}", at + run - 1, octal(words[at], spelling))?;
            if code && spelling == Spelling::Binary {
                write!(out, "  ; {}", instruction(words[at]).trim_end())?;
            }
            writeln!(out)?;
            at += run;
            continue;
        }
        // a line ends before a folded run
        let end = (at + 1..words.len().min(at + 4)).find(|&w| run_of(&words[w..]) >= FOLD_WORDS);
        let end = end.unwrap_or(words.len().min(at + 4));
        let line: Vec<String> = words[at..end].iter().map(|word| octal(word, spelling)).collect();
        write!(out, "  {at:05o}  {}", line.join(" "))?;
        if code && spelling == Spelling::Binary {
            let line: Vec<String> = words[at..end].iter().map(|word| instruction(word)).collect();
            write!(out, "  ; {}", line.join("  ").trim_end())?;
        }
        if spelling == Spelling::Bcd {
            let text = words[at..end].concat();
            let text: String = text.iter().map(|&core| chars::to_ascii(core, Graphics::Fortran)).collect();
            if !text.trim_end().is_empty() {
                write!(out, "  ; {}", text.trim_end())?;
            }
        }
        writeln!(out)?;
        at = end;
    }
    Ok(())
}

fn spelling(record: &Record) -> Spelling {
    match record.likely_mode() {
        Mode::Binary => Spelling::Binary,
        Mode::Bcd => {
            let exact = |frame: &u8| chars::core_to_tape(chars::tape_to_core(frame & 0o77)) == frame & 0o77;
            if record.frames.iter().all(exact) { Spelling::Bcd } else { Spelling::Even }
        }
    }
}

/// How many words at the beginning are the same full word.
fn run_of(words: &[&[u8]]) -> usize {
    match words.first() {
        Some(first) if first.len() == 6 => words.iter().take_while(|word| *word == first).count(),
        _ => 1,
    }
}

/// The word as an instruction, in the columns of the assembler: name, address, tag, decrement, all octal.
fn instruction(characters: &[u8]) -> String {
    let mut six = [0; 6];
    six[..characters.len()].copy_from_slice(characters);
    let word = Word::from_characters(six);
    let Some(op) = isa::decode(word) else { return format!("{:<18}", "-") };
    let (address, tag) = (word.address(), word.tag());
    let fields = match op.row().form {
        Form::TypeA => format!("{address:o},{tag},{:o}", word.decrement()),
        Form::None | Form::Micro => String::new(),
        _ if tag == 0 => format!("{address:o}"),
        _ => format!("{address:o},{tag}"),
    };
    format!("{:<18}", format!("{} {fields}", op.name()))
}

/// A word of a binary record with its sign, as is usual for the 704; otherwise two digits per character.
fn octal(word: &[u8], spelling: Spelling) -> String {
    if let (Spelling::Binary, Ok(six)) = (spelling, <[u8; 6]>::try_from(word)) {
        let word = Word::from_characters(six);
        let sign = if word.is_negative() { '-' } else { '+' };
        return format!("{sign}{:012o}", word.magnitude());
    }
    word.iter().flat_map(|c| [c >> 3, c & 7]).map(|digit| char::from(b'0' + digit)).collect()
}

fn garbage<S: Store>(
    image: &mut TapeImage<S>,
    out: &mut dyn Write,
    from: u64,
    to: u64,
    why: &str,
) -> Result<(), TextError> {
    let n = to - from;
    writeln!(out, "garbage {n} byte{}  ; {why}", if n == 1 { "" } else { "s" })?;
    let mut at = from;
    while at < to {
        let piece = image.bytes_at(at, PIECE.min((to - at) as usize))?;
        if piece.is_empty() {
            break;
        }
        write_bytes(out, &piece)?;
        at += piece.len() as u64;
    }
    Ok(())
}
