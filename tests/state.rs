//! The state socket of the panel: the machine is a second process, and its clients are honest, clumsy or hostile.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

mod example;
mod hostile;

/// Counts to 130,000: five instructions of two cycles for each, 1.3 million cycles, 1.6 seconds at ten times the real speed.
const COUNTS: &str = "       ORG 64
START  CLA COUNT
       ADD ONE
       STO COUNT
       SUB MANY
       TNZ START
       HTR START
COUNT  DEC 0
ONE    DEC 1
MANY   DEC 130000
       END START
";

/// What a test waits for at most.
const PATIENCE: Duration = Duration::from_secs(60);

/// A panel without a terminal, with its socket.
struct Panel {
    child: Child,
    /// Where it listens, and the token.
    place: String,
    token: String,
    folder: TempDir,
}

impl Panel {
    fn start(options: &str) -> Panel {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("p.sap"), COUNTS).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_emu704"))
            .args(["tui", "p.sap"])
            .args(options.split(' '))
            .current_dir(folder.path())
            .env_remove("EMU704_STATE_TOKEN")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("the state socket is at ") {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "nothing is said of the socket");
        }
        let (place, token) = line.trim().split_once("; the token is EMU704_STATE_TOKEN=").unwrap();
        let place = place.strip_prefix("the state socket is at ").unwrap().to_owned();
        // whatever it says later is not held
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Panel { child, place, token: token.to_owned(), folder }
    }

    fn call(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.place).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// A client that has shown the token and was greeted.
    fn attach(&self) -> Attached {
        let mut stream = self.call();
        writeln!(stream, "{}", self.token).unwrap();
        let mut attached = Attached { lines: BufReader::new(stream.try_clone().unwrap()), stream };
        let hello = attached.next().unwrap();
        assert_eq!((&hello["version"], &hello["kind"]), (&json!(1), &json!("hello")));
        attached
    }

    /// What the machine says first.
    fn hello(&self) -> Value {
        let mut stream = self.call();
        writeln!(stream, "{}", self.token).unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Attached {
    stream: TcpStream,
    lines: BufReader<TcpStream>,
}

impl Attached {
    /// The next message; none when the line is closed.
    fn next(&mut self) -> Option<Value> {
        let mut line = String::new();
        match self.lines.read_line(&mut line) {
            Ok(0) => None,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => None,
            read => {
                read.unwrap();
                Some(serde_json::from_str(&line).unwrap())
            }
        }
    }

    /// The next message of a kind of which something is so.
    fn wait_for(&mut self, kind: &str, so: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let message = self.next().expect("the line is closed");
            if message["kind"] == kind && so(&message) {
                return message;
            }
        }
        panic!("no {kind} came");
    }

    /// Says a line; what was wrong with it.
    fn ask(&mut self, line: &str) -> Value {
        writeln!(self.stream, "{line}").unwrap();
        self.wait_for("answer", |_| true)["error"].clone()
    }

    fn picture(&mut self, so: impl Fn(&Value) -> bool) -> Value {
        self.wait_for("picture", so)
    }
}

/// What has come until the other end closes.
fn rest(mut stream: TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        // what was sent and never read makes a reset of the end
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        read => {
            read.expect("it was not closed");
        }
    }
    rest
}

fn lit(picture: &Value, row: &str) -> Vec<usize> {
    let row = picture["lamps"][row].as_array().unwrap();
    row.iter().enumerate().filter(|(_, level)| **level != 0).map(|(lamp, _)| lamp).collect()
}

