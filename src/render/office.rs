//! What workbooks and documents share: text made harmless, the day they are dated, the words
//! and colours of lights, guesses at how wide a text stands.

use crate::page::{Cell, Ink, Page, Tone};
use crate::text::width;
use chrono::NaiveDate;
use std::borrow::Cow;

/// Text as an office program may have it. Line breaks stay; control characters, signs that
/// turn the direction of reading, and the two code points that no XML may hold show as ·.
pub fn clean(text: &str) -> Cow<'_, str> {
    let harmful =
        |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}');
    if text.contains(harmful) { text.replace("\r\n", "\n").replace('\r', "\n").replace(harmful, "·").into() } else { text.into() }
}

/// The day that a file is dated: its as-of day, so that equal pages give equal bytes.
pub fn day(page: &Page) -> NaiveDate {
    let said = page.origin.get("as_of").and_then(|v| v.as_str()).unwrap_or_default();
    said.parse().unwrap_or(NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day"))
}

/// A text of the page's origin, empty where it has none.
pub fn origin<'a>(page: &'a Page, key: &str) -> &'a str {
    page.origin.get(key).and_then(|v| v.as_str()).unwrap_or_default()
}

/// Is the page set in Chinese?
pub fn chinese(page: &Page) -> bool {
    !page.lang.starts_with("en")
}

/// The word of a light: what stands before its reasons, 红 of "红 R1 R3".
pub fn word(light: &str) -> &str {
    light.split(|c: char| c.is_whitespace() || "：:（(=＝,，、;；/".contains(c)).find(|w| !w.is_empty()).unwrap_or_default()
}

/// Words of lights with their tones, each once: what the legend says, and nothing that only
/// stands beside a colour somewhere.
pub fn words(page: &Page) -> Vec<(Tone, String)> {
    let mut out: Vec<(Tone, String)> = Vec::new();
    for (tone, text) in &page.legend {
        let word = word(text);
        if !word.is_empty() && !out.iter().any(|(_, w)| w == word) {
            out.push((*tone, word.to_string()));
        }
    }
    out
}

/// Does a cell begin with the word of its colour? A count does not, nor does 推进中 · 红.
pub fn named(words: &[(Tone, String)], cell: &Cell) -> bool {
    matches!(cell, Cell::Light(tone, text) if words.iter().any(|(t, w)| t == tone && w == word(text)))
}

/// A label with the colon of its script.
pub fn colon(label: &str) -> String {
    let label = label.trim_end_matches(['：', ':']);
    format!("{label}{}", if width(label) > label.chars().count() { "：" } else { ": " })
}

/// Ground of a cell with a light: pale enough for black words and a copier.
pub fn ground(tone: Tone) -> u32 {
    match tone {
        Tone::Red => 0xF4A9A3,
        Tone::Amber => 0xFFDC82,
        Tone::Green => 0xB2DBAE,
        Tone::Grey => 0xD4D4D4,
    }
}

/// Colour of a chart's series.
pub fn ink(ink: Ink) -> u32 {
    const SHADES: [u32; 8] = [0xA6AEB5, 0x2F6DA8, 0x8FBCDE, 0xB595C9, 0x3C7F70, 0xC9A24B, 0x6B5B4F, 0xD9D9D9];
    match ink {
        Ink::Tone(Tone::Red) => 0xC83C32,
        Ink::Tone(Tone::Amber) => 0xE5A81B,
        Ink::Tone(Tone::Green) => 0x4B9650,
        Ink::Tone(Tone::Grey) => 0x9C9C9C,
        Ink::Shade(n) => SHADES[usize::from(n) % SHADES.len()],
    }
}

/// Half characters of the widest line.
pub fn widest(text: &str) -> usize {
    text.split('\n').map(width).max().unwrap_or(0)
}

/// Half characters of the longest piece that does not break: a Latin word, two characters of
/// Chinese.
pub fn unbroken(text: &str) -> usize {
    text.split([' ', '\n', '-', '/', '·']).map(|w| if width(w) > w.chars().count() { width(w).min(4) } else { width(w) }).max().unwrap_or(0)
}

/// Lines that a text takes where so many half characters stand side by side: words go to the
/// next line whole, Chinese breaks anywhere.
pub fn lines(text: &str, room: usize) -> usize {
    text.split('\n').map(|l| wrapped(l, room.max(2))).sum()
}

fn wrapped(line: &str, room: usize) -> usize {
    // Most texts fit, and a byte is never wider than a half character.
    if line.len() <= room {
        return 1;
    }
    let (mut n, mut used, mut word) = (1, 0, 0);
    let mut put = |w: usize, used: &mut usize| {
        if *used > 0 && *used + w > room {
            n += 1;
            *used = 0;
        }
        // A word longer than a line is broken.
        *used += w;
        n += (*used - 1) / room;
        *used = (*used - 1) % room + 1;
    };
    for c in line.chars() {
        let w = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        word += w;
        if w == 2 || matches!(c, ' ' | '-') {
            put(word.max(1), &mut used);
            word = 0;
        }
    }
    if word > 0 {
        put(word, &mut used);
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_is_seen() {
        assert_eq!(clean("甲\r\n乙\u{1b}[31m\u{202e}\u{ffff}"), "甲\n乙·[31m··");
        assert_eq!(clean("甲\n乙"), "甲\n乙");
    }

    #[test]
    fn a_colour_has_no_words_but_those_of_the_legend() {
        let legend = [(Tone::Red, "红：至少一条红灯规则触发"), (Tone::Amber, "黄：见附注")].map(|(t, s)| (t, s.to_string())).to_vec();
        let words = words(&Page { legend, ..Page::default() });
        assert_eq!(words, [(Tone::Red, "红".to_string()), (Tone::Amber, "黄".to_string())]);
        let light = |tone, text: &str| named(&words, &Cell::Light(tone, text.into()));
        assert!(light(Tone::Red, "红 R1 R3") && light(Tone::Amber, "黄"));
        // A word beside the colour, the word of another, a count, nothing.
        assert!(!light(Tone::Red, "推进中 · 红") && !light(Tone::Red, "黄 A4") && !light(Tone::Red, ""));
        assert!(!named(&words, &Cell::Lit(Tone::Red, 3)) && !named(&words, &Cell::new("红")));
    }

    #[test]
    fn a_light_is_known_by_its_word() {
        assert_eq!(["红 R1 R3", "黄（A4）", "Red = overdue", "绿：无"].map(word), ["红", "黄", "Red", "绿"]);
        assert_eq!((unbroken("工作事项"), unbroken("Obligation id"), lines("一二三四五", 7)), (4, 10, 2));
        assert_eq!(lines("one two three four", 9), 2 + 1);
        assert_eq!((lines(&"x".repeat(25), 10), lines("甲\n\n乙", 10)), (3, 3));
    }
}
