//! The room: what the library's driver does, and when.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::common::{self, word};
use emu704::action::{ACTIONS, Action, ActionError, Timed, When};
use emu704::console::Key;
use emu704::debug::Debugger;
use emu704::media::Media as _;
use emu704::room::{Event, NoFiles, Plan};
use emu704::{Config, CoreSize, LoadKey, Machine, Monitor, Program, Room, RoomError, StopKind};

/// Counts in SUM until sense switch 1 is down. SWT, TRA, ADD, STO, TRA: 10 cycles a round.
const COUNT: &str = "       ORG 64
START  SWT 1
       TRA MORE
       HTR START
MORE   CLA SUM
       ADD ONE
       STO SUM
       TRA START
ONE    OCT 1
SUM    OCT 0
       END START
";

fn room(source: &str) -> Room {
    let mut room = Room::new(Config::with_core(CoreSize::K4));
    room.load_sap(source).unwrap();
    room
}

fn plan(room: &mut Room, cycle: u64, words: &str) {
    let action = room.parse_action(words).unwrap();
    room.plan_act(Timed { when: When::Cycle(cycle), action });
}

fn sum(room: &Room) -> u64 {
    room.machine.core.peek(room.address("SUM").unwrap()).bits()
}

#[test]
fn acts_come_at_their_cycles_and_in_any_order_of_planning() {
    let mut room = room(COUNT);
    plan(&mut room, 500, "sense 1 down");
    plan(&mut room, 200, "deposit SUM 0");
    let stop = room.run().unwrap();
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, 0o102));
    // 12 cycles a round (SWT, TRA, CLA, ADD, STO, TRA): SUM is cleared in the 17th, at 200 = 16 * 12 + 8, before its STO;
    // that STO brings 17. The switch goes down at 500 = 41 * 12 + 8: the 42nd round still counts. HTR at 504 + 2.
    assert_eq!(sum(&room), 42);
    assert_eq!(room.machine.cycles(), 507);
    let events: Vec<String> = room.take_events().iter().map(ToString::to_string).collect();
    assert_eq!(
        events,
        ["operator: deposit 00110 000000000000 at cycle 200", "operator: sense 1 down at cycle 500"]
    );
}

#[test]
fn an_act_comes_before_a_fault_of_the_same_cycle_here_and_in_the_debugger() {
    // The deposit writes 0, the fault turns the bit over: 1. The other way round it would be 0.
    let prepare = || {
        let mut room = room("A      TRA A\nX      OCT 0\n       END A\n");
        plan(&mut room, 50, "deposit X 0");
        room.act(&"fault at 50 flip 1 35".parse().unwrap()).unwrap();
        room
    };
    let mut plain = prepare();
    assert_eq!(plain.run_until(100).unwrap().kind, StopKind::Limit);
    assert_eq!(plain.machine.core.peek(1).bits(), 1);
    let mut debugger = Debugger::new(prepare());
    debugger.go();
    debugger.advance(100, None).unwrap();
    assert_eq!(debugger.room.machine.core.peek(1).bits(), 1);
    assert!(debugger.room.machine == plain.machine);
}

#[test]
fn a_run_in_pieces_is_the_same_run() {
    let whole = {
        let mut room = room(COUNT);
        plan(&mut room, 777, "sense 1 down");
        room.run().unwrap();
        room
    };
    for piece in [1, 7, 12, 100] {
        let mut room = room(COUNT);
        plan(&mut room, 777, "sense 1 down");
        let mut until = 0;
        loop {
            until += piece;
            if room.run_until(until).unwrap().kind != StopKind::Limit {
                break;
            }
        }
        let state = |room: &Room| serde_json::to_value(&room.machine).unwrap();
        let (pieces, whole) = (state(&room), state(&whole));
        // how far the last call was to run is no state of the machine
        for (part, value) in whole.as_object().unwrap().iter().filter(|(part, _)| *part != "limit") {
            assert_eq!(&pieces[part], value, "{part}, in pieces of {piece}");
        }
    }
}

