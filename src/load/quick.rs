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
    // U+0080 to U+009F; U+2028 and U+2029; U+FEFF, U+FFFE and U+FFFF.
    let two = |b: &[u8]| (b[0] == 0xc2) & (b[1] < 0xa0);
    let three = |b: &[u8]| {
        (b[0] == 0xe2) & (b[1] == 0x80) & (b[2] | 1 == 0xa9)
            | (b[0] == 0xef) & ((b[1] == 0xbb) & (b[2] == 0xbf) | (b[1] == 0xbf) & (b[2] >= 0xbe))
    };
    !bytes.iter().fold(false, |found, b| found | odd(b))
        && !bytes.windows(2).fold(false, |found, b| found | two(b))
        && !bytes.windows(3).fold(false, |found, b| found | three(b))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_odd_characters_are_those_of_the_general_reader() {
        let mut odd = 0;
        for c in (0..=0x10_ffff).filter_map(char::from_u32) {
            // What breaks a line, there or here, is odd as well: a word would end elsewhere.
            let breaks = matches!(c, '\t' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
            let printable =
                matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..);
            assert_eq!(super::printable(&format!("a{c}")), printable && !breaks, "{c:?}");
            odd += u32::from(!printable || breaks);
        }
        assert_eq!(odd, 31 + 1 + 32 + 2 + 3);
    }
}
