//! Registers, core, tape units and instructions, as a client sees and sets them.

use serde_json::{Value, json};

use super::client::Client;
use super::{SUM, path, program};

fn at_entry(more: &Value) -> Client {
    let mut more = more.clone();
    more["stopOnEntry"] = json!(true);
    let mut client = Client::launch(&more);
    client.ask("configurationDone", Value::Null);
    client.stopped();
    client
}

fn value(all: &[(String, String)], name: &str) -> String {
    all.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name}: {all:?}")).1.clone()
}

#[test]
fn registers_are_seen_and_set() {
    let mut client = at_entry(&json!({ "program": path(SUM), "senseSwitches": [2], "keys": "123" }));
    let registers = client.scope("Registers");
    let all = client.variables(&registers);
    assert_eq!(value(&all, "IC"), "00100 START");
    assert_eq!(value(&all, "KEYS"), "000000000123");
    assert_eq!(value(&all, "Sense switches"), "down: 2");
    let set = |client: &mut Client, name: &str, value: &str| {
        client.ask("setVariable", json!({ "variablesReference": registers, "name": name, "value": value }))["value"].clone()
    };
    assert_eq!(set(&mut client, "AC", "-17"), "-00 000000000017");
    assert_eq!(set(&mut client, "MQ", "'AB'"), "212260606060");
    assert_eq!(set(&mut client, "XRC", "SUM"), "00122");
    assert_eq!(set(&mut client, "IC", "LOOP"), "00102 LOOP");
    assert_eq!(client.line(), 5);
    // the views of AC
    let told = client.ask("variables", json!({ "variablesReference": registers }));
    let views = told["variables"][0]["variablesReference"].clone();
    assert_eq!(value(&client.variables(&views), "integer"), "-15");
    let told =
        client.ask("setVariable", json!({ "variablesReference": views, "name": "integer", "value": "99" }));
    assert_eq!(told["value"], "99");
    assert_eq!(client.evaluate("AC"), "+00 000000000143");
    for (name, wrong, why) in [
        ("AC", "9", "not a word"),
        ("IC", "NOHOW", "neither an octal address"),
        ("SR", "1", "cannot be set"),
        ("cycle", "1", "neither an octal address"),
    ] {
        let told = client
            .refused("setVariable", json!({ "variablesReference": registers, "name": name, "value": wrong }));
        assert!(told.contains(why), "{name}: {told}");
    }
    let switches = told_reference(&mut client, &registers, "Sense switches");
    client.ask("setVariable", json!({ "variablesReference": switches, "name": "6", "value": "down" }));
    assert_eq!(value(&client.variables(&switches), "6"), "down");
    let lamps = told_reference(&mut client, &registers, "Indicators");
    assert_eq!(value(&client.variables(&lamps), "DIVIDE CHECK"), "off");
    client.end();
}

fn told_reference(client: &mut Client, container: &Value, name: &str) -> Value {
    let told = client.ask("variables", json!({ "variablesReference": container }));
    let all = told["variables"].as_array().unwrap();
    all.iter().find(|variable| variable["name"] == name).unwrap()["variablesReference"].clone()
}

#[test]
fn symbols_open_to_the_words_up_to_the_next() {
    let mut client = at_entry(&json!({ "program": path(SUM) }));
    let scope = client.scope("Program");
    let data = told_reference(&mut client, &scope, "DATA");
    let told = client
        .ask("variables", json!({ "variablesReference": data, "filter": "indexed", "start": 4, "count": 2 }));
    let names: Vec<&str> =
        told["variables"].as_array().unwrap().iter().map(|v| v["name"].as_str().unwrap()).collect();
    // DATA is 00110; the fifth and the sixth number are 5 and 9
    assert_eq!(names, ["00114", "00115"]);
    assert_eq!(client.variables(&data).len(), 10);
    assert_eq!(client.evaluate("DATA+5,integer"), "9");
    let views = told["variables"][1]["variablesReference"].clone();
    assert_eq!(value(&client.variables(&views), "octal"), "000000000011");
    let told = client.ask("setExpression", json!({ "expression": "DATA+5", "value": "12" }));
    assert_eq!(told["memoryReference"], "0x268");
    // a card DEC: the number was decimal
    assert_eq!(client.evaluate("DATA+5,octal"), "000000000014");
    assert_eq!(client.evaluate("DATA+5"), "12");
    let why = client.refused("setExpression", json!({ "expression": "DATA+5", "value": "1.5" }));
    assert!(why.contains("expected an integer"), "{why}");
    client.ask("setExpression", json!({ "expression": "DATA+5", "value": "000000000011" }));
    assert_eq!(client.evaluate("DATA+5"), "9");
    client.end();
}

