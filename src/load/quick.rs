//! YAML in the plain style of a register, read straight into its types.
//!
//! Four fifths of what `check` costs is the general reader of YAML, and almost everything that it
//! is asked to read is one small part of the language: maps and lists by indentation, short ones
//! in brackets on one line, words that end with their line. That part is read here, at a tenth.
//! Whatever else YAML has (a text or a list in brackets over several lines, an escape, an
//! anchor, an empty value) is `None` here, and the general reader reads the file: this one refuses
//! nothing, and takes nothing that the other would read otherwise. `tests/quick.rs` holds the two
//! against one another, on the shipped registers and on files changed at random.
//!
//! Only for texts that [`super::scan`] calls plain. [`read`] is the way in; [`page`] knows lines,
//! keys and scalars; [`value`] offers them to serde.

mod page;
mod value;

use page::{Page, Shape};
use serde::de::Deserialize;
use value::Value;

/// What the text says, if it is in that style and is what the type wants.
pub fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Option<T> {
    if !printable(text) {
        return None;
    }
    let mut page = Page { text, at: 0 };
    let shape = match page.line()? {
        0 if page.dash() => Shape::Items(0),
        0 if page.key_ahead() => Shape::Entries(0, false),
        _ => return None,
    };
    let value = T::deserialize(Value { page: &mut page, shape, alone: false }).ok()?;
    page.line().is_none().then_some(value)
}

/// Only characters that the general reader lets through, and no tab or odd line break, which mean
/// more to it than to us. Asked as a whole, many bytes in one step.
fn printable(text: &str) -> bool {
    let bytes = text.as_bytes();
    let odd = |b: &u8| (*b < 0x20) & (*b != b'\n') | (*b == 0x7f);
    !bytes.iter().fold(false, |found, b| found | odd(b))
        // U+0080 to U+009F, by their first byte.
        && !bytes.windows(2).fold(false, |found, two| found | (two[0] == 0xc2) & (two[1] < 0xa0))
        && !["\u{2028}", "\u{2029}", "\u{feff}", "\u{fffe}", "\u{ffff}"].iter().any(|c| text.contains(c))
}
