//! Symbols, headings, the two passes, pseudo-operations (sap.md 2, 3).

use asm704::assemble::{Options, Unused, assemble};
use asm704::diag::Code;

use super::{codes, deck, flags, image, run};

/// Address parts of the words.
fn addresses(source: &str) -> Vec<String> {
    image(source).iter().map(|line| line[13..].to_owned()).collect()
}

fn symbols(source: &str) -> Vec<String> {
    let output = run(source);
    let mut symbols: Vec<String> =
        output.assemblies[0].symbols.iter().map(|s| format!("{} {:05o}", s.name, s.value)).collect();
    symbols.sort();
    symbols
}

#[test]
fn leading_zeros_vanish_and_blanks_are_squeezed_out() {
    let source = "       ORG 64\n A B C PZE ABC\n  0X   PZE X,0,00X\n       END 0\n";
    assert_eq!(addresses(source), ["00100", "00101"]);
    assert!(codes(source).is_empty());
}

#[test]
fn symbols_may_have_odd_characters() {
    let source = "       ORG 64\nL(5)   PZE L(5)\n..     PZE ..\nMSERR= PZE MSERR=\n8.5    PZE 8.5\n1BIT   PZE 1BIT\n       END 0\n";
    assert_eq!(addresses(source), ["00100", "00101", "00102", "00103", "00104"]);
}

#[test]
fn the_last_six_characters_count() {
    let source = "       ORG 64\nAAAAAA PZE XAAAAAA\n       END 0\n";
    assert_eq!(addresses(source), ["00100"]);
    assert_eq!(codes(source), ["2 A021"]);
}

#[test]
fn a_location_with_an_operator_is_entered_but_never_found() {
    assert_eq!(symbols("A+B    PZE\n       END 0\n"), ["A+B 00000"]);
    assert!(codes("A+B    PZE\n       END 0\n").is_empty());
}

#[test]
fn headings() {
    let source = "\
A      PZE A
X      HED
A      PZE A
       PZE $A
LONGER PZE X$A
0      HED
       PZE X$A
       PZE A,0,LONGER
       PZE HX$A+A
       END 0
";
    // A is 0, X$A is 1, LONGER is 3: it has six characters and no heading
    let expected =
        ["000000000000", "000000000001", "000000000000", "000000000001", "000000000001", "000003000000"];
    let words: Vec<String> = image(source).iter().map(|line| line[6..].to_owned()).collect();
    assert_eq!(words[..6], expected);
    // the last character before $ counts, and the heading in force returns behind the operator
    assert_eq!(words[6], "000000000001");
    assert!(codes(source).is_empty(), "{:?}", codes(source));
}

#[test]
fn a_blank_heading_is_a_heading() {
    let source =
        "A      PZE\n       HED\n       PZE A\n       PZE $A\n0      HED\n       PZE A\n       END 0\n";
    assert_eq!(codes(source), ["3 A002"]);
}

#[test]
fn an_undefined_symbol_makes_the_field_zero() {
    let source = "A      TXI UND+5,A+1,7\n       END 0\n";
    assert_eq!(image(source), ["00000 100007100000"]);
    assert_eq!(flags(source), ["U"]);
}

#[test]
fn a_number_as_location_sets_the_counter_and_begins_a_card() {
    let source = "       ORG 10\n       PZE 1\n77     CLA *\n       PZE 3\n       END 0\n";
    assert_eq!(image(source), ["00012 000000000001", "00115 050000000115", "00116 000000000003"]);
    assert_eq!(deck(source).len(), 3);
    assert_eq!(codes(source), ["3 A025"]);
}

/// An integer is absolute (sap.md 2.16), so the counter behind it is, too, and in both passes.
#[test]
fn a_number_as_location_is_absolute() {
    let source = "       REL\nB      PZE B\n77     PZE *\nA      PZE A\n       END 0\n";
    assert!(flags(source).is_empty(), "{:?}", flags(source));
    let output = run(source);
    let relocatable: Vec<(&str, bool)> =
        output.assemblies[0].symbols.iter().map(|s| (s.name.as_str(), s.relocatable)).collect();
    assert_eq!(relocatable, [("A", false), ("B", true)]);
    // B's card has the bits 0 10 of a relocatable address, that of 77 and A 0 0 and 0 0
    let bits: Vec<u64> = output.cards().take(2).map(|card| card.words[2].bits() >> 30).collect();
    assert_eq!(bits, [0b010_000, 0]);
}

