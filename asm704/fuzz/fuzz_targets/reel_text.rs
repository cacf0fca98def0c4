//! Any text as the text of a reel: the reel made from it, written as text and read again, gives the same bytes.
#![no_main]

use std::io;

use asm704::media::tape::{Store, TapeImage};
use asm704::media::text;
use libfuzzer_sys::fuzz_target;

/// A small disk: a folded line can be short and still make a great many characters.
struct Disk(Vec<u8>);

impl Store for Disk {
    fn len(&mut self) -> io::Result<u64> {
        Store::len(&mut self.0)
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(offset, buf)
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        if offset + bytes.len() as u64 > 1 << 20 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.write_at(offset, bytes)
    }
    fn set_len(&mut self, len: u64) -> io::Result<()> {
        Store::set_len(&mut self.0, len)
    }
}

fuzz_target!(|body: &[u8]| {
    let forms = ["tap", "p7b", "e11", "tpc", "aws"];
    let form = forms[usize::from(body.first().copied().unwrap_or(0)) % forms.len()];
    let mut whole = format!("704 reel text 1\nform {form}\n").into_bytes();
    whole.extend_from_slice(body.get(1..).unwrap_or(&[]));
    if let Ok(image) = text::undump(&mut &whole[..], Disk(Vec::new()), None) {
        let format = image.format();
        let bytes = image.into_store().0;
        let mut image = TapeImage::open_as(bytes.clone(), format).expect("a vector can be read");
        let text = text::to_string(&mut image).expect("a vector can be read");
        let again = text::undump(&mut text.as_bytes(), Vec::new(), None).expect("our own text");
        assert_eq!(again.into_store(), bytes, "{text}");
    }
});
