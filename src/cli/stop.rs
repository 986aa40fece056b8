//! "Cannot go on": what failed, why, what to try, in both languages. Which one is spoken is known
//! where it is told, since it may fail before a register is found.

use crate::model::{Lang, Words};
use std::borrow::Cow;
use std::fmt::Display;

/// Cannot go on.
#[derive(Debug, Clone)]
pub struct Stop {
    /// What failed.
    pub what: Said,
    /// Why.
    pub why: Said,
    /// What to try.
    pub hint: Said,
    /// Exit code.
    pub code: u8,
}

/// Words of a [`Stop`]: Chinese and English as a pair, or one text for both (a path, what the system
/// says).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said(Words);

impl Said {
    /// In the language asked for.
    pub fn say(&self, lang: Lang) -> Cow<'_, str> {
        self.0.say(lang)
    }
    /// The same with more behind it, whatever the language.
    pub fn push(&mut self, more: &str) {
        for text in [&mut self.0.zh, &mut self.0.en].into_iter().flatten() {
            *text = format!("{text}{more}").into();
        }
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Said {
        Said(Words::plain(text))
    }
}

impl From<String> for Said {
    fn from(text: String) -> Said {
        Said(Words::plain(&text))
    }
}

impl From<Cow<'_, str>> for Said {
    fn from(text: Cow<'_, str>) -> Said {
        Said(Words::plain(&text))
    }
}

impl From<Words> for Said {
    fn from(words: Words) -> Said {
        Said(words)
    }
}

impl<Zh: Into<String>, En: Into<String>> From<(Zh, En)> for Said {
    fn from((zh, en): (Zh, En)) -> Said {
        Said(crate::finding::words(zh.into(), en.into()))
    }
}

impl Stop {
    /// Exit code 2.
    pub fn new(what: impl Into<Said>, why: impl Into<Said>, hint: impl Into<Said>) -> Stop {
        Stop { what: what.into(), why: why.into(), hint: hint.into(), code: 2 }
    }
    /// As lines for standard error.
    pub fn render(&self, lang: Lang) -> String {
        let mut out = format!("duban: {}", self.what.say(lang));
        for (lead, text) in [("\n  ", self.why.say(lang)), ("\n  → ", self.hint.say(lang))] {
            if !text.is_empty() {
                out += &format!("{lead}{}", text.trim_end().replace('\n', "\n    "));
            }
        }
        crate::render::terminal::tame(&out).into_owned() + "\n"
    }
}

/// "Did you mean X?", and other words where nothing is near.
pub fn near(found: Option<impl Display>, else_zh: &str, else_en: &str) -> (String, String) {
    match found {
        Some(n) => (format!("是否想写 {n}？"), format!("did you mean {n}?")),
        None => (else_zh.into(), else_en.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_is_said_in_each_language_and_in_both() {
        let mut stop = Stop::new(("没有义务 X", "there is no obligation X"), "/a/b", near(Some("Y"), "", ""));
        assert_eq!(stop.render(Lang::Zh), "duban: 没有义务 X\n  /a/b\n  → 是否想写 Y？\n");
        assert_eq!(stop.render(Lang::En), "duban: there is no obligation X\n  /a/b\n  → did you mean Y?\n");
        assert_eq!(stop.render(Lang::Both), "duban: 没有义务 X there is no obligation X\n  /a/b\n  → 是否想写 Y？ did you mean Y?\n");
        stop.why.push("\n/c");
        stop.hint = "".into();
        assert_eq!(stop.render(Lang::En), "duban: there is no obligation X\n  /a/b\n    /c\n");
    }
}
