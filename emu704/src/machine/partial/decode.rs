//! Which bits of an undefined code select what.

use asm704::isa::Op;

/// The group by the six high bits of the code and the sign, the choice in it by the low bits.
pub(super) fn act(code: u16, minus: bool) -> Act {
    let odd = code & 1 != 0;
    let two = code & 2 != 0;
    let choose = |when: bool, yes, no| Act::As(if when { yes } else { no });
    match code {
        // The two low bits stand where a type A prefix goes in the instruction register: such a word is type A with
        // a modified address, the code being part of its decrement.
        0o000..=0o017 => match (code & 3, minus) {
            (0, _) => Act::As(Op::Htr),
            (1, _) => Act::As(Op::Txi),
            (2, false) => Act::As(Op::Tix),
            (2, true) => Act::As(Op::Tnx),
            (_, false) => Act::As(Op::Txh),
            (_, true) => Act::As(Op::Txl),
        },
        // UNVERIFIED: that the odd ones are TTR; no case of them was run in trapping mode.
        0o020..=0o037 => choose(odd, Op::Ttr, Op::Tra),
        0o040..=0o057 if minus => Act::NoTransfer,
        0o040..=0o057 => Act::As(Op::Tlq),
        0o060..=0o073 => Act::As(Op::Tra),
        0o074..=0o077 => Act::As(Op::Tsx),
        0o100..=0o117 => choose(minus, Op::Tnz, Op::Tze),
        0o120..=0o137 => choose(minus, Op::Tmi, Op::Tpl),
        0o140..=0o157 => choose(minus, Op::Tno, Op::Tov),
        0o160..=0o177 => match code & 3 {
            0 => Act::NoTransfer,
            1 => Act::As(Op::Tqo),
            2 => Act::As(Op::Tqp),
            _ => Act::EitherMqTest,
        },
        0o200..=0o217 => choose(minus, Op::Mpr, Op::Mpy),
        0o220..=0o237 if minus => Act::DivideLogical(if odd { Op::Dvp } else { Op::Dvh }),
        0o220..=0o237 => choose(odd, Op::Dvp, Op::Dvh),
        0o240..=0o257 => choose(odd, Op::Fdp, Op::Fdh),
        0o260..=0o277 => choose(minus, Op::Ufm, Op::Fmp),
        0o300..=0o317 => Act::FloatAdd {
            op: match (minus, two) {
                (false, false) => Op::Fad,
                (false, true) => Op::Fsb,
                (true, false) => Op::Ufa,
                (true, true) => Op::Ufs,
            },
            p_as_sign: !odd,
        },
        // UNVERIFIED: ANS of any code but +0320; they hang in the netlist's conversion.
        0o320..=0o337 if odd => Act::AndWithoutP(if minus { Op::Ana } else { Op::Ans }),
        0o320..=0o337 => choose(minus, Op::Ana, Op::Ans),
        0o340..=0o357 => Act::As(Op::Cas),
        0o360..=0o377 => Act::As(Op::Acl),
        // Minus forces a minus sign on the operand, bit 1 a plus sign; only then bit 2 inverts.
        0o400..=0o417 if minus => Act::As(Op::Sbm),
        0o400..=0o417 if odd => Act::As(Op::Adm),
        0o400..=0o417 => choose(two, Op::Sub, Op::Add),
        0o420..=0o457 | 0o540..=0o557 | 0o640..=0o677 => Act::As(Op::Hpr),
        // UNVERIFIED: a drum is needed.
        0o460..=0o477 => Act::As(Op::Lda),
        // Minus: logical; bit 1: OR, in the logical ones; bit 2: inverted sign.
        0o500..=0o517 => match (minus, odd, two) {
            (false, _, two) => choose(two, Op::Cls, Op::Cla),
            (true, false, false) => Act::As(Op::Cal),
            (true, false, true) => Act::LoadInverted,
            (true, true, false) => Act::As(Op::Ora),
            (true, true, true) => Act::OrInverted,
        },
        0o520..=0o533 => Act::LoadIndex(if minus { Op::Lxd } else { Op::Lxa }),
        0o534..=0o537 => choose(minus, Op::Lxd, Op::Lxa),
        0o560..=0o577 => Act::As(Op::Ldq),
        // AC by bits 1 and 2; minus adds MQ, or with bit 2 the word in core.
        0o600..=0o617 => Act::Store { mq: minus && !two, ac: Line::of(code), storage: minus && two },
        0o620..=0o637 => store_part(code, minus),
        0o700..=0o717 => choose(minus, Op::Cad, Op::Cpy),
        // UNVERIFIED with a tag: -0720 to -0733, which did nothing with tag 0.
        0o720..=0o737 if minus => Act::As(Op::Pdx),
        0o720..=0o733 => Act::PlaceAddress,
        0o734..=0o737 => Act::As(Op::Pax),
        // UNVERIFIED with a tag: all were run with tag 0 only, which clears AC.
        0o750..=0o757 if minus => Act::As(Op::Pxd),
        // The sign counts in 763 only, where both have their operation.
        0o765 => Act::As(Op::Lrs),
        0o767 => Act::As(Op::Als),
        0o771 => Act::As(Op::Ars),
        0o773 => Act::As(Op::Rql),
        // UNVERIFIED: the select class with a minus sign; units are needed.
        0o762 => Act::As(Op::Rds),
        0o764 => Act::As(Op::Bst),
        0o766 => Act::As(Op::Wrs),
        0o770 => Act::As(Op::Wef),
        0o772 => Act::As(Op::Rew),
        // 740 to 757, 761, and UNVERIFIED 774 to 777, which select a tape unit without giving it an order.
        _ => Act::As(Op::Nop),
    }
}

