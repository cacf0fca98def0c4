//! The vectors, the diagnostics and the programs of the project.

use std::io::{BufRead, BufReader};

use asm704::Word;
use asm704::media::tape::{Item, Record, TapeFormat, TapeImage};
use emu704::config::UndefinedCodes;
use emu704::cpu::Ac;
use emu704::reels::Reels;
use emu704::{Config, CoreSize, Machine, StopKind};
use serde_json::Value;

use super::bench;
use super::diagnostics::ALL;
use super::pair::Pair;
use crate::common::{Random, assemble, machine_with, put, root, symbol, text};

const SIZES: [CoreSize; 3] = [CoreSize::K4, CoreSize::K8, CoreSize::K32];

/// Runs to a limit, pressing START after stops.
fn go(machine: Machine, limit: u64, what: &str, seed: u64) -> Pair {
    let mut random = Random(seed);
    let mut pair = Pair::new(machine, || {
        let mut mounts = Reels::new();
        mounts.mount_memory(1, Vec::new(), true).unwrap();
        mounts
    });
    for _ in 0..20 {
        let stop = pair.run_in_pieces(limit, 20_000, &mut random, what);
        if matches!(stop.kind, StopKind::Limit | StopKind::Waiting | StopKind::ReaderEmpty) {
            break;
        }
        pair.start();
    }
    pair
}

/// Each with its reels, cards and switches, and its operator at the stops.
#[test]
fn diagnostics() {
    for diagnostic in ALL {
        let output = bench::assemble(diagnostic.name);
        for core in SIZES {
            let what = format!("{} {core}", diagnostic.name);
            let mut machine = Machine::power_on(Config::with_core(core), 704);
            put(&mut machine, &output);
            machine.set_start(symbol(&output, "BEGIN"));
            let mut pair = Pair::new(machine, Reels::new);
            pair.on_both(diagnostic.prepare);
            let mut stops = diagnostic.stops.iter();
            let mut random = Random(704);
            let limit = diagnostic.cycles.min(2_000_000);
            loop {
                let stop = pair.run_in_pieces(limit, 5_000, &mut random, &what);
                match stops.next() {
                    Some((kind, place, act)) => {
                        assert_eq!((stop.kind, stop.at), (*kind, symbol(&output, place)), "{what}: {stop:?}");
                        pair.on_both(|machine, _| act(machine));
                        pair.start();
                    }
                    // The end of the long reel is too far away.
                    None if stop.kind == StopKind::Limit => {
                        pair.power_off(&what);
                        break;
                    }
                    None => {
                        assert_eq!((stop.kind, stop.at), (StopKind::Htr, bench::PASS), "{what}: {stop:?}");
                        pair.settle(&what);
                        break;
                    }
                }
            }
        }
    }
}

#[test]
fn heat_and_its_checkpoint() {
    let output = assemble(&text("programs/heat.sap"));
    for (switch, core) in [(None, CoreSize::K32), (Some(0), CoreSize::K8), (Some(1), CoreSize::K32)] {
        let mut machine = machine_with(&output, core);
        if let Some(switch) = switch {
            machine.console.sense_switches[switch] = true;
        }
        let pair = go(machine, 3_000_000, &format!("heat.sap, switch {switch:?}"), 12);
        assert!(pair.fast.instructions > 10_000);
    }
}

/// A reel of records of 1 to 990 words, and a file mark.
fn reel() -> Vec<u8> {
    let record = |n: u8| Item::Record(Record::new(vec![0o100 | n & 0o77; 6 * usize::from(n) * 11]));
    let odd = |n: &u8| (0o100 | n & 0o77).count_ones() % 2 == 1;
    let items: Vec<Item> = (1..90).filter(odd).map(record).chain([Item::Mark]).collect();
    let mut image = TapeImage::create(Vec::new(), TapeFormat::Simh).unwrap();
    image.replace_tail(0, &items).unwrap();
    image.into_store()
}

#[test]
fn kernels() {
    for entry in std::fs::read_dir(root().join("programs/kernels")).unwrap() {
        let path = entry.unwrap().path();
        let what = path.display().to_string();
        let output = assemble(&std::fs::read_to_string(&path).unwrap());
        let mut machine = machine_with(&output, CoreSize::K32);
        machine.console.sense_switches[0] = true;
        let full = if what.ends_with("copy.sap") { reel() } else { Vec::new() };
        let mut pair = Pair::new(machine, || {
            let mut mounts = Reels::new();
            mounts.mount_memory(1, full.clone(), true).unwrap();
            mounts.mount_memory(2, Vec::new(), true).unwrap();
            mounts
        });
        let limit = if full.is_empty() { 1_200_000 } else { u64::MAX };
        let stop = pair.run_in_pieces(limit, 2_000, &mut Random(704), &what);
        if stop.kind == StopKind::Limit {
            pair.power_off(&what);
        } else {
            assert_eq!(stop.kind, StopKind::Htr, "{what}: {stop:?}");
            pair.settle(&what);
        }
        assert!(pair.fast.instructions > 10_000, "{what}");
        if what.ends_with("copy.sap") {
            assert_eq!(stop.kind, StopKind::Htr);
            assert_eq!(pair.reel(2), full);
        }
    }
}

fn octal(value: &Value) -> u64 {
    u64::from_str_radix(value.as_str().unwrap(), 8).unwrap()
}

/// The single instructions, and what comes behind them.
#[test]
fn vectors() {
    let directory = std::env::var_os("EMU704_VECTORS")
        .map_or_else(|| root().join("tests/vectors"), std::path::PathBuf::from);
    let mut cases = 0;
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "gz") {
            continue;
        }
        let file = std::fs::File::open(&path).unwrap();
        for line in BufReader::new(flate2::read::GzDecoder::new(file)).lines() {
            let case: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let before = &case["before"];
            let core = match case["core"].as_u64().unwrap() {
                4096 => CoreSize::K4,
                8192 => CoreSize::K8,
                _ => CoreSize::K32,
            };
            let mut config = Config::with_core(core);
            config.undefined_codes = UndefinedCodes::Partial;
            let mut machine = Machine::new(config);
            let cpu = &mut machine.cpu;
            cpu.ac = Ac::from_bits(octal(&before["ac"]));
            cpu.mq = Word::new(octal(&before["mq"]));
            cpu.xr = std::array::from_fn(|i| octal(&before["xr"][i]) as u16);
            cpu.ic = octal(&before["ic"]) as u16;
            cpu.ac_overflow = before["ov"].as_bool().unwrap();
            cpu.mq_overflow = before["mqov"].as_bool().unwrap();
            cpu.divide_check = before["dc"].as_bool().unwrap();
            for (address, word) in before["mem"].as_object().unwrap() {
                let address = u16::from_str_radix(address, 8).unwrap();
                machine.core.poke(address, Word::new(octal(word)));
            }
            // Far enough that the fast loop is entered with the instruction itself, and not much farther.
            let limit = 80;
            let mut pair = Pair::new(machine, Reels::new);
            pair.run(limit, case["name"].as_str().unwrap());
            cases += 1;
        }
    }
    assert!(cases > 1_000, "{cases} cases");
}
