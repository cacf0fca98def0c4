//! The pseudo-operations, and what stands in the variable field: expressions, decimal and octal lists, BCD text.

pub mod decimal;
pub mod expr;
pub mod octal;
pub mod pseudo;
