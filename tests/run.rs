//! `emu704 run` and `emu704 demo` as a user meets them: real processes, real files.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::common::root;
use serde_json::Value;

fn emu704(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_emu704")).args(arguments).current_dir(root()).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The exit code, and that the talk is a line or two about `names`, no panic.
fn fails(arguments: &[&str], code: i32, names: &[&str]) {
    let output = emu704(arguments);
    let talk = stderr(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {talk}");
    assert!(!talk.contains("panicked"), "{talk}");
    for name in names {
        assert!(talk.contains(name), "{arguments:?}: no `{name}` in: {talk}");
    }
    assert!(talk.trim_end().lines().count() <= 6, "{talk}");
}

const ANSWER: &str = "\
HEAT FLOW IN A SQUARE PLATE,    1000  SWEEPS OF 256 POINTS
ROW        4  AT   56091 THOUSANDTHS OF A DEGREE
ROW        8  AT   27442 THOUSANDTHS OF A DEGREE
ROW       12  AT   11619 THOUSANDTHS OF A DEGREE
ROW       16  AT    2042 THOUSANDTHS OF A DEGREE
";

#[test]
fn the_demo_ends_with_identical_answers() {
    for seed in ["704", "1", "2"] {
        let output = emu704(&["demo", "--seed", seed]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let story = stdout(&output);
        assert!(story.contains("The answers are identical"), "{story}");
        assert_eq!(story.matches("SIGNATURE         273735510525").count(), 1);
        assert_eq!(story.matches("it prints the same six lines").count(), 2, "{story}");
    }
}

#[test]
fn the_page_of_the_demo_shows_what_it_prints() {
    let story = stdout(&emu704(&["demo"]));
    assert!(
        crate::common::text("docs/demo.md").contains(&format!("```text\n{story}```")),
        "docs/demo.md shows another story than\n{story}"
    );
}

/// The temperatures against the exact solution of the plate, a Fourier series: nothing of the machine is in it.
#[test]
fn the_job_computes_the_temperature_of_a_plate() {
    // 17 steps between the frames; the point in row i, column 8.
    let exact = |i: f64| {
        let (mut sum, x, y) = (0.0, 8.0 / 17.0, (17.0 - i) / 17.0);
        for n in (1..200).step_by(2) {
            let k = f64::from(n) * std::f64::consts::PI;
            sum += 4.0 / k * (k * x).sin() * (k * y).sinh() / k.sinh();
        }
        100.0 * sum
    };
    let output = emu704(&["run", "programs/heat.sap", "--core", "8k"]);
    let print = stdout(&output);
    assert!(print.starts_with(ANSWER), "{print}");
    for (row, line) in [4.0, 8.0, 12.0, 16.0].iter().zip(print.lines().skip(1)) {
        let thousandths: f64 = line.split_whitespace().nth(3).unwrap().parse().unwrap();
        let wrong = (thousandths / 1000.0 - exact(*row)).abs();
        // the mesh is coarse: a few tenths of a degree near the hot edge
        assert!(wrong < 0.5, "row {row}: {line}, exact {}", exact(*row));
    }
}

/// One process writes the reel and is killed as soon as it says that the record is on it; another finishes the job.
#[test]
fn a_killed_run_is_finished_by_another_process() {
    let undisturbed = stdout(&emu704(&["run", "programs/heat.sap", "--core", "8k"]));
    let directory = tempfile::tempdir().unwrap();
    for ending in ["tap", "p7b"] {
        let reel = directory.path().join(format!("reel.{ending}"));
        let mount = format!("1={}", path(&reel));
        let mut child = Command::new(env!("CARGO_BIN_EXE_emu704"))
            .args([
                "run",
                "programs/heat.sap",
                "--core",
                "8k",
                "--tape",
                &mount,
                "--ring",
                "1",
                "--sense",
                "1",
            ])
            .current_dir(root())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let talk = BufReader::new(child.stderr.take().unwrap());
        let said = talk.lines().map(Result::unwrap).find(|line| line.contains("on the reel"));
        assert!(said.is_some());
        child.kill().unwrap();
        assert!(!child.wait().unwrap().success());

        let resumed = emu704(&["run", path(&reel), "--core", "8k", "--power-on", "12345"]);
        assert_eq!(resumed.status.code(), Some(0), "{}", stderr(&resumed));
        assert_eq!(stdout(&resumed), undisturbed);
        assert!(!stderr(&resumed).contains("on the reel"), "all switches are up: nothing is written");
        // with switch 2 down and the ring in, it goes on checkpointing
        let again = emu704(&["run", path(&reel), "--core", "8k", "--ring", "1", "--sense", "2"]);
        assert_eq!(stdout(&again), undisturbed);
        assert!(stderr(&again).contains("8200 words on the reel"), "{}", stderr(&again));
        assert_eq!(stdout(&emu704(&["run", path(&reel), "--core", "8k"])), undisturbed);
    }
}

#[test]
fn a_job_file_tells_the_whole_story_in_one_process() {
    let directory = tempfile::tempdir().unwrap();
    let job = directory.path().join("job.toml");
    let heat = root().join("programs/heat.sap").canonicalize().unwrap();
    std::fs::write(
        &job,
        format!(
            "program = '{}'\ncore = '8k'\nring = [1]\ntape = {{ 1 = 'reel.tap' }}\n
[[operator]]\nat = 4200000\ndo = 'sense 1 down'\n
[[operator]]\nat = 4300000\ndo = 'sense 1 up'\n
[[operator]]\nat = 6000000\ndo = 'power off'\n
[[operator]]\nat = 9000000\ndo = 'power on 99'\n
[[operator]]\nat = 9000001\ndo = 'load tape'\n",
            heat.display()
        ),
    )
    .unwrap();
    let output = emu704(&["run", path(&job)]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stdout(&output), stdout(&emu704(&["run", "programs/heat.sap", "--core", "8k"])));
    assert!(directory.path().join("reel.tap").exists());
}

/// The report of a small program in core.
fn report(program: &str, more: &[&str]) -> (i32, Value) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("program.oct");
    std::fs::write(&file, program).unwrap();
    let mut arguments = vec!["run", path(&file), "--json"];
    arguments.extend(more);
    let output = emu704(&arguments);
    let text = stdout(&output);
    let value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text} {}", stderr(&output)));
    (output.status.code().unwrap(), value)
}

#[test]
fn the_json_report_has_the_agreed_form() {
    // CLS 00110, LDQ 00111, HTR 00100
    let program = "# start 00100\n00100 050200000110\n00101 056000000111\n00102 000000000100\n00110 123456701234\n00111 765432107654\n";
    let (code, report) = report(program, &[]);
    assert_eq!(code, 0);
    assert_eq!(report["version"], 1);
    assert_eq!(report["stop"]["kind"], "htr");
    assert_eq!(report["stop"]["at"], "00102");
    // two instructions of 2 cycles, and the I cycle of HTR
    assert_eq!(report["cycles"], 5);
    assert_eq!(report["instructions"], 3);
    assert!((report["seconds"].as_f64().unwrap() - 60e-6).abs() < 1e-12);
    let registers = &report["registers"];
    assert_eq!(registers["ac"]["s"], 1);
    assert_eq!(registers["ac"]["q"], 0);
    assert_eq!(registers["ac"]["mag"], "123456701234");
    assert_eq!(registers["mq"], "765432107654");
    assert_eq!(registers["ic"], "00102");
    assert_eq!(registers["xr"], serde_json::json!(["00000", "00000", "00000"]));
    assert_eq!(report["indicators"]["ac_overflow"], false);
}

#[test]
fn exit_codes_tell_the_stops_apart() {
    let stop = |word: &str, more: &[&str]| {
        let (code, report) = report(&format!("# start 00100\n00100 {word}\n00101 002000000100\n"), more);
        (code, report["stop"]["kind"].as_str().unwrap().to_owned())
    };
    let expect = |code: i32, kind: &str| (code, kind.to_owned());
    assert_eq!(stop("000000000100", &[]), expect(0, "htr"));
    assert_eq!(stop("042000000000", &[]), expect(0, "hpr"));
    assert_eq!(stop("022000000200", &[]), expect(3, "divide_check"));
    assert_eq!(stop("070000000200", &[]), expect(3, "read_write_check"));
    assert_eq!(stop("054000000200", &[]), expect(4, "undefined_operation"));
    assert_eq!(stop("076200000221", &[]), expect(7, "waiting"));
    assert_eq!(stop("002000000100", &["--limit", "1000"]), expect(5, "limit"));
    // HPR three times, twice with START
    let (code, report) = report(
        "# start 00100\n00100 042000000000\n00101 042000000000\n00102 042000000000\n",
        &["--continue", "2"],
    );
    assert_eq!((code, &report["stop"]["at"]), (0, &Value::from("00102")));
}

#[test]
fn bad_input_gets_one_clear_line() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = directory.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    fails(&["run", "nowhere.tap"], 2, &["nowhere.tap"]);
    fails(&["run", "nowhere.sap"], 2, &["nowhere.sap"]);
    fails(&["run", "nowhere.oct"], 2, &["nowhere.oct"]);
    fails(&["run", "nowhere.cbn"], 2, &["nowhere.cbn"]);
    fails(&["run", "nowhere.toml"], 2, &["nowhere.toml"]);
    fails(&["run", "programs"], 2, &["programs"]);
    fails(&["run"], 2, &["nothing to run"]);
    fails(&["run", "programs/heat.sap", "--tape", "11=x.tap"], 2, &["11"]);
    fails(&["run", "programs/heat.sap", "--sense", "7"], 2, &["7"]);
    fails(&["run", "programs/heat.sap", "--start", "8"], 2, &["8"]);
    fails(&["run", "programs/heat.sap", "--core", "16k"], 2, &["16k"]);
    fails(&["run", "programs/heat.sap", "--load", "cards", "--start", "100"], 2, &["--start"]);
    fails(&["run", &file("garbage.tap", b"this is not a reel at all, only text")], 6, &["garbage.tap"]);
    fails(&["run", &file("garbage.oct", b"00100 9\n")], 6, &["garbage.oct:1", "`9`"]);
    fails(&["run", &file("garbage.cbn", &[7; 100])], 6, &["garbage.cbn"]);
    fails(&["run", &file("garbage.toml", b"programme = 'x'\n")], 2, &["garbage.toml", "programme"]);
    fails(
        &["run", &file("act.toml", b"program = 'x.oct'\n[[operator]]\nat = 1\ndo = 'sense 9 down'\n")],
        2,
        &["sense 9 down"],
    );

    // a reel that is cut off in its first record
    let reel = directory.path().join("reel.tap");
    let mount = format!("1={}", path(&reel));
    let run = emu704(&[
        "run",
        "programs/heat.sap",
        "--core",
        "8k",
        "--tape",
        &mount,
        "--ring",
        "1",
        "--sense",
        "2",
        "--limit",
        "3000000",
    ]);
    assert_eq!(run.status.code(), Some(5), "{}", stderr(&run));
    let bytes = std::fs::read(&reel).unwrap();
    fails(&["run", &file("cut.tap", &bytes[..bytes.len() / 2])], 6, &["cut.tap", "offset"]);
    // a unit without a reel, and a reel without its ring
    fails(
        &["run", "programs/heat.sap", "--core", "8k", "--sense", "1"],
        7,
        &["no reel is mounted on tape 1"],
    );
    let without = emu704(&["run", "programs/heat.sap", "--core", "8k", "--tape", &mount, "--sense", "1"]);
    assert_eq!(without.status.code(), Some(7));
    assert!(stderr(&without).contains("file-protect ring is out"), "{}", stderr(&without));
    assert_eq!(std::fs::read(&reel).unwrap(), bytes, "and nothing was written");
}

