//! Pairs of instructions that are common enough to execute at once, some with a usual third.
//!
//! The first word of such a pair has the kind of the pair as well as its own. The loop executes the first, checks
//! that the second is still the same (the first may have changed it), and continues with it without a dispatch.

use super::kinds::Kind;

/// Passes the table to a macro, after other tokens: the pair, its first, its second, and a third that may
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
            LrsDvp: Lrs Dvp;
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

/// The kind of a pair, by its first and second.
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

/// The action at the first of two words.
#[inline]
pub(super) fn pair(first: Kind, second: Kind) -> Kind {
    match BOTH[first as usize][second as usize] {
        Kind::Stale => first,
        both => both,
    }
}
