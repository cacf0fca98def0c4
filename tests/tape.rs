//! The times of the tape units, worked by hand.
