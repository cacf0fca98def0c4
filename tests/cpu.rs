//! The CPU against the reference: arithmetic, timing, trapping mode, stops, index registers, sizes of core.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod storage;
mod trapping;

use asm704::{Word, isa};
use emu704::config::UndefinedCodes;
use emu704::cpu::Ac;
use emu704::media::NoMedia;
use emu704::{Config, CoreSize, Machine, Stop, StopKind};

const LIMIT: u64 = u64::MAX;

/// Fields of an instruction besides its code.
#[derive(Clone, Copy, Default)]
struct Fields {
    y: u16,
    tag: u8,
    decrement: u16,
}

/// With an address alone.
fn at(y: u16) -> Fields {
    Fields { y, ..Fields::default() }
}

/// With a tag and an address.
fn tagged(tag: u8, y: u16) -> Fields {
    Fields { y, tag, ..Fields::default() }
}

/// With a decrement, a tag and an address.
fn type_a(decrement: u16, tag: u8, y: u16) -> Fields {
    Fields { y, tag, decrement }
}

fn instruction(name: &str, fields: Fields) -> Word {
    let word = isa::lookup(name).unwrap_or_else(|| panic!("{name}")).word.bits();
    Word::new(word | u64::from(fields.decrement) << 18 | u64::from(fields.tag) << 15 | u64::from(fields.y))
}

/// A cleared machine with one instruction at `location`, which is where it starts.
fn machine(core: CoreSize, location: u16, name: &str, fields: Fields) -> Machine {
    let mut machine = Machine::new(Config::with_core(core));
    machine.core.poke(location, instruction(name, fields));
    machine.set_start(location);
    machine
}

fn step(machine: &mut Machine) -> Result<(), Stop> {
    machine.step(&mut NoMedia, LIMIT)
}

/// Executes the one instruction at 100 of a 32K machine made ready by `prepare`.
fn executed(name: &str, fields: Fields, prepare: impl FnOnce(&mut Machine)) -> Machine {
    let mut machine = machine(CoreSize::K32, 0o100, name, fields);
    prepare(&mut machine);
    step(&mut machine).unwrap_or_else(|stop| panic!("{name}: {stop:?}"));
    machine
}

fn octal(text: &str) -> u64 {
    u64::from_str_radix(text, 8).unwrap_or_else(|_| panic!("{text}"))
}

fn ac(sign_q_p: &str, magnitude: &str) -> Ac {
    let bit = |i: usize, weight: u64| if &sign_q_p[i..=i] == "1" { weight } else { 0 };
    let magnitude = octal(magnitude) | bit(1, Ac::Q) | bit(2, Ac::P);
    Ac { negative: sign_q_p.starts_with('-'), magnitude }
}

#[test]
fn golden_arithmetic() {
    let mut lines = 0;
    for line in include_str!("cpu/golden.txt").lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split_whitespace().collect();
        let [op, s0, ac0, mq0, y, "->", s1, ac1, mq1, on, cycles] = fields[..] else { panic!("{line}") };
        let machine = executed(op, at(0o200), |m| {
            m.cpu.ac = ac(s0, ac0);
            m.cpu.mq = Word::new(octal(mq0));
            m.core.poke(0o200, Word::new(octal(y)));
        });
        let cpu = &machine.cpu;
        assert_eq!(cpu.ac, ac(s1, ac1), "AC: {line}");
        assert_eq!(cpu.mq, Word::new(octal(mq1)), "MQ: {line}");
        let is_on = |name| on.split(',').any(|o| o == name);
        let indicators = (is_on("ov"), is_on("mqov"), is_on("dc"));
        assert_eq!((cpu.ac_overflow, cpu.mq_overflow, cpu.divide_check), indicators, "{line}");
        assert_eq!(machine.cycles().to_string(), cycles, "cycles: {line}");
        lines += 1;
    }
    assert_eq!(lines, 57);
}

#[test]
fn shift_timing_is_two_and_a_twelfth_of_n_plus_two() {
    for name in ["ALS", "ARS", "LLS", "LRS", "LGL", "RQL"] {
        for n in 0..=255 {
            let machine = executed(name, at(n), |_| {});
            assert_eq!(machine.cycles(), 2 + (u64::from(n) + 2) / 12, "{name} {n}");
        }
        // Eight bits of the effective address count, and it is indexed: 13 less 3 is 10 places.
        assert_eq!(executed(name, at(0o7412), |_| {}).cycles(), 3, "{name}: 12 octal");
        assert_eq!(executed(name, tagged(1, 0o13), |m| m.cpu.xr[0] = 3).cycles(), 2, "{name} indexed");
    }
    let machine = executed("ALS", tagged(1, 0o13), |m| {
        m.cpu.xr[0] = 3;
        m.cpu.ac.magnitude = 1;
    });
    assert_eq!(machine.cpu.ac.magnitude, 1 << 8);
}

