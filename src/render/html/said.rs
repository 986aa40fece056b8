//! Text of the data made harmless: markup is escaped, what cannot be seen is made visible,
//! and only plain web addresses become links.
//!
//! A right-to-left override in a title could turn round what a manager reads; a control
//! character is no HTML at all. Both show as what they are, `[U+202E]`: in letters, because
//! few fonts have the pictures that Unicode keeps for some of them.

use chrono::NaiveDate;
use maud::Render;

/// Text in the page: line breaks kept, web addresses linked.
pub struct Said<'a>(pub &'a str);

/// Text on one line without links: attributes, titles, charts.
pub struct Line<'a>(pub &'a str);

/// As [`Said`] on one line and without links: what stands in a link itself.
pub struct Word<'a>(pub &'a str);

impl Render for Said<'_> {
    fn render_to(&self, out: &mut String) {
        let text = self.0;
        let (mut at, mut joints) = (0, Joints::default());
        while let Some(c) = text[at..].chars().next() {
            joints.before(out, text, at, c);
            if matches!(c, 'h' | 'H')
                && !joints.last.is_ascii_alphanumeric()
                && let Some(length) = address(&text[at..])
            {
                link(out, &text[at..at + length]);
                at += length;
                joints.last = 'a';
                continue;
            }
            match c {
                '\r' if text[at + 1..].starts_with('\n') => {}
                '\n' | '\r' => out.push_str("<br>"),
                c => put(out, c),
            }
            at += c.len_utf8();
            joints.last = c;
        }
    }
}

impl Render for Word<'_> {
    fn render_to(&self, out: &mut String) {
        let mut joints = Joints::default();
        for (at, c) in self.0.char_indices() {
            joints.before(out, self.0, at, c);
            put(out, if matches!(c, '\n' | '\r') { ' ' } else { c });
            joints.last = c;
        }
    }
}

/// A run of signs without a space that is longer gets places where it may be broken.
const LONG: usize = 15;

/// Where a run of ASCII signs may be broken: addresses, paths and markup between their words,
/// never in the middle of one.
#[derive(Default)]
struct Joints {
    /// The sign before.
    last: char,
    /// Where the run ends, and whether it is a long one.
    ends: usize,
    long: bool,
}

impl Joints {
    /// Marks the place before `c`, which stands at `at`, if the text may be broken there.
    fn before(&mut self, out: &mut String, text: &str, at: usize, c: char) {
        if at >= self.ends && c.is_ascii_graphic() {
            self.ends = at + text[at..].bytes().take_while(u8::is_ascii_graphic).count();
            self.long = self.ends - at > LONG;
        }
        let spelt = |c: char| unseen(c) && !matches!(c, '\n' | '\r' | '\t');
        if at > 0 && (spelt(self.last) || spelt(c) || self.long && at < self.ends && joint(self.last, c)) {
            out.push_str("<wbr>");
        }
    }
}

/// Behind signs that part words, or before a bracket.
fn joint(last: char, c: char) -> bool {
    const BEHIND: &str = "/.=@:>;&?,)]|";
    (BEHIND.contains(last) && !BEHIND.contains(c)) || ("<([{\"".contains(c) && last.is_ascii_alphanumeric())
}

/// As [`Said`], dates marked as such and never parted: 2026年9月30日, 2026-09-30.
pub struct Dated<'a>(pub &'a str);

impl Render for Dated<'_> {
    fn render_to(&self, out: &mut String) {
        let mut rest = self.0;
        while let Some((at, length, day)) = day(rest) {
            Said(&rest[..at]).render_to(out);
            // Where there is no room at all, a day may stand below its year.
            let said = rest[at..at + length].replace('年', "年<wbr>");
            out.push_str(&format!("<time datetime=\"{day}\">{said}</time>"));
            rest = &rest[at + length..];
        }
        Said(rest).render_to(out);
    }
}

/// The first date of a text, outside of addresses and ids: where it begins, how long it is, and which day.
fn day(text: &str) -> Option<(usize, usize, NaiveDate)> {
    let starts = text.char_indices().scan(' ', |before, (at, c)| Some((at, c, std::mem::replace(before, c))));
    let mut starts = starts
        .filter(|(_, c, before)| c.is_ascii_digit() && !before.is_ascii_alphanumeric() && !"/-_=.&?#%".contains(*before))
        .map(|s| s.0);
    starts.find_map(|at| {
        let (mut length, mut parts) = (0, [0; 3]);
        for (i, ends) in [["年", "-"], ["月", "-"], ["日", ""]].into_iter().enumerate() {
            let rest = &text[at + length..];
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let ended = ends.iter().find(|e| rest[digits..].starts_with(**e)).filter(|_| digits <= 4)?;
            parts[i] = rest[..digits].parse().ok()?;
            length += digits + ended.len();
        }
        Some((at, length, NaiveDate::from_ymd_opt(parts[0], u32::try_from(parts[1]).ok()?, u32::try_from(parts[2]).ok()?)?))
    })
}

