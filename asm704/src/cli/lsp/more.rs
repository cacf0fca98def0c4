//! Requests other than hover, places and completion: changes of the source, and marks on it.

use std::collections::HashMap;
use std::ops::Range;

use gen_lsp_types::{Position, Uri};
use serde_json::{Value, json};

use super::document::{Document, OPERATION};
use crate::assemble::{PSEUDO, Pseudo};
use crate::chars::from_ascii;
use crate::isa;
use crate::source::{VARIABLE, expand_tabs};
use crate::syntax::pseudo::PseudoRow;

/// Kinds of tokens, in the order of the legend.
const TOKENS: [&str; 5] = ["keyword", "macro", "variable", "function", "comment"];

/// Capabilities of the server in addition to [`super::capabilities`].
pub(super) fn capabilities() -> Value {
    json!({
        "documentHighlightProvider": true,
        "foldingRangeProvider": true,
        "renameProvider": { "prepareProvider": true },
        "documentFormattingProvider": true,
        "codeActionProvider": { "codeActionKinds": ["quickfix"] },
        "inlayHintProvider": true,
        "signatureHelpProvider": { "triggerCharacters": [" ", ","] },
        "workspaceSymbolProvider": true,
        "semanticTokensProvider": { "legend": { "tokenTypes": TOKENS, "tokenModifiers": [] }, "full": true },
    })
}

/// An answer; it is null if nothing is found. An error text is shown to the user.
type Answer = Result<Value, String>;

/// Answers a request if it is one of these.
pub(super) fn answer(documents: &HashMap<Uri, Document>, method: &str, params: &Value) -> Option<Answer> {
    if method == "workspace/symbol" {
        return Some(Ok(workspace_symbols(documents, params["query"].as_str().unwrap_or(""))));
    }
    let act: fn(&Document, &Value) -> Answer = match method {
        "textDocument/documentHighlight" => |document, params| Ok(highlights(document, params)),
        "textDocument/foldingRange" => |document, _| Ok(folds(document)),
        "textDocument/prepareRename" => |document, params| Ok(prepare_rename(document, params)),
        "textDocument/rename" => rename,
        "textDocument/formatting" => |document, _| Ok(formatting(document)),
        "textDocument/codeAction" => |document, params| Ok(fixes(document, params)),
        "textDocument/inlayHint" => |document, params| Ok(hints(document, params)),
        "textDocument/signatureHelp" => |document, params| Ok(signature(document, params)),
        "textDocument/semanticTokens/full" => |document, _| Ok(tokens(document)),
        _ => return None,
    };
    let uri = params["textDocument"]["uri"].as_str()?;
    let document = documents.values().find(|document| document.uri.0.as_str() == uri);
    Some(document.map_or(Ok(Value::Null), |document| act(document, params)))
}

/// The position in a request: line from 1 and column from 0.
fn place(document: &Document, params: &Value) -> Option<(usize, usize)> {
    let at = |key: &str| params["position"][key].as_u64().and_then(|n| u32::try_from(n).ok());
    Some(document.place(Position { line: at("line")?, character: at("character")? }))
}

/// Whether a row is in the range of a request.
fn wanted(params: &Value, line: usize) -> bool {
    let row = |end: &str| params["range"][end]["line"].as_u64();
    let row_of = line as u64 - 1;
    row("start").is_none_or(|start| start <= row_of) && row("end").is_none_or(|end| row_of <= end)
}

/// Where the symbol at a position is defined and used in the document; `None` for a position in a library routine.
fn places(document: &Document, line: usize, column: usize) -> Option<(String, Vec<Place>)> {
    let (assembly, name, _) = document.symbol(line, column)?;
    let definitions = assembly.symbols.iter().filter(|s| s.name == name && s.line != 0);
    let uses = assembly.references.iter().filter(|r| r.name == name);
    let all = definitions
        .map(|s| (s.line, s.columns.clone(), true))
        .chain(uses.map(|r| (r.line, r.columns.clone(), false)));
    Some((name.to_owned(), all.collect()))
}

