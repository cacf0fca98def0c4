//! Words of core decoded ahead, one entry a word.
//!
//! The entry of a word is thrown away by whatever changes the word ([`super::CoreStore::poke`] and nothing else can),
//! without a look at what it was: that is one store to memory, and it makes programs that modify themselves cheap.

use asm704::Word;
use asm704::isa::{Op, decode_major, sense_op};

use crate::cpu::shift;
use crate::machine::Locations;

/// What the fast loop does with a word. The suffix `X` is the form whose address is less one index register; without
/// it the address is as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[rustfmt::skip]
pub(crate) enum Kind {
    /// Not decoded since it was changed.
    Stale,
    /// Left to the plain interpreter.
    Plain,
    /// Behind the last word of core comes word 0.
    Wrap,
    Cla, ClaX, Cls, ClsX, Cal, CalX, Add, AddX, Sub, SubX, Adm, AdmX, Sbm, SbmX, Acl, AclX,
    Mpy, MpyX, Mpr, MprX, Div, DivX,
    Ldq, LdqX, Stq, StqX, Slq, SlqX, Sto, StoX, Slw, SlwX, Stz, StzX, Stp, StpX, Std, StdX, Sta, StaX,
    Ana, AnaX, Ans, AnsX, Ora, OraX, Ors, OrsX, Cas, CasX,
    Fad, FadX, Fsb, FsbX, Ufa, UfaX, Ufs, UfsX, Fmp, FmpX, Ufm, UfmX, Fdp, FdpX,
    Tra, TraX, Tze, TzeX, Tnz, TnzX, Tpl, TplX, Tmi, TmiX, Tov, TovX, Tno, TnoX, Tqo, TqoX, Tqp, TqpX, Tlq, TlqX,
    Als, Ars, Lls, Lrs, Lgl, Rql,
    Tsx, Txi, Tix, Tnx, Txh, Txl, Lxa, Lxd, Sxd, Pax, Pdx, Pxd,
    Nop, Clm, Lbt, Chs, Ssp, Ssm, Com, Rnd, Pbt,
}

/// A tag that names one index register or none, as an index that needs no check of its range.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Tag {
    #[default]
    None = 0,
    A = 1,
    B = 2,
    C = 4,
}

impl Tag {
    /// `None` when the tag names several.
    fn new(tag: u8) -> Option<Tag> {
        Some(match tag {
            0 => Tag::None,
            1 => Tag::A,
            2 => Tag::B,
            4 => Tag::C,
            _ => return None,
        })
    }
}

/// The fields of a word, cut to the core size.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Operand {
    /// Address; of a shift the number of places.
    pub(crate) y: u16,
    /// Decrement; of a shift the cycles.
    pub(crate) d: u16,
    pub(crate) tag: Tag,
}

/// One more than the entries that a number of 16 bits can reach: there is no check of a range.
const ENTRIES: usize = 1 << 16;

/// The entries, by address; the one behind the last word is [`Kind::Wrap`].
#[derive(Clone)]
pub(crate) struct Decoded {
    pub(crate) kinds: Box<[Kind; ENTRIES]>,
    pub(crate) operands: Box<[Operand; ENTRIES]>,
    /// Locations that stay [`Kind::Plain`].
    breaks: Locations,
}

/// A boxed array that was never on the stack.
pub(super) fn boxed<T: Copy, const N: usize>(value: T) -> Box<[T; N]> {
    match vec![value; N].into_boxed_slice().try_into() {
        Ok(array) => array,
        Err(_) => unreachable!("the vector has this length"),
    }
}

impl Decoded {
    pub(super) fn new(words: usize) -> Decoded {
        let mut kinds = boxed(Kind::Stale);
        kinds[words] = Kind::Wrap;
        Decoded { kinds, operands: boxed(Operand::default()), breaks: Locations::default() }
    }

    /// The word at this address has changed.
    #[inline(always)]
    pub(super) fn forget(&mut self, address: usize) {
        self.kinds[address & (ENTRIES - 1)] = Kind::Stale;
    }

    pub(super) fn set_breaks(&mut self, breaks: &Locations, words: usize) {
        for &location in self.breaks.list().iter().chain(breaks.list()) {
            if usize::from(location) < words {
                self.kinds[usize::from(location)] = Kind::Stale;
            }
        }
        self.breaks = breaks.clone();
    }

    /// Decodes the word at a location, for a core whose largest address is `mask`.
    #[inline(never)]
    pub(crate) fn renew(&mut self, location: u16, word: Word, mask: u16) {
        let (kind, operand) = decode(word, mask);
        let kind = if self.breaks.contains(location) { Kind::Plain } else { kind };
        self.kinds[usize::from(location)] = kind;
        self.operands[usize::from(location)] = operand;
    }

    pub(super) fn forget_all(&mut self, words: usize) {
        self.kinds[..words].fill(Kind::Stale);
    }
}

