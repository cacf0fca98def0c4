//! The live acts, one function each.

use anyhow::{Context as _, Result};
use asm704::media::text::undump_drum;

use super::child::Machine;
use super::parts::Part;
use super::programs::{self, answer, answer_of, bureau, fortran, job, room_of};
use super::stage::Stage;
use super::{Act, DemoArgs};
use crate::cli::Failure;
use crate::cli::talk::putln;
use crate::core_store::CoreSize;

/// Plays an act; returns the exit code.
pub(super) fn play(act: Act, args: &DemoArgs) -> Result<u8> {
    let stage = Stage::new(args)?;
    match act {
        Act::Kill => kill(&stage),
        Act::Half => half(&stage),
        Act::Wire => wire(&stage),
        Act::Sharing => sharing(&stage),
        Act::Refusal => refusal(&stage),
        Act::Fortran => fortran_job(&stage),
    }
}

/// Prints the lines of an undisturbed run.
fn undisturbed(lines: &[String]) {
    putln!("Undisturbed, it prints");
    for line in lines {
        putln!("    | {line}");
    }
    putln!();
}

fn has_printed(machine: &Machine) -> Vec<String> {
    answer_of(machine.paper.iter().map(String::as_str))
}

/// Says where a reel is, and the command that loads it on another computer.
fn tell_reel(stage: &Stage, name: &str, options: &str) -> Result<()> {
    let reel = stage.folder().join(name);
    let bytes = std::fs::metadata(&reel).with_context(|| reel.display().to_string())?.len();
    putln!("A file of {bytes} bytes is left: {}.", reel.display());
    putln!("This command loads it, here or on another computer:");
    putln!();
    putln!("    emu704 run {name} {options}");
    putln!();
    Ok(())
}

fn kill(stage: &Stage) -> Result<u8> {
    putln!(
        "A machine is lost, and its job is not. The job is the temperature of a plate, for 8,192 words of core."
    );
    stage.tell_folder();
    let right = answer(job("CHKPNT")?)?;
    undisturbed(&right);
    let mut first = stage.machine("machine 1", Part::Plain)?;
    stage.until_marked(&mut [&mut first])?;
    stage.press("to kill machine 1", &mut [&mut first])?;
    Stage::kill(&mut first)?;
    tell_reel(stage, "reel.tap", "--core 8k")?;
    putln!("Machine 2 is powered on, with arbitrary words in its core. It gets this file and nothing else.");
    let mut second = stage.machine("machine 2", Part::PlainAgain)?;
    let end = stage.to_the_end(&mut second)?;
    let agree = end.halted && has_printed(&second) == right;
    Ok(stage.verdict(agree, "The same six lines, to the last digit. The machine was lost; the job was not."))
}

fn half(stage: &Stage) -> Result<u8> {
    putln!("A machine is lost while it writes a checkpoint. The strong routine has two reels for this case.");
    stage.tell_folder();
    let right = answer(job("CHKPNT")?)?;
    undisturbed(&right);
    let mut first = stage.machine("machine 1", Part::Strong)?;
    stage.until_marked(&mut [&mut first])?;
    stage.press("to blow a fuse of machine 1 in the middle of checkpoint 3", &mut [&mut first])?;
    first.blow_fuse()?;
    stage.until_marked(&mut [&mut first])?;
    Stage::kill(&mut first)?;
    tell_reel(stage, "reel-1.tap", "--core 8k --tape 2=reel-2.tap")?;
    putln!(
        "On it is half of checkpoint 3, after checkpoint 1. Machine 2 gets both reels. The first record of a reel is a"
    );
    putln!("finder: it reads both, and loads the newest checkpoint that is whole.");
    let mut second = stage.machine("machine 2", Part::StrongAgain)?;
    let end = stage.to_the_end(&mut second)?;
    let agree = end.halted && has_printed(&second) == right;
    Ok(stage.verdict(agree, "The same six lines: checkpoint 2 was whole, on the other reel."))
}

fn wire(stage: &Stage) -> Result<u8> {
    if cfg!(not(unix)) {
        return Err(Failure::usage("this act needs Unix sockets; docs/wire.md has a wire by TCP"));
    }
    putln!(
        "The checkpoint goes by a wire. Tape unit 1 of one machine is tape unit 1 of the other; there is no reel."
    );
    stage.tell_folder();
    let right = answer(job("CHKPNT")?)?;
    undisturbed(&right);
    let socket = stage.folder().join("wire");
    putln!("By hand, in two terminals and the folder of the project:");
    putln!();
    putln!("    emu704 run --core 8k --load tape --tape 1=wire:connect:{}", socket.display());
    putln!("    emu704 run programs/heat.sap --core 8k --sense 1 --tape 1=wire:listen:{}", socket.display());
    putln!();
    let mut second = stage.machine("machine 2", Part::Hears)?;
    putln!("It waits in LOAD TAPE until the other machine writes.");
    let mut first = stage.machine("machine 1", Part::Sends)?;
    stage.until_marked(&mut [&mut first, &mut second])?;
    putln!("Now both have the job.");
    stage.press("to kill machine 1", &mut [&mut first, &mut second])?;
    Stage::kill(&mut first)?;
    let end = stage.to_the_end(&mut second)?;
    let agree = end.halted && has_printed(&second) == right;
    Ok(stage.verdict(agree, "The same six lines. There was no reel, and no disk between the machines."))
}

