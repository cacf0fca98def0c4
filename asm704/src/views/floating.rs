//! A floating-point word as the shortest decimal number that gives the same word.

use crate::Word;
use crate::chars::{BLANK, from_ascii};
use crate::float::{Float, is_normalized};
use crate::source::{BUFFER, VARIABLE};
use crate::syntax::decimal::decimal_list;

/// More digits than any word with a 27-bit fraction needs.
const DIGITS: usize = 12;

/// How far from the nearest decimal of a length others are tried. DEC's arithmetic of 27 bits loses a little, and
/// nine digits are ten times finer than the last bit.
const NEIGHBOURS: u64 = 20;

/// The number in decimal. DEC makes the same word from it, unless DEC's own arithmetic cannot make it from any number of so few
/// digits: then it is the shortest one nearest to the word. A number that is not normalized is marked, as DEC never makes one.
pub(super) fn text(word: Word) -> String {
    let number = Float::from_word(word);
    let sign = if number.negative { "-" } else { "" };
    let zero = word.magnitude() == 0;
    let magnitude = value(number);
    if is_normalized(number) {
        let again = |text: &str| of_card(text) == Some(Word::new(word.magnitude()));
        let text = shortest(magnitude, &again).or_else(|| nearest(magnitude));
        return format!("{sign}{}", text.unwrap_or_else(|| magnitude.to_string()));
    }
    let text = if number.fraction == 0 { None } else { nearest(magnitude) };
    let text = text.unwrap_or_else(|| "0.0".to_owned());
    if zero { format!("{sign}{text}") } else { format!("{sign}{text} unnormalized") }
}

/// Two to a power from -155 to 100, exactly.
fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((1023 + exponent) as u64) << 52)
}

/// The exact magnitude: 27 bits fit, and so do all characteristics.
fn value(number: Float) -> f64 {
    f64::from(number.fraction) * power_of_two(number.characteristic - 128 - 27)
}

/// The word that DEC makes from a number.
fn of_card(text: &str) -> Option<Word> {
    let mut columns = [BLANK; BUFFER];
    for (column, c) in columns[VARIABLE..].iter_mut().zip(text.chars()) {
        *column = from_ascii(c)?;
    }
    let (items, _) = decimal_list(&columns);
    items.first().and_then(|item| item.word)
}

/// The shortest decimal that is nearer to this fraction of 27 bits than to any other.
fn nearest(magnitude: f64) -> Option<String> {
    shortest(magnitude, &|text| {
        // to 27 of the 53 bits, half up
        let rounded = |value: f64| (value.to_bits() + (1 << 25)) >> 26;
        text.parse().is_ok_and(|read: f64| rounded(read) == rounded(magnitude))
    })
}

/// The shortest decimal that passes: for each length the one nearest to the number, then its neighbours.
fn shortest(magnitude: f64, passes: &dyn Fn(&str) -> bool) -> Option<String> {
    (1..=DIGITS).find_map(|n_digits| {
        let scientific = format!("{magnitude:.*e}", n_digits - 1);
        let (digits, exponent) = scientific.split_once('e')?;
        let digits: u64 = digits.replace('.', "").parse().ok()?;
        let exponent: i32 = exponent.parse().ok()?;
        let neighbours = (1..=NEIGHBOURS).flat_map(|n| [digits + n, digits.saturating_sub(n)]);
        std::iter::once(digits).chain(neighbours).find_map(|digits| {
            let digits = digits.to_string();
            // 9 + 1 and 10 - 1 have another length
            let text = (digits.len() == n_digits).then(|| written(&digits, exponent))?;
            passes(&text).then_some(text)
        })
    })
}

/// Formats digits; the first one has the weight 10 to the exponent.
fn written(digits: &str, exponent: i32) -> String {
    let trimmed = digits.trim_end_matches('0');
    match exponent {
        0..=8 => {
            let whole = exponent as usize + 1;
            let (whole, part) = if trimmed.len() > whole {
                (trimmed[..whole].to_owned(), &trimmed[whole..])
            } else {
                (format!("{trimmed:0<whole$}"), "0")
            };
            format!("{whole}.{part}")
        }
        -4..0 => format!("0.{}{trimmed}", "0".repeat(exponent.unsigned_abs() as usize - 1)),
        _ if trimmed.len() > 1 => format!("{}.{}E{exponent}", &trimmed[..1], &trimmed[1..]),
        _ => format!("{trimmed}E{exponent}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(digits: &str) -> String {
        text(digits.parse().unwrap())
    }

    #[test]
    fn numbers_of_cards_come_back() {
        for number in [
            "3.14159",
            "1.0",
            "0.5",
            "0.1",
            "100.0",
            "123456.0",
            "0.001",
            "1E20",
            "1.5E-20",
            "1E-38",
            "1E38",
            "2.718282",
            "1000000.0",
            "1E9",
        ] {
            let word = of_card(number).unwrap();
            assert_eq!(text(word), number);
            let minus = Word::new(word.bits() | Word::SIGN);
            assert_eq!(text(minus), format!("-{number}"));
        }
    }

    #[test]
    fn words_by_hand() {
        // 201 400000000: 2^1 times one half
        assert_eq!(shown("201400000000"), "1.0");
        assert_eq!(shown("601400000000"), "-1.0");
        // 1/2 + 1/4, times 4
        assert_eq!(shown("203600000000"), "6.0");
    }

    #[test]
    fn what_is_not_normalized_is_marked() {
        // 202 200000000: 4 times one quarter
        assert_eq!(shown("202200000000"), "1.0 unnormalized");
        assert_eq!(shown("602200000000"), "-1.0 unnormalized");
        // a characteristic without a fraction, such as the constant that makes integers floating
        assert_eq!(shown("233000000000"), "0.0 unnormalized");
        // the integer 1: 2 to the -155
        assert_eq!(shown("000000000001"), "2.18952885E-47 unnormalized");
    }

    #[test]
    fn words_read_back_as_themselves() {
        let mut state = 0x704_u64;
        for _ in 0..5_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let characteristic = 2 + (state >> 56) % 252;
            let word = Word::new((characteristic << 27) | (1 << 26) | ((state >> 20) & 0x3ff_ffff));
            assert_eq!(of_card(&text(word)), Some(word), "{word}");
        }
    }
}
