//! `emu704 dap`, driven as an editor does.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod client;
mod page;
mod places;
mod wrong;

use serde_json::{Value, json};

use client::{Client, root};

/// The sum of ten numbers. `LOOP ADD DATA+10,1` is line 5, at 00102; `HTR START` line 8, at 00105.
const SUM: &str = "programs/lessons/03-sum.sap";

fn path(name: &str) -> String {
    root().join(name).to_str().unwrap().to_owned()
}

/// A program of this text, in a file of its own.
fn program(name: &str, text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let path = path.canonicalize().unwrap().to_str().unwrap().to_owned();
    (folder, path)
}

fn set(client: &mut Client, source: &str, breakpoints: &Value) -> Vec<Value> {
    let told =
        client.ask("setBreakpoints", json!({ "source": { "path": source }, "breakpoints": breakpoints }));
    told["breakpoints"].as_array().unwrap().clone()
}

#[test]
fn a_condition_holds_the_loop_at_its_card_and_the_way_back_is_known() {
    let mut client = Client::launch(&json!({ "program": path(SUM) }));
    let told = set(&mut client, &path(SUM), &json!([{ "line": 5, "condition": "ac >= 20" }]));
    assert_eq!(told[0]["verified"], true);
    assert_eq!(told[0]["line"], 5);
    client.ask("configurationDone", Value::Null);
    // 3+1+4+1+5 = 14, and 9 are 23: octal 27 is the first that is at least octal 20
    let (reason, text) = client.stopped();
    assert_eq!(reason, "breakpoint");
    assert_eq!(text, "break: at 00102 LOOP; 00102 LOOP: 040000100122, line 5");
    assert_eq!(client.line(), 5);
    assert_eq!(client.evaluate("AC"), "+00 000000000027");
    assert_eq!(client.evaluate("xra"), "00004");
    assert_eq!(client.go("next").0, "step");
    assert_eq!(client.evaluate("AC,integer"), "25");
    assert_eq!(client.go("stepBack").0, "step");
    assert_eq!(client.evaluate("AC,integer"), "23");
    // before it the condition never held
    let (reason, _) = client.go("reverseContinue");
    assert_eq!(reason, "entry");
    assert_eq!(client.line(), 3);
    assert_eq!(client.evaluate("AC,integer"), "0");
    // and forward again: the same break, in the same past
    assert_eq!(client.go("continue").0, "breakpoint");
    assert_eq!(client.evaluate("AC,integer"), "23");
    set(&mut client, &path(SUM), &json!([]));
    let (reason, text) = client.go("continue");
    assert_eq!(reason, "halt");
    assert!(text.starts_with("stop: "), "{text}");
    assert!(text.ends_with("; 00105 LOOP+3: 000000000100, line 8"), "{text}");
    assert_eq!(client.line(), 8);
    assert_eq!(client.evaluate("SUM,integer"), "39");
    assert!(client.end().0.success());
}

#[test]
fn a_word_is_watched() {
    let mut client = Client::launch(&json!({ "program": path(SUM), "stopOnEntry": true }));
    client.ask("configurationDone", Value::Null);
    assert_eq!(client.stopped().0, "entry");
    let program = client.scope("Program");
    let told = client.ask("dataBreakpointInfo", json!({ "variablesReference": program, "name": "SUM" }));
    assert_eq!(told["dataId"], "SUM");
    assert_eq!(told["accessTypes"], json!(["read", "write", "readWrite"]));
    let registers = client.scope("Registers");
    let none = client.ask("dataBreakpointInfo", json!({ "variablesReference": registers, "name": "AC" }));
    assert!(none["dataId"].is_null());
    let told = client.ask(
        "setDataBreakpoints",
        json!({ "breakpoints": [{ "dataId": "SUM", "accessType": "write" }, { "dataId": "TEN", "accessType": "read" }, { "dataId": "NOHOW" }] }),
    );
    let verified: Vec<&Value> =
        told["breakpoints"].as_array().unwrap().iter().map(|b| &b["verified"]).collect();
    assert_eq!(verified, [true, true, false]);
    let first = told["breakpoints"][0]["id"].clone();
    // LXA TEN,1 is the first instruction: it stands before it already, and the breakpoint is new
    let (reason, text) = client.go("continue");
    assert_eq!((reason.as_str(), text.contains("read 00107 TEN")), ("data breakpoint", true), "{text}");
    client.ask("continue", json!({ "threadId": 1 }));
    let stopped = client.event("stopped");
    assert_eq!(stopped["reason"], "data breakpoint");
    assert_eq!(stopped["hitBreakpointIds"], json!([first]));
    // before STO SUM
    assert_eq!(client.line(), 7);
    assert_eq!(client.evaluate("SUM,integer"), "0");
    client.go("stepIn");
    assert_eq!(client.evaluate("SUM,integer"), "39");
    client.end();
}

