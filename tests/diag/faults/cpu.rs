//! Broken central processing units.

use asm704::Word;
use asm704::isa::Op;
use emu704::Machine;
use emu704::cpu::Ac;

use super::super::bench::{
    Before,
    Fault::{After, Decode, Media},
};
use super::{Row, becomes, untagged};

/// Goes on behind a test as if it had skipped one where it did not, and the other way round.
fn invert_skip(before: &Before, machine: &mut Machine, op: Op) {
    if before.op == op {
        machine.cpu.ic =
            if machine.cpu.ic == before.location + 1 { before.location + 2 } else { before.location + 1 };
    }
}

/// The same for a transfer.
fn invert_transfer(before: &Before, machine: &mut Machine, op: Op) {
    if before.op == op {
        machine.cpu.ic = if machine.cpu.ic == before.location + 1 { before.y } else { before.location + 1 };
    }
}

fn trapped(before: &Before) -> bool {
    before.cpu.trapping && before.op.is_trapped()
}

pub(crate) const CPU: &[Row] = &[
    (
        "fixed",
        "CLA keeps Q and P",
        After(|b, m| {
            if b.op == Op::Cla {
                m.cpu.ac.magnitude |= b.cpu.ac.magnitude & (Ac::Q | Ac::P);
            }
        }),
    ),
    (
        "fixed",
        "CLA makes minus zero plus",
        After(|b, m| {
            if b.op == Op::Cla && m.cpu.ac.magnitude == 0 {
                m.cpu.ac.negative = false;
            }
        }),
    ),
    ("fixed", "CLS acts as CLA", Decode(|b| becomes(b, Op::Cls, Op::Cla))),
    ("fixed", "CAL acts as CLA", Decode(|b| becomes(b, Op::Cal, Op::Cla))),
    ("fixed", "ADD acts as SUB", Decode(|b| becomes(b, Op::Add, Op::Sub))),
    (
        "fixed",
        "ADD never turns overflow on",
        After(|b, m| {
            if b.op == Op::Add {
                m.cpu.ac_overflow = b.cpu.ac_overflow;
            }
        }),
    ),
    (
        "fixed",
        "overflow is a one in P, not a carry into it",
        After(|b, m| {
            if b.op == Op::Add {
                m.cpu.ac_overflow = b.cpu.ac_overflow || m.cpu.ac.p();
            }
        }),
    ),
    (
        "fixed",
        "SUB of unlike signs turns overflow on by P",
        After(|b, m| {
            if b.op == Op::Sub {
                m.cpu.ac_overflow |= m.cpu.ac.p();
            }
        }),
    ),
    (
        "fixed",
        "a sum of zero is plus",
        After(|b, m| {
            if b.op == Op::Add && m.cpu.ac.magnitude == 0 {
                m.cpu.ac.negative = false;
            }
        }),
    ),
    ("fixed", "ADM acts as ADD", Decode(|b| becomes(b, Op::Adm, Op::Add))),
    ("fixed", "SBM acts as SUB", Decode(|b| becomes(b, Op::Sbm, Op::Sub))),
    (
        "fixed",
        "ACL has no end-around carry",
        After(|b, m| {
            if b.op == Op::Acl {
                let sum = (b.cpu.ac.magnitude & Word::MASK) + b.operand.bits();
                m.cpu.ac.magnitude = b.cpu.ac.magnitude & Ac::Q | sum & Word::MASK;
            }
        }),
    ),
    ("fixed", "ACL turns overflow on", After(|b, m| m.cpu.ac_overflow |= b.op == Op::Acl && m.cpu.ac.p())),
    ("fixed", "ACL makes AC plus", After(|b, m| m.cpu.ac.negative &= b.op != Op::Acl)),
    (
        "fixed",
        "RND adds twice",
        After(|b, m| {
            if b.op == Op::Rnd && m.cpu.ac.magnitude != b.cpu.ac.magnitude {
                m.cpu.ac.magnitude += 1;
            }
        }),
    ),
    (
        "fixed",
        "RND adds for the sign of MQ",
        After(|b, m| {
            if b.op == Op::Rnd && b.cpu.mq.is_negative() {
                m.cpu.ac.magnitude += 1;
            }
        }),
    ),
    ("fixed", "RND never turns overflow on", After(|b, m| m.cpu.ac_overflow &= b.op != Op::Rnd)),
    ("fixed", "CLM clears the sign", After(|b, m| m.cpu.ac.negative &= b.op != Op::Clm)),
    (
        "fixed",
        "CLM leaves P",
        After(|b, m| {
            if b.op == Op::Clm {
                m.cpu.ac.magnitude |= b.cpu.ac.magnitude & Ac::P;
            }
        }),
    ),
    ("fixed", "CHS acts as SSM", Decode(|b| becomes(b, Op::Chs, Op::Ssm))),
    ("fixed", "SSP acts as CHS", Decode(|b| becomes(b, Op::Ssp, Op::Chs))),
    ("fixed", "SSM acts as CHS", Decode(|b| becomes(b, Op::Ssm, Op::Chs))),
    (
        "fixed",
        "STZ stores minus zero",
        After(|b, m| {
            if b.op == Op::Stz {
                m.core.poke(b.y, Word::new(Word::SIGN));
            }
        }),
    ),
    (
        "fixed",
        "STP stores S for P",
        After(|b, m| {
            if b.op == Op::Stp {
                m.core
                    .poke(b.y, Word::new(m.core.peek(b.y).magnitude() | m.cpu.ac.word().bits() & Word::SIGN));
            }
        }),
    ),
    (
        "fixed",
        "STD stores the prefix too",
        After(|b, m| {
            if b.op == Op::Std {
                let prefix = m.cpu.ac.magnitude & 0o700000000000;
                m.core.poke(b.y, Word::new(m.core.peek(b.y).bits() & 0o077777777777 | prefix));
            }
        }),
    ),
    (
        "fixed",
        "STA stores the tag too",
        After(|b, m| {
            if b.op == Op::Sta {
                m.core.poke(b.y, Word::new(b.operand.bits() & !0o777777 | m.cpu.ac.magnitude & 0o777777));
            }
        }),
    ),
    ("fixed", "SLQ acts as STQ", Decode(|b| becomes(b, Op::Slq, Op::Stq))),
    ("fixed", "SLW acts as STO", Decode(|b| becomes(b, Op::Slw, Op::Sto))),
    (
        "fixed",
        "TOV leaves the indicator on",
        After(|b, m| m.cpu.ac_overflow |= b.op == Op::Tov && b.cpu.ac_overflow),
    ),
    //
    ("muldiv", "MPY rounds", Decode(|b| becomes(b, Op::Mpy, Op::Mpr))),
    ("muldiv", "MPR does not round", Decode(|b| becomes(b, Op::Mpr, Op::Mpy))),
    (
        "muldiv",
        "MPY makes an empty half plus",
        After(|b, m| {
            if b.op == Op::Mpy && m.cpu.ac.magnitude == 0 {
                m.cpu.ac.negative = false;
            }
        }),
    ),
    (
        "muldiv",
        "MPY leaves the sign of MQ",
        After(|b, m| {
            if b.op == Op::Mpy {
                m.cpu.mq = Word::new(m.cpu.mq.magnitude() | b.cpu.mq.bits() & Word::SIGN);
            }
            if b.op == Op::Mpr {
                m.cpu.mq = Word::new(m.cpu.mq.magnitude() | b.cpu.mq.bits() & Word::SIGN);
            }
        }),
    ),
    (
        "muldiv",
        "MPY leaves P",
        After(|b, m| {
            if b.op == Op::Mpy {
                m.cpu.ac.magnitude |= b.cpu.ac.magnitude & Ac::P;
            }
        }),
    ),
    ("muldiv", "the remainder is always plus", After(|b, m| m.cpu.ac.negative &= b.op != Op::Dvp)),
    (
        "muldiv",
        "the quotient is always plus",
        After(|b, m| {
            if b.op == Op::Dvp {
                m.cpu.mq = Word::new(m.cpu.mq.magnitude());
            }
        }),
    ),
    (
        "muldiv",
        "quotient and remainder are interchanged",
        After(|b, m| {
            if b.op == Op::Dvp {
                let quotient = m.cpu.mq;
                m.cpu.mq = m.cpu.ac.word();
                m.cpu.ac = Ac::from_word(quotient);
            }
        }),
    ),
    ("muldiv", "DVH does not stop", Decode(|b| becomes(b, Op::Dvh, Op::Dvp))),
    ("muldiv", "DVP stops", Decode(|b| becomes(b, Op::Dvp, Op::Dvh))),
    ("muldiv", "DVP never turns divide check on", After(|b, m| m.cpu.divide_check &= b.op != Op::Dvp)),
    (
        "muldiv",
        "DCT leaves the indicator on",
        After(|b, m| m.cpu.divide_check |= b.op == Op::Dct && b.cpu.divide_check),
    ),
    ("muldiv", "DCT skips when on", After(|b, m| invert_skip(b, m, Op::Dct))),
    (
        "muldiv",
        "divide check clears AC",
        After(|b, m| {
            if b.op == Op::Dvp && m.cpu.divide_check {
                m.cpu.ac = Ac::default();
            }
        }),
    ),
    (
        "muldiv",
        "divide check turns AC overflow on",
        After(|b, m| m.cpu.ac_overflow |= b.op == Op::Dvp && m.cpu.divide_check),
    ),
    //
    ("logic", "ANA keeps the sign", After(|b, m| m.cpu.ac.negative |= b.op == Op::Ana && b.cpu.ac.negative)),
    (
        "logic",
        "ANA keeps Q",
        After(|b, m| {
            if b.op == Op::Ana {
                m.cpu.ac.magnitude |= b.cpu.ac.magnitude & Ac::Q;
            }
        }),
    ),
    ("logic", "ANA acts as ANS", Decode(|b| becomes(b, Op::Ana, Op::Ans))),
    (
        "logic",
        "ANS changes AC too",
        After(|b, m| {
            if b.op == Op::Ans {
                m.cpu.ac = Ac::from_logical(m.core.peek(b.y));
            }
        }),
    ),
    (
        "logic",
        "ORA takes the sign of the word",
        After(|b, m| {
            m.cpu.ac.negative |= b.op == Op::Ora && b.operand.is_negative();
        }),
    ),
    ("logic", "ORA makes AC plus", After(|b, m| m.cpu.ac.negative &= b.op != Op::Ora)),
    ("logic", "ORS acts as ORA", Decode(|b| becomes(b, Op::Ors, Op::Ora))),
    ("logic", "COM changes the sign", After(|b, m| m.cpu.ac.negative ^= b.op == Op::Com)),
    (
        "logic",
        "COM leaves Q",
        After(|b, m| {
            if b.op == Op::Com {
                m.cpu.ac.magnitude &= !Ac::Q;
            }
        }),
    ),
    (
        "logic",
        "COM leaves P",
        After(|b, m| {
            if b.op == Op::Com {
                m.cpu.ac.magnitude &= !Ac::P;
            }
        }),
    ),
    //
    ("shift", "ALS never turns overflow on", After(|b, m| m.cpu.ac_overflow &= b.op != Op::Als)),
    (
        "shift",
        "ALS turns overflow on for what goes into Q",
        After(|b, m| {
            m.cpu.ac_overflow |= b.op == Op::Als && m.cpu.ac.q();
        }),
    ),
    (
        "shift",
        "ALS loses what goes into Q",
        After(|b, m| {
            if b.op == Op::Als {
                m.cpu.ac.magnitude &= !Ac::Q;
            }
        }),
    ),
    ("shift", "ARS loses the sign", After(|b, m| m.cpu.ac.negative &= b.op != Op::Ars)),
    (
        "shift",
        "LLS keeps the sign of AC",
        After(|b, m| {
            if b.op == Op::Lls {
                m.cpu.ac.negative = b.cpu.ac.negative;
            }
        }),
    ),
    ("shift", "LLS acts as LGL", Decode(|b| becomes(b, Op::Lls, Op::Lgl))),
    ("shift", "LGL acts as LLS", Decode(|b| becomes(b, Op::Lgl, Op::Lls))),
    (
        "shift",
        "LRS loses the sign",
        After(|b, m| {
            if b.op == Op::Lrs {
                m.cpu.mq = Word::new(m.cpu.mq.magnitude() | b.cpu.mq.bits() & Word::SIGN);
            }
        }),
    ),
    (
        "shift",
        "LLS and LGL never turn overflow on",
        After(|b, m| m.cpu.ac_overflow &= !matches!(b.op, Op::Lls | Op::Lgl)),
    ),
    (
        "shift",
        "RQL loses what leaves S",
        After(|b, m| {
            if b.op == Op::Rql {
                m.cpu.mq = Word::new(b.cpu.mq.bits() << (b.y & 0o77).min(36));
            }
        }),
    ),
    (
        "shift",
        "counts are taken modulo 64",
        Decode(|b| matches!(b.op, Op::Ars | Op::Rql).then(|| b.word.with_address(b.word.address() & 0o77))),
    ),
    ("shift", "counts are not indexed", Decode(|b| untagged(b, Op::Als))),
    //
    (
        "transf",
        "TZE looks at the sign",
        After(|b, m| {
            if b.op == Op::Tze && b.cpu.ac.negative {
                m.cpu.ic = b.location + 1;
            }
            if b.op == Op::Tnz && b.cpu.ac.negative {
                m.cpu.ic = b.y;
            }
        }),
    ),
    (
        "transf",
        "TZE does not look at Q and P",
        After(|b, m| {
            if b.op == Op::Tze && b.cpu.ac.magnitude & Word::MAGNITUDE == 0 {
                m.cpu.ic = b.y;
            }
        }),
    ),
    (
        "transf",
        "TMI looks at P",
        After(|b, m| {
            if b.op == Op::Tmi && b.cpu.ac.p() {
                m.cpu.ic = b.y;
            }
        }),
    ),
    (
        "transf",
        "TPL transfers for minus zero",
        After(|b, m| {
            if b.op == Op::Tpl && b.cpu.ac.magnitude == 0 {
                m.cpu.ic = b.y;
            }
        }),
    ),
    ("transf", "TQP is inverted", After(|b, m| invert_transfer(b, m, Op::Tqp))),
    (
        "transf",
        "TLQ transfers for equal numbers",
        After(|b, m| {
            if b.op == Op::Tlq && b.cpu.ac.word() == b.cpu.mq {
                m.cpu.ic = b.y;
            }
        }),
    ),
    (
        "transf",
        "TLQ takes the zeros for equal",
        After(|b, m| {
            if b.op == Op::Tlq && b.cpu.ac.magnitude == 0 && b.cpu.mq.magnitude() == 0 {
                m.cpu.ic = b.location + 1;
            }
        }),
    ),
    (
        "transf",
        "TLQ compares magnitudes",
        After(|b, m| {
            if b.op == Op::Tlq {
                m.cpu.ic = if b.cpu.mq.magnitude() < b.cpu.ac.magnitude { b.y } else { b.location + 1 };
            }
        }),
    ),
    (
        "transf",
        "TNO leaves the indicator on",
        After(|b, m| m.cpu.ac_overflow |= b.op == Op::Tno && b.cpu.ac_overflow),
    ),
    (
        "transf",
        "TSX sets XR to its location, not the complement",
        After(|b, m| {
            if b.op == Op::Tsx {
                m.cpu.set_index(b.word.tag(), b.location);
            }
        }),
    ),
    ("transf", "TRA is not indexed", Decode(|b| untagged(b, Op::Tra))),
    (
        "transf",
        "CAS goes to the next for equal numbers",
        After(|b, m| {
            if b.op == Op::Cas && m.cpu.ic == b.location + 2 {
                m.cpu.ic = b.location + 1;
            }
        }),
    ),
    (
        "transf",
        "CAS skips one for less",
        After(|b, m| {
            if b.op == Op::Cas && m.cpu.ic == b.location + 3 {
                m.cpu.ic = b.location + 2;
            }
        }),
    ),
    (
        "transf",
        "CAS takes the zeros for equal",
        After(|b, m| {
            if b.op == Op::Cas && b.cpu.ac.magnitude == 0 && b.operand.magnitude() == 0 {
                m.cpu.ic = b.location + 2;
            }
        }),
    ),
    (
        "transf",
        "CAS does not look at P",
        After(|b, m| {
            if b.op == Op::Cas && b.cpu.ac.p() {
                m.cpu.ic = b.location + 3;
            }
        }),
    ),
    ("transf", "LBT is inverted", After(|b, m| invert_skip(b, m, Op::Lbt))),
    (
        "transf",
        "PBT looks at the sign",
        After(|b, m| {
            if b.op == Op::Pbt {
                m.cpu.ic = b.location + if b.cpu.ac.negative { 2 } else { 1 };
            }
        }),
    ),
    (
        "transf",
        "NOP clears AC",
        After(|b, m| {
            if b.op == Op::Nop {
                m.cpu.ac = Ac::default();
            }
        }),
    ),
    ("transf", "HPR acts as HTR", Decode(|b| becomes(b, Op::Hpr, Op::Htr))),
    ("transf", "HTR acts as TRA", Decode(|b| becomes(b, Op::Htr, Op::Tra))),
    //
    (
        "index",
        "TIX transfers for equal",
        After(|b, m| {
            let x = b.cpu.index(b.word.tag());
            if b.op == Op::Tix && x == b.word.decrement() {
                m.cpu.set_index(b.word.tag(), 0);
                m.cpu.ic = b.word.address();
            }
        }),
    ),
    (
        "index",
        "TIX does not lessen XR",
        After(|b, m| {
            if b.op == Op::Tix {
                m.cpu.xr = b.cpu.xr;
            }
        }),
    ),
    ("index", "TNX acts as TIX", Decode(|b| becomes(b, Op::Tnx, Op::Tix))),
    (
        "index",
        "TXH transfers for equal",
        After(|b, m| {
            if b.op == Op::Txh && b.word.tag() != 0 && b.cpu.index(b.word.tag()) == b.word.decrement() {
                m.cpu.ic = b.word.address();
            }
        }),
    ),
    ("index", "TXL acts as TXH", Decode(|b| becomes(b, Op::Txl, Op::Txh))),
    (
        "index",
        "TXI does not add",
        After(|b, m| {
            if b.op == Op::Txi {
                m.cpu.xr = b.cpu.xr;
            }
        }),
    ),
    (
        "index",
        "several tags name the first register alone",
        Decode(|b| (b.op == Op::Cla && b.word.tag() == 3).then(|| Word::new(b.word.bits() & !0o200000))),
    ),
    (
        "index",
        "SXD of several tags does not write them back",
        After(|b, m| {
            if b.op == Op::Sxd {
                m.cpu.xr = b.cpu.xr;
            }
        }),
    ),
    (
        "index",
        "LXA of several tags loads one",
        After(|b, m| {
            if b.op == Op::Lxa && b.word.tag() == 3 {
                m.cpu.xr[1] = b.cpu.xr[1];
            }
        }),
    ),
    ("index", "LXD acts as LXA", Decode(|b| becomes(b, Op::Lxd, Op::Lxa))),
    ("index", "LXA is indexed", Decode(|b| (b.op == Op::Lxa).then(|| b.word.with_address(b.y)))),
    ("index", "PDX acts as PAX", Decode(|b| becomes(b, Op::Pdx, Op::Pax))),
    (
        "index",
        "PXD leaves Q",
        After(|b, m| {
            if b.op == Op::Pxd {
                m.cpu.ac.magnitude |= (b.cpu.ac.magnitude & Ac::Q) >> 1;
            }
        }),
    ),
    (
        "index",
        "SXD clears the rest of the word",
        After(|b, m| {
            if b.op == Op::Sxd {
                m.core
                    .poke(b.word.address(), Word::new(m.core.peek(b.word.address()).bits() & 0o077777000000));
            }
        }),
    ),
    (
        "index",
        "transfers by index are themselves indexed",
        After(|b, m| {
            if b.op == Op::Txh && m.cpu.ic != b.location + 1 {
                m.cpu.ic = b.y;
            }
        }),
    ),
    (
        "index",
        "an index register has 15 bits on every machine",
        After(|b, m| {
            if b.op == Op::Lxa {
                m.cpu.set_index(b.word.tag(), m.core.peek(b.word.address()).address());
            }
        }),
    ),
    ("index", "addresses are not indexed", Decode(|b| untagged(b, Op::Cla))),
    (
        "index",
        "sense addresses are not indexed",
        Decode(|b| {
            (b.word.tag() != 0 && b.word.bits() >> 24 == 0o0760).then(|| Word::new(b.word.bits() & !0o700000))
        }),
    ),
    //
    ("float", "FAD does not normalize", Decode(|b| becomes(b, Op::Fad, Op::Ufa))),
    ("float", "FSB acts as FAD", Decode(|b| becomes(b, Op::Fsb, Op::Fad))),
    ("float", "UFS normalizes", Decode(|b| becomes(b, Op::Ufs, Op::Fsb))),
    ("float", "UFA normalizes", Decode(|b| becomes(b, Op::Ufa, Op::Fad))),
    ("float", "FMP does not normalize", Decode(|b| becomes(b, Op::Fmp, Op::Ufm))),
    ("float", "UFM normalizes", Decode(|b| becomes(b, Op::Ufm, Op::Fmp))),
    (
        "float",
        "FAD leaves MQ zero",
        After(|b, m| {
            if b.op == Op::Fad {
                m.cpu.mq = Word::ZERO;
            }
        }),
    ),
    (
        "float",
        "a zero is always plus",
        After(|b, m| m.cpu.ac.negative &= b.op != Op::Fad || m.cpu.ac.magnitude != 0),
    ),
    (
        "float",
        "FMP gives MQ no sign",
        After(|b, m| {
            if b.op == Op::Fmp {
                m.cpu.mq = Word::new(m.cpu.mq.magnitude());
            }
        }),
    ),
    ("float", "FMP never turns AC overflow on", After(|b, m| m.cpu.ac_overflow &= b.op != Op::Fmp)),
    ("float", "FMP never turns MQ overflow on", After(|b, m| m.cpu.mq_overflow &= b.op != Op::Fmp)),
    (
        "float",
        "AC overflow turns MQ overflow on",
        After(|b, m| m.cpu.mq_overflow |= b.op == Op::Fmp && m.cpu.ac_overflow),
    ),
    (
        "float",
        "characteristics are clamped",
        After(|b, m| {
            if b.op == Op::Fmp && m.cpu.ac.p() {
                m.cpu.ac.magnitude = 0o377777777777;
            }
        }),
    ),
    (
        "float",
        "TQO leaves the indicator on",
        After(|b, m| m.cpu.mq_overflow |= b.op == Op::Tqo && b.cpu.mq_overflow),
    ),
    (
        "float",
        "FDP clears the characteristic of the remainder",
        After(|b, m| {
            if b.op == Op::Fdp {
                m.cpu.ac.magnitude &= 0o777777777;
            }
        }),
    ),
    (
        "float",
        "FDP gives the quotient the sign of the dividend",
        After(|b, m| {
            if b.op == Op::Fdp {
                m.cpu.mq = Word::new(m.cpu.mq.magnitude() | b.cpu.ac.word().bits() & Word::SIGN);
            }
        }),
    ),
    (
        "float",
        "the last bit of a quotient is wrong",
        After(|b, m| {
            if b.op == Op::Fdp {
                m.cpu.mq = Word::new(m.cpu.mq.bits() & !1);
            }
        }),
    ),
    ("float", "FDP never turns divide check on", After(|b, m| m.cpu.divide_check &= b.op != Op::Fdp)),
    ("float", "FDH does not stop", Decode(|b| becomes(b, Op::Fdh, Op::Fdp))),
    //
    ("sense", "SLF does nothing", Decode(|b| becomes(b, Op::Slf, Op::Nop))),
    (
        "sense",
        "SLT leaves the light on",
        After(|b, m| {
            if b.op == Op::Slt {
                m.cpu.sense_lights = b.cpu.sense_lights;
            }
        }),
    ),
    ("sense", "SLT skips when off", After(|b, m| invert_skip(b, m, Op::Slt))),
    (
        "sense",
        "SLN turns the others off",
        After(|b, m| {
            if b.op == Op::Sln {
                m.cpu.sense_lights = std::array::from_fn(|i| i + 1 == usize::from(b.y & 7));
            }
        }),
    ),
    ("sense", "SWT skips when up", After(|b, m| invert_skip(b, m, Op::Swt))),
    (
        "sense",
        "sense switch 3 does not close",
        Media(|m, _| m.console.sense_switches = [true, false, false, false, true, false]),
    ),
    (
        "sense",
        "sense switch 6 is stuck",
        Media(|m, _| m.console.sense_switches = [true, false, true, false, true, true]),
    ),
    ("sense", "SLN is not indexed", Decode(|b| untagged(b, Op::Sln))),
    ("sense", "RTT skips when on", After(|b, m| invert_skip(b, m, Op::Rtt))),
    ("sense", "ETT skips when on", After(|b, m| invert_skip(b, m, Op::Ett))),
    //
    ("trap", "ETM does nothing", Decode(|b| becomes(b, Op::Etm, Op::Nop))),
    ("trap", "LTM does nothing", Decode(|b| becomes(b, Op::Ltm, Op::Nop))),
    (
        "trap",
        "no location is left",
        After(|b, m| {
            if trapped(b) {
                m.core.poke(0, b.word_0);
            }
        }),
    ),
    (
        "trap",
        "the location of the next instruction is left",
        After(|b, m| {
            if trapped(b) {
                m.core.poke(0, b.word_0.with_address(b.location + 1));
            }
        }),
    ),
    (
        "trap",
        "the whole of word 0 is replaced",
        After(|b, m| {
            if trapped(b) {
                m.core.poke(0, Word::new(b.location.into()));
            }
        }),
    ),
    (
        "trap",
        "transfers that are not taken leave no location",
        After(|b, m| {
            if trapped(b) && m.cpu.ic == b.location + 1 {
                m.core.poke(0, b.word_0);
            }
        }),
    ),
    (
        "trap",
        "TTR is trapped",
        After(|b, m| {
            if b.cpu.trapping && b.op == Op::Ttr {
                m.core.poke(0, b.word_0.with_address(b.location));
                m.cpu.ic = 1;
            }
        }),
    ),
    (
        "trap",
        "the trap turns the mode off and TRA is free",
        After(|b, m| {
            if trapped(b) {
                m.cpu.ic = b.y;
            }
        }),
    ),
    (
        "trap",
        "TSX does not set XR",
        After(|b, m| {
            if trapped(b) && b.op == Op::Tsx {
                m.cpu.xr = b.cpu.xr;
            }
        }),
    ),
    (
        "trap",
        "TIX does not lessen XR",
        After(|b, m| {
            if trapped(b) && b.op == Op::Tix {
                m.cpu.xr = b.cpu.xr;
            }
        }),
    ),
    ("trap", "TOV leaves the indicator on", After(|b, m| m.cpu.ac_overflow |= trapped(b) && b.op == Op::Tov)),
    (
        "trap",
        "CAS is trapped",
        After(|b, m| {
            if b.cpu.trapping && b.op == Op::Cas {
                m.core.poke(0, b.word_0.with_address(b.location));
            }
        }),
    ),
    ("trap", "HTR goes on without a trap", Decode(|b| becomes(b, Op::Htr, Op::Hpr))),
];
