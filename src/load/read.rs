//! One file in: text, then typed, with every mistake told.
//!
//! 1. [`Reader::text`] reads the bytes and holds them against UTF-8.
//! 2. [`scan`] looks once at every line.
//! 3. A plain file is decoded by serde at once, in the plain style by [`quick`], else by the general
//!    reader. A list that is not read at once is cut into its items, and each is read so. What is
//!    unusual or broken, an item or a file, is read as a tree and held against its shape; what is
//!    good is decoded from the tree, what is bad returned as invalid, with its id where that can
//!    be read.

use super::decode::Source;
use super::quick;
use super::scan;
use super::shape::{self, Mistake};
use super::tree::{self, Node, NodeKind, TreeError};
use crate::finding::{Finding, Spot, words};
use crate::model::register::{FileInfo, LeftOut, Lost, Table};
use crate::model::{At, Instead, Invalid, Item, Tally};
use crate::text::Place;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

/// What has been read so far.
#[derive(Default)]
pub struct Reader {
    /// Files by number.
    pub files: Vec<FileInfo>,
    /// Mistakes met.
    pub findings: Vec<Finding>,
    /// What could not be decoded: not "unknown".
    pub lost: Lost,
    /// Counts.
    pub tally: Tally,
    /// Texts that are read in the place of what is on disk, or as if they were there.
    pub instead: Instead,
    /// Mistakes told in the file being read; [`MOST`] are enough to begin with.
    told: (u32, usize),
    /// Byte ranges of the lines of the file being read.
    lines: (u32, Vec<(usize, usize)>),
}

/// Mistakes told of one file; then one that says there are more.
const MOST: usize = 1000;

impl Reader {
    /// A reader with some texts in the place of what is on disk.
    pub fn with(instead: Instead) -> Reader {
        Reader { instead, ..Reader::default() }
    }

