//! The figures of docs/remote.md, measured.

use std::fmt::Write as _;

use asm704::assemble::Output;
use emu704::time::TICKS_PER_CYCLE;
use emu704::{CoreSize, StopKind};

use super::{LIMIT, Sender, heat, moving, receiver, records};
use crate::common::{root, run, symbol, text, word};

/// What a run of a job that moves has cost. Times in cycles.
struct Measured {
    /// Words that the job changes between two calls, on the mean of the calls behind the first whole copy.
    changed: u64,
    /// Calls until all of core was over there once.
    calls: u64,
    /// The longest call but the last.
    pause: u64,
    /// Words of the job that the other machine has not, or has old, when the last call begins.
    lag: u64,
    /// Words of tape in all, and in the last call.
    words: u64,
    last_words: u64,
    /// From the last call here to the return from it there.
    down: u64,
}

/// The last call comes so many calls behind the first whole copy.
const BEHIND: u64 = 10;

fn measured(code: &Output, core: CoreSize, change: impl Fn(&mut Sender)) -> Measured {
    let at = |name: &str| symbol(code, name);
    let mut sender = Sender::new(code, core);
    change(&mut sender);
    let own = at("REMCHK")..at("REMEND");
    let (mut calls, mut whole, mut pause) = (0, None, 0);
    let mut changes = Vec::new();
    let mut before: Vec<_> = Vec::new();
    let size = |sender: &Sender| sender.machine.core.peek(at("CHKSIZ")).decrement() * 4096;
    loop {
        assert!(sender.reaches_call());
        let begun = sender.machine.cycles();
        let size = size(&sender);
        let now: Vec<_> = (0..size).map(|a| sender.machine.core.peek(a)).collect();
        if whole.is_some() {
            let of =
                before.iter().zip(&now).zip(0..).filter(|((old, new), a)| old != new && !own.contains(a));
            changes.push(of.count() as u64);
        }
        if whole.is_some_and(|whole| calls == whole + BEHIND) {
            let lag = (0..size)
                .filter(|a| !own.contains(a))
                .filter(|a| sender.machine.core.peek(*a) != sender.machine.core.peek(a + size));
            let lag = lag.count() as u64;
            let sent = words(&mut sender);
            sender.last();
            let stop = run(&mut sender.machine, &mut sender.reels, LIMIT);
            assert_eq!((stop.kind, stop.at), (StopKind::Htr, at("R$GAVE")));
            let here = sender.machine.cycles() - begun;
            let all = words(&mut sender);
            let there = behind_the_last_word(code, sender.reel());
            let changed = changes.iter().sum::<u64>() / changes.len() as u64;
            return Measured {
                changed,
                calls: whole.unwrap(),
                pause,
                lag,
                words: all,
                last_words: all - sent,
                down: here + there,
            };
        }
        assert!(sender.reaches_return());
        calls += 1;
        if calls > 1 {
            pause = pause.max(sender.machine.cycles() - begun);
        }
        before = (0..size).map(|a| sender.machine.core.peek(a)).collect();
        if whole.is_none() && sender.machine.core.peek(at("R$FIRST")).magnitude() == 0 {
            whole = Some(calls);
        }
    }
}

fn words(sender: &mut Sender) -> u64 {
    sender.machine.settle(&mut sender.reels).unwrap();
    records(&sender.reel()).iter().map(|record| record.len() as u64 / 6).sum()
}

/// Cycles of the other machine from the last word of the last record to the return from the call.
fn behind_the_last_word(code: &Output, reel: Vec<u8>) -> u64 {
    let (mut machine, mut reels) = receiver(CoreSize::K32, reel, 1);
    let mut last = 0;
    while machine.step(&mut reels, u64::MAX).is_ok() {
        if machine.cpu.ic == symbol(code, "R$CPX") {
            last = machine.cycles();
        } else if machine.cpu.ic == symbol(code, "K$RET") {
            return machine.cycles() - last;
        }
    }
    panic!("the job does not return");
}

/// With thousands set off.
fn number(n: u64) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", n / 1000, n % 1000) }
}

/// In seconds of 704 time, two places.
fn seconds(cycles: u64) -> String {
    format!("{:.2} s", cycles as f64 * 12e-6)
}

fn row(name: &str, m: &Measured) -> String {
    format!(
        "| {name} | {} | {} | {} | {} | {} | {} | {} |\n",
        number(m.changed),
        m.calls,
        seconds(m.pause),
        number(m.lag),
        number(m.words),
        number(m.last_words),
        seconds(m.down)
    )
}

