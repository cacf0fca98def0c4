//! A tape sort whose keys do not fit in core, on reels that the checkpoint puts back to their places: killed at any
//! moment and resumed on other machines, it prints the answer of the run that nothing disturbed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::common::{Random, assemble, machine_with, put, run, symbol, text};
use asm704::assemble::Output;
use asm704::media::tape::{Item, Record, TapeFormat, TapeImage};
use emu704::reels::Reels as Mounts;
use emu704::time::TICKS_PER_CYCLE;
use emu704::{Config, CoreSize, LoadKey, Machine, Stop, StopKind};

/// More than the longest run takes.
const PATIENCE: u64 = 600_000_000;
/// Every unit's reel.
type Reels = [Vec<u8>; 6];

fn mounted(reels: &Reels) -> Mounts {
    let mut mounts = Mounts::new();
    for (unit, reel) in (1..).zip(reels) {
        mounts.mount_memory(unit, reel.clone(), true).unwrap();
    }
    mounts
}

fn taken(mounts: &mut Mounts) -> Reels {
    std::array::from_fn(|i| mounts.bytes(i as u8 + 1).unwrap())
}

fn down(machine: &mut Machine, switches: &[usize]) {
    for switch in switches {
        machine.console.sense_switches[switch - 1] = true;
    }
}

/// The program with the plain routine.
fn plain() -> Output {
    assemble(&text("programs/sort.sap"))
}

/// The program with the strong one, which brings its own printing.
fn strong() -> Output {
    let source = text("programs/sort.sap");
    let libraries = "PRINT  LIB\nCHKPNT LIB\n";
    assert!(source.contains(libraries));
    assemble(&source.replace(libraries, "CHKSTR LIB\n"))
}

/// What the job prints, without the lines of the checkpoint.
fn answer(machine: &mut Machine) -> String {
    let text = machine.io.printer.tear_off();
    text.split_inclusive('\n').filter(|line| !line.starts_with("CHKPNT")).collect()
}

/// The answer, worked out another way: the same generator, sorted here.
fn expected() -> String {
    const WORD: u64 = (1 << 36) - 1;
    let acl = |a: u64, b: u64| if a + b > WORD { (a + b + 1) & WORD } else { a + b };
    let mut key = 0o165014752631u64;
    let mut keys: Vec<u64> = (0..10_000)
        .map(|_| {
            key = ((u128::from(key) * u128::from(5u64.pow(13))) & ((1 << 35) - 1)) as u64;
            key
        })
        .collect();
    let sum = keys.iter().fold(0, |sum, &key| acl(sum, key));
    keys.sort_unstable();
    let signature = keys.iter().fold(0, |sum, &key| {
        let sum = acl(sum, key);
        (sum << 5 | sum >> 31) & WORD
    });
    // 20 runs, 10, 5, 3, 2, 1
    format!(
        "TAPE SORT,   10000 KEYS,                 5 MERGE PASSES\n\
         KEYS OUT OF ORDER            0\n\
         SUM OF THE KEYS WRITTEN       {sum:012o}\n\
         SUM OF THE KEYS SORTED        {sum:012o}\n\
         SIGNATURE                     {signature:012o}\n"
    )
}

/// From the start of the program to its end.
fn uninterrupted(output: &Output, core: CoreSize, switches: &[usize]) -> (Machine, Mounts) {
    let mut machine = machine_with(output, core);
    down(&mut machine, switches);
    let mut mounts = mounted(&Reels::default());
    let stop = run(&mut machine, &mut mounts, PATIENCE);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, symbol(output, "DONE")), "{stop:?}");
    (machine, mounts)
}

