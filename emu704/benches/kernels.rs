//! The kernels of programs/kernels, a copy of a reel, assembling and starting, by criterion: `cargo bench -p emu704`.
#![allow(missing_docs, reason = "criterion's macros make functions")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on fails")]

use std::fs;
use std::path::Path;

use asm704::assemble::{Options, Output, assemble};
use asm704::media::tape::{Item, Record, TapeFormat, TapeImage};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use emu704::machine::{Locations, Watch};
use emu704::reels::Reels;
use emu704::{Config, Machine, StopKind};

fn source(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

fn assembled(path: &str) -> Output {
    assemble(&source(path), &Options { listing: false, ..Options::default() })
}

/// A machine about to start a program.
fn machine(output: &Output) -> Machine {
    let mut machine = Machine::new(Config::default());
    for (address, word) in output.core_image() {
        machine.core.poke(address, word);
    }
    machine.set_start(output.start().unwrap());
    machine
}

/// A million machine cycles at a time, twelve seconds of the 704; figures are cycles a second.
fn kernels(c: &mut Criterion) {
    const CYCLES: u64 = 1_000_000;
    let mut group = c.benchmark_group("cycles");
    group.throughput(Throughput::Elements(CYCLES));
    for name in ["int", "fp", "mul", "mixed"] {
        let mut running = machine(&assembled(&format!("programs/kernels/{name}.sap")));
        let mut mounts = Reels::new();
        group.bench_function(name, |b| {
            b.iter(|| running.run(&mut mounts, running.cycles() + CYCLES));
        });
    }
    let mut running = machine(&assembled("programs/kernels/mixed.sap"));
    let far: Locations = (0..64).map(|n| 0o20000 + n).collect();
    group.bench_function("mixed with 64 breakpoints", |b| {
        b.iter(|| {
            let until = running.cycles() + CYCLES;
            running.run_watched(&mut Reels::new(), until, Watch::Locations(&far))
        });
    });
    group.bench_function("mixed by the plain interpreter", |b| {
        b.iter(|| running.run_plain(&mut Reels::new(), running.cycles() + CYCLES));
    });
    group.finish();
}

fn reel() -> Vec<u8> {
    let mut items = vec![Item::Record(Record::new(vec![0o001; 6 * 200])); 100];
    items.push(Item::Mark);
    let mut image = TapeImage::create(Vec::new(), TapeFormat::Simh).unwrap();
    image.replace_tail(0, &items).unwrap();
    image.into_store()
}

fn tapes(c: &mut Criterion) {
    let mut group = c.benchmark_group("tape");
    for (name, reel) in [("tape", Vec::new()), ("copy", reel())] {
        let mut ready = machine(&assembled(&format!("programs/kernels/{name}.sap")));
        // the short form of the kernel
        ready.console.sense_switches[0] = true;
        let new = || {
            let mut mounts = Reels::new();
            mounts.mount_memory(1, reel.clone(), true).unwrap();
            mounts.mount_memory(2, Vec::new(), true).unwrap();
            (ready.clone(), mounts)
        };
        group.throughput(Throughput::Elements(if name == "tape" { 20_000 } else { 40_000 }));
        group.bench_function(name, |b| {
            b.iter_batched(
                new,
                |(mut machine, mut mounts)| {
                    assert_eq!(machine.run(&mut mounts, u64::MAX).kind, StopKind::Htr);
                    machine
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

fn assembling(c: &mut Criterion) {
    let text = source("programs/kernels/mixed.sap");
    let mut group = c.benchmark_group("cards");
    group.throughput(Throughput::Elements(text.lines().count() as u64));
    group.bench_function("assemble mixed.sap", |b| {
        b.iter(|| assemble(&text, &Options { listing: false, ..Options::default() }));
    });
    group.finish();
}

fn starting(c: &mut Criterion) {
    let output = assembled("programs/kernels/int.sap");
    c.bench_function("start to the first instruction", |b| {
        b.iter(|| machine(&output).run(&mut Reels::new(), 1));
    });
}

criterion_group!(benches, kernels, tapes, assembling, starting);
criterion_main!(benches);
