//! `asm704 disasm`: source of a deck, a reel or a core image.

use std::collections::BTreeMap;
use std::io::Read;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use super::args::Disasm;
use super::files;
use crate::Word;
use crate::disassemble::{disassemble, disassemble_image, disassemble_reel};
use crate::media::card::{DeckItem, read_deck};
use crate::media::tape::{TapeFormat, TapeImage};
use crate::word::parse_address;

pub(super) fn run(args: &Disasm) -> Result<ExitCode> {
    let bytes = if files::is_standard(&args.image) {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
        bytes
    } else {
        std::fs::read(&args.image).with_context(|| format!("cannot read {}", args.image.display()))?
    };
    let ending = args.image.extension().and_then(|ending| ending.to_str()).unwrap_or("");
    let source = if TapeFormat::from_extension(ending).is_some() { reel(bytes) } else { source(bytes) };
    let source = source.with_context(|| format!("cannot disassemble {}", args.image.display()))?;
    files::write(&args.output, source.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn reel(bytes: Vec<u8>) -> Result<String> {
    let mut image = TapeImage::open(bytes)?;
    let items: Vec<_> = image.items(0).map(|item| Ok(item?.1)).collect::<Result<_>>()?;
    Ok(disassemble_reel(&items)?)
}

/// Text of words or of a core image is told from a deck by its first line; what is no deck may be a reel.
fn source(bytes: Vec<u8>) -> Result<String> {
    if let Ok(text) = std::str::from_utf8(&bytes)
        && let Some(first) = text.lines().find(|line| !line.trim().is_empty())
    {
        let n_words = first.split_whitespace().count();
        if n_words == 24 {
            return Ok(disassemble(&words_deck(text)?));
        }
        if first.starts_with('#')
            || n_words == 2 && parse_address(first.split_whitespace().next().unwrap_or("")).is_ok()
        {
            let (image, start) = core_image(text)?;
            return Ok(disassemble_image(&image, start));
        }
    }
    let deck = match read_deck(&bytes, None) {
        Ok(deck) => deck,
        Err(error) => return reel(bytes).map_err(|_| error.into()),
    };
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

fn words_deck(text: &str) -> Result<Vec<[Word; 24]>> {
    let mut cards = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let words: Vec<Word> = line
            .split_whitespace()
            .map(str::parse)
            .collect::<Result<_, _>>()
            .with_context(|| format!("line {}", n + 1))?;
        let Ok(card) = words.try_into() else { bail!("line {}: a card has 24 words", n + 1) };
        cards.push(card);
    }
    Ok(cards)
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
