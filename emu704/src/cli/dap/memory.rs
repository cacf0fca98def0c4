//! Core as the protocol sees it: bytes, and instructions.
//!
//! A word is eight bytes, the highest first: the word at address A is the bytes from 8 A on, and its 36 bits are the lowest
//! of them. So an address of the protocol, in hexadecimal, is the address of the machine times eight.

use asm704::Word;
use asm704::views::View;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::args;
use super::session::Session;
use super::views;
use super::wire::{Answer, Refusal, Request};
use crate::core_store::CoreSize;
use crate::debug::Debugger;

/// Bytes of a word.
const WORD: i64 = 8;

/// Instructions that are shown at once at most: as many as core has words.
const MOST: usize = 32768;

/// Words from core to where a view may look at most: what is beyond core is shown as such.
const FAR: u64 = 1 << 32;

/// The address of a word as the protocol has it.
pub(super) fn reference(address: u16) -> String {
    format!("{:#x}", i64::from(address) * WORD)
}

/// The byte that a reference and a distance in bytes name.
fn byte_at(reference: &str, offset: i64) -> Result<i64, Refusal> {
    let wrong = || Refusal::new(format!("`{reference}` is no reference of memory: expected such as 0x1d8"));
    let text = reference.trim();
    let number = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => i64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.ok().and_then(|number| number.checked_add(offset)).ok_or_else(wrong)
}

/// The address of the word that a reference and a distance in bytes name.
///
/// # Errors
/// It is no reference, or not within core.
pub(super) fn word_at(reference: &str, offset: i64, size: CoreSize) -> Result<u16, Refusal> {
    let byte = byte_at(reference, offset)?;
    let address = u16::try_from(byte.div_euclid(WORD)).ok().filter(|at| *at <= size.mask());
    address.ok_or_else(|| Refusal::new(format!("{reference} and {offset} bytes are beyond a core of {size}")))
}

/// An instruction as its card has it, or what the word is as an instruction.
fn written(debugger: &Debugger, at: u16, word: Word) -> String {
    match views::usual(debugger, at) {
        View::Instruction => views::show(debugger, at),
        _ => debugger.disassembled(word),
    }
}

impl Session {
    pub(super) fn disassemble(&self, request: &Request) -> Answer {
        let asked: args::Disassemble = request.arguments()?;
        let debugger = self.debugger()?;
        let mask = i64::from(debugger.room.machine.core.size().mask());
        if asked.instruction_count > MOST {
            return Err(Refusal::new(format!("expected at most {MOST} instructions")));
        }
        let first = byte_at(&asked.memory_reference, asked.offset)?.div_euclid(WORD);
        let first = first
            .checked_add(asked.instruction_offset)
            .filter(|first| first.unsigned_abs() <= FAR)
            .ok_or_else(|| Refusal::new("the instructions are beyond core"))?;
        let symbols = &debugger.room.symbols;
        let mut former = None;
        let all: Vec<Value> = (first..first + asked.instruction_count as i64)
            .map(|at| {
                if !(0..=mask).contains(&at) {
                    let address = if at < 0 { format!("{at}") } else { format!("{:#x}", at * WORD) };
                    return json!({ "address": address, "instruction": "beyond core", "presentationHint": "invalid" });
                }
                let at = at as u16;
                let word = debugger.room.machine.core.peek(at);
                let mut told = json!({
                    "address": reference(at),
                    "instructionBytes": word.to_string(),
                    "instruction": format!("{at:05o} {}", written(debugger, at, word)),
                });
                if let Some(name) = symbols.name(at) {
                    told["symbol"] = json!(name);
                }
                if let Some((source, line)) = self.sources.place(symbols, at) {
                    // the source is that of the instruction before, if it is not given
                    if former != Some(source) {
                        told["location"] = self.sources.json(source);
                        former = Some(source);
                    }
                    told["line"] = json!(self.line_out(line));
                }
                told
            })
            .collect();
        Ok(json!({ "instructions": all }))
    }

    pub(super) fn read_memory(&self, request: &Request) -> Answer {
        let asked: args::ReadMemory = request.arguments()?;
        let core = &self.debugger()?.room.machine.core;
        let end = (i64::from(core.size().mask()) + 1) * WORD;
        let first = byte_at(&asked.memory_reference, asked.offset)?;
        let last = first.saturating_add(i64::try_from(asked.count).unwrap_or(i64::MAX));
        if first < 0 {
            return Ok(json!({ "address": format!("{first}"), "unreadableBytes": asked.count }));
        }
        let readable = first.min(end)..last.min(end);
        let bytes: Vec<u8> = readable
            .map(|byte| {
                let word = core.peek((byte / WORD) as u16).bits();
                word.to_be_bytes()[(byte % WORD) as usize]
            })
            .collect();
        let mut told = json!({ "address": format!("{first:#x}"), "data": STANDARD.encode(&bytes) });
        if bytes.len() < asked.count {
            told["unreadableBytes"] = json!(asked.count - bytes.len());
        }
        Ok(told)
    }

    pub(super) fn write_memory(&mut self, request: &Request) -> Answer {
        let asked: args::WriteMemory = request.arguments()?;
        let mut data = STANDARD.decode(&asked.data)?;
        let core = &self.debugger()?.room.machine.core;
        let end = (i64::from(core.size().mask()) + 1) * WORD;
        let first = byte_at(&asked.memory_reference, asked.offset)?;
        let room = usize::try_from(end.saturating_sub(first)).unwrap_or(0);
        if first < 0 || room == 0 || (data.len() > room && !asked.allow_partial) {
            return Err(Refusal::new("the bytes are not within core"));
        }
        data.truncate(room);
        // the words as they will be: nothing is written unless all of them are words
        let mut words: Vec<(u16, [u8; 8])> = Vec::new();
        for (byte, value) in (first..).zip(&data) {
            let address = (byte / WORD) as u16;
            if words.last().is_none_or(|(last, _)| *last != address) {
                words.push((address, core.peek(address).bits().to_be_bytes()));
            }
            if let Some((_, bytes)) = words.last_mut() {
                bytes[(byte % WORD) as usize] = *value;
            }
        }
        if let Some((address, bytes)) = words.iter().find(|(_, bytes)| u64::from_be_bytes(*bytes) >> 36 != 0)
        {
            let bits = u64::from_be_bytes(*bytes);
            return Err(Refusal::new(format!(
                "the bytes of {address:05o} would be {bits:#018x}: a word is the lowest 36 bits, and the others are 0"
            )));
        }
        let debugger = self.debugger_mut()?;
        if !debugger.room.machine.has_power() {
            return Err(Refusal::new("the power is off"));
        }
        debugger.note_beginning();
        for (address, bytes) in words {
            debugger.room.machine.core.poke(address, Word::new(u64::from_be_bytes(bytes)));
        }
        debugger.touched();
        self.changed();
        Ok(json!({ "bytesWritten": data.len() }))
    }
}
