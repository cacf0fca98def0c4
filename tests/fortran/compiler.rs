//! The real compiler, where there is one: it cannot be part of the project. `EMU704_FORTRAN` names a folder with the system
//! tapes of FORTRAN II, `4k.tap` and `8k.tap` or one of the two.
//!
//! This was written without a system tape. What is expected here is what docs/period.md says.

use std::path::{Path, PathBuf};
use std::process::Command;

use asm704::deck::to_cbn;
use asm704::media::card::{Card, CardKind, DeckItem, read_deck};
use serde_json::Value;

use super::support::assemble;
use crate::common::{root, text};

/// Adds 1 to 300, slowly: 45150. With sense switch 1 down it calls CHKPNT each time.
const SOURCE: &str = "\
C     A SUM WITH CHECKPOINTS
      CALL LARGER
      NSUM=0
      DO 20 I=1,300
      DO 10 J=1,200
   10 NSUM=NSUM+1
      NSUM=NSUM-200+I
      IF (SENSE SWITCH 1) 15,20
   15 CALL CHKPNT
   20 CONTINUE
      PRINT 30,NSUM
   30 FORMAT (1H ,I10)
      STOP
~
~
";
const ANSWER: &str = "45150";

struct Bench {
    folder: PathBuf,
    core: &'static str,
}

impl Bench {
    fn file(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn emu704(&self, arguments: &[&str]) -> std::process::Output {
        Command::new(env!("CARGO_BIN_EXE_emu704")).args(arguments).current_dir(&self.folder).output().unwrap()
    }

    /// The report of a run, and the paper.
    fn run(&self, arguments: &[&str]) -> (Value, String) {
        let paper = self.file("paper.txt");
        let mut all = vec!["run", "--core", self.core, "--json", "--print", &paper];
        all.extend(arguments);
        let output = self.emu704(&all);
        let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{arguments:?}: {error}: {}", String::from_utf8_lossy(&output.stderr))
        });
        (report, std::fs::read_to_string(&paper).unwrap_or_default())
    }

    /// The object deck that the compiler punches, without blank cards and statistics.
    fn compile(&self, system: &Path) -> String {
        std::fs::write(self.file("source.txt"), SOURCE).unwrap();
        let (system, punched, deck) =
            (format!("1={}", system.display()), self.file("punched.cbn"), self.file("object.cbn"));
        let source = self.file("source.txt");
        let mut arguments =
            vec!["--load", "tape", "--tape", &system, "--cards", &source, "--punch", &punched];
        arguments.extend(["--ring", "2", "--ring", "3", "--ring", "4", "--sense", "2,3,5"]);
        let (report, paper) = self.run(&arguments);
        assert_eq!(report["stop"]["kind"], "htr", "{report}\n{paper}");
        assert_eq!(report["stop"]["at"], "00035", "the normal end: {report}\n{paper}");
        assert_eq!(report["stop"]["word"], "000000077777");
        assert!(self.emu704(&["deck", "strip", &punched, "--sevens", "-o", &deck]).status.success());
        deck
    }

    /// Puts the checkpoint behind the main program.
    fn with_checkpoint(&self, object: &str, routine: &str) -> String {
        let (own, job) = (self.file("routine.cbn"), self.file("job.cbn"));
        let deck = assemble(&text(&format!("programs/fortran/{routine}.sap")));
        let cards = deck.cards().filter(|card| card.kind != asm704::deck::CardKind::Transfer);
        std::fs::write(&own, to_cbn(cards)).unwrap();
        let cards = read_deck(&std::fs::read(object).unwrap(), None).unwrap();
        let kinds: Vec<CardKind> = cards
            .iter()
            .filter_map(|item| match item {
                DeckItem::Card(card) => Some(Card::kind(card)),
                DeckItem::EndOfFile => None,
            })
            .collect();
        let programs: Vec<usize> = (1..)
            .zip(&kinds)
            .filter(|(_, kind)| matches!(kind, CardKind::Program(_)))
            .map(|(n, _)| n)
            .collect();
        let place = match programs.as_slice() {
            [] => panic!("no program card in {kinds:?}"),
            [_] => ["--before".to_owned(), kinds.len().to_string()],
            [_, second, ..] => ["--before".to_owned(), second.to_string()],
        };
        let output = self.emu704(&["deck", "insert", object, &own, &place[0], &place[1], "-o", &job]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        job
    }

    /// Runs an object deck, over the halt of its loader if there is one.
    fn load_and_go(&self, job: &str, more: &[&str]) -> (Value, String) {
        let (report, paper) = self.run(&[job]);
        let halts = report["stop"]["word"].as_str().is_some_and(|word| word.ends_with("77775"));
        if !halts && more.is_empty() {
            return (report, paper);
        }
        let mut arguments = vec![job];
        if halts {
            arguments.extend(["--continue", "1"]);
        }
        arguments.extend(more);
        self.run(&arguments)
    }
}

