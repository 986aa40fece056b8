//! The linear pre-scan of a YAML file's bytes, before any reader sees it.
//!
//! It stops what no reader should be given (bytes that are not UTF-8, tabs and
//! full-width signs where YAML wants spaces and colons) and says whether the fast
//! typed reader may be trusted with the rest. Whatever is unusual — an empty value,
//! an anchor, brackets in quotes, deep flow nesting — is left to the slow reader with
//! places, which is bounded: the typed reader's flow mappings are quadratic in depth
//! (60 s for 400 KB of braces were seen) and it reads an empty value as absent.

/// Something wrong at a byte.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// Byte offset of its first byte.
    pub from: usize,
    /// Byte offset after its last byte.
    pub to: usize,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What the scan found.
#[derive(Debug, Default)]
pub struct Scan {
    /// Reasons not to read on.
    pub troubles: Vec<Trouble>,
    /// True when the slow reader must judge.
    pub unusual: bool,
}

/// Files above this size are refused: 256 MiB.
pub const MAX_BYTES: u64 = 256 << 20;
/// Flow depth up to which the fast reader is trusted.
const MAX_FLOW: u32 = 16;

/// Holds bytes against UTF-8; a byte-order mark or a control character is a trouble too.
///
/// # Errors
/// Where the bytes stop being readable text.
pub fn utf8(bytes: &[u8]) -> Result<&str, Trouble> {
    let text = std::str::from_utf8(bytes).map_err(|e| Trouble {
        from: e.valid_up_to(),
        to: e.valid_up_to() + 1,
        zh: "此处的字节不是 UTF-8；文件可能是 GB18030（GBK）编码，请另存为 UTF-8".into(),
        en: "the bytes here are not UTF-8; the file may be in GB18030 (GBK): save it as UTF-8".into(),
    })?;
    if text.starts_with('\u{feff}') {
        return Err(Trouble {
            from: 0,
            to: 3,
            zh: "文件以字节序标记（BOM）开头，请另存为不带 BOM 的 UTF-8".into(),
            en: "the file begins with a byte-order mark; save it as UTF-8 without one".into(),
        });
    }
    Ok(text)
}

/// Scans a text once.
pub fn scan(text: &str) -> Scan {
    let mut scan = Scan::default();
    let mut flow = Flow::default();
    let mut offset = 0;
    let mut wants_value: Option<usize> = None;
    let has = Has::of(text);
    for line in text.split_inclusive('\n') {
        let body = line.strip_suffix('\n').unwrap_or(line);
        let body = body.strip_suffix('\r').unwrap_or(body);
        indentation(&mut scan, body, offset, has);
        let trimmed = body.trim_start_matches([' ', '\t']);
        let indent = body.len() - trimmed.len();
        if !trimmed.is_empty() && !trimmed.starts_with('#') {
            if let Some(outer) = wants_value.take()
                && (indent < outer || indent == outer && !trimmed.starts_with("- "))
            {
                scan.unusual = true;
            }
            wants_value = inspect(&mut scan, body, indent, &mut flow, has);
            wide_colon(&mut scan, trimmed, offset + indent);
        }
        if scan.troubles.len() >= 50 {
            break;
        }
        offset += line.len();
    }
    scan.unusual |= wants_value.is_some();
    scan
}

/// What occurs anywhere in a text: asked once, so that a text without it is not asked line by line.
#[derive(Clone, Copy)]
struct Has {
    odd_breaks: bool,
    controls: bool,
    key_marks: bool,
    nests: bool,
}

impl Has {
    fn of(text: &str) -> Has {
        let odd = ["\u{85}", "\u{2028}", "\u{2029}", "\u{feff}"];
        // Without a way out, so that sixteen bytes are looked at in one step.
        let controls = text.bytes().fold(false, |found, b| found | (b < 0x20 && b != b'\t' && b != b'\n') | (b == 0x7f));
        Has {
            odd_breaks: controls && text.contains('\r') || odd.iter().any(|c| text.contains(c)),
            controls,
            key_marks: text.contains("? "),
            nests: text.contains("- - - -"),
        }
    }
}

