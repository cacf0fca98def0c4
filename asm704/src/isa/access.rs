//! The effect of an instruction on the word in core named by its address.

/// The effect of an operation on the one word in core that its address names.
///
/// Fetching the instruction itself does not count. An access may still not happen: a transfer may not be taken,
/// and CPY and CAD may skip or stop instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// There is no operand in core: shifts, selects, the sense class, HPR, and operations on registers alone.
    None,
    /// It transfers, always or on a condition: the address names the next instruction. Trapping mode catches all of
    /// these except TTR (HTR is one of them: START transfers).
    Transfers(OperandAddress),
    /// It reads the word and does not change it.
    Reads(OperandAddress),
    /// It writes the word or one of its fields (STP, STD, STA, SLQ, SXD); the written value does not depend on the old word.
    Writes(OperandAddress),
    /// It reads the word, changes it and writes it back (ANS, ORS).
    Modifies(OperandAddress),
    /// CPY and CAD: after RDS they write the word, after WRS they read it.
    Copies(OperandAddress),
}

/// The address that names the operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperandAddress {
    /// The effective address: the address field minus the index registers of the tag, modulo the size of core.
    Effective,
    /// The address field itself, modulo the size of core. The tag names the index register to load, store or
    /// test (LXA, LXD, SXD, TSX, type A).
    Direct,
}

impl Access {
    /// The kind of address that names the word; `None` for an operation that accesses no word.
    pub const fn address(self) -> Option<OperandAddress> {
        match self {
            Access::None => None,
            Access::Transfers(at)
            | Access::Reads(at)
            | Access::Writes(at)
            | Access::Modifies(at)
            | Access::Copies(at) => Some(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Access::{Copies, Modifies, Reads, Transfers, Writes};
    use super::OperandAddress::{Direct, Effective};
    use super::*;
    use crate::isa::{ROWS, is_indexable};

    /// From the descriptions of the instructions: C(Y) to the right of the assignment sign is read, to the left of it
    /// it is written. Each group is one access. All other operations have none.
    const EXPECTED: [(Access, &str); 8] = [
        (
            Reads(Effective),
            "CLA CLS CAL ADD SUB ADM SBM ACL MPY MPR DVH DVP LDQ ANA ORA CAS FAD FSB UFA UFS FMP UFM FDH FDP LDA",
        ),
        (Writes(Effective), "STQ SLQ STO SLW STZ STP STD STA"),
        (Modifies(Effective), "ANS ORS"),
        (Reads(Direct), "LXA LXD"),
        (Writes(Direct), "SXD"),
        (Copies(Effective), "CPY CAD"),
        (Transfers(Effective), "HTR TRA TTR TZE TNZ TPL TMI TOV TNO TQP TQO TLQ"),
        (Transfers(Direct), "TSX TXI TIX TNX TXH TXL"),
    ];

    #[test]
    fn every_operation_has_the_access_of_its_description() {
        for row in &ROWS {
            let expected = EXPECTED.iter().find(|(_, names)| names.split(' ').any(|name| name == row.name));
            assert_eq!(row.access, expected.map_or(Access::None, |(access, _)| *access), "{}", row.name);
        }
        let names = EXPECTED.iter().flat_map(|(_, names)| names.split(' '));
        assert_eq!(names.count(), ROWS.iter().filter(|row| row.access != Access::None).count());
    }

    #[test]
    fn operands_are_indexed_where_the_machine_indexes() {
        for row in &ROWS {
            if let Some(at) = row.access.address() {
                assert_eq!(at == Effective, is_indexable(row.word), "{}", row.name);
            }
        }
    }
}
