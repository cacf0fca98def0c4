//! Words: operations, expressions, OCT, BCD (sap.md 2 to 5, 8).

use asm704::Word;

use super::{codes, flags, image, run};

/// The word of a card `op variable-field` at location 146, with A at 144.
#[track_caller]
fn check(card: &str, expected: &str) {
    let (op, field) = card.split_once(' ').unwrap_or((card, ""));
    let source = format!("       ORG 100\nA      PZE\n       PZE\n       {op:3} {field}\n       END 0\n");
    let output = run(&source);
    let words: Vec<Word> = output.assemblies[0].words.iter().map(|word| word.word).collect();
    assert_eq!(words[2].to_string(), format!("{expected:0>12}"), "{card}");
    assert_eq!(words.len(), 3, "{card}");
    assert_eq!(output.assemblies[0].words[2].address, 0o146);
}

/// The words of one card, with nothing else in the assembly.
#[track_caller]
fn check_list(card: &str, expected: &[&str]) {
    let found: Vec<String> =
        image(&format!("       {card}\n       END 0\n")).iter().map(|line| line[6..].to_owned()).collect();
    assert_eq!(found, expected, "{card}");
}

#[test]
fn all_123_operations_give_their_word_and_want_their_fields() {
    let mut n_rows = 0;
    for row in include_str!("operations.txt").lines().filter(|row| !row.starts_with('#')) {
        let mut parts = row.split_whitespace();
        let (name, word, needs) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let op = if name == "(blank)" { "   " } else { name };
        // without fields: the word alone, a flag for each field that must be there
        let bare = format!("       {op}\n       END 0\n");
        assert_eq!(image(&bare), [format!("00000 {word}")], "{name}");
        let wanted: Vec<String> = if needs == "-" { Vec::new() } else { vec![needs.to_owned()] };
        assert_eq!(flags(&bare), wanted, "{name}");
        // with all fields: ORed in, no flag
        let base = u64::from_str_radix(word, 8).unwrap();
        let expected = base | 2 << 15 | 0o1 << 18 | 0o77;
        let full = format!("       {op} 63,2,1\n       END 0\n");
        assert_eq!(image(&full), [format!("00000 {expected:012o}")], "{name}");
        assert_eq!(flags(&full), Vec::<String>::new(), "{name}");
        n_rows += 1;
    }
    assert_eq!(n_rows, 123);
}

#[test]
fn expressions() {
    check("PZE A+1*2", "000000000146");
    check("PZE 2*3+4*5", "32");
    check("PZE 7/2", "3");
    check("PZE 7/0", "7");
    check("PZE 3-5", "77776");
    check("PZE 5-3-1", "1");
    check("PZE 100/3*3", "143");
    check("PZE -7/2", "77775");
    check("PZE A*A", "23420");
    check("PZE 99999", "03237");
    check("PZE 999999", "41077");
    check("PZE 1000000", "0");
    check("PZE 40000,9,40000", "016100116100");
    check("PZE -1,-1,-1", "077777777777");
    check("PZE A,A,A", "000144400144");
    check("PZE 5,1,2,3", "000002100005");
    check("PZE 99999*99999", "53301");
    check("PZE 32767*32767*32767", "77777");
}

#[test]
fn totals_are_taken_modulo_2_to_the_15() {
    check("PZE -1", "77777");
    check("PZE 32768", "0");
    check("PZE 40000", "16100");
}

#[test]
fn missing_operands_are_zero() {
    check("PZE A-", "144");
    check("PZE +5", "5");
    check("PZE --5", "77773");
    check("PZE 5-+3", "10");
    check("PZE /", "0");
}

#[test]
fn the_asterisk_is_the_location_or_a_sign_of_multiplication() {
    check("PZE *", "146");
    check("PZE **", "0");
    check("PZE **2", "314");
    check("PZE 2**", "314");
    // 146 octal is 102; 102 * 102 = 10404 = 24244 octal
    check("PZE ***", "24244");
    check("PZE *+*", "314");
    check("PZE A*", "0");
    check("TXL 1,0,**", "700000000001");
    // a name of its own, and a zero is as good as nothing
    assert_eq!(codes("A      PZE *A\n       END 0\n"), ["1 A002"]);
    assert_eq!(codes("       PZE 0*5\n       END 0\n"), ["1 A002"]);
}

#[test]
fn numbers_are_decimal_and_codes_below_20_are_digits() {
    // 1= is 1*10+11
    check("PZE 1=", "25");
    check("PZE 010", "12");
    check("PZE 000000000017", "21");
}

