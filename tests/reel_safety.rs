//! Reels are safe: the real command is killed while it writes, runs into a full disk, and meets a second one that needs
//! the same reel. `EMU704_KILLS` sets the number of kills (default 60 for each form).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use asm704::Word;
use asm704::media::tape::{Item, Mode, Record, RecordParity, TapeImage, words_of};

/// Writes records of six words forever, numbered from 0 in their first word. Cells: 100 the number, 200 one.
const WRITER: &str = "\
# start 00000
00000 076600000221
00001 070000000100
00002 070000000101
00003 070000000102
00004 070000000103
00005 070000000104
00006 070000000105
00007 050000000100
00010 040000000200
00011 060100000100
00012 002000000000
00100 000000000000
00101 777777777777
00102 123456701234
00103 000000000000
00104 000000000001
00105 400000000000
00200 000000000001
";

const REST: [&str; 5] = ["777777777777", "123456701234", "000000000000", "000000000001", "400000000000"];

fn emu704(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
    command
        .current_dir(directory)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn writer(directory: &Path, reel: &str) -> Child {
    std::fs::write(directory.join("writer.oct"), WRITER).unwrap();
    let mount = format!("1={reel}");
    emu704(directory, &["run", "writer.oct", "--tape", &mount, "--ring", "1"]).spawn().unwrap()
}

/// How many of the writer's records a reel has; panics when it has anything else.
fn whole_records(image: &Path) -> usize {
    let mut image = TapeImage::open(std::fs::read(image).unwrap()).unwrap();
    let mut n = 0;
    for item in image.items(0) {
        let (at, item) = item.unwrap();
        let Item::Record(record) = item else { panic!("offset {at}: {item:?}") };
        let mut expected = vec![Word::new(n as u64)];
        expected.extend(REST.map(|word| word.parse::<Word>().unwrap()));
        assert_eq!(words_of(&record, Mode::Binary), expected, "offset {at}");
        assert_eq!((record.parity_mode(), record.error), (RecordParity::Odd, false), "offset {at}");
        n += 1;
    }
    n
}

/// An old recording that the writer goes over: long records, so that a new one ends inside an old one.
fn old_reel(image: &Path) {
    let format = usize::from(image.extension().unwrap() != "tap");
    let mut reel = TapeImage::create(Vec::new(), asm704::media::tape::TapeFormat::ALL[format]).unwrap();
    let record = Item::Record(Record::new(vec![0o001; 50_000]));
    reel.replace_tail(0, &[record, Item::Mark]).unwrap();
    std::fs::write(image, reel.into_store()).unwrap();
}

#[test]
fn killed_at_any_moment_a_reel_holds_whole_records() {
    let kills: u64 = std::env::var("EMU704_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let directory = tempfile::tempdir().unwrap();
    for reel in ["reel.tap", "reel.p7b"] {
        let path = directory.path().join(reel);
        let (mut untouched, mut written) = (0, 0);
        for kill in 0..kills {
            old_reel(&path);
            let old = std::fs::read(&path).unwrap();
            let mut child = writer(directory.path(), reel);
            // spread over the time of the start and of a whole reel, which takes about a tenth of a second
            std::thread::sleep(Duration::from_micros(kill * 7919 % 60_000));
            child.kill().unwrap();
            child.wait().unwrap();
            if std::fs::read(&path).unwrap() == old {
                untouched += 1;
            } else {
                written += whole_records(&path);
            }
        }
        // what the killed ones left beside the reel is removed by the next that has the ring in
        let next = ["run", "writer.oct", "--tape", &format!("1={reel}"), "--ring", "1", "--limit", "9"];
        let ended = emu704(directory.path(), &next).stderr(Stdio::piped()).output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(5), "{told}");
        for entry in std::fs::read_dir(directory.path()).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(!name.contains(".new"), "{name}");
        }
        assert!(untouched < kills, "no kill came after the first record");
        println!(
            "{reel}: {kills} kills, {untouched} before the first record, {written} whole records, none lost"
        );
    }
}

