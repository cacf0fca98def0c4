//! The boot of a checkpoint, word by word.

use anyhow::Result;
use asm704::disassemble::octal_instruction;

use super::player::Player;
use crate::machine::{LoadKey, Machine, Stop, StopKind};

/// So many instructions are shown.
const SHOWN: usize = 24;
/// Between two of them, in seconds.
const APART: f64 = 0.25;
/// The speed of the rest: that of a 704.
const TRUE: f64 = 1.0;

/// CLEAR and LOAD TAPE. The first instructions are shown one by one, then XR1 counts until all is read, which `restored` tells. A
/// boot that ends at a halt has its stop.
pub(super) fn load_tape(
    player: &mut Player,
    mut restored: impl FnMut(&Machine) -> bool,
) -> Result<Option<Stop>> {
    player.say(
        "CLEAR, LOAD TAPE. Core is zeros. The machine reads the first words of the tape and executes them, shown in slow motion:",
    );
    player.room.clear_and_load(LoadKey::Tape)?;
    let mut shown = 0;
    while shown < SHOWN {
        let mut line = None;
        let until = player.room.machine.cycles() + 1;
        let stop = player.room.run_each(until, &mut |machine, _| line = Some(instruction(machine)))?;
        if stop.kind != StopKind::Limit {
            return Ok(Some(stop));
        }
        match line {
            Some(line) => {
                player.say(&line);
                player.pause(APART);
                shown += 1;
            }
            None if player.room.is_waiting_for_wire() => {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            None => {}
        }
    }
    player.say("and so on, word by word: see XR1.");
    let state = std::mem::replace(&mut player.state, |room| format!("XR1 {:05o}", room.machine.cpu.xr[0]));
    let stop = player.run(TRUE, |room| restored(&room.machine))?;
    player.state = state;
    if stop.is_none() {
        player.say("core and registers are restored. The job continues after its call of the checkpoint.");
    }
    Ok(stop)
}

/// The next instruction, with the word and XR1.
fn instruction(machine: &Machine) -> String {
    let at = machine.cpu.ic;
    let word = machine.core.peek(at);
    let (operation, fields) = octal_instruction(word, |address| format!("{address:05o}"));
    format!("{at:05o}  {word}  {operation:3} {fields:<14} XR1 {:05o}", machine.cpu.xr[0])
}
