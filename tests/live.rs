//! `emu704 demo --live`: each act unattended, with keys, and interrupted.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// The last line of the answer of `heat.sap`.
const SIGNATURE: &str = "SIGNATURE         273735510525";
const PROMPT: &str = ">>> Press a key";

fn emu704(options: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emu704"));
    command.args(options.split_whitespace()).stdin(Stdio::null());
    command
}

/// Plays an act unattended and much faster. The exit code is 0.
fn unattended(act: &str) -> String {
    let output = emu704(&format!("demo {act} --unattended --pace 200")).output().unwrap();
    let story = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{act}: {story}\n{errors}");
    nothing_is_left(&story);
    // each machine announces its speed, and no speed twice in a row
    let machines: BTreeSet<&str> =
        story.lines().filter_map(|line| line.strip_prefix("  machine ")?.split(' ').next()).collect();
    for machine in machines {
        let said = format!("  machine {machine} | ");
        let mine = story.lines().filter(|line| line.starts_with(&said));
        let speeds: Vec<&str> =
            mine.filter_map(|line| line.split_once("speed: ")).map(|(_, speed)| speed).collect();
        assert!(!speeds.is_empty(), "{act}: machine {machine}: {story}");
        assert!(speeds.windows(2).all(|pair| pair[0] != pair[1]), "{act}: {speeds:?}");
    }
    story
}

/// The numbers that follow some words.
fn processes(story: &str, words: &str) -> Vec<u32> {
    let found = story.split(words).skip(1).map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap()
    });
    found.collect()
}

/// A process that there is, and that has not ended.
fn lives(process: u32) -> bool {
    let state = Command::new("ps").args(["-o", "stat=", "-p", &process.to_string()]).output().unwrap();
    let state = String::from_utf8(state.stdout).unwrap();
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}

fn folder(story: &str) -> PathBuf {
    let rest = story.split_once("The folder of the reels is ").unwrap().1;
    rest.split_once(" (").unwrap().0.into()
}

/// No machine, and no reel.
fn nothing_is_left(story: &str) {
    let machines = processes(story, " is the process ");
    assert!(machines.len() >= 2, "{story}");
    for machine in machines {
        assert!(!lives(machine), "{machine} still runs: {story}");
    }
    assert!(!folder(story).exists(), "{story}");
}

/// The paper of a machine.
fn paper<'a>(story: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!("  {name} |   paper: ");
    story.lines().filter_map(|line| line.strip_prefix(begin.as_str())).collect()
}

#[test]
fn a_machine_is_killed_and_another_one_prints_the_answer() {
    let story = unattended("--live");
    let machines = processes(&story, " is the process ");
    assert_eq!(processes(&story, "SIGKILL to the process "), machines[..1], "{story}");
    assert!(paper(&story, "machine 1").is_empty(), "{story}");
    assert_eq!(paper(&story, "machine 2").len(), 6, "{story}");
    assert_eq!(paper(&story, "machine 2")[5], SIGNATURE);
    // 11 + 8192 - 4 + 1 words in a record of SIMH's form, six characters a word
    assert!(story.contains(&format!("A file of {} bytes", 8200 * 6 + 8)), "{story}");
    // the words of the boot as they are executed; the loop takes one word of core after the other
    let counts: Vec<u32> = story
        .lines()
        .filter(|line| line.contains("CPY") && line.contains(" XR1 "))
        .map(|line| u32::from_str_radix(line.rsplit_once(' ').unwrap().1, 8).unwrap())
        .collect();
    assert!(counts.len() > 4 && counts.windows(2).any(|pair| pair[0] != pair[1]), "{story}");
}

