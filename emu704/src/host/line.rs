//! Lines of wires on this computer: TCP and Unix sockets.
//!
//! `listen:HOST:PORT` and `connect:HOST:PORT` are TCP, `listen:/PATH` and `connect:/PATH` a Unix socket. Both ends need the same token,
//! in the environment variable `EMU704_WIRE_TOKEN`; a Unix socket, which its file's permissions protect, goes without. TCP is for this
//! computer alone unless `,anywhere` follows the port: the line is not encrypted.

use std::fmt;
use std::io;
#[cfg(unix)]
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::socket::{self, Call, Door, Socket, is_for_later, random_token};
use crate::media::wire::{Line, NewWire, Wire, WireEnd};

/// The variable with the token.
pub(crate) const TOKEN: &str = "EMU704_WIRE_TOKEN";

/// A caller who does not greet for so long is put off, and the next one is listened to.
const PATIENCE: Duration = Duration::from_secs(5);

/// Between two calls of one who finds nobody.
const AGAIN: Duration = Duration::from_millis(100);

/// The end of a wire by what follows `wire:`, and what the person should know about it.
///
/// # Errors
/// A sentence that says what was expected.
pub(crate) fn wire(to: &str) -> Result<NewWire, String> {
    let expected = "expected wire:listen:HOST:PORT, wire:connect:HOST:PORT, or a path that begins with / in the place of HOST:PORT";
    let (listens, place) = match to.split_once(':') {
        Some(("listen", place)) => (true, place),
        Some(("connect", place)) => (false, place),
        _ => return Err(format!("wire:{to}: {expected}")),
    };
    let bad = |what: String| format!("wire:{to}: {what}");
    let token = std::env::var(TOKEN).ok().filter(|token| !token.is_empty());
    if place.starts_with('/') {
        let line = unix_line(to, listens, place).map_err(bad)?;
        return Ok(NewWire { end: end_of(line, &token.unwrap_or_default()), notice: None });
    }
    let (place, anywhere) = match place.strip_suffix(",anywhere") {
        Some(place) => (place, true),
        None => (place, false),
    };
    let address = socket::address(place, anywhere, expected).map_err(bad)?;
    let (token, notice) = match (token, listens) {
        (Some(token), _) => (token, None),
        (None, true) => {
            let token = random_token().map_err(|error| bad(format!("no token: {error}")))?;
            let notice = format!("wire:{to}: the other machine needs the token: {TOKEN}={token}");
            (token, Some(notice))
        }
        (None, false) => {
            return Err(bad(format!(
                "the token is missing: set {TOKEN} to the one that the listening end shows"
            )));
        }
    };
    let line = if listens {
        SocketLine::listening(to, Door::tcp(address).map_err(bad)?).map_err(|error| bad(error.to_string()))?
    } else {
        SocketLine::calling(to, Call::Tcp(address))
    };
    Ok(NewWire { end: end_of(line, &token), notice })
}

fn end_of(line: SocketLine, token: &str) -> Box<dyn WireEnd> {
    Box::new(Wire::new(line, token))
}

#[cfg(unix)]
fn unix_line(to: &str, listens: bool, place: &str) -> Result<SocketLine, String> {
    let path = PathBuf::from(place);
    if !listens {
        return Ok(SocketLine::calling(to, Call::Unix(path)));
    }
    SocketLine::listening(to, Door::unix(path)?).map_err(|error| error.to_string())
}

#[cfg(not(unix))]
fn unix_line(_to: &str, _listens: bool, _place: &str) -> Result<SocketLine, String> {
    Err("there are no Unix sockets on this system: use HOST:PORT".to_owned())
}

/// How a line comes about.
enum Way {
    /// Somebody calls; when that was, if it was.
    Door(Door, Option<Instant>),
    /// Somebody is called; when that was tried last.
    Call(Call, Option<Instant>),
    /// The other end is known: there is no other line.
    Known,
}

/// A line over a socket.
struct SocketLine {
    name: String,
    calls: bool,
    way: Way,
    socket: Option<Socket>,
}

impl SocketLine {
    fn listening(to: &str, door: Door) -> io::Result<SocketLine> {
        let mut name = format!("wire:{to}");
        if let Door::Tcp(listener) = &door {
            // the port may have been left to the system
            name = format!("wire:listen:{}", listener.local_addr()?);
        }
        Ok(SocketLine { name, calls: false, way: Way::Door(door, None), socket: None })
    }

    fn calling(to: &str, call: Call) -> SocketLine {
        SocketLine { name: format!("wire:{to}"), calls: true, way: Way::Call(call, None), socket: None }
    }
}

impl fmt::Debug for SocketLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketLine").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Line for SocketLine {
    fn is_there(&mut self) -> io::Result<bool> {
        match &mut self.way {
            Way::Door(door, since) => {
                if since.is_some_and(|since| since.elapsed() > PATIENCE) {
                    self.socket = None;
                    *since = None;
                    return Ok(false);
                }
                if self.socket.is_none() {
                    match door.accept() {
                        Ok(socket) => {
                            self.socket = Some(socket);
                            *since = Some(Instant::now());
                        }
                        Err(error) if is_for_later(&error) => return Ok(false),
                        Err(error) => return Err(error),
                    }
                }
            }
            Way::Call(call, tried) if self.socket.is_none() => {
                if tried.is_some_and(|tried| tried.elapsed() < AGAIN) {
                    return Ok(false);
                }
                *tried = Some(Instant::now());
                // the other end may come later
                match call.connect() {
                    Ok(socket) => self.socket = Some(socket),
                    Err(_) => return Ok(false),
                }
            }
            Way::Call(..) | Way::Known => {}
        }
        Ok(self.socket.is_some())
    }

    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match &mut self.socket {
            Some(socket) => socket.receive(into),
            None => Err(io::ErrorKind::WouldBlock.into()),
        }
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.socket {
            Some(socket) => socket.send(bytes),
            None => Err(io::ErrorKind::WouldBlock.into()),
        }
    }

    fn calls(&self) -> bool {
        self.calls
    }

    fn put_off(&mut self) -> bool {
        self.socket = None;
        if let Way::Door(_, since) = &mut self.way {
            *since = None;
        }
        matches!(self.way, Way::Door(..) | Way::Call(..))
    }

    fn is_known(&mut self) {
        self.way = Way::Known;
    }

    fn name(&self) -> String {
        self.name.clone()
    }
}
