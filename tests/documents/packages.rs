//! The crates as packages: what their sources include from the folders of the project is in the package, through links.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::root;

/// All Rust files below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// A path without `..`, relative to the crate; `None` when it leads out of it.
fn inside(path: &Path) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.iter().map(|part| part.to_str().expect("text")) {
        match part {
            "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[test]
fn the_packages_have_what_their_sources_include() {
    for name in ["asm704", "emu704"] {
        let folder = root().join(name);
        let output = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
            .args(["package", "--list", "--allow-dirty", "--offline", "-p", name])
            .current_dir(root())
            .output()
            .expect("cargo");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let listed = String::from_utf8(output.stdout).expect("text").replace('\\', "/");
        let listed: BTreeSet<&str> = listed.lines().collect();
        let mut files = Vec::new();
        sources(&folder.join("src"), &mut files);
        let mut included = 0;
        for file in files {
            let text = std::fs::read_to_string(&file).expect("text");
            let here = file.strip_prefix(&folder).expect("inside").parent().expect("a folder").to_owned();
            for rest in ["include_str!(", "include_bytes!("].iter().flat_map(|call| text.split(call).skip(1))
            {
                // a path, or one that a macro ends
                let rest = rest.strip_prefix("concat!(").unwrap_or(rest);
                let Some((path, after)) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')) else {
                    continue;
                };
                if path.contains("web/dist/") {
                    // the page is made by emu704/web/build, and a package of a tree that has it takes it along
                    continue;
                }
                let shown = format!("{}: {path}", file.display());
                let path =
                    inside(&here.join(path)).unwrap_or_else(|| panic!("{shown}: outside of the crate"));
                let found = if after.starts_with(')') {
                    listed.contains(path.as_str())
                } else {
                    listed.iter().any(|listed| listed.starts_with(&format!("{path}/")))
                };
                assert!(found, "{shown}: the package has no {path}");
                included += 1;
            }
        }
        assert!(included >= 7, "{name}: {included}");
        for file in ["README.md", "LICENSE-APACHE", "LICENSE-MIT"] {
            assert!(listed.contains(file), "{name}: the package has no {file}");
        }
    }
}

/// The release takes its notes from the section of its version.
#[test]
fn the_changelog_has_the_version_and_says_each_thing_once() {
    let text = std::fs::read_to_string(root().join("docs/CHANGELOG.md")).expect("text");
    let head = format!("\n## {}\n", env!("CARGO_PKG_VERSION"));
    let (_, section) = text.split_once(&head).unwrap_or_else(|| panic!("no section{head}"));
    let section = section.split("\n## ").next().unwrap_or_default();
    let mut seen = BTreeSet::new();
    for line in section.lines().filter(|line| line.starts_with("- ")) {
        let subject = line.split("**").nth(1).unwrap_or(line);
        assert!(seen.insert(subject), "twice: {subject}");
    }
    assert!(seen.len() > 5, "{seen:?}");
}
