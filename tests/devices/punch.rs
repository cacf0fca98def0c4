//! 721 card punch: CARD, 100 cards a minute.

use asm704::Word;
use emu704::StopKind;
use emu704::media::NoMedia;

use super::support::*;

/// Power on leaves the clutch so that it engages after 300 ms; the 9 row comes 19 units of 1/140 of a cycle of 600 ms later: 81.4 ms.
const FIRST_ROW: u64 = 900_000 + 244_286;

fn punches(n: u64) -> Vec<u64> {
    let mut program = vec![WPU];
    program.extend(copies(0o1000, n));
    program.push(HTR);
    program
}

#[test]
fn a_card_is_24_words_taken_at_their_rows() {
    let mut machine = machine(&punches(24));
    let card: Vec<u64> = numbered(0o7070).iter().map(|word| word.bits()).collect();
    put(&mut machine, 0o1000, &card);
    step(&mut machine);
    for n in 0..24 {
        step(&mut machine);
        // the word moves at the end of a pulse of 50 us
        let pulse: u64 = FIRST_ROW + n / 2 * 128_571 + n % 2 * 2_400 + 150;
        // I, ER, E, then ER until the row: nothing follows it.
        assert_eq!(machine.cycles(), pulse.div_ceil(36), "half row {n}");
    }
    run_to(&mut machine, 25);
    assert_eq!(machine.take_punched(), [], "the card is still under way");
    machine.settle(&mut NoMedia).unwrap();
    let punched = machine.take_punched();
    assert_eq!(punched.len(), 1);
    assert_eq!(punched[0].words, numbered(0o7070));
    assert_eq!(punched[0].exits, [false, false]);
    assert_eq!(machine.card_punch().cards(), 1);
}

#[test]
fn a_25th_copy_is_a_copy_check() {
    let mut machine = machine(&punches(25));
    let stop = run(&mut machine);
    assert_eq!((stop.kind, stop.at), (StopKind::ReadWriteCheck, 26));
    // It waited until the punch let go, 6 units of 1/140 of a cycle behind the 12 row.
    assert_eq!(machine.cycles(), (FIRST_ROW + 11 * 128_571 + 77_143).div_ceil(36));
    assert_eq!(machine.take_punched().len(), 1);
}

#[test]
fn words_that_are_missing_punch_nothing() {
    let mut machine = machine(&punches(3));
    put(&mut machine, 0o1000, &[1, 2, 3, 4]);
    run_to(&mut machine, 4);
    machine.settle(&mut NoMedia).unwrap();
    let mut card = [Word::ZERO; 24];
    card[..3].copy_from_slice(&words(&[1, 2, 3]));
    assert_eq!(machine.take_punched()[0].words, card);
}

#[test]
fn a_loop_punches_100_cards_a_minute() {
    let cycles = |cards: usize| {
        let mut program = Vec::new();
        for _ in 0..cards {
            program.push(WPU);
            program.extend(copies(0o1000, 24));
        }
        program.extend([IOD, HTR]);
        let mut machine = machine(&program);
        run_to(&mut machine, program.len() as u16 - 1);
        assert_eq!(machine.take_punched().len(), cards);
        machine.cycles()
    };
    // 600 ms are 50,000 cycles.
    assert_eq!(cycles(5) - cycles(1), 4 * 50_000);
}

#[test]
fn sense_exits_are_kept_with_their_card() {
    let mut program = vec![WPU, SPU | 2];
    program.extend(copies(0o1000, 24));
    program.extend([WPU, SPU | 1, IOD, HTR]);
    let mut machine = machine(&program);
    run_to(&mut machine, program.len() as u16 - 1);
    let exits: Vec<[bool; 2]> = machine.take_punched().iter().map(|card| card.exits).collect();
    assert_eq!(exits, [[false, true], [true, false]]);
}

#[test]
fn the_punch_cannot_be_read() {
    let mut machine = machine(&[0o076200000341]);
    let stop = run(&mut machine);
    assert_eq!(stop.kind, StopKind::Waiting);
    assert_eq!(stop.message.unwrap(), "RDS of the card punch at 00000: it cannot be read");
}
