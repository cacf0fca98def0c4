//! What the instructions of the CPU depend on that is not known, looked for before each of them.

use asm704::Word;
use asm704::isa::{Major, decode_operation};

use super::watch::Look;
use super::{Machine, Stop};
use crate::audit::{Audit, Doubt, Finding};
use crate::core_store::CoreSize;
use crate::media::Media;
use crate::time::Ticks;

/// The fraction of a floating-point number.
const FRACTION: u64 = 0o777777777;

/// Looks at each instruction.
struct Auditor(Audit);

impl Look for &mut Auditor {
    const FAST: bool = false;
    fn breaks(&mut self, machine: &Machine) -> bool {
        machine.look(&mut self.0);
        false
    }
}

impl Machine {
    /// Looks at CPU instructions, too, for what they depend on that is an open question. Then [`Machine::run`] uses the
    /// plain interpreter, which takes several times as long; the machine does the same, cycle for cycle.
    /// [`Machine::run_watched`] looks for itself and not for this.
    pub fn set_audit(&mut self, on: bool) {
        self.io.audit.on = on;
    }

    /// The open questions that this machine's runs have depended on, in the order of docs/open-questions.md. A machine
    /// read from a snapshot begins with none.
    pub fn audit(&self) -> Vec<Finding> {
        self.io.audit.findings()
    }

    /// The instruction at IC depends on a question.
    #[cold]
    pub(crate) fn note(&mut self, doubt: Doubt) {
        let (at, cycle) = (self.cpu.ic, self.cycle);
        self.io.audit.note(doubt, at, cycle);
    }

    /// The instruction at IC, whose first ER cycle began at `first_er`, depends on a question.
    #[cold]
    pub(crate) fn note_since(&mut self, doubt: Doubt, first_er: Ticks) {
        self.io.audit.note(doubt, self.cpu.ic, first_er.whole_cycles() - 1);
    }

    /// What a unit does at `event` depends on a question.
    #[cold]
    pub(crate) fn note_event(&mut self, doubt: Doubt, event: Ticks) {
        self.io.audit.note(doubt, self.cpu.ic, event.whole_cycles());
    }

    #[cold]
    pub(super) fn run_audited(&mut self, media: &mut dyn Media, limit: u64) -> Stop {
        // what the units meet meanwhile is noted in the machine
        let mut auditor = Auditor(self.io.audit.without_what_was_met());
        let ended = self.run_with(media, limit, &mut auditor);
        self.io.audit.take_over(auditor.0);
        ended.unwrap_or_else(|| unreachable!("nobody breaks"))
    }

    /// Looks at the instruction that [`Machine::step`] is going to execute.
    pub(super) fn look_before_step(&mut self) {
        if self.io.audit.on && !self.is_waiting() {
            let mut audit = std::mem::take(&mut self.io.audit);
            self.look(&mut audit);
            self.io.audit = audit;
        }
    }

    /// Notes what the instruction at IC depends on.
    fn look(&self, audit: &mut Audit) {
        let location = self.cpu.ic;
        let word = self.core.peek(location);
        let mut note = |doubt| audit.note(doubt, location, self.cycle);
        if self.core.size() != CoreSize::K8 {
            note(Doubt::OtherSizes);
        }
        if self.core.has_stuck() {
            note(Doubt::DeadTube);
        }
        if self.cpu.end_of_tape && !audit.end_of_tape {
            audit.note(Doubt::ReelSpot, location, self.cycle);
        }
        audit.end_of_tape = self.cpu.end_of_tape;
        let Some(op) = decode_operation(word) else {
            audit.note(Doubt::UndefinedCode, location, self.cycle);
            if let Some(doubt) = undefined(word) {
                audit.note(doubt, location, self.cycle);
            }
            return;
        };
        let y = self.effective(word);
        let operand = self.core.peek(y);
        let ac = self.cpu.ac;
        let (dividend, divisor) = (ac.magnitude & FRACTION, operand.bits() & FRACTION);
        let mut note = |doubt| audit.note(doubt, location, self.cycle);
        match op {
            Major::Fdp | Major::Fdh if dividend == 0 && divisor != 0 && ac.negative => note(Doubt::FdpZero),
            Major::Fdp | Major::Fdh if dividend >= 2 * divisor && ac.magnitude & 1 != 0 => {
                note(Doubt::FdpCheck);
            }
            Major::Fmp if self.cpu.only_low_product(operand) => note(Doubt::FmpZeroHigh),
            Major::Fad | Major::Fsb => {
                let added = if op == Major::Fsb { Word::new(operand.bits() ^ Word::SIGN) } else { operand };
                if !(7..=11).contains(&self.cpu.cycles_of_add(added)) {
                    note(Doubt::FadTime);
                }
            }
            Major::Dvh if operand.magnitude() <= ac.magnitude => note(Doubt::DvhStop),
            Major::Pse | Major::Mse if y == 0o11 => note(Doubt::EttSign),
            _ => {}
        }
    }
}

/// What is not known of an undefined code beside that it is one.
fn undefined(word: Word) -> Option<Doubt> {
    let code = word.bits() >> 24 & 0o777;
    match code {
        0o461..=0o477 => Some(Doubt::UndefinedLda),
        0o460 if word.is_negative() => Some(Doubt::UndefinedLda),
        0o762 | 0o764 | 0o766 | 0o770 | 0o772 if word.is_negative() => Some(Doubt::UndefinedSelect),
        0o774..=0o777 => Some(Doubt::UndefinedUnit),
        0o500..=0o517 if word.is_negative() && code & 2 != 0 => Some(Doubt::SrInverted),
        0o040..=0o057 if word.is_negative() => Some(Doubt::SrNoTransfer),
        _ => None,
    }
}
