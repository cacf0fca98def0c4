//! Snapshots that somebody has made up, and those of older programs.

use emu704::snapshot::{Fingerprint, SavedReel, Snapshot, SnapshotError};
use serde_json::{Value, json};

use super::*;

type Change = fn(&mut Value);

/// A snapshot in the middle of a reel, and the file of the reel.
fn saved() -> (Place, Value) {
    let place = Place::new(&[(3, "r.tap", reel(TapeFormat::Simh, Mode::Bcd, 20), true)], true);
    let mut room = place.room(COUNT);
    room.run_until(6000).unwrap();
    let text = save(&room.snapshot().unwrap()).unwrap();
    (place, serde_json::from_str(&text).unwrap())
}

/// With a good checksum, as docs/snapshots.md has it.
fn forged(file: &Value, change: impl FnOnce(&mut Value)) -> String {
    let mut file = file.clone();
    change(&mut file["reel_states"]["units"]);
    let units = file["reel_states"]["units"].to_string();
    file["reel_states"]["checksum"] = Fingerprint::of(units.as_bytes()).to_string().into();
    file.to_string()
}

#[test]
fn what_no_reel_can_be_is_refused() {
    let (_place, file) = saved();
    assert!(load(&forged(&file, |_| {})).is_ok());
    let length = file["reel_states"]["units"]["3"]["length"].as_u64().unwrap();
    let changes: [(&str, Change); 9] = [
        ("passed = -1", |units| units["3"]["passed"] = json!(-1)),
        ("passed = 0", |units| units["3"]["passed"] = json!(0)),
        ("passed = all", |units| units["3"]["passed"] = json!(u64::MAX)),
        ("length = 0", |units| units["3"]["length"] = json!(0)),
        ("form", |units| units["3"]["form"] = json!("paper")),
        ("contents of letters", |units| units["5"]["contents"] = json!("zz")),
        ("half a byte", |units| units["5"]["contents"] = json!("0")),
        ("contents longer", |units| units["5"]["contents"] = json!("00")),
        ("another unit", |units| units["11"] = units["3"].clone()),
    ];
    for (what, change) in changes {
        assert!(load(&forged(&file, change)).is_err(), "{what}");
    }
    // they have a checksum of their own
    let changed = file.to_string().replace(&format!("\"length\":{length}"), "\"length\":9999");
    assert!(matches!(load(&changed), Err(SnapshotError::ReelsChecksum { .. })));
}

/// What can be loaded, but is not on any reel, is refused by the restore or stops the machine.
#[test]
fn fingerprints_that_are_wrong_are_refused_by_the_restore() {
    let (place, file) = saved();
    let text = forged(&file, |units| units["3"]["before"] = json!("0"));
    let error = restore(&mut empty_room(), &text, &place).unwrap_err();
    assert!(error.to_string().contains("before byte"), "{error}");
    let text = forged(&file, |units| units["5"]["contents"] = json!("00"));
    assert!(load(&text).is_err());
    // contents that are no tape at all
    let bytes = [0o377; 3];
    let text = forged(&file, |units| {
        units["5"]["contents"] = json!("ffffff");
        units["5"]["length"] = json!(3);
        units["5"]["whole"] = json!(Fingerprint::of(&bytes).to_string());
        units["5"]["ring"] = json!(false);
    });
    let mut room = empty_room();
    restore(&mut room, &text, &place).unwrap();
    room.load_sap("START  RTB 5\n       CPY 100\n       HTR 0\n       END START\n").unwrap();
    assert_ne!(room.run().unwrap().kind, StopKind::Limit);
}

/// The form as it was before it told of reels: their names only.
#[test]
fn an_older_snapshot_mounts_what_it_names() {
    let (place, mut file) = saved();
    file.as_object_mut().unwrap().remove("reel_states");
    let mut room = empty_room();
    let said = restore(&mut room, &file.to_string(), &place).unwrap();
    assert!(said[0].contains("it is not known whether it has changed"), "{said:?}");
    assert!(said[1].contains("the ring is out"), "{said:?}");
    assert!(said[2].contains("a scratch reel was there: the snapshot does not hold"), "{said:?}");
    room.go();
    room.run().unwrap();
    assert_eq!(room.machine.cpu.xr[0], 20);
    // one with another length of its records
    let other = reel(TapeFormat::Simh, Mode::Binary, 20);
    fs::write(place.path("r.tap"), &other[12..]).unwrap();
    assert!(restore(&mut empty_room(), &file.to_string(), &place).is_err());
}

/// Reading a pipe would wait forever.
#[cfg(unix)]
#[test]
fn a_pipe_is_not_opened() {
    let (place, file) = saved();
    fs::remove_file(place.path("r.tap")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(place.path("r.tap")).status().unwrap();
    assert!(made.success());
    let said = restore(&mut empty_room(), &file.to_string(), &place).unwrap();
    assert!(said.iter().any(|line| line.contains("it is not a file")), "{said:?}");
}

/// A terminal obeys no name of a file.
#[test]
fn a_name_with_control_characters_is_shown_as_text() {
    let folder = tempfile::tempdir().unwrap();
    let label = "\u{1b}[2J.tap".to_owned();
    fs::write(folder.path().join(&label), "no reel").unwrap();
    for name in [label, "away\u{7}.tap".to_owned()] {
        let machine = Machine::new(Config::with_core(CoreSize::K4));
        let reel = SavedReel { label: name, state: None };
        let text = save(&Snapshot { reels: [(3, reel)].into(), machine }).unwrap();
        fs::write(folder.path().join("s.json"), text).unwrap();
        let (_, said) = monitor(folder.path(), "restore s.json\n", &[]);
        assert!(said.contains(".tap") && !said.contains(['\u{1b}', '\u{7}']), "{said:?}");
    }
}
