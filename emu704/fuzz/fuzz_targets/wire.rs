//! A peer that says anything, to an end that a tape unit asks in any order. Nothing panics, no more comes out than went in, and an end
//! holds no more than it may.
//!
//! The first byte of the input decides whether the peer greets as it should. The rest is a list of steps: what the unit asks, and
//! what has come on the line until then.
#![no_main]

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

use emu704::media::wire::{Arrival, Line, TOKEN, Wire, WireEnd};
use libfuzzer_sys::fuzz_target;

/// Bytes that wait at an end at most, and one message.
const HOLDS: usize = (1 << 16) + 4096;

#[derive(Debug, Default)]
struct Way {
    coming: VecDeque<u8>,
    taken: usize,
    sent: usize,
    over: bool,
    takes: usize,
}

#[derive(Debug, Clone)]
struct Peer(Arc<Mutex<Way>>, bool);

impl Line for Peer {
    fn is_there(&mut self) -> io::Result<bool> {
        Ok(true)
    }
    fn receive(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut way = self.0.lock().expect("one thread");
        let n = into.len().min(way.coming.len());
        if n == 0 {
            return if way.over { Ok(0) } else { Err(io::ErrorKind::WouldBlock.into()) };
        }
        for (place, byte) in into.iter_mut().zip(way.coming.drain(..n)) {
            *place = byte;
        }
        way.taken += n;
        Ok(n)
    }
    fn send(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut way = self.0.lock().expect("one thread");
        let n = bytes.len().min(way.takes);
        if n == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        way.takes -= n;
        way.sent += n;
        Ok(n)
    }
    fn calls(&self) -> bool {
        self.1
    }
    fn name(&self) -> String {
        "a fuzzer".to_owned()
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&first, mut steps)) = bytes.split_first() else { return };
    let way = Arc::new(Mutex::new(Way { takes: 1 << 10, ..Way::default() }));
    let mut wire = Wire::new(Peer(Arc::clone(&way), first & 1 == 1), "");
    if first & 2 == 0 {
        let greeting = [&b"emu704 wire 1 "[..], &[b'.'; TOKEN], b"\n"].concat();
        way.lock().expect("one thread").coming.extend(greeting);
    }
    let (mut came, mut wrote) = (0, 0);
    let mut out = Vec::new();
    while let Some((&step, rest)) = steps.split_first() {
        let n = rest.len().min(usize::from(step >> 3));
        let (some, rest) = rest.split_at(n);
        steps = rest;
        {
            let mut way = way.lock().expect("one thread");
            way.coming.extend(some);
            way.takes += n;
            way.over |= step == 0o377;
        }
        match step & 7 {
            0 => _ = wire.begins(),
            1 | 2 => {
                let mut into = Vec::new();
                let arrival = wire.arrived(&mut into);
                assert!(into.iter().all(|frame| *frame <= 0o177));
                assert!(matches!(arrival, Arrival::Going | Arrival::Whole | Arrival::Cut));
                came += into.len();
            }
            3 => {
                if wire.is_wanted() == Ok(true) {
                    out.clear();
                }
            }
            4 => {
                out.extend(some.iter().map(|frame| frame & 0o177));
                wrote += some.len();
                wire.pass(&out);
                assert!(!wire.is_full() || wrote > 1 << 16);
            }
            5 => _ = wire.end(&out, step & 0o10 == 0),
            6 => _ = wire.flush(),
            _ => _ = wire.take_notice(),
        }
        let way = way.lock().expect("one thread");
        assert!(came <= way.taken, "{came} characters of {} bytes", way.taken);
        // the rest waits at the other end of the line
        assert!(way.taken - came.min(way.taken) <= bytes.len() + HOLDS);
    }
});
