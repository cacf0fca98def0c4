//! A wire that is recorded, and the run that does the same again without the other machine.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::io::Write;
use std::sync::{Arc, Mutex};

use super::{COUNTS, connected, emu704, loading, room_with, run_both, texts};
use emu704::CoreSize;
use emu704::machine::{Stop, StopKind};
use emu704::media::wire::{Recorded, Replay, pair};
use emu704::room::Room;

/// A file in memory.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Two machines with a wire between them, both ends of which are recorded.
fn recorded(one: &mut Room, other: &mut Room) -> (Paper, Paper) {
    let (here, there) = pair();
    let papers = (Paper::default(), Paper::default());
    let end = |end, paper: &Paper| Box::new(Recorded::new(Box::new(end), Box::new(paper.clone())).unwrap());
    one.reels.mount_wire(1, end(here, &papers.0));
    other.reels.mount_wire(1, end(there, &papers.1));
    papers
}

fn replay(mut room: Room, talk: &str) -> (Room, Stop) {
    room.reels.mount_wire(1, Box::new(Replay::new("the recording".to_owned(), talk).unwrap()));
    let stop = room.run_until(u64::MAX).unwrap();
    (room, stop)
}

/// Recording changes nothing, and each machine alone does what it did.
#[test]
fn each_machine_alone_does_what_it_did() {
    let (mut a, mut b) = (room_with(CoreSize::K4, COUNTS), loading(CoreSize::K4));
    connected(&mut a, &mut b);
    let plain = run_both(&mut a, &mut b, 10_000);
    let cycles = (a.machine.cycles(), b.machine.cycles());
    let mut talks = Vec::new();
    for slice in [777, 50_000, 10_000_000] {
        let (mut a, mut b) = (room_with(CoreSize::K4, COUNTS), loading(CoreSize::K4));
        let (of_a, of_b) = recorded(&mut a, &mut b);
        let stops = run_both(&mut a, &mut b, slice);
        assert_eq!((&stops.0.kind, &stops.1.kind), (&plain.0.kind, &plain.1.kind));
        assert_eq!((a.machine.cycles(), b.machine.cycles()), cycles);
        for (room, first, stop, paper) in [
            (room_with(CoreSize::K4, COUNTS), &a, &stops.0, &of_a),
            (loading(CoreSize::K4), &b, &stops.1, &of_b),
        ] {
            let (again, stopped) = replay(room, &paper.text());
            assert_eq!((stopped.kind, stopped.at), (stop.kind, stop.at));
            assert_eq!(again.machine.cycles(), first.machine.cycles());
            assert_eq!(again.machine.instructions, first.machine.instructions);
            assert!(again.machine.core == first.machine.core && again.machine.cpu == first.machine.cpu);
        }
        talks.push((of_a.text(), of_b.text()));
    }
    // a record went out at one end and came in at the other: 4,104 words
    let (of_a, of_b) = &talks[0];
    assert!(of_a.starts_with("704 wire talk 1\nout\n  ") && of_a.ends_with("\nwhole\n"), "{of_a}");
    assert!(of_b.starts_with("704 wire talk 1\nin\n  ") && of_b.ends_with("\nwhole\n"), "{of_b}");
}

/// The power of the writer fails, and the reader's run is the same again: the recording ends with the cut.
#[test]
fn a_cut_record_comes_cut_again() {
    for cut in [40_000, 70_000, 100_000, 140_000] {
        let (mut a, mut b) = (room_with(CoreSize::K4, COUNTS), loading(CoreSize::K4));
        let (_, of_b) = recorded(&mut a, &mut b);
        a.machine.add_fault(format!("at {cut} power off").parse().unwrap());
        let (_, stop) = run_both(&mut a, &mut b, 1_000);
        let talk = of_b.text();
        assert!(talk.ends_with("cut\n"), "{talk}");
        let (again, stopped) = replay(loading(CoreSize::K4), &talk);
        assert_eq!((stopped.kind, stopped.at), (stop.kind, stop.at), "{cut}");
        assert_eq!(again.machine.cycles(), b.machine.cycles(), "{cut}");
        assert!(again.machine.core == b.machine.core, "{cut}");
    }
}