#[test]
fn operands_of_the_first_pass_must_be_defined_before() {
    let source = "       ORG 8\n       BSS N\nX      EQU N\nN      PZE X\n       END 0\n";
    // in the second pass X is not in the table, and BSS N adds the value of N
    let found = run(source);
    assert_eq!(codes(source), ["2 A013", "3 A002", "3 A013", "4 A004", "4 A002"]);
    assert_eq!(found.assemblies[0].words[0].location, 0o10);
    // both cards are printed during the first pass
    let listing = &found.assemblies[0].listing;
    assert_eq!(listing[0], "9            ORG 8");
    assert_eq!(listing[1], " U           BSS N");
    assert_eq!(listing[2], " U    X      EQU N");
    assert_eq!(listing[3], "1                       00010        ORG 8");
}

#[test]
fn an_undefined_origin_is_zero() {
    let source = "       ORG 8\n       ORG U+1\n       PZE *\n       END 0\n";
    assert_eq!(image(source), ["00000 000000000000"]);
}

#[test]
fn the_first_definition_wins_in_the_first_pass() {
    let source = "A      EQU 5\nA      EQU 6\n       BSS A\nB      PZE\n       END 0\n";
    assert!(symbols(source).contains(&"B 00005".to_owned()));
    // the second pass finds the other copy, 6, and B is out of phase
    assert_eq!(flags(source), ["M", "M", "M", "P"]);
}

/// Values of the effective copies by the text of 2.13, worked out by hand.
#[test]
fn multiply_defined_symbols_follow_the_sort_and_the_search() {
    // n = 2, equal keys: the forward pass exchanges them (k = 1), last = 1 = start: done. t[0] is the second copy.
    let two = "A      EQU 1\nA      EQU 2\n       PZE A\n       END 0\n";
    assert_eq!(addresses(two), ["00002"]);
    // n = 3, all equal (1, 2, 3): forward k=1: 2 1 3; k=2: 2 3 1, last = 2. Backward from k=2 to low=2: t[1] is not greater
    // than t[0]: 3 2 1, start = 2. Forward from k=2, once: t[2] not greater than t[1]: 3 1 2, last = 2 = start: done.
    let three = "A      EQU 1\nA      EQU 2\nA      EQU 3\n       PZE A\n       END 0\n";
    assert_eq!(addresses(three), ["00003"]);
    // B before it: t[0] is not it, so the search starts at k = 2^(L-2) with L the bit length of 2n - 1.
    // n = 3 (A, B, B): order of entry B1 B2 A. forward k=1: B2 B1 A; k=2: A<B1: B2 A B1, last=2. backward k=2: t[1]=A, t[0]=B2:
    // A B2 B1, start=2. forward k=2: t[2]=B1 not greater than t[1]=B2: A B1 B2, last=2=start: done. L=3, k=2: B2.
    let b = "B      EQU 1\nB      EQU 2\nA      EQU 9\n       PZE B\n       END 0\n";
    assert_eq!(addresses(b), ["00002"]);
}

#[test]
fn six_letter_symbols_from_j_on_are_negative() {
    // sorted: the greatest magnitude first among the negative ones, then the others
    let source = "JAAAAA EQU 1\nSAAAAA EQU 2\nAAAAAA EQU 3\nB      EQU 4\n       END 0\n";
    let output = run(source);
    let names: Vec<&str> = output.assemblies[0].symbols.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["SAAAAA", "JAAAAA", "B", "AAAAAA"]);
}

#[test]
fn block_reservation() {
    let source = "A      BSS 5\nB      BES 3\nC      PZE\n       BSS -1\nD      PZE\n       END 0\n";
    assert_eq!(symbols(source), ["A 00000", "B 00010", "C 00010", "D 00010"]);
    // ends the card even when nothing is reserved
    assert_eq!(deck("       PZE 1\n       BSS 0\n       PZE 2\n       END 0\n").len(), 3);
}

