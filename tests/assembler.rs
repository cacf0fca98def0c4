//! The assembler, its commands, and the images of tapes, cards and drums.

#[cfg(feature = "render")]
mod asm;
#[cfg(feature = "cli")]
mod asm_cli;
#[cfg(feature = "cli")]
mod asm_lsp;
mod card_edits;
mod cards_and_drums;
mod file_kinds;
mod reel_text;
mod tape_images;
