//! The lessons of docs/lessons: every command line in them is run, what it shows is compared, and every program that
//! they print is the file in programs/lessons. The guides in docs that show commands are run in the same way.
//!
//! The lessons use both commands, but a test of one crate knows only its own. So this test has a `main` of its own: started
//! by a lesson as `asm704` it is the assembler, for which [`AS_ASSEMBLER`] stands in the environment.

#[path = "documents/run.rs"]
mod run;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Set for the commands of a lesson.
const AS_ASSEMBLER: &str = "EMU704_TEST_AS_ASM704";

/// What a reader has in the folder of the project.
const FOLDERS: &[&str] = &[
    "programs",
    "programs/crt",
    "programs/diag",
    "programs/diag/lib",
    "programs/exercises",
    "programs/fortran",
    "programs/fortran/lib",
    "programs/lessons",
    "programs/lib",
    "programs/peers",
    "programs/saver",
    "programs/teachers",
    "tapes",
];

fn main() -> ExitCode {
    if std::env::var_os(AS_ASSEMBLER).is_some() {
        return asm704::cli::main();
    }
    // as the usual harness does: a name that is asked for, and is not this one, runs nothing
    let names: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    if std::env::args().any(|a| a == "--list")
        || !(names.is_empty() || names.iter().any(|n| "lessons".contains(n.as_str())))
    {
        return ExitCode::SUCCESS;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let root = root.canonicalize().expect("the tree");
    programs_are_printed_as_they_are(&root);
    transcripts(&root);
    ExitCode::SUCCESS
}

/// Every program of a lesson stands in the lesson, card for card, and every lesson has one and its answer.
fn programs_are_printed_as_they_are(root: &Path) {
    let job = fs::read_to_string(root.join("programs/power.toml")).expect("text");
    let guide = fs::read_to_string(root.join("docs/job-file.md")).expect("text");
    assert!(
        guide.contains(&format!("```toml\n{job}```")),
        "docs/job-file.md does not print power.toml as it is"
    );
    let teachers = fs::read_to_string(root.join("docs/teachers.md")).expect("text");
    for (language, file) in [("toml", "mean.toml"), ("text", "mine.sap")] {
        let text = fs::read_to_string(root.join("programs/teachers").join(file)).expect("text");
        assert!(
            teachers.contains(&format!("```{language}\n{text}```")),
            "docs/teachers.md does not print {file} as it is"
        );
    }
    let lessons = files(&root.join("docs/lessons"));
    assert!(lessons.len() >= 11, "{lessons:?}");
    for lesson in &lessons {
        let name = lesson.file_name().and_then(|n| n.to_str()).expect("a name");
        let number = name.split('-').next().expect("a number");
        let text = fs::read_to_string(lesson).expect("text");
        let prefix = format!("{number}-");
        let programs: Vec<PathBuf> = files(&root.join("programs/lessons"))
            .into_iter()
            .filter(|p| p.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.starts_with(&prefix)))
            .collect();
        assert!(programs.len() >= 2, "{name}: a program and an answer, found {programs:?}");
        let (_, answer) = text.split_once("\n## Exercise\n").expect("an exercise");
        assert!(answer.contains("\n## Answer\n"), "{name}: no answer behind the exercise");
        for program in programs {
            let file = program.file_name().and_then(|n| n.to_str()).expect("a name");
            assert!(
                text.lines().any(|line| line.starts_with("$ ") && line.contains(file))
                    || file.strip_suffix(".sap").is_some_and(|stem| text.contains(&format!("{stem}.toml"))),
                "{name} does not run {file}"
            );
            let cards = fs::read_to_string(&program).expect("text");
            assert!(text.contains(&format!("```text\n{cards}```")), "{name} does not print {file} as it is");
        }
    }
}

/// The documents run side by side in one folder: what one makes by `-o` no other may make.
fn each_writes_files_of_its_own(documents: &[PathBuf]) {
    let mut made: BTreeMap<String, &Path> = BTreeMap::new();
    for document in documents {
        let text = fs::read_to_string(document).expect("text");
        for line in text.lines().filter(|line| line.starts_with("$ ")) {
            let words: Vec<&str> = line.split_whitespace().collect();
            for pair in words.windows(2).filter(|pair| pair[0] == "-o" && pair[1] != "-") {
                let first = *made.entry(pair[1].to_owned()).or_insert(document);
                assert!(
                    first == document,
                    "{} and {} both make {}",
                    first.display(),
                    document.display(),
                    pair[1]
                );
            }
        }
    }
}

/// Runs the transcripts in a folder that holds what a reader has: the programs and the reels.
fn transcripts(root: &Path) {
    let directory = tempfile::tempdir().expect("a folder");
    for folder in FOLDERS {
        fs::create_dir_all(directory.path().join(folder)).expect("a folder");
        for file in files(&root.join(folder)) {
            let name = file.file_name().expect("a name");
            fs::copy(&file, directory.path().join(folder).join(name)).expect("a copy");
        }
    }
    std::env::set_current_dir(directory.path()).expect("the folder");
    let documents: Vec<PathBuf> = files(&root.join("docs/lessons"))
        .into_iter()
        .chain(run::RUN.iter().map(|document| root.join(document)))
        .collect();
    each_writes_files_of_its_own(&documents);
    let cases = trycmd::TestCases::new();
    cases
        .register_bin("emu704", trycmd::cargo::cargo_bin!("emu704"))
        .register_bin("asm704", std::env::current_exe().expect("this test"))
        .env(AS_ASSEMBLER, "1");
    for document in documents {
        cases.case(document);
    }
    cases.run();
    if std::env::var_os("TRYCMD").is_some() {
        return;
    }
    // the line goes from corner to corner, a spot every four points; the square has its corners at a quarter
    let (line, square) = (frame("film"), frame("square"));
    for k in (0..1024).step_by(4) {
        assert!(line(k, k), "the spot {k}, {k} of the line");
        assert!(!line(1023 - k, k) || k.abs_diff(1023 - k) < 8, "beside the line at {k}");
    }
    for k in (256..768).step_by(4) {
        assert!(square(k, 256) && square(768, k) && square(k, 768) && square(256, k), "the square at {k}");
    }
    assert!(!square(512, 512), "inside the square");
    for picture in [
        "panel-running.svg",
        "panel-checkpoint.svg",
        "panel-failed.svg",
        "panel-80x24.svg",
        "panel-200x60.svg",
        "panel-light.svg",
        "panel-16.svg",
        "panel-plain.svg",
        "panel-ascii.svg",
        "checkpoint.cast",
    ] {
        let made = fs::read_to_string(picture).expect("a picture");
        let shown = fs::read_to_string(root.join("docs/pictures").join(picture)).expect("a picture");
        assert!(
            made == shown,
            "docs/pictures/{picture} is not what the program draws; docs/panel.md has the command"
        );
    }
    std::env::set_current_dir(root).expect("the tree");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut files: Vec<PathBuf> =
        entries.map(|e| e.expect("an entry").path()).filter(|p| p.is_file()).collect();
    files.sort();
    files
}

/// Whether a point of the first frame of a film is lit; 0, 0 is the lower left corner.
fn frame(film: &str) -> impl Fn(usize, usize) -> bool {
    let file = fs::File::open(Path::new(film).join("frame-0001.png")).expect("a frame");
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("a picture");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("pixels");
    assert_eq!((info.width, info.height), (1024, 1024), "{film}");
    let bytes = info.line_size / 1024;
    move |x, y| pixels[(1023 - y) * info.line_size + x * bytes] > 0
}
