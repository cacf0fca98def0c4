//! `asm704 lsp`, driven as an editor does: the program itself, on standard input and output.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

struct Editor {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    n_requests: i64,
}

const SOURCE: &str = "       ORG 100\nSTART  CLA A\n       TIX START,1,1\tcomment\n       TRA NOHOW\nA      DEC 1\nSPARE  OCT 7\n       END START\n";

fn read_all(stdout: ChildStdout, send: &std::sync::mpsc::Sender<Value>) -> Option<()> {
    let mut stdout = BufReader::new(stdout);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if stdout.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if line.trim().is_empty() {
                break;
            }
            if let Some(text) = line.strip_prefix("Content-Length: ") {
                length = text.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        stdout.read_exact(&mut body).ok()?;
        send.send(serde_json::from_slice(&body).ok()?).ok()?;
    }
}

impl Editor {
    fn start(args: &[&str]) -> Editor {
        let mut child = Command::new(env!("CARGO_BIN_EXE_asm704"))
            .arg("lsp")
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let (send, messages) = channel();
        std::thread::spawn(move || read_all(stdout, &send));
        let stdin = child.stdin.take();
        let mut editor = Editor { child, stdin, messages, n_requests: 0 };
        let answer =
            editor.ask("initialize", &json!({ "processId": null, "rootUri": null, "capabilities": {} }));
        assert_eq!(answer["capabilities"]["hoverProvider"], true);
        assert_eq!(answer["capabilities"]["definitionProvider"], true);
        assert_eq!(answer["capabilities"]["documentSymbolProvider"], true);
        editor.tell("initialized", &json!({}));
        editor
    }

    fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = json!("2.0");
        let text = message.to_string();
        write!(self.stdin.as_mut().unwrap(), "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
    }

    fn receive(&mut self) -> Value {
        self.messages.recv_timeout(Duration::from_secs(30)).unwrap()
    }

    fn tell(&mut self, method: &str, params: &Value) {
        self.send(json!({ "method": method, "params": params }));
    }

    fn answer(&mut self, method: &str, params: &Value) -> Value {
        self.n_requests += 1;
        let id = self.n_requests;
        self.send(json!({ "id": id, "method": method, "params": params }));
        let answer = self.receive();
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.answer(method, params)["result"].clone()
    }

    /// Opens a source; what the server says of it.
    fn open(&mut self, uri: &str, language: &str, text: &str) -> Vec<Value> {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.tell("textDocument/didOpen", &json!({ "textDocument": document }));
        self.diagnostics(uri)
    }

