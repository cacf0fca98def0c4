//! The command asm704: exit codes, forms, files.

use std::path::Path;
use std::process::{Command, Output};

fn asm704(directory: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_asm704")).current_dir(directory).args(args).output().unwrap()
}

const SOURCE: &str = "       ORG 8\nSTART  HTR START\n       END START\n";

#[test]
fn a_core_image_has_its_start() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("p.sap"), SOURCE).unwrap();
    let output = asm704(directory.path(), &["p.sap", "--format", "oct"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "# start 00010\n00010 000000000010\n");
    assert!(output.stderr.is_empty());
}

#[test]
fn the_deck_goes_beside_the_source() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("p.sap"), SOURCE).unwrap();
    assert_eq!(asm704(directory.path(), &["p.sap"]).status.code(), Some(0));
    let deck = std::fs::read(directory.path().join("p.cbn")).unwrap();
    assert_eq!(deck.len(), 2 * 160);
}

#[test]
fn flagged_cards_assemble_and_exit_with_1() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("p.sap"), "       XYZ 5\n       END 0\n").unwrap();
    let output = asm704(directory.path(), &["p.sap", "--format", "oct"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "# start 00000\n00000 000000000005\n");
    assert!(String::from_utf8(output.stderr).unwrap().contains("error[A001]"));
}

#[test]
fn a_missing_file_is_one_line_and_exit_2() {
    let directory = tempfile::tempdir().unwrap();
    let output = asm704(directory.path(), &["none.sap"]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains("none.sap"), "{text}");
}
