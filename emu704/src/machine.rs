//! The whole machine: everything that a snapshot must hold is in [`Machine`]; reels and files are outside, behind
//! [`Media`].
//!
//! A [`Machine`] alone runs too, with what the outside is to it given to each call; a [`Room`](crate::Room) is easier.
//!
//! ```
//! use emu704::media::NoMedia;
//! use emu704::{Config, Machine, StopKind};
//!
//! let mut machine = Machine::new(Config::default());
//! machine.core.poke(0o100, "042000000000".parse()?); // HPR
//! machine.set_start(0o100);
//! let stop = machine.run(&mut NoMedia, u64::MAX);
//! assert_eq!((stop.kind, stop.at), (StopKind::Hpr, 0o100));
//! # Ok::<(), asm704::WordParseError>(())
//! ```

mod access;
mod audit;
pub(crate) mod condition;
mod copy;
mod execute;
mod fast;
mod load;
mod partial;
mod power;
pub(crate) mod seen;
mod steps;
mod stop;
mod watch;

use asm704::Word;
use serde::{Deserialize, Serialize};

use crate::audit::Doubt;
use crate::config::Config;
use crate::console::Console;
use crate::core_store::CoreStore;
use crate::cpu::Cpu;
use crate::fault::{Faults, FaultsDone};
use crate::io::Io;
use crate::media::Media;
use crate::random::Random;
use crate::time::Ticks;

pub use crate::core_store::Locations;
pub(crate) use access::Reads;
pub use load::LoadKey;
pub use watch::{Marked, Watch};

/// Why the machine stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopKind {
    /// Halt and transfer.
    Htr,
    /// Halt and proceed.
    Hpr,
    /// DVH or FDH with divide check.
    DivideCheck,
    /// A CPY with nothing selected (copy check).
    ReadWriteCheck,
    /// An operation code that the machine has not, where that is set to stop.
    UndefinedOperation,
    /// A unit that will never answer.
    Waiting,
    /// The card reader: its hopper is empty, and it has given its end of file.
    ReaderEmpty,
    /// The cycle limit of the run.
    Limit,
    /// The operator.
    Interrupted,
    /// The power is off: it was lost in this run, or before it.
    PowerOff,
    /// The image of a reel is not what it should be.
    Medium,
    /// The host could not read or write the image of a reel: its disk is full, for example.
    Host,
}

/// A stop: why, where, and what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// Why.
    pub kind: StopKind,
    /// What the IC lights show: the location of a HTR, HPR, undefined or waiting instruction; the next one after
    /// divide check, copy check, limit, interruption and loss of power.
    pub at: u16,
    /// For a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

fn never() -> u64 {
    u64::MAX
}

/// What START does after a halt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Halted {
    /// HTR: goes to this address.
    Transfer(u16),
    /// HPR: goes on behind it.
    Proceed,
}

/// An instruction that waits for a unit and was left in the middle because the run's limit fell into the wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InProgress {
    /// When its first ER cycle began.
    pub(crate) first_er: Ticks,
}

/// One 704.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// Figures and options.
    pub config: Config,
    /// Registers and indicators.
    pub cpu: Cpu,
    /// Core.
    pub core: CoreStore,
    /// Sense switches and keys.
    pub console: Console,
    /// Units and their interlock.
    pub io: Io,
    /// What is broken.
    #[serde(default, skip_serializing_if = "Faults::is_none")]
    pub(crate) faults: Faults,
    /// The part of it that has come, for reports.
    #[serde(skip)]
    pub(crate) faults_done: FaultsDone,
    /// The power is on.
    #[serde(default = "power::on", skip_serializing_if = "power::is_on")]
    power: bool,
    /// Instructions executed.
    pub instructions: u64,
    /// Machine cycles since power on; the time at the next instruction.
    pub(crate) cycle: u64,
    /// The run stops at the first instruction at or after this cycle.
    pub(crate) limit: u64,
    /// The machine runs no further than this cycle before somebody looks at the wire on which a record passes.
    #[serde(skip, default = "never")]
    pub(crate) wire_until: u64,
    pub(crate) halted: Option<Halted>,
    pub(crate) in_progress: Option<InProgress>,
    pub(crate) loading: Option<load::Loading>,
    /// Each character of a tape word is an event of its own, as the definition of the machine has it. Otherwise those of
    /// a word may be handled together, which comes to the same.
    #[serde(skip)]
    pub(crate) each_character: bool,
}

/// How an instruction ended; a stop carries its reason.
pub(crate) type Flow = Result<(), Box<Stop>>;

