//! A program reads a reel that cannot be written, because its file-protect ring is out, and adds its words.
//!
//! `cargo run -p emu704 --example reel`
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use asm704::Word;
use asm704::media::tape::{Item, Mode, TapeFormat, TapeImage, record_from_words};
use emu704::{Config, CoreSize, Room, StopKind};

const PROGRAM: &str = "       ORG 64
START  RTB 1            READ TAPE 1 IN BINARY
NEXT   CPY WORD
       TRA ADD
       TRA DONE         END OF FILE
       TRA START        END OF RECORD
ADD    CLA SUM
       ADD WORD
       STO SUM
       TRA NEXT
DONE   HTR START
WORD   DEC 0
SUM    DEC 0
       END START
";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut reel = TapeImage::create(Vec::new(), TapeFormat::Simh)?;
    let numbers: Vec<Word> = (1..=10).map(Word::new).collect();
    let behind = reel.write(0, &Item::Record(record_from_words(&numbers, Mode::Binary)))?;
    reel.write(behind, &Item::Mark)?;

    let mut room = Room::new(Config::with_core(CoreSize::K8));
    room.load_sap(PROGRAM)?;
    room.mount_reel(1, reel.into_store(), false)?;
    let stop = room.run_until(1_000_000)?;
    assert_eq!(stop.kind, StopKind::Htr);
    println!("{stop}: the sum is {}", room.machine.core.peek(room.address("SUM")?));
    for (at, slack) in room.machine.io.slack() {
        println!("the CPY at {at:05o} copied {} words", slack.words);
    }
    Ok(())
}
