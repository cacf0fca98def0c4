//! No command line is shown that nobody runs: in blocks, every one is either in a document that tests/lessons.rs runs, behind
//! `$ `, or it is named here with the reason; in the text, every one is one that the programs would understand.

use clap::Command;

use super::documents;
use super::run::RUN;

/// Command lines in blocks that no test runs, and why.
const NOT_RUN: &[(&str, &str)] = &[
    ("cargo run --release -p emu704 -- demo", "tests/run.rs compares what demo prints with docs/demo.md"),
    ("emu704 demo --live", "tests/live.rs plays it"),
    ("cargo test --workspace", "it would run itself"),
    ("export EMU704_WIRE_TOKEN", "for the two below"),
    ("emu704 run --core 8k --load tape --tape 1=wire:", "two processes, tests/wire.rs runs them"),
    ("emu704 run programs/heat.sap --core 8k --sense 1 --tape 1=wire:", "the same"),
    ("emu704 run programs/lessons/12-hear.sap --core 4k --tape 1=wire:connect:", LESSON_WIRE),
    ("emu704 run programs/lessons/12-send.sap --core 4k --tape 1=wire:listen:", LESSON_WIRE),
    ("emu704 run --load tape --core 4k --tape 1=wire:connect:", LESSON_WIRE),
    ("emu704 run programs/lessons/11-count.toml --tape 1=wire:listen:", LESSON_WIRE),
    (
        "emu704 tui programs/heat.sap --core 8k --state",
        "it goes on until a signal comes; tests/state.rs has it",
    ),
    (
        "emu704 tui programs/heat.sap --core 8k --tape 1=byhand.tap",
        "a person presses keys; checkpoint.cast is a recording of it",
    ),
    ("emu704 web --attach", "it serves until a signal comes; emu704/web/test/command.test.mjs has it"),
    ("emu704 run DECK --power-on", PERIOD),
    ("emu704 deck to-tape program.sap", PERIOD),
    ("emu704 run uasap-call.cbn", PERIOD),
    ("emu704 tape print list.tap", PERIOD),
    ("emu704 deck strip punched.cbn", PERIOD),
    ("emu704 run fort2-8k.tap", PERIOD),
    ("emu704 run object.cbn", PERIOD),
    ("emu704 run programs/standby.", "two processes, tests/standby/ runs them"),
    ("emu704 run primary.toml", "the same"),
    (
        "emu704 tape follow heat.tap kept.tap --idle 10 &&",
        "it waits for somebody who writes; tests/standby/ does it",
    ),
    ("emu704 run --core 4k --load tape --tape 1=wire:", "two processes, tests/remote/kills.rs runs them"),
    ("emu704 run programs/remote.toml --tape 1=wire:", "the same"),
    ("cargo install --path .", INSTALLS),
    ("cargo install --path asm704", INSTALLS),
    ("cargo install --path emu704", INSTALLS),
    ("cargo install --path asm704 && cargo install --path emu704", INSTALLS),
    ("asm704 ops CLA", PACKAGE),
    ("asm704 add.sap --format oct", PACKAGE),
    ("emu704 demo  ", PACKAGE),
    ("emu704 lesson 2 ", PACKAGE),
    ("emu704 tui --attract", "tests/terminal.rs plays it"),
    ("emu704 run mine.sap --core 8k --audit --trace", "the program is the reader's"),
    ("emu704 --version", "the version changes"),
    ("cargo fuzz run", "needs cargo-fuzz and minutes"),
    ("RUSTC_BOOTSTRAP=1 cargo fuzz run", "needs cargo-fuzz and minutes"),
    ("EMU704_VECTORS=", "needs the full set of vectors"),
    ("EMU704_EXHAUSTIVE=1 cargo test", "takes minutes; the tests themselves run in CI without the variable"),
    ("EMU704_KILLS=", "the same"),
    ("ASM704_SOAK=", "the same"),
    ("EMU704_WRITE_DOCS=1 cargo test", "it would change the documents"),
    ("cargo test ", "they are tests"),
    ("cargo build --release", "CI builds what it tests"),
    ("cargo deb ", "needs cargo-deb; the release does it"),
    ("cargo deny check", "needs cargo-deny and the database of advisories"),
    ("cargo insta ", "asks a person"),
    ("cargo mutants ", "it changes the code, for hours"),
    ("mdbook build", "needs mdbook; CI runs it where it is installed"),
];
const PACKAGE: &str = "tests/documents/readmes.rs and tests/asm_cli.rs run what the packages show";
const LESSON_WIRE: &str = "two processes, tests/wire/lesson.rs runs them";
const PERIOD: &str = "needs decks and reels that are not part of the project";
const INSTALLS: &str = "installs for the user; what it needs is checked by the other tests";

