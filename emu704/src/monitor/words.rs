//! The words of the command line: one table for help, completion and abbreviation.

use std::fmt::Write as _;

use super::{details, habits};
use crate::fault::fault_forms;
use crate::room::Room;

/// A word and what it is for.
#[derive(Debug, Clone, Copy)]
pub struct WordRow {
    /// The word.
    pub word: &'static str,
    /// Other words for it, those of other emulators among them.
    pub also: &'static [&'static str],
    /// What may follow.
    pub usage: &'static str,
    /// What it does.
    pub summary: &'static str,
    /// It is one of the words of scripts, most of them SIMH's: cut short, it gives way to the others.
    pub of_scripts: bool,
}

const fn row(
    word: &'static str,
    also: &'static [&'static str],
    usage: &'static str,
    summary: &'static str,
) -> WordRow {
    WordRow { word, also, usage, summary, of_scripts: false }
}

const fn scripts(word: &'static str, usage: &'static str, summary: &'static str) -> WordRow {
    WordRow { word, also: &[], usage, summary, of_scripts: true }
}

/// All of them.
#[rustfmt::skip]
pub const WORDS: &[WordRow] = &[
    row("mount", &["attach"], "N FILE [ring] | mtN FILE [ring] | cards FILE | drum N FILE", "a reel on tape unit N; a deck after those in the hopper; a drum's image"),
    row("detach", &["dismount"], "N | mtN | all", "the reel off tape unit N"),
    row("swap", &[], "M N", "exchange the dials of two tape units"),
    row("load", &[], "FILE | cards | tape | drum", "a program into core (.sap, .oct), or press a LOAD key"),
    row("boot", &[], "[cards|tape|drum]", "press that LOAD key, tape if none is named, and go"),
    row("start", &[], "[ADDRESS]", "press START; with an address, begin there"),
    row("go", &["continue", "cont", "c", "g"], "[ADDRESS | anyway]", "continue from the present place; with an address, from there; `anyway` into a program with errors"),
    row("run", &[], "[CYCLES]", "go for so many machine cycles (decimal); without them, as go"),
    row("until", &[], "ADDRESS", "go to here"),
    row("step", &["s"], "[N]", "execute one instruction, or N (decimal)"),
    row("next", &["n"], "", "step over a subroutine: as step, but a TSX runs until it has returned"),
    row("stop", &["halt"], "", "stop the machine at once, AUTOMATIC or not"),
    row("break", &["b"], "[ADDRESS | read ADDRESS | write ADDRESS | operand WORD | cycle N | select [tape N|drum N|reader|punch|printer|crt] | trap] [if PLACE =|!=|<|<=|>|>= VALUE [and ...]] [after N]", "break before such an instruction, if all that is so, when it was passed N times; alone, list the breakpoints"),
    row("nobreak", &["nobr"], "all | ADDRESS | read ADDRESS | ...", "take breakpoints away"),
    row("back", &[], "[N] | write ADDRESS | to ADDRESS | break | cycle N", "back by N instructions; to the last write of a word, the last time at an address or a breakpoint, or a machine cycle"),
    row("who", &[], "ADDRESS", "who wrote this word"),
    row("history", &[], "[on | off | N [FILTER]]", "how far back one can go; remember it or not; the last N instructions, decimal, as a trace has them; a filter as of `trace`"),
    row("watch", &[], "[[-o|-d|-f|-c|-m] ADDRESS[-ADDRESS] | ac | mq | ...]", "put it on the list of watched places; alone, show them"),
    row("unwatch", &[], "all | [-o|-d|-f|-c|-m] PLACE", "take it off that list"),
    row("trace", &[], "[FILE [FILTER] | last N [FILTER] | off]", "a line on FILE for each instruction from now on, or the last N; FILTER is `from ADDRESS`, `to ADDRESS`, `op NAME,...`, `unit tape [N]|drum [N]|reader|punch|printer|crt`, those that you want"),
    row("examine", &["e", "ex"], "[-o|-d|-f|-c|-m] ADDRESS[-ADDRESS] | ADDRESS/COUNT | ac | mq | sr | ic | xr | keys | state", "show words or registers"),
    row("deposit", &["d"], "ADDRESS[-ADDRESS] WORD | ADDRESS/COUNT WORD | ADDRESS INSTRUCTION | ac | mq | ic | xra | xrb | xrc | keys WORD", "put a word, octal, or an instruction with the program's symbols into core, or a word into a register"),
    row("registers", &["regs"], "", "registers and the indicators that are on"),
    row("lights", &[], "", "every lamp of the panel, on or off, by its name"),
    row("list", &["where", "here"], "[ADDRESS]", "the code around the instruction counter, or around an address"),
    row("symbols", &[], "[PREFIX]", "symbols of the program that was assembled"),
    row("tapes", &[], "", "the tape units"),
    row("cards", &[], "", "card reader and punch"),
    row("paper", &["print"], "[N]", "the last N lines of the printer, 10 if not said"),
    row("sense", &["switch"], "N down|up", "a sense switch"),
    row("keys", &[], "WORD", "set the 36 entry keys"),
    row("press", &["key"], "KEY", "a key of the panel: start, reset, clear, load-cards, load-tape, load-drum, enter-mq, enter-instruction, display-storage, display-effective-address, display-a, display-b, display-c, single-step, multiple-step"),
    row("enter", &[], "instruction | mq", "press ENTER INSTRUCTION or ENTER MQ: the entry keys are executed once, or go to MQ; MANUAL only"),
    row("automatic", &["auto"], "", "the AUTOMATIC-MANUAL switch to AUTOMATIC"),
    row("manual", &[], "", "the AUTOMATIC-MANUAL switch to MANUAL"),
    row("reset", &[], "", "press RESET: registers and indicators"),
    row("clear", &[], "", "press CLEAR: RESET, and core to zeros; AUTOMATIC only"),
    row("power", &[], "off | on [SEED]", "the power; what core holds after it is arbitrary"),
    row("fault", &[], concat!("[none | [at CYCLE] ", fault_forms!(), "]"), "something breaks, now or at a cycle; alone, list what is broken; none, nothing is"),
    row("save", &[], "FILE", "save a snapshot of the machine and its reels"),
    row("restore", &["get"], "FILE", "take the machine and its reels from a snapshot"),
    row("expect", &[], "stop KIND [ADDRESS] | ADDRESS WORD | ac|mq|ic|xra.. WORD | light NAME on|off | print TEXT | cycles N", "fail unless it is so"),
    row("at", &[], "CYCLE ACT", "do something at a machine cycle: sense, mount, deposit, power, fault, press ..."),
    row("help", &["?"], "[WORD]", "these words, or one of them with examples"),
    row("quit", &["exit", "q", "bye"], "[CODE]", "end the session; with an exit code, 0 to 255"),
    scripts("show", "[devices | units | tapes | cards | paper | switches | breakpoints | history [N] | symbols [PREFIX] | watch | state | faults | time | version]", "what there is, and its state"),
    scripts("set", "sense N down|up | keys WORD | automatic | manual | history on|off | break ... | nobreak ...", "a switch of the panel, or of the debugger"),
    scripts("evaluate", "WORD | INSTRUCTION", "a word as an instruction, or an instruction as a word; nothing changes"),
    scripts("send", "\"TEXT\"", "punch the text, one card per line, and put the cards after those in the hopper; \\n ends a line"),
    scripts("do", "FILE [ARGUMENT ...]", "the commands of a file, with its arguments for %1 to %9"),
    scripts("return", "", "leave the file that `do` has begun"),
    scripts("echo", "TEXT", "say the text"),
    scripts("if", "CONDITION then COMMAND", "do a command if comparisons are so, such as ac = 5 and SUM != 0"),
    scripts("assert", "CONDITION | what expect takes", "as expect, and if it is not so, leave all files of commands"),
];

