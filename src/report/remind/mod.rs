//! Reminders without a server: what a department is told, and who is due which letter.
//!
//! Both are worked out from the register and the day alone. Nothing remembers what was sent:
//! whoever sends asks again for the same day and gets the same.
//!
//! Order of things: [`ladder`] says since when an assignment is late and which step of the
//! ladder that is; [`posts`] whom a department's letters go to. [`digest`] sorts what presses
//! on a department into lists, [`letter`] is that as a page; [`escalate`] is everybody's late
//! items by step, [`slip`] that as a page.

pub mod digest;
pub mod escalate;
pub mod ladder;
pub mod letter;
pub mod posts;
pub mod slip;