#[test]
fn floating_addition_timing() {
    const ONE: u64 = 0o201400000000;
    let sum = |name, a: u64, b: u64| {
        executed(name, at(0o200), |m| {
            m.cpu.ac = Ac { negative: a >> 35 != 0, magnitude: a & Word::MAGNITUDE };
            m.core.poke(0o200, Word::new(b));
        })
        .cycles()
    };
    // One and a normal zero: 129 places of alignment, counted in full.
    assert_eq!(sum("FAD", ONE, 0), 7 + 129 / 12);
    // 11 places are free, 12 cost a cycle.
    assert_eq!(sum("FAD", ONE, 0o166400000000), 7);
    assert_eq!(sum("FAD", ONE, 0o165400000000), 8);
    // 1 - 1/2 normalizes by one, 1 - (1 - 2^-27) by more than three.
    assert_eq!(sum("FSB", ONE, 0o200400000000), 7);
    assert_eq!(sum("FSB", 0o201400000000, 0o201377777777), 7 + 26 / 4);
    // A zero sum is a cycle shorter; UFA does not look.
    assert_eq!(sum("FSB", ONE, ONE), 6);
    assert_eq!(sum("UFS", ONE, ONE), 5);
    assert_eq!(sum("UFA", ONE, 0), 5 + 129 / 12);
    assert_eq!(sum("FAD", 0o214000000000, 0), 6 + 140 / 12);
}

#[test]
fn fixed_times() {
    for (name, cycles) in [
        ("CLA", 2),
        ("ADD", 2),
        ("STO", 2),
        ("STQ", 2),
        ("ORS", 2),
        ("TRA", 2),
        ("TTR", 2),
        ("NOP", 2),
        ("PXD", 2),
        ("CLM", 2),
        ("LBT", 2),
        ("CAS", 3),
        ("ANA", 3),
        ("ANS", 4),
        ("MPY", 20),
        ("MPR", 20),
        ("FMP", 17),
        ("UFM", 17),
        ("DVP", 3),
        ("FDP", 3),
    ] {
        // DVP by zero is a divide check, FDP of zero ends at once.
        let address = if matches!(name, "CLM" | "LBT") { 0 } else { 0o200 };
        assert_eq!(executed(name, at(address), |_| {}).cycles(), cycles, "{name}");
    }
}

#[test]
fn several_tags_name_the_or_and_are_written_alike() {
    let xr = [0o1, 0o2, 0o4];
    let run = |name, fields| {
        executed(name, fields, |m| {
            m.cpu.xr = xr;
            m.cpu.ac.magnitude = 0o012345054321;
            m.core.poke(0o200, Word::new(0o412345654321));
            m.core.poke(0o177, Word::new(0o000000000177));
        })
    };
    assert_eq!(run("TXI", type_a(0o10, 3, 0o200)).cpu.xr, [0o13, 0o13, 0o4]);
    assert_eq!(run("TIX", type_a(1, 6, 0o200)).cpu.xr, [0o1, 0o5, 0o5]);
    assert_eq!(run("TNX", type_a(1, 7, 0o200)).cpu.xr, [6, 6, 6]);
    assert_eq!(run("TSX", tagged(5, 0o200)).cpu.xr, [0o77700, 0o2, 0o77700]);
    assert_eq!(run("LXA", tagged(5, 0o200)).cpu.xr, [0o54321, 0o2, 0o54321]);
    assert_eq!(run("LXD", tagged(5, 0o200)).cpu.xr, [0o12345, 0o2, 0o12345]);
    assert_eq!(run("PAX", tagged(3, 0)).cpu.xr, [0o54321, 0o54321, 0o4]);
    assert_eq!(run("PDX", tagged(3, 0)).cpu.xr, [0o12345, 0o12345, 0o4]);
    // These write the OR back as well.
    let pxd = run("PXD", tagged(3, 0));
    assert_eq!((pxd.cpu.xr, pxd.cpu.ac), ([3, 3, 4], Ac { negative: false, magnitude: 3 << 18 }));
    let sxd = run("SXD", tagged(6, 0o200));
    assert_eq!((sxd.cpu.xr, sxd.core.peek(0o200)), ([1, 6, 6], Word::new(0o400006654321)));
    // These leave the registers as they are.
    for (name, fields) in [
        ("CLA", tagged(7, 0o206)),
        ("TXH", type_a(6, 7, 0o200)),
        ("TXL", type_a(7, 7, 0o200)),
        ("TIX", type_a(7, 7, 0o200)),
        ("TNX", type_a(7, 7, 0o200)),
    ] {
        assert_eq!(run(name, fields).cpu.xr, xr, "{name}");
    }
    assert_eq!(run("CLA", tagged(7, 0o206)).cpu.ac.word(), Word::new(0o177), "206 less the OR, 7");
    assert_eq!(run("TXH", type_a(6, 7, 0o200)).cpu.ic, 0o200);
}