#[test]
fn the_answer_is_right_with_and_without_checkpoints() {
    let expected = expected();
    for (output, switches) in
        [(plain(), vec![]), (plain(), vec![2]), (plain(), vec![1]), (strong(), vec![]), (strong(), vec![2])]
    {
        for core in [CoreSize::K4, CoreSize::K8] {
            let (mut machine, mut mounts) = uninterrupted(&output, core, &switches);
            assert_eq!(answer(&mut machine), expected, "{core} {switches:?}");
            let least = machine.io.slack().values().map(|s| s.least.0 / TICKS_PER_CYCLE).min().unwrap();
            assert!(least >= 20, "{least}");
            // No checkpoint is made, by the library either, when the operator asks for none.
            assert_eq!(mounts.bytes(1).unwrap().is_empty(), switches.is_empty());
        }
        if switches == [1] {
            break; // once is enough of the longest
        }
    }
}

#[test]
fn the_program_has_room_for_a_fraction_of_its_keys() {
    for output in [plain(), strong()] {
        let last =
            output.core_image().map(|(address, _)| address).max().unwrap().max(symbol(&output, "WORK") + 500);
        assert!(last < 4096, "{last}");
        assert_eq!(symbol(&output, "TPLENG"), 0o343);
    }
}

/// One operator's day: the job is started, the power fails, another machine of at least the same size is made, all reels
/// are mounted as they were left, and CLEAR and LOAD TAPE are pressed.
struct Day<'a> {
    output: &'a Output,
    reels: Reels,
    switches: &'a [usize],
    random: Random,
    /// Times that there was nothing to resume from, and the job began again.
    begun: u32,
    resumed: u32,
}

impl<'a> Day<'a> {
    fn new(output: &'a Output, switches: &'a [usize], seed: u64) -> Self {
        Day { output, reels: Reels::default(), switches, random: Random(seed | 1), begun: 0, resumed: 0 }
    }

    /// A machine with everything in it random.
    fn machine(&mut self, core: CoreSize) -> Machine {
        let mut machine = Machine::power_on(Config::with_core(core), self.random.next());
        machine.cpu.trapping = self.random.below(2) == 0;
        machine
    }

    /// The job from its deck.
    fn begin(&mut self, core: CoreSize) -> (Machine, Mounts) {
        self.begun += 1;
        let mut machine = self.machine(core);
        put(&mut machine, self.output);
        machine.set_start(self.output.start().unwrap());
        down(&mut machine, self.switches);
        (machine, mounted(&self.reels))
    }

    /// The job from tape.
    fn resume(&mut self, core: CoreSize) -> (Machine, Mounts) {
        let mut machine = self.machine(core);
        down(&mut machine, self.switches);
        let mut mounts = mounted(&self.reels);
        machine.clear(&mut mounts);
        machine.load(&mut mounts, LoadKey::Tape);
        (machine, mounts)
    }

    /// Runs until the power fails so many cycles from now, or to a stop.
    fn life(&mut self, machine: &mut Machine, mounts: &mut Mounts, cycles: u64) -> Stop {
        let until = machine.cycles() + cycles;
        let stop = machine.run(mounts, until);
        if stop.kind == StopKind::Limit {
            machine.power_off(mounts).unwrap();
        } else {
            machine.settle(mounts).unwrap();
        }
        self.reels = taken(mounts);
        stop
    }

    fn done(&self, stop: &Stop) -> bool {
        (stop.kind, stop.at) == (StopKind::Htr, symbol(self.output, "DONE"))
    }
}

/// How many days: more when asked.
fn seeds(some: u64) -> u64 {
    if std::env::var_os("EMU704_EXHAUSTIVE").is_some() { some * 25 } else { some }
}

