//! The slow reader: a YAML file as a tree with the place of every key and value.
//!
//! Built for files that do not decode, that look unusual, or that have a finding to
//! show. Anchors, aliases, tags and second documents are refused here, so that an
//! alias bomb is one sentence and not a gigabyte; depth is bounded while reading.
//! [`parse`] reads a text, [`even_pieces`] cuts a list file into items to be read one by one.

use saphyr_parser::{Event, Parser, ScalarStyle, Span as YamlSpan};

/// Levels of nesting beyond which a register file is refused.
pub const MAX_DEPTH: usize = 32;

/// Lines 1-based, columns 0-based in characters, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// First line.
    pub line: usize,
    /// First column.
    pub col: usize,
    /// Last line.
    pub end_line: usize,
    /// Column after the last.
    pub end_col: usize,
}

/// A node with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// Text; `plain` when written without quotes.
    Scalar {
        /// The text.
        text: String,
        /// Written without quotes.
        plain: bool,
    },
    /// A list.
    Seq(Vec<Node>),
    /// Keys and values in the order written.
    Map(Vec<(Node, Node)>),
}

/// Why a text is no tree.
#[derive(Debug, Clone)]
pub struct TreeError {
    /// 1-based line.
    pub line: usize,
    /// 0-based column.
    pub col: usize,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Node {
    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }
    /// True for nothing at all, `~`, `null` or an empty string.
    pub fn is_empty(&self) -> bool {
        match &self.kind {
            NodeKind::Scalar { text, plain } => text.trim().is_empty() || *plain && matches!(text.as_str(), "~" | "null" | "Null" | "NULL"),
            _ => false,
        }
    }
    /// Key and value of a mapping entry.
    pub fn entry(&self, key: &str) -> Option<&(Node, Node)> {
        match &self.kind {
            NodeKind::Map(entries) => entries.iter().find(|(k, _)| k.text() == Some(key)),
            _ => None,
        }
    }
    /// Value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, v)| v)
    }
    /// Elements of a list; none for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            NodeKind::Seq(items) => items,
            _ => &[],
        }
    }
}

/// Reads a text; `Ok(None)` for an empty file.
///
/// # Errors
/// The first thing that cannot be read, with its place.
pub fn parse(text: &str) -> Result<Option<Node>, TreeError> {
    let mut stack: Vec<Open> = Vec::new();
    let mut root = None;
    let mut documents = 0;
    for step in Parser::new_from_str(text) {
        let (event, span) = step.map_err(|e| syntax(e.marker().line(), e.marker().col(), e.info()))?;
        let refuse = |zh: &str, en: &str| TreeError { line: span.start.line(), col: span.start.col(), zh: zh.into(), en: en.into() };
        let done = match event {
            Event::Alias(_) => {
                return Err(refuse(
                    "不允许使用 YAML 别名（*…）；请把内容写全",
                    "aliases (*…) are not allowed in a register; write the value out",
                ));
            }
            Event::Scalar(_, _, anchor, _) | Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) if anchor != 0 => {
                return Err(refuse(
                    "不允许使用 YAML 锚点（&…）；请把内容写全",
                    "anchors (&…) are not allowed in a register; write the value out",
                ));
            }
            Event::Scalar(_, _, _, Some(_)) | Event::SequenceStart(_, Some(_)) | Event::MappingStart(_, Some(_)) => {
                return Err(refuse("不允许使用 YAML 标签（!…）", "tags (!…) are not allowed in a register"));
            }
            Event::DocumentStart(_) if documents == 1 => {
                return Err(refuse("一个文件只能有一份 YAML 文档", "a file holds one YAML document only"));
            }
            Event::DocumentStart(_) => {
                documents += 1;
                None
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if stack.len() >= MAX_DEPTH {
                    return Err(refuse("嵌套过深", "nested too deeply"));
                }
                stack.push(Open { span, map: matches!(event, Event::MappingStart(..)), nodes: Vec::new() });
                None
            }
            Event::SequenceEnd | Event::MappingEnd => stack.pop().map(|open| open.close(span)),
            Event::Scalar(text, style, ..) => {
                Some(Node { span: place(span), kind: NodeKind::Scalar { text: text.into_owned(), plain: style == ScalarStyle::Plain } })
            }
            _ => None,
        };
        if let Some(node) = done {
            match stack.last_mut() {
                Some(open) => open.nodes.push(node),
                None => root = Some(node),
            }
        }
    }
    Ok(root.filter(|n| !(n.is_empty() && n.text() == Some(""))))
}

struct Open {
    span: YamlSpan,
    map: bool,
    nodes: Vec<Node>,
}

