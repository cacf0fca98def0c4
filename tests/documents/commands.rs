//! docs/commands.md: its second part is what the definitions of the commands say.

use std::fmt::Write as _;

use asm704::media::tape::TapeFormat;
use clap::Command;

use super::root;

const MARKER: &str =
    "<!-- the rest is generated from the commands, and compared by tests/documents/commands.rs -->\n";

#[test]
fn the_page_of_commands_is_up_to_date() {
    let path = root().join("docs/commands.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (own, generated) = page.split_once(MARKER).expect("the marker");
    let mut right = String::new();
    for command in [asm704::cli::command(), emu704::cli::command()] {
        // as wide as the other documents, whatever terminal the test has
        let mut command = command.term_width(100);
        command.build();
        describe(&mut command, "", &mut right);
    }
    if std::env::var_os("EMU704_WRITE_DOCS").is_some() {
        std::fs::write(&path, format!("{own}{MARKER}{right}")).unwrap();
        return;
    }
    assert!(generated == right, "docs/commands.md is not up to date; set EMU704_WRITE_DOCS to write it");
}

fn describe(command: &mut Command, above: &str, page: &mut String) {
    let name = format!("{above}{}", command.get_name());
    let help = command.render_long_help().to_string();
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    let _ = write!(page, "\n## {name}\n\n```text\n{}\n```\n", lines.join("\n").trim_end());
    let below: Vec<String> = command
        .get_subcommands()
        .filter(|command| command.get_name() != "help" && !command.is_hide_set())
        .map(|command| command.get_name().to_owned())
        .collect();
    for one in below {
        if let Some(command) = command.find_subcommand_mut(&one) {
            describe(command, &format!("{name} "), page);
        }
    }
}

/// The help of `--as` and `--to` is text: a new form of tape image is to be added to it.
#[test]
fn the_help_names_every_form_of_tape_image() {
    let page = std::fs::read_to_string(root().join("docs/commands.md")).unwrap();
    let forms = TapeFormat::ALL.map(TapeFormat::keyword).join(", ");
    let lists: Vec<&str> = page.match_indices("tap, p7b").map(|(at, _)| &page[at..]).collect();
    assert!(lists.len() >= 9, "{} lists", lists.len());
    for list in lists {
        let line = list.lines().next().unwrap_or_default();
        assert!(line.starts_with(&forms), "expected {forms}: {line}");
    }
}
