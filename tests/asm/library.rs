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
