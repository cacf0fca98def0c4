//! The recorded session of docs/dap.md.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::client::{Client, root};
use super::{SUM, path};

const BEGIN: &str = "<!-- recorded: the session -->\n";
const END: &str = "<!-- end of the session -->\n";

/// Lesson 3, from launch to exit.
fn session() -> String {
    let mut client = Client::launch(&json!({ "program": path(SUM), "stopOnEntry": true }));
    client.ask(
        "setBreakpoints",
        json!({ "source": { "path": path(SUM) }, "breakpoints": [{ "line": 5, "condition": "ac >= 20" }] }),
    );
    client.ask("configurationDone", Value::Null);
    client.stopped();
    client.ask("threads", Value::Null);
    client.ask("stackTrace", json!({ "threadId": 1 }));
    client.go("continue");
    client.ask("scopes", json!({ "frameId": 1 }));
    client.ask("variables", json!({ "variablesReference": 1 }));
    client.ask("variables", json!({ "variablesReference": 2 }));
    client.ask("evaluate", json!({ "expression": "DATA+5", "context": "hover" }));
    client.go("next");
    client.go("stepBack");
    client.ask("dataBreakpointInfo", json!({ "variablesReference": 2, "name": "SUM" }));
    client.ask("setDataBreakpoints", json!({ "breakpoints": [{ "dataId": "SUM", "accessType": "write" }] }));
    client.ask("setBreakpoints", json!({ "source": { "path": path(SUM) }, "breakpoints": [] }));
    client.go("continue");
    client.ask("evaluate", json!({ "expression": "who TEN", "context": "repl" }));
    client.ask("setVariable", json!({ "variablesReference": 1, "name": "AC", "value": "52" }));
    client.go("continue");
    client.go("stepIn");
    client.go("continue");
    client.go("reverseContinue");
    client.go("continue");
    client.go("continue");
    let (status, _, recorded) = client.end();
    assert!(status.success());
    recorded
}

/// The first cells of the rows of a table, without the quotes around them.
fn first_cells(table: &str) -> BTreeSet<String> {
    let cells = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let names = cells.flat_map(|cell| cell.split(", "));
    names.filter_map(|name| name.strip_prefix('`')?.strip_suffix('`')).map(str::to_owned).collect()
}

#[test]
fn the_extension_and_the_page_have_the_same_attributes() {
    let page = std::fs::read_to_string(root().join("docs/dap.md")).unwrap();
    let (_, rest) = page.split_once("## What to launch").unwrap();
    let mut told = first_cells(rest.split_once("\n## ").unwrap().0);
    // VS Code sets it by itself
    assert!(told.remove("noDebug"), "{told:?}");
    let extension = std::fs::read_to_string(root().join("docs/editors/vscode/package.json")).unwrap();
    let extension: Value = serde_json::from_str(&extension).unwrap();
    let debugger = &extension["contributes"]["debuggers"][0];
    assert_eq!(debugger["type"], "emu704");
    let attributes = debugger["configurationAttributes"]["launch"]["properties"].as_object().unwrap();
    assert_eq!(told, attributes.keys().cloned().collect());
    // each is one that the adapter reads: a value of the wrong type is refused
    for attribute in attributes.keys() {
        let mut client = Client::start();
        client.ask("initialize", json!({}));
        let why = client.refused("launch", json!({ attribute: { "": [[]] } }));
        assert!(why.contains("launch"), "{attribute}: {why}");
        client.end();
    }
}

#[test]
fn the_page_shows_a_recorded_session() {
    let file = root().join("docs/dap.md");
    let page = std::fs::read_to_string(&file).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (shown, behind) = rest.split_once(END).unwrap();
    let right = format!("```text\n{}```\n", session());
    if std::env::var_os("EMU704_WRITE_DOCS").is_some() {
        std::fs::write(&file, format!("{before}{BEGIN}{right}{END}{behind}")).unwrap();
        return;
    }
    assert!(shown == right, "docs/dap.md is not up to date; set EMU704_WRITE_DOCS to write it:\n{right}");
}
