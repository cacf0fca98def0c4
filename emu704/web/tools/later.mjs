/**
 * The functions with which a visitor does not begin, by their names: of a row of modules, everything. A name that is missing here makes
 * the first part larger, and one too many makes a visitor wait: neither is an error. test/size.test.mjs weighs the parts.
 */
export const LATER = [
  // the monitor's words, and what looks back or for something
  /\bmonitor::/, /debug::(back|condition|filter|listing|links|trace|last)\b/, /strsim::/, /symbols::(Symbols::new|statement)/, /views::/,
  // assembler and disassembler
  /asm704::(assemble|syntax|source|disassemble|diag|library|listing|float|isa::later)\b/, /room::plan::/, /room::program::/,
  // snapshots are written all the time, and read after a reload
  /serde_core::de::/, /serde_json::de/, /room::restore::(Finder|Restored)/, /snapshot::load/, /dec2flt/,
  // files of the visitor's: what they are, and forms that the page does not write
  /asm704::media::file_kind/, /recognise/, /asm704::media::(card|drum|text)/, /mount_(cards|drum)/,
  // codes that IBM did not define, and faults
  /machine::partial::.*::partial::/, /fault::surface/,
  // a cable between two machines
  /media::wire/,
  // messages on errors
  /core::fmt::Debug/, /Error as core::fmt::Display/, /std::io::error/, /panicking/, /_fail(ed)?(_rt)?\b/,
  // what a page asks for by these names
  /room704_(command|restore|core_words|debugging|recognise|set_up|drum|deck|film)\b/,
];

/** Functions of those modules with which a visitor still begins: tools/late.mjs finds them. */
export const NOW = [
  /drop_in_place/, /Monitor::press/, /tape_views/, /may_go/, /debug::listing::.*(here|executed|disassembled)/, /disassemble::(word|card)/, /Program::from_octal/, /parse_action/, /plan::ending/, /file_kind::(what_is|Recognised::new)/,
  // the checksum of a snapshot
  /<&T as core::fmt::Debug>::fmt/,
];
