//! One client of the state socket.

use std::time::{Duration, Instant};

use super::super::socket::{Socket, is_for_later};
use super::{KEPT, Kept, LONGEST_TOKEN};
use crate::panel::talk::LONGEST_LINE;

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

/// Somebody who has called.
pub(super) struct Client {
    /// None when it is over.
    socket: Option<Socket>,
    called: Instant,
    /// The token was right.
    known: bool,
    /// Nothing more comes from there: what has come is done, what waits is sent, and then it is over.
    ends: bool,
    /// What has come and is not yet taken: a line and one reading at most.
    inbox: Vec<u8>,
    /// What is to be sent: one picture, paper, and answers.
    outbox: Vec<u8>,
    /// Since when something waits.
    waits: Option<Instant>,
    /// What of the [kept](Kept) messages it was told last.
    seen: [u64; KEPT],
}

impl Client {
    pub(super) fn new(socket: Socket) -> Client {
        Client {
            socket: Some(socket),
            called: Instant::now(),
            known: false,
            ends: false,
            inbox: Vec::new(),
            outbox: Vec::new(),
            waits: None,
            seen: [0; KEPT],
        }
    }

    pub(super) fn is_known(&self) -> bool {
        self.known
    }

    pub(super) fn is_over(&self) -> bool {
        self.socket.is_none()
    }

    /// It is over, without a word.
    pub(super) fn put_off(&mut self) {
        self.socket = None;
        self.known = false;
        self.inbox.clear();
    }

    /// Takes in what has come, and looks for the token.
    pub(super) fn read(&mut self, token: &str) {
        let Some(socket) = &mut self.socket else { return };
        if !self.ends && self.inbox.len() <= LONGEST_LINE && self.outbox.len() <= UNREAD {
            let mut bytes = [0; READ];
            match socket.receive(&mut bytes) {
                Ok(0) => self.ends = true,
                Ok(n) => self.inbox.extend_from_slice(&bytes[..n]),
                Err(error) if is_for_later(&error) && error.kind() != std::io::ErrorKind::ConnectionReset => {
                }
                Err(_) => self.put_off(),
            }
        }
        if !self.known {
            self.greet(token);
        }
    }

    /// The first line. Nobody is answered who does not know the token.
    fn greet(&mut self, token: &str) {
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
            None if begins.len() > LONGEST_TOKEN + 1 || self.ends || self.called.elapsed() > GREETING => {
                self.put_off();
            }
            None => {}
        }
    }

    /// Lines that have come, some at a time. One that is too long is the last.
    pub(super) fn lines(&mut self) -> Vec<Result<String, String>> {
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
    pub(super) fn put(&mut self, line: &str) {
        if self.socket.is_some() {
            self.outbox.extend_from_slice(line.as_bytes());
            self.outbox.push(b'\n');
        }
    }

    /// What can be seen: if all is sent that was told before, it is told what has changed since.
    pub(super) fn see(&mut self, kept: &[Kept; KEPT]) {
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

    /// Sends what can be sent at once. Whoever does not read is put off in the end.
    pub(super) fn send(&mut self) {
        while let (Some(socket), false) = (&mut self.socket, self.outbox.is_empty()) {
            match socket.send(&self.outbox) {
                Ok(n) if n > 0 => {
                    self.outbox.drain(..n);
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => break,
                _ => self.put_off(),
            }
        }
        if self.outbox.is_empty() {
            self.waits = None;
            if self.ends && self.inbox.is_empty() {
                self.put_off();
            }
        } else if self.waits.get_or_insert_with(Instant::now).elapsed() > PATIENCE {
            self.put_off();
        }
    }
}

/// Compares in a time that says nothing about where two texts differ.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

    use std::io::Write as _;
    use std::net::{TcpListener, TcpStream};

    use super::*;

    const KEY: &str = "0123456789abcdef";

    /// A client that has called, and its other end.
    fn called() -> (Client, TcpStream) {
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        let other = TcpStream::connect(door.local_addr().unwrap()).unwrap();
        let (stream, _) = door.accept().unwrap();
        stream.set_nonblocking(true).unwrap();
        (Client::new(Socket::Tcp(stream)), other)
    }

    /// One that has shown the token.
    fn known() -> (Client, TcpStream) {
        let (mut client, mut other) = called();
        writeln!(other, "{KEY}").unwrap();
        while !client.is_known() {
            client.read(KEY);
            assert!(!client.is_over());
        }
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
            client.send();
            most = most.max(client.outbox.len());
        }
        assert!(most <= picture.len() + 1, "{most}");
        assert!(!client.is_over());
        // the newest of them waits, and what came behind it was dropped
        assert!(client.seen[1] < 100 && client.waits.is_some());
        // it is patient for ten seconds
        client.waits = Instant::now().checked_sub(PATIENCE / 2);
        client.send();
        assert!(!client.is_over());
        client.waits = Instant::now().checked_sub(PATIENCE * 2);
        client.send();
        assert!(client.is_over());
    }

    #[test]
    fn nothing_is_read_from_one_who_does_not_read() {
        let (mut client, mut other) = known();
        let (mut most_in, mut most_out) = (0, 0);
        other.set_nonblocking(true).unwrap();
        for _ in 0..5000 {
            let _ = other.write(&b"sense 1 down\n".repeat(1000));
            client.read(KEY);
            for _ in client.lines() {
                client.put(&"a".repeat(5000));
            }
            client.send();
            most_in = most_in.max(client.inbox.len());
            most_out = most_out.max(client.outbox.len());
        }
        assert!(most_in <= LONGEST_LINE + READ, "{most_in}");
        assert!((UNREAD..=UNREAD + LINES * 5001).contains(&most_out), "{most_out}");
    }
}