/// The options of live acts mean nothing without one, and are not passed over.
#[test]
fn options_of_live_acts_need_one() {
    for option in ["--pace 3", "--keep", "--unattended", "--seed 7 --keep"] {
        let output = emu704(&format!("demo {option}")).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{option}: {said}");
        assert!(said.contains("is for a live act: add --live or --wire"), "{option}: {said}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn of_two_reels_one_has_a_whole_checkpoint() {
    let story = unattended("--live half");
    let (before, after) = story.split_once("SIGKILL").unwrap();
    assert!(before.contains("checkpoint 3 begins") && !before.contains("checkpoint 3 is on"), "{story}");
    assert_eq!(paper(after, "machine 2").last(), Some(&SIGNATURE), "{story}");
    let characters = story.split_once(" characters of checkpoint 3").unwrap().0.rsplit_once(' ').unwrap().1;
    // 8204 words in all
    assert!((5_000..49_000).contains(&characters.parse().unwrap()), "{story}");
}

/// Half a checkpoint is on the first reel, and none on the second.
#[test]
fn half_a_checkpoint_is_on_the_reel() {
    let output = emu704("demo --live half --unattended --keep --pace 200").output().unwrap();
    let story = String::from_utf8(output.stdout).unwrap();
    let folder = folder(&story);
    let half = ["reel-1.tap", "reel-2.tap"].map(|reel| {
        let listed = emu704(&format!("tape ls {reel}")).current_dir(&folder).output().unwrap();
        String::from_utf8(listed.stdout).unwrap().contains("NOT complete")
    });
    assert_eq!(half, [true, false], "{story}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_checkpoint_goes_by_a_wire() {
    for act in ["--live wire", "--wire"] {
        let story = unattended(act);
        assert_eq!(processes(&story, "SIGKILL to the process ").len(), 1, "{story}");
        assert_eq!(paper(&story, "machine 2").last(), Some(&SIGNATURE), "{story}");
    }
}

#[test]
fn two_jobs_share_a_machine_and_one_goes_home() {
    let story = unattended("--live sharing");
    let squares = |from: u32, to: u32| (from..=to).map(|n| format!("{n:06}      {:06}", n * n));
    let right: Vec<String> = squares(6, 10).chain(squares(16, 20)).collect();
    let numbers =
        |name| paper(&story, name).into_iter().filter(|line| line.starts_with('0')).collect::<Vec<_>>();
    assert_eq!(numbers("machine C"), right, "{story}");
    assert_eq!(numbers("machine D"), squares(11, 20).collect::<Vec<_>>(), "{story}");
}

#[test]
fn another_bureau_is_refused() {
    let story = unattended("--live refusal");
    // what neither machine nor reel shows without the key
    assert!(
        story.contains("The package has 12 words. 12 of them are on the reel only under the key."),
        "{story}"
    );
    assert!(story.contains("AC shows the code 17;"), "{story}");
    assert!(paper(&story, "machine 2").is_empty(), "{story}");
    assert_eq!(paper(&story, "machine 3"), ["SUM OF THE PREMIUMS     008436"], "{story}");
}

#[test]
fn a_fortran_job_is_resumed_on_a_larger_machine() {
    let story = unattended("--live fortran");
    // 1 + 2 + ... + 500
    assert_eq!(paper(&story, "machine 2"), ["125250"], "{story}");
}

/// An act, and its output until now.
struct Played {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    story: String,
}

impl Played {
    fn start(options: &str) -> Played {
        let mut command = emu704(options);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Played { process, lines, story: String::new() }
    }

    /// Reads to the line with these words.
    fn read_to(&mut self, words: &str) {
        for line in self.lines.by_ref() {
            let line = line.unwrap();
            self.story.push_str(&line);
            self.story.push('\n');
            if line.contains(words) {
                return;
            }
        }
        panic!("it ends without `{words}`: {}", self.story);
    }

    fn key(&mut self) {
        self.process.stdin.as_mut().unwrap().write_all(b"k").unwrap();
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.process.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Reads to the end: the exit code, and the story.
    fn end(mut self) -> (Option<i32>, String) {
        for line in self.lines.by_ref() {
            self.story.push_str(&line.unwrap());
            self.story.push('\n');
        }
        (self.process.wait().unwrap().code(), self.story)
    }
}

/// Without the key the output would say that no key was pressed.
#[test]
fn a_key_kills_and_what_is_shown_as_a_command_loads_the_reel() {
    let mut played = Played::start("demo --live kill --keep --pace 100");
    played.key();
    played.read_to(PROMPT);
    let (code, story) = played.end();
    assert_eq!(code, Some(0), "{story}");
    assert!(!story.contains("No key was pressed"), "{story}");
    let folder = folder(&story);
    let command = story.lines().find_map(|line| line.trim().strip_prefix("emu704 run ")).unwrap();
    let again = emu704(&format!("run {command}")).current_dir(&folder).output().unwrap();
    let print = String::from_utf8(again.stdout).unwrap();
    assert_eq!((again.status.code(), print.lines().last()), (Some(0), Some(SIGNATURE)), "{print}");
    std::fs::remove_dir_all(folder).unwrap();
}

/// The reel is damaged while the act waits for its second key.
#[test]
fn the_exit_code_is_not_0_when_the_answers_differ() {
    let mut played = Played::start("demo --live sharing --keep --pace 100");
    played.key();
    played.read_to(PROMPT);
    played.read_to(PROMPT);
    let folder = folder(&played.story);
    let reel = folder.join("home-a.tap");
    let mut bytes = std::fs::read(&reel).unwrap();
    let middle = bytes.len() / 2;
    // two bits, so that the parity of the character is right and only the sum is wrong
    bytes[middle] ^= 3;
    std::fs::write(&reel, bytes).unwrap();
    played.key();
    let (code, story) = played.end();
    assert_eq!(code, Some(1), "{story}");
    assert!(story.contains("THE ANSWERS DIFFER"), "{story}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_act_that_is_interrupted_or_killed_leaves_no_machine() {
    for signal in ["-INT", "-TERM", "-KILL"] {
        let mut played = Played::start("demo --wire --pace 100");
        played.read_to(PROMPT);
        let machines = processes(&played.story, " is the process ");
        assert_eq!(machines.len(), 2);
        assert!(machines.iter().all(|machine| lives(*machine)), "{}", played.story);
        played.signal(signal);
        let (code, story) = played.end();
        if signal == "-KILL" {
            // they end by themselves when their standard input ends
            let begun = Instant::now();
            while machines.iter().any(|machine| lives(*machine)) {
                assert!(begun.elapsed() < Duration::from_secs(60), "{story}");
                std::thread::sleep(Duration::from_millis(20));
            }
            std::fs::remove_dir_all(folder(&story)).unwrap();
        } else {
            assert_eq!(code, Some(130), "{story}");
            nothing_is_left(&story);
        }
    }
}
