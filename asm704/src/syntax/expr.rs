//! Expressions of the variable field (sap.md 2.4 to 2.9, 2.16).

use std::ops::Range;

use crate::Word;
use crate::chars::BLANK;
use crate::source::BUFFER;

const PLUS: u8 = 0o20;
const MINUS: u8 = 0o40;
const DOLLAR: u8 = 0o53;
const STAR: u8 = 0o54;
const SLASH: u8 = 0o61;
const COMMA: u8 = 0o73;

/// A symbol as the assembler stores it: right-justified in 36 bits, the heading in the first character.
pub type Key = u64;

/// The key of the six rightmost characters of a symbol with its heading. A symbol of six characters is never headed, and
/// leading zeros vanish, because the zero's code is 00.
pub const fn headed(symbol: u64, heading: u8) -> Key {
    if symbol >> 30 == 0 { symbol | ((heading as u64) << 30) } else { symbol }
}

/// True for a token whose characters are all below code 20, which is a decimal number.
pub const fn is_integer(token: u64) -> bool {
    token & 0o606060606060 == 0
}

/// True for `*`, of which the assembler tests the last 15 bits.
pub const fn is_counter(token: u64) -> bool {
    token & 0o77777 == STAR as u64
}

/// The value of an integer token; the codes 12 to 17 count as the digits 10 to 15.
pub fn integer_value(token: u64) -> u64 {
    Word::new(token).characters().iter().fold(0, |value, &digit| value * 10 + u64::from(digit))
}

/// A symbol in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The symbol with its heading.
    pub key: Key,
    /// The heading added to it; 0 for none.
    pub heading: u8,
    /// The columns, counted from 0; if a heading is written before `$`, it is included.
    pub at: Range<usize>,
}

/// What a symbol table knows of a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// The symbol has a value.
    Defined {
        /// The value.
        value: u16,
        /// True if it moves with the program.
        relocatable: bool,
        /// True if it has several definitions.
        multiple: bool,
    },
    /// The symbol has no value.
    Undefined,
}

/// How a field is relocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Relocation {
    /// Absolute: bit 0.
    #[default]
    Absolute,
    /// Relocatable, the load address is added: bits 10.
    Relocatable,
    /// Complement, the complement of the load address is added: bits 11.
    Complement,
}

/// A remark about a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Its kind.
    pub kind: RemarkKind,
    /// The columns, counted from 0.
    pub at: Range<usize>,
}

/// Kinds of [`Remark`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemarkKind {
    /// The symbol has no value.
    Undefined(Key),
    /// The symbol has several values.
    Multiple(Key),
    /// The symbol has more than six characters: the last six count.
    Cut(u64),
    /// The number looks octal.
    LeadingZero(u64),
}

/// A subfield and its value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    /// False if there is a blank where it should begin.
    pub present: bool,
    /// The value modulo 2^15; 0 if a symbol in it is undefined.
    pub value: u16,
    /// How it moves with the program.
    pub relocation: Relocation,
    /// True if a symbol in it is undefined.
    pub undefined: bool,
    /// True if a symbol in it is multiply defined.
    pub multiple: bool,
    /// The columns, counted from 0.
    pub at: Range<usize>,
    /// The column after the comma that ended it; `None` if a blank ended it.
    pub next: Option<usize>,
    /// Remarks about its terms.
    pub remarks: Vec<Remark>,
}

/// The context of an expression.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The location counter, the value of `*`.
    pub location: u16,
    /// True if the location counter moves with the program; a number in a location field makes it absolute.
    pub relocatable: bool,
    /// The heading in effect.
    pub heading: u8,
}

