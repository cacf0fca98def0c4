//! DEC, bit for bit (sap.md 4, 8), and the arithmetic under it.

use asm704::Word;
use asm704::float::{self, Float};

use super::{flags, image};

/// The words of a DEC list.
fn words(list: &str) -> Vec<String> {
    image(&format!("       DEC {list}\n       END 0\n")).iter().map(|line| line[6..].to_owned()).collect()
}

#[track_caller]
fn check(list: &str, expected: &str) {
    assert_eq!(words(list), [expected], "{list}");
    assert_eq!(flags(&format!("       DEC {list}\n       END 0\n")), Vec::<String>::new(), "{list}");
}

#[track_caller]
fn check_illegal(item: &str) {
    assert_eq!(words(item), ["000000000000"], "{item}");
    assert_eq!(flags(&format!("       DEC {item}\n       END 0\n")), ["U"], "{item}");
}

#[test]
fn floating_point() {
    check("1.0", "201400000000");
    check(".1", "175631463146");
    check("1E-1", "175631463146");
    check("3.14159265359", "202622077325");
    check("1E10", "242452013710");
    check("1E-10", "137667633766");
    check("6.02E23", "317775723704");
    check("1.6E-19", "102571624103");
    check("123456789.", "233726746425");
    check(".57735026919", "200447464721");
    check("5.0E-02", "174631463146");
    check("8.73E01", "207535146314");
    check("1E38", "377454732313");
    check("1E-38", "002663437346");
    check("9.9E37", "377451725515");
    check("1E2", "207620000000");
    check("-1.0", "601400000000");
}

#[test]
fn fixed_point_with_a_binary_point() {
    check("1B17", "000001000000");
    check("-3B17", "400003000000");
    // 1,000 times the word of 1B17
    check("1E3B17", "001750000000");
    check("3.14159B3", "144417637003");
    check("3.14159265359B3", "144417665210");
    check("1042.9267081438B11", "202273236275");
    check("-3276.33995164B13", "546305340704");
    check(".5BE-9", "000000000021");
    check("15B5", "170000000000");
    check("7B3", "340000000000");
    check(".99999999999B0", "377777777774");
    check("1B36", "000000000000");
    // the sign is that of the number (open question 1: as the manual and one simulator have it)
    for item in ["-13.6E2B24", "-.95E6B27", "-.3E4B12"] {
        assert!(words(item)[0].starts_with(['4', '5', '6', '7']), "{item}");
    }
}

#[test]
fn integers() {
    check("0", "000000000000");
    check("-0", "400000000000");
    check("--5", "000000000005");
    check("5-", "400000000005");
    check("1-2", "400000000014");
    check("+7", "000000000007");
    check("34359738367", "377777777777");
    // the digit that does not fit is dropped
    check("34359738368", "031463146314");
    check("", "000000000000");
    check("-0E5", "400000000000");
}

#[test]
fn lists() {
    assert_eq!(words("1,2.5,-3B17"), ["000000000001", "202500000000", "400003000000"]);
    assert_eq!(words("1,"), ["000000000001", "000000000000"]);
    assert_eq!(words(",1"), ["000000000000", "000000000001"]);
    assert_eq!(words("1 2,3"), ["000000000001"]);
    assert_eq!(words("1,8X,3"), ["000000000001", "000000000010"]);
    // an illegal item does not end the list
    assert_eq!(words("1E39,2"), ["000000000000", "000000000002"]);
}

#[test]
fn accidents_of_the_original() {
    // a sign behind the point counts as a decimal: .15
    assert_eq!(words("1.+5"), words(".15"));
    // the exponent is taken modulo 2^15
    assert_eq!(words("1E32770"), words("1E2"));
    // so is the shift of a binary point modulo 256: 260 places are 4, 291 are 35, and 292 are 36, which leave nothing
    check("1B260", "020000000000");
    check("1B291", "000000000001");
    check("1B292", "000000000000");
}

/// 242 / 10^41 is 0.645477155 (octal) * 2^-128, which a word could hold; so are its neighbours. But its first division leaves a
/// remainder with nine leading zeros, and the second quotient's characteristic would be 8 - 9 = -1.
#[test]
fn the_second_division_may_not_underflow() {
    check("240E-41", "000642107116");
    check("243E-41", "000647273174");
    check_illegal("242E-41");
}

#[test]
fn illegal_items() {
    for item in ["1E39", "1E-39", "1B0", "8B3", "1B-5", "1E-49", "1.E99"] {
        check_illegal(item);
    }
}

