//! One driver: every job that the documents show, and every job and program in programs/, ends in the same state by `run`
//! and in the monitor.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::common::root;
use crate::documents::run as shown;
use serde_json::Value;

/// What a reader has in the folder of the project.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let place = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &place);
        } else {
            fs::copy(&path, &place).unwrap();
        }
    }
}

fn reader() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["programs", "tapes"] {
        copy(&root().join(part), &folder.path().join(part));
    }
    folder
}

/// The assembler's command, which is built beside that of the emulator when all tests are.
fn assembler() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_emu704")).with_file_name(format!("asm704{}", std::env::consts::EXE_SUFFIX))
}

/// The words of a command line as a shell would give them; nothing where it asks more of a shell, or needs a second machine.
fn words(line: &str) -> Option<Vec<String>> {
    if line.contains("wire:connect:") || line.contains("wire:listen:") {
        return None;
    }
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, '|' | '<' | '>' | '&' | ';' | '$') => return None,
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

fn start(program: &Path, folder: &Path, words: &[String], input: &str) -> Output {
    let mut child = Command::new(program)
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// The document of `--json`: the last line that is one.
fn report(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().rfind(|line| line.starts_with('{'));
    let talk = String::from_utf8_lossy(&output.stderr);
    serde_json::from_str(line.unwrap_or_else(|| panic!("no report: {text}{talk}"))).unwrap()
}

/// Runs the same both ways, each in its own folder, and compares the ends.
fn compare(folders: [&Path; 2], arguments: &[String], shown: &str) {
    let emu704 = Path::new(env!("CARGO_BIN_EXE_emu704"));
    let mut arguments: Vec<String> = arguments.to_vec();
    for option in ["--json", "-q"] {
        if !arguments.iter().any(|word| word == option || (option == "-q" && word == "--quiet")) {
            arguments.push(option.to_owned());
        }
    }
    let with = |command: &str| -> Vec<String> {
        // the monitor has no audit, and shows no words at the end: neither changes anything of a run
        let mut before = "";
        let known = arguments.iter().filter(|word| {
            let shown = std::mem::replace(&mut before, word) == "--show";
            command == "run" || !shown && *word != "--show" && *word != "--audit"
        });
        [command.to_owned()].into_iter().chain(known.cloned()).collect()
    };
    let run = start(emu704, folders[0], &with("run"), "");
    if run.stdout.is_empty() {
        // it ends before the machine runs: a bad file, for example
        assert!(matches!(run.status.code(), Some(2 | 6)), "{shown}");
        return;
    }
    let monitor = start(emu704, folders[1], &with("monitor"), "go\nquit\n");
    let (run, monitor) = (report(&run), report(&monitor));
    for part in ["stop", "cycles", "instructions", "registers", "indicators", "slack"] {
        assert_eq!(run[part], monitor[part], "{part} of `{shown}`");
    }
}

fn same_files(a: &Path, b: &Path) {
    for entry in fs::read_dir(a).unwrap() {
        let path = entry.unwrap().path();
        let other = b.join(path.file_name().unwrap());
        if path.is_dir() {
            same_files(&path, &other);
        } else {
            let (one, two) = (fs::read(&path).unwrap(), fs::read(&other).unwrap_or_default());
            assert!(one == two, "{} is not as {}", path.display(), other.display());
        }
    }
}

#[test]
fn jobs_of_the_documents_end_alike() {
    let asm704 = assembler();
    assert!(asm704.exists(), "{}: build it with `cargo build -p asm704`", asm704.display());
    let mut documents: Vec<PathBuf> =
        fs::read_dir(root().join("docs/lessons")).unwrap().map(|e| e.unwrap().path()).collect();
    documents.extend(shown::RUN.iter().map(|document| root().join(document)));
    documents.sort();
    let mut compared = 0;
    for document in documents {
        let (one, two) = (reader(), reader());
        let folders = [one.path(), two.path()];
        let text = fs::read_to_string(&document).unwrap();
        for line in text.lines().filter_map(|line| line.strip_prefix("$ ")) {
            let Some(words) = words(line) else { continue };
            match words.first().map(String::as_str) {
                Some("asm704") => {
                    for folder in folders {
                        start(&asm704, folder, &words[1..], "");
                    }
                }
                Some("emu704") if words.get(1).is_some_and(|word| word == "run") => {
                    compare(folders, &words[2..], line);
                    compared += 1;
                }
                Some("emu704")
                    if !words.iter().any(|word| word == "demo" || word == "bench" || word == "tui") =>
                {
                    let emu704 = Path::new(env!("CARGO_BIN_EXE_emu704"));
                    for folder in folders {
                        start(emu704, folder, &words[1..], "");
                    }
                }
                _ => {}
            }
        }
        same_files(folders[0], folders[1]);
    }
    assert!(compared > 40, "{compared}");
}

#[test]
fn jobs_and_programs_of_the_tree_end_alike() {
    let (one, two) = (reader(), reader());
    let mut names = Vec::new();
    for folder in ["programs", "programs/lessons", "programs/diag", "programs/crt"] {
        for entry in fs::read_dir(one.path().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "sap" || ending == "toml") {
                names.push(path.strip_prefix(one.path()).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    names.sort();
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        let arguments: Vec<String> =
            [&name, "--limit", "3000000", "--ring", "1"].map(ToString::to_string).to_vec();
        compare([one.path(), two.path()], &arguments, &name);
    }
}
