//! A page as a mail that waits to be sent: plain text and HTML beside each other.
//!
//! By RFC 5322 and 2045–2047, in ASCII throughout: words of the head are encoded, bodies are
//! base64. Sender and addressee are named groups without addresses (RFC 6854), since a register
//! knows posts and no mailboxes; `X-Unsent` opens the file as a draft. There is no clock: the
//! date is what the caller says, the boundary comes from what stands between.

use super::html;
use super::terminal;
use crate::digest::{hex, to_base64};
use crate::page::Page;
use std::fmt::Write;

/// What stands at the head.
pub struct Head<'a> {
    /// Name of whoever writes.
    pub from: &'a str,
    /// Name of whom it is for.
    pub to: &'a str,
    /// Subject line.
    pub subject: &'a str,
    /// `Sat, 31 Oct 2026 00:00:00 +0800`.
    pub date: &'a str,
}

/// Columns of the text part: below what makes a table, so that each row is a paragraph and
/// no reader's font can spoil it.
const COLUMNS: usize = 58;

/// The mail.
pub fn render(page: &Page, head: &Head) -> String {
    let text = terminal::render(page, terminal::Style { width: COLUMNS, colour: false });
    let html = html::render(page);
    let mark = hex(format!("{text}{html}").as_bytes());
    let boundary = format!("=_{}", &mark[..24]);
    let mut out = String::new();
    let mut line = |s: &str| out.push_str(&format!("{s}\r\n"));
    line(&format!("Date: {}", head.date));
    line(&format!("From: {}:;", words(head.from)));
    line(&format!("To: {}:;", words(head.to)));
    line(&format!("Subject: {}", words(head.subject)));
    line(&format!("Message-ID: <{}@duban.invalid>", &mark[..32]));
    line("X-Unsent: 1");
    line("MIME-Version: 1.0");
    line("Content-Type: multipart/alternative;");
    line(&format!(" boundary=\"{boundary}\""));
    line("");
    for (kind, body) in [("plain", &text), ("html", &html)] {
        line(&format!("--{boundary}"));
        line(&format!("Content-Type: text/{kind}; charset=utf-8"));
        line("Content-Transfer-Encoding: base64");
        line("");
        // Lines of a mail end in CRLF.
        let bytes = to_base64(body.replace('\n', "\r\n").as_bytes());
        bytes.as_bytes().chunks(76).for_each(|c| line(std::str::from_utf8(c).expect("base64 is ASCII")));
    }
    line(&format!("--{boundary}--"));
    out
}

/// Words of the head as encoded words, at most 75 characters each and never within a character.
fn words(text: &str) -> String {
    let mut out = String::new();
    let mut piece = String::new();
    let put = |out: &mut String, piece: &str| {
        let gap = if out.is_empty() { "" } else { "\r\n " };
        let _ = write!(out, "{gap}=?UTF-8?B?{}?=", to_base64(piece.as_bytes()));
    };
    for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        // 39 bytes are 52 of base64; with the frame 64, and the field's name before it.
        if piece.len() + c.len_utf8() > 39 {
            put(&mut out, &piece);
            piece.clear();
        }
        piece.push(c);
    }
    put(&mut out, &piece);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_head_are_short_and_whole() {
        let said = words(&"【示例市】逾期2项、".repeat(12));
        assert!(said.is_ascii() && said.split("\r\n ").all(|w| w.len() <= 75), "{said}");
        let back = said.split("\r\n ").map(|w| crate::digest::from_base64(&w[10..w.len() - 2]).unwrap()).collect::<Vec<_>>();
        assert_eq!(back.iter().map(|b| std::str::from_utf8(b).unwrap()).collect::<String>(), "【示例市】逾期2项、".repeat(12));
    }
}
