//! Who asks, and what a post may do.
//!
//! [`Accounts`] keeps the passwords of posts as argon2 hashes, outside the register;
//! [`Sessions`] who is signed in, so that it survives a restart; [`Attempts`] holds back
//! whoever tries passwords; [`Visitor`] is the answer that pages see; [`may`] says what
//! a post may record, by the same rules that the log's judge asks.

mod accounts;
mod attempts;
pub mod may;
mod sessions;
mod visitor;

pub use accounts::{Account, Accounts};
pub use attempts::{Attempts, Turn};
pub use sessions::{Session, Sessions};
pub use visitor::Visitor;

/// Text that nobody guesses: 256 bits.
pub fn secret() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    crate::digest::hex(&bytes)
}
