//! Words in the views of their cards: listings, `examine`, `watch`, and the end of a run.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::monitor_words::{over, say};

/// All kinds of cards; SUM counts, and PLACE is written over by an instruction.
const KINDS: &str = "       ORG 64
SIX    EQU 66
START  CLA SUM           the sum so far
       ADD DATA+10,1
       STO SUM
       CLA JUMP
       STO PLACE
PLACE  PZE SIX
JUMP   HTR START
PI     DEC 3.14159
MSG    BCD 2HELLO WORLD  to everybody
MANY   DEC 7,-8
MINUS  OCT -0
SUM    DEC 5
DATA   DEC 1,2,3,4,5,6,7,8,9,10,11
ROOM   BSS 2
       END START
";

#[test]
fn a_listing_shows_what_the_cards_say() {
    let mut monitor = over(KINDS);
    let listing = say(&mut monitor, "list 110").unwrap();
    // 0103 to 0115, without addresses, words and the blanks between
    let said: Vec<String> = listing
        .lines()
        .map(|line| line.get(21..).unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let expected = [
        "CLA JUMP",
        "STO PLACE",
        "PLACE PZE SIX",
        "JUMP HTR START",
        "PI DEC 3.14159",
        "MSG BCD 2HELLO WORLD to everybody",
        "\"WORLD \"",
        "MANY DEC 7",
        "DEC -8",
        "MINUS OCT -0",
        "SUM DEC 5",
    ];
    assert_eq!(said, expected);
    assert!(listing.contains("  00107 202622077174  PI     DEC 3.14159\n"), "{listing}");
    // the operand of a table is that of the card, not of what stands at its address; its comment is behind it
    let start = say(&mut monitor, "list 100").unwrap();
    assert!(start.contains("ADD DATA+10,1\n"), "{start}");
    assert!(start.lines().any(|line| line.starts_with('>') && line.ends_with("the sum so far")), "{start}");
}

#[test]
fn what_has_changed_is_not_what_its_card_says() {
    let mut monitor = over(KINDS);
    assert!(say(&mut monitor, "examine SUM").unwrap().ends_with("SUM    DEC 5"));
    say(&mut monitor, "go").unwrap();
    // 5 and DATA+10 (the index register is 0), which is 11; a number is still a number
    assert!(say(&mut monitor, "examine SUM").unwrap().ends_with("000000000020  SUM    16"));
    // HTR START stands where PZE stood
    assert!(say(&mut monitor, "examine PLACE").unwrap().ends_with("PLACE  HTR START"));
    // without a card, all numbers are octal
    say(&mut monitor, "deposit ROOM 202622400100").unwrap();
    assert!(say(&mut monitor, "examine ROOM").unwrap().ends_with("ROOM   TIX START,4,2622"));
    say(&mut monitor, "deposit MINUS 12").unwrap();
    assert!(say(&mut monitor, "examine MINUS").unwrap().ends_with("000000000012  MINUS"));
    let who = say(&mut monitor, "who SUM").unwrap();
    assert!(who.ends_with(": STO SUM"), "{who}");
}

#[test]
fn a_word_is_examined_in_any_view() {
    let mut monitor = over(KINDS);
    for (line, expected) in [
        ("examine -d PI", "17553718908"),
        ("examine -f PI", "PI     3.14159"),
        ("e -f SUM", "unnormalized"),
        ("examine -c MSG", "MSG    \"HELLO \""),
        ("examine -d MINUS", "MINUS  -0"),
        ("examine -o MSG", "302543434660  MSG"),
        ("ex -m SUM", "SUM    HTR 00005"),
        ("examine -D MANY/2", "       -8"),
    ] {
        let said = say(&mut monitor, line).unwrap();
        assert!(said.ends_with(expected), "{line}: {said}");
    }
    say(&mut monitor, "deposit ac -12").unwrap();
    say(&mut monitor, "deposit mq 302543434660").unwrap();
    assert_eq!(say(&mut monitor, "examine -d ac").unwrap(), "AC -10");
    assert_eq!(say(&mut monitor, "examine -c mq").unwrap(), "MQ \"HELLO \"");
    let wrong = say(&mut monitor, "examine -x SUM").unwrap_err().to_string();
    assert!(wrong.starts_with("`-x`: expected -o (octal)"), "{wrong}");
}

#[test]
fn a_place_is_watched_in_a_view() {
    let mut monitor = over(KINDS);
    say(&mut monitor, "watch -d SUM").unwrap();
    say(&mut monitor, "watch PI").unwrap();
    say(&mut monitor, "go").unwrap();
    let lines = monitor.watch_lines();
    assert!(lines[0].ends_with("SUM    16") && lines[1].ends_with("DEC 3.14159"), "{lines:?}");
    say(&mut monitor, "unwatch -d SUM").unwrap();
    assert_eq!(monitor.watch_lines().len(), 1);
    assert!(say(&mut monitor, "watch -q SUM").is_err());
}

#[test]
fn words_are_shown_at_the_end_of_a_run() {
    use crate::monitor_words::{emu704, said};
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("kinds.sap"), KINDS).unwrap();
    let run = ["run", "kinds.sap", "--show", "sum,PI,MSG+1,PLACE,ROOM,many+1"];
    let (out, err, code) = said(&emu704(folder.path(), &run, ""));
    assert_eq!((out.as_str(), code), ("", 0), "{err}");
    let lines: Vec<&str> = err.lines().collect();
    let at = lines.iter().position(|line| line.starts_with("SUM ")).unwrap();
    let expected = [
        "SUM    00115 000000000020  16",
        "PI     00107 202622077174  3.14159",
        "MSG+1  00111 664651432460  WORLD",
        "PLACE  00105 000000000100  HTR START",
        "ROOM   00131 000000000000",
        "MANY+1 00113 400000000010  -8",
    ];
    assert_eq!(lines[at..at + 6], expected);

    let (out, _, _) = said(&emu704(folder.path(), &[&run[..], &["--json"]].concat(), ""));
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        report["shown"][2],
        serde_json::json!({
            "name": "MSG+1", "address": "00111", "word": "664651432460", "view": "characters", "value": "WORLD ",
        })
    );
    assert_eq!(report["shown"][4]["view"], "octal");

    let (_, err, code) = said(&emu704(folder.path(), &["run", "kinds.sap", "--show", "NOBODY"], ""));
    assert!(code == 2 && err.contains("--show: ") && !err.contains("stop:"), "{err}");
}
