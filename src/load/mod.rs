//! The way in: discover → scan → typed, with places.
//!
//! Order of things: [`open`] finds register.yaml, walks the folder and decides what
//! each file is; [`read`] turns one file into typed items; under it [`scan`] guards the
//! bytes, [`quick`] reads what is plain, [`tree`] keeps places, [`shape`] tells every mistake and [`decode`] turns good
//! items into types; [`places`] shows where a finding stands; [`loose`] reads what is no file of
//! the register.
//!
//! Every file under the register is read, left out by a named rule, or an error.

pub mod decode;
mod discover;
pub mod loose;
pub mod places;
pub mod quick;
pub mod read;
pub mod scan;
pub mod shape;
pub mod tree;

pub use crate::model::Instead;
pub use discover::{Loaded, OpenError, open, open_with};
