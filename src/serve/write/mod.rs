//! Pages on which something is recorded.
//!
//! [`sign`] signs people in; [`mine`] is an officer's list, [`queue`] what waits for whoever
//! reviews, consents or supervises; [`assignment`] shows where one stands and what may be
//! recorded there; [`form`] asks for exactly that, [`entry`] makes the entry of it and
//! writes it, [`drafts`] and [`consent`] keep what is not an entry yet; [`store`] keeps files
//! outside the repository, [`commit`] tells git.

pub mod assignment;
pub mod commit;
pub mod consent;
pub mod drafts;
pub mod entry;
pub mod form;
pub mod mine;
pub mod queue;
pub mod sign;
pub mod store;
