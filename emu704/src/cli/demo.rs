//! `emu704 demo`.

use anyhow::Result;

/// Options of `demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct DemoArgs {}

pub(crate) fn demo(_args: &DemoArgs) -> Result<u8> {
    Ok(0)
}
