//! docs/pictures/checkpoint.svg, the moving picture of README.md, is drawn from the recording docs/pictures/checkpoint.cast.
//! tests/lessons.rs compares the recording with what the program draws.
//!
//! Each frame is a group that paints what has changed over the frame before it, and a rule of CSS shows the group from its time
//! on. A reader who asked for less motion sees the first frame only.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use super::root;

const COLUMNS: usize = 80;
const ROWS: usize = 24;
/// Rows with lamps: each circle there is a lamp, and its shade is a brightness.
const LAMP_ROWS: usize = 10;
/// Width and height of a cell, and the margin, in tenths of a unit.
const CELL: (usize, usize) = (84, 170);
const MARGIN: usize = 80;
/// Seconds that the last frame stays.
const REST: f64 = 4.0;
/// Frames closer than this are one, in seconds.
const STEP: f64 = 0.4;

/// What the strip below the panel says, from a second of the recording on.
const CAPTIONS: &[(f64, &str)] = &[
    (0.0, "A 704 computes: heat flow in a plate."),
    (1.0, "Sense switch 1 down: a checkpoint, please."),
    (1.231, "Memory and registers go to the reel on tape 1."),
    (4.541, "Saved. The reel rewinds, and the job continues."),
    (9.0, "The power fails. Memory is lost; the reel is not."),
    (11.0, "Power is back. Memory holds random bits."),
    (12.0, "CLEAR, LOAD TAPE: the reel starts itself."),
    (12.231, "Memory and registers come back from the reel."),
    (15.465, "The job continues from the checkpoint."),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Cell {
    glyph: char,
    /// Colours of the palette of 256.
    fore: u8,
    back: u8,
    bold: bool,
}

const BLANK: Cell = Cell { glyph: ' ', fore: 253, back: 236, bold: false };

type Screen = Vec<[Cell; COLUMNS]>;

/// The pictures of a recording, each with its second.
fn frames(recording: &str) -> Vec<(f64, Screen)> {
    let mut lines = recording.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let head = lines.next().expect("a head");
    assert_eq!((head["width"].as_u64(), head["height"].as_u64()), (Some(80), Some(24)), "{head}");
    let (mut screen, mut pen, mut at) = (vec![[BLANK; COLUMNS]; ROWS], BLANK, (0, 0));
    let mut frames = Vec::new();
    for event in lines {
        let (second, text) = (event[0].as_f64().expect("seconds"), event[2].as_str().expect("text"));
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            if c == '\u{1b}' {
                assert_eq!(rest.next(), Some('['), "a control sequence");
                let mut numbers = String::new();
                let last = rest.by_ref().find(|c| {
                    let ends = c.is_ascii_alphabetic();
                    if !ends {
                        numbers.push(*c);
                    }
                    ends
                });
                control(last, &numbers, &mut pen, &mut at);
            } else {
                let (row, column) = at;
                if row < ROWS && column < COLUMNS {
                    screen[row][column] = Cell { glyph: c, ..pen };
                }
                at.1 += 1;
            }
        }
        frames.push((second, screen.clone()));
    }
    frames
}

fn control(last: Option<char>, numbers: &str, pen: &mut Cell, at: &mut (usize, usize)) {
    let values: Vec<usize> = numbers.split(';').map(|n| n.parse().unwrap_or(0)).collect();
    match last {
        Some('H') => *at = (values[0] - 1, values[1] - 1),
        Some('m') => {
            let mut values = values.into_iter();
            while let Some(value) = values.next() {
                match value {
                    0 => *pen = BLANK,
                    1 => pen.bold = true,
                    22 => pen.bold = false,
                    38 | 48 => {
                        assert_eq!(values.next(), Some(5), "a colour of the palette");
                        let colour = values.next().and_then(|n| u8::try_from(n).ok()).expect("a colour");
                        *(if value == 38 { &mut pen.fore } else { &mut pen.back }) = colour;
                    }
                    39 => pen.fore = BLANK.fore,
                    49 => pen.back = BLANK.back,
                    59 => {}
                    other => panic!("the attribute {other}"),
                }
            }
        }
        // the cursor, shown or hidden
        Some('h' | 'l') => {}
        other => panic!("the control sequence {other:?}"),
    }
}

