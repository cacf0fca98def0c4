//! `programs/standby.sap` by itself: what it takes, what it refuses, and which reel it takes over from.

use asm704::media::tape::{Item, Mode, TapeImage, record_from_words, words_of};
use emu704::machine::{Stop, StopKind};
use emu704::media::wire::{PairLine, Wire, WireEnd as _, pair};
use emu704::room::Room;
use emu704::time::TICKS_PER_CYCLE;
use emu704::{Config, CoreSize};

use super::complete;
use super::follow::checkpoints;
use crate::common::text;

/// The stand-by, its two reels, and the other end of its wire.
struct Standby {
    room: Room,
    primary: Wire<PairLine>,
}

impl Standby {
    fn new(core: CoreSize, new_job: bool, reels: [Vec<u8>; 2]) -> Standby {
        let mut room = Room::new(Config::with_core(core));
        room.load_sap(&text("programs/standby.sap")).unwrap();
        for (unit, reel) in [1, 3].into_iter().zip(reels) {
            room.reels.mount_memory(unit, reel, true).unwrap();
        }
        let (here, primary) = pair();
        room.reels.mount_wire(2, Box::new(here));
        let mut standby = Standby { room, primary };
        if new_job {
            standby.act("sense 6 down");
        }
        standby
    }

    fn act(&mut self, words: &str) {
        let action = self.room.parse_action(words).unwrap();
        self.room.act(&action).unwrap();
    }

    /// Runs until it stops or waits for the wire; a wait is a stop at the limit.
    fn run(&mut self) -> Stop {
        for _ in 0..1_000 {
            let until = self.room.machine.cycles() + 100_000;
            let stop = self.room.run_until(until).unwrap();
            // a wait takes no time
            if stop.kind != StopKind::Limit || self.room.machine.cycles() < until {
                return stop;
            }
        }
        panic!("it neither stops nor waits");
    }

    /// It waits, and AC says which tape has the last image.
    fn waits_with(&mut self, tape: u64) {
        let stop = self.run();
        assert!(stop.kind == StopKind::Limit && self.room.is_waiting_for_wire(), "{stop:?}");
        assert_eq!(self.room.machine.cpu.ac.word().bits(), tape);
    }

    fn halts_with(&mut self, code: u16) {
        let stop = self.run();
        assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
        assert_eq!(self.room.machine.core.peek(stop.at).decrement(), code);
    }

    /// A record comes over the wire.
    fn send(&mut self, frames: &[u8], whole: bool) {
        for _ in 0..1_000 {
            if self.primary.is_wanted().unwrap() {
                self.primary.end(frames, whole).unwrap();
                return;
            }
            self.room.run_until(self.room.machine.cycles() + 10_000).unwrap();
        }
        panic!("nobody reads");
    }

    fn take_over(&mut self) {
        for words in ["manual", "keys 002100000101", "press enter-instruction", "automatic", "start"] {
            self.act(words);
        }
    }

    fn reels(&mut self) -> [Vec<u8>; 2] {
        [1, 3].map(|unit| self.room.reels.bytes(unit).unwrap())
    }
}

fn frames(reel: &[u8]) -> Vec<u8> {
    let mut image = TapeImage::open(reel.to_vec()).unwrap();
    let Some((Item::Record(record), _)) = image.read_forward(0).unwrap() else { panic!("no record") };
    record.frames
}

#[test]
fn complete_images_go_on_two_reels_in_turn() {
    let [one, two] = checkpoints();
    for core in [CoreSize::K8, CoreSize::K32] {
        let mut standby = Standby::new(core, true, [one.clone(), Vec::new()]);
        standby.waits_with(0);
        // an old job's image is gone
        assert_eq!(standby.reels().map(|reel| complete(&reel)), [Some(0), Some(0)]);
        standby.send(&frames(&one), true);
        standby.waits_with(1);
        standby.send(&frames(&two), true);
        standby.waits_with(3);
        assert!(standby.reels().map(|reel| frames(&reel)) == [frames(&one), frames(&two)]);
        // a cut one changes nothing, wherever it is cut
        for length in [1, 6, 6 * 11, 6 * 11 + 1, 6 * 4_103, 6 * 4_104 - 1, 6 * 4_104] {
            standby.send(&frames(&one)[..length], false);
            standby.waits_with(3);
        }
        assert!(standby.reels().map(|reel| frames(&reel)) == [frames(&one), frames(&two)]);
        standby.send(&frames(&one), true);
        standby.waits_with(1);
        assert!(standby.reels()[1] == two || frames(&standby.reels()[1]) == frames(&two));
        // no copy is late, whatever is behind it
        let slack = standby.room.machine.io.slack();
        let least = slack.values().map(|slack| slack.least.0 / TICKS_PER_CYCLE).min().unwrap();
        assert!(least >= 15, "{least}");
    }
}

