//! Many entries from one file: JSON Lines, or CSV with a header of field names.
//!
//! UTF-8, with or without a byte-order mark; a CSV that a Chinese spreadsheet saved as
//! GB18030 is understood and told. Every row is read before anything is judged, and every
//! mistake of every row is told with its line.

use super::proposal::{self, Cited, FIELDS, Proposal};
use crate::digest;
use crate::finding::words;
use crate::model::{Words, time};
use crate::text::did_you_mean;
use serde_json::{Map, Value, json};

/// The rows of a file.
#[derive(Debug, Default)]
pub struct Rows {
    /// Line, and the entry.
    pub items: Vec<(usize, Proposal)>,
    /// Line and mistake.
    pub slips: Vec<(usize, Words)>,
    /// Rows met, good or not.
    pub read: usize,
    /// What else should be known.
    pub notes: Vec<Words>,
}

fn say(zh: impl Into<String>, en: impl Into<String>) -> Words {
    words(zh.into(), en.into())
}

/// Reads a file by the ending of its name; entries without a key get one from the file's
/// digest and their row, so that the same file brought in again records nothing twice.
///
/// # Errors
/// When the file as a whole cannot be read as a table.
pub fn read(name: &str, bytes: &[u8]) -> Result<Rows, Words> {
    let lower = name.to_lowercase();
    let mut rows = if lower.ends_with(".jsonl") || lower.ends_with(".ndjson") {
        let text = std::str::from_utf8(bytes).map_err(|_| say("不是 UTF-8 文本", "the file is not UTF-8 text"))?;
        jsonl(text.strip_prefix('\u{feff}').unwrap_or(text))
    } else if lower.ends_with(".csv") {
        let (text, gb) = decoded(bytes)?;
        let (by, note) = divider(&text);
        let mut rows = csv(&text, by)?;
        rows.notes.extend(note);
        if gb {
            rows.notes.push(say("文件是 GB18030 编码，已按此读入", "the file is in GB18030 and was read as such"));
        }
        rows
    } else {
        return Err(say("不知道这是什么表：文件名应以 .jsonl 或 .csv 结尾", "which table is this? the name should end in .jsonl or .csv"));
    };
    let sum = digest::hex(bytes);
    for (line, p) in &mut rows.items {
        if p.key.is_none() {
            p.key = Some(format!("import-{}-{line}", &sum[..16]).into());
        }
    }
    Ok(rows)
}

/// The text of a CSV and whether it was GB18030.
///
/// # Errors
/// When it is neither that nor UTF-8.
pub fn decoded(bytes: &[u8]) -> Result<(String, bool), Words> {
    // Ends of lines in one form: the reader counts lines by LF, and one behind where CR comes first.
    let ends = |t: &str| t.replace("\r\n", "\n").replace('\r', "\n");
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((ends(text), false));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(say("文件是 UTF-16，请另存为 UTF-8", "the file is UTF-16; save it as UTF-8"));
    }
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(|t| (ends(&t), true))
        .ok_or_else(|| say("既不是 UTF-8 也不是 GB18030", "the file is neither UTF-8 nor GB18030"))
}

/// What parts the cells of a CSV, by its first line that has any of them outside of quotes: a comma,
/// or the semicolon or tab that spreadsheets of some countries write. With the words that tell it.
pub fn divider(text: &str) -> (u8, Option<Words>) {
    for line in text.lines() {
        let mut quoted = false;
        let mut counts = [0usize; 3];
        for b in line.bytes() {
            quoted ^= b == b'"';
            if let (false, Some(i)) = (quoted, b",;\t".iter().position(|d| *d == b)) {
                counts[i] += 1;
            }
        }
        match counts {
            [0, 0, 0] => continue,
            // A comma in a head is none of its words: where one stands the file is an ordinary one.
            [0, s, t] if s >= t => {
                return (b';', Some(say("以分号分隔，已按此读入", "its cells are parted by semicolons and were read so")));
            }
            [0, ..] => return (b'\t', Some(say("以制表符分隔，已按此读入", "its cells are parted by tabs and were read so"))),
            _ => break,
        }
    }
    (b',', None)
}

