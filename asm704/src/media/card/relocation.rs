//! The relocation bits of relocatable cards.

use super::{Card, CardKind};

/// The effect of relocation on the fields of the words on a relocatable card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RelocatedFields {
    /// Fields to which the program's origin is added.
    pub direct: u16,
    /// Fields from which it is subtracted.
    pub complement: u16,
}

impl Card {
    /// The fields to relocate on a relocatable card, by the bits in 8 left and 8 right. Each word has the bits of its decrement, then
    /// of its address: 0 absolute, 10 relocatable, 11 complement. `None` for bits that do not match the card: they end within
    /// a field, or some are left over.
    pub fn relocated_fields(&self) -> Option<RelocatedFields> {
        let CardKind::Relocatable { count, .. } = self.kind() else { return None };
        let words = self.words();
        let bits = u128::from(words[2].bits()) << 36 | u128::from(words[3].bits());
        let mut left = 72;
        let mut next = || {
            left = u32::checked_sub(left, 1)?;
            Some(bits >> left & 1 == 1)
        };
        let mut fields = RelocatedFields::default();
        for _ in 0..2 * count {
            if next()? {
                let counted = if next()? { &mut fields.complement } else { &mut fields.direct };
                *counted += 1;
            }
        }
        (bits & ((1 << left) - 1) == 0).then_some(fields)
    }
}