#[test]
fn counts_log_points_symbols_instructions_and_kinds() {
    let mut client = Client::launch(&json!({ "program": path(SUM) }));
    let told = set(
        &mut client,
        &path(SUM),
        &json!([
            { "line": 6, "logMessage": "AC is {AC,integer}, {NOHOW}" },
            { "line": 5, "hitCondition": "7" },
            { "line": 5, "hitCondition": "seven" },
            { "line": 1 },
            { "line": 99 },
        ]),
    );
    assert_eq!(told[1]["verified"], true);
    assert_eq!(told[2]["verified"], false);
    assert!(told[2]["message"].as_str().unwrap().contains("counts nothing"));
    // REM and ORG have no word: LXA is the next card that has
    assert_eq!((&told[3]["verified"], &told[3]["line"]), (&json!(true), &json!(3)));
    assert_eq!(told[4]["verified"], false);
    client.ask("configurationDone", Value::Null);
    assert_eq!(client.stopped().0, "breakpoint");
    assert_eq!(client.line(), 3);
    client.go("continue");
    assert_eq!(client.line(), 5);
    assert_eq!(client.evaluate("AC,integer"), "23");
    let said = client.output("console");
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("AC is ")).collect();
    assert_eq!(lines.len(), 6, "{said}");
    assert!(lines[5].starts_with("AC is 23, (`NOHOW` is neither"), "{said}");
    set(&mut client, &path(SUM), &json!([]));
    let told = client
        .ask("setFunctionBreakpoints", json!({ "breakpoints": [{ "name": "loop+2" }, { "name": "X" }] }));
    assert_eq!(told["breakpoints"][0]["line"], 7);
    assert_eq!(told["breakpoints"][1]["verified"], false);
    assert_eq!(client.go("continue").0, "function breakpoint");
    assert_eq!(client.line(), 7);
    // 00105 is the byte 8 x 0o105 = 0x228
    client.ask("setFunctionBreakpoints", json!({ "breakpoints": [] }));
    let told = client.ask(
        "setInstructionBreakpoints",
        json!({ "breakpoints": [{ "instructionReference": "0x220", "offset": 8 }, { "instructionReference": "x" }] }),
    );
    assert_eq!(told["breakpoints"][0]["line"], 8);
    assert_eq!(told["breakpoints"][1]["verified"], false);
    assert_eq!(client.go("continue").0, "instruction breakpoint");
    assert_eq!(client.line(), 8);
    assert_eq!(client.go("continue").0, "halt");
    client.end();
    let mut client = Client::launch(&json!({ "program": path("programs/lessons/02-hello.sap") }));
    client.ask("setExceptionBreakpoints", json!({ "filters": ["select"] }));
    client.ask("configurationDone", Value::Null);
    let (reason, text) = client.stopped();
    assert_eq!((reason.as_str(), text.starts_with("break: select")), ("breakpoint", true), "{text}");
    client.end();
}

#[test]
fn steps_go_over_into_and_out_of_a_subroutine() {
    let name = path("programs/lessons/04-square.sap");
    let mut client = Client::launch(&json!({ "program": name, "stopOnEntry": true }));
    client.ask("configurationDone", Value::Null);
    client.stopped();
    client.go("next");
    client.go("next");
    // over TSX SQUARE,4 on line 4
    assert_eq!(client.line(), 5);
    client.go("next");
    client.go("next");
    assert_eq!(client.line(), 7);
    assert!(client.refused("stepOut", json!({ "threadId": 1 })).contains("nothing to step out of"));
    client.go("stepIn");
    let told = client.ask("stackTrace", json!({ "threadId": 1 }));
    assert_eq!(told["totalFrames"], 2);
    let names: Vec<&str> =
        told["stackFrames"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["SQUARE 00110", "START+4 00104, the call that XRC holds"]);
    assert_eq!(told["stackFrames"][1]["line"], 7);
    assert_eq!(client.go("stepOut").0, "step");
    assert_eq!(client.line(), 8);
    assert_eq!(client.ask("stackTrace", json!({ "threadId": 1 }))["totalFrames"], 1);
    // another card, by hand
    let told = client.ask("gotoTargets", json!({ "source": { "path": name }, "line": 1 }));
    let target = told["targets"][0]["id"].clone();
    assert_eq!(target, 0o100);
    client.ask("goto", json!({ "threadId": 1, "targetId": target }));
    assert_eq!(client.stopped().0, "goto");
    assert_eq!(client.line(), 3);
    client.end();
}

