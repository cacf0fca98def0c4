//! The commands for reels and decks: the transcripts in tests/cli, which are documentation, too.

#[test]
fn transcripts() {
    trycmd::TestCases::new()
        .register_bin("emu704", trycmd::cargo::cargo_bin!("emu704"))
        .case("../tests/cli/tape.md")
        .case("../tests/cli/deck.md")
        .case("../tests/cli/drum.md");
}

/// What `emu704 tape ls` says of checkpoints: whole ones of every size, a short one, one with a wrong sum.
#[test]
fn checkpoints_are_recognised() {
    let directory = tempfile::tempdir().expect("a directory");
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../programs/heat.sap");
    let emu704 = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_emu704"));
        let output = command.current_dir(directory.path()).args(arguments).output().expect("it runs");
        String::from_utf8(output.stdout).expect("text")
    };
    let ls = |reel: &str| emu704(&["tape", "ls", reel]).lines().nth(2).expect("a record").to_owned();
    // a boot block of 11 words and a sum, but not words 0 to 3: 8
    for (core, words, size) in [("4k", " 4104", 4096), ("8k", " 8200", 8192), ("32k", "32776", 32768)] {
        let arguments = [
            "run",
            program,
            "--core",
            core,
            "--sense",
            "2",
            "--tape",
            "1=reel.p7b",
            "--ring",
            "1",
            "--quiet",
        ];
        emu704(&[&arguments[..], &["--limit", "3000000"]].concat());
        let line = ls("reel.p7b");
        let expected = format!(
            "   1      1  binary  {words}  odd      checkpoint of {size} words of core, complete, sum right, restarts at "
        );
        assert!(line.starts_with(&expected), "{line}");
    }
    emu704(&["tape", "damage", "reel.p7b", "--short", "1.6000", "-o", "short.tap"]);
    assert!(
        ls("short.tap").ends_with("checkpoint of 32768 words of core, NOT complete: 1000 of 32776 words")
    );
    emu704(&["tape", "damage", "reel.p7b", "--flip", "1.6000=3", "-o", "wrong.tap"]);
    assert!(ls("wrong.tap").contains("checkpoint of 32768 words of core, NOT complete: sum wrong"));
}

