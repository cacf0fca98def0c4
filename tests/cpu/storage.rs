//! The storage register on the panel, ANS of undefined codes, and what the rows of the instruction table say of time.

use asm704::isa::{Cycles, Form, Op, ROWS};
use emu704::config::{DivideStop, ZeroProduct};
use emu704::console::{Key, Pressed};

use super::*;

fn word(octal_digits: &str) -> Word {
    Word::new(octal(octal_digits))
}

/// LXA 10,7 puts the address of C(10) into all three index registers, and its operand into SR with the tag 7: the
/// effective address is that address less itself.
#[test]
fn effective_address_of_a_loaded_index_is_zero() {
    let mut machine = Machine::new(Config::with_core(CoreSize::K8));
    machine.core.poke(0o10, word("123456701234"));
    machine.console.automatic = false;
    machine.console.keys = word("053400700010");
    assert_eq!(machine.press(Key::EnterInstruction, &mut NoMedia), Pressed::Done);
    assert_eq!((machine.cpu.sr, machine.cpu.xr), (word("123456701234"), [0o1234; 3]));
    assert_eq!(machine.press(Key::DisplayEffectiveAddress, &mut NoMedia), Pressed::Done);
    assert_eq!(machine.cpu.sr, Word::ZERO);
}

/// AC and C(Y) before; C(Y), AC and SR behind an ANS of this code, which takes 4 cycles.
fn and_to_storage(code: &str, ac: Ac, y: &str) -> (Word, Ac, Word) {
    let mut machine = machine(CoreSize::K8, 0o100, "NOP", at(0));
    machine.config.undefined_codes = UndefinedCodes::Partial;
    machine.core.poke(0o100, word(code));
    machine.core.poke(0o200, word(y));
    machine.cpu.ac = ac;
    step(&mut machine).unwrap();
    assert_eq!(machine.cycles(), 4, "{code}");
    (machine.core.peek(0o200), machine.cpu.ac, machine.cpu.sr)
}

/// GATE: with bit 1 of the code the sign stored is that of AC, and P of AC becomes its complement.
#[test]
fn odd_codes_of_ans_store_the_sign_of_ac() {
    for code in ["032100000200", "032300000200", "032500000200", "032700000200", "033300000200"] {
        for y in ["012345670123", "412345670123"] {
            let (stored, after, sr) = and_to_storage(code, ac("-01", "377777000000"), y);
            assert_eq!((stored, after), (word("412345000000"), ac("-00", "377777000000")), "{code}");
            // the complement of AC with its sign
            assert_eq!(sr, word("400000777777"));
            let (stored, after, sr) = and_to_storage(code, ac("+10", "377777000000"), y);
            assert_eq!((stored, after), (word("012345000000"), ac("+11", "377777000000")), "{code}");
            assert_eq!(sr, word("000000777777"));
        }
    }
    // the others: P, as +0320
    for code in ["032000000200", "032200000200", "033000000200"] {
        let (stored, after, _) = and_to_storage(code, ac("-01", "377777000000"), "412345670123");
        assert_eq!((stored, after), (word("412345000000"), ac("-01", "377777000000")), "{code}");
    }
}

/// GATE: where the tag is held, the tag of the result is 0, and AC 18-20 get the complement of the instruction's.
#[test]
fn ans_with_a_held_tag() {
    for (code, tag) in [("033400000200", "777777777777"), ("033400500200", "777777277777")] {
        let (stored, after, _) = and_to_storage(code, ac("+01", "377777777777"), "777777777777");
        assert_eq!(stored, word("777777077777"), "{code}");
        assert_eq!(after, Ac::from_bits(octal(tag)), "{code}");
    }
}

/// Trapping mode makes SR plus, in the cycle that stores the location; TLQ brings MQ into it behind that.
#[test]
fn a_trap_makes_the_storage_register_plus() {
    let trapped = |name, fields| {
        executed(name, fields, |m| {
            m.cpu.trapping = true;
            m.cpu.mq = word("400000000001");
        })
    };
    assert_eq!(trapped("TMI", at(0o200)).cpu.sr, word("012000000200"));
    assert_eq!(trapped("TNX", type_a(3, 1, 0o200)).cpu.sr, word("200003100200"));
    assert_eq!(trapped("TLQ", at(0o200)).cpu.sr, word("400000000001"));
    assert_eq!(trapped("TSX", tagged(4, 0o200)).cpu.sr, word("000100400000"));
}