fn sharing(stage: &Stage) -> Result<u8> {
    putln!(
        "Two jobs share a machine of 8,192 words, and one goes home. Each prints 1 to 20 and the squares, and comes from a"
    );
    putln!("machine of 4,096 words, by its checkpoint.");
    stage.tell_folder();
    let mut alone = room_of(programs::SQUARES, CoreSize::K4)?;
    alone.mount_reel(1, Vec::new(), true)?;
    let right = answer(alone)?;
    let mut a = stage.machine("machine A", Part::GuestA)?;
    let mut b = stage.machine("machine B", Part::GuestB)?;
    stage.until_marked(&mut [&mut a, &mut b])?;
    stage.press("to kill machines A and B", &mut [&mut a, &mut b])?;
    Stage::kill(&mut a)?;
    Stage::kill(&mut b)?;
    putln!();
    putln!("Machine C has a monitor in its upper 4,096 words. Both reels are on it.");
    let mut host = stage.machine("machine C", Part::Host)?;
    let host_end = stage.to_the_end(&mut host)?;
    putln!();
    putln!("B has ended there. A has gone home, by a reel of its own.");
    tell_reel(stage, "home-a.tap", "--core 4k --ring 1")?;
    stage.press("to mount it at home, on a machine of 4,096 words", &mut [])?;
    let mut home = stage.machine("machine D", Part::Home)?;
    let home_end = stage.to_the_end(&mut home)?;
    // A had 5 lines on the paper of its checkpoint, and B had 15; A's second checkpoint, behind line 10, is that by which it went
    let on_host: Vec<String> =
        right.get(5..10).into_iter().chain(right.get(15..)).flatten().cloned().collect();
    let agree = host_end.halted
        && home_end.halted
        && has_printed(&host) == on_host
        && right.get(10..).is_some_and(|rest| has_printed(&home) == rest);
    Ok(stage.verdict(
        agree,
        "Each job printed each line after its checkpoint once, on three machines, and all are right.",
    ))
}

fn refusal(stage: &Stage) -> Result<u8> {
    putln!(
        "A service bureau has a package that must not leave it. The bureau's key is on drum 1 of each of its machines; the"
    );
    putln!("package goes to the reel under that key.");
    stage.tell_folder();
    let right = answer(bureau(programs::BUREAU)?)?;
    undisturbed(&right);
    let mut first = stage.machine("machine 1", Part::Bureau)?;
    stage.until_marked(&mut [&mut first])?;
    stage.press("to kill machine 1", &mut [&mut first])?;
    Stage::kill(&mut first)?;
    let reel = stage.folder().join("reel.tap");
    let package = programs::package(&std::fs::read(&reel).with_context(|| reel.display().to_string())?)?;
    let hidden = package.iter().filter(|[in_core, on_reel]| in_core != on_reel).count();
    putln!("The package has {} words. {hidden} of them are on the reel only under the key.", package.len());
    let drum = stage.folder().join("bureau.img");
    std::fs::write(&drum, undump_drum(programs::BUREAU)?).with_context(|| drum.display().to_string())?;
    tell_reel(stage, "reel.tap", "--core 4k --drum 1=bureau.img")?;
    putln!("Machine 2 is of another bureau: on its drum 1 is another key.");
    let mut other = stage.machine("machine 2", Part::Elsewhere)?;
    let refused = stage.to_the_end(&mut other)?;
    putln!("AC shows the code {}; 17 means: this is not the key.", refused.code);
    stage.press("to take the reel to a machine of the same bureau", &mut [])?;
    let mut again = stage.machine("machine 3", Part::BureauAgain)?;
    let end = stage.to_the_end(&mut again)?;
    let agree = refused.halted
        && refused.code == 17
        && other.paper.is_empty()
        && hidden == package.len()
        && end.halted
        && has_printed(&again) == right;
    Ok(stage.verdict(
        agree,
        "The other bureau was refused. The machine of the same bureau printed the same answer.",
    ))
}

fn fortran_job(stage: &Stage) -> Result<u8> {
    putln!(
        "A job in the form of FORTRAN II, 1958: its object deck, made by hand, behind a loader of our own. A subroutine calls"
    );
    putln!(
        "CHKPNT if sense switch 1 is down. The main program has called LARGER, which allows a larger machine."
    );
    stage.tell_folder();
    let right = answer(fortran()?)?;
    undisturbed(&right);
    let mut first = stage.machine("machine 1", Part::Fortran)?;
    stage.until_marked(&mut [&mut first])?;
    stage.press("to kill machine 1", &mut [&mut first])?;
    Stage::kill(&mut first)?;
    tell_reel(stage, "reel.tap", "--core 32k")?;
    putln!("Machine 2 has 32,768 words. The routine corrects the links that FORTRAN stored on 8,192.");
    let mut second = stage.machine("machine 2", Part::FortranAgain)?;
    let end = stage.to_the_end(&mut second)?;
    let agree = end.halted && has_printed(&second) == right;
    Ok(stage.verdict(agree, "The same answer, on a machine four times as large."))
}
