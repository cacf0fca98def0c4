//! SECURITY names every part that opens a connection.

use super::{collect, root};

/// Files that listen or connect, and the pages that say who may connect.
const CONNECTIONS: &[(&str, &[&str])] = &[
    ("emu704/src/cli/dap.rs", &["dap.md"]),
    ("emu704/src/cli/web.rs", &["browser.md"]),
    // the panel that the page is attached to
    ("emu704/src/cli/web/attach.rs", &["browser.md"]),
    ("emu704/src/host/socket.rs", &["wire.md", "state.md"]),
];

#[test]
fn every_part_that_opens_a_connection_is_named() {
    let root = root();
    let page = std::fs::read_to_string(root.join(".github/SECURITY.md")).expect("text");
    let mut sources = Vec::new();
    for folder in ["asm704/src", "emu704/src"] {
        collect(&root, &root.join(folder), true, "rs", &mut sources);
    }
    let opens = |text: &str| {
        ["Tcp", "Unix", "Udp"].iter().any(|kind| {
            [("Listener", "bind"), ("Stream", "connect"), ("Socket", "bind")]
                .iter()
                .any(|(what, act)| text.contains(&format!("{kind}{what}::{act}")))
        })
    };
    let mut found = 0;
    for (name, _) in sources.iter().filter(|(name, text)| !name.ends_with("tests.rs") && opens(text)) {
        let (_, pages) = CONNECTIONS
            .iter()
            .find(|(file, _)| file == name)
            .unwrap_or_else(|| panic!("{name} opens a connection: name it in .github/SECURITY.md and here"));
        for of in *pages {
            assert!(page.contains(&format!("](../docs/{of})")), "SECURITY does not name {of}");
        }
        found += 1;
    }
    assert!(found >= 3, "{found}");
}