/// The process may be killed while it records: what has come until then is a cut record.
#[test]
fn a_recording_that_ends_in_a_record_is_a_cut_record() {
    let (mut a, mut b) = (room_with(CoreSize::K4, COUNTS), loading(CoreSize::K4));
    let (of_a, of_b) = recorded(&mut a, &mut b);
    run_both(&mut a, &mut b, 10_000);
    let talk = of_b.text();
    let lines: Vec<&str> = talk.lines().collect();
    for kept in [2, 3, 10, lines.len() / 2, lines.len() - 1] {
        let (again, stopped) = replay(loading(CoreSize::K4), &(lines[..kept].join("\n") + "\n"));
        let refused = matches!(stopped.kind, StopKind::Htr | StopKind::ReadWriteCheck | StopKind::Waiting);
        assert!(refused, "{kept}: {stopped:?}");
        assert_ne!(again.machine.cpu.ac.word().magnitude(), 2000, "{kept}: {stopped:?}");
    }
    let talk = of_a.text();
    let lines: Vec<&str> = talk.lines().collect();
    let (_, stopped) = replay(room_with(CoreSize::K4, COUNTS), &(lines[..lines.len() / 2].join("\n") + "\n"));
    assert_eq!(stopped.kind, StopKind::Waiting);
    let message = stopped.message.unwrap();
    assert!(message.ends_with("the recording ends here"), "{message}");
}

/// A program that does something else stops, and says where.
#[test]
fn another_run_is_told_from_the_recorded_one() {
    let (mut a, mut b) = (room_with(CoreSize::K4, COUNTS), loading(CoreSize::K4));
    let (of_a, of_b) = recorded(&mut a, &mut b);
    run_both(&mut a, &mut b, 10_000);
    let told = |room: Room, talk: &str| {
        let (_, stop) = replay(room, talk);
        assert_eq!(stop.kind, StopKind::Waiting, "{stop:?}");
        stop.message.unwrap()
    };
    // the checkpoint is taken at another count
    let other = COUNTS.replace("DEC 1000", "DEC 999");
    let message = told(room_with(CoreSize::K4, &other), &of_a.text());
    assert!(message.contains("writes something else from character"), "{message}");
    assert!(message.contains("of the record in line 2 of the recording"), "{message}");
    let message = told(room_with(CoreSize::K4, COUNTS), &of_b.text());
    assert!(message.contains("it writes, and a record comes in in line 2 of the recording"), "{message}");
    let message = told(loading(CoreSize::K4), &of_a.text());
    assert!(message.contains("it reads, and a record goes out in line 2 of the recording"), "{message}");
    let message = told(loading(CoreSize::K4), "704 wire talk 1\n");
    assert!(message.ends_with("the recording ends here"), "{message}");
}

/// What a wire refuses is refused again, and what the machine releases it releases again.
#[test]
fn refusals_are_in_the_recording() {
    const WRITES_AND_READS: &str = "       ORG 64
START  WTB 1
       CPY ONE
       IOD
       RTB 1
       CPY ONE
       HTR START
ONE    DEC 1
       END START
";
    let (here, mut there) = pair();
    let paper = Paper::default();
    let mut room = room_with(CoreSize::K4, WRITES_AND_READS);
    room.reels.mount_wire(1, Box::new(Recorded::new(Box::new(here), Box::new(paper.clone())).unwrap()));
    let mut stop = room.run_until(u64::MAX).unwrap();
    for _ in 0..10 {
        if room.is_waiting_for_wire() {
            emu704::media::wire::WireEnd::begins(&mut there).unwrap();
            stop = room.run_until(u64::MAX).unwrap();
        }
    }
    assert_eq!(stop.kind, StopKind::Waiting);
    let talk = paper.text();
    assert!(
        talk.ends_with(
            "no read: a wire cannot do that: this machine has written on it, and nothing comes back\n"
        ),
        "{talk}"
    );
    let (again, stopped) = replay(room_with(CoreSize::K4, WRITES_AND_READS), &talk);
    assert_eq!((stopped.kind, stopped.at), (stop.kind, stop.at));
    assert_eq!(again.machine.cycles(), room.machine.cycles());
    assert!(stopped.message.unwrap().ends_with("this machine has written on it, and nothing comes back"));
}

