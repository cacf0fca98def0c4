//! A server for the few files of the page, for browsers on this computer.
//!
//! It gives constant files and takes nothing. A name of a host that is not this computer's is refused: so a page of somebody else that
//! lets its own name lead here learns nothing.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use super::page::{File, Page};
use crate::snapshot::Fingerprint;

/// Bytes of a request that are read at most.
const MOST: u64 = 16 << 10;
/// So long a browser may take for a request, or for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a browser may do with the page.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
                      connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'";

/// Serves until the program is ended. A connection that fails is closed, and the next one is waited for.
pub(super) fn serve(listener: &TcpListener, page: &Page<'_>) {
    std::thread::scope(|scope| {
        for stream in listener.incoming().flatten() {
            scope.spawn(move || {
                // a browser that goes away is no failure
                let _ = answer(stream, page);
            });
        }
    });
}

/// One request and its answer.
fn answer(stream: TcpStream, page: &Page<'_>) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut lines = Vec::new();
    for line in BufReader::new(stream.try_clone()?.take(MOST)).lines() {
        let line = line?;
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let (head, body) = reply(&lines, page);
    let mut stream = stream;
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    stream.flush()
}

/// The answer to the lines of a request: its head, and what follows.
fn reply<'a>(lines: &[String], page: &Page<'a>) -> (String, &'a [u8]) {
    let refused = |status: &str| {
        (format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), &b""[..])
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
    let tag = format!("\"{}\"", Fingerprint::of(file.bytes));
    let known = field(lines, "if-none-match")
        .is_some_and(|tags| tags.split(',').any(|known| known.trim().trim_start_matches("W/") == tag));
    let status = if known { "304 Not Modified" } else { "200 OK" };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\nETag: {tag}\r\n\
         Content-Security-Policy: {POLICY}\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\
         Cross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n",
        kind(file),
        if known { 0 } else { file.bytes.len() },
    );
    (head, if known || method == "HEAD" { b"" } else { file.bytes })
}

/// A field of a request by its name in small letters.
fn field<'a>(lines: &'a [String], name: &str) -> Option<&'a str> {
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
        let (head, body) = reply(&lines, &page);
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
