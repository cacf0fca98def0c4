//! The relocation bits of relocatable cards.

use super::{Card, CardKind};

/// What relocation does to the fields of the words on a relocatable card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RelocatedFields {
    /// Fields that the program's origin is added to.
    pub direct: u16,
    /// Fields that it is subtracted from.
    pub complement: u16,
}

impl Card {
    /// The fields that are relocated on a relocatable card, by the bits in 8 left and 8 right: for each word decrement, then
    /// address; 0 absolute, 10 relocatable, 11 complement. `None` for bits that cannot be those of the card: they end within
    /// a field, or some are left.
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
