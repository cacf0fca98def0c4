//! The storage register after each instruction of whole programs, as the lights of the gate-level machine showed it.
//!
//! The programs are those of the folder `programs` in the directory that `EMU704_VECTORS` names, or the selection in
//! tests/vectors/programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;

use asm704::Word;
use asm704::isa::{Op, decode};
use emu704::config::UndefinedCodes;
use emu704::media::NoMedia;
use emu704::{Config, CoreSize, Machine};
use serde::Deserialize;

#[derive(Deserialize)]
struct Program {
    id: String,
    mem: BTreeMap<String, Word>,
    /// Location of an instruction, and the register when it is over.
    sr: Vec<(String, Word)>,
}

fn programs() -> Vec<Program> {
    let directory = std::env::var_os("EMU704_VECTORS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors"), Into::into);
    let path = directory.join("programs/storage-register.jsonl.gz");
    let file = std::fs::File::open(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
}

#[test]
fn vectors_of_the_storage_register() {
    let (mut instructions, mut wrong) = (0, 0);
    let mut report = String::new();
    let programs = programs();
    assert!(!programs.is_empty());
    for program in &programs {
        let mut config = Config::with_core(CoreSize::K8);
        config.undefined_codes = UndefinedCodes::Partial;
        let mut machine = Machine::new(config);
        for (address, word) in &program.mem {
            machine.core.poke(u16::from_str_radix(address, 8).unwrap(), *word);
        }
        for (location, expected) in &program.sr {
            assert_eq!(format!("{:05o}", machine.cpu.ic), *location, "{}", program.id);
            let word = machine.core.peek(machine.cpu.ic);
            machine.step(&mut NoMedia, u64::MAX).unwrap();
            instructions += 1;
            let found = machine.cpu.sr;
            if found != *expected {
                wrong += 1;
                if wrong <= 20 {
                    let name = decode(word).map_or("undefined", Op::name);
                    let _ = writeln!(
                        report,
                        "  {} at {location}, {name} {word}: {found}, expected {expected}",
                        program.id
                    );
                }
            }
        }
    }
    assert!(wrong == 0, "SR is another word after {wrong} of {instructions} instructions:\n{report}");
}