/// With the plain routine a failure during a checkpoint leaves none, and the job begins again from its deck: on reels
/// full of what it wrote before.
#[test]
fn killed_and_resumed_with_the_plain_routine() {
    let (output, expected) = (plain(), expected());
    let (mut begun, mut resumed) = (0, 0);
    for seed in 0..seeds(5) {
        // at each block the machine is nearly always in a checkpoint, and few failures leave one
        let (switches, longest) = if seed == 2 { ([1], 250_000_000) } else { ([2], 7_000_000) };
        let mut day = Day::new(&output, &switches, seed);
        let mut core = CoreSize::K4;
        let (mut machine, mut mounts) = day.begin(core);
        loop {
            let cycles = day.random.below(longest);
            let stop = day.life(&mut machine, &mut mounts, cycles);
            if day.done(&stop) {
                break;
            }
            if stop.kind == StopKind::Limit {
                if day.random.below(12) == 0 {
                    core = if core == CoreSize::K4 { CoreSize::K8 } else { CoreSize::K32 };
                }
                (machine, mounts) = day.resume(core);
                day.resumed += 1;
            } else {
                // a coded halt of the boot, or the copy check of a LOAD that found nothing
                let routine = symbol(&output, "CHKPNT")..symbol(&output, "TPINIT");
                assert!(
                    stop.at <= 9 || stop.kind == StopKind::Htr && routine.contains(&stop.at),
                    "{stop:?} seed {seed}"
                );
                core = CoreSize::K4;
                (machine, mounts) = day.begin(core);
            }
        }
        assert_eq!(
            answer(&mut machine),
            expected,
            "seed {seed}, {} starts, {} resumes",
            day.begun,
            day.resumed
        );
        begun += day.begun;
        resumed += day.resumed;
    }
    assert!(resumed >= 30 && begun > 5, "{begun} starts, {resumed} resumes");
}

/// With the strong routine there is always one to resume from, once the first is complete.
#[test]
fn killed_and_resumed_with_the_strong_routine() {
    let (output, expected) = (strong(), expected());
    let mut resumed = 0;
    for seed in 0..seeds(5) {
        let mut day = Day::new(&output, &[2], seed);
        let mut core = CoreSize::K4;
        let (mut machine, mut mounts) = day.begin(core);
        let first = 3_000_000 + day.random.below(8_000_000);
        let mut stop = day.life(&mut machine, &mut mounts, first);
        while !day.done(&stop) {
            assert_eq!(stop.kind, StopKind::Limit, "{stop:?} seed {seed}");
            if day.random.below(12) == 0 {
                core = if core == CoreSize::K4 { CoreSize::K8 } else { CoreSize::K32 };
            }
            (machine, mounts) = day.resume(core);
            day.resumed += 1;
            // the finder reads all of both reels first
            let cycles = day.random.below(12_000_000);
            stop = day.life(&mut machine, &mut mounts, cycles);
            if stop.kind != StopKind::Limit && !day.done(&stop) {
                // tape 1 cannot be loaded from: the dials of 1 and 2 are swapped
                day.reels.swap(0, 1);
                (machine, mounts) = day.resume(core);
                stop = day.life(&mut machine, &mut mounts, 20_000_000);
            }
        }
        assert_eq!(day.begun, 1);
        assert_eq!(answer(&mut machine), expected, "seed {seed}, {} resumes", day.resumed);
        resumed += day.resumed;
    }
    assert!(resumed >= 30, "{resumed} resumes");
}

/// The power fails within a window of cycles, at many of its cycles: while a reel is written, read, rewound, labelled,
/// marked, and while the checkpoint at the turn of a pass is made.
#[test]
fn killed_around_the_turn_of_a_pass() {
    let (output, expected) = (strong(), expected());
    let hold = symbol(&output, "TPHOLD");
    let mut machine = machine_with(&output, CoreSize::K4);
    down(&mut machine, &[2]);
    let mut mounts = mounted(&Reels::default());
    // to the second checkpoint that the library makes by itself
    let mut turns = 0;
    while turns < 2 {
        machine.step(&mut mounts, u64::MAX).unwrap();
        turns += u32::from(machine.cpu.ic == hold);
    }
    let mut random = Random(5);
    for _ in 0..12 {
        let mut day = Day::new(&output, &[2], random.next());
        let (mut machine, mut mounts) = (machine.clone(), mounted(&taken(&mut mounts)));
        // a dump with its reading back takes about 300,000 cycles, a page of print none: then labels and blocks
        let cycles = random.below(800_000);
        assert_eq!(day.life(&mut machine, &mut mounts, cycles).kind, StopKind::Limit);
        let (mut machine, mut mounts) = day.resume(CoreSize::K4);
        let stop = day.life(&mut machine, &mut mounts, PATIENCE);
        assert!(day.done(&stop), "{stop:?}, {cycles} cycles behind the turn");
        assert_eq!(answer(&mut machine), expected, "{cycles} cycles behind the turn");
    }
}

