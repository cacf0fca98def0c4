//! Sockets on this computer: doors at which somebody calls, and connections that never wait.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
#[cfg(unix)]
use std::os::unix::net::{UnixListener, UnixStream};
#[cfg(unix)]
use std::path::PathBuf;
use std::time::Duration;

use crate::panel::client::Connection;

/// How long one call may take.
const CALL: Duration = Duration::from_secs(2);

/// Where a caller comes in.
pub(super) enum Door {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener, PathBuf),
}

impl Door {
    /// Opens one at an address.
    ///
    /// # Errors
    /// A sentence.
    pub(super) fn tcp(address: SocketAddr) -> Result<Door, String> {
        let listener = TcpListener::bind(address).map_err(|error| format!("cannot listen: {error}"))?;
        listener.set_nonblocking(true).map_err(|error| error.to_string())?;
        Ok(Door::Tcp(listener))
    }

    /// Makes the file of a Unix socket, which goes with the door.
    ///
    /// # Errors
    /// A sentence.
    #[cfg(unix)]
    pub(super) fn unix(path: PathBuf) -> Result<Door, String> {
        let listener = UnixListener::bind(&path).map_err(|error| {
            let told = if error.kind() == io::ErrorKind::AddrInUse {
                "; is it left from another run? then remove it"
            } else {
                ""
            };
            format!("cannot listen: {error}{told}")
        })?;
        let door = Door::Unix(listener, path);
        if let Door::Unix(listener, _) = &door {
            listener.set_nonblocking(true).map_err(|error| error.to_string())?;
        }
        Ok(door)
    }

    /// The client that has called.
    ///
    /// # Errors
    /// Nobody has ([`is_for_later`]), or it cannot be.
    pub(super) fn accept(&self) -> io::Result<Socket> {
        match self {
            Door::Tcp(listener) => {
                let (stream, _) = listener.accept()?;
                stream.set_nonblocking(true)?;
                stream.set_nodelay(true)?;
                Ok(Socket::Tcp(stream))
            }
            #[cfg(unix)]
            Door::Unix(listener, _) => {
                let (stream, _) = listener.accept()?;
                stream.set_nonblocking(true)?;
                Ok(Socket::Unix(stream))
            }
        }
    }
}

#[cfg(unix)]
impl Drop for Door {
    fn drop(&mut self) {
        if let Door::Unix(_, path) = self {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Who is called.
pub(super) enum Call {
    Tcp(SocketAddr),
    #[cfg(unix)]
    Unix(PathBuf),
}

impl Call {
    pub(super) fn connect(&self) -> io::Result<Socket> {
        match self {
            Call::Tcp(address) => {
                let stream = TcpStream::connect_timeout(address, CALL)?;
                stream.set_nonblocking(true)?;
                stream.set_nodelay(true)?;
                Ok(Socket::Tcp(stream))
            }
            #[cfg(unix)]
            Call::Unix(path) => {
                let stream = UnixStream::connect(path)?;
                stream.set_nonblocking(true)?;
                Ok(Socket::Unix(stream))
            }
        }
    }
}

/// A socket that is connected. It never waits: what cannot be now is an error for later.
pub(super) enum Socket {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Socket {
    pub(super) fn receive(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Socket::Tcp(stream) => stream.read(into),
            #[cfg(unix)]
            Socket::Unix(stream) => stream.read(into),
        }
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Socket::Tcp(stream) => stream.write(bytes),
            #[cfg(unix)]
            Socket::Unix(stream) => stream.write(bytes),
        }
    }
}

impl Connection for Socket {
    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize> {
        Socket::receive(self, into)
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Socket::send(self, bytes)
    }
}

/// The address of `HOST:PORT`. Other computers' ones need `anywhere`.
///
/// # Errors
/// A sentence: it leads nowhere, or not to this computer.
pub(super) fn address(place: &str, anywhere: bool, expected: &str) -> Result<SocketAddr, String> {
    let addresses: Vec<SocketAddr> =
        place.to_socket_addrs().map_err(|error| format!("{error}; {expected}"))?.collect();
    let Some(&address) = addresses.first() else { return Err(expected.to_owned()) };
    if !anywhere && !addresses.iter().all(|address| address.ip().is_loopback()) {
        let told = "is not this computer: anybody there could talk to it; write `,anywhere` after the port to allow that, best through a tunnel";
        return Err(told.to_owned());
    }
    Ok(address)
}

/// The address of `HOST:PORT` on this computer.
///
/// # Errors
/// As of [`address`].
pub(crate) fn loopback_address(place: &str, expected: &str) -> Result<SocketAddr, String> {
    let addresses = place.to_socket_addrs().map_err(|error| format!("{error}; {expected}"))?;
    let addresses: Vec<SocketAddr> = addresses.collect();
    match addresses.first() {
        Some(address) if addresses.iter().all(|address| address.ip().is_loopback()) => Ok(*address),
        _ => Err(format!("is not this computer: {expected}")),
    }
}

/// A token that nobody guesses: 32 letters and digits, 160 bits of the system's randomness.
pub(super) fn random_token() -> io::Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect())
}

/// Nothing is wrong: it is to be tried again.
pub(super) fn is_for_later(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted, WouldBlock};
    matches!(error.kind(), WouldBlock | Interrupted | ConnectionAborted | ConnectionReset)
}