#[test]
fn bench_without_a_program_measures_the_kernels() {
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_emu704"))
        .args(["bench", "--limit", "20000", "--json"])
        .output()
        .expect("emu704 runs");
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let report: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let rows = report["benches"].as_array().expect("rows");
    let names: Vec<&str> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names, ["int", "fp", "mul", "tape", "mixed", "copy", "assemble", "start"]);
    for row in rows {
        assert!(row["seconds"].as_f64().expect("a number") > 0.0, "{row}");
    }
    // 200 records of 1,000 words are written, read and added
    assert!(rows[3]["instructions"].as_u64().expect("a number") > 1_600_000, "{}", rows[3]);
    // 500 records of 200 words are read and written
    assert!(rows[5]["instructions"].as_u64().expect("a number") > 400_000, "{}", rows[5]);
}

/// A program with errors does not run: `CLR` is no operation. The historian may run it as it is; a script gets the diagnostics
/// in both cases.
#[test]
fn a_program_with_errors_is_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("p.sap");
    std::fs::write(&program, "       ORG 64\nS      CLR TWO\n       HTR S\n       END S\n").unwrap();
    let program = program.to_str().unwrap();
    let codes = |output: &std::process::Output| -> Vec<String> {
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let all = report["diagnostics"].as_array().unwrap();
        all.iter().map(|said| said["code"].as_str().unwrap().to_owned()).collect()
    };
    for command in ["run", "bench"] {
        let output = emu704(&[command, program]);
        assert_eq!(output.status.code(), Some(8), "{command}: {}", stderr(&output));
        assert!(stderr(&output).contains("nothing was run; --run-anyway"), "{}", stderr(&output));
    }
    let output = emu704(&["run", program, "--json"]);
    assert_eq!(output.status.code(), Some(8));
    assert_eq!(codes(&output), ["A001", "A002"]);
    let output = emu704(&["run", program, "--json", "--run-anyway"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(codes(&output), ["A001", "A002"]);
    // a source of nothing is the same case
    std::fs::write(program, "       REM NOTHING\n").unwrap();
    assert_eq!(emu704(&["run", program]).status.code(), Some(8));
    // warnings do not count
    std::fs::write(program, "S      HTR S\n       END S\n").unwrap();
    assert_eq!(emu704(&["run", program]).status.code(), Some(0));
}

/// A program that needs more cards than there are ends in one way, whatever it runs into behind the end of file.
#[test]
fn an_empty_card_reader_is_an_end_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("p.sap");
    let card = folder.path().join("card.txt");
    std::fs::write(&card, "HELLO\n").unwrap();
    let card = card.to_str().unwrap();
    let ends = |source: &str, more: &[&str]| {
        std::fs::write(&program, source).unwrap();
        let program = program.to_str().unwrap();
        let output = emu704(&[&["run", program, "--json"], more].concat());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code().unwrap(), report["stop"]["kind"].as_str().unwrap().to_owned())
    };
    let cards = ["--cards", card];
    // the exit of the end of file goes to `then`, that of the end of a card to the next card
    let reads = |then: &str, more: &str| {
        format!(
            "       ORG 64\nS      RCD\n       CPY 200\n       TRA S+1\n       {then}\n       TRA S\n{more}       END S\n"
        )
    };
    let empty = (9, "reader_empty".to_owned());
    // the hopper was always empty; it is empty behind the end of file
    assert_eq!(ends(&reads("TRA S", ""), &[]), empty);
    assert_eq!(ends(&reads("TRA S", ""), &cards), empty);
    // it falls into a CPY of nothing, an undefined operation, core where nothing is
    assert_eq!(ends(&reads("CPY 200", ""), &cards), empty);
    assert_eq!(ends(&reads("OCT 054000000000", ""), &cards), empty);
    assert_eq!(ends(&reads("TRA 1000", ""), &cards), empty);
    // a good batch
    let batch = ["--cards", card, "--reader-end", "ok"];
    assert_eq!(ends(&reads("TRA S", ""), &batch), (0, empty.1.clone()));
    // a halt of the program's own is one, with zeros in its address too
    assert_eq!(ends(&reads("HTR 0", ""), &cards), (0, "htr".to_owned()));
    // the same mistake long behind the end of file is the program's
    let later = "L      LXA N,1\n       TIX *,1,1\n       CPY 200\nN      PZE 200\n";
    assert_eq!(ends(&reads("TRA L", later), &batch), (3, "read_write_check".to_owned()));
}

