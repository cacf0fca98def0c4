//! Files of a stranger: names and texts that a terminal would obey, and jobs that stay in their folder.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::process::Command;

use crate::kept::{ALL, emu704, program, told};

/// Names and texts of files with control characters: a terminal is sent none of them.
#[test]
fn no_command_for_images_sends_a_control_character_of_a_file() {
    const ESC: &str = "\u{1b}[31m\u{9b}2J";
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    program(folder.path(), "p.sap", ALL);
    let words = "run p.sap --tape 3=in.tap --ring 3 --punch deck.cbn --drum 1=drum -q";
    assert_eq!(emu704(folder.path(), words).status().unwrap().code(), Some(0));
    // a description of a reel, a private note of SIMH's extended form
    let mut reel = fs::read(at("in.tap")).unwrap();
    let note = "\u{1b}[31m";
    let marker = 0xe000_0000_u32 | note.len() as u32;
    let padded: Vec<u8> = note.bytes().chain((note.len() % 2 == 1).then_some(0)).collect();
    let mut noted = [&marker.to_le_bytes()[..], &padded, &marker.to_le_bytes()].concat();
    noted.append(&mut reel);
    let (reel, deck, drum) = (format!("r{ESC}.tap"), format!("d{ESC}.cbn"), format!("m{ESC}"));
    fs::write(at(&reel), &noted).unwrap();
    fs::rename(at("deck.cbn"), at(&deck)).unwrap();
    fs::rename(at("drum"), at(&drum)).unwrap();
    fs::write(at(&format!("bad{ESC}.txt")), format!("704 reel text 1\n{ESC}\n")).unwrap();
    fs::write(at(&format!("t{ESC}.txt")), format!("A{ESC}\n")).unwrap();
    fs::write(at(&format!("l{ESC}.txt")), "A CARD\n").unwrap();
    let x = |name: &str| name.replace('@', ESC);
    let mut named = 0;
    for words in [
        "tape ls r@.tap",
        "tape info r@.tap",
        "tape dump r@.tap",
        "tape verify r@.tap",
        "tape salvage r@.tap -o s@.tap",
        "tape diff r@.tap in.tap",
        "tape convert r@.tap --to p7b -o c@.p7b",
        "tape cut r@.tap --records 1 -o u@.tap",
        "tape join r@.tap in.tap -o j@.tap",
        "tape new -o n@.tap",
        "tape damage r@.tap --random 2 -o g@.tap",
        "tape print r@.tap",
        "tape undump bad@.txt -o b@.tap",
        "tape ls t@.txt",
        "deck ls d@.cbn",
        "deck ls t@.txt",
        "deck show d@.cbn",
        "deck read d@.cbn",
        "deck punch t@.txt -o p@.cbn",
        "deck punch l@.txt -o p@.cbn",
        "deck to-tape d@.cbn --to tap -o v@.tap",
        "deck from-tape r@.tap -o f@.cbn",
        "deck convert d@.cbn --to bin -o w@.bin",
        "drum dump m@",
        "drum undump bad@.txt -o q@",
        "disasm d@.cbn",
    ] {
        for json in [false, true] {
            let arguments = words.split_whitespace().map(x).chain(json.then(|| "--json".to_owned()));
            let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
            let output = command.current_dir(folder.path()).args(arguments).output().unwrap();
            let (out, told) = (String::from_utf8(output.stdout.clone()).unwrap(), told(&output));
            for text in [&out, &told] {
                let found = text.chars().find(|c| c.is_control() && !"\n\t\u{c}".contains(*c));
                assert_eq!(found, None, "{words} ({json}): {text}");
            }
            named += usize::from(out.contains("[31m") || told.contains("[31m"));
            assert!(json || !told.contains("Usage:"), "{words}: {told}");
            if json && output.status.success() {
                let document: serde_json::Value = serde_json::from_str(&out).unwrap();
                assert!(!document.to_string().is_empty());
            }
        }
    }
    assert!(named > 30, "only {named} of the commands have said a name");
    // what a dump shows of a note comes back
    let mut dump = Command::new(env!("CARGO_BIN_EXE_emu704"));
    let text = dump.current_dir(folder.path()).args(["tape", "dump", &reel]).output().unwrap().stdout;
    fs::write(at("dump.txt"), text).unwrap();
    let back = emu704(folder.path(), "tape undump dump.txt -o back.tap").status().unwrap();
    assert_eq!(back.code(), Some(0));
    assert!(fs::read(at("back.tap")).unwrap() == noted);
}