impl Render for Line<'_> {
    fn render_to(&self, out: &mut String) {
        for c in self.0.chars() {
            put(out, if matches!(c, '\n' | '\r') { ' ' } else { c });
        }
    }
}

/// One character, escaped or made visible.
fn put(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        c => show(out, c),
    }
}

/// One character, made visible where it is not.
fn show(out: &mut String, c: char) {
    match c {
        '\t' => out.push(' '),
        c if unseen(c) => out.push_str(&format!("[U+{:04X}]", c as u32)),
        c => out.push(c),
    }
}

/// A string of a style sheet, quoted. Every ASCII sign is written by its number: neither the
/// string nor the style element can be ended from within.
pub fn quoted(text: &str) -> String {
    let mut seen = String::new();
    text.chars().for_each(|c| show(&mut seen, if matches!(c, '\n' | '\r') { ' ' } else { c }));
    let mut out = String::from("\"");
    for c in seen.chars() {
        if c.is_ascii() && !c.is_ascii_alphanumeric() && c != ' ' {
            out.push_str(&format!("\\{:x} ", c as u32));
        } else {
            out.push(c);
        }
    }
    out + "\""
}

/// Characters that change what is around them or stand there unseen.
pub fn unseen(c: char) -> bool {
    let nothing = (c as u32) & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    nothing
        || matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Length of the web address at the head of a text. Only http and https; none that hides
/// its true host behind an `@`; ends at the first character that is not plain ASCII, so that
/// a Chinese comma or an override is never part of it.
fn address(text: &str) -> Option<usize> {
    let head = ["https://", "http://"].into_iter().find(|s| text.get(..s.len()).is_some_and(|t| t.eq_ignore_ascii_case(s)))?;
    let good = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&()*+,;=%".contains(c);
    let end = text[head.len()..].find(|c| !good(c)).map_or(text.len(), |i| head.len() + i);
    let url = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '*', '&']);
    let rest = url.get(head.len()..)?;
    let host = rest.split(['/', '?', '#']).next()?;
    let sound = host.starts_with(|c: char| c.is_ascii_alphanumeric()) && !host.contains(['@', '%', '[', '(']);
    sound.then_some(url.len())
}

fn link(out: &mut String, url: &str) {
    out.push_str("<a rel=\"noopener noreferrer nofollow\" href=\"");
    Line(url).render_to(out);
    out.push_str("\">");
    Word(url).render_to(out);
    out.push_str("</a>");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        Said(text).render().into_string()
    }

    #[test]
    fn markup_is_text_and_what_is_unseen_is_seen() {
        assert_eq!(said("<b>\"x\"&'y'\r\nz"), "&lt;b&gt;&quot;x&quot;&amp;&#39;y&#39;<br>z");
        assert_eq!(said("a\0\u{1b}\u{202e}b"), "a<wbr>[U+0000]<wbr>[U+001B]<wbr>[U+202E]<wbr>b");
        assert_eq!(Line("a\u{7f}\u{85}\u{ffff}b").render().into_string(), "a[U+007F][U+0085][U+FFFF]b");
        assert_eq!(said("喆堃𠮷 👩‍🔧"), "喆堃𠮷 👩‍🔧");
        assert_eq!(quoted("同比 \"</style>\u{202e}"), "\"同比 \\22 \\3c \\2f style\\3e \\5b U\\2b 202E\\5d \"");
    }

    #[test]
    fn only_long_runs_have_places_to_break() {
        for whole in ["OPN-3.18 a.b/c=d", "2026-09-30", "1,234,567.89", "CITY-CYBERPOLICE-BUREAU-EAST"] {
            assert_eq!(said(whole), whole);
        }
        assert_eq!(said("obligations/opinions-2022/3.yaml"), "obligations/<wbr>opinions-2022/<wbr>3.<wbr>yaml");
        assert!(said("https://ok.example/a").ends_with(">https://<wbr>ok.<wbr>example/<wbr>a</a>"));
    }

    #[test]
    fn dates_are_marked_and_stay_whole() {
        let dated = |text: &str| Dated(text).render().into_string();
        assert_eq!(dated("较 2026年9月30日 <+1"), "较 <time datetime=\"2026-09-30\">2026年<wbr>9月30日</time> &lt;+1");
        assert_eq!(dated("−1 since 2026-09-30"), "−1 since <time datetime=\"2026-09-30\">2026-09-30</time>");
        assert_eq!(dated("2026年13月1日 12-345 5/11 2026-09"), "2026年13月1日 12-345 5/11 2026-09");
    }

    #[test]
    fn only_plain_web_addresses_are_links() {
        assert!(said("见https://example.org/a?b=c&d=e，完").contains("href=\"https://example.org/a?b=c&amp;d=e\">https"));
        assert!(said("(http://x.cn/y).").contains(">http://x.cn/y</a>)."));
        for text in [
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            "http://@x",
            "https://good.cn@bad.cn/",
            "xhttps://a.cn",
            "https://\u{202e}a",
        ] {
            assert!(!said(text).contains("<a"), "{text}");
        }
    }
}
