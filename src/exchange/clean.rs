//! Words of the register as other systems' forms can bear them.
//!
//! A register may hold any character that UTF-8 has; other forms want one line, no control
//! characters, no empty value. What cannot stand is replaced by a blank, never by nothing, so
//! that two words do not become one.

/// May a character not stand in a text of another system? Controls, line separators, marks that
/// turn the direction of writing, and what is no character at all.
pub fn odd(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{feff}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || (c as u32) & 0xfffe == 0xfffe
        || matches!(c, '\u{fdd0}'..='\u{fdef}')
}

/// One line that says something: odd characters and line ends are blanks, nothing is `—`.
pub fn line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if odd(c) { ' ' } else { c }).collect();
    match plain.trim() {
        "" => "—".into(),
        words => words.into(),
    }
}

/// Lines of prose: as [`line`], with line ends kept.
pub fn prose(text: &str) -> String {
    let ends = text.replace("\r\n", "\n").replace('\r', "\n");
    let plain: String = ends.chars().map(|c| if c != '\n' && odd(c) { ' ' } else { c }).collect();
    match plain.trim() {
        "" => "—".into(),
        words => words.into(),
    }
}

/// At most so many characters, the last one `…` where some are left out.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.into();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_stand_is_a_blank() {
        assert_eq!(line("a\u{7}b\nc\u{2028}"), "a b c");
        assert_eq!(line(" \u{feff}\t"), "—");
        assert_eq!(prose("a\r\nb\u{0}"), "a\nb");
        assert_eq!(cut("一二三四", 3), "一二…");
        assert_eq!(cut("一二三", 3), "一二三");
    }
}