/// The machine and its reels, killed some time after a checkpoint that was made while reels were written and read.
fn killed(output: &Output, cycles: u64) -> Reels {
    let mut day = Day::new(output, &[2], 1);
    let (mut machine, mut mounts) = day.begin(CoreSize::K4);
    assert_eq!(day.life(&mut machine, &mut mounts, cycles).kind, StopKind::Limit);
    day.reels
}

fn resumed(output: &Output, reels: Reels) -> (Machine, Mounts, Stop) {
    let mut day = Day::new(output, &[2], 2);
    day.reels = reels;
    let (mut machine, mut mounts) = day.resume(CoreSize::K4);
    let stop = run(&mut machine, &mut mounts, PATIENCE);
    (machine, mounts, stop)
}

/// Without the putting back the answer is wrong or there is none: the tests above can fail.
#[test]
fn without_the_spacing_the_job_is_lost() {
    let with = plain();
    let reels = killed(&with, 8_000_000);
    let mut day = Day::new(&with, &[2], 3);
    day.reels = reels.clone();
    let (mut machine, mut mounts) = day.resume(CoreSize::K4);
    // The call of TPBACK in core is made a TRA behind itself, as soon as it is there.
    let back = symbol(&with, "TPRETN");
    while machine.cpu.ic != back {
        machine.step(&mut mounts, u64::MAX).unwrap();
    }
    machine.set_start(back + 1);
    let stop = run(&mut machine, &mut mounts, 60_000_000);
    let lost =
        (stop.kind, stop.at) != (StopKind::Htr, symbol(&with, "DONE")) || answer(&mut machine) != expected();
    assert!(lost, "the reels need not have been put back");
    let (mut machine, _, stop) = resumed(&with, reels);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, symbol(&with, "DONE")), "{stop:?}");
    assert_eq!(answer(&mut machine), expected());
}

/// Two reels exchanged: the labels tell, the routine stops; with the reels in order START goes on.
#[test]
fn exchanged_reels_are_noticed() {
    let output = plain();
    let mut reels = killed(&output, 6_000_000);
    reels.swap(4, 5);
    let (mut machine, mut mounts, stop) = resumed(&output, reels);
    assert_eq!((stop.kind, stop.at), (StopKind::Hpr, symbol(&output, "TPSTP3")), "{stop:?}");
    // 7 less XR2 is the unit
    let unit = 7 - machine.cpu.xr[1] as u8;
    assert!(unit == 5 || unit == 6, "{unit}");
    mounts.swap(5, 6);
    machine.mount_at_load_point(5);
    machine.mount_at_load_point(6);
    machine.start(&mut mounts);
    let stop = run(&mut machine, &mut mounts, PATIENCE);
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, symbol(&output, "DONE")), "{stop:?}");
    assert_eq!(answer(&mut machine), expected());
}

/// A checkpoint that is not the newest: the reels it needs have been written over since, and the labels tell.
#[test]
fn an_older_checkpoint_does_not_fit_the_reels() {
    let output = plain();
    let old = killed(&output, 6_000_000);
    let mut reels = killed(&output, 12_000_000);
    reels[0].clone_from(&old[0]);
    let (_, _, stop) = resumed(&output, reels);
    assert_eq!((stop.kind, stop.at), (StopKind::Hpr, symbol(&output, "TPSTP3")), "{stop:?}");
}

