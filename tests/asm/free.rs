//! Free-form sources: the same cards, and diagnostics in the columns of the lines.

use asm704::assemble::{Options, Output, Unused, assemble};
use asm704::source::{self, Columns};
use proptest::prelude::*;

const FREE: Options = Options {
    columns: Columns::Tape,
    free: true,
    listing: true,
    unused_symbols: Unused::Silent,
    overlaps: false,
    questions: false,
    references: false,
};

fn free(source: &str) -> Output {
    assemble(source, &FREE)
}

fn words(output: &Output) -> Vec<String> {
    output.core_image().map(|(address, word)| format!("{address:05o} {word}")).collect()
}

/// The columns, counted from 1, and codes of what is said.
fn said(source: &str) -> Vec<String> {
    free(source)
        .diagnostics()
        .map(|d| format!("{}:{}-{} {}", d.line, d.columns.start + 1, d.columns.end, d.code))
        .collect()
}

#[test]
fn fields_are_separated_by_blanks() {
    let source = "* a remark\n\n  # another\n ORG 100\nstart CLA a,1 a comment\nLOOP: TIX LOOP,4,1\n  here: STO a\n\
                  \tHTR\tstart\na DEC 1,2.5,-3B17\n END start\n";
    let output = free(source);
    assert_eq!(output.diagnostics().count(), 0);
    assert_eq!(
        words(&output),
        [
            "00144 050000100150",
            "00145 200001400145",
            "00146 060100000150",
            "00147 000000000144",
            "00150 000000000001",
            "00151 202500000000",
            "00152 400003000000",
        ]
    );
    assert_eq!(output.start(), Some(0o144));
}

#[test]
fn the_card_has_the_fields_in_their_columns() {
    let output = free("LOOP: TIX LOOP,4,1 around\n# said\n END LOOP\n");
    let listing: Vec<&str> = output.listing().collect();
    assert_eq!(listing[1], "1      00000  2 00001 4 00000 LOOP   TIX LOOP,4,1            AROUND");
    // columns 7 to 11 of a remark are not listed
    assert_eq!(listing[2], format!("{:42}SAID", ""));
}

#[test]
fn operations_without_fields_have_their_comment_at_once() {
    let output =
        free(" SSP make it plus\n CLM \"0,2,1\" with fields\n WPR print\n FUL full cards\n END # no start\n");
    assert_eq!(words(&output), ["00000 076000000003", "00001 076001200000", "00002 076600000361"]);
    // the decrement changes the operation code; END has no operand
    let codes: Vec<String> = output.diagnostics().map(|d| d.code.to_string()).collect();
    assert_eq!(codes, ["A018", "A005"]);
}

#[test]
fn text_of_bcd() {
    let expected = words(&assemble("       BCD 2HELLO THERE YOU\n       END 0\n", &Options::default()));
    for line in
        ["BCD 2HELLO THERE YOU", "BCD 2\"HELLO THERE \" you", "BCD \"HELLO THERE\"", "BCD \"HELLO THERE \""]
    {
        assert_eq!(words(&free(&format!(" {line}\n END 0\n"))), expected, "{line}");
    }
    // sixty characters are ten words, which is a blank count on the card
    let ten = free(&format!(" BCD \"{}\"\n END 0\n", "ABCDEF".repeat(10)));
    assert_eq!(ten.core_image().count(), 10);
    assert!(words(&ten).iter().all(|word| word.ends_with("212223242526")));
    assert_eq!(said(" BCD 1\"ABCDEFG\"\n END 0\n"), ["1:14-15 A030"]);
    // a quote in the text is doubled
    assert_eq!(words(&free(" BCD \"\"\"ABCDE\"\n END 0\n")), ["00000 772122232425"]);
}

