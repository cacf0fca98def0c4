//! docs/state.md: its example runs as it stands there, and its tables have every key.
#![allow(clippy::print_stderr, reason = "a test that is left out says so")]

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::Panel;
use crate::common;

#[test]
fn the_example_of_the_page_lights_lamps() {
    let page = common::text("docs/state.md");
    let example = page.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert!(example.lines().count() <= 20, "{example}");
    let Ok(python) = Command::new("python3").arg("--version").output() else {
        eprintln!("python3 is missing: the example is not run");
        return;
    };
    assert!(python.status.success());
    let panel = Panel::start("--state 0 --speed 10x");
    let port = panel.place.rsplit_once(':').unwrap().1;
    let output = Command::new("python3")
        .args(["-c", example, port])
        .env("EMU704_STATE_TOKEN", &panel.token)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    // it presses START, shows AC until the machine is stopped, and ends there
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines.len() >= 3, "{said}");
    assert!(lines.iter().all(|line| line.chars().filter(|c| " .+#".contains(*c)).count() >= 38), "{said}");
    assert!(said.contains("STOPPED: HTR"), "{said}");
}

#[test]
fn the_page_has_every_key_of_every_message() {
    let page = common::text("docs/state.md");
    let panel = Panel::start("--state 0 --state-files");
    let mut client = panel.attach();
    let hello = panel.hello();
    let messages = ["paper", "picture"].map(|kind| client.wait_for(kind, |_| true));
    assert_eq!(client.ask("mount 3 a.tap ring"), Value::Null);
    let with_a_reel = client.picture(|picture| picture["tapes"][0]["unit"] == 3);
    let answer = serde_json::json!({"version": 1, "kind": "answer", "id": 1, "error": null});
    let mut keys = BTreeSet::new();
    for message in messages.iter().chain([&hello, &with_a_reel, &answer]) {
        collect("", message, &mut keys);
    }
    assert!(keys.len() > 40, "{keys:?}");
    let missing: Vec<&String> = keys.iter().filter(|key| !page.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "docs/state.md does not tell {missing:?}");
}

fn collect(path: &str, value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let dot = if path.is_empty() { "" } else { "." };
                collect(&format!("{path}{dot}{key}"), value, keys);
            }
        }
        Value::Array(members) => {
            // a list of lists, such as that of acts, is one thing
            let path = if path.ends_with("[]") { path.to_owned() } else { format!("{path}[]") };
            if members.iter().any(Value::is_object) {
                for member in members {
                    collect(&path, member, keys);
                }
            } else {
                keys.insert(path);
            }
        }
        _ => {
            keys.insert(path.to_owned());
        }
    }
}
