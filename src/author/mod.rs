//! The author's desk: what helps people to write a register by hand and keeps them from
//! slips.
//!
//! Order of things: [`schema`] tells editors the shape of every file and [`mark`] puts it
//! beside a register; [`shipped`] is the national catalogue inside the program, [`init`]
//! makes a register of one's own from it. A change by command: [`find`] says which file and
//! place an id means, [`field`] what may stand there, [`yaml`] changes it and leaves every
//! other byte alone, [`grow`] adds whole things, [`trial`] holds the result against every rule, [`prove`] asks whether the rules would notice, and [`write`] is
//! the one way onto the disk. [`codeowners`] says who looks after which file,
//! [`baseline`] takes what an old register has against it into waivers.yaml.

pub mod baseline;
pub mod codeowners;
pub mod field;
pub mod find;
pub mod grow;
pub mod init;
pub mod mark;
pub mod prove;
pub mod schema;
pub mod shipped;
pub mod trial;
pub mod write;
pub mod yaml;
