//! Which open questions a run has depended on: what is decided by a guess is noted where it is decided.
//!
//! docs/open-questions.md has every question under the same id, with the reading that was chosen. A run that met none of
//! them went as the real machine would have gone, as far as is known. The units note what they meet in every run;
//! what a CPU instruction depends on is looked for when [`crate::Machine::set_audit`] says so.

use std::collections::BTreeMap;

/// What a guess decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// What is in core, on paper or on a reel may be different.
    Result,
    /// Times may be different, and by them what a program does that comes too late, or counts.
    Time,
}

impl Effect {
    /// The effect in a word: `result` or `time`.
    pub fn name(self) -> &'static str {
        match self {
            Effect::Result => "result",
            Effect::Time => "time",
        }
    }
}

/// An open question that is watched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Its id in docs/open-questions.md.
    pub id: &'static str,
    /// What the guess decides.
    pub effect: Effect,
    /// What the run did; where a figure that is a guess decided, its table and its name in a configuration.
    pub what: &'static str,
}

macro_rules! questions {
    ($($name:ident = $id:literal, $effect:ident, $what:literal;)*) => {
        /// A question by its place in [`QUESTIONS`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Doubt { $($name,)* }

        /// All questions that are watched for, in the order of docs/open-questions.md.
        pub const QUESTIONS: &[Question] =
            &[$(Question { id: $id, effect: Effect::$effect, what: $what },)*];
    };
}

questions! {
    FdpZero = "fdp-zero", Result, "a floating division of a minus zero: AC got a plus sign";
    FdpCheck = "fdp-check", Result, "a floating division with divide check left AC 35 in MQ 8";
    FmpZeroHigh = "fmp-zero-high", Result, "the high half of a floating product was zero, the low half not: MQ 1-8";
    DvhStop = "dvh-stop", Result, "a DVH stopped with divide check: AC";
    EttSign = "ett-sign", Result, "0760 with the address 11 was executed: with a minus sign it is ETT";
    OtherSizes = "other-sizes", Result, "the core has 4,096 or 32,768 words; only a machine of 8,192 was measured";
    FadTime = "fad-time", Time, "a FAD or FSB took fewer than 7 or more than 11 cycles";

    UndefinedCode = "undefined-code", Result, "an operation code ran that the manual does not give";
    UndefinedLda = "undefined-lda", Result, "one of the codes 461 to 477, or -460, ran";
    UndefinedSelect = "undefined-select", Result, "an input-output code with a minus sign ran";
    UndefinedUnit = "undefined-unit", Result, "one of the codes 774 to 777 ran";
    SrInverted = "sr-inverted", Result, "-0502 or -0503 ran, or one of their kind: the storage register";
    SrNoTransfer = "sr-no-transfer", Result, "one of the codes -0040 to -0057 ran: the storage register";

    ResetWriting = "reset-writing", Result, "START, LOAD or RESET was pressed while a unit wrote";
    ResetLights = "reset-lights", Result, "RESET or CLEAR put sense lights out";
    LoadUnit = "load-unit", Result, "LOAD TAPE or LOAD DRUM was pressed";

    NearDeadline = "near-deadline", Result, "a CPY began less than 4 cycles before its unit would have let go, or less than 4 after it had";

    EndOfRecord = "end-of-record", Time, "a CPY waited for the end of a tape record (tape end-of-record)";
    LateEndOfRecord = "late-end-of-record", Result, "a CPY that began after the end of a tape record skipped two";
    PartialWord = "partial-word", Result, "the last word of a tape record was short of characters";
    LateCopy = "late-copy", Result, "a CPY was late for a tape by less than a character (tape tolerance)";
    Disconnect = "disconnect", Time, "the program waited until a tape had let go (tape disconnect)";
    EraseAhead = "erase-ahead", Result, "a tape was written where something was recorded before, farther on (tape erase-ahead)";
    KeepMoving = "keep-moving", Time, "a tape was selected so soon after it had let go that it may still have moved (tape keep-moving)";
    Backspace = "backspace", Time, "a BST moved a tape (tape backspace)";
    Unchecked = "unchecked", Result, "a tape record with an error passed after the program had let it go";
    Wts = "wts", Result, "a tape was selected to be written together with another";
    ErasedGap = "erased-gap", Result, "a WRS of a tape without a CPY erased some of it";
    ReelSpot = "reel-spot", Result, "writing passed the end-of-reel spot (tape end-of-reel-spot)";
    RewindLow = "rewind-low", Time, "the program waited for a tape that rewound (tape rewind-low)";
    BeyondReel = "beyond-reel", Result, "a tape ran off its reel (tape beyond-reel)";
    BlankTape = "blank-tape", Result, "a tape was read after its last record";
    PowerCut = "power-cut", Result, "the power failed while a record was written";

    LdaUse = "lda-use", Result, "LDA with more than 11 bits, with no drum selected, or among the CPYs";
    DrumPlaces = "drum-places", Time, "a drum was read or written: where its addresses are decides how long it seeks";
    IdleUnit = "idle-unit", Result, "a drum or CRT that waited for its first CPY let go for another unit";
    DrumPhase = "drum-phase", Time, "a drum was read or written: its position decides how long it seeks (drum phase)";

    Hazard = "hazard", Result, "a card machine let go in the first ER cycle of a CPY";
    Clutch = "clutch", Time, "a card machine or the printer started from rest";
    EmptyHopper = "empty-hopper", Result, "the card reader was selected with an empty hopper";
    Graphics = "graphics", Result, "one of the characters 13, 14, 34 and 74 was printed";
    NoCharacter = "no-character", Result, "a combination of holes was printed that is no character";
    SenseExits = "sense-exits", Result, "SPR 3, 6, 8 or 10 was given";
    Spt = "spt", Result, "SPT was given";
    SecondHalf = "second-half", Result, "columns after 48 were printed in the second half of a line";
    EchoTime = "echo-time", Time, "an echo of the printer was read (printer echo)";
    EchoPace = "echo-pace", Time, "the printer was selected soon after a RPR (printer keep-running-echo)";
    Spu = "spu", Result, "SPU was given";

    CrtBits = "crt-bits", Result, "a point was plotted";
    CrtTime = "crt-time", Time, "a point waited for the beam or for the film (crt point, crt film-advance)";

    DeadTube = "dead-tube", Result, "core had stuck bits";
}