#[test]
fn diagnostics_point_at_the_line() {
    assert_eq!(said("A   CLA   NONE\n END A\n"), ["1:11-14 A002"]);
    assert_eq!(said("A XYZ 5\n END A\n"), ["1:3-5 A001"]);
    assert_eq!(said(" TIX A,4\nA HTR A\n END A\n"), ["1:8-8 A007"]);
    assert_eq!(said(" CLA\n END 0\n"), ["1:2-4 A005"]);
    assert_eq!(said("\tCLA\tB\n END 0\n"), ["1:17-17 A002"]);
    assert_eq!(said("ABCDEFGH HTR CDEFGH\n END 0\n"), ["1:1-8 A021"]);
    assert_eq!(said(" HALT 5\n END 0\n"), ["1:2-4 A001", "1:2-5 A030"]);
    assert_eq!(said(&format!(" OCT {}1\n END 0\n", "0".repeat(69))), ["1:75-75 A030"]);
    assert_eq!(said(" CLA \u{e9} x\n END 0\n"), ["1:2-4 A005", "1:6-6 A012"]);
    assert_eq!(said("A HTR\n HTR A\nB\n"), ["1:3-5 A005", "3:1-1 A011"]);
}

#[test]
fn cards_in_free_form_assemble_to_the_same() {
    for source in [
        include_str!("ok/small.sap"),
        include_str!("ok/headings.sap"),
        include_str!("err/mistakes.sap"),
        include_str!("err/passes.sap"),
        "       BCD ABC\n       BCD  ABC\n       BCD \"ABC\n       BCD 0\n       BCD 3A\"B\nX\n       ***5\n*\n\n\n       CLM4\n       END\n",
        " A B   CLA 5\n  X    CLM 4,2\n       CLA        C\n7:     CLA \"A\"\nE      HED\nA      SYN 3\n       PZE A,E$A\n       HED\n       PZE A\n       END\n",
    ] {
        let (cards, _) = source::read(source, Columns::default());
        let lines: String = cards.iter().map(|card| source::free::line_of(card) + "\n").collect();
        let (fixed, free) = (assemble(source, &Options::default()), free(&lines));
        assert!(fixed.cards().eq(free.cards()), "{lines}");
        let flags = |output: &Output| -> Vec<String> {
            output
                .listing()
                .map(|line| line.chars().take(30).collect::<String>().trim_end().to_owned())
                .collect()
        };
        assert_eq!(flags(&fixed)[2..], flags(&free)[2..], "{lines}");
    }
}

/// Cards of likely fields and unlikely characters.
fn some_card() -> impl Strategy<Value = String> {
    let operations = [
        "CLA", "SSP", "CLM", "WPR", "BCD", "REM", "HED", "DEC", "OCT", "PZE", "   ", "***", "\"A ", "C/T",
        "BSS", " X:", "OPD",
    ];
    ("[AB0:#\"* ]{6}", prop::sample::select(operations.to_vec()), "[AB012+*,$ \"#:'=.-]{0,61}")
        .prop_map(|(location, operation, rest)| format!("{location} {operation} {rest}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_card_in_free_form_makes_the_same_words(lines in prop::collection::vec(some_card(), 1..6)) {
        let source = lines.join("\n") + "\n       END 0\n";
        let (cards, _) = source::read(&source, Columns::default());
        let lines: String = cards.iter().map(|card| source::free::line_of(card) + "\n").collect();
        prop_assert_eq!(words(&free(&lines)), words(&assemble(&source, &Options::default())), "{}", lines);
    }

    #[test]
    fn no_line_makes_it_panic(source in "([ -~\u{e9}\t]{0,100}\n){0,6}") {
        let output = assemble(&source, &Options { references: true, unused_symbols: Unused::Each, ..FREE });
        for diagnostic in output.diagnostics() {
            let line = source.split('\n').nth(diagnostic.line - 1).unwrap();
            let length = source::expand_tabs(line).chars().count();
            prop_assert!(diagnostic.columns.start < diagnostic.columns.end.max(1), "{diagnostic:?}");
            prop_assert!(diagnostic.columns.end <= length.max(1), "{diagnostic:?} in {length}");
        }
    }
}