    fn diagnostics(&mut self, uri: &str) -> Vec<Value> {
        let message = self.receive();
        assert_eq!(message["method"], "textDocument/publishDiagnostics");
        assert_eq!(message["params"]["uri"], uri);
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    fn at(&mut self, what: &str, uri: &str, line: u32, character: u32) -> Value {
        let params = json!({
            "textDocument": { "uri": uri },
            "position": { "line": line, "character": character },
            "context": { "includeDeclaration": true, "triggerKind": 1 },
        });
        self.ask(&format!("textDocument/{what}"), &params)
    }

    fn stop(mut self) -> ExitStatus {
        assert_eq!(self.ask("shutdown", &Value::Null), Value::Null);
        self.tell("exit", &Value::Null);
        self.stdin = None;
        self.child.wait().unwrap()
    }
}

fn range(line: u32, start: u32, end: u32) -> Value {
    json!({ "start": { "line": line, "character": start }, "end": { "line": line, "character": end } })
}

const URI: &str = "file:///nowhere/p.sap";

#[test]
fn diagnostics_on_open_and_change() {
    let mut editor = Editor::start(&[]);
    let found = editor.open(URI, "sap", SOURCE);
    let said: Vec<_> =
        found.iter().map(|d| (d["code"].as_str().unwrap(), d["severity"].as_u64().unwrap())).collect();
    assert_eq!(said, [("A002", 1), ("A023", 4)]);
    assert_eq!(found[0]["range"], range(3, 11, 16));
    assert_eq!(found[0]["source"], "asm704");
    assert!(found[0]["message"].as_str().unwrap().starts_with("`NOHOW` is not defined"));
    // the symbol that is never used is shown faint
    assert_eq!(found[1]["tags"], json!([1]));
    assert_eq!(found[1]["range"], range(5, 0, 5));

    let text = SOURCE.replace("NOHOW", "SPARE");
    let document = json!({ "uri": URI, "version": 2 });
    editor.tell(
        "textDocument/didChange",
        &json!({ "textDocument": document, "contentChanges": [{ "text": text }] }),
    );
    assert_eq!(editor.diagnostics(URI), Vec::<Value>::new());
    editor.tell("textDocument/didClose", &json!({ "textDocument": { "uri": URI } }));
    assert_eq!(editor.diagnostics(URI), Vec::<Value>::new());
    assert_eq!(editor.at("hover", URI, 1, 7), Value::Null);
    assert!(editor.stop().success());
}

#[test]
fn hover_on_operations_and_symbols() {
    let mut editor = Editor::start(&[]);
    editor.open(URI, "sap", SOURCE);
    let hover = editor.at("hover", URI, 1, 8);
    let text = hover["contents"]["value"].as_str().unwrap();
    for wanted in ["**CLA** Y,X", "code `+0500`", "cycles 2", "Clear and add", "`00144  050000000147`"] {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    assert_eq!(hover["range"], range(1, 7, 10));
    let hover = editor.at("hover", URI, 2, 9);
    assert_eq!(hover["contents"]["value"].as_str().unwrap().lines().next(), Some("**TIX** Y,T,D  "));
    let hover = editor.at("hover", URI, 4, 8);
    assert!(hover["contents"]["value"].as_str().unwrap().contains("pseudo-operation"));

    let hover = editor.at("hover", URI, 1, 11);
    assert_eq!(
        hover["contents"]["value"],
        "**A**  \n= `00147` (103), line 5  \nholds `000000000001`, `1`\n\nused once"
    );
    assert_eq!(hover["range"], range(1, 11, 12));
    let hover = editor.at("hover", URI, 3, 12);
    assert!(hover["contents"]["value"].as_str().unwrap().contains("not defined"));
    assert_eq!(editor.at("hover", URI, 0, 0), Value::Null);
    assert_eq!(editor.at("hover", URI, 900, 900), Value::Null);
    assert!(editor.stop().success());
}

#[test]
fn definition_references_and_symbols() {
    let mut editor = Editor::start(&[]);
    editor.open(URI, "sap", SOURCE);
    let place = |line, start, end| json!({ "uri": URI, "range": range(line, start, end) });
    assert_eq!(editor.at("definition", URI, 2, 13), json!([place(1, 0, 5)]));
    assert_eq!(editor.at("definition", URI, 3, 12), json!([]));
    assert_eq!(
        editor.at("references", URI, 1, 1),
        json!([place(1, 0, 5), place(2, 11, 16), place(6, 11, 16)])
    );
    let symbols = editor.ask("textDocument/documentSymbol", &json!({ "textDocument": { "uri": URI } }));
    let names: Vec<_> = symbols
        .as_array()
        .unwrap()
        .iter()
        .map(|symbol| format!("{} {} {}", symbol["name"], symbol["detail"], symbol["kind"]))
        .collect();
    assert_eq!(names, ["\"START\" \"00144 CLA\" 12", "\"A\" \"00147 DEC\" 13", "\"SPARE\" \"00150 OCT\" 13"]);
    assert!(editor.stop().success());
}

#[test]
#[cfg(unix)]
fn a_definition_in_the_library() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("lib")).unwrap();
    std::fs::write(directory.path().join("lib/sub.sap"), "ENTRY  TRA 1,4\n").unwrap();
    let uri = format!("file://{}", directory.path().join("p.sap").display());
    let mut editor = Editor::start(&[]);
    let found = editor.open(&uri, "sap", "       TSX ENTRY,4\nSUB    LIB\n       END 0\n");
    assert_eq!(found, Vec::<Value>::new());
    let definition = editor.at("definition", &uri, 0, 12);
    assert!(definition[0]["uri"].as_str().unwrap().ends_with("/lib/sub.sap"), "{definition}");
    assert_eq!(definition[0]["range"], range(0, 0, 5));
    assert!(editor.stop().success());
}

