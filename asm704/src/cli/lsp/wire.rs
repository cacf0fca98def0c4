//! The editor's end of the protocol: messages on standard input and output.
//!
//! A malformed frame or message ends the session.

use std::io::{self, BufRead};
use std::thread::JoinHandle;

use lsp_server::{Connection, Message};

use crate::framing;

/// The threads that read and write.
pub(super) struct Wires {
    reader: JoinHandle<io::Result<()>>,
    writer: JoinHandle<io::Result<()>>,
}

impl Wires {
    /// Waits until both have ended.
    ///
    /// # Errors
    /// The error of the input or of standard output.
    pub(super) fn join(self) -> io::Result<()> {
        let ended = |thread: JoinHandle<io::Result<()>>| {
            thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread of the server failed")))
        };
        ended(self.writer).and(ended(self.reader))
    }
}

/// A connection over standard input and output.
pub(super) fn stdio() -> (Connection, Wires) {
    let (editor, server) = Connection::memory();
    let Connection { sender, receiver } = editor;
    let reader = std::thread::spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(message) = read(&mut input)? {
            let exit = matches!(&message, Message::Notification(told) if told.method == "exit");
            if sender.send(message).is_err() || exit {
                break;
            }
        }
        Ok(())
    });
    let writer = std::thread::spawn(move || {
        let mut output = io::stdout().lock();
        receiver.into_iter().try_for_each(|message| message.write(&mut output))
    });
    (server, Wires { reader, writer })
}

/// Reads the next message; `None` at the end of the input.
fn read(input: &mut impl BufRead) -> io::Result<Option<Message>> {
    let text = framing::read(input)?;
    text.map(|text| serde_json::from_slice(&text).map_err(io::Error::from)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_believed_only_as_far_as_they_go() {
        let message = r#"{"jsonrpc":"2.0","method":"exit"}"#;
        let whole = format!("Content-Length: {}\r\n\r\n{message}", message.len());
        assert!(
            matches!(read(&mut whole.as_bytes()), Ok(Some(Message::Notification(told))) if told.method == "exit")
        );
        assert!(matches!(read(&mut &b""[..]), Ok(None)));
        for wrong in [
            "Content-Length: 100000000000\r\n\r\n{}",
            "Content-Length: x\r\n\r\n{}",
            "Content-Length: 9\r\n\r\n{}",
            "Content-Type: text\r\n\r\n{}",
            "Content-Length: 2\r\n\r\nnotjson",
            &"x".repeat(5000),
        ] {
            assert!(read(&mut wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
