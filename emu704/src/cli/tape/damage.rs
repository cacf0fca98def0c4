//! `emu704 tape damage`: a copy of a reel with damage done on purpose, the same every time.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::Result;
use asm704::media::tape::{Item, PARITY_BIT, TapeFormat};
use serde_json::{Value, json};

use super::convert::Copy;
use super::walk::say_behind;
use crate::cli::Failure;
use crate::cli::files::{new_form, open_reel, parse_form, tape_error};
use crate::cli::target::{check_json, print_made};
use crate::random::Random;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  emu704 tape damage reel.tap --parity 1.100 -o bad.tap\n  emu704 tape damage reel.tap --random 5 --seed 704 -o bad.tap\n  emu704 tape damage reel.tap --short 1.600 -o bad.tap"
)]
pub(super) struct DamageArgs {
    /// Image; - is standard input
    image: PathBuf,
    /// Invert the parity bit of a character: record on the reel from 1, character from 0
    #[arg(long, value_name = "RECORD.CHARACTER")]
    parity: Vec<Place>,
    /// Invert bits of a character: its seven bits as octal digits
    #[arg(long, value_name = "RECORD.CHARACTER=BITS")]
    flip: Vec<Flip>,
    /// Set the error bit of a record
    #[arg(long, value_name = "RECORD")]
    error: Vec<usize>,
    /// Keep only this many characters of a record
    #[arg(long, value_name = "RECORD.CHARACTERS")]
    short: Vec<Place>,
    /// End the reel after this many characters of a record, as a power failure does
    #[arg(long, value_name = "RECORD.CHARACTERS")]
    cut: Option<Place>,
    /// Invert this many bits anywhere, chosen by --seed
    #[arg(long, value_name = "BITS", default_value_t = 0)]
    random: u32,
    /// Which bits --random chooses
    #[arg(long, default_value_t = 704)]
    seed: u64,
    /// Take the bytes for this form: tap, p7b, e11, tpc, aws
    #[arg(long = "as", value_name = "FORM", value_parser = parse_form)]
    form: Option<TapeFormat>,
    /// Image to make, its form by the ending, or else that of the old one; - is standard output
    #[arg(short, value_name = "NEW")]
    output: PathBuf,
    /// Form of the new image, whatever its ending: tap, p7b, e11, tpc, aws
    #[arg(long, value_name = "FORM", value_parser = parse_form)]
    to: Option<TapeFormat>,
    /// One JSON document about the file made
    #[arg(long)]
    json: bool,
}

/// A record, from 1, and a number of characters or a character in it, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    record: usize,
    character: usize,
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Place, String> {
        let place = text.split_once('.').and_then(|(record, character)| {
            Some(Place {
                record: record.parse().ok().filter(|&n| n > 0)?,
                character: character.parse().ok()?,
            })
        });
        place.ok_or_else(|| String::from("expected RECORD.CHARACTER, such as 1.100"))
    }
}

#[derive(Debug, Clone, Copy)]
struct Flip {
    place: Place,
    bits: u8,
}

impl FromStr for Flip {
    type Err = String;

    fn from_str(text: &str) -> Result<Flip, String> {
        let (place, bits) = text.split_once('=').ok_or("expected RECORD.CHARACTER=BITS, such as 1.100=17")?;
        let bits = u8::from_str_radix(bits, 8).ok().filter(|&bits| bits <= 0o177);
        Ok(Flip { place: place.parse()?, bits: bits.ok_or("expected bits of 1 to 177, octal")? })
    }
}

