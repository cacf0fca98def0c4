//! Whole programs, from the first fetch to the stop, as the gate-level netlist of the 8,192-word machine ran them: registers,
//! indicators, core, and exact cycles.
//!
//! They are in the folder `programs` of the directory that `EMU704_VECTORS` names, or, a selection, in
//! tests/vectors/programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};

use asm704::Word;
use emu704::config::UndefinedCodes;
use emu704::media::NoMedia;
use emu704::{Config, CoreSize, Machine, Stop, StopKind};
use serde::Deserialize;

use super::{directory, octal};

#[derive(Deserialize)]
struct Program {
    id: String,
    class: String,
    /// Core at the start; all else is zero.
    mem: BTreeMap<String, Word>,
    gate: Gate,
    /// Why the netlist is not believed, or that the question is open.
    ruling: Option<String>,
}

/// What the machine did.
#[derive(Deserialize)]
struct Gate {
    stop: How,
    cycles: u64,
    ic: String,
    ac: String,
    mq: Word,
    xr: [String; 3],
    ov: bool,
    mqov: bool,
    dc: bool,
    trap: bool,
    sl: [bool; 4],
    /// Words that have changed.
    mem: BTreeMap<String, Word>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum How {
    /// PROGRAM STOP is lit.
    Halt,
    /// Stopped, and PROGRAM STOP is dark: a divide check, or a CPY with nothing selected.
    Check,
    /// Not stopped: the state before an instruction.
    Cut,
}

/// Runs a program to its stop, or to the instruction where the netlist was cut off.
fn run(program: &Program) -> (Machine, Stop) {
    let mut config = Config::with_core(CoreSize::K8);
    config.undefined_codes = UndefinedCodes::Partial;
    let mut machine = Machine::new(config);
    for (address, word) in &program.mem {
        machine.core.poke(octal(address) as u16, *word);
    }
    // one that stops in the netlist must stop here at that cycle; a little more tells by how much it is off
    let beyond = if program.gate.stop == How::Cut { 0 } else { 1_000 };
    let stop = machine.run(&mut NoMedia, program.gate.cycles + beyond);
    (machine, stop)
}

/// What differs, empty when nothing does.
fn differences(program: &Program, machine: &Machine, stop: &Stop) -> String {
    let gate = &program.gate;
    let mut wrong = String::new();
    let mut check = |what: &str, found: String, expected: String| {
        if found != expected {
            let _ = write!(wrong, " {what} {found} for {expected};");
        }
    };
    let how = match stop.kind {
        StopKind::Htr | StopKind::Hpr => Some(How::Halt),
        StopKind::DivideCheck | StopKind::ReadWriteCheck => Some(How::Check),
        StopKind::Limit => Some(How::Cut),
        _ => None,
    };
    if how != Some(gate.stop) {
        check("stop", format!("{stop:?}"), format!("{:?}", gate.stop));
    }
    let cpu = &machine.cpu;
    check("cycles", machine.cycles().to_string(), gate.cycles.to_string());
    check("ic", format!("{:05o}", cpu.ic), gate.ic.clone());
    check("ac", format!("{:013o}", cpu.ac.bits()), gate.ac.clone());
    check("mq", cpu.mq.to_string(), gate.mq.to_string());
    for (n, (found, expected)) in cpu.xr.iter().zip(&gate.xr).enumerate() {
        check(["XR A", "XR B", "XR C"][n], format!("{found:05o}"), expected.clone());
    }
    check("ov", cpu.ac_overflow.to_string(), gate.ov.to_string());
    check("mqov", cpu.mq_overflow.to_string(), gate.mqov.to_string());
    check("dc", cpu.divide_check.to_string(), gate.dc.to_string());
    check("trap", cpu.trapping.to_string(), gate.trap.to_string());
    check("sl", format!("{:?}", cpu.sense_lights), format!("{:?}", gate.sl));
    check("program stop", machine.console.program_stop.to_string(), (gate.stop == How::Halt).to_string());
    let mut expected = vec![Word::ZERO; CoreSize::K8.words()];
    for (address, word) in program.mem.iter().chain(&gate.mem) {
        expected[octal(address) as usize] = *word;
    }
    for (address, (found, expected)) in machine.core.words().iter().zip(&expected).enumerate() {
        if found != expected {
            check(&format!("C({address:05o})"), found.to_string(), expected.to_string());
        }
    }
    wrong
}

#[derive(Default)]
struct Count {
    cases: usize,
    failed: usize,
    ruled: usize,
}

#[test]
fn vectors_of_whole_programs() {
    let path = directory().join("programs/programs.jsonl.gz");
    let file = std::fs::File::open(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let mut failures = String::new();
    let mut ruled = String::new();
    for line in BufReader::new(flate2::read::GzDecoder::new(file)).lines() {
        let program: Program = serde_json::from_str(&line.unwrap()).unwrap();
        let count = counts.entry(program.class.clone()).or_default();
        let (machine, stop) = run(&program);
        let wrong = differences(&program, &machine, &stop);
        if let Some(ruling) = &program.ruling {
            count.ruled += 1;
            let verdict = if wrong.is_empty() { " as given" } else { &wrong };
            let _ = writeln!(ruled, "  {} ({ruling}):{verdict}", program.id);
            continue;
        }
        count.cases += 1;
        if !wrong.is_empty() {
            count.failed += 1;
            if count.failed <= 10 {
                let _ = writeln!(failures, "  {}:{wrong}", program.id);
            }
        }
    }
    // Straight to standard output, in one piece: the harness hides what a passing test prints.
    let sum = |what: fn(&Count) -> usize| counts.values().map(what).sum::<usize>();
    let (total, failed) = (sum(|c| c.cases), sum(|c| c.failed));
    let mut out = "programs      cases  failures  by a ruling (not counted)\n".to_owned();
    for (class, count) in &counts {
        let _ = writeln!(out, "{class:<11} {:>7} {:>9} {:>6}", count.cases, count.failed, count.ruled);
    }
    let _ = writeln!(out, "all         {total:>7} {failed:>9} {:>6}", sum(|c| c.ruled));
    if !ruled.is_empty() {
        let _ = write!(out, "programs that follow a ruling, not the netlist:\n{ruled}");
    }
    std::io::stdout().lock().write_all(out.as_bytes()).unwrap();
    assert!(total > 50, "{total} programs are too few: are they all found?");
    assert!(failed == 0, "{failed} of {total} programs fail:\n{failures}");
}