/// A disk that is full stops the machine: a recording with a hole is none.
#[test]
fn a_recording_that_cannot_be_written_stops_the_machine() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (mut a, mut b) = (room_with(CoreSize::K4, COUNTS), loading(CoreSize::K4));
    let (here, there) = pair();
    a.reels.mount_wire(1, Box::new(Recorded::new(Box::new(here), Box::new(Full(1000))).unwrap()));
    b.reels.mount_wire(1, Box::new(there));
    let (stop, _) = run_both(&mut a, &mut b, 10_000);
    assert_eq!(stop.kind, StopKind::Waiting);
    assert!(stop.message.unwrap().contains("its recording cannot be written"));
}

/// By the command: a recording is made once, kept, and replayed, also by a job, whose folder its name is relative to.
#[cfg(unix)]
#[test]
fn a_recording_by_the_command() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("counts.sap"), COUNTS).unwrap();
    let listen = format!("1=wire:listen:{},record={}", at("socket"), at("a.txt"));
    let connect = format!("1=wire:connect:{},record={}", at("socket"), at("b.txt"));
    let first = ["run", &at("counts.sap"), "--core", "4k", "--tape", &listen];
    let second = emu704(&["run", "--load", "tape", "--core", "4k", "--tape", &connect], "").spawn().unwrap();
    let one = emu704(&first, "").output().unwrap();
    let other = second.wait_with_output().unwrap();
    for output in [&one, &other] {
        assert_eq!(output.status.code(), Some(0), "{}", texts(output).1);
    }
    // the same cycles, without the other machine
    let cycles = |text: &str| text.lines().find(|line| line.contains(" cycles, ")).unwrap().to_owned();
    let replay = format!("1=wire:replay:{}", at("b.txt"));
    let again = emu704(&["run", "--load", "tape", "--core", "4k", "--tape", &replay], "").output().unwrap();
    assert_eq!(again.status.code(), Some(0), "{}", texts(&again).1);
    assert_eq!(cycles(&texts(&again).1), cycles(&texts(&other).1));
    std::fs::write(
        at("job.toml"),
        "program = \"counts.sap\"\ncore = \"4k\"\n[tape]\n1 = \"wire:replay:a.txt\"\n",
    )
    .unwrap();
    for more in [&[][..], &["--keep-inside"]] {
        let again = emu704(&[&["run", &at("job.toml")], more].concat(), "").output().unwrap();
        assert_eq!(again.status.code(), Some(0), "{}", texts(&again).1);
        assert_eq!(cycles(&texts(&again).1), cycles(&texts(&one).1));
    }
    // a recording is never written over, nor another file
    for (arguments, code, told) in [
        (first.to_vec(), 2, "is there already, expected a new file"),
        ([&first[..], &["--print", &at("a.txt")]].concat(), 2, "the recording of a wire on tape 1"),
        (
            vec!["run", "--load", "tape", "--tape", &format!("1=wire:replay:{}", at("counts.sap"))],
            6,
            "line 1: found `       ORG 64`",
        ),
        (vec!["run", "--load", "tape", "--tape", "1=wire:replay:none.txt"], 2, "none.txt"),
    ] {
        let output = emu704(&arguments, "").output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", texts(&output).1);
        assert!(texts(&output).1.contains(told), "{}", texts(&output).1);
    }
    std::fs::write(
        at("job.toml"),
        "core = \"4k\"\nload = \"tape\"\n[tape]\n1 = \"wire:replay:/etc/passwd\"\n",
    )
    .unwrap();
    let output = emu704(&["run", &at("job.toml"), "--keep-inside"], "").output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", texts(&output).1);
}
