//! The files of the page, packed into the program by the feature `web-page`.
//!
//! A pack is a row of files: a line with a name and a number of bytes, and the bytes.

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::Failure;

/// What emu704/web/build has made.
#[cfg(feature = "web-page")]
const PACK: Option<&[u8]> = Some(include_bytes!("../../../web/dist/page.pack"));
#[cfg(not(feature = "web-page"))]
const PACK: Option<&[u8]> = None;

/// The page as one file, which is not served; it has a mark where each program belongs.
const SINGLE: &str = "single.html";
/// Marks, and the programs in their place.
const MARKS: [(&str, &str); 3] =
    [("@WASM@", "emu704_bg.wasm"), ("@REST@", "emu704_rest.wasm"), ("@BENCH@", "workbench_bg.wasm")];

/// A file of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct File<'a> {
    /// Its name; the page has no folders.
    pub(super) name: &'a str,
    /// What it holds.
    pub(super) bytes: &'a [u8],
}

/// The page.
#[derive(Debug)]
pub(super) struct Page<'a>(Vec<File<'a>>);

impl Page<'_> {
    /// The page that is part of the program.
    ///
    /// # Errors
    /// The program was built without it.
    pub(super) fn own() -> Result<Page<'static>> {
        let none = || {
            Failure {
            code: super::super::exit::FAILURE,
            message: "this emu704 was built without the page: run `emu704/web/build`, then `cargo install --path emu704 --features web-page`; emu704/web/dist is the page for any server".to_owned(),
        }
        };
        Page::unpack(PACK.ok_or_else(none)?)
    }
}

impl<'a> Page<'a> {
    /// Reads a pack.
    ///
    /// # Errors
    /// It is none.
    pub(super) fn unpack(mut pack: &'a [u8]) -> Result<Page<'a>> {
        let mut files = Vec::new();
        while !pack.is_empty() {
            let file =
                next(&mut pack).ok_or_else(|| Failure::medium("the page in this program is damaged"))?;
            files.push(file);
        }
        Ok(Page(files))
    }

    /// The files that a server gives.
    pub(super) fn files(&self) -> impl Iterator<Item = &File<'a>> {
        self.0.iter().filter(|file| file.name != SINGLE)
    }

    /// The page as one file; none when it was built without it.
    pub(super) fn single(&self) -> Option<Vec<u8>> {
        let named = |name| self.0.iter().find(|file| file.name == name).map(|file| file.bytes);
        let mut page = std::str::from_utf8(named(SINGLE)?).ok()?.to_owned();
        for (mark, program) in MARKS {
            if page.contains(mark) {
                page = page.replacen(mark, &STANDARD.encode(named(program)?), 1);
            }
        }
        Some(page.into_bytes())
    }

    /// The file at a path of the server: `/` or `/NAME`.
    pub(super) fn at(&self, path: &str) -> Option<&File<'a>> {
        let name = path.strip_prefix('/')?;
        let name = if name.is_empty() { "index.html" } else { name };
        self.files().find(|file| file.name == name)
    }
}

fn next<'a>(pack: &mut &'a [u8]) -> Option<File<'a>> {
    let end = pack.iter().position(|byte| *byte == b'\n')?;
    let (head, rest) = pack.split_at(end);
    let (name, length) = std::str::from_utf8(head).ok()?.split_once(' ')?;
    let (bytes, rest) = rest.get(1..)?.split_at_checked(length.parse().ok()?)?;
    *pack = rest;
    Some(File { name, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_is_a_row_of_files() {
        let page = Page::unpack(b"emu704_bg.wasm 3\nabcindex.html 3\na\nbx.js 0\nsingle.html 8\n<@WASM@>");
        let page = page.expect("a pack");
        let names: Vec<&str> = page.files().map(|file| file.name).collect();
        assert_eq!(names, ["emu704_bg.wasm", "index.html", "x.js"]);
        assert_eq!(page.at("/").map(|file| file.bytes), Some(&b"a\nb"[..]));
        assert_eq!(page.at("/x.js").map(|file| file.bytes), Some(&b""[..]));
        // abc in base64
        assert_eq!(page.single().as_deref(), Some(&b"<YWJj>"[..]));
        for path in ["", "x.js", "/../x.js", "/single.html", "//x.js"] {
            assert_eq!(page.at(path), None, "{path}");
        }
    }

    #[test]
    fn one_file_has_both_programs() {
        let pack = b"emu704_bg.wasm 3\nabcsingle.html 16\n<@WASM@,@BENCH@>workbench_bg.wasm 3\nabd";
        let page = Page::unpack(pack).expect("a pack");
        // abc and abd in base64
        assert_eq!(page.single().as_deref(), Some(&b"<YWJj,YWJk>"[..]));
        // a program that is not there
        let page = Page::unpack(b"single.html 7\n@BENCH@").expect("a pack");
        assert_eq!(page.single(), None);
    }

    #[test]
    fn a_damaged_pack_is_refused() {
        for pack in ["a", "a 2\nx", "a x\n", "a\nb", "a 99999999999999999999\nx"] {
            assert!(Page::unpack(pack.as_bytes()).is_err(), "{pack}");
        }
    }
}