#[test]
fn fields_are_ored() {
    check("CLA 5,4,7", "050007400005");
    check("CLM 4,2,1", "076001200004");
    check("LLS -1", "076300077777");
    check("WTB 16", "076600000220");
    check("TIX 5,4", "200000400005");
    check("XYZ 5,1,2", "000002100005");
    check("BST 145", "076400000221");
    check("RCD 1", "076200000321");
    check("SLN 4", "076000000144");
    check("IOD 5", "076600000337");
}

#[test]
fn sense_switches() {
    check("SWT 0", "076000000160");
    check("SWT 1", "076000000161");
    check("SWT 6", "076000000166");
    check("SWT 7", "476000000161");
    check("SWT 12", "476000000166");
    check("SWT 13", "476000000167");
    check("SWT", "076000000160");
    assert_eq!(flags("       SWT\n       END 0\n"), ["A"]);
}

#[test]
fn subfields() {
    // `CLA A,` has no tag; `,,5` has an address and a tag of zero; a lone minus is a field
    assert_eq!(flags("A      TXL A,\n       END 0\n"), ["TD"]);
    assert_eq!(flags("       TIX ,,5\n       END 0\n"), Vec::<String>::new());
    assert_eq!(flags("       PXD ,-\n       END 0\n"), Vec::<String>::new());
    assert_eq!(flags("       PXD\n       END 0\n"), ["T"]);
    check("PZE ,,5", "000005000000");
    check("PZE 1,9", "100001");
}

#[test]
fn the_variable_field_begins_in_column_12() {
    assert_eq!(image("A      CLA  A\n       END 0\n"), ["00000 050000000000"]);
    assert_eq!(flags("A      CLA  A\n       END 0\n"), ["A"]);
    check("CLA A COMMENT,1", "050000000144");
}

#[test]
fn blank_operations_and_blank_cards_are_words() {
    assert_eq!(image("           5,1,2\n\n       END 0\n"), ["00000 000002100005", "00001 000000000000"]);
}

#[test]
fn only_rem_makes_a_remark() {
    let source = "*      NOT  A REMARK\n       END 0\n";
    assert_eq!(image(source), ["00000 000000000000"]);
    assert_eq!(flags(source), ["U"]);
    assert_eq!(codes(source), ["1 A020", "1 A001"]);
    // a symbol in the location field of a REM is not defined
    assert_eq!(codes("X      REM\n       PZE X\n       END 0\n"), ["2 A002"]);
}

#[test]
fn octal_lists() {
    check_list("OCT 777777777777", &["777777777777"]);
    check_list("OCT 1234567012345670", &["567012345670"]);
    check_list("OCT", &["000000000000"]);
    check_list("OCT 12,", &["000000000012", "000000000000"]);
    check_list("OCT 1,,2", &["000000000001", "000000000000", "000000000002"]);
    check_list("OCT -1,1-,+7", &["400000000001", "400000000001", "000000000007"]);
    // any other character ends the list
    check_list("OCT 17,128,5", &["000000000017", "000000000012"]);
    check_list("OCT 1.5,2", &["000000000001"]);
    check_list("OCT 1 2,3", &["000000000001"]);
}

#[test]
fn characters() {
    check_list("BCD 2ABCDEFGHIJKL", &["212223242526", "273031414243"]);
    // a blank, a letter and `=` count as ten, code 12 (`_`) is ten
    let ten = [&["012160606060"][..], &["606060606060"; 9]].concat();
    check_list("BCD  1A", &ten);
    check_list("BCD X1A", &ten);
    check_list("BCD _1A", &ten);
    check_list("BCD =1A", &ten);
    // `BCD 12...` is one word, text `2...`
    check_list("BCD 12ABCDEF", &["022122232425"]);
    check_list("BCD 0TEXT", &[]);
    // text ends with column 72
    let long = format!("BCD  {}", "ABCDEF".repeat(12));
    check_list(&long, &["212223242526"; 10]);
}

#[test]
fn a_list_goes_beyond_column_72_only_on_80_columns() {
    let source = format!("       OCT {},{}\n       END 0\n", "0".repeat(58), "777777777777");
    let columns = |columns| {
        let options = asm704::assemble::Options { columns, ..Default::default() };
        let output = asm704::assemble::assemble(&source, &options);
        output.core_image().map(|(_, word)| word.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(columns(asm704::source::Columns::Card), ["000000000000", "000000000077"]);
    assert_eq!(columns(asm704::source::Columns::Tape), ["000000000000", "007777777777"]);
}
