//! LIB cards with a library (sap.md 3, LIB).

use asm704::assemble::{Options, assemble_with};

/// A library of one routine, SUB, of one word; what is asked of it is noted.
fn library(asked: &mut Vec<String>) -> impl FnMut(&str) -> Option<(String, String)> {
    |name| {
        asked.push(name.to_owned());
        (name == "SUB").then(|| ("sub.sap".to_owned(), "SUB    PZE 7\n".to_owned()))
    }
}

#[test]
fn each_assembly_gets_a_routine_once() {
    let one = "SUB    LIB\nSUB    LIB\n       TSX SUB,4\n       END 0\n";
    let mut asked = Vec::new();
    let output = assemble_with(&one.repeat(2), &Options::default(), &mut library(&mut asked));
    assert!(!output.is_flagged());
    let words = |n: usize| -> Vec<String> {
        output.assemblies[n].words.iter().map(|word| word.word.to_string()).collect()
    };
    let expected = ["000000000007", "007400400000"];
    assert_eq!(words(0), expected);
    assert_eq!(words(1), expected);
    // the second card in an assembly finds it taken: nobody is asked
    assert_eq!(asked, ["SUB", "SUB"]);
    // lines of the second copy are counted behind those of the first: 8 of the source, 1 of the routine
    assert_eq!(output.routines.iter().map(|routine| routine.first_line).collect::<Vec<_>>(), [9, 10]);
}

/// Two routines that bring in each other, each behind an END: every routine comes once for the LIB card of the source, and the
/// LIB card that would bring one in again is reported.
#[test]
fn routines_that_bring_in_each_other_come_to_an_end() {
    for (first, second) in
        [("       END\nA      LIB\n", ""), ("       END\nB      LIB\n", "       END\nA      LIB\n")]
    {
        let mut asked = 0;
        let mut library = |name: &str| {
            asked += 1;
            assert!(asked < 100, "it never ends");
            let cards = if name == "A" { first } else { second };
            Some((name.to_owned(), cards.to_owned()))
        };
        let output =
            asm704::assemble::assemble_with("A      LIB\n       END\n", &Options::default(), &mut library);
        assert!(output.is_flagged(), "the LIB card that would begin it again is flagged");
    }
}