#[test]
fn tag_zero_counts_as_zero_and_stores_nothing() {
    for (name, next) in [("TXI", 0o200), ("TIX", 0o101), ("TNX", 0o200), ("TXH", 0o101), ("TXL", 0o200)] {
        let machine = executed(name, type_a(0, 0, 0o200), |m| m.cpu.xr = [7; 3]);
        assert_eq!((machine.cpu.ic, machine.cpu.xr), (next, [7; 3]), "{name}");
    }
    assert_eq!(executed("PXD", at(0), |m| m.cpu.ac.negative = true).cpu.ac, Ac::default());
}

#[test]
fn sense_addresses_are_indexed() {
    let machine = executed("SSP", tagged(1, 0), |m| {
        m.cpu.xr[0] = 3;
        m.cpu.ac = ac("-10", "000000000005");
    });
    assert_eq!(machine.cpu.ac, ac("-00", "000000000000"), "3 less 3 is CLM");
}

#[test]
fn addresses_wrap_at_the_size_of_core() {
    for (core, last) in [(CoreSize::K4, 0o7777), (CoreSize::K8, 0o17777), (CoreSize::K32, 0o77777)] {
        let run = |name, fields, prepare: &dyn Fn(&mut Machine)| {
            let mut machine = machine(core, last, name, fields);
            prepare(&mut machine);
            step(&mut machine).unwrap();
            machine
        };
        assert_eq!(run("NOP", at(0), &|_| {}).cpu.ic, 0, "{core:?}: IC");
        // Skips of one and two.
        assert_eq!(run("CAS", at(0o200), &|_| {}).cpu.ic, 1, "{core:?}: equal");
        let low = |m: &mut Machine| m.core.poke(0o200, Word::new(1));
        assert_eq!(run("CAS", at(0o200), &low).cpu.ic, 2, "{core:?}: low");
        // Index registers.
        let tsx = run("TSX", tagged(1, 0o200), &|_| {});
        assert_eq!(tsx.cpu.xr[0], 1, "{core:?}: complement of the last location");
        let full = |m: &mut Machine| m.cpu.xr[0] = last;
        assert_eq!(run("TXI", type_a(3, 1, 0o200), &full).cpu.xr[0], 2, "{core:?}: TXI");
        // Loads and effective addresses.
        let ones = |m: &mut Machine| m.core.poke(0o200, Word::new(0o777777777777));
        assert_eq!(run("LXA", tagged(1, 0o200), &ones).cpu.xr[0], last, "{core:?}: LXA");
        assert_eq!(run("LXD", tagged(1, 0o200), &ones).cpu.xr[0], last, "{core:?}: LXD");
        let below = |m: &mut Machine| {
            m.cpu.xr[0] = 3;
            m.core.poke(last - 1, Word::new(0o42));
        };
        assert_eq!(run("CLA", tagged(1, 1), &below).cpu.ac.magnitude, 0o42, "{core:?}: 1 less 3");
    }
}

#[test]
fn high_bits_of_addresses_and_decrements_are_ignored_on_small_machines() {
    let mut small = machine(CoreSize::K8, 0o100, "TIX", type_a(0o20001, 1, 0o60200));
    small.cpu.xr[0] = 3;
    step(&mut small).unwrap();
    assert_eq!((small.cpu.ic, small.cpu.xr[0]), (0o200, 2));
    // The decrement that SXD writes has zeros above the width of the register.
    let mut small = machine(CoreSize::K8, 0o100, "SXD", tagged(1, 0o20200));
    small.cpu.xr[0] = 0o17777;
    small.core.poke(0o200, Word::new(0o777777777777));
    step(&mut small).unwrap();
    assert_eq!(small.core.peek(0o200), Word::new(0o717777777777));
}

