//! The pseudo-operations (sap.md 3).

use crate::chars;

/// A pseudo-operation of the SHARE assembler. SWT makes an instruction but is also here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[rustfmt::skip]
#[expect(missing_docs, reason = "each is a row of PSEUDO, which says what it does")]
pub enum Pseudo {
    Wst, Tcd, Syn, Swt, Spc, Skp, Rst, Rep, Rem, Rel, Pst, Plr, Plb, Org, Opd, Oct, Loc,
    Lib, Hed, Ful, Fst, Fin, Equ, End, Def, Dec, Ct, Bss, Bos, Bes, Bcd, Ast, Abs,
}

/// A row of [`PSEUDO`].
#[derive(Debug, Clone, Copy)]
pub struct PseudoRow {
    /// The pseudo-operation.
    pub op: Pseudo,
    /// The three characters of the operation field.
    pub name: &'static str,
    /// Its operands, in a short notation.
    pub operands: &'static str,
    /// Its effect, in one line.
    pub summary: &'static str,
}

const fn row(op: Pseudo, name: &'static str, operands: &'static str, summary: &'static str) -> PseudoRow {
    PseudoRow { op, name, operands, summary }
}

/// All pseudo-operations, in the order of [`Pseudo`], which is that of the original's table.
#[rustfmt::skip]
pub static PSEUDO: [PseudoRow; 33] = [
    row(Pseudo::Wst, "WST", "t,k",   "Write the symbol table as table k of tape t"),
    row(Pseudo::Tcd, "TCD", "e",     "End the card and punch a transfer card to e"),
    row(Pseudo::Syn, "SYN", "e",     "The symbol has the value e, relocatable"),
    row(Pseudo::Swt, "SWT", "n",     "Sense switch test: 1 to 6; 7 to 12 give the minus form of 1 to 6"),
    row(Pseudo::Spc, "SPC", "n",     "Space the listing: 2 double, else single"),
    row(Pseudo::Skp, "SKP", "c",     "The next line has the carriage control character c"),
    row(Pseudo::Rst, "RST", "t,k",   "Replace the symbol table by table k of tape t"),
    row(Pseudo::Rep, "REP", "m,n",   "Repeat the m cards before, n times more"),
    row(Pseudo::Rem, "REM", "text",  "A remark"),
    row(Pseudo::Rel, "REL", "",      "Relocatable cards of up to 20 words from here on"),
    row(Pseudo::Pst, "PST", "",      "Punch the symbol table before the program"),
    row(Pseudo::Plr, "PLR", "",      "List library routines, or no longer"),
    row(Pseudo::Plb, "PLB", "p",     "Press the LOAD CARDS key in pass p"),
    row(Pseudo::Org, "ORG", "e",     "The location counter becomes e; a new card"),
    row(Pseudo::Opd, "OPD", "octal", "The symbol becomes an operation with this word"),
    row(Pseudo::Oct, "OCT", "list",  "Octal words"),
    row(Pseudo::Loc, "LOC", "e",     "The location counter becomes e, on the same card"),
    row(Pseudo::Lib, "LIB", "t",     "Copy the routine named in the location field from library tape t"),
    row(Pseudo::Hed, "HED", "",      "The character of column 1 heads all symbols of up to five characters"),
    row(Pseudo::Ful, "FUL", "",      "Cards of 24 words without a control word from here on"),
    row(Pseudo::Fst, "FST", "",      "Punch the symbol table after the program"),
    row(Pseudo::Fin, "FIN", "",      "End of the run"),
    row(Pseudo::Equ, "EQU", "e",     "The symbol has the value e, absolute"),
    row(Pseudo::End, "END", "e",     "End of the assembly; a transfer card to e"),
    row(Pseudo::Def, "DEF", "e,k",   "Give the next k undefined symbols the values e, e+1, ..."),
    row(Pseudo::Dec, "DEC", "list",  "Decimal words: integers, floating numbers, fixed point with B"),
    row(Pseudo::Ct,  "C/T", "a,t",   "A correction or transfer word on the card"),
    row(Pseudo::Bss, "BSS", "n",     "Reserve n words; the symbol is the first"),
    row(Pseudo::Bos, "BOS", "t",     "Binary output goes to tape t; blank: to the punch"),
    row(Pseudo::Bes, "BES", "n",     "Reserve n words; the symbol is after the last"),
    row(Pseudo::Bcd, "BCD", "ntext", "n words of six characters; blank: ten"),
    row(Pseudo::Ast, "AST", "t,k",   "Append table k of tape t to the symbol table"),
    row(Pseudo::Abs, "ABS", "",      "Absolute cards of up to 22 words from here on"),
];

const _: () = {
    assert!(PSEUDO.len() == Pseudo::Abs as usize + 1, "each pseudo-operation has a row; Abs is the last");
    let mut i = 0;
    while i < PSEUDO.len() {
        assert!(PSEUDO[i].op as usize == i, "the rows are in the order of Pseudo");
        i += 1;
    }
};

/// The operation field of a name as 18 bits.
pub(crate) fn operation_key(name: &str) -> u32 {
    let mut key = 0;
    for c in format!("{name:3}").chars() {
        key = (key << 6) | u32::from(chars::from_ascii(c).unwrap_or(chars::BLANK));
    }
    key
}