/// A line, its columns, and whether the symbol is defined there.
type Place = (usize, Range<usize>, bool);

fn highlights(document: &Document, params: &Value) -> Value {
    let found = place(document, params).and_then(|(line, column)| places(document, line, column));
    let Some((_, all)) = found else { return Value::Null };
    let own = all.into_iter().filter(|(line, ..)| document.is_own(*line));
    // 2 is a read, 3 a write
    own.map(|(line, columns, definition)| {
        json!({ "range": document.range(line, &columns), "kind": if definition { 3 } else { 2 } })
    })
    .collect()
}

/// Folding ranges: each assembly, and each run of three or more remarks.
fn folds(document: &Document) -> Value {
    let mut found = Vec::new();
    let mut begins = 1;
    for assembly in &document.output.assemblies {
        let ends = assembly.last_line.min(document.lines.len());
        if document.is_own(assembly.last_line) && ends > begins {
            found.push(json!({ "startLine": begins - 1, "endLine": ends - 1, "kind": "region" }));
        }
        begins = ends + 1;
    }
    let is_remark = |line: &String| line.get(OPERATION).is_some_and(|op| op.eq_ignore_ascii_case("REM"));
    let mut first = None;
    for (n, line) in document.lines.iter().map(Some).chain([None]).enumerate() {
        match (line.is_some_and(is_remark), first) {
            (true, None) => first = Some(n),
            (false, Some(start)) => {
                if n - start >= 3 {
                    found.push(json!({ "startLine": start, "endLine": n - 1, "kind": "comment" }));
                }
                first = None;
            }
            _ => {}
        }
    }
    Value::Array(found)
}

fn prepare_rename(document: &Document, params: &Value) -> Value {
    let Some((line, column)) = place(document, params) else { return Value::Null };
    let Some((_, name, columns)) = document.symbol(line, column) else { return Value::Null };
    json!({ "range": document.range(line, &columns), "placeholder": name })
}

fn rename(document: &Document, params: &Value) -> Answer {
    let new = params["newName"].as_str().unwrap_or("").trim().to_ascii_uppercase();
    let found = place(document, params).and_then(|(line, column)| places(document, line, column));
    let Some((name, all)) = found else { return Err("there is no symbol here".to_owned()) };
    let is_symbol = (1..=6).contains(&new.chars().count())
        && new.chars().all(|c| from_ascii(c).is_some() && !"+-*/,$ \"".contains(c))
        && !new.chars().all(|c| c.is_ascii_digit());
    if !is_symbol {
        return Err(format!(
            "`{new}` is not a symbol: one to six characters, not all digits, none of + - * / , $"
        ));
    }
    let assembly = all.first().and_then(|(line, ..)| document.assembly(*line));
    if assembly.is_some_and(|assembly| assembly.symbols.iter().any(|symbol| symbol.name == new)) {
        return Err(format!("`{new}` is defined already"));
    }
    let mut edits = Vec::new();
    for (line, columns, definition) in all {
        if !document.is_own(line) {
            return Err(format!("`{name}` is in a library routine, too: {}", document.shown(line)));
        }
        let text = expand_tabs(document.line(line));
        let written: String = text.chars().skip(columns.start).take(columns.len()).collect();
        if !written.eq_ignore_ascii_case(&name) {
            return Err(format!(
                "`{name}` is written `{written}` in line {line}, under a heading: rename it by hand"
            ));
        }
        // in columns the operation keeps its place
        if definition && !document.manner.free {
            edits.push(json!({ "range": document.range(line, &(0..6)), "newText": format!("{new:6}") }));
        } else {
            edits.push(json!({ "range": document.range(line, &columns), "newText": new }));
        }
    }
    Ok(json!({ "changes": { document.uri.0.as_str(): edits } }))
}

