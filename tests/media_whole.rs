//! The commands for reels and decks lose nothing and hide nothing: what lies behind an end, notes, parity, card images.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::Command;

use asm704::media::tape::{Item, Mode, Record, TapeFormat, TapeImage, frame};
use serde_json::Value;

/// Exit code, standard output, standard error.
fn emu704(at: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
    let output = command.current_dir(at).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn bytes_of(form: TapeFormat, items: &[Item]) -> Vec<u8> {
    let mut image = TapeImage::create(Vec::new(), form).unwrap();
    image.replace_tail(0, items).unwrap();
    image.into_store()
}

/// A record of core codes, as a program writes it.
fn text(mode: Mode, text: &str) -> Item {
    let cores = asm704::chars::encode(text).unwrap();
    let code = |core| if mode == Mode::Bcd { asm704::chars::core_to_tape(core) } else { core };
    Item::Record(Record::new(cores.into_iter().map(|core| frame(code(core), mode)).collect()))
}

/// The reel ends at its mark of the end, and two records lie behind it.
#[test]
fn what_lies_behind_the_end_is_told_by_every_command() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let record = || text(Mode::Bcd, " HELLO ");
    for (form, end) in
        [(TapeFormat::Simh, &[0xff; 4][..]), (TapeFormat::E11, &[0xff; 4]), (TapeFormat::Tpc, &[0xff; 2])]
    {
        let name = format!("reel.{}", form.keyword());
        let whole = bytes_of(form, &[record(), Item::Mark]);
        let behind = bytes_of(form, &[record(), record()]);
        std::fs::write(at.join(&name), [&whole[..], end, &behind].concat()).unwrap();
        let (code, out, _) = emu704(at, &["tape", "verify", &name, "--as", form.keyword()]);
        assert_eq!(code, 6, "{out}");
        assert!(out.contains("not whole") && out.contains("looks like 2 records"), "{out}");
        let told = format!("{} bytes behind the end of the reel", behind.len());
        for command in ["ls", "info"] {
            let (_, out, _) = emu704(at, &["tape", command, &name, "--as", form.keyword()]);
            assert!(out.contains(&told) && out.contains("look like 2 records"), "{command}: {out}");
        }
        for arguments in [
            &["convert", &name, "-o", "new.tap"][..],
            &["cut", &name, "--records", "1", "-o", "new.tap"],
            &["join", &name, "-o", "new.tap"],
            &["damage", &name, "--error", "1", "-o", "new.tap"],
            &["salvage", &name, "-o", "new.tap"],
            &["print", &name],
            &["diff", &name, &name],
        ] {
            let (code, _, error) = emu704(at, &[&["tape"], arguments, &["--as", form.keyword()]].concat());
            assert_eq!(code, 0, "{arguments:?}: {error}");
            assert!(error.contains(&told) && error.contains("look like 2 records"), "{arguments:?}: {error}");
        }
        let (_, _, error) =
            emu704(at, &["deck", "from-tape", &name, "-o", "new.txt", "--as", form.keyword()]);
        assert!(error.contains(&told), "{error}");
    }
}

/// What peers put at the end of a P7B image belongs to the form.
#[test]
fn the_end_marks_of_p7b_are_whole() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let reel = b"\xb3\x71\x69\x74\x50\x66\0\0\0\0\0\0\xb3\x71\x69\x74\x50\x66\x8f";
    std::fs::write(at.join("odd.p7b"), reel).unwrap();
    let (_, out, _) = emu704(at, &["tape", "info", "odd.p7b"]);
    assert!(out.contains("2 records, 1 file mark"), "{out}");
    for end in [&b"\x80"[..], b"\0\0\0", b"\x80\0\0"] {
        std::fs::write(at.join("z.p7b"), [b"\xb3\x71\x69\x74\x50\x66\x8f", end].concat()).unwrap();
        let (code, out, _) = emu704(at, &["tape", "verify", "z.p7b"]);
        assert_eq!((code, out.contains("P7B, whole")), (0, true), "{end:?}: {out}");
    }
    // the rest of a record that has no beginning
    std::fs::write(at.join("z.p7b"), b"\xb3\x71\x69\x74\x50\x66\x8f\0\x71\x69").unwrap();
    let (code, out, _) = emu704(at, &["tape", "verify", "z.p7b"]);
    assert_eq!((code, out.contains("not whole")), (6, true), "{out}");
    // a wrong zero is a defect of an odd record
    std::fs::write(at.join("z.p7b"), b"\x81\x02\x04\x07\x08\x0b\0\x0d\x0e\x8f").unwrap();
    let (code, out, _) = emu704(at, &["tape", "verify", "z.p7b"]);
    assert_eq!((code, out.contains("1 of 9 characters have wrong parity")), (6, true), "{out}");
}

