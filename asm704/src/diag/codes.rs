//! The stable codes, and the text of `asm704 explain` for each.

use std::fmt;
use std::str::FromStr;

use super::{Flags, Severity};

/// The explanation of a code.
#[derive(Debug, Clone, Copy)]
pub struct Explanation {
    /// The code.
    pub code: Code,
    /// Its severity.
    pub severity: Severity,
    /// The flag of the listing.
    pub flag: Flags,
    /// The explanation in one line.
    pub title: &'static str,
    /// The explanation in a paragraph.
    pub text: &'static str,
}

macro_rules! codes {
    ($($name:ident = $number:literal, $severity:ident, $flag:ident, $title:literal, $text:literal;)*) => {
        /// A stable code, printed as `A` and three digits.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        /// All codes, in order.
        static TABLE: &[(u16, Explanation)] = &[
            $(($number, Explanation {
                code: Code::$name,
                severity: Severity::$severity,
                flag: Flags::$flag,
                title: $title,
                text: $text,
            }),)*
        ];
    };
}

codes! {
    UndefinedOperation = 1, Error, U, "undefined operation",
        "The operation field, columns 8 to 10, is neither a pseudo-operation nor an operation of the machine nor one that OPD \
         defines. The word is still assembled, with an operation part of zero; the listing shows flag U and no prefix.";
    UndefinedSymbol = 2, Error, U, "undefined symbol",
        "The symbol is not in any location field. The whole field gets the value 0 and flag U. Undefined symbols are listed after END. \
         A heading (HED) in effect is added to symbols of up to five characters; `$X` names a symbol without a heading.";
    MultiplyDefined = 3, Error, M, "multiply defined symbol",
        "The symbol is in more than one location field. All its cards and references get flag M. References use the copy \
         that the original's binary search of the sorted table meets first; the values are listed after END.";
    Phase = 4, Error, P, "phase error",
        "The location of the card differs from that of the first pass, in which the symbol got its value. The \
         location counter is set to the symbol's value and a new binary card begins. Something before this card changed its \
         length between the passes: a BSS, ORG or REP whose operand was defined only later, for example.";
    AddressMissing = 5, Error, A, "address missing",
        "The operation needs an address, but the variable field is empty. It begins in column 12 and ends at the first blank.";
    TagMissing = 6, Error, T, "tag missing",
        "The operation uses an index register and needs a tag as its second subfield: 1 is A, 2 is B, 4 is C. For a tag of 0, \
         write 0.";
    DecrementMissing = 7, Error, D, "decrement missing",
        "The operation needs a decrement as its third subfield, as in `TIX LOOP,4,1`.";
    StoreAfterDivide = 8, Error, Q, "STO directly after a division",
        "A division leaves the remainder in the accumulator and the quotient in the MQ; STQ stores the quotient. The flag \
         is only a question: the card is assembled as written.";
    IllegalDecimal = 9, Error, U, "illegal decimal number",
        "The number is outside the floating-point range (about 1E-38 to 1E38), or does not fit before the binary point \
         set by B. The word is zero.";
    UnknownTable = 10, Error, U, "no such symbol table",
        "RST and AST read a table that WST has written earlier in the same source. Tables on cards or on reels of another run \
         are not read: that is not specified.";
    EndMissing = 11, Error, NONE, "END missing",
        "The source ends, or FIN comes, within an assembly. The original would not punch anything for these cards, so nothing is punched.";
    ForeignCharacter = 12, Error, NONE, "not a character of the 704",
        "The card has a character that the 704 has no code for, in a column that is assembled. It is read as a blank.";
    UsedBeforeDefined = 13, Error, U, "symbol defined too late",
        "The operands of ORG, LOC, EQU, SYN, BSS, BES, REP and C/T must be defined on an earlier card, because the first pass \
         needs their values. The card has no effect in the first pass.";
    BadRepeat = 14, Error, U, "REP without effect",
        "REP m,n repeats the m cards before it n times more. Both must be given and defined on earlier cards. A REP among the \
         repeated cards is left out, because the original would repeat forever.";
    NoLibrary = 15, Error, U, "library routine not found",
        "LIB copies a routine from the library, and no routine has this name. The card is left out.";
    Unsupported = 16, Warning, NONE, "operation without effect here",
        "PLB would press a key of the machine, PLR would choose which parts of a library tape are listed, BOS would send the cards to a tape. \
         Here they have no effect on the deck, except that cards sent to a tape by BOS are not in it.";
    TagModulo = 17, Warning, NONE, "tag beyond 7",
        "A tag has three bits, one per index register: A is 1, B is 2, C is 4. Only the last three bits of a larger number are used.";
    FieldOverlap = 18, Warning, NONE, "a field is ORed over another",
        "Fields are ORed into the word, not added. An address over an operation with an address of its own, or a decrement over \
         an operation code, can make another operation: `CLA 5,4,7` is 050007400005.";
    OctalEnds = 19, Warning, NONE, "the OCT list ends here",
        "An OCT list has only the digits 0 to 7, signs and commas; any other character, even an 8 or 9, ends the list.";
    AsteriskCard = 20, Warning, NONE, "an asterisk in column 1 does not make a remark",
        "Only REM makes a remark. A card with `*` in column 1 is assembled: its columns 8 to 10 are the operation.";
    SymbolCut = 21, Warning, NONE, "more than six characters",
        "Only the last six characters of a symbol or number in the variable field count.";
    DecimalNotOctal = 22, Warning, NONE, "a decimal number that looks octal",
        "Numbers in the variable field are decimal; there is no octal notation there. A leading zero means nothing.";
    UnusedSymbol = 23, Warning, NONE, "unused symbol",
        "The symbol is never referred to.";
    BeyondCard = 24, Warning, NONE, "text beyond column 80",
        "A card has 80 columns. Text further right is not read.";
    NumberAsLocation = 25, Warning, NONE, "a number in the location field",
        "A number in the location field is not a symbol: it sets the location counter, in decimal, and begins a new binary card.";
    ForeignComment = 26, Warning, NONE, "a comment with a character that the 704 does not have",
        "The character is read as a blank. It is in a part of the card that is not assembled.";
    DecimalEnds = 27, Warning, NONE, "the DEC list ends here",
        "A DEC list has only digits, signs, points, B, E and commas; any other character ends the list, and the rest is \
         a comment.";
    AfterFin = 28, Warning, NONE, "cards after FIN",
        "FIN ends the run; the cards after it are not read.";
    StorageOverlap = 29, Warning, NONE, "two words for one location",
        "Two cards of the assembly put a word at the same location; the later one remains in core. Reported only with --strict: \
         programs of the time overlay storage on purpose.";
    DoesNotFit = 30, Error, NONE, "a field does not fit on the card",
        "A field of a free-form line is longer than its columns on the card: an operation has three characters, the variable \
         field ends with column 72 or 80 (--columns), the text of BCD has six characters per word.";
    Column11 = 31, Warning, NONE, "column 11 is not blank",
        "The operation is read from columns 8 to 10 and the variable field from column 12 on. Column 11 is not \
         read at all: `CALL SUB` in columns is the operation CAL with the variable field `SUB`.";
    TextCount = 32, Warning, NONE, "BCD without a count",
        "Column 12 of a BCD card says how many words it makes, 1 to 9 or blank for 10. The text begins in column 13 in every case. \
         A letter in column 12 also makes 10 words, and the letter is lost.";
    NumberCut = 33, Warning, NONE, "a number that does not fit",
        "A word has a sign and 35 bits: whole numbers up to 34,359,738,367. Only the last 35 bits of a larger one are kept, as in the \
         original.";
    BlankInField = 34, Warning, NONE, "a blank inside the variable field",
        "The first blank ends the variable field; everything after it is a comment. `LXA TEN, 1` has no tag.";
    NoOrigin = 35, Warning, NONE, "no ORG",
        "Without ORG the first word goes to location 0. The LOAD keys put their first words there, and trapping uses locations 0 and 1. \
         A program usually begins further up.";
    RunsIntoData = 36, Warning, NONE, "the program runs into data",
        "The instruction before this word neither halts nor transfers, so the machine takes the word as its next \
         instruction. A small number is HTR, which halts.";
    NumberAsAddress = 37, Warning, NONE, "a number as an address",
        "The address of an instruction names a word of storage. `ADD 3` adds the word at location 3, not the number 3: the 704 has no \
         instructions with a number in them. Put the number in a word with DEC, and name that word.";
    CleanInFreeForm = 38, Warning, NONE, "a source that is clean in free form",
        "The fields of a card are in fixed columns: the label in 1 to 6, the operation in 8 to 10, the variable field from 12 on. Read like \
         this, the source has errors; read in free form, where blanks separate the fields, it has none. Use `--free`, give it a name that \
         ends in .sapf, or move the fields to their columns (formatting in the language server does that).";
    TextCut = 39, Warning, NONE, "a text of BCD that is longer than its count",
        "Column 12 of a BCD card says how many words it makes, of six characters each. Whatever follows them on the card is a comment. \
         Here it follows without a blank, so it looks like a part of the text.";
}

