//! Images of the media: reels of tape, decks of cards, drums, and their bytes in the forms that other programs use.
//!
//! Nothing here opens a file: an image is read and written through [`tape::Store`] or as bytes.

pub mod card;
pub mod drum;
pub mod file_kind;
pub mod tape;
pub mod text;