pub(super) fn damage(args: &DamageArgs) -> Result<u8> {
    check_json(args.json, &args.output)?;
    if args.is_none() {
        return Err(Failure::usage(
            "no damage was asked for: give --parity, --flip, --error, --short, --cut or --random",
        ));
    }
    let mut image = open_reel(&args.image, args.form)?;
    // where the random bits are, counted in characters over the reel
    let mut total = 0;
    if args.random > 0 {
        for item in image.items(0) {
            if let Item::Record(record) = item.map_err(|error| tape_error(&args.image, error))?.1 {
                total += record.frames.len() as u64;
            }
        }
        if total == 0 {
            return Err(Failure::usage(format!("{}: no record to damage", args.image.display())));
        }
        if u64::from(args.random) > total {
            return Err(Failure::usage(format!(
                "--random {}: the reel has only {total} characters",
                args.random
            )));
        }
    }
    let mut random = Random(args.seed);
    let mut chosen: Vec<(u64, u8)> =
        (0..args.random).map(|_| (random.below(total), 1 << random.below(7))).collect();
    chosen.sort_unstable();

    let form = new_form(&args.output, args.to, Some(image.format()))?;
    let mut copy = Copy::create(&args.output, form)?;
    let (mut number, mut before) = (0, 0_u64);
    let mut done: Vec<Value> = Vec::new();
    let mut read = 0;
    for item in image.items(0) {
        let (at, mut item) = item.map_err(|error| tape_error(&args.image, error))?;
        read = at;
        let mut last = false;
        if let Item::Record(record) = &mut item {
            number += 1;
            let n = record.frames.len();
            let missing = |place: Place| {
                Failure::usage(format!(
                    "record {number} has {n} characters, none with number {}",
                    place.character
                ))
            };
            let mut flips: Vec<Flip> = args.flip.clone();
            flips.extend(args.parity.iter().map(|&place| Flip { place, bits: PARITY_BIT }));
            for flip in flips.iter().filter(|flip| flip.place.record == number) {
                *record.frames.get_mut(flip.place.character).ok_or_else(|| missing(flip.place))? ^= flip.bits;
                done.push(inverted(number, flip.place.character, flip.bits));
            }
            for &(at, bit) in &chosen {
                let Some(at) = at.checked_sub(before) else { continue };
                if let Some(frame) = record.frames.get_mut(at as usize) {
                    *frame ^= bit;
                    done.push(inverted(number, at as usize, bit));
                }
            }
            before += n as u64;
            if args.error.contains(&number) {
                record.error = true;
                done.push(json!({"record": number, "error": true}));
            }
            for place in args.short.iter().filter(|place| place.record == number) {
                record.frames.truncate(place.character);
                done.push(json!({"record": number, "short": record.frames.len()}));
            }
            if let Some(place) = args.cut.filter(|place| place.record == number) {
                record.frames.truncate(place.character);
                record.error = true;
                last = true;
                done.push(json!({"record": number, "cut": record.frames.len()}));
            }
            if record.frames.is_empty() && n > 0 && !last {
                return Err(Failure::usage(format!("record {number} would have no characters left")));
            }
        }
        if !last || !matches!(&item, Item::Record(record) if record.frames.is_empty()) {
            copy.write(&item)?;
        }
        if last {
            break;
        }
    }
    let named = args.flip.iter().map(|flip| flip.place).chain(args.parity.iter().copied());
    let named = named.chain(args.short.iter().copied()).chain(args.cut).map(|place| place.record);
    let beyond = named.chain(args.error.iter().copied()).find(|&record| record == 0 || record > number);
    if let Some(record) = beyond {
        return Err(Failure::usage(format!("{}: no record {record} on this reel", args.image.display())));
    }
    say_behind(&args.image, &mut image, read, "left out")?;
    let mut made = copy.finish()?;
    made["damage"] = Value::Array(done);
    print_made(args.json, &[made])?;
    Ok(0)
}

impl DamageArgs {
    /// A copy without damage is not what anybody asks for.
    fn is_none(&self) -> bool {
        let none = self.parity.is_empty() && self.flip.is_empty() && self.error.is_empty();
        none && self.short.is_empty() && self.cut.is_none() && self.random == 0
    }
}

fn inverted(record: usize, character: usize, bits: u8) -> Value {
    json!({"record": record, "character": character, "bits": format!("{bits:03o}")})
}