/// What a run has depended on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// Which question.
    pub question: &'static Question,
    /// How often.
    pub count: u64,
    /// Machine cycle of the instruction that met it first, or of the unit's event.
    pub cycle: u64,
    /// Location of that instruction; of a unit's event, what IC held.
    pub at: u16,
}

/// What was met so far. Machines that differ in this are equal, and no snapshot holds it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Audit {
    /// CPU instructions are looked at, too.
    pub(crate) on: bool,
    /// The end of tape indicator as the last instruction found it.
    pub(crate) end_of_tape: bool,
    met: BTreeMap<Doubt, Met>,
}

#[derive(Debug, Clone, Copy)]
struct Met {
    count: u64,
    cycle: u64,
    at: u16,
}

impl Audit {
    /// The instruction at `at`, in this cycle, depends on a question.
    #[cold]
    pub(crate) fn note(&mut self, doubt: Doubt, at: u16, cycle: u64) {
        self.met.entry(doubt).and_modify(|met| met.count += 1).or_insert(Met { count: 1, cycle, at });
    }

    /// One that goes on from here, with nothing met.
    pub(crate) fn without_what_was_met(&self) -> Audit {
        Audit { met: BTreeMap::new(), ..*self }
    }

    /// Adds what was met elsewhere in the same run, later than everything here that is the same.
    pub(crate) fn take_over(&mut self, other: Audit) {
        self.end_of_tape = other.end_of_tape;
        for (doubt, new) in other.met {
            self.met.entry(doubt).and_modify(|met| met.count += new.count).or_insert(new);
        }
    }

    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.met
            .iter()
            .map(|(&doubt, met)| Finding {
                question: &QUESTIONS[doubt as usize],
                count: met.count,
                cycle: met.cycle,
                at: met.at,
            })
            .collect()
    }
}

impl PartialEq for Audit {
    fn eq(&self, _: &Audit) -> bool {
        true
    }
}
