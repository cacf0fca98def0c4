//! The commands for reels and decks: the transcripts in tests/cli, which are documentation, too.

#[test]
fn transcripts() {
    trycmd::TestCases::new()
        .register_bin("emu704", trycmd::cargo::cargo_bin!("emu704"))
        .case("../tests/cli/tape.md")
        .case("../tests/cli/deck.md");
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