/// The part of docs/remote.md between two marks is this; with `EMU704_WRITE_DOCS` it is written.
fn in_document(name: &str, table: &str) {
    let page = text("docs/remote.md");
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->\n"));
    let from = page.find(&begin).unwrap() + begin.len();
    let to = page.find(&end).unwrap();
    if std::env::var_os("EMU704_WRITE_DOCS").is_some() {
        let page = format!("{}{table}{}", &page[..from], &page[to..]);
        std::fs::write(root().join("docs/remote.md"), page).unwrap();
        return;
    }
    assert_eq!(&page[from..to], table, "docs/remote.md has other figures of {name}");
}

#[test]
fn the_page_has_the_tables() {
    jobs();
    throttles();
}

fn jobs() {
    let mut table = String::from(
        "| job | words changed between calls | calls until all was sent once | longest call | lag at the last call, words | words sent | in the last call | down time |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for rate in [0, 10, 100, 300, 1000, 3000] {
        let what = match rate {
            0 => "4,096 words, none of its table changes".to_owned(),
            3000 => "4,096 words, every word of its table".to_owned(),
            _ => format!("4,096 words, {} of its table", number(rate.into())),
        };
        table += &row(&what, &measured(&moving(rate), CoreSize::K8, |_| {}));
    }
    let heat = measured(&heat(), CoreSize::K32, |_| {});
    table += &row("`heat.sap`, 8,192 words", &heat);
    in_document("table of jobs", &table);
    // what is claimed: less than the plain routine takes in every case but where every word changes
    assert!(heat.down * 3 < 279_300, "{}", heat.down);
    // the words of the last call grow with the changes, and the job of which nothing changes sends hardly more than core
    assert!(heat.words < 40_000);
}

fn throttles() {
    let mut table = String::from(
        "| words looked at, blocks sent, words of a block | calls until all was sent once | longest call | lag at the last call, words | words sent | in the last call | down time |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for (look, blocks, length) in [
        (512, 4, 32),
        (2048, 16, 32),
        (4096, 32, 32),
        (2048, 16, 8),
        (2048, 16, 16),
        (2048, 8, 64),
        (2048, 4, 128),
    ] {
        let code = moving(300);
        let m = measured(&code, CoreSize::K8, |sender| {
            let throttle = format!("{blocks:06o}{look:06o}");
            sender.machine.core.poke(symbol(&code, "REMTHR"), word(&throttle));
            sender.machine.core.poke(symbol(&code, "REMLEN"), word(&format!("{length:012o}")));
        });
        let _ = writeln!(
            table,
            "| {}, {blocks}, {length} | {} | {} | {} | {} | {} | {} |",
            number(look),
            m.calls,
            seconds(m.pause),
            number(m.lag),
            number(m.words),
            number(m.last_words),
            seconds(m.down)
        );
    }
    in_document("table of throttles", &table);
}

/// Every copy comes in time at 704 speed.
#[test]
fn the_page_has_the_slack() {
    let code = moving(300);
    let mut sender = Sender::new(&code, CoreSize::K8);
    sender.moves_behind(12);
    let (mut machine, mut reels) = receiver(CoreSize::K4, sender.reel(), 1);
    let stop = run(&mut machine, &mut reels, LIMIT);
    assert_eq!(stop.at, symbol(&code, "STOP"));
    let least = |slack: &emu704::io::Slacks, names: &[&str]| {
        let own = symbol(&code, "REMCHK")..symbol(&code, "REMEND");
        // the first copy of a record has all the time in which the tape starts
        let all =
            slack.iter().filter(|(at, _)| own.contains(at)).map(|(at, s)| (*at, s.least.0 / TICKS_PER_CYCLE));
        let (at, least) = all.min_by_key(|(_, least)| *least).unwrap();
        assert!(names.iter().any(|name| symbol(&code, name) == at), "{at:05o}");
        least
    };
    let out = least(sender.machine.io.slack(), &["R$BLK"]);
    let into = least(machine.io.slack(), &["R$CPU", "R$W1", "R$BLK", "R$CPX"]);
    let line = format!("| least slack of a CPY, in cycles | {out} sending, {into} receiving |");
    let words = format!("| the routine, sender and receiver | {} words |", symbol(&code, "REMLNG"));
    let list = format!(
        "| of these the check and the loader, which run on the other machine only | {} words |",
        symbol(&code, "R$IML")
    );
    let page = text("docs/remote.md");
    for figure in [line, words, list] {
        assert!(page.contains(&figure), "docs/remote.md does not have {figure}");
    }
}

/// Every coded halt of the routine is in the page's table.
#[test]
fn every_halt_is_in_the_page() {
    let (page, listing) = (text("docs/remote.md"), text("programs/lib/remote.sap"));
    let mut codes: Vec<&str> = listing
        .lines()
        .filter(|line| line.get(7..10) == Some("HTR"))
        .filter_map(|line| line[11..].split_whitespace().next()?.split(",,").nth(1))
        .collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes, ["1", "2", "3", "4", "5", "6", "7"]);
    for code in codes {
        assert!(page.contains(&format!(",,{code}`")), "docs/remote.md does not tell halt {code}");
    }
}
