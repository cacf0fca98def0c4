//! Habits of other emulators at the monitor, and the page about them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;

use crate::common::root;
use crate::monitor_words::{RIGHT, emu704, folder, over, refused, said, say};

#[test]
fn words_of_other_emulators_work_or_say_what_to_use() {
    let mut monitor = over(RIGHT);
    for (line, expected) in [
        ("c", "stop: HTR 00100 at 00103 (START+3)"),
        ("go until 102", "break: "),
        ("set sense 2 on", ""),
        ("set break 102", ""),
        ("set cpu history=50", ""),
        ("detach all", ""),
        ("e ONE/2", "00104 000000000001  ONE"),
    ] {
        let found = say(&mut monitor, line).expect(line);
        assert!(found.starts_with(expected) && found.is_empty() == expected.is_empty(), "{line}: {found}");
    }
    let mut other = over(RIGHT);
    assert!(say(&mut other, "run until 102").unwrap().starts_with("break: "));
    assert!(refused(&mut other, "b 102[3]").contains("`break ADDRESS after N`"));
    assert!(monitor.machine().console.sense_switches[1]);
    let state = say(&mut monitor, "ex state").unwrap();
    for part in ["AC +00", "XR A", "IC 00102", "sense switches down: 2", "no reels", "in the hopper"] {
        assert!(state.contains(part), "{part}: {state}");
    }
    assert_eq!(say(&mut monitor, "show break").unwrap(), "at 00102");
    assert_eq!(say(&mut monitor, "show version").unwrap(), format!("emu704 {}", env!("CARGO_PKG_VERSION")));
    assert!(say(&mut monitor, "show").unwrap().contains("switches | breakpoints"));
    for topic in say(&mut monitor, "show").unwrap().trim_start_matches("show ").split(" | ") {
        say(&mut monitor, &format!("show {topic}")).expect(topic);
    }
    for (line, instead) in [
        ("goto X", "`if`, `do` and `return`"),
        ("!ls", "no commands of the host"),
        ("attach lpt paper", "--print FILE"),
        ("attach -n mt1 x", "`ring`"),
        ("set mt1 locked", "ring"),
        ("set cpu 8k", "--core"),
        ("boot mt2", "tape 1"),
        ("boot lpt", "LOAD keys"),
        ("reset all", "`clear`"),
        ("expect \"HELLO\" echo x", "expect print"),
        ("exmaine 100", "did you mean `examine`?"),
        ("show moon", "expected: show"),
        ("set moon 1", "expected: set"),
    ] {
        let error = refused(&mut monitor, line);
        assert!(error.contains(instead) && error.lines().count() == 1, "{line}: {error}");
    }
    assert!(say(&mut monitor, "boot mt1").unwrap().contains("no reel is mounted on tape 1"));
    // a program may have a symbol that is a word here
    let mut monitor = over("       ORG 64\nSTATE  HTR STATE\nANYWAY HTR ANYWAY\n       END STATE\n");
    assert!(say(&mut monitor, "examine state").unwrap().starts_with("00100 000000000100  STATE"));
    assert_eq!(say(&mut monitor, "go anyway").unwrap(), "stop: HTR 00101 at 00101 (ANYWAY)");
}

#[test]
fn an_ini_beside_the_program_is_done_when_it_is_asked_for() {
    let folder = folder();
    fs::write(folder.path().join("right.ini"), "echo %0\nbreak 102\nexamine nowhere\n").unwrap();
    let (out, _, code) = said(&emu704(folder.path(), &["monitor", "right.sap"], "break\n"));
    assert_eq!((out.as_str(), code), ("no breakpoints\n", 0));
    let (out, _, code) = said(&emu704(folder.path(), &["monitor", "--ini", "right.sap"], "break\n"));
    assert!(out.starts_with("right.ini\n? right.ini:3: "), "{out}");
    assert!(out.ends_with("\nat 00102\n"), "{out}");
    assert_eq!(code, 1);
    let (out, _, code) = said(&emu704(folder.path(), &["monitor", "--ini", "wrong.sap"], "quit\n"));
    assert!(out.starts_with("? --ini: wrong.ini: "), "{out}");
    assert_eq!(code, 1);
}

/// docs/simh.md shows the session, from attach to exit, as it is.
#[test]
fn the_page_for_simh_users_shows_a_session() {
    let folder = tempfile::tempdir().unwrap();
    let made = |name: &str| folder.path().join(name);
    fs::create_dir_all(made("programs/lessons")).unwrap();
    for name in ["programs/simh.do", "programs/check.do", "programs/lessons/02-hello.sap"] {
        fs::copy(root().join(name), made(name)).unwrap();
    }
    let args = ["monitor", "--core", "4k", "--script", "programs/simh.do"];
    let (out, err, code) = said(&emu704(folder.path(), &args, ""));
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let script = fs::read_to_string(made("programs/simh.do")).unwrap();
    for line in script.lines() {
        assert!(out.contains(&format!("> {line}\n")), "{line}: {out}");
    }
    assert!(!out.contains("\n? "), "{out}");
    let page = root().join("docs/simh.md");
    let text = fs::read_to_string(&page).unwrap();
    let (before, rest) = text.split_once("\n```text\n").unwrap();
    let (shown, behind) = rest.split_once("```").unwrap();
    if std::env::var_os("EMU704_WRITE_DOCS").is_some() {
        fs::write(&page, format!("{before}\n```text\n{out}```{behind}")).unwrap();
        return;
    }
    assert_eq!(shown, out, "EMU704_WRITE_DOCS=1 writes it");
}

