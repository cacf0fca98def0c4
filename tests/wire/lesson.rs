//! The two terminals of the lesson on wires: what its blocks show is what two processes say.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use super::{emu704, texts};
use crate::common::root;

/// The blocks of a terminal: a command line, or none, and what stands below it.
fn terminals(text: &str) -> Vec<(Option<&str>, Vec<&str>)> {
    let blocks = text.split("```text\n").skip(1).filter_map(|rest| rest.split_once("```"));
    let shown = |block: &&str| block.starts_with("$ emu704") || block.starts_with("stop:");
    blocks
        .map(|(block, _)| block)
        .filter(shown)
        .map(|block| {
            let mut lines = block.lines().peekable();
            let command = lines.next_if(|line| line.starts_with("$ "));
            (command, lines.collect())
        })
        .collect()
}

#[test]
fn the_two_terminals_say_what_the_lesson_shows() {
    let text = std::fs::read_to_string(root().join("docs/lessons/12-wire.md")).unwrap();
    // in each act: the reader begins, the writer does all, the reader goes on
    let acts = terminals(&text);
    assert_eq!(acts.len(), 6, "{acts:?}");
    let folder = tempfile::tempdir().unwrap();
    for act in acts.chunks(3) {
        let [(Some(first), begins), (Some(second), all), (None, goes_on)] = act else { panic!("{act:?}") };
        let socket = folder.path().join("lesson-12").display().to_string();
        let words = |line: &str| -> Vec<String> {
            let line = line.replace("/tmp/lesson-12", &socket);
            line.split_whitespace().skip(2).map(str::to_owned).collect()
        };
        let run = |line: &str| {
            let words = words(line);
            emu704(&words.iter().map(String::as_str).collect::<Vec<_>>(), "")
        };
        let reader = run(first).spawn().unwrap();
        let writer = run(second).output().unwrap();
        let reader = reader.wait_with_output().unwrap();
        // whether a machine has to wait, and so says that it does, is a matter of the host's time
        let said = |output: &std::process::Output| -> Vec<String> {
            let (_, error) = texts(output);
            let error = error.replace(&socket, "/tmp/lesson-12");
            error.lines().filter(|line| !line.contains(" waits for ")).map(str::to_owned).collect()
        };
        let shown = |lines: &[&str]| -> Vec<String> {
            lines.iter().filter(|line| !line.contains(" waits for ")).map(|line| (*line).to_owned()).collect()
        };
        assert_eq!(said(&writer), shown(all));
        assert_eq!(said(&reader), [shown(begins), shown(goes_on)].concat());
        assert_eq!((writer.status.code(), reader.status.code()), (Some(0), Some(0)));
    }
}
