//! The panel in a terminal, and another one at its state socket.

use std::io::{BufRead as _, BufReader};
use std::os::unix::net::UnixStream;

use super::*;

#[test]
fn two_panels_work_one_machine() {
    let folder = folder();
    let Some(terminal) = Terminal::open("socket", 100, 40, folder.path()) else { return };
    terminal.enter(&format!(
        "EMU704_STATE_TOKEN=0123456789abcdef {EMU704} tui heat.sap --core 8k --state ./socket; echo CODE $?"
    ));
    terminal.wait("the state socket is at ./socket");
    let mut stream = UnixStream::connect(folder.path().join("socket")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    writeln!(stream, "0123456789abcdef\nsense 3 down").unwrap();
    terminal.wait("sense 3 down: done at another panel");
    // and the other way round
    terminal.type_in("5");
    let seen = BufReader::new(stream)
        .lines()
        .map_while(Result::ok)
        .take(1000)
        .any(|line| line.contains(r#""switches":[false,false,true,false,true,false]"#));
    assert!(seen);
    terminal.type_in("q");
    terminal.wait("CODE 0");
    terminal.is_as_before();
    assert!(!folder.path().join("socket").exists());
}
