//! The table of what the fast loop can do: one row per kind.
//!
//! Three things are generated from the rows: the enum [`Kind`] here, the decoding of a word in [`super::decode`], and the
//! dispatch of the loop in `machine/fast/dispatch.rs`. Nothing else lists the operations of the fast loop.
//!
//! A row has
//!
//! - the kind; in the first two groups two kinds, with the address unmodified and with one index register subtracted;
//! - the operations of the instruction table that are decoded to it. The first one gives its cycles;
//! - `MQ` if the operation reads or changes MQ. The loop does not execute it while the characters of a tape pass through
//!   MQ; nor one with `rare`, so that compilers do not work out ahead of each instruction where it would go;
//! - the action. In the groups `operand` and `shift` it is a method of [`crate::cpu::Regs`], which is the same
//!   in both interpreters. In the others it is a method of `machine/fast/shapes.rs`, with the expression for this
//!   row: there `r` are AC, MQ and their indicators, `x` the index registers, `w` is a word of core.
//!
//! The groups differ in the words decoded to their kinds; all other words are [`Kind::Plain`].

/// How an instruction comes to the word of core that it reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// It reads and writes none.
    None,
    /// By its address.
    Direct,
    /// By its address less an index register.
    Indexed,
}

/// True if a shape reads or writes a word of core.
macro_rules! accesses {
    (transfer) => {
        false
    };
    (transfer_with_return) => {
        false
    };
    (place_in_index) => {
        false
    };
    (place_from_index) => {
        false
    };
    (act) => {
        false
    };
    ($other:ident) => {
        true
    };
}

/// Passes the table to a macro, after other tokens.
macro_rules! kinds {
    ($then:ident $($before:tt)*) => { $then! { $($before)*
        // An operand from core: the effect of the sign line on it, and its effect on the registers.
        operand {
            Cla ClaX  [Cla]      ac straight clear_add;
            Cls ClsX  [Cls]      ac inverted clear_add;
            Cal CalX  [Cal]      ac straight clear_add_logical;
            Add AddX  [Add]      ac straight add;
            Sub SubX  [Sub]      ac inverted add;
            Adm AdmX  [Adm]      ac plus     add;
            Sbm SbmX  [Sbm]      ac minus    add;
            Acl AclX  [Acl]      ac straight add_logical;
            Ana AnaX  [Ana]      ac straight and;
            Ora OraX  [Ora]      ac straight or;
            Ldq LdqX  [Ldq]      MQ straight load_mq;
            Mpy MpyX  [Mpy]      MQ straight multiply;
            Mpr MprX  [Mpr]      MQ straight multiply_and_round;
            Dvp DvpX  [Dvp]      MQ straight dvp;
            // A divide check of DVH or FDH stops, and is left to the plain interpreter.
            Dvh DvhX  [Dvh]      MQ straight dvh;
            Fdp FdpX  [Fdp]      MQ straight fdp;
            Fdh FdhX  [Fdh]      MQ straight fdh;
            Fmp FmpX  [Fmp]      MQ straight fmp;
            Ufm UfmX  [Ufm]      MQ straight ufm;
            Fad FadX  [Fad]      MQ straight fad;
            Fsb FsbX  [Fsb]      MQ inverted fad;
            Ufa UfaX  [Ufa]      MQ straight ufa;
            Ufs UfsX  [Ufs]      MQ inverted ufa;
        }
        // Other uses of an address, with or without an index register subtracted, as above.
        memory {
            Cas CasX  [Cas]      ac compare();
            Sto StoX  [Sto]      ac store(|r| r.word());
            Slw SlwX  [Slw]      ac store(|r| r.logical());
            Stq StqX  [Stq]      MQ store(|r| r.mq());
            Stz StzX  [Stz]      ac store(|_| Word::ZERO);
            Slq SlqX  [Slq]      MQ modify(|r, w| fields(w, LEFT_HALF, r.mq()));
            Stp StpX  [Stp]      ac modify(|r, w| fields(w, PREFIX, r.logical()));
            Ans AnsX  [Ans]      ac modify(|r, w| w & r.logical());
            Ors OrsX  [Ors]      ac modify(|r, w| w | r.logical());
            Std StdX  [Std]      ac store_decrement();
            Sta StaX  [Sta]      ac store_address();
            // Trapping mode, the only mode in which TTR differs, is not handled by the loop.
            Tra TraX  [Tra Ttr]  ac transfer(|_| true);
            Tze TzeX  [Tze]      ac transfer(|r| r.is_zero());
            Tnz TnzX  [Tnz]      ac transfer(|r| !r.is_zero());
            Tpl TplX  [Tpl]      ac transfer(|r| !r.is_minus());
            Tmi TmiX  [Tmi]      ac transfer(|r| r.is_minus());
            Tov TovX  [Tov]      rare transfer(|r| r.take_ac_overflow());
            Tno TnoX  [Tno]      rare transfer(|r| !r.take_ac_overflow());
            Tqo TqoX  [Tqo]      rare transfer(|r| r.take_mq_overflow());
            Tqp TqpX  [Tqp]      MQ transfer(|r| !r.mq().is_negative());
            Tlq TlqX  [Tlq]      MQ transfer(|r| r.low_mq());
        }
        // One index register, with a count in the decrement. (The form without an index register is rare: a loop that never ends.)
        count {
            Txi  [Txi]  ac transfer_increased();
            // TXI to the next location, which is how programs count up; another address makes it a transfer again.
            TxiOn  [Txi]  ac increase();
            Tix  [Tix]  ac transfer_by_index(|x, count| x.count_down((), count));
            Tnx  [Tnx]  ac transfer_by_index(|x, count| !x.count_down((), count));
            Txh  [Txh]  ac transfer_by_index(|x, count| x.is_above((), count));
            Txl  [Txl]  ac transfer_by_index(|x, count| !x.is_above((), count));
        }
        // One index register.
        index {
            Tsx  [Tsx]  ac transfer_with_return();
            Lxa  [Lxa]  ac load_index(|w| w.address());
            Lxd  [Lxd]  ac load_index(|w| w.decrement());
            Pax  [Pax]  ac place_in_index(|r| r.logical().address());
            Pdx  [Pdx]  ac place_in_index(|r| r.logical().decrement());
        }
        // One index register or none; the address is not modified.
        as_it_is {
            Sxd  [Sxd]  ac store_index();
            Pxd  [Pxd]  ac place_from_index(|r, x| r.clear_add_logical(Word::ZERO.with_decrement(x as u16)));
            Nop  [Nop]  ac act(|_| ());
        }
        // No index register, and at most as many places as one step of a shift has.
        shift {
            Als  [Als]  ac left;
            Ars  [Ars]  ac right;
            Lls  [Lls]  MQ long_left;
            Lrs  [Lrs]  MQ long_right;
            Lgl  [Lgl]  MQ logical_left;
            Rql  [Rql]  MQ rotate_mq;
        }
        // No index register: the address is part of the operation code.
        sense {
            Clm  [Clm]  ac act(|r| r.clear_magnitude());
            Chs  [Chs]  ac act(|r| r.change_sign());
            Ssp  [Ssp]  ac act(|r| r.set_sign_plus());
            Ssm  [Ssm]  ac act(|r| r.set_sign_minus());
            Com  [Com]  ac act(|r| r.complement_magnitude());
            Rnd  [Rnd]  MQ act(|r| r.round());
            Lbt  [Lbt]  rare skip(|r| r.low_bit());
            Pbt  [Pbt]  rare skip(|r| r.p());
        }
    } };
}
pub(crate) use kinds;

