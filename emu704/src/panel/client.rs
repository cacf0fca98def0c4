//! One client of a state socket: its token, its lines, and the messages for it. docs/state.md has the talk and the limits.
//!
//! Any connection will do that takes and gives bytes without waiting: [`Connection`]. No clock is read here: each call gets the time.

mod memory;

use std::io;
use std::time::Duration;

pub use self::memory::{InMemory, Other};
use super::talk::LONGEST_LINE;

/// A token, and so the first line, has so many bytes at most.
pub const LONGEST_TOKEN: usize = 256;
/// Messages of which only the newest is worth sending: paper and picture.
pub const KEPT: usize = 2;

/// A caller shows the token within this time.
const GREETING: Duration = Duration::from_secs(5);
/// What was told is read within this time.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes that are read at one look at most.
const READ: usize = 4096;
/// Lines that are taken at one look at most.
const LINES: usize = 8;
/// With so many bytes unread it is not listened to.
const UNREAD: usize = 64 << 10;

/// By such words a browser begins, or what calls itself one. Its page could have been made to call by anybody.
const HTTP: [&str; 10] =
    ["GET ", "POST ", "PUT ", "HEAD ", "OPTIONS ", "DELETE ", "PATCH ", "CONNECT ", "TRACE ", "PRI "];

/// Two ways of bytes that never wait. An error of the kind [`WouldBlock`](io::ErrorKind::WouldBlock) means: later.
pub trait Connection {
    /// Takes bytes that have come; 0 when no more will come.
    ///
    /// # Errors
    /// Nothing has come yet, or the connection is broken.
    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize>;
    /// Sends bytes, as many as go at once.
    ///
    /// # Errors
    /// None go at the moment, or the connection is broken.
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize>;
}

/// A message of which only the newest is worth sending.
#[derive(Debug, Default)]
pub struct Kept {
    text: String,
    /// How often it has changed.
    number: u64,
}

impl Kept {
    /// Replaces the message, if it is another.
    pub fn change(&mut self, text: String) {
        if self.text != text {
            *self = Kept { text, number: self.number + 1 };
        }
    }
}

/// A caller, and a client after it has shown the token. Times count from any moment that is the same in all calls.
pub struct Client {
    /// None when it is over.
    connection: Option<Box<dyn Connection>>,
    called: Duration,
    /// The token was right.
    known: bool,
    /// Nothing more comes from there: what has come is done, what waits is sent, and then it is over.
    ends: bool,
    /// What has come and is not yet taken: a line and one reading at most.
    inbox: Vec<u8>,
    /// What is to be sent: one picture, paper, and answers.
    outbox: Vec<u8>,
    /// Since when something waits.
    waits: Option<Duration>,
    /// What of the [kept](Kept) messages it was told last.
    seen: [u64; KEPT],
}

impl Client {
    /// Somebody who has called now.
    pub fn new(connection: Box<dyn Connection>, now: Duration) -> Client {
        Client {
            connection: Some(connection),
            called: now,
            known: false,
            ends: false,
            inbox: Vec::new(),
            outbox: Vec::new(),
            waits: None,
            seen: [0; KEPT],
        }
    }

    /// It has shown the token.
    pub fn is_known(&self) -> bool {
        self.known
    }

    /// The connection is closed.
    pub fn is_over(&self) -> bool {
        self.connection.is_none()
    }

    /// Closes the connection, without a word.
    pub fn put_off(&mut self) {
        self.connection = None;
        self.known = false;
        self.inbox.clear();
    }

    /// Takes in what has come, and looks for the token.
    pub fn read(&mut self, token: &str, now: Duration) {
        let Some(connection) = &mut self.connection else { return };
        if !self.ends && self.inbox.len() <= LONGEST_LINE && self.outbox.len() <= UNREAD {
            let mut bytes = [0; READ];
            match connection.receive(&mut bytes) {
                Ok(0) => self.ends = true,
                Ok(n) => self.inbox.extend_from_slice(&bytes[..n]),
                Err(error) if is_for_later(&error) => {}
                Err(_) => self.put_off(),
            }
        }
        if !self.known {
            self.greet(token, now);
        }
    }