impl Open {
    fn close(self, end: YamlSpan) -> Node {
        let mut span = place(self.span);
        (span.end_line, span.end_col) = self.nodes.last().map_or((end.end.line(), end.end.col()), |n| (n.span.end_line, n.span.end_col));
        let kind = if self.map {
            let mut pairs = Vec::with_capacity(self.nodes.len() / 2);
            let mut nodes = self.nodes.into_iter();
            while let (Some(key), Some(value)) = (nodes.next(), nodes.next()) {
                pairs.push((key, value));
            }
            NodeKind::Map(pairs)
        } else {
            NodeKind::Seq(self.nodes)
        };
        Node { span, kind }
    }
}

fn place(span: YamlSpan) -> Span {
    Span { line: span.start.line(), col: span.start.col(), end_line: span.end.line(), end_col: span.end.col() }
}

fn syntax(line: usize, col: usize, info: &str) -> TreeError {
    TreeError { line, col, zh: format!("YAML 语法有误：{info}"), en: format!("this is not YAML: {info}") }
}

/// One item of a list file, cut out of its text.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    /// From its `- ` to the next one's.
    pub text: &'a str,
    /// Lines before it.
    pub before: usize,
}

impl Piece<'_> {
    /// The item, with its places in the file.
    ///
    /// # Errors
    /// It is not YAML, or not one item: what is wrong, and where in the file.
    pub fn parse(self) -> Result<Node, TreeError> {
        match parse(self.text) {
            Ok(Some(Node { kind: NodeKind::Seq(mut items), .. })) if items.len() == 1 => {
                let mut item = items.remove(0);
                shift(&mut item, self.before);
                Ok(item)
            }
            Ok(_) => {
                Err(TreeError { line: self.before + 1, col: 0, zh: "这一项无法读取".into(), en: "this item cannot be read".into() })
            }
            Err(e) => Err(TreeError { line: e.line + self.before, ..e }),
        }
    }
}

/// Cuts a text before every line that begins an item at the first column.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    cut(text, |line| line)
}

fn cut(text: &str, from: impl Fn(&str) -> &str) -> Vec<Piece<'_>> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut offset = 0;
    for (i, line) in text.split_inclusive('\n').enumerate() {
        let head = from(line);
        if head.starts_with("- ") || head.trim_end() == "-" {
            starts.push((offset, i));
        }
        offset += line.len();
    }
    let ends = starts.iter().skip(1).map(|s| s.0).chain([text.len()]);
    starts.iter().zip(ends).map(|((from, before), to)| Piece { text: &text[*from..to], before: *before }).collect()
}

/// The pieces of a list file that says the same whether it is read whole or piece by piece, as long
/// as every piece can be read: what stands before the first item says nothing, no line speaks to the
/// reader of the whole (`---`, `...`, `%`), there is no control character, and no item begins in a
/// way that [`pieces`] does not know. `None` for any other text.
///
/// Trees are large, and those of a hundred thousand items leave the processor's caches: a file
/// of ten times as many items took fourteen times as long. Piece by piece they stay small.
pub fn even_pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let pieces = pieces(text);
    let head = &text[..text.len() - pieces.iter().map(|p| p.text.len()).sum::<usize>()];
    // Comments, and such as the reader lets through: a lone `>` says nothing either, and makes all
    // that follows a text.
    let silent = |line: &str| matches!(line.trim_start_matches(' ').bytes().next(), None | Some(b'#'));
    let even = |line: &str| {
        !["---", "...", "%", "-\t"].iter().any(|s| line.starts_with(s))
            // A return parts lines for one reader and joins them for another, a zero ends the text.
            && !line.bytes().any(|b| b < b' ' && b != b'\t' || b == 0x7f)
    };
    let fits = head.lines().all(silent) && matches!(parse(head), Ok(None)) && text.split('\n').all(even);
    (fits && !pieces.is_empty()).then_some(pieces)
}

/// A list file in pieces, for files whose whole is not YAML: each item that begins at
/// the first column is read by itself, so that one broken item does not hide the
/// others. Broken items come back as `Err` with their first line. A dash that slipped by one blank
/// begins an item as well: nothing inside of one stands so far to the left.
pub fn parse_items(text: &str) -> Vec<Result<Node, (usize, TreeError)>> {
    cut(text, |line| line.strip_prefix(' ').unwrap_or(line)).into_iter().map(|p| p.parse().map_err(|e| (p.before + 1, e))).collect()
}

fn shift(node: &mut Node, lines: usize) {
    node.span.line += lines;
    node.span.end_line += lines;
    match &mut node.kind {
        NodeKind::Seq(items) => items.iter_mut().for_each(|n| shift(n, lines)),
        NodeKind::Map(entries) => entries.iter_mut().for_each(|(k, v)| {
            shift(k, lines);
            shift(v, lines);
        }),
        NodeKind::Scalar { .. } => {}
    }
}
