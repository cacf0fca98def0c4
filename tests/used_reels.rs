//! Reels on which something was recorded before: what a job writes leaves the rest of it behind. Places are worked by hand:
//! 200 characters to the inch, 150 in a gap, 810 in front of a file mark, 80 under the erase head.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod model;

use asm704::media::tape::{Item, Record, Store, TapeFormat, TapeImage};
use asm704::media::text;
use emu704::media::{Media as _, OldRecording};
use emu704::reels::Reels;
use emu704::{Config, CoreSize, Machine, StopKind};

use crate::common::{assemble, machine_with};

fn record(character: u8, n: usize) -> Item {
    Item::Record(Record::new(vec![character; n]))
}

fn remnant(character: u8, n: usize) -> Item {
    Item::Record(Record { frames: vec![character; n], error: true })
}

fn image(items: &[Item], format: TapeFormat) -> Vec<u8> {
    let mut image = TapeImage::create(Vec::new(), format).unwrap();
    image.replace_tail(0, items).unwrap();
    image.into_store()
}

fn items(bytes: Vec<u8>, format: TapeFormat) -> Vec<Item> {
    let mut image = TapeImage::open_as(bytes, format).unwrap();
    image.items(0).map(|item| item.unwrap().1).collect()
}

/// Ten records of 600 characters and a mark: a record begins every 750 characters.
fn longer(format: TapeFormat) -> Vec<u8> {
    let mut all = vec![record(0o001, 600); 10];
    all.push(Item::Mark);
    image(&all, format)
}

/// A job that writes `records` records of six words of zeros, 36 characters 0100, and does `then`.
fn job(records: u64, then: &str) -> Machine {
    let source = format!(
        "       ORG 64
START  LXA COUNT,2
NEXT   WTB 1
       LXA SIX,1
       CPY ZERO
       TIX *-1,1,1
       IOD
       TIX NEXT,2,1
{then}
       HTR *
COUNT  HTR {records}
SIX    HTR 6
ZERO   HTR 0
       END START
"
    );
    machine_with(&assemble(&source), CoreSize::K4)
}

fn run(machine: &mut Machine, reels: &mut Reels) {
    let stop = machine.run(reels, 10_000_000);
    assert_eq!(stop.kind, StopKind::Htr, "{stop}");
}

/// The reel after such a job.
fn after(old: Vec<u8>, records: u64, then: &str, change: impl FnOnce(&mut Config)) -> Vec<u8> {
    let mut machine = job(records, then);
    change(&mut machine.config);
    let mut reels = Reels::new();
    reels.mount_memory(1, old, true).unwrap();
    run(&mut machine, &mut reels);
    reels.settle().unwrap();
    reels.bytes(1).unwrap()
}

const NEW: u8 = 0o100;

#[test]
fn a_shorter_job_leaves_the_end_of_a_longer_one() {
    let tap = |records, then| items(after(longer(TapeFormat::Simh), records, then, |_| {}), TapeFormat::Simh);
    // three records and their gaps end at 558, erased to 638: the second old one, at 750, is whole
    let mut expected = vec![record(NEW, 36); 3];
    expected.push(Item::Gap(192));
    expected.extend(vec![record(0o001, 600); 9]);
    expected.push(Item::Mark);
    assert_eq!(tap(3, ""), expected);
    // four end at 744, erased to 824: of the second, at 750 to 1349, 526 characters are left
    let mut expected = vec![record(NEW, 36); 4];
    expected.extend([Item::Gap(80), remnant(0o001, 526)]);
    expected.extend(vec![record(0o001, 600); 8]);
    expected.push(Item::Mark);
    assert_eq!(tap(4, ""), expected);
    // a mark behind them ends at 744 + 961 = 1705, erased to 1785: the third is at 1500 to 2099
    let mut expected = vec![record(NEW, 36); 4];
    expected.extend([Item::Mark, Item::Gap(80), remnant(0o001, 315)]);
    expected.extend(vec![record(0o001, 600); 7]);
    expected.push(Item::Mark);
    assert_eq!(tap(4, "       WEF 1\n       IOD"), expected);
}

#[test]
fn a_longer_job_leaves_nothing() {
    let old = image(&[record(0o001, 600), Item::Mark], TapeFormat::Simh);
    // the mark is at 750 to 1710; ten records end at 1860
    assert_eq!(items(after(old, 10, "", |_| {}), TapeFormat::Simh), vec![record(NEW, 36); 10]);
}