/// Names, lines and options with control characters, on everything that speaks to a person at the machine.
#[test]
fn no_control_character_of_a_name_or_a_line_comes_back() {
    const BAD: &str = "\u{1b}[31m\u{9b}2J\u{7f}\u{202e}\u{2066}\u{8}";
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name.replace('@', BAD));
    let wrong = "       ORG 64\nSTART  CLA TWO\n       END START\n";
    fs::write(at("wrong@.sap"), wrong).unwrap();
    fs::write(at("right@.sap"), wrong.replace("TWO", "64")).unwrap();
    fs::write(at("wrong@.ini"), "echo @\nfrob@\n".replace('@', BAD)).unwrap();
    let words = emu704::monitor::WORDS
        .iter()
        .map(|row| format!("{} @\n{} @ 5\n{} 100 @ x\n", row.word, row.word, row.word));
    // `quit` ends nothing here: it refuses what follows it
    let script =
        words.collect::<String>() + "@\n!@\nload wrong@.sap\nload right@.sap\nlist 100\ngo\ntrace off\n";
    let script = script.replace('@', BAD);
    fs::write(at("script@"), &script).unwrap();
    let mut escaped = 0;
    for line in [
        "monitor",
        "monitor --plain",
        "monitor right@.sap --script script@",
        "monitor wrong@.sap --ini --json",
        "run wrong@.sap",
        "run wrong@.sap --json",
        "run wrong@.sap --json --run-anyway",
        "run right@.sap --tape @",
        "run right@.sap --fault @",
        "run right@.sap --cards @",
        "run right@.sap --print @/x",
        "run @",
        "bench wrong@.sap",
        "bench wrong@.sap --json",
        "bench right@.sap --limit 100 --json",
        "tui wrong@.sap --picture p.txt --do load_@",
        "tui wrong@.sap --picture p@.txt",
        "disasm wrong@.sap",
        "completions @",
        "@",
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
        let arguments = line.split(' ').map(|word| word.replace('@', BAD));
        command.current_dir(folder.path()).args(arguments).stdin(fs::File::open(at("script@")).unwrap());
        let output = command.output().unwrap();
        let out = String::from_utf8(output.stdout.clone()).unwrap();
        let told = told(&output) + &out;
        let obeyed = told.chars().find(|c| asm704::visible::is_obeyed(*c) && !"\n\t".contains(*c));
        assert_eq!(obeyed, None, "{line}: {told:?}");
        escaped += usize::from(told.contains("2J"));
        if line.contains("--json") && !line.starts_with("monitor") {
            let document: serde_json::Value = serde_json::from_str(&out).expect(line);
            assert_eq!(document["version"], 1, "{line}");
        }
    }
    assert!(escaped >= 15, "only {escaped} have said a name");
    if let Ok(picture) = fs::read_to_string(at("p@.txt")) {
        assert!(!picture.contains(|c: char| asm704::visible::is_obeyed(c) && c != '\n'), "{picture}");
    }
}

