//! The JSON interface: the same data as `--format json`, the same authorisation as the pages, the
//! same way to an entry. [`openapi`] describes it; a test holds the description against the table of
//! addresses.

pub mod entries;
pub mod openapi;
pub mod read;
pub mod session;
