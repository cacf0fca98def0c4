//! The listing, column by column (sap.md 6.9).

use super::run;

fn listing(source: &str) -> Vec<String> {
    run(source).listing().map(str::to_owned).collect()
}

/// The line of the second card: behind the line of the first pass and that of the first card.
#[track_caller]
fn check(card: &str, expected: &str) {
    let lines = listing(&format!("       ORG 64\n{card}\n       END 0\n"));
    assert_eq!(lines[2], expected, "{card}");
}

#[test]
fn the_first_card_is_printed_by_both_passes() {
    // of a remark columns 7 to 11 are blanked in the second pass
    let remark = format!("1{:40}TITLE", "");
    assert_eq!(
        listing("       REM TITLE\n       END 0\n"),
        ["9            REM TITLE", remark.as_str(), "                        00000        END 0"]
    );
}

#[test]
fn fin_is_the_first_card_of_one_more_assembly() {
    let lines = listing("       END 0\n       FIN\n");
    assert_eq!(lines.last().unwrap(), "9            FIN");
}

#[test]
fn columns_of_a_line() {
    //     1234567890123456789012345678901234567890
    check("X      TXI X,1,5", "       00100  1 00005 1 00100 X      TXI X,1,5");
    check("       MZE", "       00100 -0 00000 0 00000        MZE");
    check("       TNX 0,0,-1", "       00100 -2 77777 0 00000        TNX 0,0,-1");
    check("       OCT -7", "       00100 -000000000007           OCT -7");
    check("       DEC 1", "       00100 +000000000001           DEC 1");
    check("       BCD 1ABCDEF", "       00100  212223242526           BCD 1ABCDEF");
}

#[test]
fn undefined_things_are_blank() {
    check("       XYZ 5,1,2", " U     00100    00002 1 00005        XYZ 5,1,2");
    check("       CLA U,1", " U     00100  0 50000 1              CLA U,1");
    check("       CLA 1,U", " U     00100  0 50000   00001        CLA 1,U");
    // of an operation with a code in the decrement, the code stays
    check("       CLA 1,2,U", " U     00100  0 500   2 00001        CLA 1,2,U");
    check("       TXI 1,2,U", " U     00100  1       2 00001        TXI 1,2,U");
    check("       DEC 1E99", " U     00100                         DEC 1E99");
    let lines = listing("       BSS U\n       END 0\n");
    assert_eq!(lines[1], " U           BSS U");
    assert_eq!(lines[2], "1U                                   BSS U");
}

#[test]
fn values_of_pseudo_operations() {
    check("       ORG 8", "                        00010        ORG 8");
    check("       LOC 8", "                        00010        LOC 8");
    check("A      EQU 9", "                        00011 A      EQU 9");
    check("A      SYN 9", "                        00011 A      SYN 9");
    // BSS shows the counter before, BES behind
    check("A      BSS 8", "                        00100 A      BSS 8");
    check("A      BES 8", "                        00110 A      BES 8");
    check("       TCD 8", "                        00010        TCD 8");
    check("       DEF 8,1", "                        00010        DEF 8,1");
    check("       DEF 8", "                                     DEF 8");
    check("E      HED", "                              E      HED");
    check("XYZ    OPD 1", "                              XYZ    OPD 1");
    check("       C/T 5,2", "                      2 00005            5,2");
    check("       BCD 0", "                                     BCD 0");
}

#[test]
fn further_words_of_a_list_have_location_and_word() {
    let lines = listing("A      OCT 1,2\n       DEC 3,1E99,4\n       END 0\n");
    assert_eq!(
        lines[1..6],
        [
            "1      00000 +000000000001    A      OCT 1,2",
            "       00001 +000000000002",
            "       00002 +000000000003           DEC 3,1E99,4",
            " U     00003",
            "       00004 +000000000004",
        ]
    );
}

#[test]
fn control_cards_are_not_listed() {
    let source = "       REM\n       ABS\n       FUL\n       REL\n       BOS\n       SKP 1\n       SPC 1\n       WST 1\n       RST 1\n       \
                  AST 1\n       PST\n       PLR\n       FST\n       REP 1,1\n       END 0\n";
    // the first pass's line, REM, its repetition is that of FST, END
    let lines = listing(source);
    assert_eq!(lines.len(), 3, "{lines:#?}");
}

#[test]
fn carriage_control() {
    let source = "       REM\n       SPC 2\n       REM A\n       REM B\n       SKP 1\n       REM C\n       SPC\n       REM D\n       END 0\n";
    let controls: String = listing(source).iter().map(|line| &line[..1]).collect();
    assert_eq!(controls, "91001  ");
}

#[test]
fn flags_stand_in_order_and_at_most_five() {
    let source = "A      DVP A\nA      STO\n       END 0\n";
    let lines = listing(source);
    assert_eq!(lines[2], " MQA   00001  0 60100 0 00000 A      STO");
    // the flags of an OCT card stand on all its lines
    let lists = listing("A      OCT 1,2\nA      DEC 1,2\n       END 0\n");
    assert_eq!(lists[2], " M     00001 +000000000002");
    assert_eq!(lists[4], "       00003 +000000000002");
}

#[test]
fn tables_behind_end() {
    let source = "       PZE UND
E      HED
       PZE X
0      HED
DUP    PZE
DUP    EQU 8
DOUBLE EQU 1
DOUBLE EQU 2
       END 0
";
    let lines = listing(source);
    // heading 0 prints as 0; a symbol of six characters has none
    assert_eq!(
        lines[lines.len() - 4..],
        [
            "                        00001 0  UND",
            "                        00002 E    X",
            "                              0  DUP 00002,00010",
            "                              DOUBLE 00002,00001",
        ]
    );
}

#[test]
fn many_definitions_take_several_lines() {
    let source: String = (1..=15).map(|n| format!("A      EQU {n}\n")).collect::<String>() + "       END 0\n";
    let lines = listing(&source);
    let tail = &lines[lines.len() - 2..];
    assert_eq!(tail[0].len(), 114);
    assert!(tail[0].starts_with("                              0    A "));
    assert_eq!(tail[1].len(), 36 + 12);
}
