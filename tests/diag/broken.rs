//! Each diagnostic must notice machines that are broken on purpose.

use std::fmt::Write as _;

use emu704::CoreSize;

use super::bench::{self, Outcome};
use super::faults;
use super::programs::{ALL, find};

/// How each fault shows, a line a fault: the number of the test that found it, or the stop.
#[test]
fn every_broken_machine_is_noticed() {
    let mut report = String::new();
    let mut unnoticed = Vec::new();
    for (diagnostic, what, fault) in faults::all() {
        let (outcome, _) = bench::run(&find(diagnostic), CoreSize::K8, Some(fault));
        let how = match outcome {
            Outcome::Pass => {
                unnoticed.push(format!("{diagnostic}: {what}"));
                continue;
            }
            Outcome::Fail { test, .. } if test < 100 => format!("test {test}"),
            // The machine is too badly broken to say which.
            Outcome::Fail { .. } => "fails with the number of no test".to_owned(),
            Outcome::Stopped(kind, ..) => format!("stop {kind:?}"),
            Outcome::Product(_) => "what came out is wrong".to_owned(),
        };
        writeln!(report, "{diagnostic:<8} {what:<58} {how}").expect("a string");
    }
    assert!(unnoticed.is_empty(), "{unnoticed:#?}");
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("diagnostics_broken_machines", report);
    });
}

#[test]
fn every_diagnostic_has_a_broken_machine() {
    for diagnostic in ALL {
        let faults = faults::all().filter(|row| row.0 == diagnostic.name).count();
        assert!(faults > 0, "{}", diagnostic.name);
    }
}