impl Machine {
    /// A machine with core and registers of zeros, as after the CLEAR key.
    pub fn new(config: Config) -> Machine {
        Machine {
            core: CoreStore::new(config.core),
            cpu: Cpu::default(),
            console: Console::default(),
            io: Io::new(),
            faults: Faults::default(),
            faults_done: FaultsDone::default(),
            power: true,
            instructions: 0,
            cycle: 0,
            limit: u64::MAX,
            wire_until: u64::MAX,
            halted: None,
            in_progress: None,
            loading: None,
            each_character: false,
            config,
        }
    }

    /// A machine just powered on: core, registers, indicators and the phases of what turns are random by `seed`
    /// (rulings: nothing of them may be relied on).
    pub fn power_on(config: Config, seed: u64) -> Machine {
        let mut random = Random(seed);
        let mut machine = Machine::new(config);
        let mask = machine.core.size().mask();
        for address in 0..=mask {
            machine.core.poke(address, Word::new(random.next()));
        }
        let cpu = &mut machine.cpu;
        cpu.ac = crate::cpu::Ac::from_bits(random.next() & ((1 << 38) - 1));
        cpu.mq = Word::new(random.next());
        cpu.sr = Word::new(random.next());
        cpu.ic = random.next() as u16 & mask;
        cpu.xr = std::array::from_fn(|_| random.next() as u16 & mask);
        let bits = random.next();
        cpu.ac_overflow = bits & 1 != 0;
        cpu.mq_overflow = bits & 2 != 0;
        cpu.divide_check = bits & 4 != 0;
        cpu.tape_check = bits & 8 != 0;
        cpu.end_of_tape = bits & 16 != 0;
        cpu.trapping = bits & 32 != 0;
        cpu.sense_lights = std::array::from_fn(|i| bits >> (8 + i) & 1 != 0);
        machine.io.set_phases(|| random.next());
        machine
    }

    /// Machine time at the next instruction.
    pub fn now(&self) -> Ticks {
        Ticks::cycles(self.cycle)
    }

    /// Machine cycles of 12 microseconds since power on.
    pub fn cycles(&self) -> u64 {
        self.cycle
    }

    /// RESET: registers and indicators to zero, trapping mode off, units deselected; core untouched. Without power
    /// nothing changes.
    pub fn reset(&mut self, media: &mut dyn Media) {
        if !self.power {
            return;
        }
        self.reset_interlock(media);
        if self.cpu.sense_lights.contains(&true) {
            self.note(Doubt::ResetLights);
        }
        self.cpu = Cpu::default();
        self.console.program_stop = false;
        self.console.index_lights = 0;
        self.halted = None;
        self.loading = None;
    }

    /// CLEAR: core to zeros and everything that RESET does. Without power nothing changes.
    pub fn clear(&mut self, media: &mut dyn Media) {
        if !self.power {
            return;
        }
        self.core.clear();
        self.reset(media);
    }

    /// START, when no instruction follows from the panel: sets the location at which the next run begins. An
    /// instruction in the middle of a wait is dropped, and its unit finds no CPY from then on.
    pub fn set_start(&mut self, location: u16) {
        self.cpu.ic = location & self.core.size().mask();
        self.halted = None;
        self.in_progress = None;
        self.loading = None;
        self.io.drop_copy();
    }

    /// A transfer by hand: the interlock is reset as by RESET, and the next run begins at a location.
    pub fn start_at(&mut self, media: &mut dyn Media, location: u16) {
        if self.power {
            self.reset_interlock(media);
        }
        self.set_start(location);
    }

    /// START after a stop: interlock and triggers are reset, a halt goes where it says, and the lights of the check
    /// go out. Then [`Machine::run`] goes on. Without power nothing changes.
    pub fn start(&mut self, media: &mut dyn Media) {
        if !self.power {
            return;
        }
        self.cpu.read_write_check = false;
        self.console.program_stop = false;
        if let Some(halted) = self.halted.take() {
            self.reset_interlock(media);
            // HTR: ER. HPR: E, in which C(Y) comes into the storage register, and ER (GATE).
            self.cycle += 1;
            if halted == Halted::Proceed {
                self.cycle += 1;
                self.cpu.sr = self.core.peek(self.effective(self.cpu.ir));
            }
            let location = self.cpu.ic;
            self.cpu.ic = match halted {
                Halted::Proceed => (location + 1) & self.core.size().mask(),
                Halted::Transfer(_) if self.cpu.trapping => {
                    self.trap(location);
                    1
                }
                Halted::Transfer(address) => address,
            };
        }
    }

    /// Runs to a stop, or to the first instruction at or after cycle `limit`; a wait for a unit is left in the
    /// middle there and taken up by the next run.
    ///
    /// Faults come by themselves ([`Machine::add_fault`]): before each instruction those are done whose cycle is at or
    /// before the present one, and in the middle of a wait those whose cycle has come. When the run ends by its limit,
    /// faults of a cycle before the limit have been done, and those at the limit or after it have not: a caller who
    /// stops there acts before a fault of the same cycle. The loss of power ends the run with [`StopKind::PowerOff`],
    /// and without power a run ends so at once.
    pub fn run(&mut self, media: &mut dyn Media, limit: u64) -> Stop {
        if self.io.audit.on {
            return self.run_audited(media, limit);
        }
        self.core.watch_nothing();
        self.run_with(media, limit, watch::Fast).unwrap_or_else(|| unreachable!("nobody breaks"))
    }