/// Evaluates the subfield that begins at the column `start`.
pub fn evaluate(
    columns: &[u8; BUFFER],
    start: usize,
    place: Place,
    mut lookup: impl FnMut(&Term) -> Lookup,
) -> Field {
    let code_at = |column: usize| columns.get(column).copied().unwrap_or(BLANK);
    let mut field = Field { present: code_at(start) != BLANK, at: start..start, ..Field::default() };
    if !field.present {
        return field;
    }
    let mut sum = Sum::default();
    let mut token = Token::new(place.heading, start);
    let mut column = start;
    loop {
        let code = code_at(column);
        match code {
            BLANK | COMMA => {
                sum.end(&token, code, column, place, &mut field, &mut lookup);
                field.at.end = column;
                field.next = (code == COMMA).then_some(column + 1);
                break;
            }
            DOLLAR => {
                token.heading = (token.text & 0o77) as u8;
                token.text = 0;
                token.length = 0;
            }
            // `*` is a term if no characters have been collected, otherwise a multiplication sign
            STAR if token.text == 0 => token.push(code),
            PLUS | MINUS | SLASH | STAR => {
                sum.end(&token, code, column, place, &mut field, &mut lookup);
                token = Token::new(place.heading, column + 1);
            }
            _ => token.push(code),
        }
        column += 1;
    }
    field.value = if field.undefined { 0 } else { sum.reduced() };
    field.relocation = match sum.relocations {
        1 => Relocation::Relocatable,
        -1 => Relocation::Complement,
        _ => Relocation::Absolute,
    };
    field
}

/// The characters collected for a term.
struct Token {
    text: u64,
    length: usize,
    heading: u8,
    start: usize,
}

impl Token {
    fn new(heading: u8, start: usize) -> Token {
        Token { text: 0, length: 0, heading, start }
    }

    fn push(&mut self, code: u8) {
        self.text = ((self.text << 6) | u64::from(code)) & Word::MASK;
        self.length += 1;
    }
}

/// The running sum and product, sign and magnitude: no product or quotient exceeds 35 bits.
#[derive(Default)]
struct Sum {
    total: i128,
    product: i128,
    /// The operator before the term: none (0), [`STAR`] or [`SLASH`].
    pending: u8,
    /// The sign before the product.
    negative: bool,
    /// True if the operator just before the term was a minus.
    after_minus: bool,
    relocations: i32,
}

impl Sum {
    fn end(
        &mut self,
        token: &Token,
        operator: u8,
        column: usize,
        place: Place,
        field: &mut Field,
        lookup: &mut impl FnMut(&Term) -> Lookup,
    ) {
        let (value, relocatable) = term(token, column, place, field, lookup);
        self.relocations += match (relocatable, self.after_minus) {
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => -1,
        };
        let value = i128::from(value);
        self.product = match self.pending {
            STAR => (self.product * value) & i128::from(Word::MAGNITUDE),
            SLASH if value == 0 => self.product,
            SLASH => self.product / value,
            _ => value,
        };
        if matches!(operator, STAR | SLASH) {
            self.pending = operator;
            self.after_minus = false;
            return;
        }
        self.total += if self.negative { -self.product } else { self.product };
        self.pending = 0;
        self.negative = operator == MINUS;
        self.after_minus = self.negative;
    }

    /// The total modulo 2^15; a negative total is complemented.
    fn reduced(&self) -> u16 {
        self.total.rem_euclid(1 << 15) as u16
    }
}

fn term(
    token: &Token,
    column: usize,
    place: Place,
    field: &mut Field,
    lookup: &mut impl FnMut(&Term) -> Lookup,
) -> (u64, bool) {
    let at = token.start..column;
    if is_counter(token.text) {
        return (u64::from(place.location), place.relocatable);
    }
    if is_integer(token.text) {
        let value = integer_value(token.text);
        if token.length > 6 {
            field.remarks.push(Remark { kind: RemarkKind::Cut(token.text), at });
        } else if value >= 8 && token.length > 1 && token.text >> (6 * (token.length - 1)) == 0 {
            field.remarks.push(Remark { kind: RemarkKind::LeadingZero(value), at });
        }
        return (value, false);
    }
    let key = headed(token.text, token.heading);
    if token.length > 6 {
        field.remarks.push(Remark { kind: RemarkKind::Cut(token.text), at: at.clone() });
    }
    let heading = if token.text >> 30 == 0 { token.heading } else { 0 };
    match lookup(&Term { key, heading, at: at.clone() }) {
        Lookup::Defined { value, relocatable, multiple } => {
            if multiple {
                field.multiple = true;
                field.remarks.push(Remark { kind: RemarkKind::Multiple(key), at });
            }
            (u64::from(value), relocatable)
        }
        Lookup::Undefined => {
            field.undefined = true;
            field.remarks.push(Remark { kind: RemarkKind::Undefined(key), at });
            (0, false)
        }
    }
}
