//! A client of `emu704 dap`, driven by a script: the program itself, on standard input and output.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::{Value, json};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    seq: i64,
    /// Events that came and were not waited for.
    pub(crate) events: Vec<Value>,
    /// Everything that was said, for a document.
    pub(crate) recorded: String,
}

fn read_all(input: impl Read, send: &std::sync::mpsc::Sender<Value>) -> Option<()> {
    let mut input = BufReader::new(input);
    loop {
        let mut length = None;
        loop {
            let mut line = String::new();
            if input.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if line.trim().is_empty() {
                break;
            }
            length = line.strip_prefix("Content-Length: ").map(|text| text.trim().parse().unwrap());
        }
        let mut body = vec![0; length.unwrap()];
        input.read_exact(&mut body).ok()?;
        send.send(serde_json::from_slice(&body).unwrap()).ok()?;
    }
}

impl Client {
    pub(crate) fn start() -> Client {
        let mut child = Command::new(env!("CARGO_BIN_EXE_emu704"))
            .arg("dap")
            .current_dir(root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let (send, messages) = channel();
        std::thread::spawn(move || read_all(stdout, &send));
        let stdin = child.stdin.take();
        Client { child, stdin, messages, seq: 0, events: Vec::new(), recorded: String::new() }
    }

    /// Up to the event `initialized`, with a program in core.
    pub(crate) fn launch(more: &Value) -> Client {
        let mut client = Client::start();
        client.ask("initialize", json!({ "adapterID": "emu704", "supportsVariablePaging": true }));
        client.ask("launch", more.clone());
        client.event("initialized");
        client
    }

    /// Sends bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().unwrap();
        // one that has ended reads no more
        let _ = stdin.write_all(bytes).and_then(|()| stdin.flush());
    }

    pub(crate) fn send(&mut self, command: &str, arguments: Value) -> i64 {
        self.seq += 1;
        let shown = if arguments.is_null() { String::new() } else { format!(" {arguments}") };
        self.record(&format!("> {command}{shown}"));
        let mut message = json!({ "seq": self.seq, "type": "request", "command": command });
        if !arguments.is_null() {
            message["arguments"] = arguments;
        }
        let body = message.to_string();
        self.bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        self.seq
    }

    fn record(&mut self, line: &str) {
        let line = line.replace(&*root().to_string_lossy(), "/home/704");
        self.recorded.push_str(&line);
        self.recorded.push('\n');
    }

    fn next(&mut self) -> Option<Value> {
        match self.messages.recv_timeout(PATIENCE) {
            Ok(message) => {
                let body = message.get("body").map(|body| format!(" {body}")).unwrap_or_default();
                if let Some(event) = message["event"].as_str() {
                    self.record(&format!("< {event}{body}"));
                } else if message["success"] == true {
                    self.record(&format!("<{body}").replace("< ", "< "));
                } else {
                    self.record(&format!("< refused: {}", message["message"].as_str().unwrap()));
                }
                Some(message)
            }
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("no answer in time; so far:\n{}", self.recorded),
        }
    }

    /// The whole response to a request.
    pub(crate) fn response(&mut self, seq: i64) -> Value {
        loop {
            let message = self.next().unwrap_or_else(|| panic!("it ended:\n{}", self.recorded));
            if message["type"] == "response" {
                assert_eq!(message["request_seq"], seq, "{}", self.recorded);
                return message;
            }
            self.events.push(message);
        }
    }

    /// The body of a response that is no refusal.
    pub(crate) fn ask(&mut self, command: &str, arguments: Value) -> Value {
        let seq = self.send(command, arguments);
        let response = self.response(seq);
        assert_eq!(response["success"], true, "{response}");
        assert_eq!(response["command"], command);
        response["body"].clone()
    }

    /// Why a request is refused.
    pub(crate) fn refused(&mut self, command: &str, arguments: Value) -> String {
        let seq = self.send(command, arguments);
        let response = self.response(seq);
        assert_eq!(response["success"], false, "{response}");
        assert!(response["body"]["error"]["format"].is_string());
        response["message"].as_str().unwrap().to_owned()
    }

    /// Waits for an event; those that came before it are kept.
    pub(crate) fn event(&mut self, event: &str) -> Value {
        if let Some(at) = self.events.iter().position(|came| came["event"] == event) {
            return self.events.remove(at)["body"].clone();
        }
        loop {
            let message = self.next().unwrap_or_else(|| panic!("no {event}:\n{}", self.recorded));
            if message["event"] == event {
                return message["body"].clone();
            }
            self.events.push(message);
        }
    }

    /// Does what moves the machine, and waits for the stop: its reason and text.
    pub(crate) fn go(&mut self, command: &str) -> (String, String) {
        self.ask(command, json!({ "threadId": 1 }));
        self.stopped()
    }

    pub(crate) fn stopped(&mut self) -> (String, String) {
        let stopped = self.event("stopped");
        assert_eq!(stopped["threadId"], 1);
        (stopped["reason"].as_str().unwrap().to_owned(), stopped["text"].as_str().unwrap().to_owned())
    }

    /// The line of the top frame.
    pub(crate) fn line(&mut self) -> i64 {
        self.ask("stackTrace", json!({ "threadId": 1 }))["stackFrames"][0]["line"].as_i64().unwrap()
    }

    pub(crate) fn evaluate(&mut self, expression: &str) -> String {
        let told = self.ask("evaluate", json!({ "expression": expression, "context": "watch" }));
        told["result"].as_str().unwrap().to_owned()
    }

    pub(crate) fn repl(&mut self, line: &str) -> String {
        let told = self.ask("evaluate", json!({ "expression": line, "context": "repl" }));
        told["result"].as_str().unwrap().to_owned()
    }

    /// The variables of a container: names and values.
    pub(crate) fn variables(&mut self, reference: &Value) -> Vec<(String, String)> {
        let told = self.ask("variables", json!({ "variablesReference": reference }));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        told["variables"].as_array().unwrap().iter().map(|v| (text(&v["name"]), text(&v["value"]))).collect()
    }

    /// A scope's reference.
    pub(crate) fn scope(&mut self, name: &str) -> Value {
        let told = self.ask("scopes", json!({ "frameId": 1 }));
        let scopes = told["scopes"].as_array().unwrap();
        scopes.iter().find(|scope| scope["name"] == name).unwrap()["variablesReference"].clone()
    }

    /// All that came as output of a category.
    pub(crate) fn output(&self, category: &str) -> String {
        let outputs = self.events.iter().filter(|event| event["event"] == "output");
        let of_category = outputs.filter(|event| event["body"]["category"] == category);
        of_category.map(|event| event["body"]["output"].as_str().unwrap()).collect()
    }

    /// Disconnects, and waits for the end of the program.
    pub(crate) fn end(mut self) -> (ExitStatus, Vec<Value>, String) {
        let seq = self.send("disconnect", Value::Null);
        assert_eq!(self.response(seq)["success"], true);
        self.gone()
    }

    /// Closes its input, and waits for the end of the program; what came until then.
    pub(crate) fn gone(mut self) -> (ExitStatus, Vec<Value>, String) {
        drop(self.stdin.take());
        while let Some(message) = self.next() {
            self.events.push(message);
        }
        let status = self.child.wait().unwrap();
        (status, std::mem::take(&mut self.events), std::mem::take(&mut self.recorded))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
