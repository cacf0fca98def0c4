//! The editor's end of the protocol: requests in, responses and events out.

use std::io::{self, BufReader, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

use asm704::framing;
use serde::Deserialize;
use serde_json::{Value, json};

/// Characters of a refusal at most.
const LONGEST: usize = 1000;

/// A request of the client.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Request {
    pub(super) seq: i64,
    pub(super) command: String,
    #[serde(default)]
    pub(super) arguments: Value,
}

impl Request {
    /// The arguments, as the command has them; none at all are like none of the optional ones.
    ///
    /// # Errors
    /// They are of the wrong types.
    pub(super) fn arguments<T: for<'de> Deserialize<'de>>(&self) -> Result<T, Refusal> {
        let arguments = match &self.arguments {
            Value::Null => json!({}),
            Value::Object(_) => self.arguments.clone(),
            _ => return Err(Refusal::new(format!("the arguments of {}: expected an object", self.command))),
        };
        serde_json::from_value(arguments)
            .map_err(|error| Refusal::new(format!("the arguments of {}: {error}", self.command)))
    }
}

/// What comes from the client.
pub(super) enum Incoming {
    Request(Request),
    /// A message that is no request, and why.
    Strange(String),
    /// There is no more. With an error, the frame of a message is wrong, and what follows cannot be understood.
    End(Option<io::Error>),
}

/// Why a request fails.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) message: String,
    /// A person should see it at once.
    pub(super) show: bool,
}

impl Refusal {
    pub(super) fn new(message: impl Into<String>) -> Refusal {
        let mut message = message.into();
        // what is wrong may be long
        if let Some((end, _)) = message.char_indices().nth(LONGEST) {
            message.truncate(end);
            message.push_str(" ...");
        }
        Refusal { message, show: false }
    }
}

impl<E: std::error::Error> From<E> for Refusal {
    fn from(error: E) -> Refusal {
        Refusal::new(error.to_string())
    }
}

/// The body of a response, or why there is none.
pub(super) type Answer = Result<Value, Refusal>;

/// Reads all messages. `urgent` is set as soon as one has come that ends what takes long: a search in the past hears of it
/// before the message has its turn.
pub(super) fn read_all(input: impl Read, send: &SyncSender<Incoming>, urgent: &AtomicBool) {
    let mut input = BufReader::new(input);
    loop {
        let incoming = match framing::read(&mut input) {
            Ok(Some(text)) => understood(&text),
            Ok(None) => Some(Incoming::End(None)),
            Err(error) => Some(Incoming::End(Some(error))),
        };
        let Some(incoming) = incoming else { continue };
        let (is_urgent, is_last) = match &incoming {
            Incoming::Request(request) => {
                (matches!(request.command.as_str(), "pause" | "disconnect" | "terminate"), false)
            }
            Incoming::Strange(_) => (false, false),
            Incoming::End(_) => (true, true),
        };
        if is_urgent {
            urgent.store(true, Ordering::Relaxed);
        }
        if send.send(incoming).is_err() || is_last {
            return;
        }
    }
}

/// A message; `None` for one that needs no answer.
fn understood(text: &[u8]) -> Option<Incoming> {
    let value: Value = match serde_json::from_slice(text) {
        Ok(value) => value,
        Err(error) => return Some(Incoming::Strange(format!("a message is not JSON: {error}"))),
    };
    match value.get("type").and_then(Value::as_str) {
        Some("request") => Some(match serde_json::from_value(value) {
            Ok(request) => Incoming::Request(request),
            Err(error) => Incoming::Strange(format!("a request is malformed: {error}")),
        }),
        // nothing is asked of the client
        Some("response" | "event") => None,
        _ => Some(Incoming::Strange("a message is no request: expected \"type\": \"request\"".to_owned())),
    }
}

/// What goes to the client, numbered in order.
pub(super) struct Wire {
    out: Box<dyn Write + Send>,
    seq: i64,
    /// Nobody reads it any more.
    gone: bool,
}

impl Wire {
    pub(super) fn new(out: Box<dyn Write + Send>) -> Wire {
        Wire { out, seq: 0, gone: false }
    }

    /// Nobody reads what is sent.
    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }

    fn send(&mut self, mut message: Value) {
        self.seq += 1;
        message["seq"] = json!(self.seq);
        if framing::write(&mut self.out, message.to_string().as_bytes()).is_err() {
            self.gone = true;
        }
    }

    pub(super) fn respond(&mut self, request: &Request, answer: Answer) {
        let mut message = json!({
            "type": "response",
            "request_seq": request.seq,
            "command": request.command,
            "success": answer.is_ok(),
        });
        match answer {
            Ok(Value::Null) => {}
            Ok(body) => message["body"] = body,
            Err(refusal) => {
                let error = json!({ "id": 1, "format": braced(&refusal.message), "showUser": refusal.show });
                message["message"] = json!(refusal.message);
                message["body"] = json!({ "error": error });
            }
        }
        self.send(message);
    }

    pub(super) fn event(&mut self, event: &str, body: Value) {
        let mut message = json!({ "type": "event", "event": event });
        if !body.is_null() {
            message["body"] = body;
        }
        self.send(message);
    }
}

/// A text in which a client finds no variables to fill in.
fn braced(text: &str) -> String {
    text.replace('{', "(").replace('}', ")")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_request_is_told_apart() {
        let strange = |text: &str| match understood(text.as_bytes()) {
            Some(Incoming::Strange(why)) => why,
            _ => panic!("{text}"),
        };
        assert!(strange("{").contains("not JSON"));
        assert!(strange("[1]").contains("no request"));
        assert!(strange(r#"{"type":"request","seq":"x","command":"threads"}"#).contains("malformed"));
        assert!(strange(r#"{"type":"request","seq":1}"#).contains("malformed"));
        assert!(strange(&"[".repeat(100_000)).contains("not JSON"));
        assert!(understood(br#"{"type":"response","seq":1}"#).is_none());
        assert!(matches!(
            understood(br#"{"type":"request","seq":1,"command":"threads"}"#),
            Some(Incoming::Request(request)) if request.command == "threads" && request.arguments.is_null()
        ));
    }
}
