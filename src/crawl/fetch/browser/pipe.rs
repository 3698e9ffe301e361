//! The browser's protocol over its pair of pipes: JSON messages, each ended by a zero byte. Messages that nobody here knows are passed
//! over, so that a newer browser may say more than an older one.

use super::Broken;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::process::{ChildStdin, ChildStdout};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::pipe::{Receiver, Sender};

/// Largest message that is read: a page as text, or its screenshot.
const MOST: usize = 64 << 20;
/// A browser that takes no message by then is hung.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the browser says.
#[derive(Debug)]
pub(super) enum Message {
    /// To a command.
    Answer {
        /// Which.
        id: u64,
        /// What it gave, or why it failed.
        result: Result<Value, String>,
    },
    /// By itself.
    Event {
        /// What happened.
        method: String,
        /// More about it.
        params: Value,
        /// In which session.
        session: Option<String>,
    },
}

/// Both pipes.
#[derive(Debug)]
pub(super) struct Pipe {
    out: Sender,
    input: Receiver,
    buffer: Vec<u8>,
    /// Bytes of the buffer that hold no end of a message.
    searched: usize,
    /// Messages that came while something else was waited for.
    kept: VecDeque<Message>,
    last: u64,
}

impl Pipe {
    pub(super) fn of(stdin: ChildStdin, stdout: ChildStdout) -> std::io::Result<Self> {
        Ok(Pipe {
            out: Sender::from_owned_fd(stdin.into())?,
            input: Receiver::from_owned_fd(stdout.into())?,
            buffer: Vec::new(),
            searched: 0,
            kept: VecDeque::new(),
            last: 0,
        })
    }

    /// Sends a command; its number.
    pub(super) async fn send(&mut self, method: &str, params: Value, session: Option<&str>) -> Result<u64, Broken> {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let mut bytes = serde_json::to_vec(&message).map_err(|_| Broken::Crashed)?;
        bytes.push(0);
        match tokio::time::timeout(PATIENCE, self.out.write_all(&bytes)).await {
            Ok(Ok(())) => Ok(self.last),
            Ok(Err(_)) => Err(Broken::Crashed),
            Err(_) => Err(Broken::Hung),
        }
    }

    /// The next message. May be dropped and called again: nothing is lost.
    pub(super) async fn receive(&mut self) -> Result<Message, Broken> {
        if let Some(message) = self.kept.pop_front() {
            return Ok(message);
        }
        loop {
            if let Some(at) = self.buffer[self.searched..].iter().position(|byte| *byte == 0) {
                let message: Vec<u8> = self.buffer.drain(..self.searched + at + 1).collect();
                self.searched = 0;
                match read(&message[..message.len() - 1]) {
                    Some(message) => return Ok(message),
                    None => continue,
                }
            }
            self.searched = self.buffer.len();
            if self.buffer.len() > MOST {
                return Err(Broken::Memory);
            }
            match self.input.read_buf(&mut self.buffer).await {
                Ok(n) if n > 0 => {}
                _ => return Err(Broken::Crashed),
            }
        }
    }

    /// Sends a command to the browser itself and waits for its answer; what it says meanwhile is kept.
    pub(super) async fn ask(&mut self, method: &str, params: Value) -> Result<Value, Broken> {
        let wanted = self.send(method, params, None).await?;
        let mut others = VecDeque::new();
        let answer = loop {
            match tokio::time::timeout(PATIENCE, self.receive()).await.unwrap_or(Err(Broken::Hung))? {
                Message::Answer { id, result } if id == wanted => break result,
                other => others.push_back(other),
            }
        };
        others.append(&mut self.kept);
        self.kept = others;
        answer.map_err(Broken::Refused)
    }
}

/// None for what is no message.
fn read(bytes: &[u8]) -> Option<Message> {
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(_) => serde_json::from_slice(&without_halves(bytes)).ok()?,
    };
    let Value::Object(mut fields) = value else { return None };
    if let Some(id) = fields.get("id").and_then(Value::as_u64) {
        let result = match fields.remove("error") {
            Some(error) => Err(error["message"].as_str().unwrap_or("error").to_owned()),
            None => Ok(fields.remove("result").unwrap_or_default()),
        };
        return Some(Message::Answer { id, result });
    }
    Some(Message::Event {
        method: fields.get("method")?.as_str()?.to_owned(),
        params: fields.remove("params").unwrap_or_default(),
        session: fields.get("sessionId").and_then(Value::as_str).map(str::to_owned),
    })
}

/// A script's text may hold half a character (a lone surrogate), which JSON here does not: each such escape becomes a replacement.
fn without_halves(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at + 6 <= out.len() {
        if out[at] != b'\\' {
            at += 1;
            continue;
        }
        let half = out[at + 1] == b'u'
            && out[at + 2].eq_ignore_ascii_case(&b'd')
            && matches!(out[at + 3].to_ascii_lowercase(), b'8' | b'9' | b'a'..=b'f');
        if half {
            out[at + 2..at + 6].copy_from_slice(b"fffd");
        }
        at += 2;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_whatever_they_hold() {
        let method = |bytes: &[u8]| match read(bytes) {
            Some(Message::Event { method, params, .. }) => format!("{method} {}", params["t"].as_str().unwrap_or_default()),
            Some(Message::Answer { id, result }) => format!("{id} {}", result.err().unwrap_or_default()),
            None => "none".to_owned(),
        };
        assert_eq!(method(br#"{"method":"A.b","params":{"t":"x"}}"#), "A.b x");
        assert_eq!(method(br#"{"method":"A.b","params":{"t":"a\ud800b"}}"#), "A.b a\u{fffd}b");
        assert_eq!(method(br#"{"method":"A.b","params":{"t":"\\ud800\udc00"}}"#), "A.b \\ud800\u{fffd}");
        assert_eq!(method(br#"{"id":4,"error":{"message":"no"}}"#), "4 no");
        assert_eq!(method(b"\xff{"), "none");
        assert_eq!(method(b"[]"), "none");
    }
}
