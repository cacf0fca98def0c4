//! The commands for reels and decks: the transcripts in tests/cli, which are documentation, too.

#[test]
fn transcripts() {
    trycmd::TestCases::new()
        .register_bin("emu704", trycmd::cargo::cargo_bin!("emu704"))
        .case("../tests/cli/tape.md")
        .case("../tests/cli/deck.md");
}