/// Tabs, full-width and no-break spaces as indentation; control characters anywhere.
fn indentation(scan: &mut Scan, body: &str, offset: usize, has: Has) {
    for (i, c) in body.char_indices() {
        let (zh, en) = match c {
            ' ' => continue,
            '\t' => ("缩进用了制表符；YAML 只认半角空格", "a tab is used as indentation; YAML allows spaces only"),
            '\u{3000}' => ("缩进用了全角空格；请改为半角空格", "a full-width space is used as indentation; use plain spaces"),
            '\u{a0}' => ("缩进用了不间断空格；请改为半角空格", "a no-break space is used as indentation; use plain spaces"),
            _ => break,
        };
        if c == '\t' && body.trim().is_empty() {
            break;
        }
        scan.troubles.push(Trouble { from: offset + i, to: offset + i + c.len_utf8(), zh: zh.into(), en: en.into() });
        return;
    }
    // What one reader takes for a line end and the other does not could hide a key from
    // one of them, or in a comment.
    if has.odd_breaks
        && let Some((i, c)) = body.char_indices().find(|(_, c)| matches!(c, '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}'))
    {
        let (zh, en) = (
            "行内有别种换行符或字节序标记（CR、NEL、U+2028、U+2029、U+FEFF）",
            "an odd line break or mark (CR, NEL, U+2028, U+2029, U+FEFF) stands inside the line",
        );
        scan.troubles.push(Trouble { from: offset + i, to: offset + i + c.len_utf8(), zh: zh.into(), en: en.into() });
    }
    if has.controls
        && let Some(i) = body.bytes().position(|b| b < 0x20 && b != b'\t' && b != b'\r' || b == 0x7f)
    {
        scan.troubles.push(Trouble {
            from: offset + i,
            to: offset + i + 1,
            zh: "含有控制字符".into(),
            en: "there is a control character here".into(),
        });
    }
}

/// `owner：` with a full-width colon: YAML sees one long word instead of a key.
fn wide_colon(scan: &mut Scan, trimmed: &str, offset: usize) {
    let key = trimmed.trim_start_matches("- ");
    let skipped = trimmed.len() - key.len();
    // Only a word that is a key of some register file: `app：` at the head of a text is none.
    let word = key.bytes().take_while(|b| b.is_ascii_lowercase() || *b == b'_').count();
    if word > 0 && key[word..].starts_with('：') && super::shape::is_key(&key[..word]) {
        let from = offset + skipped + word;
        scan.troubles.push(Trouble {
            from,
            to: from + '：'.len_utf8(),
            zh: format!("键 `{}` 后面是全角冒号；请改为半角冒号加空格", &key[..word]),
            en: format!("a full-width colon follows the key `{}`; write a plain colon and a space", &key[..word]),
        });
    }
}

/// Brackets that are open, over lines.
#[derive(Default)]
struct Flow {
    depth: u32,
    /// One bit a bracket, the innermost last: braces.
    braces: u64,
    /// In braces: the entry has its colon. Without, `{zh, en: x}`, the typed reader takes the key's
    /// value for absent.
    valued: bool,
}

impl Flow {
    fn open(&mut self, brace: bool) {
        self.depth += 1;
        self.braces = self.braces << 1 | u64::from(brace);
        self.valued = false;
    }

    /// True when the entry before has no colon; so has one that is not there, as after the last comma.
    fn comma(&mut self) -> bool {
        let bare = self.braces & 1 == 1 && !self.valued;
        self.valued = false;
        bare
    }

    fn close(&mut self) -> bool {
        let bare = self.comma();
        self.depth = self.depth.saturating_sub(1);
        self.braces >>= 1;
        // It stands behind its key.
        self.valued = true;
        bare
    }
}

/// Bytes that may mean something to YAML; the others, letters above all, are passed over.
const LOOKED_AT: [bool; 256] = {
    let mut table = [false; 256];
    let some = b"\"'{}[]#&*!~%`@+-0nN:?,";
    let mut i = 0;
    while i < some.len() {
        table[some[i] as usize] = true;
        i += 1;
    }
    table
};

