//! The commands that edit decks, and edit lists, which are read as decks everywhere.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use asm704::assemble::{Options, assemble};
use asm704::media::card::{Card, CardFormat, Deck, DeckItem, read_deck, write_deck};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

/// Exit code, standard output, standard error.
fn emu704_of(at: &Path, arguments: &[&str], input: &[u8]) -> (i32, Vec<u8>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
    command.current_dir(at).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), output.stdout, String::from_utf8(output.stderr).unwrap())
}

fn emu704(at: &Path, arguments: &[&str]) -> String {
    let (code, out, told) = emu704_of(at, arguments, &[]);
    assert_eq!(code, 0, "{arguments:?}: {told}");
    String::from_utf8(out).unwrap()
}

fn refused(at: &Path, arguments: &[&str], code: i32) -> String {
    let (found, _, told) = emu704_of(at, arguments, &[]);
    assert_eq!(found, code, "{arguments:?}: {told}");
    told
}

fn deck_of(at: &Path, name: &str) -> Deck {
    read_deck(&std::fs::read(at.join(name)).unwrap(), None).unwrap()
}

/// A deck that loads itself: 1 and 1 make 2 in AC.
const SOURCE: &str = "       ORG 64\nSTART  CLA ONE\n       ADD ONE\n       HTR START\nONE    DEC 1\n       ORG 200\n       DEC 5,6\n       END START\n";

/// A folder with `job.cbn`: two cards of loader, two absolute cards, a transfer card, all with 1 in column 80.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let output = assemble(SOURCE, &Options::default());
    let cards = asm704::self_loading::deck(&output.core_image().collect(), output.start()).unwrap();
    let mut deck: Deck = cards.iter().map(|card| DeckItem::Card(Card::from_words(&card.words))).collect();
    assert_eq!(deck.len(), 5);
    for item in &mut deck {
        if let DeckItem::Card(card) = item {
            card.columns[79] = 0o400;
        }
    }
    std::fs::write(folder.path().join("job.cbn"), write_deck(&deck, CardFormat::Cbn).unwrap()).unwrap();
    folder
}