#[test]
fn every_command_line_in_a_block_is_run() {
    let mut wrong = Vec::new();
    let mut n_run = 0;
    for (name, text) in documents() {
        let run = RUN.contains(&name.as_str()) || name.starts_with("docs/lessons/");
        for (line, console) in block_lines(&text) {
            let shown = match line.strip_prefix("$ ") {
                Some(command) if run && console => {
                    n_run += 1;
                    let _ = command;
                    continue;
                }
                Some(command) => command,
                None if is_command(line) => line,
                None => continue,
            };
            // what is generated from the commands themselves: their examples
            if name == "docs/commands.md" {
                if let Err(why) = understood(shown) {
                    wrong.push(format!("{name}: {shown}: {why}"));
                }
                continue;
            }
            if !NOT_RUN.iter().any(|(start, _)| shown.starts_with(start)) {
                wrong.push(format!("{name}: nobody runs: {shown}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(n_run > 60, "{n_run} are too few: are they found at all?");
}

#[test]
fn every_command_in_the_text_is_understood() {
    let mut wrong = Vec::new();
    let mut n_spans = 0;
    for (name, text) in documents() {
        let mut prose = String::new();
        let mut fenced = false;
        for line in text.lines() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            } else if !fenced && !line.starts_with("    ") {
                prose.push_str(line);
                prose.push('\n');
            }
        }
        for span in prose.split('`').skip(1).step_by(2) {
            let span = span.replace('\n', " ");
            if span.starts_with("emu704 ") || span.starts_with("asm704 ") {
                n_spans += 1;
                if let Err(why) = understood(&span) {
                    wrong.push(format!("{name}: `{span}`: {why}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(n_spans > 40, "{n_spans} are too few: are they found at all?");
}

/// Whether the programs know the commands and options of a line. Its operands stand for others.
fn understood(line: &str) -> Result<(), String> {
    let line = line.split(['>', '<', '|', ';', '#']).next().unwrap_or("");
    let mut words = line.split_whitespace();
    let mut command: Command = match words.next() {
        Some("asm704") => asm704::cli::command(),
        Some("emu704") => emu704::cli::command(),
        other => return Err(format!("what is {other:?}?")),
    };
    command.build();
    let mut command = &command;
    let mut operands = false;
    for word in words {
        if let Some(option) = word.strip_prefix("--") {
            let option = option.split('=').next().unwrap_or("");
            if option.is_empty() {
                continue;
            }
            if !command.get_arguments().any(|argument| argument.get_long() == Some(option)) {
                return Err(format!("{} has no --{option}", command.get_name()));
            }
            operands = true;
        } else if let Some(option) = word.strip_prefix('-').filter(|option| option.len() == 1) {
            if !command.get_arguments().any(|a| a.get_short().is_some_and(|short| option.contains(short))) {
                return Err(format!("{} has no -{option}", command.get_name()));
            }
            operands = true;
        } else if let Some(found) = command.find_subcommand(word).filter(|_| !operands) {
            command = found;
        } else if command.get_positionals().next().is_some() || !command.has_subcommands() {
            operands = true;
        } else if word.chars().any(char::is_lowercase) {
            return Err(format!("{} has no {word}", command.get_name()));
        }
    }
    Ok(())
}

/// Whether a line of a block is a command line of somebody who sits in the folder of the project.
fn is_command(line: &str) -> bool {
    let mut words = line.split_whitespace().skip_while(|word| {
        word.split_once('=').is_some_and(|(name, _)| {
            name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        })
    });
    // `asm704 = ...` is a line of somebody's configuration
    matches!(words.next(), Some("asm704" | "emu704" | "cargo" | "mdbook" | "rustup"))
        && words.next() != Some("=")
}

/// The lines of the fenced and the indented blocks, without the blanks in front, and whether the block is a transcript.
fn block_lines(text: &str) -> Vec<(&str, bool)> {
    let mut lines = Vec::new();
    let mut fence = None;
    for line in text.lines() {
        if let Some(kind) = line.trim_start().strip_prefix("```") {
            fence = if fence.is_some() { None } else { Some(kind.trim()) };
        } else if let Some(kind) = fence {
            lines.push((line.trim_start(), kind == "console"));
        } else if line.starts_with("    ") {
            lines.push((line.trim_start(), false));
        }
    }
    lines
}

/// Variables that only a test gives to itself.
const OWN_VARIABLES: &[&str] = &["EMU704_TEST_AS_ASM704", "EMU704_TEST_FAIL", "EMU704_TEST_FRAMES"];

#[test]
fn every_variable_of_the_tests_is_told() {
    let root = super::root();
    let mut sources = Vec::new();
    for (folder, ending) in [("tests", "rs"), ("emu704/src", "rs"), ("asm704/src", "rs")] {
        super::collect(&root, &root.join(folder), true, ending, &mut sources);
    }
    let page = std::fs::read_to_string(root.join("docs/ARCHITECTURE.md")).unwrap();
    let mut n_variables = 0;
    for (name, text) in &sources {
        for literal in text
            .split('"')
            .skip(1)
            .filter(|literal| literal.starts_with("EMU704_") || literal.starts_with("ASM704_"))
        {
            if literal.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
                && literal.len() > 7
            {
                n_variables += 1;
                let told = OWN_VARIABLES.contains(&literal) || page.contains(literal);
                assert!(told, "{name}: docs/ARCHITECTURE.md does not tell {literal}");
            }
        }
    }
    assert!(n_variables >= 6, "{n_variables} are too few: are they found at all?");
}
