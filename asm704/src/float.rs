//! Floating-point arithmetic of the 704, as far as the assembler's number conversion needs it: exact, with integers.
//!
//! A 704 number has a sign, a characteristic of 8 bits (exponent + 128) and a fraction of 27 bits. Nothing here
//! rounds. Characteristics are wider than 8 bits, so that the caller can check for overflow where the
//! conversion does.

/// A floating number: a sign, a characteristic, a fraction of 27 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Float {
    /// True for minus.
    pub negative: bool,
    /// Exponent + 128; in core 0 to 255.
    pub characteristic: i32,
    /// 27 bits; the binary point is before the first.
    pub fraction: u32,
}

/// The accumulator and the MQ after an addition or a multiplication: the low part's characteristic is 27 less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pair {
    /// The accumulator.
    pub high: Float,
    /// The MQ.
    pub low: Float,
}

/// The result of a division: quotient in the MQ, remainder in the accumulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Division {
    /// The quotient, 27 bits.
    pub quotient: Float,
    /// The remainder.
    pub remainder: Float,
}

const FRACTION: u64 = (1 << 27) - 1;
const LEADING: u32 = 1 << 26;

impl Float {
    /// Zero with a sign and characteristic zero: a normal zero.
    pub const fn zero(negative: bool) -> Float {
        Float { negative, characteristic: 0, fraction: 0 }
    }

    /// The number as a word of core; the characteristic is taken modulo 256.
    pub const fn word(self) -> crate::Word {
        let sign = if self.negative { crate::Word::SIGN } else { 0 };
        crate::Word::new(sign | ((self.characteristic as u64 & 0o377) << 27) | self.fraction as u64)
    }

    /// The number in a word.
    pub const fn from_word(word: crate::Word) -> Float {
        Float {
            negative: word.is_negative(),
            characteristic: (word.magnitude() >> 27) as i32,
            fraction: (word.magnitude() & FRACTION) as u32,
        }
    }
}

fn pair(negative: bool, characteristic: i32, fraction: u64) -> Pair {
    let high = Float { negative, characteristic, fraction: (fraction >> 27) as u32 };
    let low = Float { negative, characteristic: characteristic - 27, fraction: (fraction & FRACTION) as u32 };
    Pair { high, low }
}

/// FAD for numbers of the same sign, the only ones that the conversion adds. The operand with the smaller characteristic is
/// shifted right into the MQ, which keeps 27 bits; it is lost if the difference is above 63. The sum
/// is normalized as 54 bits; an accumulator of zero becomes a normal zero.
///
/// Numbers of unlike signs are not supported: the result is the sum of the magnitudes with the sign of `a`.
pub fn add(a: Float, b: Float) -> Pair {
    let (large, small) = if b.characteristic > a.characteristic { (b, a) } else { (a, b) };
    let distance = large.characteristic - small.characteristic;
    let shifted = if distance > 63 { 0 } else { (u64::from(small.fraction) << 27) >> distance.min(63) };
    let mut fraction = (u64::from(large.fraction) << 27) + shifted;
    let mut characteristic = large.characteristic;
    if fraction >> 54 != 0 {
        fraction >>= 1;
        characteristic += 1;
    }
    if fraction >> 27 == 0 {
        let mut zero = pair(a.negative, 0, fraction);
        zero.low.characteristic = 0;
        return zero;
    }
    while fraction >> 53 == 0 {
        fraction <<= 1;
        characteristic -= 1;
    }
    pair(a.negative, characteristic, fraction)
}

/// FMP: a product of 54 bits, shifted left at most once; a zero accumulator is a zero with a sign.
pub fn multiply(a: Float, b: Float) -> Pair {
    let negative = a.negative != b.negative;
    let mut fraction = u64::from(a.fraction) * u64::from(b.fraction);
    let mut characteristic = a.characteristic + b.characteristic - 128;
    if fraction >> 53 == 0 {
        fraction <<= 1;
        characteristic -= 1;
    }
    if fraction >> 27 == 0 {
        let mut zero = pair(negative, 0, fraction);
        zero.low.characteristic = 0;
        return zero;
    }
    pair(negative, characteristic, fraction)
}

/// FDP with an MQ of zero; `None` for a divide check (a divisor fraction of zero, or a dividend fraction at least twice
/// the divisor's).
pub fn divide(dividend: Float, divisor: Float) -> Option<Division> {
    let negative = dividend.negative != divisor.negative;
    if divisor.fraction == 0 || dividend.fraction >> 1 >= divisor.fraction {
        return None;
    }
    if dividend.fraction == 0 {
        return Some(Division { quotient: Float::zero(negative), remainder: Float::zero(dividend.negative) });
    }
    let mut numerator = u64::from(dividend.fraction) << 27;
    let mut characteristic = dividend.characteristic;
    if dividend.fraction >= divisor.fraction {
        numerator >>= 1;
        characteristic += 1;
    }
    let fraction = (numerator / u64::from(divisor.fraction)) as u32;
    let remainder = (numerator % u64::from(divisor.fraction)) as u32;
    Some(Division {
        quotient: Float { negative, characteristic: characteristic - divisor.characteristic + 128, fraction },
        remainder: Float {
            negative: dividend.negative,
            characteristic: characteristic - 27,
            fraction: remainder,
        },
    })
}

/// True if the first fraction bit is one: the number is normalized.
pub const fn is_normalized(number: Float) -> bool {
    number.fraction & LEADING != 0
}
