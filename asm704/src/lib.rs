//! The language and the media of the IBM 704.
//!
//! The library is pure: it uses no clock, no device and no host file. The data flows one way:
//!
//! ```text
//! cards -> source -> assembly -> deck or tape -> (emu704) -> tape, print, picture
//! ```
//!
//! - [`word`]: the 36-bit sign-magnitude [`Word`].
//! - [`isa`]: the instruction table shared by the assembler, the disassembler, the emulator's decoder and its
//!   timing.
//! - [`chars`]: core, tape and card codes of the 64 characters.
//! - [`media`]: images of tapes, cards and drums.
//! - [`source`], [`syntax`], [`assemble`]: cards, their contents, and the SHARE assembler (UA SAP 3-7), whose
//!   result is data: [`deck`], [`listing`], symbols, references ([`xref`]) and diagnostics ([`diag`]).
//!
//! - [`library`]: the project's own routines for LIB cards, built into the library.
//! - [`framing`]: the message framing of editor protocols.
//! - [`views`]: a word as octal, a number, characters or an instruction.
//!
//! Features add the rest:
//!
//! | feature | adds |
//! |---|---|
//! | `render` | `diag::render`: diagnostics as text, showing the card with carets under the columns |
//! | `files` | `library::Shelves` and `library::routine`: routines from folders of the host; `replace`: files that replace others in one step. Nothing else in the library opens a file |
//! | `cli` (the default) | `cli`: the command `asm704` with its language server, and the two features above |
//!
//! To use only the library, set `default-features = false`.
//!
//! From source to core:
//!
//! ```
//! use asm704::assemble::{assemble, Options};
//!
//! let output = assemble("       ORG 8\nSTART  HTR START\n       END START\n", &Options::default());
//! let core: Vec<String> = output.core_image().map(|(at, word)| format!("{at:05o} {word}")).collect();
//! assert_eq!(core, ["00010 000000000010"]);
//! ```
//!
//! The folder `examples` has complete programs: `assemble` prints the deck of a source, `records` lists a reel.
//!
//! Glossary: AC, accumulator (38 bits S, Q, P, 1-35); MQ, multiplier-quotient register; SR, storage register;
//! IC, instruction location counter; XR, index register (A, B, C selected by tags 1, 2, 4); CPY, the copy
//! instruction that moves one word between core and the selected unit.

pub mod assemble;
pub mod chars;
#[cfg(feature = "cli")]
pub mod cli;
pub mod deck;
pub mod diag;
pub mod disassemble;
pub mod float;
pub mod framing;
#[cfg(feature = "files")]
pub mod in_use;
pub mod isa;
pub mod library;
pub mod listing;
pub mod media;
#[cfg(feature = "files")]
pub mod packed;
#[cfg(feature = "files")]
pub mod replace;
pub mod self_loading;
pub mod source;
pub mod syntax;
pub mod views;
pub mod visible;
pub mod word;
pub mod xref;

pub use word::{AddressError, Word, WordParseError};