#[test]
fn without_power_the_clock_goes_on_to_the_next_act() {
    let mut room = room(COUNT);
    plan(&mut room, 100, "power off");
    plan(&mut room, 5000, "power on 7");
    plan(&mut room, 6000, "clear");
    plan(&mut room, 6000, "deposit 100 000000000100");
    plan(&mut room, 7000, "deposit ic 100");
    let stop = room.run().unwrap();
    assert_eq!(stop.kind, StopKind::Interrupted, "nobody has pressed START: {stop}");
    assert_eq!(room.machine.cycles(), 7000);
    assert!(room.machine.has_power() && !room.is_running());
    room.press(Key::Start).unwrap();
    assert_eq!(room.run().unwrap().kind, StopKind::Htr);
    // and without another act the run ends with the power
    let mut room = self::room(COUNT);
    room.act(&"fault at 100 power off".parse().unwrap()).unwrap();
    assert_eq!(room.run().unwrap().kind, StopKind::PowerOff);
    assert_eq!(room.machine.cycles(), 100);
    assert!(matches!(room.press(Key::Start), Err(RoomError::NoPower)));
}

#[test]
fn reset_and_clear_stop_a_running_machine_and_other_keys_do_not_reach_it() {
    for (words, runs) in [("reset", false), ("clear", false), ("press single-step", true), ("start", true)] {
        let mut room = room(COUNT);
        plan(&mut room, 100, words);
        let stop = room.run_until(1000).unwrap();
        assert_eq!(stop.kind, if runs { StopKind::Limit } else { StopKind::Interrupted }, "{words}");
        let ineffective = room.take_events().iter().any(|event| matches!(event, Event::Ineffective { .. }));
        assert_eq!(ineffective, runs, "{words}");
    }
}

#[test]
fn a_stop_takes_acts_up_to_one_that_starts_the_machine() {
    let mut room = room(COUNT);
    room.act(&Action::Sense { switch: 1, down: true }).unwrap();
    for words in ["sense 1 up", "deposit SUM 0", "start"] {
        let action = room.parse_action(words).unwrap();
        room.plan_act(Timed { when: When::Stop, action });
    }
    plan(&mut room, 1000, "sense 1 down");
    let stop = room.run().unwrap();
    assert_eq!((stop.kind, stop.at), (StopKind::Htr, 0o102));
    assert!(sum(&room) > 70, "{}", sum(&room));
    // the machine is stopped at the stop; asking again gives it again, and runs nothing
    let cycles = room.machine.cycles();
    assert_eq!(room.run().unwrap(), stop);
    assert_eq!(room.machine.cycles(), cycles);
}

#[test]
fn manual_and_single_steps_at_cycles() {
    let mut room = room(COUNT);
    plan(&mut room, 120, "manual");
    plan(&mut room, 200, "press single-step");
    plan(&mut room, 300, "press single-step");
    let stop = room.run().unwrap();
    assert_eq!(stop.kind, StopKind::Interrupted);
    // ten rounds of 12 cycles, then SWT and TRA by hand
    assert_eq!((sum(&room), room.machine.cpu.ic), (10, 0o103));
    assert_eq!(room.machine.instructions, 62);
}

#[test]
fn reels_cards_and_paper_without_files() {
    let mut room = room("A      HTR A\n       END A\n");
    room.mount_reel(3, Vec::new(), true).unwrap();
    assert_eq!(room.reel(3), Some(Vec::new()));
    assert_eq!(room.reel(4), None);
    let error = room.act(&"mount 1 x.tap".parse().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "x.tap: there are no files here");
    assert!(matches!(room.act(&Action::Detach(4)), Err(RoomError::Usage(_))));
    room.act(&Action::Swap(3, 4)).unwrap();
    assert_eq!(room.reel(4), Some(Vec::new()));
    let error = room.mount_reel(1, b"no reel at all, whatever it may be".to_vec(), false).unwrap_err();
    assert!(error.is_medium(), "{error}");
}

#[test]
fn the_paper_is_what_was_printed() {
    let hello = common::text("programs/lessons/02-hello.sap");
    let mut room = room(&hello);
    assert_eq!(room.run().unwrap().kind, StopKind::Htr);
    assert_eq!(room.paper(), "HELLO WORLD\n");
    assert_eq!(room.take_lines(), "", "its line is still before the wheels");
    assert_eq!(room.tear_off(), "HELLO WORLD\n");
    assert_eq!(room.paper(), "");
}

