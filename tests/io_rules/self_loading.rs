//! The record with which IBM's FORTRAN II begins: the hardest boot there is.

use asm704::media::tape::Item;
use emu704::{Config, LoadKey};

use super::{SIZES, bits};
use crate::reels::{Bench, binary};

/// A record of 27 words as IBM's FORTRAN II begins with: it ends without an end of record, by overwriting its loop.
fn fortran_record(fourth: &str, fifth: &str) -> Item {
    // Words 0 to 2 begin the loop: XR1 is 0 by the LXA of itself, and rises by 1 a word.
    let mut words = vec![bits("LXA 0,1"), bits("CPY 2,1"), bits("TXI 1,1,1")];
    // XR1 = 1: word 3 goes to 2 - 1 = 1, over the CPY that copies it.
    words.push(bits("CPY 31,1"));
    // Word k has XR1 = k - 2 and goes to 25 - XR1 = 27 - k: words 4 to 22 to 23 ... 5.
    words.extend((4..22).map(|k| k + 0o1000));
    words.push(bits(fifth));
    // Word 23 goes to 4, 24 to 3.
    words.push(bits(fourth));
    words.push(bits("CPY 3"));
    // Word 25 goes to 2, over the TXI, and is executed next. 3 copies word 26 over itself.
    words.push(bits("LTM"));
    words.push(bits("BST 1"));
    assert_eq!(words.len(), 27);
    binary(&words)
}

#[test]
fn the_self_loading_record_of_27_words() {
    for trapping in [false, true] {
        for core in SIZES {
            let mut bench =
                Bench::with_config(Config::with_core(core), &[]).reel(1, &[fortran_record("IOD", "HTR")]);
            bench.machine.cpu.trapping = trapping;
            bench.load(LoadKey::Tape);
            bench.run_to(5);
            assert_eq!(bench.core(1), bits("CPY 31,1"));
            assert_eq!(bench.core(2), bits("LTM"));
            assert_eq!(bench.core(3), bits("BST 1"), "the CPY at 3 has copied over itself");
            for k in 4..22 {
                assert_eq!(bench.core(27 - k), u64::from(k) + 0o1000);
            }
            assert!(!bench.machine.cpu.trapping);
            assert_eq!(bench.machine.cpu.xr[0], 23);
            // A trapped TXI goes to 1, where it would go anyway; only the address part of word 0 is spoilt, by 2.
            assert_eq!(bench.core(0), bits("LXA 0,1") | if trapping { 2 } else { 0 });
        }
    }
}

#[test]
fn a_select_right_behind_its_last_word_waits_for_the_next_record() {
    // RTB is executed while the record's check character is still to come.
    let items = [fortran_record("RTB 1", "TRA 50"), binary(&[0o123])];
    let mut bench = Bench::new(&[]).reel(1, &items);
    bench.put(0o50, &["CPY 100", "HTR"]);
    bench.load(LoadKey::Tape);
    bench.run_to(0o51);
    assert_eq!(bench.core(0o100), 0o123);
}
