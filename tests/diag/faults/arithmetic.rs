//! Broken arithmetic in fixed point, logic and shifts.

use asm704::Word;
use asm704::isa::Op;
use emu704::cpu::Ac;

use super::super::bench::Fault::{After, Decode};
use super::{Row, becomes, invert_skip, untagged};

pub(crate) const ARITHMETIC: &[Row] = &[
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
];
