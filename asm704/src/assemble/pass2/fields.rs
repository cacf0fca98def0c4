//! The location field, the operands, and the symbols in them.

use super::{
    Card, Code, Counter, Diagnostic, Field, Flags, Key, Lookup, MAX_SUGGESTIONS, Pass, RemarkKind, Unused,
    Usage, VARIABLE, expr, hints, references, tail,
};

impl Pass<'_, '_> {
    /// Handles the location field of a card that takes a symbol: a number sets the counter, a symbol gives the location that the
    /// card should have.
    pub(super) fn location_field(&mut self, card: &Card) {
        if self.repeating || !card.has_location() {
            return;
        }
        let symbol = card.squeezed();
        if expr::is_integer(symbol) {
            let value = (expr::integer_value(symbol) & 0o77777) as u16;
            self.counter = Counter { value, relocatable: false };
            self.location = self.counter;
            self.punch.flush(self.counter.value);
            return;
        }
        if expr::is_counter(symbol) {
            return;
        }
        match self.lookup(expr::headed(symbol, self.heading)) {
            Lookup::Defined { multiple: true, .. } => {
                self.flags.set(Flags::M);
                let key = expr::headed(symbol, self.heading);
                let diagnostic = hints::multiply_defined(card, card.location_span(), key, &self.symbols);
                self.report.add(diagnostic.label("one of the definitions"));
            }
            Lookup::Defined { value, relocatable, .. } => self.location = Counter { value, relocatable },
            Lookup::Undefined => {
                self.flags.set(Flags::U);
                self.location = Counter { value: 0, relocatable: false };
                self.undefined_symbol(card, card.location_span());
            }
        }
    }

    /// Looks up a symbol: first in the sorted table, then among the undefined symbols.
    fn lookup(&mut self, key: Key) -> Lookup {
        match self.symbols.lookup(key) {
            Lookup::Undefined => self.undefined.lookup(key),
            found @ Lookup::Defined { .. } => found,
        }
    }

    /// Evaluates a field and reports problems; sets flags M and U.
    pub(super) fn field(&mut self, card: &Card, start: usize) -> Field {
        self.field_used(card, start, Usage::Value)
    }

    /// Evaluates a field as [`Pass::field`] does, and records how it is used.
    pub(super) fn field_used(&mut self, card: &Card, start: usize, usage: Usage) -> Field {
        let place = self.counter.place(self.heading);
        let (symbols, undefined, used) = (&self.symbols, &mut self.undefined, &mut self.used);
        let unused_symbols = self.options.unused_symbols != Unused::Silent;
        // cards repeated by REP add no new references
        let mut references = (self.options.references && !self.repeating).then_some(&mut self.references);
        let field = expr::evaluate(&card.columns, start, place, |term| {
            if unused_symbols {
                used.insert(term.key);
            }
            if let Some(references) = &mut references {
                references.push((term.clone(), references::of(card, term, usage)));
            }
            match symbols.lookup(term.key) {
                Lookup::Undefined => undefined.lookup(term.key),
                found @ Lookup::Defined { .. } => found,
            }
        });
        if field.multiple {
            self.flags.set(Flags::M);
        }
        if field.undefined {
            self.flags.set(Flags::U);
        }
        if !field.remarks.is_empty() {
            hints::field(card, &field, &self.symbols, self.report);
            for remark in &field.remarks {
                if let RemarkKind::Undefined(_) = remark.kind {
                    self.undefined_symbol(card, remark.at.clone());
                }
            }
        }
        field
    }

    fn undefined_symbol(&mut self, card: &Card, at: std::ops::Range<usize>) {
        // already reported by the first pass
        if self.report.said.contains(&(card.line, Code::UsedBeforeDefined, at.start)) {
            return;
        }
        let name = hints::text(card, at.clone()).replace(' ', "");
        let mut diagnostic =
            Diagnostic::new(Code::UndefinedSymbol, card.line, at, format!("`{name}` is not defined"))
                .label("not found in any location field")
                .symbol(name.clone());
        if self.suggestions < MAX_SUGGESTIONS {
            self.suggestions += 1;
            let names: Vec<String> = self.symbols.entries().iter().map(tail::name).collect();
            if let Some(near) = hints::similar_symbol(&name, names.iter().map(String::as_str)) {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
        }
        self.report.add(diagnostic);
    }

    /// Evaluates the one operand of ORG, EQU and the like. A missing operand is 0 and sets flag A.
    pub(super) fn operand(&mut self, card: &Card) -> Field {
        let field = self.field(card, VARIABLE);
        if !field.present {
            self.flags.set(Flags::A);
            // END and TCD often have no operand; they punch a transfer card to 0
            let (at, help) = hints::missing_operand(card);
            let mut diagnostic = Diagnostic::new(
                Code::AddressMissing,
                card.line,
                at,
                format!("{} has no operand", hints::text(card, 7..10)),
            )
            .label("taken as 0");
            diagnostic.help = help;
            self.report.add(diagnostic);
        }
        field
    }
}