/// What a code without an operation of its own does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// What this operation does.
    As(Op),
    /// A fixed-point division whose MQ, for the minus sign, shifts as in LGL but from position S: at each step the
    /// sign of the quotient goes into AC 35, so that the low half of the dividend is all ones or all zeros.
    DivideLogical(Op),
    /// A floating addition; bit 1 keeps P of AC from travelling on the sign line when AC goes to the storage register.
    FloatAdd { op: Op, p_as_sign: bool },
    /// ANA and ANS with bit 1: P of AC is kept from the sign line here too, so that the sign of the word passes.
    AndWithoutP(Op),
    /// A load of an index register with the tag that the operand brings into the storage register.
    LoadIndex(Op),
    /// The same from the accumulator, which passes through the storage register.
    PlaceAddress,
    /// A transfer whose condition no line carries.
    NoTransfer,
    /// TQO or TQP, whichever holds; MQ overflow is turned off.
    EitherMqTest,
    /// CAL with the sign of the operand inverted on its way into P.
    LoadInverted,
    /// ORA with the sign of the operand inverted.
    OrInverted,
    /// Registers, OR-ed on the bus, into the whole word.
    Store { mq: bool, ac: Line, storage: bool },
    /// Registers, OR-ed on the bus, into fields of the word.
    StorePart { mq: bool, ac: Line, fields: u64 },
    /// SXD with AC on the bus as well.
    StoreIndex { ac: Line, address: bool },
}

/// What AC puts on the bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    None,
    /// S,1-35.
    Signed,
    /// P,1-35.
    Logical,
}

impl Line {
    /// Bits 1 and 2 of the code both put AC on the bus; bit 1 keeps P off the sign line.
    fn of(code: u16) -> Line {
        match code & 3 {
            0 => Line::None,
            2 => Line::Logical,
            _ => Line::Signed,
        }
    }
}

const LEFT_HALF: u64 = 0o777777000000;
const PREFIX: u64 = 0o700000000000;
pub(super) const DECREMENT: u64 = 0o077777000000;
pub(super) const TAG: u64 = 0o000000700000;
pub(super) const ADDRESS: u64 = 0o000000077777;

/// Codes 620 to 637. Bits 1 and 2 put AC on the bus as in 600 to 617, and each alone names a field: 1 the address,
/// 2 the decrement. Both together name none.
fn store_part(code: u16, minus: bool) -> Act {
    let prefix = code & 0o10 != 0;
    let ac = Line::of(code);
    let fields = match code & 3 {
        1 => ADDRESS,
        2 => DECREMENT,
        _ => 0,
    };
    match (minus, prefix) {
        (false, false) => Act::StorePart { mq: false, ac, fields },
        // STP puts AC on the bus without bit 1 or 2 as well.
        (false, true) if ac == Line::None => Act::StorePart { mq: false, ac: Line::Logical, fields: PREFIX },
        (false, true) => Act::StorePart { mq: false, ac, fields: fields | PREFIX },
        (true, false) => Act::StorePart { mq: true, ac, fields: fields | LEFT_HALF },
        (true, true) => Act::StoreIndex { ac, address: fields == ADDRESS },
    }
}
