//! What no client should send.

use serde_json::{Value, json};

use super::client::Client;
use super::{SUM, path};

#[test]
fn requests_at_the_wrong_time_or_of_the_wrong_types_are_refused() {
    let mut client = Client::start();
    for command in [
        "threads",
        "stackTrace",
        "continue",
        "scopes",
        "disassemble",
        "configurationDone",
        "nonsense",
        "attach",
    ] {
        let seq = client.send(command, Value::Null);
        let response = client.response(seq);
        assert_eq!(response["success"] == true, command == "threads", "{response}");
    }
    assert!(client.refused("initialize", json!({ "pathFormat": "uri" })).contains("pathFormat"));
    client.ask("initialize", json!({ "linesStartAt1": false }));
    for wrong in [
        json!([]),
        json!({ "program": 5 }),
        json!({ "program": "/no/such/file.sap" }),
        json!({ "program": path(SUM), "core": "5k" }),
        json!({ "program": path(SUM), "tapes": { "11": "x.tap" } }),
        json!({ "program": path(SUM), "rings": [300] }),
        json!({ "program": path(SUM), "keys": "9" }),
        json!({ "program": path(SUM), "args": ["--nonsense"] }),
        json!({ "program": path(SUM), "args": ["--help"] }),
        json!({ "program": path(SUM), "print": "-" }),
        json!({ "program": "-" }),
        json!({ "program": path(SUM), "cwd": "/no/such/folder" }),
    ] {
        let seq = client.send("launch", wrong.clone());
        let response = client.response(seq);
        assert_eq!(response["success"], false, "{wrong} {response}");
    }
    client.ask("launch", json!({ "program": path(SUM) }));
    client.event("initialized");
    assert!(client.refused("launch", json!({ "program": path(SUM) })).contains("once"));
    // lines from 0, as this client counts
    let told = client.ask(
        "setBreakpoints",
        json!({ "source": { "path": path(SUM) }, "breakpoints": [{ "line": 4 }, { "line": -7 }, { "line": i64::MAX }] }),
    );
    assert_eq!(told["breakpoints"][0]["line"], 4);
    assert_eq!(told["breakpoints"][1]["line"], 2);
    assert_eq!(told["breakpoints"][2]["verified"], false);
    client.ask(
        "setBreakpoints",
        json!({ "source": { "path": "/elsewhere.sap" }, "breakpoints": [{ "line": 4 }] }),
    );
    for (command, wrong) in [
        ("setBreakpoints", json!({ "source": { "path": path(SUM) }, "breakpoints": [{ "line": "4" }] })),
        ("variables", json!({ "variablesReference": "x" })),
        ("variables", json!({ "variablesReference": -1 })),
        ("variables", json!({ "variablesReference": i64::MAX })),
        ("variables", json!({ "variablesReference": i64::MIN })),
        ("variables", json!({ "variablesReference": 1, "count": -1 })),
        ("evaluate", json!({ "expression": "" })),
        ("evaluate", json!({ "expression": "AC,nohow" })),
        ("setVariable", json!({ "variablesReference": 5, "name": "TRAP", "value": "on" })),
        ("readMemory", json!({ "memoryReference": "0x0", "offset": i64::MAX, "count": 1i64 << 40 })),
        ("readMemory", json!({ "memoryReference": "0x10", "offset": i64::MAX, "count": 1 })),
        ("writeMemory", json!({ "memoryReference": "0x0", "offset": -1, "data": "AQ==" })),
        ("writeMemory", json!({ "memoryReference": "0x0", "offset": i64::MIN, "data": "AQ==" })),
        ("goto", json!({ "targetId": 99999 })),
        // within core, but no card has a word there, so nobody offered it
        ("goto", json!({ "targetId": 2999 })),
        ("goto", json!({ "targetId": -1 })),
        ("gotoTargets", json!({ "source": { "path": path(SUM) }, "line": 4000 })),
        ("source", json!({ "sourceReference": i64::MIN })),
    ] {
        let seq = client.send(command, wrong.clone());
        let response = client.response(seq);
        let harmless = command == "readMemory";
        assert!(response["success"] == false || harmless, "{command} {wrong} {response}");
        assert!(response.to_string().len() < 2000, "{command} {wrong}");
    }
    assert!(client.end().0.success());
}