#[test]
fn what_is_wrong_in_a_routine_is_said_at_its_library_card() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("lib")).unwrap();
    std::fs::write(directory.path().join("lib/sub.sap"), "ENTRY  TRA 1,4\nFREE   CLA NOHOW\n").unwrap();
    let uri = format!("file://{}", directory.path().join("p.sap").display());
    let mut editor = Editor::start(&[]);
    let found = editor.open(&uri, "sap", "       TSX ENTRY,4\nSUB    LIB\n       END 0\n");
    // FREE, which is never used, is the routine's own affair
    let said: Vec<_> = found.iter().map(|d| d["code"].as_str().unwrap()).collect();
    assert_eq!(said, ["A002"]);
    assert_eq!(found[0]["range"], range(1, 0, 10));
    let message = found[0]["message"].as_str().unwrap();
    assert!(message.contains("sub.sap, line 2: `NOHOW` is not defined"), "{message}");
    assert!(editor.stop().success());
}

#[test]
fn completion_of_operations_and_symbols() {
    let labels = |answer: &Value| -> Vec<String> {
        answer.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    };
    let mut editor = Editor::start(&[]);
    editor.open(URI, "sap", SOURCE);
    let operations = labels(&editor.at("completion", URI, 1, 8));
    for name in ["CLA", "PZE", "BSS", "C/T"] {
        assert!(operations.iter().any(|label| label == name), "{name}");
    }
    let mut symbols = labels(&editor.at("completion", URI, 1, 12));
    symbols.sort();
    assert_eq!(symbols, ["A", "SPARE", "START"]);

    let free = "file:///nowhere/free.sap";
    let found = editor.open(free, "sap-free", "start CLA a\n\na DEC 1\n\tCLA\ta\n END start\n");
    let said: Vec<_> = found.iter().map(|d| d["code"].as_str().unwrap()).collect();
    // it begins at location 0 and runs into its number
    assert_eq!(said, ["A035", "A036"]);
    assert!(labels(&editor.at("completion", free, 0, 7)).contains(&"CLA".to_owned()));
    let mut symbols = labels(&editor.at("completion", free, 0, 11));
    symbols.sort();
    assert_eq!(symbols, ["A", "START"]);
    let hover = editor.at("hover", free, 0, 7);
    assert_eq!(hover["range"], range(0, 6, 9));
    let definition = editor.at("definition", free, 0, 10);
    assert_eq!(definition[0]["range"], range(2, 0, 1));
    // a tab is one character for the editor
    assert_eq!(editor.at("hover", free, 3, 2)["range"], range(3, 1, 4));
    assert_eq!(editor.at("hover", free, 3, 5)["range"], range(3, 5, 6));
    assert!(editor.stop().success());
}

#[test]
fn what_is_wrong_gets_an_answer() {
    let mut editor = Editor::start(&["--free"]);
    assert_eq!(editor.answer("textDocument/moniker", &json!({}))["error"]["code"], -32601);
    assert_eq!(editor.answer("textDocument/hover", &json!({ "position": 5 }))["error"]["code"], -32602);
    editor.tell("textDocument/didOpen", &json!({ "nothing": true }));
    // it goes on
    assert_eq!(editor.open("untitled:1", "sap", "\u{1f600} CLA \u{e9}\n END 0\n").len(), 3);
    // an end without a shutdown is a failure
    editor.tell("exit", &Value::Null);
    editor.stdin = None;
    assert_eq!(editor.child.wait().unwrap().code(), Some(1));
}

impl Editor {
    /// What one request about a document gives.
    fn on(&mut self, method: &str, uri: &str, more: &Value) -> Value {
        let mut params = more.clone();
        params["textDocument"] = json!({ "uri": uri });
        self.answer(&format!("textDocument/{method}"), &params)
    }
}

fn position(line: u32, character: u32) -> Value {
    json!({ "line": line, "character": character })
}

/// The new text of each edit with its range.
fn edits(answer: &Value) -> Vec<(Value, String)> {
    let of = |edit: &Value| (edit["range"].clone(), edit["newText"].as_str().unwrap().to_owned());
    answer.as_array().unwrap().iter().map(of).collect()
}