#[test]
fn paper_comes_as_output_and_a_run_without_debugging_ends_by_itself() {
    let mut client =
        Client::launch(&json!({ "program": path("programs/lessons/02-hello.sap"), "noDebug": true }));
    client.ask("configurationDone", Value::Null);
    assert_eq!(client.event("exited"), json!({ "exitCode": 0 }));
    client.event("terminated");
    assert_eq!(client.output("stdout"), "HELLO WORLD\n");
    assert!(client.output("console").contains("stop: "));
    client.end();
    // with a stop, the line is there at once, and once only
    let mut client = Client::launch(&json!({ "program": path("programs/lessons/02-hello.sap") }));
    client.ask("configurationDone", Value::Null);
    assert_eq!(client.stopped().0, "halt");
    assert_eq!(client.output("stdout"), "HELLO WORLD\n");
    let before = client.events.len();
    client.ask("terminate", Value::Null);
    assert_eq!(client.event("exited"), json!({ "exitCode": 0 }));
    assert!(client.events[before..].iter().all(|event| event["body"]["category"] != "stdout"));
    client.end();
}

#[test]
fn a_running_machine_answers_and_pauses() {
    let (_folder, name) = program(
        "loop.sap",
        "       ORG 64\nSTART  CLA N\n       ADD ONE\n       STO N\n       TRA START\nONE    OCT 1\nN      OCT 0\n       END START\n",
    );
    let mut client = Client::launch(&json!({ "program": name }));
    client.ask("configurationDone", Value::Null);
    assert_eq!(client.ask("threads", Value::Null)["threads"][0]["name"], "IBM 704");
    assert!(client.refused("next", json!({ "threadId": 1 })).contains("running"));
    client.ask("pause", json!({ "threadId": 1 }));
    assert_eq!(client.stopped().0, "pause");
    // breakpoints set while it runs count
    client.ask("continue", json!({ "threadId": 1 }));
    set(&mut client, &name, &json!([{ "line": 4 }]));
    assert_eq!(client.stopped().0, "breakpoint");
    assert_eq!(client.line(), 4);
    client.end();
}

#[test]
fn errors_of_the_source_refuse_the_launch_unless_it_runs_anyway() {
    let (_folder, name) =
        program("wrong.sap", "       ORG 64\nSTART  CLA NOHOW\n       HTR START\n       END START\n");
    let mut client = Client::start();
    client.ask("initialize", json!({ "adapterID": "emu704" }));
    let why = client.refused("launch", json!({ "program": name }));
    assert!(why.contains("1 error,") && why.contains("wrong.sap:2") && why.contains("NOHOW"), "{why}");
    assert!(client.output("stderr").contains("NOHOW"));
    client.end();
    let mut client = Client::launch(&json!({ "program": name, "runAnyway": true }));
    client.ask("configurationDone", Value::Null);
    assert_eq!(client.stopped().0, "halt");
    client.end();
    // not a word of it is assembled
    let (_folder, name) = program("no.sap", "START  JMP START\n");
    let mut client = Client::start();
    client.ask("initialize", json!({ "adapterID": "emu704" }));
    let why = client.refused("launch", json!({ "program": name }));
    assert!(why.contains("error") && why.contains("no.sap:1"), "{why}");
    client.end();
}

#[test]
fn a_job_and_a_reel_are_launched_as_run_takes_them() {
    // lesson 11's job has a program beside it
    let mut client =
        Client::launch(&json!({ "program": path("programs/lessons/11-count.toml"), "noDebug": true }));
    client.ask("configurationDone", Value::Null);
    client.event("exited");
    client.end();
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    // a reel that a program writes is on the disk when the session has ended
    let lesson = path("programs/lessons/07-reel.sap");
    let mut client = Client::launch(&json!({
        "program": lesson, "cwd": folder, "tapes": { "1": "new.tap" }, "rings": [1, 3], "noDebug": true,
    }));
    client.ask("configurationDone", Value::Null);
    assert_eq!(client.event("exited")["exitCode"], 0);
    let said = client.output("console");
    assert!(said.contains("new.tap"), "{said}");
    assert!(folder.join("new.tap").exists());
    client.end();
}
