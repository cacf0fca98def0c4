//! A line that is edited at a terminal: history, completion, search.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use asm704::visible::is_obeyed;
use ratatui::crossterm::event::{self, Event, KeyEvent, KeyEventKind};
use reedline::{
    ColumnarMenu, Completer, EditCommand, EditMode, Emacs, FileBackedHistory, Highlighter, KeyCode,
    KeyModifiers, MenuBuilder as _, Prompt, PromptEditMode, PromptHistorySearch, Reedline, ReedlineEvent,
    ReedlineMenu, ReedlineRawEvent, Signal, Span, StyledText, Suggestion, default_emacs_keybindings,
};

use super::lines::{Message, Next};
use crate::cli::talk::put;

/// Lines that the history keeps.
const KEPT: usize = 1000;

/// Names the file of the history. Empty, `off` or `0`: none is kept.
const HISTORY: &str = "EMU704_HISTORY";

/// Between two looks at the signals.
const LOOK: Duration = Duration::from_millis(50);

const MENU: &str = "completion";

/// Whether a terminal can be asked where its cursor is, and moves it when told.
pub(super) fn is_able() -> bool {
    std::env::var("TERM").is_ok_and(|term| !term.is_empty() && term != "dumb") || cfg!(windows)
}

/// The text that was typed while a terminal was asked and did not answer.
pub(super) fn typed_ahead() -> String {
    let mut text = String::new();
    while matches!(event::poll(Duration::ZERO), Ok(true)) {
        match event::read() {
            Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => type_in(&mut text, key),
            Ok(Event::Paste(pasted)) => text.push_str(&pasted.replace("\r\n", "\n").replace('\r', "\n")),
            Ok(_) => {}
            Err(_) => break,
        }
    }
    text
}

fn type_in(text: &mut String, key: KeyEvent) {
    match key.code {
        event::KeyCode::Enter => text.push('\n'),
        // LF, where the terminal makes no CR of it
        event::KeyCode::Char('j') if key.modifiers == event::KeyModifiers::CONTROL => text.push('\n'),
        event::KeyCode::Char(c) if !key.modifiers.contains(event::KeyModifiers::CONTROL) => text.push(c),
        event::KeyCode::Tab => text.push(' '),
        event::KeyCode::Backspace if !text.is_empty() && !text.ends_with('\n') => _ = text.pop(),
        _ => {}
    }
}

/// An editor of lines.
pub(super) struct Editor {
    line: Reedline,
    /// For answers to questions, which nothing remembers.
    answers: Reedline,
    /// The line on the screen is empty.
    empty: Arc<AtomicBool>,
}

impl Editor {
    /// `say` asks the session for completions; `break_off` ends a line that is waited for.
    pub(super) fn new(say: &Sender<Message>, break_off: &Arc<AtomicBool>) -> Editor {
        let empty = Arc::new(AtomicBool::new(true));
        let mut keys = default_emacs_keybindings();
        let menu = ReedlineEvent::Menu(MENU.to_owned());
        keys.add_binding(
            KeyModifiers::NONE,
            KeyCode::Tab,
            ReedlineEvent::UntilFound(vec![menu, ReedlineEvent::MenuNext]),
        );
        let menu = ColumnarMenu::default().with_name(MENU).with_marker("");
        let mut line = plain(break_off)
            .with_edit_mode(Box::new(Careful(Emacs::new(keys))))
            .with_highlighter(Box::new(Watcher { empty: Arc::clone(&empty) }))
            .with_completer(Box::new(Asks { say: say.clone() }))
            .with_menu(ReedlineMenu::EngineCompleter(Box::new(menu)))
            .with_quick_completions(true)
            .with_partial_completions(true)
            .use_bracketed_paste(true);
        if let Some(history) = history() {
            line = line.with_history(Box::new(history));
        }
        Editor { line, answers: plain(break_off), empty }
    }

    /// The answer to a question. An error says that this terminal cannot be worked so.
    pub(super) fn answer(&mut self, question: &str) -> std::io::Result<Next> {
        take_typed_lines();
        Ok(match self.answers.read_line(&Sign(question.to_owned()))? {
            Signal::Success(line) => Next::Line(line.trim().to_owned()),
            Signal::CtrlD => Next::End,
            _ => Next::Interrupted,
        })
    }