#[test]
fn a_word_is_shown_as_its_card_has_it() {
    let (_folder, name) = program(
        "views.sap",
        "       ORG 64\nSTART  CLA PI\n       HTR START\nPI     DEC 3.14159,-2,1B17,1E3\nTEXT   BCD 2HELLO WORLD\nMASK   OCT 777,-1\nROOM   BSS 1\n       END START\n",
    );
    let mut client = at_entry(&json!({ "program": name }));
    // 1B17: a binary point behind bit 17, so 1 is the bit 18 places from the right
    for (place, shown) in [
        ("START", "CLA PI"),
        ("PI", "3.14159"),
        ("PI+1", "-2"),
        ("PI+2", "000001000000"),
        ("PI+3", "1000.0"),
        ("TEXT", "'HELLO '"),
        ("TEXT+1", "'WORLD '"),
        ("MASK", "000000000777"),
        ("MASK+1", "400000000001"),
        ("ROOM", "000000000000"),
    ] {
        assert_eq!(client.evaluate(place), shown, "{place}");
    }
    // 2.5 is 5 x 2**-3 x 2**2... as a fraction: .101 with the exponent 2, so the characteristic is 202
    client.ask("setExpression", json!({ "expression": "PI", "value": "2.5" }));
    assert_eq!(client.evaluate("PI,octal"), "202500000000");
    client.ask("setExpression", json!({ "expression": "TEXT", "value": "BYE" }));
    assert_eq!(client.evaluate("TEXT"), "'BYE   '");
    for (place, wrong) in [("PI", "2"), ("PI", ""), ("TEXT", "TOO LONG"), ("START", "CLA PI")] {
        client.refused("setExpression", json!({ "expression": place, "value": wrong }));
    }
    client.end();
    // free form too
    let (_folder, name) = program(
        "views.sapf",
        "ORG 64\nSTART CLA PI\n HTR START\nPI DEC 3.14159\nTWO DEC 2\nTEXT BCD 1HELLO\n END START\n",
    );
    let mut client = at_entry(&json!({ "program": name }));
    assert_eq!(client.evaluate("PI"), "3.14159");
    assert_eq!(client.evaluate("TWO"), "2");
    assert_eq!(client.evaluate("TEXT"), "'HELLO '");
    assert_eq!(client.evaluate("START"), "CLA PI");
    client.end();
}

#[test]
fn core_comes_in_parts() {
    let mut client = at_entry(&json!({ "program": path(SUM), "core": "4k" }));
    let told = client.ask("scopes", json!({ "frameId": 1 }));
    assert_eq!(told["scopes"][2]["indexedVariables"], 4096);
    let core = told["scopes"][2]["variablesReference"].clone();
    let part = |client: &mut Client, start: usize, count: usize| {
        let told = client.ask(
            "variables",
            json!({ "variablesReference": core, "filter": "indexed", "start": start, "count": count }),
        );
        told["variables"].as_array().unwrap().clone()
    };
    assert_eq!(part(&mut client, 64, 1)[0]["name"], "00100 START");
    assert_eq!(part(&mut client, 4090, 100).len(), 6);
    assert_eq!(part(&mut client, usize::MAX, usize::MAX).len(), 0);
    assert!(
        client.refused("variables", json!({ "variablesReference": 0x20000 + 4096 })).contains("no reference")
    );
    client.end();
    // a client that knows no parts gets pages
    let mut client = Client::start();
    client.ask("initialize", json!({ "adapterID": "emu704" }));
    client.ask("launch", json!({ "program": path(SUM), "core": "4k" }));
    let core = client.scope("Core");
    let pages = client.ask("variables", json!({ "variablesReference": core }))["variables"].clone();
    assert_eq!(pages.as_array().unwrap().len(), 16);
    assert_eq!(pages[15]["name"], "07400-07777");
    let last = client.variables(&pages[15]["variablesReference"]);
    assert_eq!((last.len(), last[255].0.as_str()), (256, "07777"));
    client.end();
}

