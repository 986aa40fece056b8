//! Hand edits of sealed files: what a person meant by them, so that it can be recorded the
//! lawful way.
//!
//! [`find`] holds a file as it is against the file as it was sealed. A changed line becomes
//! a correction of the entry it was; a line typed in becomes a draft; a line taken out is
//! simply put back (an entry is withdrawn with `void`). What a person may not correct (the
//! time, the writer, the duty) is told.

use super::proposal::FIELDS;
use crate::digest;
use crate::finding::words;
use crate::log::lines::split;
use crate::model::Words;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// One hand edit.
#[derive(Debug, Clone)]
pub struct Edit {
    /// 1-based line in the file as it is.
    pub line: usize,
    /// What becomes of it.
    pub becomes: Becomes,
    /// In words.
    pub what: Words,
}

/// What becomes of a hand edit.
#[derive(Debug, Clone, PartialEq)]
pub enum Becomes {
    /// A correction, to be sealed.
    Correction(Value),
    /// A draft for a person to look at: its entry, or nothing where the words say none.
    Draft(Option<Value>),
    /// Nothing: the line is put back as it was.
    PutBack,
}

/// The edits of a file: its bytes now, and the lines that were sealed (those that `repair`
/// puts there, all ends of a fork together).
pub fn find(now: &[u8], sealed: &[Vec<u8>]) -> Vec<Edit> {
    let genuine: HashSet<&[u8]> = sealed.iter().map(Vec::as_slice).collect();
    let now = now.strip_prefix(b"\xef\xbb\xbf").unwrap_or(now);
    let lines: Vec<&[u8]> = now.split(|b| *b == b'\n').map(|l| l.strip_suffix(b"\r").unwrap_or(l)).collect();
    let have: HashSet<&[u8]> = lines.iter().copied().collect();
    let missing = |l: &&Vec<u8>| !have.contains(l.as_slice());
    let mut used: HashSet<&[u8]> = HashSet::new();
    let mut out = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let blank = line.iter().all(|b| b.is_ascii_whitespace() || *b == 0);
        // A line that the machine cut short is a beginning of one that was sealed.
        let torn = i + 1 == lines.len() && sealed.iter().any(|l| l.starts_with(line));
        if genuine.contains(line) || blank || torn {
            continue;
        }
        let text = String::from_utf8_lossy(line);
        let map: Option<Map<String, Value>> = serde_json::from_str(&text).ok();
        let seq = map.as_ref().and_then(|m| m.get("seq")).and_then(Value::as_u64);
        let was = sealed
            .iter()
            .filter(missing)
            .find(|l| !used.contains(l.as_slice()) && split(l).map(|s| s.seq) == Some(seq.unwrap_or(i as u64)))
            .or_else(|| sealed.get(i).filter(missing).filter(|l| seq.is_none() && !used.contains(l.as_slice())));
        let edit = match was {
            Some(was) => {
                used.insert(was);
                changed(map, was)
            }
            None => typed(map),
        };
        out.push(Edit { line: i + 1, becomes: edit.0, what: edit.1 });
    }
    for (i, l) in sealed.iter().enumerate().filter(|(_, l)| missing(l)) {
        if !used.contains(l.as_slice()) {
            let what = words(
                "被删去，放回原处；要撤回一条记录，请用 duban log void".into(),
                "it was taken out and is put back; to withdraw an entry use `duban log void`".into(),
            );
            out.push(Edit { line: i + 1, becomes: Becomes::PutBack, what });
        }
    }
    out
}

/// A line that was sealed with other words.
fn changed(map: Option<Map<String, Value>>, was: &[u8]) -> (Becomes, Words) {
    let was: Map<String, Value> = serde_json::from_slice(was).unwrap_or_default();
    let h = was.get("h").and_then(Value::as_str).unwrap_or_default().to_string();
    let Some(map) = map else {
        return (
            Becomes::Draft(None),
            words(
                format!("条目 {h} 被改成读不出的内容；放回原文，所改文字留作草稿"),
                format!("entry {h} was changed into something unreadable; it is put back, the words are kept as a draft"),
            ),
        );
    };
    if was.get("seq") == Some(&Value::from(0)) {
        return (Becomes::PutBack, words("日志头不能更正，放回原文".into(), "a file's header cannot be corrected; it is put back".into()));
    }
    let frame = ["seq", "at", "by", "dept", "saw", "clock", "fp", "h", "key"];
    let fixed: Vec<&str> = frame.iter().copied().filter(|k| map.get(*k) != was.get(*k)).collect();
    let inner = |m: &Map<String, Value>| {
        let fields = FIELDS.iter().filter(|f| !frame.contains(&f.1) && f.1 != "fixes");
        fields.filter_map(|f| Some((f.1.to_string(), m.get(f.1)?.clone()))).collect::<Map<_, _>>()
    };
    let (new, old) = (inner(&map), inner(&was));
    let unknown: Vec<&str> =
        map.keys().map(String::as_str).filter(|k| !was.contains_key(*k) && !FIELDS.iter().any(|f| f.1 == *k)).collect();
    if map.get("duty") != was.get("duty") {
        return (
            Becomes::Draft(Some(Value::Object(new))),
            words(
                format!("条目 {h} 被改到另一事项：更正只能在同一事项内；放回原文，所改内容留作草稿；原条目有误的，用 duban log void 撤回"),
                format!(
                    "entry {h} was moved to another duty, and a correction stays with its duty: it is put back, the new words are \
                     kept as a draft; if the old entry is wrong, withdraw it with `duban log void`"
                ),
            ),
        );
    }
    if new == old {
        let list = fixed.iter().chain(&unknown).copied().collect::<Vec<_>>().join(", ");
        return (
            Becomes::PutBack,
            words(
                format!("条目 {h} 只改了 {list}，这些由程序填写，不能更正；放回原文"),
                format!("entry {h}: only {list} changed, which the program fills in and nobody corrects; it is put back"),
            ),
        );
    }
    let moved: Vec<&str> = FIELDS.iter().map(|f| f.1).filter(|f| new.get(*f) != old.get(*f)).collect();
    let list = moved.join(", ");
    let mut correction = new;
    correction.insert("fixes".into(), h.clone().into());
    (
        Becomes::Correction(Value::Object(correction)),
        words(
            format!("条目 {h} 的 {list} 被改；放回原文，所改内容另记为更正"),
            format!("entry {h}: {list} changed; it is put back and the change recorded as a correction"),
        ),
    )
}

