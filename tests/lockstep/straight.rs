//! Programs without a transfer: the fast loop looks at its budget at transfers, and has to do it here, too.

use asm704::Word;
use asm704::isa::Op;
use emu704::reels::Reels;
use emu704::{Config, CoreSize, Machine, StopKind};

use super::pair::{Pair, pick};
use crate::common::Random;

/// Core is full of sequences that end in a transfer, which is never taken, at the places where the fast loop would look. Then
/// a TXI to the next location gets another address from STA.
#[test]
fn sequences_up_to_a_place_for_a_look_end_at_the_limit() {
    let mut random = Random(19);
    let of = |op: Op, tag: u64, address: u64| {
        let row = op.row();
        Word::new(row.word.bits() | tag << 15 | address)
    };
    for (first, changed) in [(1, false), (0, false), (1, true), (0, true)] {
        let mut machine = Machine::new(Config::with_core(CoreSize::K4));
        // Index register A is zero: a TXI to the next location adds zero, and no TIX transfers.
        for address in 0..4096 {
            let word =
                if address % 2 == first { of(Op::Tix, 1, 0) } else { of(Op::Txi, 1, (address + 1) & 4095) };
            machine.core.poke(address as u16, word);
        }
        if changed {
            machine.core.poke(2000, of(Op::Cla, 0, 2002));
            machine.core.poke(2001, of(Op::Sta, 0, 1007 - first));
            // back to 500 from there, when core begins again
            machine.core.poke(2002, of(Op::Nop, 0, 500));
        }
        machine.set_start(1);
        let mut pair = Pair::new(machine, Reels::new);
        for piece in [40, 700, 3000, 20_000] {
            let stop = pair.run_in_pieces(pair.plain.cycles() + 8 * piece, piece, &mut random, "sequences");
            assert_eq!(stop.kind, StopKind::Limit);
        }
    }
}

/// Core is full of one operation or of several, and begins again behind the last word.
#[test]
fn core_without_a_transfer_ends_at_the_limit() {
    let mut random = Random(17);
    let of = |op: Op, address: u64| {
        let row = op.row();
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
