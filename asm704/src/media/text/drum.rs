//! The text of drums. Its lines of words are the same as in the text of reels.

use super::dump::write_words;
use super::undump::{bad, quoted, words};
use super::{Spelling, TextError};
use crate::Word;
use crate::media::drum::{DRUM_WORDS, DRUMS, DrumError, DrumFormat, read_drum, recognise};

/// The first line of every text of drums.
pub const FIRST_DRUM_LINE: &str = "704 drum text 1";

/// The text of a drum image, with every logical drum in it.
pub fn dump_drum(image: &[u8]) -> Result<String, DrumError> {
    let form = recognise(image)?;
    let mut out = Vec::new();
    let sections: Vec<(String, Vec<Word>)> = match form {
        DrumFormat::Sim704 => vec![(String::from("drum"), read_drum(image, 1)?.1)],
        DrumFormat::Simh => (1..=DRUMS)
            .zip(image.chunks(DRUM_WORDS * 8))
            .map(|(drum, part)| {
                let mut words = read_drum(image, drum)?.1;
                words.truncate(part.len() / 8);
                Ok((format!("drum {drum}"), words))
            })
            .collect::<Result<_, DrumError>>()?,
    };
    // writing to a vector does not fail
    let _ = write_sections(&mut out, form, &sections);
    Ok(String::from_utf8(out).unwrap_or_default())
}

fn write_sections(
    out: &mut dyn std::io::Write,
    form: DrumFormat,
    sections: &[(String, Vec<Word>)],
) -> std::io::Result<()> {
    writeln!(out, "{FIRST_DRUM_LINE}\nform {}", form.keyword())?;
    for (name, words) in sections {
        writeln!(out, "{name} {} words", words.len())?;
        let digits: Vec<u8> = words.iter().flat_map(|word| word.characters()).collect();
        write_words(out, &digits, Spelling::Binary, false)?;
    }
    Ok(())
}

/// Makes the image for which [`dump_drum`] gives this text.
pub fn undump_drum(text: &str) -> Result<Vec<u8>, TextError> {
    let mut form = None;
    let mut first = true;
    let mut image = Vec::new();
    // words expected, line that announced them, digits so far
    let mut open: Option<(usize, usize, Vec<u8>)> = None;
    let mut drums = 0;
    for (n, line) in text.lines().enumerate() {
        let n = n + 1;
        let line = line.split(';').next().unwrap_or("").trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let tokens: Vec<&str> = line.split_whitespace().collect();
        if first {
            first = false;
            if line != FIRST_DRUM_LINE {
                let expected = format!("`{FIRST_DRUM_LINE}`, the first line of the text of drums");
                return Err(bad(n, &expected, &quoted(&tokens)));
            }
            continue;
        }
        let Some(form) = form else {
            form = match tokens[..] {
                ["form", "sim704"] => Some(DrumFormat::Sim704),
                ["form", "simh"] => Some(DrumFormat::Simh),
                _ => return Err(bad(n, "`form sim704` or `form simh`", &quoted(&tokens))),
            };
            continue;
        };
        if line.starts_with([' ', '\t']) {
            let Some((wanted, _, digits)) = &mut open else {
                return Err(bad(n, "a line such as `drum 1 2048 words`", &quoted(&tokens)));
            };
            words(n, &tokens, 6 * *wanted, digits)?;
            continue;
        }
        close(open.take(), form, &mut image)?;
        drums += 1;
        let (expected, count) = match (form, &tokens[..]) {
            (DrumFormat::Sim704, ["drum", count, "words"]) if drums == 1 => {
                ("2048 words", count.parse().ok())
            }
            (DrumFormat::Simh, ["drum", drum, count, "words"])
                if *drum == drums.to_string() && drums <= DRUMS =>
            {
                ("1 to 2048 words, 2048 of all but the last drum", count.parse().ok())
            }
            _ => return Err(bad(n, "the next drum, such as `drum 1 2048 words`", &quoted(&tokens))),
        };
        let whole = image.len() % (DRUM_WORDS * 8) == 0;
        let good = |count: &usize| match form {
            DrumFormat::Sim704 => *count == DRUM_WORDS,
            DrumFormat::Simh => whole && (1..=DRUM_WORDS).contains(count),
        };
        let count = count.filter(good).ok_or_else(|| bad(n, expected, &quoted(&tokens)))?;
        open = Some((count, n, Vec::new()));
    }
    match (form, open) {
        (Some(form), open @ Some(_)) => close(open, form, &mut image)?,
        _ => return Err(bad(text.lines().count() + 1, "a drum", &"the end of the text")),
    }
    Ok(image)
}

/// Appends the words of a complete drum to the others.
fn close(
    open: Option<(usize, usize, Vec<u8>)>,
    form: DrumFormat,
    image: &mut Vec<u8>,
) -> Result<(), TextError> {
    let Some((wanted, line, digits)) = open else { return Ok(()) };
    if digits.len() != 6 * wanted {
        return Err(bad(line, &format!("{wanted} words on the next lines"), &(digits.len() / 6)));
    }
    for six in digits.chunks_exact(6) {
        let word = Word::from_characters(std::array::from_fn(|n| six[n]));
        match form {
            DrumFormat::Simh => image.extend(word.bits().to_le_bytes()),
            DrumFormat::Sim704 => {
                image.extend(word.address().to_le_bytes());
                image.extend(word.decrement().to_le_bytes());
                image.push(word.tag() | word.prefix() << 4);
            }
        }
    }
    Ok(())
}
