//! Nothing depends on anything but the input.

use emu704::reels::Reels;
use emu704::{Config, CoreSize, Machine, StopKind};

use crate::reels::code;

/// Reads a card, writes it on tape and drum, reads the drum, prints and punches.
fn a_bit_of_everything(stepwise: bool) -> (Machine, Vec<u8>, String) {
    let mut program = vec!["RCD".to_owned()];
    let mut copies = |select: &str, base: u64| {
        program.push(select.to_owned());
        program.extend((0..24).map(|n| format!("CPY {:o}", base + n)));
    };
    copies("NOP", 0o1000);
    copies("WTB 1", 0o1000);
    copies("WDR 3", 0o1000);
    copies("RDR 3", 0o1100);
    copies("WPR", 0o1100);
    copies("WPU", 0o1100);
    program.push("IOD".to_owned());
    program.push("HTR".to_owned());
    let mut machine = Machine::power_on(Config::with_core(CoreSize::K8), 1957);
    for (address, card) in (0..).zip(&program) {
        machine.core.poke(address, code(card));
    }
    let card = asm704::media::card::Card::from_text("A BIT OF EVERYTHING").expect("a card").words();
    machine.put_cards([card]);
    machine.cpu.trapping = false;
    machine.set_start(0);
    let mut mounts = Reels::new();
    mounts.mount_memory(1, Vec::new(), true).expect("a reel");
    let stop = if stepwise {
        // And by pieces of 1,000 cycles, which fall into the waits of CPYs.
        loop {
            let stop = machine.run(&mut mounts, machine.cycles() + 1_000);
            if stop.kind != StopKind::Limit {
                break stop;
            }
        }
    } else {
        machine.run(&mut mounts, u64::MAX)
    };
    assert_eq!(stop.kind, StopKind::Htr, "{stop:?}");
    assert_eq!(machine.take_punched().len(), 1);
    let text = machine.io.printer.tear_off();
    (machine, mounts.bytes(1).expect("the reel"), text)
}

#[test]
fn the_same_input_gives_the_same_cycles_and_output_on_every_run() {
    let (machine, reel, text) = a_bit_of_everything(false);
    assert_eq!(text, "A BIT OF EVERYTHING\n");
    assert!(!reel.is_empty());
    for stepwise in [false, false, true] {
        let (again, same_reel, same_text) = a_bit_of_everything(stepwise);
        assert_eq!((again.cycles(), again.instructions), (machine.cycles(), machine.instructions));
        assert_eq!((&same_reel, &same_text), (&reel, &text));
        assert_eq!(again.cpu, machine.cpu);
        assert_eq!(again.core, machine.core);
    }
}