/// The paper and nothing else; what fails is said anyway.
#[test]
fn quiet_is_the_paper_alone() {
    let output = emu704(&["run", "programs/lessons/02-hello.sap", "-q"]);
    assert_eq!((stdout(&output).as_str(), stderr(&output).as_str()), ("HELLO WORLD\n", ""));
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("p.sap");
    // a warning: 2 is taken for a place
    std::fs::write(&program, "       ORG 64\nS      CLA 2\n       HTR S\n       END S\n").unwrap();
    let output = emu704(&["run", program.to_str().unwrap(), "-q", "--ring", "1"]);
    assert_eq!((output.stdout.len(), stderr(&output).as_str()), (0, ""));
    std::fs::write(&program, "       ORG 64\nS      CLA X\n       HTR S\n       END S\n").unwrap();
    let output = emu704(&["run", program.to_str().unwrap(), "-q"]);
    assert!(
        stderr(&output).contains("error[A002]") && output.status.code() == Some(8),
        "{}",
        stderr(&output)
    );
}

/// The slack of CPYs is told when asked, and only what came near when there is a limit.
#[test]
fn slack_is_told_when_asked() {
    let told = |more: &[&str]| {
        let output = emu704(&[&["run", "programs/lessons/02-hello.sap"], more].concat());
        stderr(&output)
            .lines()
            .filter(|line| line.contains("least slack"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&[]), [""; 0]);
    let all = told(&["--slack"]);
    assert_eq!(all.len(), 1, "{all:?}");
    let cycles: f64 = all[0].split(' ').rev().nth(1).unwrap().parse().unwrap();
    assert_eq!(told(&[&format!("--slack={}", cycles + 1.0)]), all);
    assert_eq!(told(&[&format!("--slack={}", cycles - 1.0)]), [""; 0]);
    fails(&["run", "programs/lessons/02-hello.sap", "--slack=-1"], 2, &["no count of machine cycles"]);
}

/// Somebody who knows nothing of columns: the source runs, and it is said in which form.
#[test]
fn a_source_without_columns_is_read_in_free_form() {
    let folder = tempfile::tempdir().unwrap();
    let source = "ORG 64\nSTART CLA TWO\nADD THREE\nHTR START\nTWO DEC 2\nTHREE DEC 3\nEND START\n";
    for (name, more, said) in
        [("p.sap", &[][..], true), ("p.sapf", &[][..], false), ("p.txt", &["--free"][..], false)]
    {
        let program = folder.path().join(name);
        std::fs::write(&program, source).unwrap();
        let output = emu704(&[&["run", program.to_str().unwrap()], more].concat());
        assert!(stderr(&output).contains("AC +00 000000000005"), "{name}: {}", stderr(&output));
        assert_eq!(stderr(&output).contains("warning[A038]"), said, "{name}: {}", stderr(&output));
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_emu704"))
            .args(["monitor"])
            .args([program.to_str().unwrap()].iter().chain(more))
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"go\nregisters\n").unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(stdout(&output).contains("000000000005"), "{name}: {}", stdout(&output));
    }
    // with a mistake in both forms it is read in columns, and the mistakes are told
    let program = folder.path().join("q.sap");
    std::fs::write(&program, source.replace("ADD THREE", "ADD FOUR")).unwrap();
    let output = emu704(&["run", program.to_str().unwrap()]);
    assert!(!stderr(&output).contains("A038") && output.status.code() == Some(8), "{}", stderr(&output));
}

