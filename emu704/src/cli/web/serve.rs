//! A server for the few files of the page, for browsers on this computer.
//!
//! It gives constant files and takes nothing. A name of a host that is not this computer's is refused: so a page of somebody else that
//! lets its own name lead here learns nothing.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use super::attach::{self, Attach};
use super::page::{File, Page};
use crate::snapshot::Fingerprint;

/// Bytes of a request that are read at most.
const MOST: u64 = 16 << 10;
/// So long a browser may take for a request, or for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a browser may do with the page.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
                      connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Other fields of every answer: nobody else's page shows this one, opens it to talk to it, or takes its files.
const FIELDS: &str = "X-Content-Type-Options: nosniff\r\nX-Frame-Options: SAMEORIGIN\r\nReferrer-Policy: no-referrer\r\n\
                      Permissions-Policy: camera=(), microphone=(), geolocation=()\r\nCross-Origin-Opener-Policy: same-origin\r\n\
                      Cross-Origin-Resource-Policy: same-origin\r\nCache-Control: no-cache\r\nConnection: close\r\n";

/// The page has this in its first tag where it may attach to a running panel.
const MARK: (&str, &str) = ("<html lang=\"en\">", "<html lang=\"en\" data-attach>");

/// Serves until the program is ended. A connection that fails is closed, and the next one is waited for.
pub(super) fn serve(listener: &TcpListener, page: &Page<'_>, attach: Option<&Attach>) {
    std::thread::scope(|scope| {
        for stream in listener.incoming().flatten() {
            scope.spawn(move || {
                // a browser that goes away is no failure
                let _ = answer(stream, page, attach);
            });
        }
    });
}

/// One request and its answer.
fn answer(stream: TcpStream, page: &Page<'_>, attach: Option<&Attach>) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut lines = Vec::new();
    let mut reader = BufReader::new(stream.try_clone()?.take(MOST));
    for line in reader.by_ref().lines() {
        let line = line?;
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let mut stream = stream;
    if let Some(attach) = attach
        && asks_for(&lines, attach::PATH)
    {
        let begun = reader.buffer().to_vec();
        return attach.answer(stream, &lines, begun);
    }
    let (head, body) = reply(&lines, page, attach.is_some());
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)?;
    stream.flush()
}

/// A request of this computer's for a path.
fn asks_for(lines: &[String], path: &str) -> bool {
    let target = lines.first().and_then(|line| line.split(' ').nth(1));
    target == Some(path) && field(lines, "host").is_some_and(is_here)
}

/// The answer to the lines of a request: its head, and what follows.
fn reply<'a>(lines: &[String], page: &Page<'a>, attaches: bool) -> (String, Cow<'a, [u8]>) {
    let refused = |status: &str| {
        (format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n{FIELDS}\r\n"), Cow::from(&b""[..]))
    };
    let mut request = lines.first().map(String::as_str).unwrap_or_default().split(' ');
    let (Some(method), Some(target), Some(version)) = (request.next(), request.next(), request.next()) else {
        return refused("400 Bad Request");
    };
    if !version.starts_with("HTTP/1.") {
        return refused("400 Bad Request");
    }
    if !field(lines, "host").is_some_and(is_here) {
        return refused("421 Misdirected Request");
    }
    if !matches!(method, "GET" | "HEAD") {
        return refused("405 Method Not Allowed");
    }
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let Some(file) = page.at(path) else { return refused("404 Not Found") };
    let body = match std::str::from_utf8(file.bytes) {
        Ok(text) if attaches && kind(file).starts_with("text/html") => {
            Cow::from(text.replacen(MARK.0, MARK.1, 1).into_bytes())
        }
        _ => Cow::from(file.bytes),
    };
    let tag = format!("\"{}\"", Fingerprint::of(&body));
    let known = field(lines, "if-none-match")
        .is_some_and(|tags| tags.split(',').any(|known| known.trim().trim_start_matches("W/") == tag));
    let status = if known { "304 Not Modified" } else { "200 OK" };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {}\r\nContent-Length: {}\r\nETag: {tag}\r\nContent-Security-Policy: {POLICY}\r\n{FIELDS}\r\n",
        kind(file),
        if known { 0 } else { body.len() },
    );
    (head, if known || method == "HEAD" { Cow::from(&b""[..]) } else { body })
}

/// A field of a request by its name in small letters.
pub(super) fn field<'a>(lines: &'a [String], name: &str) -> Option<&'a str> {
    lines.iter().skip(1).find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}

