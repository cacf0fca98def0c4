//! P7B: zero characters, and what peers put at the end.

use asm704::media::tape::{EndMark, Item, Record, RecordParity, TapeFormat, TapeImage};
use asm704::media::text;

use super::{backward, bytes_of, forward, record};

/// Six characters of odd parity: b3 71 69 74 50 66 without bit 7.
const SIX: [u8; 6] = [0x33, 0x71, 0x69, 0x74, 0x50, 0x66];

fn open(bytes: &[u8]) -> TapeImage<Vec<u8>> {
    let image = TapeImage::open(bytes.to_vec()).unwrap();
    assert_eq!(image.format(), TapeFormat::P7b);
    image
}

/// The items in both directions, and the same bytes from the text.
fn items(bytes: &[u8]) -> Vec<Item> {
    let mut image = open(bytes);
    let items = forward(&mut image).unwrap();
    assert_eq!(backward(&mut image).unwrap(), items);
    let text = text::to_string(&mut image).unwrap();
    let again = text::undump(&mut text.as_bytes(), Vec::new(), None).unwrap();
    assert_eq!(again.into_store(), bytes, "{text}");
    items
}

fn p7b(pieces: &[&[u8]]) -> Vec<u8> {
    pieces.concat()
}

fn first(rest: &[u8]) -> Vec<u8> {
    let mut bytes = rest.to_vec();
    bytes[0] |= 0x80;
    bytes
}

#[test]
fn a_zero_is_a_character_where_a_record_follows() {
    let bytes = p7b(&[&first(&SIX), &[0; 6], &first(&SIX), &[0x8f]]);
    let with_zeros = [&SIX[..], &[0; 6]].concat();
    assert_eq!(items(&bytes), [record(&with_zeros), record(&SIX), Item::Mark]);
    // inside, and at the end in front of a mark
    let bytes = p7b(&[&[0x80 | 0x31, 0, 0, 0x32, 0, 0x34, 0, 0x8f], &first(&SIX)]);
    assert_eq!(items(&bytes), [record(&[0x31, 0, 0, 0x32, 0, 0x34, 0]), Item::Mark, record(&SIX)]);
    // the first character of a record
    let bytes = p7b(&[&first(&SIX), &[0x80, 0x31, 0x32, 0x34, 0x37, 0x38], &[0x8f]]);
    assert_eq!(items(&bytes), [record(&SIX), record(&[0, 0x31, 0x32, 0x34, 0x37, 0x38]), Item::Mark]);
}

/// 20 is even, as a blank is; a zero has even parity, too.
#[test]
fn a_zero_is_right_in_even_parity_and_wrong_in_odd() {
    let blank = 0o120;
    let even = p7b(&[&[0x80 | blank, 0, 0, blank, blank, blank], &[0x8f]]);
    let Item::Record(record) = &items(&even)[0] else { panic!("a record") };
    assert_eq!(record.parity_mode(), RecordParity::Even);
    let odd = p7b(&[&first(&[1, 2, 4, 7, 8, 11, 13, 14]), &[0, 1, 2], &[0x8f]]);
    let Item::Record(record) = &items(&odd)[0] else { panic!("a record") };
    assert_eq!(record.parity_mode(), RecordParity::Mixed { odd: 10, even: 1 });
}

#[test]
fn zeros_with_no_record_behind_them_end_the_reel() {
    let mut image = open(&p7b(&[&first(&SIX), &[0x8f], &[0; 100]]));
    assert_eq!(forward(&mut image).unwrap(), [record(&SIX), Item::Mark]);
    assert_eq!(image.end_mark(), Some(EndMark::Zeros));
    // what a killed process leaves
    let mut image = open(&p7b(&[&first(&SIX), &[0], &SIX[1..]]));
    assert_eq!(forward(&mut image).unwrap(), [record(&SIX)]);
    assert_eq!(image.end_mark(), Some(EndMark::Unfinished));
}

#[test]
fn zeros_in_front_are_blank_tape() {
    let bytes = p7b(&[&[0; 3], &first(&SIX), &first(&SIX), &[0x8f]]);
    assert_eq!(items(&bytes), [Item::Gap(3), record(&SIX), record(&SIX), Item::Mark]);
}

#[test]
fn a_last_byte_0200_is_the_end() {
    for fill in [0, 7] {
        let bytes = p7b(&[&first(&SIX), &[0, 0], &[0x80], &vec![0; fill]]);
        let with_zeros = [&SIX[..], &[0, 0]].concat();
        assert_eq!(items(&bytes), [record(&with_zeros)]);
        let mark = if fill == 0 { EndMark::Mark } else { EndMark::Zeros };
        assert_eq!(open(&bytes).end_mark(), Some(mark));
    }
}

/// Every record that can be written is read again, also as the last.
#[test]
fn what_is_written_with_zeros_comes_back() {
    let records = [
        record(&[0]),
        record(&[0, 0]),
        record(&[1, 0]),
        record(&[1, 0, 0, 2]),
        record(&[1, 2, 4]),
        record(&[1]),
    ];
    for a in &records {
        for b in &records {
            let written = [a.clone(), b.clone()];
            let bytes = bytes_of(TapeFormat::P7b, &written);
            let mut image = TapeImage::open_as(bytes.clone(), TapeFormat::P7b).unwrap();
            assert_eq!(forward(&mut image).unwrap(), written, "{bytes:02x?}");
            // the unit goes on behind the last record
            let at = image.len().unwrap() - u64::from(image.end_mark() == Some(EndMark::Mark));
            image.write(at, &Item::Mark).unwrap();
            let mut image = TapeImage::open_as(image.into_store(), TapeFormat::P7b).unwrap();
            assert_eq!(forward(&mut image).unwrap(), [a.clone(), b.clone(), Item::Mark]);
        }
    }
}

#[test]
fn the_text_of_another_form_makes_a_reel_that_ends_where_it_should() {
    let tap = bytes_of(TapeFormat::Simh, &[Item::Record(Record::new(vec![1, 2, 0, 0]))]);
    let text = text::of_bytes(&tap).unwrap();
    let p7b = text::undump(&mut text.as_bytes(), Vec::new(), Some(TapeFormat::P7b)).unwrap().into_store();
    assert_eq!(p7b, [0x81, 2, 0, 0, 0x80]);
}
