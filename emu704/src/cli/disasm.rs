//! `emu704 disasm`: source of the program in a snapshot.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::Word;
use asm704::disassemble::disassemble_core;
use asm704::isa::{Op, decode};
use asm704::media::file_kind::{Place, Slice, what_is};

use super::Failure;
use super::files::{quiet_pipe, read_all};
use super::target::Target;
use crate::Machine;
use crate::snapshot;

/// Far more than a snapshot with 32,768 words, eight drums and full hoppers takes.
const LARGEST: u64 = 256 << 20;

/// Zeros in a row that are left out; fewer are words of the program.
const ZEROS: u16 = 24;

/// Options of `disasm`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "The source assembles to core as it was, with a start where the machine stopped; long runs of zeros are left out. Registers are in remarks. `asm704 disasm` does the same for a deck, a reel or a core image."
)]
pub(crate) struct DisasmArgs {
    /// The snapshot, as `save` of the panel and the monitor writes it; - is standard input
    snapshot: PathBuf,
    /// Where the source goes; - is standard output
    #[arg(short, long, value_name = "OUT", default_value = "-")]
    output: PathBuf,
}

/// Runs `emu704 disasm`; returns the exit code.
pub(crate) fn disasm(args: &DisasmArgs) -> Result<u8> {
    quiet_pipe(write(&args.snapshot, &args.output))
}

fn write(path: &Path, output: &Path) -> Result<u8> {
    let wrong = |what: String| Failure::medium(format!("{}: {what}", path.display()));
    let bytes = read_all(path, LARGEST)?;
    let found = what_is(&mut Slice(&bytes), Place::Snapshot, None)?;
    if let Some(refusal) = found.refusal(Place::Snapshot) {
        return Err(wrong(format!("is not a snapshot: {refusal}")));
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong("is not a snapshot: it is not text".to_owned()))?;
    let machine = snapshot::load(&text).map_err(|error| wrong(error.to_string()))?.machine;
    let mut target = Target::create(output)?;
    target.put(source(&machine).as_bytes())?;
    target.commit()?;
    Ok(0)
}

/// Core as source, behind remarks with what is not in core.
fn source(machine: &Machine) -> String {
    let cpu = &machine.cpu;
    let [a, b, c] = cpu.xr;
    let remarks = [
        format!("CORE OF {} WORDS, CYCLE {}", machine.core.size().words(), machine.cycles()),
        format!("IC {:05o} AC {:?} MQ {}", cpu.ic, cpu.ac, cpu.mq).to_uppercase(),
        format!("XRA {a:05o} XRB {b:05o} XRC {c:05o}, TRAPPING {}", if cpu.trapping { "ON" } else { "OFF" }),
    ];
    let mut text = String::new();
    for remark in remarks {
        let _ = writeln!(text, "       REM {remark}");
    }
    text + &disassemble_core(&words(machine.core.words()), Some(cpu.ic), &links(machine))
}

/// The words except long runs of zeros.
fn words(core: &[Word]) -> BTreeMap<u16, Word> {
    let mut image = BTreeMap::new();
    let mut behind = None;
    for (address, &word) in (0u16..).zip(core).filter(|(_, word)| **word != Word::ZERO) {
        let zeros =
            behind.filter(|behind| address - behind < ZEROS).map_or(address..address, |at| at..address);
        image.extend(zeros.map(|address| (address, Word::ZERO)));
        image.insert(address, word);
        behind = Some(address + 1);
    }
    image
}

/// The calls that the index registers remember: TSX leaves the complement of its own location.
fn links(machine: &Machine) -> Vec<u16> {
    let mask = machine.core.size().mask();
    let calls = [1, 2, 4].into_iter().zip(machine.cpu.xr).filter_map(|(tag, xr)| {
        let call = xr.wrapping_neg() & mask;
        let word = machine.core.peek(call);
        (decode(word) == Some(Op::Tsx) && word.tag() & tag != 0).then_some(call)
    });
    calls.collect()
}
