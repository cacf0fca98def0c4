//! A source open in an editor, assembled.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use gen_lsp_types::{
    Code as LspCode, CompletionItem, CompletionItemKind, CompletionResponse, Contents, Definition,
    DefinitionResponse, Diagnostic, DiagnosticSeverity, DiagnosticTag, DocumentSymbol,
    DocumentSymbolResponse, Hover, Location, MarkupContent, MarkupKind, Message, Position, SymbolKind, Uri,
};

use super::{hover, uri};
use crate::assemble::{Assembly, Options, Output, PSEUDO, Pseudo, Unused, assemble_with};
use crate::chars::graphic;
use crate::diag::{Code, Severity};
use crate::isa;
use crate::library::{self, Shelves};
use crate::source::{self, Columns, expand_tabs};

/// How a source is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    pub(super) columns: Columns,
    pub(super) free: bool,
}

/// A source open in an editor.
pub(super) struct Document {
    pub(super) uri: Uri,
    pub(super) manner: Manner,
    /// The lines without line ends.
    pub(super) lines: Vec<String>,
    pub(super) output: Output,
}

/// Columns of the operation on a card, counted from 0.
pub(super) const OPERATION: Range<usize> = 7..10;

impl Document {
    pub(super) fn new(uri: Uri, text: &str, manner: Manner) -> Document {
        let options = Options {
            columns: manner.columns,
            free: manner.free,
            listing: false,
            unused_symbols: Unused::Each,
            overlaps: false,
            questions: true,
            references: true,
        };
        let shelves = uri::to_path(&uri).map(|path| Shelves::of_source(&path));
        let output = assemble_with(text, &options, &mut |name| match &shelves {
            Some(shelves) => shelves.find(name),
            None => library::own(name),
        });
        let lines = text
            .strip_prefix('\u{feff}')
            .unwrap_or(text)
            .split('\n')
            .map(|line| line.strip_suffix('\r').unwrap_or(line).to_owned())
            .collect();
        Document { uri, manner, lines, output }
    }

    /// A line, counted from 1.
    pub(super) fn line(&self, line: usize) -> &str {
        line.checked_sub(1).and_then(|n| self.lines.get(n)).map_or("", String::as_str)
    }

    /// Converts an editor's position in UTF-16: line from 1 and column from 0, tabs expanded.
    pub(super) fn place(&self, position: Position) -> (usize, usize) {
        let line = position.line as usize + 1;
        let (mut column, mut units) = (0, 0);
        for c in self.line(line).chars() {
            if units >= position.character as usize {
                break;
            }
            units += c.len_utf16();
            column = if c == '\t' { column / 8 * 8 + 8 } else { column + 1 };
        }
        (line, column)
    }

    pub(super) fn position(&self, line: usize, wanted: usize) -> Position {
        let (mut column, mut units) = (0, 0);
        for c in self.line(line).chars() {
            let next = if c == '\t' { column / 8 * 8 + 8 } else { column + 1 };
            if next > wanted {
                break;
            }
            column = next;
            units += c.len_utf16();
        }
        Position { line: line.saturating_sub(1) as u32, character: units as u32 }
    }

    pub(super) fn range(&self, line: usize, columns: &Range<usize>) -> gen_lsp_types::Range {
        let (start, end) = (self.position(line, columns.start), self.position(line, columns.end));
        gen_lsp_types::Range { start, end }
    }

    /// Whether a line belongs to the document itself, not to a library routine.
    pub(super) fn is_own(&self, line: usize) -> bool {
        self.output.place(line).0.is_none()
    }

    /// The assembly that contains a line.
    pub(super) fn assembly(&self, line: usize) -> Option<&Assembly> {
        self.output
            .assemblies
            .iter()
            .find(|assembly| (assembly.first_line..=assembly.last_line).contains(&line))
    }