    /// The first line. Nobody is answered who does not know the token.
    fn greet(&mut self, token: &str, now: Duration) {
        let begins = &self.inbox[..self.inbox.len().min(LONGEST_TOKEN + 2)];
        if HTTP.iter().any(|word| begins.starts_with(word.as_bytes())) {
            self.put_off();
            return;
        }
        match begins.iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                let line = begins[..end].strip_suffix(b"\r").unwrap_or(&begins[..end]);
                if is_same(line, token.as_bytes()) {
                    self.known = true;
                    self.inbox.drain(..=end);
                } else {
                    self.put_off();
                }
            }
            // a line that is too long, or none
            None if begins.len() > LONGEST_TOKEN + 1
                || self.ends
                || now.saturating_sub(self.called) > GREETING =>
            {
                self.put_off();
            }
            None => {}
        }
    }

    /// Lines that have come, some at a time. One that is too long is the last.
    ///
    /// The error is a sentence for an answer.
    pub fn lines(&mut self) -> Vec<Result<String, String>> {
        let mut lines = Vec::new();
        if !self.known {
            return lines;
        }
        while lines.len() < LINES && self.outbox.len() <= UNREAD {
            let within = self.inbox.len().min(LONGEST_LINE + 1);
            if let Some(end) = self.inbox[..within].iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.inbox.drain(..=end).collect();
                match String::from_utf8(line) {
                    Ok(line) if line.trim().is_empty() => {}
                    Ok(line) => lines.push(Ok(line.trim().to_owned())),
                    Err(_) => lines.push(Err("the line is not text: expected UTF-8".to_owned())),
                }
            } else if self.inbox.len() > LONGEST_LINE {
                self.inbox.clear();
                self.ends = true;
                lines.push(Err(format!("the line is too long: expected at most {LONGEST_LINE} bytes")));
            } else {
                // the rest of a line that was cut off is not done
                if self.ends {
                    self.inbox.clear();
                }
                break;
            }
        }
        lines
    }

    /// A line that it is to get.
    pub fn put(&mut self, line: &str) {
        if self.connection.is_some() {
            self.outbox.extend_from_slice(line.as_bytes());
            self.outbox.push(b'\n');
        }
    }

    /// What can be seen: if all is sent that was told before, it is told what has changed since.
    pub fn see(&mut self, kept: &[Kept; KEPT]) {
        if !self.known || self.ends || !self.outbox.is_empty() {
            return;
        }
        for (place, kept) in kept.iter().enumerate() {
            if kept.number != self.seen[place] {
                self.seen[place] = kept.number;
                self.put(&kept.text);
            }
        }
    }

    /// Sends what can be sent at once. A client that does not read is put off in the end.
    pub fn send(&mut self, now: Duration) {
        while let (Some(connection), false) = (&mut self.connection, self.outbox.is_empty()) {
            match connection.send(&self.outbox) {
                Ok(n) if n > 0 => {
                    self.outbox.drain(..n.min(self.outbox.len()));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                _ => self.put_off(),
            }
        }
        if self.outbox.is_empty() {
            self.waits = None;
            if self.ends && self.inbox.is_empty() {
                self.put_off();
            }
        } else if now.saturating_sub(*self.waits.get_or_insert(now)) > PATIENCE {
            self.put_off();
        }
    }

    /// Bytes that are held: those that have come and are not yet taken, and those that are to be sent.
    pub fn holds(&self) -> [usize; 2] {
        [self.inbox.len(), self.outbox.len()]
    }
}

/// Nothing is wrong: it is to be tried again.
fn is_for_later(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, Interrupted, WouldBlock};
    matches!(error.kind(), WouldBlock | Interrupted | ConnectionAborted)
}

