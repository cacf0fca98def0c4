//! What a terminal can show, by the variables that tell of it.

use super::style::{Colours, Look, Theme};

/// What the options want.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    pub(super) ascii: bool,
    pub(super) colours: Option<Colours>,
    pub(super) theme: Theme,
}

/// How the panel looks on the terminal that the variables tell of; `None` where it cannot be drawn.
pub(super) fn look(wanted: Wanted, variable: impl Fn(&str) -> Option<String>) -> Option<Look> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let term = set("TERM").unwrap_or_default();
    if term == "dumb" {
        return None;
    }
    let colours =
        if set("NO_COLOR").is_some() { Colours::None } else { colours(&term, set("COLORTERM").is_some()) };
    Some(Look {
        ascii: wanted.ascii || is_plain(&term) || !is_utf8(&set),
        colours: wanted.colours.unwrap_or(colours),
        theme: wanted.theme,
    })
}

/// A terminal whose font has no more than ASCII, or that shows no more of it than that.
fn is_plain(term: &str) -> bool {
    term == "linux" || term.starts_with("vt") || term == "ansi"
}

/// The terminal takes UTF-8: the first of these variables that is set says so, and where none is set it mostly does.
fn is_utf8(set: &impl Fn(&str) -> Option<String>) -> bool {
    ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

fn colours(term: &str, many: bool) -> Colours {
    let known = ["256", "direct", "kitty", "alacritty", "ghostty", "foot", "wezterm"];
    if term.starts_with("vt") {
        Colours::None
    } else if term != "linux" && (many || known.iter().any(|part| term.contains(part))) || term.is_empty() {
        Colours::Full
    } else {
        Colours::Sixteen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Option<Look> {
        let get =
            |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        look(Wanted::default(), get)
    }

    #[test]
    fn each_terminal_gets_what_it_can_show() {
        let utf8 = ("LANG", "en_US.UTF-8");
        let found = |variables: &[(&str, &str)]| of(variables).map(|look| (look.ascii, look.colours));
        for (variables, expected) in [
            (&[("TERM", "xterm-256color"), utf8][..], (false, Colours::Full)),
            (&[("TERM", "xterm"), utf8], (false, Colours::Sixteen)),
            (&[("TERM", "xterm"), ("COLORTERM", "truecolor"), utf8], (false, Colours::Full)),
            (&[("TERM", "linux"), utf8], (true, Colours::Sixteen)),
            (&[("TERM", "vt100"), utf8], (true, Colours::None)),
            (&[("TERM", "xterm-256color"), ("LC_ALL", "C"), utf8], (true, Colours::Full)),
            (&[("TERM", "xterm-256color"), ("LC_ALL", "C.utf8")], (false, Colours::Full)),
            (&[("TERM", "xterm-256color")], (false, Colours::Full)),
            (&[("TERM", "xterm-256color"), ("NO_COLOR", "1"), utf8], (false, Colours::None)),
            (&[("TERM", "xterm-256color"), ("NO_COLOR", ""), utf8], (false, Colours::Full)),
        ] {
            assert_eq!(found(variables), Some(expected), "{variables:?}");
        }
        assert_eq!(of(&[("TERM", "dumb"), utf8]), None);
    }

    #[test]
    fn options_come_first() {
        let wanted = Wanted { ascii: true, colours: Some(Colours::Sixteen), theme: Theme::Light };
        let get = |name: &str| (name == "NO_COLOR").then(|| "1".to_owned());
        let expected = Look { ascii: true, colours: Colours::Sixteen, theme: Theme::Light };
        assert_eq!(look(wanted, get), Some(expected));
    }
}
