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
    // boot block and other words over the image: 14
    for (core, words, size) in [("4k", " 4110", 4096), ("8k", " 8206", 8192), ("32k", "32782", 32768)] {
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
        ls("short.tap").ends_with("checkpoint of 32768 words of core, NOT complete: 1000 of 32782 words")
    );
    emu704(&["tape", "damage", "reel.p7b", "--flip", "1.6000=3", "-o", "wrong.tap"]);
    assert!(ls("wrong.tap").contains("checkpoint of 32768 words of core, NOT complete: sum wrong"));
}

/// `-` is standard input and standard output; a pipe or a device is no file that could be replaced.
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
    assert_eq!(run(&["tape", "dump", "-"], &image), text);
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
