//! Reels that are not what they were when the machine was saved.

use std::fs;

use super::*;

/// A folder with a program, a reel of 20 records on tape 3, and a snapshot of the machine in the middle of it.
fn saved(ring: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.sap"), COUNT).unwrap();
    fs::write(folder.path().join("r.tap"), reel(TapeFormat::Simh, Mode::Bcd, 20)).unwrap();
    let mut args = vec!["p.sap", "--tape", "3=r.tap"];
    if ring {
        args.extend(["--ring", "3"]);
    }
    let (code, said) = monitor(folder.path(), "run 6000\nsave s.json\n", &args);
    assert_eq!(code, 0, "{said}");
    folder
}

fn change(folder: &tempfile::TempDir, change: impl FnOnce(&mut Vec<u8>)) {
    let path = folder.path().join("r.tap");
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_reel_that_has_changed_before_the_tape_is_refused() {
    let folder = saved(false);
    // the first character of the first record
    change(&folder, |bytes| bytes[4] ^= 0o3);
    let script = "run 5\nexamine ic\nrestore s.json\nexpect cycles 6\nexpect ic 103\ntapes\n";
    fs::write(
        folder.path().join("q.sap"),
        "       ORG 64\nSTART  CLA 0\n       CLA 0\n       CLA 0\n       HTR START\n       END START\n",
    )
    .unwrap();
    let (code, said) = monitor(folder.path(), script, &["q.sap", "--tape", "2=r.tap"]);
    assert_eq!(code, 1);
    assert_eq!(said.matches("? script:").count(), 1, "the session is as it was: {said}");
    assert!(
        said.contains("? script:3: r.tap: the reel has changed since the machine was saved, before byte "),
        "{said}"
    );
    assert!(said.contains("the fingerprint of these bytes is ") && said.contains(", expected "), "{said}");
    assert!(said.contains(" 2 r.tap  0.0 ft"), "the reel stays on its unit: {said}");
}

#[test]
fn a_reel_that_has_been_cut_off_before_the_tape_is_refused() {
    let folder = saved(false);
    change(&folder, |bytes| bytes.truncate(10));
    let (code, said) = monitor(folder.path(), "restore s.json\n", &[]);
    assert_eq!(code, 1);
    assert!(said.contains("the file has 10 bytes, expected "), "{said}");
}

#[test]
fn a_reel_that_has_changed_behind_the_tape_is_reported() {
    let folder = saved(true);
    // one record less, and the mark
    change(&folder, |bytes| *bytes = reel(TapeFormat::Simh, Mode::Bcd, 19));
    let (code, said) = monitor(folder.path(), "restore s.json\ngo\nexpect xra 23\n", &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("tape 3: r.tap has changed since the machine was saved: after byte "), "{said}");
    assert!(said.contains("stays out, so that nothing is written over what has changed"), "{said}");
    assert!(said.contains("feet, the ring is out\n"), "{said}");
    // who puts the ring in himself means it
    let script = "mount 3 r.tap ring\nrestore s.json\ngo\nexpect xra 23\n";
    let (code, said) = monitor(folder.path(), script, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("r.tap has changed") && said.contains("feet, the ring is in\n"), "{said}");
}

#[test]
fn a_reel_that_is_missing_is_named_and_its_unit_is_empty() {
    let folder = saved(false);
    fs::rename(folder.path().join("r.tap"), folder.path().join("away.tap")).unwrap();
    let script = "restore s.json\nexpect xra 2\ngo\nexpect stop waiting\n";
    let (_, said) = monitor(folder.path(), script, &["--tape", "3=away.tap"]);
    assert!(said.contains("tape 3 is empty; r.tap was there: the file is missing"), "{said}");
    assert!(said.contains("no reel is mounted on tape 3"), "{said}");
}

/// The ring goes in again, but not into a file somewhere else.
#[test]
fn the_ring_goes_in_only_near_the_snapshot() {
    let folder = saved(true);
    let (code, said) = monitor(folder.path(), "restore s.json\ntapes\n", &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("feet, the ring is in\n"), "{said}");
    // the session has it with its ring already, on this or another unit: it is locked once
    for tape in ["3", "7"] {
        let tapes = format!("{tape}=r.tap");
        let args = ["--tape", &tapes, "--ring", tape];
        let (code, said) = monitor(folder.path(), "restore s.json\ngo\nexpect xra 24\n", &args);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("tape 3: r.tap is mounted") && !said.contains("tape 7"), "{said}");
    }

    let elsewhere = tempfile::tempdir().unwrap();
    let place = elsewhere.path().join("r.tap");
    fs::write(&place, reel(TapeFormat::Simh, Mode::Bcd, 20)).unwrap();
    let tapes = format!("3={}", place.display());
    let (code, said) =
        monitor(folder.path(), "run 6000\nsave t.json\n", &["p.sap", "--tape", &tapes, "--ring", "3"]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = monitor(folder.path(), "restore t.json\ngo\nexpect xra 24\n", &[]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("stays out, because the file is neither in the folder of the snapshot"), "{said}");
    assert!(said.contains("feet, the ring is out\n"), "{said}");
}

/// As a session did that goes on writing after `save`, and takes the snapshot back.
#[test]
fn the_session_that_saved_goes_back_with_its_reels() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.sap"), COPY).unwrap();
    fs::write(folder.path().join("r.tap"), reel(TapeFormat::Simh, Mode::Binary, 12)).unwrap();
    let run = |script: &str| {
        fs::write(folder.path().join("w.tap"), "").unwrap();
        let args = ["p.sap", "--tape", "3=r.tap", "--tape", "4=w.tap", "--ring", "4", "--ring", "5"];
        let (code, said) = monitor(folder.path(), script, &args);
        assert_eq!(code, 0, "{said}");
        (fs::read(folder.path().join("w.tap")).unwrap(), said)
    };
    let (straight, _) = run("go\nexpect stop htr\n");
    let (again, said) = run("run 30000\nsave s.json\nrun 20000\nrestore s.json\ngo\nexpect stop htr\n");
    assert!(again == straight, "{said}");
    assert!(said.contains("w.tap has changed since the machine was saved: after byte "), "{said}");
    assert!(said.contains("tape 5: a scratch reel is mounted at "), "{said}");
    // from a look at the past as well
    let (again, said) =
        run("run 30000\nsave s.json\nrun 20000\nback 40\nrestore s.json\ngo\nexpect stop htr\n");
    assert!(again == straight, "{said}");
}