#[test]
fn a_symbol_gets_another_name() {
    let mut editor = Editor::start(&[]);
    editor.open(URI, "sap", SOURCE);
    let at = json!({ "position": position(1, 12), "newName": "first" });
    let answer = editor.on("rename", URI, &at);
    let changed = edits(&answer["result"]["changes"][URI]);
    // the label keeps the operation in column 8
    assert_eq!(changed, [(range(4, 0, 6), "FIRST ".to_owned()), (range(1, 11, 12), "FIRST".to_owned())]);
    let prepared = editor.on("prepareRename", URI, &at)["result"].clone();
    assert_eq!(prepared, json!({ "range": range(1, 11, 12), "placeholder": "A" }));
    for bad in ["TOOLONG", "12", "A+B", "START", ""] {
        let at = json!({ "position": position(1, 12), "newName": bad });
        let answer = editor.on("rename", URI, &at);
        assert!(
            answer["error"]["message"].as_str().is_some_and(|text| text.contains('`')),
            "{bad}: {answer}"
        );
    }
    assert!(editor.stop().success());
}

#[test]
fn marks_on_a_source() {
    let mut editor = Editor::start(&[]);
    editor.open(URI, "sap", SOURCE);
    let highlights = editor.on("documentHighlight", URI, &json!({ "position": position(1, 12) }));
    assert_eq!(
        highlights["result"],
        json!([{ "range": range(4, 0, 1), "kind": 3 }, { "range": range(1, 11, 12), "kind": 2 }])
    );
    let folds = editor.on("foldingRange", URI, &json!({}));
    assert_eq!(folds["result"], json!([{ "startLine": 0, "endLine": 6, "kind": "region" }]));
    // 100 is 144 octal: CLA A is at 00144, and A at 00147
    let hints =
        editor.on("inlayHint", URI, &json!({ "range": { "start": position(1, 0), "end": position(1, 9) } }));
    assert_eq!(
        hints["result"],
        json!([{ "position": position(1, 12), "label": "00144 050000000147", "paddingLeft": true }])
    );
    let help = editor.on("signatureHelp", URI, &json!({ "position": position(2, 17) }))["result"].clone();
    assert_eq!(help["signatures"][0]["label"], "TIX Y,T,D");
    assert_eq!(help["activeParameter"], 1);
    let found = editor.answer("workspace/symbol", &json!({ "query": "sta" }))["result"].clone();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["name"]), (1, &json!("START")));
    // ORG 100: a pseudo-operation in columns 8 to 10 of the first line; START, CLA and A in the second
    let tokens = editor.on("semanticTokens/full", URI, &json!({}))["result"]["data"].clone();
    let tokens: Vec<u64> = tokens.as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
    assert_eq!(tokens[..20], [0, 7, 3, 1, 0, 1, 0, 5, 3, 0, 0, 7, 3, 0, 0, 0, 4, 1, 2, 0]);
    assert!(editor.stop().success());
}

#[test]
fn changes_of_a_source() {
    let source = "\tORG\t64\nSTART\tCLQ\tSTART\tA COMMENT\n        HTR START   \n       END START\n";
    let mut editor = Editor::start(&[]);
    editor.open(URI, "sap", source);
    let formatted = edits(&editor.on("formatting", URI, &json!({}))["result"]);
    let lines: Vec<&str> = formatted.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(lines, ["       ORG 64", "START  CLQ START               A COMMENT", "        HTR START"]);
    // what is formatted has its fields in the right columns, and what is not misspelled assembles
    let text = format!("{}\n{}\n       HTR START\n       END START\n", lines[0], lines[1]);
    let again = "file:///nowhere/again.sap";
    editor.open(again, "sap", &text);
    let all = json!({ "range": { "start": position(0, 0), "end": position(9, 0) }, "context": { "diagnostics": [] } });
    let actions = editor.on("codeAction", again, &all)["result"].clone();
    assert_eq!(actions[0]["title"], "Change to `CLA`");
    assert_eq!(edits(&actions[0]["edit"]["changes"][again]), [(range(1, 7, 10), "CLA".to_owned())]);
    // an operation in the wrong columns is put into the right ones
    editor.open(again, "sap", "       ORG 64\nS       HTR S\n       END S\n");
    let actions = editor.on("codeAction", again, &all)["result"].clone();
    assert_eq!(edits(&actions[0]["edit"]["changes"][again])[0].1, "S      HTR S");
    assert!(editor.stop().success());
}