/// `emu704 FILE` most likely means to run it.
#[test]
fn a_file_in_the_place_of_a_command() {
    let output = emu704(&["programs/heat.sap"]);
    let hint = "programs/heat.sap is a file: `emu704 run programs/heat.sap` runs it";
    assert!(stderr(&output).contains(hint) && output.status.code() == Some(2), "{}", stderr(&output));
    let output = emu704(&["nofile.sap"]);
    assert!(!stderr(&output).contains("is a file"), "{}", stderr(&output));
}

/// HTR and HPR carry a number in their address, and the report has it with the place.
#[test]
fn a_halt_says_which_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("p.sap");
    // 5349 is 12345 octal
    std::fs::write(&program, "       ORG 64\nS      CLA S\n       HPR 5349\n       HTR S\n       END S\n")
        .unwrap();
    let program = program.to_str().unwrap();
    let output = emu704(&["run", program]);
    assert!(stderr(&output).contains("stop: HPR 12345 at 00101 (S+1)\n"), "{}", stderr(&output));
    let output = emu704(&["run", program, "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let stop = &report["stop"];
    assert_eq!(
        (&stop["word"], &stop["symbol"], &stop["line"]),
        (&"042000012345".into(), &"S+1".into(), &3.into())
    );
}

/// The mistakes of a class, each a program: what is said of it, and how its run ends. Read the snapshot, not only its changes.
#[test]
fn wrong_programs_of_a_class() {
    let mut names: Vec<_> = std::fs::read_dir(root().join("tests/wrong_programs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut told = String::new();
    for name in names {
        let program = format!("tests/wrong_programs/{name}");
        let output = emu704(&["run", &program, "--limit", "10000"]);
        let code = output.status.code().unwrap();
        writeln!(told, "== {name}\n{}{}exit {code}\n", stdout(&output), stderr(&output)).unwrap();
    }
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("wrong_programs", told);
    });
}

/// `--expect` fails a run that is not as expected, and an expected stop is no failure.
#[test]
fn a_run_is_held_against_what_is_expected() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.xml");
    let run = |expected: &[&str], more: &[&str]| {
        let mut arguments = vec!["run", "programs/lessons/02-hello.sap"];
        for line in expected {
            arguments.extend(["--expect", line]);
        }
        arguments.extend(more);
        let output = emu704(&arguments);
        (output.status.code().unwrap(), stdout(&output), stderr(&output))
    };
    let right = [
        "stop htr START+5",
        "print HELLO WORLD",
        "HELLO 302543434660",
        "light tape-check off",
        "cycles 38610",
    ];
    let (code, out, error) = run(&right, &["-q"]);
    assert_eq!((code, out.as_str(), error.as_str()), (0, "HELLO WORLD\n", ""));
    let (code, _, error) = run(&["stop htr START+4", "print HELLO WORLDS", "ac 000000000001"], &["-q"]);
    assert_eq!(code, 1);
    let lines: Vec<&str> = error.lines().collect();
    assert_eq!(lines.len(), 3, "{error}");
    assert!(
        lines[0].starts_with("not as expected: stop htr START+4: expected the stop at 00104, found 00105"),
        "{error}"
    );
    // as JSON and as JUnit
    let report_path = report.to_str().unwrap();
    let (code, out, _) = run(&["cycles 38610", "mq 000000000001"], &["--json", "-q", "--junit", report_path]);
    let document: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    assert_eq!(code, 1);
    assert_eq!(
        document["expected"][0],
        serde_json::json!({"line": "cycles 38610", "right": true, "found": null})
    );
    assert_eq!(document["expected"][1]["right"], false);
    let xml = std::fs::read_to_string(&report).unwrap();
    assert!(xml.contains("tests=\"3\"") && xml.contains("failures=\"1\""), "{xml}");
    assert!(xml.contains("<failure message=\"expected MQ 000000000001, found 000000000000\"/>"), "{xml}");
    // a failure that is expected
    let stops =
        |more: &[&str]| emu704(&[&["run", "tests/wrong_programs/21-div.sap"], more].concat()).status.code();
    assert_eq!(stops(&[]), Some(3));
    assert_eq!(stops(&["--expect", "stop divide_check"]), Some(0));
    assert_eq!(stops(&["--expect", "stop divide_check START"]), Some(1));
    assert_eq!(stops(&["--expect", "stop htr"]), Some(1));
    // a line that is no use is told before the run, and so is a report in the place of the program
    fails(
        &["run", "programs/lessons/02-hello.sap", "--expect", "stop divide"],
        2,
        &["kinds of stop are htr, hpr"],
    );
    fails(
        &["run", "programs/lessons/02-hello.sap", "--junit", "programs/lessons/02-hello.sap"],
        2,
        &["--junit would write it"],
    );
}

