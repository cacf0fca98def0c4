//! 716 printer: CARD, 150 lines a minute, and the SHARE board.

use asm704::Word;
use emu704::io::options::{Exit, SenseEntry};
use emu704::media::NoMedia;
use emu704::{Config, CoreSize, Machine, StopKind};

use super::support::*;

/// Power on leaves the clutch so that it engages after 213 ms; the 9 row comes 66 ms later.
const FIRST_ROW: u64 = 639_000 + 198_000;

/// A line: a select, exits impulsed before the copies and behind them, 24 words.
struct Line<'a>(&'a [u64], &'a str, &'a [u64]);

fn print_with(config: Config, lines: &[Line]) -> String {
    let mut program = Vec::new();
    for (n, Line(before, _, after)) in (0..).zip(lines) {
        program.push(WPR);
        program.extend(before.iter().map(|exit| SPR | exit));
        program.extend(copies(0o2000 + 24 * n, 24));
        program.extend(after.iter().map(|exit| SPR | exit));
    }
    program.push(HTR);
    let mut machine = with_config(config, &program);
    for (n, Line(_, text, _)) in (0..).zip(lines) {
        let words: Vec<u64> = image(text).iter().map(|word| word.bits()).collect();
        put(&mut machine, 0o2000 + 24 * n, &words);
    }
    run_to(&mut machine, program.len() as u16 - 1);
    machine.settle(&mut NoMedia).expect("the line ends");
    machine.io.printer.tear_off()
}

fn print(lines: &[Line]) -> String {
    print_with(Config::with_core(CoreSize::K8), lines)
}

#[test]
fn rows_come_at_their_times() {
    let mut program = vec![WPR];
    program.extend(copies(0o1000, 25));
    let mut machine = machine(&program);
    step(&mut machine);
    for n in 0..24 {
        step(&mut machine);
        // the word moves at the end of a pulse of 50 us
        let pulse: u64 = FIRST_ROW + n / 2 * 50_000 + n % 2 * 2_400 + 150;
        assert_eq!(machine.cycles(), pulse.div_ceil(36), "half row {n}");
    }
    // The printer disconnects at point 12, and the 25th CPY is a copy check.
    let stop = run(&mut machine);
    assert_eq!(stop.kind, StopKind::ReadWriteCheck);
    assert_eq!(machine.cycles(), (FIRST_ROW + 12 * 50_000).div_ceil(36));
}

fn lines(n: usize, select: u64, copied: u64) -> u64 {
    let mut program = Vec::new();
    for _ in 0..n {
        program.push(select);
        program.extend(copies(0o2000, copied));
    }
    program.extend([IOD, HTR]);
    let mut machine = machine(&program);
    run_to(&mut machine, program.len() as u16 - 1);
    assert_eq!(machine.io.printer.lines(), n as u64);
    machine.cycles()
}

#[test]
fn a_loop_prints_150_lines_a_minute() {
    // 400 ms a line: three are 100,000 cycles.
    assert_eq!(lines(4, WPR, 24) - lines(1, WPR, 24), 100_000);
    assert_eq!(lines(4, RPR, 46) - lines(1, RPR, 46), 100_000);
}

#[test]
fn all_characters_print() {
    let text = "ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 +-*/=.,()$'";
    assert_eq!(print(&[Line(&[], text, &[])]), format!("{text}\n"));
    let mut config = Config::with_core(CoreSize::K8);
    config.devices.printer.graphics = asm704::chars::Graphics::Commercial;
    assert_eq!(print_with(config, &[Line(&[], "A=B'C(D+", &[])]), "A#B@C%D&\n");
}

#[test]
fn the_share_board_spaces_and_skips() {
    let text = print(&[
        Line(&[1], "PAGE", &[]),
        Line(&[], "SINGLE", &[]),
        Line(&[4], "DOUBLE", &[]),
        Line(&[2], "HALF PAGE", &[]),
        Line(&[3], "ONE AFTER", &[]),
        Line(&[6], "TWO AFTER", &[]),
        Line(&[], "EJECT AFTER", &[1]),
        Line(&[], "NEXT", &[]),
    ]);
    let expected =
        "\u{c}PAGE\nSINGLE\n\nDOUBLE\n\u{b}HALF PAGE\nONE AFTER\n\nTWO AFTER\n\n\nEJECT AFTER\n\u{c}NEXT\n";
    assert_eq!(text, expected);
}

#[test]
fn exit_5_prints_over_the_line() {
    assert_eq!(print(&[Line(&[], "ABC", &[]), Line(&[5], "  D E", &[])]), "ABC E\r  D\n");
}

#[test]
fn exit_9_prints_the_second_half_of_120_columns() {
    let first = "1".repeat(72);
    let second = "2".repeat(48);
    assert_eq!(print(&[Line(&[], &first, &[]), Line(&[9], &second, &[])]), format!("{first}{second}\n"));
    // UNVERIFIED: exit 10 prints there on a new line.
    let text = print(&[Line(&[], "1", &[]), Line(&[10], "2", &[])]);
    assert_eq!(text, format!("1\n{}2\n", " ".repeat(72)));
}

#[test]
fn the_board_can_be_wired_otherwise() {
    let mut config = Config::with_core(CoreSize::K8);
    config.devices.printer.exits[7] = Exit::Page;
    assert_eq!(print_with(config, &[Line(&[8], "X", &[])]), "\u{c}X\n");
}

