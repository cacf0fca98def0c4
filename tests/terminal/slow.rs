//! The panel on a line of 9,600 bits, 960 bytes a second: a stop is shown soon, and keys are never late.

use std::process::Command;

use super::*;

/// Seconds until the effect of a key is seen. The line takes 0.6 s for a part of a picture that is on its way and one that follows.
/// A busy host may add to that. If pictures wait in the buffers of the line, it takes 7 s and more.
const SOON: f64 = 2.0;

fn delays(terminal: &str) -> Option<Vec<f64>> {
    let Ok(python) = Command::new("python3").arg("--version").output() else {
        eprintln!("python3 is missing: the slow line is left out");
        return None;
    };
    assert!(python.status.success());
    let output = Command::new("python3")
        .arg(root().join("tests/terminal/slow.py"))
        .args(["960", terminal, EMU704, "tui"])
        .arg(root().join("programs/heat.sap"))
        .args(["--core", "8k", "--no-mouse"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let delays: Vec<f64> =
        said.lines().map(|line| line.rsplit_once(' ').unwrap().1.parse().unwrap()).collect();
    assert_eq!(delays.len(), 8, "{said}");
    // the first one waits until the terminal has answered, or has not
    assert!(delays[0] < 4.0 + SOON && delays[1..].iter().all(|delay| *delay < SOON), "{terminal}: {said}");
    Some(delays)
}

#[test]
fn a_slow_line_shows_a_stop_soon() {
    delays("answers");
}

#[test]
fn a_slow_line_without_answers_shows_a_stop_soon() {
    delays("mute");
}
