//! The command asm704: exit codes, forms, files.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::json;

fn asm704(directory: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_asm704")).current_dir(directory).args(args).output().unwrap()
}

const SOURCE: &str = "       ORG 8\nSTART  HTR START\n       END START\n";

#[test]
fn a_core_image_has_its_start() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("p.sap"), SOURCE).unwrap();
    let output = asm704(directory.path(), &["p.sap", "--format", "oct"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "# start 00010\n00010 000000000010\n");
    assert!(output.stderr.is_empty());
}

#[test]
fn the_deck_goes_beside_the_source() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("p.sap"), SOURCE).unwrap();
    assert_eq!(asm704(directory.path(), &["p.sap"]).status.code(), Some(0));
    let deck = std::fs::read(directory.path().join("p.cbn")).unwrap();
    assert_eq!(deck.len(), 2 * 160);
}

#[test]
fn flagged_cards_assemble_and_exit_with_1() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("p.sap"), "       XYZ 5\n       END 0\n").unwrap();
    let output = asm704(directory.path(), &["p.sap", "--format", "oct"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "# start 00000\n00000 000000000005\n");
    assert!(String::from_utf8(output.stderr).unwrap().contains("error[A001]"));
}

#[test]
fn a_missing_file_is_one_line_and_exit_2() {
    let directory = tempfile::tempdir().unwrap();
    let output = asm704(directory.path(), &["none.sap"]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains("none.sap"), "{text}");
}

/// Runs on a source in a folder of its own.
fn on(source: &str, args: &[&str]) -> (tempfile::TempDir, Output) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("p.sap"), source).unwrap();
    let output = asm704(directory.path(), &[&["p.sap"], args].concat());
    (directory, output)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn words_and_listing() {
    let (directory, output) = on(SOURCE, &["--format", "words", "--listing", "p.lst"]);
    let zeros = " 000000000000".repeat(21);
    let deck = format!(
        "000001000010 000001000020 000000000010{zeros}\n000000000010 000000000000 000000000000{zeros}\n"
    );
    assert_eq!(text(&output.stdout), deck);
    let listing = std::fs::read_to_string(directory.path().join("p.lst")).unwrap();
    assert_eq!(
        listing,
        "9            ORG 8\n\
         1                       00010        ORG 8\n       \
         00010  0 00000 0 00010 START  HTR START\n                        \
         00010        END START\n"
    );
}

