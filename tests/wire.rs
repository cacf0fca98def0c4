//! A wire in the place of a reel: two machines, one checkpoint, no disk.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

mod lesson;
mod recording;

use crate::common::root;
use emu704::machine::{Stop, StopKind};
use emu704::media::wire::{Arrival, Line, Wire, WireEnd, WireError, pair};
use emu704::room::{Room, State};
use emu704::{Config, CoreSize};

/// A room of so much core with a program, started.
fn room_with(core: CoreSize, source: &str) -> Room {
    let mut room = Room::new(Config::with_core(core));
    room.load_sap(source).unwrap();
    room
}

/// A machine that has LOAD TAPE pressed.
fn loading(core: CoreSize) -> Room {
    let mut room = Room::new(Config::with_core(core));
    let load = room.parse_action("press load-tape").unwrap();
    room.act(&load).unwrap();
    room
}

/// Runs two rooms in turn, so many cycles at a time, until both have stopped, or neither gets on.
fn run_both(one: &mut Room, other: &mut Room, slice: u64) -> (Stop, Stop) {
    let mut ended = (None, None);
    for _ in 0..2_000_000 {
        for (room, ended) in [(&mut *one, &mut ended.0), (&mut *other, &mut ended.1)] {
            if ended.is_none() {
                let until = room.machine.cycles() + slice;
                let stop = room.run_until(until).unwrap();
                if stop.kind != StopKind::Limit {
                    *ended = Some(stop);
                }
            }
        }
        match &ended {
            (Some(_), Some(_)) => break,
            // the first job goes on to its next checkpoint, which nobody reads
            (None, Some(stop)) if one.is_waiting_for_wire() => {
                let waits = Stop { kind: StopKind::Waiting, at: one.machine.cpu.ic, message: None };
                return (waits, stop.clone());
            }
            _ => {}
        }
    }
    (ended.0.unwrap(), ended.1.unwrap())
}

/// Counts to a number, and writes a checkpoint once.
const COUNTS: &str = "       ORG 64
START  CLA ZERO
       STO COUNT
LOOP   CLA COUNT
       ADD ONE
       STO COUNT
       SUB MANY
       TZE DONE
       CLA COUNT
       SUB HALF
       TNZ LOOP
       TSX CHKPNT,4
       TRA LOOP
DONE   CLA COUNT
       HTR START
ZERO   DEC 0
ONE    DEC 1
MANY   DEC 2000
HALF   DEC 1000
COUNT  BSS 1
CHKPNT LIB
       END START
";

fn connected(one: &mut Room, other: &mut Room) {
    let (here, there) = pair();
    one.reels.mount_wire(1, Box::new(here));
    other.reels.mount_wire(1, Box::new(there));
}

#[test]
fn a_job_goes_over_a_wire_and_both_machines_finish_it() {
    let mut ends = Vec::new();
    for slice in [777, 50_000, 10_000_000] {
        let (mut a, mut b) = (room_with(CoreSize::K4, COUNTS), loading(CoreSize::K4));
        connected(&mut a, &mut b);
        let (of_a, of_b) = run_both(&mut a, &mut b, slice);
        assert_eq!((of_a.kind, of_b.kind), (StopKind::Htr, StopKind::Htr), "{of_a:?} {of_b:?}");
        for room in [&a, &b] {
            assert_eq!(room.machine.cpu.ac.word().magnitude(), 2000);
        }
        ends.push((a.machine.cycles(), b.machine.cycles(), a.machine.core.clone(), b.machine.core.clone()));
    }
    // what each does depends on what passes, not on how they take turns
    assert!(ends.iter().all(|end| *end == ends[0]));
    // the second has read the record in about the time in which the first has written it
    let dump = 4_104 * 33;
    let (a, b) = (ends[0].0, ends[0].1);
    assert!(b > dump && b < a, "{a} {b}");
}