/// Formats lines with tabs: fields go to their card columns, so tabs no longer matter, and trailing blanks are removed.
fn formatting(document: &Document) -> Value {
    let mut edits = Vec::new();
    for (line, n) in document.lines.iter().zip(1..) {
        let new = formatted(line, document.manner.free);
        if new != *line {
            let whole = 0..expand_tabs(line).chars().count();
            edits.push(json!({ "range": document.range(n, &whole), "newText": new }));
        }
    }
    Value::Array(edits)
}

fn formatted(line: &str, free: bool) -> String {
    let line = line.trim_end();
    let mut fields = line.splitn(4, '\t');
    let (Some(label), Some(operation)) = (fields.next(), fields.next()) else { return line.to_owned() };
    // a line with a tab inside a field, or a label that runs past its field, is left alone
    if free || label.chars().count() > 6 || operation.trim().chars().count() > 3 {
        return expand_tabs(line).trim_end().to_owned();
    }
    let variable = fields.next().unwrap_or("").trim_end();
    let comment = fields.next().map_or_else(String::new, |comment| comment.replace('\t', " "));
    let card = format!("{label:6} {:3} {variable:19} {comment}", operation.trim());
    card.trim_end().to_owned()
}

/// The suggestion of a diagnostic as an edit of its line.
fn fixes(document: &Document, params: &Value) -> Value {
    let mut actions = Vec::new();
    for said in document.output.diagnostics().filter(|said| document.is_own(said.line)) {
        let Some(help) = said.help.as_deref().filter(|_| wanted(params, said.line)) else { continue };
        let named = help.split('`').nth(1).unwrap_or("");
        let (range, new) = if help.starts_with("did you mean `") {
            (said.columns.clone(), named.to_owned())
        } else if help.contains("must be in columns 8 to 10") && !document.manner.free {
            let text = expand_tabs(document.line(said.line));
            let Some(at) = text.to_uppercase().find(named) else { continue };
            let (label, rest) = (text[..at].trim(), text[at + named.len()..].trim_start());
            (0..text.chars().count(), format!("{label:6} {named:3} {rest}"))
        } else {
            continue;
        };
        let edit = json!({ "range": document.range(said.line, &range), "newText": new });
        actions.push(json!({
            "title": format!("Change to `{}`", new.trim()),
            "kind": "quickfix",
            "edit": { "changes": { document.uri.0.as_str(): [edit] } },
        }));
    }
    Value::Array(actions)
}

/// Inlay hints: address and word after each card that makes one.
fn hints(document: &Document, params: &Value) -> Value {
    let mut found = Vec::new();
    for assembly in &document.output.assemblies {
        let words = assembly.words.chunk_by(|a, b| a.line == b.line);
        for words in words.filter(|words| document.is_own(words[0].line) && wanted(params, words[0].line)) {
            let line = words[0].line;
            let more = if words.len() > 1 { format!(" and {} more", words.len() - 1) } else { String::new() };
            let end = expand_tabs(document.line(line)).chars().count();
            found.push(json!({
                "position": document.position(line, end),
                "label": format!("{:05o} {}{more}", words[0].location, words[0].word),
                "paddingLeft": true,
            }));
        }
    }
    Value::Array(found)
}

/// Signature help: the fields of the operation on a line, and which one the cursor is in.
fn signature(document: &Document, params: &Value) -> Value {
    let Some((line, column)) = place(document, params) else { return Value::Null };
    let Some((name, columns)) = document.operation(line) else { return Value::Null };
    if column <= columns.end {
        return Value::Null;
    }
    let fields = match PSEUDO.iter().find(|row| row.name == name) {
        Some(PseudoRow { operands, .. }) => (*operands).to_owned(),
        None => match isa::lookup(&name) {
            Some(named) if !name.is_empty() => named.op.row().form.fields().to_owned(),
            _ => return Value::Null,
        },
    };
    let summary = PSEUDO.iter().find(|row| row.name == name).map(|row| row.summary);
    let summary = summary.or_else(|| isa::lookup(&name).map(|named| named.summary)).unwrap_or("");
    let before: String = expand_tabs(document.line(line)).chars().take(column).skip(columns.end).collect();
    let active = before.matches(',').count();
    let parameters: Vec<Value> =
        fields.split(',').filter(|field| !field.is_empty()).map(|field| json!({ "label": field })).collect();
    json!({
        "signatures": [{ "label": format!("{name} {fields}"), "documentation": summary, "parameters": parameters }],
        "activeSignature": 0,
        "activeParameter": active,
    })
}