    /// The next line. An error says that this terminal cannot be worked so.
    pub(super) fn next(&mut self, prompt: &str) -> std::io::Result<Next> {
        take_typed_lines();
        loop {
            self.empty.store(true, Ordering::Relaxed);
            match self.line.read_line(&Sign(prompt.to_owned()))? {
                Signal::Success(line) => {
                    // another session may want it before this one ends
                    let _ = self.line.sync_history();
                    return Ok(Next::Line(line.trim().to_owned()));
                }
                // a line that was begun is thrown away; behind it stands another prompt
                Signal::CtrlC if !self.empty.load(Ordering::Relaxed) => {}
                Signal::CtrlD => return Ok(Next::End),
                Signal::ExternalBreak(_) => {
                    // the line stays as it was; what is said then begins another
                    put("\n");
                    return Ok(Next::Interrupted);
                }
                _ => return Ok(Next::Interrupted),
            }
        }
    }
}

/// Lines that were typed while no line was edited end in LF. Taken now, while the terminal still makes lines, each LF is a stroke of
/// Enter. Afterwards it would be Ctrl-J, and the editor loses what comes after one in the same batch.
fn take_typed_lines() {
    // what has come is kept for the next reading
    let _ = event::poll(Duration::ZERO);
}

/// An editor that hears when it is to break off.
fn plain(break_off: &Arc<AtomicBool>) -> Reedline {
    let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    Reedline::create()
        .with_ansi_colors(colour)
        .with_break_signal(Arc::clone(break_off))
        .with_poll_interval(LOOK)
}

/// The history in the user's folder of states; none where it is turned off or cannot be kept.
fn history() -> Option<FileBackedHistory> {
    let file = match std::env::var_os(HISTORY) {
        Some(off) if off.is_empty() || off == "off" || off == "0" => return None,
        Some(file) => PathBuf::from(file),
        None => state_folder()?.join("emu704").join("history"),
    };
    FileBackedHistory::with_file(KEPT, file).ok()
}

fn state_folder() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return folder("LOCALAPPDATA");
    }
    folder("XDG_STATE_HOME").or_else(|| folder("HOME").map(|home| home.join(".local/state")))
}

/// Emacs's keys. What is pasted has no characters that a terminal would obey.
struct Careful(Emacs);

impl EditMode for Careful {
    fn parse_event(&mut self, event: ReedlineRawEvent) -> ReedlineEvent {
        match self.0.parse_event(event) {
            ReedlineEvent::Edit(commands) => {
                let careful = commands.into_iter().filter_map(|command| match command {
                    EditCommand::InsertString(text) => {
                        let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
                        Some(EditCommand::InsertString(
                            text.chars().filter(|c| *c == '\n' || !is_obeyed(*c)).collect(),
                        ))
                    }
                    EditCommand::InsertChar(c) if is_obeyed(c) => None,
                    command => Some(command),
                });
                ReedlineEvent::Edit(careful.collect())
            }
            event => event,
        }
    }

    fn edit_mode(&self) -> PromptEditMode {
        self.0.edit_mode()
    }
}

/// Sees each line that is drawn.
struct Watcher {
    empty: Arc<AtomicBool>,
}

impl Highlighter for Watcher {
    #[expect(clippy::default_trait_access, reason = "the style is of a crate that is not named here")]
    fn highlight(&self, line: &str, _cursor: usize) -> StyledText {
        self.empty.store(line.is_empty(), Ordering::Relaxed);
        let mut text = StyledText::new();
        text.push((Default::default(), line.to_owned()));
        text
    }
}

/// Asks the session what a line may go on with.
struct Asks {
    say: Sender<Message>,
}

impl Completer for Asks {
    fn complete(&mut self, line: &str, pos: usize) -> Vec<Suggestion> {
        let Some(begun) = line.get(..pos) else { return Vec::new() };
        let (answer, names) = mpsc::channel();
        if self.say.send(Message::Complete { line: begun.to_owned(), answer }).is_err() {
            return Vec::new();
        }
        let start = begun.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        let suggest = |value: String| Suggestion {
            append_whitespace: !value.ends_with('/'),
            value,
            span: Span::new(start, pos),
            ..Suggestion::default()
        };
        names.recv().unwrap_or_default().into_iter().map(suggest).collect()
    }
}

/// The prompt, and nothing beside it.
struct Sign(String);

impl Prompt for Sign {
    fn render_prompt_left(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }

    fn render_prompt_right(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }

    fn render_prompt_indicator(&self, _: PromptEditMode) -> Cow<'_, str> {
        Cow::Borrowed("")
    }

    fn render_prompt_multiline_indicator(&self) -> Cow<'_, str> {
        Cow::Borrowed("  ... ")
    }

    fn render_prompt_history_search_indicator(&self, search: PromptHistorySearch) -> Cow<'_, str> {
        Cow::Owned(format!("(search: {}) ", search.term))
    }
}
