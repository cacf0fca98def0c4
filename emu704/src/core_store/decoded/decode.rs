//! Decoding a word to its entry, by the table of [`super::kinds`].

use asm704::Word;
use asm704::isa::{Op, decode_major, sense_op};

use super::kinds::{Kind, kinds};
use super::{CYCLES, Entry, Tag};
use crate::cpu::shift;

macro_rules! make_decode {
    (
        operand { $($direct:ident $indexed:ident [$($operand:ident)+] $m0:ident $line:ident $act:ident;)* }
        memory { $($to:ident $to_indexed:ident [$($memory:ident)+] $m1:ident $s1:ident ($($a1:tt)*);)* }
        count { $($count:ident [$($by_count:ident)+] $m2:ident $s2:ident ($($a2:tt)*);)* }
        index { $($index:ident [$($by_index:ident)+] $m3:ident $s3:ident ($($a3:tt)*);)* }
        as_it_is { $($any:ident [$($by_any:ident)+] $m4:ident $s4:ident ($($a4:tt)*);)* }
        shift { $($shift:ident [$($by_shift:ident)+] $m5:ident $step:ident;)* }
        sense { $($sense:ident [$($micro:ident)+] $m6:ident $s6:ident ($($a6:tt)*);)* }
    ) => {
        /// Decodes the word of a location for a core whose largest address is `mask`.
        pub(super) fn decode(word: Word, mask: u16, location: u16) -> Entry {
            // Several index registers at once are rare.
            let (Some(op), Some(tag)) = (decode_major(word), Tag::new(word.tag())) else {
                return Entry::PLAIN;
            };
            let mut entry =
                Entry { y: word.address() & mask, d: word.decrement() & mask, tag, ..Entry::PLAIN };
            let tagged = tag != Tag::None;
            let kind = match op {
                $($(Op::$operand)|+ => if tagged { Kind::$indexed } else { Kind::$direct },)*
                $($(Op::$memory)|+ => if tagged { Kind::$to_indexed } else { Kind::$to },)*
                Op::Txi if tagged && entry.y == location.wrapping_add(1) => Kind::TxiOn,
                $($(Op::$by_count)|+ if tagged => Kind::$count,)*
                $($(Op::$by_index)|+ if tagged => Kind::$index,)*
                $($(Op::$by_any)|+ => Kind::$any,)*
                $($(Op::$by_shift)|+ if !tagged => entry.shift(Kind::$shift),)*
                Op::Pse | Op::Mse if !tagged => match sense_op(op == Op::Mse, entry.y) {
                    Some(micro) => match micro.op() {
                        $($(Op::$micro)|+ => Kind::$sense,)*
                        _ => Kind::Plain,
                    },
                    None => Kind::Nop,
                },
                Op::Cpy => if tagged { Kind::CopyX } else { Kind::Copy },
                _ => Kind::Plain,
            };
            entry.kinds = [kind; 2];
            entry
        }
    };
}
kinds!(make_decode);

impl Entry {
    /// Converts the address of a shift to places and cost. Places are counted modulo 256; a word has 36 positions, so
    /// more are rare.
    fn shift(&mut self, kind: Kind) -> Kind {
        let places = self.y as u8;
        self.y = u16::from(places);
        self.d = (shift::cycles(places) as u16) << CYCLES | 1;
        if places > shift::MOST { Kind::Plain } else { kind }
    }
}
