//! Transfers in and out of trapping mode, and START after the stops.

use asm704::Word;
use emu704::cpu::Ac;
use emu704::media::NoMedia;
use emu704::{CoreSize, Machine, Stop, StopKind};

use super::{Fields, at, executed, machine, step, tagged, type_a};

/// An instruction, and what makes the machine ready for it.
type Transfer = (&'static str, Fields, fn(&mut Machine));

/// Every transfer but TTR, with a state in which it is taken.
fn transfers() -> Vec<Transfer> {
    vec![
        ("TRA", at(0o200), |_| {}),
        ("TZE", at(0o200), |_| {}),
        ("TNZ", at(0o200), |m| m.cpu.ac.magnitude = Ac::Q),
        ("TPL", at(0o200), |_| {}),
        ("TMI", at(0o200), |m| m.cpu.ac.negative = true),
        ("TOV", at(0o200), |m| m.cpu.ac_overflow = true),
        ("TNO", at(0o200), |_| {}),
        ("TQP", at(0o200), |_| {}),
        ("TQO", at(0o200), |m| m.cpu.mq_overflow = true),
        ("TLQ", at(0o200), |m| m.cpu.mq = Word::new(Word::SIGN)),
        ("TSX", tagged(1, 0o200), |_| {}),
        ("TXI", type_a(5, 1, 0o200), |m| m.cpu.xr[0] = 7),
        ("TIX", type_a(5, 1, 0o200), |m| m.cpu.xr[0] = 7),
        ("TNX", type_a(7, 1, 0o200), |m| m.cpu.xr[0] = 7),
        ("TXH", type_a(5, 1, 0o200), |m| m.cpu.xr[0] = 7),
        ("TXL", type_a(7, 1, 0o200), |m| m.cpu.xr[0] = 7),
    ]
}

/// The conditional ones, with a state in which they are not taken.
fn transfers_not_taken() -> Vec<Transfer> {
    vec![
        ("TZE", at(0o200), |m| m.cpu.ac.magnitude = 1),
        ("TNZ", at(0o200), |m| m.cpu.ac.negative = true),
        ("TPL", at(0o200), |m| m.cpu.ac.negative = true),
        ("TMI", at(0o200), |_| {}),
        ("TOV", at(0o200), |_| {}),
        ("TNO", at(0o200), |m| m.cpu.ac_overflow = true),
        ("TQP", at(0o200), |m| m.cpu.mq = Word::new(Word::SIGN)),
        ("TQO", at(0o200), |_| {}),
        ("TLQ", at(0o200), |m| m.cpu.ac.negative = true),
        ("TIX", type_a(7, 1, 0o200), |m| m.cpu.xr[0] = 7),
        ("TNX", type_a(5, 1, 0o200), |m| m.cpu.xr[0] = 7),
        ("TXH", type_a(7, 1, 0o200), |m| m.cpu.xr[0] = 7),
        ("TXL", type_a(5, 1, 0o200), |m| m.cpu.xr[0] = 7),
    ]
}

#[test]
fn transfers_take_two_cycles_and_three_when_trapped() {
    let word_0 = Word::new(0o765432176543);
    let all = transfers().into_iter().map(|t| (t, true));
    for ((name, fields, prepare), taken) in all.chain(transfers_not_taken().into_iter().map(|t| (t, false))) {
        let run = |trapping| {
            executed(name, fields, |m| {
                m.cpu.trapping = trapping;
                m.core.poke(0, word_0);
                prepare(m);
            })
        };
        let (plain, trapped) = (run(false), run(true));
        assert_eq!(plain.cpu.ic, if taken { 0o200 } else { 0o101 }, "{name}");
        assert_eq!(plain.cycles(), 2, "{name}");
        assert_eq!(plain.core.peek(0), word_0, "{name}");
        assert_eq!(trapped.cpu.ic, if taken { 1 } else { 0o101 }, "{name} trapped");
        assert_eq!(trapped.cycles(), 3, "{name} trapped");
        assert_eq!(trapped.core.peek(0), Word::new(0o765432100100), "{name} trapped");
        assert!(trapped.cpu.trapping, "{name}: the mode stays on");
        // Everything else happens as without the mode.
        assert_eq!(trapped.cpu.xr, plain.cpu.xr, "{name}");
        assert_eq!(trapped.cpu.ac_overflow, plain.cpu.ac_overflow, "{name}");
        assert_eq!(trapped.cpu.mq_overflow, plain.cpu.mq_overflow, "{name}");
    }
}

#[test]
fn trapped_transfers_keep_their_other_effects() {
    let trapped = |name, fields, prepare: fn(&mut Machine)| {
        executed(name, fields, |m| {
            m.cpu.trapping = true;
            prepare(m);
        })
        .cpu
    };
    assert_eq!(trapped("TSX", tagged(2, 0o200), |_| {}).xr, [0, 0o77700, 0]);
    assert_eq!(trapped("TXI", type_a(5, 1, 0o200), |m| m.cpu.xr[0] = 7).xr[0], 0o14);
    assert_eq!(trapped("TIX", type_a(5, 1, 0o200), |m| m.cpu.xr[0] = 7).xr[0], 2);
    assert_eq!(trapped("TNX", type_a(5, 1, 0o200), |m| m.cpu.xr[0] = 7).xr[0], 2);
    assert!(!trapped("TOV", at(0o200), |m| m.cpu.ac_overflow = true).ac_overflow);
    assert!(!trapped("TNO", at(0o200), |m| m.cpu.ac_overflow = true).ac_overflow);
    assert!(!trapped("TQO", at(0o200), |m| m.cpu.mq_overflow = true).mq_overflow);
}

#[test]
fn some_are_immune_to_trapping() {
    for (name, next) in [("TTR", 0o200), ("CAS", 0o102), ("LBT", 0o101), ("DCT", 0o102), ("NOP", 0o101)] {
        let address = if matches!(name, "LBT" | "DCT") { 0 } else { 0o200 };
        let machine = executed(name, at(address), |m| m.cpu.trapping = true);
        assert_eq!(machine.cpu.ic, next, "{name}");
        assert_eq!(machine.core.peek(0), Word::ZERO, "{name}");
        assert_eq!(machine.cycles(), if name == "CAS" { 3 } else { 2 }, "{name}");
    }
    assert!(executed("ETM", at(0), |_| {}).cpu.trapping);
    assert!(!executed("LTM", at(0), |m| m.cpu.trapping = true).cpu.trapping);
}

#[test]
fn a_trapped_location_has_the_width_of_the_machine() {
    let mut machine = machine(CoreSize::K8, 0o17777, "TRA", at(0o200));
    machine.cpu.trapping = true;
    machine.core.poke(0, Word::new(0o000000077777));
    step(&mut machine).unwrap();
    assert_eq!(machine.core.peek(0), Word::new(0o17777));
    assert_eq!(machine.cpu.ic, 1);
}

/// Steps onto a stop.
fn stopped(name: &str, fields: Fields, prepare: impl FnOnce(&mut Machine)) -> (Machine, Stop) {
    let mut machine = machine(CoreSize::K32, 0o100, name, fields);
    prepare(&mut machine);
    let stop = step(&mut machine).unwrap_err();
    (machine, stop)
}

#[test]
fn start_after_a_halt() {
    // behind START: HTR one cycle of ER, HPR E and ER
    for (name, kind, next, cycles) in [("HTR", StopKind::Htr, 0o177, 2), ("HPR", StopKind::Hpr, 0o101, 3)] {
        let (mut machine, stop) = stopped(name, tagged(4, 0o200), |m| m.cpu.xr[2] = 1);
        assert_eq!((stop.kind, stop.at), (kind, 0o100), "{name}");
        assert_eq!(machine.cpu.ic, 0o100, "{name}: the lights show the halt itself");
        assert_eq!(machine.cycles(), 1, "{name}");
        machine.start(&mut NoMedia);
        assert_eq!(machine.cpu.ic, next, "{name}");
        assert_eq!(machine.cycles(), cycles, "{name}");
    }
}

#[test]
fn start_after_a_halt_in_trapping_mode() {
    let (mut machine, stop) = stopped("HTR", at(0o200), |m| m.cpu.trapping = true);
    assert_eq!((stop.kind, stop.at, machine.core.peek(0)), (StopKind::Htr, 0o100, Word::ZERO));
    machine.start(&mut NoMedia);
    assert_eq!((machine.cpu.ic, machine.core.peek(0)), (1, Word::new(0o100)));

    let (mut machine, _) = stopped("HPR", at(0o200), |m| m.cpu.trapping = true);
    machine.start(&mut NoMedia);
    assert_eq!((machine.cpu.ic, machine.core.peek(0)), (0o101, Word::ZERO));
}

#[test]
fn start_after_a_divide_check() {
    for name in ["DVH", "FDH"] {
        let (mut machine, stop) = stopped(name, at(0o200), |m| m.cpu.ac.magnitude = 0o201400000000);
        assert_eq!((stop.kind, stop.at), (StopKind::DivideCheck, 0o101), "{name}");
        assert_eq!((machine.cpu.ic, machine.cycles()), (0o101, 3), "{name}");
        assert!(machine.cpu.divide_check, "{name}");
        assert_eq!(machine.cpu.ac.magnitude, 0o201400000000, "{name}: the dividend is kept");
        machine.start(&mut NoMedia);
        assert_eq!(machine.cpu.ic, 0o101, "{name}");
        assert!(machine.cpu.divide_check, "{name}: only DCT turns it off");
    }
}
