//! A state socket, this server before it, and browsers and strangers that call.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Instant;

use tungstenite::client;
use tungstenite::client::IntoClientRequest as _;

use super::super::page::Page;
use super::super::serve;
use super::*;
use crate::host::StateSocket;

const PATIENCE: Duration = Duration::from_secs(20);

/// A panel that answers each line with its length, and this server.
struct Served {
    web: SocketAddr,
    token: String,
    /// Lines that the panel has taken.
    taken: mpsc::Receiver<String>,
}

impl Served {
    fn begin() -> Served {
        let (told, notice) = mpsc::channel();
        let (tell, taken) = mpsc::channel();
        std::thread::spawn(move || {
            let mut panel = StateSocket::open("0", "hello".to_owned()).unwrap();
            told.send(panel.notice()).unwrap();
            loop {
                for (client, line) in panel.take() {
                    let line = line.unwrap_or_else(|error| error);
                    panel.answer(client, &line.len().to_string());
                    if tell.send(line).is_err() {
                        return;
                    }
                }
                panel.tell();
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        let notice = notice.recv_timeout(PATIENCE).unwrap();
        let (place, token) = notice.split_once("; the token is EMU704_STATE_TOKEN=").unwrap();
        let place = place.rsplit_once(' ').unwrap().1;
        let attach: &'static Attach = Box::leak(Box::new(Attach::at(place).unwrap()));
        let listener: &'static TcpListener = Box::leak(Box::new(TcpListener::bind("127.0.0.1:0").unwrap()));
        std::thread::spawn(move || serve::serve(listener, &Page::unpack(b"").unwrap(), Some(attach)));
        Served { web: listener.local_addr().unwrap(), token: token.to_owned(), taken }
    }

    fn call(&self) -> TcpStream {
        let stream = TcpStream::connect(self.web).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    fn open(&self) -> WebSocket<TcpStream> {
        let mut request = format!("ws://{}{PATH}", self.web).into_client_request().unwrap();
        let origin = format!("http://{}", self.web).parse().unwrap();
        request.headers_mut().insert("origin", origin);
        client(request, self.call()).unwrap().0
    }

    /// A page that has shown the token and was greeted.
    fn attach(&self) -> WebSocket<TcpStream> {
        let mut socket = self.open();
        socket.send(Message::text(self.token.as_str())).unwrap();
        assert_eq!(socket.read().unwrap(), Message::text("hello"));
        socket
    }

    /// What comes for bytes that are no WebSocket, up to the end.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = self.call();
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut text = Vec::new();
        let _ = stream.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    }
}

/// It ends, and nothing was told before.
fn ends(mut socket: WebSocket<TcpStream>) {
    let begun = Instant::now();
    loop {
        match socket.read() {
            Ok(Message::Close(_)) => {}
            Ok(message) => panic!("{message}"),
            Err(_) => break,
        }
    }
    assert!(begun.elapsed() < PATIENCE);
}

#[test]
fn a_page_works_the_panel() {
    let served = Served::begin();
    let mut socket = served.attach();
    for line in ["start", r#"{"act": "sense 1 down", "id": 7}"#] {
        socket.send(Message::text(line)).unwrap();
        assert_eq!(socket.read().unwrap(), Message::text(line.len().to_string()));
        assert_eq!(served.taken.recv_timeout(PATIENCE).unwrap(), line);
    }
    // two at one time do not disturb each other
    let mut other = served.attach();
    other.send(Message::text("one")).unwrap();
    socket.send(Message::text("three")).unwrap();
    assert_eq!(other.read().unwrap(), Message::text("3"));
    assert_eq!(socket.read().unwrap(), Message::text("5"));
}

#[test]
fn nobody_without_the_token_hears_anything() {
    let served = Served::begin();
    let mut wrong = served.open();
    wrong.send(Message::text("x".repeat(32))).unwrap();
    ends(wrong);
    let mut act = served.open();
    act.send(Message::text("start")).unwrap();
    ends(act);
    // two lines in a message would be more than a page says
    let mut two = served.open();
    two.send(Message::text(format!("{}\nstart", served.token))).unwrap();
    ends(two);
    // it says nothing at all: the panel puts it off
    ends(served.open());
    assert!(served.taken.try_recv().is_err());
}

#[test]
fn hostile_frames_end_it_and_nothing_else() {
    let served = Served::begin();
    let good = served.attach();
    for message in
        [Message::text("x".repeat(LONGEST_LINE + 1)), Message::binary(vec![1, 2, 3]), Message::text("a\nb")]
    {
        let mut socket = served.attach();
        let _ = socket.send(message);
        ends(socket);
    }
    // a frame that says it has 2^63 bytes, one without a mask, one of an unknown kind
    for bytes in [
        &[0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4][..],
        &[0x81, 1, b'x'],
        &[0x8f, 0x80, 0, 0, 0, 0],
    ] {
        let mut socket = served.attach();
        socket.get_mut().write_all(bytes).unwrap();
        ends(socket);
    }
    assert!(served.taken.try_recv().is_err());
    let mut good = good;
    good.send(Message::text("start")).unwrap();
    assert_eq!(good.read().unwrap(), Message::text("5"));
}

#[test]
fn other_origins_and_rubbish_are_refused() {
    let served = Served::begin();
    let begins = format!("GET /state HTTP/1.1\r\nHost: {}\r\n", served.web);
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    for (bytes, expected) in [
        (format!("{begins}{upgrade}\r\n"), "HTTP/1.1 403 "),
        (format!("{begins}Origin: https://example.org\r\n{upgrade}\r\n"), "HTTP/1.1 403 "),
        (
            format!(
                "GET /state HTTP/1.1\r\nHost: example.org\r\nOrigin: http://example.org\r\n{upgrade}\r\n"
            ),
            "HTTP/1.1 421 ",
        ),
        (format!("{begins}Origin: http://{}\r\n\r\n", served.web), "HTTP/1.1 426 "),
        (
            format!("POST{}Origin: http://{}\r\n{upgrade}\r\n{}\n", &begins[3..], served.web, served.token),
            "HTTP/1.1 405 ",
        ),
        (format!("{}\n", served.token), "HTTP/1.1 400 "),
    ] {
        let found = served.raw(bytes.as_bytes());
        assert!(found.starts_with(expected), "{bytes}: {found}");
    }
    served.raw(&vec![0; 100_000]);
    assert!(served.taken.try_recv().is_err());
    served.attach();
}

#[test]
fn a_ninth_page_waits_for_a_place() {
    let served = Served::begin();
    let mut open: Vec<_> = (0..MOST).map(|_| served.attach()).collect();
    let request = format!(
        "GET /state HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        served.web
    );
    assert!(served.raw(request.as_bytes()).starts_with("HTTP/1.1 503 "));
    open.pop().unwrap().close(None).unwrap();
    let begun = Instant::now();
    while served.raw(request.as_bytes()).starts_with("HTTP/1.1 503 ") {
        assert!(begun.elapsed() < PATIENCE);
    }
}

const REQUEST: &str = "GET /state HTTP/1.1\nHost: localhost:7040\nOrigin: http://localhost:7040\nConnection: keep-alive, Upgrade\n\
                       Upgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

fn judged(request: &str) -> Result<String, &'static str> {
    let lines: Vec<String> = request.lines().map(str::to_owned).collect();
    key(&lines).map(str::to_owned)
}

#[test]
fn a_page_of_this_server_is_let_in() {
    assert_eq!(judged(REQUEST).as_deref(), Ok("dGhlIHNhbXBsZSBub25jZQ=="));
    // RFC 6455, 1.3
    assert_eq!(derive_accept_key(b"dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

#[test]
fn other_pages_and_requests_are_not() {
    for (found, instead, expected) in [
        ("Origin: http://localhost:7040\n", "", "403"),
        ("Origin: http://localhost:7040", "Origin: null", "403"),
        ("Origin: http://localhost:7040", "Origin: http://localhost:7041", "403"),
        ("Origin: http://localhost:7040", "Origin: https://localhost:7040", "403"),
        ("Origin: http://localhost:7040", "Origin: http://127.0.0.1:7040", "403"),
        ("Origin: http://localhost:7040", "Origin: http://localhost:7040.example.org", "403"),
        ("GET ", "POST ", "405"),
        ("HTTP/1.1", "HTTP/1.0", "405"),
        ("Upgrade: websocket", "Upgrade: h2c", "426"),
        ("keep-alive, Upgrade", "keep-alive", "426"),
        ("Version: 13", "Version: 8", "426"),
        ("dGhlIHNhbXBsZSBub25jZQ==", "short", "400"),
    ] {
        assert!(REQUEST.contains(found), "{found}");
        let status = judged(&REQUEST.replacen(found, instead, 1)).expect_err(instead);
        assert!(status.starts_with(expected), "{instead}: {status}");
    }
}

#[test]
fn only_this_computer() {
    for place in ["", "x", "70000", "192.0.2.1:7041", "0.0.0.0:7041", "7041,anywhere", "./socket"] {
        assert!(Attach::at(place).is_err_and(|error| error.starts_with("--attach ")), "{place}");
    }
    assert!(Attach::at("7041").is_ok_and(|attach| attach.panel().to_string() == "127.0.0.1:7041"));
}

#[test]
fn places_are_given_back() {
    let count = AtomicUsize::new(0);
    let mut places: Vec<_> = (0..MOST).filter_map(|_| Place::take(&count)).collect();
    assert_eq!(places.len(), MOST);
    assert!(Place::take(&count).is_none());
    places.pop();
    assert!(Place::take(&count).is_some());
}