/// The row of a word, which may be cut short as long as it means one thing.
pub(super) fn find(word: &str) -> Result<&'static WordRow, String> {
    let word = word.to_ascii_lowercase();
    if let Some(row) = WORDS.iter().find(|row| row.word == word || row.also.contains(&word.as_str())) {
        return Ok(row);
    }
    if let Some(advice) = habits::advice(&word) {
        return Err(advice);
    }
    let begins = |of_scripts| {
        let rows = WORDS.iter().filter(move |row| row.of_scripts == of_scripts);
        rows.filter(|row| row.word.starts_with(&word)).collect::<Vec<&WordRow>>()
    };
    let mut near = begins(false);
    if near.is_empty() {
        near = begins(true);
    }
    match near.as_slice() {
        [row] => Ok(row),
        [] => Err(match habits::nearest(&word) {
            Some(like) => format!("`{word}` is not a command; did you mean `{like}`? `help` lists them"),
            None => format!("`{word}` is not a command; `help` lists them"),
        }),
        several => {
            let names: Vec<&str> = several.iter().map(|row| row.word).collect();
            Err(format!("`{word}` may be {}", names.join(" or ")))
        }
    }
}

/// What a line that was begun may go on with: the longest text that all completions share.
pub fn complete(line: &str, room: &Room) -> Option<String> {
    let (before, last) = line.rsplit_once(' ').map_or(("", line), |(before, last)| (before, last));
    let names = candidates(before, last, room);
    let first = names.first()?;
    let shared = names.iter().skip(1).fold(first.len(), |n, name| {
        first
            .char_indices()
            .zip(name.chars())
            .find(|((_, a), b)| a != b)
            .map_or(n.min(name.len()), |((at, _), _)| at.min(n))
    });
    let shared = first.get(..shared)?;
    if shared.len() <= last.len() && names.len() > 1 {
        return None;
    }
    let end = if names.len() == 1 && !shared.ends_with('/') { " " } else { "" };
    let gap = if line.contains(' ') { " " } else { "" };
    Some(format!("{before}{gap}{shared}{end}"))
}

