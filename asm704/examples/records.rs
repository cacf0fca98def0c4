//! Lists the records of a reel: where each one starts in the image, its mode and its length.
//!
//! `cargo run -p asm704 --example records -- tapes/IMAGE`

use std::error::Error;
use std::io::{Write, stdout};

use asm704::media::tape::{Item, Mode, TapeImage};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: records IMAGE")?;
    let mut reel = TapeImage::open_damaged(std::fs::read(path)?)?;
    let mut out = stdout().lock();
    writeln!(out, "{}: {}", reel.format(), reel.how_recognised())?;
    for item in reel.items(0) {
        let (offset, item) = item?;
        match item {
            Item::Record(record) => {
                let mode = match record.likely_mode() {
                    Mode::Binary => "binary",
                    Mode::Bcd => "BCD",
                };
                let bad = if record.error { ", marked as bad" } else { "" };
                writeln!(out, "{offset:8}  record, {mode}, {} characters{bad}", record.frames.len())?;
            }
            Item::Mark => writeln!(out, "{offset:8}  file mark")?,
            Item::Note(note) => writeln!(out, "{offset:8}  beside the recording: {note}")?,
            Item::Gap(characters) => writeln!(out, "{offset:8}  erased, {characters} characters")?,
        }
    }
    Ok(())
}