#[test]
fn equ_takes_the_value_of_the_first_pass_and_prints_that_of_the_second() {
    let source = "A      EQU 3\nB      SYN A*2\n       PZE B\n       END 0\n";
    assert_eq!(addresses(source), ["00006"]);
    // LOC of the second pass differs: the phase is off by the REP of an undefined number of cards
    assert_eq!(symbols(source), ["A 00003", "B 00006"]);
}

#[test]
fn loc_moves_the_counter_but_not_the_card() {
    let source =
        "       ORG 8\n       PZE *\n       LOC 64\nX      PZE *\n       BSS 0\n       PZE *\n       END 0\n";
    let cards = deck(source);
    // two words on one card from 10, then a card at the counter, 101
    assert!(cards[0].starts_with("000002000010 "), "{cards:?}");
    assert!(cards[0].ends_with("000000000010 000000000100"), "{cards:?}");
    assert!(cards[1].starts_with("000001000101 "), "{cards:?}");
    assert_eq!(image(source), ["00010 000000000010", "00011 000000000100", "00101 000000000101"]);
}

#[test]
fn blank_operands_are_zero_with_flag_a() {
    for op in ["ORG", "EQU", "SYN", "BSS", "BES", "LOC", "TCD"] {
        assert_eq!(flags(&format!("A      {op}\n       END 0\n")), ["A"], "{op}");
    }
    assert_eq!(flags("       END\n"), ["A"]);
    assert_eq!(run("       PZE\n       END\n").start(), None);
    assert_eq!(deck("       PZE\n       END\n"), ["000001000000 000001000000", "000000000000"]);
}

#[test]
fn repeat() {
    let source = "       ORG 8\nA      PZE *\n       PZE A\n       REP 2,2\nB      PZE B\n       END 0\n";
    let expected = ["00010", "00010", "00012", "00010", "00014", "00010", "00016"];
    assert_eq!(addresses(source), expected);
    // the symbol field is blank in repeated cards, and the REP is not listed
    let listing: Vec<String> = run(source).listing().map(str::to_owned).collect();
    assert_eq!(listing[2], "       00010  0 00000 0 00010 A      PZE *");
    assert_eq!(listing[4], "       00012  0 00000 0 00012        PZE *");
    assert_eq!(listing.len(), 10);
    // the physical cards count, remarks too
    let remark = "A      PZE 1\n       REM\n       REP 1,1\n       PZE 2\n       END 0\n";
    assert_eq!(addresses(remark), ["00001", "00002"]);
}

#[test]
fn repeat_without_operands_has_no_effect() {
    let source = "       PZE 1\n       REP 1\n       REP X,1\n       PZE 2\n       END 0\n";
    assert_eq!(addresses(source), ["00001", "00002"]);
    let listing: Vec<String> = run(source).listing().map(str::to_owned).collect();
    assert_eq!(listing[1], " U           REP 1");
    assert_eq!(listing[2], " U           REP X,1");
}

#[test]
fn def_places_new_undefined_symbols() {
    let source = "       PZE U1\n       DEF 100,2\n       PZE U1\n       PZE U2\n       PZE U3\n       PZE U2\n       PZE U4\n       END 0\n";
    assert_eq!(addresses(source), ["00000", "00000", "00144", "00145", "00144", "00000"]);
    assert_eq!(flags(source), ["U", "U", "U"]);
    let listing: Vec<String> = run(source).listing().map(str::to_owned).collect();
    let tail = &listing[listing.len() - 4..];
    assert_eq!(
        tail,
        [
            "                        00144 0   U2",
            "                        00145 0   U3",
            "                        00001 0   U1",
            "                        00002 0   U4",
        ]
    );
}