#[test]
fn a_program_that_does_not_fit_changes_nothing() {
    let mut room = Room::new(Config::with_core(CoreSize::K4));
    let error = room.load_sap("       ORG 4095\nA      OCT 1\nB      OCT 2\n       END A\n").unwrap_err();
    assert_eq!(error.to_string(), "the program has a word at 10000, beyond a core of 4k");
    assert!(room.machine == Machine::new(Config::with_core(CoreSize::K4)));
    let error = room.load_sap("* NOTHING\n").unwrap_err();
    assert!(matches!(error, RoomError::NothingAssembled(_)), "{error}");
    assert!(Program::from_octal("100 x\n", "image").unwrap_err().to_string().starts_with("image:1: "));
}

#[test]
fn every_act_has_words_and_they_come_back() {
    let all = [
        "sense 3 down",
        "start",
        "reset",
        "clear",
        "load tape",
        "press enter-mq",
        "press display-a",
        "automatic",
        "manual",
        "keys 400000000001",
        "deposit ac 400000000001",
        "deposit xrb 000000000007",
        "deposit ic 00100",
        "deposit 00200 000000000001",
        "mount 3 a.tap",
        "mount 3 a.tap ring",
        "mount cards a.cbn",
        "mount drum 8 a.drm",
        "detach 10",
        "swap 1 2",
        "power off",
        "power on 5",
        "fault at 7 flip 00200 S",
        "fault none",
    ];
    for words in all {
        assert_eq!(words.parse::<Action>().unwrap().to_string(), words);
        assert!(Action::is_word(words.split(' ').next().unwrap()), "no row of ACTIONS: {words}");
    }
    // other words for an act that is there
    let other = [("enter instruction", "press enter-instruction"), ("enter mq", "press enter-mq")];
    for (words, same) in other {
        assert_eq!(words.parse::<Action>().unwrap(), same.parse::<Action>().unwrap());
    }
    let all: Vec<&str> = all.into_iter().chain(other.map(|(words, _)| words)).collect();
    for (first, _) in ACTIONS {
        assert!(all.iter().any(|words| words.split(' ').next() == Some(*first)), "not tried here: {first}");
    }
    for words in [
        "",
        "sense 7 down",
        "press",
        "press moon",
        "mount 11 x",
        "deposit",
        "keys 8",
        "swap 0 1",
        "power up",
        "dance",
    ] {
        let error = words.parse::<Action>().unwrap_err();
        assert!(
            matches!(error, ActionError::Unknown(_) | ActionError::Usage { .. } | ActionError::Word(_)),
            "{words}: {error}"
        );
    }
}

#[test]
fn a_plan_is_data() {
    let mut plan = Plan { config: Config::with_core(CoreSize::K4), must_run: true, ..Plan::default() };
    let program = Program::assemble("count", COUNT, &mut |_| None).unwrap();
    plan.acts =
        vec![(When::Cycle(1000), "deposit SUM 7".to_owned()), (When::Cycle(1000), "sense 1 down".to_owned())];
    let mut room = Room::set_up(&plan, Some(program.clone()), Box::new(NoFiles)).unwrap();
    assert_eq!(room.run().unwrap().kind, StopKind::Htr);
    plan.acts = vec![(When::Stop, "deposit NOWHERE 7".to_owned())];
    let error = Room::set_up(&plan, Some(program), Box::new(NoFiles)).err().unwrap();
    assert_eq!(error.to_string(), "`NOWHERE` is neither an octal address nor a symbol of the program");
    plan.acts.clear();
    let error = Room::set_up(&plan, None, Box::new(NoFiles)).err().unwrap();
    assert!(error.to_string().starts_with("nothing to run"));
    plan.load = Some(LoadKey::Cards);
    assert!(Room::set_up(&plan, None, Box::new(NoFiles)).unwrap().is_running());
}

#[test]
fn the_monitor_needs_no_terminal() {
    let mut monitor = Monitor::new(Debugger::new(room(COUNT)));
    monitor.command("at 100 sense 1 down").unwrap();
    monitor.command("go").unwrap();
    monitor.debugger.advance(u64::MAX, None).unwrap();
    assert!(!monitor.debugger.is_going());
    monitor.command("expect stop htr 102").unwrap();
    assert_eq!(monitor.debugger.take_happened(), ["operator: sense 1 down at cycle 100"]);
    // going back in time takes the list of acts back, too
    monitor.command("back cycle 50").unwrap();
    monitor.command("deposit SUM 0").unwrap();
    monitor.command("go").unwrap();
    monitor.debugger.advance(u64::MAX, None).unwrap();
    monitor.command("expect stop htr 102").unwrap();
    assert!(monitor.command("at 5 sense 1 up").unwrap_err().to_string().contains("has gone by"));
    assert_eq!(monitor.machine().core.peek(0o107), word("000000000001"));
}