/// The same job by a reel: a wire changes nothing but the rewind.
#[test]
fn the_second_machine_does_what_it_does_with_a_reel() {
    let (mut a, mut b) = (room_with(CoreSize::K4, COUNTS), loading(CoreSize::K4));
    connected(&mut a, &mut b);
    run_both(&mut a, &mut b, 10_000);
    let mut c = room_with(CoreSize::K4, COUNTS);
    c.reels.mount_memory(1, Vec::new(), true).unwrap();
    assert_eq!(c.run_until(u64::MAX).unwrap().kind, StopKind::Htr);
    let reel = c.reels.bytes(1).unwrap();
    let mut d = loading(CoreSize::K4);
    d.reels.mount_memory(1, reel, false).unwrap();
    assert_eq!(d.run_until(u64::MAX).unwrap().kind, StopKind::Htr);
    assert_eq!(b.machine.core, d.machine.core);
    assert_eq!(a.machine.instructions, c.machine.instructions);
    assert_eq!(b.machine.instructions, d.machine.instructions);
}

#[test]
fn the_power_fails_in_mid_record_and_the_other_machine_stops() {
    for cut in [40_000, 70_000, 100_000, 140_000] {
        let (mut a, mut b) = (room_with(CoreSize::K4, COUNTS), loading(CoreSize::K4));
        connected(&mut a, &mut b);
        let fault = format!("at {cut} power off").parse().unwrap();
        a.machine.add_fault(fault);
        let (of_a, of_b) = run_both(&mut a, &mut b, 1_000);
        assert_eq!(of_a.kind, StopKind::PowerOff);
        // it must not go on with half a job
        assert_ne!(b.machine.cpu.ac.word().magnitude(), 2000, "{cut}: {of_b:?}");
        assert!(of_b.kind == StopKind::Htr || of_b.kind == StopKind::ReadWriteCheck, "{cut}: {of_b:?}");
    }
}

/// The other machine is lost in the middle of a record: the writer hears of it at the end of the record, and START goes on without.
#[test]
fn the_reader_is_lost_in_mid_record_and_the_writer_goes_on_when_told() {
    let (mut a, mut b) = (room_with(CoreSize::K4, COUNTS), loading(CoreSize::K4));
    connected(&mut a, &mut b);
    while b.machine.cycles() < 60_000 {
        for room in [&mut a, &mut b] {
            let until = room.machine.cycles() + 1_000;
            room.run_until(until).unwrap();
        }
    }
    drop(b);
    let stop = a.run_until(u64::MAX).unwrap();
    let message = stop.message.unwrap_or_default();
    assert_eq!(stop.kind, StopKind::Waiting);
    assert!(message.contains("the other end has gone"), "{message}");
    let start = a.parse_action("start").unwrap();
    a.act(&start).unwrap();
    let stop = a.run_until(u64::MAX).unwrap();
    assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
    assert_eq!(a.machine.cpu.ac.word().magnitude(), 2000);
}

/// A wire has no end, as a reel of 2,400 feet has: 160 records of 20 feet.
#[test]
fn a_wire_is_longer_than_a_reel() {
    let writes = "       ORG 64
START  LXA MANY,1
NEXT   WTB 1
       LXA N,2
LOOP   CPY N
       TIX LOOP,2,1
       IOD
       TIX NEXT,1,1
       HTR START
MANY   HTR 160
N      HTR 8000
       END START
";
    let reads = "       ORG 64
START  LXA MANY,1
NEXT   RTB 1
LOOP   CPY N
       TRA LOOP
       HTR LOOP
       IOD
       TIX NEXT,1,1
       HTR START
MANY   HTR 160
N      HTR 0
       END START
";
    let (mut a, mut b) = (room_with(CoreSize::K8, writes), room_with(CoreSize::K8, reads));
    connected(&mut a, &mut b);
    let (of_a, of_b) = run_both(&mut a, &mut b, 100_000);
    assert_eq!((of_a.kind, of_b.kind), (StopKind::Htr, StopKind::Htr), "{of_a:?} {of_b:?}");
    assert_eq!((of_a.at, of_b.at), (0o107, 0o107));
}

