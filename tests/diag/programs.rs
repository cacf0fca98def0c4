//! The table of the diagnostics, with what their operators do.

use emu704::host::Mounts;
use emu704::{Machine, StopKind};

use super::bench::Diagnostic;

/// A program that needs no unit and no operator.
const CPU: Diagnostic =
    Diagnostic { name: "", prepare: |_, _| {}, stops: &[], inspect: |_, _| Ok(()), cycles: 1_000_000 };

const JUST_START: fn(&mut Machine) = |_| {};

/// All diagnostics.
pub(crate) const ALL: &[Diagnostic] = &[
    Diagnostic { name: "fixed", ..CPU },
    Diagnostic { name: "muldiv", stops: &[(StopKind::DivideCheck, "HALT", JUST_START)], ..CPU },
    Diagnostic { name: "logic", ..CPU },
    Diagnostic { name: "shift", ..CPU },
    Diagnostic {
        name: "transf",
        stops: &[
            (StopKind::Hpr, "HALT1", JUST_START),
            (StopKind::Htr, "HALT2", JUST_START),
            (StopKind::Htr, "HALT3", JUST_START),
        ],
        ..CPU
    },
    Diagnostic { name: "index", ..CPU },
    Diagnostic { name: "float", stops: &[(StopKind::DivideCheck, "HALT", JUST_START)], ..CPU },
    Diagnostic { name: "sense", prepare: switches, ..CPU },
    Diagnostic { name: "trap", stops: &[(StopKind::Htr, "HALT", JUST_START)], ..CPU },
];

/// The diagnostic of a name.
pub(crate) fn find(name: &str) -> Diagnostic {
    *ALL.iter().find(|d| d.name == name).unwrap_or_else(|| panic!("no diagnostic {name}"))
}

fn switches(machine: &mut Machine, _: &mut Mounts) {
    machine.console.sense_switches = [true, false, true, false, true, false];
}
