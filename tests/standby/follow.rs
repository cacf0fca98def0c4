//! `emu704 tape follow` alone: what reaches the copy, and when; what does not; how it ends.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::Duration;

use asm704::media::tape::{Item, Mode, TapeFormat, TapeImage, record_from_words};
use emu704::reels::Reels;
use emu704::{CoreSize, StopKind};

use super::{Process, complete, until};
use crate::common::{assemble, machine_with, run, text};

/// The reels that squares.sap has written behind its calls: two checkpoints of 4,096 words.
pub(super) fn checkpoints() -> [Vec<u8>; 2] {
    let mut machine = machine_with(&assemble(&text("programs/squares.sap")), CoreSize::K4);
    let mut mounts = Reels::new();
    mounts.mount_memory(1, Vec::new(), true).unwrap();
    [360_000, 360_000].map(|cycles| {
        assert_eq!(run(&mut machine, &mut mounts, cycles).kind, StopKind::Limit);
        let reel = mounts.bytes(1).unwrap();
        assert_eq!(complete(&reel), Some(1));
        reel
    })
}

/// A record of so many words in SIMH's form.
fn record(words: usize, form: TapeFormat) -> Vec<u8> {
    let words: Vec<asm704::Word> = (0..words as u64).map(asm704::Word::new).collect();
    let mut image = TapeImage::create(Vec::new(), form).unwrap();
    image.write(0, &Item::Record(record_from_words(&words, Mode::Binary))).unwrap();
    image.into_store()
}

fn follow(folder: &Path, more: &str) -> Process {
    Process::words(folder, &format!("tape follow source.tap dest.tap --every 1 {more}"))
}

/// Long enough for a hundred looks.
fn a_while() {
    std::thread::sleep(Duration::from_millis(150));
}

#[test]
fn whole_records_reach_the_copy_and_no_half_one() {
    let folder = tempfile::tempdir().unwrap();
    let (source, dest) = (folder.path().join("source.tap"), folder.path().join("dest.tap"));
    let copy = || fs::read(&dest).unwrap_or_default();
    let mut follower = follow(folder.path(), "");
    // the source comes later
    follower.said("source.tap: is not there; waiting for it");
    let reel = [record(3, TapeFormat::Simh), record(5, TapeFormat::Simh)].concat();
    for cut in 0..=reel.len() {
        fs::write(&source, &reel[..cut]).unwrap();
        let whole = match cut {
            0..26 => 0,
            26..64 => 26,
            _ => 64,
        };
        until(&format!("{whole} bytes of {cut}"), || copy().len() >= whole);
        if [25, 63].contains(&cut) {
            a_while();
        }
        assert!(copy() == reel[..whole], "{cut}");
    }
    // a look does not touch it
    let before = fs::metadata(&source).unwrap();
    a_while();
    let after = fs::metadata(&source).unwrap();
    assert_eq!((before.mtime_nsec(), before.ctime_nsec()), (after.mtime_nsec(), after.ctime_nsec()));
    assert_eq!(fs::read(&source).unwrap(), reel);
    // what has no checkpoint is as good as another reel of that kind
    fs::write(&source, &reel[..26]).unwrap();
    until("the shorter reel", || copy().len() == 26);
    follower.signal("-INT");
    assert_eq!(follower.end().0.code(), Some(130));
    assert!(follower.errors().contains("dest.tap: copied 3 times; has 1 record"), "{}", follower.errors());
}

