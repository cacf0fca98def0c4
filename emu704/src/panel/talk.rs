//! What a panel outside of this process is told, and what it may ask for: the lines of a state socket, docs/state.md.

use serde::Serialize;
use serde_json::Value;

use super::lamps::NAMES;
use super::{Lamps, PanelView, Readings, Speed, TapeView};
use crate::action::ACTIONS;
use crate::core_store::CoreSize;

/// The version of the talk. It grows when a key changes its meaning or goes; new keys and new kinds may come at any time.
pub const VERSION: u32 = 1;

/// Bytes of a line that is taken in, without its end.
pub const LONGEST_LINE: usize = 1024;

/// The first message to a client that has shown the token.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hello {
    version: u32,
    kind: &'static str,
    /// The program and its version.
    program: &'static str,
    /// Pictures in a second at most.
    rate: u32,
    /// Acts may name files of the host.
    files: bool,
    /// Names of the lamps of the row `single`, in their order.
    single: [&'static str; NAMES.len()],
    /// First words of acts, each with what follows.
    acts: Vec<[&'static str; 2]>,
}

impl Hello {
    /// With so many pictures a second at most.
    pub fn new(rate: u32, files: bool) -> Hello {
        let acts = ACTIONS.iter().map(|(word, rest)| [*word, *rest]).collect();
        let program = concat!("emu704 ", env!("CARGO_PKG_VERSION"));
        Hello { version: VERSION, kind: "hello", program, rate, files, single: NAMES, acts }
    }
}

/// What can be seen of lamps, keys and units. Paper has a message of its own, as it changes seldom and is long.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Picture<'a> {
    version: u32,
    kind: &'static str,
    core: CoreSize,
    lamps: &'a Lamps,
    readings: &'a Readings,
    switches: [bool; 6],
    keys: asm704::Word,
    automatic: bool,
    multiple_step: bool,
    running: bool,
    failure: bool,
    state: &'a str,
    speed: Speed,
    ratio: f64,
    seconds: f64,
    cycles: u64,
    tapes: &'a [TapeView],
    cards: Cards,
}

/// Cards of the reader and the punch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Cards {
    hopper: u64,
    read: u64,
    punched: u64,
}

impl<'a> Picture<'a> {
    /// Of what the panel shows, with readings of the registers.
    pub fn of(view: &'a PanelView, readings: &'a Readings) -> Picture<'a> {
        let [hopper, read, punched] = view.cards;
        Picture {
            version: VERSION,
            kind: "picture",
            core: view.core,
            lamps: &view.lamps,
            readings,
            switches: view.switches,
            keys: view.keys,
            automatic: view.automatic,
            multiple_step: view.multiple_step,
            running: view.running,
            failure: view.failure,
            state: &view.state,
            speed: view.speed,
            ratio: view.ratio,
            seconds: view.seconds,
            cycles: view.cycles,
            tapes: &view.tapes,
            cards: Cards { hopper, read, punched },
        }
    }
}

/// The newest lines of the printer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper<'a> {
    version: u32,
    kind: &'static str,
    /// Lines that were printed since the beginning.
    printed: u64,
    /// The newest of them, a sheet of 66 at most.
    lines: &'a [String],
}

impl<'a> Paper<'a> {
    /// Of what the panel shows.
    pub fn of(view: &'a PanelView) -> Paper<'a> {
        Paper { version: VERSION, kind: "paper", printed: view.printed, lines: &view.paper }
    }
}

/// The answer to a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    version: u32,
    kind: &'static str,
    /// As it was asked with.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Id>,
    /// What was wrong, a sentence; null when it was done.
    error: Option<String>,
}

impl Answer {
    /// To what was asked with this name.
    pub fn new(id: Option<Id>, done: Result<(), String>) -> Answer {
        Answer { version: VERSION, kind: "answer", id, error: done.err() }
    }
}

/// The name that a client gives to what it asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Id {
    /// A number.
    Number(u64),
    /// A text.
    Text(String),
}

/// An act that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its name, for the answer.
    pub id: Option<Id>,
    /// The words of an [action](crate::action).
    pub words: Vec<String>,
}

