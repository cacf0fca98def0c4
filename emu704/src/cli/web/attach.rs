//! A WebSocket in front of the state socket of a running panel, for the page that this server gives, and for no other.
//!
//! The page shows the token in its first message, and the state socket judges it. Here it is not known. Each message is a line of the talk
//! in docs/state.md.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tungstenite::handshake::derive_accept_key;
use tungstenite::protocol::{Role, WebSocketConfig};
use tungstenite::{Error, Message, WebSocket};

use super::serve::field;
use crate::host::loopback_address;
use crate::panel::talk::LONGEST_LINE;

/// The path of the WebSocket.
pub(super) const PATH: &str = "/state";
/// Pages that are attached at one time.
const MOST: usize = 8;
/// Between two looks at both ends.
const LOOK: Duration = Duration::from_millis(10);
/// Bytes of a line that the panel tells at most.
const LONGEST_TOLD: usize = 1 << 20;
/// Bytes that are taken from the panel at one look.
const READ: usize = 16 << 10;

/// Where a panel is running.
pub(super) struct Attach {
    panel: SocketAddr,
    attached: AtomicUsize,
}

impl Attach {
    /// The state socket at a `PORT` or `HOST:PORT` of this computer.
    ///
    /// # Errors
    /// A sentence: it is not such a place, or not on this computer.
    pub(super) fn at(place: &str) -> Result<Attach, String> {
        let full = match place.parse::<u16>() {
            Ok(port) => format!("127.0.0.1:{port}"),
            Err(_) => place.to_owned(),
        };
        let panel = loopback_address(&full, "expected PORT or HOST:PORT of this computer")
            .map_err(|error| format!("--attach {place}: {error}"))?;
        Ok(Attach { panel, attached: AtomicUsize::new(0) })
    }

    /// Where it is.
    pub(super) fn panel(&self) -> SocketAddr {
        self.panel
    }

    /// Answers a request for the WebSocket, and carries lines until one of both ends. `begun` is what has come behind the request.
    ///
    /// # Errors
    /// The line to the browser is broken.
    pub(super) fn answer(&self, mut stream: TcpStream, lines: &[String], begun: Vec<u8>) -> io::Result<()> {
        let key = match key(lines) {
            Ok(key) => key,
            Err(status) => return refuse(&mut stream, status),
        };
        let Some(_place) = Place::take(&self.attached) else {
            return refuse(&mut stream, "503 Service Unavailable");
        };
        let Ok(panel) = TcpStream::connect_timeout(&self.panel, Duration::from_secs(2)) else {
            return refuse(&mut stream, "502 Bad Gateway");
        };
        write!(
            stream,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n",
            derive_accept_key(key.as_bytes())
        )?;
        stream.set_nonblocking(true)?;
        panel.set_nonblocking(true)?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(LONGEST_LINE))
            .max_frame_size(Some(LONGEST_LINE))
            .max_write_buffer_size(4 * LONGEST_TOLD);
        let socket = WebSocket::from_partially_read(stream, begun, Role::Server, Some(config));
        let mut carried = Carried { socket, panel, told: Vec::new(), said: Vec::new() };
        while carried.turn() {
            std::thread::sleep(LOOK);
        }
        let _ = carried.socket.close(None);
        let _ = carried.socket.flush();
        Ok(())
    }
}

/// A page among those that are attached.
struct Place<'a>(&'a AtomicUsize);

impl Place<'_> {
    fn take(count: &AtomicUsize) -> Option<Place<'_>> {
        let place = Place(count);
        // given back by `drop` if it is one too many
        (count.fetch_add(1, Ordering::Relaxed) < MOST).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The key of a request for a WebSocket that comes from a page of this server; otherwise why not, as a status of HTTP.
fn key(lines: &[String]) -> Result<&str, &'static str> {
    if !lines.first().is_some_and(|line| line.starts_with("GET ") && line.ends_with(" HTTP/1.1")) {
        return Err("405 Method Not Allowed");
    }
    let has = |name: &str, word: &str| {
        field(lines, name)
            .is_some_and(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(word)))
    };
    // the server has looked at the host: a page of this very server, port and all, has it in its origin
    let host = field(lines, "host").unwrap_or_default();
    if field(lines, "origin").is_none_or(|origin| !origin.eq_ignore_ascii_case(&format!("http://{host}"))) {
        return Err("403 Forbidden");
    }
    if !has("upgrade", "websocket") || !has("connection", "upgrade") || !has("sec-websocket-version", "13") {
        return Err("426 Upgrade Required");
    }
    // sixteen bytes in base64
    field(lines, "sec-websocket-key").filter(|key| key.len() == 24 && key.is_ascii()).ok_or("400 Bad Request")
}

fn refuse(stream: &mut TcpStream, status: &str) -> io::Result<()> {
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

/// Both ends, and what is on its way.
struct Carried {
    socket: WebSocket<TcpStream>,
    panel: TcpStream,
    /// From the panel: the beginning of a line.
    told: Vec<u8>,
    /// To the panel.
    said: Vec<u8>,
}

impl Carried {
    /// Carries what can be carried at once; false when one of both ends.
    fn turn(&mut self) -> bool {
        self.hears() && self.says() && self.tells()
    }

    /// Takes messages of the page, each of which is a line. One line waits for the panel at most.
    fn hears(&mut self) -> bool {
        while self.said.is_empty() {
            match self.socket.read() {
                Ok(Message::Text(line)) if !line.contains(['\n', '\r']) => {
                    self.said.extend_from_slice(line.as_bytes());
                    self.said.push(b'\n');
                    if !self.says() {
                        return false;
                    }
                }
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => break,
                // too long, not text, the end, or rubbish
                Ok(_) | Err(_) => return false,
            }
        }
        true
    }

    fn says(&mut self) -> bool {
        if self.said.is_empty() {
            return true;
        }
        match self.panel.write(&self.said) {
            Ok(0) => false,
            Ok(n) => {
                self.said.drain(..n);
                true
            }
            Err(error) => error.kind() == io::ErrorKind::WouldBlock,
        }
    }

    /// Tells the page what the panel tells, unless the page has not yet read what it was told before.
    fn tells(&mut self) -> bool {
        match self.socket.flush() {
            Ok(()) => {}
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => return true,
            Err(_) => return false,
        }
        let mut bytes = [0; READ];
        let ended = match self.panel.read(&mut bytes) {
            Ok(0) => true,
            Ok(n) => {
                self.told.extend_from_slice(&bytes[..n]);
                false
            }
            Err(error) => error.kind() != io::ErrorKind::WouldBlock,
        };
        while let Some(end) = self.told.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.told.drain(..=end).take(end).collect();
            let Ok(line) = String::from_utf8(line) else { return false };
            match self.socket.write(Message::text(line)) {
                Ok(()) => {}
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => return false,
            }
        }
        !ended && self.told.len() <= LONGEST_TOLD
    }
}

#[cfg(test)]
mod tests;
