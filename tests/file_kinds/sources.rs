//! Source, data and what later machines assemble.

use asm704::media::file_kind::{FileKind, Place};

use super::{kind, named, refusal};

const SOURCE: &[u8] = b"START  CLA TWO\n       ADD TWO\n       HTR START\nTWO    DEC 2\n       END START\n";
const FAP: &[u8] = b"       COUNT   100\nSTART  TCOA    *\n       RTBA    1\n       RCHA    IO\n       CLA     X\n       END     START\n";

#[test]
fn source_is_source_whatever_its_name() {
    for place in [Place::Program, Place::Source, Place::Hopper] {
        assert_eq!(kind(SOURCE, place), FileKind::Source, "{place:?}");
    }
    for ending in ["tap", "cbn", "txt", "toml", "oct", "xyz"] {
        assert_eq!(named(SOURCE, Place::Program, ending), FileKind::Source, "{ending}");
    }
    // a tab leads to column 9, as it always did; ends of lines of DOS, and its end of file
    let dos = b"       CLA TWO\r\n       HTR\r\n\x1a";
    assert_eq!(kind(dos, Place::Program), FileKind::Source);
    assert_eq!(kind(&[&b"\xef\xbb\xbf"[..], SOURCE].concat(), Place::Program), FileKind::Source);
    // free form has nothing in its bytes that tells it
    let free = b"start cla two\n htr start\ntwo dec 2\n end start\n";
    assert_eq!(named(free, Place::Program, "sapf"), FileKind::FreeSource);
    assert_eq!(kind(free, Place::Program), FileKind::Text);
    // what is broken in every line is still what its name says
    assert_eq!(named(b"CLA TWO\n", Place::Program, "sap"), FileKind::Source);
    assert_eq!(named(b"programm 'x'\n", Place::Program, "toml"), FileKind::Job);
    assert_eq!(named(b"00100 9\n", Place::Program, "oct"), FileKind::CoreImage);
}

#[test]
fn each_place_says_what_source_is_good_for() {
    assert!(refusal(SOURCE, Place::Disassembler).contains("it is source already"));
    assert!(refusal(SOURCE, Place::Snapshot).contains("it is source already"));
    assert!(refusal(SOURCE, Place::TapeUnit).contains("--format tap"));
    assert!(refusal(b"THE QUICK BROWN FOX\n", Place::Program).contains("--cards FILE"));
    assert!(refusal(b"THE QUICK BROWN FOX\n", Place::TapeUnit).contains("deck to-tape"));
}

#[test]
fn source_for_later_machines_is_told_with_its_operations() {
    for place in [Place::Program, Place::Source, Place::Disassembler, Place::TapeUnit] {
        let FileKind::LaterSource(found) = kind(FAP, place) else { panic!("{place:?}") };
        assert_eq!(found.operations, ["COUNT", "TCOA", "RTBA", "RCHA"]);
    }
    let told = refusal(FAP, Place::Program);
    assert!(told.contains("COUNT, TCOA, RTBA, RCHA are operations that a 704"), "{told}");
    assert!(told.contains("the variable field begins after column 12"), "{told}");
}