#[test]
fn the_real_compiler_makes_a_job_that_outlives_its_machine() {
    let Some(folder) = std::env::var_os("EMU704_FORTRAN") else {
        eprintln!("skipped: EMU704_FORTRAN names no folder with the system tapes of FORTRAN II");
        return;
    };
    let folder = root().join(folder);
    let found: Vec<_> =
        ["4k", "8k"].into_iter().filter(|core| folder.join(format!("{core}.tap")).exists()).collect();
    assert!(!found.is_empty(), "{}: no 4k.tap and no 8k.tap", folder.display());
    for core in found {
        // with the strong routine the job and FORTRAN's library do not fit in 4,096 words
        let routines: &[&str] = if core == "4k" { &["chkpnt"] } else { &["chkpnt", "chkstr"] };
        for routine in routines {
            let work = tempfile::tempdir().unwrap();
            let bench = Bench { folder: work.path().to_owned(), core };
            let object = bench.compile(&folder.join(format!("{core}.tap")));
            let job = bench.with_checkpoint(&object, routine);
            let (undisturbed, paper) = bench.load_and_go(&job, &[]);
            assert!(paper.contains(ANSWER), "{core} {routine}: {undisturbed}\n{paper}");
            let cycles = undisturbed["cycles"].as_u64().unwrap();
            resumes(&bench, &job, cycles, &format!("{core} {routine}"));
        }
    }
}

/// Kills the job later and later, until a whole checkpoint is on the reel, and resumes it.
fn resumes(bench: &Bench, job: &str, cycles: u64, what: &str) {
    for n in 0..40 {
        let reels = [bench.file("one.tap"), bench.file("two.tap")];
        for reel in &reels {
            let _ = std::fs::remove_file(reel);
        }
        let tapes = [format!("1={}", reels[0]), format!("2={}", reels[1])];
        let limit = (cycles + n * 150_000).to_string();
        let with = ["--tape", &tapes[0], "--tape", &tapes[1], "--ring", "1", "--ring", "2"];
        let mut killed = with.to_vec();
        killed.extend(["--sense", "1", "--limit", &limit]);
        let (report, paper) = bench.load_and_go(job, &killed);
        assert!(!paper.contains(ANSWER), "{what}: killed too late: {report}");
        let listed = bench.emu704(&["tape", "ls", &reels[0]]);
        if !String::from_utf8_lossy(&listed.stdout).contains("complete") {
            continue;
        }
        let mut resumed = with.to_vec();
        resumed.extend(["--load", "tape", "--power-on", "7", "--clear"]);
        for core in [bench.core, "32k"] {
            let machine = Bench { folder: bench.folder.clone(), core };
            let (report, paper) = machine.run(&resumed);
            assert!(paper.contains(ANSWER), "{what}, resumed on {core}: {report}\n{paper}");
        }
        return;
    }
    panic!("{what}: no whole checkpoint came on the reel");
}