/// All that a line may go on with.
pub fn candidates(before: &str, last: &str, room: &Room) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let Some(word) = before.split_whitespace().next() else {
        names.extend(WORDS.iter().map(|row| row.word.to_owned()).filter(|word| word.starts_with(last)));
        return names;
    };
    let Ok(row) = find(word) else { return room.files.names(last) };
    if row.word == "help" {
        names.extend(WORDS.iter().map(|row| row.word.to_owned()));
    } else {
        // what is small in its use is to be typed as it stands
        let literal =
            |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        let words = row.usage.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        let words = words.chain(if row.word == "press" {
            row.summary.split([' ', ','])
        } else {
            "".split([' ', ','])
        });
        let keys = ["a", "key", "of", "the", "panel"];
        names.extend(words.filter(literal).filter(|word| !keys.contains(word)).map(str::to_owned));
    }
    names.retain(|name| name.starts_with(last));
    if ["ADDRESS", "PLACE", "CONDITION", "INSTRUCTION"].iter().any(|what| row.usage.contains(what))
        && !last.is_empty()
    {
        let upper = last.to_ascii_uppercase();
        names.extend(
            room.symbols.symbols().map(|(name, _)| name.to_owned()).filter(|name| name.starts_with(&upper)),
        );
    }
    if row.usage.contains("FILE") {
        names.extend(room.files.names(last));
    }
    names.sort();
    names.dedup();
    names
}

/// The help: all words, or one of them.
///
/// # Errors
/// There is no such word.
pub fn help(word: Option<&str>) -> Result<String, String> {
    if let Some(word) = word {
        let row = find(word)?;
        let also =
            if row.also.is_empty() { String::new() } else { format!("\nalso: {}", row.also.join(", ")) };
        let usage = format!("{} {}", row.word, row.usage);
        let more = details::of(row.word);
        return Ok(format!("{}\n{}{also}{more}", usage.trim_end(), row.summary));
    }
    let mut text = String::from(
        "Addresses and words are octal or symbols, counts decimal. Words may be cut short. `help WORD` has examples.\n",
    );
    for of_scripts in [false, true] {
        for row in WORDS.iter().filter(|row| row.of_scripts == of_scripts) {
            let _ = writeln!(text, "{:<10} {}", row.word, row.summary);
        }
    }
    text.pop();
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::ACTIONS;

    /// Without its row here, the monitor does not know an act.
    #[test]
    fn each_act_is_a_word_of_the_monitor() {
        for (word, _) in ACTIONS {
            assert!(WORDS.iter().any(|row| row.word == *word), "{word}");
        }
    }
}
