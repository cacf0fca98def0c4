//! The instruction set: one table that all parts of the project read.
//!
//! - [`ROWS`] has one row for each operation that the machine executes, in the order of [`Op`].
//! - [`ALIASES`] has the other names that the SHARE assembler gives to the same words (`RTB`, `IOD`, `PZE`, ...).
//! - [`lookup`] finds a name of either kind; [`decode`] finds the operation of a word.
//!
//! Sources are the tags of docs/sources.md: GATE (measured on the gate-level netlist), MAN (the manual as
//! quoted by others), SAP (the operation table of the SHARE assembler), TAPE and others for input-output.

mod access;
mod decode;
pub mod later;
mod table;

pub use access::{Access, OperandAddress};
pub use decode::{decode, decode_major, decode_operation, is_indexable, sense_op};
pub use table::{ALIASES, ROWS};

use std::fmt;
use std::sync::LazyLock;

use crate::Word;

/// Makes the three enums from one list, so that each operation is named only once.
macro_rules! operations {
    (major: $($major:ident)*; micro: $($micro:ident)*;) => {
        /// An operation that the machine executes; the discriminant is its row in [`ROWS`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "each is a row of ROWS, which says what it does")]
        pub enum Op {
            $($major,)*
            $($micro,)*
        }

        /// A major operation, named by the operation part of the word ([`decode_operation`]). PSE and MSE stand for the
        /// whole sense class, whose address names a [`Micro`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "each is a row of ROWS, which says what it does")]
        pub enum Major {
            $($major = Op::$major as u8,)*
        }

        /// A micro-operation of the sense class, named by the effective address of a PSE or MSE ([`sense_op`]).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[expect(missing_docs, reason = "each is a row of ROWS, which says what it does")]
        pub enum Micro {
            $($micro = Op::$micro as u8,)*
        }

        impl Major {
            /// The same operation as an [`Op`].
            #[inline]
            pub const fn op(self) -> Op {
                match self {
                    $(Major::$major => Op::$major,)*
                }
            }
        }

        impl Micro {
            /// The same operation as an [`Op`].
            #[inline]
            pub const fn op(self) -> Op {
                match self {
                    $(Micro::$micro => Op::$micro,)*
                }
            }
        }

        impl Op {
            /// The major operation; `None` for an operation of the sense class.
            pub const fn major(self) -> Option<Major> {
                match self {
                    $(Op::$major => Some(Major::$major),)*
                    _ => None,
                }
            }
        }
    };
}

operations! {
    major:
        // fixed point
        Cla Cls Cal Add Sub Adm Sbm Acl Mpy Mpr Dvh Dvp Ldq Stq Slq Sto Slw Stz Stp Std Sta
        // logic and shifts
        Ana Ans Ora Ors Als Ars Lls Lrs Lgl Rql
        // transfers
        Htr Hpr Tra Ttr Tze Tnz Tpl Tmi Tov Tno Tqp Tqo Tlq Tsx Cas Nop
        // index registers
        Txi Tix Tnx Txh Txl Lxa Lxd Sxd Pax Pdx Pxd
        // floating point
        Fad Fsb Ufa Ufs Fmp Ufm Fdh Fdp
        // input-output
        Rds Wrs Bst Wef Rew Cpy Cad Lda
        // sense class, by its address
        Pse Mse;
    micro:
        Clm Lbt Chs Ssp Com Etm Rnd Dct Cff Slf Sln Swt Spu Spt Spr
        Pbt Ssm Ltm Ett Rtt Slt;
}

impl Op {
    /// The row of this operation.
    #[inline]
    pub const fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The name the assembler prints.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// True for the transfers that trapping mode catches: all except TTR (GATE, MAN).
    pub const fn is_trapped(self) -> bool {
        matches!(self.row().access, Access::Transfers(_)) && !matches!(self, Op::Ttr)
    }
}

/// How the fields of an instruction are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Type A: prefix, decrement, tag as index register, address.
    TypeA,
    /// Type B with an address of core.
    Core,
    /// Type B; the effective address is a number of places, modulo 256.
    Shift,
    /// Type B; the tag names index registers and the address is one of core (TSX, LXA, LXD, SXD).
    IndexCore,
    /// Type B; the tag names index registers and the address is not used (PAX, PDX, PXD).
    Index,
    /// Type B; the effective address names a unit (RDS, WRS, BST, WEF, REW).
    Unit,
    /// Sense class with any address (PSE, MSE).
    Sense,
    /// Sense class; the address selects the operation.
    Micro,
    /// Sense class; the low part of the address is 1 to the number given (SLN, SWT, SPR, ...).
    MicroUnit(u8),
    /// No field is used (NOP).
    None,
}

impl Form {
    /// What people write after an operation of this form: Y an address, T a tag, D a decrement, X a tag that changes the
    /// address, n a number; nothing where the operation is the whole word.
    pub const fn fields(self) -> &'static str {
        match self {
            Form::TypeA => "Y,T,D",
            Form::Core => "Y,X",
            Form::Shift => "n,X",
            Form::IndexCore => "Y,T",
            Form::Index => "0,T",
            Form::Unit => "unit,X",
            Form::Sense => "code,X",
            Form::MicroUnit(_) => "n",
            Form::Micro | Form::None => "",
        }
    }
}