/// A host, with or without a port, that is this computer by its own names.
fn is_here(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1"
}

/// What a browser calls the contents.
fn kind(file: &File<'_>) -> &'static str {
    match file.name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(request: &str) -> (String, Vec<u8>) {
        let page = Page::unpack(b"index.html 5\nhelloa.wasm 2\n\0asingle.html 1\n!".as_slice());
        let page = page.expect("a page");
        let lines: Vec<String> = request.lines().map(str::to_owned).collect();
        let (head, body) = reply(&lines, &page, false);
        (head, body.to_vec())
    }

    fn status(request: &str) -> String {
        asked(request).0.split(' ').nth(1).unwrap_or_default().to_owned()
    }

    #[test]
    fn a_file_and_what_it_is() {
        let (head, body) = asked("GET / HTTP/1.1\nHost: localhost:7040");
        assert!(head.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html"), "{head}");
        assert!(head.contains("\r\nContent-Length: 5\r\n") && head.ends_with("\r\n\r\n"), "{head}");
        assert_eq!(body, b"hello");
        let (head, body) = asked("HEAD /a.wasm?x HTTP/1.1\nhOsT: 127.0.0.1");
        assert!(head.contains("Content-Type: application/wasm\r\nContent-Length: 2\r\n"), "{head}");
        assert_eq!(body, b"");
    }

    #[test]
    fn every_answer_says_what_others_may_do_with_it() {
        for request in [
            "GET / HTTP/1.1\nHost: localhost",
            "GET /x HTTP/1.1\nHost: localhost",
            "GET / HTTP/1.1\nHost: x",
            "",
        ] {
            let (head, _) = asked(request);
            for field in FIELDS.split_terminator("\r\n") {
                assert_eq!(head.matches(field).count(), 1, "{field}: {head}");
            }
        }
        let (head, _) = asked("GET / HTTP/1.1\nHost: localhost");
        assert!(head.contains("; frame-ancestors 'self'\r\n"), "{head}");
    }

    #[test]
    fn the_page_is_marked_only_where_it_may_attach() {
        let page = Page::unpack(b"index.html 23\n<html lang=\"en\"></html>".as_slice()).expect("a page");
        let lines = ["GET / HTTP/1.1", "Host: localhost"].map(str::to_owned);
        for (attaches, expected) in [(false, "<html lang=\"en\">"), (true, "<html lang=\"en\" data-attach>")]
        {
            let (head, body) = reply(&lines, &page, attaches);
            assert!(body.starts_with(expected.as_bytes()), "{expected}");
            assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{head}");
        }
        assert!(asks_for(&lines, "/") && !asks_for(&lines, attach::PATH));
        assert!(!asks_for(&["GET /state HTTP/1.1".to_owned(), "Host: example.org".to_owned()], attach::PATH));
    }

    #[test]
    fn who_knows_the_file_gets_it_not_again() {
        let (head, _) = asked("GET / HTTP/1.1\nHost: localhost");
        let tag = head.split("ETag: ").nth(1).and_then(|rest| rest.split('\r').next()).expect("a tag");
        let (head, body) = asked(&format!("GET / HTTP/1.1\nHost: localhost\nIf-None-Match: W/{tag}, \"x\""));
        assert!(head.starts_with("HTTP/1.1 304 "), "{head}");
        assert_eq!(body, b"");
        assert_eq!(status("GET / HTTP/1.1\nHost: localhost\nIf-None-Match: \"x\""), "200");
    }

    #[test]
    fn what_is_refused() {
        for (request, expected) in [
            ("", "400"),
            ("GET /", "400"),
            ("GET / SPDY/3", "400"),
            ("GET / HTTP/1.1", "421"),
            ("GET / HTTP/1.1\nHost: example.org", "421"),
            ("GET / HTTP/1.1\nHost: localhost.example.org:7040", "421"),
            ("GET / HTTP/1.1\nHost: localhost:x", "421"),
            ("POST / HTTP/1.1\nHost: localhost", "405"),
            ("GET /../Cargo.toml HTTP/1.1\nHost: localhost", "404"),
            ("GET /single.html HTTP/1.1\nHost: localhost", "404"),
            ("GET http://localhost/ HTTP/1.1\nHost: localhost", "404"),
        ] {
            assert_eq!(status(request), expected, "{request}");
        }
    }
}