impl Code {
    /// Its explanation.
    pub fn explanation(self) -> &'static Explanation {
        &TABLE[self as usize].1
    }

    /// Its severity.
    pub fn severity(self) -> Severity {
        self.explanation().severity
    }

    /// True for a warning about something that is surely a mistake: `--strict` makes it an error.
    pub fn is_strict(self) -> bool {
        matches!(
            self,
            Code::TagModulo
                | Code::FieldOverlap
                | Code::OctalEnds
                | Code::DecimalEnds
                | Code::AsteriskCard
                | Code::SymbolCut
                | Code::DecimalNotOctal
                | Code::BeyondCard
                | Code::Unsupported
                | Code::StorageOverlap
                | Code::Column11
                | Code::TextCount
                | Code::NumberCut
                | Code::BlankInField
        )
    }

    /// The flag of the listing.
    pub fn flag(self) -> Flags {
        self.explanation().flag
    }

    /// All codes, in order.
    pub fn all() -> impl Iterator<Item = &'static Explanation> {
        TABLE.iter().map(|(_, explanation)| explanation)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "A{:03}", TABLE[*self as usize].0)
    }
}

/// The error for text that is not a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a code of asm704: expected A001 to A{max:03}", max = TABLE.len())]
pub struct CodeError(pub String);

impl FromStr for Code {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Code, CodeError> {
        text.strip_prefix(['A', 'a'])
            .filter(|digits| digits.len() == 3)
            .and_then(|digits| digits.parse::<u16>().ok())
            .and_then(|number| TABLE.iter().find(|(n, _)| *n == number))
            .map(|(_, explanation)| explanation.code)
            .ok_or_else(|| CodeError(text.to_owned()))
    }
}
