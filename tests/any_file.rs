//! Any file given to any command: it is taken for what its bytes say, or refused by its name, and never harmed.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use asm704::media::tape::{Item, Mode, Record, TapeFormat, encode, frame};
use flate2::Compression;
use flate2::write::GzEncoder;

const SOURCE: &str =
    "       ORG 64\nSTART  CLA TWO\n       ADD TWO\n       HTR START\nTWO    DEC 2\n       END START\n";
const SUM: &str = "AC +00 000000000004";

fn emu704(directory: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_emu704")).current_dir(directory).args(args).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The program as source, core image, deck and reel.
fn folder() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let options = asm704::assemble::Options::default();
    let output = asm704::assemble::assemble_with(SOURCE, &options, &mut |_| None);
    let image = output.core_image().collect();
    let cards = asm704::self_loading::deck(&image, output.start()).unwrap();
    let items = asm704::self_loading::reel(&image, output.start()).unwrap();
    std::fs::write(at.join("source"), SOURCE).unwrap();
    std::fs::write(at.join("image"), asm704::deck::to_oct(image, output.start())).unwrap();
    std::fs::write(at.join("deck"), asm704::deck::to_cbn(&cards)).unwrap();
    std::fs::write(at.join("words"), asm704::deck::to_words(&cards)).unwrap();
    for (name, form) in [("reel", TapeFormat::Simh), ("reel7", TapeFormat::P7b)] {
        let bytes: Vec<u8> = items.iter().flat_map(|item| encode(form, item, 0).unwrap()).collect();
        std::fs::write(at.join(name), bytes).unwrap();
    }
    std::fs::write(at.join("job"), "program = \"deck\"\n").unwrap();
    directory
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn a_program_runs_by_any_name() {
    let directory = folder();
    let at = directory.path();
    for name in ["source", "image", "deck", "words", "reel", "reel7", "job"] {
        let bytes = std::fs::read(at.join(name)).unwrap();
        for ending in ["", ".dck", ".tp", ".bin", ".tape", ".ckpt", ".tap", ".oct", ".gz", ".cbn.gz"] {
            // the name decides between a deck and a reel in P7B, where nothing else does
            if (name == "deck") == (ending == ".tap") && name.starts_with("deck") {
                continue;
            }
            let file = format!("x{ending}");
            let packed = std::path::Path::new(&file).extension().is_some_and(|e| e == "gz");
            std::fs::write(at.join(&file), if packed { gzip(&bytes) } else { bytes.clone() }).unwrap();
            let output = emu704(at, &["run", &file]);
            let told = told(&output);
            assert!(output.status.code() == Some(0) && told.contains(SUM), "{name}{ending}: {told}");
        }
    }
}

#[test]
fn a_program_comes_by_standard_input() {
    let directory = folder();
    for name in ["source", "image", "deck", "reel", "job"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_emu704"))
            .current_dir(directory.path())
            .args(["run", "-"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let bytes = std::fs::read(directory.path().join(name)).unwrap();
        child.stdin.take().unwrap().write_all(&bytes).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(told(&output).contains(SUM), "{name}: {}", told(&output));
    }
}

#[test]
fn a_file_in_the_wrong_place_is_called_by_its_name() {
    let directory = folder();
    let at = directory.path();
    std::fs::write(at.join("p.pdf"), "%PDF-1.4\n").unwrap();
    std::fs::write(at.join("fap"), "       COUNT 9\n       TCOA *\n       RTBA 1\n       RCHA X\n").unwrap();
    std::fs::write(at.join("blank"), "").unwrap();
    std::fs::write(at.join("marks"), [0; 8]).unwrap();
    for (args, code, expected) in [
        (
            &["run", "--cards", "reel", "--load", "cards"][..],
            6,
            "it is a reel in the form SIMH .tap, expected a deck",
        ),
        (&["run", "source", "--tape", "1=image"], 6, "it is a core image"),
        (&["run", "source", "--drum", "1=reel"], 6, "it is a reel in the form SIMH .tap, expected a drum"),
        (&["run", "p.pdf"], 6, "it is a PDF document"),
        (&["run", "source", "--tape", "1=p.pdf"], 6, "it is a PDF document"),
        (&["run", "fap"], 6, "COUNT, TCOA, RTBA, RCHA are operations"),
        (&["run", "blank"], 6, "a blank reel"),
        (&["run", "--tape", "1=blank", "--load", "tape"], 6, "blank: the reel on tape 1 is blank"),
        (&["run", "--tape", "1=marks", "--load", "tape"], 6, "marks: the reel on tape 1 is blank"),
        (&["deck", "ls", "reel"], 6, "it is a reel in the form SIMH .tap, expected a deck"),
        (&["deck", "ls", "job"], 6, "it is a job file"),
        (&["tape", "ls", "source"], 6, "it is source for asm704, expected a reel"),
        (&["drum", "dump", "deck"], 6, "it is a deck in column binary, expected a drum"),
        (&["disasm", "source"], 6, "it is source already"),
        (&["run", "."], 2, "is a directory"),
    ] {
        let output = emu704(at, args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", told(&output));
        assert!(told(&output).contains(expected), "{args:?}: {}", told(&output));
        assert_eq!(told(&output).lines().count(), 1, "{args:?}: {}", told(&output));
    }
}

/// The place decides, and both readings are named; a name that agrees needs no word.
#[test]
fn both_readings_are_named() {
    let directory = folder();
    let at = directory.path();
    std::fs::copy(at.join("deck"), at.join("d.dck")).unwrap();
    std::fs::copy(at.join("deck"), at.join("d.cbn")).unwrap();
    for args in
        [&["run", "d.dck"][..], &["deck", "ls", "d.dck"], &["run", "--cards", "d.dck", "--load", "cards"]]
    {
        let told = told(&emu704(at, args));
        assert!(told.contains("d.dck: taken for a deck in column binary"), "{args:?}: {told}");
        assert!(told.contains("a reel in the form P7B, too"), "{args:?}: {told}");
    }
    for args in [&["run", "source", "--tape", "2=d.dck"][..], &["tape", "ls", "d.cbn"]] {
        let told = told(&emu704(at, args));
        assert!(told.contains("taken for a reel in the form P7B"), "{args:?}: {told}");
    }
    assert!(!told(&emu704(at, &["run", "d.cbn"])).contains("taken for"));
}

/// What is no well-formed image to its last byte is not written to, unless told so; nor is what is compressed.
#[test]
fn the_ring_never_harms_a_file_that_is_no_whole_image() {
    let directory = folder();
    let at = directory.path();
    let reel = std::fs::read(at.join("reel")).unwrap();
    let end = [0xff_u8; 4];
    let tape = [&[0_u8; 64][..], b"\x81\x92\x13\x7f\x81\x05"].concat();
    let no: [(&str, Vec<u8>); 7] = [
        ("text behind the end", [&reel[..], &end, b"hello, world"].concat()),
        ("a byte behind the last record", [&reel[..], &[7]].concat()),
        ("a record that is cut off", reel[..reel.len() - 3].to_vec()),
        ("zeros and then paper tape", tape),
        ("marks, a record, and noise", [&[0; 8], &reel[..], b"\x07\x81\x93\x01\x55"].concat()),
        ("compressed", gzip(&reel)),
        ("a letter", b"Dear operator\n".to_vec()),
    ];
    // WTB 2, a word, and stop
    let writer = "W      WTB 2\n       CPY X\n       IOD\n       HTR W\nX      DEC 1\n       END W\n";
    std::fs::write(at.join("w.sap"), writer).unwrap();
    for (what, bytes) in no {
        std::fs::write(at.join("x.tap"), &bytes).unwrap();
        let output = emu704(at, &["run", "w.sap", "--tape", "2=x.tap", "--ring", "2"]);
        assert_eq!(output.status.code(), Some(6), "{what}: {}", told(&output));
        assert!(told(&output).contains("x.tap"), "{what}");
        assert_eq!(std::fs::read(at.join("x.tap")).unwrap(), bytes, "{what}");
        assert_eq!(
            emu704(at, &["tape", "verify", "x.tap"]).status.code(),
            Some(if what == "compressed" { 0 } else { 6 }),
            "{what}"
        );
        let forced = emu704(at, &["run", "w.sap", "--tape", "2=x.tap", "--ring", "2", "--force"]);
        assert_eq!(forced.status.code(), Some(0), "{what}: {}", told(&forced));
        assert_ne!(std::fs::read(at.join("x.tap")).unwrap(), bytes, "{what}");
    }
}

/// Damage of the recording is a 704's own business.
#[test]
fn a_damaged_recording_in_a_well_formed_file_is_written_to() {
    let directory = folder();
    let at = directory.path();
    let frames = |wrong: usize| -> Vec<u8> {
        (0..60).map(|n| frame(n, Mode::Binary) ^ if usize::from(n) < wrong { 0o100 } else { 0 }).collect()
    };
    let good = Item::Record(Record::new(frames(0)));
    let cases = [
        ("error bit", Item::Record(Record { frames: frames(0), error: true }), true),
        ("wrong parity", Item::Record(Record::new(frames(1))), true),
        ("a short last word", Item::Record(Record::new(frames(0)[..7].to_vec())), false),
        ("a gap", Item::Gap(400), false),
    ];
    for (what, item, damaged) in cases {
        for (name, form) in [("x.tap", TapeFormat::Simh), ("x.p7b", TapeFormat::P7b)] {
            let items = [good.clone(), item.clone(), good.clone(), Item::Mark];
            let bytes: Vec<u8> = items.iter().flat_map(|item| encode(form, item, 0).unwrap()).collect();
            for tail in [&[][..], if form == TapeFormat::P7b { &[0; 9] } else { &[0xff; 4] }] {
                std::fs::write(at.join(name), [&bytes[..], tail].concat()).unwrap();
                let output = emu704(at, &["run", "source", "--tape", &format!("2={name}"), "--ring", "2"]);
                assert_eq!(output.status.code(), Some(0), "{what} {name}: {}", told(&output));
                let verified = emu704(at, &["tape", "verify", name]);
                let said = String::from_utf8(verified.stdout).unwrap();
                assert!(!said.contains("defect of the file"), "{what} {name}: {said}");
                if damaged && (form == TapeFormat::Simh || what == "wrong parity") {
                    assert!(
                        said.contains("damage of the recording, in a well-formed file"),
                        "{what} {name}: {said}"
                    );
                    assert_eq!(verified.status.code(), Some(6));
                }
            }
        }
    }
}

#[test]
fn a_bomb_in_gzip_is_refused() {
    let directory = folder();
    // 300 MB of zeros in 300 kB
    std::fs::write(directory.path().join("bomb.gz"), gzip(&vec![0; 300 << 20])).unwrap();
    for args in [
        &["run", "source", "--cards", "bomb.gz"][..],
        &["deck", "ls", "bomb.gz"],
        &["drum", "dump", "bomb.gz"],
    ] {
        let output = emu704(directory.path(), args);
        assert!(told(&output).contains("expected at most"), "{args:?}: {}", told(&output));
    }
}

#[cfg(unix)]
#[test]
fn five_gigabytes_of_nothing_are_refused_at_once() {
    let directory = folder();
    let big = std::fs::File::create(directory.path().join("big")).unwrap();
    big.set_len(5 << 30).unwrap();
    for args in [
        &["run", "big"][..],
        &["tape", "ls", "big"],
        &["deck", "ls", "big"],
        &["run", "source", "--cards", "big"],
    ] {
        let output = emu704(directory.path(), args);
        assert!(matches!(output.status.code(), Some(2 | 6)), "{args:?}");
        assert_eq!(told(&output).lines().count(), 1, "{args:?}: {}", told(&output));
    }
}

/// The label says how much core the checkpoint is of; a core that was named wins.
#[test]
fn core_is_chosen_from_a_checkpoint() {
    let directory = folder();
    let reel = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tapes/small-4k.tap");
    for name in ["c.ckpt", "c"] {
        std::fs::copy(&reel, directory.path().join(name)).unwrap();
        let output = emu704(directory.path(), &["run", name, "--limit", "100"]);
        assert!(told(&output).contains("checkpoint of 4096 words of core"), "{}", told(&output));
        assert!(told(&output).contains("core of 4k, as its label says"), "{}", told(&output));
        // a larger core than it needs takes it, and nothing is said
        let output = emu704(directory.path(), &["run", name, "--limit", "100", "--core", "8k"]);
        assert!(!told(&output).contains("core of"), "{}", told(&output));
        let output = emu704(directory.path(), &["run", name, "--limit", "100", "--core", "4k"]);
        assert!(!told(&output).contains("core of 4k"), "{}", told(&output));
        // on a unit, not loaded: nothing is chosen
        let output = emu704(directory.path(), &["run", "source", "--tape", &format!("1={name}")]);
        assert!(!told(&output).contains("checkpoint"), "{}", told(&output));
    }
}

#[test]
fn a_reel_too_short_names_the_figure() {
    let directory = folder();
    let at = directory.path();
    let writer = "W      WTB 2\n       CPY X\n       TRA W\nX      DEC 1\n       END W\n";
    std::fs::write(at.join("w.sap"), writer).unwrap();
    let output = emu704(
        at,
        &["run", "w.sap", "--ring", "2", "--figure", "tape.reel=10ft", "--figure", "tape.beyond-reel=1ft"],
    );
    assert!(told(&output).contains("--figure tape.reel="), "{}", told(&output));
    assert!(told(&output).contains("at 11 feet"), "{}", told(&output));
    std::fs::write(at.join("e.oct"), "# start 00100\n00100 056400000100\n").unwrap();
    assert!(told(&emu704(at, &["run", "e.oct"])).contains("ENB on a 709"));
}

#[test]
fn more_cards_than_a_reel_has_room_for_get_a_warning() {
    let directory = folder();
    let at = directory.path();
    std::fs::write(at.join("cards.txt"), "A CARD\n".repeat(25_000)).unwrap();
    let output = emu704(at, &["deck", "to-tape", "cards.txt", "-o", "c.tap"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(told(&output).contains("more than a reel of 2400 feet"), "{}", told(&output));
}

/// Files of zeros are reels of marks by chance; an empty drum is one, too.
#[test]
fn a_drum_is_not_written_as_a_reel() {
    let directory = folder();
    let at = directory.path();
    let writer = "W      WTB 2\n       CPY X\n       IOD\n       HTR W\nX      DEC 1\n       END W\n";
    std::fs::write(at.join("w.sap"), writer).unwrap();
    let made = emu704(at, &["run", "w.sap", "--drum", "1=d", "--tape", "2=new.tap", "--ring", "2"]);
    assert_eq!(made.status.code(), Some(0), "{}", told(&made));
    std::fs::write(at.join("byte"), [0]).unwrap();
    for (name, expected) in
        [("d", "10240 zeros are a drum as --drum makes it"), ("byte", "nothing but zeros")]
    {
        let before = std::fs::read(at.join(name)).unwrap();
        let tape = format!("2={name}");
        let output = emu704(at, &["run", "w.sap", "--tape", &tape, "--ring", "2"]);
        assert_eq!(output.status.code(), Some(6), "{name}: {}", told(&output));
        assert!(told(&output).contains(expected), "{name}: {}", told(&output));
        assert_eq!(std::fs::read(at.join(name)).unwrap(), before);
    }
}

/// What follows the end of gzip is told, or the file is refused; it is never lost without a word.
#[test]
fn what_stands_behind_gzip_is_told() {
    let directory = folder();
    let at = directory.path();
    let reel = std::fs::read(at.join("reel")).unwrap();
    std::fs::write(at.join("r.gz"), [&gzip(&reel)[..], b"more"].concat()).unwrap();
    std::fs::write(
        at.join("s.gz"),
        [&gzip(&std::fs::read(at.join("source")).unwrap())[..], b"more"].concat(),
    )
    .unwrap();
    std::fs::write(at.join("padded.gz"), [&gzip(&reel)[..], &[0; 512]].concat()).unwrap();
    let said = "r.gz: not read: 4 bytes behind the end of what is compressed with gzip";
    for args in [&["tape", "ls", "r.gz"][..], &["run", "source", "--tape", "2=r.gz"]] {
        let output = emu704(at, args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", told(&output));
        assert_eq!(told(&output).matches(said).count(), 1, "{args:?}: {}", told(&output));
    }
    let output = emu704(at, &["run", "source", "--cards", "s.gz"]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains("4 bytes follow its end"), "{}", told(&output));
    assert!(!told(&emu704(at, &["tape", "ls", "padded.gz"])).contains("not read"));
    std::fs::write(at.join("gg"), gzip(&gzip(&reel))).unwrap();
    let output = emu704(at, &["tape", "ls", "gg"]);
    assert!(told(&output).contains("gg: gzip in gzip: gunzip it once"), "{}", told(&output));
}
