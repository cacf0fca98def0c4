//! Random keys, clicks, pastes and sizes: whatever comes, the panel draws, and its machine can still be worked.

use super::*;
use crate::common::Random;

const KEYS: &str = "sRCctdajknlwmiye123456gxp+-TPDOMVWL?o: 01234567\t\n\x1b";
const LINES: [&str; 12] = [
    "help",
    "tapes",
    "go",
    "step 5",
    "break 100",
    "nobreak all",
    "watch 100",
    "power off",
    "power on 7",
    "boot tape",
    "examine state",
    "no such word",
];

#[test]
fn random_keys_clicks_and_sizes() {
    for seed in 1..=12 {
        let mut random = Random(704 + seed);
        let mut below = |limit: u64| random.next() % limit;
        let mut app = app(COUNTER);
        let mut size = (120, 40);
        for turn in 0..250 {
            let (_, hits) = screen(&mut app, size);
            match below(10) {
                0 => size = (1 + below(230) as u16, 1 + below(70) as u16),
                1 => size = SIZES[below(3) as usize],
                2 => press(&mut app, &format!("\x1b\x1b:{}\n", LINES[below(LINES.len() as u64) as usize])),
                3 => app.paste(&"paste 123 ".repeat(1 + below(1000) as usize)),
                4 | 5 => {
                    let kind = match below(4) {
                        0 => MouseEventKind::Down(MouseButton::Left),
                        1 => MouseEventKind::Drag(MouseButton::Left),
                        2 => MouseEventKind::Up(MouseButton::Left),
                        _ => MouseEventKind::ScrollDown,
                    };
                    // also outside, as a window that has just become smaller sends it
                    let (column, row) = (below(240) as u16, below(80) as u16);
                    app.mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }, &hits);
                }
                _ => {
                    let key = KEYS.as_bytes()[below(KEYS.len() as u64) as usize];
                    press(&mut app, &char::from(key).to_string());
                }
            }
            pass(&mut app, 10);
            assert!(!app.over, "seed {seed}, turn {turn}: only q ends it");
        }
        press(&mut app, "\x1b\x1b\x1bxqq");
        assert!(app.over, "seed {seed}");
    }
}
