//! DEC lists, converted with the arithmetic of the 704 itself so that every bit agrees (sap.md 4).

use std::ops::Range;

use crate::Word;
use crate::float::{self, Float, Pair};
use crate::source::{BUFFER, VARIABLE};
use crate::views::View;

/// One item of a DEC list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecimalItem {
    /// The word; `None` for an item that cannot be converted (flag U, a word of zero).
    pub word: Option<Word>,
    /// The type of the number: floating with a point or E, fixed-point with B (best read in octal), otherwise an integer.
    pub view: View,
    /// Its columns, counted from 0.
    pub at: Range<usize>,
}

const PLUS: u8 = 0o20;
const LETTER_B: u8 = 0o22;
const LETTER_E: u8 = 0o25;
const POINT: u8 = 0o33;
const MINUS: u8 = 0o40;
const COMMA: u8 = 0o73;

/// The number of words in a list; the same characters end it as in [`decimal_list`].
pub fn decimal_count(columns: &[u8; BUFFER]) -> usize {
    let mut count = 1;
    for &code in &columns[VARIABLE..] {
        match code {
            COMMA => count += 1,
            0..=9 | PLUS | MINUS | POINT | LETTER_B | LETTER_E => {}
            _ => break,
        }
    }
    count
}

/// Reads a list; also returns the column that ended it.
pub fn decimal_list(columns: &[u8; BUFFER]) -> (Vec<DecimalItem>, usize) {
    let mut items = Vec::new();
    let mut scan = Scan::default();
    let mut start = VARIABLE;
    let mut end = BUFFER;
    for (column, &code) in columns.iter().enumerate().skip(VARIABLE) {
        if code == COMMA {
            items.push(DecimalItem { word: scan.convert(), view: scan.view(), at: start..column });
            scan = Scan::default();
            start = column + 1;
        } else if !scan.take(code) {
            end = column;
            break;
        }
    }
    items.push(DecimalItem { word: scan.convert(), view: scan.view(), at: start..end });
    (items, end)
}

/// A magnitude of 35 bits and a separate sign.
#[derive(Debug, Clone, Copy, Default)]
struct Number {
    magnitude: u64,
    negative: bool,
}

