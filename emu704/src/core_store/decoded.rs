//! Words of core decoded ahead, one entry a word.
//!
//! Whatever changes a word makes its entry stale, without a look at what it was: that is one store to memory, and it
//! makes programs that modify themselves cheap. Two places change words: [`super::CoreStore::poke`] (with
//! `CoreStore::clear`, which forgets all entries), and the stores of the fast loop, which has words and entries both in its
//! hands. STA and STD of the fast loop are the exception: they put the new address or decrement into the entry.

use asm704::Word;
use asm704::isa::{Micro, Op, decode_major, sense_op};

use super::Locations;
use crate::cpu::shift;

/// What the fast loop does with a word. The suffix `X` is the form whose address is less one index register; without
/// it the address is as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[rustfmt::skip]
pub(crate) enum Kind {
    /// Not decoded since it was changed.
    Stale = 0,
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
    Lxa, Lxd, Sxd, Tsx, Txi, Tix, Tnx, Txh, Txl,
    Als, Ars, Lls, Lrs, Lgl, Rql, Pax, Pdx, Pxd,
    Nop, Clm, Lbt, Chs, Ssp, Ssm, Com, Rnd, Pbt,
    // Two at once, some of them with a usual third; the second is looked at again when it is its turn.
    ClaAdd, ClaAddX, ClaSub, ClaSubX, ClaSto, ClaFad, ClaFsb, ClaLrs, ClaAls,
    AddSto, AddStoX, SubSto, FadSto, FmpSto, FsbSto, MpyStq,
    StoCla, StoClaX, StoTix, StoXTix, StqCla, StqSto, SlwTix, SlwStq,
    LdqMpy, LdqMpyX, LdqFmp, LdqFmpX, CalAcl, CalAclX, AclAcl, LrsDiv, LrsLls, FdpStq,
    ClaFadX, FadFadX,
}

impl Kind {
    const LAST: Kind = Kind::FadFadX;

    /// Another address in the word changes the address of the entry and nothing else.
    #[inline(always)]
    pub(crate) const fn has_address(self) -> bool {
        self as u8 >= Kind::Cla as u8 && self as u8 <= Kind::Txl as u8
    }

    /// Another decrement in the word changes the decrement of the entry and nothing else.
    #[inline(always)]
    pub(crate) const fn has_decrement(self) -> bool {
        self as u8 >= Kind::Txi as u8 && self as u8 <= Kind::Txl as u8
    }
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

/// A word decoded: its fields are cut to the core size.
#[derive(Debug, Clone, Copy)]
#[repr(align(8))]
pub(crate) struct Entry {
    /// What to do, perhaps with the next word at once; and what this word is alone.
    pub(crate) kinds: [Kind; 2],
    /// Address; of a shift the number of places.
    pub(crate) y: u16,
    /// Decrement; of a shift the cycles.
    pub(crate) d: u16,
    pub(crate) tag: Tag,
}

impl Entry {
    const STALE: Entry = Entry { kinds: [Kind::Stale; 2], y: 0, d: 0, tag: Tag::None };
    const PLAIN: Entry = Entry { kinds: [Kind::Plain; 2], ..Entry::STALE };
}

/// As many as a number of 16 bits can reach, and the two behind it: there is no check of a range.
pub(crate) const ENTRIES: usize = (1 << 16) + 2;

/// The entries, by address; the one behind the last word is [`Kind::Wrap`].
#[derive(Clone)]
pub(crate) struct Decoded {
    pub(crate) entries: Box<[Entry; ENTRIES]>,
    /// Locations that stay [`Kind::Plain`].
    pub(crate) breaks: Locations,
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
        let mut entries = boxed(Entry::STALE);
        entries[words].kinds = [Kind::Wrap; 2];
        Decoded { entries, breaks: Locations::default() }
    }

    /// The word at this address has changed.
    #[inline(always)]
    pub(super) fn forget(&mut self, address: usize) {
        self.entries[address & 0xffff].kinds = [Kind::Stale; 2];
    }

    pub(super) fn set_breaks(&mut self, breaks: &Locations, words: usize) {
        let before = std::mem::replace(&mut self.breaks, breaks.clone());
        for &location in before.list().iter().chain(breaks.list()) {
            if usize::from(location) < words {
                self.forget(usize::from(location));
            }
        }
    }

    pub(super) fn forget_all(&mut self, words: usize) {
        self.entries[..words].fill(Entry::STALE);
    }
}

