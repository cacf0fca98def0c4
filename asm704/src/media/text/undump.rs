//! Conversion from text to image.

use std::io::BufRead;

use super::{FIRST_LINE, LONGEST, LONGEST_FOLD, Spelling, TextError};
use crate::chars;
use crate::media::tape::{Item, Note, PARITY_BIT, Record, Store, TapeFormat, TapeImage, encode, frame};

/// The longest line that is read. [`super::dump`] writes none longer.
const LONGEST_LINE: u64 = 1 << 16;

/// Makes an image from the text of a reel, in the format of the text or in the one given. A format without gaps omits
/// them.
///
/// # Errors
/// [`TextError::Line`] for wrong text, and for garbage or an end of medium in a format other than the text's.
pub fn undump<S: Store>(
    text: &mut dyn BufRead,
    store: S,
    form: Option<TapeFormat>,
) -> Result<TapeImage<S>, TextError> {
    let mut lines = Lines { text, line: 0, buffer: String::new() };
    let own = read_head(&mut lines)?;
    let mut writer = Writer {
        image: TapeImage::create(store, form.unwrap_or(own))?,
        own,
        previous: 0,
        open: Open::Nothing,
        line: 0,
        bare_end: false,
    };
    while lines.next()? {
        let line = lines.content();
        if line.trim().is_empty() {
            continue;
        }
        let tokens: Vec<&str> = line.split_whitespace().collect();
        if line.starts_with([' ', '\t']) {
            writer.more(lines.line, &tokens)?;
        } else {
            writer.close()?;
            writer.line = lines.line;
            writer.begin(&tokens)?;
        }
    }
    writer.close()?;
    if writer.bare_end {
        writer.image.mark_end()?;
    }
    Ok(writer.image)
}

struct Lines<'a> {
    text: &'a mut dyn BufRead,
    line: usize,
    buffer: String,
}

impl Lines<'_> {
    /// Reads a line; false at the end.
    fn next(&mut self) -> Result<bool, TextError> {
        self.line += 1;
        let mut bytes = Vec::new();
        std::io::Read::take(&mut *self.text, LONGEST_LINE).read_until(b'\n', &mut bytes)?;
        if bytes.len() as u64 == LONGEST_LINE {
            return Err(bad(self.line, "a line of the text of a reel", &"a very long one"));
        }
        self.buffer = String::from_utf8(bytes)
            .map_err(|_| bad(self.line, "the text of a reel", &"bytes that are not text"))?;
        Ok(!self.buffer.is_empty())
    }

    /// The line without its comment.
    fn content(&self) -> &str {
        let line = self.buffer.split(';').next().unwrap_or("");
        if line.starts_with('#') { "" } else { line.trim_end() }
    }
}

pub(super) fn bad(line: usize, expected: &str, found: &impl std::fmt::Display) -> TextError {
    TextError::Line { line, expected: expected.to_owned(), found: found.to_string() }
}

pub(super) fn quoted(tokens: &[&str]) -> String {
    let text = tokens.join(" ");
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    format!("`{short}`")
}

fn read_head(lines: &mut Lines) -> Result<TapeFormat, TextError> {
    let there = lines.next()?;
    if !there || lines.content() != FIRST_LINE {
        let found = if there { quoted(&[lines.content()]) } else { String::from("an empty file") };
        return Err(bad(
            lines.line,
            &format!("`{FIRST_LINE}`, the first line of the text of a reel"),
            &found,
        ));
    }
    let expected = || TapeFormat::keywords().replacen("tap", "`form tap`", 1);
    while lines.next()? {
        let tokens: Vec<&str> = lines.content().split_whitespace().collect();
        let form = match tokens[..] {
            [] => continue,
            ["form", word] => TapeFormat::from_keyword(word),
            _ => None,
        };
        return form.ok_or_else(|| bad(lines.line, &expected(), &quoted(&tokens)));
    }
    Err(bad(lines.line, &expected(), &"the end of the text"))
}

/// The item whose lines are being read.
enum Open {
    Nothing,
    Record { spelling: Spelling, wanted: usize, digits: Vec<u8>, wrong: Vec<usize>, error: bool },
    Garbage { wanted: u64, so_far: u64 },
    Note { class: u8, wanted: usize, bytes: Vec<u8> },
}

struct Writer<S> {
    image: TapeImage<S>,
    /// The format of the text.
    own: TapeFormat,
    previous: usize,
    open: Open,
    /// The line on which the open item began.
    line: usize,
    /// True if the last thing written is an item, not raw bytes.
    bare_end: bool,
}

