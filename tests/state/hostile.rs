//! Clients without a token, and clients that have one and do not behave.

use std::io::Write as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Panel, rest};

/// Nobody who has not shown the token hears a word, and each is put off.
#[test]
fn who_has_no_token_hears_nothing() {
    let panel = Panel::start("--state 0");
    let token = &panel.token;
    let half = &token[..16];
    let rubbish: Vec<u8> = (0..=255).filter(|byte| *byte != b'\n').cycle().take(2000).collect();
    for (what, first) in [
        ("a wrong token", b"abcdefghijkmnpqrstuvwxyz23456789\n".to_vec()),
        ("half of the token", format!("{half}\n").into_bytes()),
        ("the token and more", format!("{token}x\n").into_bytes()),
        ("an empty line", b"\n".to_vec()),
        ("an act", b"sense 1 down\n".to_vec()),
        ("a browser, before its line ends", b"GET /".to_vec()),
        (
            "a browser that knows the token",
            format!("POST / HTTP/1.1\r\n\r\n{token}\nsense 1 down\n").into_bytes(),
        ),
        ("a page's socket", b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n".to_vec()),
        ("rubbish", rubbish),
        ("an endless line", vec![b'a'; 100_000]),
    ] {
        let mut stream = panel.call();
        // it may be closed while this still writes
        let _ = stream.write_all(&first);
        assert_eq!(rest(stream), b"", "{what}");
    }
    // one who says nothing is put off after five seconds
    let begun = Instant::now();
    assert_eq!(rest(panel.call()), b"");
    assert!(begun.elapsed() >= Duration::from_secs(4), "{:?}", begun.elapsed());

    let mut client = panel.attach();
    assert_eq!(client.picture(|_| true)["switches"], Value::from(vec![false; 6]));
}

#[test]
fn a_hundred_callers_keep_nobody_out() {
    let panel = Panel::start("--state 0");
    let callers: Vec<_> = (0..100).map(|_| panel.call()).collect();
    let mut client = panel.attach();
    client.picture(|_| true);
    drop(callers);
    // eight clients at most; the ninth is put off without a word
    let _others: Vec<_> = (0..7).map(|_| panel.attach()).collect();
    let mut ninth = panel.call();
    writeln!(ninth, "{}", panel.token).unwrap();
    assert_eq!(rest(ninth), b"");
    assert_eq!(client.ask("sense 6 down"), Value::Null);
}

#[test]
fn lines_that_are_none() {
    let panel = Panel::start("--state 0");
    let mut client = panel.attach();
    client.stream.write_all(b"\xff\xfe\x00\x01\n{\"act\": \n\x1b[2J\n").unwrap();
    for expected in ["UTF-8", "not a line of JSON", "is not something an operator can do"] {
        let answer = client.wait_for("answer", |_| true);
        assert!(answer["error"].as_str().unwrap().contains(expected), "{answer}");
    }
    assert_eq!(client.ask("sense 1 down"), Value::Null);

    // 1024 bytes are a line, one more is none, and ends it
    let long = format!("{{\"id\": \"{}\", \"act\": \"start\"}}", "x".repeat(1024 - 26));
    assert_eq!(long.len(), 1024);
    assert_eq!(client.ask(&long), Value::Null);
    client.stream.write_all(&vec![b'x'; 1025]).unwrap();
    let answer = client.wait_for("answer", |_| true);
    assert_eq!(answer["error"], "the line is too long: expected at most 1024 bytes");
    while client.next().is_some() {}
}

#[test]
fn a_line_that_is_cut_off_is_not_done() {
    let panel = Panel::start("--state 0");
    let mut client = panel.attach();
    client.stream.write_all(b"sense 3 down\nsense 4 down").unwrap();
    drop(client);
    let mut client = panel.attach();
    let picture = client.picture(|picture| picture["switches"][2] == true);
    assert_eq!(picture["switches"], json!([false, false, true, false, false, false]));
    assert_eq!(client.ask("sense 3 up"), Value::Null);
    let picture = client.picture(|picture| picture["switches"][2] == false);
    assert_eq!(picture["switches"], Value::from(vec![false; 6]));
}

/// One who asks without end and never reads: the others are heard and answered.
#[test]
fn one_who_floods_keeps_nobody_waiting() {
    let panel = Panel::start("--state 0 --speed full");
    let mut flood = panel.attach();
    flood.stream.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
    let lines = "power on 7\nbad\n".repeat(10_000);
    let flooding = std::thread::spawn(move || {
        // until the line is full
        let _ = flood.stream.write_all(lines.as_bytes());
        flood
    });
    let mut client = panel.attach();
    let begun = Instant::now();
    for n in 1..=6 {
        assert_eq!(client.ask(&format!("sense {n} down")), Value::Null);
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    drop(flooding.join());
}

/// Random talk, half of it nearly right: each line that is not blank has one answer, and the panel works as before.
#[test]
fn random_talk() {
    let panel = Panel::start("--state 0");
    let mut number = 0x704_u64;
    let mut below = |limit: u64| {
        // splitmix64, so that a failure comes again
        number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = number;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    };
    let words = [
        "sense",
        "1",
        "7",
        "down",
        "up",
        "keys",
        "000000000076",
        "press",
        "single-step",
        "start",
        "load",
        "tape",
        "mount",
        "a.tap",
        "power",
        "on",
        "off",
        "704",
        "manual",
        "automatic",
        "fault",
        "not-ready",
        "\u{1b}[2J",
        "-1",
        "99999999999999999999",
        "START+3",
        "\u{0}",
        "\u{e9}",
        "display",
        "a",
        "go",
        "quit",
    ];
    for _ in 0..4 {
        let mut client = panel.attach();
        for _ in 0..40 {
            let mut line: Vec<u8> = (0..=below(4))
                .flat_map(|_| [words[below(words.len() as u64) as usize], " "])
                .collect::<String>()
                .into_bytes();
            match below(4) {
                0 => {
                    line = json!({"act": String::from_utf8_lossy(&line), "id": below(99)})
                        .to_string()
                        .into_bytes();
                }
                1 => {
                    for _ in 0..=below(3) {
                        let at = below(line.len() as u64) as usize;
                        line[at] = below(256) as u8;
                    }
                }
                _ => {}
            }
            let lines = line.split(|byte| *byte == b'\n');
            let blank = |line: &&[u8]| String::from_utf8_lossy(line).trim().is_empty();
            let answers = lines.filter(|line| !blank(line)).count();
            line.push(b'\n');
            client.stream.write_all(&line).unwrap();
            for _ in 0..answers {
                let answer = client.wait_for("answer", |_| true);
                assert!(answer["error"].is_null() || answer["error"].is_string(), "{answer}");
            }
        }
    }
    let mut client = panel.attach();
    let _ = client.ask("power on 704");
    assert_eq!(client.ask("sense 5 up"), Value::Null);
    assert_eq!(client.ask("sense 5 down"), Value::Null);
    client.picture(|picture| picture["switches"][4] == true);
}
