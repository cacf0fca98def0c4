//! The loader of programs/fortran, against the rules of docs/fortran.md.

use asm704::Word;
use asm704::media::card::Card;
use emu704::CoreSize;

use super::support::{Deck, ORIGIN, Room, hopper, main_program};

fn loaded(decks: &[&Deck]) -> Room {
    Room::load_cards(CoreSize::K4, hopper(CoreSize::K4, decks), 21)
}

/// Decrement before address; absolute, relocatable and complement; the decrement of one word and not its address.
#[test]
fn fields_are_relocated_as_their_bits_say() {
    let main = main_program(
        &[],
        "FIVE   PZE 5,,5
MAIN   HTR *
       PZE FIVE,,MAIN
       PZE 7,,MAIN
       PZE MAIN,,7
       PZE -MAIN,,-FIVE
       TIX MAIN,2,3
       OCT 777777777777
",
    );
    let mut room = loaded(&[&main]);
    room.halt();
    let got: Vec<u64> = (0..8).map(|i| room.machine.core.peek(ORIGIN + i).bits()).collect();
    // FIVE is at 00030, MAIN at 00031; minus 00031 is 77747, minus 00030 is 77750
    let wanted = [
        0o000005000005,
        0o000000000031,
        0o000031000030,
        0o000031000007,
        0o000007000031,
        0o077750077747,
        0o200003200031,
        0o777777777777,
    ];
    assert_eq!(got, wanted);
}

/// The first program goes to 24, each other behind the one before, whole lengths apart; a name in the vector becomes TTR.
#[test]
fn programs_stand_behind_each_other_and_vectors_become_transfers() {
    let main = main_program(&["STEP", "PRTINT"], "MAIN   HTR *\n       BSS 5\n");
    let (step, prtint, routine) = (Deck::file("step"), Deck::file("prtint"), Deck::file("chkpnt"));
    let mut room = loaded(&[&main, &step, &prtint, &routine]);
    room.halt();
    let ttr = |at: u16| 0o002100000000 + u64::from(at);
    let second = ORIGIN + 2 + 1 + 5;
    let third = second + step.length();
    let fourth = third + prtint.length();
    let word = |at: u16| room.machine.core.peek(at).bits();
    assert_eq!(word(ORIGIN), ttr(second + step.symbol("STEP")));
    assert_eq!(word(ORIGIN + 1), ttr(third + prtint.symbol("PRTINT")));
    assert_eq!(word(second), ttr(fourth + routine.symbol("FTNCHK")));
}

/// Decks come in any order, a blank card is passed over, and cards behind the transfer card are left for the program.
#[test]
fn order_blanks_and_what_is_behind_the_transfer_card() {
    let main = main_program(&["STEP"], "MAIN   RCD\n       CPY GOT\n       HTR *\nGOT    PZE 0\n");
    let (step, routine) = (Deck::file("step"), Deck::file("chkpnt"));
    let mut cards = hopper(CoreSize::K4, &[&step, &routine, &main]);
    cards.push([Word::ZERO; 24]);
    let one = |bits: u64| {
        let mut card = [Word::ZERO; 24];
        card[0] = Word::new(bits);
        card
    };
    cards.push(one(0o200000000000));
    cards.push(one(0o123456701234));
    let mut room = Room::load_cards(CoreSize::K4, cards, 3);
    room.halt();
    let got = ORIGIN + step.length() + routine.length() + main.symbol("GOT");
    assert_eq!(room.machine.core.peek(got).bits(), 0o123456701234);
}

#[test]
fn what_is_wrong_stops_with_its_number() {
    let main = main_program(&["STEP"], "MAIN   HTR *\n");
    // nobody has STEP: its name is in AC
    let mut room = loaded(&[&main]);
    assert_eq!(room.halt_number(), 4);
    // S 62, T 63, E 25, P 47, and two blanks
    assert_eq!(room.machine.cpu.ac.magnitude, 0o626325476060);
    // no main program
    assert_eq!(loaded(&[&Deck::file("prtint")]).halt_number(), 3);
    // the third program is one too many for 4,096 words
    let large = main_program(&[], "MAIN   HTR *\n       BSS 3000\n");
    assert_eq!(loaded(&[&large, &large]).halt_number(), 2);
    // a hole in the wrong place
    let mut broken = Deck::file("prtint");
    broken.cards[1][6] = Word::new(broken.cards[1][6].bits() ^ 1);
    assert_eq!(loaded(&[&broken]).halt_number(), 1);
    // a card of no kind
    let mut sevens = Deck::file("prtint");
    let mut card = Card::from_words(&sevens.cards[1]).words();
    card[0] = Word::new((1 << 36) - 1);
    sevens.cards.push(card);
    assert_eq!(loaded(&[&sevens]).halt_number(), 1);
}
