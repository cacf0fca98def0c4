//! TPC and AWS: a wrong length costs one record and no more; blocks in segments.

use asm704::media::tape::{Item, Mode, Record, TapeError, TapeFormat, TapeImage, frame};
use asm704::media::text;

use super::{bytes_of, forward, record};

const RECORDS: usize = 20;

/// Card images: 84 characters of even parity, or words of odd.
fn reel(mode: Mode, length: impl Fn(usize) -> usize) -> Vec<Item> {
    let character = |n: usize, c: usize| frame((1 + (n * 7 + c * 5) % 60) as u8, mode);
    (0..RECORDS)
        .map(|n| record(&(0..length(n)).map(|c| character(n, c)).collect::<Vec<u8>>()))
        .chain([Item::Mark])
        .collect()
}

/// Reads over damage as salvage does: what is whole, and the remains.
fn salvaged(bytes: &[u8], format: TapeFormat) -> Vec<Item> {
    let mut image = TapeImage::open_as(bytes.to_vec(), format).unwrap();
    let (mut items, mut at) = (Vec::new(), 0);
    let len = image.len().unwrap();
    while at < len {
        match image.read_forward(at) {
            Ok(Some((item, next))) => {
                items.push(item);
                at = next;
            }
            Ok(None) => break,
            Err(_) => {
                let next = image.next_plausible(at + 1).unwrap().unwrap_or(len);
                items.extend(image.remains(at, next).unwrap().map(Item::Record));
                at = next;
            }
        }
    }
    items
}

fn round_trip(bytes: &[u8], format: TapeFormat) {
    let text = text::of_bytes_as(bytes, format).unwrap();
    let again = text::undump(&mut text.as_bytes(), Vec::new(), None).unwrap();
    assert_eq!(again.into_store(), bytes, "{text}");
}

fn one_bad_length(items: &[Item], format: TapeFormat, header: usize) {
    let bytes = bytes_of(format, items);
    let mut starts = Vec::new();
    let mut image = TapeImage::open_as(bytes.clone(), format).unwrap();
    for found in image.items(0) {
        starts.push(found.unwrap().0 as usize);
    }
    for bad in [0, 7, RECORDS - 1] {
        let right = u16::from_le_bytes([bytes[starts[bad]], bytes[starts[bad] + 1]]);
        for wrong in [right - 2, right + 2, 10, right + 100, 0x7777, 2 * right + 1, 1] {
            if format == TapeFormat::Tpc && bad == RECORDS - 1 && wrong == right + 2 {
                // it takes the mark for its last characters: nothing tells that from a record
                continue;
            }
            let mut bytes = bytes.clone();
            bytes[starts[bad]..starts[bad] + 2].copy_from_slice(&wrong.to_le_bytes());
            round_trip(&bytes, format);
            let saved = salvaged(&bytes, format);
            let mut expected = items.to_vec();
            let Item::Record(record) = &mut expected[bad] else { panic!("a record") };
            record.error = true;
            assert_eq!(saved.len(), expected.len(), "{format}: record {bad}, length {wrong} for {right}");
            for (n, (saved, expected)) in saved.iter().zip(&expected).enumerate() {
                // of the bad one, the characters up to where the wrong length leads may be all there is
                assert!(n == bad || saved == expected, "{format}: record {n}, length {wrong} for {right}");
            }
            if header == 2 {
                assert_eq!(saved[bad], expected[bad], "length {wrong} for {right}");
            }
        }
    }
}

#[test]
fn one_bad_length_costs_no_other_record_in_tpc() {
    one_bad_length(&reel(Mode::Bcd, |_| 84), TapeFormat::Tpc, 2);
    one_bad_length(&reel(Mode::Binary, |_| 84), TapeFormat::Tpc, 2);
    one_bad_length(&reel(Mode::Binary, |n| 60 + 6 * n), TapeFormat::Tpc, 2);
}

#[test]
fn one_bad_length_costs_no_other_record_in_aws() {
    one_bad_length(&reel(Mode::Bcd, |_| 84), TapeFormat::Aws, 6);
    one_bad_length(&reel(Mode::Binary, |n| 60 + 6 * n), TapeFormat::Aws, 6);
}

fn block(n: u16, previous: u16, kind: u8, frames: &[u8]) -> Vec<u8> {
    [&n.to_le_bytes()[..], &previous.to_le_bytes(), &[kind, 0], frames].concat()
}

#[test]
fn a_block_in_segments_is_one_record() {
    let frames = [0o001, 0o002, 0o103, 0o004, 0o105, 0o106];
    let bytes = [
        block(6, 0, 0xa0, &frames),
        block(2, 6, 0x80, &frames[..2]),
        block(1, 2, 0x00, &frames[2..3]),
        block(3, 1, 0x20, &frames[3..]),
        block(0, 3, 0x40, &[]),
        block(6, 0, 0xa0, &frames),
    ]
    .concat();
    let mut image = TapeImage::open(bytes.clone()).unwrap();
    assert_eq!(image.format(), TapeFormat::Aws);
    assert_eq!(forward(&mut image).unwrap(), [record(&frames), record(&frames), Item::Mark, record(&frames)]);
    round_trip(&bytes, TapeFormat::Aws);
    // what follows the segments is not garbage, too
    assert_eq!(text::of_bytes(&bytes).unwrap().matches("garbage").count(), 1);
}

#[test]
fn segments_that_never_end_are_told_and_saved() {
    let frames = [0o001, 0o002, 0o103, 0o004, 0o105, 0o106];
    let whole = block(6, 0, 0xa0, &frames);
    let open = [block(2, 6, 0x80, &frames[..2]), block(4, 2, 0x00, &frames[2..])].concat();
    // at the end of the image
    let bytes = [&whole[..], &open].concat();
    let mut image = TapeImage::open_as(bytes.clone(), TapeFormat::Aws).unwrap();
    assert!(matches!(forward(&mut image), Err(TapeError::Truncated { offset: 12, .. })));
    let rest = Item::Record(Record { frames: frames.to_vec(), error: true });
    assert_eq!(salvaged(&bytes, TapeFormat::Aws), [record(&frames), rest.clone()]);
    round_trip(&bytes, TapeFormat::Aws);
    // in front of another block
    let bytes = [&whole[..], &open, &block(6, 4, 0xa0, &frames), &block(0, 6, 0x40, &[])].concat();
    assert_eq!(salvaged(&bytes, TapeFormat::Aws), [record(&frames), rest, record(&frames), Item::Mark]);
    round_trip(&bytes, TapeFormat::Aws);
    // a segment without a beginning
    let lost = [&whole[..], &block(6, 6, 0x20, &frames), &block(0, 6, 0x40, &[])].concat();
    let error = forward(&mut TapeImage::open_as(lost, TapeFormat::Aws).unwrap()).unwrap_err();
    assert!(error.to_string().contains("found 20 00"), "{error}");
}
