//! The state socket: panels outside of this process look at the machine and work its keys.
//!
//! A client shows the token, in its first line, and is told what there is to see, a line each. Nothing here waits: the owner of the socket
//! calls [`StateSocket::take`] and [`StateSocket::tell`] again and again, and both return at once, whatever clients do. A client
//! that does not read misses pictures, and is put off in the end. docs/state.md has the talk and the limits.

use std::collections::VecDeque;
use std::path::Path;
use std::time::{Duration, Instant};

use super::socket::{self, Door, random_token};
use crate::panel::client::{Client, Connection, KEPT, Kept, LONGEST_TOKEN};

/// The variable with a token of the person's own choice.
pub(crate) const TOKEN: &str = "EMU704_STATE_TOKEN";

/// Letters of such a token at least.
const SHORTEST_TOKEN: usize = 16;

/// Clients that have shown the token.
const CLIENTS: usize = 8;
/// Callers who have not yet; of more the oldest go.
const CALLERS: usize = 16;
/// Callers who are let in at one look.
const AT_ONCE: usize = 64;

/// Pictures in a second at most.
pub(crate) const RATE: u32 = 25;
/// Time between two of them.
const BETWEEN: Duration = Duration::from_millis(1000 / RATE as u64);
/// Between two looks while there is nobody.
const NOBODY: Duration = Duration::from_millis(100);

/// A client, as long as there is the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientId(u64);

/// A socket at which clients look and ask.
pub(crate) struct StateSocket {
    door: Door,
    name: String,
    token: String,
    /// The token is the person's own, who need not be told it.
    own: bool,
    hello: String,
    clients: VecDeque<(ClientId, Client)>,
    next: u64,
    kept: [Kept; KEPT],
    /// When the next picture is wanted.
    due: Instant,
    /// Clients count time from here.
    since: Instant,
}

impl StateSocket {
    /// Listens at `PORT`, `HOST:PORT` or a path with a slash in it. Of this computer alone, unless `,anywhere` follows the port.
    /// Each client is greeted with `hello`.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub(crate) fn open(place: &str, hello: String) -> Result<StateSocket, String> {
        let bad = |what: String| format!("--state {place}: {what}");
        let (token, own) = token(std::env::var(TOKEN).ok()).map_err(bad)?;
        let (door, name) = door(place).map_err(bad)?;
        Ok(StateSocket {
            door,
            name,
            token,
            own,
            hello,
            clients: VecDeque::new(),
            next: 0,
            kept: Default::default(),
            due: Instant::now(),
            since: Instant::now(),
        })
    }

    /// Where it listens, and the token unless the person has chosen it.
    pub(crate) fn notice(&self) -> String {
        let told = if self.own { String::new() } else { format!("; the token is {TOKEN}={}", self.token) };
        format!("the state socket is at {}{told}", self.name)
    }

    /// Lets callers in, and takes the lines that clients have sent: some of each, so that nobody keeps the machine. Lines that are not text are errors.
    pub(crate) fn take(&mut self) -> Vec<(ClientId, Result<String, String>)> {
        for _ in 0..AT_ONCE {
            // what goes wrong with one caller is no matter for the others, and nothing is tried again before the next look
            let Ok(socket) = self.door.accept() else { break };
            self.let_in(Box::new(socket));
        }
        let now = self.since.elapsed();
        let mut n_clients = self.clients.iter().filter(|(_, client)| client.is_known()).count();
        let mut lines = Vec::new();
        for (id, client) in &mut self.clients {
            let was_known = client.is_known();
            client.read(&self.token, now);
            if client.is_known() && !was_known {
                if n_clients < CLIENTS {
                    n_clients += 1;
                    client.put(&self.hello);
                } else {
                    client.put_off();
                }
            }
            lines.extend(client.lines().into_iter().map(|line| (*id, line)));
        }
        self.forget();
        lines
    }

    /// A caller, by any connection. It has to show the token like all others.
    pub(crate) fn let_in(&mut self, connection: Box<dyn Connection>) {
        self.clients.push_back((ClientId(self.next), Client::new(connection, self.since.elapsed())));
        self.next += 1;
    }

    /// An answer to one of them, if it is still there.
    pub(crate) fn answer(&mut self, to: ClientId, answer: &str) {
        if let Some((_, client)) = self.clients.iter_mut().find(|(id, _)| *id == to) {
            client.put(answer);
        }
    }

    /// A picture is wanted now: there is somebody who looks, and it is time.
    pub(crate) fn is_due(&mut self) -> bool {
        let now = Instant::now();
        if now < self.due || !self.has_clients() {
            return false;
        }
        // on the average so many a second, and no more of them after a long wait
        self.due += BETWEEN;
        if self.due + BETWEEN < now {
            self.due = now;
        }
        true
    }

    /// What can be seen now: the paper, and the picture. Who has something before it that is not yet read misses them.
    pub(crate) fn show(&mut self, now: [String; KEPT]) {
        for (kept, text) in self.kept.iter_mut().zip(now) {
            kept.change(text);
        }
        for (_, client) in &mut self.clients {
            client.see(&self.kept);
        }
    }

    /// Sends what can be sent at once.
    pub(crate) fn tell(&mut self) {
        let now = self.since.elapsed();
        for (_, client) in &mut self.clients {
            client.send(now);
        }
        self.forget();
    }

    /// There is somebody who has shown the token.
    pub(crate) fn has_clients(&self) -> bool {
        self.clients.iter().any(|(_, client)| client.is_known())
    }

    /// How long the next look can wait.
    pub(crate) fn wait(&self) -> Duration {
        if self.clients.is_empty() {
            NOBODY
        } else if self.has_clients() {
            self.due.saturating_duration_since(Instant::now()).min(BETWEEN)
        } else {
            BETWEEN
        }
    }

    /// Closes what is over, and the oldest of too many callers.
    fn forget(&mut self) {
        self.clients.retain(|(_, client)| !client.is_over());
        let n_callers = self.clients.iter().filter(|(_, client)| !client.is_known()).count();
        let mut excess = n_callers.saturating_sub(CALLERS);
        self.clients.retain(|(_, client)| {
            let goes = excess > 0 && !client.is_known();
            excess -= usize::from(goes);
            !goes
        });
    }
}

