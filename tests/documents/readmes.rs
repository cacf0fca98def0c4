//! The page that a registry shows for the package emu704 needs no file of the project.

use std::process::Command;

use super::root;

#[test]
fn the_commands_of_the_package_need_nothing_else() {
    let readme = std::fs::read_to_string(root().join("emu704/README.md")).expect("text");
    let folder = tempfile::tempdir().expect("a folder");
    let mut run = 0;
    for line in readme.lines().filter_map(|line| line.strip_prefix("emu704 ")) {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line == "tui --attract" {
            // it needs a terminal, and plays until a key: tests/terminal.rs has it
            continue;
        }
        let output = Command::new(env!("CARGO_BIN_EXE_emu704"))
            .args(line.split_whitespace())
            .current_dir(folder.path())
            .output()
            .expect("the command");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        // with --out a lesson writes files, and says so to a person
        assert!(!output.stdout.is_empty() || line.contains("--out"), "{line}");
        run += 1;
    }
    assert!(run >= 3, "{run}");
    assert!(folder.path().join("here").is_dir());
}
