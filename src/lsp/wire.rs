//! Messages in and out over a pair of pipes.
//!
//! The transport crate gives the messages and writes them. Frames are read here, because
//! its own reader gives up at the first frame that is no message, and trusts any length
//! that it is told: [`listen`] hands on what it could not understand and goes on.

use lsp_server::Message;
use serde_json::json;
use std::io::{self, BufRead, Read, Write};
use std::sync::mpsc::{Receiver, channel};

/// What came in.
pub enum Heard {
    /// A message.
    Message(Message),
    /// Something that is none, and why.
    Garbage(String),
}

/// Bodies above this many bytes are skipped.
const MOST: usize = 256 << 20;

/// Reads frames in a thread of its own until the input ends, so that a burst of changes can
/// be seen as one.
pub fn listen(mut input: impl BufRead + Send + 'static) -> Receiver<Heard> {
    let (tell, heard) = channel();
    std::thread::spawn(move || {
        while let Ok(Some(one)) = frame(&mut input) {
            let last = matches!(&one, Heard::Message(Message::Notification(n)) if n.method == "exit");
            if tell.send(one).is_err() || last {
                break;
            }
        }
    });
    heard
}

/// One frame; `None` at the end of the input.
fn frame(input: &mut impl BufRead) -> io::Result<Option<Heard>> {
    let mut size = None;
    let mut odd = None;
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(8192).read_until(b'\n', &mut line)? == 0 {
            return Ok(odd.map(Heard::Garbage));
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        match (line.is_empty(), &size) {
            (true, Some(_)) => break,
            (true, None) => {}
            // Wherever it stands in the line: what came before it was garbage.
            (false, _) => match line.to_ascii_lowercase().find("content-length:") {
                Some(at) => size = Some(line[at + "content-length:".len()..].trim().parse::<usize>()),
                None if line.contains(':') => {}
                None => odd = Some(format!("this is no header: {line}")),
            },
        }
    }
    let size = match size {
        Some(Ok(size)) => size,
        _ => return Ok(Some(Heard::Garbage("Content-Length is no number".into()))),
    };
    if size > MOST {
        io::copy(&mut input.by_ref().take(size as u64), &mut io::sink())?;
        return Ok(Some(Heard::Garbage(format!("a message of {size} bytes was skipped"))));
    }
    let mut body = Vec::new();
    if input.by_ref().take(size as u64).read_to_end(&mut body)? < size {
        return Ok(None);
    }
    Ok(Some(match serde_json::from_slice(&body) {
        Ok(message) => Heard::Message(message),
        Err(e) => Heard::Garbage(format!("this is no message: {e}")),
    }))
}

/// The way out.
pub struct Speaker<W: Write>(pub W);

impl<W: Write> Speaker<W> {
    /// Sends a message.
    ///
    /// # Errors
    /// When the client is gone.
    pub fn say(&mut self, message: impl Into<Message>) -> io::Result<()> {
        message.into().write(&mut self.0)
    }

    /// Answers what had no readable id.
    ///
    /// # Errors
    /// When the client is gone.
    pub fn garbage(&mut self, why: &str) -> io::Result<()> {
        let code = lsp_server::ErrorCode::ParseError as i32;
        let body = json!({"jsonrpc": "2.0", "id": null, "error": {"code": code, "message": why}}).to_string();
        write!(self.0, "Content-Length: {}\r\n\r\n{body}", body.len())?;
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn garbage_is_told_and_the_next_message_is_still_heard() {
        let good = r#"{"jsonrpc":"2.0","method":"exit"}"#;
        let text = format!("what?\r\nContent-Length: 3\r\n\r\n{{x}}Content-Length: {}\r\n\r\n{good}", good.len());
        let mut input = text.as_bytes();
        let mut told = Vec::new();
        while let Some(one) = frame(&mut input).unwrap() {
            told.push(matches!(one, Heard::Message(_)));
        }
        assert_eq!(told, [false, true]);
        let mut long = &b"Content-Length: 99999999999999999\r\n\r\n"[..];
        assert!(matches!(frame(&mut long), Ok(Some(Heard::Garbage(_)))));
    }
}
