//! Sequences of two to four instructions that are common enough to execute at once.
//!
//! The first word of a sequence has the kind of the sequence as well as its own. The loop executes the first, checks
//! that the second is still the same (the first may have changed it), and continues with it without a dispatch; and so
//! on. Where one is not the same, the loop goes on there as usual.

use super::kinds::Kind;
use super::{ENTRIES, Entry};

/// Passes the table to a macro, after other tokens. A row is the kind of a sequence and the kinds of its instructions.
/// Where several rows fit, the longest is taken. Where none fits to its end, the beginning of one is enough.
///
/// In the group `same` all instructions have the same index register, so that it is looked up once.
macro_rules! fusions {
    ($then:ident $($before:tt)*) => { $then! { $($before)*
        fused {
            ClaAddSto: Cla Add Sto;
            ClaAddSta: Cla Add Sta;
            ClaSubStoTnz: Cla Sub Sto Tnz;
            ClaSto: Cla Sto;
            ClaSta: Cla Sta;
            ClaLrsDvpStq: Cla Lrs Dvp Stq;
            ClaAlsArs: Cla Als Ars;
            ClaTze: Cla Tze;
            ClaFsbSto: Cla Fsb Sto;
            ClaXFadXFadXFadX: ClaX FadX FadX FadX;
            ClaXCas: ClaX Cas;
            ClaXAddX: ClaX AddX;
            ClaXSubX: ClaX SubX;
            ClaXStoX: ClaX StoX;
            AddStoTix: Add Sto Tix;
            AddSta: Add Sta;
            AddXStoX: AddX StoX;
            SubSto: Sub Sto;
            SubTze: Sub Tze;
            SubTnz: Sub Tnz;
            SubTpl: Sub Tpl;
            SubTmi: Sub Tmi;
            StoClaAdd: Sto Cla Add;
            StoClaX: Sto ClaX;
            StoLdq: Sto Ldq;
            StoTix: Sto Tix;
            StoTnz: Sto Tnz;
            StoXTix: StoX Tix;
            StoXTxiOnTix: StoX TxiOn Tix;
            TxiOnTix: TxiOn Tix;
            StzXTix: StzX Tix;
            FadStoTix: Fad Sto Tix;
            FdpStqCla: Fdp Stq Cla;
            StqCla: Stq Cla;
            StqSto: Stq Sto;
            SlwTix: Slw Tix;
            SlwStq: Slw Stq;
            SlwLdq: Slw Ldq;
            SlwSubTze: Slw Sub Tze;
            LdqMpyStqCla: Ldq Mpy Stq Cla;
            LdqFmpSto: Ldq Fmp Sto;
            LdqXMpyX: LdqX MpyX;
            LdqXFmpX: LdqX FmpX;
            LdqPxd: Ldq Pxd;
            LdqCla: Ldq Cla;
            PxdDvpStq: Pxd Dvp Stq;
            PxdDvpX: Pxd DvpX;
            PxdSub: Pxd Sub;
            CalArsSlw: Cal Ars Slw;
            CalAna: Cal Ana;
            CalAclAcl: Cal Acl Acl;
            CalXAclX: CalX AclX;
            CalXSlwXTix: CalX SlwX Tix;
            AclAcl: Acl Acl;
            AclSlwTix: Acl Slw Tix;
            AlsSlw: Als Slw;
            AlsArs: Als Ars;
            ArsOra: Ars Ora;
            ArsSlw: Ars Slw;
            LrsDvpStqSto: Lrs Dvp Stq Sto;
            LrsLls: Lrs Lls;
            LglStq: Lgl Stq;
            LglSlw: Lgl Slw;
            RqlLgl: Rql Lgl;
            DvpStqSto: Dvp Stq Sto;
            TzeCal: Tze Cal;
            LxdTraX: Lxd TraX;
        }
        same {
            ClaXAddXStoXTix: ClaX AddX StoX Tix;
            ClaXStoXTix: ClaX StoX Tix;
        }
    } };
}
pub(crate) use fusions;

/// The most instructions of a sequence.
pub(super) const LONGEST: usize = 4;

