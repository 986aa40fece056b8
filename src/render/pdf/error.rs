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
    #[error("{}\nFonts asked: {}.\n{INSTALL}", list("no font has", .0), .1.join(", "))]
    Missing(Vec<Lack>, Vec<String>),
    /// Characters of a script whose letters join or change places.
    #[error("{}\nPrint the HTML report instead: a browser can shape them.", list("the PDF writer cannot shape", .0))]
    Shaping(Vec<Lack>),
    /// The writer refused.
    #[error("the PDF could not be written: {0}")]
    Write(String),
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

/// How many characters are listed one by one.
const LISTED: usize = 40;

/// All characters that lack something, with their codes; the count of what is not listed.
fn list(what: &str, lacks: &[Lack]) -> String {
    let mut lines = vec![format!("{what} {} character{} of this report:", lacks.len(), if lacks.len() == 1 { "" } else { "s" })];
    for lack in lacks.iter().take(LISTED) {
        let codes: Vec<String> = lack.text.chars().map(|c| format!("U+{:04X}", c as u32)).collect();
        lines.push(format!("  {} {} in: {}", lack.text, codes.join(" "), lack.place));
    }
    if lacks.len() > LISTED {
        lines.push(format!("  … and {} more", lacks.len() - LISTED));
    }
    lines.join("\n")
}
