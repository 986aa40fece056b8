//! The nouns. Pure: no file, no clock, no terminal.
//!
//! Words used throughout, each meaning one thing:
//! - **policy** 政策文件: a text that places obligations; **part**, **clause**: its divisions.
//! - **obligation** 义务: one thing that the text asks for, with an id that never changes.
//! - **department** 单位 (here: *body*): whoever can lead or support.
//! - **assignment** (in code: *duty*): an obligation at one lead department. Status lives there.
//! - **plan**: who does it here and by when. **entry**: one line of the log, something that happened.
//! - **evidence** 佐证材料: a reference to a document, never its content.
//! - **due** 完成时限: a day, or *standing* 长期坚持, which is a decision; nothing at all is a gap.
//! - **light** 亮灯: red, amber, green or grey on one date, always computed, never typed.
//!
//! Order of things: [`id`], [`time`], [`words`] and [`kinds`] are the atoms; [`catalogue`] is what
//! the policy demands, [`local`] what one unit adds, [`register`] both with their places;
//! [`roster`] says who carries what; [`entry`] is a line of the log; [`terms`] is the one table of words.

pub mod catalogue;
pub mod entry;
pub mod id;
pub mod kinds;
pub mod local;
pub mod register;
pub mod roster;
pub mod terms;
pub mod time;
pub mod words;

/// A table that is asked millions of times, by the ids of the register: what a foreign log says is
/// looked up in it and never put there.
pub type Quick<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

pub use catalogue::*;
pub use entry::{Entry, Evidence, Fingerprint, Header};
pub use id::{DayCount, ObligationId, Post, ReportName, Text, UnitId};
pub use kinds::*;
pub use local::*;
pub use register::{At, Instead, Invalid, Item, LeftOut, Register, Tally};
pub use roster::{Duty, Roster};
pub use time::{Cycle, Day, Due, Zone};
pub use words::{Lang, Term, Words};