#[test]
fn another_panel_works_the_keys_and_sees_the_lamps() {
    let panel = Panel::start("--state 0 --speed full");
    assert!(panel.place.starts_with("127.0.0.1:"), "{}", panel.place);
    let mut client = panel.attach();
    let first = client.picture(|_| true);
    assert_eq!(
        (&first["version"], &first["running"], &first["cycles"], &first["keys"]),
        (&json!(1), &json!(false), &json!(0), &json!("000000000000"))
    );
    assert_eq!(client.ask(r#"{"act": "sense 2 down", "id": 7}"#), Value::Null);
    assert_eq!(client.ask("keys 000000000076"), Value::Null);
    assert_eq!(client.ask("manual"), Value::Null);
    assert_eq!(client.ask("press enter-mq"), Value::Null);
    let picture = client.picture(|picture| picture["readings"]["mq"] == "000000000076");
    // 76 is 111110: the bits 5 to 1, and the last of 36 lamps is bit 0
    assert_eq!(lit(&picture, "mq"), [30, 31, 32, 33, 34]);
    assert_eq!(picture["lamps"]["mq"].as_array().unwrap().len(), 36);
    assert_eq!(picture["switches"], json!([false, true, false, false, false, false]));
    assert_eq!(picture["automatic"], false);

    // it is one machine for all
    let mut other = panel.attach();
    assert_eq!(other.picture(|_| true)["readings"]["mq"], "000000000076");
    let refused = other.ask("load tape");
    assert!(refused.as_str().unwrap().contains("ineffective"), "{refused}");
    assert_eq!(other.ask("power off"), Value::Null);
    let dark = client.picture(|picture| picture["state"] == "POWER OFF");
    for row in ["storage", "accumulator", "mq", "instruction", "counter", "index", "single"] {
        assert_eq!(lit(&dark, row), [0_usize; 0], "{row}");
    }
}

#[test]
fn answers_have_the_name_of_what_was_asked() {
    let panel = Panel::start("--state 0");
    let mut client = panel.attach();
    writeln!(client.stream, "{{\"id\": \"a\", \"act\": \"sense 1 down\"}}\n\nsense 7 down\n{{\"id\": 3}}")
        .unwrap();
    let answers: Vec<Value> = (0..3).map(|_| client.wait_for("answer", |_| true)).collect();
    assert_eq!(answers[0], json!({"version": 1, "kind": "answer", "id": "a", "error": null}));
    assert_eq!(answers[1]["error"], "`sense 7 down`: expected sense N down|up");
    assert_eq!(answers[2]["id"], 3);
    assert!(answers[2]["error"].as_str().unwrap().starts_with("act: expected"), "{}", answers[2]);
}

/// The cycle at which `emu704 run` comes to its HTR, and the cycle at which a panel does so with the clients of the test.
#[test]
fn the_machine_goes_as_it_goes_without_a_socket() {
    let panel = Panel::start("--state 0 --speed 10x");
    let run = Command::new(env!("CARGO_BIN_EXE_emu704"))
        .args(["run", "p.sap", "--json", "--quiet"])
        .current_dir(panel.folder())
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(report["stop"]["kind"], "htr");

    let mut client = panel.attach();
    let deaf: Vec<Attached> = (0..4).map(|_| panel.attach()).collect();
    assert_eq!(client.ask("start"), Value::Null);
    let mut pictures = 0;
    let begun = Instant::now();
    let end = loop {
        let picture = client.picture(|_| true);
        pictures += 1;
        if picture["state"].as_str().unwrap().starts_with("STOPPED: HTR") {
            break picture;
        }
        assert!(begun.elapsed() < PATIENCE, "{}", picture["state"]);
        // strangers come and go
        let mut stranger = panel.call();
        stranger.write_all(b"GET / HTTP/1.1\r\n").unwrap();
    };
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!(end["cycles"], report["cycles"]);
    assert_eq!(end["readings"]["mq"], report["registers"]["mq"]);
    assert!(pictures >= 3, "{pictures} pictures");
    // 25 a second, those of the beginning and the end, and what the first look may be late
    assert!(f64::from(pictures) <= seconds * 25.0 + 4.0, "{pictures} pictures in {seconds} seconds");
    drop(deaf);
}

#[test]
fn lamps_of_a_running_machine_have_a_brightness() {
    let panel = Panel::start("--state 0 --speed real");
    let mut client = panel.attach();
    assert_eq!(client.ask("start"), Value::Null);
    let picture = client.picture(|picture| picture["cycles"].as_u64() > Some(20_000));
    assert_eq!(picture["running"], true);
    // the loop is at 00100 to 00104: bit 6, the lamp 8 of 15, is always on; bits 0 to 2 are on and off
    let counter: Vec<u64> =
        picture["lamps"]["counter"].as_array().unwrap().iter().map(|level| level.as_u64().unwrap()).collect();
    assert_eq!(counter[8], 255, "{counter:?}");
    assert!(counter[12..].iter().all(|level| (1..255).contains(level)), "{counter:?}");
    assert!(counter[..8].iter().chain(&counter[9..12]).all(|level| *level == 0), "{counter:?}");
}

#[test]
fn files_need_their_option() {
    let panel = Panel::start("--state 0");
    let mut client = panel.attach();
    for act in [
        "mount 1 made.tap ring",
        "mount cards p.sap",
        "mount drum 1 made.drum",
        "mount 1 wire:listen:127.0.0.1:0",
        r#"{"act": ["mount", "tape", "1", "made.tap", "ring"]}"#,
    ] {
        let refused = client.ask(act);
        assert!(refused.as_str().is_some_and(|error| error.contains("--state-files")), "{act}: {refused}");
    }
    assert!(!panel.folder().join("made.tap").exists());

    let panel = Panel::start("--state 0 --state-files");
    let mut client = panel.attach();
    assert_eq!(client.ask(r#"{"act": ["mount", "1", "my reel.tap", "ring"]}"#), Value::Null);
    let picture = client.picture(|picture| picture["tapes"] != json!([]));
    assert_eq!(picture["tapes"][0]["label"], "my reel.tap");
    assert_eq!(picture["tapes"][0]["lights"]["load_point"], true);
    assert_eq!(client.ask("detach 1"), Value::Null);
    client.picture(|picture| picture["tapes"] == json!([]));
}

#[test]
fn other_computers_need_their_word() {
    for (place, expected) in [("192.0.2.1:7041", "is not this computer"), ("x", "expected PORT")] {
        let output = Command::new(env!("CARGO_BIN_EXE_emu704"))
            .args(["tui", "--state", place])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn a_unix_socket_is_its_owners_and_goes_with_the_panel() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::net::UnixStream;

    let mut panel = Panel::start("--state ./panel.socket --json");
    let path = panel.folder().join("panel.socket");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let mut stream = UnixStream::connect(&path).unwrap();
    writeln!(stream, "{}", panel.token).unwrap();
    let mut hello = String::new();
    BufReader::new(stream).read_line(&mut hello).unwrap();
    assert!(hello.contains("\"kind\":\"hello\""), "{hello}");
    // a signal ends the panel, and what is to be told at the end is told
    let id = panel.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let status = panel.child.wait().unwrap();
    let mut told = String::new();
    panel.child.stdout.take().unwrap().read_to_string(&mut told).unwrap();
    assert_eq!(status.code(), Some(130));
    assert!(told.contains("\"version\":1"), "{told}");
    assert!(!path.exists());
}
