//! Who looks on while the machine runs.
//!
//! A run without a watch, and one that breaks at locations or at readers and writers of words, use the fast loop: a location costs
//! nothing until the machine comes there, and words cost little. Whatever else is to be seen (values of operands, selects, traps) is
//! seen by a look before each instruction, and then the plain interpreter does all of them.

use super::condition::{Condition, Question};
use super::fast::{Nobody, Operands};
use super::{Flow, Locations, Machine, Stop};
use crate::media::Media;
use crate::time::{TICKS_PER_CYCLE, Ticks};

/// The operation part of CPY.
const CPY: u64 = 0o0700;

/// What a run is watched for: [`Machine::run_watched`].
pub enum Watch<'a> {
    /// Instructions at these locations, before they are executed. As fast as a run without a watch.
    Locations(&'a Locations),
    /// Instructions at some locations, and those that may read or write some words. As fast as a run without a watch,
    /// or nearly so with words.
    Marked(Marked<'a>),
    /// Each instruction, before it is executed: true breaks the run. By the plain interpreter, which takes several times
    /// as long.
    Each(&'a mut dyn FnMut(&Machine) -> bool),
}

/// What a run is watched for, where most of it is of no interest.
pub struct Marked<'a> {
    /// Each instruction at one of these is looked at.
    pub locations: &'a Locations,
    /// Each instruction that reads or writes one of these is looked at, and sometimes one that does not.
    pub words: &'a Locations,
    /// Some of the locations, with conditions. Most instructions there for which not all of them hold are not looked at.
    pub conditions: &'a [(u16, &'a [Condition])],
    /// Breaks the run before the instruction when it is true.
    pub look: &'a mut dyn FnMut(&Machine) -> bool,
}

/// What a run asks before an instruction that the fast loop has left to the plain interpreter.
pub(super) trait Look {
    /// The fast loop may be used: it leaves to the plain interpreter what is to be looked at.
    const FAST: bool;
    /// The fast loop looks at the words that instructions read and write.
    const WORDS: bool = false;
    /// What the fast loop asks at some locations, if anything.
    const ASKS: bool = false;
    /// The questions by their numbers.
    fn questions(&self) -> &[Question] {
        &[]
    }
    /// The instruction at a location may be looked at, so that the characters of a tape have to be where they are by now.
    fn looks_at(&self, _location: u16) -> bool {
        true
    }
    /// True when the run breaks before the instruction at IC.
    fn breaks(&mut self, machine: &Machine) -> bool;
}

/// Nobody looks.
pub(super) struct Fast;

impl Look for Fast {
    const FAST: bool = true;
    #[inline(always)]
    fn looks_at(&self, _location: u16) -> bool {
        false
    }
    #[inline(always)]
    fn breaks(&mut self, _: &Machine) -> bool {
        false
    }
}

impl Look for &Locations {
    const FAST: bool = true;
    #[inline]
    fn looks_at(&self, location: u16) -> bool {
        self.contains(location)
    }
    #[inline]
    fn breaks(&mut self, machine: &Machine) -> bool {
        self.contains(machine.cpu.ic)
    }
}

/// With `WORDS` there are words to look at.
struct Marks<'a, const WORDS: bool>(Marked<'a>);

impl<const WORDS: bool> Look for Marks<'_, WORDS> {
    const FAST: bool = true;
    const WORDS: bool = WORDS;
    #[inline]
    fn looks_at(&self, location: u16) -> bool {
        WORDS || self.0.locations.contains(location)
    }
    #[inline]
    fn breaks(&mut self, machine: &Machine) -> bool {
        self.looks_at(machine.cpu.ic) && (self.0.look)(machine)
    }
}

/// Some locations have questions.
struct Asks<'a> {
    marked: Marked<'a>,
    questions: Vec<Question>,
}

impl Look for Asks<'_> {
    const FAST: bool = true;
    const ASKS: bool = true;
    #[inline]
    fn questions(&self) -> &[Question] {
        &self.questions
    }
    #[inline]
    fn looks_at(&self, location: u16) -> bool {
        self.marked.locations.contains(location)
    }
    #[inline]
    fn breaks(&mut self, machine: &Machine) -> bool {
        self.looks_at(machine.cpu.ic) && (self.marked.look)(machine)
    }
}

impl Look for &mut dyn FnMut(&Machine) -> bool {
    const FAST: bool = false;
    fn breaks(&mut self, machine: &Machine) -> bool {
        self(machine)
    }
}