/// `-` is standard input and standard output; a pipe or a device is not a file that could be replaced.
#[test]
fn streams_are_read_and_written() {
    use std::io::Write;
    use std::process::{Command, Stdio};

    let directory = tempfile::tempdir().expect("a directory");
    let run = |arguments: &[&str], input: &[u8]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
        command.current_dir(directory.path()).args(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
        child.stdin.take().expect("a pipe").write_all(input).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{arguments:?}");
        output.stdout
    };
    let text = b"704 reel text 1\nform p7b\nrecord binary 1 word\n  00000  010203040506\nmark\n";
    let image = run(&["tape", "undump", "-", "-o", "-"], text);
    assert_eq!(image, [0x81, 0x02, 0x43, 0x04, 0x45, 0x46, 0x8f]);
    let canonical = String::from_utf8_lossy(text).replace("  010203", "  +010203");
    assert_eq!(run(&["tape", "dump", "-"], &image), canonical.as_bytes());
    let tap = run(&["tape", "convert", "-", "-o", "-", "--to", "tap"], &image);
    assert_eq!(tap, [6, 0, 0, 0, 0x01, 0x02, 0x43, 0x04, 0x45, 0x46, 6, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(
        run(&["deck", "read", "-"], &run(&["deck", "punch", "-", "-o", "-"], b"A CARD\n")),
        b"A CARD\n"
    );
    if cfg!(unix) {
        run(&["tape", "convert", "-", "-o", "/dev/null", "--to", "tap"], &image);
        assert!(!std::fs::metadata("/dev/null").expect("it is there still").is_file());
    }
}

/// A word of core in two checkpoints is named by the program's symbols. The words of small.sap are at 00020 to 00041,
/// ONE is at 00035 (see its listing); the image goes from the last word of core down, behind the 11 words of the boot block.
/// The first words of core are in LOW, at 00205.
#[test]
fn differences_of_checkpoints_have_the_names_of_the_program() {
    let directory = tempfile::tempdir().expect("a directory");
    let reel = concat!(env!("CARGO_MANIFEST_DIR"), "/../tapes/small-4k.tap");
    let emu704 = |arguments: &[&str], code: i32| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_emu704"));
        let output = command.current_dir(directory.path()).args(arguments).output().expect("it runs");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).expect("text")
    };
    let symbols = r#"{"version": 1, "source": "small.sap", "assemblies": [{
        "symbols": [
            {"name": "START", "value": "00020", "relocatable": true, "multiple": false, "effective": true},
            {"name": "ONE", "value": "00035", "relocatable": true, "multiple": false, "effective": true},
            {"name": "TEN", "value": "00012", "relocatable": false, "multiple": false, "effective": true}],
        "words": [{"location": "00020"}, {"location": "00041"}]}]}"#;
    std::fs::write(directory.path().join("small.json"), symbols).expect("it is written");
    // characters of the record, six a word: the last word of core, words 00004, 00001 and 00036
    let at = |word: usize| format!("1.{}=40", 6 * word);
    let flips = [0o7777, 0o205 + 4, 0o205 + 1, 0o36].map(|address| at(11 + 0o7777 - address));
    let flips: Vec<&str> = flips.iter().flat_map(|flip| ["--flip", flip]).collect();
    emu704(&[&["tape", "damage", reel, "-o", "other.tap"], &flips[..]].concat(), 0);
    assert_eq!(
        emu704(&["tape", "diff", "--symbols", "small.json", reel, "other.tap"], 1),
        "file 1, record 1, word 00013, core 07777: 444444444444 | 044444444444\n\
         file 1, record 1, word 07601, core 00004: 000000000000 | 400000000000\n\
         file 1, record 1, word 07604, core 00001: 222222222222 | 622222222222\n\
         file 1, record 1, word 07754, core 00036 ONE+1: 222222222222 | 622222222222\n"
    );
    let json = emu704(&["tape", "diff", "--json", "--symbols", "small.json", reel, "other.tap"], 1);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["differences"][3]["core"], "00036");
    assert_eq!(json["differences"][3]["symbol"], "ONE+1");
    emu704(&["tape", "diff", "--symbols", reel, reel, "other.tap"], 6);
    emu704(&["tape", "diff", "--symbols", "missing.json", reel, "other.tap"], 2);
}

