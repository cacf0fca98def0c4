//! Images of logical drums, in the formats of both peers (source: DRUM in docs/formats.md).

use std::fmt;

use crate::Word;

/// Words on a logical drum.
pub const DRUM_WORDS: usize = 2048;

/// Logical drums of a machine, numbered from 1.
pub const DRUMS: u8 = 8;

const SIM704_BYTES: usize = DRUM_WORDS * 5;
const SIMH_BYTES: usize = DRUM_WORDS * 8;

/// The formats of drum images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DrumFormat {
    /// One logical drum, 5 bytes per word: address, decrement (16 bits each, lowest byte first), then tag and, 4 bits higher, prefix.
    #[default]
    Sim704,
    /// All drums one after another, 8 bytes per word, lowest byte first; the file ends after the last word that was written.
    Simh,
}

impl DrumFormat {
    /// The word for the format in the text of drums and in JSON: `sim704` or `simh`.
    pub const fn keyword(self) -> &'static str {
        match self {
            DrumFormat::Sim704 => "sim704",
            DrumFormat::Simh => "simh",
        }
    }
}

impl fmt::Display for DrumFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DrumFormat::Sim704 => "Sim704",
            DrumFormat::Simh => "SIMH",
        })
    }
}

/// A defect in the bytes of a drum image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrumError {
    /// No format has this size.
    #[error(
        "not an image of a drum: expected 10240 bytes (Sim704) or a multiple of 8 up to 131072 (SIMH), found {found}"
    )]
    Size {
        /// The size found, in bytes.
        found: usize,
    },
    /// The bytes of a word have bits set that a word does not have.
    #[error("offset {offset}: expected {expected}, found {found}")]
    Word {
        /// The offset of the word.
        offset: usize,
        /// The expected bytes.
        expected: &'static str,
        /// The bytes found.
        found: String,
    },
    /// The drum number is not 1 to 8.
    #[error("logical drum {0}: expected 1 to 8")]
    Number(u8),
}

/// The format of an image, by its size.
pub fn recognise(bytes: &[u8]) -> Result<DrumFormat, DrumError> {
    match bytes.len() {
        SIM704_BYTES => Ok(DrumFormat::Sim704),
        n if n > 0 && n % 8 == 0 && n <= SIMH_BYTES * usize::from(DRUMS) => Ok(DrumFormat::Simh),
        found => Err(DrumError::Size { found }),
    }
}

/// The 2,048 words of logical drum `drum`, 1 to 8. The number selects the drum in SIMH's form; words past the end of
/// such an image are zero.
pub fn read_drum(bytes: &[u8], drum: u8) -> Result<(DrumFormat, Vec<Word>), DrumError> {
    let format = recognise(bytes)?;
    let start = simh_start(drum)?;
    let mut words = match format {
        DrumFormat::Sim704 => bytes
            .chunks_exact(5)
            .enumerate()
            .map(|(n, b)| sim704_word(n * 5, b))
            .collect::<Result<Vec<_>, _>>()?,
        DrumFormat::Simh => {
            let part = bytes.get(start..bytes.len().min(start + SIMH_BYTES)).unwrap_or(&[]);
            let word = |(n, b): (usize, &[u8])| simh_word(start + n * 8, b);
            part.chunks_exact(8).enumerate().map(word).collect::<Result<Vec<_>, _>>()?
        }
    };
    words.resize(DRUM_WORDS, Word::ZERO);
    Ok((format, words))
}

/// Makes the image of a drum. In SIMH's form the other drums of `old` are kept.
pub fn write_drum(words: &[Word], format: DrumFormat, drum: u8, old: &[u8]) -> Result<Vec<u8>, DrumError> {
    let start = simh_start(drum)?;
    let words = words.iter().copied().chain(std::iter::repeat(Word::ZERO)).take(DRUM_WORDS);
    Ok(match format {
        DrumFormat::Sim704 => words
            .flat_map(|w| {
                let ([a, b], [c, d]) = (w.address().to_le_bytes(), w.decrement().to_le_bytes());
                [a, b, c, d, w.tag() | w.prefix() << 4]
            })
            .collect(),
        DrumFormat::Simh => {
            let mut bytes = old[..old.len().min(SIMH_BYTES * usize::from(DRUMS))].to_vec();
            bytes.resize(bytes.len().max(start + SIMH_BYTES), 0);
            for (to, word) in bytes[start..].chunks_exact_mut(8).zip(words) {
                to.copy_from_slice(&word.bits().to_le_bytes());
            }
            bytes
        }
    })
}

fn simh_start(drum: u8) -> Result<usize, DrumError> {
    if (1..=DRUMS).contains(&drum) {
        Ok(usize::from(drum - 1) * SIMH_BYTES)
    } else {
        Err(DrumError::Number(drum))
    }
}

fn sim704_word(offset: usize, bytes: &[u8]) -> Result<Word, DrumError> {
    let address = u16::from_le_bytes([bytes[0], bytes[1]]);
    let decrement = u16::from_le_bytes([bytes[2], bytes[3]]);
    if address > 0o77777 || decrement > 0o77777 || bytes[4] & 0x88 != 0 {
        let found = bytes.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(" ");
        let expected = "5 bytes of a word (address and decrement of 15 bits, tag and prefix of 3)";
        return Err(DrumError::Word { offset, expected, found });
    }
    Ok(Word::from_fields(bytes[4] >> 4, decrement, bytes[4] & 7, address))
}

fn simh_word(offset: usize, bytes: &[u8]) -> Result<Word, DrumError> {
    let mut eight = [0; 8];
    eight.copy_from_slice(bytes);
    let bits = u64::from_le_bytes(eight);
    if bits > Word::MASK {
        let expected = "8 bytes of a word of 36 bits";
        return Err(DrumError::Word { offset, expected, found: format!("0x{bits:x}") });
    }
    Ok(Word::new(bits))
}
