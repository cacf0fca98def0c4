//! docs/json.md and docs/snapshots.md: every key of the documents shown, and of a snapshot, stands in a table.

use std::collections::BTreeSet;

use emu704::snapshot::{VERSION, save};
use emu704::{Config, CoreSize, Room};
use serde_json::Value;

use super::root;

#[test]
fn every_key_of_an_example_is_in_the_table() {
    let page = std::fs::read_to_string(root().join("docs/json.md")).unwrap();
    let mut n_examples = 0;
    let mut missing = Vec::new();
    // `tape damage` is shown in one section and told in another
    let everywhere = keys_of(&page);
    for section in page.split("\n## ").skip(1) {
        let known = keys_of(section);
        for document in examples(section) {
            n_examples += 1;
            let made = document.get("made").is_some();
            let mut paths = BTreeSet::new();
            flatten("", &document, &mut paths);
            for path in paths {
                if !(if made { &everywhere } else { &known }).contains(&path) {
                    missing.push(format!("{}: {path}", section.lines().next().unwrap_or("")));
                }
            }
        }
    }
    assert!(missing.is_empty(), "docs/json.md does not tell {missing:#?}");
    assert!(n_examples >= 8, "{n_examples} examples are too few: are they found at all?");
}

#[test]
fn the_page_of_snapshots_has_every_key() {
    let page = std::fs::read_to_string(root().join("docs/snapshots.md")).unwrap();
    let known = keys_of(&page);
    let mut room = Room::new(Config::with_core(CoreSize::K4));
    room.mount_reel(3, Vec::new(), true).unwrap();
    let document: Value = serde_json::from_str(&save(&room.snapshot().unwrap()).unwrap()).unwrap();
    let states = document["reel_states"].as_object().unwrap();
    for key in states.keys() {
        assert!(
            known.contains(&format!("reel_states.{key}")),
            "docs/snapshots.md does not tell reel_states.{key}"
        );
    }
    for key in states["units"]["3"].as_object().unwrap().keys() {
        let key = format!("reel_states.units.N.{key}");
        assert!(known.contains(&key), "docs/snapshots.md does not tell {key}");
    }
    for (key, value) in document.as_object().unwrap() {
        assert!(known.contains(key), "docs/snapshots.md does not tell {key}");
        if key == "machine" {
            for key in value.as_object().unwrap().keys() {
                assert!(
                    known.contains(&format!("machine.{key}")),
                    "docs/snapshots.md does not tell machine.{key}"
                );
            }
        }
    }
    assert!(page.contains(&format!("| `version` | {VERSION}. ")), "the version is {VERSION}");
}

/// What stands between backticks in the first column of tables.
fn keys_of(text: &str) -> BTreeSet<String> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    rows.flat_map(|cell| cell.trim_end_matches('`').split("`, `").map(str::to_owned)).collect()
}

/// The documents that the transcripts of a section show.
fn examples(section: &str) -> Vec<Value> {
    let mut documents = Vec::new();
    for block in section.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap_or("");
        for answer in block.split("$ ").skip(1) {
            // talk and the exit code may stand before it
            if let Some((_, document)) = format!("\n{answer}").split_once("\n{") {
                documents.push(serde_json::from_str(&format!("{{{document}")).expect("a document"));
            }
        }
    }
    documents
}

/// The paths of all values that are neither objects nor lists.
fn flatten(path: &str, value: &Value, paths: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&path, value, paths);
            }
        }
        Value::Array(values) => {
            let path = format!("{path}[]");
            for value in values {
                flatten(&path, value, paths);
            }
        }
        _ => {
            paths.insert(path.to_owned());
        }
    }
}
