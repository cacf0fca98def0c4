//! Programs without a transfer: the fast loop looks at its budget at transfers, and has to do it here, too.

use asm704::Word;
use asm704::isa::{Op, ROWS};
use emu704::reels::Reels;
use emu704::{Config, CoreSize, Machine, StopKind};

use super::pair::{Pair, pick};
use crate::common::Random;

/// Core is full of one operation or of several, and begins again behind the last word.
#[test]
fn core_without_a_transfer_ends_at_the_limit() {
    let mut random = Random(17);
    let of = |op: Op, address: u64| {
        let row = ROWS.iter().find(|row| row.op == op).unwrap();
        Word::new(row.word.bits() | address)
    };
    // the longest that the loop goes on behind without a look; a shift by 34 places takes 5 cycles
    let short = [of(Op::Lrs, 34), of(Op::Cla, 0), of(Op::Add, 0), of(Op::Nop, 0)];
    let long = [of(Op::Mpy, 0), of(Op::Fad, 0), of(Op::Lrs, 34), of(Op::Nop, 0)];
    for words in [&short[..1], &short, &long] {
        let mut machine = Machine::new(Config::with_core(CoreSize::K4));
        machine.core.poke(0, of(Op::Nop, 0));
        for address in 1..4096 {
            machine.core.poke(address, pick(&mut random, words));
        }
        machine.set_start(1);
        let mut pair = Pair::new(machine, Reels::new);
        for piece in [40, 700, 3000, 20_000] {
            let stop = pair.run_in_pieces(pair.plain.cycles() + 8 * piece, piece, &mut random, "straight");
            assert_eq!(stop.kind, StopKind::Limit);
        }
    }
}