#[test]
fn what_a_wire_cannot_do_is_a_clear_stop() {
    let stops = |program: &str, asked: bool| {
        let (here, mut there) = pair();
        let mut room = room_with(CoreSize::K4, program);
        room.reels.mount_wire(1, Box::new(here));
        let mut stop = room.run_until(1_000_000).unwrap();
        for _ in 0..10 {
            if asked && room.is_waiting_for_wire() {
                there.begins().unwrap();
                stop = room.run_until(1_000_000).unwrap();
            }
        }
        (stop.kind, stop.message.unwrap_or_default())
    };
    for (operation, named) in [("BST 1", "BST"), ("WEF 1", "WEF")] {
        let (kind, message) =
            stops(&format!("       ORG 64\nS      {operation}\n       HTR S\n       END S\n"), false);
        assert_eq!(kind, StopKind::Waiting);
        assert!(message.contains(named) && message.contains("a wire cannot do that"), "{message}");
    }
    // REW is nothing, and takes no time but its own
    let (kind, _) = stops("       ORG 64\nS      REW 1\n       REW 1\n       HTR S\n       END S\n", false);
    assert_eq!(kind, StopKind::Htr);
    // a record goes out, and then nothing is read
    let (kind, message) = stops(
        "       ORG 64\nS      WTB 1\n       CPY S\n       IOD\n       RTB 1\n       CPY S\n       HTR S\n       END S\n",
        true,
    );
    assert_eq!(kind, StopKind::Waiting, "{message}");
    assert!(message.contains("RDS") && message.contains("nothing comes back"), "{message}");
}

#[test]
fn a_wait_for_the_other_machine_takes_no_time() {
    let (mut a, _there) = (room_with(CoreSize::K4, COUNTS), ());
    let (here, mut there) = pair();
    a.reels.mount_wire(1, Box::new(here));
    let stop = a.run_until(100_000_000).unwrap();
    assert_eq!(stop.kind, StopKind::Limit);
    assert!(a.is_waiting_for_wire());
    let (cycles, told) = (a.machine.cycles(), a.take_events());
    assert_eq!(
        told.iter().filter(|event| event.to_string().contains("waits for the other machine")).count(),
        1
    );
    for _ in 0..10 {
        a.run_until(100_000_000).unwrap();
        assert_eq!(a.machine.cycles(), cycles);
    }
    assert!(a.take_events().is_empty(), "it is told once");
    assert!(!matches!(a.state(), State::Stopped(_)));
    // and it ends
    there.begins().unwrap();
    a.run_until(100_000_000).unwrap();
    there.begins().unwrap();
    a.run_until(100_000_000).unwrap();
    assert!(a.machine.cycles() > cycles);
}

/// What comes from the other end, a few bytes at a time, and then the end of the line or nothing more.
#[derive(Debug)]
struct Peer {
    talk: Vec<u8>,
    at: usize,
    calls: bool,
    ends: bool,
}

impl Line for Peer {
    fn is_there(&mut self) -> std::io::Result<bool> {
        Ok(true)
    }
    fn receive(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let n = into.len().min(self.talk.len() - self.at).min(97);
        into[..n].copy_from_slice(&self.talk[self.at..self.at + n]);
        self.at += n;
        if n == 0 && !self.ends { Err(std::io::ErrorKind::WouldBlock.into()) } else { Ok(n) }
    }
    fn send(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(bytes.len())
    }
    fn calls(&self) -> bool {
        self.calls
    }
    fn name(&self) -> String {
        "a line of a test".to_owned()
    }
}