fn jsonl(text: &str) -> Rows {
    let mut rows = Rows::default();
    for (i, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        rows.read += 1;
        match serde_json::from_str::<Map<String, Value>>(line) {
            Ok(map) => take(&mut rows, i + 1, map),
            Err(e) => rows.slips.push((i + 1, say(format!("不是一个 JSON 对象：{e}"), format!("this is not one JSON object: {e}")))),
        }
    }
    rows
}

fn csv(text: &str, by: u8) -> Result<Rows, Words> {
    let mut reader = csv::ReaderBuilder::new().delimiter(by).flexible(true).from_reader(text.as_bytes());
    let bad = |e: csv::Error| say(format!("CSV 有误：{e}"), format!("this is not CSV: {e}"));
    let mut columns: Vec<Option<&'static str>> = Vec::new();
    let mut wrong = Vec::new();
    for (n, head) in reader.headers().map_err(bad)?.iter().enumerate() {
        let head = head.trim();
        let field = FIELDS.iter().find(|f| f.0 == head || f.1 == head).map(|f| f.1);
        let known = FIELDS.iter().flat_map(|f| [f.0, f.1]);
        if field.is_none() {
            let near = did_you_mean(head, known).map_or(String::new(), |n| format!(" → {n}?"));
            wrong.push(format!("{} `{head}`{near}", n + 1));
        } else if columns.contains(&field) {
            wrong.push(format!("{} `{head}` ×2", n + 1));
        }
        columns.push(field);
    }
    if !wrong.is_empty() {
        let (list, all) = (wrong.join(", "), FIELDS.iter().map(|f| format!("{}/{}", f.0, f.1)).collect::<Vec<_>>().join(" "));
        return Err(say(format!("表头有误：第 {list} 列；可用：{all}"), format!("the header is wrong at column {list}; known: {all}")));
    }
    let mut rows = Rows::default();
    for record in reader.records() {
        rows.read += 1;
        let record = match record {
            Ok(r) => r,
            Err(e) => {
                let line = e.position().map_or(0, |p| p.line() as usize);
                rows.slips.push((line, bad(e)));
                continue;
            }
        };
        let line = record.position().map_or(0, |p| p.line() as usize);
        if record.len() != columns.len() {
            let (n, m) = (record.len(), columns.len());
            rows.slips.push((line, say(format!("有 {n} 格，表头有 {m} 列"), format!("there are {n} cells under {m} columns"))));
            continue;
        }
        let cells = columns.iter().zip(&record).filter(|(_, c)| !c.trim().is_empty());
        let map: Map<String, Value> =
            cells.map(|(f, c)| (f.expect("unknown columns were refused").to_string(), cell(f.unwrap_or(""), c.trim()))).collect();
        if map.is_empty() {
            rows.read -= 1;
            continue;
        }
        take(&mut rows, line, map);
    }
    Ok(rows)
}

/// A CSV cell as the value that JSON would hold; what it cannot be stays text and is refused
/// where it is read.
fn cell(field: &str, text: &str) -> Value {
    // An input method leaves ids, figures and days in full width; free text stays as typed.
    let narrow: String = crate::text::folded(text).into_iter().collect();
    let text = if narrow.is_ascii() && !matches!(field, "note" | "reason" | "evidence") { narrow.as_str() } else { text };
    match field {
        "percent" => text.trim_end_matches('%').parse::<u8>().map_or_else(|_| json!(text), |n| json!(n)),
        "nil" => match text.to_lowercase().as_str() {
            "true" | "yes" | "1" | "是" => json!(true),
            "false" | "no" | "0" | "否" => json!(false),
            _ => json!(text),
        },
        "evidence" => json!(text.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>()),
        _ => json!(text),
    }
}