/// The token, and whether it is the person's own.
fn token(own: Option<String>) -> Result<(String, bool), String> {
    let Some(own) = own.filter(|own| !own.is_empty()) else {
        let token = random_token().map_err(|error| format!("no token: {error}"))?;
        return Ok((token, false));
    };
    if !(SHORTEST_TOKEN..=LONGEST_TOKEN).contains(&own.len())
        || !own.bytes().all(|byte| byte.is_ascii_graphic())
    {
        return Err(format!(
            "{TOKEN}: expected {SHORTEST_TOKEN} to {LONGEST_TOKEN} letters, digits and signs of ASCII, without a blank"
        ));
    }
    Ok((own, true))
}

/// Opens where a person has said, and says it in full.
fn door(place: &str) -> Result<(Door, String), String> {
    if place.contains('/') {
        return Ok((unix_door(Path::new(place))?, place.to_owned()));
    }
    let expected = "expected PORT, HOST:PORT, or a path with a / in it";
    let (place, anywhere) = match place.strip_suffix(",anywhere") {
        Some(place) => (place, true),
        None => (place, false),
    };
    let place = match (place.parse::<u16>(), anywhere) {
        (Ok(port), false) => format!("127.0.0.1:{port}"),
        (Ok(port), true) => format!("0.0.0.0:{port}"),
        (Err(_), _) => place.to_owned(),
    };
    let door = Door::tcp(socket::address(&place, anywhere, expected)?)?;
    // the port may have been left to the system
    let name = match &door {
        Door::Tcp(listener) => listener.local_addr().map_or(place, |address| address.to_string()),
        #[cfg(unix)]
        Door::Unix(..) => place,
    };
    Ok((door, name))
}

#[cfg(unix)]
fn unix_door(path: &Path) -> Result<Door, String> {
    use std::os::unix::fs::PermissionsExt as _;

    let door = Door::unix(path.to_owned())?;
    // the token holds until then
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
        .map_err(|error| error.to_string())?;
    Ok(door)
}

#[cfg(not(unix))]
fn unix_door(_path: &Path) -> Result<Door, String> {
    Err("there are no Unix sockets on this system: use PORT".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_it_listens() {
        for (place, expected) in [
            ("", "expected PORT"),
            ("x", "expected PORT"),
            ("70000", "expected PORT"),
            ("127.0.0.1", "expected PORT"),
            ("192.0.2.1:0", "is not this computer"),
            ("0.0.0.0:0", "is not this computer"),
            ("no/such/folder/socket", "cannot listen"),
        ] {
            let found = door(place).err().unwrap_or_default();
            assert!(found.contains(expected), "{place}: {found}");
        }
        for (place, begins) in
            [("0", "127.0.0.1:"), ("127.0.0.1:0", "127.0.0.1:"), ("0,anywhere", "0.0.0.0:")]
        {
            assert!(door(place).is_ok_and(|(_, name)| name.starts_with(begins)), "{place}");
        }
    }

    #[test]
    fn tokens() {
        for own in ["short", "with a blank in it, and long enough", "sixteen-letters\u{e4}", &"x".repeat(257)]
        {
            assert!(token(Some(own.to_owned())).is_err_and(|error| error.contains("16 to 256")), "{own}");
        }
        let own = "0123456789abcdef".to_owned();
        assert_eq!(token(Some(own.clone())), Ok((own, true)));
        let made = [None, Some(String::new())].map(token);
        assert!(made.iter().all(|made| matches!(made, Ok((token, false)) if token.len() == 32)), "{made:?}");
        assert_ne!(made[0], made[1]);
    }
}