    pub(super) fn diagnostics(&self) -> Vec<Diagnostic> {
        self.output
            .diagnostics()
            .filter_map(|diagnostic| {
                let unused = diagnostic.code == Code::UnusedSymbol;
                let (routine, line) = self.output.place(diagnostic.line);
                // labels of a routine may be meant for other programs
                if routine.is_some() && unused {
                    return None;
                }
                let range = match routine {
                    None => self.range(diagnostic.line, &diagnostic.columns),
                    Some(routine) => self.range(self.line_of_library_card(routine)?, &(0..10)),
                };
                let place = routine.map(|routine| format!("{routine}, line {line}: ")).unwrap_or_default();
                let severity = match diagnostic.severity() {
                    Severity::Error => DiagnosticSeverity::Error,
                    Severity::Warning if unused => DiagnosticSeverity::Hint,
                    Severity::Warning => DiagnosticSeverity::Warning,
                };
                let mut message = place + &diagnostic.message;
                for more in diagnostic.label.iter().chain(&diagnostic.help) {
                    message.push('\n');
                    message.push_str(more);
                }
                Some(Diagnostic {
                    range,
                    severity: Some(severity),
                    code: Some(LspCode::String(diagnostic.code.to_string())),
                    source: Some("asm704".to_owned()),
                    message: Message::String(message),
                    tags: unused.then(|| vec![DiagnosticTag::Unnecessary]),
                    code_description: None,
                    related_information: None,
                    data: None,
                })
            })
            .collect()
    }

    /// The line, from 1, of the LIB card that included a routine; if another routine asked for it, that of the first routine.
    fn line_of_library_card(&self, routine: &str) -> Option<usize> {
        let file = Path::new(routine).file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
        let cards = || {
            self.lines.iter().zip(1..).filter_map(|(line, number)| {
                let mut parts = line.split_whitespace();
                let name = parts.next()?;
                parts.next().filter(|operation| operation.eq_ignore_ascii_case("LIB")).map(|_| (name, number))
            })
        };
        let own = cards().find(|(name, _)| name.eq_ignore_ascii_case(file));
        own.or_else(|| cards().next()).map(|(_, number)| number)
    }

    /// The name of the operation on a line, and its columns there.
    pub(super) fn operation(&self, line: usize) -> Option<(String, Range<usize>)> {
        let text = self.line(line);
        let (cards, columns) = if self.manner.free {
            let columns = source::free::line_columns(text, self.manner.columns, &OPERATION);
            (source::free::read(text, self.manner.columns).0, columns)
        } else {
            (source::read(text, self.manner.columns).0, OPERATION)
        };
        let codes = &cards.first()?.columns[OPERATION];
        let name: String = codes.iter().map(|&code| graphic(code)).collect();
        Some((name.trim_end().to_owned(), columns))
    }

    /// The symbol at a position: its name and columns.
    pub(super) fn symbol(&self, line: usize, column: usize) -> Option<(&Assembly, &str, Range<usize>)> {
        let assembly = self.assembly(line)?;
        let uses = assembly.references.iter().map(|r| (r.line, r.name.as_str(), &r.columns));
        let definitions = assembly.symbols.iter().map(|s| (s.line, s.name.as_str(), &s.columns));
        let (_, name, columns) = uses
            .chain(definitions)
            .find(|(at, _, columns)| *at == line && (columns.start..=columns.end).contains(&column))?;
        Some((assembly, name, columns.clone()))
    }

