//! A city, its desk, and a client of it.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A copy of the sample city, and its desk while it is open.
pub struct City {
    pub dir: tempfile::TempDir,
    server: Option<Child>,
    pub address: String,
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(name));
        } else {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

/// Every password of the city: a post's is its name and this.
pub fn password(post: &str) -> String {
    format!("{post} has a long one")
}

impl City {
    /// Closed, with accounts for these posts.
    pub fn closed(posts: &[&str]) -> City {
        let dir = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("obligations"), &dir.path().join("obligations"));
        let city = City { dir, server: None, address: String::new() };
        city.accounts(posts);
        city
    }

    /// Gives posts their accounts.
    pub fn accounts(&self, posts: &[&str]) {
        if posts.is_empty() {
            return;
        }
        let mut add = self.duban(&["account", "add", "--stdin"]);
        let mut child = add.args(posts).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines: String = posts.iter().map(|p| password(p) + "\n").collect();
        child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        let out = child.wait_with_output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    }

    /// Open.
    pub fn open(posts: &[&str], args: &[&str]) -> City {
        let mut city = City::closed(posts);
        city.start(args);
        city
    }

    pub fn duban(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
        for name in ["DUBAN_REGISTER", "DUBAN_BY", "COLUMNS", "GIT_DIR"] {
            command.env_remove(name);
        }
        command.env("GIT_CEILING_DIRECTORIES", self.dir.path().parent().unwrap()).current_dir(self.dir.path());
        command.args(["--register", "obligations/sample-city", "--lang", "en"]).args(args);
        command
    }

    /// What the command line says.
    pub fn told(&self, args: &[&str]) -> Value {
        let out = self.duban(args).output().unwrap();
        serde_json::from_slice(&out.stdout).unwrap_or_else(|e| panic!("{args:?}: {e}: {}", String::from_utf8_lossy(&out.stderr)))
    }

    pub fn start(&mut self, args: &[&str]) {
        let mut child = self.duban(&["serve", "--listen", "127.0.0.1:0"]).args(args).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        self.address =
            line.split("://").nth(1).unwrap_or_else(|| panic!("it did not open: {line}")).trim().trim_end_matches('/').to_string();
        // The access log goes the same way: a full pipe would stop the desk.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        self.server = Some(child);
    }

    /// Ends it as a machine that loses its power does.
    pub fn kill(&mut self) {
        let mut child = self.server.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    pub fn root(&self) -> PathBuf {
        self.dir.path().join("obligations/sample-city")
    }

    /// Entries in the log, all of it sound.
    pub fn entries(&self) -> u64 {
        let told = self.told(&["verify", "--format", "json"]);
        assert_eq!(told["problems"].as_array().map_or(0, Vec::len), 0, "{told}");
        told["entries"].as_u64().unwrap()
    }

    /// State of an assignment, by the command line.
    pub fn state(&self, duty: &str) -> String {
        self.told(&["list", duty, "--format", "json"])["rows"][0]["status"].as_str().unwrap().to_string()
    }

    /// Somebody's browser.
    pub fn client(&self) -> Client {
        Client { address: self.address.clone(), cookies: BTreeMap::new(), csrf: String::new() }
    }

    /// A browser in which a post is signed in.
    #[track_caller]
    pub fn signed(&self, post: &str) -> Client {
        let mut client = self.client();
        client.sign_in(post);
        client
    }
}

impl Drop for City {
    fn drop(&mut self) {
        if let Some(mut child) = self.server.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|h| h.0 == name).map_or("", |h| h.1.as_str())
    }
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }
}

/// Somebody's browser.
#[derive(Clone)]
pub struct Client {
    address: String,
    pub cookies: BTreeMap<String, String>,
    pub csrf: String,
}

pub fn encode(fields: &[(&str, &str)]) -> String {
    let piece = |s: &str| {
        s.bytes().map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") }).collect::<String>()
    };
    fields.iter().map(|(k, v)| format!("{}={}", piece(k), piece(v))).collect::<Vec<_>>().join("&")
}

impl Client {
    /// One request with these heads and this body.
    pub fn raw(&mut self, method: &str, path: &str, heads: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
        if !heads.iter().any(|h| h.0 == "host") {
            head += &format!("host: {}\r\n", self.address);
        }
        if !self.cookies.is_empty() {
            let all: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
            head += &format!("cookie: {}\r\n", all.join("; "));
        }
        for (k, v) in heads {
            head += &format!("{k}: {v}\r\n");
        }
        if !body.is_empty() || method == "POST" {
            head += &format!("content-length: {}\r\n", body.len());
        }
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        // Whoever refuses a body may close before all of it was sent.
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let at = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap_or_else(|| panic!("no answer to {method} {path}"));
        let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> =
            lines.filter_map(|l| l.split_once(": ")).map(|(k, v)| (k.to_ascii_lowercase(), v.to_string())).collect();
        for (_, v) in headers.iter().filter(|h| h.0 == "set-cookie") {
            let (name, value) = v.split(';').next().unwrap().split_once('=').unwrap();
            match value {
                "" => drop(self.cookies.remove(name)),
                _ => drop(self.cookies.insert(name.into(), value.into())),
            }
        }
        Answer { status, headers, body: bytes[at + 4..].to_vec() }
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.raw("GET", path, &[], b"")
    }

    /// A form as a browser sends it.
    pub fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let kind = ("content-type", "application/x-www-form-urlencoded");
        self.raw("POST", path, &[kind], encode(fields).as_bytes())
    }

    /// A form of the desk, with the session's token.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let all: Vec<(&str, &str)> = std::iter::once(("csrf", csrf.as_str())).chain(fields.iter().copied()).collect();
        self.form(path, &all)
    }

    /// A form with files: field, name, bytes.
    pub fn upload(&mut self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        let csrf = self.csrf.clone();
        for (name, value) in std::iter::once(&("csrf", csrf.as_str())).chain(fields) {
            body.extend(format!("--X\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for (field, name, bytes) in files {
            body.extend(
                format!(
                    "--X\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: application/pdf\r\n\r\n"
                )
                .bytes(),
            );
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--X--\r\n");
        self.raw("POST", path, &[("content-type", "multipart/form-data; boundary=X")], &body)
    }

    /// JSON of a program.
    pub fn json(&mut self, path: &str, value: &Value) -> Answer {
        let csrf = self.csrf.clone();
        self.raw("POST", path, &[("content-type", "application/json"), ("x-csrf-token", &csrf)], value.to_string().as_bytes())
    }

    #[track_caller]
    pub fn sign_in(&mut self, post: &str) {
        let answer = self.json("/api/v1/session", &serde_json::json!({"post": post, "password": password(post)}));
        assert_eq!(answer.status, 201, "{}", answer.text());
        self.csrf = answer.json()["csrf"].as_str().unwrap().into();
    }
}

impl Client {
    /// The same browser after the desk was opened again elsewhere.
    pub fn at(mut self, address: &str) -> Client {
        self.address = address.into();
        self
    }
}