/// A row of the table.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    kind: Kind,
    /// The kinds of the instructions; behind the last of them any kind will do.
    pub(crate) kinds: [Kind; LONGEST],
    length: usize,
    /// All have the same index register.
    same: bool,
}

impl Row {
    /// Up to where the row goes before a place for a look. Behind a transfer the loop looks anyway, so that such a place may be
    /// the last of a sequence.
    const fn reaches(&self) -> usize {
        if !self.same && self.kinds[self.length - 1].has_decrement() { self.length - 1 } else { self.length }
    }
}

const fn row(kind: Kind, sequence: &[Kind], same: bool) -> Row {
    let mut kinds = [Kind::Stale; LONGEST];
    let mut n = 0;
    while n < sequence.len() {
        kinds[n] = sequence[n];
        n += 1;
    }
    Row { kind, kinds, length: sequence.len(), same }
}

macro_rules! make_rows {
    (
        fused { $($fused:ident: $($kind:ident)+;)* }
        same { $($same:ident: $($kind_same:ident)+;)* }
    ) => {
        /// The rows in the order of the table.
        pub(crate) const TABLE: &[Row] = &[
            $(row(Kind::$same, &[$(Kind::$kind_same),+], true),)*
            $(row(Kind::$fused, &[$(Kind::$kind),+], false),)*
        ];
    };
}
fusions!(make_rows);

/// The rows: those of the same first together, the longest of them first.
static ROWS: [Row; TABLE.len()] = {
    let mut rows = [TABLE[0]; TABLE.len()];
    let mut n = 0;
    while n < rows.len() {
        let row = TABLE[n];
        let mut at = n;
        while at > 0 && goes_before(row, rows[at - 1]) {
            rows[at] = rows[at - 1];
            at -= 1;
        }
        rows[at] = row;
        n += 1;
    }
    rows
};

const fn goes_before(row: Row, other: Row) -> bool {
    let (first, other_first) = (row.kinds[0] as u8, other.kinds[0] as u8);
    first < other_first || first == other_first && row.length > other.length
}

/// Where the rows that begin with a kind are: from its place to that of the next kind.
static FROM: [u8; Kind::NUMBER + 1] = {
    let mut from = [0; Kind::NUMBER + 1];
    let mut n = 0;
    while n < TABLE.len() {
        let mut kind = TABLE[n].kinds[0] as usize + 1;
        while kind <= Kind::NUMBER {
            from[kind] += 1;
            kind += 1;
        }
        n += 1;
    }
    from
};

/// One of so many locations is a place where the fast loop looks at its budget; it is in no sequence, the first of one, or a transfer at the end of one.
pub(crate) const STRETCH: u16 = 128;

/// True for a location where the fast loop looks at its budget.
pub(super) const fn is_look(location: u16) -> bool {
    location % STRETCH == STRETCH - 1
}

/// The sequence that begins at a location with an instruction of a kind, or else that kind. It is the row that fits for the most instructions, at
/// least two; behind them the loop finds that the next is another.
pub(super) fn fuse(entries: &[Entry; ENTRIES], location: u16, alone: Kind) -> Kind {
    let at = usize::from(location);
    // up to the next place for a look
    let room = usize::from(STRETCH - location.wrapping_add(1) % STRETCH);
    let first = &entries[at];
    let mut kind = alone;
    let rows = usize::from(FROM[kind as usize])..usize::from(FROM[kind as usize + 1]);
    let mut most = 1;
    for row in &ROWS[rows] {
        let fits = |n: &usize| {
            let entry = &entries[at + n];
            entry.kinds[1] == row.kinds[*n] && (!row.same || entry.tag == first.tag)
        };
        let fitting = 1 + (1..row.length).take_while(fits).count();
        let fits_to_the_end = fitting == row.length;
        // A row of the group `same` does not look at the index registers again.
        if row.reaches() <= room
            && (fitting > most && (fits_to_the_end || !row.same) || fitting == most && fits_to_the_end)
        {
            (kind, most) = (row.kind, fitting);
        }
    }
    kind
}
