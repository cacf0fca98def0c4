//! The parts of the live acts: each machine is a process of its own. It shares nothing with the others except the files in its
//! folder.

use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result};

use super::boot;
use super::player::Player;
use super::programs::{self, another, bureau, fortran, job, put_drum, room_of};
use crate::action::Action;
use crate::cli::exit;
use crate::core_store::CoreSize;
use crate::room::Room;

/// A machine of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Part {
    Plain,
    PlainAgain,
    Strong,
    StrongAgain,
    Sends,
    Hears,
    GuestA,
    GuestB,
    Host,
    Home,
    Bureau,
    BureauAgain,
    Elsewhere,
    Fortran,
    FortranAgain,
}

/// As fast as a 704 was.
const TRUE: f64 = 1.0;
/// For arithmetic, which shows nothing.
const FAST: f64 = 16.0;
/// For a machine that must not end before it is killed.
const SLOW: f64 = 0.1;
/// Characters of a record of 49,200 when it may be killed, and when it waits for that.
const BEGUN: usize = 5_000;
const NEARLY: usize = 45_000;

/// The act has asked for a blown fuse.
static FUSE: AtomicBool = AtomicBool::new(false);

/// Plays a part to its end. The process ends when its standard input does, because then the act has ended.
pub(super) fn play(part: Part, folder: &Path, pace: f64, seed: u64) -> Result<u8> {
    std::thread::Builder::new()
        .spawn(|| {
            let mut byte = [0];
            while std::io::stdin().read(&mut byte).is_ok_and(|n| n > 0) {
                FUSE.store(true, Ordering::Relaxed);
            }
            std::process::exit(exit::INTERRUPTED.into());
        })
        .context("a thread")?;
    let part = Setting { folder, pace, seed, part };
    match part.part {
        Part::Plain => part.plain(),
        Part::PlainAgain => part.again(CoreSize::K8, &["reel.tap"], sweeps, FAST),
        Part::Strong => part.strong(),
        Part::StrongAgain => part.again(CoreSize::K8, &["reel-1.tap", "reel-2.tap"], sweeps, FAST),
        Part::Sends => part.sends(),
        Part::Hears => part.again(CoreSize::K8, &["wire:connect:wire"], sweeps, FAST),
        Part::GuestA => part.guest("guest-a.tap", 1),
        Part::GuestB => part.guest("guest-b.tap", 3),
        Part::Host => part.host(),
        Part::Home => part.again(CoreSize::K4, &["home-a.tap"], computes, 2.0),
        Part::Bureau => part.bureau(),
        Part::BureauAgain | Part::Elsewhere => part.again(CoreSize::K4, &["reel.tap"], computes, TRUE),
        Part::Fortran => part.fortran(),
        Part::FortranAgain => part.again(CoreSize::K32, &["reel.tap"], computes, TRUE),
    }
}

struct Setting<'a> {
    folder: &'a Path,
    pace: f64,
    seed: u64,
    part: Part,
}

/// Of the plate's job: how far it is.
fn sweeps(room: &Room) -> String {
    match room.machine.core.peek(1).bits() {
        // while a checkpoint is written, word 1 is a part of the boot
        done @ 0..=1000 if room.machine.tape_active().is_none() => format!("sweep {done} of 1000"),
        _ => computes(room),
    }
}

fn computes(room: &Room) -> String {
    match room.machine.tape_active() {
        Some(_) => "a tape turns".to_owned(),
        None => format!("it computes, at {:05o}", room.machine.cpu.ic),
    }
}