/// Stops at once, so that what the LOAD key has found is there to be seen.
fn halting_deck(folder: &Path) -> std::path::PathBuf {
    let deck = folder.join("halt.txt");
    // HTR 0 and HTR 0: the two words that LOAD CARDS puts into 0 and 1
    let zeros = vec!["000000000000"; 23].join(" ");
    std::fs::write(&deck, format!("000000000001 {zeros}\n")).unwrap();
    deck
}

/// Registers and a word of core after `run` with some options: AC, XR1, and word 00200.
fn after_load(deck: &Path, more: &[&str]) -> (Value, Value, String, String) {
    let mut arguments = vec!["run", path(deck), "--core", "4k", "--json", "--show", "200"];
    arguments.extend(more);
    let output = emu704(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(report["stop"]["at"], "00000");
    let registers = &report["registers"];
    let shown = report["shown"].to_string();
    (registers["ac"]["mag"].clone(), registers["xr"][0].clone(), shown, stderr(&output))
}

/// A LOAD key alone resets neither AC nor index registers (GATE); RESET does, and CLEAR core, too.
#[test]
fn power_on_alone_is_raw_and_says_so_and_reset_or_clear_comes_before_load() {
    let folder = tempfile::tempdir().unwrap();
    let deck = halting_deck(folder.path());
    let (ac, xr, core, said) = after_load(&deck, &["--power-on", "7"]);
    assert_ne!((ac, xr), (Value::from("000000000000"), Value::from("00000")));
    assert!(!core.contains("000000000000"), "{core}");
    assert!(said.contains("no operator would load so") && said.contains("LOAD CARDS"), "{said}");

    let (ac, xr, raw, said) = after_load(&deck, &["--power-on", "7", "--reset"]);
    assert_eq!((ac, xr), (Value::from("000000000000"), Value::from("00000")));
    assert_eq!(raw, core, "RESET leaves core");
    assert!(!said.contains("no operator"), "{said}");

    let (ac, xr, cleared, said) = after_load(&deck, &["--power-on", "7", "--clear"]);
    assert_eq!((ac, xr), (Value::from("000000000000"), Value::from("00000")));
    assert!(cleared.contains("000000000000"), "{cleared}");
    assert!(!said.contains("no operator"), "{said}");

    // no LOAD key, no word of it; and none with --quiet
    let program = folder.path().join("p.oct");
    std::fs::write(&program, "# start 00100\n00100 000000000100\n").unwrap();
    assert!(!stderr(&emu704(&["run", path(&program), "--power-on", "7"])).contains("no operator"));
    assert_eq!(stderr(&emu704(&["run", path(&deck), "--power-on", "7", "--quiet"])), "");
}

/// The same notice for the acts, and none when a key comes first.
#[test]
fn a_load_key_right_after_the_act_of_power_on_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let deck = halting_deck(folder.path());
    for (first, is_told) in [(None, true), (Some("press reset"), false), (Some("press clear"), false)] {
        let mut arguments = vec!["run", path(&deck), "--core", "4k"];
        let acts = [Some("at-stop power off"), Some("at-stop power on 7"), first, Some("at-stop load cards")];
        let first = first.map(|key| format!("at-stop {key}"));
        for act in acts.iter().flatten() {
            let act = if act.starts_with("press") { first.as_deref().unwrap() } else { act };
            arguments.extend(["--act", act]);
        }
        let said = stderr(&emu704(&arguments));
        assert_eq!(
            said.contains("LOAD CARDS with registers and core as the power on left them"),
            is_told,
            "{said}"
        );
    }
}

