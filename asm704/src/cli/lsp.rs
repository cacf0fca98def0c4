//! `asm704 lsp`: the language server. It receives messages and answers them; [`document`] handles the source.

mod document;
mod hover;
mod more;
mod uri;
mod wire;

use std::collections::HashMap;
use std::process::ExitCode;

use anyhow::{Context, Result};
use gen_lsp_types::{
    CompletionOptions, CompletionRequest, DefinitionProvider, DefinitionRequest,
    DidChangeTextDocumentNotification, DidCloseTextDocumentNotification, DidOpenTextDocumentNotification,
    DocumentSymbolProvider, DocumentSymbolRequest, HoverProvider, HoverRequest, Notification,
    PublishDiagnosticsNotification, PublishDiagnosticsParams, ReferencesProvider, ReferencesRequest, Request,
    ServerCapabilities, TextDocumentContentChangeEvent, TextDocumentPositionParams, TextDocumentSync,
    TextDocumentSyncKind, Uri,
};
use lsp_server::{Connection, ErrorCode, Message, Response};
use serde::de::DeserializeOwned;

use super::args::{Lsp, named_free};
use document::{Document, Manner};

pub(super) fn run(args: &Lsp) -> Result<ExitCode> {
    let (connection, wires) = wire::stdio();
    let mut capabilities = serde_json::to_value(capabilities())?;
    if let (Some(all), serde_json::Value::Object(more)) = (capabilities.as_object_mut(), more::capabilities())
    {
        all.extend(more);
    }
    connection.initialize(capabilities).context("the editor did not initialize")?;
    let mut server = Server {
        manner: Manner { columns: args.columns, free: args.free },
        documents: HashMap::new(),
        connection,
    };
    let code = server.serve()?;
    drop(server);
    wires.join().context("the editor's messages")?;
    Ok(code)
}

fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSync::Kind(TextDocumentSyncKind::Full)),
        hover_provider: Some(HoverProvider::Bool(true)),
        definition_provider: Some(DefinitionProvider::Bool(true)),
        references_provider: Some(ReferencesProvider::Bool(true)),
        document_symbol_provider: Some(DocumentSymbolProvider::Bool(true)),
        completion_provider: Some(CompletionOptions::default()),
        ..ServerCapabilities::default()
    }
}

struct Server {
    manner: Manner,
    documents: HashMap<Uri, Document>,
    connection: Connection,
}

impl Server {
    fn serve(&mut self) -> Result<ExitCode> {
        while let Ok(message) = self.connection.receiver.recv() {
            match message {
                Message::Request(request) => {
                    if self.connection.handle_shutdown(&request)? {
                        return Ok(ExitCode::SUCCESS);
                    }
                    let response = self.answer(request);
                    self.connection.sender.send(response.into())?;
                }
                // an exit without a shutdown before it
                Message::Notification(notification) if notification.method == "exit" => break,
                Message::Notification(notification) => self.note(notification)?,
                Message::Response(_) => {}
            }
        }
        Ok(ExitCode::from(1))
    }

    fn answer(&self, request: lsp_server::Request) -> Response {
        let method = request.method.clone();
        let is = |wanted: &str| method == wanted;
        if is(HoverRequest::METHOD.as_str()) {
            return on::<HoverRequest>(request, |params| {
                let (document, line, column) = self.place(&params.text_document_position_params)?;
                document.hover(line, column)
            });
        }
        if is(DefinitionRequest::METHOD.as_str()) {
            return on::<DefinitionRequest>(request, |params| {
                let (document, line, column) = self.place(&params.text_document_position_params)?;
                document.definition(line, column)
            });
        }
        if is(ReferencesRequest::METHOD.as_str()) {
            return on::<ReferencesRequest>(request, |params| {
                let (document, line, column) = self.place(&params.text_document_position_params)?;
                document.references(line, column, params.context.include_declaration)
            });
        }
        if is(DocumentSymbolRequest::METHOD.as_str()) {
            return on::<DocumentSymbolRequest>(request, |params| {
                Some(self.documents.get(&params.text_document.uri)?.symbols())
            });
        }
        if is(CompletionRequest::METHOD.as_str()) {
            return on::<CompletionRequest>(request, |params| {
                let (document, line, column) = self.place(&params.text_document_position_params)?;
                Some(document.completion(line, column))
            });
        }
        if let Some(answer) = more::answer(&self.documents, &method, &request.params) {
            return match answer {
                Ok(result) => Response::new_ok(request.id, result),
                Err(why) => Response::new_err(request.id, ErrorCode::RequestFailed as i32, why),
            };
        }
        let message = format!("asm704 does not answer {method}");
        Response::new_err(request.id, ErrorCode::MethodNotFound as i32, message)
    }