/// A line that nobody sealed.
fn typed(map: Option<Map<String, Value>>) -> (Becomes, Words) {
    let Some(map) = map else {
        return (
            Becomes::Draft(None),
            words(
                "手工写入的文字，不是条目；移出日志，留作草稿".into(),
                "typed in by hand and no entry; it is taken out and kept as a draft".into(),
            ),
        );
    };
    let kept: Map<String, Value> = FIELDS.iter().filter_map(|f| Some((f.1.to_string(), map.get(f.1)?.clone()))).collect();
    let entry = (kept.contains_key("duty") && kept.contains_key("event")).then_some(Value::Object(kept));
    (
        Becomes::Draft(entry),
        words(
            "手工写入的一行，未经封存；移出日志，改为草稿，核对后 duban log seal".into(),
            "a line typed in by hand, never sealed; it is taken out and offered as a draft: look it over, then `duban log seal`".into(),
        ),
    )
}

/// A name for the draft of an edit, the same for the same edit.
pub fn draft_name(file: &str, edit: &Edit, text: &str) -> String {
    let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".jsonl");
    let kind = if matches!(edit.becomes, Becomes::Correction(_)) { "amend" } else { "typed" };
    let mark: String = digest::hex(format!("{file}\n{text}").as_bytes()).chars().take(8).collect();
    format!("{kind}-{stem}.{}-{mark}.yaml", edit.line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(seq: u64, rest: &str) -> Vec<u8> {
        format!("{{\"seq\":{seq},{rest},\"h\":\"{}\"}}", "A".repeat(21) + &seq.to_string()).into_bytes()
    }

    #[test]
    fn an_edit_is_a_correction_a_draft_or_put_back() {
        let a = line(0, "\"log\":\"duban/1\"");
        let b =
            line(1, "\"at\":\"t\",\"by\":\"x\",\"dept\":\"D\",\"duty\":\"OPN-1.01\",\"event\":\"progress\",\"percent\":40,\"note\":\"n\"");
        let c = line(2, "\"at\":\"t\",\"by\":\"x\",\"dept\":\"D\",\"duty\":\"OPN-1.02\",\"event\":\"start\"");
        let sealed = vec![a.clone(), b.clone(), c.clone()];
        let text = |lines: &[&[u8]]| lines.join(&b"\n"[..]);
        let swap = |l: &[u8], from: &str, to: &str| String::from_utf8(l.to_vec()).unwrap().replace(from, to).into_bytes();
        assert!(find(&text(&[&a, &b, &c, b""]), &sealed).is_empty());
        assert!(find(&text(&[&a, &b, &c[..9]]), &sealed)[0].becomes == Becomes::PutBack, "a torn tail is put back, not offered");
        let percent = swap(&b, "\"percent\":40", "\"percent\":60");
        let found = find(&text(&[&a, &percent, &c, b""]), &sealed);
        let Becomes::Correction(v) = &found[0].becomes else { panic!("{found:?}") };
        assert_eq!((found.len(), found[0].line, &v["percent"], &v["fixes"]), (1, 2, &60.into(), &serde_json::json!("A".repeat(21) + "1")));
        let at = swap(&b, "\"at\":\"t\"", "\"at\":\"u\"");
        assert_eq!(find(&text(&[&a, &at, &c, b""]), &sealed)[0].becomes, Becomes::PutBack);
        let duty = swap(&b, "OPN-1.01", "OPN-1.03");
        assert!(matches!(find(&text(&[&a, &duty, &c, b""]), &sealed)[0].becomes, Becomes::Draft(Some(_))));
        let typed = b"{\"duty\":\"OPN-1.01\",\"event\":\"progress\",\"percent\":50}";
        let found = find(&text(&[&a, &b, &c, typed, b""]), &sealed);
        assert!(matches!((&found[0].becomes, found.len()), (Becomes::Draft(Some(_)), 1)), "{found:?}");
        assert!(matches!(find(&text(&[&a, &b, &c, "记得补".as_bytes()]), &sealed)[0].becomes, Becomes::Draft(None)));
        assert_eq!(find(&text(&[&a, &c, b""]), &sealed)[0].becomes, Becomes::PutBack);
    }
}
