//! The reels of a small program, as text that can be held against the listing.

use asm704::media::tape::{TapeFormat, TapeImage};
use emu704::{CoreSize, StopKind};

use super::support::{PATIENCE, blank_reels, bytes, items};
use crate::common::{assemble, run};

/// Two checkpoints of a small program, each reel as text that can be held against the listing: the finder, the record, the
/// mark; and the first reel as P7B.
#[test]
fn the_reels_of_a_small_program_as_text() {
    let source = crate::common::text("programs/small.sap");
    let source = source
        .replace("CHKPNT LIB", "CHKSTR LIB")
        .replace("       HTR *\n", "       TSX CHKPNT,4\n       HTR *\n");
    let output = assemble(&source);
    let mut machine = crate::common::machine_with(&output, CoreSize::K4);
    let mut mounts = blank_reels();
    let stop = run(&mut machine, &mut mounts, PATIENCE);
    assert_eq!(stop.kind, StopKind::Htr);
    let of = |reel: Vec<u8>| asm704::media::text::to_string(&mut TapeImage::open(reel).unwrap()).unwrap();
    let [first, second] = bytes(&mut mounts);
    let mut p7b = TapeImage::create(Vec::new(), TapeFormat::P7b).unwrap();
    p7b.replace_tail(0, &items(&first)).unwrap();
    let p7b = p7b.into_store();
    assert_eq!(items(&p7b), items(&first));
    // every character but the first of a record has the high bit off, and every one an odd parity
    assert!(p7b.iter().all(|byte| (byte & 0o177).count_ones() % 2 == 1 || *byte == 0o217));
    let listing: Vec<&str> = output.listing().filter(|line| !line.contains(" REM ")).collect();
    insta::with_settings!({ snapshot_path => crate::common::root().join("tests/snapshots"), omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("strong_reel_1", of(first));
        insta::assert_snapshot!("strong_reel_2", of(second));
        insta::assert_snapshot!("strong_reel_1_p7b", of(p7b));
        insta::assert_snapshot!("strong_listing", listing.join("\n"));
    });
}
