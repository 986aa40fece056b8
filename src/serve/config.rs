//! What the desk is told when it is opened.

use crate::log::spool::StateFolder;
use crate::model::Lang;
use crate::page::Page;
use chrono::{DateTime, FixedOffset, NaiveDate};
use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Makes the bytes of a page in a form, `pdf`; the error says why it cannot.
pub type Make = Arc<dyn Fn(&str, &Page) -> Result<Vec<u8>, String> + Send + Sync>;

/// The forms in which a report can be had.
#[derive(Clone)]
pub struct Forms {
    /// Name, extension, and is it one whose counts lead to rows behind them?
    pub all: Vec<(&'static str, &'static str, bool)>,
    /// Makes one.
    pub make: Make,
}

/// Where lines go that nobody waits for: the access log.
pub type Sink = Arc<Mutex<dyn Write + Send>>;

/// The header in which a reverse proxy says who asks.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Its name in lower case, `x-remote-user`.
    pub header: String,
}

/// Every entry becomes a commit.
#[derive(Debug, Clone)]
pub struct GitMode {
    /// The remote it is pushed to.
    pub push: Option<String>,
}

/// How much, how large, how long.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a form or of JSON.
    pub form: usize,
    /// Bytes of all files of a form.
    pub upload: u64,
    /// A head must be there after so long; also how long a connection may idle.
    pub head: Duration,
    /// A form must be there after so long.
    pub body: Duration,
    /// An upload must be there after so long.
    pub uploading: Duration,
    /// A session ends when nothing was asked for so long.
    pub idle: Duration,
    /// … and at the latest after so long.
    pub session: Duration,
    /// Connections at a time.
    pub connections: usize,
    /// How long a stop waits for what was begun.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            form: 256 << 10,
            upload: 50 << 20,
            head: Duration::from_secs(15),
            body: Duration::from_secs(30),
            uploading: Duration::from_secs(600),
            idle: Duration::from_secs(60 * 60),
            session: Duration::from_secs(12 * 60 * 60),
            connections: 4096,
            stop: Duration::from_secs(20),
        }
    }
}

/// What the desk is told when it is opened.
#[derive(Clone)]
pub struct Config {
    /// The register's folder.
    pub root: PathBuf,
    /// How it is named to people.
    pub shown: String,
    /// What this clone keeps for itself.
    pub state: StateFolder,
    /// The clock.
    pub clock: fn() -> DateTime<FixedOffset>,
    /// The language first shown; the register's own when absent.
    pub lang: Option<Lang>,
    /// The day first shown; today when absent. Entries are always recorded now.
    pub as_of: Option<NaiveDate>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// No accounts and nothing to write: for a screen on a wall.
    pub read_only: bool,
    /// The file of accounts.
    pub accounts: PathBuf,
    /// A proxy says who asks.
    pub identity: Option<Identity>,
    /// Addresses of trusted proxies: whose word on the client's address and identity counts.
    pub proxies: Vec<IpAddr>,
    /// Chain and key, as PEM files.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Forms of reports.
    pub forms: Forms,
    /// Every entry becomes a commit.
    pub git: Option<GitMode>,
    /// The access log.
    pub access: Sink,
    /// Limits.
    pub limits: Limits,
}
