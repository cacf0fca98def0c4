//! The documents whose command lines are run, and what they show compared, by tests/lessons.rs. The lessons are, too.

/// Paths from the top of the tree.
pub(crate) const RUN: &[&str] = &[
    "README.md",
    "CONTRIBUTING.md",
    "docs/assembler.md",
    "docs/bring-your-own.md",
    "docs/checkpoint-tapes.md",
    "docs/commands.md",
    "docs/double-output.md",
    "docs/faults.md",
    "docs/formats.md",
    "docs/fortran.md",
    "docs/installing.md",
    "docs/job-file.md",
    "docs/json.md",
    "docs/operators-guide.md",
    "docs/panel.md",
    "docs/sap.md",
    "docs/sharing.md",
    "docs/snapshots.md",
    "docs/stores.md",
    "docs/teachers.md",
    "docs/testing-reels.md",
    "docs/trust.md",
    "programs/diag/README.md",
    "tapes/README.md",
];