#[test]
fn operations_can_be_defined() {
    // A and T are wanted: 6 in the tag field, which is masked off
    let source = "XYZ    OPD 123400600000\n       XYZ 5\n       END 0\n";
    assert_eq!(image(source), ["00000 123400000005"]);
    assert_eq!(flags(source), ["T"]);
    // the whole name is the key
    assert_eq!(flags("WXYZ   OPD 123400000000\n       XYZ 5\n       END 0\n"), ["U"]);
    // pseudo-operations are looked up first
    assert_eq!(image("OCT    OPD 123400000000\n       OCT 5\n       END 0\n"), ["00000 000000000005"]);
}

#[test]
fn of_two_definitions_of_an_operation_sort_and_search_decide() {
    let word = |source: &str| image(source)[0].clone();
    assert_eq!(word("CLA    OPD 123400000000\n       CLA 5\n       END 0\n"), "00000 123400000005");
    assert_eq!(word("ADD    OPD 123400000000\n       ADD 5\n       END 0\n"), "00000 040000000005");
    // which of two wins depends on how many there are: worked out with 125 and with 126 entries
    let twice = "FOO    OPD 123400000000\nFOO    OPD 222200000000\n";
    let uses = "       FOO 5\n       END 0\n";
    assert_eq!(word(&format!("{twice}{uses}")), "00000 222200000005");
    assert_eq!(word(&format!("{twice}CLA    OPD 123400000000\n{uses}")), "00000 123400000005");
}

#[test]
fn symbol_tables_go_from_one_assembly_to_another() {
    let first = "A      EQU 5\nB      BSS 3\n       WST 10,1\n       END 0\n";
    let second = "C      EQU 7\n       RST 10,1\n       PZE A\n       PZE C\n       END 0\n";
    let third = "C      EQU 7\n       AST 10,1\n       PZE A\n       PZE C\n       END 0\n";
    let source = format!("{first}{second}{third}");
    let found: Vec<Vec<String>> = run(&source)
        .assemblies
        .iter()
        .map(|assembly| assembly.words.iter().map(|w| format!("{:05o}", w.word.address())).collect())
        .collect();
    // RST replaces what was there, AST appends
    assert_eq!(found[1], ["00005", "00000"]);
    assert_eq!(found[2], ["00005", "00007"]);
}

/// The first pass takes the first copy in the table; WST sorts the table, so another one may be first then. The search is
/// the second pass's alone.
#[test]
fn behind_wst_the_first_pass_takes_the_first_copy_of_the_sorted_table() {
    // the sort of B1 B2 A gives A B1 B2, as worked out above; the search would find B2
    let source =
        "B      EQU 1\nB      EQU 2\nA      EQU 9\n       WST 10,1\n       BSS B\nC      PZE\n       END 0\n";
    assert!(symbols(source).contains(&"C 00001".to_owned()), "{:?}", symbols(source));
    // of two the sort puts the second first
    let two = "B      EQU 1\nB      EQU 2\n       WST 10,1\n       BSS B\nC      PZE\n       END 0\n";
    assert!(symbols(two).contains(&"C 00002".to_owned()), "{:?}", symbols(two));
}

#[test]
fn a_table_that_was_never_written_is_said() {
    assert_eq!(codes("       RST 10,1\n       END 0\n"), ["1 A010"]);
    // the second table of a tape goes when the first is written again
    let source = "       WST 9,1\n       WST 9,2\n       WST 9,1\n       RST 9,2\n       END 0\n";
    assert_eq!(codes(source), ["4 A010"]);
}

#[test]
fn a_location_symbol_lost_to_rst_acts_as_zero() {
    let first = "       WST 10,1\n       END 0\n";
    let second = "       ORG 64\nA      PZE *\n       RST 10,1\n       PZE\n       END 0\n";
    let source = format!("{first}{second}");
    assert_eq!(image(&source), ["00000 000000000100", "00001 000000000000"]);
    assert_eq!(flags(&source), ["PU"]);
}

#[test]
fn phase_errors_set_the_counter_to_the_symbol() {
    // BSS N is 0 in the first pass and 2 in the second
    let source = "       BSS N\nA      PZE 1\nN      EQU 2\n       END 0\n";
    assert_eq!(image(source), ["00000 000000000001"]);
    assert_eq!(flags(source), ["U", "P"]);
}

