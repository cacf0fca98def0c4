//! Broken units.

use super::Row;

pub(crate) const UNITS: &[Row] = &[];
