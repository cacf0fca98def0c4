//! The bench: a diagnostic in a machine, an operator who does what its remarks say, and a fault, if there is one.

use std::cell::RefCell;
use std::collections::BTreeSet;

use asm704::Word;
use asm704::assemble::{Options, Output, assemble_with};
use asm704::isa::{Op, decode};
use emu704::cpu::Cpu;
use emu704::reels::Reels;
use emu704::{Config, CoreSize, Machine, Stop, StopKind};

use crate::common::{put, root, symbol, text};

/// Where a diagnostic that passes stops.
pub(crate) const PASS: u16 = 0o77;
const FAIL: u16 = 0o76;

/// A stop that the remarks announce: why, the symbol that the IC shows, and what to do before START.
pub(crate) type Announced = (StopKind, &'static str, fn(&mut Machine));

/// A diagnostic, and what its operator does.
#[derive(Clone, Copy)]
pub(crate) struct Diagnostic {
    /// The file, without its ending.
    pub(crate) name: &'static str,
    /// Reels, cards and switches before the start.
    pub(crate) prepare: fn(&mut Machine, &mut Reels),
    /// Stops that are meant, in order.
    pub(crate) stops: &'static [Announced],
    /// What the program cannot see itself; a message when it is wrong.
    pub(crate) inspect: fn(&mut Machine, &mut Reels) -> Result<(), String>,
    /// Machine cycles that it may take from start to stop.
    pub(crate) cycles: u64,
}

/// How it ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Pass,
    /// It says so itself.
    Fail {
        test: u16,
        found: Word,
    },
    /// Any other stop.
    Stopped(StopKind, u16, Option<String>),
    /// It passed, but what came out of a unit is wrong.
    Product(String),
}

/// An instruction, as it is before it is executed.
pub(crate) struct Before {
    pub(crate) op: Op,
    pub(crate) word: Word,
    pub(crate) location: u16,
    /// Its effective address.
    pub(crate) y: u16,
    /// What is in storage there.
    pub(crate) operand: Word,
    /// What is in word 0.
    pub(crate) word_0: Word,
    pub(crate) cpu: Cpu,
    /// A unit is selected.
    pub(crate) selected: bool,
}

/// What is broken.
#[derive(Clone, Copy)]
pub(crate) enum Fault {
    /// An instruction is decoded as another: the word that is executed in its place.
    Decode(fn(&Before) -> Option<Word>),
    /// Something is wrong behind an instruction.
    After(fn(&Before, &mut Machine)),
    /// A figure or a habit of a unit is not that of the 704.
    Config(fn(&mut Config)),
    /// Media or switches are not what the remarks ask for: replaces `prepare`.
    Media(fn(&mut Machine, &mut Reels)),
}