#[test]
fn what_is_no_checkpoint_stops_it_and_start_goes_on() {
    let [one, _] = checkpoints();
    let good = words_of(&asm704::media::tape::Record::new(frames(&one)), Mode::Binary);
    let changed = |at: usize, by: u64| {
        let mut words = good.clone();
        words[at] = asm704::Word::new(words[at].bits() ^ by);
        record_from_words(&words, Mode::Binary).frames
    };
    let two_changed = {
        let mut words = good.clone();
        words[4_096] = asm704::Word::new(words[4_096].bits() - 2);
        words[4_103] = asm704::Word::new(words[4_103].bits() + 2);
        record_from_words(&words, Mode::Binary).frames
    };
    let mut standby = Standby::new(CoreSize::K8, true, [Vec::new(), Vec::new()]);
    let cases = [
        ("a short record", record_from_words(&good[..5], Mode::Binary).frames),
        ("the boot block alone", record_from_words(&good[..11], Mode::Binary).frames),
        ("a word less", record_from_words(&good[..4_103], Mode::Binary).frames),
        ("a word more", record_from_words(&[&good[..], &good[..1]].concat(), Mode::Binary).frames),
        (
            "an image of 8,192 words",
            record_from_words(&[&good[..], &good[..4_096]].concat(), Mode::Binary).frames,
        ),
        ("a wrong bit in the image", changed(2_000, 1)),
        ("another number in front", changed(4, 2)),
        // changed alone it makes the sum wrong by as much, and the boot does not see it, nor does it matter; in a record whose front
        // is of another one the sum is right
        ("another number at the end, and a right sum", two_changed),
        ("another size", changed(10, 0o10000)),
    ];
    for (what, frames) in cases {
        standby.waits_with(0);
        standby.send(&frames, true);
        println!("{what}");
        standby.halts_with(2);
        standby.act("start");
    }
    // after all of them it still works
    standby.send(&frames(&one), true);
    standby.waits_with(1);
    // nor does it begin on a machine without room
    Standby::new(CoreSize::K4, true, [Vec::new(), Vec::new()]).halts_with(1);
}

#[test]
fn a_new_stand_by_knows_the_newest_image_by_its_number() {
    let [one, two] = checkpoints();
    let short = {
        let mut reel = TapeImage::create(Vec::new(), asm704::media::tape::TapeFormat::Simh).unwrap();
        reel.write(0, &Item::Record(record_from_words(&[asm704::Word::new(0)], Mode::Binary))).unwrap();
        reel.into_store()
    };
    for (reels, tape) in [
        ([&one, &two], 3),
        ([&two, &one], 1),
        ([&one, &short], 1),
        ([&short, &one], 3),
        ([&short, &short], 0),
    ] {
        let mut standby = Standby::new(CoreSize::K8, false, reels.map(Clone::clone));
        standby.waits_with(tape);
        // looking changes nothing
        assert!(standby.reels() == reels.map(Clone::clone), "{tape}");
        standby.take_over();
        if tape == 0 {
            standby.halts_with(3);
            standby.act("start");
            standby.waits_with(0);
            continue;
        }
        // squares.sap says how often it was resumed, and goes on to its end: 20 times 20 is 400
        let stop = standby.run();
        assert_eq!(stop.kind, StopKind::Htr, "{tape}: {stop:?}");
        let paper = standby.room.tear_off();
        assert!(paper.contains("RESTART") && paper.ends_with("000020      000400\n"), "{paper}");
        let first = if tape == 1 && reels[0] == &two || tape == 3 && reels[1] == &two { 11 } else { 6 };
        assert!(paper.contains(&format!("{first:06}      ")), "{paper}");
        assert!(!paper.contains(&format!("{:06}      ", first - 1)), "{paper}");
    }
}
