//! No two of the files that a run writes are one, and none of them is read by the run.

use std::path::{Path, PathBuf};

use anyhow::Result;
use asm704::in_use::{self, Place};

use crate::cli::Failure;
use crate::cli::setup::SetUpArgs;
use crate::media::wire::WireName;

/// What the file of a recording is called.
pub(super) const RECORDING: &str = "the recording of a wire";

/// The files that the options name, and what for.
#[derive(Default)]
pub(super) struct Named<'a> {
    /// Paper, cards and trace, which are put in their places at the end.
    pub(super) outputs: Vec<(String, &'a Path)>,
    /// Drums, and reels with the ring in: they are read, too.
    pub(super) mounted: Vec<(String, &'a Path)>,
    pub(super) inputs: Vec<(String, &'a Path)>,
}

impl Named<'_> {
    pub(super) fn of(args: &SetUpArgs) -> Named<'_> {
        let Named { mut outputs, mut mounted, mut inputs } = Named::default();
        for (option, path) in [
            ("--print", &args.print),
            ("--punch", &args.punch),
            ("--trace", &args.trace),
            ("--junit", &args.junit),
        ] {
            if let Some(path) = path {
                outputs.push((option.to_owned(), path.as_path()));
            }
        }
        for drum in &args.drum {
            mounted.push((format!("drum {}", drum.number), &drum.path));
        }
        for tape in &args.tape {
            let what = format!("tape {}", tape.unit);
            match WireName::of(&tape.path) {
                None => {}
                Some(WireName::Replay(file)) => {
                    inputs.push((what, file));
                    continue;
                }
                Some(WireName::Line { record, .. }) => {
                    outputs.extend(record.map(|file| (format!("{RECORDING} on {what}"), file)));
                    continue;
                }
            }
            let list = if args.ring.contains(&tape.unit) { &mut mounted } else { &mut inputs };
            list.push((what, &tape.path));
        }
        // a reel that is the program is on tape 1, with the ring in or out
        inputs.extend(args.program.iter().map(|path| ("the program".to_owned(), path.as_path())));
        inputs.extend(args.job.iter().map(|path| ("the job".to_owned(), path.as_path())));
        inputs.extend(args.cards.iter().map(|path| ("a deck in the hopper".to_owned(), path.as_path())));
        Named { outputs, mounted, inputs }
    }
}

/// Refuses a name that would destroy something.
///
/// # Errors
/// The file of an output is that of another output or of an input.
pub(super) fn check(args: &SetUpArgs) -> Result<()> {
    let Named { mut outputs, mounted, inputs } = Named::of(args);
    outputs.extend(mounted);
    for (n, (what, path)) in outputs.iter().enumerate() {
        let Some(place) = Place::of(path) else { continue };
        for (other, at) in outputs[..n].iter().chain(&inputs) {
            if Place::of(at).is_some_and(|at| at == place) {
                return Err(Failure::usage(format!(
                    "{}: {what} would write it, and it is {other}, too: name another file",
                    path.display()
                )));
            }
        }
    }
    if let Some(folder) = &args.film {
        outputs.extend(inputs);
        check_film(folder, &outputs)?;
    }
    Ok(())
}

/// Refuses what would destroy a file that was found to be read only now: the image of an edit list, a routine of a LIB card.
///
/// # Errors
/// The file of an output, or a frame of the film, is one of them.
pub(crate) fn check_found(args: &SetUpArgs) -> Result<()> {
    let Named { mut outputs, mounted, .. } = Named::of(args);
    outputs.extend(mounted);
    for (what, path) in &outputs {
        in_use::check(path, what, None).map_err(|clash| Failure::usage(clash.to_string()))?;
    }
    for frame in args.film.iter().flat_map(|folder| frames(folder)) {
        in_use::check(&frame, "--film", None).map_err(|clash| Failure::usage(clash.to_string()))?;
    }
    Ok(())
}

/// Refuses film that would destroy what is named.
fn check_film(folder: &Path, named: &[(String, &Path)]) -> Result<()> {
    let there: Vec<_> = frames(folder).into_iter().map(|frame| (Place::of(&frame), frame)).collect();
    // where a frame would be that is not made yet
    let any = Place::of(&folder.join("frame-0001.png.new"));
    for (what, path) in named {
        let Some(place) = Place::of(path) else { continue };
        let is_there = there.iter().any(|(frame, _)| frame.as_ref() == Some(&place));
        let will_be = match (&place, &any) {
            (Place::WillBe(at, name), Some(Place::WillBe(film, _))) => {
                at == film && is_frame(&name.to_string_lossy())
            }
            _ => false,
        };
        if is_there || will_be {
            return Err(Failure::usage(format!(
                "{}: --film would write it, and it is {what}, too: name another folder",
                path.display()
            )));
        }
    }
    Ok(())
}

/// The frames that a folder has already.
fn frames(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|e| is_frame(&e.file_name().to_string_lossy())).map(|e| e.path()).collect()
}

fn is_frame(name: &str) -> bool {
    let number = name.strip_prefix("frame-").and_then(|rest| rest.strip_suffix(".png"));
    number.is_some_and(|number| number.len() >= 4 && number.bytes().all(|b| b.is_ascii_digit()))
}
