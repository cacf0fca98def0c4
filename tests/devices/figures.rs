//! The generated parts of docs/devices.md are the tables of the code.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use emu704::Config;
use emu704::io::figures::{Confidence, Figures};
use emu704::io::options::DeviceOptions;
use emu704::time::Ticks;

fn time(ticks: Ticks) -> String {
    let micros = ticks.0 as f64 / 3.0;
    match ticks.0 {
        0 => "0".to_owned(),
        t if t < 3_000 => format!("{} us", decimals(micros)),
        t if t < 3_000_000 => format!("{} ms", decimals(micros / 1e3)),
        _ => format!("{} s", decimals(micros / 1e6)),
    }
}

/// Two decimals at most.
fn decimals(number: f64) -> String {
    format!("{number:.2}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn figures() -> String {
    let mut text = String::new();
    for (unit, table) in Figures::TABLES {
        let _ = write!(
            text,
            "### `[figures.{unit}]`\n\n| name | ticks | time | how sure | what | source |\n|---|---|---|---|---|---|\n"
        );
        for figure in *table {
            let sure = match figure.confidence {
                Confidence::Sure => "sure",
                Confidence::Likely => "likely",
                Confidence::Guess => "guess",
            };
            let name = figure.name.replace('_', "-");
            let (ticks, time) = (figure.value.0, time(figure.value));
            let _ = writeln!(
                text,
                "| `{name}` | {ticks} | {time} | {sure} | {} | {} |",
                figure.what, figure.source
            );
        }
        text.push('\n');
    }
    text
}

fn options() -> String {
    let options = toml::to_string(&DeviceOptions::default()).expect("options are TOML");
    let options = options.replace("\n[", "\n[devices.");
    format!("```toml\n[devices]\n{options}```\n")
}

fn with_part(page: &str, name: &str, content: &str) -> String {
    let begin = format!("<!-- {name}: generated");
    let end = format!("<!-- end of {name} -->");
    let start = page.find(&begin).expect("the part's marker");
    let start = start + page[start..].find('\n').expect("a line") + 1;
    let stop = page.find(&end).expect("the end's marker");
    format!("{}{}\n{}", &page[..start], content.trim_end(), &page[stop..])
}

#[test]
fn the_page_shows_the_tables_of_the_code() {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/devices.md"));
    let page = fs::read_to_string(path).expect("docs/devices.md");
    let right = with_part(&with_part(&page, "options", &options()), "figures", &figures());
    if std::env::var_os("EMU704_WRITE_DOCS").is_some() {
        fs::write(path, &right).expect("docs can be written");
        return;
    }
    assert!(page == right, "docs/devices.md is not up to date; set EMU704_WRITE_DOCS to write it");
}

#[test]
fn every_figure_can_be_set_by_its_name() {
    for (unit, table) in Figures::TABLES {
        for figure in *table {
            let name = figure.name.replace('_', "-");
            let value = figure.value.0 + 7;
            let config: Config = toml::from_str(&format!("[figures.{unit}]\n{name} = {value}")).unwrap();
            let back = serde_json::to_value(&config).unwrap();
            assert_eq!(back["figures"][unit][&name], value, "{unit} {name}");
        }
    }
    assert!(toml::from_str::<Config>("[figures.drum]\nspeed = 1").is_err());
}

/// A table that a unit has and the list has not would be missing in docs/devices.md.
#[test]
fn every_table_of_figures_is_listed() {
    let all = serde_json::to_value(Figures::default()).unwrap();
    for unit in all.as_object().unwrap().keys() {
        assert!(Figures::TABLES.iter().any(|(name, _)| name == unit), "{unit}");
    }
}

#[test]
fn guesses_say_that_they_are() {
    for (unit, table) in Figures::TABLES {
        for figure in table.iter().filter(|figure| figure.confidence == Confidence::Guess) {
            assert!(figure.source.starts_with("UNVERIFIED"), "{unit} {}: {}", figure.name, figure.source);
        }
    }
}