/// Octal words with a sign are values, not options.
#[test]
fn keys_may_have_a_sign() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("p.oct");
    // TRA * : ENTER MQ puts the keys there
    std::fs::write(&program, "# start 00100\n00100 002000000100\n").unwrap();
    for keys in [&["--keys", "-1"][..], &["--keys=-1"], &["--keys", "400000000001"]] {
        let mut arguments = vec!["run", path(&program), "--json", "--limit", "1000"];
        for act in ["at 100 manual", "at 100 press enter-mq", "at 100 automatic", "at 100 start"] {
            arguments.extend(["--act", act]);
        }
        arguments.extend(keys);
        let output = emu704(&arguments);
        let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
        assert_eq!(report["registers"]["mq"], "400000000001", "{keys:?}");
    }
}

/// CLEAR does what RESET does: with both it is CLEAR that is pressed.
#[test]
fn with_reset_and_clear_core_is_cleared() {
    let folder = tempfile::tempdir().unwrap();
    let deck = halting_deck(folder.path());
    let (_, _, core, _) = after_load(&deck, &["--power-on", "7", "--reset", "--clear"]);
    assert!(core.contains("000000000000"), "{core}");
}

#[test]
fn a_job_knows_reset_clear_and_keys() {
    let folder = tempfile::tempdir().unwrap();
    halting_deck(folder.path());
    let job = folder.path().join("job.toml");
    for (key, is_clear) in [("reset", false), ("clear", true)] {
        std::fs::write(&job, format!("program = 'halt.txt'\npower-on = 7\n{key} = true\n")).unwrap();
        let (ac, xr, core, said) = after_load(&job, &[]);
        assert_eq!((ac, xr), (Value::from("000000000000"), Value::from("00000")));
        assert_eq!(core.contains("000000000000"), is_clear, "{core}");
        assert!(!said.contains("no operator"), "{said}");
    }
    std::fs::write(&job, "program = 'halt.txt'\nkeys = '18'\n").unwrap();
    fails(&["run", path(&job)], 2, &["job.toml", "keys", "18"]);
    fails(&["run", path(&job), "--keys", "9"], 2, &["9"]);
    fails(&["run", path(&job), "--act", "in a while start"], 2, &["at CYCLE ACT", "at-stop ACT"]);
    fails(&["run", path(&job), "--act", "at 5 sing"], 2, &["sing"]);
}