#[test]
fn the_label_of_a_reel_is_shown_and_kept() {
    use asm704::media::tape::Note;

    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let label = Item::Note(Note::Description(b"SHARE reel 7\nread in 1987".to_vec()));
    let private = Item::Note(Note::Data { class: 2, bytes: vec![1, 2, 3] });
    let reel = bytes_of(TapeFormat::Simh, &[label, text(Mode::Bcd, " HELLO "), private, Item::Mark]);
    std::fs::write(at.join("reel.tap"), &reel).unwrap();
    let (_, out, _) = emu704(at, &["tape", "info", "reel.tap"]);
    assert!(out.contains("label: SHARE reel 7") && out.contains("private data of class 2, 3 bytes"), "{out}");
    let (_, out, _) = emu704(at, &["tape", "ls", "reel.tap"]);
    assert!(out.contains("a description of 25 bytes: SHARE reel 7 / read in 1987"), "{out}");
    let (_, out, _) = emu704(at, &["tape", "info", "reel.tap", "--json"]);
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["images"][0]["label"], "SHARE reel 7\nread in 1987");
    assert_eq!(emu704(at, &["tape", "verify", "reel.tap"]).0, 0);
    assert_eq!(emu704(at, &["tape", "convert", "reel.tap", "-o", "copy.tap"]).0, 0);
    assert_eq!(std::fs::read(at.join("copy.tap")).unwrap(), reel);
    let (_, _, error) = emu704(at, &["tape", "convert", "reel.tap", "-o", "copy.p7b"]);
    assert!(error.contains("2 notes beside the recording left out, P7B has none"), "{error}");
}

/// A reel without parity: its two records get theirs back, and are the reel that it was read from.
#[test]
fn parity_is_put_back() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let words = Item::Record(Record::new((0..60).map(|n| frame(n % 64, Mode::Binary)).collect()));
    let right = [text(Mode::Bcd, " CLA 100 AND MORE "), words, Item::Mark];
    let bare: Vec<Item> = right
        .iter()
        .map(|item| match item {
            Item::Record(record) => {
                Item::Record(Record::new(record.frames.iter().map(|character| character & 0o77).collect()))
            }
            item => item.clone(),
        })
        .collect();
    std::fs::write(at.join("bare.tap"), bytes_of(TapeFormat::Simh, &bare)).unwrap();
    let (code, _, error) =
        emu704(at, &["tape", "convert", "bare.tap", "--parity", "guess", "-o", "right.tap"]);
    assert_eq!(code, 0, "{error}");
    assert!(error.contains("1 record with odd parity now, 1 record with even"), "{error}");
    assert_eq!(std::fs::read(at.join("right.tap")).unwrap(), bytes_of(TapeFormat::Simh, &right));
    // one for all
    emu704(at, &["tape", "convert", "bare.tap", "--parity", "even", "-o", "even.tap"]);
    let (_, out, _) = emu704(at, &["tape", "ls", "even.tap"]);
    assert_eq!(out.matches("bcd").count(), 2, "{out}");
}

#[test]
fn check_characters_and_blocks() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let Item::Record(mut record) = text(Mode::Bcd, &" CLA 1      ".repeat(14)) else { panic!("a record") };
    let right = record.clone();
    record.frames.push(right.check_character());
    std::fs::write(at.join("reel.tap"), bytes_of(TapeFormat::Simh, &[Item::Record(record)])).unwrap();
    let (code, out, _) = emu704(at, &["tape", "verify", "reel.tap"]);
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("1 record whose last character is the longitudinal check"), "{out}");
    let arguments = ["tape", "convert", "reel.tap", "--drop-check", "--record", "84", "-o", "cards.tap"];
    assert_eq!(emu704(at, &arguments).0, 0);
    let cards: Vec<Item> =
        right.frames.chunks(84).map(|piece| Item::Record(Record::new(piece.to_vec()))).collect();
    assert_eq!(std::fs::read(at.join("cards.tap")).unwrap(), bytes_of(TapeFormat::Simh, &cards));
}

