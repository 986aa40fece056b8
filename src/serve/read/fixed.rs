//! The desk's own files.

use crate::serve::call::{Call, Reply};
use crate::serve::look::FIXED;

/// `GET /static/{name}`.
pub fn fixed(call: &Call) -> Reply {
    match FIXED.iter().find(|f| f.at == call.path[0]) {
        // The digest of the bytes is in the name: other bytes have another address.
        Some(f) => Reply::new(200, f.kind, f.bytes.clone()).with("cache-control", "public, max-age=31536000, immutable"),
        None => Reply::problem(404, call.say("没有这个文件", "there is no such file")),
    }
}
