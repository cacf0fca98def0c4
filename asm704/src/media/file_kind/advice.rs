//! The name of each kind of file, and advice on what to do with it.

use std::fmt;

use super::foreign::Labels;
use super::{FileKind, Foreign, Place, Recognised};
use crate::media::card::CardFormat;

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Foreign::Gzip => "compressed with gzip",
            Foreign::Bzip2 => "compressed with bzip2",
            Foreign::Xz => "compressed with xz",
            Foreign::Zstd => "compressed with zstd",
            Foreign::Compress => "compressed with compress (.Z)",
            Foreign::Zip => "a zip archive",
            Foreign::SevenZip => "a 7z archive",
            Foreign::Tar => "a tar archive",
            Foreign::Pdf => "a PDF document",
            Foreign::Picture => "a picture",
            Foreign::WebPage => "a web page (HTML or XML)",
            Foreign::HostProgram => "a program for today's computers",
            Foreign::Utf16 => "text in UTF-16",
            Foreign::EbcdicText => "text in EBCDIC, the code of later machines",
            Foreign::OtherText => "text with letters that are neither ASCII nor UTF-8",
            Foreign::NineTrack(Labels::None) => "a nine-track reel in SIMH's form (characters of eight bits)",
            Foreign::NineTrack(Labels::Ebcdic) => "a nine-track reel in SIMH's form, with labels in EBCDIC",
            Foreign::NineTrack(Labels::Ascii) => "a nine-track reel in SIMH's form, with labels in ASCII",
            Foreign::NineTrack(Labels::Pdp10) => {
                "a nine-track reel in SIMH's form, with words of a PDP-10 in five characters each"
            }
            Foreign::BigEndian => "a reel with the lengths of SIMH's form, but their highest byte first",
            Foreign::Pdp10(8) => "words of 36 bits in eight bytes each, as disks of a PDP-10 are kept",
            Foreign::Pdp10(_) => "words of 36 bits in five bytes each, as a PDP-10 writes them",
            Foreign::PaperTape => {
                "probably paper tape: a leader of blank frames, or a hole in channel 8 of each line"
            }
            Foreign::Zeros => "nothing but zeros: file marks of a reel, or blank cards",
        })
    }
}

impl Foreign {
    /// Advice on what to do with it.
    fn advice(self) -> &'static str {
        match self {
            Foreign::Gzip => "unpack it with `gunzip`",
            Foreign::Bzip2 => "unpack it with `bunzip2`",
            Foreign::Xz => "unpack it with `unxz`",
            Foreign::Zstd => "unpack it with `unzstd`",
            Foreign::Compress => "unpack it with `uncompress`",
            Foreign::Zip | Foreign::SevenZip | Foreign::Tar => "unpack it, and give one of the files in it",
            Foreign::Pdf | Foreign::Picture => {
                "its contents must be typed in: one line per card, or one word per line (docs/formats.md)"
            }
            Foreign::WebPage => "the server sent a page in place of the file; fetch the file itself",
            Foreign::HostProgram => "a 704 cannot run it",
            Foreign::Utf16 => "convert it to ASCII, as with `iconv -f UTF-16 -t ASCII//TRANSLIT`",
            Foreign::EbcdicText => {
                "convert it to ASCII, as with `dd conv=ascii` or `iconv -f IBM037 -t ASCII`; cards of 80 characters without ends of lines need `cbs=80`"
            }
            Foreign::OtherText => {
                "cards have only letters, digits and a few signs of ASCII: convert it, as with `iconv -f LATIN1 -t ASCII//TRANSLIT`"
            }
            Foreign::NineTrack(_) => {
                "a 704 has seven tracks; look for the seven-track image of the same reel, or take the records out with a program for nine tracks"
            }
            Foreign::BigEndian => "reverse the four bytes of each length; records and marks stay as they are",
            Foreign::Pdp10(_) => {
                "the words fit a 704, the program does not; write data as `ADDRESS WORD` lines in octal (docs/formats.md)"
            }
            Foreign::PaperTape => "a 704 has no reader for it",
            Foreign::Zeros => {
                "--tape N=FILE takes it for a reel of marks, --cards FILE for blank cards; nothing in it can be loaded"
            }
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileKind::Empty => f.write_str("empty: a blank reel"),
            FileKind::Reel(form) => write!(f, "a reel in the form {form}"),
            FileKind::Deck(CardFormat::Cbn) => f.write_str("a deck in column binary"),
            FileKind::Deck(form) => write!(f, "a deck in the form {form}"),
            FileKind::Words => f.write_str("a deck as words (asm704 --format words)"),
            FileKind::Drum(form) => write!(f, "a drum in {form}'s form"),
            FileKind::CoreImage => f.write_str("a core image, ADDRESS WORD lines in octal"),
            FileKind::Source => f.write_str("source for asm704"),
            FileKind::FreeSource => f.write_str("source for asm704 in free form"),
            FileKind::LaterSource(found) => found.fmt(f),
            FileKind::Text => f.write_str("text"),
            FileKind::ReelText => f.write_str("the text of a reel"),
            FileKind::DrumText => f.write_str("the text of drums"),
            FileKind::Snapshot => f.write_str("a snapshot of a machine"),
            FileKind::EditList => f.write_str("an edit list of a deck"),
            FileKind::Job => f.write_str("a job file"),
            FileKind::Foreign(foreign) => foreign.fmt(f),
            FileKind::Unknown => f.write_str("an unknown kind of file"),
        }
    }
}

