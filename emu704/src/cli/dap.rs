//! `emu704 dap`: the debugger for editors, by the Debug Adapter Protocol.
//!
//! A thread reads the client's messages; the session answers them and, between them, gives the machine time in slices, so
//! that a request is answered while the machine runs.

mod args;
mod breakpoints;
mod evaluate;
mod frames;
mod launch;
mod memory;
mod places;
mod running;
mod session;
mod sources;
mod variables;
mod views;
mod wire;

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::sync_channel;

use anyhow::{Context, Result};

use self::session::Session;
use self::wire::{Wire, read_all};
use super::Failure;
use super::interrupts::interrupts;
use super::talk::say;

/// Messages that wait for their turn at most; then the client waits.
const WAITING: usize = 64;

/// Options of `dap`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "An editor starts this command; docs/editors has the settings for each editor. Paper is sent as output, and messages go \
                  to standard error.\n\nExamples:\n  emu704 dap\n  emu704 dap --listen 127.0.0.1:7040"
)]
pub(crate) struct DapArgs {
    /// Wait for one client at this address of this computer instead of standard input; port 0
    /// takes a free one and prints it
    #[arg(long, value_name = "127.0.0.1:PORT")]
    listen: Option<SocketAddr>,
}

pub(crate) fn dap(args: &DapArgs) -> Result<u8> {
    let interrupted = interrupts();
    let (input, output): (Box<dyn Read + Send>, Box<dyn Write + Send>) = match args.listen {
        None => (Box::new(io::stdin()), Box::new(io::stdout())),
        Some(address) => {
            // a client can read and write files
            if !address.ip().is_loopback() {
                return Err(Failure::usage(format!(
                    "{address} can be reached from other computers: expected 127.0.0.1:PORT"
                )));
            }
            let listener = TcpListener::bind(address)
                .map_err(|error| Failure::usage(format!("{address}: cannot listen: {error}")))?;
            say(&format!("listening on {}", listener.local_addr().unwrap_or(address)));
            let (stream, _) = listener.accept().context("waiting for a client")?;
            (Box::new(stream.try_clone().context("the client's connection")?), Box::new(stream))
        }
    };
    let urgent = Arc::new(AtomicBool::new(false));
    let (send, incoming) = sync_channel(WAITING);
    let heard = Arc::clone(&urgent);
    std::thread::spawn(move || read_all(input, &send, &heard));
    Ok(Session::new(Wire::new(output), incoming, interrupted, urgent).serve())
}
