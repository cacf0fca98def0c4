//! Instructions that the 709, 7090 and 7094 added to those of the 704, used to report which machine a program is for.
//!
//! It lists only operations that a 704 does not have. Sources: IBM 709 Data Processing System, reference manual (A22-6501), and
//! IBM 7090 and 7094 principles of operation (A22-6528, A22-6703). A code is bits S,1-11 of the word, with the sign as the 4 of
//! the first digit, as words of the 704 are written.

use crate::Word;

/// The first machine that has an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Machine {
    /// The 709 and the machines after it.
    M709,
    /// The 7090 and the 7094.
    M7090,
    /// The 7094 only.
    M7094,
}

impl Machine {
    /// Its usual name: `709`.
    pub const fn name(self) -> &'static str {
        match self {
            Machine::M709 => "709",
            Machine::M7090 => "7090",
            Machine::M7094 => "7094",
        }
    }
}

/// An operation that a 704 does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Later {
    /// Its name in FAP.
    pub name: &'static str,
    /// Bits S,1-11; with `address`, those of the sense class.
    pub code: u16,
    /// The address that selects the operation, in the sense class.
    pub address: Option<u16>,
    /// The first machine that has it.
    pub machine: Machine,
}

const fn op(name: &'static str, code: u16) -> Later {
    Later { name, code, address: None, machine: Machine::M709 }
}

const fn op90(name: &'static str, code: u16) -> Later {
    Later { name, code, address: None, machine: Machine::M7090 }
}

const fn op94(name: &'static str, code: u16) -> Later {
    Later { name, code, address: None, machine: Machine::M7094 }
}

const fn sense(name: &'static str, code: u16, address: u16) -> Later {
    Later { name, code, address: Some(address), machine: Machine::M709 }
}

/// The operations, by their codes.
#[rustfmt::skip]
pub static LATER: &[Later] = &[
    // channels
    op("TRCA", 0o0022), op("TRCB", 0o4022), op("TRCC", 0o0024), op("TRCD", 0o4024), op("TRCE", 0o0026), op("TRCF", 0o4026),
    op90("TRCG", 0o0027), op90("TRCH", 0o4027),
    op("TEFA", 0o0030), op("TEFB", 0o4030), op("TEFC", 0o0031), op("TEFD", 0o4031), op("TEFE", 0o0032), op("TEFF", 0o4032),
    op90("TEFG", 0o0033), op90("TEFH", 0o4033),
    op("TCOA", 0o0060), op("TCOB", 0o0061), op("TCOC", 0o0062), op("TCOD", 0o0063), op("TCOE", 0o0064), op("TCOF", 0o0065),
    op90("TCOG", 0o0066), op90("TCOH", 0o0067),
    op("TCNA", 0o4060), op("TCNB", 0o4061), op("TCNC", 0o4062), op("TCND", 0o4063), op("TCNE", 0o4064), op("TCNF", 0o4065),
    op90("TCNG", 0o4066), op90("TCNH", 0o4067),
    op("RCHA", 0o0540), op("RCHB", 0o4540), op("RCHC", 0o0541), op("RCHD", 0o4541), op("RCHE", 0o0542), op("RCHF", 0o4542),
    op90("RCHG", 0o0543), op90("RCHH", 0o4543),
    op("LCHA", 0o0544), op("LCHB", 0o4544), op("LCHC", 0o0545), op("LCHD", 0o4545), op("LCHE", 0o0546), op("LCHF", 0o4546),
    op90("LCHG", 0o0547), op90("LCHH", 0o4547),
    op("SCHA", 0o0640), op("SCHB", 0o4640), op("SCHC", 0o0641), op("SCHD", 0o4641), op("SCHE", 0o0642), op("SCHF", 0o4642),
    op90("SCHG", 0o0643), op90("SCHH", 0o4643),
    op("ENB", 0o0564), op("BSF", 0o4764), op90("RUN", 0o4772), op90("SDN", 0o0776),
    // indicators
    op("OAI", 0o0043), op("PAI", 0o0044), op("TIO", 0o0042), op("TIF", 0o0046), op("IIA", 0o0041), op("RIA", 0o4042),
    op("PIA", 0o4046), op("IIL", 0o4051), op("IIR", 0o0051), op("RFT", 0o0054), op("LFT", 0o4054), op("SIR", 0o0055),
    op("SIL", 0o4055), op("RNT", 0o0056), op("LNT", 0o4056), op("RIR", 0o0057), op("RIL", 0o4057), op("IIS", 0o0440),
    op("LDI", 0o0441), op("OSI", 0o0442), op("OFT", 0o0444), op("RIS", 0o0445), op("ONT", 0o0446), op("STI", 0o0604),
    // index registers
    op("AXT", 0o0774), op("AXC", 0o4774), op("LAC", 0o0535), op("LDC", 0o4535), op("PAC", 0o0737), op("PDC", 0o4737),
    op("PXA", 0o0754), op("SXA", 0o0634),
    op94("SCA", 0o0636), op94("SCD", 0o4636), op94("PCA", 0o0756), op94("PCD", 0o4756),
    // arithmetic, logic and tests
    op("CAQ", 0o4114), op("CVR", 0o0114), op("CRQ", 0o4154), op("XCA", 0o0131), op("XCL", 0o4130), op("VLM", 0o0204),
    op("VDH", 0o0224), op("VDP", 0o0225), op("ERA", 0o0322), op("LAS", 0o4340), op("XEC", 0o0522), op("ZET", 0o0520),
    op("NZT", 0o4520), op("STT", 0o0625), op("STL", 0o4625), op("LGR", 0o4765), op("ESNT", 0o4021),
    op("FAM", 0o0304), op("UAM", 0o4304), op("FSM", 0o0306), op("USM", 0o4306),
    op94("DFAD", 0o0301), op94("DUFA", 0o4301), op94("DFSB", 0o0303), op94("DUFS", 0o4303), op94("DFMP", 0o0261),
    op94("DUFM", 0o4261), op94("DFDH", 0o4240), op94("DFDP", 0o4241), op94("DFAM", 0o0305), op94("DUAM", 0o4305),
    op94("DFSM", 0o0307), op94("DUSM", 0o4307), op94("DLD", 0o0443), op94("DST", 0o4603),
    // sense class
    sense("ENK", 0o0760, 0o0004), sense("IOT", 0o0760, 0o0005), sense("FRN", 0o0760, 0o0011), sense("RCT", 0o0760, 0o0014),
    sense("EFTM", 0o4760, 0o0002), sense("LFTM", 0o4760, 0o0004), sense("ESTM", 0o4760, 0o0005), sense("ECTM", 0o4760, 0o0006),
    sense("LSNM", 0o4760, 0o0010),
];