impl<S: Store> Writer<S> {
    fn begin(&mut self, tokens: &[&str]) -> Result<(), TextError> {
        const ITEMS: &str = "`record`, `mark`, `gap`, `end of medium`, `note`, `marker` or `garbage`";
        match *tokens {
            ["mark"] => self.item(&Item::Mark),
            ["gap", n] => {
                let good = n.parse().ok().filter(|&n: &u32| n as usize <= LONGEST);
                let expected = "a number of characters, at most 16777215";
                self.item(&Item::Gap(good.ok_or_else(|| bad(self.line, expected, &quoted(tokens)))?))
            }
            ["end", "of", "medium"] => {
                let bytes = self.own.end_of_medium();
                if bytes.is_empty() {
                    return Err(bad(self.line, ITEMS, &quoted(tokens)));
                }
                // another format ends with the last item
                if self.image.format() == self.own { self.raw(bytes) } else { Ok(()) }
            }
            ["marker", word] => {
                let good = u32::from_str_radix(word, 16).ok().filter(|_| word.len() == 8);
                let expected = "a word of 8 hexadecimal digits";
                let word = good.ok_or_else(|| bad(self.line, expected, &quoted(tokens)))?;
                self.note(Note::Marker(word))
            }
            ["note", class, n, "byte" | "bytes"] => {
                let class = u8::from_str_radix(class, 16).ok().filter(|&class| class < 0xf);
                let wanted = n.parse().ok().filter(|&n| n <= LONGEST);
                let expected = "the class of a note, 1 to 6 or 9 to E, and at most 16777215 bytes";
                let (class, wanted) =
                    class.zip(wanted).ok_or_else(|| bad(self.line, expected, &quoted(tokens)))?;
                self.open = Open::Note { class, wanted, bytes: Vec::new() };
                Ok(())
            }
            ["garbage", n, "byte" | "bytes"] => {
                let wanted = n.parse().map_err(|_| bad(self.line, "a number of bytes", &quoted(tokens)))?;
                if self.image.format() != self.own {
                    let expected = format!("no garbage, which only the form {} can hold", self.own);
                    return Err(bad(self.line, &expected, &quoted(tokens)));
                }
                self.open = Open::Garbage { wanted, so_far: 0 };
                Ok(())
            }
            ["record", spelling, n, unit, ref rest @ ..] => {
                let expected =
                    "`record`, binary or bcd or even, a number, `words` or `characters`, perhaps `error`";
                let wrong = || bad(self.line, expected, &quoted(tokens));
                let spelling = Spelling::from_keyword(spelling).ok_or_else(wrong)?;
                let n: usize = n.parse().map_err(|_| wrong())?;
                let wanted = match unit {
                    "word" | "words" => n.checked_mul(6).ok_or_else(wrong)?,
                    "character" | "characters" => n,
                    _ => return Err(wrong()),
                };
                let error = match rest {
                    [] => false,
                    ["error"] => true,
                    _ => return Err(wrong()),
                };
                if wanted > LONGEST {
                    return Err(bad(self.line, "at most 16777215 characters", &quoted(tokens)));
                }
                self.open = Open::Record { spelling, wanted, digits: Vec::new(), wrong: Vec::new(), error };
                Ok(())
            }
            _ => Err(bad(self.line, ITEMS, &quoted(tokens))),
        }
    }

    fn more(&mut self, line: usize, tokens: &[&str]) -> Result<(), TextError> {
        match &mut self.open {
            Open::Nothing => {
                Err(bad(line, "a line that begins an item, without blanks before it", &quoted(tokens)))
            }
            Open::Record { wanted, digits, wrong, .. } => {
                if let ["parity", "wrong", "at", places @ ..] = tokens {
                    for place in places {
                        let place = parse_place(place).filter(|place| place < wanted);
                        wrong.push(place.ok_or_else(|| {
                            bad(line, "places in the record, such as 00012.3", &quoted(tokens))
                        })?);
                    }
                    return Ok(());
                }
                words(line, tokens, *wanted, digits)
            }
            Open::Note { wanted, bytes, .. } => {
                bytes.extend(hexadecimal(line, tokens)?);
                if Vec::len(bytes) > *wanted {
                    return Err(bad(line, &format!("{wanted} bytes of a note"), &Vec::len(bytes)));
                }
                Ok(())
            }
            Open::Garbage { wanted, so_far } => {
                let bytes = hexadecimal(line, tokens)?;
                *so_far += bytes.len() as u64;
                if so_far > wanted {
                    return Err(bad(line, &format!("{wanted} bytes of garbage"), so_far));
                }
                self.raw(&bytes)
            }
        }
    }

