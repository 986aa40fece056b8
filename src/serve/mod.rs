//! The web desk: the register in a browser, for people without a terminal.
//!
//! One binary, the same files underneath: every figure is what the command line prints, every
//! entry made here is a line of the log, asked by the same judge under the same lock.
//!
//! A request goes through these rooms in order: [`listen`] (sockets, TLS, time limits, the stop that
//! finishes what was begun; [`patient`] ends what a client does not) → [`gate`] (who asks, is the form ours, how large may it be; writes
//! the headers and the access log) → [`table`] (every address, what it needs and who answers) →
//! [`read`], [`write`] or [`api`] (plain functions from a [`call::Call`] to a
//! [`call::Reply`]; they run off the network threads). Beside them [`views`] (the register as
//! of the days that people look at, opened again when a file changes), [`who`] (accounts,
//! sessions, tries, and what a post may do), [`look`] (the frame of every page), [`tell`]
//! (counters) and [`live`] (news of changes).
//!
//! Clock, state folder and git are handed in with the [`Config`].

mod api;
pub mod call;
mod config;
mod desk;
mod gate;
mod listen;
mod live;
pub mod look;
mod patient;
mod read;
mod table;
mod tell;
pub mod views;
pub mod who;
mod write;

pub use config::{Config, Forms, GitMode, Identity, Limits, Sink};
pub use desk::Desk;
pub use listen::{ServeError, run};
pub use table::{Need, ROUTES, Route};