#[test]
fn spt_finds_exit_7() {
    let skips = |exit: u64, entry| {
        let mut config = Config::with_core(CoreSize::K8);
        config.devices.printer.entry = entry;
        let mut machine = with_config(config, &[WPR, SPR | exit, SPT, HTR, HTR]);
        let stop = run(&mut machine);
        stop.at == 4
    };
    assert!(skips(7, SenseEntry::Board));
    assert!(!skips(6, SenseEntry::Board));
    assert!(!skips(7, SenseEntry::Never));
    assert!(skips(6, SenseEntry::Always));
}

#[test]
fn rows_that_are_missing_do_not_print() {
    // Digits come first: without the zone rows A is 1.
    let mut program = vec![WPR];
    program.extend(copies(0o2000, 18));
    program.push(HTR);
    let mut machine = machine(&program);
    let words: Vec<u64> = image("A 1").iter().map(|word| word.bits()).collect();
    put(&mut machine, 0o2000, &words);
    run_to(&mut machine, 19);
    machine.settle(&mut NoMedia).unwrap();
    assert_eq!(machine.io.printer.tear_off(), "1 1\n");
}

/// A RPR that prints a line: words come from 2000 on, all 46 places are copied.
fn echoed(rows: &[Word; 24]) -> Machine {
    // Which row or echo each pair of CPYs is, by io order: rows 9 to 1, then 8-4, 0, 8-3, 11, 9, 12, 8, 7 ... 1.
    let mut program = vec![RPR];
    program.extend(copies(0o2000, 46));
    program.extend([IOD, HTR]);
    let mut machine = machine(&program);
    let mut at = 0o2000;
    for pair in 0..12 {
        let words = [rows[2 * pair].bits(), rows[2 * pair + 1].bits()];
        put(&mut machine, at, &words);
        at += if pair < 8 { 2 } else { 4 };
    }
    machine
}

#[test]
fn a_rpr_is_46_copies_of_rows_and_echoes() {
    let mut machine = echoed(&image("A=I'8,4H3.92"));
    run_to(&mut machine, 48);
    assert_eq!(machine.io.printer.tear_off(), "A=I'8,4H3.92\n");
    // Columns of the left half as bits: A 1 is column 1, = 8-3 column 2, ...
    let columns = |columns: &[u32]| columns.iter().map(|c| 1 << (36 - c)).sum::<u64>();
    let expected = [
        (18, columns(&[4])),        // 8-4: '
        (22, columns(&[2, 6, 10])), // 8-3: = , .
        (26, columns(&[3, 11])),    // 9: I 9
        (30, columns(&[5, 8])),     // 8 alone: 8 H
        (32, 0),                    // 7
        (34, 0),                    // 6
        (36, 0),                    // 5
        (38, columns(&[7])),        // 4 alone
        (40, columns(&[9])),        // 3 alone
        (42, columns(&[12])),       // 2
        (44, columns(&[1])),        // 1
    ];
    for (copy, bits) in expected {
        assert_eq!(core(&machine, 0o2000 + copy, 2), words(&[bits, 0]), "CPY {copy}");
    }
    // What was to be printed is not changed.
    assert_eq!(core(&machine, 0o2000, 18), image("A=I'8,4H3.92")[..18]);
}

#[test]
fn echoes_have_their_times() {
    let mut machine = echoed(&image("704"));
    step(&mut machine);
    let point = |halves: u64| FIRST_ROW + halves * 25_000;
    // In half points: rows 9 to 1 at 0, 2, ... 16; then echo and row in turn; then an echo a row.
    let pairs = [0, 2, 4, 6, 8, 10, 12, 14, 16, 17, 18, 19, 20, 21, 22, 23, 25, 27, 29, 31, 33, 35, 37];
    for (n, halves) in pairs.into_iter().enumerate() {
        let echo = halves % 2;
        for half in 0..2 {
            step(&mut machine);
            let pulse = point(halves) + half * 2_400 + 150;
            assert_eq!(machine.cycles(), pulse.div_ceil(36) + echo, "pair {n}, half {half}");
        }
    }
    step(&mut machine);
    // It disconnects at point 19.
    assert_eq!(machine.cycles(), point(38).div_ceil(36) + 1);
}

#[test]
fn a_47th_copy_is_a_copy_check() {
    let mut machine = echoed(&image("704"));
    put(&mut machine, 47, &[CPY | 0o7000]);
    let stop = run(&mut machine);
    assert_eq!((stop.kind, stop.at), (StopKind::ReadWriteCheck, 48));
}

#[test]
fn start_after_a_halt_does_not_lose_the_line() {
    let mut program = vec![WPR];
    program.extend(copies(0o2000, 24));
    program.extend([0o042000000000, HTR]);
    let mut machine = machine(&program);
    let words: Vec<u64> = image("KEPT").iter().map(|word| word.bits()).collect();
    put(&mut machine, 0o2000, &words);
    assert_eq!(run(&mut machine).kind, StopKind::Hpr);
    machine.start(&mut NoMedia);
    run_to(&mut machine, 26);
    assert_eq!(machine.io.printer.tear_off(), "KEPT\n");
}