/// ONE is the fourth word of card 3: 6R. Its sum by the assembler is right before, and the loader accepts it after.
#[test]
fn a_patched_deck_loads_and_runs() {
    let folder = folder();
    let at = folder.path();
    let before = deck_of(at, "job.cbn");
    let (code, out, told) =
        emu704_of(at, &["deck", "patch", "job.cbn", "--card", "3", "7RA=2", "-o", "two.cbn", "--json"], &[]);
    assert_eq!(code, 0, "{told}");
    let made: Value = serde_json::from_slice(&out).unwrap();
    let changes = made["made"][0]["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert_eq!(changes[0]["word"], "9R");
    assert_eq!(changes[0]["is_checksum"], true);
    assert_eq!(changes[1]["word"], "7R");
    assert_eq!(
        (&changes[1]["before"], &changes[1]["after"]),
        (&"000000000001".into(), &"000000000002".into())
    );
    assert!(told.contains("job.cbn: card 3: 9R, the checksum, was "), "{told}");
    let after = deck_of(at, "two.cbn");
    for card in [0, 1, 3, 4] {
        assert_eq!(after[card], before[card]);
    }
    let DeckItem::Card(card) = &after[2] else { panic!() };
    assert_eq!(card.columns[79], 0o400);
    for (deck, ac) in [("job.cbn", "AC +00 000000000002"), ("two.cbn", "AC +00 000000000004")] {
        let told = told_by(at, &["run", deck]);
        assert!(told.contains(ac), "{deck}: {told}");
    }
}

fn told_by(at: &Path, arguments: &[&str]) -> String {
    let (_, out, told) = emu704_of(at, arguments, &[]);
    String::from_utf8(out).unwrap() + &told
}

#[test]
fn a_list_is_a_deck_wherever_one_is_read() {
    let folder = folder();
    let at = folder.path();
    let image = std::fs::read(at.join("job.cbn")).unwrap();
    let list = "job.edits";
    emu704(at, &["deck", "patch", "job.cbn", "--card", "3", "7RA=2", "--list", list]);
    emu704(at, &["deck", "drop", "job.cbn", "--cards", "4", "--list", list]);
    let expected = format!(
        "deck-edits = 1\nimage = \"job.cbn\"\nbytes = 800\ncrc32 = \"{:08x}\"\n\n[[edit]]\npatch = \"3\"\nset = [\"7RA=2\"]\n\n[[edit]]\ndrop = \"4\"\n",
        asm704::packed::crc32(&image)
    );
    let text = std::fs::read_to_string(at.join(list)).unwrap();
    assert_eq!(text, expected);
    assert_eq!(std::fs::read(at.join("job.cbn")).unwrap(), image);

    emu704(at, &["deck", "convert", list, "-o", "edited.cbn"]);
    let edited = deck_of(at, "edited.cbn");
    assert_eq!(edited.len(), 4);
    let ls = emu704(at, &["deck", "ls", list]);
    assert!(
        ls.starts_with("job.edits: an edit list, 2 edits of job.cbn, recognised by its first line\n"),
        "{ls}"
    );
    assert!(ls.ends_with("    4  transfer     to 00100\n"), "{ls}");
    for arguments in [&["run", list][..], &["run", "--cards", list, "--load", "cards"]] {
        let (code, out, told) = emu704_of(at, arguments, &[]);
        let told = String::from_utf8(out).unwrap() + &told;
        assert!(told.contains("AC +00 000000000004"), "{arguments:?}: {code} {told}");
        assert!(!told.contains("job.edits:"), "nothing is to be noted: {told}");
    }
    // on standard input its folder is the one where the command runs
    let (_, out, _) = emu704_of(at, &["deck", "convert", "-", "-o", "-"], text.as_bytes());
    assert_eq!(read_deck(&out, None).unwrap(), edited);
    // from elsewhere the image is still beside it
    let other = tempfile::tempdir().unwrap();
    let path = at.join(list);
    let (code, out, _) =
        emu704_of(other.path(), &["deck", "convert", path.to_str().unwrap(), "-o", "-"], &[]);
    assert_eq!((code, read_deck(&out, None).unwrap()), (0, edited));
}

#[test]
fn a_list_that_does_not_fit_is_refused() {
    let folder = folder();
    let at = folder.path();
    std::fs::create_dir(at.join("lists")).unwrap();
    std::fs::copy(at.join("job.cbn"), at.join("lists/job.cbn")).unwrap();
    std::fs::write(at.join("secret.txt"), "A SECRET\n").unwrap();
    let told = |text: &str| {
        std::fs::write(at.join("lists/a.edits"), text).unwrap();
        // runs and the deck commands say the same
        let run = told_by(at, &["run", "lists/a.edits"]);
        let deck = refused(at, &["deck", "ls", "lists/a.edits"], 6);
        assert_eq!(run.strip_prefix("emu704: "), deck.strip_prefix("emu704: "));
        deck.trim_end().strip_prefix("emu704: lists/a.edits: ").expect(&deck).to_owned()
    };
    let head = "deck-edits = 1\nimage = 'job.cbn'\n";
    let absolute = at.join("secret.txt");
    for name in ["../secret.txt", "..", "x/../../secret.txt", absolute.to_str().unwrap()] {
        let outside = "is outside of the folder of the list: expected a file in it or below it";
        assert_eq!(told(&format!("deck-edits = 1\nimage = '{name}'\n")), format!("{name} {outside}"));
        let inserted = told(&format!("{head}[[edit]]\ninsert = '{name}'\n"));
        assert_eq!(inserted, format!("edit 1: {name} {outside}"));
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../secret.txt", at.join("lists/link.txt")).unwrap();
        assert!(
            told("deck-edits = 1\nimage = 'link.txt'\n").starts_with("link.txt is outside of the folder")
        );
    }
    let bytes = std::fs::read(at.join("job.cbn")).unwrap();
    let crc = format!("{:08x}", asm704::packed::crc32(&bytes));
    for wanted in ["bytes = 801\n", "crc32 = '00000000'\n", "bytes = 801\ncrc32 = '00000000'\n"] {
        let told = told(&format!("{head}{wanted}"));
        assert!(told.starts_with("job.cbn is not the image that the list was made for: expected "), "{told}");
        assert!(told.ends_with(&format!("found 800 bytes with CRC-32 {crc}")), "{told}");
    }
    for (rows, why) in [
        ("[[edit]]\ncut = '9'\n", "edit 1: no card 9: the deck ends with card 5"),
        ("[[edit]]\ndrop = '1-4'\n[[edit]]\ndrop = 2\n", "edit 2: no card 2: the deck ends with card 1"),
        (
            "[[edit]]\ndrop = 5\n[[edit]]\ndrop = 'transfer'\n",
            "edit 2: no transfer card at the end of the deck: card 4 is absolute",
        ),
        ("[[edit]]\npatch = 1\nset = ['9LP=8']\n", "edit 1: `9LP=8`: 8 is not octal"),
        (
            "[[edit]]\ninsert = 'a.edits'\n",
            "edit 1: a.edits: not a deck of cards: it is an edit list: expected the image itself",
        ),
        (
            "[[edit]]\ninsert = 'missing.cbn'\n",
            "edit 1: missing.cbn: cannot open: No such file or directory (os error 2)",
        ),
    ] {
        assert_eq!(told(&format!("{head}{rows}")), why);
    }
    assert!(told("deck-edits = 2\nimage = 'job.cbn'\n").starts_with("expected deck-edits = 1, found 2"));
    for text in ["deck-edits = 1\n", "deck-edits = 1\nimage = 'job.cbn'\nsurprise = 1\n", "deck-edits = \n"] {
        assert!(told(text).starts_with("expected an edit list:\n"), "{}", told(text));
    }
    assert!(told(&format!("{head}[[edit]]\npatch = [1]\n")).contains("expected the number of a card"));
    // a hand-written list gets a hint, and is read
    std::fs::write(at.join("lists/a.edits"), head).unwrap();
    let (code, _, told) = emu704_of(at, &["deck", "ls", "lists/a.edits"], &[]);
    assert_eq!(code, 0, "{told}");
    assert_eq!(
        told,
        format!(
            "lists/a.edits: does not say which image it was made for; add `crc32 = \"{crc}\"` below `image`\n"
        )
    );
}

#[test]
fn a_list_is_not_written_for_another_deck() {
    let folder = folder();
    let at = folder.path();
    std::fs::create_dir(at.join("below")).unwrap();
    std::fs::copy(at.join("job.cbn"), at.join("below/job.cbn")).unwrap();
    emu704(at, &["deck", "cut", "below/job.cbn", "--cards", "3-", "--list", "a.edits"]);
    let list = std::fs::read_to_string(at.join("a.edits")).unwrap();
    assert!(list.contains("image = \"below/job.cbn\"\n"), "{list}");
    emu704(at, &["deck", "convert", "a.edits", "-o", "three.cbn"]);
    let cases: [(&[&str], &str); 6] = [
        (&["drop", "three.cbn", "--cards", "1", "--list", "a.edits"], "it edits job.cbn, not three.cbn"),
        (&["drop", "job.cbn", "--cards", "1", "--list", "below/a.edits"], "job.cbn is not in the folder"),
        (&["insert", "below/job.cbn", "a.edits", "--list", "a.edits"], "it is an edit list"),
        (&["drop", "-", "--cards", "1", "--list", "a.edits"], "expected no -"),
        (
            &["drop", "below/job.cbn", "--cards", "4", "--list", "a.edits"],
            "no card 4: the deck ends with card 3",
        ),
        (&["drop", "below/job.cbn", "--cards", "1", "--list", "a.edits", "-o", "b"], "cannot be used with"),
    ];
    for (arguments, why) in cases {
        let told = refused(at, &[&["deck"], arguments].concat(), 2);
        assert!(told.contains(why), "{arguments:?}: {told}");
        assert_eq!(std::fs::read_to_string(at.join("a.edits")).unwrap(), list);
    }
    let told = refused(at, &["deck", "drop", "three.cbn", "--transfer", "--list", "three.cbn"], 6);
    assert!(told.contains("three.cbn: expected an edit list"), "{told}");
    refused(at, &["deck", "drop", "job.cbn", "-o", "x.cbn"], 2);
    refused(at, &["deck", "drop", "job.cbn", "--cards", "1"], 2);
}

#[test]
fn parts_go_into_a_folder_with_an_index() {
    let folder = folder();
    let at = folder.path();
    let out = emu704(
        at,
        &[
            "deck",
            "split",
            "job.cbn",
            "--at",
            "org",
            "-o",
            "parts/part.cbn",
            "--index",
            "parts/index.txt",
            "--json",
        ],
    );
    assert_eq!(
        std::fs::read_to_string(at.join("parts/index.txt")).unwrap(),
        "deck card cards kind first last transfer\n\
         part-1.cbn 1 1 self-loading - - -\n\
         part-2.cbn 2 1 full - - -\n\
         part-3.cbn 3 1 absolute 00100 00103 -\n\
         part-4.cbn 4 2 absolute 00310 00311 00100\n"
    );
    let made: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&made["made"][3]["card"], &made["made"][4]["index"]), (&4.into(), &true.into()));
    let joined: Vec<String> = (1..5).map(|n| format!("parts/part-{n}.cbn")).collect();
    let joined: Vec<&str> = joined.iter().map(String::as_str).collect();
    emu704(at, &[&["deck", "join"], &joined[..], &["-o", "joined.cbn"]].concat());
    assert_eq!(std::fs::read(at.join("joined.cbn")).unwrap(), std::fs::read(at.join("job.cbn")).unwrap());
    emu704(at, &["deck", "split", "job.cbn", "--at", "end", "-o", "whole.cbn"]);
    assert_eq!(std::fs::read(at.join("whole-1.cbn")).unwrap(), std::fs::read(at.join("job.cbn")).unwrap());
}