#[test]
fn odd_records_are_printed_in_core_codes() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let reel = [text(Mode::Bcd, " SALES 1 "), text(Mode::Binary, " TOTAL 20 ")];
    std::fs::write(at.join("reel.tap"), bytes_of(TapeFormat::Simh, &reel)).unwrap();
    let (code, out, _) = emu704(at, &["tape", "print", "reel.tap"]);
    assert_eq!((code, &out[..]), (0, "SALES 1\nTOTAL 20\n"));
}

/// Two decks on a reel, and back.
#[test]
fn decks_come_back_from_tape() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    std::fs::write(at.join("a.txt"), " CLA 1\n STO 2\n").unwrap();
    std::fs::write(at.join("b.txt"), "* SECOND\n").unwrap();
    for deck in ["a", "b"] {
        let name = format!("{deck}.tap");
        assert_eq!(emu704(at, &["deck", "to-tape", &format!("{deck}.txt"), "-o", &name]).0, 0);
    }
    assert_eq!(emu704(at, &["tape", "join", "a.tap", "b.tap", "-o", "both.tap"]).0, 0);
    assert_eq!(emu704(at, &["deck", "from-tape", "both.tap", "-o", "both.txt"]).0, 0);
    assert_eq!(std::fs::read_to_string(at.join("both.txt")).unwrap(), " CLA 1\n STO 2\n~\n* SECOND\n");
    let (code, _, error) =
        emu704(at, &["deck", "from-tape", "both.tap", "--many", "-o", "deck.txt", "--index", "index.txt"]);
    assert_eq!(code, 0, "{error}");
    assert_eq!(std::fs::read_to_string(at.join("deck-1.txt")).unwrap(), " CLA 1\n STO 2\n");
    assert_eq!(std::fs::read_to_string(at.join("deck-2.txt")).unwrap(), "* SECOND\n");
    assert_eq!(
        std::fs::read_to_string(at.join("index.txt")).unwrap(),
        "file deck record cards first card\n1 deck-1.txt 1 2  CLA 1\n2 deck-2.txt 3 1 * SECOND\n"
    );
    // card images in binary: 24 words a record
    let words: Vec<asm704::Word> = (0..24).map(|n| asm704::Word::new(n * 0o1234567)).collect();
    let record = asm704::media::tape::record_from_words(&words, Mode::Binary);
    std::fs::write(at.join("binary.tap"), bytes_of(TapeFormat::Simh, &[Item::Record(record)])).unwrap();
    assert_eq!(emu704(at, &["deck", "from-tape", "binary.tap", "-o", "binary.cbn"]).0, 0);
    let deck = asm704::media::card::read_deck(&std::fs::read(at.join("binary.cbn")).unwrap(), None).unwrap();
    let [asm704::media::card::DeckItem::Card(card)] = &deck[..] else { panic!("a card") };
    assert_eq!(card.words()[..], words);
    // what is no card image
    std::fs::write(at.join("long.tap"), bytes_of(TapeFormat::Simh, &[text(Mode::Bcd, &" LONG ".repeat(20))]))
        .unwrap();
    let (code, _, error) = emu704(at, &["deck", "from-tape", "long.tap", "-o", "long.txt"]);
    assert_eq!(code, 6);
    assert!(
        error.contains("record 1: expected a card image") && error.contains("found 120 characters"),
        "{error}"
    );
}

#[test]
fn what_no_keypunch_has_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    std::fs::write(at.join("deck.txt"), " CLA A(1)\n A[1];B~\n").unwrap();
    let (code, _, error) = emu704(at, &["deck", "punch", "deck.txt", "-o", "deck.cbn"]);
    assert_eq!(code, 0);
    assert!(error.contains("line 2, column 3: `[` is on no keypunch of the 704"), "{error}");
    assert!(error.contains("4 such characters in all: `;` `[` `]` `~`"), "{error}");
    // a deck of DOS: pages and the end of the text
    std::fs::write(at.join("dos.txt"), " CLA 1\r\n\x0c STO 2\r\n\x0c\r\n\x1a\x1a\0\0").unwrap();
    assert_eq!(emu704(at, &["deck", "punch", "dos.txt", "-o", "dos.cbn"]).0, 0);
    let (_, out, _) = emu704(at, &["deck", "read", "dos.cbn"]);
    assert_eq!(out, " CLA 1\n STO 2\n");
}
