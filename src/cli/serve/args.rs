//! Arguments of `serve` and `account`. Their doc comments are the manual.

use crate::cli::desk::complete;
use clap::{Args, Subcommand};
use clap_complete::ArgValueCompleter;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// Arguments of `serve`.
#[derive(Args)]
pub struct ServeArgs {
    /// Where to listen; any other address than this machine's own needs --tls-cert and --tls-key, or --proxy
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8417")]
    pub listen: SocketAddr,
    /// No accounts and nothing to write: for a screen on a wall
    #[arg(long)]
    pub read_only: bool,
    /// The file of accounts; in this clone's state folder when absent
    #[arg(long, value_name = "FILE")]
    pub accounts: Option<PathBuf>,
    /// The certificate chain, a PEM file
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its key, a PEM file
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Addresses of trusted reverse proxies: what they say of the client's address and protocol counts
    #[arg(long, value_name = "IP", value_delimiter = ',')]
    pub proxy: Vec<IpAddr>,
    /// The header in which the proxy says which post asks; then nobody signs in here. The proxy must take it from every client's request
    #[arg(long, value_name = "HEADER", requires = "proxy", conflicts_with = "read_only")]
    pub identity_header: Option<String>,
    /// Commit every entry, with its post as author
    #[arg(long, conflicts_with = "read_only")]
    pub git: bool,
    /// Push every commit to this remote; where it has moved on, ours go on top
    #[arg(long, value_name = "REMOTE", requires = "git")]
    pub push: Option<String>,
    /// Write the access log to this file, one line of JSON a request; to standard error when absent
    #[arg(long, value_name = "FILE")]
    pub access_log: Option<PathBuf>,
    /// A session ends when nothing was asked for so long: 90s, 30m, 12h
    #[arg(long, value_name = "TIME", default_value = "60m", value_parser = span)]
    pub idle: Duration,
    /// A session ends at the latest after so long
    #[arg(long, value_name = "TIME", default_value = "12h", value_parser = span)]
    pub session: Duration,
    /// Largest sum of the files of one form, in MiB
    #[arg(long, value_name = "MIB", default_value = "50", value_parser = clap::value_parser!(u64).range(1..=4096))]
    pub upload: u64,
}

/// Accounts.
#[derive(Subcommand)]
pub enum AccountCommand {
    /// Give posts of people.yaml a new password each, and print it once
    Add {
        /// The posts
        #[arg(required = true, value_name = "POST", add = ArgValueCompleter::new(complete::post))]
        posts: Vec<String>,
        /// Read the passwords from standard input instead, one a line, in the order of the posts
        #[arg(long)]
        stdin: bool,
        /// The file of accounts
        #[arg(long, value_name = "FILE")]
        accounts: Option<PathBuf>,
    },
    /// Take accounts away; their sessions end at once
    Remove {
        /// The posts
        #[arg(required = true, value_name = "POST")]
        posts: Vec<String>,
        /// The file of accounts
        #[arg(long, value_name = "FILE")]
        accounts: Option<PathBuf>,
    },
    /// Who has an account, since when, and whose post is gone
    List {
        /// The file of accounts
        #[arg(long, value_name = "FILE")]
        accounts: Option<PathBuf>,
    },
}

/// `90s`, `30m`, `12h`.
fn span(text: &str) -> Result<Duration, String> {
    let bad = || "write a time as 90s, 30m or 12h".to_string();
    let (digits, unit) = text.split_at(text.len().checked_sub(1).filter(|n| text.is_char_boundary(*n)).ok_or_else(bad)?);
    let n: u64 = digits.parse().map_err(|_| bad())?;
    let seconds = match unit {
        "s" => n,
        "m" => n * 60,
        "h" => n * 3600,
        _ => return Err(bad()),
    };
    if seconds == 0 || seconds > 30 * 86_400 { Err(bad()) } else { Ok(Duration::from_secs(seconds)) }
}
