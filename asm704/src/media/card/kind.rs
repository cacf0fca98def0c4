//! The kind of a card, recognised from its holes.

use std::fmt;

use super::checksum::CardSum;
use super::program::{ProgramCard, program_card};
use super::{COLUMNS_OF_704, Card};
use crate::Word;
use crate::chars::Graphics;

/// The kind of a card. The binary kinds are those of the SHARE assembler (source: SAP), and the program card of FORTRAN II.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardKind {
    /// No hole.
    Blank,
    /// Characters in every column.
    Symbolic(String),
    /// Absolute binary: a count, an address, a checksum and up to 22 words.
    Absolute {
        /// The number of words on the card.
        count: u16,
        /// The address of the first word.
        address: u16,
        /// The checksum on the card.
        checksum: CardSum,
    },
    /// Relocatable binary: like absolute, with two words of relocation bits and up to 20 words.
    Relocatable {
        /// The number of words on the card, not counting relocation bits.
        count: u16,
        /// The address of the first word, relative to the program's origin.
        address: u16,
        /// The checksum on the card.
        checksum: CardSum,
    },
    /// A transfer card: the start of the program. It has no checksum. (One for a start at 0 is a blank card.)
    Transfer {
        /// The start address.
        address: u16,
        /// True if it is relative to the program's origin.
        relocatable: bool,
    },
    /// The program card of FORTRAN II, which precedes relocatable cards for the BSS loader.
    Program(ProgramCard),
    /// 9 left is all ones; the assembler and FORTRAN punch such cards between their results.
    Sevens,
    /// A card that loads itself: its first word loads an index register and its second word copies.
    SelfLoading,
    /// 24 words without a control word.
    Full,
}

impl CardKind {
    /// The word for the kind.
    pub const fn name(&self) -> &'static str {
        match self {
            CardKind::Blank => "blank",
            CardKind::Symbolic(_) => "symbolic",
            CardKind::Absolute { .. } => "absolute",
            CardKind::Relocatable { .. } => "relocatable",
            CardKind::Transfer { .. } => "transfer",
            CardKind::Program(_) => "program",
            CardKind::Sevens => "sevens",
            CardKind::SelfLoading => "self-loading",
            CardKind::Full => "full",
        }
    }
}

impl fmt::Display for CardKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |n| if n == 1 { " " } else { "s" };
        match self {
            CardKind::Symbolic(text) => write!(f, "symbolic     {text}"),
            CardKind::Absolute { count, address, checksum } => {
                write!(f, "absolute     {count:2} word{} to {address:05o}, {checksum}", plural(*count))
            }
            CardKind::Relocatable { count, address, checksum } => {
                write!(f, "relocatable  {count:2} word{} to {address:05o}, {checksum}", plural(*count))
            }
            CardKind::Transfer { address, relocatable } => {
                write!(f, "transfer     to {address:05o}{}", if *relocatable { ", relocatable" } else { "" })
            }
            CardKind::Program(program) => {
                write!(f, "program      {program}, {}", program.checksum)
            }
            CardKind::Sevens => f.write_str("sevens       9L all ones"),
            CardKind::Full => f.write_str("full         24 words"),
            CardKind::Blank | CardKind::SelfLoading => f.write_str(self.name()),
        }
    }
}

impl Card {
    /// The kind of the card, as far as its holes show it. A card with only characters is taken as symbolic unless
    /// it has the correct checksum of a binary card, or none and all else of a program card, or only the 9 row of a transfer card.
    pub fn kind(&self) -> CardKind {
        if self.is_blank() {
            return CardKind::Blank;
        }
        let words = self.words();
        if words[0] == Word::new(Word::MASK) && self.has_nines_only() {
            return CardKind::Sevens;
        }
        let binary = control(&words);
        let sure = matches!(
            binary,
            Some(
                CardKind::Absolute { checksum: CardSum::Right, .. }
                    | CardKind::Relocatable { checksum: CardSum::Right, .. }
                    | CardKind::Program(ProgramCard { checksum: CardSum::Right | CardSum::Absent, .. })
                    | CardKind::Transfer { .. }
            )
        );
        match (binary, self.to_text(Graphics::Fortran)) {
            (Some(kind), _) if sure => kind,
            (_, Some(text)) => CardKind::Symbolic(text),
            (Some(kind), None) => kind,
            (None, None) if loads_itself(&words) => CardKind::SelfLoading,
            (None, None) => CardKind::Full,
        }
    }

    /// False for text with characters other than 9 in columns 1-36 where the 9 row is punched.
    fn has_nines_only(&self) -> bool {
        const NINE: u16 = 1;
        let left = &self.columns[..COLUMNS_OF_704 / 2];
        left.iter().all(|&column| column == NINE) || self.to_text(Graphics::Fortran).is_none()
    }
}

/// The contents of the first word, if it is a control word.
fn control(words: &[Word; 24]) -> Option<CardKind> {
    let first = words[0];
    if let Some(program) = program_card(words) {
        return Some(CardKind::Program(program));
    }
    let (count, address) = (first.decrement(), first.address());
    let relocatable = match (first.prefix(), first.tag()) {
        (0, 0) => false,
        (2, 0) => true,
        _ => return None,
    };
    if count == 0 {
        let rest_is_blank = words[1..].iter().all(|&word| word == Word::ZERO);
        return rest_is_blank.then_some(CardKind::Transfer { address, relocatable });
    }
    let most = if relocatable { 20 } else { 22 };
    if count > most {
        return None;
    }
    let used = 2 + usize::from(count) + if relocatable { 2 } else { 0 };
    let checksum = CardSum::of(words, used);
    Some(if relocatable {
        CardKind::Relocatable { count, address, checksum }
    } else {
        CardKind::Absolute { count, address, checksum }
    })
}

fn loads_itself(words: &[Word; 24]) -> bool {
    use crate::isa::{Op, decode};
    matches!(decode(words[0]), Some(Op::Lxa | Op::Lxd)) && matches!(decode(words[1]), Some(Op::Cpy | Op::Cad))
}