/// Characters that are on no keypunch are said to be so, and are the same holes afterwards.
#[test]
fn stand_ins_and_wrong_parity_are_told_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::write(at.join("text.txt"), "ONE\nA;B\nTHREE\n").unwrap();
    let (code, _, told) = emu704_of(at, &["deck", "cut", "text.txt", "--cards", "2-3", "-o", "cut.cbn"], &[]);
    assert_eq!(code, 0, "{told}");
    assert!(told.starts_with("text.txt: line 2, column 2: `;` is on no keypunch"), "{told}");
    assert_eq!(deck_of(at, "cut.cbn"), deck_of(at, "text.txt")[1..]);
    // a deck of even parity on all bytes but those with bit 7: read with a warning
    let mut bytes = write_deck(&deck_of(at, "text.txt"), CardFormat::Cbn).unwrap();
    for byte in &mut bytes {
        *byte ^= 0x40;
    }
    std::fs::write(at.join("even.cbn"), bytes).unwrap();
    let (code, _, told) = emu704_of(at, &["deck", "drop", "even.cbn", "--cards", "1", "-o", "odd.cbn"], &[]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("even.cbn: ") && told.contains("read anyway"), "{told}");
    assert_eq!(deck_of(at, "odd.cbn"), deck_of(at, "text.txt")[1..]);
}

