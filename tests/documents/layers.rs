//! Modules of emu704 import only downwards.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{collect, root};

/// From the bottom to the top, as in docs/ARCHITECTURE.md. The modules of a row do not use each other.
const LAYERS: &[&[&str]] = &[
    &["random", "time", "symbols", "audit"],
    &["cpu"],
    &["core_store", "media"],
    &["config"],
    &["io", "console", "fault"],
    &["machine"],
    &["snapshot", "picture", "reels"],
    &["action"],
    &["room"],
    &["debug"],
    &["panel"],
    &["monitor"],
    &["exercise"],
    &["host"],
    &["cli", "web", "workbench"],
];

/// The state that has its part of `impl Machine` beside it, and so names the machine.
const STATE: &[&str] = &["io", "console", "fault"];

fn layer(module: &str) -> usize {
    LAYERS.iter().position(|row| row.contains(&module)).unwrap_or_else(|| {
        panic!("{module}: which layer is it in? docs/ARCHITECTURE.md and this test list them")
    })
}

/// The modules that a source names by `crate::`, its tests aside.
fn named(text: &str) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    // a comment may name what it likes
    let text: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let mut names = BTreeSet::new();
    for part in text.split("crate::").skip(1) {
        let inside = match part.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![part],
        };
        for name in inside {
            let name: String =
                name.trim().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            // a type is named by the crate's own list of what it exports
            if name.starts_with(|c: char| c.is_ascii_lowercase()) {
                names.insert(name);
            }
        }
    }
    names
}

#[test]
fn modules_import_only_downwards() {
    let source = root().join("emu704/src");
    let mut files = Vec::new();
    collect(&source, &source, true, "rs", &mut files);
    assert!(files.len() > 80, "{}", files.len());
    let mut upward = Vec::new();
    for (file, text) in files {
        let module = file.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
        if ["lib", "main"].contains(&module.as_str()) {
            continue;
        }
        for name in named(&text) {
            let machine_of_state =
                name == "machine" && STATE.contains(&module.as_str()) && text.contains("impl Machine");
            if name != module && layer(&name) >= layer(&module) && !machine_of_state {
                upward.push(format!("{file} uses {name}"));
            }
        }
    }
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn the_layers_are_those_of_the_document() {
    let text = fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let (_, table) = text.split_once("## emu704\n").unwrap();
    let table = table.split("###").next().unwrap();
    for module in LAYERS.iter().copied().flatten() {
        assert!(table.contains(&format!("`{module}`")), "docs/ARCHITECTURE.md does not list {module}");
        let file = root().join("emu704/src").join(module);
        assert!(Path::new(&file).is_dir() || file.with_extension("rs").is_file(), "{module} is no module");
    }
}
