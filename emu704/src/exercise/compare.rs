//! A case is run and held against what is expected.

use asm704::Word;
use asm704::chars::Graphics;
use asm704::media::card::Card;
use asm704::media::tape::{Item, Mode, TapeImage, words_of};
use asm704::media::text;

use super::data::{Case, Exercise, Film, Mistake, Records, Reel};
use super::number::Value;
use super::ran::{self, NotRun, Ran, no_symbol};
use super::report::{CaseReport, Finding};
use super::{CheckError, Files, Student, condition, diff};
use crate::machine::StopKind;
use crate::room::Room;

/// Differences of a case that are listed; the rest is counted.
const MOST: usize = 12;

/// Runs a case and compares.
pub(super) fn case(
    exercise: &Exercise,
    n: usize,
    case: &Case,
    student: &Student<'_>,
    files: &Files,
    enough: &mut dyn FnMut() -> bool,
) -> Result<CaseReport, CheckError> {
    let mut report = CaseReport { name: case.called(n), ..CaseReport::default() };
    let mistakes: Vec<&Mistake> = case.mistake.iter().chain(&exercise.mistake).collect();
    let lines = case.expect.iter().chain(mistakes.iter().flat_map(|mistake| &mistake.when));
    let watched = !exercise.required.is_empty()
        || !exercise.forbidden.is_empty()
        || lines.into_iter().any(|line| line.contains("executes"));
    match ran::run(exercise, case, student, files, watched, enough) {
        Err(NotRun::Error(error)) => return Err(error),
        Err(NotRun::Findings(findings)) => report.findings = findings,
        Ok(mut ran) => {
            report.stop = condition::ended(&ran);
            ran.stop.kind.name().clone_into(&mut report.kind);
            report.cycles = ran.monitor.machine().cycles();
            report.findings = findings(exercise, case, &mut ran)?;
            if !report.findings.is_empty() {
                let known = |mistake: &&Mistake| {
                    mistake.when.iter().all(|line| condition::holds(&mut ran, line).is_ok())
                };
                report.hints =
                    mistakes.into_iter().filter(known).map(|mistake| mistake.say.clone()).collect();
                report.hints.extend(of_stop(&ran, case));
                report.hints.append(&mut ran.notices);
            }
        }
    }
    report.right = report.findings.is_empty();
    if !report.right {
        report.hints.extend(case.hint.clone());
    }
    report.more = report.findings.len().saturating_sub(MOST);
    report.findings.truncate(MOST);
    Ok(report)
}

/// What can be said of a bad end, whatever the exercise is.
fn of_stop(ran: &Ran, case: &Case) -> Option<String> {
    let expected = |stop: &str| stop == "any" || stop.starts_with(ran.stop.kind.name());
    if case.stop.as_deref().is_some_and(expected) {
        return None;
    }
    let told = match ran.stop.kind {
        StopKind::Limit => format!(
            "the program was still running after {} cycles: is there a loop without an end?",
            ran.monitor.machine().cycles()
        ),
        StopKind::UndefinedOperation => {
            "the machine came to a word that is no instruction: is a halt or a transfer missing in front of the data?".to_owned()
        }
        StopKind::Waiting => "the machine waits for a unit that will not come".to_owned(),
        StopKind::ReaderEmpty => {
            "the program asked for a card after the last one: what does it do at the end of file?".to_owned()
        }
        _ => return None,
    };
    Some(told)
}

fn findings(exercise: &Exercise, case: &Case, ran: &mut Ran) -> Result<Vec<Finding>, CheckError> {
    let mut findings = Vec::new();
    findings.extend(stopped(case, ran));
    if let Some(paper) = &case.paper {
        findings.extend(diff::compare("paper", paper, &ran.paper));
    }
    words(case, ran, &mut findings)?;
    registers(case, ran, &mut findings)?;
    for line in &case.expect {
        if let Err(found) = condition::holds(ran, line) {
            let what = line.split_whitespace().next().unwrap_or_default().to_owned();
            findings.push(Finding { what, expected: line.clone(), found });
        }
    }
    if let Some(punched) = &case.punched {
        findings.extend(diff::compare("punched cards", punched, &punched_text(ran)));
    }
    for (unit, reel) in &case.reel {
        self::reel(unit, reel, ran, &mut findings)?;
    }
    if let Some(expected) = &case.film {
        film(expected, ran, &mut findings);
    }
    operations(exercise, ran, &mut findings);
    let cycles = ran.monitor.machine().cycles();
    if let Some(most) = case.most_cycles.filter(|most| cycles > *most) {
        findings.push(Finding {
            what: "time".to_owned(),
            expected: format!("at most {most} cycles"),
            found: format!("{cycles} cycles"),
        });
    }
    if let Some(most) = exercise.most_words.filter(|most| ran.own_words > *most) {
        findings.push(Finding {
            what: "size".to_owned(),
            expected: format!("at most {most} words"),
            found: format!("{} words", ran.own_words),
        });
    }
    Ok(findings)
}

