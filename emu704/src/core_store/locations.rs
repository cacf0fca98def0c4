//! Sets of locations.

/// A set of locations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locations {
    bits: Box<[u64; 512]>,
    list: Vec<u16>,
}

impl Default for Locations {
    fn default() -> Locations {
        Locations { bits: Box::new([0; 512]), list: Vec::new() }
    }
}

impl Locations {
    /// Adds a location; addresses have 15 bits. False if it was already in the set.
    pub fn insert(&mut self, location: u16) -> bool {
        let new = !self.contains(location);
        if new {
            let location = location & 0o77777;
            self.list.push(location);
            self.bits[usize::from(location / 64)] |= 1 << (location % 64);
        }
        new
    }

    /// Removes a location. False if it was not in the set.
    pub fn remove(&mut self, location: u16) -> bool {
        let there = self.contains(location);
        if there {
            let location = location & 0o77777;
            self.list.retain(|&other| other != location);
            self.bits[usize::from(location / 64)] &= !(1 << (location % 64));
        }
        there
    }

    /// Whether a location is in the set.
    #[inline]
    pub fn contains(&self, location: u16) -> bool {
        let location = location & 0o77777;
        self.bits[usize::from(location / 64)] >> (location % 64) & 1 != 0
    }

    /// All locations, in the order they were added.
    pub fn list(&self) -> &[u16] {
        &self.list
    }
}

impl FromIterator<u16> for Locations {
    fn from_iter<I: IntoIterator<Item = u16>>(locations: I) -> Locations {
        let mut set = Locations::default();
        for location in locations {
            set.insert(location);
        }
        set
    }
}