    fn close(&mut self) -> Result<(), TextError> {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => Ok(()),
            Open::Garbage { wanted, so_far } if wanted == so_far => {
                let to = self.image.len()?;
                self.previous = self.image.block_before(to - wanted, to)?;
                Ok(())
            }
            Open::Note { class, wanted, bytes } if wanted == Vec::len(&bytes) => {
                self.note(if class == 0xe { Note::Description(bytes) } else { Note::Data { class, bytes } })
            }
            Open::Note { wanted, bytes, .. } => Err(bad(
                self.line,
                &format!("{wanted} bytes of the note on the next lines"),
                &Vec::len(&bytes),
            )),
            Open::Garbage { wanted, so_far } => {
                Err(bad(self.line, &format!("{wanted} bytes of garbage on the next lines"), &so_far))
            }
            Open::Record { wanted, digits, .. } if wanted != digits.len() => {
                Err(bad(self.line, &format!("{wanted} characters on the next lines"), &digits.len()))
            }
            Open::Record { spelling, digits, wrong, error, .. } => {
                let code = |core| if spelling == Spelling::Bcd { chars::core_to_tape(core) } else { core };
                let mut frames: Vec<u8> =
                    digits.into_iter().map(|d| frame(code(d), spelling.mode())).collect();
                for place in wrong {
                    frames[place] ^= PARITY_BIT;
                }
                self.item(&Item::Record(Record { frames, error }))
            }
        }
    }

    /// Writes a note, unless the format has none.
    fn note(&mut self, note: Note) -> Result<(), TextError> {
        let item = Item::Note(note);
        if encode(self.own, &item, 0).is_err() || !self.own.has_notes() {
            let expected = "a note that this form can hold";
            let Item::Note(note) = item else { return Ok(()) };
            return Err(bad(self.line, expected, &note));
        }
        self.item(&item)
    }

    fn item(&mut self, item: &Item) -> Result<(), TextError> {
        let bytes = encode(self.image.format(), item, self.previous)?;
        self.previous = if let Item::Record(record) = item { record.frames.len() } else { 0 };
        self.image.append_raw(&bytes)?;
        self.bare_end = true;
        Ok(())
    }

    fn raw(&mut self, bytes: &[u8]) -> Result<(), TextError> {
        self.previous = 0;
        self.bare_end = false;
        self.image.append_raw(bytes)?;
        Ok(())
    }
}

/// Reads bytes of two hexadecimal digits, or a number of equal ones.
fn hexadecimal(line: usize, tokens: &[&str]) -> Result<Vec<u8>, TextError> {
    let expected = "bytes of two hexadecimal digits, or `00 x 64`";
    let byte = |token: &str| {
        let two = token.len() == 2 && token.bytes().all(|b| b.is_ascii_hexdigit());
        u8::from_str_radix(token, 16).ok().filter(|_| two).ok_or_else(|| bad(line, expected, &quoted(tokens)))
    };
    if let [token, "x", n] = tokens {
        let n: usize = n.parse().map_err(|_| bad(line, expected, &quoted(tokens)))?;
        if n > LONGEST_FOLD {
            return Err(bad(line, "at most 1048576 equal bytes a line", &quoted(tokens)));
        }
        return Ok(vec![byte(token)?; n]);
    }
    tokens.iter().map(|token| byte(token)).collect()
}

/// Reads a position such as `00012.3`: character 3, from 0, of word 12, octal.
fn parse_place(text: &str) -> Option<usize> {
    let (word, character) = text.split_once('.')?;
    let character: usize = character.parse().ok().filter(|&c| c < 6)?;
    usize::from_str_radix(word, 8).ok()?.checked_mul(6)?.checked_add(character)
}

/// Reads one line of words: their position, or the first and last position of equal ones, then the words.
pub(super) fn words(
    line: usize,
    tokens: &[&str],
    wanted: usize,
    digits: &mut Vec<u8>,
) -> Result<(), TextError> {
    let Some((&place, words)) = tokens.split_first() else { return Ok(()) };
    let (first, last) = place.split_once('-').map_or((place, None), |(first, last)| (first, Some(last)));
    let (here, inside) = (Vec::len(digits) / 6, Vec::len(digits) % 6);
    let octal = |text: &str| usize::from_str_radix(text, 8).ok();
    if octal(first) != Some(here) || inside != 0 {
        return Err(bad(line, &format!("the place {here:05o} of the next word"), &quoted(tokens)));
    }
    let times = match last {
        None => 1,
        Some(last) => {
            let last =
                octal(last).filter(|&last| last >= here && words.len() == 1 && last < wanted.div_ceil(6));
            1 + last.ok_or_else(|| bad(line, "two places inside the record and one word", &quoted(tokens)))?
                - here
        }
    };
    for (n, word) in words.iter().enumerate() {
        let (sign, word) = match word.strip_prefix('-') {
            Some(magnitude) => (Some(0o40), magnitude),
            None => word.strip_prefix('+').map_or((None, *word), |magnitude| (Some(0), magnitude)),
        };
        let good = word.bytes().all(|b| (b'0'..=b'7').contains(&b)) && !word.is_empty();
        let short = n + 1 == words.len() && times == 1 && word.len() % 2 == 0 && sign.is_none();
        // after a sign, the first digit has two bits
        let unsigned = sign.is_none() || word < "4";
        if !good || !unsigned || word.len() > 12 || word.len() < 12 && !short {
            return Err(bad(line, "words of 12 octal digits", &quoted(&tokens[n + 1..=n + 1])));
        }
        let mut characters: Vec<u8> =
            word.as_bytes().chunks(2).map(|d| (d[0] - b'0') << 3 | (d[1] - b'0')).collect();
        characters[0] |= sign.unwrap_or(0);
        if Vec::len(digits) + characters.len() * times > wanted {
            return Err(bad(
                line,
                &format!("no more than {wanted} characters in the record"),
                &quoted(tokens),
            ));
        }
        for _ in 0..times {
            digits.extend_from_slice(&characters);
        }
    }
    Ok(())
}