impl Recognised {
    /// Why a file cannot go to a place, with advice: `it is ..., expected ...: ...`. `None` if it can. For an unknown file the
    /// sentence does not name a kind; the readers of decks and reels say more about it.
    pub fn refusal(&self, place: Place) -> Option<String> {
        if goes_to(&self.kind, place) {
            return None;
        }
        let advice = match &self.kind {
            FileKind::Foreign(Foreign::Gzip) if matches!(place, Place::TapeUnit | Place::Drum) => {
                "unpack it with `gunzip`; what is compressed can be read, but not written".to_owned()
            }
            FileKind::Foreign(Foreign::Zeros) if place == Place::TapeUnit => {
                "4 to 8388608 of them, a multiple of 4, are a reel of marks".to_owned()
            }
            FileKind::Foreign(foreign) => foreign.advice().to_owned(),
            kind => instead(kind, place),
        };
        Some(format!("it is {}, expected {}: {advice}", self.kind, wanted(place)))
    }
}

/// The kinds of file a place takes.
const fn wanted(place: Place) -> &'static str {
    match place {
        Place::Program => "source, a core image, a deck, a reel or a job",
        Place::Hopper => "a deck",
        Place::TapeUnit => "a reel",
        Place::Drum => "a drum",
        Place::Source => "source",
        Place::Disassembler => "a deck, a reel or a core image",
        Place::Snapshot => "a snapshot",
    }
}

/// Whether a place takes a file of this kind.
fn goes_to(kind: &FileKind, place: Place) -> bool {
    let is_cards = matches!(
        kind,
        FileKind::Deck(_)
            | FileKind::Words
            | FileKind::Source
            | FileKind::FreeSource
            | FileKind::LaterSource(_)
            | FileKind::Text
            | FileKind::CoreImage
    );
    match place {
        Place::Program => matches!(
            kind,
            FileKind::Reel(_)
                | FileKind::Deck(_)
                | FileKind::Words
                | FileKind::CoreImage
                | FileKind::Source
                | FileKind::FreeSource
                | FileKind::Job
        ),
        Place::Hopper => is_cards,
        Place::TapeUnit => {
            matches!(kind, FileKind::Reel(_) | FileKind::Empty)
        }
        Place::Drum => matches!(kind, FileKind::Drum(_)),
        Place::Source => matches!(
            kind,
            FileKind::Source
                | FileKind::FreeSource
                | FileKind::LaterSource(_)
                | FileKind::Text
                | FileKind::Empty
        ),
        Place::Disassembler => {
            matches!(kind, FileKind::Reel(_) | FileKind::Deck(_) | FileKind::Words | FileKind::CoreImage)
        }
        Place::Snapshot => matches!(kind, FileKind::Snapshot),
    }
}

