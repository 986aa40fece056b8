//! Why there is no PDF, and what to do about it.

use std::path::PathBuf;

/// Why no PDF could be written. Nothing is written then: never boxes or blanks for letters.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// No listed font is installed.
    #[error("no font with Chinese characters was found in {}\n{INSTALL}", .0.join(", "))]
    NoFont(Vec<String>),
    /// A font that was named is not there.
    #[error("the font {font} was not found in {}\nGive a file, or the name of a file in one of these folders.", .folders.join(", "))]
    NoSuchFont {
        /// What was asked for.
        font: String,
        /// Where it was looked for.
        folders: Vec<String>,
    },
    /// A font file cannot be read.
    #[error("the font file {0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// A file is no font, or one that has no outlines.
    #[error("{0} is no TrueType or OpenType font with outlines{1}\n{INSTALL}")]
    NotAFont(String, String),
    /// Characters that no font has.
    #[error("{}\nFonts asked: {}.\n{INSTALL}", list(EN, "no font has", .0), .1.join(", "))]
    Missing(Vec<Lack>, Vec<String>),
    /// Characters of a script whose letters join or change places.
    #[error("{}\nPrint the HTML report instead: a browser can shape them.", list(EN, "the PDF writer cannot shape", .0))]
    Shaping(Vec<Lack>),
    /// The writer refused.
    #[error("the PDF could not be written: {0}")]
    Write(String),
}

impl PdfError {
    /// In Chinese; [`Display`](std::fmt::Display) speaks English.
    pub fn zh(&self) -> String {
        match self {
            PdfError::NoFont(folders) => format!("在 {} 中没有找到含汉字的字体\n{INSTALL_ZH}", folders.join("、")),
            PdfError::NoSuchFont { font, folders } => {
                format!("在 {} 中没有找到字体 {font}\n请给出字体文件，或其中某个目录里文件的名称。", folders.join("、"))
            }
            PdfError::Unreadable(path, e) => format!("无法读取字体文件 {}：{e}", path.display()),
            PdfError::NotAFont(file, more) => format!("{file} 不是带轮廓的 TrueType 或 OpenType 字体{more}\n{INSTALL_ZH}"),
            PdfError::Missing(lacks, fonts) => {
                format!("{}\n已查的字体：{}。\n{INSTALL_ZH}", list(ZH, "没有字体含有", lacks), fonts.join("、"))
            }
            PdfError::Shaping(lacks) => {
                format!("{}\n请改用 HTML 报表打印：浏览器能够排版这种文字。", list(ZH, "PDF 无法排版", lacks))
            }
            PdfError::Write(e) => format!("无法写出 PDF：{e}"),
        }
    }
}

/// A character that cannot be printed, and a text in which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// The character; with a variation selector, both.
    pub text: String,
    /// The text, or its beginning.
    pub place: String,
}

const INSTALL: &str = "Install a font with Chinese characters (Debian: apt-get install fonts-noto-cjk), or take one \
    from npm (@expo-google-fonts/noto-sans-sc) and name its file with --font or in the register.";

const INSTALL_ZH: &str = "请安装含汉字的字体（Debian：apt-get install fonts-noto-cjk），或从 npm 取一个\
    （@expo-google-fonts/noto-sans-sc），再用 --font 或在登记册中写明其文件。";

/// What is said in each language around the characters that are lacking.
struct Around {
    head: fn(&str, usize) -> String,
    within: &'static str,
    more: fn(usize) -> String,
}

const EN: Around = Around {
    head: |what, n| format!("{what} {n} character{} of this report:", if n == 1 { "" } else { "s" }),
    within: "in:",
    more: |n| format!("  … and {n} more"),
};

const ZH: Around =
    Around {
        head: |what, n| format!("{what}本报表中的 {n} 个字符："), within: "见于：", more: |n| format!("  …… 另有 {n} 个")
    };

/// How many characters are listed one by one.
const LISTED: usize = 40;

/// All characters that lack something, with their codes; the count of what is not listed.
fn list(around: Around, what: &str, lacks: &[Lack]) -> String {
    let mut lines = vec![(around.head)(what, lacks.len())];
    for lack in lacks.iter().take(LISTED) {
        let codes: Vec<String> = lack.text.chars().map(|c| format!("U+{:04X}", c as u32)).collect();
        lines.push(format!("  {} {} {} {}", lack.text, codes.join(" "), around.within, lack.place));
    }
    if lacks.len() > LISTED {
        lines.push((around.more)(lacks.len() - LISTED));
    }
    lines.join("\n")
}
