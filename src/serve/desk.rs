//! What every request shares.

use super::config::Config;
use super::live::Live;
use super::tell::Tell;
use super::views::Views;
use super::who::{Accounts, Attempts, Sessions};
use std::sync::atomic::AtomicBool;

/// What every request shares.
pub struct Desk {
    /// What it was told.
    pub config: Config,
    /// The register as of the days looked at.
    pub views: Views,
    /// Passwords.
    pub accounts: Accounts,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Wrong passwords.
    pub attempts: Attempts,
    /// Counters.
    pub tell: Tell,
    /// News of changes.
    pub live: Live,
    /// Writers wait here before they take a thread, so that readers find one.
    pub writers: tokio::sync::Semaphore,
    /// One entry at a time here; other programs are kept out by the log's own lock.
    pub pen: std::sync::Mutex<()>,
    /// A stop was asked for.
    pub stopping: AtomicBool,
}

impl Desk {
    /// Opens it; the register is read once, so that what is wrong is told before anybody comes.
    ///
    /// # Errors
    /// When the register, the accounts or the sessions cannot be read.
    pub fn open(config: Config) -> Result<Desk, String> {
        let views = Views::new(&config);
        views.today()?;
        let accounts = Accounts::at(config.accounts.clone());
        if !config.read_only && config.identity.is_none() {
            accounts.read()?;
        }
        let sessions = Sessions::open(config.accounts.with_file_name("sessions.json"), config.limits)?;
        let desk = Desk {
            views,
            accounts,
            sessions,
            attempts: Attempts::default(),
            tell: Tell::default(),
            live: Live::default(),
            writers: tokio::sync::Semaphore::new(2),
            pen: std::sync::Mutex::default(),
            stopping: AtomicBool::new(false),
            config,
        };
        if let Ok(Some(store)) = desk.store() {
            store.tidy(desk.config.limits.uploading * 2);
        }
        Ok(desk)
    }
}