#[test]
fn in_p7b_the_first_character_of_a_remnant_has_wrong_parity() {
    let found = items(after(longer(TapeFormat::P7b), 4, "", |_| {}), TapeFormat::P7b);
    let mut left = vec![0o001; 526];
    left[0] = 0o101;
    let mut expected = vec![record(NEW, 36); 4];
    expected.push(Item::Record(Record::new(left)));
    expected.extend(vec![record(0o001, 600); 8]);
    expected.push(Item::Mark);
    assert_eq!(found, expected);
}

#[test]
fn a_machine_can_cut_its_reels() {
    let cut = |config: &mut Config| config.old_recording = OldRecording::Cut;
    let found = after(longer(TapeFormat::Simh), 4, "", cut);
    assert_eq!(found, image(&vec![record(NEW, 36); 4], TapeFormat::Simh));
}

/// Written once, with turns and skips among it, and whatever the reach of the erase head.
#[test]
fn a_reel_that_was_written_once_has_no_leftovers() {
    let then = "       BST 1\n       RTB 1\n       CPY 100\n       IOD\n       WEF 1\n       REW 1";
    for format in [TapeFormat::Simh, TapeFormat::P7b] {
        let mut expected = vec![record(NEW, 36); 5];
        expected.push(Item::Mark);
        assert_eq!(after(image(&[], format), 5, then, |_| {}), {
            // an empty image is a blank reel in SIMH's form
            image(&expected, TapeFormat::Simh)
        });
    }
}

/// BST and write again: what was written last is an old recording, too.
#[test]
fn the_last_record_is_written_over_by_a_shorter_one() {
    let short = "       BST 1\n       WTB 1\n       CPY ZERO\n       IOD";
    // the fifth record, at 744 to 779, is written over by six characters that end with their gap at 900; the gap of the fifth
    // ended at 930, and the tape was erased to 1010, which is 110 characters on: counted as 112
    let mut expected = vec![record(NEW, 36); 4];
    expected.extend([record(NEW, 6), Item::Gap(112), remnant(0o001, 1350 - 1012)]);
    expected.extend(vec![record(0o001, 600); 8]);
    expected.push(Item::Mark);
    let found = after(longer(TapeFormat::Simh), 5, short, |_| {});
    assert_eq!(items(found, TapeFormat::Simh), expected);
}

/// The image ends behind the last record while the unit writes, and is whole when it turns round, rewinds, reads on, or is
/// unloaded.
#[test]
fn the_image_is_brought_up_to_date_when_the_unit_turns() {
    for (turn, settled) in
        [("", false), ("       BST 1", true), ("       REW 1", true), ("       RTB 1", true)]
    {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("reel.tap");
        std::fs::write(&path, longer(TapeFormat::Simh)).unwrap();
        let mut reels = Reels::new();
        let file = emu704::host::FileStore::open_write(&path).unwrap();
        reels.mount(1, Box::new(file), TapeFormat::Simh, true, "reel.tap".to_owned()).unwrap();
        run(&mut job(4, turn), &mut reels);
        let now = || items(std::fs::read(&path).unwrap(), TapeFormat::Simh);
        assert_eq!(now().len(), if settled { 4 + 11 } else { 4 }, "{turn}");
        // and always at the end
        reels.dismount(1);
        assert_eq!(now().len(), 4 + 11, "{turn}");
        assert!(reels.sync().lost.is_empty());
    }
}

/// Bytes written and kept, counted.
#[derive(Debug, Default)]
struct Counted {
    bytes: Vec<u8>,
    written: std::rc::Rc<std::cell::Cell<u64>>,
}

impl Store for Counted {
    fn len(&mut self) -> std::io::Result<u64> {
        Ok(self.bytes.len() as u64)
    }
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> std::io::Result<usize> {
        self.bytes.read_at(offset, buf)
    }
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> std::io::Result<()> {
        self.written.set(self.written.get() + bytes.len() as u64);
        self.bytes.write_at(offset, bytes)
    }
    fn set_len(&mut self, len: u64) -> std::io::Result<()> {
        Store::set_len(&mut self.bytes, len)
    }
}

impl emu704::reels::ReelBytes for Counted {
    fn begin_replacement(&mut self, keep: u64) -> std::io::Result<()> {
        self.written.set(self.written.get() + keep);
        Ok(())
    }
}