/// Random talk from the other end: an error at most, and no memory without end.
#[test]
fn a_peer_that_lies_does_no_harm() {
    let mut greeting = b"emu704 wire 1 ".to_vec();
    greeting.extend(std::iter::repeat_n(b'.', 62));
    greeting.push(b'\n');
    let mut random = 704_u64;
    let mut next = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below
    };
    for _ in 0..2_000 {
        let mut talk = greeting.clone();
        for _ in 0..next(40) {
            match next(8) {
                0 => talk.push(b'R'),
                1 => talk.push(b'E'),
                2 => talk.push(b'C'),
                3 => talk.push(next(256) as u8),
                _ => {
                    let count = 1 + next(300);
                    talk.push(b'F');
                    talk.extend((count as u16).to_be_bytes());
                    talk.extend(
                        (0..count + next(2)).map(|_| next(if count > 290 { 256 } else { 128 }) as u8),
                    );
                }
            }
        }
        if next(4) == 0 {
            let at = next(talk.len());
            talk[at] ^= 1 << next(8);
        }
        let mut wire = Wire::new(Peer { talk, at: 0, calls: true, ends: false }, "");
        let mut frames = Vec::new();
        for _ in 0..60 {
            match next(4) {
                0 => _ = wire.begins(),
                1 => _ = wire.arrived(&mut frames),
                2 => _ = wire.is_wanted(),
                _ => _ = wire.end(&[1, 2, 3], next(2) == 0),
            }
            assert!(frames.iter().all(|frame| *frame < 0o200));
        }
    }
    // a record without an end is cut, and one that sends what nobody asked for is heard no more
    let endless: Vec<u8> = greeting
        .iter()
        .copied()
        .chain((0..9_000).flat_map(|_| {
            let mut message = vec![b'F', 0x10, 0];
            message.extend([1; 4096]);
            message
        }))
        .collect();
    let mut wire = Wire::new(Peer { talk: endless, at: 0, calls: true, ends: false }, "");
    assert_eq!(wire.is_wanted(), Err(WireError::Talk("characters that were not asked for")));
    assert!(wire.begins().is_err(), "it is wrong for good");
}

