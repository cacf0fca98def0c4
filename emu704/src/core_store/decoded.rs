//! Words of core decoded ahead, one entry per word.
//!
//! Any change of a word makes its entry stale, without checking the old value: that is one store to memory, and it
//! makes programs that modify themselves cheap. Two places change words: [`super::CoreStore::poke`] (with
//! `CoreStore::clear`, which invalidates all entries), and the stores of the fast loop, which accesses words and entries
//! directly. STA and STD of the fast loop are the exception: they put the new address or decrement into the entry.
//!
//! This module stores the entries; of a kind it knows only whether it is stale. [`kinds`] is the table of what the fast
//! loop can do, [`decode`] makes an entry from a word, and [`fusion`] has the sequences that are executed at once.

mod decode;
pub(crate) mod fusion;
pub(crate) mod kinds;

use asm704::Word;

use self::decode::decode;
use self::fusion::{LONGEST, STRETCH, fuse, is_look};
use self::kinds::Access;
pub(crate) use self::kinds::Kind;
use super::Locations;

/// A tag that names one index register or none, as an index that needs no range check.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Tag {
    #[default]
    None = 0,
    A = 1,
    B = 2,
    C = 4,
}

impl Tag {
    /// The index of a tag; `None` if the tag names several registers.
    fn new(tag: u8) -> Option<Tag> {
        Some(match tag {
            0 => Tag::None,
            1 => Tag::A,
            2 => Tag::B,
            4 => Tag::C,
            _ => return None,
        })
    }
}

/// The place of the cycles in what an instruction costs; it counts itself in the places below. The cost of a shift fits into 16
/// bits.
pub(crate) const CYCLES: u32 = 13;

/// A decoded word: its fields are cut to the core size.
#[derive(Debug, Clone, Copy)]
#[repr(align(8))]
pub(crate) struct Entry {
    /// The action, perhaps together with that of the next word; and the action of this word alone.
    pub(crate) kinds: [Kind; 2],
    /// The address, or the number of places of a shift.
    pub(crate) y: u16,
    /// The decrement, or the cost of a shift.
    pub(crate) d: u16,
    pub(crate) tag: Tag,
    pub(crate) mark: Mark,
}

/// What an onlooker wants to see of a word. It stays when the word changes.
///
/// No run has both questions and watched words, so that they share the lower places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark(u8);

impl Mark {
    const NONE: Mark = Mark(0);
    const WATCHED: u8 = 0o200;
    /// The number of a question, plus one. With watched words: the tags of the index registers that must not have the address
    /// of this entry as their value ([`Mark::is_guarded`]).
    const LOWER: u8 = 0o177;

    /// Somebody wants to see who reads or writes the word. The loop that looks at operands leaves such an instruction to the
    /// plain interpreter; the others do not look.
    #[inline(always)]
    pub(crate) fn is_watched(self) -> bool {
        self.0 & Mark::WATCHED != 0
    }

    /// An instruction that was decoded would read or write a watched word, if the index register of a tag had the address of this
    /// entry as its value. Without watched words this says nothing.
    #[inline(always)]
    pub(crate) fn is_guarded(self, tag: Tag) -> bool {
        self.0 & tag as u8 != 0
    }

    fn guard(&mut self, tag: Tag) {
        self.0 |= tag as u8;
    }

    /// The number of the question that is asked before the instruction.
    #[inline(always)]
    pub(crate) fn question(self) -> Option<usize> {
        usize::from(self.0 & Mark::LOWER).checked_sub(1)
    }

    /// Gives it a number, or none if that is too large: then the instruction is left to the plain interpreter.
    fn set_question(&mut self, number: Option<usize>) {
        let place = number.map_or(0, |number| number + 1);
        let place = if place <= usize::from(Mark::LOWER) { place as u8 } else { 0 };
        self.0 = self.0 & Mark::WATCHED | place;
    }
}

impl Entry {
    const STALE: Entry = Entry { kinds: [Kind::Stale; 2], y: 0, d: 0, tag: Tag::None, mark: Mark::NONE };
    const PLAIN: Entry = Entry { kinds: [Kind::Plain; 2], ..Entry::STALE };
}

/// As many entries as a 16-bit number can address, and those behind the first of a sequence, so that no range check is needed.
pub(crate) const ENTRIES: usize = (1 << 16) + LONGEST - 1;

/// The entries, by address; the one after the last word is [`Kind::Wrap`].
#[derive(Clone)]
pub(crate) struct Decoded {
    pub(crate) entries: Box<[Entry; ENTRIES]>,
    pub(crate) marks: Marks,
}

/// So many watched words at most are looked for in index registers: each instruction with a tag marks as many values.
const FEW: usize = 64;

/// What makes the entries of some locations special.
#[derive(Clone)]
pub(crate) struct Marks {
    /// Locations that stay [`Kind::Plain`], those with a question apart.
    breaks: Locations,
    /// Locations with a question, by its number, and what is there.
    pub(crate) asked: Vec<Asked>,
    /// The words whose readers and writers are to be seen.
    watched: Locations,
    /// The place that [`pass`] has passed last.
    passed: u16,
}

impl Marks {
    /// Makes sure that the instruction of an entry is seen before it reads or writes a watched word. If the address is as it is, it
    /// is left to the plain interpreter. Else the values of the index register are marked with which it would come to such a word:
    /// the fast loop looks at a register when it changes, which is rarer than its use.
    fn guard(&self, entries: &mut [Entry; ENTRIES], entry: &mut Entry, mask: u16) {
        match entry.kinds[1].access() {
            Access::None => {}
            Access::Direct => {
                if entries[usize::from(entry.y)].mark.is_watched() {
                    entry.kinds = [Kind::Plain; 2];
                }
            }
            Access::Indexed if self.watched.list().len() > FEW => {}
            Access::Indexed => {
                for &word in self.watched.list().iter().filter(|&&word| word <= mask) {
                    let x = entry.y.wrapping_sub(word) & mask;
                    entries[usize::from(x)].mark.guard(entry.tag);
                }
            }
        }
    }