impl Request {
    /// A line: the words themselves, or an object with `act` and perhaps `id`. `act` is a text of words, or a list of words where one of them has a
    /// blank in it.
    ///
    /// # Errors
    /// The answer that says what is wrong with it.
    pub fn parse(line: &str) -> Result<Request, Answer> {
        if !line.trim_start().starts_with('{') {
            return Ok(Request { id: None, words: words(line) });
        }
        let wrong = |id: &Option<Id>, what: String| Answer::new(id.clone(), Err(what));
        let mut fields = match serde_json::from_str::<serde_json::Map<String, Value>>(line) {
            Ok(fields) => fields,
            Err(error) => return Err(wrong(&None, format!("not a line of JSON: {error}"))),
        };
        let id = match fields.remove("id") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(Id::Text(text)),
            Some(value) => match value.as_u64() {
                Some(number) => Some(Id::Number(number)),
                None => {
                    return Err(wrong(
                        &None,
                        format!("id: found {value}, expected a text or a number from 0"),
                    ));
                }
            },
        };
        let act = match fields.remove("act") {
            Some(Value::String(text)) => Some(words(&text)),
            Some(Value::Array(list)) => {
                list.into_iter().map(|word| word.as_str().map(str::to_owned)).collect()
            }
            _ => None,
        };
        let Some(words) = act else {
            return Err(wrong(
                &id,
                "act: expected a text such as \"sense 1 down\", or a list of words".to_owned(),
            ));
        };
        if let Some((key, _)) = fields.iter().next() {
            return Err(wrong(&id, format!("`{key}`: expected `act` and `id` alone")));
        }
        Ok(Request { id, words })
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn asked(line: &str) -> Result<(Option<Id>, String), String> {
        match Request::parse(line) {
            Ok(Request { id, words }) => Ok((id, words.join("|"))),
            Err(answer) => Err(answer.error.unwrap_or_default()),
        }
    }

    #[test]
    fn lines_that_ask() {
        for (line, id, words) in [
            ("sense 1 down", None, "sense|1|down"),
            ("  start \r", None, "start"),
            (r#"{"act": "sense 1 down"}"#, None, "sense|1|down"),
            (r#" {"act": "start", "id": 7}"#, Some(Id::Number(7)), "start"),
            (
                r#"{"id": "x", "act": ["mount", "1", "my reel.tap"]}"#,
                Some(Id::Text("x".to_owned())),
                "mount|1|my reel.tap",
            ),
            (r#"{"act": "start", "id": null}"#, None, "start"),
        ] {
            assert_eq!(asked(line), Ok((id, words.to_owned())), "{line}");
        }
    }

    #[test]
    fn lines_that_do_not() {
        for (line, expected) in [
            ("{", "not a line of JSON"),
            ("{}", "act: expected"),
            (r#"{"act": 3}"#, "act: expected"),
            (r#"{"act": ["sense", 1, "down"]}"#, "act: expected"),
            (r#"{"act": "start", "id": -1}"#, "id: found -1"),
            (r#"{"act": "start", "id": [[[]]]}"#, "id: found [[[]]]"),
            (r#"{"act": "start", "file": "x"}"#, "`file`: expected"),
        ] {
            assert!(asked(line).is_err_and(|error| error.contains(expected)), "{line}");
        }
        // as deep as a line can be
        let deep = format!("{{\"act\": {}", "[".repeat(LONGEST_LINE - 8));
        assert!(asked(&deep).is_err());
    }

    #[test]
    fn an_error_keeps_the_name_of_what_was_asked() {
        let answer = Request::parse(r#"{"id": "k1"}"#).map_err(|answer| serde_json::to_value(answer).ok());
        let expected = json!({
            "version": 1, "kind": "answer", "id": "k1",
            "error": "act: expected a text such as \"sense 1 down\", or a list of words",
        });
        assert_eq!(answer, Err(Some(expected)));
        let done = serde_json::to_value(Answer::new(None, Ok(()))).ok();
        assert_eq!(done, Some(json!({"version": 1, "kind": "answer", "error": null})));
    }
}
