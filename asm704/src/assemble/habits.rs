//! Questions about cards that assemble silently and often do not do what their author meant: habits from later machines, and
//! slips that the original does not notice. They set no flag and change no word.

use std::collections::{BTreeSet, HashMap};

use super::operations::{Operation, operation_of};
use super::{Assembly, Report, hints};
use crate::Word;
use crate::chars::BLANK;
use crate::diag::{Code, Diagnostic};
use crate::isa::{self, Access, Op};
use crate::source::{Card, VARIABLE};
use crate::syntax::expr;
use crate::syntax::octal::bcd_count;
use crate::syntax::pseudo::Pseudo;

const COMMA: u8 = 0o73;
/// The column after the last one that BCD reads.
const TEXT_END: usize = 72;

/// Operation names of today's machines, and what to use on a 704 instead.
const TODAY: [(&str, &str); 41] = [
    ("MOV", "CLA loads the accumulator and STO stores it"),
    ("LD", "CLA loads the accumulator, LDQ the MQ"),
    ("LDI", "CLA loads a word of storage: put the number there with DEC"),
    ("LDX", "LXA loads an index register with an address, LXD with a decrement"),
    ("LDB", "CLA loads the accumulator"),
    ("ST", "STO stores the accumulator, STQ the MQ"),
    ("STX", "SXD stores an index register"),
    ("JMP", "TRA transfers"),
    ("BRA", "TRA transfers"),
    ("BR", "TRA transfers"),
    ("B", "TRA transfers"),
    ("JZ", "TZE transfers on zero"),
    ("BEQ", "TZE transfers on zero; CAS compares"),
    ("JE", "TZE transfers on zero; CAS compares"),
    ("JNZ", "TNZ transfers on nonzero"),
    ("BNE", "TNZ transfers on nonzero; CAS compares"),
    ("JNE", "TNZ transfers on nonzero; CAS compares"),
    ("BMI", "TMI transfers on minus"),
    ("BPL", "TPL transfers on plus"),
    ("HLT", "HTR halts and continues at its address on START; HPR continues after itself"),
    ("HAL", "HTR halts and continues at its address on START; HPR continues after itself"),
    ("MUL", "MPY multiplies whole numbers, FMP floating-point ones"),
    ("DIV", "DVP divides, or DVH; FDP and FDH divide floating-point numbers"),
    ("CMP", "CAS compares: it skips no word, one or two"),
    ("JSR", "TSX NAME,4 calls a subroutine, TRA 1,4 returns from it"),
    ("BSR", "TSX NAME,4 calls a subroutine, TRA 1,4 returns from it"),
    ("CALL", "TSX NAME,4 calls a subroutine, TRA 1,4 returns from it"),
    ("RET", "TRA 1,4 returns from a subroutine that TSX NAME,4 has called"),
    ("RTS", "TRA 1,4 returns from a subroutine that TSX NAME,4 has called"),
    ("INC", "ADD a word that holds 1; TXI adds to an index register"),
    ("NEG", "CHS changes the sign, CLS loads with the sign changed"),
    ("AND", "ANA"),
    ("OR", "ORA"),
    ("XOR", "a 704 has none: combine ORA, ANA, COM and ACL"),
    ("NOT", "COM complements the accumulator"),
    ("SHL", "ALS shifts the accumulator, LLS the accumulator with the MQ"),
    ("SHR", "ARS shifts the accumulator, LRS the accumulator with the MQ"),
    ("ROL", "RQL rotates the MQ"),
    ("CLR", "CLM clears the accumulator, STZ a word of storage"),
    ("PUS", "a 704 has no stack: an index register counts through a table"),
    ("HEX", "OCT takes octal numbers"),
];

/// What to use on a 704 instead of an operation of a later machine.
pub(super) fn today(name: &str) -> Option<String> {
    let (_, help) = TODAY.iter().find(|(today, _)| *today == name)?;
    Some(format!("on a 704 {help}"))
}

/// Checks a finished assembly.
pub(super) fn look(cards: &[Card], assembly: &Assembly, report: &mut Report) {
    for card in cards {
        column_11(card, report);
        text_count(card, report);
        text_cut(card, report);
        decimal_size(card, report);
        comma(card, report);
    }
    let by_line: HashMap<usize, &Card> = cards.iter().map(|card| (card.line, card)).collect();
    origin(cards, assembly, report);
    into_data(&by_line, assembly, report);
    numbers_as_addresses(&by_line, assembly, report);
}

/// The columns of the text from `start` up to the next blank.
fn unbroken(card: &Card, start: usize) -> std::ops::Range<usize> {
    let end = card.columns[start..].iter().position(|&code| code == BLANK);
    start..end.map_or(card.columns.len(), |n| start + n)
}

