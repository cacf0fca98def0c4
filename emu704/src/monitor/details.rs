//! What `help WORD` has beside the summary: details, and examples that can be typed as they stand.

/// A word, what else is worth knowing, and lines to type.
#[rustfmt::skip]
pub(super) const DETAILS: &[(&str, &str, &[&str])] = &[
    ("mount", "Without `ring` a reel is read only. With it the file is made if it is missing.", &["mount 1 reel.tap", "mount 2 new.tap ring", "attach mt1 reel.tap", "mount cards deck.cbn", "mount drum 1 drum.bin"]),
    ("detach", "What was written is on the disk then.", &["detach 1", "detach mt1", "detach all"]),
    ("swap", "The reels stay where they are; the units change their numbers.", &["swap 1 3"]),
    ("load", "A source is assembled; what the assembler says comes first.", &["load program.sap", "load cards"]),
    ("boot", "The key clears nothing; `clear` does.", &["boot", "boot cards"]),
    ("start", "", &["start", "start 100"]),
    ("go", "It ends at a stop of the machine, at a breakpoint, or by Ctrl-C. A program with errors goes only with `anyway`.", &["go", "go 100", "c"]),
    ("run", "A number is a count of machine cycles, not an address: `go ADDRESS` starts at one.", &["run", "run 1000"]),
    ("until", "", &["until LOOP+3", "until 105"]),
    ("step", "At most 1000000.", &["step", "s 10"]),
    ("next", "", &["next"]),
    ("stop", "", &["stop"]),
    ("break", "What is compared: ac, mq, sr, ic, xra, xrb, xrc, operand, ea, a symbol or an address for the word there.", &["break LOOP", "break write SUM if ac >= 1000", "break read 200 after 3", "break select tape 2"]),
    ("nobreak", "", &["nobreak LOOP", "nobreak all"]),
    ("back", "No file of a reel changes by it.", &["back", "back 20", "back write SUM", "back to LOOP"]),
    ("who", "", &["who SUM"]),
    ("history", "", &["history", "history 20", "history 5 op TSX", "history off"]),
    ("watch", "The options are those of `examine`.", &["watch SUM", "watch -f SUM", "watch ac", "watch"]),
    ("unwatch", "", &["unwatch SUM", "unwatch all"]),
    ("trace", "docs/debugger.md has the columns.", &["trace run.txt", "trace io.txt from LOOP to LOOP+20 op CPY,RDS unit tape 3", "trace last 20", "trace off"]),
    ("examine", "A count is decimal. Words are shown as their cards say; -o shows them in octal, -d as decimal integers, -f as floating\npoint, -c as characters, -m as instructions.", &["examine 100-107", "examine -f SUM/3", "examine SUM", "e 100/8", "examine ac", "ex state"]),
    ("deposit", "An instruction has octal numbers, as `list` shows it; DEC and BCD have what they have on a card.", &["deposit SUM 12", "d 200 CLA SUM", "d 200-207 0", "d 200/8 TRA *", "d 210 DEC 10", "deposit ac 5"]),
    ("registers", "", &["registers"]),
    ("lights", "", &["lights"]),
    ("list", "`>` is the instruction counter, `*` a breakpoint.", &["list", "list LOOP"]),
    ("symbols", "", &["symbols", "symbols LO"]),
    ("tapes", "", &["tapes"]),
    ("cards", "", &["cards"]),
    ("paper", "", &["paper", "paper 3"]),
    ("sense", "", &["sense 1 down", "sense 1 up"]),
    ("keys", "", &["keys 000000000005"]),
    ("press", "", &["press start", "press enter-mq"]),
    ("enter", "", &["enter instruction", "enter mq"]),
    ("automatic", "", &["automatic"]),
    ("manual", "", &["manual"]),
    ("reset", "", &["reset"]),
    ("clear", "", &["clear"]),
    ("power", "", &["power off", "power on 7"]),
    ("fault", "docs/faults.md has them all.", &["fault", "fault parity 1 3", "fault none"]),
    ("save", "", &["save machine.json"]),
    ("restore", "", &["restore machine.json", "get machine.json"]),
    ("expect", "Where it is not so the line fails, and a script ends with exit code 1.", &["expect ac 5", "expect SUM 12", "expect stop htr 105", "expect print HELLO WORLD", "expect light ready on"]),
    ("at", "", &["at 200000 sense 1 down", "at 300000 power off"]),
    ("help", "", &["help", "help break"]),
    ("quit", "With a code, that is the exit code, whatever has failed.", &["quit", "exit 0", "exit 3"]),
    ("show", "", &["show", "show devices", "show mt1", "show history 20", "show version"]),
    ("set", "", &["set sense 1 on", "set keys 5", "set break LOOP", "set history off"]),
    ("evaluate", "", &["evaluate CLA SUM", "evaluate 050000000110"]),
    ("send", "The cards are as a keypunch makes them, columns 1 to 72.", &["send \"DATA 1\"", "send \"FIRST\\nSECOND\""]),
    ("do", "%1 to %9 in the file are the arguments, %0 is its name, %* all arguments, %% a percent sign. Ten files inside each other at most. A line that fails does not end the file; one of `assert` does.", &["do check.do", "do check.do SUM 12"]),
    ("return", "", &["return"]),
    ("echo", "", &["echo the first part is done"]),
    ("if", "A number on the left is an address, on the right itself. SIMH's (ac==5) works, too.", &["if ac = 5 then echo five", "if SUM != 0 and xra < 3 then go", "if (ac==5) echo five"]),
    ("assert", "", &["assert ac = 5", "assert stop htr", "assert SUM 12"]),
];

/// The details of a word, each line begun by the end of the one before.
pub(super) fn of(word: &str) -> String {
    let Some((_, details, examples)) = DETAILS.iter().find(|(known, ..)| *known == word) else {
        return String::new();
    };
    let mut text = String::new();
    if !details.is_empty() {
        text = format!("\n{details}");
    }
    for example in *examples {
        text.push_str("\n  ");
        text.push_str(example);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::words::{WORDS, find};
    use super::*;

    #[test]
    fn each_word_has_examples_that_are_its_own() {
        for row in WORDS {
            let found = DETAILS.iter().filter(|(word, ..)| *word == row.word).collect::<Vec<_>>();
            let [(_, _, examples)] = found.as_slice() else { panic!("{}: {}", row.word, found.len()) };
            assert!(!examples.is_empty(), "{}", row.word);
            for example in *examples {
                let word = example.split(' ').next().unwrap_or_default();
                assert_eq!(find(word).map(|row| row.word), Ok(row.word), "{example}");
            }
        }
        assert_eq!(DETAILS.len(), WORDS.len());
    }
}