/// The red, green and blue of a colour of the palette of 256.
fn rgb(colour: u8) -> [u8; 3] {
    match colour {
        232.. => [8 + 10 * (colour - 232); 3],
        16.. => {
            let level = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
            let n = colour - 16;
            [level(n / 36), level(n / 6 % 6), level(n % 6)]
        }
        _ => panic!("{colour}: a colour of the terminal's own"),
    }
}

fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// How bright a lamp is, in parts of 100.
fn brightness(glyph: char) -> Option<u16> {
    "○◔◑◕●".chars().position(|lamp| lamp == glyph).map(|level| [18, 40, 60, 80, 100][level])
}

/// The middle or the corner of a cell, in units.
fn place(tenths: usize) -> String {
    let (whole, part) = (tenths / 10, tenths % 10);
    if part == 0 { whole.to_string() } else { format!("{whole}.{part}") }
}

/// What paints the cells of `new` that differ from `old`.
fn changes(old: Option<&Screen>, new: &Screen, styles: &mut BTreeMap<String, String>) -> String {
    let (mut boxes, mut lamps, mut texts) = (BTreeMap::new(), BTreeMap::new(), String::new());
    for (row, cells) in new.iter().enumerate() {
        let differs = |column: usize| old.is_none_or(|old| old[row][column] != cells[column]);
        let mut column = 0;
        while column < COLUMNS {
            if !differs(column) {
                column += 1;
                continue;
            }
            let cell = cells[column];
            let (x, y) = (MARGIN + column * CELL.0, MARGIN + row * CELL.1);
            if let Some(percent) = brightness(cell.glyph).filter(|_| row < LAMP_ROWS) {
                let was_lamp = old.is_some_and(|old| brightness(old[row][column].glyph).is_some());
                if !was_lamp {
                    let path: &mut String = boxes.entry(cell.back).or_default();
                    let _ = write!(path, "M{} {}h8.4v17h-8.4z", place(x), place(y));
                }
                let (fore, back) = (rgb(cell.fore), rgb(cell.back));
                let mixed = |n: usize| {
                    ((u16::from(fore[n]) * percent + u16::from(back[n]) * (100 - percent)) / 100) as u8
                };
                let path: &mut String = lamps.entry(hex([mixed(0), mixed(1), mixed(2)])).or_default();
                let _ = write!(path, "M{} {}h0", place(x + CELL.0 / 2), place(y + CELL.1 / 2));
                column += 1;
                continue;
            }
            // cells of one style to the last that differs
            let is_lamp = |column: usize| row < LAMP_ROWS && brightness(cells[column].glyph).is_some();
            let mut end = column + 1;
            for (next, other) in cells.iter().enumerate().skip(column + 1) {
                let alike = (other.fore, other.back, other.bold) == (cell.fore, cell.back, cell.bold)
                    || (other.glyph == ' ' && other.back == cell.back);
                if !alike || is_lamp(next) || next > end + 3 {
                    break;
                }
                if differs(next) {
                    end = next + 1;
                }
            }
            let path: &mut String = boxes.entry(cell.back).or_default();
            let width = place((end - column) * CELL.0);
            let _ = write!(path, "M{} {}h{width}v17h-{width}z", place(x), place(y));
            let run: String = cells[column..end].iter().map(|cell| cell.glyph).collect();
            let text = run.trim();
            if !text.is_empty() {
                let before = run.chars().take_while(|c| *c == ' ').count();
                let style = class("t", if cell.bold { "b" } else { "" }, cell.fore);
                let look = if cell.bold { ";font-weight:bold" } else { "" };
                styles.insert(style.clone(), format!("fill:{}{look}", hex(rgb(cell.fore))));
                let _ = write!(
                    texts,
                    "<text class=\"{style}\" x=\"{}\" y=\"{}\" textLength=\"{}\">{}</text>",
                    place(x + before * CELL.0),
                    place(y + 130),
                    place(text.chars().count() * CELL.0),
                    text.replace('&', "&amp;").replace('<', "&lt;"),
                );
            }
            column = end;
        }
    }
    let mut made = String::new();
    for (back, path) in boxes {
        let style = class("r", "", back);
        let _ = write!(made, "<path class=\"{style}\" d=\"{path}\"/>");
        styles.insert(style, format!("fill:{}", hex(rgb(back))));
    }
    for (colour, path) in lamps {
        let _ = write!(made, "<path class=\"o\" stroke=\"{colour}\" d=\"{path}\"/>");
    }
    made + &texts
}