/// The machine has stopped at a word that a card of the program made. Of a program without a source nobody can tell.
fn of_program(ran: &Ran) -> bool {
    let room = &ran.monitor.debugger.room;
    !room.symbols.is_known() || room.symbols.word(ran.stop.at) == Some(room.machine.core.peek(ran.stop.at))
}

fn stopped(case: &Case, ran: &mut Ran) -> Option<Finding> {
    let (right, expected) = match case.stop.as_deref() {
        Some("any") => return None,
        Some(stop) => (condition::holds(ran, &format!("stop {stop}")).is_ok(), format!("stop {stop}")),
        None => {
            let halts = matches!(ran.stop.kind, StopKind::Htr | StopKind::Hpr);
            if halts && case.load.is_some() && !of_program(ran) {
                (false, "a halt of the program, which the LOAD key must have loaded".to_owned())
            } else {
                (halts, "a halt, HTR or HPR".to_owned())
            }
        }
    };
    (!right).then(|| Finding { what: "how it ended".to_owned(), expected, found: condition::ended(ran) })
}

fn words(case: &Case, ran: &Ran, findings: &mut Vec<Finding>) -> Result<(), CheckError> {
    let room = &ran.monitor.debugger.room;
    for (place, values) in &case.words {
        let Ok(first) = room.address(place) else {
            findings.push(no_symbol(place, &room.symbols));
            continue;
        };
        let many = values.list().len() > 1;
        for (n, value) in values.list().iter().enumerate() {
            let what =
                if many && n > 0 { format!("the word {place}+{n:o}") } else { format!("the word {place}") };
            let at = usize::from(first) + n;
            if at >= room.machine.core.size().words() {
                return Err(CheckError::Exercise(format!("words.{place}: it goes beyond the end of core")));
            }
            findings.extend(one(what, value, room.machine.core.peek(at as u16), room)?);
        }
    }
    Ok(())
}

/// A word, if it is not as expected.
fn one(what: String, value: &Value, found: Word, room: &Room) -> Result<Option<Finding>, CheckError> {
    let expected = match value.word(&|text| room.address(text)) {
        Ok(expected) => expected,
        Err(_) if let Value::Text(symbol) = value => return Ok(Some(no_symbol(symbol, &room.symbols))),
        Err(error) => return Err(CheckError::Exercise(format!("{what}: {error}"))),
    };
    let right = value.is(expected, found);
    Ok((!right).then(|| Finding { what, expected: value.show(expected), found: value.show(found) }))
}

/// A register that [`Case::registers`] can name.
pub(super) fn is_register(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "ac" | "mq" | "sr" | "ic" | "xr1" | "xra" | "xr2" | "xrb" | "xr4" | "xrc"
    )
}

fn registers(case: &Case, ran: &Ran, findings: &mut Vec<Finding>) -> Result<(), CheckError> {
    let room = &ran.monitor.debugger.room;
    let cpu = &room.machine.cpu;
    for (name, value) in &case.registers {
        let upper = name.to_ascii_uppercase();
        let found = match upper.as_str() {
            "AC" => cpu.ac.word(),
            "MQ" => cpu.mq,
            "SR" => cpu.sr,
            "IC" => Word::new(cpu.ic.into()),
            "XR1" | "XRA" => Word::new(cpu.xr[0].into()),
            "XR2" | "XRB" => Word::new(cpu.xr[1].into()),
            _ => Word::new(cpu.xr[2].into()),
        };
        findings.extend(one(upper, value, found, room)?);
    }
    Ok(())
}