/// Each row with a fixed figure is executed so often that most of it is done by the fast loop; a HTR, which counts one
/// cycle, ends it.
#[test]
fn both_interpreters_take_the_cycles_of_the_rows() {
    let mut rows = 0;
    for row in &ROWS {
        let Cycles::Fixed(figure) = row.cycles else { continue };
        // PSE and MSE are tried as their micro-operations.
        if matches!(row.op, Op::Pse | Op::Mse) {
            continue;
        }
        let mut machine = Machine::new(Config::with_core(CoreSize::K8));
        for location in 0o100..0o200 {
            let address = match row.form {
                Form::Core | Form::IndexCore | Form::TypeA if row.op.is_trapped() || row.op == Op::Ttr => {
                    location + 1
                }
                Form::Core | Form::IndexCore => 0o300,
                Form::MicroUnit(_) => 1,
                _ => 0,
            };
            // type A has the decrement 1 and XR A: of both kinds of transfers, some are taken
            let fields = if row.form == Form::TypeA { type_a(1, 1, address) } else { at(address) };
            machine.core.poke(location, instruction(row.name, fields));
        }
        machine.cpu.xr[0] = 20;
        machine.set_start(0o100);
        let mut plain = machine.clone();
        plain.run_plain(&mut NoMedia, LIMIT);
        assert_eq!(plain.cycles() - 1, (plain.instructions - 1) * u64::from(figure), "plain: {}", row.name);
        let stop = machine.run(&mut NoMedia, LIMIT);
        assert_eq!(stop.kind, StopKind::Htr, "{}", row.name);
        assert!(machine.instructions > 16, "{}", row.name);
        assert_eq!(machine.cycles() - 1, (machine.instructions - 1) * u64::from(figure), "{}", row.name);
        rows += 1;
    }
    // MAN, GATE: what is not fixed is 6 shifts, 2 halts, 4 divisions, 4 floating additions, 5 selects and 2 copies
    assert_eq!(rows, ROWS.len() - 2 - 23);
}

/// A case of the vectors that the sources do not agree on: 313525131 times 1 is 313525131, and shifted left one place
/// 627252262. Its highest seven bits, 1100101, are in 1-7 in the netlist; 8 is zero.
#[test]
fn multiplication_whose_product_is_in_mq_alone() {
    for (option, mq) in [(ZeroProduct::Cleared, "400627252262"), (ZeroProduct::Fraction, "712627252262")] {
        // two at once too, so that the fast loop has them
        for program in [["NOP", "FMP"], ["LDQ", "FMP"], ["FMP", "STO"]] {
            let mut machine = Machine::new(Config::with_core(CoreSize::K4));
            machine.config.zero_product = option;
            machine.cpu.mq = word("003313525131");
            for (name, location) in program.into_iter().zip(0o100..) {
                let address = match name {
                    "LDQ" => 0o200,
                    "FMP" => 0o201,
                    _ => 0o202,
                };
                machine.core.poke(location, instruction(name, at(address)));
            }
            machine.core.poke(0o200, word("003313525131"));
            machine.core.poke(0o201, word("777000000001"));
            machine.set_start(0o100);
            machine.run(&mut NoMedia, LIMIT);
            assert_eq!(
                (machine.cpu.ac, machine.cpu.mq),
                (ac("-00", "000000000000"), word(mq)),
                "{program:?}"
            );
        }
    }
}

#[test]
fn dividend_of_a_division_that_stops() {
    for (option, name, after) in [
        (DivideStop::Kept, "DVH", "+00 000000000007"),
        (DivideStop::Complemented, "DVH", "+11 377777777770"),
        (DivideStop::Complemented, "DVP", "+00 000000000007"),
    ] {
        let mut machine = machine(CoreSize::K4, 0o100, name, at(0o200));
        machine.config.divide_stop = option;
        machine.cpu.ac = ac("+00", "000000000007");
        machine.core.poke(0o200, word("000000000005"));
        machine.run(&mut NoMedia, LIMIT);
        let (sign, magnitude) = after.split_once(' ').unwrap();
        assert_eq!(machine.cpu.ac, ac(sign, magnitude), "{name}");
        assert!(machine.cpu.divide_check);
    }
}
