//! Emulator of the IBM 704.