#[test]
fn messages_that_are_none_are_told_of_and_the_session_goes_on() {
    let mut client = Client::launch(&json!({ "program": path(SUM) }));
    for body in [
        "{",
        "[]",
        "7",
        r#"{"type":"request","seq":"x"}"#,
        r#"{"type":"request","seq":1e99,"command":"x"}"#,
        r#"{"type":"nonsense"}"#,
    ] {
        client.bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        let told = client.event("output");
        assert_eq!(told["category"], "stderr");
    }
    client.bytes(b"Content-Length: 2\r\n\r\n\xff\xfe");
    assert_eq!(client.event("output")["category"], "stderr");
    client.ask("threads", Value::Null);
    assert!(client.end().0.success());
}

#[test]
fn a_wrong_frame_or_an_end_in_the_middle_ends_the_session() {
    for bytes in [
        &b"Content-Length: 99999999999\r\n\r\n{}"[..],
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 50\r\n\r\n{}",
        b"GET / HTTP/1.1\r\n\r\n",
        b"Content-Le",
        &[b'x'; 10_000],
        &[0; 10],
    ] {
        let mut client = Client::launch(&json!({ "program": path(SUM) }));
        client.bytes(bytes);
        let (status, events, said) = client.gone();
        assert_eq!(status.code(), Some(1), "{said}");
        let names: Vec<&str> = events.iter().filter_map(|event| event["event"].as_str()).collect();
        assert_eq!(names.last(), Some(&"terminated"), "{said}");
    }
    // at the end of a message nothing is wrong
    let client = Client::launch(&json!({ "program": path(SUM) }));
    let (status, events, _) = client.gone();
    assert!(status.success());
    assert!(events.iter().any(|event| event["event"] == "terminated"));
}

#[test]
fn a_client_that_goes_away_ends_a_machine_that_runs_for_ever() {
    let (_folder, name) = super::program("ever.sap", "       ORG 64\nSTART  TRA START\n       END START\n");
    let mut client = Client::launch(&json!({ "program": name }));
    client.ask("configurationDone", Value::Null);
    let (status, events, _) = client.gone();
    assert!(status.success());
    let exited = events.iter().find(|event| event["event"] == "exited").unwrap();
    assert_eq!(exited["body"]["exitCode"], 130);
}

#[test]
fn a_search_in_the_past_ends_when_the_client_has_enough() {
    // some millions of instructions, none of which meets the condition
    let (_folder, name) = super::program(
        "long.sap",
        "       ORG 64\nSTART  CLA N\n       ADD ONE\n       STO N\n       TRA START\nONE    OCT 1\nN      OCT 0\n       END START\n",
    );
    let mut client = Client::launch(&json!({ "program": name, "limit": 60_000_000 }));
    client.ask("configurationDone", Value::Null);
    assert_eq!(client.stopped().0, "limit");
    let cycles = |client: &mut Client| {
        let registers = client.scope("Registers");
        client.variables(&registers).into_iter().find(|(name, _)| name == "cycle").unwrap().1
    };
    let before = cycles(&mut client);
    client.ask(
        "setBreakpoints",
        json!({ "source": { "path": name }, "breakpoints": [{ "line": 4, "condition": "mq = 5" }] }),
    );
    client.ask("reverseContinue", json!({ "threadId": 1 }));
    client.ask("pause", json!({ "threadId": 1 }));
    let (reason, _) = client.stopped();
    // it may have come to its end before the pause was heard
    assert!(["pause", "entry"].contains(&&*reason), "{reason}");
    if reason == "pause" {
        assert!(client.output("stderr").contains("interrupted"));
        assert_eq!(cycles(&mut client), before);
    }
    // and the next search is not ended by the pause of before
    client.ask("setBreakpoints", json!({ "source": { "path": name }, "breakpoints": [{ "line": 4 }] }));
    assert_eq!(client.go("stepBack").0, "step");
    client.end();
}

#[test]
fn what_is_wrong_is_told_in_few_words() {
    let mut client = Client::launch(&json!({ "program": path(SUM) }));
    let long = "x".repeat(1 << 20);
    for (command, arguments) in [
        ("evaluate", json!({ "expression": long, "context": "repl" })),
        ("evaluate", json!({ "expression": long })),
        (long.as_str(), Value::Null),
        ("setBreakpoints", json!({ "source": long })),
    ] {
        assert!(client.refused(command, arguments).chars().count() < 1100);
    }
    assert!(client.refused("evaluate", json!({ "expression": "10", "context": "hover" })).contains("number"));
    client.end();
}
