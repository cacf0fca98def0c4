//! Which form an image has, and what is no reel.

use asm704::media::tape::{Item, TapeFormat, TapeImage};

use super::{TAP, bytes_of, forward, record};

fn refused(bytes: &[u8]) -> String {
    match TapeImage::open(bytes.to_vec()) {
        Ok(image) => panic!("taken for {}: {}", image.format(), image.how_recognised()),
        Err(error) => {
            assert!(error.is_medium());
            error.to_string()
        }
    }
}

/// 132 characters have the length 84 00, which in P7B is a record of one character and the end of the medium; a first record of P7B
/// that a killed process left unfinished has lengths in it, but they do not fit to the end.
#[test]
fn a_blank_near_the_beginning_is_of_either_form() {
    let tpc = bytes_of(TapeFormat::Tpc, &[record(&[0o100; 132])]);
    assert_eq!(tpc[..3], [0x84, 0x00, 0x40]);
    assert_eq!(TapeImage::open(tpc).unwrap().format(), TapeFormat::Tpc);
    let unfinished = [&[0][..], &vec![1; 50_000]].concat();
    assert_eq!(TapeImage::open(unfinished).unwrap().format(), TapeFormat::P7b);
}

#[test]
fn an_empty_image_is_a_blank_reel() {
    let mut image = TapeImage::open(Vec::new()).unwrap();
    assert!(image.is_empty().unwrap());
    assert_eq!(image.read_forward(0).unwrap(), None);
    assert_eq!(image.read_backward(0).unwrap(), None);
    assert_eq!(image.write(0, &Item::Mark).unwrap(), 4);
}

#[test]
fn what_is_no_reel_is_refused() {
    assert!(refused(b"This is a letter, not a tape.\n").contains("it is text"));
    assert!(
        refused(&b"\xef\xbb\xbfA letter with a mark of its encoding before it, and more words.\n".repeat(40))
            .contains("it is text")
    );
    assert!(
        refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x02\0\0\0")
            .starts_with("not an image of a tape: it is a picture")
    );
    assert!(
        refused(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0")
            .contains("it is a program for today's computers")
    );
    assert!(refused(b"\x01").contains("found bytes 01"));
    // HELLO, OPERATOR in EBCDIC: nearly every byte has bit 7
    let ebcdic = b"\xc8\xc5\xd3\xd3\xd6\x6b\x40\xd6\xd7\xc5\xd9\xc1\xe3\xd6\xd9\x15";
    assert!(refused(&ebcdic.repeat(20)).contains("it is text in EBCDIC"));
}

#[test]
fn a_cut_off_image_says_where() {
    // the first record
    assert_eq!(
        refused(&TAP[..9]),
        "offset 0: the image is cut off: expected 6 characters and their length again, found 5 bytes to the end of the image"
    );
    // a later one: reading backward from the end shows it, walking the reel says where
    assert_eq!(
        refused(&TAP[..20]),
        "offset 14: the image is cut off: expected 3 characters and their length again, found 2 bytes to the end of the image"
    );
    // a length that no image justifies costs nothing
    let huge = [&TAP[..14], &[0xff, 0xff, 0xff, 0x00, 1, 2]].concat();
    assert!(refused(&huge).starts_with("offset 14: the image is cut off: expected 16777215 characters"));
}

/// A reel of three records, each of 24 characters, of which the last `bad` have the wrong parity, in P7B.
fn worn(bad: [usize; 3]) -> (Vec<Item>, Vec<u8>) {
    let items = bad.map(|bad| record(&[vec![0o001; 24 - bad], vec![0o003; bad]].concat()));
    let bytes = bytes_of(TapeFormat::P7b, &items);
    (items.to_vec(), bytes)
}

#[test]
fn a_worn_reel_in_p7b_may_have_an_eighth_of_its_characters_wrong() {
    // 9 of 72 are an eighth, and one more is forgiven
    for bad in [[0, 1, 1], [2, 2, 2], [3, 3, 3], [10, 0, 0]] {
        let (items, bytes) = worn(bad);
        let mut image = TapeImage::open(bytes).unwrap();
        assert_eq!(image.format(), TapeFormat::P7b, "{bad:?}");
        assert_eq!(forward(&mut image).unwrap(), items, "{bad:?}");
    }
    assert!(refused(&worn([11, 0, 0]).1).contains("found bytes 81 01 01"));
}
