//! The lessons of docs/lessons as part of the program, so that a student needs nothing but the program.

/// A lesson.
#[derive(Debug, Clone, Copy)]
pub struct Lesson {
    /// From 1.
    pub number: u8,
    /// Its text, in Markdown.
    pub text: &'static str,
    /// Its exercises, as TOML: what a person calls one, such as `3` or `3b`, and the text.
    pub exercises: &'static [(&'static str, &'static str)],
    /// Its programs and what they need, by name; they lie in the folder [`FOLDER`].
    pub files: &'static [(&'static str, &'static str)],
}

/// Where the programs lie, as the command lines of the lessons have it.
pub const FOLDER: &str = "programs/lessons";

/// Names and texts of files of a folder.
macro_rules! files {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../programs/lessons/", $name)))),*]
    };
}

/// Exercises, by what a person calls one.
macro_rules! exercises {
    ($($name:literal $file:literal)*) => {
        &[$(($name, include_str!(concat!("../../programs/exercises/", $file)))),*]
    };
}

/// All lessons, by number.
pub const LESSONS: [Lesson; 14] = [
    Lesson {
        number: 1,
        text: include_str!("../../docs/lessons/01-add.md"),
        exercises: exercises!["1" "01.toml"],
        files: files!["01-add.sap" "01-answer.sap"],
    },
    Lesson {
        number: 2,
        text: include_str!("../../docs/lessons/02-hello.md"),
        exercises: exercises!["2" "02.toml"],
        files: files!["02-answer.sap" "02-hello.sap" "02-holes.sap"],
    },
    Lesson {
        number: 3,
        text: include_str!("../../docs/lessons/03-loop.md"),
        exercises: exercises!["3" "03.toml" "3b" "03b.toml"],
        files: files!["03-answer-lines.sap" "03-answer.sap" "03-sum.sap"],
    },
    Lesson {
        number: 4,
        text: include_str!("../../docs/lessons/04-subroutine.md"),
        exercises: exercises!["4" "04.toml"],
        files: files!["04-answer.sap" "04-square.sap"],
    },
    Lesson {
        number: 5,
        text: include_str!("../../docs/lessons/05-float.md"),
        exercises: exercises!["5" "05.toml"],
        files: files!["05-answer.sap" "05-float.sap" "05-spill.sap"],
    },
    Lesson {
        number: 6,
        text: include_str!("../../docs/lessons/06-cards.md"),
        exercises: exercises!["6" "06.toml"],
        files: files!["06-answer.sap" "06-cards.sap" "06-cards.txt"],
    },
    Lesson {
        number: 7,
        text: include_str!("../../docs/lessons/07-reel.md"),
        exercises: exercises!["7" "07.toml"],
        files: files!["07-answer.sap" "07-reel.sap"],
    },
    Lesson {
        number: 8,
        text: include_str!("../../docs/lessons/08-crt.md"),
        exercises: exercises!["8" "08.toml"],
        files: files!["08-answer.sap" "08-line.sap"],
    },
    Lesson {
        number: 9,
        text: include_str!("../../docs/lessons/09-self-loading.md"),
        exercises: exercises!["9" "09.toml" "9b" "09b.toml"],
        files: files!["09-answer-lister.sap" "09-answer.sap" "09-card.sap"],
    },
    Lesson {
        number: 10,
        text: include_str!("../../docs/lessons/10-trapping.md"),
        exercises: exercises!["10" "10.toml"],
        files: files!["10-answer.sap" "10-trap.sap"],
    },
    Lesson {
        number: 11,
        text: include_str!("../../docs/lessons/11-checkpoint.md"),
        exercises: exercises!["11" "11.toml"],
        files: files!["11-answer.sap" "11-answer.toml" "11-count.sap" "11-count.toml"],
    },
    Lesson {
        number: 12,
        text: include_str!("../../docs/lessons/12-wire.md"),
        exercises: exercises!["12" "12.toml"],
        files: files!["12-answer.sap" "12-five.talk" "12-hear.sap" "12-send.sap"],
    },
    Lesson {
        number: 13,
        text: include_str!("../../docs/lessons/13-monitor.md"),
        exercises: exercises!["13" "13.toml"],
        files: files!["13-above.sap" "13-answer.sap" "13-look.txt"],
    },
    Lesson {
        number: 14,
        text: include_str!("../../docs/lessons/14-free-form.md"),
        exercises: exercises!["14" "14.toml"],
        files: files!["14-answer.sapf" "14-free.sapf"],
    },
];

/// Numbers of lessons in an order that is good to read: each needs only what stands before it.
pub const ORDER: [u8; 14] = [1, 14, 2, 3, 13, 4, 5, 6, 7, 8, 9, 10, 11, 12];

impl Lesson {
    /// What it is about, such as `adding 2 and 3`.
    pub fn title(&self) -> &'static str {
        let first = self.text.lines().next().unwrap_or_default();
        first.split_once(": ").map_or(first, |(_, title)| title)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn names(folder: &str) -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
        let entries =
            folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        entries.collect()
    }

    #[test]
    fn every_file_of_the_lessons_is_part_of_the_program() {
        let files: BTreeSet<String> =
            LESSONS.iter().flat_map(|lesson| lesson.files).map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(files, names(FOLDER));
        for lesson in &LESSONS {
            let number = format!("{:02}-", lesson.number);
            assert!(lesson.files.iter().all(|(name, _)| name.starts_with(&number)), "{number}");
            assert!(lesson.text.starts_with(&format!("# Lesson {}: ", lesson.number)), "{number}");
        }
        let texts: BTreeSet<String> =
            names("docs/lessons").into_iter().filter(|name| name != "README.md").collect();
        assert_eq!(texts.len(), LESSONS.len(), "{texts:?}");
        for name in &texts {
            let text = std::fs::read_to_string(
                Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/lessons").join(name),
            );
            assert!(LESSONS.iter().any(|lesson| Some(lesson.text) == text.as_deref().ok()), "{name}");
        }
    }

    #[test]
    fn every_exercise_is_part_of_the_program() {
        let known: BTreeSet<String> = LESSONS
            .iter()
            .flat_map(|lesson| lesson.exercises)
            .map(|(name, _)| format!("{:0>1$}.toml", name, if name.ends_with('b') { 3 } else { 2 }))
            .collect();
        assert_eq!(known, names("programs/exercises"));
        for lesson in &LESSONS {
            assert!(!lesson.exercises.is_empty(), "lesson {}", lesson.number);
        }
    }

    #[test]
    fn the_order_has_every_lesson_once() {
        let mut order = ORDER;
        order.sort_unstable();
        assert_eq!(order.to_vec(), LESSONS.iter().map(|lesson| lesson.number).collect::<Vec<_>>());
    }
}
