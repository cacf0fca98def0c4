//! The times of the units, each in one place with its source and its certainty.
//!
//! Every figure can be set in a job file (`[figures.tape]` and so on); the unit is the tick of 1/3 microsecond.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::time::Ticks;

/// The certainty of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// Two independent sources, or a measurement.
    Sure,
    /// One good source.
    Likely,
    /// No source: chosen as the value that an engineer of the machine would find most likely.
    Guess,
}

/// A row of the table of figures.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Its name in a configuration.
    pub name: &'static str,
    /// Default, in ticks of 1/3 microsecond.
    pub value: Ticks,
    /// Its certainty.
    pub confidence: Confidence,
    /// Its source.
    pub source: &'static str,
    /// Its meaning.
    pub what: &'static str,
}

/// The largest value of a figure: 2^40 ticks, four days.
pub(crate) const LONGEST: Ticks = Ticks(1 << 40);

fn figure<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Ticks, D::Error> {
    let figure = Ticks::deserialize(deserializer)?;
    if figure > LONGEST {
        return Err(D::Error::custom(format_args!(
            "a figure of {} ticks: expected at most {}, four days",
            figure.0, LONGEST.0
        )));
    }
    Ok(figure)
}

macro_rules! figures {
    ($(#[$meta:meta])* $name:ident { $($field:ident = $value:expr, $confidence:ident, $source:literal, $what:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
        pub struct $name {
            $(#[doc = $what] #[doc = concat!("\n\nSource: ", $source, ".")]
            #[serde(deserialize_with = "figure")]
            pub $field: Ticks,)*
        }

        impl Default for $name {
            fn default() -> $name {
                $name { $($field: $value,)* }
            }
        }

        impl $name {
            /// The table of these figures.
            pub const TABLE: &'static [Figure] = &[
                $(Figure {
                    name: stringify!($field),
                    value: $value,
                    confidence: Confidence::$confidence,
                    source: $source,
                    what: $what,
                },)*
            ];
        }
    };
}

figures! {
    /// 727 magnetic tape unit with its 753 control.
    TapeFigures {
        character = Ticks(200), Sure, "TAPE: 75 in/s, 200 characters an inch", "One character, 66.67 us.";
        start = Ticks::millis(10), Likely, "TAPE: select to first character, about 10 ms", "From the select to the first character if the tape was at rest in a gap.";
        load_point = Ticks::millis(54), Sure, "JVG: the 54 ms single shot of the 753", "Additional time of a start at the load point.";
        end_of_file_gap = Ticks::millis(54), Sure, "JVG: the 54 ms single shot of the 753", "Tape erased before a file mark, and passed before the mark is read.";
        record_gap = Ticks::millis(10), Sure, "TAPE: 3/4 inch", "From the last character of a record to the first of the next at speed.";
        end_of_record = Ticks(500), Guess, "UNVERIFIED: 2 to 3 missing characters", "From the last character to the end of record trigger; less than the check character.";
        check_character = Ticks(800), Likely, "TAPE: four character spaces", "From the last character to the longitudinal check.";
        disconnect = Ticks::millis(2), Guess, "UNVERIFIED: length of an IOD", "From the check character until the interlock goes off.";
        keep_moving = Ticks::millis(1), Guess, "UNVERIFIED", "A select this soon after the disconnect finds the tape still at speed.";
        backspace = Ticks::millis(20), Guess, "UNVERIFIED: start and stop, reversed", "Time of a BST in addition to the length of the record.";
        erase_ahead = Ticks(16_000), Guess, "UNVERIFIED: 0.4 inch", "How far beyond the gap, or beyond the last character if the power fails, the erase head has cleared the old recording. As time at 75 in/s.";
        tolerance = Ticks(0), Guess, "UNVERIFIED: strict", "How late a CPY may be.";
        rewind_low = Ticks(50_800_000), Likely, "709 manual: 2,400 ft in 1.2 min, of which so much at 75 in/s", "Tape next to the load point that is rewound at low speed; the rest is rewound at 500 in/s. 106 ft, as time at 75 in/s.";
        reel = Ticks(1_152_000_000), Sure, "2,400 ft", "Length of a reel, as time at 75 in/s.";
        end_of_reel_spot = Ticks(8_640_000), Guess, "UNVERIFIED: 18 ft", "How far before the end of the reel the reflective spot is.";
        beyond_reel = Ticks(144_000_000), Guess, "UNVERIFIED: 300 ft; between hub and rim, 10.5 inches across, there is room for some 2,700 ft of tape 1.9 mils thick", "Tape wound on a reel beyond its length; after that the tape runs off.";
    }
}

