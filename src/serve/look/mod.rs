//! The frame of every page: head with the ways to go, content, foot; and what it may load.
//!
//! [`Doc`] is the content; [`whole`] makes one of a report's page; [`frame`] puts it in the frame.
//! The style sheet and the scripts are files of the desk, found under the digest of their bytes;
//! the style sheet of a page's tables stands in the page and is named by digest in its policy. There
//! is no inline script, and no page needs one.

mod doc;
mod frame;

pub use doc::{Doc, FIXED, at, part, policy, whole, whole_with};
pub use frame::{frame, trouble};