    pub(super) fn hover(&self, line: usize, column: usize) -> Option<Hover> {
        let (text, columns) = match self.operation(line) {
            Some((name, columns)) if columns.contains(&column) => {
                let mut text = hover::operation(&name)?;
                let words = self.assembly(line).into_iter().flat_map(|assembly| &assembly.words);
                for word in words.filter(|word| word.line == line).take(4) {
                    let _ = write!(text, "\n\n`{:05o}  {}`", word.location, word.word);
                }
                (text, columns)
            }
            _ => {
                let (assembly, name, columns) = self.symbol(line, column)?;
                (hover::symbol(name, assembly, |line| self.shown(line)), columns)
            }
        };
        let contents = Contents::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value: text });
        Some(Hover { contents, range: Some(self.range(line, &columns)) })
    }

    pub(super) fn shown(&self, line: usize) -> String {
        match self.output.place(line) {
            (None, line) => format!("line {line}"),
            (Some(routine), line) => format!("line {line} of {routine}"),
        }
    }

    fn location(&self, line: usize, columns: &Range<usize>) -> Location {
        match self.output.place(line) {
            (None, line) => Location { uri: self.uri.clone(), range: self.range(line, columns) },
            // an editor cannot open it
            (Some(routine), _) if library::is_own(routine) => {
                let line = self.line_of_library_card(routine).unwrap_or(1);
                Location { uri: self.uri.clone(), range: self.range(line, &(0..10)) }
            }
            // a routine is in columns, so columns are characters
            (Some(path), line) => {
                let position = |column: usize| Position { line: line as u32 - 1, character: column as u32 };
                let range =
                    gen_lsp_types::Range { start: position(columns.start), end: position(columns.end) };
                Location { uri: uri::of_path(path.as_ref()), range }
            }
        }
    }

    pub(super) fn definition(&self, line: usize, column: usize) -> Option<DefinitionResponse> {
        let (assembly, name, _) = self.symbol(line, column)?;
        let mut found: Vec<_> =
            assembly.symbols.iter().filter(|symbol| symbol.name == name && symbol.line != 0).collect();
        // the definition that counts comes first
        found.sort_by_key(|symbol| !symbol.effective);
        let locations = found.iter().map(|symbol| self.location(symbol.line, &symbol.columns)).collect();
        Some(DefinitionResponse::Definition(Definition::LocationList(locations)))
    }

    pub(super) fn references(&self, line: usize, column: usize, definitions: bool) -> Option<Vec<Location>> {
        let (assembly, name, _) = self.symbol(line, column)?;
        let symbols = assembly.symbols.iter().filter(|s| definitions && s.name == name && s.line != 0);
        let places = symbols
            .map(|symbol| (symbol.line, &symbol.columns))
            .chain(assembly.references.iter().filter(|r| r.name == name).map(|r| (r.line, &r.columns)));
        Some(places.map(|(line, columns)| self.location(line, columns)).collect())
    }

    pub(super) fn symbols(&self) -> DocumentSymbolResponse {
        let mut list = Vec::new();
        for assembly in &self.output.assemblies {
            let own =
                assembly.symbols.iter().filter(|s| s.line != 0 && self.output.place(s.line).0.is_none());
            for symbol in own {
                let operation = self.operation(symbol.line).map(|(name, _)| name).unwrap_or_default();
                let kind = match PSEUDO.iter().find(|row| row.name == operation).map(|row| row.op) {
                    Some(Pseudo::Equ | Pseudo::Syn) => SymbolKind::Constant,
                    Some(Pseudo::Dec | Pseudo::Oct | Pseudo::Bcd | Pseudo::Bss | Pseudo::Bes) => {
                        SymbolKind::Variable
                    }
                    _ => SymbolKind::Function,
                };
                let line = expand_tabs(self.line(symbol.line)).chars().count();
                #[expect(deprecated, reason = "the type has no other constructor with all fields")]
                list.push(DocumentSymbol {
                    name: symbol.name.clone(),
                    detail: Some(format!("{:05o} {operation}", symbol.value)),
                    kind,
                    tags: None,
                    deprecated: None,
                    range: self.range(symbol.line, &(0..line)),
                    selection_range: self.range(symbol.line, &symbol.columns),
                    children: None,
                });
            }
        }
        list.sort_by_key(|symbol| symbol.range.start.line);
        DocumentSymbolResponse::DocumentSymbolList(list)
    }

    pub(super) fn completion(&self, line: usize, column: usize) -> CompletionResponse {
        let items = if self.is_operation(line, column) { operations() } else { self.symbol_items(line) };
        CompletionResponse::CompletionItemList(items)
    }

    /// Whether an operation is written at a position.
    fn is_operation(&self, line: usize, column: usize) -> bool {
        if !self.manner.free {
            return column <= OPERATION.end;
        }
        let before: String = expand_tabs(self.line(line)).chars().take(column).collect();
        let begun = before.split(' ').filter(|piece| !piece.is_empty()).count();
        let finished = begun - usize::from(!before.is_empty() && !before.ends_with(' '));
        let has_label = (!before.is_empty() && !before.starts_with(' '))
            || before.split_whitespace().next().is_some_and(|piece| piece.ends_with(':'));
        finished == usize::from(has_label)
    }

    fn symbol_items(&self, line: usize) -> Vec<CompletionItem> {
        let assembly = self.assembly(line).or(self.output.assemblies.last());
        let symbols = assembly.into_iter().flat_map(|assembly| &assembly.symbols).filter(|s| s.effective);
        symbols
            .map(|symbol| CompletionItem {
                label: symbol.name.clone(),
                kind: Some(CompletionItemKind::Variable),
                detail: Some(format!("{:05o}", symbol.value)),
                ..CompletionItem::default()
            })
            .collect()
    }
}

fn operations() -> Vec<CompletionItem> {
    let named = isa::names().map(|named| (named.name, named.summary));
    let mut items: Vec<CompletionItem> = named
        .chain(PSEUDO.iter().map(|row| (row.name, row.summary)))
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, summary)| CompletionItem {
            label: name.to_owned(),
            kind: Some(CompletionItemKind::Keyword),
            detail: Some(summary.to_owned()),
            ..CompletionItem::default()
        })
        .collect();
    items.sort_by(|a, b| a.label.cmp(&b.label));
    items.dedup_by(|a, b| a.label == b.label);
    items
}