fn class(kind: &str, more: &str, colour: u8) -> String {
    format!("{kind}{more}{colour}")
}

fn draw(recording: &str) -> String {
    let all = frames(recording);
    let end = all.last().expect("a frame").0 + REST;
    let (mut styles, mut groups, mut rules) = (BTreeMap::new(), String::new(), String::new());
    let (mut shown, mut last, mut caption): (Option<&Screen>, f64, usize) = (None, f64::MIN, usize::MAX);
    for (n, (second, screen)) in all.iter().enumerate() {
        let now = CAPTIONS.iter().rposition(|(from, _)| from <= second).expect("the first begins at 0");
        let wanted = second - last >= STEP || now != caption || n + 1 == all.len();
        if !wanted {
            continue;
        }
        let mut group = changes(shown, screen, &mut styles);
        if now != caption {
            let _ = write!(
                group,
                "<path class=\"c\" d=\"M0 420h688v44h-688z\"/><text class=\"w\" x=\"16\" y=\"449\">{}</text>",
                CAPTIONS[now].1
            );
        }
        if shown.is_some() {
            let percent = second / end * 100.0;
            let _ = write!(rules, "@keyframes f{n}{{{percent:.2}%{{visibility:visible}}}}");
            let _ = writeln!(rules, "#f{n}{{animation-name:f{n}}}");
            let _ = writeln!(groups, "<g id=\"f{n}\" class=\"f\">{group}</g>");
        } else {
            let _ = writeln!(groups, "<g>{group}</g>");
        }
        (shown, last, caption) = (Some(screen), *second, now);
    }
    let looks: Vec<String> = styles.iter().map(|(style, look)| format!(".{style}{{{look}}}")).collect();
    let words: Vec<&str> = CAPTIONS.iter().map(|(_, words)| *words).collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 688 464\" role=\"img\">\n\
         <title>The operator's panel of an IBM 704: a checkpoint by hand</title>\n<desc>{}</desc>\n\
         <style>\ntext{{font:14px \"DejaVu Sans Mono\",Menlo,Consolas,monospace;white-space:pre}}\n\
         .w{{font:22px system-ui,\"Segoe UI\",Helvetica,Arial,sans-serif;fill:#ffe9b0}}\n\
         .c{{fill:#101010}}.o{{stroke-width:7.6;stroke-linecap:round}}\n{}\n\
         .f{{visibility:hidden;animation:{end:.0}s step-end infinite}}\n{rules}\
         @media (prefers-reduced-motion:reduce){{.f{{animation:none}}}}\n</style>\n\
         <rect width=\"688\" height=\"464\" rx=\"8\" fill=\"#101010\"/>\n{groups}</svg>\n",
        words.join(" "),
        looks.join("\n"),
    )
}

#[test]
fn the_moving_picture_is_drawn_from_the_recording() {
    let pictures = root().join("docs/pictures");
    let recording = std::fs::read_to_string(pictures.join("checkpoint.cast")).unwrap();
    let (drawn, path) = (draw(&recording), pictures.join("checkpoint.svg"));
    if std::env::var_os("EMU704_WRITE_DOCS").is_some() {
        std::fs::write(&path, drawn).unwrap();
        return;
    }
    assert!(drawn.len() < 400_000, "{} bytes are too many for a picture of README.md", drawn.len());
    let shown = std::fs::read_to_string(&path).unwrap();
    assert!(
        shown == drawn,
        "docs/pictures/checkpoint.svg is not up to date; set EMU704_WRITE_DOCS to write it"
    );
}

/// The captions say what the panel shows: the lamp R-W SELECT is lit while a record moves, POWER while there is power.
#[test]
fn the_captions_agree_with_the_lamps() {
    let all = frames(&std::fs::read_to_string(root().join("docs/pictures/checkpoint.cast")).unwrap());
    let mut n_lit = 0;
    for (second, screen) in &all {
        let (_, words) = CAPTIONS.iter().rev().find(|(from, _)| from <= second).unwrap();
        let lit = |row: usize, column: usize| screen[row][column].glyph == '●';
        assert_eq!(lit(1, 0), words.starts_with("Memory and registers"), "R-W SELECT at {second}: {words}");
        assert_eq!(lit(0, 68), !words.starts_with("The power fails"), "POWER at {second}: {words}");
        n_lit += usize::from(lit(1, 0));
    }
    assert!(n_lit > 20, "{n_lit} pictures of {}", all.len());
}