/// Looks at one line outside comments; returns the indent that a value must exceed
/// when the line ends in a bare `key:`.
fn inspect(scan: &mut Scan, body: &str, indent: usize, flow: &mut Flow, has: Has) -> Option<usize> {
    let bytes = body.as_bytes();
    let mut quote = 0u8;
    let mut end = bytes.len();
    let mut i = indent;
    while i < bytes.len() {
        let b = bytes[i];
        if !LOOKED_AT[b as usize] {
            i += 1;
            continue;
        }
        let before = if i == 0 { b' ' } else { bytes[i - 1] };
        let next = bytes.get(i + 1).copied().unwrap_or(b' ');
        let starts = matches!(before, b' ' | b'[' | b'{' | b',');
        match b {
            b'"' | b'\'' if quote == 0 && starts => quote = b,
            _ if b == quote => quote = 0,
            b'{' | b'[' | b'}' | b']' | b'#' if quote != 0 => scan.unusual = true,
            b'#' if quote == 0 && before == b' ' => {
                end = i;
                break;
            }
            b'{' | b'[' if quote == 0 => flow.open(b == b'{'),
            // `{}` has nothing that could lack a colon.
            b'}' | b']' if quote == 0 => scan.unusual |= flow.close() && !body[..i].trim_end().ends_with('{'),
            b',' if quote == 0 => scan.unusual |= flow.comma(),
            b'&' | b'*' | b'!' | b'~' | b'%' | b'`' | b'@' if quote == 0 && starts && next != b' ' => scan.unusual = true,
            b'~' if starts => scan.unusual = true,
            // A lone tag, `[-]`, and what the typed reader alone takes for a number or for
            // nothing: `+3`, `0x10`, `007`, `null`.
            b'!' | b'+' if quote == 0 && starts => scan.unusual = true,
            // In brackets the typed reader takes `?2: x` for the key `2`, as if a space followed.
            b'?' if quote == 0 && starts && flow.depth > 0 => scan.unusual = true,
            b'-' if quote == 0 && starts && matches!(next, b']' | b',' | b'}') => scan.unusual = true,
            b'0' if quote == 0 && starts && next.is_ascii_alphanumeric() => scan.unusual = true,
            b'n' | b'N' if quote == 0 && starts && body.as_bytes()[i..].get(..4).is_some_and(|w| w.eq_ignore_ascii_case(b"null")) => {
                scan.unusual = true;
            }
            b':' if quote == 0 && matches!(next, b' ') => {
                flow.valued = true;
                let rest = body[i + 1..].trim_start();
                let empty = rest.starts_with([',', '}', ']', '#']) || rest.starts_with("\"\"") || rest.starts_with("''");
                scan.unusual |= empty;
            }
            _ => {}
        }
        scan.unusual |= flow.depth > MAX_FLOW;
        i += 1;
    }
    scan.unusual |= quote != 0
        || body.starts_with("---")
        || body.starts_with("...")
        || body.starts_with('%')
        || has.nests && body.contains("- - - -")
        || has.key_marks && body.contains("? ");
    let code = body[..end].trim_end();
    let key_indent = code.len() - code.trim_start_matches(['-', ' ']).len();
    // In brackets its value may be missing on the next line: `{a:`, `, b: c}`.
    scan.unusual |= flow.depth > 0 && code.ends_with(':');
    (quote == 0 && code.ends_with(':')).then_some(key_indent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_registers_take_the_fast_road() {
        let text = "# head\n- id: OPN-1.01\n  title: {zh: 标题：甲, en: A & B}\n  owner:\n    lead: [DEP-A]\n  needs:\n  - {on: X}\n  why: it's \"so\"\n";
        let scan = scan(text);
        assert!(scan.troubles.is_empty() && !scan.unusual, "{scan:?}");
    }

    #[test]
    fn odd_things_are_seen() {
        for odd in [
            "a:\nb: 1\n",
            "a: ~\n",
            "a: null\n",
            "a: {zh: }\n",
            "a: &x 1\nb: *x\n",
            "a:\n",
            "---\na: 1\n---\n",
            "a: {\"]\": {\n",
            "a: \"\"\n",
            "a: {b: c,?d: e}\n",
            "a: {b:\n  , c: d}\n",
            "a: {b, c: d}\n",
            "a: {b: [c, {d: e}], f}\n",
        ] {
            assert!(scan(odd).unusual, "{odd:?}");
        }
        assert!(scan(&"{a: ".repeat(40)).unusual);
        for bad in ["a:\n\tb: 1\n", "a:\n　b: 1\n", "owner： x\n", "- lead：x\n", "a: \u{1}\n"] {
            assert_eq!(scan(bad).troubles.len(), 1, "{bad:?}");
        }
    }
}