/// Decodes the word of a location that is stale.
#[inline(never)]
pub(crate) fn renew(
    entries: &mut [Entry; ENTRIES],
    breaks: &Locations,
    location: u16,
    word: Word,
    mask: u16,
) {
    let mut entry = if breaks.contains(location) { Entry::PLAIN } else { decode(word, mask) };
    let alone = entry.kinds[1];
    // Behind the last word there is Wrap, and before the first nothing: neither is half of a pair.
    entry.kinds[0] = pair(alone, entries[usize::from(location.wrapping_add(1))].kinds[1]);
    entries[usize::from(location)] = entry;
    let before = &mut entries[usize::from(location.wrapping_sub(1))].kinds;
    if before[1] != Kind::Stale {
        before[0] = pair(before[1], alone);
    }
}

/// Two at once, where that is worth while: the first, the second, and both.
const PAIRS: &[(Kind, Kind, Kind)] = {
    #[allow(clippy::enum_glob_use, reason = "a table of names")]
    use Kind::*;
    &[
        (Cla, Add, ClaAdd),
        (ClaX, AddX, ClaAddX),
        (Cla, Sub, ClaSub),
        (ClaX, SubX, ClaSubX),
        (Cla, Sto, ClaSto),
        (Cla, Fad, ClaFad),
        (Cla, Fsb, ClaFsb),
        (Cla, Lrs, ClaLrs),
        (Cla, Als, ClaAls),
        (Add, Sto, AddSto),
        (AddX, StoX, AddStoX),
        (Sub, Sto, SubSto),
        (Fad, Sto, FadSto),
        (Fdp, Stq, FdpStq),
        (Fmp, Sto, FmpSto),
        (Fsb, Sto, FsbSto),
        (Mpy, Stq, MpyStq),
        (Sto, Cla, StoCla),
        (Sto, ClaX, StoClaX),
        (Sto, Tix, StoTix),
        (StoX, Tix, StoXTix),
        (Stq, Cla, StqCla),
        (Stq, Sto, StqSto),
        (Slw, Tix, SlwTix),
        (Slw, Stq, SlwStq),
        (Ldq, Mpy, LdqMpy),
        (LdqX, MpyX, LdqMpyX),
        (Ldq, Fmp, LdqFmp),
        (LdqX, FmpX, LdqFmpX),
        (Cal, Acl, CalAcl),
        (CalX, AclX, CalAclX),
        (Acl, Acl, AclAcl),
        (Lrs, Div, LrsDiv),
        (Lrs, Lls, LrsLls),
        (ClaX, FadX, ClaFadX),
        (FadX, FadX, FadFadX),
    ]
};

const KINDS: usize = Kind::LAST as usize + 1;

/// By the first and the second: what to do at the first.
static BOTH: [[Kind; KINDS]; KINDS] = {
    let mut both = [[Kind::Stale; KINDS]; KINDS];
    let mut n = 0;
    while n < PAIRS.len() {
        let (first, second, pair) = PAIRS[n];
        both[first as usize][second as usize] = pair;
        n += 1;
    }
    both
};

/// What to do at the first of two words.
#[inline]
fn pair(first: Kind, second: Kind) -> Kind {
    match BOTH[first as usize][second as usize] {
        Kind::Stale => first,
        both => both,
    }
}

/// Decodes a word for a core whose largest address is `mask`.
fn decode(word: Word, mask: u16) -> Entry {
    let (Some(op), Some(tag)) = (decode_major(word), Tag::new(word.tag())) else { return Entry::PLAIN };
    let mut entry = Entry { y: word.address() & mask, d: word.decrement() & mask, tag, ..Entry::PLAIN };
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
            let n = entry.y as u8;
            entry.d = shift::cycles(n) as u16;
            entry.y = u16::from(n);
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
        Op::Pse | Op::Mse if tag == Tag::None => match sense_op(op == Op::Mse, entry.y) {
            Some(Micro::Clm) => Kind::Clm,
            Some(Micro::Lbt) => Kind::Lbt,
            Some(Micro::Chs) => Kind::Chs,
            Some(Micro::Ssp) => Kind::Ssp,
            Some(Micro::Ssm) => Kind::Ssm,
            Some(Micro::Com) => Kind::Com,
            Some(Micro::Rnd) => Kind::Rnd,
            Some(Micro::Pbt) => Kind::Pbt,
            None => Kind::Nop,
            _ => Kind::Plain,
        },
        _ => Kind::Plain,
    };
    entry.kinds = [kind; 2];
    entry
}