/// What happened, in the lines of a log.
fn log(room: &mut Room) -> Vec<String> {
    room.take_events().iter().map(ToString::to_string).collect()
}

#[test]
fn acts_that_wait_for_a_stop_are_done_at_a_stop_by_a_key_and_by_a_loss_of_power() {
    for stops in ["manual", "power off", "fault power off"] {
        let mut room = room(COUNT);
        plan(&mut room, 500, stops);
        let action = room.parse_action("keys 7").unwrap();
        room.plan_act(Timed { when: When::Stop, action });
        room.run().unwrap();
        assert_eq!(room.machine.console.keys, word("000000000007"), "{stops}");
    }
    let mut room = room(COUNT);
    let fault = "at 500 power off".parse().unwrap();
    room.machine.add_fault(fault);
    for words in ["power on 3", "keys 7"] {
        let action = room.parse_action(words).unwrap();
        room.plan_act(Timed { when: When::Stop, action });
    }
    room.run().unwrap();
    assert!(room.machine.has_power());
    assert_eq!(room.machine.console.keys, word("000000000007"));
}

#[test]
fn a_key_without_power_is_reported_and_the_list_goes_on() {
    let mut room = room(COUNT);
    plan(&mut room, 500, "power off");
    plan(&mut room, 600, "start");
    plan(&mut room, 700, "power on 3");
    room.run().unwrap();
    assert!(room.machine.has_power());
    assert_eq!(
        log(&mut room)[1],
        "operator: start at cycle 600: the key does nothing (AUTOMATIC, the power is off)"
    );
}

#[test]
fn faults_come_in_time_while_the_machine_stands() {
    let mut room = room(COUNT);
    room.machine.add_fault("at 700 power off".parse().unwrap());
    plan(&mut room, 500, "manual");
    plan(&mut room, 1000, "automatic");
    plan(&mut room, 1000, "start");
    room.run().unwrap();
    assert_eq!(room.machine.cycles(), 1000);
    let log = log(&mut room);
    let at = |what: &str| log.iter().position(|line| line.starts_with(what)).unwrap();
    assert!(at("fault: power off at cycle 700") < at("operator: automatic at cycle 1000"), "{log:?}");
    assert!(log.iter().any(|line| line.contains("start at cycle 1000: the key does nothing")), "{log:?}");
}

#[test]
fn a_fault_before_an_act_stays_before_it_wherever_the_run_is_divided() {
    // a pause at an odd cycle of a round ends in the middle of CLA, ADD or STO, and the machine is a cycle later
    let run = |pieces: &[u64], fault: u64| {
        let mut room = room(COUNT);
        room.machine.add_fault(format!("at {fault} flip 110 20").parse().unwrap());
        plan(&mut room, fault + 1, "deposit SUM 0");
        plan(&mut room, 900, "sense 1 down");
        for piece in pieces {
            room.run_until(*piece).unwrap();
        }
        assert_eq!(room.run().unwrap().kind, StopKind::Htr);
        sum(&room)
    };
    for fault in 490..520 {
        let whole = run(&[], fault);
        for piece in 485..520 {
            assert_eq!(run(&[piece], fault), whole, "a fault at {fault}, a pause at {piece}");
        }
    }
}

#[test]
fn an_act_that_breaks_something_brings_no_other_fault_of_the_cycle_before_the_next_act() {
    let mut room = room(COUNT);
    room.machine.add_fault("at 500 flip 200 35".parse().unwrap());
    plan(&mut room, 500, "fault flip 300 35");
    plan(&mut room, 500, "deposit 200 0");
    plan(&mut room, 600, "sense 1 down");
    room.run().unwrap();
    assert_eq!(room.machine.core.peek(0o200), word("000000000001"));
    assert_eq!(room.machine.core.peek(0o300), word("000000000001"));
}

#[test]
fn until_goes_on_over_an_act_of_the_list() {
    let mut debugger = Debugger::new(room(COUNT));
    let words = debugger.room.parse_action("keys 5").unwrap();
    debugger.plan_act(Timed { when: When::Cycle(1), action: words });
    debugger.break_once(0o105, 0o105);
    debugger.go();
    debugger.advance(1000, None).unwrap();
    assert_eq!(debugger.room.machine.cpu.ic, 0o105);
    assert!(debugger.room.machine.cycles() < 12);
}