fn column_11(card: &Card, report: &mut Report) {
    let operation = operation_of(card);
    if card.columns[10] == BLANK
        || matches!(operation, Operation::Unknown | Operation::Pseudo(Pseudo::Rem))
        || card.columns[7..10].contains(&BLANK)
    {
        return;
    }
    let at = unbroken(card, 7);
    let (name, read) = (hints::text(card, at.clone()), hints::text(card, 7..10));
    let help = today(&name).unwrap_or_else(|| {
        "the operation is in columns 8 to 10, the variable field begins in column 12".to_owned()
    });
    report.add(
        Diagnostic::new(Code::Column11, card.line, at, "column 11 is not read".to_owned())
            .label(format!("taken as `{read}`"))
            .help(help),
    );
}

fn text_count(card: &Card, report: &mut Report) {
    if operation_of(card) != Operation::Pseudo(Pseudo::Bcd) {
        return;
    }
    let (count, behind) = (card.columns[VARIABLE], card.columns[VARIABLE + 1]);
    let words = bcd_count(&card.columns);
    let plural = if words == 1 { "" } else { "s" };
    let (message, label) = if !(1..=9).contains(&count) && count != BLANK {
        let first = hints::text(card, VARIABLE..VARIABLE + 1);
        (
            "BCD without a count of words".to_owned(),
            format!("`{first}` is not part of the text: {words} word{plural}"),
        )
    } else if count <= 9 && behind <= 9 {
        let second = hints::text(card, VARIABLE + 1..VARIABLE + 2);
        let message = "the count of BCD is one digit".to_owned();
        (message, format!("{words} word{plural}, of a text that begins with `{second}`"))
    } else {
        return;
    };
    report.add(
        Diagnostic::new(Code::TextCount, card.line, VARIABLE..VARIABLE + 1, message)
            .label(label)
            .help("BCD 2HELLO WORLD makes two words of six characters each"),
    );
}

/// Checks for text that continues, without a blank, after the words of its count.
fn text_cut(card: &Card, report: &mut Report) {
    let (count, first) = (card.columns[VARIABLE], VARIABLE + 1);
    if operation_of(card) != Operation::Pseudo(Pseudo::Bcd)
        || !(1..=9).contains(&count)
        || card.columns[first] <= 9
    {
        return;
    }
    let end = first + 6 * usize::from(count);
    if end >= TEXT_END || card.columns[end - 1] == BLANK || card.columns[end] == BLANK {
        return;
    }
    let at = end..unbroken(card, end).end.min(TEXT_END);
    let needed = (at.end - first).div_ceil(6);
    let plural = if count == 1 { "" } else { "s" };
    let mut diagnostic = Diagnostic::new(
        Code::TextCut,
        card.line,
        at,
        format!("the text is longer than its {count} word{plural}"),
    )
    .label(format!("a comment: the text has {} characters", 6 * count));
    if needed <= 9 {
        diagnostic = diagnostic.help(format!("BCD {needed} makes enough words for it"));
    }
    report.add(diagnostic);
}

/// Checks for whole numbers of DEC that need more than 35 bits.
fn decimal_size(card: &Card, report: &mut Report) {
    if operation_of(card) != Operation::Pseudo(Pseudo::Dec) {
        return;
    }
    let (items, _) = crate::syntax::decimal::decimal_list(&card.columns);
    for item in items {
        let text = hints::text(card, item.at.clone());
        let digits = text.trim_start_matches(['+', '-']);
        let whole = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
        let fits = digits.parse::<u128>().is_ok_and(|value| value <= u128::from(Word::MAGNITUDE));
        if let (true, false, Some(word)) = (whole, fits, item.word) {
            report.add(
                Diagnostic::new(
                    Code::NumberCut,
                    card.line,
                    item.at,
                    format!("`{text}` does not fit in a word"),
                )
                .label(format!("the word is {word}"))
                .help("a word holds whole numbers up to 34,359,738,367"),
            );
        }
    }
}

/// Checks for `LXA TEN, 1`: a comma, a blank, and text that was meant to be the next subfield.
fn comma(card: &Card, report: &mut Report) {
    if matches!(operation_of(card), Operation::Pseudo(Pseudo::Rem | Pseudo::Bcd | Pseudo::Hed | Pseudo::Lib))
    {
        return;
    }
    let end = card.variable_end();
    if end <= VARIABLE || end + 2 >= card.columns.len() || card.columns[end - 1] != COMMA {
        return;
    }
    let Some(next) = card.columns[end..end + 3].iter().position(|&code| code != BLANK) else { return };
    let at = unbroken(card, end + next);
    let text = hints::text(card, at.clone());
    report.add(
        Diagnostic::new(
            Code::BlankInField,
            card.line,
            at,
            format!("`{text}` is a comment: the first blank ends the variable field"),
        )
        .help("write the subfields without blanks, as in LXA TEN,1"),
    );
}

