//! Which bits of an undefined code select what.

use asm704::isa::{Access, Major, OperandAddress};

use crate::cpu::storage::Line;

/// The group by the six high bits of the code and the sign, the choice in it by the low bits.
pub(super) fn act(code: u16, minus: bool) -> Act {
    let odd = code & 1 != 0;
    let two = code & 2 != 0;
    let choose = |when: bool, yes, no| Act::As(if when { yes } else { no });
    match code {
        // The two low bits stand where a type A prefix goes in the instruction register: such a word is type A with
        // a modified address, the code being part of its decrement.
        0o000..=0o017 => match (code & 3, minus) {
            (0, _) => Act::As(Major::Htr),
            (1, _) => Act::As(Major::Txi),
            (2, false) => Act::As(Major::Tix),
            (2, true) => Act::As(Major::Tnx),
            (_, false) => Act::As(Major::Txh),
            (_, true) => Act::As(Major::Txl),
        },
        0o020..=0o037 => choose(odd, Major::Ttr, Major::Tra),
        0o040..=0o057 if minus => Act::NoTransfer,
        0o040..=0o057 => Act::As(Major::Tlq),
        0o060..=0o073 => Act::As(Major::Tra),
        0o074..=0o077 => Act::As(Major::Tsx),
        0o100..=0o117 => choose(minus, Major::Tnz, Major::Tze),
        0o120..=0o137 => choose(minus, Major::Tmi, Major::Tpl),
        0o140..=0o157 => choose(minus, Major::Tno, Major::Tov),
        0o160..=0o177 => match code & 3 {
            0 => Act::NoTransfer,
            1 => Act::As(Major::Tqo),
            2 => Act::As(Major::Tqp),
            _ => Act::EitherMqTest,
        },
        0o200..=0o217 => choose(minus, Major::Mpr, Major::Mpy),
        0o220..=0o237 if minus => Act::DivideLogical(if odd { Major::Dvp } else { Major::Dvh }),
        0o220..=0o237 => choose(odd, Major::Dvp, Major::Dvh),
        0o240..=0o257 => choose(odd, Major::Fdp, Major::Fdh),
        0o260..=0o277 => choose(minus, Major::Ufm, Major::Fmp),
        0o300..=0o317 => Act::As(match (minus, two) {
            (false, false) => Major::Fad,
            (false, true) => Major::Fsb,
            (true, false) => Major::Ufa,
            (true, true) => Major::Ufs,
        }),
        0o320..=0o337 => choose(minus, Major::Ana, Major::Ans),
        0o340..=0o357 => Act::As(Major::Cas),
        0o360..=0o377 => Act::As(Major::Acl),
        // Minus forces a minus sign on the operand, bit 1 a plus sign; only then bit 2 inverts.
        0o400..=0o417 if minus => Act::As(Major::Sbm),
        0o400..=0o417 if odd => Act::As(Major::Adm),
        0o400..=0o417 => choose(two, Major::Sub, Major::Add),
        0o420..=0o457 | 0o540..=0o557 | 0o640..=0o677 => Act::As(Major::Hpr),
        // UNVERIFIED: a drum is needed.
        0o460..=0o477 => Act::As(Major::Lda),
        // Minus: logical; bit 1: OR, in the logical ones; bit 2: inverted sign.
        0o500..=0o517 => match (minus, odd, two) {
            (false, _, two) => choose(two, Major::Cls, Major::Cla),
            (true, false, false) => Act::As(Major::Cal),
            (true, false, true) => Act::LoadInverted,
            (true, true, false) => Act::As(Major::Ora),
            (true, true, true) => Act::OrInverted,
        },
        0o520..=0o537 => choose(minus, Major::Lxd, Major::Lxa),
        0o560..=0o577 => Act::As(Major::Ldq),
        // AC by bits 1 and 2; minus adds MQ, or with bit 2 the word in core.
        0o600..=0o617 => Act::Store { mq: minus && !two, ac: Line::of(code), storage: minus && two },
        0o620..=0o637 => store_part(code, minus),
        0o700..=0o717 => choose(minus, Major::Cad, Major::Cpy),
        0o720..=0o737 if minus => Act::As(Major::Pdx),
        0o720..=0o733 => Act::PlaceAddress,
        0o734..=0o737 => Act::As(Major::Pax),
        0o750..=0o757 if minus => Act::As(Major::Pxd),
        // The sign counts in 763 only, where both have their operation.
        0o765 => Act::As(Major::Lrs),
        0o767 => Act::As(Major::Als),
        0o771 => Act::As(Major::Ars),
        0o773 => Act::As(Major::Rql),
        // UNVERIFIED: the select class with a minus sign; units are needed.
        0o762 => Act::As(Major::Rds),
        0o764 => Act::As(Major::Bst),
        0o766 => Act::As(Major::Wrs),
        0o770 => Act::As(Major::Wef),
        0o772 => Act::As(Major::Rew),
        // 740 to 757, 761, and UNVERIFIED 774 to 777, which select a tape unit without giving it an order.
        _ => Act::As(Major::Nop),
    }
}

/// What a code without an operation of its own does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::machine) enum Act {
    /// What this operation does.
    As(Major),
    /// A fixed-point division whose MQ, for the minus sign, shifts as in LGL but from position S: at each step the
    /// sign of the quotient goes into AC 35, so that the low half of the dividend is all ones or all zeros.
    DivideLogical(Major),
    /// PAX, with the tag that AC brings into the storage register.
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

impl Act {
    /// As the row of an operation gives it; the address is the modified one where the code is indexable.
    pub(in crate::machine) fn access(self) -> Access {
        let at = OperandAddress::Effective;
        match self {
            Act::As(op) | Act::DivideLogical(op) => op.op().row().access,
            // with no field, core regenerates the word
            Act::PlaceAddress | Act::StorePart { fields: 0, .. } => Access::None,
            Act::NoTransfer | Act::EitherMqTest => Access::Transfers(at),
            Act::LoadInverted | Act::OrInverted => Access::Reads(at),
            Act::Store { storage: true, .. } => Access::Modifies(at),
            Act::Store { .. } | Act::StorePart { .. } | Act::StoreIndex { .. } => Access::Writes(at),
        }
    }
}

pub(in crate::machine) const LEFT_HALF: u64 = 0o777777000000;
pub(in crate::machine) const PREFIX: u64 = 0o700000000000;
pub(in crate::machine) const DECREMENT: u64 = 0o077777000000;
pub(in crate::machine) const ADDRESS: u64 = 0o000000077777;

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