/// Rewound, cut, rewritten in place with the same length, replaced: a complete checkpoint is always there.
#[test]
fn a_complete_checkpoint_gives_way_to_another_only() {
    let folder = tempfile::tempdir().unwrap();
    let (source, dest) = (folder.path().join("source.tap"), folder.path().join("dest.tap"));
    let [one, two] = checkpoints();
    assert_eq!(one.len(), two.len());
    let keeps = |reel: &[u8], what: &str| {
        a_while();
        assert!(fs::read(&dest).unwrap() == reel, "{what}");
    };
    let becomes = |reel: &[u8], what: &str| {
        until(what, || {
            let now = fs::read(&dest).unwrap_or_default();
            assert!(now.is_empty() || complete(&now) >= Some(1), "{what}");
            now == reel
        });
    };
    let write = |bytes: &[u8]| fs::write(&source, bytes).unwrap();
    write(&one);
    let mut follower = follow(folder.path(), "");
    becomes(&one, "the first");
    let file = fs::metadata(&source).unwrap().ino();
    write(&[]);
    keeps(&one, "blank");
    write(&two[..two.len() - 1]);
    keeps(&one, "all but a byte");
    follower
        .said("has no complete checkpoint now; dest.tap keeps 1 record, of which 1 is a complete checkpoint");
    // half old, half new, and as long as a whole record
    write(&[&two[..9_000], &one[9_000..]].concat());
    keeps(&one, "halves of two");
    write(&two);
    becomes(&two, "the second in the place of the first");
    assert_eq!(fs::metadata(&source).unwrap().ino(), file);
    // replaced by rename: first by what is no checkpoint
    let beside = folder.path().join("beside");
    let replace = |bytes: &[u8]| {
        fs::write(&beside, bytes).unwrap();
        fs::rename(&beside, &source).unwrap();
    };
    replace(&record(4_000, TapeFormat::Simh));
    keeps(&two, "another reel");
    replace(b"no reel at all, but a letter to somebody\n");
    keeps(&two, "a letter");
    replace(&one);
    becomes(&one, "the first again");
    // it grows, by a cut record at last
    let grown = [&one[..], &two, &record(7, TapeFormat::Simh)].concat();
    fs::write(&source, [&grown[..], &two[..77]].concat()).unwrap();
    becomes(&grown, "all that is whole");
    fs::remove_file(&source).unwrap();
    keeps(&grown, "deleted");
    replace(&two);
    becomes(&two, "it comes again");
    follower.signal("-TERM");
    assert_eq!(follower.end().0.code(), Some(130));
    assert!(super::half_made(folder.path(), "dest.tap").is_empty());
}

/// A follower that starts again holds what its predecessor held.
#[test]
fn what_an_earlier_follower_held_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let (source, dest) = (folder.path().join("source.tap"), folder.path().join("dest.tap"));
    let [one, two] = checkpoints();
    fs::write(&dest, &one).unwrap();
    fs::write(&source, record(9, TapeFormat::Simh)).unwrap();
    // what a killed one left
    let left = folder.path().join(".dest.tap.abc123.new");
    fs::write(&left, &two[..100]).unwrap();
    let mut follower = follow(folder.path(), "--idle 0.1");
    assert_eq!(follower.end().0.code(), Some(0));
    assert!(
        follower.errors().contains("dest.tap: holds 1 record, of which 1 is a complete checkpoint already")
    );
    assert!(fs::read(&dest).unwrap() == one && !left.exists());
    fs::write(&source, &two).unwrap();
    assert_eq!(follow(folder.path(), "--idle 0.1").end().0.code(), Some(0));
    assert!(fs::read(&dest).unwrap() == two);
}

#[test]
fn how_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source.tap");
    // nothing came
    let mut follower = follow(folder.path(), "--idle 0.1");
    assert_eq!(follower.end().0.code(), Some(6), "{}", follower.errors());
    // no record is whole
    fs::write(&source, &record(5, TapeFormat::Simh)[..20]).unwrap();
    let mut follower = follow(folder.path(), "--idle 0.1");
    assert_eq!(follower.end().0.code(), Some(6));
    assert!(
        follower.errors().contains("source.tap: its last 20 bytes are no whole record"),
        "{}",
        follower.errors()
    );
    // one is, and another is not
    let reel = [record(5, TapeFormat::Simh), record(5, TapeFormat::Simh)[..20].to_vec()].concat();
    fs::write(&source, reel).unwrap();
    let (status, out) = follow(folder.path(), "--idle 0.1 --json").end();
    assert_eq!(status.code(), Some(0));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        json,
        serde_json::json!({"version": 1, "source": "source.tap", "file": "dest.tap", "records": 1,
            "checkpoints": 0, "copies": 1, "left_out": 20})
    );
}