/// Semantic tokens: operation, symbols and remarks of each line, as distances from the previous token.
fn tokens(document: &Document) -> Value {
    let mut found: Vec<(usize, Range<usize>, usize)> = Vec::new();
    for n in 1..=document.lines.len() {
        let Some((name, columns)) = document.operation(n).filter(|(name, _)| !name.is_empty()) else {
            continue;
        };
        let length = expand_tabs(document.line(n)).chars().count();
        let pseudo = PSEUDO.iter().find(|row| row.name == name).map(|row| row.op);
        if pseudo == Some(Pseudo::Rem) {
            found.push((n, 0..length, 4));
            continue;
        }
        if pseudo.is_some() || isa::lookup(&name).is_some() {
            found.push((n, columns, usize::from(pseudo.is_some())));
        }
        let text: Vec<char> = expand_tabs(document.line(n)).chars().collect();
        if !document.manner.free && pseudo != Some(Pseudo::Bcd) {
            let end = text.iter().skip(VARIABLE).position(|c| *c == ' ').map(|n| n + VARIABLE);
            if let Some(end) = end.filter(|end| text[*end..].iter().any(|c| *c != ' ')) {
                let begin = text[end..].iter().position(|c| *c != ' ').map_or(end, |n| n + end);
                found.push((n, begin..length, 4));
            }
        }
    }
    for assembly in &document.output.assemblies {
        let symbols = assembly.symbols.iter().filter(|s| s.line != 0).map(|s| (s.line, s.columns.clone(), 3));
        let uses = assembly.references.iter().map(|r| (r.line, r.columns.clone(), 2));
        found.extend(symbols.chain(uses).filter(|(line, ..)| document.is_own(*line)));
    }
    found.sort_by_key(|(line, columns, _)| (*line, columns.start));
    found.dedup_by(|b, a| a.0 == b.0 && b.1.start < a.1.end);
    let mut data: Vec<u32> = Vec::with_capacity(5 * found.len());
    let mut last = Position { line: 0, character: 0 };
    for (line, columns, kind) in found {
        let range = document.range(line, &columns);
        let (start, length) = (range.start, range.end.character.saturating_sub(range.start.character));
        if length == 0 {
            continue;
        }
        let rows = start.line - last.line;
        let from = if rows == 0 { last.character } else { 0 };
        data.extend([rows, start.character - from, length, kind as u32, 0]);
        last = start;
    }
    json!({ "data": data })
}

/// Symbols of all open documents whose names contain the query.
fn workspace_symbols(documents: &HashMap<Uri, Document>, query: &str) -> Value {
    let query = query.to_ascii_uppercase();
    let mut found = Vec::new();
    for document in documents.values() {
        for assembly in &document.output.assemblies {
            let own = assembly.symbols.iter().filter(|s| s.line != 0 && document.is_own(s.line));
            for symbol in own.filter(|symbol| symbol.name.contains(&query)) {
                found.push(json!({
                    "name": symbol.name,
                    "kind": 13,
                    "location": { "uri": document.uri.0.as_str(), "range": document.range(symbol.line, &symbol.columns) },
                }));
            }
        }
    }
    found.sort_by_key(|symbol| symbol["name"].as_str().unwrap_or("").to_owned());
    Value::Array(found)
}
