//! A client that says anything to a panel's state socket, and reads when it likes. Nothing panics, nobody hears a word without the
//! token, each line has one answer that is a line of JSON, and no more is held than may be.
//!
//! The first byte of the input decides whether the client knows the token. The rest is a list of steps: bytes that come, bytes that
//! are taken, time that passes, and how long the machine runs.
#![no_main]

use std::time::Duration;

use emu704::action::Action;
use emu704::panel::client::{Client, InMemory, KEPT, Kept};
use emu704::panel::talk::{Answer, LONGEST_LINE, Request};
use emu704::{Config, CoreSize, Debugger, Room};
use libfuzzer_sys::fuzz_target;

const TOKEN: &str = "0123456789abcdef";
/// Bytes of a reading.
const READ: usize = 4096;
/// Bytes that may wait: 64 KiB, and the answers of one look.
const WAITS: usize = (64 << 10) + 8 * 16 * LONGEST_LINE;

/// Does what a line asks for, as the panel does; without files.
fn act(debugger: &mut Debugger, line: &str) -> Answer {
    let Request { id, words } = match Request::parse(line) {
        Ok(request) => request,
        Err(answer) => return answer,
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let room = &debugger.room;
    let done = match Action::parse(&words, &|text| room.address(text)) {
        Err(error) => Err(error.to_string()),
        Ok(action) if action.file().is_some() => Err("names a file".to_owned()),
        Ok(action) => debugger.act(&action).map_err(|error| error.to_string()),
    };
    Answer::new(id, done)
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&first, mut steps)) = bytes.split_first() else { return };
    let other = InMemory::default();
    let mut now = Duration::ZERO;
    let mut client = Client::new(Box::new(other.clone()), now);
    let mut debugger = Debugger::new(Room::new(Config::with_core(CoreSize::K4)));
    if first & 1 == 0 {
        other.0.borrow_mut().coming.extend(format!("{TOKEN}\n").as_bytes());
    }
    let mut kept: [Kept; KEPT] = Default::default();
    let (mut lines, mut pictures, mut greeted) = (0, 0, false);
    while let Some((&step, rest)) = steps.split_first() {
        let n = rest.len().min(usize::from(step >> 2));
        let (some, rest) = rest.split_at(n);
        steps = rest;
        {
            let mut way = other.0.borrow_mut();
            match step & 3 {
                0 | 1 => way.coming.extend(some),
                2 => way.takes += n * n * 16,
                _ => {
                    now += Duration::from_millis(n as u64 * 20);
                    way.over |= n == 63;
                }
            }
        }
        client.read(TOKEN, now);
        if client.is_known() && !greeted {
            greeted = true;
            client.put("{\"kind\":\"hello\"}");
        }
        for line in client.lines() {
            assert!(client.is_known());
            lines += 1;
            let answer = match line {
                Ok(line) => {
                    assert!(line.len() <= LONGEST_LINE && !line.is_empty(), "{line:?}");
                    act(&mut debugger, &line)
                }
                Err(flaw) => Answer::new(None, Err(flaw)),
            };
            client.put(&serde_json::to_string(&answer).expect("its keys are texts"));
        }
        let _ = debugger.advance(debugger.room.machine.cycles() + 100, None);
        pictures += 1;
        kept[1].change(format!("{{\"kind\":\"picture\",\"n\":{pictures}}}"));
        client.see(&kept);
        client.send(now);
        let [held_in, held_out] = client.holds();
        assert!(held_in <= LONGEST_LINE + READ && held_out <= WAITS, "{held_in} {held_out}");
        let way = other.0.borrow();
        assert!(greeted || way.got.is_empty(), "no word without the token");
        if client.is_over() {
            break;
        }
    }
    let way = other.0.borrow();
    let mut answers = 0;
    for line in way.got.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")) {
        let message: serde_json::Value = serde_json::from_slice(line).expect("a line of JSON");
        answers += usize::from(message["kind"] == "answer");
    }
    assert!(answers <= lines);
});