#[test]
fn standard_input_and_output() {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_asm704"))
        .args(["-", "-o", "-", "--format", "oct"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(SOURCE.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(text(&output.stdout), "# start 00010\n00010 000000000010\n");
}

#[test]
fn columns_are_72_or_80() {
    let source = format!("       OCT {}7\n       END 0\n", "0".repeat(61));
    let image = |args: &[&str]| text(&on(&source, &[args, &["--format", "oct"]].concat()).1.stdout);
    assert!(image(&[]).contains("00000 000000000007"));
    assert!(image(&["--columns", "80"]).contains("00000 000000000007"));
    assert!(image(&["--columns", "72"]).contains("00000 000000000000"));
    assert_eq!(on(&source, &["--columns", "79"]).1.status.code(), Some(2));
}

#[test]
fn bad_usage_is_exit_2() {
    for args in [
        &["--format", "hex"][..],
        &["--frobnicate"],
        &["-o", "no/such/folder/p.cbn"],
        &["-o", "p.sap"],
        &["-o", "x", "--listing", "x"],
    ] {
        let (directory, output) = on(SOURCE, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        // the source is still there
        assert_eq!(std::fs::read_to_string(directory.path().join("p.sap")).unwrap(), SOURCE);
    }
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(asm704(directory.path(), &[]).status.code(), Some(2));
    assert_eq!(asm704(directory.path(), &["."]).status.code(), Some(2));
}

#[test]
fn strict_refuses_what_is_surely_a_mistake() {
    let source = "       CLA 0100\n       END 0\n";
    let (directory, output) = on(source, &[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stderr).contains("warning[A022]"));
    assert!(directory.path().join("p.cbn").exists());
    let (directory, output) = on(source, &["--strict"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("error[A022]"));
    assert!(!directory.path().join("p.cbn").exists());
}

#[test]
fn json_report_and_symbols() {
    let (directory, output) = on("A      CLA B\n       END A\n", &["--json", "--symbols", "p.json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["version"], 1);
    let codes: Vec<&serde_json::Value> =
        report["diagnostics"].as_array().unwrap().iter().map(|said| &said["code"]).collect();
    assert_eq!(codes, ["A035", "A002"]);
    assert_eq!(report["diagnostics"][1]["columns"], json!([12, 12]));
    let symbols = std::fs::read(directory.path().join("p.json")).unwrap();
    let symbols: serde_json::Value = serde_json::from_slice(&symbols).unwrap();
    // emu704 tape diff --symbols reads these
    let symbol = &symbols["assemblies"][0]["symbols"][0];
    assert_eq!(
        (&symbols["version"], &symbol["name"], &symbol["value"]),
        (&json!(1), &json!("A"), &json!("00000"))
    );
    assert_eq!((&symbol["relocatable"], &symbol["effective"]), (&json!(true), &json!(true)));
    assert_eq!(symbols["assemblies"][0]["words"][0]["location"], "00000");
    assert_eq!(symbols["assemblies"][0]["words"][0]["word"], "050000000000");
    assert_eq!(symbols["assemblies"][0]["words"][0]["line"], 1);
    assert_eq!(symbols["assemblies"][0]["symbols"][0]["columns"], serde_json::json!([1, 1]));
    assert_eq!(symbols["assemblies"][0]["references"][0]["name"], "B");
    assert_eq!(symbols["assemblies"][0]["references"][0]["use"], "read");
    assert_eq!(symbols["assemblies"][0]["references"][0]["columns"], serde_json::json!([12, 12]));
}

#[test]
fn self_loading_decks_have_two_cards_of_loader_in_front() {
    let (_directory, output) = on(SOURCE, &["--self-loading", "--format", "words"]);
    let deck = text(&output.stdout);
    let cards: Vec<&str> = deck.lines().collect();
    assert_eq!(cards.len(), 4);
    // LXA 0,4, CPY 2,4, TXI 1,4,-1: the way up from location 0
    assert!(cards[0].starts_with("053400400000 070000400002 177777400001 "));
    assert!(cards[1].starts_with("076200000321 "));
    assert!(cards[2].starts_with("000001000010 000001000020 000000000010 "));
    assert!(cards[3].starts_with("000000000010 000000000000 "));
    // without a start there is nothing to go to
    let (_directory, output) = on("       PZE\n       END\n", &["--self-loading"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn explain_and_ops() {
    let directory = tempfile::tempdir().unwrap();
    let output = asm704(directory.path(), &["explain", "A017"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).starts_with("A017 (warning): tag beyond 7\n"));
    assert_eq!(asm704(directory.path(), &["explain", "A999"]).status.code(), Some(2));
    // an operation, by either command, in letters of either size
    let cla = text(&asm704(directory.path(), &["explain", "cla"]).stdout);
    for said in
        ["CLA: ", "word      050000000000 (+0500)\n", "write     CLA Y,X (the assembler needs an address)\n"]
    {
        assert!(cla.contains(said), "{cla}");
    }
    assert!(cla.contains("cycles    2, of 12 microseconds\n"), "{cla}");
    assert!(cla.contains("core      reads the word at its address\n"), "{cla}");
    assert_eq!(text(&asm704(directory.path(), &["ops", "CLA"]).stdout), cla);
    // another name of the same operation, and a pseudo-operation
    let rtb = text(&asm704(directory.path(), &["explain", "RTB"]).stdout);
    assert!(rtb.contains("\noperation RDS: "), "{rtb}");
    assert!(text(&asm704(directory.path(), &["ops", "bss"]).stdout).contains("write     BSS n\n"));
    let one = asm704(directory.path(), &["ops", "CLA", "--format", "json"]).stdout;
    let one: serde_json::Value = serde_json::from_slice(&one).unwrap();
    assert_eq!(one["operations"].as_array().unwrap().len(), 1);
    assert_eq!(
        one["aliases"].as_array().unwrap().len() + one["pseudo_operations"].as_array().unwrap().len(),
        0
    );
    let none = asm704(directory.path(), &["ops", "NONE"]);
    assert!(none.status.code() == Some(2) && text(&none.stderr).contains("`NONE` is not an operation"));
    let json = asm704(directory.path(), &["ops", "--format", "json"]).stdout;
    let ops: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(ops["version"], 1);
    assert_eq!(ops["pseudo_operations"].as_array().unwrap().len(), 33);
    // a source of that name is given with its folder
    std::fs::write(directory.path().join("ops"), SOURCE).unwrap();
    let output = asm704(directory.path(), &["./ops", "--format", "oct"]);
    assert!(text(&output.stdout).starts_with("# start 00010"));
}

#[test]
fn every_code_has_an_explanation_of_its_own() {
    let directory = tempfile::tempdir().unwrap();
    let list = text(&asm704(directory.path(), &["explain"]).stdout);
    for (n, line) in list.lines().enumerate() {
        assert!(line.starts_with(&format!("A{:03} ", n + 1)), "{line}");
    }
    assert!(list.lines().count() >= 29);
}

#[test]
fn disassembly_of_decks_words_and_core_images() {
    let (directory, _) = on(SOURCE, &[]);
    let at = directory.path();
    for form in ["words", "oct"] {
        asm704(at, &["p.sap", "--format", form, "-o", &format!("p.{form}")]);
    }
    for image in ["p.cbn", "p.words", "p.oct"] {
        let output = asm704(at, &["disasm", image]);
        assert_eq!(text(&output.stdout), "       ORG 8\nL00010 HTR L00010\n       END L00010\n", "{image}");
    }
    std::fs::write(at.join("bad.oct"), "00010 999\n").unwrap();
    assert_eq!(asm704(at, &["disasm", "bad.oct"]).status.code(), Some(2));
    std::fs::write(at.join("empty.cbn"), "").unwrap();
    assert_eq!(asm704(at, &["disasm", "empty.cbn"]).status.code(), Some(2));
    assert_eq!(asm704(at, &["disasm", "none.cbn"]).status.code(), Some(2));
}

#[test]
fn the_page_of_operations_is_what_ops_prints() {
    let directory = tempfile::tempdir().unwrap();
    let table = text(&asm704(directory.path(), &["ops", "--format", "markdown"]).stdout);
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/operations.md")).unwrap();
    assert!(
        page.replace("\r\n", "\n").ends_with(&table),
        "make docs/operations.md again with `asm704 ops --format markdown`"
    );
    assert!(table.starts_with("## Operations of the machine\n"));
}

#[test]
fn self_loading_reels() {
    let (directory, output) = on(SOURCE, &["--format", "tap"]);
    assert_eq!(output.status.code(), Some(0));
    let reel = std::fs::read(directory.path().join("p.tap")).unwrap();
    // the first record: 10 words of 6 characters between two lengths
    assert_eq!(reel[..4], [60, 0, 0, 0]);
    assert_eq!(reel[64..68], [60, 0, 0, 0]);
    // LXA 0,4 in binary with odd parity: 05 34 00 40 00 00
    assert_eq!(reel[4..10], [0x45, 0x1c, 0x40, 0x20, 0x40, 0x40]);
}

#[test]
fn free_form_cross_reference_and_page() {
    let source = "* free\nSTART: CLA A # first\n HTR START\nA DEC 1\n END START\n";
    let (directory, output) = on(
        source,
        &["--free", "--format", "oct", "--xref", "p.xref", "--html", "p.html", "--listing", "p.lst"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(
        text(&output.stdout),
        "# start 00000\n00000 050000000002\n00001 000000000000\n00002 000000000001\n"
    );
    let read = |name: &str| std::fs::read_to_string(directory.path().join(name)).unwrap();
    assert!(read("p.xref").contains("\nA         00002  4           2R\n"), "{}", read("p.xref"));
    assert!(read("p.html").contains("<a href=\"#l4\" title=\"00002\">A</a>"));
    // in columns, the same text is something else
    assert_eq!(on(source, &[]).1.status.code(), Some(1));
    // two results for one file
    assert_eq!(on(source, &["--xref", "x", "--html", "x"]).1.status.code(), Some(2));
}

#[test]
fn json_report_has_the_cross_reference() {
    let (_, output) = on("A      CLA B\n       END A\n", &["--json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let symbols = &report["cross_reference"][0]["symbols"];
    assert_eq!(symbols[0]["name"], "A");
    assert_eq!(symbols[0]["definitions"][0]["at"]["line"], 1);
    assert_eq!(symbols[0]["references"][0]["use"], "value");
    assert_eq!(symbols[1]["undefined"], true);
    assert_eq!(symbols[1]["references"][0]["use"], "read");
}

#[test]
fn completions_and_the_manual() {
    let directory = tempfile::tempdir().unwrap();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = asm704(directory.path(), &["completions", shell]);
        assert!(output.status.success() && text(&output.stdout).contains("listing"), "{shell}");
    }
    assert!(text(&asm704(directory.path(), &["man"]).stdout).contains(".TH asm704 1"));
    assert!(asm704(directory.path(), &["man", "pages"]).status.success());
    assert!(directory.path().join("pages/asm704-explain.1").exists());
}

#[test]
fn reels_are_disassembled_to_source_that_makes_the_same_reel() {
    let words: Vec<String> = (0..4093).map(|n| format!("       OCT {:o}\n", 0o123456 + n)).collect();
    let full = words.concat() + "       END 5\n";
    // with checksums; with the short loader, and words 0 and 1; with neither of these
    let high = full.replacen("       OCT", "       ORG 2\n       OCT", 1);
    for (source, note) in [(SOURCE, ""), (&full, "the short one"), (&high, "the short one")] {
        for form in ["tap", "p7b"] {
            let (directory, output) = on(source, &["--format", form]);
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{said}");
            assert_eq!(said.contains("the short one"), !note.is_empty(), "{said}");
            let at = directory.path();
            let reel = format!("p.{form}");
            assert_eq!(asm704(at, &["disasm", &reel, "-o", "again.sap"]).status.code(), Some(0));
            assert_eq!(asm704(at, &["again.sap", "--format", form]).status.code(), Some(0));
            let read = |name: &str| std::fs::read(at.join(name)).unwrap();
            assert!(read(&reel) == read(&format!("again.{form}")), "{form} {note}");
        }
    }
    // too full for any loader
    let (_, output) = on(&full.replacen("       OCT", "       OCT 1,2\n       OCT", 1), &["--format", "tap"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("no 3 words in a row free in a core of 4096"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn symbols_without_use_are_named_in_one_warning_or_each_at_its_place() {
    let source = "A      CLA B\nC      ADD B\nB      OCT 1\nD      HTR A\n       END A\n";
    let (_, output) = on(source, &[]);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stderr);
    assert!(said.contains("warning[A023]: 2 symbols are never used: `C`, `D`\n --> p.sap:2:1\n"), "{said}");
    assert_eq!(said.matches("A023").count(), 1);
    let said = text(&on(source, &["--unused"]).1.stderr);
    assert!(said.contains("[A023]: `C` is never used\n --> p.sap:2:1\n"), "{said}");
    assert!(said.contains("[A023]: `D` is never used\n --> p.sap:4:1\n"), "{said}");
    assert_eq!(text(&on(source, &["--quiet"]).1.stderr), "");
    // the deck is the same
    let decks = [&[][..], &["--unused"], &["--quiet"]].map(|more: &[&str]| {
        let (_, output) = on(source, &[&["--format", "words"], more].concat());
        output.stdout
    });
    assert!(decks[0] == decks[1] && decks[0] == decks[2]);
}

/// Twenty of a kind, and how many more; the exit code and the deck are as ever.
#[test]
fn diagnostics_of_a_kind_are_limited() {
    let source = "       XYZ 5\n".repeat(45) + "       END 0\n";
    let errors = |args: &[&str]| {
        let (_directory, output) = on(&source, args);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    let few = errors(&["-q"]);
    assert_eq!(few.matches("error[A001]").count(), 20);
    assert!(few.contains("... and 25 more of this kind: A001, "), "{few}");
    assert!(few.contains("45 errors, 0 warnings; --all shows them"), "{few}");
    let all = errors(&["-q", "--all"]);
    assert_eq!(all.matches("error[A001]").count(), 45);
    assert!(!all.contains("more of this kind"));
}

#[test]
fn source_of_a_709_is_a_line_and_not_a_thousand() {
    let source = "       COUNT   100\n".to_owned()
        + &"       TCOA    *\n       RTBA    1\n       RCHA    IO\n       CLA     X\n".repeat(50);
    let (directory, output) = on(&source, &[]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told.lines().count(), 3, "{told}");
    // a deck of nothing is not written
    assert!(told.contains("not written, because the deck has no words"), "{told}");
    let made = directory
        .path()
        .read_dir()
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "cbn"));
    assert_eq!(made.count(), 0);
    assert!(told.contains("709 or 7090") && told.contains("COUNT, TCOA, RTBA, RCHA"), "{told}");
    assert!(told.contains("--all shows them"), "{told}");
    // an operation alone is named on its card
    let (_directory, output) = on("       ENB X\nX      HTR\n       END\n", &[]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("`ENB` is one of the 709 and 7090: a 704 does not have it"), "{told}");
}

#[test]
fn what_is_no_source_is_not_assembled() {
    let directory = tempfile::tempdir().unwrap();
    for (bytes, named) in [
        (&b"%PDF-1.4\n"[..], "a PDF document"),
        (b"00100 050000000104\n", "a core image"),
        (b"PK\x03\x04\x14\0", "a zip archive"),
        (b"\x06\0\0\0\x01\x02\x04\x07\x08\x0b\x06\0\0\0", "a reel in the form SIMH .tap"),
    ] {
        std::fs::write(directory.path().join("p.sap"), bytes).unwrap();
        let output = asm704(directory.path(), &["p.sap"]);
        assert_eq!(output.status.code(), Some(2), "{named}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(&format!("p.sap: it is {named}")), "{told}");
        assert!(!directory.path().join("p.cbn").exists());
    }
    assert_eq!(asm704(directory.path(), &["."]).status.code(), Some(2));
}

#[test]
fn gzip_is_opened_directly() {
    use std::io::Write as _;
    let directory = tempfile::tempdir().unwrap();
    let pack = |name: &str, bytes: &[u8]| {
        let file = std::fs::File::create(directory.path().join(name)).unwrap();
        let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap();
    };
    pack("p.sap.gz", SOURCE.as_bytes());
    let output = asm704(directory.path(), &["p.sap.gz", "--format", "oct"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "# start 00010\n00010 000000000010\n");
    pack("p.oct.gz", b"# start 00010\n00010 000000000010\n");
    let output = asm704(directory.path(), &["disasm", "p.oct.gz"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("HTR"));
    // twice is once too often
    pack("q.gz", &std::fs::read(directory.path().join("p.oct.gz")).unwrap());
    let output = asm704(directory.path(), &["disasm", "q.gz"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("q.gz: gzip in gzip: gunzip it once"), "{told}");
}

#[test]
fn the_end_of_a_dos_file_is_no_card() {
    let (_directory, output) = on(&(SOURCE.replace('\n', "\r\n") + "\u{1a}"), &["--format", "oct"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "# start 00010\n00010 000000000010\n");
}

/// By its bytes: a deck by any name, and what is none is called by its name.
#[test]
fn disasm_takes_a_file_for_what_it_is() {
    let (directory, output) = on(SOURCE, &["-o", "d.cbn"]);
    assert_eq!(output.status.code(), Some(0));
    let of = |name: &str| asm704(directory.path(), &["disasm", name]);
    let source = of("d.cbn");
    assert!(source.stderr.is_empty());
    for name in ["d.dck", "d", "d.tp", "d.tap"] {
        std::fs::copy(directory.path().join("d.cbn"), directory.path().join(name)).unwrap();
        let again = of(name);
        if name == "d.tap" {
            // the name speaks for the reel; its bytes are one, too
            assert!(!String::from_utf8_lossy(&again.stderr).is_empty());
            continue;
        }
        assert_eq!(again.stdout, source.stdout, "{name}");
        let told = String::from_utf8(again.stderr).unwrap();
        assert!(
            told.contains("a deck in column binary") && told.contains("a reel in the form P7B"),
            "{told}"
        );
    }
    let told = String::from_utf8(of("p.sap").stderr).unwrap();
    assert!(told.contains("it is source already"), "{told}");
    // ENB, reached by the program
    std::fs::write(directory.path().join("e.oct"), "# start 00100\n00100 056400000100\n00101 000000000101\n")
        .unwrap();
    let told = String::from_utf8(of("e.oct").stdout).unwrap();
    assert!(told.contains("OCT 056400000100  ENB ON A 709"), "{told}");
}

/// A deck of each ORG and END, named by its line; BSS makes no piece, TCD does.
#[test]
fn pieces_go_into_a_folder() {
    const PIECES: &str = "       ORG 8\n       DEC 1\n       BSS 9\n       DEC 2\n       ORG 64\n       TCD 64\n       DEC 3\n       END 64\n       REL\n       DEC 4\n       END 0\n";
    let (directory, output) = on(PIECES, &["--split", "pieces"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let at = directory.path();
    assert!(!at.join("p.cbn").exists());
    assert_eq!(
        std::fs::read_to_string(at.join("pieces/index.txt")).unwrap(),
        "deck line cards kind first last transfer\n\
         line-00001.cbn 1 2 absolute 00010 00022 -\n\
         line-00005.cbn 5 1 transfer - - 00100\n\
         line-00006.cbn 6 2 absolute 00100 00100 00100\n\
         line-00009.cbn 9 2 relocatable 00000 00000 00000\n"
    );
    // together they are the whole deck, which goes where it is told
    let whole = ["p.sap", "--split", "words", "--format", "words", "-o", "whole.words"];
    assert_eq!(asm704(at, &whole).status.code(), Some(0));
    let read = |name: &str| std::fs::read_to_string(at.join(name)).unwrap();
    let pieces: String = [1, 5, 6, 9].map(|line| read(&format!("words/line-{line:05}.words"))).concat();
    assert_eq!(pieces, read("whole.words"));
    assert_eq!(asm704(at, &["p.sap", "-o", "whole.cbn"]).status.code(), Some(0));
    let bytes = |line| std::fs::read(at.join(format!("pieces/line-{line:05}.cbn"))).unwrap();
    assert_eq!([1, 5, 6, 9].map(bytes).concat(), std::fs::read(at.join("whole.cbn")).unwrap());

    let told = |args: &[&str]| {
        let output = asm704(at, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(
        told(&["p.sap", "--split", "x", "--format", "oct"]),
        "asm704: --split makes decks: --format cbn or words\n"
    );
    assert!(told(&["p.sap", "--split", "x", "--self-loading"]).contains("cannot be used with"));
    assert!(told(&["p.sap", "--split", "p.sap"]).contains("cannot make the folder p.sap"));
    let twice = told(&["p.sap", "--split", "pieces", "-o", "pieces/index.txt"]);
    assert_eq!(twice, "asm704: two outputs cannot both be written to pieces/index.txt\n");
    assert!(!at.join("x").exists());
}

#[cfg(unix)]
#[test]
fn nothing_that_is_read_or_made_is_written_over() {
    let source = "FOO    LIB\n       END 0\n";
    let (directory, _) = on(source, &[]);
    let at = |name: &str| directory.path().join(name);
    std::fs::create_dir(at("lib")).unwrap();
    std::fs::write(at("lib/foo.sap"), "FOO    HTR 0\n").unwrap();
    std::fs::rename(at("p.sap"), at("index.txt")).unwrap();
    std::fs::write(at("p.sap"), source).unwrap();
    std::fs::hard_link(at("p.sap"), at("hard")).unwrap();
    for link in ["a", "b"] {
        std::os::unix::fs::symlink("n2", at(link)).unwrap();
    }
    for args in [
        &["index.txt", "--split", "."][..],
        &["p.sap", "--listing", "lib/foo.sap"],
        &["p.sap", "-o", "./lib/foo.sap"],
        &["p.sap", "--html", "lib/foo.sap"],
        &["p.sap", "--split", "lib", "--xref", "lib/foo.sap"],
        &["p.sap", "-o", "n1", "--listing", "./n1"],
        &["p.sap", "--xref", "a", "--symbols", "b"],
        &["p.sap", "--listing", "hard"],
        &["disasm", "p.cbn", "-o", "p.cbn"],
    ] {
        std::fs::write(at("p.cbn"), [0; 160]).unwrap();
        let output = asm704(directory.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", text(&output.stderr));
        for name in ["p.sap", "index.txt"] {
            assert_eq!(std::fs::read_to_string(at(name)).unwrap(), source, "{args:?}");
        }
        assert_eq!(std::fs::read_to_string(at("lib/foo.sap")).unwrap(), "FOO    HTR 0\n", "{args:?}");
        assert_eq!(std::fs::read(at("p.cbn")).unwrap(), [0; 160], "{args:?}");
        assert!(!at("n1").exists() && !at("n2").exists(), "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn no_control_character_of_a_name_or_a_card_comes_out() {
    let directory = tempfile::tempdir().unwrap();
    let name = "n\u{1b}[31m\u{9b}\u{202e}.sap";
    std::fs::write(directory.path().join(name), "       XYZ \u{9b}31m\u{202e}\n       END\n").unwrap();
    for args in [
        &[name][..],
        &[name, "--json"],
        &[name, "--html", "-"],
        &[name, "--symbols", "-"],
        &["x\u{1b}\u{9b}\u{202e}"],
        &["explain", "x\u{1b}\u{9b}\u{202e}"],
        &["--x\u{1b}\u{9b}\u{202e}"],
        &["disasm", name],
        &[name, "--split", name],
    ] {
        let output = asm704(directory.path(), args);
        let told = text(&output.stderr) + &text(&output.stdout);
        assert!(!told.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{args:?}: {told:?}");
    }
}

#[cfg(unix)]
#[test]
fn help_that_cannot_be_written_is_a_failure() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_asm704")).arg("--help").stdout(full).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("cannot write"));
}

/// The listing shows on request what its constants are; else it is the original's.
#[test]
fn a_listing_shows_numbers_on_request() {
    let source = "       ORG 64\nS      HTR S\nPI     DEC 3.14159,-7\nT      BCD 2HELLO WORLD\nO      OCT 777\n       END S\n";
    let listed = |more: &[&str]| {
        let (directory, output) = on(source, &[&["--listing", "l.txt"], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::read_to_string(directory.path().join("l.txt")).unwrap()
    };
    let (plain, shown) = (listed(&[]), listed(&["--numbers"]));
    assert!(!plain.contains("  = "));
    let ends: Vec<&str> = shown.lines().filter_map(|line| Some(line.rsplit_once("  = ")?.1)).collect();
    assert_eq!(ends, ["3.14159", "-7", "HELLO ", "WORLD "]);
    let without: Vec<&str> = shown
        .lines()
        .map(|line| line.rsplit_once("  = ").map_or(line, |(line, _)| line.trim_end()))
        .collect();
    assert_eq!(without, plain.lines().collect::<Vec<_>>());
}

/// The page that a registry shows: its program, and the commands below it.
#[test]
fn the_commands_of_the_readme_work() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let block = |start: &str| {
        let (_, rest) = readme.split_once(&format!("```{start}\n")).unwrap();
        rest.split_once("```").unwrap().0
    };
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("add.sap"), block("text")).unwrap();
    let commands: Vec<&str> = readme.lines().filter_map(|line| line.strip_prefix("asm704 ")).collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    for line in commands {
        let output = asm704(directory.path(), &line.split_whitespace().collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stdout.is_empty(), "{line}");
    }
    // CLA 00103, ADD 00104, HTR 00100, and the two numbers
    let listing = std::fs::read_to_string(directory.path().join("add.lst")).unwrap();
    assert!(listing.contains("00100  0 50000 0 00103 START  CLA TWO"), "{listing}");
}