    /// Reads a file's text; `None` and a finding when that is not possible.
    pub fn text(&mut self, path: &Path, shown: &str) -> Option<u32> {
        let refuse = |reader: &mut Reader, zh: String, en: String| {
            reader.findings.push(Finding::new("E001", shown, Spot::Exact(Place::file(shown)), zh, en));
            None
        };
        self.tally.files += 1;
        if let Some(text) = self.instead.get(path) {
            // Held against the same forms as bytes from the disk.
            return match scan::utf8(text.as_bytes()) {
                Ok(text) => {
                    self.files.push(FileInfo { shown: shown.to_string(), path: path.to_path_buf(), text: Arc::from(text), items: 0 });
                    Some(self.files.len() as u32 - 1)
                }
                Err(t) => refuse(self, t.zh, t.en),
            };
        }
        let meta = match std::fs::symlink_metadata(path) {
            Ok(meta) => meta,
            Err(e) => return refuse(self, format!("无法读取文件：{e}"), format!("the file cannot be read: {e}")),
        };
        if meta.file_type().is_symlink() || !meta.is_file() {
            return refuse(
                self,
                "不是普通文件（符号链接、管道等一律不跟随）".into(),
                "not a regular file; links, pipes and the like are not followed".into(),
            );
        }
        if meta.len() > scan::MAX_BYTES {
            return refuse(self, "文件超过 256 MiB".into(), "the file is larger than 256 MiB".into());
        }
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(e) => return refuse(self, format!("无法读取文件：{e}"), format!("the file cannot be read: {e}")),
        };
        match scan::utf8(&bytes) {
            Ok(text) => {
                self.files.push(FileInfo { shown: shown.to_string(), path: path.to_path_buf(), text: Arc::from(text), items: 0 });
                Some(self.files.len() as u32 - 1)
            }
            Err(t) => {
                let lossy = String::from_utf8_lossy(&bytes[..(t.to + 60).min(bytes.len())]).into_owned();
                let place = Place::span(shown, &lossy, t.from, t.to);
                self.findings.push(Finding::new("E001", shown, Spot::Exact(place), t.zh, t.en));
                None
            }
        }
    }

    /// Leaves a path out by a named rule.
    pub fn leave_out(&mut self, path: &str, rule: &'static str) {
        self.tally.left_out.push(LeftOut { path: path.to_string(), rule });
    }

    /// A file that is a list of items of one table.
    pub fn list<T: DeserializeOwned + JsonSchema>(&mut self, file: u32, table: Table) -> (Vec<Item<T>>, Vec<Invalid>) {
        let text = self.files[file as usize].text.clone();
        let plain = self.plain(file, &text);
        if plain
            && let Some(nodes) = quick::read::<Vec<T>>(&text)
            && !nodes.is_empty()
        {
            self.files[file as usize].items = nodes.len();
            return (number(nodes, file), Vec::new());
        }
        if let Some(read) = self.one_by_one(file, table, &text, plain) {
            self.files[file as usize].items = read.0.len() + read.1.len();
            return read;
        }
        if plain
            && let Ok(nodes) = serde_yaml::from_str::<Vec<T>>(&text)
            // An empty file reads as an empty list there, and as nothing here.
            && !nodes.is_empty()
        {
            return (number(nodes, file), Vec::new());
        }
        let items = match tree::parse(&text) {
            // At least one item is missing from the count.
            Ok(None) => {
                self.empty(file);
                vec![Err((0, None))]
            }
            Ok(Some(Node { kind: NodeKind::Seq(items), .. })) => items.into_iter().map(Ok).collect(),
            Ok(Some(root)) => {
                let schema = shape_of::<Vec<T>>();
                self.mistakes(file, shape::mistakes(&root, &schema, &schema));
                // Something above made of the list something else: its items stay in the count.
                let lines: Vec<&str> = text.lines().collect();
                let items: Vec<_> = tree::pieces(&text).iter().map(|p| Err((p.before + 1, id_on_line(&lines, p.before + 1)))).collect();
                if items.is_empty() { vec![Err((1, None))] } else { items }
            }
            Err(e) => {
                let pieces = tree::parse_items(&text);
                if pieces.iter().all(|p| p.is_ok()) || pieces.is_empty() {
                    self.broken(file, &e);
                }
                let lines: Vec<&str> = text.lines().collect();
                let mut out = Vec::new();
                for piece in pieces {
                    out.push(piece.map_err(|(line, e)| {
                        self.broken(file, &e);
                        (line, id_on_line(&lines, line))
                    }));
                }
                if out.is_empty() { vec![Err((e.line, None))] } else { out }
            }
        };
        let schema = shape_of::<T>();
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for (i, item) in items.into_iter().enumerate() {
            let at = At { file, item: i as u32 };
            match item {
                Ok(node) => self.judge(&node, at, table, &schema, &mut good, &mut bad),
                Err((line, id)) => {
                    match &id {
                        Some(id) => self.lost.id(id),
                        None => self.lost.table(table),
                    }
                    bad.push(Invalid { id, at, line });
                }
            }
        }
        (good, bad)
    }

    /// A list file item by item, so that one which is unusual or wrong costs itself and not the
    /// whole file. `None`, and nothing told, where it may not be cut or a piece is not YAML.
    fn one_by_one<T: DeserializeOwned + JsonSchema>(
        &mut self,
        file: u32,
        table: Table,
        text: &str,
        plain: bool,
    ) -> Option<(Vec<Item<T>>, Vec<Invalid>)> {
        let pieces = tree::even_pieces(text)?;
        let schema = shape_of::<T>();
        let (told, findings, lost) = (self.told, self.findings.len(), std::mem::take(&mut self.lost));
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for (i, piece) in pieces.into_iter().enumerate() {
            let at = At { file, item: i as u32 };
            if (plain || is_plain(piece.text))
                && let Some(mut one) = typed::<Vec<T>>(piece.text)
                && one.len() == 1
                && let Some(node) = one.pop()
            {
                good.push(Item { node, at });
                continue;
            }
            let Ok(node) = piece.parse() else {
                self.findings.truncate(findings);
                (self.told, self.lost) = (told, lost);
                return None;
            };
            self.judge(&node, at, table, &schema, &mut good, &mut bad);
        }
        let found = std::mem::replace(&mut self.lost, lost);
        self.lost.join(found);
        Some((good, bad))
    }

    /// One item of a list, read as a tree: a good one, or one that is told and counted.
    fn judge<T: DeserializeOwned>(
        &mut self,
        node: &Node,
        at: At,
        table: Table,
        schema: &serde_json::Value,
        good: &mut Vec<Item<T>>,
        bad: &mut Vec<Invalid>,
    ) {
        match self.item(at.file, node, schema) {
            Some(node) => good.push(Item { node, at }),
            None => {
                self.lose(node, table);
                bad.push(Invalid { id: name_of(node), at, line: node.span.line });
            }
        }
    }

    /// Remembers every id that stands anywhere in a node: a department's former ids, an
    /// obligation's indicators.
    fn lose(&mut self, node: &Node, table: Table) {
        match name_of(node) {
            None => self.lost.table(table),
            Some(id) => self.lost.id(id),
        }
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            match &node.kind {
                NodeKind::Map(entries) => {
                    if let Some(id) = node.get("id").and_then(Node::text) {
                        self.lost.id(id);
                    }
                    open.extend(entries.iter().map(|(_, v)| v));
                }
                NodeKind::Seq(items) => open.extend(items),
                NodeKind::Scalar { .. } => {}
            }
        }
    }

    /// A file that is one mapping. Items of its lists that have mistakes are dropped
    /// one by one, and unknown keys alone, so that one bad department does not make every
    /// other unknown. What is lost without a name marks the whole table.
    pub fn whole<T: DeserializeOwned + JsonSchema>(&mut self, file: u32, table: Table) -> Option<T> {
        let value = self.mapping(file, table);
        if value.is_none() {
            self.lost.table(table);
        }
        value
    }

    fn mapping<T: DeserializeOwned + JsonSchema>(&mut self, file: u32, table: Table) -> Option<T> {
        let text = self.files[file as usize].text.clone();
        if self.plain(file, &text)
            && let Some(value) = typed::<T>(&text)
        {
            return Some(value);
        }
        let mut root = match tree::parse(&text) {
            Ok(Some(root)) => root,
            Ok(None) => {
                self.empty(file);
                return None;
            }
            Err(e) => {
                self.broken(file, &e);
                return None;
            }
        };
        let schema = shape_of::<T>();
        let found = shape::mistakes(&root, &schema, &schema);
        if found.is_empty() {
            return self.decode(file, &root);
        }
        let spans: Vec<_> = found.iter().map(|m| m.span).collect();
        self.mistakes(file, found);
        let inside = |n: &Node| {
            spans.iter().any(|s| (n.span.line, n.span.col) <= (s.line, s.col) && (s.line, s.col) <= (n.span.end_line, n.span.end_col))
        };
        if let NodeKind::Map(entries) = &mut root.kind {
            // A mistake at a key itself: it is unknown or stands there twice.
            let keys = entries.len();
            let mut seen = HashSet::new();
            entries.retain(|(k, _)| !(inside(k) && (!known(&schema, k) || !seen.insert(k.text().map(String::from)))));
            if entries.len() < keys {
                self.lost.table(table);
            }
            for (_, value) in entries.iter_mut() {
                if let NodeKind::Seq(items) = &mut value.kind {
                    items.iter().filter(|n| inside(n)).for_each(|n| self.lose(n, table));
                    items.retain(|n| !inside(n));
                }
            }
        }
        shape::mistakes(&root, &schema, &schema).is_empty().then(|| T::deserialize(Source(&root)).ok()).flatten()
    }

    fn empty(&mut self, file: u32) {
        let shown = self.files[file as usize].shown.clone();
        let spot = Spot::Exact(Place::file(&shown));
        self.findings.push(Finding::new("E005", &shown, spot, "文件是空的".into(), "the file is empty".into()).remedy(
            "确实没有内容时写 []，否则从版本库取回",
            "write [] if there is nothing to say, else take it back from version control",
        ));
    }

    fn item<T: DeserializeOwned>(&mut self, file: u32, node: &Node, schema: &serde_json::Value) -> Option<T> {
        let found = shape::mistakes(node, schema, schema);
        if found.is_empty() {
            return self.decode(file, node);
        }
        self.mistakes(file, found);
        None
    }

    fn decode<T: DeserializeOwned>(&mut self, file: u32, node: &Node) -> Option<T> {
        match T::deserialize(Source(node)) {
            Ok(value) => Some(value),
            Err(e) => {
                let e = e.to_string();
                self.mistakes(file, vec![Mistake { rule: "E006", span: node.span, zh: format!("无法读取：{e}"), en: e }]);
                None
            }
        }
    }

    /// True when the fast reader may be trusted with the text.
    fn plain(&mut self, file: u32, text: &str) -> bool {
        let scan = scan::scan(text);
        let shown = self.files[file as usize].shown.clone();
        let plain = scan.troubles.is_empty() && !scan.unusual;
        for t in scan.troubles {
            let spot = Spot::Exact(Place::span(&shown, text, t.from, t.to));
            self.findings.push(Finding {
                rule: "E002",
                subject: shown.clone(),
                message: words(t.zh, t.en),
                remedy: Default::default(),
                spot,
                mark: String::new(),
            });
        }
        plain
    }

    fn broken(&mut self, file: u32, e: &TreeError) {
        self.told = if self.told.0 == file { (file, self.told.1 + 1) } else { (file, 1) };
        if self.told.1 > MOST {
            return;
        }
        let place = self.place(file, tree::Span { line: e.line.max(1), col: e.col, end_line: e.line.max(1), end_col: e.col + 1 });
        // A full-width sign on the same line already says why.
        if self
            .findings
            .iter()
            .any(|f| matches!(&f.spot, Spot::Exact(p) if f.rule == "E002" && p.file == place.file && p.line.abs_diff(place.line) <= 1))
        {
            return;
        }
        let subject = place.file.clone();
        self.findings.push(Finding::new("E002", subject, Spot::Exact(place), e.zh.clone(), e.en.clone()));
    }

    fn mistakes(&mut self, file: u32, found: Vec<Mistake>) {
        if self.told.0 != file {
            self.told = (file, 0);
        }
        for m in found {
            self.told.1 += 1;
            if self.told.1 > MOST {
                if self.told.1 == MOST + 1 {
                    let shown = self.files[file as usize].shown.clone();
                    let spot = Spot::Exact(Place::file(&shown));
                    self.findings.push(Finding::new(
                        m.rule,
                        &shown,
                        spot,
                        format!("本文件还有更多错误，先改前 {MOST} 处"),
                        format!("there are more mistakes in this file; mend the first {MOST}"),
                    ));
                }
                continue;
            }
            let place = self.place(file, m.span);
            let shown = place.file.clone();
            self.findings.push(Finding::new(m.rule, shown, Spot::Exact(place), m.zh, m.en));
        }
    }

    /// The place of a span; the lines of a file are found once, not once a mistake.
    fn place(&mut self, file: u32, span: tree::Span) -> Place {
        let info = &self.files[file as usize];
        if self.lines.0 != file || self.lines.1.is_empty() {
            let mut at = 0;
            let ranges = info.text.split_inclusive('\n').map(|l| {
                let from = at;
                at += l.len();
                (from, at)
            });
            self.lines = (file, ranges.collect());
        }
        let (from, to) = self.lines.1.get(span.line.saturating_sub(1)).copied().unwrap_or((0, 0));
        let line = info.text[from..to].trim_end_matches(['\n', '\r']);
        let mut place = Place::at(&info.shown, &[line], 1, span.col, span.end_line.max(span.line) + 1 - span.line.max(1), span.end_col);
        place.line = span.line;
        place
    }
}