/// A wire by processes: the commands of the page.
fn emu704(arguments: &[&str], token: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
    command.args(arguments).current_dir(root()).env("EMU704_WIRE_TOKEN", token);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn texts(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

#[cfg(unix)]
#[test]
fn two_processes_and_a_wire() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("counts.sap");
    std::fs::write(&program, COUNTS).unwrap();
    let socket = folder.path().join("wire");
    let wire = |way: &str| format!("1=wire:{way}:{}", socket.display());
    // the one who calls may be there first
    let second =
        emu704(&["run", "--load", "tape", "--core", "4k", "--tape", &wire("connect")], "").spawn().unwrap();
    let first = emu704(&["run", program.to_str().unwrap(), "--core", "4k", "--tape", &wire("listen")], "")
        .output()
        .unwrap();
    let second = second.wait_with_output().unwrap();
    for output in [&first, &second] {
        let (_, error) = texts(output);
        assert_eq!(output.status.code(), Some(0), "{error}");
        assert!(error.contains("AC +00 000000003720"), "{error}");
    }
    assert!(!socket.exists(), "the socket goes with the one who listens");
}

/// Calls one who listens. The socket is there a moment before anybody listens to it.
#[cfg(unix)]
fn call(socket: &std::path::Path) -> std::os::unix::net::UnixStream {
    for _ in 0..200 {
        if let Ok(stream) = std::os::unix::net::UnixStream::connect(socket) {
            return stream;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("nobody listens at {}", socket.display());
}

#[cfg(unix)]
#[test]
fn only_who_knows_the_token_is_heard() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("counts.sap");
    std::fs::write(&program, COUNTS).unwrap();
    let socket = folder.path().join("wire");
    let wire = |way: &str| format!("1=wire:{way}:{}", socket.display());
    let first =
        emu704(&["run", program.to_str().unwrap(), "--core", "4k", "--tape", &wire("listen")], "sesame")
            .spawn()
            .unwrap();
    while !socket.exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    // somebody who talks something else, and a machine with another token: both are put off
    let mut stranger = call(&socket);
    stranger.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
    let mut wrong = emu704(&["run", "--load", "tape", "--core", "4k", "--tape", &wire("connect")], "open")
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(wrong.try_wait().unwrap().is_none(), "it waits for somebody with its token");
    wrong.kill().unwrap();
    wrong.wait().unwrap();
    let second = emu704(&["run", "--load", "tape", "--core", "4k", "--tape", &wire("connect")], "sesame")
        .output()
        .unwrap();
    let first = first.wait_with_output().unwrap();
    for output in [&first, &second] {
        assert!(texts(output).1.contains("AC +00 000000003720"), "{}", texts(output).1);
    }
}

/// Rubbish of a stranger is told and forgotten: the next caller is heard as if he were the first.
#[test]
fn the_rubbish_of_a_stranger_is_not_heard_as_the_next_callers_talk() {
    for rubbish in ["GET / HTTP/1.0\r\n\r\n", "7777", "\u{16}\u{3}\u{1}\u{0}\u{0}", "e", "emu704 wire 2 x"] {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let hear = "programs/lessons/12-hear.sap";
        let listen = format!("1=wire:listen:127.0.0.1:{port}");
        let listener = emu704(&["run", hear, "--core", "4k", "--tape", &listen], "sesame").spawn().unwrap();
        let mut stranger = loop {
            match std::net::TcpStream::connect(("127.0.0.1", port)) {
                Ok(stranger) => break stranger,
                Err(_) => std::thread::sleep(std::time::Duration::from_millis(5)),
            }
        };
        stranger.write_all(rubbish.as_bytes()).unwrap();
        drop(stranger);
        let connect = format!("1=wire:connect:127.0.0.1:{port}");
        let send = "programs/lessons/12-send.sap";
        let sender = emu704(&["run", send, "--core", "4k", "--tape", &connect], "sesame").output().unwrap();
        let listener = listener.wait_with_output().unwrap();
        for output in [&sender, &listener] {
            assert_eq!(output.status.code(), Some(0), "{rubbish:?}: {}", texts(output).1);
        }
        assert!(texts(&listener).1.contains("AC +00 000000000016"), "{}", texts(&listener).1);
    }
}

#[test]
fn what_is_no_wire_is_told() {
    let fails = |tape: &str, token: &str, named: &str| {
        let output = emu704(&["run", "--load", "tape", "--tape", tape], token).output().unwrap();
        let (_, error) = texts(&output);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(named), "{error}");
    };
    fails("1=wire:call:127.0.0.1:7704", "x", "expected wire:listen:HOST:PORT");
    fails("1=wire:listen:127.0.0.1", "x", "expected wire:listen:HOST:PORT");
    fails("1=wire:listen:0.0.0.0:7704", "x", "is not this computer");
    fails("1=wire:connect:192.0.2.1:7704", "x", "is not this computer");
    fails("1=wire:listen:127.0.0.1:0,record=talk.txt,anywhere", "x", "`,record=FILE` comes last");
    fails("1=wire:connect:127.0.0.1:7704", "", "the token is missing");
}

/// A job may name a wire; with `--keep-inside` it may not.
#[cfg(unix)]
#[test]
fn a_job_names_a_wire() {
    let folder = tempfile::tempdir().unwrap();
    let job = folder.path().join("job.toml");
    let socket = folder.path().join("wire");
    std::fs::write(folder.path().join("p.sap"), "       ORG 64\nS      HTR S\n       END S\n").unwrap();
    std::fs::write(&job, format!("program = \"p.sap\"\n[tape]\n1 = \"wire:listen:{}\"\n", socket.display()))
        .unwrap();
    let job = job.to_str().unwrap();
    let output = emu704(&["run", job], "").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", texts(&output).1);
    let output = emu704(&["run", job, "--keep-inside"], "").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(texts(&output).1.contains("a wire leads out of the folder"), "{}", texts(&output).1);
}

/// At the monitor a wire is mounted as a reel is, a wait can be ended, and nobody goes back behind what has passed.
#[cfg(unix)]
#[test]
fn a_wire_at_the_monitor() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("counts.sap");
    std::fs::write(&program, COUNTS).unwrap();
    let socket = folder.path().join("wire");
    let listen = format!("1=wire:listen:{}", socket.display());
    let mut second = emu704(&["monitor", "--core", "4k"], "").stdin(Stdio::piped()).spawn().unwrap();
    let lines = format!("mount 1 wire:connect:{}\npress load-tape\nexamine ac\nback 1\n", socket.display());
    second.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let first =
        emu704(&["run", program.to_str().unwrap(), "--core", "4k", "--tape", &listen], "").output().unwrap();
    assert_eq!(first.status.code(), Some(0), "{}", texts(&first).1);
    let second = second.wait_with_output().unwrap();
    let (out, error) = texts(&second);
    assert!(out.contains("AC +00 000000003720") || out.contains("AC 000000003720"), "{out}{error}");
    assert!(out.lines().last().is_some_and(|line| line.contains('?')) || !error.is_empty(), "{out}{error}");
}

