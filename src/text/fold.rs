//! Characters as they count for comparison: without blanks, in half width, one form of each
//! quotation mark and dash. An input method and a web page write the same words differently.

/// A character as it counts for comparison; `None` where it does not count.
pub fn fold(c: char) -> Option<char> {
    Some(match c {
        c if c.is_whitespace() || c.is_control() => return None,
        '\u{ad}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' => return None,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).expect("full width stands for ASCII"),
        '｡' => '。',
        '､' => '、',
        '“' | '”' | '„' | '″' | '「' | '」' | '『' | '』' => '"',
        '‘' | '’' => '\'',
        '—' | '–' | '‐' | '‑' | '―' | '−' => '-',
        '･' | '•' | '‧' => '·',
        c => c,
    })
}

/// The characters of a phrase as they count for comparison.
pub fn folded(text: &str) -> Vec<char> {
    text.chars().filter_map(fold).collect()
}