/// Writes three records of six words, turns round, reads the last of them again, overwrites it, and so on forever: each turn puts
/// what is left of the old recording behind them. Cells as for the writer.
const TURNER: &str = "\
# start 00000
00000 053400100201
00001 076600000221
00002 070000000100
00003 070000000101
00004 070000000102
00005 070000000103
00006 070000000104
00007 070000000105
00010 076600000333
00011 200001100001
00012 076400000221
00013 076200000221
00014 076600000333
00015 002000000000
00100 000000000000
00101 777777777777
00102 123456701234
00103 000000000000
00104 000000000001
00105 400000000000
00201 000000000003
";

/// Kills a job that overwrites a used reel and turns round all the time: the file is the old one, or has the new records and behind
/// them nothing of the old recording, or all that is left of it.
#[test]
fn killed_at_any_moment_a_used_reel_has_what_is_left_or_nothing_of_it() {
    let kills: u64 = std::env::var("EMU704_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("turner.oct"), TURNER).unwrap();
    for (reel, with_gap) in [("reel.tap", true), ("reel.p7b", false)] {
        let path = directory.path().join(reel);
        let (mut without, mut with) = (0, 0);
        for kill in 0..kills {
            old_reel(&path);
            let old = std::fs::read(&path).unwrap();
            let mount = format!("1={reel}");
            let run = ["run", "turner.oct", "--tape", &mount, "--ring", "1"];
            let mut child = emu704(directory.path(), &run).spawn().unwrap();
            std::thread::sleep(Duration::from_micros(kill * 7919 % 60_000));
            child.kill().unwrap();
            child.wait().unwrap();
            if std::fs::read(&path).unwrap() == old {
                continue;
            }
            let mut image = TapeImage::open(std::fs::read(&path).unwrap()).unwrap();
            let items: Vec<Item> = image.items(0).map(|item| item.unwrap().1).collect();
            let is_new = |item: &&Item| matches!(item, Item::Record(r) if r.frames.len() == 36 && !r.error);
            let new = items.iter().take_while(is_new).count();
            // 50,000 old characters less what the records, their gaps and the erase head have covered
            match &items[new..] {
                [] => without += 1,
                [Item::Gap(_), Item::Record(left), Item::Mark] if with_gap => {
                    assert!(left.error && left.frames.len() <= 50_000 - 186 * new - 80, "{new} records");
                    with += 1;
                }
                [Item::Record(left), Item::Mark] if !with_gap => {
                    assert_eq!(left.wrong_parity(Mode::Binary).collect::<Vec<_>>(), [0]);
                    with += 1;
                }
                // the record has been covered, the mark not
                [Item::Mark] | [Item::Gap(_), Item::Mark] => with += 1,
                other => panic!("{reel}: behind {new} records: {:?}", other.len()),
            }
        }
        assert!(without + with > 0, "no kill came after the first record");
        println!("{reel}: {kills} kills, {without} without what was left, {with} with it");
    }
}

/// A program that writes until the tape runs off its reel: 2,400 feet and the 300 beyond, less the 4.05 inches of the load point,
/// are 34,834.4 times a record of 36 characters and a gap, 0.93 inch; the last runs off, and none is there twice.
#[test]
fn a_full_reel_has_every_record_once() {
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(writer(directory.path(), "reel.tap").wait().unwrap().code(), Some(7));
    assert_eq!(whole_records(&directory.path().join("reel.tap")), 34_835);
}

#[test]
fn two_processes_cannot_have_the_same_reel_with_the_ring_in() {
    let directory = tempfile::tempdir().unwrap();
    // waits for START at a halt: the reel stays mounted until the input ends
    std::fs::write(directory.path().join("wait.oct"), "# start 0\n00000 002000000000\n").unwrap();
    let mut first = emu704(directory.path(), &["run", "wait.oct", "--tape", "1=reel.tap", "--ring", "1"])
        .spawn()
        .unwrap();
    for _ in 0..500 {
        if directory.path().join("reel.tap").exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(100));
    let mut second =
        emu704(directory.path(), &["run", "wait.oct", "--tape", "2=reel.tap", "--ring", "2", "--limit", "9"]);
    let output = second.stderr(Stdio::piped()).output().unwrap();
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("reel.tap: another process is writing it"), "{told}");
    // and afterwards it can
    let status = second.status().unwrap();
    assert_eq!(status.code(), Some(5));
}

