//! A text that can be read, from one that is being typed.
//!
//! Lines that break the YAML are emptied, as few as possible; all others stay where they
//! are, so every place found in the result is a place in the original. A broken item of a
//! list is looked at by itself and, when nothing else helps, emptied whole.

use crate::load::tree;

/// Texts above this many bytes are not mended: it would be felt while typing.
const MOST: usize = 4 << 20;
/// Lines emptied before giving up.
const TRIES: usize = 12;

/// The text with what breaks it emptied; `suspect` is the line (from 0) changed last.
/// `None` where it is fine already or beyond help.
pub fn heal(text: &str, suspect: Option<usize>) -> Option<String> {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    if text.len() > MOST || tree::parse(text).is_ok() {
        return None;
    }
    let starts: Vec<usize> = (0..lines.len()).filter(|i| lines[*i].starts_with("- ") || lines[*i].trim_end() == "-").collect();
    if starts.len() > 1 {
        for (n, from) in starts.iter().copied().enumerate() {
            let to = starts.get(n + 1).copied().unwrap_or(lines.len());
            piece(&mut lines[from..to], suspect.and_then(|s| s.checked_sub(from)).filter(|s| *s < to - from));
        }
    }
    let whole = lines.concat();
    if tree::parse(&whole).is_ok() {
        return Some(whole);
    }
    mend(&mut lines, suspect).then(|| lines.concat())
}

/// One item of a list.
fn piece(lines: &mut [&str], suspect: Option<usize>) {
    if tree::parse(&lines.concat()).is_err() && !mend(lines, suspect) {
        lines.iter_mut().for_each(empty);
    }
}

/// Empties lines until the rest can be read: first the one that is being typed, then the
/// one that the reader stumbles over or the one before it, whichever takes it further.
fn mend(lines: &mut [&str], suspect: Option<usize>) -> bool {
    let reach = |lines: &[&str]| tree::parse(&lines.concat()).map_or_else(|e| e.line, |_| usize::MAX);
    let without = |lines: &[&str], n: usize| {
        let mut left = lines.to_vec();
        empty(&mut left[n]);
        reach(&left)
    };
    if let Some(n) = suspect.filter(|n| *n < lines.len())
        && without(lines, n) > reach(lines)
    {
        empty(&mut lines[n]);
    }
    for _ in 0..TRIES {
        let at = reach(lines);
        if at == usize::MAX {
            return true;
        }
        let full = |n: &usize| !lines[*n].trim().is_empty();
        let near: Vec<usize> = (0..at.min(lines.len())).rev().filter(full).take(2).collect();
        let Some(worst) = near.into_iter().max_by_key(|n| (without(lines, *n), *n)) else { return false };
        empty(&mut lines[worst]);
    }
    reach(lines) == usize::MAX
}

fn empty(line: &mut &str) {
    *line = if line.ends_with("\r\n") {
        "\r\n"
    } else if line.ends_with('\n') {
        "\n"
    } else {
        ""
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_goes_and_every_other_stays() {
        let text = "a: 1\nb: [x, \nc: 2\nd: 3\n";
        assert_eq!(heal(text, Some(1)).as_deref(), Some("a: 1\n\nc: 2\nd: 3\n"));
        assert_eq!(heal(text, None).as_deref(), Some("a: 1\n\nc: 2\nd: 3\n"));
        let list = "- id: A\n  x: {y\n  z: 1\n- id: B\n  x: 1\n";
        assert_eq!(heal(list, None).as_deref(), Some("- id: A\n\n  z: 1\n- id: B\n  x: 1\n"));
        assert_eq!(heal("a: 1\n", None), None);
    }

    #[test]
    fn half_a_key_goes() {
        let text = "- id: A\n  kind: build\n  mod\n  title: x\n- id: B\n";
        let healed = heal(text, None).expect("mended");
        assert!(healed.contains("title: x") && healed.contains("kind: build") && !healed.contains("mod"), "{healed}");
    }
}