/// Machine cycles of 12 microseconds from the I time of an instruction to the I time of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cycles {
    /// A fixed number of cycles.
    Fixed(u8),
    /// `full`, or `check` if divide check comes on (or, for floating point, if the dividend fraction is zero).
    Divide {
        /// A complete division.
        full: u8,
        /// A division ended by the first trial subtraction.
        check: u8,
    },
    /// 2 + floor((n + 2) / 12) for n places.
    Shift,
    /// `base` + floor(d / 12) + floor(k / 4), for d places of alignment and k of normalizing; one less for a zero sum.
    FloatAdd {
        /// 7 for FAD and FSB; 5 for UFA and UFS, which do not normalize.
        base: u8,
    },
    /// 1 before the stop, and this many after START.
    Halt(u8),
    /// 2 if the input-output interlock is free, otherwise until it is free.
    Select,
    /// Until the unit has the word, but at least 3.
    Copy,
}

impl Cycles {
    /// The most cycles an operation can take, if it always takes the same number or one of two; `None` if operands, places or
    /// units decide.
    pub const fn full(self) -> Option<u8> {
        match self {
            Cycles::Fixed(n) | Cycles::Divide { full: n, .. } => Some(n),
            Cycles::Shift | Cycles::FloatAdd { .. } | Cycles::Halt(_) | Cycles::Select | Cycles::Copy => None,
        }
    }

    /// The fewest cycles an operation can take.
    pub const fn least(self) -> u8 {
        match self {
            Cycles::Fixed(n) => n,
            Cycles::Divide { check, .. } => check,
            Cycles::Shift | Cycles::Select => 2,
            Cycles::Halt(after) => 1 + after,
            Cycles::FloatAdd { base: 5 } => 5,
            Cycles::FloatAdd { base } => base - 1,
            Cycles::Copy => 3,
        }
    }
}

/// The cycles as text, such as `2` or `2 + (n + 2) / 12`.
impl fmt::Display for Cycles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cycles::Fixed(n) => write!(f, "{n}"),
            Cycles::Divide { full, check } => write!(f, "{full}; {check} with divide check"),
            Cycles::Shift => f.write_str("2 + (n + 2) / 12"),
            Cycles::FloatAdd { base } => write!(f, "{base} + d / 12 + k / 4"),
            Cycles::Halt(after) => write!(f, "1, then {after} after START"),
            Cycles::Select => f.write_str("2, or until the interlock is free"),
            Cycles::Copy => f.write_str("3 or more, until the word is there"),
        }
    }
}

/// The fields that the SHARE assembler requires on the card: 4 address, 2 tag, 1 decrement, as in its own table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs(pub u8);

impl Needs {
    /// No field is required.
    pub const NONE: Needs = Needs(0);
    /// An address.
    pub const A: Needs = Needs(4);
    /// A tag.
    pub const T: Needs = Needs(2);
    /// An address and a tag.
    pub const AT: Needs = Needs(6);
    /// An address, a tag and a decrement.
    pub const ATD: Needs = Needs(7);

    /// True if an address is required.
    pub const fn address(self) -> bool {
        self.0 & 4 != 0
    }
    /// True if a tag is required.
    pub const fn tag(self) -> bool {
        self.0 & 2 != 0
    }
    /// True if a decrement is required.
    pub const fn decrement(self) -> bool {
        self.0 & 1 != 0
    }
}

/// One operation of the machine.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The operation; its number is the index of the row.
    pub op: Op,
    /// Its name in the SHARE assembler (SWT is a pseudo-operation there).
    pub name: &'static str,
    /// The word with empty fields.
    pub word: Word,
    /// The use of its fields.
    pub form: Form,
    /// Its effect on the word in core named by its address.
    pub access: Access,
    /// The fields the assembler requires.
    pub needs: Needs,
    /// Its time.
    pub cycles: Cycles,
    /// The sources of these facts.
    pub source: &'static str,
    /// Its effect, in one line.
    pub summary: &'static str,
}

/// Another name for words of an operation.
#[derive(Debug, Clone, Copy)]
pub struct Alias {
    /// Its name in the SHARE assembler; empty for the blank operation field.
    pub name: &'static str,
    /// The word with empty fields.
    pub word: Word,
    /// The fields the assembler requires.
    pub needs: Needs,
    /// The operation that the machine executes.
    pub op: Op,
    /// Its purpose, in one line.
    pub summary: &'static str,
}

/// The meaning of a name in the assembler.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// The name, three characters, or empty for the blank operation field.
    pub name: &'static str,
    /// The word with empty fields.
    pub word: Word,
    /// The fields the assembler requires.
    pub needs: Needs,
    /// The operation that the machine executes.
    pub op: Op,
    /// Its meaning, in one line.
    pub summary: &'static str,
}

/// All names: first the rows, then the aliases.
pub fn names() -> impl Iterator<Item = Named> {
    let rows = ROWS.iter().map(|r| Named {
        name: r.name,
        word: r.word,
        needs: r.needs,
        op: r.op,
        summary: r.summary,
    });
    let aliases = ALIASES.iter().map(|a| Named {
        name: a.name,
        word: a.word,
        needs: a.needs,
        op: a.op,
        summary: a.summary,
    });
    rows.chain(aliases)
}

/// Finds a name, in upper case, in [`ROWS`] or [`ALIASES`].
pub fn lookup(name: &str) -> Option<Named> {
    // the assembler asks for each card, some of them several times
    static BY_NAME: LazyLock<Vec<Named>> = LazyLock::new(|| {
        let mut all: Vec<Named> = names().collect();
        all.sort_by_key(|named| named.name);
        all.dedup_by_key(|named| named.name);
        all
    });
    let at = BY_NAME.binary_search_by_key(&name, |named| named.name).ok()?;
    Some(BY_NAME[at])
}