/// Decodes a word for a core whose largest address is `mask`.
fn decode(word: Word, mask: u16) -> (Kind, Operand) {
    let plain = (Kind::Plain, Operand::default());
    let (Some(op), Some(tag)) = (decode_major(word), Tag::new(word.tag())) else { return plain };
    let mut operand = Operand { y: word.address() & mask, d: word.decrement() & mask, tag };
    // The forms without and with an index register.
    let form = |direct, indexed| if tag == Tag::None { direct } else { indexed };
    // What changes an index register, or a loop that never ends, without one: rare.
    let needs_tag = |kind| if tag == Tag::None { Kind::Plain } else { kind };
    let kind = match op {
        Op::Cla => form(Kind::Cla, Kind::ClaX),
        Op::Cls => form(Kind::Cls, Kind::ClsX),
        Op::Cal => form(Kind::Cal, Kind::CalX),
        Op::Add => form(Kind::Add, Kind::AddX),
        Op::Sub => form(Kind::Sub, Kind::SubX),
        Op::Adm => form(Kind::Adm, Kind::AdmX),
        Op::Sbm => form(Kind::Sbm, Kind::SbmX),
        Op::Acl => form(Kind::Acl, Kind::AclX),
        Op::Mpy => form(Kind::Mpy, Kind::MpyX),
        Op::Mpr => form(Kind::Mpr, Kind::MprX),
        Op::Dvh | Op::Dvp => form(Kind::Div, Kind::DivX),
        Op::Ldq => form(Kind::Ldq, Kind::LdqX),
        Op::Stq => form(Kind::Stq, Kind::StqX),
        Op::Slq => form(Kind::Slq, Kind::SlqX),
        Op::Sto => form(Kind::Sto, Kind::StoX),
        Op::Slw => form(Kind::Slw, Kind::SlwX),
        Op::Stz => form(Kind::Stz, Kind::StzX),
        Op::Stp => form(Kind::Stp, Kind::StpX),
        Op::Std => form(Kind::Std, Kind::StdX),
        Op::Sta => form(Kind::Sta, Kind::StaX),
        Op::Ana => form(Kind::Ana, Kind::AnaX),
        Op::Ans => form(Kind::Ans, Kind::AnsX),
        Op::Ora => form(Kind::Ora, Kind::OraX),
        Op::Ors => form(Kind::Ors, Kind::OrsX),
        Op::Cas => form(Kind::Cas, Kind::CasX),
        Op::Fad => form(Kind::Fad, Kind::FadX),
        Op::Fsb => form(Kind::Fsb, Kind::FsbX),
        Op::Ufa => form(Kind::Ufa, Kind::UfaX),
        Op::Ufs => form(Kind::Ufs, Kind::UfsX),
        Op::Fmp => form(Kind::Fmp, Kind::FmpX),
        Op::Ufm => form(Kind::Ufm, Kind::UfmX),
        // The check, which stops FDH, is left to the plain interpreter; so it is of DVH.
        Op::Fdp | Op::Fdh => form(Kind::Fdp, Kind::FdpX),
        // Not in trapping mode, in which alone TTR is different, as the fast loop is not used there.
        Op::Tra | Op::Ttr => form(Kind::Tra, Kind::TraX),
        Op::Tze => form(Kind::Tze, Kind::TzeX),
        Op::Tnz => form(Kind::Tnz, Kind::TnzX),
        Op::Tpl => form(Kind::Tpl, Kind::TplX),
        Op::Tmi => form(Kind::Tmi, Kind::TmiX),
        Op::Tov => form(Kind::Tov, Kind::TovX),
        Op::Tno => form(Kind::Tno, Kind::TnoX),
        Op::Tqo => form(Kind::Tqo, Kind::TqoX),
        Op::Tqp => form(Kind::Tqp, Kind::TqpX),
        Op::Tlq => form(Kind::Tlq, Kind::TlqX),
        Op::Als | Op::Ars | Op::Lls | Op::Lrs | Op::Lgl | Op::Rql => {
            // Places are counted modulo 256. A word has 36 positions: more places are rare.
            let n = operand.y as u8;
            operand.d = shift::cycles(n) as u16;
            operand.y = u16::from(n);
            let kind = match op {
                Op::Als => Kind::Als,
                Op::Ars => Kind::Ars,
                Op::Lls => Kind::Lls,
                Op::Lrs => Kind::Lrs,
                Op::Lgl => Kind::Lgl,
                _ => Kind::Rql,
            };
            if n > 35 { Kind::Plain } else { form(kind, Kind::Plain) }
        }
        Op::Nop => Kind::Nop,
        Op::Tsx => needs_tag(Kind::Tsx),
        Op::Txi => needs_tag(Kind::Txi),
        Op::Tix => needs_tag(Kind::Tix),
        Op::Tnx => needs_tag(Kind::Tnx),
        Op::Txh => needs_tag(Kind::Txh),
        Op::Txl => needs_tag(Kind::Txl),
        Op::Lxa => needs_tag(Kind::Lxa),
        Op::Lxd => needs_tag(Kind::Lxd),
        Op::Pax => needs_tag(Kind::Pax),
        Op::Pdx => needs_tag(Kind::Pdx),
        Op::Sxd => Kind::Sxd,
        Op::Pxd => Kind::Pxd,
        Op::Pse | Op::Mse if tag == Tag::None => match sense_op(op == Op::Mse, operand.y) {
            Some(Op::Clm) => Kind::Clm,
            Some(Op::Lbt) => Kind::Lbt,
            Some(Op::Chs) => Kind::Chs,
            Some(Op::Ssp) => Kind::Ssp,
            Some(Op::Ssm) => Kind::Ssm,
            Some(Op::Com) => Kind::Com,
            Some(Op::Rnd) => Kind::Rnd,
            Some(Op::Pbt) => Kind::Pbt,
            None => Kind::Nop,
            _ => Kind::Plain,
        },
        _ => Kind::Plain,
    };
    (kind, operand)
}