#[test]
fn what_it_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let [one, _] = checkpoints();
    fs::write(at("source.tap"), &one).unwrap();
    fs::write(at("letter"), "DEAR SIR, THIS IS NO REEL\n").unwrap();
    fs::create_dir(at("folder")).unwrap();
    fs::hard_link(at("source.tap"), at("hard")).unwrap();
    std::os::unix::fs::symlink("source.tap", at("soft")).unwrap();
    let refuses = |words: &str, code: i32, told: &str| {
        let mut follower = Process::words(folder.path(), &format!("tape follow {words} --every 5"));
        let status = follower.end().0;
        let errors = follower.errors();
        assert!(status.code() == Some(code) && errors.contains(told), "{words}: {status} {errors}");
        assert!(fs::read(at("source.tap")).unwrap() == one, "{words}");
    };
    for name in ["source.tap", "./source.tap", "hard", "soft"] {
        refuses(&format!("source.tap {name}"), 2, "name another file");
    }
    refuses("missing missing", 2, "name another file");
    refuses("- dest", 2, "expected a file");
    refuses("source.tap -", 2, "expected a file");
    refuses("folder dest", 2, "folder");
    refuses("source.tap folder", 2, "is a directory");
    refuses("source.tap missing/dest", 2, "missing/dest");
    // somebody's file is not written over
    refuses("source.tap letter", 6, "letter");
    assert_eq!(fs::read(at("letter")).unwrap(), b"DEAR SIR, THIS IS NO REEL\n");
    refuses("source.tap dest --idle soon", 2, "expected a number of seconds");
    // a file that its owner has protected; nobody protects one from root
    fs::write(at("protected"), &one).unwrap();
    fs::set_permissions(at("protected"), std::os::unix::fs::PermissionsExt::from_mode(0o444)).unwrap();
    if fs::OpenOptions::new().append(true).open(at("protected")).is_err() {
        refuses("source.tap protected", 2, "protected");
    }
    // two who would write one copy
    let mut first = Process::words(folder.path(), "tape follow source.tap dest");
    first.said("dest: has 1 record");
    refuses("source.tap dest", 2, "another process is writing it");
}

/// On a full disk the copy stays what it was, and the command says so and ends.
#[test]
fn a_full_disk_costs_no_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let (source, dest) = (folder.path().join("source.tap"), folder.path().join("dest.tap"));
    let [one, two] = checkpoints();
    fs::write(&dest, &one).unwrap();
    fs::write(&source, [&two[..], &one].concat()).unwrap();
    // 32 blocks of 512 or 1,024 bytes
    let script = "ulimit -f 32; exec \"$0\" tape follow source.tap dest.tap --idle 0.1";
    let mut command = std::process::Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_emu704")]).current_dir(folder.path());
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("dest.tap: cannot write") && errors.contains("it keeps 1 record"), "{errors}");
    assert!(fs::read(&dest).unwrap() == one);
    assert!(super::half_made(folder.path(), "dest.tap").is_empty());
}

/// The other form that units write, and its end.
#[test]
fn a_reel_in_p7b() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut image = TapeImage::open(checkpoints()[0].clone()).unwrap();
    let Some((item, _)) = image.read_forward(0).unwrap() else { panic!("no record") };
    let mut reel = TapeImage::create(Vec::new(), TapeFormat::P7b).unwrap();
    reel.write(0, &item).unwrap();
    let reel = reel.into_store();
    let follower = Process::words(folder.path(), "tape follow s.p7b d.p7b --every 1");
    fs::write(at("s.p7b"), &reel[..reel.len() - 1]).unwrap();
    a_while();
    assert!(fs::read(at("d.p7b")).unwrap().is_empty());
    fs::write(at("s.p7b"), &reel).unwrap();
    // a complete checkpoint tells its end itself
    until("the record", || complete(&fs::read(at("d.p7b")).unwrap()) == Some(1));
    drop(follower);
}