/// An edit as the arguments behind the deck.
fn any_edit() -> impl Strategy<Value = Vec<String>> {
    let strings = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
    let patch = (1..5usize, "[0-8][LR]", "[PDTA]?", "[0-7]", "auto|keep|new");
    prop_oneof![
        (1..4usize, 1..4usize).prop_map(move |(first, more)| strings(&[
            "cut",
            "",
            "--cards",
            &format!("{first}-{}", first + more)
        ])),
        (1..5usize).prop_map(move |card| strings(&["drop", "", "--cards", &card.to_string()])),
        Just(strings(&["drop", "", "--transfer"])),
        Just(strings(&["strip", ""])),
        Just(strings(&["strip", "", "--sevens", "--keep-blank"])),
        (0..4usize).prop_map(move |card| strings(&["insert", "", "more.txt", "--after", &card.to_string()])),
        Just(strings(&["insert", "", "more.txt"])),
        patch.prop_map(move |(card, word, field, value, sum)| {
            let set = format!("{word}{field}={value}");
            strings(&["patch", "", &set, "--card", &card.to_string(), "--checksum", &sum])
        }),
    ]
}

/// An edit list is the commands, one after another; what one refuses, the other refuses.
#[test]
fn a_list_is_the_commands_one_by_one() {
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let edits = prop::collection::vec(any_edit(), 1..6);
    let run = TestRunner::new(config).run(&edits, |edits| {
        let folder = folder();
        let at = folder.path();
        std::fs::write(
            at.join("more.txt"),
            "MORE\n\n~\n~raw".to_owned() + &"0001".repeat(36) + &"0000".repeat(44),
        )
        .unwrap();
        std::fs::copy(at.join("job.cbn"), at.join("step.cbn")).unwrap();
        let mut n = 0;
        for edit in edits {
            let with = |deck: &str, out: [&str; 2]| {
                let mut arguments: Vec<String> = vec!["deck".to_owned()];
                arguments.extend(
                    edit.iter().map(|part| if part.is_empty() { deck.to_owned() } else { part.clone() }),
                );
                arguments.extend(out.map(str::to_owned));
                arguments
            };
            let (step, list) =
                (with("step.cbn", ["-o", "step.cbn"]), with("job.cbn", ["--list", "job.edits"]));
            let of = |arguments: &[String]| {
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                emu704_of(at, &arguments, &[])
            };
            let (step, list) = (of(&step), of(&list));
            prop_assert_eq!(step.0, list.0, "{:?}: {} {}", &edit, &step.2, &list.2);
            n += usize::from(step.0 == 0);
            // nothing is left to be read
            if std::fs::metadata(at.join("step.cbn")).unwrap().len() == 0 {
                break;
            }
        }
        if n > 0 {
            emu704(at, &["deck", "convert", "job.edits", "-o", "list.cbn"]);
            prop_assert_eq!(
                std::fs::read(at.join("list.cbn")).unwrap(),
                std::fs::read(at.join("step.cbn")).unwrap()
            );
        }
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
}