use super::fusion::fusions;

macro_rules! make_kind {
    (
        fused { $($fused:ident: $first:ident $second:ident $($third:ident $($fourth:ident)?)?;)* }
        same { $($same:ident: $first_same:ident $second_same:ident $($third_same:ident $($fourth_same:ident)?)?;)* }
        operand { $($direct:ident $indexed:ident [$($o0:ident)+] $m0:ident $line:ident $act:ident;)* }
        memory { $($to:ident $to_indexed:ident [$($o1:ident)+] $m1:ident $s1:ident ($($a1:tt)*);)* }
        count { $($count:ident [$($o2:ident)+] $m2:ident $s2:ident ($($a2:tt)*);)* }
        index { $($index:ident [$($o3:ident)+] $m3:ident $s3:ident ($($a3:tt)*);)* }
        as_it_is { $($any:ident [$($o4:ident)+] $m4:ident $s4:ident ($($a4:tt)*);)* }
        shift { $($shift:ident [$($o5:ident)+] $m5:ident $step:ident;)* }
        sense { $($sense:ident [$($o6:ident)+] $m6:ident $s6:ident ($($a6:tt)*);)* }
    ) => {
        /// How the fast loop executes a word.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Kind {
            /// Not decoded since it was changed.
            Stale = 0,
            /// Left to the plain interpreter; or perhaps done by the loop after a question ([`super::Asked`]).
            Plain,
            /// The entry after the last word of core, where word 0 follows.
            Wrap,
            /// A place where the fast loop looks at the budget. What the word is, is its kind alone.
            Look,
            /// CPY, which the loop does while a tape word is under way; and with one index register subtracted.
            Copy,
            CopyX,
            $($direct, $indexed,)*
            $($to, $to_indexed,)*
            $($count,)*
            $($index,)*
            $($any,)*
            $($shift,)*
            $($sense,)*
            $($fused,)*
            $($same,)*
        }

        impl Kind {
            /// True for the kinds of instructions that the loop does without a tape, alone or in sequences.
            #[inline(always)]
            pub(crate) const fn is_done(self) -> bool {
                self as u8 > Kind::CopyX as u8
            }

            /// The number of kinds.
            pub(super) const NUMBER: usize = [$(Kind::$same),*][[$(Kind::$same),*].len() - 1] as usize + 1;

            /// True if another address in the word changes only the address of the entry.
            #[inline(always)]
            pub(crate) const fn has_address(self) -> bool {
                !matches!(self, Kind::TxiOn) && matches!(
                    self,
                    Kind::Copy | Kind::CopyX |
                    $(Kind::$direct | Kind::$indexed |)*
                    $(Kind::$to | Kind::$to_indexed |)*
                    $(Kind::$count |)*
                    $(Kind::$index)|*
                )
            }

            /// How the kind comes to its word of core. (CPY is done only in a loop that looks at operands.)
            pub(super) fn access(self) -> Access {
                let (accesses, access) = match self {
                    $(Kind::$direct => (true, Access::Direct),)*
                    $(Kind::$indexed => (true, Access::Indexed),)*
                    $(Kind::$to => (accesses!($s1), Access::Direct),)*
                    $(Kind::$to_indexed => (accesses!($s1), Access::Indexed),)*
                    $(Kind::$index => (accesses!($s3), Access::Direct),)*
                    $(Kind::$any => (accesses!($s4), Access::Direct),)*
                    _ => (false, Access::None),
                };
                if accesses { access } else { Access::None }
            }

            /// True if another decrement in the word changes only the decrement of the entry.
            #[inline(always)]
            pub(crate) const fn has_decrement(self) -> bool {
                matches!(self, $(Kind::$count)|*)
            }
        }
    };
}

fusions!(kinds make_kind);
