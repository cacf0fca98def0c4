//! What the tests of running programs share.
#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};

use asm704::Word;
use asm704::assemble::{Options, Output, assemble_with};
use emu704::reels::Reels;
use emu704::{Config, CoreSize, Machine, Stop};

/// The top of the tree.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text of a file of the tree.
pub fn text(path: &str) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Assembles, with the project's library; nothing may be flagged.
pub fn assemble(source: &str) -> Output {
    let lib = root().join("programs/lib");
    let output = assemble_with(source, &Options::default(), &mut |name| asm704::library::routine(&lib, name));
    let wrong: Vec<_> = output.diagnostics().map(|d| format!("line {}: {}", d.line, d.message)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    output
}

/// The value of a symbol.
pub fn symbol(output: &Output, name: &str) -> u16 {
    let mut symbols = output.assemblies.iter().flat_map(|a| &a.symbols);
    symbols.find(|s| s.name == name).unwrap_or_else(|| panic!("no symbol {name}")).value
}

/// A cleared machine with a program in core, about to start it.
pub fn machine_with(output: &Output, core: CoreSize) -> Machine {
    let mut machine = Machine::new(Config::with_core(core));
    put(&mut machine, output);
    if let Some(start) = output.start() {
        machine.set_start(start);
    }
    machine
}

/// Puts a program in core.
pub fn put(machine: &mut Machine, output: &Output) {
    for (address, word) in output.core_image() {
        assert!(usize::from(address) < machine.core.size().words(), "{address:05o} is beyond core");
        machine.core.poke(address, word);
    }
}

/// Runs, and lets the units end what they do.
pub fn run(machine: &mut Machine, mounts: &mut Reels, cycles: u64) -> Stop {
    let until = machine.cycles() + cycles;
    let stop = machine.run(mounts, until);
    if stop.kind != emu704::StopKind::Limit {
        machine.settle(mounts).unwrap();
    }
    stop
}

/// A word in octal.
pub fn word(text: &str) -> Word {
    text.parse().unwrap()
}

/// Random numbers that are the same on every host.
pub struct Random(pub u64);

impl Random {
    /// The next one.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A random word.
    pub fn word(&mut self) -> Word {
        Word::new(self.next() >> 13)
    }

    /// Less than `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 20) % n
    }
}

/// Does the same with each of many, on all of the host's processors.
pub fn in_parallel<T: Sync>(all: &[T], each: impl Fn(&T) + Sync) {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let each = &each;
            scope.spawn(move || all.iter().skip(worker).step_by(workers).for_each(each));
        }
    });
}

/// Those of a long list that are this machine's share: with `EMU704_SHARD=3/8` the third of eight, else all.
pub fn shard<T: Clone>(all: &[T]) -> Vec<T> {
    let Ok(share) = std::env::var("EMU704_SHARD") else { return all.to_vec() };
    let parts = share.split_once('/').and_then(|(n, of)| Some((n.parse().ok()?, of.parse().ok()?)));
    let Some((n, of)): Option<(usize, usize)> = parts.filter(|&(n, of)| 1 <= n && n <= of) else {
        panic!("EMU704_SHARD is {share}, not such as 3/8");
    };
    all.iter().skip(n - 1).step_by(of).cloned().collect()
}
