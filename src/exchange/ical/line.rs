//! Lines of iCalendar (RFC 5545): escaped text, folded at 75 octets, CRLF.

/// Octets of a line at most, its end left out.
pub const MOST: usize = 75;

/// Text as a value: backslash, comma, semicolon and line break are escaped; other control
/// characters show as ·.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ',' | ';' => out.extend(['\\', c]),
            '\n' | '\r' => out.push_str("\\n"),
            c if c.is_control() => out.push('·'),
            c => out.push(c),
        }
    }
    out
}

/// One content line with its ends: pieces of at most [`MOST`] octets, a blank before each but
/// the first, never within a character.
pub fn fold(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + line.len() / 20 + 2);
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > MOST {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out + "\r\n"
}