/// The new file of a dead process is removed by the next writer of the same reel; one that is locked is that of a living
/// process and stays, and so does that of another reel.
#[test]
fn what_a_killed_process_left_is_removed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("reel.tap");
    old_reel(&path);
    let file = |name: &str| directory.path().join(name);
    let all = [".reel.tap.aaaaaa.new", ".reel.tap.bbbbbb.new", ".other.tap.aaaaaa.new"];
    for name in all {
        std::fs::write(file(name), "half a reel").unwrap();
    }
    let living = std::fs::OpenOptions::new().write(true).open(file(all[1])).unwrap();
    living.lock().unwrap();

    std::fs::write(file("wait.oct"), "# start 0\n00000 002000000000\n").unwrap();
    let run = ["run", "wait.oct", "--tape", "1=reel.tap", "--limit", "9"];
    let there = || all.map(|name| file(name).exists());
    assert_eq!(emu704(directory.path(), &run).status().unwrap().code(), Some(5));
    assert_eq!(there(), [true; 3], "a reader removes nothing");
    let status = emu704(directory.path(), &[&run[..], &["--ring", "1"]].concat()).status().unwrap();
    assert_eq!(status.code(), Some(5));
    assert_eq!(there(), [false, true, true]);
    // and so does what makes the whole file again; a child of another test, just begun, may still have it open
    living.unlock().unwrap();
    let new = ["tape", "new", "-o", "reel.tap"];
    assert_eq!(emu704(directory.path(), &new).status().unwrap().code(), Some(0));
    assert_eq!(there(), [false, false, true]);
}

/// A link of a name that a replacement could have leads nowhere: such names are made by chance, and exclusively.
#[cfg(unix)]
#[test]
fn no_link_of_a_predictable_name_is_followed() {
    let directory = tempfile::tempdir().unwrap();
    let victim = directory.path().join("victim");
    std::fs::write(&victim, "precious").unwrap();
    old_reel(&directory.path().join("reel.tap"));
    // the names of all processes that the next ones can be
    let pid = std::process::id();
    for n in pid..pid + 400 {
        std::os::unix::fs::symlink(&victim, directory.path().join(format!("reel.tap.{n}.new"))).unwrap();
    }
    std::fs::write(directory.path().join("writer.oct"), TURNER).unwrap();
    let run = ["run", "writer.oct", "--tape", "1=reel.tap", "--ring", "1", "--limit", "90000"];
    assert_eq!(emu704(directory.path(), &run).status().unwrap().code(), Some(5));
    let text = ["tape", "new", "-o", "reel.tap"];
    assert_eq!(emu704(directory.path(), &text).status().unwrap().code(), Some(0));
    assert_eq!(std::fs::read_to_string(victim).unwrap(), "precious");
}

/// The disk is full: a limit on the size of files, on the real command.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_whole_records_and_an_error() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("writer.oct"), WRITER).unwrap();
    for (reel, blocks) in [("reel.tap", 1), ("reel.tap", 8), ("reel.p7b", 3)] {
        let script = format!("ulimit -f {blocks}; exec \"$0\" run writer.oct --tape 1={reel} --ring 1");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_emu704")]).current_dir(directory.path());
        let output = shell.output().unwrap();
        // the reel is a good one: it is the host that failed
        assert_eq!(output.status.code(), Some(1));
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            told.contains(reel) && told.contains("offset") && told.contains("failure of the host"),
            "{told}"
        );
        let n = whole_records(&directory.path().join(reel));
        // a block of the shell's limit is 512 or 1,024 bytes; a record takes 44 bytes or 36
        assert!(n >= blocks * 512 / 44 - 1, "{n} records in {blocks} blocks");
        std::fs::remove_file(directory.path().join(reel)).unwrap();
    }
}

