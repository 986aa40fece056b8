//! Reports: the same figures in every format, totals that open into their rows, the folder of
//! committed reports, and whole pages of a small world.
//!
//! [`worlds`] are the registers: the shipped two, large ones, small ones with wild histories.
//! [`equal`] parses every text format back, [`office`] the others, [`opens`] runs the query behind every total, [`printed`]
//! holds whole pages of the world of the rules, [`folder`] runs the program.

mod equal;
mod folder;
mod habits;
mod office;
mod opens;
#[path = "../oracle/mod.rs"]
mod oracle;
mod printed;
#[path = "../../benches/support/mod.rs"]
#[allow(dead_code)]
mod support;
mod worlds;
