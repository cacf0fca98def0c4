//! The commands: what runs `emu704`, the panel, and the documents that show both.

mod common;

mod any_file;
mod behind_the_end;
mod big_reels;
mod dap;
mod debugger;
mod deck_edits;
mod documents;
mod endings;
mod in_use;
mod jobs;
mod kept;
mod kills;
mod lesson_check;
mod live;
mod media_cli;
mod media_walk;
mod media_whole;
mod monitor;
mod monitor_words;
mod outputs;
mod panel;
mod reel_safety;
mod restoring;
mod run;
mod simh;
mod standby;
mod state;
mod strangers;
mod terminal;
mod traces;
mod wire;
mod word_views;