    /// Executes one instruction, or stops before its wait ends when `limit` falls into it. Faults come as in
    /// [`Machine::run`]: so many steps up to a limit do what one run does. At or after the limit an instruction that
    /// need not wait is executed nevertheless, and all faults that are due come before it.
    ///
    /// # Errors
    /// The stop; [`StopKind::PowerOff`] when the power is lost, or was before.
    pub fn step(&mut self, media: &mut dyn Media, limit: u64) -> Result<(), Stop> {
        self.needs_power().map_err(|stop| *stop)?;
        if self.cycle >= self.wire_until {
            return Err(*self.stop(StopKind::Limit, self.cpu.ic, None));
        }
        let stepped = self.step_with_faults(media, limit);
        self.limit = limit;
        self.io.rescheduled = false;
        stepped.map_err(|stop| *stop)
    }

    fn step_with_faults(&mut self, media: &mut dyn Media, limit: u64) -> Flow {
        loop {
            self.do_faults(media, u64::MAX)?;
            self.limit = limit.min(self.next_fault()).min(self.wire_until);
            self.advance_io(media, self.now())?;
            self.look_before_step();
            if self.loading.is_some() { self.load_sequence(media) } else { self.one_instruction(media) }?;
            if !self.is_waiting() || self.cycle >= limit.min(self.wire_until) {
                break;
            }
        }
        self.behind_instruction(media, limit)
    }

    /// What a run does where it ends: the units come to the time of the machine, and then faults that are due at the limit.
    fn behind_instruction(&mut self, media: &mut dyn Media, limit: u64) -> Flow {
        self.advance_io(media, self.now())?;
        if self.cycle >= limit { self.do_faults(media, limit) } else { Ok(()) }
    }

    /// Lets time pass for the units alone until `until`, the CPU standing still. Without power nothing moves but the
    /// clock.
    pub fn idle(&mut self, media: &mut dyn Media, until: u64) -> Result<(), Stop> {
        self.cycle = self.cycle.max(until);
        if self.power { self.advance_io(media, self.now()).map_err(|stop| *stop) } else { Ok(()) }
    }

    /// The CPU has stopped, and the unit that still moves ends what it does: a line is printed, a record reaches its
    /// reel. A CPY in the middle of its wait no longer counts: else a record would go on without an end. The cycle count
    /// stays. Without power nothing moves.
    pub fn settle(&mut self, media: &mut dyn Media) -> Result<(), Stop> {
        self.io.drop_copy();
        self.let_go_of_wire();
        if self.power { self.advance_io(media, Ticks(u64::MAX - 1)).map_err(|stop| *stop) } else { Ok(()) }
    }

    /// The parts fit each other; a machine that was read from a file may lie.
    pub(crate) fn is_sound(&self) -> bool {
        let mask = self.core.size().mask();
        self.config.core == self.core.size()
            && self.cpu.ac.magnitude <= crate::cpu::Ac::MASK
            && self.cpu.ic <= mask
            && self.cpu.xr.iter().all(|xr| *xr <= mask)
            && self.cycle < 1 << 54
            && self.instructions < 1 << 60
            && self.halted.is_none_or(|halted| !matches!(halted, Halted::Transfer(to) if to > mask))
            && self.in_progress.as_ref().is_none_or(|waits| waits.first_er <= self.now() + Ticks::CYCLE)
            && self.io.is_sound(self.now())
    }

    /// Stopped by HTR or HPR, not yet started again.
    pub fn is_halted(&self) -> bool {
        self.halted.is_some()
    }

    /// An instruction, or a LOAD key's sequence, is in the middle of a wait for a unit.
    pub(crate) fn is_waiting(&self) -> bool {
        self.in_progress.is_some() || self.loading.is_some()
    }

    /// A trapped transfer: its location goes into the address part of word 0, and SR becomes plus (GATE).
    #[inline]
    pub(crate) fn trap(&mut self, location: u16) {
        let word = self.core.peek(0).with_address(location);
        self.core.poke(0, word);
        self.cpu.sr = crate::cpu::signed(false, self.cpu.sr.magnitude());
        self.cycle += 1;
    }

    #[expect(clippy::unused_self, reason = "reads as the machine's own stop wherever it is used")]
    pub(crate) fn stop(&self, kind: StopKind, at: u16, message: Option<String>) -> Box<Stop> {
        Box::new(Stop { kind, at, message })
    }
}
