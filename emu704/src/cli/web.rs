//! `emu704 web`: the page with a 704, for a browser on this computer.

mod attach;
mod page;
mod serve;

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::Result;

use self::attach::Attach;
use self::page::Page;
use super::Failure;
use super::talk::say;

/// What becomes of the page.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The page asks for nothing but its own files, and keeps what a visitor makes in the visitor's browser. It is served \
                  to this computer alone; for others, write it into a folder of a server.\n\nExamples:\n  emu704 web\n  emu704 web \
                  --port 7040\n  emu704 web --out public/704\n  emu704 web --single 704.html\n  emu704 web --attach 7041"
)]
pub(crate) struct WebArgs {
    /// Serve at this port of 127.0.0.1; 0 takes a free one and prints it
    #[arg(long, value_name = "PORT", default_value_t = 7040)]
    port: u16,

    /// Lets this page work a running panel, the `emu704 tui --state PORT` of this computer; it asks for the token of the panel
    #[arg(long, value_name = "PORT", conflicts_with_all = ["out", "single"])]
    attach: Option<String>,

    /// Serve nothing: write the files of the page into this folder, for any server of files
    #[arg(long, value_name = "FOLDER", conflicts_with = "port")]
    out: Option<PathBuf>,

    /// Serve nothing: write the page as one file, which a browser opens without a server
    #[arg(long, value_name = "FILE", conflicts_with = "port")]
    single: Option<PathBuf>,
}

pub(crate) fn web(args: &WebArgs) -> Result<u8> {
    let attach = args.attach.as_deref().map(Attach::at).transpose().map_err(Failure::usage)?;
    let page = Page::own()?;
    if let Some(folder) = &args.out {
        write_all(&page, folder)?;
    }
    if let Some(file) = &args.single {
        let single =
            page.single().ok_or_else(|| Failure::usage("the page was built without its one file"))?;
        write(file, &single)?;
    }
    if args.out.is_some() || args.single.is_some() {
        return Ok(0);
    }
    let address = (Ipv4Addr::LOCALHOST, args.port);
    let listener = TcpListener::bind(address)
        .map_err(|error| Failure::usage(format!("127.0.0.1:{}: cannot listen: {error}", args.port)))?;
    let port = listener.local_addr().map_or(args.port, |address| address.port());
    say(&format!("the 704 is at http://localhost:{port}/ (Ctrl-C ends it)"));
    if let Some(attach) = &attach {
        let panel = attach.panel();
        say(&format!("the panel at {panel} is at http://localhost:{port}/#attach; it asks for the token"));
    }
    serve::serve(&listener, &page, attach.as_ref());
    Ok(0)
}

/// Writes the files into a folder, which is made if it is missing.
fn write_all(page: &Page, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::usage(format!("{}: cannot make the folder: {error}", folder.display())))?;
    for file in page.files() {
        write(&folder.join(file.name), file.bytes)?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    asm704::replace::write(path, bytes)
        .map_err(|error| Failure::usage(format!("{}: cannot write: {error}", path.display())))
}