/// Numbers the nodes of a list file.
fn number<T>(nodes: Vec<T>, file: u32) -> Vec<Item<T>> {
    nodes.into_iter().enumerate().map(|(i, node)| Item { node, at: At { file, item: i as u32 } }).collect()
}

fn shape_of<T: JsonSchema>() -> serde_json::Value {
    schemars::schema_for!(T).to_value()
}

/// Is the key one of the shape's?
fn known(schema: &serde_json::Value, key: &Node) -> bool {
    key.text().is_some_and(|k| schema["properties"].get(k).is_some())
}

/// The id that a node calls itself by.
fn name_of(node: &Node) -> Option<String> {
    ["id", "duty", "code", "post", "at", "no"].iter().find_map(|k| node.get(k)?.text().map(String::from))
}

fn id_on_line(lines: &[&str], line: usize) -> Option<String> {
    let line = lines.get(line.checked_sub(1)?)?;
    line.trim_start().strip_prefix("- id:").map(|id| id.trim().trim_matches(['"', '\'']).to_string())
}

/// May the fast readers be trusted with the text?
fn is_plain(text: &str) -> bool {
    let scan = scan::scan(text);
    scan.troubles.is_empty() && !scan.unusual
}

/// What a plain text says, if it is what the type wants.
fn typed<T: DeserializeOwned>(text: &str) -> Option<T> {
    quick::read(text).or_else(|| serde_yaml::from_str(text).ok())
}