#[test]
fn an_undefined_code_stops_unless_partial_decoding_is_asked_for() {
    let word = Word::new(0o050100000200);
    let mut machine = machine(CoreSize::K32, 0o100, "NOP", at(0));
    machine.core.poke(0o100, word);
    let stop = step(&mut machine).unwrap_err();
    assert_eq!((stop.kind, stop.at, machine.cpu.ic), (StopKind::UndefinedOperation, 0o100, 0o100));
    machine.config.undefined_codes = UndefinedCodes::Partial;
    machine.core.poke(0o200, Word::new(0o400000000005));
    step(&mut machine).unwrap();
    assert_eq!(machine.cpu.ac, ac("-00", "000000000005"), "+0501 acts as CLA");
}

#[test]
fn power_on_is_random_and_repeatable() {
    for core in [CoreSize::K4, CoreSize::K8, CoreSize::K32] {
        let config = Config::with_core(core);
        let machine = Machine::power_on(config.clone(), 704);
        assert!(machine == Machine::power_on(config.clone(), 704), "{core:?}: the seed is all that counts");
        assert!(machine != Machine::power_on(config, 705), "{core:?}");
        let mask = core.mask();
        assert!(machine.cpu.ic <= mask && machine.cpu.xr.iter().all(|&x| x <= mask), "{core:?}");
        let mut words: Vec<_> = machine.core.words().iter().map(|w| w.bits()).collect();
        words.sort_unstable();
        words.dedup();
        assert!(words.len() > machine.core.words().len() - 3, "{core:?}: hardly two words of core are alike");
    }
}

/// Every bit that power on leaves to chance is on for some seeds and off for others, and registers stay within core.
#[test]
fn power_on_leaves_every_bit_to_chance() {
    for core in [CoreSize::K4, CoreSize::K32] {
        let mask = core.words() as u16 - 1;
        let (mut on, mut off) = ([0u64; 4], [0u64; 4]);
        for seed in 0..200 {
            let machine = Machine::power_on(Config::with_core(core), seed);
            let cpu = &machine.cpu;
            assert!(cpu.ic <= mask && cpu.xr.iter().all(|&xr| xr <= mask));
            let indicators = [
                cpu.ac_overflow,
                cpu.mq_overflow,
                cpu.divide_check,
                cpu.tape_check,
                cpu.end_of_tape,
                cpu.trapping,
                cpu.sense_lights[0],
                cpu.sense_lights[1],
                cpu.sense_lights[2],
                cpu.sense_lights[3],
            ];
            let lights = indicators.iter().fold(0, |bits, &light| bits << 1 | u64::from(light));
            let index = cpu.xr.iter().fold(u64::from(cpu.ic), |bits, &xr| bits << 15 | u64::from(xr));
            for (n, bits) in [cpu.ac.bits(), cpu.mq.bits(), lights, index].into_iter().enumerate() {
                on[n] |= bits;
                off[n] |= !bits;
            }
        }
        let m = u64::from(mask);
        let all = [(1 << 38) - 1, (1 << 36) - 1, (1 << 10) - 1, m << 45 | m << 30 | m << 15 | m];
        for (n, all) in all.into_iter().enumerate() {
            assert_eq!(on[n], all, "{n}: never on, or too wide");
            assert_eq!(off[n] & all, all, "{n}: never off");
        }
    }
}

/// S, Q and P are the bits 37, 36 and 35 of an accumulator in its 38 bits.
#[test]
fn the_positions_of_the_accumulator() {
    for bits in 0..8u64 {
        let ac = Ac::from_bits(bits << 35 | 5);
        assert_eq!((ac.negative, ac.q(), ac.p()), (bits & 4 != 0, bits & 2 != 0, bits & 1 != 0));
        assert_eq!((ac.bits(), ac.word().magnitude()), (bits << 35 | 5, 5));
    }
}

/// Where the drums stand when the power comes on is left to chance, too.
#[test]
fn power_on_turns_the_drums() {
    let drums = |seed: u64| {
        let machine = Machine::power_on(Config::with_core(CoreSize::K4), seed);
        serde_json::to_value(&machine).unwrap()["io"]["drums"]["phases"].clone()
    };
    assert!(drums(1).is_array());
    assert_ne!(drums(1), drums(2));
}
