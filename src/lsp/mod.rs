//! The language server: what `check`, `show` and `explain` know, while a file is being written.
//!
//! It reads the register through [`crate::snapshot::Snapshot::open_with`] with the editor's unsaved texts
//! in the place of what is on disk, asks the same rules as `check`, and never writes.
//!
//! Order of things: [`wire`] carries messages and survives garbage; [`server`] keeps the
//! protocol's order, drains the queue and guards every handler, after the handshake in
//! [`hello`]; [`route`] says who answers; [`desk`] knows the open
//! documents ([`docs`]), the registers ([`world`], [`place`]) and what was told of them.
//! One file of a register is a [`leaf`]: its lines ([`lines`]), its tree, mended around the
//! line that is being typed ([`heal`]), and its [`marks`]: every place where an id stands,
//! by the table in [`table`]. The answers, one file each: [`diagnose`], [`hover`] with its
//! [`card`]s, [`goto`], [`complete`] with [`cursor`], [`shape`] and [`offer`], [`rename`], [`outline`], [`fix`].

mod card;
mod complete;
mod cursor;
mod desk;
mod diagnose;
mod docs;
mod fix;
mod goto;
mod heal;
mod hello;
mod hover;
mod leaf;
mod lines;
mod marks;
mod offer;
mod outline;
mod place;
mod rename;
mod route;
mod server;
mod shape;
mod table;
mod wire;
mod world;

pub use desk::Setup;
pub use server::run;