impl Number {
    fn value(self) -> i64 {
        let magnitude = self.magnitude as i64;
        if self.negative { -magnitude } else { magnitude }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Current {
    #[default]
    Number,
    Exponent,
    Binary,
}

/// The state of the scan of one item.
#[derive(Debug, Clone, Copy, Default)]
struct Scan {
    number: Number,
    exponent: Number,
    binary: Number,
    current: Current,
    has_point: bool,
    has_exponent: bool,
    has_binary: bool,
    counting: bool,
    scale: i64,
}

impl Scan {
    fn current(&mut self) -> &mut Number {
        match self.current {
            Current::Number => &mut self.number,
            Current::Exponent => &mut self.exponent,
            Current::Binary => &mut self.binary,
        }
    }

    /// Accepts a character; false if it ends the list.
    fn take(&mut self, code: u8) -> bool {
        match code {
            0..=9 => {
                let current = self.current();
                let next = current.magnitude * 10 + u64::from(code);
                if next <= Word::MAGNITUDE {
                    current.magnitude = next;
                } else {
                    self.scale += 1;
                }
                self.scale -= i64::from(self.counting);
            }
            POINT => {
                self.has_point = true;
                self.counting = true;
            }
            LETTER_E => {
                self.has_exponent = true;
                self.current = Current::Exponent;
                self.exponent = Number::default();
                self.counting = false;
            }
            LETTER_B => {
                self.has_binary = true;
                self.current = Current::Binary;
                self.binary = Number::default();
                self.counting = false;
            }
            PLUS | MINUS => {
                if code == MINUS {
                    let current = self.current();
                    current.negative = !current.negative;
                }
                // A quirk of the original: a sign after the point counts as a decimal.
                self.scale -= i64::from(self.counting);
            }
            _ => return false,
        }
        true
    }

    fn view(self) -> View {
        if self.has_binary {
            View::Octal
        } else if self.has_point || self.has_exponent {
            View::Floating
        } else {
            View::Integer
        }
    }

    fn convert(self) -> Option<Word> {
        let sign = if self.number.negative { Word::SIGN } else { 0 };
        if self.number.magnitude == 0 || !(self.has_point || self.has_exponent || self.has_binary) {
            return Some(Word::new(sign | self.number.magnitude));
        }
        let mut scale = self.scale;
        if self.has_exponent {
            scale += self.exponent.value();
        }
        // kept in an index register: two's complement of 15 bits
        let scale = (scale + (1 << 14)).rem_euclid(1 << 15) - (1 << 14);
        let value = scaled(float_integer(self.number), scale)?;
        if !self.has_binary {
            return Some(value.high.word());
        }
        let places = 128 - i64::from(value.high.characteristic) + self.binary.value();
        if places < 0 {
            return None;
        }
        let fraction = (u64::from(value.high.fraction) << 8) | u64::from(value.low.fraction >> 19);
        let places = places % 256;
        let magnitude = if places < 36 { fraction >> places } else { 0 };
        Some(Word::new(sign | magnitude))
    }
}

/// A nonzero integer of 35 bits as a normalized fraction of 54 bits: always exact.
fn float_integer(number: Number) -> Pair {
    let bits = 64 - number.magnitude.leading_zeros() as i32;
    let fraction = number.magnitude << (54 - bits);
    let part = |characteristic, fraction: u64| Float {
        negative: number.negative,
        characteristic,
        fraction: (fraction & ((1 << 27) - 1)) as u32,
    };
    Pair { high: part(128 + bits, fraction >> 27), low: part(128 + bits - 27, fraction) }
}

/// By how much the characteristics in the table of powers of ten are lower than the true ones.
const TABLE_BIAS: i32 = 35;

/// 10 to the power 1 to 48, rounded to 27 bits, with the characteristic of the original's table.
fn power_of_ten(exponent: u32) -> Float {
    let exact = 10u128.pow(exponent.min(38)); // 10^38 fits 127 bits
    let (mut value, mut bits) = (exact, 128 - exact.leading_zeros());
    // above 10^38 the five tens are taken as 2 and 5, so that the product still fits
    let mut twos = 0;
    if exponent > 38 {
        value = 5u128.pow(exponent);
        twos = exponent;
        bits = 128 - value.leading_zeros();
    }
    let mut fraction = if bits > 27 { ((value >> (bits - 28)) + 1) >> 1 } else { value << (27 - bits) };
    let mut characteristic = 128 + (bits + twos) as i32;
    if fraction >> 27 != 0 {
        fraction >>= 1;
        characteristic += 1;
    }
    Float { negative: false, characteristic: characteristic - TABLE_BIAS, fraction: fraction as u32 }
}

/// The value times 10 to the power `scale`; `None` if the original finds the item illegal.
fn scaled(value: Pair, scale: i64) -> Option<Pair> {
    let Pair { high, low } = value;
    let mut result = match scale {
        0 => return Some(value),
        1..=38 => {
            let power = power_of_ten(scale as u32);
            let product = float::multiply(power, high);
            let small = float::multiply(power, low).high;
            let sum = float::add(small, product.low).high;
            let mut result = float::add(sum, product.high);
            result.high.characteristic += TABLE_BIAS;
            result
        }
        -48..=-1 => {
            let power = power_of_ten(scale.unsigned_abs() as u32);
            let first = float::divide(high, power)?;
            let rest = float::add(first.remainder, low).high;
            let second = float::divide(rest, power)?;
            if second.quotient.fraction != 0 && !(0..=255).contains(&second.quotient.characteristic) {
                return None;
            }
            let mut result = float::add(second.quotient, first.quotient);
            result.high.characteristic -= TABLE_BIAS;
            result
        }
        _ => return None,
    };
    result.low.characteristic = result.high.characteristic - 27;
    (0..=255).contains(&result.high.characteristic).then_some(result)
}