/// One row: each field is looked at by itself, so that one run tells all mistakes.
fn take(rows: &mut Rows, line: usize, mut map: Map<String, Value>) {
    let mut slips = Vec::new();
    for key in map.keys() {
        if !FIELDS.iter().any(|f| f.1 == key) {
            let near = did_you_mean(key, FIELDS.iter().map(|f| f.1));
            let near = near.map_or(String::new(), |n| format!(" → {n}?"));
            slips.push(say(format!("没有 `{key}` 这一项{near}"), format!("there is no field `{key}`{near}")));
        }
    }
    for need in ["duty", "event"] {
        if map.get(need).is_none_or(Value::is_null) {
            slips.push(say(format!("缺少 {need}"), format!("{need} is missing")));
        }
    }
    if let Some(Value::String(word)) = map.get("event") {
        match proposal::event(word) {
            Ok(event) => {
                map.insert("event".into(), json!(event.code()));
            }
            Err(f) => slips.push(joined(&f.what, &f.hint)),
        }
    }
    if let Some(value) = map.get("percent").filter(|v| v.as_u64().is_none_or(|n| n > 100)) {
        slips.push(say(
            format!("percent 是 {value}，应为 0 到 100 的整数"),
            format!("percent is {value}; a whole number from 0 to 100 is wanted"),
        ));
    }
    for key in ["day", "until"] {
        if let Some(text) = map.get(key).and_then(Value::as_str)
            && let Err(e) = if key == "day" { time::parse_date(text).map(|_| ()) } else { time::parse_due(text).map(|_| ()) }
        {
            slips.push(say(format!("{key}：{e}"), format!("{key}: {e}")));
        }
    }
    if let Some(value) = map.get("nil").filter(|v| !v.is_boolean()) {
        slips.push(say(format!("nil 是 {value}，应为 true 或 false"), format!("nil is {value}; true or false is wanted")));
    }
    if let Some(all) = map.get("evidence").and_then(Value::as_array) {
        for text in all.iter().filter_map(Value::as_str) {
            if let Err(f) = proposal::citation(&Cited::Short(text.into())) {
                slips.push(joined(&f.what, &f.hint));
            }
        }
    }
    if slips.is_empty() {
        match serde_json::from_value::<Proposal>(Value::Object(map)) {
            Ok(p) => return rows.items.push((line, p)),
            Err(e) => slips.push(say(format!("无法读取：{e}"), e.to_string())),
        }
    }
    rows.slips.extend(slips.into_iter().map(|s| (line, s)));
}

/// What is so and what to do, as one.
pub fn joined(what: &Words, hint: &Words) -> Words {
    let part = |a: &Option<Box<str>>, b: &Option<Box<str>>| {
        let (a, b) = (a.as_deref().unwrap_or_default(), b.as_deref().unwrap_or_default());
        if b.is_empty() { a.to_string() } else { format!("{a} → {b}") }
    };
    say(part(&what.zh, &hint.zh), part(&what.en, &hint.en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_headers_marks_and_words_are_understood() {
        let text =
            "\u{feff}编号,办理动作,进度,进展,佐证材料\nOPN-3.01,进展,40%,\"甲,乙\",\"policy-doc=甲;date=2026-01-02\nminutes=乙\"\n,,,,\n";
        let rows = read("a.csv", text.as_bytes()).unwrap();
        assert_eq!(rows.slips, Vec::new());
        let p = &rows.items[0].1;
        assert_eq!((rows.read, rows.items[0].0, p.percent, p.note.as_deref(), p.evidence.len()), (1, 2, Some(40), Some("甲,乙"), 2));
        let gb = encoding_rs::GB18030.encode(text.trim_start_matches('\u{feff}')).0.into_owned();
        let again = read("a.csv", &gb).unwrap();
        assert_eq!((again.items[0].1.note.as_deref(), again.notes.len()), (Some("甲,乙"), 1));
    }

    #[test]
    fn every_mistake_of_every_row_is_told() {
        let text =
            "{\"duty\":\"OPN-3.01\",\"event\":\"progres\",\"percent\":140,\"dya\":1}\n\nx\n{\"event\":\"start\",\"until\":\"soon\"}\n";
        let rows = read("a.jsonl", text.as_bytes()).unwrap();
        let lines: Vec<usize> = rows.slips.iter().map(|s| s.0).collect();
        assert_eq!((rows.read, rows.items.len(), lines), (3, 0, vec![1, 1, 1, 3, 4, 4]));
        assert!(read("a.csv", b"id,event\n").is_err());
        assert!(read("a.csv", b"duty,duty\n").is_err());
        assert!(read("a.txt", b"").is_err());
    }
}
