//! The rules of input-output.
