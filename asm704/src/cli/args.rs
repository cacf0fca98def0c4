//! The arguments of all commands.

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand, ValueEnum};

use crate::source::Columns;

/// The SHARE assembler (UA SAP 3-7) for the IBM 704.
///
/// Assembles a source with any number of assemblies, each ending with END, up to FIN or the end of the file. Flagged
/// cards are still assembled. Exit code: 0 nothing flagged, 1 something flagged, 2 bad usage or a file that cannot be
/// read or written.
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

/// The source and the outputs of an assembly.
#[derive(Debug, clap::Args)]
pub(super) struct Assemble {
    /// The source, one card per line; `-` is standard input. For a file named like a command, write ./explain.
    #[arg(required = true)]
    pub(super) source: Option<PathBuf>,
    /// The output file; `-` is standard output. By default cbn goes to a file beside the source with the ending .cbn,
    /// and other formats go to standard output.
    #[arg(short, long, value_name = "OUT")]
    pub(super) output: Option<PathBuf>,
    /// The format of the output.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// Write the listing as the assembler prints it, without its statistics lines.
    #[arg(long, value_name = "FILE")]
    pub(super) listing: Option<PathBuf>,
    /// In the listing, show the value of each constant after its card: `= 3.14159`.
    #[arg(long, requires = "listing")]
    pub(super) numbers: bool,
    /// The last column that is read of each card.
    #[arg(long, value_name = "72|80", default_value = "80", value_parser = parse_columns)]
    pub(super) columns: Columns,
    /// Read the source as free form: label, operation, variable field and comment, separated by blanks. A source whose
    /// name ends in .sapf is always read like this.
    #[arg(long)]
    pub(super) free: bool,
    /// Find the routines of LIB cards in this folder, as files such as chkpnt.sap. By default they are in lib beside
    /// the source, in lib one folder higher, or built into asm704.
    #[arg(long, value_name = "FOLDER")]
    pub(super) library: Option<PathBuf>,
    /// Warn about each symbol that is never used, also in library routines. By default one warning names the unused
    /// symbols of the source.
    #[arg(long)]
    pub(super) unused: bool,
    /// Show only errors, no warnings.
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Show every diagnostic. By default 20 of a kind are shown with a count of the rest, and only one line for source
    /// of a 709 or 7090.
    #[arg(long)]
    pub(super) all: bool,
    /// Write nothing if a card is flagged, or if there is a warning about something that is surely a mistake.
    #[arg(long)]
    pub(super) strict: bool,
    /// Write the symbols and the line of every word as JSON.
    #[arg(long, value_name = "FILE")]
    pub(super) symbols: Option<PathBuf>,
    /// Write the cross-reference table: symbols, their values, where they are defined, and where and how they are used.
    #[arg(long, value_name = "FILE")]
    pub(super) xref: Option<PathBuf>,
    /// Write the listing as an HTML page in which symbols link to their definitions.
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
    /// Write a deck for each piece into this folder: the cards from one ORG up to the next ORG, TCD or END. The files
    /// are named by the line that begins the piece, and index.txt lists them. The whole deck is written only with -o.
    #[arg(long, value_name = "FOLDER", conflicts_with = "self_loading")]
    pub(super) split: Option<PathBuf>,
    /// Put a loader in front of the deck, so that LOAD CARDS alone loads and starts it.
    #[arg(long)]
    pub(super) self_loading: bool,
    /// Write the diagnostics as JSON to standard output.
    #[arg(long)]
    pub(super) json: bool,
}

impl Assemble {
    /// True if the source is in free form: by the option, or because its name ends in `.sapf`.
    pub(super) fn is_free(&self, source: &Path) -> bool {
        self.free || named_free(source)
    }
}

/// True if the name shows that the source is in free form.
pub(super) fn named_free(source: &Path) -> bool {
    let ends =
        |path: &Path, ending: &str| path.extension().is_some_and(|end| end.eq_ignore_ascii_case(ending));
    ends(source, "sapf")
        || (ends(source, "gz") && source.file_stem().is_some_and(|inner| ends(Path::new(inner), "sapf")))
}

/// The other commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Explains the code of a diagnostic, or an operation; by default, lists all codes.
    Explain(Explain),
    /// Prints the instruction table: operations, other names, pseudo-operations.
    Ops(Ops),
    /// Disassembles a deck, reel or core image to source that assembles to the same cards.
    Disasm(Disasm),
    /// Runs the language server for editors, on standard input and output.
    Lsp(Lsp),
    /// Writes a shell's completion script to standard output.
    #[command(
        after_help = "Example:\n  asm704 completions bash > ~/.local/share/bash-completion/completions/asm704"
    )]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Writes the manual page to standard output, or the pages of all commands to a folder.
    #[command(after_help = "Example:\n  asm704 man ~/.local/share/man/man1")]
    Man {
        /// The folder for the pages.
        folder: Option<PathBuf>,
    },
}

/// How the language server reads sources.
#[derive(Debug, clap::Args)]
pub(super) struct Lsp {
    /// The last column that is read of each card.
    #[arg(long, value_name = "72|80", default_value = "80", value_parser = parse_columns)]
    pub(super) columns: Columns,
    /// Read every source as free form. By default only sources of the language sap-free, and sources whose name ends in
    /// .sapf, are read like this.
    #[arg(long)]
    pub(super) free: bool,
    /// Accepted for editors that choose a transport; standard input and output is the only one.
    #[arg(long, hide = true)]
    pub(super) stdio: bool,
}

/// The code to explain.
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// A code such as A001, or an operation such as CLA.
    pub(super) code: Option<String>,
}

/// How to print the table.
#[derive(Debug, clap::Args)]
pub(super) struct Ops {
    /// Print only this operation, such as CLA.
    pub(super) name: Option<String>,
    /// The format of the table.
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: TableFormat,
}

/// Formats of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum TableFormat {
    /// Columns.
    #[default]
    Text,
    /// Markdown tables.
    Markdown,
    /// One JSON document.
    Json,
}

/// What to disassemble.
#[derive(Debug, clap::Args)]
pub(super) struct Disasm {
    /// A deck in any format, also as words, a reel, or a core image (.oct); `-` is standard input.
    pub(super) image: PathBuf,
    /// The file for the source; `-` is standard output.
    #[arg(short, long, value_name = "OUT", default_value = "-")]
    pub(super) output: PathBuf,
}

/// Formats of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
    /// The deck in column binary, 160 bytes per card.
    #[default]
    Cbn,
    /// The deck as text: one line per card, 24 words of 12 octal digits.
    Words,
    /// A reel for LOAD TAPE with the program, in SIMH's format.
    Tap,
    /// The same reel in Paul Pierce's 7-bit format.
    P7b,
    /// A core image: ADDRESS WORD lines in octal, and `# start NNNNN` if END has an operand.
    Oct,
}

fn parse_columns(text: &str) -> Result<Columns, String> {
    match text {
        "72" => Ok(Columns::Card),
        "80" => Ok(Columns::Tape),
        _ => Err("expected 72 or 80".to_owned()),
    }
}