/// Wherever a line ends, a reader hears of it: a cut record, or nobody there. It never waits on.
#[test]
fn a_line_may_end_behind_any_byte() {
    let mut talk = b"emu704 wire 1 ".to_vec();
    talk.extend(std::iter::repeat_n(b'.', 62));
    talk.push(b'\n');
    let greeting = talk.len();
    talk.extend([b'F', 0, 3, 1, 2, 3, b'F', 0, 2, 4, 5, b'E']);
    for cut in 0..=talk.len() {
        let mut wire =
            Wire::new(Peer { talk: talk[..cut].to_vec(), at: 0, calls: cut % 2 == 0, ends: true }, "");
        let begun = (0..5).find_map(|_| match wire.begins() {
            Ok(false) => None,
            ended => Some(ended),
        });
        if cut <= greeting {
            assert!(matches!(begun, Some(Err(_))), "{cut}: {begun:?}");
            continue;
        }
        assert_eq!(begun, Some(Ok(true)), "{cut}");
        let mut frames = Vec::new();
        let arrival = (0..5).map(|_| wire.arrived(&mut frames)).find(|arrival| *arrival != Arrival::Going);
        let whole = cut == talk.len();
        assert_eq!(arrival, Some(if whole { Arrival::Whole } else { Arrival::Cut }), "{cut}");
        assert!([1, 2, 3, 4, 5].starts_with(&frames), "{cut}: {frames:?}");
        // then nobody is there: half a message is not a record again and again
        let ended = (0..5).find_map(|_| wire.begins().err());
        assert_eq!(ended, Some(WireError::Gone), "{cut}");
    }
    // garbage behind the greeting, with the end of the line or without
    for garbage in [&b"x"[..], b"F\0\0", b"\0\0\0", b"E", b"GET /"] {
        let talk = [&talk[..greeting], garbage].concat();
        let mut wire = Wire::new(Peer { talk, at: 0, calls: true, ends: true }, "");
        let heard = (0..5).find_map(|_| match wire.begins() {
            Ok(false) => None,
            Ok(true) => Some(wire.arrived(&mut Vec::new()) == Arrival::Cut),
            Err(_) => Some(true),
        });
        assert_eq!(heard, Some(true), "{garbage:?}");
    }
}

/// Who listens tells its token to nobody who does not know it; the person hears that a caller was refused.
#[cfg(unix)]
#[test]
fn a_token_is_not_told_to_strangers() {
    use std::io::Read as _;
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("wire");
    let listen = format!("1=wire:listen:{}", socket.display());
    let mut first =
        emu704(&["run", "--load", "tape", "--core", "4k", "--tape", &listen], "sesame").spawn().unwrap();
    while !socket.exists() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let mut stranger = call(&socket);
    stranger.set_read_timeout(Some(std::time::Duration::from_millis(300))).unwrap();
    let mut heard = [0; 200];
    assert!(stranger.read(&mut heard).is_err(), "nothing is said to one who says nothing");
    stranger.write_all(b"emu704 wire 1 open").unwrap();
    let said = stranger.read(&mut heard).unwrap_or(0);
    assert_eq!(said, 0, "nor to one with another token");
    std::thread::sleep(std::time::Duration::from_millis(200));
    first.kill().unwrap();
    let (_, error) = texts(&first.wait_with_output().unwrap());
    assert!(error.contains("a caller was refused") && error.contains("another token"), "{error}");
    assert!(!error.contains("sesame"), "{error}");
}
