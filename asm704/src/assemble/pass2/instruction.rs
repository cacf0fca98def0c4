//! Instructions: the word of the table ORed with address, tag and decrement (sap.md 2.9, 2.10).

use super::emit::Origin;
use super::{
    Body, Card, Code, Diagnostic, Field, Flags, MAX_SUGGESTIONS, Machine, Pass, Relocation, Usage, VARIABLE,
    Word, hints, references,
};
use crate::isa::{self, Needs};
use crate::listing::Decrement;
use crate::views::View;

/// SWT, which requires an address.
const SENSE_SWITCH: Machine = Machine { word: Word::new(0o076000000160), needs: Needs::A };

const STORE: u64 = 0o060100000000;

impl<'a> Pass<'a, '_> {
    /// Assembles an instruction; `None` for an unknown operation.
    pub(super) fn instruction(&mut self, card: &'a Card, machine: Option<Machine>) {
        let usage = machine.map_or(Usage::Value, |machine| references::usage(card, machine.word));
        if machine.is_none() {
            self.flags.set(Flags::U);
            self.unknown_operation(card);
        }
        let address = self.field_used(card, VARIABLE, usage);
        let base = machine.unwrap_or(Machine { word: Word::ZERO, needs: Needs::NONE });
        let word = base.word | Word::new(u64::from(address.value));
        let relocation = address.relocation;
        if base.word.address() & address.value != 0 {
            self.overlap(card, &address, "the address of the operation", base.word, word);
        }
        self.rest(card, machine, base, word, &address, relocation);
    }

    /// The word of SWT: 1 to 6, and 7 and more as the minus form of 1 and more; it is not relocated.
    pub(super) fn sense_switch(&mut self, card: &'a Card) {
        let address = self.field(card, VARIABLE);
        let bits = match address.value.checked_sub(6) {
            None | Some(0) => u64::from(address.value),
            Some(minus) => Word::SIGN | u64::from(minus),
        };
        let word = SENSE_SWITCH.word | Word::new(bits);
        self.rest(card, Some(SENSE_SWITCH), SENSE_SWITCH, word, &address, Relocation::Absolute);
    }

    /// Adds tag, decrement and flags, and emits the word.
    fn rest(
        &mut self,
        card: &'a Card,
        machine: Option<Machine>,
        base: Machine,
        word: Word,
        address: &Field,
        address_relocation: Relocation,
    ) {
        let tag = address.next.map(|start| self.field(card, start)).unwrap_or_default();
        let decrement = tag.next.map(|start| self.field(card, start)).unwrap_or_default();
        self.missing(card, base, address, &tag, &decrement);
        if tag.value > 7 {
            self.report.add(
                Diagnostic::new(
                    Code::TagModulo,
                    card.line,
                    tag.at.clone(),
                    format!("the tag is {}, but it has three bits", tag.value),
                )
                .label(format!("taken as {}", tag.value & 7))
                .help("index registers are A = 1, B = 2, C = 4; a sum selects several"),
            );
        }
        let bits = (u64::from(tag.value & 7) << 15) | (u64::from(decrement.value) << 18);
        let whole = word | Word::new(bits);
        // operations with a code in bits 3 to 11 have no decrement
        if base.word.decrement() >> 6 != 0 && decrement.value != 0 {
            self.overlap(card, &decrement, "the operation code", base.word, whole);
        }
        self.question_store(card, base);
        let has_code = base.word.decrement() != 0;
        let body = Body::Instruction {
            word: whole,
            prefix: machine.is_some(),
            decrement: match (decrement.undefined, has_code) {
                (false, _) => Decrement::Five,
                (true, true) => Decrement::Three,
                (true, false) => Decrement::Blank,
            },
            tag: !tag.undefined,
            address: !address.undefined,
        };
        let origin = Origin::whole(card, View::Instruction);
        self.emit(card, whole, (decrement.relocation, address_relocation), body, &origin);
    }

    fn missing(&mut self, card: &Card, base: Machine, address: &Field, tag: &Field, decrement: &Field) {
        let fields = [
            (Flags::A, Code::AddressMissing, base.needs.address(), address, "address"),
            (Flags::T, Code::TagMissing, base.needs.tag(), tag, "tag"),
            (Flags::D, Code::DecrementMissing, base.needs.decrement(), decrement, "decrement"),
        ];
        for (flag, code, needed, field, what) in fields {
            if !needed || field.present {
                continue;
            }
            self.flags.set(flag);
            let name = hints::text(card, 7..10);
            let (mut at, mut help) = hints::missing_operand(card);
            if address.present {
                let end = card.variable_end();
                (at, help) = (end - 1..end, Some("subfields are address, tag and decrement".to_owned()));
            }
            let mut diagnostic =
                Diagnostic::new(code, card.line, at, format!("{name} needs {} {what}", article(what)))
                    .label("taken as 0");
            diagnostic.help = help;
            self.report.add(diagnostic);
        }
    }

    fn unknown_operation(&mut self, card: &Card) {
        let name = hints::text(card, 7..10);
        let mut diagnostic = Diagnostic::new(
            Code::UndefinedOperation,
            card.line,
            7..10,
            format!("`{name}` is not an operation"),
        )
        .label("assembled as a word without an operation");
        if let Some(later) = hints::later_operation(card) {
            diagnostic.help = Some(later);
        } else if self.suggestions < MAX_SUGGESTIONS {
            self.suggestions += 1;
            diagnostic.help = hints::similar_operation(card);
        }
        self.report.add(diagnostic);
    }

    fn overlap(&mut self, card: &Card, field: &Field, over: &str, base: Word, word: Word) {
        let mut diagnostic = Diagnostic::new(
            Code::FieldOverlap,
            card.line,
            field.at.clone(),
            format!("this is ORed over {over}, not added"),
        )
        .label(format!("{base} becomes {word}"));
        if let (Some(before), Some(after)) = (isa::decode_major(base), isa::decode_major(word))
            && before != after
        {
            diagnostic = diagnostic.help(format!("the word is now {}, not {}", after.name(), before.name()));
        }
        self.report.add(diagnostic);
    }

    /// Sets flag Q for a STO directly after a division. The instruction after a division is checked only for that, so if it is
    /// itself a division, it does not count, as in the original.
    fn question_store(&mut self, card: &Card, base: Machine) {
        // the original compares with the table's entry, including its field bits
        let entry = base.word.bits() | (u64::from(base.needs.0) << 15);
        if self.after_divide {
            self.after_divide = false;
            if entry.abs_diff(STORE) >> 24 == 0 {
                self.flags.set(Flags::Q);
                self.report.add(
                    Diagnostic::new(
                        Code::StoreAfterDivide,
                        card.line,
                        7..10,
                        "the accumulator holds the remainder after a division".to_owned(),
                    )
                    .help("STQ stores the quotient"),
                );
            }
        } else {
            // operation codes 220 to 237 and 240 to 257
            self.after_divide = matches!(entry >> 28, 9 | 10);
        }
    }
}

fn article(what: &str) -> &'static str {
    if what.starts_with('a') { "an" } else { "a" }
}