/// The same for the strong routine, which writes a label of four words in front of the plain record. COUNT is at 50 + 2 = 64
/// octal; the image goes from the last word of core down, behind label and boot block, 15 words: word 15 + 4095 - 52 = 4058
/// of the record, 07732 octal.
#[test]
fn a_strong_checkpoint_is_told_and_its_differences_named() {
    let directory = tempfile::tempdir().expect("a directory");
    let emu704 = |arguments: &[&str], code: i32| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_emu704"));
        let output = command.current_dir(directory.path()).args(arguments).output().expect("it runs");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).expect("text")
    };
    // routines are taken from a folder lib beside the source
    let lib = directory.path().join("lib");
    std::fs::create_dir(&lib).expect("it is made");
    for routine in ["chkstr.sap", "chkpnt.sap", "chkfnd.sap", "print.sap"] {
        let from = concat!(env!("CARGO_MANIFEST_DIR"), "/../programs/lib");
        std::fs::copy(std::path::Path::new(from).join(routine), lib.join(routine)).expect("it is there");
    }
    for (name, count) in [("monday", 5), ("tuesday", 7)] {
        let source = format!(
            "       ORG 50\n       TSX CHKPNT,4\n       HTR *\nCOUNT  DEC {count}\n       ORG 100\nCHKSTR LIB\n       ORG CHKJOB\n       PZE 7\n       END 50\n"
        );
        std::fs::write(directory.path().join("count.sap"), source).expect("it is written");
        let (one, two) = (format!("1={name}.tap"), format!("2={name}-2.tap"));
        let run = ["run", "count.sap", "--core", "4k", "--tape", &one, "--ring", "1", "--tape", &two];
        emu704(&[&run[..], &["--ring", "2", "--limit", "40000000", "--quiet"]].concat(), 0);
        let ls = emu704(&["tape", "ls", &format!("{name}.tap")], 0);
        let line = ls.lines().nth(4).expect("a second record");
        let whole = "   2      1  binary   4108  odd      checkpoint of 4096 words of core, complete, sum right, job 000000000007, serial number 1, the first";
        assert!(line.starts_with(whole), "{line}");
    }
    let symbols = r#"{"version": 1, "source": "count.sap", "assemblies": [{
        "symbols": [{"name": "COUNT", "value": "00064", "relocatable": true, "multiple": false, "effective": true}],
        "words": [{"location": "00064"}]}]}"#;
    std::fs::write(directory.path().join("count.json"), symbols).expect("it is written");
    let diff = emu704(&["tape", "diff", "--symbols", "count.json", "monday.tap", "tuesday.tap"], 1);
    let expected = "file 2, record 1, word 07732, core 00064 COUNT: 000000000005 | 000000000007";
    assert!(diff.lines().any(|line| line == expected), "{diff}");
    // the other difference is that of the sum, which is no word of core
    assert!(diff.lines().filter(|line| line.contains("core")).count() == 1, "{diff}");
}

/// A reel that is good where it was looked at when it was mounted, and turns bad in the middle of the run: exit code 6, with
/// the file and the offset.
#[test]
fn a_reel_that_turns_bad_in_the_run() {
    let directory = tempfile::tempdir().expect("a directory");
    // two words, a word that no image has, one word: SIMH's lengths before and behind
    let record = |n: u8| [&[n, 0, 0, 0][..], &vec![1; usize::from(n)], &[n, 0, 0, 0]].concat();
    let reel = [&record(12)[..], &[0x00, 0x00, 0xfe, 0xff], &record(6)].concat();
    std::fs::write(directory.path().join("bad.tap"), &reel).expect("it is written");
    // reads records forever: RTB 2, CPY 100, CPY 100, CPY 100, IOD, TRA 0
    let program = "# start 00000\n00000 076200000222\n00001 070000000100\n00002 002000000001\n00003 076100000000\n00004 076600000333\n00005 002000000000\n";
    std::fs::write(directory.path().join("reads.oct"), program).expect("it is written");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_emu704"));
    let run = ["run", "reads.oct", "--tape", "2=bad.tap", "--limit", "10000000"];
    let output = command.current_dir(directory.path()).args(run).output().expect("it runs");
    let told = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(6), "{told}");
    assert!(
        told.contains("bad.tap") && told.contains("offset 20: expected") && told.contains("bad medium"),
        "{told}"
    );
    assert_eq!(std::fs::read(directory.path().join("bad.tap")).expect("it is there"), reel);
}

/// Every record by itself, in any form, and all of them joined: the same reel again.
#[test]
fn a_reel_that_was_cut_is_joined() {
    use asm704::media::tape::TapeFormat;

    let directory = tempfile::tempdir().expect("a directory");
    let emu704 = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_emu704"));
        let output = command.current_dir(directory.path()).args(arguments).output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
    };
    let text = "704 reel text 1\nform tap\nrecord binary 2 words\n  00000  +000000000001 -000000000002\n\
        record bcd 1 word\n  00000  212223242526\nmark\nrecord binary 3 characters\n  00000  010203\nmark\nmark\n";
    std::fs::write(directory.path().join("whole.txt"), text).expect("it is written");
    for form in TapeFormat::ALL.map(TapeFormat::keyword) {
        let reel = |name: &str| format!("{name}.{form}");
        let whole = reel("whole");
        emu704(&["tape", "undump", "whole.txt", "-o", &whole]);
        // two records and their mark, then the rest, through another form
        emu704(&["tape", "cut", &whole, "--files", "1", "-o", "one.aws"]);
        emu704(&["tape", "cut", &whole, "--files", "2-", "-o", "more.p7b"]);
        emu704(&["tape", "join", "one.aws", "more.p7b", "-o", &reel("joined")]);
        let bytes = |name: String| std::fs::read(directory.path().join(name)).expect("it is there");
        assert_eq!(bytes(reel("joined")), bytes(whole), "{form}");
    }
}

