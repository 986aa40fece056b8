//! Passwords of posts: argon2id hashes in a file outside the register.
//!
//! `duban account` writes it and the desk reads it at every sign-in, so that an account taken
//! away ends at once. A post that people.yaml no longer has cannot sign in, whatever stands here.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};
use std::time::SystemTime;

/// Fewest characters of a password.
pub const SHORTEST: usize = 10;
/// Most bytes of a password.
pub const LONGEST: usize = 256;

/// One account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The hash, `$argon2id$…`.
    pub hash: String,
    /// When it was last set, RFC 3339.
    pub set: String,
}

/// Size and time of a file, and the mark of each post's password.
type Seen = (Option<(u64, SystemTime)>, BTreeMap<String, String>);

/// The file of accounts.
#[derive(Debug)]
pub struct Accounts {
    path: PathBuf,
    /// What it said when it was last looked at, by size and time.
    seen: Mutex<Seen>,
}

impl Accounts {
    /// In a file.
    pub fn at(path: PathBuf) -> Accounts {
        Accounts { path, seen: Mutex::default() }
    }

    /// The accounts by post; none where there is no file.
    ///
    /// # Errors
    /// When the file cannot be read or is none of ours.
    pub fn read(&self) -> Result<BTreeMap<String, Account>, String> {
        let text = match std::fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(e) => return Err(format!("{}: {e}", self.path.display())),
        };
        serde_json::from_str(&text).map_err(|e| format!("{}: {e}", self.path.display()))
    }

    /// Mark of a post's password: with another one, or none, the sessions that began before end. The
    /// file is read when it changed.
    pub fn mark(&self, post: &str) -> Option<String> {
        let meta = std::fs::metadata(&self.path).ok()?;
        let looks = Some((meta.len(), meta.modified().ok()?));
        let mut seen = self.seen.lock().unwrap_or_else(|e| e.into_inner());
        if seen.0 != looks {
            let all = self.read().ok()?;
            let mark = |a: &Account| crate::digest::hex(a.hash.as_bytes()).chars().take(16).collect();
            *seen = (looks, all.iter().map(|(post, a)| (post.clone(), mark(a))).collect());
        }
        seen.1.get(post).cloned()
    }

    /// Gives a post a password.
    ///
    /// # Errors
    /// A password that is too short or too long; a file that cannot be written.
    pub fn set(&self, post: &str, password: &str, at: &str) -> Result<(), String> {
        if password.chars().count() < SHORTEST || password.len() > LONGEST {
            return Err(format!("a password has {SHORTEST} characters at least and {LONGEST} bytes at most"));
        }
        let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|e| e.to_string())?.to_string();
        let _lock = self.lock()?;
        let mut all = self.read()?;
        all.insert(post.into(), Account { hash, set: at.into() });
        self.write(&all)
    }

    /// Takes the account of a post away; false where there was none.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn remove(&self, post: &str) -> Result<bool, String> {
        let _lock = self.lock()?;
        let mut all = self.read()?;
        let there = all.remove(post).is_some();
        if there {
            self.write(&all)?;
        }
        Ok(there)
    }

    /// Is this the password of the post? A post without account costs as much time as a wrong
    /// password, so that nobody learns who has one.
    pub fn right(&self, post: &str, password: &str) -> bool {
        static NOBODY: OnceLock<String> = OnceLock::new();
        let account = self.read().ok().and_then(|mut all| all.remove(post));
        let nobody =
            || NOBODY.get_or_init(|| Argon2::default().hash_password(b"nobody's").map_or_else(|_| String::new(), |h| h.to_string()));
        let hash = account.as_ref().map_or_else(|| nobody().as_str(), |a| a.hash.as_str());
        let same = PasswordHash::new(hash).is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok());
        same && account.is_some()
    }

    /// Held from reading to writing: two changes at once lose none.
    fn lock(&self) -> Result<std::fs::File, String> {
        let said = |e: std::io::Error| format!("{}: {e}", self.path.display());
        let path = self.path.with_extension("lock");
        std::fs::create_dir_all(path.parent().unwrap_or(std::path::Path::new("."))).map_err(said)?;
        let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(said)?;
        file.lock().map_err(said)?;
        Ok(file)
    }

    fn write(&self, all: &BTreeMap<String, Account>) -> Result<(), String> {
        put(&self.path, &(serde_json::to_string_pretty(all).expect("accounts are plain data") + "\n"))
    }
}

/// Puts a private file in its place at once.
pub fn put(path: &std::path::Path, text: &str) -> Result<(), String> {
    let said = |e: std::io::Error| format!("{}: {e}", path.display());
    let dir = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(std::path::Path::new("."));
    std::fs::create_dir_all(dir).map_err(said)?;
    // A temporary file is its owner's alone from the first byte on.
    let mut file = tempfile::NamedTempFile::new_in(dir).map_err(said)?;
    file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(said)?;
    file.persist(path).map_err(|e| said(e.error))?;
    Ok(())
}