/// Compares in a time that says nothing about where two texts differ.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use super::*;
    use crate::random::Random;

    const KEY: &str = "0123456789abcdef";
    const START: Duration = Duration::ZERO;

    impl InMemory {
        fn says(&self, bytes: &[u8]) {
            self.0.borrow_mut().coming.extend(bytes);
        }
    }

    /// A client that has shown the token, and its other end.
    fn known() -> (Client, InMemory) {
        let other = InMemory::default();
        let mut client = Client::new(Box::new(other.clone()), START);
        other.says(format!("{KEY}\n").as_bytes());
        client.read(KEY, START);
        assert!(client.is_known());
        (client, other)
    }

    #[test]
    fn pictures_are_dropped_for_one_who_does_not_read() {
        let (mut client, _other) = known();
        let picture = "p".repeat(1 << 20);
        let mut most = 0;
        for number in 1..=100 {
            let kept = [Kept::default(), Kept { text: picture.clone(), number }];
            client.see(&kept);
            client.send(START);
            most = most.max(client.outbox.len());
        }
        assert!(most <= picture.len() + 1, "{most}");
        assert!(!client.is_over());
        // the newest of them waits, and what came behind it was dropped
        assert!(client.seen[1] < 100 && client.waits.is_some());
        // it is patient for ten seconds
        client.send(PATIENCE / 2);
        assert!(!client.is_over());
        client.send(PATIENCE * 2);
        assert!(client.is_over());
    }

    #[test]
    fn nothing_is_read_from_one_who_does_not_read() {
        let (mut client, other) = known();
        let (mut most_in, mut most_out) = (0, 0);
        for _ in 0..5000 {
            if other.0.borrow().coming.len() < 1 << 16 {
                other.says(&b"sense 1 down\n".repeat(1000));
            }
            client.read(KEY, START);
            for _ in client.lines() {
                client.put(&"a".repeat(5000));
            }
            client.send(START);
            most_in = most_in.max(client.inbox.len());
            most_out = most_out.max(client.outbox.len());
        }
        assert!(most_in <= LONGEST_LINE + READ, "{most_in}");
        assert!((UNREAD..=UNREAD + LINES * 5001).contains(&most_out), "{most_out}");
    }

    /// However lines are cut and whenever they are read, each whole line that is not blank comes once, in order.
    #[test]
    fn lines_in_random_pieces() {
        for seed in 0..300 {
            let mut random = Random(seed);
            let mut below = |n: u64| random.below(n);
            let mut talk = Vec::new();
            let mut expected = Vec::new();
            for n in 0..40 {
                match below(6) {
                    0 => talk.extend_from_slice(b" \r\n"),
                    1 => {
                        talk.extend_from_slice(b"\xff\xfe\n");
                        expected.push(None);
                    }
                    _ => {
                        let line = format!("{n} {}", "x".repeat(below(900) as usize));
                        talk.extend_from_slice(line.as_bytes());
                        talk.extend_from_slice(if below(2) == 0 { b"\n" } else { b"\r\n" });
                        expected.push(Some(line.trim().to_owned()));
                    }
                }
            }
            talk.extend_from_slice(b"the end is not whole");
            let (mut client, other) = known();
            let mut found = Vec::new();
            let mut rest = talk.as_slice();
            for _ in 0..100_000 {
                let n = rest.len().min(below(700) as usize);
                other.says(&rest[..n]);
                rest = &rest[n..];
                other.0.borrow_mut().over = rest.is_empty();
                client.read(KEY, START);
                assert!(client.holds()[0] <= LONGEST_LINE + READ);
                if below(3) > 0 {
                    found.extend(client.lines().into_iter().map(Result::ok));
                    client.send(START);
                }
                if client.is_over() {
                    break;
                }
            }
            assert!(client.is_over());
            assert_eq!(found, expected, "seed {seed}");
        }
    }
}