fn punched_text(ran: &Ran) -> String {
    let lines = ran.punched.iter().map(|card| {
        Card::from_words(&card.words)
            .to_text(Graphics::default())
            .unwrap_or_else(|| "(holes that are no characters)".to_owned())
    });
    lines.map(|line| line + "\n").collect()
}

fn reel(unit: &str, expected: &Reel, ran: &mut Ran, findings: &mut Vec<Finding>) -> Result<(), CheckError> {
    let what = format!("the reel on tape {unit}");
    let Some(bytes) = ran.monitor.debugger.room.reel(unit.parse().unwrap_or_default()) else {
        findings.push(Finding { what, expected: "a reel".to_owned(), found: "none".to_owned() });
        return Ok(());
    };
    if let Some(expected) = &expected.text {
        let found = text::of_bytes(&bytes).unwrap_or_else(|error| error.to_string());
        findings.extend(diff::compare(&what, expected, &found));
    }
    let Ok(mut image) = TapeImage::open_damaged(bytes) else { return Ok(()) };
    let items: Vec<Item> = image.items(0).map_while(Result::ok).map(|(_, item)| item).collect();
    let records: Vec<Vec<Word>> = items
        .iter()
        .filter_map(
            |item| if let Item::Record(record) = item { Some(words_of(record, Mode::Binary)) } else { None },
        )
        .collect();
    let marks = items.iter().filter(|item| matches!(item, Item::Mark)).count() as u64;
    if let Some(expected) = expected.marks.filter(|expected| *expected != marks) {
        findings.push(Finding {
            what: what.clone(),
            expected: counted(expected, "file mark"),
            found: counted(marks, "file mark"),
        });
    }
    let count = records.len() as u64;
    let expected_count = match &expected.records {
        Some(Records::Count(expected)) => *expected,
        Some(Records::Words(expected)) => expected.len() as u64,
        None => return Ok(()),
    };
    if expected_count != count {
        findings.push(Finding {
            what,
            expected: counted(expected_count, "record"),
            found: counted(count, "record"),
        });
        return Ok(());
    }
    let Some(Records::Words(expected)) = &expected.records else { return Ok(()) };
    for (n, (expected, found)) in expected.iter().zip(&records).enumerate() {
        let what = format!("tape {unit}, record {}", n + 1);
        if expected.len() != found.len() {
            findings.push(Finding {
                what,
                expected: counted(expected.len() as u64, "word"),
                found: counted(found.len() as u64, "word"),
            });
            continue;
        }
        for (at, (value, found)) in expected.iter().zip(found).enumerate() {
            let room = &ran.monitor.debugger.room;
            findings.extend(one(format!("{what}, word {}", at + 1), value, *found, room)?);
        }
    }
    Ok(())
}

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn film(expected: &Film, ran: &Ran, findings: &mut Vec<Finding>) {
    let mut add = |what: &str, expected: String, found: String| {
        findings.push(Finding { what: what.to_owned(), expected, found });
    };
    if let Some(points) = expected.points.filter(|points| *points != ran.points.len()) {
        add("the film", counted(points as u64, "point"), counted(ran.points.len() as u64, "point"));
    }
    if let Some(frames) = expected.frames.filter(|frames| *frames != ran.frames) {
        add("the film", counted(frames as u64, "frame"), counted(ran.frames as u64, "frame"));
    }
    for &[x, y] in &expected.lit {
        if !ran.points.contains(&(x, y)) {
            add("the film", format!("a point at x {x}, y {y}"), "no point there".to_owned());
        }
    }
    for &[x, y] in &expected.dark {
        if ran.points.contains(&(x, y)) {
            add("the film", format!("no point at x {x}, y {y}"), "a point there".to_owned());
        }
    }
}

fn operations(exercise: &Exercise, ran: &mut Ran, findings: &mut Vec<Finding>) {
    let mut add = |expected: String, found: String| {
        findings.push(Finding { what: "operations".to_owned(), expected, found });
    };
    for name in &exercise.required {
        if let Err(found) = condition::holds(ran, &format!("executes {name}")) {
            add(format!("a program that uses {name}"), found);
        }
    }
    for name in &exercise.forbidden {
        if condition::holds(ran, &format!("executes {name}")).is_ok() {
            add(format!("a program without {name}"), format!("it executes {name}"));
        }
    }
}
