//! The protocol's order: initialize, work, shutdown, exit.
//!
//! Everything that waits is taken from the pipe before anything is answered, so a request
//! cancelled in the meantime is not worked on, and a burst of changes costs one look at
//! the register. Diagnostics go out when the queue has been empty for a moment.

use super::desk::{Desk, Setup};
use super::hello;
use super::place;
use super::route::{self, Answer, Refusal};
use super::wire::{Heard, Speaker, listen};
use crate::model::Term;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use std::collections::{HashSet, VecDeque};
use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

#[derive(PartialEq)]
enum Stage {
    New,
    Working,
    Shut,
}

struct Server<'a, W: Write> {
    desk: Desk<'a>,
    out: Speaker<W>,
    stage: Stage,
    cancelled: HashSet<RequestId>,
}

/// Serves one client until it goes; the exit code is 0 when it said goodbye in order.
pub fn run(setup: &Setup, input: impl BufRead + Send + 'static, output: impl Write) -> u8 {
    let heard = listen(input);
    let mut server = Server { desk: Desk::new(setup), out: Speaker(output), stage: Stage::New, cancelled: HashSet::new() };
    // A client that is gone cannot be told anything.
    server.serve(&heard).unwrap_or(1)
}

impl<W: Write> Server<'_, W> {
    fn serve(&mut self, heard: &Receiver<Heard>) -> io::Result<u8> {
        let mut queue = VecDeque::new();
        loop {
            while let Ok(one) = heard.try_recv() {
                self.enqueue(&mut queue, one);
            }
            match queue.pop_front() {
                Some(Heard::Garbage(why)) => self.out.garbage(&why)?,
                Some(Heard::Message(Message::Notification(n))) if n.method == "exit" => return Ok(u8::from(self.stage != Stage::Shut)),
                Some(Heard::Message(message)) => self.message(message)?,
                None => match self.next(heard)? {
                    Some(one) => self.enqueue(&mut queue, one),
                    None => return Ok(u8::from(self.stage != Stage::Shut)),
                },
            }
        }
    }

    /// A cancellation counts for what still waits; what was answered is past it.
    fn enqueue(&mut self, queue: &mut VecDeque<Heard>, one: Heard) {
        if let Heard::Message(Message::Notification(n)) = &one
            && n.method == "$/cancelRequest"
        {
            if let Ok(id) = serde_json::from_value::<RequestId>(n.params["id"].clone())
                && queue.iter().any(|h| matches!(h, Heard::Message(Message::Request(r)) if r.id == id))
            {
                self.cancelled.insert(id);
            }
            return;
        }
        queue.push_back(one);
    }

    /// The next message; the registers are looked at when it does not come at once.
    fn next(&mut self, heard: &Receiver<Heard>) -> io::Result<Option<Heard>> {
        if self.stage == Stage::Working && self.desk.behind() {
            let pause = self.desk.cost.clamp(Duration::from_millis(10), Duration::from_millis(500));
            match heard.recv_timeout(pause) {
                Ok(one) => return Ok(Some(one)),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => self.look()?,
            }
        }
        Ok(heard.recv().ok())
    }

    /// Opens what is stale and tells what is new.
    fn look(&mut self) -> io::Result<()> {
        let desk = &mut self.desk;
        let news = guard(|| {
            desk.refresh();
            desk.news()
        });
        match news {
            Ok(news) => {
                for one in news {
                    self.tell("textDocument/publishDiagnostics", json!(one))?;
                }
                Ok(())
            }
            Err(why) => self.log(1, &why),
        }
    }

    fn tell(&mut self, method: &str, params: Value) -> io::Result<()> {
        self.out.say(Notification { method: method.into(), params })
    }

    fn log(&mut self, kind: u8, message: &str) -> io::Result<()> {
        self.tell("window/logMessage", json!({"type": kind, "message": message}))
    }

    fn message(&mut self, message: Message) -> io::Result<()> {
        match message {
            Message::Request(request) => {
                let id = request.id.clone();
                let answer = if self.cancelled.remove(&id) {
                    Err(Refusal(ErrorCode::RequestCanceled, "cancelled".into()))
                } else {
                    self.request(request)
                };
                let internal = matches!(&answer, Err(r) if r.0 as i32 == ErrorCode::InternalError as i32);
                let response = match answer {
                    Ok(result) => Response { id, response_result: Ok(result) },
                    Err(Refusal(code, why)) => {
                        if internal {
                            self.log(1, &why)?;
                        }
                        Response::new_err(id, code as i32, why)
                    }
                };
                self.out.say(response)
            }
            Message::Notification(n) if self.stage == Stage::Working => self.notification(n),
            // Before initialize and after shutdown nothing is heard; answers to our own
            // requests say nothing that we need.
            Message::Notification(_) | Message::Response(_) => Ok(()),
        }
    }

    fn request(&mut self, request: Request) -> Answer {
        let Request { method, params, .. } = request;
        match (&self.stage, method.as_str()) {
            (Stage::New, "initialize") => {
                self.stage = Stage::Working;
                Ok(hello::shake(&mut self.desk, &params))
            }
            (Stage::New, _) => Err(Refusal(ErrorCode::ServerNotInitialized, "initialize comes first".into())),
            (Stage::Shut, _) => Err(Refusal(ErrorCode::InvalidRequest, "the server is shut down".into())),
            (Stage::Working, "initialize") => Err(Refusal(ErrorCode::InvalidRequest, "initialize comes once".into())),
            (Stage::Working, "shutdown") => {
                self.stage = Stage::Shut;
                Ok(Value::Null)
            }
            (Stage::Working, _) => {
                let desk = &mut self.desk;
                guard(|| route::answer(desk, &method, params)).unwrap_or_else(|why| Err(Refusal(ErrorCode::InternalError, why)))
            }
        }
    }

    fn notification(&mut self, n: Notification) -> io::Result<()> {
        let desk = &mut self.desk;
        let method = n.method.clone();
        let heard = guard(|| route::notice(desk, &n.method, n.params));
        match heard {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => self.homeless()?,
            Ok(Err(Refusal(_, why))) | Err(why) => self.log(1, &format!("{method}: {why}"))?,
        }
        if method == "initialized" {
            self.greet()?;
        }
        Ok(())
    }

    /// After the handshake: files to be watched, and a word where there is no register.
    fn greet(&mut self) -> io::Result<()> {
        if self.desk.client.watches {
            let watchers = json!([{"globPattern": "**/*.yaml"}, {"globPattern": "**/log/**"}]);
            let registrations =
                json!([{"id": "watch", "method": "workspace/didChangeWatchedFiles", "registerOptions": {"watchers": watchers}}]);
            let params = json!({"registrations": registrations});
            self.out.say(Request { id: 1.into(), method: "client/registerCapability".into(), params })?;
        }
        let found = self.desk.setup.register.is_some() || !place::registers(&self.desk.folders, &self.desk.open).is_empty();
        let up = self.desk.folders.iter().any(|f| place::main_of(f, &self.desk.open).is_some());
        if !found && !up && !self.desk.folders.is_empty() {
            self.homeless()?;
        }
        Ok(())
    }

    fn homeless(&mut self) -> io::Result<()> {
        let word = Term(
            "这里没有登记册：本文件夹及上级都没有 register.yaml，所以什么也不检查；duban init 可以新建一个",
            "there is no register here: neither this folder nor one above it has a register.yaml, so nothing is checked; `duban init` makes one",
        );
        let message = word.say(self.desk.setup.lang.unwrap_or(self.desk.setup.fallback)).into_owned();
        self.tell("window/showMessage", json!({"type": 3, "message": message}))
    }
}

/// Runs something that may have a mistake of ours in it; the server lives on.
fn guard<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|cause| {
        let text = cause.downcast_ref::<String>().map(String::as_str).or(cause.downcast_ref::<&str>().copied());
        format!("a mistake in duban itself: {}", text.unwrap_or("no words"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_of_ours_is_an_answer_and_not_the_end() {
        let told = guard(|| -> u8 { panic!("three {}", "legs") });
        assert_eq!(told, Err("a mistake in duban itself: three legs".into()));
    }
}