/// Without the checkpoint that TPOUTP makes before it overwrites what the last one needs, a failure soon after cannot
/// be resumed from: so it is needed, and the labels keep a wrong answer from being printed.
#[test]
fn the_checkpoint_at_the_turn_is_needed() {
    let with = plain();
    let mut machine = machine_with(&with, CoreSize::K4);
    down(&mut machine, &[2]);
    let mut mounts = mounted(&Reels::default());
    let hold = symbol(&with, "TPHOLD");
    let mut turns = 0;
    while turns < 2 {
        machine.step(&mut mounts, u64::MAX).unwrap();
        turns += u32::from(machine.cpu.ic == hold);
    }
    // What the last checkpoint needs is forgotten, and the call is passed over.
    let held = symbol(&with, "T$HELD");
    for unit in 0..4 {
        machine.core.poke(held + unit, asm704::Word::ZERO);
    }
    machine.set_start(hold + 1);
    let mut day = Day::new(&with, &[2], 4);
    assert_eq!(day.life(&mut machine, &mut mounts, 300_000).kind, StopKind::Limit);
    let (_, _, stop) = resumed(&with, day.reels);
    assert_eq!((stop.kind, stop.at), (StopKind::Hpr, symbol(&with, "TPSTP3")), "{stop:?}");
}

fn items(reel: &[u8]) -> Vec<Item> {
    let mut image = TapeImage::open(reel.to_vec()).unwrap();
    image.items(0).map(Result::unwrap).map(|(_, item)| item).collect()
}

fn image(items: &[Item]) -> Vec<u8> {
    let mut image = TapeImage::create(Vec::new(), TapeFormat::Simh).unwrap();
    image.replace_tail(0, items).unwrap();
    image.into_store()
}

/// A program of one block: written, read, read again.
fn one_block(record: impl Fn(&mut Record)) -> (Output, Machine, Mounts, Stop) {
    let output = assemble(
        "       ORG 64\n       LXA K4,2\n       TSX TPINIT,4\n       TSX TPOUTP,4\n       TSX TPWRIT,4\n\
         \u{20}      PZE DATA,,5\n       TSX TPMARK,4\nHALF   HPR\n       TSX TPINPT,4\n       TSX TPREAD,4\n\
         \u{20}      PZE COPY,,5\n       HTR *\n       TSX TPREAD,4\n       PZE COPY,,5\nGOOD   HTR *\n       HTR *\n\
         K4     PZE 4\nDATA   OCT 1,2,777777777777,4,5\nCOPY   BSS 5\nCHKPNT LIB\nTAPES  LIB\n       END 64\n",
    );
    let mut machine = machine_with(&output, CoreSize::K4);
    let mut mounts = mounted(&Reels::default());
    let stop = run(&mut machine, &mut mounts, PATIENCE);
    assert_eq!((stop.kind, stop.at), (StopKind::Hpr, symbol(&output, "HALF")), "{stop:?}");
    let mut reel = items(&mounts.bytes(3).unwrap());
    assert_eq!(reel.len(), 3, "label, block, mark");
    let Item::Record(block) = &mut reel[1] else { panic!("no record") };
    record(block);
    mounts.mount_memory(3, image(&reel), true).unwrap();
    machine.start(&mut mounts);
    let stop = run(&mut machine, &mut mounts, PATIENCE);
    (output, machine, mounts, stop)
}

#[test]
fn a_block_is_read_as_it_was_written() {
    let (output, machine, _, stop) = one_block(|_| ());
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, symbol(&output, "GOOD")), "{stop:?}");
    let (data, copy) = (symbol(&output, "DATA"), symbol(&output, "COPY"));
    for i in 0..5 {
        assert_eq!(machine.core.peek(data + i), machine.core.peek(copy + i));
    }
}

#[test]
fn a_block_that_cannot_be_read_stops_after_five_tries() {
    let wrong: [fn(&mut Record); 3] =
        [|r| r.frames[9] ^= 0o1, |r| r.frames.truncate(24), |r| r.frames.extend_from_within(0..6)];
    for wrong in wrong {
        let (output, mut machine, mut mounts, stop) = one_block(wrong);
        assert_eq!((stop.kind, stop.at), (StopKind::Hpr, symbol(&output, "TPSTP1")), "{stop:?}");
        assert!(machine.tape_unit(3).place() > 0, "it is after its label");
        // START tries again: the same block, for the tape is before it
        machine.start(&mut mounts);
        let stop = run(&mut machine, &mut mounts, PATIENCE);
        assert_eq!((stop.kind, stop.at), (StopKind::Hpr, symbol(&output, "TPSTP1")), "{stop:?}");
    }
}
