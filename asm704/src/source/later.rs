//! Recognition of source for the assemblers of the 709 and 7090 (FAP, SCAT).
//!
//! FAP's cards have operations of up to seven characters from column 8 on and a variable field that begins after a blank, usually
//! in column 16; the SHARE assembler reads the operation in columns 8 to 10 and the variable field from column 12 on.

use std::collections::BTreeSet;
use std::fmt;

use super::{VARIABLE, expand_tabs};
use crate::isa::{self, later};
use crate::syntax::pseudo::PSEUDO;

/// The evidence that a source is for a later machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LaterSource {
    /// Operations that the 704 does not have, in the order they appear, each once.
    pub operations: Vec<String>,
    /// The number of cards that have one.
    pub cards: usize,
    /// The number of cards whose variable field begins after column 12, though the operation needs it.
    pub wide: usize,
}

/// Pseudo-operations of FAP that the SHARE assembler does not have.
const FAP: [&str; 54] = [
    "BCI", "BEGIN", "BOOL", "CALL", "COMMON", "CONTRL", "COUNT", "DETAIL", "DUP", "EJECT", "ENDM", "ENDQ",
    "ENTRY", "ETC", "EVEN", "EXTERN", "FILE", "IFF", "IFT", "INDEX", "IRP", "LABEL", "LBL", "LBOOL", "LIST",
    "LIT", "LITORG", "LOCATION", "MACRO", "MACROM", "MAX", "MIN", "NULL", "OPSYN", "OPVFD", "ORGCRS", "PCC",
    "PCG", "PMC", "PUNCH", "QUAL", "RBOOL", "REF", "REMARK", "RETURN", "RMT", "SAVE", "SET", "SPACE",
    "TITLE", "TTL", "UNLIST", "UNPNCH", "VFD",
];

/// How many cards must begin the variable field too far right if there is no other sign.
const WIDE_ALONE: usize = 8;

/// The signs that a source is for a 709 or 7090; `None` if there are not enough of them.
///
/// ```
/// let fap = "START  TCOA    *\n       RTBA    1\n       RCHA    IO\n       CLA     X\n";
/// let found = asm704::source::later::signs(fap).expect("FAP");
/// assert_eq!(found.operations, ["TCOA", "RTBA", "RCHA"]);
/// assert!(asm704::source::later::signs("START  CLA X\n       HTR START\n").is_none());
/// ```
pub fn signs(source: &str) -> Option<LaterSource> {
    let mut found = LaterSource::default();
    let mut seen = BTreeSet::new();
    let mut defined = BTreeSet::new();
    let mut macros = BTreeSet::new();
    // cards in the format of the SHARE assembler
    let mut narrow = 0;
    for line in source.lines() {
        let Some(card) = Parts::of(line) else { continue };
        match card.operation.as_str() {
            // names that the source defines itself are not a sign
            "OPD" => _ = defined.insert(card.location),
            "MACRO" | "OPSYN" | "OPVFD" => _ = macros.insert(card.location),
            _ => {}
        }
        let name = card.operation.as_str();
        let short: String = name.chars().take(3).collect();
        if defined.contains(&short) || macros.contains(name) {
            continue;
        }
        let own = isa::lookup(name).filter(|named| !named.name.is_empty());
        let is_own = own.is_some() || PSEUDO.iter().any(|row| row.name == name);
        // most names are the 704's own: the long lists are searched for the others
        if !is_own && (later::is_later_name(name) || FAP.contains(&name)) {
            found.cards += 1;
            if seen.insert(card.operation.clone()) {
                found.operations.push(card.operation.clone());
            }
        }
        match card.variable {
            Some(VARIABLE) if is_own => narrow += 1,
            Some(at) if at > VARIABLE && own.is_some_and(|named| named.needs.address()) => found.wide += 1,
            _ => {}
        }
    }
    let wide = found.wide > narrow && (found.wide >= WIDE_ALONE || found.cards > 0);
    // a source in the columns of SAP, as for the 709's first assembler
    let later = found.operations.len() >= 3 && 8 * found.cards > narrow + found.wide;
    (wide || later).then_some(found)
}

/// The fields of a card, as FAP reads them.
struct Parts {
    location: String,
    operation: String,
    /// Column in which the variable field begins, from 0.
    variable: Option<usize>,
}

impl Parts {
    fn of(line: &str) -> Option<Parts> {
        let line = expand_tabs(line);
        let chars: Vec<char> = line.chars().collect();
        if chars.first() == Some(&'*') {
            return None;
        }
        let operation: String =
            chars.iter().skip(7).take_while(|c| !c.is_whitespace()).map(char::to_ascii_uppercase).collect();
        if !(1..=8).contains(&operation.len()) {
            return None;
        }
        let behind = 7 + operation.chars().count();
        let variable = (behind..chars.len()).find(|&at| !chars[at].is_whitespace());
        let location: String = chars.iter().take(6).filter(|c| !c.is_whitespace()).collect();
        Some(Parts { location: location.to_uppercase(), operation, variable })
    }
}

/// A phrase such as `TCOA, RTBA, RCHA and 4 more are operations ...; the variable field begins after column 12 on 30 cards`.
impl fmt::Display for LaterSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMED: usize = 5;
        f.write_str("source for a 709 or 7090, as FAP assembles it")?;
        let mut comma = ": ";
        if !self.operations.is_empty() {
            let named: Vec<&str> = self.operations.iter().take(NAMED).map(String::as_str).collect();
            write!(f, "{comma}{}", named.join(", "))?;
            if let Some(more @ 1..) = self.operations.len().checked_sub(NAMED) {
                write!(f, " and {more} more")?;
            }
            let (is, an) =
                if self.operations.len() == 1 { ("is", "an operation") } else { ("are", "operations") };
            write!(f, " {is} {an} that a 704 and its assembler do not have")?;
            comma = "; ";
        }
        if self.wide > 0 {
            let s = if self.wide == 1 { "" } else { "s" };
            write!(
                f,
                "{comma}on {} card{s} the variable field begins after column 12, where the 704's assembler looks for it",
                self.wide
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wide_field_alone_needs_many_cards() {
        let wide = "       CLA     X\n       STO     Y\n".repeat(4);
        assert_eq!(signs(&wide).map(|found| found.wide), Some(8));
        // a beginner's few cards are better reported one by one
        assert_eq!(signs("       CLA     X\n       STO     Y\n"), None);
    }

    #[test]
    fn a_source_of_the_704_is_its_own() {
        let own =
            "XCA    OPD 013100000000\n       XCA\n       CLA X\n       ENB Y\n       HTR     AND A COMMENT\n";
        assert_eq!(signs(own), None);
        assert_eq!(signs(""), None);
        assert_eq!(
            signs("       COUNT   100\n       CLA     X\n").map(|found| found.operations),
            Some(vec!["COUNT".to_owned()])
        );
    }

    #[test]
    fn operations_of_the_709_in_the_columns_of_sap() {
        let source = "       ENB X\n       AXT 5,1\n       PXA 0,1\n       CLA Y\n       STO Z\n";
        let found = signs(source).expect("three of five");
        assert_eq!((found.operations.len(), found.cards, found.wide), (3, 3, 0));
        assert_eq!(
            found.to_string(),
            "source for a 709 or 7090, as FAP assembles it: ENB, AXT, PXA are operations that a 704 and its assembler do not have"
        );
    }
}
