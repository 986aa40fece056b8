//! SHA-256 in the few forms that the product uses. The only room that hashes.
//!
//! Order of things: [`chain`] (a log line's `h`), [`fingerprint`] (12 characters of a
//! duty's wording), [`hex`] (whole digests, as `sha256sum` prints them), [`integrity`], [`Running`].

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use sha2::{Digest, Sha256};

/// A line's chain value: first 22 characters of base64url(SHA-256(previous, LF, bytes)).
/// A header hashes over an empty previous value.
pub fn chain(previous: &str, bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(previous.as_bytes());
    hash.update(b"\n");
    hash.update(bytes);
    let mut text = BASE64URL_NOPAD.encode(&hash.finalize());
    text.truncate(22);
    text
}

/// Does a line follow `previous`? As [`chain`], without making a text of it: asked once a
/// line of the log.
pub fn follows(previous: &[u8], bytes: &[u8], h: &[u8]) -> bool {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(b"\n");
    hash.update(bytes);
    // 22 characters are 16 bytes and a half.
    let mut text = [0u8; 23];
    BASE64URL_NOPAD.encode_mut(&hash.finalize()[..17], &mut text);
    text[..22] == *h
}

/// Base64 as in key files.
pub fn to_base64(bytes: &[u8]) -> String {
    data_encoding::BASE64.encode(bytes)
}

/// Bytes of base64, if it is that.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    data_encoding::BASE64.decode(text.as_bytes()).ok()
}

/// The whole digest of bytes that come piece by piece.
#[derive(Clone, Default)]
pub struct Sum(Sha256);

impl Sum {
    /// The next piece.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
    /// All of them so far, as `sha256sum` prints it.
    pub fn hex(&self) -> String {
        HEXLOWER.encode(&self.0.clone().finalize())
    }
}

/// 12 characters over parts, each preceded by its length, so that no two lists of
/// parts give the same bytes.
pub fn fingerprint<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(format!("{}:{part}\n", part.len()).as_bytes());
    }
    let mut text = BASE64URL_NOPAD.encode(&hash.finalize());
    text.truncate(12);
    text
}

/// The whole digest in hexadecimal, as `sha256sum` prints it.
pub fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// The whole digest as browsers want it beside a script or a style, `sha256-…`.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", data_encoding::BASE64.encode(&Sha256::digest(bytes)))
}

/// A digest fed piece by piece.
#[derive(Default)]
pub struct Running(Sha256);

impl Running {
    /// Adds a named piece, both length-prefixed.
    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        self.0.update(format!("{}:{name}\n{}:", name.len(), bytes.len()).as_bytes());
        self.0.update(bytes);
        self.0.update(b"\n");
    }
    /// First `n` hexadecimal digits.
    pub fn short(self, n: usize) -> String {
        let mut text = HEXLOWER.encode(&self.0.finalize());
        text.truncate(n);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_agree_with_sha256sum() {
        assert_eq!(hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(chain("", b"x").len(), 22);
        assert_ne!(fingerprint(["ab", "c"]), fingerprint(["a", "bc"]));
    }
}
