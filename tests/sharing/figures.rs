//! The figures of docs/sharing.md, measured.

use super::{Guest, Shared};
use crate::common::{symbol, text};

/// Cycles from each call of a guest that reaches the monitor until the other goes on.
fn swaps() -> Vec<u64> {
    let (squares, adder) = (Guest::squares(), Guest::adder());
    let mut all = Vec::new();
    for seed in 1..20 {
        let mut shared = Shared::new(&[&squares.reel, &adder.reel], seed);
        let (called, go) = (symbol(&shared.code, "CALLED"), symbol(&shared.code, "GO"));
        let mut since = None;
        while shared.machine.step(&mut shared.mounts, u64::MAX).is_ok() {
            let now = shared.machine.cycles();
            if shared.machine.cpu.ic == called {
                since = Some(now);
            } else if shared.machine.cpu.ic == go
                && let Some(since) = since.take()
            {
                all.push(now - since);
            }
        }
    }
    all
}

#[test]
fn the_page_has_the_figures() {
    let swaps = swaps();
    assert!(swaps.len() > 10, "{swaps:?}");
    let (least, most) = (swaps.iter().min().unwrap(), swaps.iter().max().unwrap());
    let code = &Shared::new(&[&[], &[]], 1).code;
    let words = symbol(code, "SHALEN");
    let thousand = |n: u64| format!("{},{:03}", n / 1000, n % 1000);
    let seconds = |n: u64| format!("{}.{:02}", n * 12 / 1_000_000, n * 12 / 10_000 % 100);
    let page = text("docs/sharing.md");
    let figures = [
        format!("| the monitor | {words} words |"),
        format!("| the shortest swap | {} cycles, {} s |", thousand(*least), seconds(*least)),
        format!("| the longest swap | {} cycles, {} s |", thousand(*most), seconds(*most)),
    ];
    let missing: Vec<_> = figures.iter().filter(|figure| !page.contains(*figure)).collect();
    assert!(missing.is_empty(), "docs/sharing.md does not have {missing:#?}");
}
