//! The pseudo-operations, and the contents of the variable field: expressions, decimal and octal lists, BCD text.

pub mod decimal;
pub mod expr;
pub mod octal;
pub mod pseudo;