    fn asked_at(&mut self, mark: Mark) -> Option<&mut Asked> {
        self.asked.get_mut(mark.question()?)
    }
}

/// What the word of a location with a question is. Its entry says [`Kind::Plain`].
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    location: u16,
    /// Its kind alone, and perhaps together with the next words.
    alone: Kind,
    pub(crate) whole: Kind,
}

/// A boxed array that was never on the stack.
pub(super) fn boxed<T: Copy, const N: usize>(value: T) -> Box<[T; N]> {
    match vec![value; N].into_boxed_slice().try_into() {
        Ok(array) => array,
        Err(_) => unreachable!("the vector has this length"),
    }
}

impl Decoded {
    pub(super) fn new(words: usize) -> Decoded {
        let mut entries = boxed(Entry::STALE);
        entries[words].kinds = [Kind::Wrap; 2];
        Decoded {
            entries,
            marks: Marks {
                breaks: Locations::default(),
                asked: Vec::new(),
                watched: Locations::default(),
                passed: STRETCH - 1,
            },
        }
    }

    /// Invalidates the entry of an address whose word has changed.
    #[inline(always)]
    pub(super) fn forget(&mut self, address: usize) {
        self.entries[address & 0xffff].kinds = [Kind::Stale; 2];
    }

    /// Before instructions at `asked`, which are some of `breaks`, a question is asked, numbered in this order.
    pub(super) fn set_breaks(&mut self, breaks: &Locations, asked: &[u16], words: usize) {
        for asked in &self.marks.asked {
            self.entries[usize::from(asked.location)].mark.set_question(None);
        }
        let what = |&location: &u16| Asked { location, alone: Kind::Plain, whole: Kind::Plain };
        self.marks.asked = asked.iter().map(what).collect();
        for (number, &location) in asked.iter().enumerate() {
            let is_there = breaks.contains(location) && usize::from(location) < words;
            let number = is_there.then_some(number);
            self.entries[usize::from(location)].mark.set_question(number);
        }
        let before = std::mem::replace(&mut self.marks.breaks, breaks.clone());
        for &location in before.list().iter().chain(breaks.list()) {
            if usize::from(location) < words {
                self.forget(usize::from(location));
            }
        }
    }

    pub(super) fn forget_all(&mut self, words: usize) {
        for entry in &mut self.entries[..words] {
            entry.kinds = [Kind::Stale; 2];
        }
    }

    /// Watches these words, and no others. All words are decoded again, unless the same were watched before.
    pub(super) fn set_watched(&mut self, watched: &Locations, words: usize) {
        if self.marks.watched.list() == watched.list() {
            return;
        }
        for entry in &mut self.entries[..words] {
            entry.kinds = [Kind::Stale; 2];
            entry.mark = Mark::NONE;
        }
        for &address in watched.list().iter().filter(|&&address| usize::from(address) < words) {
            self.entries[usize::from(address)].mark.0 = Mark::WATCHED;
        }
        self.marks.watched = watched.clone();
    }

    pub(super) fn watches(&self) -> bool {
        !self.marks.watched.list().is_empty()
    }

    pub(super) fn guards_indexes(&self) -> bool {
        self.watches() && self.marks.watched.list().len() <= FEW
    }
}

/// Decodes the word of a stale location.
#[inline(never)]
pub(crate) fn renew(entries: &mut [Entry; ENTRIES], marks: &mut Marks, location: u16, word: Word, mask: u16) {
    let before = entries[usize::from(location)].mark;
    let mut entry = decode(word, mask, location);
    entry.mark = before;
    if marks.breaks.contains(location) {
        if let Some(asked) = marks.asked_at(entry.mark) {
            asked.alone = entry.kinds[1];
        }
        entry.kinds = [Kind::Plain; 2];
    }
    if !marks.watched.list().is_empty() {
        marks.guard(entries, &mut entry, mask);
        // which may have marked this location
        entry.mark = entries[usize::from(location)].mark;
    }
    entries[usize::from(location)] = entry;
    // Behind the last word is Wrap, and before the first nothing: neither is part of a sequence.
    for back in 0..LONGEST as u16 {
        let first = location.wrapping_sub(back);
        if entries[usize::from(first)].kinds[1] != Kind::Stale {
            let whole = whole(entries, marks, first);
            entries[usize::from(first)].kinds[0] = if is_look(first) { Kind::Look } else { whole };
        }
    }
}

/// The kind of the word of a location together with those behind it; where a question is asked, that is noted.
fn whole(entries: &[Entry; ENTRIES], marks: &mut Marks, location: u16) -> Kind {
    let entry = &entries[usize::from(location)];
    if let Some(asked) = marks.asked_at(entry.mark) {
        asked.whole = fuse(entries, location, asked.alone);
        return Kind::Plain;
    }
    fuse(entries, location, entry.kinds[1])
}

/// Passes a place where the fast loop looks at its budget: the place is as any other until the next such place is passed.
/// So a small loop does not come to it again, and what runs without a transfer comes to one in at most two stretches.
#[inline(never)]
pub(crate) fn pass(entries: &mut [Entry; ENTRIES], marks: &mut Marks, location: u16) {
    let before = &mut entries[usize::from(marks.passed)].kinds;
    if before[1] != Kind::Stale {
        before[0] = Kind::Look;
    }
    marks.passed = location;
    entries[usize::from(location)].kinds[0] = whole(entries, marks, location);
}
