//! Single instructions against states before and after, and their cycles.
//!
//! The cases are those of the directory that `EMU704_VECTORS` names, or the selection in tests/vectors.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};

use asm704::Word;
use emu704::config::UndefinedCodes;
use emu704::cpu::Ac;
use emu704::media::NoMedia;
use emu704::{Config, CoreSize, Machine, StopKind};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    op: String,
    core: usize,
    before: State,
    after: State,
    halt: bool,
    cycles: Option<u64>,
    #[serde(default)]
    ruling: String,
}

#[derive(Deserialize)]
struct State {
    ac: String,
    mq: Word,
    xr: [String; 3],
    ic: String,
    ov: bool,
    mqov: bool,
    dc: bool,
    trap: bool,
    sl: [bool; 4],
    #[serde(default)]
    ss: [bool; 6],
    mem: BTreeMap<String, Word>,
}

fn octal(text: &str) -> u64 {
    u64::from_str_radix(text, 8).unwrap()
}

/// What differs, empty when nothing does.
fn run(case: &Case) -> String {
    let core = match case.core {
        4096 => CoreSize::K4,
        8192 => CoreSize::K8,
        32768 => CoreSize::K32,
        other => return format!("a core of {other} words"),
    };
    let mut config = Config::with_core(core);
    config.undefined_codes = UndefinedCodes::Partial;
    let mut machine = Machine::new(config);
    let before = &case.before;
    machine.cpu.ac = Ac::from_bits(octal(&before.ac));
    machine.cpu.mq = before.mq;
    machine.cpu.xr = std::array::from_fn(|i| octal(&before.xr[i]) as u16);
    machine.cpu.ic = octal(&before.ic) as u16;
    machine.cpu.ac_overflow = before.ov;
    machine.cpu.mq_overflow = before.mqov;
    machine.cpu.divide_check = before.dc;
    machine.cpu.trapping = before.trap;
    machine.cpu.sense_lights = before.sl;
    machine.console.sense_switches = before.ss;
    for (address, word) in &before.mem {
        machine.core.poke(octal(address) as u16, *word);
    }

    let stopped = machine.step(&mut NoMedia, u64::MAX);
    let mut wrong = String::new();
    let halted = match stopped {
        Ok(()) => false,
        Err(stop) if matches!(stop.kind, StopKind::Htr | StopKind::Hpr | StopKind::DivideCheck) => {
            machine.start(&mut NoMedia);
            true
        }
        Err(stop) => return format!(" stop {stop:?}"),
    };
    let mut check = |what: &str, found: String, expected: String| {
        if found != expected {
            let _ = write!(wrong, " {what} {found} for {expected};");
        }
    };
    let after = &case.after;
    let cpu = &machine.cpu;
    check("halt", halted.to_string(), case.halt.to_string());
    check("ac", format!("{:013o}", cpu.ac.bits()), after.ac.clone());
    check("mq", cpu.mq.to_string(), after.mq.to_string());
    for i in 0..3 {
        check("xr", format!("{:05o}", cpu.xr[i]), after.xr[i].clone());
    }
    check("ic", format!("{:05o}", cpu.ic), after.ic.clone());
    check("ov", cpu.ac_overflow.to_string(), after.ov.to_string());
    check("mqov", cpu.mq_overflow.to_string(), after.mqov.to_string());
    check("dc", cpu.divide_check.to_string(), after.dc.to_string());
    check("trap", cpu.trapping.to_string(), after.trap.to_string());
    check("sl", format!("{:?}", cpu.sense_lights), format!("{:?}", after.sl));
    if let Some(cycles) = case.cycles {
        check("cycles", machine.cycles().to_string(), cycles.to_string());
    }
    let expected: BTreeMap<u16, Word> = after.mem.iter().map(|(a, w)| (octal(a) as u16, *w)).collect();
    for (address, &word) in machine.core.words().iter().enumerate() {
        let address = address as u16;
        let expected = expected.get(&address).copied().unwrap_or(Word::ZERO);
        if word != expected {
            check(&format!("C({address:05o})"), word.to_string(), expected.to_string());
        }
    }
    wrong
}

fn files() -> Vec<PathBuf> {
    let directory = std::env::var_os("EMU704_VECTORS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors"),
        PathBuf::from,
    );
    let mut files: Vec<_> = std::fs::read_dir(&directory)
        .unwrap_or_else(|e| panic!("{}: {e}", directory.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".jsonl.gz"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no *.jsonl.gz in {}", directory.display());
    files
}

#[derive(Default)]
struct Count {
    cases: usize,
    failed: usize,
    unresolved: usize,
}

#[test]
fn vectors() {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let mut failures = String::new();
    let mut unresolved = String::new();
    for path in files() {
        let file = std::fs::File::open(&path).unwrap();
        for line in BufReader::new(flate2::read::GzDecoder::new(file)).lines() {
            let case: Case = serde_json::from_str(&line.unwrap()).unwrap();
            let count = counts.entry(case.op.clone()).or_default();
            let wrong = run(&case);
            if case.ruling.contains("unresolved") {
                count.unresolved += 1;
                let verdict = if wrong.is_empty() { " as given" } else { &wrong };
                let _ = writeln!(unresolved, "  {}:{verdict}", case.name);
                continue;
            }
            count.cases += 1;
            if !wrong.is_empty() {
                count.failed += 1;
                if count.failed <= 5 {
                    let _ = writeln!(failures, "  {}:{wrong}", case.name);
                }
            }
        }
    }
    // Straight to standard output: the harness hides what a passing test prints.
    let mut out = std::io::stdout().lock();
    let total: usize = counts.values().map(|c| c.cases).sum();
    let failed: usize = counts.values().map(|c| c.failed).sum();
    writeln!(out, "instruction   cases  failures  unresolved (not counted)").unwrap();
    for (op, count) in &counts {
        writeln!(out, "{op:<11} {:>7} {:>9} {:>6}", count.cases, count.failed, count.unresolved).unwrap();
    }
    writeln!(out, "all         {total:>7} {failed:>9}").unwrap();
    if !unresolved.is_empty() {
        write!(out, "unresolved:\n{unresolved}").unwrap();
    }
    drop(out);
    assert!(failed == 0, "{failed} of {total} cases fail:\n{failures}");
}