/// The number with value `fraction` / 2^27 * 2^(characteristic - 128).
fn number(characteristic: i32, fraction: u32) -> Float {
    Float { negative: false, characteristic, fraction }
}

#[test]
fn powers_of_ten_by_multiplication_and_division_agree_with_integers() {
    // exact while 10^k fits 27 bits
    for k in 1..=8u32 {
        let value = 10u64.pow(k);
        let bits = 64 - value.leading_zeros();
        let expected = number(128 + bits as i32, (value << (27 - bits)) as u32).word();
        assert_eq!(words(&format!("1E{k}")), [expected.to_string()]);
    }
}

#[test]
fn division_gives_quotient_and_remainder() {
    let one = number(129, 1 << 26);
    let three = number(130, 3 << 25);
    let result = float::divide(one, three).unwrap();
    // 1/3 = .252525... octal; 2^27 - 3 * floor(2^27 / 3) is left
    assert_eq!(result.quotient.word().to_string(), "177525252525");
    assert!(float::divide(one, Float::default()).is_none());
    assert!(float::divide(Float::default(), one).unwrap().quotient == Float::default());
}

/// The arithmetic agrees with cases measured on the machine: one instruction each, both operands of one sign.
#[test]
fn arithmetic_agrees_with_the_single_instruction_vectors() {
    let (mut n_add, mut n_multiply, mut n_divide) = (0, 0, 0);
    for name in ["FAD", "FMP", "FDP"] {
        for case in vectors(name) {
            let Some(case) = Case::read(&case) else { continue };
            let a = Float::from_word(if name == "FMP" { case.mq } else { case.ac });
            let b = Float::from_word(case.operand);
            let in_range = |f: Float| (0..256).contains(&f.characteristic);
            match name {
                "FAD" if a.negative == b.negative => {
                    let sum = float::add(a, b);
                    if in_range(sum.high) && in_range(sum.low) {
                        assert_eq!(
                            (sum.high.word(), sum.low.word()),
                            (case.ac_after, case.mq_after),
                            "{case:?}"
                        );
                        n_add += 1;
                    }
                }
                "FMP" => {
                    let product = float::multiply(a, b);
                    if in_range(product.high) && in_range(product.low) && product.high.fraction != 0 {
                        let found = (product.high.word(), product.low.word());
                        assert_eq!(found, (case.ac_after, case.mq_after), "{case:?}");
                        n_multiply += 1;
                    }
                }
                "FDP" => {
                    let Some(division) = float::divide(a, b) else { continue };
                    if in_range(division.quotient) && in_range(division.remainder) && a.fraction != 0 {
                        let found = (division.remainder.word(), division.quotient.word());
                        assert_eq!(found, (case.ac_after, case.mq_after), "{case:?}");
                        n_divide += 1;
                    }
                }
                _ => {}
            }
        }
    }
    assert!(n_add > 10 && n_multiply > 10 && n_divide > 10, "{n_add} {n_multiply} {n_divide}");
}

#[derive(Debug)]
struct Case {
    ac: Word,
    mq: Word,
    operand: Word,
    ac_after: Word,
    mq_after: Word,
}

impl Case {
    /// A case with Q and P zero whose operand is not indexed.
    fn read(case: &serde_json::Value) -> Option<Case> {
        if case["ruling"].as_str().is_some_and(|ruling| ruling.contains("unresolved")) {
            return None;
        }
        let octal = |value: &serde_json::Value| u64::from_str_radix(value.as_str()?, 8).ok();
        let code = Word::new(octal(&case["code"])?);
        if code.tag() != 0 {
            return None;
        }
        let ac = |value: &serde_json::Value| {
            let bits = octal(value)?;
            ((bits >> 35).trailing_zeros() >= 2)
                .then(|| Word::new((bits >> 37 << 35) | (bits & Word::MAGNITUDE)))
        };
        let address = u64::from(code.address()) % case["core"].as_u64()?;
        let operand = octal(&case["before"]["mem"][format!("{address:05o}")]).unwrap_or(0);
        Some(Case {
            ac: ac(&case["before"]["ac"])?,
            mq: Word::new(octal(&case["before"]["mq"])?),
            operand: Word::new(operand),
            ac_after: ac(&case["after"]["ac"])?,
            mq_after: Word::new(octal(&case["after"]["mq"])?),
        })
    }
}

fn vectors(name: &str) -> Vec<serde_json::Value> {
    let path = format!("{}/../tests/vectors/{name}.jsonl.gz", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::File::open(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let text = std::io::read_to_string(flate2::read::GzDecoder::new(file)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
