//! The paper of the off-line printer: text with form feeds, HTML pages, or PDF pages.

use std::io::{self, Write};

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str};

/// Lines of a page, at six an inch on 11-inch paper less its margins.
pub(super) const PAGE: usize = 60;

/// Forms of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Html,
    Pdf,
    Json,
}

impl Form {
    /// The word for it in `--json`.
    pub(super) fn keyword(self) -> &'static str {
        match self {
            Form::Text => "text",
            Form::Html => "html",
            Form::Pdf => "pdf",
            Form::Json => "json",
        }
    }
}

/// Pages as they are made. Text has pages only where the tape asks for them; the others are of 60 lines.
pub(super) enum Pages<W> {
    Text(W),
    Html(W),
    Pdf(W, Box<Book>),
    /// And whether a line of the page has been written.
    Json(W, bool),
}

impl<W: Write> Pages<W> {
    pub(super) fn begin(form: Form, mut out: W) -> io::Result<Pages<W>> {
        Ok(match form {
            Form::Text => Pages::Text(out),
            Form::Pdf => Pages::Pdf(out, Box::new(Book::new())),
            Form::Json => {
                write!(out, "{{\"version\":1,\"pages\":[[")?;
                Pages::Json(out, false)
            }
            Form::Html => {
                writeln!(
                    out,
                    "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>Listing</title>\n<style>\n\
                     pre {{ font: 10pt/12pt monospace; margin: 1em; padding: 1em 2em; width: 132ch; border: 1px solid #bbb; page-break-after: always;\n\
                     background: repeating-linear-gradient(#fff 0 36pt, #e8f4e8 36pt 72pt); background-origin: content-box }}\n\
                     </style></head><body>\n<pre>"
                )?;
                Pages::Html(out)
            }
        })
    }

    /// Lines that a page holds, if there is an end to them.
    pub(super) fn length(&self) -> Option<usize> {
        if matches!(self, Pages::Text(_) | Pages::Json(..)) { None } else { Some(PAGE) }
    }

    pub(super) fn line(&mut self, line: &str) -> io::Result<()> {
        match self {
            Pages::Text(out) => writeln!(out, "{line}"),
            Pages::Html(out) => {
                writeln!(out, "{}", line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
            }
            Pages::Pdf(_, book) => {
                book.line(line);
                Ok(())
            }
            Pages::Json(out, begun) => {
                let comma = if std::mem::replace(begun, true) { "," } else { "" };
                write!(out, "{comma}{}", serde_json::Value::from(line))
            }
        }
    }

    /// A new page.
    pub(super) fn page(&mut self) -> io::Result<()> {
        match self {
            Pages::Text(out) => write!(out, "\x0c"),
            Pages::Html(out) => write!(out, "</pre>\n<pre>\n"),
            Pages::Pdf(_, book) => {
                book.end_page();
                Ok(())
            }
            Pages::Json(out, begun) => {
                *begun = false;
                write!(out, "],[")
            }
        }
    }

    pub(super) fn end(self) -> io::Result<()> {
        match self {
            Pages::Text(mut out) => out.flush(),
            Pages::Html(mut out) => {
                writeln!(out, "</pre>\n</body></html>")?;
                out.flush()
            }
            Pages::Pdf(mut out, book) => {
                out.write_all(&book.into_bytes())?;
                out.flush()
            }
            Pages::Json(mut out, _) => {
                writeln!(out, "]]}}")?;
                out.flush()
            }
        }
    }
}

/// Points of an inch.
const INCH: f32 = 72.0;
/// Fan-fold paper, 14 7/8 by 11 inches between the folds, punched margins included.
const WIDTH: f32 = 14.875 * INCH;
const HEIGHT: f32 = 11.0 * INCH;
/// Six lines an inch.
const LINE: f32 = INCH / 6.0;
/// Ten characters an inch: Courier is 0.6 of its size wide.
const SIZE: f32 = 12.0;
/// The 132 columns stand in the middle; longer lines run into the margin.
const LEFT: f32 = 60.3;
/// The 60 lines, too.
const TOP: f32 = HEIGHT - (HEIGHT - PAGE as f32 * LINE) / 2.0;
/// From the top of a line to the foot of its characters.
const FOOT: f32 = 9.5;
/// Lines of a green bar, and of the white one below.
const BAR: usize = 3;

const CATALOG: Ref = Ref::new(1);
const TREE: Ref = Ref::new(2);
const FONT: Ref = Ref::new(3);
const COURIER: Name<'static> = Name(b"C");

/// A PDF listing. It has no date and nothing else that changes from run to run.
pub(super) struct Book {
    pdf: Pdf,
    pages: Vec<Ref>,
    lines: Vec<String>,
}

impl Book {
    fn new() -> Book {
        Book { pdf: Pdf::new(), pages: Vec::new(), lines: Vec::new() }
    }

    fn line(&mut self, line: &str) {
        self.lines.push(line.to_owned());
    }

    fn end_page(&mut self) {
        let mut content = Content::new();
        content.set_fill_rgb(0.91, 0.96, 0.91);
        for bar in 0..PAGE / BAR / 2 {
            let top = TOP - ((2 * bar + 1) * BAR) as f32 * LINE;
            content.rect(0.5 * INCH, top - BAR as f32 * LINE, WIDTH - INCH, BAR as f32 * LINE);
        }
        content.fill_nonzero().set_fill_gray(0.0);
        content.begin_text().set_font(COURIER, SIZE).set_leading(LINE).next_line(LEFT, TOP - FOOT);
        for line in self.lines.drain(..) {
            if !line.is_empty() {
                content.show(Str(line.as_bytes()));
            }
            content.next_line_using_leading();
        }
        content.end_text();
        let n = self.pages.len() as i32;
        let (page, contents) = (Ref::new(4 + 2 * n), Ref::new(5 + 2 * n));
        let mut writer = self.pdf.page(page);
        writer.parent(TREE).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).contents(contents);
        writer.resources().fonts().pair(COURIER, FONT);
        writer.finish();
        self.pdf.stream(contents, &content.finish());
        self.pages.push(page);
    }

    fn into_bytes(mut self) -> Vec<u8> {
        if !self.lines.is_empty() || self.pages.is_empty() {
            self.end_page();
        }
        self.pdf.catalog(CATALOG).pages(TREE);
        let n = self.pages.len() as i32;
        self.pdf.pages(TREE).kids(self.pages.iter().copied()).count(n);
        // one of the fonts that every reader of PDF has
        self.pdf.type1_font(FONT).base_font(Name(b"Courier")).encoding_predefined(Name(b"WinAnsiEncoding"));
        self.pdf.finish()
    }
}