/// Whether END names the start of the program. `END 0` states that location 0 is meant.
fn named(cards: &[Card]) -> bool {
    cards.last().is_some_and(|end| hints::text(end, VARIABLE..end.variable_end()) != "0")
}

/// Checks for words that go to location 0 because no card says where they belong.
fn origin(cards: &[Card], assembly: &Assembly, report: &mut Report) {
    let placed = |card: &Card| {
        let operation = operation_of(card);
        let is_number = card.has_location() && expr::is_integer(card.squeezed());
        is_number
            || matches!(
                operation,
                Operation::Pseudo(
                    Pseudo::Org
                        | Pseudo::Loc
                        | Pseudo::Rel
                        | Pseudo::Ful
                        | Pseudo::Bss
                        | Pseudo::Bes
                        | Pseudo::Ct
                )
            )
    };
    let Some(first) = assembly.words.first().filter(|word| word.location == 0) else { return };
    let Some(at) = cards.iter().position(|card| card.line == first.line) else { return };
    // a source that calls nothing and is called by others is placed by the program that includes it
    if assembly.start.is_none_or(|start| start == 0 && !named(cards)) || cards[..=at].iter().any(placed) {
        return;
    }
    report.add(
        Diagnostic::new(
            Code::NoOrigin,
            cards[at].line,
            7..10,
            "no ORG before this card: the program begins at location 0".to_owned(),
        )
        .label("at 00000")
        .help("the LOAD keys and trapping use locations 0 to 2; ORG 64 puts the program after them"),
    );
}

/// Checks for an instruction that runs into the data after it.
fn into_data(cards: &HashMap<usize, &Card>, assembly: &Assembly, report: &mut Report) {
    let mut before: Option<(u16, bool)> = None;
    for word in &assembly.words {
        let Some(&card) = cards.get(&word.line) else { continue };
        let operation = operation_of(card);
        let data = matches!(operation, Operation::Pseudo(Pseudo::Dec | Pseudo::Bcd));
        if let Some((location, true)) = before
            && data
            && word.location == location.wrapping_add(1)
            && isa::decode(word.word).is_none_or(|op| matches!(op, Op::Htr))
        {
            report.add(
                Diagnostic::new(
                    Code::RunsIntoData,
                    card.line,
                    7..10,
                    "the program runs into this word".to_owned(),
                )
                .label(format!("executed as an instruction, it is {}", executed(word.word)))
                .help("end the program before it with HTR or TRA"),
            );
        }
        before =
            Some((word.location, matches!(operation, Operation::Machine(_)) && goes_on(card, word.word)));
    }
}

fn executed(word: Word) -> String {
    match isa::decode(word) {
        Some(op) => format!("{} {:05o}", op.name(), word.address()),
        None => "not an operation of the 704".to_owned(),
    }
}

/// Whether the next instruction is always the word after this one. Words made with the names of prefixes are data.
fn goes_on(card: &Card, word: Word) -> bool {
    let name = hints::text(card, 7..10);
    let Some(op) = isa::decode(word) else { return false };
    if name != op.name() {
        return false;
    }
    // skips, halts and transfers can continue elsewhere; a call is followed by words of its own
    matches!(op.row().access, Access::Reads(_) | Access::Writes(_) | Access::Modifies(_)) && op != Op::Cas
}

/// Checks for `ADD 3`, where the number 3 may be meant instead of the word at location 3.
fn numbers_as_addresses(cards: &HashMap<usize, &Card>, assembly: &Assembly, report: &mut Report) {
    let made: BTreeSet<u16> = assembly.words.iter().map(|word| word.location).collect();
    let traps = assembly.words.iter().any(|word| isa::decode(word.word) == Some(Op::Etm));
    for word in &assembly.words {
        let Some(op) = isa::decode(word.word) else { continue };
        let takes = matches!(
            op,
            Op::Cla
                | Op::Cls
                | Op::Add
                | Op::Sub
                | Op::Adm
                | Op::Sbm
                | Op::Mpy
                | Op::Mpr
                | Op::Dvh
                | Op::Dvp
                | Op::Cas
        );
        let Some(&card) = cards.get(&word.line) else { continue };
        let at = VARIABLE..card.variable_end();
        let number = hints::text(card, at.clone());
        if !takes
            || traps
            || hints::text(card, 7..10) != op.name()
            || !(1..=4).contains(&number.len())
            || !number.chars().all(|c| c.is_ascii_digit())
            || made.contains(&word.word.address())
        {
            continue;
        }
        report.add(
            Diagnostic::new(
                Code::NumberAsAddress,
                card.line,
                at,
                format!("this is the word at location {number}, but the program has no word there"),
            )
            .label(format!("location {:05o} in octal", word.word.address()))
            .help(format!(
                "for the number {number}, name a word: a card `N{number}    DEC {number}`, and N{number} here"
            )),
        );
    }
}