/// A listing of 61 lines and one on a new page: PDF pages of 60 lines, every object where the table says.
#[test]
fn a_listing_as_pdf() {
    use asm704::media::tape::{Item, Mode, Record, TapeFormat, TapeImage};

    let directory = tempfile::tempdir().expect("a directory");
    let mut reel = TapeImage::create(Vec::new(), TapeFormat::Simh).expect("a reel");
    // BCD: blank is 020 on tape and has even parity with track C; digits are themselves, 0 is 012
    let line = |control: u8, n: u8| {
        let digit = |d: u8| if d == 0 { 0o12 } else { d };
        let even = |tape: u8| tape | u8::from(tape.count_ones() % 2 == 1) << 6;
        Item::Record(Record::new([control, digit(n / 10), digit(n % 10)].map(even).to_vec()))
    };
    let lines: Vec<Item> = (1..=61).map(|n| line(0o20, n)).chain([line(1, 99)]).collect();
    assert!(matches!(&lines[0], Item::Record(record) if record.likely_mode() == Mode::Bcd));
    reel.replace_tail(0, &lines).expect("it is written");
    std::fs::write(directory.path().join("listing.tap"), reel.into_store()).expect("it is written");

    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_emu704"));
    command.current_dir(directory.path()).args(["tape", "print", "listing.tap", "-o", "listing.pdf"]);
    assert!(command.output().expect("it runs").status.success());
    let pdf = std::fs::read(directory.path().join("listing.pdf")).expect("it is there");
    let text = String::from_utf8_lossy(&pdf);
    assert!(text.starts_with("%PDF-1.") && text.trim_end().ends_with("%%EOF"));
    assert!(text.contains("/Count 3") && text.contains("/BaseFont /Courier"));
    let pages: Vec<Vec<&str>> = text
        .split("stream\n")
        .filter(|part| part.contains("BT\n"))
        .map(|page| page.lines().filter_map(|line| line.strip_prefix('(')?.strip_suffix(") Tj")).collect())
        .collect();
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [60, 1, 1]);
    assert_eq!((pages[0][0], pages[0][59], pages[1][0], pages[2][0]), ("01", "60", "61", "99"));
    // the table of objects, by bytes
    let find = |what: &[u8]| pdf.windows(what.len()).rposition(|bytes| bytes == what).expect("it is there");
    let table = std::str::from_utf8(&pdf[find(b"\nxref\n") + 6..]).expect("text");
    let rows = table.lines().skip(1).take_while(|row| !row.starts_with("trailer"));
    for (n, row) in rows.enumerate().skip(1) {
        let offset: usize = row[..10].parse().expect("a number");
        assert!(pdf[offset..].starts_with(format!("{n} 0 obj").as_bytes()), "object {n}");
    }
}

/// For installing and packing it.
#[test]
fn completions_and_manual_pages() {
    let directory = tempfile::tempdir().expect("a directory");
    let emu704 = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_emu704"));
        let output = command.current_dir(directory.path()).args(arguments).output().expect("it runs");
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).expect("text")
    };
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = emu704(&["completions", shell]);
        assert!(script.contains("emu704") && script.contains("salvage"), "{shell}");
    }
    assert!(emu704(&["man"]).contains(".TH emu704 1"));
    assert_eq!(emu704(&["man", "pages"]), "");
    let page = std::fs::read_to_string(directory.path().join("pages/emu704-tape-diff.1")).expect("a page");
    assert!(page.contains("symbols"), "{page}");
}