#[test]
fn the_past_of_a_machine_that_stood_executes_nothing() {
    let mut room = room(COUNT);
    plan(&mut room, 500, "manual");
    plan(&mut room, 1000, "automatic");
    plan(&mut room, 1000, "start");
    plan(&mut room, 2000, "sense 1 down");
    let mut debugger = Debugger::new(room);
    debugger.go();
    debugger.advance(5000, None).unwrap();
    let end = debugger.room.machine.clone();
    debugger.back_to_cycle(700).unwrap();
    // 41 rounds and the ADD of the 42nd until 500; its STO comes after START
    assert_eq!((debugger.room.machine.cycles(), sum(&debugger.room)), (500, 41));
    debugger.step().unwrap();
    assert_eq!((debugger.room.machine.cycles(), sum(&debugger.room)), (1000, 41));
    debugger.back_to_cycle(400).unwrap();
    debugger.go();
    debugger.advance(5000, None).unwrap();
    assert_eq!(debugger.room.machine, end);
}

#[test]
fn history_off_remembers_nothing_of_the_reels() {
    let mut room = room("START  WRS 209\n       RCD\nSTOP   HTR STOP\n       END START\n");
    room.mount_reel(1, Vec::new(), true).unwrap();
    let mut debugger = Debugger::new(room);
    debugger.remember(false);
    let before = debugger.room.reels.now();
    let written = asm704::media::tape::Item::Mark;
    debugger.room.reels.reel(1).unwrap().write(0, &[written]).unwrap();
    assert_eq!(debugger.room.reels.now(), before);
}

#[test]
fn units_and_switches_that_there_are_not_are_errors() {
    let mut room = room(COUNT);
    assert!(room.mount_reel(0, Vec::new(), true).is_err());
    assert!(room.mount_reel(11, Vec::new(), true).is_err());
    assert_eq!(room.reel(11), None);
    for action in [
        Action::Sense { switch: 0, down: true },
        Action::Sense { switch: 7, down: true },
        Action::Detach(0),
        Action::Swap(1, 11),
        Action::Mount { unit: 0, file: "x.tap".into(), ring: false },
        Action::MountDrum { number: 9, file: "x.drm".into() },
    ] {
        assert!(matches!(room.act(&action), Err(RoomError::Usage(_))), "{action}");
    }
}

#[test]
fn at_says_what_an_act_may_be() {
    let mut monitor = Monitor::new(Debugger::new(room(COUNT)));
    let mut said = |line: &str| monitor.command(line).unwrap_err().to_string();
    assert!(said("at 100 go").starts_with("`go` is not something an operator can do"));
    assert_eq!(said("at 100 start 200"), "`start 200`: expected start");
    assert_eq!(said("at 100 load x.sap"), "`load x.sap`: expected load cards|tape|drum");
    assert!(monitor.command("at 100 switch 1 down").is_ok());
}

#[test]
fn a_machine_that_an_act_has_stopped_waits_for_the_next_act_in_slices_too() {
    let job = || {
        let mut room = room(COUNT);
        for (cycle, words) in [
            (120, "manual"),
            (333, "press single-step"),
            (500, "automatic"),
            (600, "start"),
            (900, "sense 1 down"),
        ] {
            plan(&mut room, cycle, words);
        }
        room
    };
    let mut whole = job();
    assert_eq!(whole.run().unwrap().kind, StopKind::Htr);
    let mut monitor = Monitor::new(Debugger::new(job()));
    let mut slices = 0;
    while !matches!(monitor.debugger.pause(), emu704::debug::Pause::Stopped(_)) {
        slices += 1;
        assert!(slices < 40);
        monitor.command("run 100").unwrap();
        let until = monitor.machine().cycles() + 100;
        monitor.debugger.advance(until, None).unwrap();
        monitor.debugger.stop();
    }
    assert_eq!(monitor.machine().cycles(), whole.machine.cycles());
    assert_eq!(monitor.machine().instructions, whole.machine.instructions);
    // a person may still let it go by hand
    let mut monitor = Monitor::new(Debugger::new(job()));
    monitor.command("run 200").unwrap();
    monitor.debugger.advance(200, None).unwrap();
    monitor.debugger.stop();
    monitor.command("go START").unwrap();
    assert!(monitor.debugger.room.is_running());
}