/// Assembles a diagnostic; nothing may be flagged.
pub(crate) fn assemble(name: &str) -> Output {
    let folder = root().join("programs/diag/lib");
    let source = text(&format!("programs/diag/{name}.sap"));
    let output =
        assemble_with(&source, &Options::default(), &mut |name| asm704::library::routine(&folder, name));
    let wrong: Vec<_> = output.diagnostics().map(|d| format!("{name} {}: {}", d.line, d.message)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    output
}

/// Runs a diagnostic to its end.
pub(crate) fn run(diagnostic: &Diagnostic, core: CoreSize, fault: Option<Fault>) -> (Outcome, Machine) {
    run_often(diagnostic, core, fault, 1, 704)
}

/// Runs a diagnostic to its end, and while it passes again from START, so many times in all. The
/// machine is as it is after power on, by a seed.
pub(crate) fn run_often(
    diagnostic: &Diagnostic,
    core: CoreSize,
    fault: Option<Fault>,
    mut runs: u32,
    seed: u64,
) -> (Outcome, Machine) {
    let output = assemble(diagnostic.name);
    let mut config = Config::with_core(core);
    if let Some(Fault::Config(change)) = fault {
        change(&mut config);
    }
    // Core, registers and indicators are arbitrary: a diagnostic relies on nothing.
    let mut machine = Machine::power_on(config, seed);
    let mut mounts = Reels::new();
    put(&mut machine, &output);
    machine.set_start(symbol(&output, "BEGIN"));
    match fault {
        Some(Fault::Media(prepare)) => prepare(&mut machine, &mut mounts),
        _ => (diagnostic.prepare)(&mut machine, &mut mounts),
    }
    let mut stops = diagnostic.stops.iter();
    let passed = Word::new(0o472162622524);
    loop {
        let stop = advance(&mut machine, &mut mounts, fault, diagnostic.cycles);
        let outcome = match (stop.kind, stop.at) {
            (StopKind::Htr, PASS) if machine.cpu.ac.word() == passed && stops.len() == 0 => {
                machine.settle(&mut mounts).expect("the units end what they do");
                match (diagnostic.inspect)(&mut machine, &mut mounts) {
                    Ok(()) if runs > 1 => {
                        // START runs it again.
                        runs -= 1;
                        stops = diagnostic.stops.iter();
                        (diagnostic.prepare)(&mut machine, &mut mounts);
                        machine.start(&mut mounts);
                        continue;
                    }
                    Ok(()) => Outcome::Pass,
                    Err(wrong) => Outcome::Product(wrong),
                }
            }
            (StopKind::Htr, FAIL) => {
                Outcome::Fail { test: machine.cpu.ac.word().address(), found: machine.cpu.mq }
            }
            (kind, at) => match stops.next() {
                Some(&(announced, place, act)) if kind == announced && at == symbol(&output, place) => {
                    act(&mut machine);
                    machine.start(&mut mounts);
                    continue;
                }
                _ => Outcome::Stopped(kind, at, stop.message),
            },
        };
        return (outcome, machine);
    }
}

fn advance(machine: &mut Machine, mounts: &mut Reels, fault: Option<Fault>, cycles: u64) -> Stop {
    let Some(fault @ (Fault::Decode(_) | Fault::After(_))) = fault else {
        return machine.run(mounts, machine.cycles() + cycles);
    };
    let limit = machine.cycles() + cycles;
    loop {
        if machine.cycles() >= limit {
            return Stop { kind: StopKind::Limit, at: machine.cpu.ic, message: None };
        }
        if let Err(stop) = faulty_step(machine, mounts, fault) {
            return stop;
        }
    }
}

fn faulty_step(machine: &mut Machine, mounts: &mut Reels, fault: Fault) -> Result<(), Stop> {
    let location = machine.cpu.ic;
    let word = machine.core.peek(location);
    let y = word.address().wrapping_sub(machine.cpu.index(word.tag())) & machine.core.size().mask();
    // The sense instructions are distinguished by their effective address.
    let Some(op) = decode(word.with_address(y)) else { return machine.step(mounts, u64::MAX) };
    let selected = machine.io.selected().is_some();
    let before = Before {
        selected,
        op,
        word,
        location,
        y,
        operand: machine.core.peek(y),
        word_0: machine.core.peek(0),
        cpu: machine.cpu.clone(),
    };
    match fault {
        Fault::Decode(other) => {
            let Some(other) = other(&before) else { return machine.step(mounts, u64::MAX) };
            machine.core.poke(location, other);
            let ended = machine.step(mounts, u64::MAX);
            machine.core.poke(location, word);
            ended
        }
        Fault::After(change) => {
            machine.step(mounts, u64::MAX)?;
            change(&before, machine);
            Ok(())
        }
        Fault::Config(_) | Fault::Media(_) => machine.step(mounts, u64::MAX),
    }
}

/// The operations that a diagnostic executes on its way to PASS.
pub(crate) fn executed(diagnostic: &Diagnostic) -> BTreeSet<Op> {
    thread_local! {
        static SEEN: RefCell<BTreeSet<Op>> = const { RefCell::new(BTreeSet::new()) };
    }
    SEEN.take();
    // No fault: it only looks.
    let look = Fault::Decode(|before| {
        SEEN.with_borrow_mut(|seen| seen.insert(before.op));
        None
    });
    let (outcome, _) = run(diagnostic, CoreSize::K8, Some(look));
    assert_eq!(outcome, Outcome::Pass, "{}", diagnostic.name);
    SEEN.take()
}