figures! {
    /// 716 line printer, 150 lines a minute.
    PrinterFigures {
        cycle = Ticks::millis(400), Likely, "CARD: 24 points", "One print cycle.";
        first_row = Ticks::millis(66), Likely, "CARD", "From the start of a cycle to the 9 row.";
        row = Ticks(50_000), Likely, "CARD: 15 degrees", "From a row to the next, 16.67 ms.";
        right_half = Ticks::micros(800), Likely, "CARD: single shot of 750 us and a 50 us pulse", "From the left half of a row to the right half.";
        pulse = Ticks::micros(50), Likely, "CARD: a pulse of 50 us; GATE: 4 cycles", "The read-write pulse of a half row: when it begins, the unit disconnects if no CPY is executing; when it ends, the word moves.";
        clutch = Ticks::millis(213), Likely, "CARD: start from rest up to 213 ms", "The clutch of a resting printer can engage once in this time.";
        keep_running = Ticks::millis(114), Likely, "CARD", "A WPR or RPR this soon after the disconnect of a WPR keeps 150 lines a minute.";
        echo = Ticks(25_000), Guess, "UNVERIFIED: midway, as the points of CARD leave no other place", "From the row that was printed last to the left half of the echo that follows it.";
        keep_running_echo = Ticks::millis(17), Guess, "UNVERIFIED: what is left of the cycle", "The same after the disconnect of an RPR.";
    }
}

figures! {
    /// 711 card reader, 250 cards a minute. A degree of its cycle is 2/3 ms.
    CardReaderFigures {
        cycle = Ticks::millis(240), Sure, "CARD: 360 degrees; 250 cards a minute", "One card cycle.";
        clutch = Ticks::millis(45), Likely, "CARD: up to 71 x 0.64 ms", "The clutch of a resting reader can engage once in this time.";
        first_row = Ticks(190_000), Likely, "CARD: from 278 degrees to 13 degrees", "From the clutch to the 9 row, 63.3 ms.";
        row = Ticks::millis(12), Likely, "CARD: 18 degrees", "From a row to the next.";
        right_half = Ticks::micros(800), Likely, "CARD: single shot of 750 us and a 50 us pulse", "From the left half of a row to the right half.";
        pulse = Ticks::micros(50), Likely, "CARD: a pulse of 50 us; GATE: 4 cycles", "The read-write pulse of a half row: when it begins, the unit disconnects if no CPY is executing; when it ends, the word moves.";
        end_of_record = Ticks(20_000), Likely, "CARD: 10 degrees", "From the left half of the 12 row to the end of record, 6.67 ms.";
        disconnect = Ticks(8_000), Likely, "CARD: 4 degrees", "From the end of record, or of file, until the reader disconnects, 2.67 ms.";
        keep_running = Ticks::millis(22), Likely, "CARD: 33 degrees", "A select this soon after the disconnect keeps 250 cards a minute.";
    }
}

figures! {
    /// 721 card punch, 100 cards a minute.
    PunchFigures {
        cycle = Ticks::millis(600), Sure, "CARD: 14 points; 100 cards a minute", "One punch cycle.";
        clutch = Ticks::millis(300), Likely, "CARD: start from rest up to 300 ms", "The clutch of a resting punch can engage once in this time.";
        first_row = Ticks(244_286), Likely, "CARD: 19 units of 1/140 of the cycle", "From the clutch to the 9 row, 81.4 ms.";
        row = Ticks(128_571), Likely, "CARD: 1/14 of the cycle", "From a row to the next, 42.86 ms.";
        right_half = Ticks::micros(800), Likely, "CARD: single shot of 750 us and a 50 us pulse", "From the left half of a row to the right half.";
        pulse = Ticks::micros(50), Likely, "CARD: a pulse of 50 us; GATE: 4 cycles", "The read-write pulse of a half row: when it begins, the unit disconnects if no CPY is executing; when it ends, the word moves.";
        disconnect = Ticks(77_143), Likely, "CARD: 6 units of 1/140 of the cycle", "From the left half of the 12 row until the interlock goes off, 25.7 ms.";
        keep_running = Ticks::millis(4), Likely, "CARD", "A select this soon after the disconnect keeps 100 cards a minute.";
    }
}

figures! {
    /// 733 drum.
    DrumFigures {
        word = Ticks(288), Likely, "DRUM: 96 us, 10,000 words a second; 256 sectors a revolution", "From a word to the next; a revolution is 256 of them, 24.6 ms.";
        phase = Ticks(0), Guess, "UNVERIFIED: nothing sets it", "How far the drums have turned past address 0 when the time is 0, in addition to the random position at power on.";
    }
}

figures! {
    /// 740 CRT recorder.
    CrtFigures {
        point = Ticks(375), Guess, "UNVERIFIED: 8,000 points a second", "Time of a point.";
        film_advance = Ticks::millis(200), Guess, "UNVERIFIED", "Time of a film advance; the next point waits for it.";
    }
}

/// All figures.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Figures {
    /// Tape.
    pub tape: TapeFigures,
    /// Printer.
    pub printer: PrinterFigures,
    /// Card reader.
    pub card_reader: CardReaderFigures,
    /// Card punch.
    pub punch: PunchFigures,
    /// Drums.
    pub drum: DrumFigures,
    /// CRT recorder.
    pub crt: CrtFigures,
}

impl Figures {
    /// The tables of all units, by their names in a configuration.
    pub const TABLES: &'static [(&'static str, &'static [Figure])] = &[
        ("tape", TapeFigures::TABLE),
        ("printer", PrinterFigures::TABLE),
        ("card-reader", CardReaderFigures::TABLE),
        ("punch", PunchFigures::TABLE),
        ("drum", DrumFigures::TABLE),
        ("crt", CrtFigures::TABLE),
    ];
}