    /// The document and position of a request, line from 1 and column from 0.
    fn place(&self, at: &TextDocumentPositionParams) -> Option<(&Document, usize, usize)> {
        let document = self.documents.get(&at.text_document.uri)?;
        let (line, column) = document.place(at.position);
        Some((document, line, column))
    }

    fn note(&mut self, notification: lsp_server::Notification) -> Result<()> {
        let lsp_server::Notification { method, params } = notification;
        if method == DidOpenTextDocumentNotification::METHOD.as_str() {
            if let Some(params) = read::<DidOpenTextDocumentNotification>(params) {
                let opened = params.text_document;
                let free = self.manner.free
                    || opened.language_id.as_str() == "sap-free"
                    || uri::to_path(&opened.uri).is_some_and(|path| named_free(&path));
                let document =
                    Document::new(opened.uri.clone(), &opened.text, Manner { free, ..self.manner });
                self.publish(&document, Some(opened.version))?;
                self.documents.insert(opened.uri, document);
            }
        } else if method == DidChangeTextDocumentNotification::METHOD.as_str() {
            if let Some(params) = read::<DidChangeTextDocumentNotification>(params) {
                let uri = params.text_document.text_document_identifier.uri;
                // the server asked for whole texts, so the last one counts
                let text = params.content_changes.into_iter().rev().find_map(|change| match change {
                    TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                        Some(whole.text)
                    }
                    TextDocumentContentChangeEvent::TextDocumentContentChangePartial(_) => None,
                });
                if let (Some(old), Some(text)) = (self.documents.get(&uri), text) {
                    let document = Document::new(uri.clone(), &text, old.manner);
                    self.publish(&document, Some(params.text_document.version))?;
                    self.documents.insert(uri, document);
                }
            }
        } else if method == DidCloseTextDocumentNotification::METHOD.as_str()
            && let Some(params) = read::<DidCloseTextDocumentNotification>(params)
        {
            let uri = params.text_document.uri;
            self.documents.remove(&uri);
            self.send_diagnostics(PublishDiagnosticsParams { uri, version: None, diagnostics: Vec::new() })?;
        }
        Ok(())
    }

    fn publish(&self, document: &Document, version: Option<i32>) -> Result<()> {
        let diagnostics = document.diagnostics();
        self.send_diagnostics(PublishDiagnosticsParams { uri: document.uri.clone(), version, diagnostics })
    }

    fn send_diagnostics(&self, params: PublishDiagnosticsParams) -> Result<()> {
        let method = PublishDiagnosticsNotification::METHOD.as_str().to_owned();
        let notification = lsp_server::Notification { method, params: serde_json::to_value(params)? };
        self.connection.sender.send(notification.into())?;
        Ok(())
    }
}

/// The parameters of a notification. Unreadable ones are skipped, because a notification has no answer.
fn read<N: Notification>(params: serde_json::Value) -> Option<N::Params> {
    serde_json::from_value(params).ok()
}

/// Answers a request; the answer is null if nothing is found.
fn on<R: Request>(request: lsp_server::Request, answer: impl FnOnce(R::Params) -> R::Result) -> Response
where
    R::Params: DeserializeOwned,
{
    match serde_json::from_value::<R::Params>(request.params) {
        Ok(params) => match serde_json::to_value(answer(params)) {
            Ok(result) => Response::new_ok(request.id, result),
            Err(error) => Response::new_err(request.id, ErrorCode::InternalError as i32, error.to_string()),
        },
        Err(error) => Response::new_err(request.id, ErrorCode::InvalidParams as i32, error.to_string()),
    }
}