/// Names of a channel's commands in FAP. In core they are ordinary words.
const COMMANDS: [&str; 16] = [
    "IOCD", "IOCDN", "TCH", "IORP", "IORPN", "IORT", "IORTN", "IOCP", "IOCPN", "IOCT", "IOCTN", "IOSP",
    "IOSPN", "IOST", "IOSTN", "TCHN",
];

/// Names of selects of a unit on a channel in FAP, without the channel letter.
const SELECTS: [&str; 24] = [
    "RTB", "RTD", "RCD", "RPR", "WTB", "WTD", "WPD", "WPB", "WPU", "BSR", "BSF", "WEF", "REW", "RUN", "SDL",
    "SDH", "ETT", "BTT", "RDC", "SPR", "SPT", "SPU", "RDS", "WRS",
];

/// The row of a name in upper case.
pub fn lookup(name: &str) -> Option<&'static Later> {
    LATER.iter().find(|row| row.name == name)
}

/// True for an operation name that assemblers of the 709 or 7090 have and that of the 704 does not: an operation, a
/// channel's command, or a select of a unit on a channel, such as `RTBA`. A name with `*` for indirect addressing counts, too.
pub fn is_later_name(name: &str) -> bool {
    let (plain, indirect) = match name.strip_suffix('*') {
        Some(plain) => (plain, true),
        None => (name, false),
    };
    lookup(plain).is_some()
        || COMMANDS.contains(&plain)
        || (plain.len() == 4
            && plain.ends_with(|letter: char| ('A'..='H').contains(&letter))
            && SELECTS.iter().any(|select| plain.starts_with(select)))
        || (indirect && super::lookup(plain).is_some_and(|named| !named.name.is_empty()))
}

/// The meaning on a later machine of a word that is not an operation of the 704.
///
/// ```
/// use asm704::isa::later;
/// let enb = "056400001234".parse()?;
/// assert_eq!(later::decode(enb).map(|row| row.name), Some("ENB"));
/// // the 704 has CLA itself
/// assert_eq!(later::decode("050000000100".parse()?), None);
/// # Ok::<(), asm704::WordParseError>(())
/// ```
pub fn decode(word: Word) -> Option<&'static Later> {
    if super::decode_major(word).is_some_and(|op| !matches!(op, super::Op::Pse | super::Op::Mse)) {
        return None;
    }
    let code = (word.bits() >> 24) as u16;
    let address = word.address();
    LATER.iter().find(|row| match row.address {
        None => row.code == code,
        // the 704 has its own operation at this address
        Some(made) => {
            row.code == code && made == address && super::sense_op(code & 0o4000 != 0, address).is_none()
        }
    })
}

/// True if a word selects a unit on a channel of a 709 or 7090: card machines and printers of channel A, tapes of any channel.
pub fn selects_on_channel(word: Word) -> bool {
    let code = (word.bits() >> 24) as u16;
    let (channel, unit) = (word.address() >> 9, word.address() & 0o777);
    matches!(code, 0o0762 | 0o0766)
        && word.tag() == 0
        && (1..=8).contains(&channel)
        && matches!(unit, 0o201..=0o212 | 0o221..=0o232 | 0o321 | 0o341 | 0o361)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_is_an_operation_of_the_704() {
        for row in LATER {
            assert!(super::super::lookup(row.name).is_none(), "{}", row.name);
            let word = Word::new(u64::from(row.code) << 24 | u64::from(row.address.unwrap_or(0)));
            assert_eq!(decode(word).map(|found| found.name), Some(row.name), "{word}");
        }
    }

    #[test]
    fn names_that_only_a_later_assembler_has() {
        for name in ["TCOA", "RTBA", "RCHB", "IOCD", "CLA*", "AXT", "WPDA"] {
            assert!(is_later_name(name), "{name}");
        }
        for name in ["CLA", "RTB", "TSX", "BCD", "*", "", "RTBX", "OCT"] {
            assert!(!is_later_name(name), "{name}");
        }
    }
}
