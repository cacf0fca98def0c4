//! Which instructions a trace has.

use asm704::isa::{self, Form, Op, decode};
use asm704::{Word, disassemble};

use super::{DebugError, UnitKind};
use crate::io::Unit;
use crate::machine::seen::Seen;
use crate::room::Room;

/// A filter of instructions, by their location, operation and unit. The default lets all of them pass; what is named must all be
/// so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TraceFilter {
    /// The first location and the last.
    range: Option<(u16, u16)>,
    /// Operations with their names, as the assembler has them. Empty: any.
    operations: Vec<(Op, &'static str)>,
    unit: Option<UnitKind>,
}

impl TraceFilter {
    /// From words: `from ADDRESS`, `to ADDRESS`, `op CPY,RDS`, `unit tape 3`, in any order.
    ///
    /// # Errors
    /// [`DebugError::Filter`] and [`DebugError::Address`] name the word that is no use.
    pub fn parse(words: &[&str], room: &Room) -> Result<TraceFilter, DebugError> {
        let mut filter = TraceFilter::default();
        let (mut from, mut to) = (None, None);
        let mut words = words.iter().copied().peekable();
        while let Some(word) = words.next() {
            let Some(what) = words.next() else { return Err(unknown(word)) };
            match word.to_ascii_lowercase().as_str() {
                "from" => from = Some(room.address(what).map_err(DebugError::Address)?),
                "to" => to = Some(room.address(what).map_err(DebugError::Address)?),
                "op" => {
                    for name in what.split(',') {
                        let named = isa::lookup(&name.to_ascii_uppercase()).ok_or_else(|| {
                            DebugError::Filter(format!("`{name}` is no operation of the 704, such as CPY"))
                        })?;
                        filter.operations.push((named.op, named.name));
                    }
                }
                "unit" => {
                    let number = words.next_if(|next| next.starts_with(|c: char| c.is_ascii_digit()));
                    let unit: Vec<&str> = [what].into_iter().chain(number).collect();
                    filter.unit = Some(UnitKind::parse(&unit).ok_or_else(|| {
                        let unit = unit.join(" ");
                        DebugError::Filter(format!(
                            "`{unit}` is no unit: expected tape, tape 1 to 10, drum, drum 1 to 8, reader, punch, printer or crt"
                        ))
                    })?);
                }
                _ => return Err(unknown(word)),
            }
        }
        if from.is_some() || to.is_some() {
            let (from, to) = (from.unwrap_or(0), to.unwrap_or(u16::MAX));
            if to < from {
                return Err(DebugError::Filter(format!("{to:05o} is before {from:05o}")));
            }
            filter.range = Some((from, to));
        }
        Ok(filter)
    }

    /// The instruction that is seen passes.
    pub(crate) fn passes(&self, seen: &Seen) -> bool {
        self.range.is_none_or(|(first, last)| (first..=last).contains(&seen.ic))
            && (self.operations.is_empty() || self.has_operation(seen.word()))
            && self.unit.is_none_or(|unit| unit_of(seen).is_some_and(|found| unit.is(found)))
    }

    /// By the name of the operation itself, or by that which the line of a trace has, such as RTB of RDS.
    fn has_operation(&self, word: Word) -> bool {
        let Some(op) = decode(word) else { return false };
        self.operations.iter().filter(|(of, _)| *of == op).any(|(_, name)| {
            *name == op.name() || disassemble::instruction(word, |_| String::new()).0 == *name
        })
    }
}

/// The unit that the instruction names; of CPY and LDA the one that is selected. The fast loop has no such instructions.
fn unit_of(seen: &Seen) -> Option<Unit> {
    let word = seen.word();
    match decode(word)? {
        Op::Cpy | Op::Lda => seen.machine?.io.selected(),
        op if op.row().form == Form::Unit => Some(Unit::from_address(seen.effective(word), op == Op::Wrs)),
        _ => None,
    }
}

fn unknown(word: &str) -> DebugError {
    DebugError::Filter(format!(
        "`{word}`: expected `from ADDRESS`, `to ADDRESS`, `op CPY,RDS` or `unit tape 3`, as many of them as you like"
    ))
}
