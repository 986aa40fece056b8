//! `diff`: two revisions or two days.

use super::args::Format;
use super::context::{Context, Stop};

/// `diff A [B]`.
pub fn diff(_context: &Context, _from: &str, _to: Option<&str>, _format: Format) -> Result<u8, Stop> {
    unreachable!("written next")
}