/// Advice for a file that was given for the wrong place.
pub(super) fn instead(kind: &FileKind, place: Place) -> String {
    let what = match (kind, place) {
        (FileKind::Empty, Place::Program) => {
            "nothing can be loaded from it; `--tape N=FILE --ring N` mounts it to be written"
        }
        (FileKind::Empty, Place::Hopper) => "a deck has at least one card",
        (FileKind::Empty, _) => "there is nothing in it",
        (FileKind::Reel(_), Place::Disassembler) => {
            "give it the ending .tap or .p7b to have it read as a reel"
        }
        (FileKind::Reel(_), Place::Snapshot) => "`asm704 disasm FILE` reads it",
        (FileKind::Reel(_), Place::Source) => {
            "`emu704 tape print FILE` shows text on it, `asm704 disasm FILE` makes source of a program"
        }
        (FileKind::Reel(_), Place::Program) => "`--tape 1=FILE --load tape` reads it as a reel",
        (FileKind::Reel(_), _) => {
            "it goes on a tape unit, --tape N=FILE; `emu704 tape ls FILE` shows what is on it"
        }
        (FileKind::Deck(_), Place::Snapshot | Place::Source) | (FileKind::CoreImage, Place::Snapshot) => {
            "`asm704 disasm FILE` makes source of it"
        }
        (FileKind::Deck(_), Place::Program) => "`--cards FILE --load cards` reads it as a deck",
        (FileKind::Deck(_), Place::Disassembler) => "give it the ending .cbn to have it read as a deck",
        (FileKind::Deck(_) | FileKind::Words, _) => {
            "it goes into the card reader, --cards FILE; `emu704 deck ls FILE` shows what is in it"
        }
        (FileKind::Drum(_), Place::Program) => {
            "it goes on a drum, --drum N=FILE, and `--load drum` loads from drum 1"
        }
        (FileKind::Drum(_), _) => "it goes on a drum, --drum N=FILE; `emu704 drum dump FILE` shows it",
        (FileKind::CoreImage, Place::Source) => "it is assembled already; `emu704 run FILE` runs it",
        (FileKind::CoreImage, _) => "`emu704 run FILE` puts it in core",
        (FileKind::Source | FileKind::FreeSource, Place::Disassembler | Place::Snapshot) => {
            "it is source already; `asm704 FILE` assembles it"
        }
        (FileKind::Source | FileKind::FreeSource, Place::TapeUnit) => {
            "`asm704 FILE --format tap` makes a reel that loads itself, `emu704 deck to-tape FILE` writes its cards on tape"
        }
        (FileKind::Source | FileKind::FreeSource, _) => {
            "`asm704 FILE` assembles it, `emu704 run FILE` runs it"
        }
        (FileKind::LaterSource(_), _) => "it needs a 709 or 7090 and their assembler",
        (FileKind::Text, Place::Program | Place::Source) => {
            "source has an operation in columns 8 to 10, and no line here has one (for free form, use --free or a name that ends in .sapf); data goes into the card reader, --cards FILE"
        }
        (FileKind::Text, Place::TapeUnit) => {
            "`emu704 deck to-tape FILE` writes it on tape, one line per card"
        }
        (FileKind::Text, _) => "it goes into the card reader, one line per card, --cards FILE",
        (FileKind::ReelText, _) => "`emu704 tape undump FILE -o REEL` makes the reel of it",
        (FileKind::DrumText, _) => "`emu704 drum undump FILE -o DRUM` makes the drum of it",
        (FileKind::Snapshot, Place::Disassembler) => "`emu704 disasm FILE` makes source of it",
        (FileKind::Snapshot, _) => {
            "`restore FILE` in the monitor or the panel restores it, `emu704 disasm FILE` shows its program"
        }
        (FileKind::EditList, _) => "`emu704 deck convert FILE -o -` makes the deck of it",
        (FileKind::Job, _) => "`emu704 run FILE` runs it",
        (FileKind::Foreign(foreign), _) => foreign.advice(),
        (FileKind::Unknown, Place::Hopper) => {
            "a deck is text, or cards of 160 bytes in column binary or in SIMH's binary or BCD form"
        }
        (FileKind::Unknown, Place::TapeUnit) => "a reel has records as in .tap, P7B, E11, TPC or AWS",
        (FileKind::Unknown, Place::Drum) => {
            "a drum has 10240 bytes (Sim704) or a multiple of 8 up to 131072 (SIMH)"
        }
        (FileKind::Unknown, Place::Snapshot) => "`save` in the monitor or the panel writes one",
        (FileKind::Unknown, Place::Source) => "source is text, one card per line",
        (FileKind::Unknown, _) => "docs/formats.md describes the formats",
    };
    what.to_owned()
}