/// The commands for images on a full disk: the old file stays, nothing is left beside it, and the error names the file.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_file() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    old_reel(&at.join("reel.tap"));
    let line = "       REM A CARD OF A LONG DECK\n";
    std::fs::write(at.join("deck.txt"), line.repeat(100)).unwrap();
    let zeros = "704 drum text 1\nform sim704\ndrum 2048 words\n  00000-03777  +000000000000\n";
    std::fs::write(at.join("drum.txt"), zeros).unwrap();
    std::fs::write(at.join("old"), "the old file").unwrap();
    for command in [
        "tape convert reel.tap --to p7b",
        "tape salvage reel.tap",
        "tape print reel.tap --pdf",
        "deck punch deck.txt",
        "deck to-tape deck.txt --to tap",
        "drum undump drum.txt",
    ] {
        let script = format!("ulimit -f 2; exec \"$0\" {command} -o old");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_emu704")]).current_dir(at);
        let output = shell.output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{command}: {told}");
        assert!(told.contains("old: ") && !told.contains("safe"), "{command}: {told}");
        assert_eq!(std::fs::read(at.join("old")).unwrap(), b"the old file", "{command}");
        assert_eq!(std::fs::read_dir(at).unwrap().count(), 4, "{command}");
    }
}

/// A copy that is made in the place of an old file: whenever the process is killed, the file is the old or the whole new one.
#[test]
fn killed_at_any_moment_a_copy_is_whole_or_not_there() {
    let kills: u64 = std::env::var("EMU704_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let record = Item::Record(Record::new(vec![0o001; 20_000]));
    let mut reel = TapeImage::create(Vec::new(), asm704::media::tape::TapeFormat::Simh).unwrap();
    reel.replace_tail(0, &vec![record; 100]).unwrap();
    std::fs::write(at.join("reel.tap"), reel.into_store()).unwrap();
    let convert = ["tape", "convert", "reel.tap", "-o", "copy.p7b"];
    let begun = std::time::Instant::now();
    assert!(emu704(at, &convert).status().unwrap().success());
    // a little longer than it takes
    let span = begun.elapsed().as_micros() as u64 * 5 / 4;
    let whole = std::fs::read(at.join("copy.p7b")).unwrap();
    let (mut old, mut new) = (0, 0);
    for kill in 0..kills {
        std::fs::write(at.join("copy.p7b"), "the old file").unwrap();
        let mut child = emu704(at, &convert).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(kill * 7919 % span));
        child.kill().unwrap();
        child.wait().unwrap();
        let found = std::fs::read(at.join("copy.p7b")).unwrap();
        if found == b"the old file" {
            old += 1;
        } else {
            assert!(found == whole, "{} bytes", found.len());
            new += 1;
        }
    }
    assert!(old > 0, "no kill came before the end");
    println!("copies: {kills} kills, {old} old files, {new} whole new ones, none lost");
    // and nothing is left of the killed ones
    assert!(emu704(at, &convert).status().unwrap().success());
    assert_eq!(std::fs::read_dir(at).unwrap().count(), 2);
}

#[test]
fn a_reel_without_the_ring_is_never_touched() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("reel.tap");
    old_reel(&path);
    let old = std::fs::read(&path).unwrap();
    std::fs::write(directory.path().join("writer.oct"), WRITER).unwrap();
    let arguments = ["run", "writer.oct", "--tape", "1=reel.tap", "--limit", "1000000"];
    let status = emu704(directory.path(), &arguments).status().unwrap();
    assert!(!status.success());
    assert_eq!(std::fs::read(&path).unwrap(), old);
}
