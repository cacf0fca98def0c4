//! Decoding: from a word to its operation.

use super::{Form, Major, Micro, Op, ROWS};
use crate::Word;

/// The operation for bits S,1-11 of the word: type A by its prefix, type B by sign and operation code.
static MAJOR: [Option<Major>; 4096] = major_index();

const fn major_index() -> [Option<Major>; 4096] {
    let mut index = [None; 4096];
    let mut i = 0;
    while i < ROWS.len() {
        let row = &ROWS[i];
        assert!(row.op as usize == i, "the rows stand in the order of Op");
        let code = (row.word.bits() >> 24) as usize;
        match row.form {
            Form::TypeA => {
                let mut low = 0;
                while low < 0o1000 {
                    assert!(index[code | low].is_none(), "two operations share one prefix");
                    index[code | low] = row.op.major();
                    low += 1;
                }
            }
            Form::Micro | Form::MicroUnit(_) => {}
            _ => {
                assert!(index[code].is_none(), "two operations share one operation code");
                index[code] = row.op.major();
            }
        }
        i += 1;
    }
    // Prefix 5 works as TXI, and -0000 halts like HTR (GATE).
    let mut low = 0;
    while low < 0o1000 {
        index[0o5000 | low] = Some(Major::Txi);
        low += 1;
    }
    index[0o4000] = Some(Major::Htr);
    index
}

/// The operation of a word, from its operation part alone. The sense class gives [`Major::Pse`] or [`Major::Mse`];
/// `None` for an undefined code.
#[inline]
pub fn decode_operation(word: Word) -> Option<Major> {
    MAJOR[(word.bits() >> 24) as usize]
}

/// The result of [`decode_operation`] as an [`Op`].
#[inline]
pub fn decode_major(word: Word) -> Option<Op> {
    decode_operation(word).map(Major::op)
}

/// The operation that a sense instruction performs at an effective address, of which 9 bits are decoded (GATE);
/// `None` if nothing responds to the address.
///
/// `minus` is the sign of the instruction: true for MSE, false for PSE.
#[inline]
pub fn sense_op(minus: bool, address: u16) -> Option<Micro> {
    // Bit 0400 is not decoded: 0760 0401 is LBT (GATE).
    let address = address & 0o377;
    Some(match (minus, address) {
        (false, 0o000) => Micro::Clm,
        (false, 0o001) => Micro::Lbt,
        (false, 0o002) => Micro::Chs,
        (false, 0o003) => Micro::Ssp,
        (false, 0o006) => Micro::Com,
        (false, 0o007) => Micro::Etm,
        (false, 0o010) => Micro::Rnd,
        (false, 0o012) => Micro::Dct,
        (false, 0o030) => Micro::Cff,
        (false, 0o140) => Micro::Slf,
        (false, 0o141..=0o144) => Micro::Sln,
        (false, 0o161..=0o166) => Micro::Swt,
        (false, 0o341..=0o342) => Micro::Spu,
        (false, 0o360) => Micro::Spt,
        (false, 0o361..=0o372) => Micro::Spr,
        (true, 0o001) => Micro::Pbt,
        (true, 0o003) => Micro::Ssm,
        (true, 0o007) => Micro::Ltm,
        (true, 0o011) => Micro::Ett,
        (true, 0o012) => Micro::Rtt,
        (true, 0o141..=0o144) => Micro::Slt,
        _ => return None,
    })
}

/// The operation of a word, with its sense address taken without indexing.
pub fn decode(word: Word) -> Option<Op> {
    let op = decode_major(word)?;
    Some(match op {
        Op::Pse | Op::Mse => sense_op(op == Op::Mse, word.address()).map_or(op, Micro::op),
        op => op,
    })
}

/// True if the index registers of the tag modify the address of a word: type B, unless the bits of weight
/// 10 and 4 (octal) of the operation code are both one (GATE).
#[inline]
pub const fn is_indexable(word: Word) -> bool {
    let prefix = word.prefix();
    (prefix == 0 || prefix == 4) && (word.bits() >> 24) & 0o14 != 0o14
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isa::{ALIASES, lookup, names};

    #[test]
    fn every_row_decodes_to_itself() {
        for row in &ROWS {
            let word = match row.form {
                Form::MicroUnit(_) => Word::new(row.word.bits() | 1),
                _ => row.word,
            };
            let found = decode(word);
            let expected = match row.op {
                // PSE 0 is CLM; nothing responds to MSE 0.
                Op::Pse => Op::Clm,
                op => op,
            };
            assert_eq!(found, Some(expected), "{}", row.name);
        }
    }

    #[test]
    fn every_alias_is_a_word_of_its_operation() {
        for alias in &ALIASES {
            assert_eq!(decode(alias.word), Some(alias.op), "{}", alias.name);
        }
    }

    #[test]
    fn names_are_unique() {
        let mut all: Vec<_> = names().map(|n| n.name).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        // The SHARE assembler's own table has 123 entries; SWT is a pseudo-operation there.
        assert_eq!(count, 123 + 1);
        assert!(lookup("SWT").is_some());
    }

    #[test]
    fn indexing_follows_the_two_bits_of_the_code() {
        for (name, indexed) in [
            ("CLA", true),
            ("TSX", false),
            ("LXA", false),
            ("SXD", false),
            ("PAX", false),
            ("PXD", false),
            ("TIX", false),
            ("ALS", true),
            ("CPY", true),
            ("RDS", true),
        ] {
            assert_eq!(is_indexable(lookup(name).unwrap().word), indexed, "{name}");
        }
    }
}
