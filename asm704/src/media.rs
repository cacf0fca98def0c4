//! Images of the media: reels of tape, decks of cards and drums, in the file formats of this and other programs.
//!
//! Nothing here opens a file. An image is read and written through a [`tape::Store`] or as bytes.

pub mod card;
pub mod drum;
pub mod file_kind;
pub mod tape;
pub mod text;
