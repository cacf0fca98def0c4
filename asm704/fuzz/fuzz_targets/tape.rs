//! Any bytes as a reel in every form: read both ways, converted to text and back (which must give the same bytes), then extended.
#![no_main]

use asm704::media::tape::{Item, Record, TapeFormat, TapeImage};
use asm704::media::text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = TapeImage::open(bytes.to_vec());
    for format in TapeFormat::ALL {
        let mut image = TapeImage::open_as(bytes.to_vec(), format).expect("a vector can be read");
        let text = text::to_string(&mut image).expect("a vector can be read");
        let again = text::undump(&mut text.as_bytes(), Vec::new(), None).expect("our own text");
        assert_eq!(again.into_store(), bytes, "{format}\n{text}");

        let mut ends = vec![0];
        while let Ok(Some((_, next))) = image.read_forward(*ends.last().expect("one")) {
            ends.push(next);
        }
        for pair in ends.windows(2).rev() {
            let _ = image.read_backward(pair[1]);
        }
        if format.is_for_units() {
            let at = ends[ends.len() / 2];
            let record = Item::Record(Record::new(vec![0o001, 0o002, 0o103]));
            let end = image.write(at, &record).expect("it can be written");
            assert_eq!(image.read_forward(at).expect("it can be read"), Some((record, end)));
        }
    }
});
