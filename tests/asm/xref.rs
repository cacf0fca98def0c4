//! The cross-reference table and the listing as a page.

use asm704::assemble::{Options, Output, Usage, assemble};
use asm704::listing::html;
use asm704::xref;

const SOURCE: &str = "       ORG 100
START  CLA A
       STO B,1
       STA START
LOOP   TIX LOOP,1,ONE
       TSX NONE,4
       CPY B+1
       PZE A,0,A
       TRA A
A      BSS 1
A      DEC 1,2
ONE    EQU 1
SPARE  OCT 7
B      BSS 2
       DEF 500,1
       CLA PLACED
       REP 1,2
       END START
";

fn run(source: &str, free: bool) -> Output {
    assemble(source, &Options { references: true, free, ..Options::default() })
}

/// The uses of each symbol: line and letter.
fn uses(source: &str) -> Vec<String> {
    xref::table(&run(source, false).assemblies[0])
        .iter()
        .map(|row| {
            let uses: Vec<String> =
                row.references.iter().map(|r| format!("{}{}", r.line, r.usage.letter())).collect();
            format!("{} {}", row.name, uses.join(" ").replace("  ", " ")).trim_end().to_owned()
        })
        .collect()
}

#[test]
fn the_table_as_text() {
    insta::assert_snapshot!(xref::text(&run(SOURCE, false)), @r"
    Cross reference of lines 1 to 18
    R read, W written, M changed in part, C copied, T transferred to; no letter: its value

    symbol    value  defined     used
    A         00155  10,11       2R  8  8  9T  ** multiply defined
    B         00160  14          3W  7C
    LOOP      00147  5           5T
    NONE      -      -           6T  ** undefined
    ONE       00001  12          5
    PLACED    00764  -           16R  ** placed by DEF
    SPARE     00157  13          ** unused
    START     00144  2           4M  18
    ");
}

#[test]
fn the_operation_says_what_a_reference_is_for() {
    for (usage, names) in [
        (
            Usage::Read,
            "CLA CLS CAL ADD SUB ADM SBM ACL MPY MPR DVH DVP LDQ ANA ORA CAS LXA LXD FAD FSB UFA UFS FMP UFM FDH FDP LDA",
        ),
        (Usage::Write, "STQ STO SLW STZ"),
        (Usage::Modify, "SLQ STP STD STA SXD ANS ORS"),
        (Usage::Copy, "CPY CAD CAC"),
        (Usage::Transfer, "HTR TRA TTR TZE TNZ TPL TMI TOV TNO TQP TQO TLQ TSX TXI TIX TNX TXH TXL"),
        (
            Usage::Value,
            "HPR NOP ALS ARS LLS LRS LGL RQL RDS WRS BST WEF REW RTB WTD PZE MZE PON PTW    ORG EQU PAX PXD PSE SLN XYZ",
        ),
    ] {
        for name in names.split(' ') {
            let output = run(&format!("A      SYN 1\n       {name:3} A,1,1\n       END 0\n"), false);
            let reference = &output.assemblies[0].references[0];
            assert_eq!((reference.name.as_str(), reference.line, reference.usage), ("A", 2, usage), "{name}");
        }
    }
}

#[test]
fn headings_are_part_of_the_name() {
    let source =
        "A      PZE\nE      HED\nA      PZE A\n       PZE $A\n0      HED\n       PZE E$A\n       END\n";
    assert_eq!(uses(source), ["A 4", "E$A 3 6"]);
}

#[test]
fn what_rep_repeats_counts_once() {
    assert_eq!(uses("A      PZE\n       CLA A\n       REP 1,5\n       END\n"), ["A 2R"]);
}

#[test]
fn columns_of_references() {
    let output = run("A CLA   B+A\nB HTR\n END\n", true);
    let columns: Vec<_> =
        output.assemblies[0].references.iter().map(|r| (r.name.as_str(), r.columns.clone())).collect();
    assert_eq!(columns, [("B", 8..9), ("A", 10..11)]);
    assert_eq!(output.assemblies[0].references[0].card_columns, 11..12);
}

#[test]
fn the_page_has_links_and_messages() {
    let page = html::page("a<b.sap", &run(SOURCE, false));
    assert!(page.contains("<title>a&lt;b.sap</title>"));
    assert!(page.contains(
        "<div class=\"l\" id=\"l3\">       00145  0 60100 1 00160        STO <a href=\"#l14\" title=\"00160\">B</a>,1</div>"
    ), "{page}");
    assert!(page.contains("<dfn title=\"00147\">LOOP</dfn>"));
    // an undefined symbol leads nowhere, and its message is below
    assert!(page.contains("TSX NONE,4</div>\n<div class=\"m error\">error A002: `NONE` is not defined"));
    assert!(!page.contains("http"), "the page needs nothing from elsewhere");
    for line in 1..=18 {
        assert!(page.matches(&format!("id=\"l{line}\"")).count() <= 1);
    }
}

#[test]
fn the_page_has_the_text_of_the_listing() {
    for source in [
        SOURCE,
        include_str!("err/mistakes.sap"),
        include_str!("err/passes.sap"),
        include_str!("ok/headings.sap"),
    ] {
        let output = run(source, false);
        let page = html::page("x", &output);
        let text: Vec<String> = page
            .lines()
            .filter(|line| line.starts_with("<div class=\"l") || line.starts_with("<section><div class=\"l"))
            .map(|line| {
                let mut text = String::new();
                let mut in_tag = false;
                for c in line.chars() {
                    match c {
                        '<' => in_tag = true,
                        '>' => in_tag = false,
                        c if !in_tag => text.push(c),
                        _ => {}
                    }
                }
                text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
            })
            .collect();
        assert!(text.iter().map(String::as_str).eq(output.listing()));
    }
}
