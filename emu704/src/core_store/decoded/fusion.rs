//! Two instructions at once, where that is worth while: pairs that programs have often, some with a usual third.
//!
//! A word that is the first of such a pair has the kind of the pair beside its own. The loop does the first, looks
//! whether the second is still what it was (the first may have changed it), and goes on with it without a dispatch.

use super::kinds::Kind;

/// Gives the table to a macro, behind what is to come before it: the pair, its first, its second, and a third that may
/// follow.
macro_rules! fusions {
    ($then:ident $($before:tt)*) => { $then! { $($before)*
        fused {
            ClaAdd: Cla Add Sto;
            ClaAddX: ClaX AddX;
            ClaSub: Cla Sub Sto;
            ClaSubX: ClaX SubX;
            ClaSto: Cla Sto;
            ClaFad: Cla Fad Sto;
            ClaFadX: ClaX FadX;
            ClaFsb: Cla Fsb Sto;
            ClaLrs: Cla Lrs;
            ClaAls: Cla Als;
            AddSto: Add Sto;
            AddStoX: AddX StoX;
            SubSto: Sub Sto;
            FadSto: Fad Sto Tix;
            FadFadX: FadX FadX;
            FdpStq: Fdp Stq Cla;
            FmpSto: Fmp Sto;
            FsbSto: Fsb Sto;
            MpyStq: Mpy Stq;
            StoCla: Sto Cla;
            StoClaX: Sto ClaX;
            StoTix: Sto Tix;
            StoXTix: StoX Tix;
            StqCla: Stq Cla;
            StqSto: Stq Sto;
            SlwTix: Slw Tix;
            SlwStq: Slw Stq;
            LdqMpy: Ldq Mpy Stq;
            LdqMpyX: LdqX MpyX;
            LdqFmp: Ldq Fmp Sto;
            LdqFmpX: LdqX FmpX;
            CalAcl: Cal Acl;
            CalAclX: CalX AclX;
            AclAcl: Acl Acl;
            LrsDiv: Lrs Div;
            LrsLls: Lrs Lls;
        }
    } };
}
pub(crate) use fusions;

macro_rules! make_pairs {
    (fused { $($fused:ident: $first:ident $second:ident $($third:ident)?;)* }) => {
        const PAIRS: &[(Kind, Kind, Kind)] = &[$((Kind::$first, Kind::$second, Kind::$fused)),*];
    };
}
fusions!(make_pairs);

/// By the first and the second: what to do at the first.
static BOTH: [[Kind; Kind::NUMBER]; Kind::NUMBER] = {
    let mut both = [[Kind::Stale; Kind::NUMBER]; Kind::NUMBER];
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
pub(super) fn pair(first: Kind, second: Kind) -> Kind {
    match BOTH[first as usize][second as usize] {
        Kind::Stale => first,
        both => both,
    }
}
