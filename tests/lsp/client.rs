//! A client for the tests: real frames over the pipes of the built program.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// One server and what it said so far.
pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    heard: Receiver<Value>,
    next: i64,
    /// Newest diagnostics by path from the root.
    pub told: BTreeMap<String, Vec<Value>>,
    /// Every other thing that the server said on its own.
    pub said: Vec<Value>,
    /// The folder that is worked in.
    pub root: PathBuf,
}

/// The answer to a request: its result, or its error.
pub type Answer = Result<Value, Value>;

impl Client {
    /// Starts a server and shakes hands; `root` is the workspace.
    pub fn start(root: &Path, args: &[&str]) -> Client {
        let mut client = Client::bare(root, args);
        let capabilities = json!({
            "general": {"positionEncodings": ["utf-16"]},
            "textDocument": {"publishDiagnostics": {"relatedInformation": true}},
            "workspace": {"workspaceEdit": {"documentChanges": true}},
        });
        client.hello(capabilities);
        client
    }

    /// Starts a server and says nothing.
    pub fn bare(root: &Path, args: &[&str]) -> Client {
        let mut child = Command::new(env!("CARGO_BIN_EXE_duban"))
            .args(args)
            .arg("lsp")
            .current_dir(root)
            .env_remove("DUBAN_REGISTER")
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let (tell, heard) = channel();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            while let Some(message) = read(&mut out) {
                if tell.send(message).is_err() {
                    break;
                }
            }
        });
        let stdin = child.stdin.take();
        Client { child, stdin, heard, next: 1, told: BTreeMap::new(), said: Vec::new(), root: root.to_path_buf() }
    }

    /// The handshake, with what the client can.
    pub fn hello(&mut self, capabilities: Value) -> Value {
        let folder = json!({"uri": self.uri(""), "name": "w"});
        let params = json!({"processId": null, "rootUri": null, "capabilities": capabilities, "workspaceFolders": [folder]});
        let answer = self.ask("initialize", params).expect("initialize is answered");
        self.tell("initialized", json!({}));
        answer
    }

    /// The address of a path in the workspace.
    pub fn uri(&self, path: &str) -> String {
        format!("file://{}", self.root.join(path).to_str().unwrap().trim_end_matches('/'))
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        let stdin = self.stdin.as_mut().expect("still open");
        stdin.write_all(bytes).and_then(|()| stdin.flush()).expect("the server listens");
    }

    /// A frame.
    pub fn send(&mut self, message: Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    /// A notification.
    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// A request, not waited for.
    pub fn begin(&mut self, method: &str, params: Value) -> i64 {
        let id = self.next;
        self.next += 1;
        self.send(json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    /// A request and its answer.
    pub fn ask(&mut self, method: &str, params: Value) -> Answer {
        let id = self.begin(method, params);
        self.answer(id)
    }

    /// The answer to a request.
    pub fn answer(&mut self, id: i64) -> Answer {
        loop {
            let message = self.hear().unwrap_or_else(|| panic!("no answer to {id}"));
            if message["id"] == json!(id) && message.get("method").is_none() {
                return match message.get("error") {
                    Some(error) => Err(error.clone()),
                    None => Ok(message["result"].clone()),
                };
            }
        }
    }

    /// The next message, remembered where it is a notification.
    pub fn hear(&mut self) -> Option<Value> {
        let message = self.heard.recv_timeout(Duration::from_secs(30)).ok()?;
        if message["method"] == "textDocument/publishDiagnostics" {
            let uri = message["params"]["uri"].as_str().unwrap().to_string();
            let path = uri.strip_prefix(&(self.uri("") + "/")).unwrap_or(&uri).to_string();
            self.told.insert(path, message["params"]["diagnostics"].as_array().unwrap().clone());
        } else if message.get("method").is_some() {
            self.said.push(message.clone());
        }
        Some(message)
    }

    /// Waits until what was told is as expected.
    pub fn until(&mut self, what: &str, fine: impl Fn(&Client) -> bool) {
        while !fine(self) {
            assert!(self.hear().is_some(), "{what}: {:#?}", self.told);
        }
    }

    /// Opens a document with a text of its own.
    pub fn open(&mut self, path: &str, text: &str) {
        let uri = self.uri(path);
        self.tell("textDocument/didOpen", json!({"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}));
    }

    /// Opens a document as it lies on the disk.
    pub fn open_disk(&mut self, path: &str) -> String {
        let text = self.disk(path);
        self.open(path, &text);
        text
    }

    /// A text on the disk.
    pub fn disk(&self, path: &str) -> String {
        std::fs::read_to_string(self.root.join(path)).unwrap()
    }

    /// Changes the whole of a document.
    pub fn change(&mut self, path: &str, version: i32, text: &str) {
        let uri = self.uri(path);
        self.tell("textDocument/didChange", json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]}));
    }

    /// A document and a position in it: where `needle` stands, and so many characters on.
    pub fn at(&self, path: &str, text: &str, needle: &str, on: usize) -> Value {
        let byte = text.find(needle).unwrap_or_else(|| panic!("no {needle} in {path}"))
            + needle.chars().take(on).map(char::len_utf8).sum::<usize>();
        let line = text[..byte].matches('\n').count();
        let begin = text[..byte].rfind('\n').map_or(0, |i| i + 1);
        let character = text[begin..byte].encode_utf16().count();
        json!({"textDocument": {"uri": self.uri(path)}, "position": {"line": line, "character": character}})
    }

    /// Rules and lines (from 1) of what was told of a file, hints left out.
    pub fn findings(&self, path: &str) -> Vec<(String, u64)> {
        let all = self.told.get(path).map_or(&[][..], Vec::as_slice).iter().filter(|d| d["severity"] != 4);
        all.map(|d| (d["code"].as_str().unwrap_or("-").to_string(), d["range"]["start"]["line"].as_u64().unwrap() + 1)).collect()
    }

    /// Closes the way in.
    pub fn hang_up(&mut self) {
        self.stdin = None;
    }

    /// The exit code.
    pub fn end(mut self) -> i32 {
        let code = self.child.wait().expect("it ends").code().unwrap_or(-1);
        self.stdin = None;
        code
    }

    /// Shutdown, exit and the exit code.
    pub fn bye(mut self) -> i32 {
        assert_eq!(self.ask("shutdown", Value::Null), Ok(Value::Null));
        self.tell("exit", Value::Null);
        self.end()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(out: &mut impl BufRead) -> Option<Value> {
    let mut size = 0;
    loop {
        let mut line = String::new();
        if out.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim() {
            "" => break,
            header => size = header.strip_prefix("Content-Length: ")?.parse().ok()?,
        }
    }
    let mut body = vec![0; size];
    out.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