#[test]
fn a_job_can_be_kept_in_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("job/film")).unwrap();
    fs::create_dir(at("job/sub")).unwrap();
    fs::create_dir(at("out")).unwrap();
    fs::write(at("victim"), "precious").unwrap();
    program(&at("job"), "p.sap", ALL);
    program(folder.path(), "p.sap", ALL);
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, at("job").join(name)).unwrap();
    link(&at("victim").display().to_string(), "link");
    link("../out", "folder");
    link("../nowhere", "dangling");
    link("p.sap", "good.sap");
    let absolute = format!("print = \"{}\"", at("victim").display());
    let run = |text: &str, more: &str| {
        fs::write(at("job/job.toml"), text).unwrap();
        let words = format!("run job/job.toml --keep-inside -q {more}");
        emu704(folder.path(), &words).output().unwrap()
    };
    for (key, line) in [
        ("print", "print = \"../victim\""),
        ("print", absolute.as_str()),
        ("print", "print = \"link\""),
        ("print", "print = \"folder/new\""),
        ("print", "print = \"dangling\""),
        ("print", "print = \"sub/../../new\""),
        ("print", "print = \"missing/../../new\""),
        ("print", "print = \"/dev/null\""),
        ("punch", "punch = \"../new\""),
        ("film", "film = \"../new\""),
        ("film", "film = \"folder\""),
        ("cards", "cards = [\"../victim\"]"),
        ("tape", "ring = [3]\ntape.3 = \"../new.tap\""),
        ("tape", "tape.3 = \"link\""),
        ("drum", "drum.1 = \"../new\""),
        ("operator", "[[operator]]\nat = 5\ndo = \"mount 3 out/new.tap ring\""),
        ("operator", "[[operator]]\nat = 5\ndo = \"mount cards victim\""),
        ("operator", "[[operator]]\nat = 5\ndo = \"mount drum 2 victim\""),
    ] {
        let output = run(&format!("program = \"p.sap\"\n{line}\n"), "");
        let text = told(&output);
        assert_eq!(output.status.code(), Some(2), "{line}: {text}");
        assert!(
            text.contains(&format!("job.toml: {key}: ")) && text.contains("--keep-inside"),
            "{line}: {text}"
        );
    }
    let output = run("program = \"../p.sap\"\n", "");
    assert!(told(&output).contains("program: ../p.sap: it leads to"), "{}", told(&output));
    // a link in the folder of the film, where a frame would be
    link(&at("victim").display().to_string(), "film/frame-0001.png");
    let output = run("program = \"p.sap\"\nfilm = \"film\"\n", "");
    assert!(told(&output).contains("frame-0001.png: it leads to"), "{}", told(&output));
    fs::remove_file(at("job/film/frame-0001.png")).unwrap();
    assert_eq!(fs::read(at("victim")).unwrap(), b"precious");
    assert_eq!(fs::read_dir(at("out")).unwrap().count(), 0);
    assert!(!at("new").exists() && !at("nowhere").exists());
    // what stays inside runs, and the command line may name what it likes
    let inside = "program = \"good.sap\"\nprint = \"sub/../paper\"\npunch = \"sub/deck.cbn\"\nfilm = \"film\"\n\
        ring = [3]\ntape.3 = \"new.tap\"\ndrum.1 = \"drum\"\n\
        [[operator]]\nat = 5\ndo = \"mount 5 job/other.tap ring\"\n";
    let output = run(inside, "--trace out/t");
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    for name in
        ["job/paper", "job/sub/deck.cbn", "job/film/frame-0001.png", "job/new.tap", "job/drum", "out/t"]
    {
        assert!(fs::metadata(at(name)).unwrap().len() > 0, "{name}");
    }
}

/// A card takes as much memory as any other, however short its line is; a mark of a sparse file as many bytes of a listing.
#[test]
fn a_small_file_does_not_become_a_large_deck_or_listing() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    program(folder.path(), "p.sap", ALL);
    for (name, bytes) in [
        ("blank.txt", b"\n".repeat(419_431)),
        ("ends.cbn", vec![0x8f; 419_431]),
        // a blank column of even parity, bit 7 on each
        ("bcd", vec![0x80 | 0o120; 419_431]),
    ] {
        fs::write(at(name), bytes).unwrap();
        for words in [format!("deck ls {name}"), format!("run p.sap --ring 3 --cards {name}")] {
            let output = emu704(folder.path(), &words).output().unwrap();
            assert_eq!(output.status.code(), Some(6), "{words}: {}", told(&output));
            let expected = format!("{name}: expected at most 419430 cards, found more");
            // the reader of a run takes the others for no deck at all
            let is_told =
                told(&output).contains(&expected) || words.starts_with("run") && name != "blank.txt";
            assert!(is_told, "{words}: {}", told(&output));
        }
    }
    fs::write(at("just.txt"), b"\n".repeat(419_430)).unwrap();
    let output = emu704(folder.path(), "deck ls just.txt").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 419_431);

    // a record of six characters in SIMH's form is 14 bytes, a mark is four zeros
    let reel = |name: &str, marks: u64| {
        fs::write(at(name), [&6_u32.to_le_bytes()[..], &[0x41; 6], &6_u32.to_le_bytes()].concat()).unwrap();
        fs::OpenOptions::new().append(true).open(at(name)).unwrap().set_len(14 + 4 * marks).unwrap();
    };
    reel("sparse.tap", 1_000_000);
    let out = emu704(folder.path(), "tape ls sparse.tap").output().unwrap().stdout;
    let out = String::from_utf8(out).unwrap();
    assert!(out.lines().count() < 8 && out.contains("mark, and 999999 more"), "{out}");
    for command in ["ls", "dump"] {
        let out =
            emu704(folder.path(), &format!("tape {command} --json sparse.tap")).output().unwrap().stdout;
        let document: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let items = document["images"][0]["items"].as_array().unwrap();
        assert_eq!(items[1]["kind"], "mark", "{command}");
        assert_eq!(items[1]["more"], 999_999, "{command}");
        assert!(items.len() < 5, "{command}: {}", items.len());
    }
    // the few that a real reel has are told one by one
    reel("real.tap", 3);
    let out = emu704(folder.path(), "tape ls real.tap").output().unwrap().stdout;
    let out = String::from_utf8(out).unwrap();
    assert_eq!(out.matches("mark\n").count(), 3, "{out}");
}