impl Setting<'_> {
    fn mount(&self, room: &mut Room, unit: u8, name: &str, ring: bool) -> Result<()> {
        // the name of a wire ends with the name of its socket
        let file = match name.rsplit_once(':') {
            Some((wire, socket)) => format!("{wire}:{}", self.folder.join(socket).display()).into(),
            None => self.folder.join(name),
        };
        Ok(room.act(&Action::Mount { unit, file, ring })?)
    }

    fn player(&self, room: Room, state: fn(&Room) -> String) -> Player {
        Player::new(room, self.pace, state)
    }

    /// The checkpoint when the operator asks for it: switch 1 down until the tape turns.
    fn checkpoint(&self, player: &mut Player) -> Result<()> {
        player.say("the operator puts sense switch 1 down: a checkpoint, please.");
        player.act("sense 1 down")?;
        player.run_to(TRUE, |room| room.machine.tape_active().is_some())?;
        player.say("tape 1 turns. Switch 1 goes up.");
        player.act("sense 1 up")?;
        if self.part == Part::Sends {
            return player.run_to(TRUE, |room| room.machine.tape_active().is_none());
        }
        player.run_to_written(TRUE, 1)
    }

    /// Act `kill`.
    fn plain(&self) -> Result<u8> {
        let mut room = job("CHKPNT")?;
        self.mount(&mut room, 1, "reel.tap", true)?;
        let mut player = self.player(room, sweeps);
        player.say("the job begins: a plate, 1,000 sweeps.");
        player.run_to_cycle(FAST, 4_200_000)?;
        self.checkpoint(&mut player)?;
        player.say("one record of 8200 words is on the reel. The reel rewinds, and the job continues.");
        player.wait_to_be_killed(TRUE)
    }

    /// Act `half`.
    fn strong(&self) -> Result<u8> {
        let mut room = job("CHKSTR")?;
        self.mount(&mut room, 1, "reel-1.tap", true)?;
        self.mount(&mut room, 2, "reel-2.tap", true)?;
        let mut player = self.player(room, sweeps);
        player.say(
            "the job begins, sense switch 2 down: a checkpoint in each 100th sweep, on the reels in turn.",
        );
        player.act("sense 2 down")?;
        for serial in 1..=2 {
            // the routine prints a line when it has read the record back
            player.run_to(FAST, |room| room.machine.io.printer.lines() >= serial)?;
            player.say(&format!("checkpoint {serial} is on tape {serial}, and was read back."));
        }
        player.run_to(FAST, |room| room.machine.characters_written() > 0)?;
        player.say("checkpoint 3 begins, on tape 1 again. From here on it is shown in slow motion.");
        player.state = |room| {
            format!(
                "{} of 49,200 characters have passed the head of tape 1",
                room.machine.characters_written()
            )
        };
        player.run_to(SLOW, |room| room.machine.characters_written() > BEGUN)?;
        player.mark();
        player.pace = 1.0;
        let blows = || FUSE.load(Ordering::Relaxed);
        player.run_to(SLOW, |room| room.machine.characters_written() > NEARLY || blows())?;
        while !blows() {
            // it stands in the middle of its record
            player.pause(0.02);
        }
        let characters = player.room.machine.characters_written();
        player.act("power off")?;
        player.keep_reels()?;
        player
            .say(&format!("a fuse blows when {characters} characters of checkpoint 3 have passed the head."));
        player.mark();
        loop {
            player.pause(1.0);
        }
    }

    /// Act `wire`.
    fn sends(&self) -> Result<u8> {
        let mut room = job("CHKPNT")?;
        self.mount(&mut room, 1, "wire:listen:wire", true)?;
        let mut player = self.player(room, sweeps);
        player.say("the job begins: a plate, 1,000 sweeps.");
        player.run_to_cycle(FAST, 4_200_000)?;
        self.checkpoint(&mut player)?;
        player.say("the record is sent. The call returns, and the job continues here, too.");
        player.wait_to_be_killed(TRUE)
    }

    /// Act `sharing`: a job on a machine of its own, until so many checkpoints are on its reel.
    fn guest(&self, reel: &str, checkpoints: usize) -> Result<u8> {
        let mut room = room_of(programs::SQUARES, CoreSize::K4)?;
        self.mount(&mut room, 1, reel, true)?;
        let mut player = self.player(room, computes);
        player.run_to_written(4.0, checkpoints)?;
        player.say(&format!("checkpoint {checkpoints} is on the reel."));
        player.wait_to_be_killed(SLOW)
    }

    /// Act `sharing`: the machine with the monitor.
    fn host(&self) -> Result<u8> {
        let mut room = room_of(programs::SHARING, CoreSize::K8)?;
        for (unit, reel, ring) in [
            (1, "home-a.tap", true),
            (2, "home-b.tap", true),
            (3, "guest-a.tap", false),
            (4, "guest-b.tap", false),
        ] {
            self.mount(&mut room, unit, reel, ring)?;
        }
        let mut player = self.player(room, computes);
        player.say("the monitor loads both reels. Sense switch 5 is down: A goes home at its next call.");
        player.act("sense 5 down")?;
        let stop = player.run_to_stop(2.0)?;
        player
            .say(&format!("{stop}: B has ended. The operator enters TTR 10001, and the monitor forgets B."));
        for act in ["manual", "keys 002100010001", "press enter-instruction", "automatic", "start"] {
            player.act(act)?;
        }
        let stop = player.run_to_stop(2.0)?;
        player.end(&stop)
    }

    /// Act `refusal`.
    fn bureau(&self) -> Result<u8> {
        let mut room = bureau(programs::BUREAU)?;
        self.mount(&mut room, 1, "reel.tap", true)?;
        let mut player = self.player(room, computes);
        player.say("the job begins. The key of this bureau is on drum 1.");
        self.checkpoint(&mut player)?;
        player.say("the record is on the reel, the package in it under the key. The job continues.");
        player.wait_to_be_killed(TRUE / 200.0)
    }

    /// Act `fortran`.
    fn fortran(&self) -> Result<u8> {
        let mut room = fortran()?;
        self.mount(&mut room, 1, "reel.tap", true)?;
        let mut player = self.player(room, computes);
        player.say(
            "LOAD CARDS: the loader, a main program, a subroutine, the checkpoint, and one that prints.",
        );
        player.run_to_cycle(2.0, 900_000)?;
        self.checkpoint(&mut player)?;
        player.say("the record is on the reel. The job continues.");
        player.wait_to_be_killed(TRUE / 20.0)
    }

    /// A machine that has only reels, or a wire, and continues the job that is on them.
    fn again(&self, core: CoreSize, tapes: &[&str], state: fn(&Room) -> String, speed: f64) -> Result<u8> {
        let mut room = another(core, self.seed);
        match self.part {
            Part::BureauAgain => put_drum(&mut room, programs::BUREAU)?,
            Part::Elsewhere => put_drum(&mut room, programs::BUREAU2)?,
            _ => {}
        }
        for (unit, tape) in (1..).zip(tapes) {
            // the next checkpoints of a job that went home are on the same reel
            let ring = matches!(self.part, Part::StrongAgain | Part::Home);
            self.mount(&mut room, unit, tape, ring)?;
        }
        let wire = self.part == Part::Hears;
        let mut player = self.player(room, state);
        let mut quiet = 0;
        // the boot has ended when the plain routine has rewound its reel, and when no tape has turned for a while after the finder
        let stop = boot::load_tape(&mut player, |machine| {
            let cycles = machine.cycles();
            quiet = if machine.tape_active().is_none() { quiet + 1 } else { 0 };
            match tapes.len() {
                1 => quiet > 0 && cycles > 10_000 && (wire || machine.tape_unit(1).feet() == 0.0),
                _ => quiet > 100 && cycles > 100_000,
            }
        })?;
        if wire {
            // the other machine is not needed any more
            player.mark();
        }
        let stop = match stop {
            Some(stop) => stop,
            None => player.run_to_stop(speed)?,
        };
        player.end(&stop)
    }
}