/// What the table of docs/simh.md has in its second column works, or is an option.
#[test]
fn the_table_for_simh_users_is_true() {
    let text = fs::read_to_string(root().join("docs/simh.md")).unwrap();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert!(rows.len() > 30, "{}", rows.len());
    for row in rows {
        let [habit, ours, ..] = row.as_slice() else { panic!("{row:?}") };
        let column = if ours.starts_with("the same") { habit } else { ours };
        for code in column.split('`').skip(1).step_by(2) {
            let word = code.split_whitespace().next().unwrap();
            let known = word.starts_with("--")
                || word.starts_with(['#', ';'])
                || emu704::monitor::help(Some(word)).is_ok();
            assert!(known, "{code}: {row:?}");
        }
    }
}

#[test]
fn a_session_ends_with_the_code_that_it_names() {
    let folder = folder();
    for (input, expected) in [
        ("exit 3\n", 3),
        ("expect ac 1\nexit 0\n", 0),
        ("quit\n", 0),
        ("expect ac 1\nquit\n", 1),
        ("exit 256\n", 1),
    ] {
        let (out, _, code) = said(&emu704(folder.path(), &["monitor"], input));
        assert_eq!(code, expected, "{input}{out}");
    }
    // an assertion ends the script, an expectation does not
    for (word, last) in [("assert", false), ("expect", true)] {
        let input = format!("{word} ac 1\necho last\n");
        let (out, _, code) = said(&emu704(folder.path(), &["monitor"], &input));
        assert_eq!((code, out.contains("last")), (1, last), "{out}");
    }
}

#[test]
fn conditions_decide() {
    let mut monitor = over(RIGHT);
    say(&mut monitor, "go").unwrap();
    for (line, expected) in [
        ("if ac = 2 then echo yes", "yes"),
        ("if AC==2 then echo yes", "yes"),
        ("if (ac==2) echo yes", "yes"),
        ("if (SUM > 1 and xra = 0) echo yes", "yes"),
        ("if SUM != 2 then echo no", ""),
        ("if SUM = 2 then if ac < 2 then echo no", ""),
        ("if SUM = 2 then if ac < 3 then echo yes", "yes"),
        ("assert ac = 2 and SUM = [SUM]", ""),
        ("assert (SUM==2)", ""),
        ("assert stop htr 103", ""),
        ("assert SUM 2", ""),
        ("; a comment", ""),
    ] {
        assert_eq!(say(&mut monitor, line).expect(line), expected, "{line}");
    }
    for line in ["if", "if ac = 2", "if ac = 2 then", "if (ac = 2", "if ac then go", "assert", "assert SUM 3"]
    {
        refused(&mut monitor, line);
    }
    // as many as a line holds
    let deep = format!("{}echo deep", "if ac = 2 then ".repeat(4000));
    assert_eq!(say(&mut monitor, &deep).unwrap(), "deep");
}

/// Row 1 of a card with A in column 1, row 12 with it: A is 12 and 1 punched.
#[test]
fn text_is_sent_as_cards() {
    let mut monitor = over(RIGHT);
    assert_eq!(say(&mut monitor, r#"send "A\n""#).unwrap(), "1 in the hopper, 0 read, 0 punched");
    assert_eq!(
        say(&mut monitor, r#"send "FIRST 1\nSECOND, 2""#).unwrap(),
        "3 in the hopper, 0 read, 0 punched"
    );
    assert_eq!(say(&mut monitor, "show cdr").unwrap(), "3 in the hopper, 0 read, 0 punched");
    let read = "       ORG 64\nSTART  RCD\n       LXD COUNT,1\nCOPY   CPY CARD+24,1\n       TIX COPY,1,1\n       HTR START\nCOUNT  HTR 0,0,24\nCARD   BSS 24\n       END START\n";
    let mut reads = over(read);
    say(&mut reads, r#"send "A\n""#).unwrap();
    assert!(say(&mut reads, "go").unwrap().starts_with("stop: HTR"));
    let card = reads.debugger.room.address("CARD").unwrap();
    let rows: Vec<u16> = (0..24).filter(|n| reads.machine().core.peek(card + n).bits() != 0).collect();
    // left halves of rows 1 and 12: the ninth and the twelfth pair
    assert_eq!(rows, [16, 22]);
    assert_eq!(reads.machine().core.peek(card + 16).bits(), 1 << 35);
    let long = "X".repeat(73);
    for text in [&long, "A\u{e9}B", ""] {
        refused(&mut monitor, &format!("send {text}"));
    }
    assert_eq!(monitor.machine().card_reader().in_hopper(), 3);
}
