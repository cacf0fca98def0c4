//! No two of the files that a run writes are one, and none of them is read by the run.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::cli::Failure;
use crate::cli::setup::SetUpArgs;

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
        for (option, path) in [("--print", &args.print), ("--punch", &args.punch), ("--trace", &args.trace)] {
            if let Some(path) = path {
                outputs.push((option.to_owned(), path.as_path()));
            }
        }
        for drum in &args.drum {
            mounted.push((format!("drum {}", drum.number), &drum.path));
        }
        for tape in &args.tape {
            let list = if args.ring.contains(&tape.unit) { &mut mounted } else { &mut inputs };
            list.push((format!("tape {}", tape.unit), &tape.path));
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
        let Some(file) = File::of(path) else { continue };
        for (other, at) in outputs[..n].iter().chain(&inputs) {
            if File::of(at).is_some_and(|at| at == file) {
                return Err(Failure::usage(format!(
                    "{}: {what} would write it, and it is {other}, too: name another file",
                    path.display()
                )));
            }
        }
    }
    Ok(())
}

/// Which file a name leads to.
#[derive(PartialEq)]
pub(super) enum File {
    /// One that is there.
    Is(same_file::Handle),
    /// One that is to be made: its folder, and its name there.
    WillBe(PathBuf, PathBuf),
}

impl File {
    /// `None` for what cannot be destroyed: standard output, a pipe, a device.
    pub(super) fn of(path: &Path) -> Option<File> {
        if path.as_os_str() == "-" {
            return None;
        }
        match std::fs::metadata(path) {
            Ok(found) if !found.is_file() => None,
            Ok(_) => same_file::Handle::from_path(path).ok().map(File::Is),
            Err(_) => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                let folder = std::fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?;
                Some(File::WillBe(folder, path.file_name()?.into()))
            }
        }
    }
}
