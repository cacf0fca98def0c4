//! The formats of image files: one row each, with all their differences except the codec.

use std::fmt;

use super::codec::Codec;

/// The formats of image files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TapeFormat {
    /// SIMH's `.tap`: a 32-bit length before and after each record. New reels are SIMH's unless something says otherwise.
    #[default]
    Simh,
    /// Paul Pierce's 7-bit format, `.p7b`: bit 7 marks the first character of a record.
    P7b,
    /// E11: as SIMH's, without the pad byte.
    E11,
    /// TPC: a 16-bit length before each record.
    Tpc,
    /// AWS: a header of six bytes before each block.
    Aws,
}

/// The properties of a format.
pub(super) struct Row {
    form: TapeFormat,
    /// Its name in commands and in the text of a reel.
    keyword: &'static str,
    /// Its name for people.
    name: &'static str,
    /// Endings of file names, without the dot, in lower case; the first is the format's own.
    endings: &'static [&'static str],
    /// True if a tape unit writes it; the others are only read and converted.
    for_units: bool,
    /// True if it can mark a record as bad.
    error_bit: bool,
    /// The largest number of characters in a record.
    pub(super) longest: usize,
    /// The bytes that mark the end of the medium; none if it is the end of the file.
    end_of_medium: &'static [u8],
    pub(super) codec: Codec,
}

/// The rows in the order of [`TapeFormat`], which the tests check.
static ROWS: [Row; 5] = [
    Row {
        form: TapeFormat::Simh,
        keyword: "tap",
        name: "SIMH .tap",
        endings: &["tap", "simh"],
        for_units: true,
        error_bit: true,
        longest: 0x00ff_ffff,
        end_of_medium: &[0xff; 4],
        codec: Codec::Simh { padded: true },
    },
    Row {
        form: TapeFormat::P7b,
        keyword: "p7b",
        name: "P7B",
        endings: &["p7b", "bcd"],
        for_units: true,
        error_bit: false,
        longest: usize::MAX,
        end_of_medium: &[0x80],
        codec: Codec::P7b,
    },
    Row {
        form: TapeFormat::E11,
        keyword: "e11",
        name: "E11",
        endings: &["e11"],
        for_units: false,
        error_bit: true,
        longest: 0x00ff_ffff,
        end_of_medium: &[0xff; 4],
        codec: Codec::Simh { padded: false },
    },
    Row {
        form: TapeFormat::Tpc,
        keyword: "tpc",
        name: "TPC",
        endings: &["tpc"],
        for_units: false,
        error_bit: false,
        longest: 0xfffe,
        end_of_medium: &[0xff; 2],
        codec: Codec::Tpc,
    },
    Row {
        form: TapeFormat::Aws,
        keyword: "aws",
        name: "AWS",
        endings: &["aws"],
        for_units: false,
        error_bit: false,
        longest: 0xffff,
        end_of_medium: &[],
        codec: Codec::Aws,
    },
];

const _: () = assert!(TapeFormat::ALL.len() == ROWS.len(), "each row is a form of ALL");

impl TapeFormat {
    /// All formats.
    pub const ALL: [TapeFormat; 5] =
        [TapeFormat::Simh, TapeFormat::P7b, TapeFormat::E11, TapeFormat::Tpc, TapeFormat::Aws];

    pub(super) fn row(self) -> &'static Row {
        match self {
            TapeFormat::Simh => const { &ROWS[0] },
            TapeFormat::P7b => const { &ROWS[1] },
            TapeFormat::E11 => const { &ROWS[2] },
            TapeFormat::Tpc => const { &ROWS[3] },
            TapeFormat::Aws => const { &ROWS[4] },
        }
    }

    /// The format for an ending without its dot: `tap`, `p7b`, `e11`, `tpc`, `aws`, in either case, and
    /// `simh` and `bcd`, which others use for the first two.
    pub fn from_extension(extension: &str) -> Option<TapeFormat> {
        let extension = extension.to_ascii_lowercase();
        ROWS.iter().find(|row| row.endings.contains(&extension.as_str())).map(|row| row.form)
    }

    /// The format with this [keyword](TapeFormat::keyword).
    pub fn from_keyword(keyword: &str) -> Option<TapeFormat> {
        ROWS.iter().find(|row| row.keyword == keyword).map(|row| row.form)
    }

    /// The word for the format in commands and in the text of a reel.
    pub fn keyword(self) -> &'static str {
        self.row().keyword
    }

    /// The keywords of all formats, for messages: `tap, p7b, e11, tpc or aws`.
    pub fn keywords() -> String {
        let [others @ .., last] = TapeFormat::ALL.map(TapeFormat::keyword);
        format!("{} or {last}", others.join(", "))
    }

    /// True for the two formats that a tape unit writes; the others are only read and converted.
    pub fn is_for_units(self) -> bool {
        self.row().for_units
    }

    /// True if the format can mark a record as bad.
    pub fn has_error_bit(self) -> bool {
        self.row().error_bit
    }

    /// True if the format holds notes beside the recording.
    pub fn has_notes(self) -> bool {
        matches!(self.row().codec, Codec::Simh { .. })
    }

    /// The bytes that mark the end of the medium; none in a format where the end of the file does.
    pub fn end_of_medium(self) -> &'static [u8] {
        self.row().end_of_medium
    }
}

impl fmt::Display for TapeFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_its_row() {
        for (place, form) in TapeFormat::ALL.into_iter().enumerate() {
            assert_eq!((form as usize, ROWS[place].form), (place, form));
            assert_eq!(TapeFormat::from_keyword(form.keyword()), Some(form));
            for ending in form.row().endings {
                assert_eq!(
                    TapeFormat::from_extension(&ending.to_uppercase()),
                    Some(form),
                    "one form an ending"
                );
            }
        }
        assert_eq!((TapeFormat::from_keyword("simh"), TapeFormat::from_extension("dat")), (None, None));
        assert_eq!(TapeFormat::keywords(), "tap, p7b, e11, tpc or aws");
    }
}
