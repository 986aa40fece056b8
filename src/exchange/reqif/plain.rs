//! XHTML to plain text: paragraphs, line breaks, list items and table cells become line breaks
//! and blanks; every other sign of markup falls away.

/// Collects the text of a value.
#[derive(Default)]
pub struct Plain {
    text: String,
    /// Kept as it stands: `pre`.
    kept: usize,
}

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] =
    &["p", "div", "li", "ul", "ol", "dl", "dt", "dd", "table", "tr", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "address"];

impl Plain {
    /// An element begins.
    pub fn open(&mut self, name: &str) {
        match name {
            "br" => self.text.push('\n'),
            "td" | "th" => self.text.push(' '),
            _ if BLOCKS.contains(&name) => self.line(),
            _ => {}
        }
        if name == "li" {
            self.text.push_str("- ");
        }
        self.kept += usize::from(name == "pre");
    }
    /// An element ends.
    pub fn close(&mut self, name: &str) {
        if BLOCKS.contains(&name) {
            self.line();
        }
        self.kept = self.kept.saturating_sub(usize::from(name == "pre"));
    }
    /// Text.
    pub fn add(&mut self, text: &str) {
        if self.kept > 0 {
            self.text.push_str(text);
            return;
        }
        for c in text.chars() {
            let blank = c.is_whitespace() && c != '\u{3000}';
            if !blank {
                self.text.push(c);
            } else if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                self.text.push(' ');
            }
        }
    }
    fn line(&mut self) {
        while self.text.ends_with(' ') {
            self.text.pop();
        }
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
    /// The whole.
    pub fn end(self) -> String {
        self.text.trim().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_breaks_and_lists_become_lines() {
        let mut p = Plain::default();
        for step in [
            "<div",
            "<p",
            "The  system\n shall",
            "<b",
            " hold",
            ">b",
            ".",
            ">p",
            "<ul",
            "<li",
            "one",
            ">li",
            "<li",
            "two",
            ">li",
            ">ul",
            ">div",
        ] {
            match step.as_bytes()[0] {
                b'<' => p.open(&step[1..]),
                b'>' => p.close(&step[1..]),
                _ => p.add(step),
            }
        }
        assert_eq!(p.end(), "The system shall hold.\n- one\n- two");
    }
}