#[test]
fn core_is_bytes_and_instructions_too() {
    let mut client = at_entry(&json!({ "program": path(SUM), "core": "4k" }));
    // HTR START at 00105: 000000000100, the byte 0x40
    let told = client.ask("readMemory", json!({ "memoryReference": "0x228", "count": 8 }));
    assert_eq!(told, json!({ "address": "0x228", "data": "AAAAAAAAAEA=" }));
    let told = client.ask("readMemory", json!({ "memoryReference": "0x7ff8", "offset": 4, "count": 100 }));
    assert_eq!((&told["data"], &told["unreadableBytes"]), (&json!("AAAAAA=="), &json!(96)));
    client.ask("writeMemory", json!({ "memoryReference": "0x228", "offset": 7, "data": "Qg==" }));
    assert_eq!(client.evaluate("105,octal"), "000000000102");
    let why = client.refused("writeMemory", json!({ "memoryReference": "0x228", "data": "AQ==" }));
    assert!(why.contains("lowest 36 bits"), "{why}");
    assert!(
        client
            .refused("writeMemory", json!({ "memoryReference": "0x8000", "data": "AQ==" }))
            .contains("not within core")
    );
    assert!(client.refused("writeMemory", json!({ "memoryReference": "0x228", "data": "!" })).len() > 5);
    let told = client.ask(
        "disassemble",
        json!({ "memoryReference": "0x210", "instructionOffset": -1, "instructionCount": 3 }),
    );
    let all = told["instructions"].as_array().unwrap();
    assert_eq!(all.len(), 3);
    assert_eq!(all[1]["address"], "0x210");
    assert_eq!((&all[1]["symbol"], &all[1]["line"]), (&json!("LOOP"), &json!(5)));
    assert_eq!(all[1]["instructionBytes"], "040000100122");
    // the card's own field, not what the address 122 happens to be; behind a change it is what the word is
    assert_eq!(all[1]["instruction"], "00102 ADD DATA+10,1");
    client.ask("setExpression", json!({ "expression": "LOOP", "value": "040000100121" }));
    assert_eq!(client.evaluate("LOOP"), "ADD DATA+11,1");
    let told = client.ask(
        "disassemble",
        json!({ "memoryReference": "0x0", "instructionOffset": -2, "instructionCount": 4 }),
    );
    let all = told["instructions"].as_array().unwrap();
    assert_eq!((all.len(), &all[0]["presentationHint"]), (4, &json!("invalid")));
    assert_eq!(all[2]["address"], "0x0");
    for wrong in [
        json!({ "memoryReference": "0x0", "instructionCount": 40000 }),
        json!({ "memoryReference": "0x0", "instructionOffset": i64::MAX, "instructionCount": 4 }),
        json!({ "memoryReference": "0x0", "offset": i64::MIN, "instructionOffset": i64::MIN, "instructionCount": 4 }),
        json!({ "memoryReference": "core", "instructionCount": 4 }),
        json!({ "memoryReference": "0x7ffffffffffffff8", "instructionCount": 4 }),
    ] {
        client.refused("disassemble", wrong);
    }
    client.end();
}

#[test]
fn a_tape_unit_and_the_words_of_the_monitor() {
    let mut client = at_entry(&json!({ "program": path(SUM), "rings": [3] }));
    let tapes = client.scope("Tape units");
    let all = client.variables(&tapes);
    assert_eq!(all.len(), 10);
    assert_eq!(value(&all, "tape 1"), "no reel");
    assert!(value(&all, "tape 3").contains("ring, load point"), "{all:?}");
    let unit = told_reference(&mut client, &tapes, "tape 3");
    assert_eq!(value(&client.variables(&unit), "ring"), "in");
    assert_eq!(client.repl("examine xra"), "XRA 00000");
    assert!(client.repl("AC").starts_with("+00"));
    // what moves the machine is told
    client.repl("step 3");
    assert_eq!(client.stopped().0, "step");
    assert_eq!(client.line(), 6);
    client.repl("break LOOP+2");
    client.repl("go");
    client.event("continued");
    assert_eq!(client.stopped().0, "breakpoint");
    let why = client.refused("evaluate", json!({ "expression": "nohow", "context": "repl" }));
    assert!(why.contains("nohow"), "{why}");
    let told = client.ask("completions", json!({ "text": "examine SU", "column": 11 }));
    assert_eq!(told["targets"], json!([{ "label": "SUM", "text": "SUM" }]));
    client.repl("quit");
    client.event("terminated");
    client.end();
}

#[test]
fn routines_of_the_library_are_sources() {
    // beside the lesson there is the file of the routine
    let lesson = path("programs/lessons/02-hello.sap");
    let mut client = at_entry(&json!({ "program": lesson }));
    let told = client.ask("loadedSources", Value::Null);
    assert!(told["sources"][1]["path"].as_str().unwrap().ends_with("print.sap"), "{told}");
    client.end();
    // elsewhere it is part of the assembler, and has no file
    let (_folder, name) = program("hello.sap", &std::fs::read_to_string(lesson).unwrap());
    let mut client = at_entry(&json!({ "program": name }));
    let told = client.ask("loadedSources", Value::Null);
    assert_eq!(told["sources"].as_array().unwrap().len(), 2, "{told}");
    let routine = told["sources"][1].clone();
    assert_eq!(routine["sourceReference"], 2);
    let text = client.ask("source", json!({ "source": routine, "sourceReference": 2 }))["content"].clone();
    let line = text.as_str().unwrap().lines().position(|line| line.starts_with("PRINT1 ")).unwrap() + 1;
    let told = client.ask("setBreakpoints", json!({ "source": routine, "breakpoints": [{ "line": line }] }));
    assert_eq!(told["breakpoints"][0]["line"], line);
    let (reason, _) = client.go("continue");
    assert_eq!(reason, "breakpoint");
    let told = client.ask("stackTrace", json!({ "threadId": 1 }));
    assert_eq!(told["stackFrames"][0]["source"]["sourceReference"], 2);
    assert_eq!(told["stackFrames"][1]["source"]["path"], name);
    assert!(client.refused("source", json!({ "sourceReference": 9 })).contains("no source"));
    client.end();
}