impl Machine {
    /// [`Machine::run`] with a watch. `None` when the watch breaks it: the machine then stands before the instruction at
    /// IC, with the word of that instruction in IR and SR, as if its I cycle had been. That instruction breaks the next run again, unless [`Machine::step`] has executed it. An instruction that an
    /// earlier limit has left in the middle of its wait, and a LOAD key's sequence, are finished without a look.
    pub fn run_watched(&mut self, media: &mut dyn Media, limit: u64, watch: Watch<'_>) -> Option<Stop> {
        match watch {
            Watch::Locations(locations) => {
                self.core.watch_nothing();
                self.core.set_breaks(locations, &[]);
                let ended = self.run_with(media, limit, locations);
                self.core.set_breaks(&Locations::default(), &[]);
                ended
            }
            Watch::Marked(marked) => {
                let (locations, words) = (marked.locations, marked.words);
                let asks = words.list().is_empty() && !marked.conditions.is_empty();
                let asked: Vec<u16> = marked.conditions.iter().map(|(location, _)| *location).collect();
                self.core.set_watched(words);
                self.core.set_breaks(locations, if asks { &asked } else { &[] });
                let ended = if asks {
                    let mask = self.core.size().mask();
                    let of = |(_, conditions): &(u16, &[Condition])| Question::of(conditions, mask);
                    let questions = marked.conditions.iter().map(of).collect();
                    self.run_with(media, limit, Asks { marked, questions })
                } else if words.list().is_empty() {
                    self.run_with(media, limit, Marks::<false>(marked))
                } else {
                    self.run_with(media, limit, Marks::<true>(marked))
                };
                self.core.set_breaks(&Locations::default(), &[]);
                ended
            }
            Watch::Each(look) => self.run_with(media, limit, look),
        }
    }

    /// [`Machine::run`] by the plain interpreter alone, without words decoded ahead: what the other is tested by.
    pub fn run_plain(&mut self, media: &mut dyn Media, limit: u64) -> Stop {
        let mut nobody = |_: &Machine| false;
        let nobody: &mut dyn FnMut(&Machine) -> bool = &mut nobody;
        let ended = self.run_with(media, limit, nobody);
        ended.unwrap_or_else(|| unreachable!("nobody breaks"))
    }

    /// `None` when the look breaks the run.
    pub(super) fn run_with<L: Look>(
        &mut self,
        media: &mut dyn Media,
        limit: u64,
        mut look: L,
    ) -> Option<Stop> {
        if let Err(stop) = self.needs_power() {
            return Some(*stop);
        }
        self.each_character = !L::FAST;
        let mut broken = false;
        let ended = self.run_with_faults(media, limit, &mut look, &mut broken);
        self.each_character = false;
        self.limit = limit;
        self.io.rescheduled = false;
        match ended {
            Ok(()) if broken => None,
            Ok(()) => Some(Stop { kind: super::StopKind::Limit, at: self.cpu.ic, message: None }),
            Err(stop) => Some(*stop),
        }
    }

    /// The time of the next fault bounds a run as its limit does: nothing looks for faults before each instruction.
    fn run_with_faults<L: Look>(
        &mut self,
        media: &mut dyn Media,
        limit: u64,
        look: &mut L,
        broken: &mut bool,
    ) -> Flow {
        self.do_faults(media, limit)?;
        loop {
            self.limit = limit.min(self.next_fault()).min(self.wire_until);
            self.run_inner(media, look, broken)?;
            if *broken {
                return Ok(());
            }
            self.do_faults(media, limit)?;
            if self.cycle >= limit.min(self.wire_until) {
                return Ok(());
            }
        }
    }

    /// Puts the instruction at IC into IR and SR, as its I cycle does. A run that breaks does this, because the fast loop does not know
    /// what was there before; so every break does.
    pub(crate) fn fetch(&mut self) {
        let word = self.core.peek(self.cpu.ic);
        self.cpu.ir = word;
        self.cpu.sr = word;
    }

    /// The CPY at IC.
    fn copy_word(&mut self, media: &mut dyn Media) -> Flow {
        let location = self.cpu.ic;
        self.fetch();
        let address = self.effective(self.cpu.ir);
        self.copy_instruction(media, location, address, false)
    }

    fn run_inner<L: Look>(&mut self, media: &mut dyn Media, look: &mut L, broken: &mut bool) -> Flow {
        self.load_sequence(media)?;
        loop {
            self.io.rescheduled = false;
            // Characters on their way through MQ are none of the CPU's business until it looks there.
            let hidden = if L::FAST { self.characters_ahead() } else { Ticks(0) };
            let event = self.io.next_event + hidden;
            let due = event.0.div_ceil(TICKS_PER_CYCLE).min(self.limit);
            while self.cycle < due {
                let mut copy = false;
                if L::FAST && hidden == Ticks(0) {
                    if L::ASKS {
                        self.fast_asking(due, look.questions());
                    } else if L::WORDS {
                        self.fast_watching(due);
                    } else {
                        self.fast(due);
                    }
                } else if L::FAST {
                    if L::WORDS {
                        self.fast_copying(due, Operands);
                    } else {
                        self.fast_copying(due, Nobody);
                    }
                    // a CPY brings the characters up to date itself
                    copy = self.core.peek(self.cpu.ic).bits() >> 24 == CPY && !look.looks_at(self.cpu.ic);
                    if !copy {
                        self.advance_io(media, self.now())?;
                    }
                }
                if self.in_progress.is_none() && look.breaks(self) {
                    if L::FAST {
                        self.advance_io(media, self.now())?;
                    }
                    self.fetch();
                    *broken = true;
                    return Ok(());
                }
                if copy {
                    self.copy_word(media)?;
                } else {
                    self.instruction(media)?;
                }
                if self.io.rescheduled {
                    break;
                }
            }
            self.advance_io(media, self.now())?;
            if self.cycle >= self.limit || self.in_progress.is_some() {
                return Ok(());
            }
        }
    }
}
