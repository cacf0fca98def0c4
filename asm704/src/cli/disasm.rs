//! `asm704 disasm`: turns a deck, a reel or a core image into source.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use super::args::Disasm;
use super::files;
use crate::Word;
use crate::disassemble::{disassemble, disassemble_image, disassemble_reel};
use crate::in_use;
use crate::media::card::{DeckItem, deck_of_words, read_deck};
use crate::media::file_kind::{FileKind, Place, Slice, what_is};
use crate::media::tape::TapeImage;
use crate::word::parse_address;

pub(super) fn run(args: &Disasm) -> Result<ExitCode> {
    let bytes = files::read_bytes(&args.image)?;
    in_use::reads(&args.image, "the image");
    in_use::check(&args.output, "the source", None)?;
    let ending = files::ending(&args.image);
    let found = what_is(&mut Slice(&bytes), Place::Disassembler, ending.as_deref())?;
    if let Some(refusal) = found.refusal(Place::Disassembler) {
        bail!("cannot disassemble {}: {refusal}", args.image.display());
    }
    for note in found.notes(Place::Disassembler, ending.as_deref()) {
        writeln!(
            std::io::stderr(),
            "asm704: {}: {note}",
            crate::visible::clean(&args.image.display().to_string())
        )?;
    }
    let source = source(bytes, &found.kind);
    let source = source.with_context(|| format!("cannot disassemble {}", args.image.display()))?;
    files::write(&args.output, source.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn source(bytes: Vec<u8>, kind: &FileKind) -> Result<String> {
    let text = |bytes| String::from_utf8(bytes).context("expected text");
    match kind {
        FileKind::Reel(_) => reel(bytes),
        FileKind::CoreImage => {
            let (image, start) = core_image(&text(bytes)?)?;
            Ok(disassemble_image(&image, start))
        }
        FileKind::Words => deck(&deck_of_words(&text(bytes)?)?),
        _ => deck(&read_deck(&bytes, None)?),
    }
}

fn reel(bytes: Vec<u8>) -> Result<String> {
    let mut image = TapeImage::open(bytes)?;
    let items: Vec<_> = image.items(0).map(|item| Ok(item?.1)).collect::<Result<_>>()?;
    Ok(disassemble_reel(&items)?)
}

fn deck(deck: &[DeckItem]) -> Result<String> {
    let cards: Vec<[Word; 24]> = deck
        .iter()
        .filter_map(|item| match item {
            DeckItem::Card(card) => Some(card.words()),
            DeckItem::EndOfFile => None,
        })
        .collect();
    if cards.is_empty() {
        bail!("the deck has no cards");
    }
    Ok(disassemble(&cards))
}

fn core_image(text: &str) -> Result<(BTreeMap<u16, Word>, Option<u16>)> {
    let mut image = BTreeMap::new();
    let mut start = None;
    for (n, line) in text.lines().enumerate() {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let place = || format!("line {}: `{line}`", n + 1);
        match parts[..] {
            ["#", "start", address] => start = Some(parse_address(address).with_context(place)?),
            [first, ..] if first.starts_with('#') => {}
            [] => {}
            [address, word] => {
                let address = parse_address(address).with_context(place)?;
                image.insert(address, word.parse().with_context(place)?);
            }
            _ => bail!("{}: expected ADDRESS WORD", place()),
        }
    }
    Ok((image, start))
}
