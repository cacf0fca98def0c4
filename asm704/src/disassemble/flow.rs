//! Which words are instructions: those that can be reached from the start of the program.

use std::collections::{BTreeMap, BTreeSet};

use crate::Word;
use crate::isa::{Form, Op, decode, is_indexable, later};

/// The locations that can be reached. A transfer through an index register is assumed to return.
pub(super) fn reached(image: &BTreeMap<u16, Word>, entries: &[u16]) -> BTreeSet<u16> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<u16> = entries.to_vec();
    while let Some(at) = waiting.pop() {
        let Some(&word) = image.get(&at) else { continue };
        let Some(op) = decode(word) else {
            // a 704 stops here; the remark says what a later machine does
            if later::decode(word).is_some() {
                reached.insert(at);
            }
            continue;
        };
        if !reached.insert(at) {
            continue;
        }
        let ahead = |n: u16| at.wrapping_add(n) & 0o77777;
        let (transfers, next): (bool, &[u16]) = match op {
            Op::Htr | Op::Tra | Op::Ttr | Op::Txi => (true, &[]),
            op if op.is_trapped() => (true, &[1]),
            Op::Cas | Op::Cpy | Op::Cad => (false, &[1, 2, 3]),
            Op::Lbt
            | Op::Pbt
            | Op::Swt
            | Op::Slt
            | Op::Dct
            | Op::Rtt
            | Op::Ett
            | Op::Spt
            | Op::Pse
            | Op::Mse => (false, &[1, 2]),
            _ => (false, &[1]),
        };
        waiting.extend(next.iter().map(|&n| ahead(n)));
        if transfers && (word.tag() == 0 || !is_indexable(word)) {
            waiting.push(word.address());
        }
    }
    reached
}

/// The locations that instructions refer to, and the entries, if they have words.
pub(super) fn labels(image: &BTreeMap<u16, Word>, reached: &BTreeSet<u16>, entries: &[u16]) -> BTreeSet<u16> {
    let mut labels: BTreeSet<u16> = entries.iter().copied().collect();
    for at in reached {
        let word = image[at];
        let form = decode(word).map(|op| op.row().form);
        if matches!(form, Some(Form::TypeA | Form::Core | Form::IndexCore)) {
            labels.insert(word.address());
        }
    }
    labels.retain(|address| image.contains_key(address));
    labels
}