/// The operator's way to execute one instruction: MANUAL, the word in the keys, ENTER INSTRUCTION, AUTOMATIC, START.
#[test]
fn an_instruction_is_entered_by_words_of_the_command_line_or_of_a_job() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("p.oct");
    // TRA * at 00100; at 00200 STZ 00300 and HTR
    std::fs::write(
        &program,
        "# start 00100\n00100 002000000100\n00200 060000000300\n00201 000000000201\n00300 000000000007\n",
    )
    .unwrap();
    let acts = ["at 1000 manual", "at 1000 enter instruction", "at 1000 automatic", "at 1000 start"];
    let mut arguments = vec!["run", path(&program), "--json", "--show", "300", "--limit", "9000"];
    arguments.extend(["--keys", "002000000200"]); // TRA 00200
    for act in acts {
        arguments.extend(["--act", act]);
    }
    let stopped = |output: &Output| {
        let report: Value = serde_json::from_str(&stdout(output)).unwrap();
        (report["stop"]["at"].clone(), report["shown"].to_string().contains("000000000000"))
    };
    let output = emu704(&arguments);
    assert_eq!(stopped(&output), (Value::from("00201"), true), "{}", stderr(&output));

    let mut job = "program = 'p.oct'\nlimit = 9000\n".to_owned();
    for act in ["manual", "keys 002000000200", "enter instruction", "automatic", "start"] {
        writeln!(job, "[[operator]]\nat = 1000\ndo = '{act}'").unwrap();
    }
    let file = folder.path().join("job.toml");
    std::fs::write(&file, job).unwrap();
    let output = emu704(&["run", path(&file), "--json", "--show", "300"]);
    assert_eq!(stopped(&output), (Value::from("00201"), true), "{}", stderr(&output));
    // acts of the command line replace those of the job
    let output = emu704(&["run", path(&file), "--json", "--show", "300", "--act", "at 8000 sense 1 down"]);
    let (at, is_zero) = stopped(&output);
    assert_eq!((at, is_zero, output.status.code()), (Value::from("00100"), false, Some(5)));
}