/// A full old reel of 5 MB, and 200 records that are written over it, each of them read back or not.
#[test]
fn no_record_costs_more_than_its_own_length() {
    for then in ["", "       BST 1\n       RTB 1\n       CPY 100\n       IOD\n       TRA MORE"] {
        let bytes = image(&vec![record(0o001, 50_000); 100], TapeFormat::Simh);
        let written = std::rc::Rc::new(std::cell::Cell::new(0));
        let mut reels = Reels::new();
        let store = Counted { bytes, written: written.clone() };
        reels.mount(1, Box::new(store), TapeFormat::Simh, true, "counted".to_owned()).unwrap();
        let source = format!(
            "       ORG 64
START  LXA COUNT,2
NEXT   WTB 1
       CPY ZERO
       IOD
{then}
MORE   TIX NEXT,2,1
       HTR *
COUNT  HTR 200
ZERO   HTR 0
       END START
"
        );
        run(&mut machine_with(&assemble(&source), CoreSize::K4), &mut reels);
        // a length in front and behind, and the end of medium before it
        let most = 200 * (6 + 3 * 4);
        assert!(written.get() <= most, "{} bytes written for {most}", written.get());
        reels.settle().unwrap();
        assert!(written.get() > 4_000_000);
    }
}

/// The text of a reel shows what is left as that, and makes the same bytes again.
#[test]
fn what_is_left_goes_through_the_text() {
    for (format, told) in [(TapeFormat::Simh, 1), (TapeFormat::P7b, 0)] {
        let used = after(longer(format), 4, "", |_| {});
        let text = text::of_bytes(&used).unwrap();
        assert_eq!(text.matches("; left over: its beginning was written over").count(), told, "{text}");
        let again = text::undump(&mut text.as_bytes(), Vec::new(), None).unwrap();
        assert!(again.into_store() == used);
    }
}

/// The power fails: no gap, the stretch that the erase head has cleared, and the rest of the old record. The record begins at the
/// load point, over one of 600 characters.
#[test]
fn a_loss_of_power_leaves_a_cleared_stretch_and_the_rest() {
    for (ahead, format) in [(80, TapeFormat::Simh), (0, TapeFormat::Simh), (80, TapeFormat::P7b)] {
        let mut seen = [false; 3];
        for cycles in (4_000..6_500).step_by(7) {
            let mut machine = job(1, "");
            machine.config.figures.tape.erase_ahead = emu704::Ticks(ahead * 200);
            let mut reels = Reels::new();
            reels.mount_memory(1, longer(format), true).unwrap();
            let stop = machine.run(&mut reels, cycles);
            if stop.kind != StopKind::Limit {
                break;
            }
            machine.power_off(&mut reels).unwrap();
            let n = machine.characters_written();
            let found = items(reels.bytes(1).unwrap(), format);
            let rest = vec![record(0o001, 600); 9];
            let (first, cut) = found.split_at(found.len() - 10);
            assert_eq!(cut[..9], rest);
            let ahead = ahead as usize;
            if n == 0 && first[0] == record(NEW, 36) {
                break;
            }
            if n == 0 {
                assert_eq!(first, [record(0o001, 600)]);
                seen[0] = true;
                continue;
            }
            if first[0] == record(NEW, 36) {
                // the check character, four places behind, has passed as well
                let Item::Record(left) = first.last().unwrap() else { panic!("{first:?}") };
                assert!((600 - 40 - ahead - 4..=600 - 40 - ahead).contains(&left.frames.len()), "{first:?}");
                seen[1] = true;
                continue;
            }
            seen[2] = true;
            if ahead == 0 {
                let mut frames = vec![NEW; n];
                frames.resize(600, 0o001);
                assert_eq!(first, [Item::Record(Record { frames, error: true })], "{n}");
            } else if format == TapeFormat::Simh {
                assert_eq!(first, [remnant(NEW, n), Item::Gap(80), remnant(0o001, 600 - n - 80)], "{n}");
            } else {
                let mut frames = vec![NEW; n];
                // a last character 100 without its parity would be blank tape: so are all of them
                frames[0] = 0;
                let mut left = vec![0o001; 600 - n - 80];
                left[0] = 0o101;
                assert_eq!(
                    first,
                    [Item::Record(Record::new(frames)), Item::Record(Record::new(left))],
                    "{n}"
                );
            }
        }
        assert_eq!(seen, [true; 3], "{ahead}");
    }
}

/// A machine that is copied in mid-write and goes on later finds the reel as it left it, when that was brought up to date.
#[test]
fn a_machine_saved_in_mid_write_goes_on() {
    let mut machine = job(4, "       REW 1");
    let mut reels = Reels::new();
    reels.mount_memory(1, longer(TapeFormat::Simh), true).unwrap();
    let stop = machine.run(&mut reels, 8_500);
    assert_eq!((stop.kind, machine.characters_written() > 0), (StopKind::Limit, true));
    let mut saved = machine.clone();
    reels.settle().unwrap();
    let kept = reels.bytes(1).unwrap();
    run(&mut machine, &mut reels);

    let mut later = Reels::new();
    later.mount_memory(1, kept, true).unwrap();
    run(&mut saved, &mut later);
    assert_eq!(later.bytes(1), reels.bytes(1));
    assert!(later.reel(1).unwrap().ring());
}
