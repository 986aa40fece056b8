//! Reading the policy: is every clause accounted for, and does the text still say it?
//!
//! Order of things: [`cover`] counts clauses from the register alone. With a text,
//! [`reading`] folds and cuts it, [`anchors`] finds words in it, [`align`] finds clauses,
//! [`stand`] says what became of one policy in it, [`duty`] knows the words that bind, and
//! [`compare`] puts them together. [`scaffold`] turns a text into a policy to finish, by its
//! [`headings`].
//! [`pages`] says it to people.

pub mod align;
pub mod anchors;
pub mod compare;
pub mod cover;
pub mod duty;
pub mod headings;
pub mod pages;
pub mod reading;
pub mod scaffold;
pub mod stand;
