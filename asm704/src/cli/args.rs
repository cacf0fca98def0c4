//! All arguments.

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand, ValueEnum};

use crate::source::Columns;

/// The SHARE assembler (UA SAP 3-7) for the IBM 704.
///
/// Assembles a source of any number of assemblies, each closed by END, until FIN or the end of the file. Flagged cards are
/// assembled all the same. Exit code: 0 nothing flagged, 1 something flagged, 2 bad usage or a file that cannot be read
/// or written.
#[derive(Debug, Parser)]
#[command(
    name = "asm704",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  asm704 prog.sap                        writes prog.cbn, the deck in column binary\n  \
                  asm704 prog.sap --format words         the deck as text on standard output\n  \
                  asm704 prog.sap --listing -            the listing on standard output\n  \
                  asm704 - -o prog.oct --format oct      a core image from standard input\n  \
                  asm704 prog.sap --split pieces         a deck of each ORG and END in a folder\n  \
                  asm704 explain A001                    what a code means"
)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) assemble: Assemble,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// What to assemble, and to what.
#[derive(Debug, clap::Args)]
pub(super) struct Assemble {
    /// The source, a card a line; `-` is standard input. A file named like a command is written ./explain.
    #[arg(required = true)]
    pub(super) source: Option<PathBuf>,
    /// Where the result goes; `-` is standard output. Without it: cbn beside the source with the ending .cbn, other
    /// formats to standard output.
    #[arg(short, long, value_name = "OUT")]
    pub(super) output: Option<PathBuf>,
    /// The form of the result.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// Write the listing, as the assembler prints it (without its statistics lines).
    #[arg(long, value_name = "FILE")]
    pub(super) listing: Option<PathBuf>,
    /// Show in the listing what each constant is, behind its card: `= 3.14159`.
    #[arg(long, requires = "listing")]
    pub(super) numbers: bool,
    /// How far right cards are read.
    #[arg(long, value_name = "72|80", default_value = "80", value_parser = parse_columns)]
    pub(super) columns: Columns,
    /// The source is free-form: label, operation, variable field and comment, separated by blanks. So is one whose name ends
    /// in .sapf.
    #[arg(long)]
    pub(super) free: bool,
    /// Where LIB cards find their routines: a folder of files such as chkpnt.sap. Without it: lib beside the source, lib
    /// one folder higher, the routines that are part of asm704.
    #[arg(long, value_name = "FOLDER")]
    pub(super) library: Option<PathBuf>,
    /// Warn of each symbol that is never used, also in library routines; without it one warning names those of the source.
    #[arg(long)]
    pub(super) unused: bool,
    /// No warnings, only errors.
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Show every diagnostic; without it 20 of a kind and how many more there are, and only a line for source of a 709 or
    /// 7090.
    #[arg(long)]
    pub(super) all: bool,
    /// Refuse what is surely a mistake: nothing is written when a card is flagged or one of the stricter warnings is
    /// given.
    #[arg(long)]
    pub(super) strict: bool,
    /// Write symbols and the line of every word as JSON.
    #[arg(long, value_name = "FILE")]
    pub(super) symbols: Option<PathBuf>,
    /// Write the cross-reference table: symbols, their values, where they are defined, where and how they are used.
    #[arg(long, value_name = "FILE")]
    pub(super) xref: Option<PathBuf>,
    /// Write the listing as one page of HTML, in which symbols lead to their definitions.
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
    /// Write a deck of each piece into this folder: what an ORG begins, up to the next ORG, TCD or END. They are named by the
    /// line that begins them, and index.txt lists them. The whole deck is written with -o only.
    #[arg(long, value_name = "FOLDER", conflicts_with = "self_loading")]
    pub(super) split: Option<PathBuf>,
    /// Put a loader in front, so that LOAD CARDS alone loads and starts the deck.
    #[arg(long)]
    pub(super) self_loading: bool,
    /// Report the diagnostics as JSON on standard output.
    #[arg(long)]
    pub(super) json: bool,
}

impl Assemble {
    /// The source is in free form: it is said, or its name ends in `.sapf`.
    pub(super) fn is_free(&self, source: &Path) -> bool {
        self.free || named_free(source)
    }
}

/// The name says that the source is in free form.
pub(super) fn named_free(source: &Path) -> bool {
    let ends =
        |path: &Path, ending: &str| path.extension().is_some_and(|end| end.eq_ignore_ascii_case(ending));
    ends(source, "sapf")
        || (ends(source, "gz") && source.file_stem().is_some_and(|inner| ends(Path::new(inner), "sapf")))
}

/// The other commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Explains a code of a diagnostic, or an operation; without either, lists all codes.
    Explain(Explain),
    /// The instruction table: operations of the machine, further names, pseudo-operations.
    Ops(Ops),
    /// Source of a deck, reel or core image that assembles to the same cards.
    Disasm(Disasm),
    /// The language server, for editors: it speaks on standard input and output.
    Lsp(Lsp),
    /// The completions of a shell, on standard output.
    #[command(
        after_help = "Example:\n  asm704 completions bash > ~/.local/share/bash-completion/completions/asm704"
    )]
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// The manual's page on standard output; with a folder, the pages of all commands there.
    #[command(after_help = "Example:\n  asm704 man ~/.local/share/man/man1")]
    Man {
        /// The folder.
        folder: Option<PathBuf>,
    },
}

/// How the language server reads sources.
#[derive(Debug, clap::Args)]
pub(super) struct Lsp {
    /// How far right cards are read.
    #[arg(long, value_name = "72|80", default_value = "80", value_parser = parse_columns)]
    pub(super) columns: Columns,
    /// Every source is free-form; without it those of the language sap-free are, and those whose name ends in .sapf.
    #[arg(long)]
    pub(super) free: bool,
    /// For editors that name the way of speaking: it is the only one.
    #[arg(long, hide = true)]
    pub(super) stdio: bool,
}

/// Which code.
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// A code such as A001, or an operation such as CLA.
    pub(super) code: Option<String>,
}

/// How to print the table.
#[derive(Debug, clap::Args)]
pub(super) struct Ops {
    /// One operation such as CLA, and not all of them.
    pub(super) name: Option<String>,
    /// The form of the table.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: TableFormat,
}

/// Forms of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum TableFormat {
    /// Columns.
    #[default]
    Text,
    /// Tables of Markdown.
    Markdown,
    /// One JSON document.
    Json,
}

/// What to disassemble.
#[derive(Debug, clap::Args)]
pub(super) struct Disasm {
    /// A deck in any form, also as words, a reel, or a core image (.oct); `-` is standard input.
    pub(super) image: PathBuf,
    /// Where the source goes; `-` is standard output.
    #[arg(short, long, value_name = "OUT", default_value = "-")]
    pub(super) output: PathBuf,
}

/// Forms of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
    /// The deck in column binary, 160 bytes a card.
    #[default]
    Cbn,
    /// The deck as text: a line a card, 24 words of 12 octal digits.
    Words,
    /// A reel for LOAD TAPE with the program, in SIMH's form.
    Tap,
    /// The same reel in Paul Pierce's 7-bit form.
    P7b,
    /// A core image: ADDRESS WORD lines in octal, and `# start NNNNN` when END has an operand.
    Oct,
}

fn parse_columns(text: &str) -> Result<Columns, String> {
    match text {
        "72" => Ok(Columns::Card),
        "80" => Ok(Columns::Tape),
        _ => Err("expected 72 or 80".to_owned()),
    }
}