#[test]
fn a_correction_stores_a_word_on_the_card() {
    let source = "       ORG 8\n       PZE 1\n       C/T 5,2\n       PZE *\n       END 0\n";
    assert_eq!(deck(source)[0], "000003000010 000003200027 000000000001 000000200005 000000000011");
}

#[test]
fn store_behind_a_division_is_questioned() {
    for op in ["DVH", "DVP", "FDH", "FDP"] {
        let source = format!("A      {op} A\n       STO A\n       END 0\n");
        assert_eq!(flags(&source), ["Q"], "{op}");
    }
    // cards without an instruction between do not count, instructions do
    assert_eq!(flags("A      DVP A\n       REM\nB      EQU 5\n       STO A\n       END 0\n"), ["Q"]);
    assert!(flags("A      DVP A\n       NOP\n       STO A\n       END 0\n").is_empty());
    assert!(flags("A      DVP A\n       STQ A\n       END 0\n").is_empty());
}

#[test]
fn libraries_are_not_found() {
    let source = "SIN    LIB\n       PZE 1\n       END 0\n";
    assert_eq!(image(source), ["00000 000000000001"]);
    assert_eq!(codes(source), ["1 A015"]);
    let listing: Vec<String> = run(source).listing().map(str::to_owned).collect();
    assert_eq!(listing[1], " U    SIN    LIB");
    assert_eq!(listing[2], "1      00000  0 00000 0 00001        PZE 1");
}

#[test]
fn several_assemblies_and_fin() {
    let source = "       PZE 1\n       END 0\n       PZE A\n       END 0\n       FIN\n       PZE\n";
    let output = run(source);
    assert_eq!(output.assemblies.len(), 2);
    assert_eq!(codes(source), ["3 A002", "6 A028"]);
}

#[test]
fn without_end_nothing_is_punched() {
    let output = run("       PZE 1\n");
    assert_eq!(output.cards().count(), 0);
    assert_eq!(codes("       PZE 1\n"), ["1 A011"]);
    // trailing blank lines are no assembly
    assert!(codes("       PZE 1\n       END 0\n\n\n").is_empty());
}

#[test]
fn diagnostics_name_their_symbol() {
    let source =
        "A      EQU 1\nA      EQU 2\n       BSS B+1\nX      HED\nC      PZE A-D\nB      PZE\n       END 0\n";
    let options = Options { unused_symbols: Unused::Each, ..Options::default() };
    let output = assemble(source, &options);
    let found: Vec<String> = output
        .diagnostics()
        .map(|d| format!("{} {} {}", d.line, d.code, d.symbol.as_deref().unwrap_or("-")))
        .collect();
    // under the heading A, B and D are X$A, X$B and X$D, of which there is only X$B
    let expected = [
        "1 A003 A",
        "1 A023 A",
        "2 A003 A",
        "2 A023 A",
        "3 A013 B",
        "5 A023 X$C",
        "5 A002 A",
        "5 A002 D",
        "6 A023 X$B",
    ];
    assert_eq!(found, expected);
    // a warning of several symbols is about none of them
    let together = assemble(source, &Options { unused_symbols: Unused::Together, ..options });
    let unused = together.diagnostics().find(|d| d.code == Code::UnusedSymbol).unwrap();
    assert_eq!(unused.symbol, None);
    assert!(unused.message.ends_with("`A`, `A`, `X$C`, `X$B`"), "{}", unused.message);
}

/// 100,000 definitions of one symbol, more than the original has room for: each is flagged, in a time that does not grow with
/// their square. (It took half a minute.)
#[test]
fn many_definitions_of_one_symbol_are_flagged_at_once() {
    let source = format!("{}       END 0\n", "SAME   HTR 0\n".repeat(100_000));
    let began = std::time::Instant::now();
    let output = assemble(&source, &Options::default());
    assert!(began.elapsed() < std::time::Duration::from_secs(15), "{:?}", began.elapsed());
    let flagged: Vec<_> = output.diagnostics().filter(|d| d.code == Code::MultiplyDefined).collect();
    assert_eq!(flagged.len(), 100_000);
    assert_eq!(flagged[0].help.as_deref(), Some("defined by line 1, line 2, line 3, line 4, line 5, ..."));
}
