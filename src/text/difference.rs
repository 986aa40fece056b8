//! The difference between two wordings, by words: `建立[-登记-]{+备案+}制度`.
//!
//! A Chinese character is a word; Latin letters and digits count by the run.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Longer wordings are shown as a whole: nobody reads such a difference, and comparing
/// costs more than its length.
const LONGEST: usize = 20_000;

fn words(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = 0;
    let mut run = false;
    for (at, c) in text.char_indices() {
        let joins = c.is_ascii_alphanumeric() || (c.is_alphabetic() && (c as u32) < 0x2e80);
        if at > from && !(run && joins) {
            out.push(&text[from..at]);
            from = at;
        }
        run = joins;
    }
    if from < text.len() {
        out.push(&text[from..]);
    }
    out
}

/// Old and new in one line: what went in `[-…-]`, what came in `{+…+}`.
pub fn difference(old: &str, new: &str) -> String {
    let (a, b) = (words(old), words(new));
    if a.len() + b.len() > LONGEST {
        return marked(old, new);
    }
    let mut out = String::new();
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        let (gone, came) = (a[op.old_range()].concat(), b[op.new_range()].concat());
        out.push_str(&if let DiffOp::Equal { .. } = op { gone } else { marked(&gone, &came) });
    }
    out
}

fn marked(gone: &str, came: &str) -> String {
    let mark = |lead, text: &str, tail| if text.is_empty() { String::new() } else { format!("{lead}{text}{tail}") };
    mark("[-", gone, "-]") + &mark("{+", came, "+}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_stay_are_not_repeated() {
        assert_eq!(difference("建立登记制度", "建立备案制度"), "建立[-登记-]{+备案+}制度");
        assert_eq!(difference("open every day", "open each day"), "open [-every-]{+each+} day");
        assert_eq!(difference("", "新"), "{+新+}");
        assert_eq!(difference("same", "same"), "same");
    }
}
