//! Who is signed in. Cookies carry a secret, the store its digest: whoever reads the store
//! cannot sign in with it. It is a file, so that a restart signs nobody out and a form that
//! was open before it can still be sent.

use super::accounts::put;
use super::secret;
use crate::digest;
use crate::serve::config::Limits;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

/// One session.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// The post.
    pub post: String,
    /// What its forms carry.
    pub csrf: String,
    /// Mark of the account's password then: with another one the session is none any more.
    pub account: String,
    /// When it began, in seconds since 1970.
    pub born: i64,
    /// When something was last asked.
    pub seen: i64,
}

/// Sessions kept; the oldest go first.
const MOST: usize = 20_000;
/// The store is written again for a mere look when it is so many seconds behind.
const BEHIND: i64 = 60;

/// The store.
pub struct Sessions {
    path: PathBuf,
    limits: Limits,
    all: Mutex<(BTreeMap<String, Session>, i64)>,
}

impl Sessions {
    /// From its file; a file that cannot be understood signs everybody out.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn open(path: PathBuf, limits: Limits) -> Result<Sessions, String> {
        let all = match std::fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).unwrap_or_default(),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(e) => return Err(format!("{}: {e}", path.display())),
        };
        Ok(Sessions { path, limits, all: Mutex::new((all, 0)) })
    }

    /// Begins one; gives the cookie's secret and the session.
    pub fn begin(&self, post: &str, account: &str, now: DateTime<FixedOffset>) -> (String, Session) {
        let now = now.timestamp();
        let secret_ = secret();
        let session = Session { post: post.into(), csrf: secret(), account: account.into(), born: now, seen: now };
        let mut all = self.all.lock().unwrap_or_else(|e| e.into_inner());
        all.0.retain(|_, s| self.alive(s, now));
        if all.0.len() >= MOST
            && let Some(oldest) = all.0.iter().min_by_key(|(_, s)| s.seen).map(|(k, _)| k.clone())
        {
            all.0.remove(&oldest);
        }
        all.0.insert(digest::hex(secret_.as_bytes()), session.clone());
        self.save(&mut all, now);
        (secret_, session)
    }

    /// The session of a cookie with its key in the store, if it lives.
    pub fn find(&self, cookie: &str, now: DateTime<FixedOffset>) -> Option<(String, Session)> {
        let (now, key) = (now.timestamp(), digest::hex(cookie.as_bytes()));
        let mut all = self.all.lock().unwrap_or_else(|e| e.into_inner());
        if !self.alive(all.0.get(&key)?, now) {
            all.0.remove(&key);
            self.save(&mut all, now);
            return None;
        }
        let session = all.0.get_mut(&key)?;
        session.seen = now;
        let found = session.clone();
        if now - all.1 > BEHIND {
            self.save(&mut all, now);
        }
        Some((key, found))
    }

    /// Ends one.
    pub fn end(&self, key: &str, now: DateTime<FixedOffset>) {
        let mut all = self.all.lock().unwrap_or_else(|e| e.into_inner());
        all.0.remove(key);
        self.save(&mut all, now.timestamp());
    }

    /// Ends all of a post.
    pub fn end_all(&self, post: &str, now: DateTime<FixedOffset>) {
        let mut all = self.all.lock().unwrap_or_else(|e| e.into_inner());
        all.0.retain(|_, s| s.post != post);
        self.save(&mut all, now.timestamp());
    }

    fn alive(&self, s: &Session, now: i64) -> bool {
        now - s.seen <= self.limits.idle.as_secs() as i64 && now - s.born <= self.limits.session.as_secs() as i64
    }

    /// That the store cannot be written signs nobody out before the next restart.
    fn save(&self, all: &mut (BTreeMap<String, Session>, i64), now: i64) {
        all.1 = now;
        let _ = put(&self.path, &(serde_json::to_string(&all.0).expect("sessions are plain data") + "\n"));
    }
}
