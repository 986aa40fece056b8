//! What verifying tells: words, troubles, the report.

use crate::finding::words;
use crate::model::{Term, Words};
use serde::Serialize;

/// The kinds of trouble; each has one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    /// A line is not what was written.
    Altered,
    /// Lines inside a file are not there.
    Missing,
    /// Lines at the end of a file are not there.
    Dropped,
    /// Somebody saw another line here.
    Witness,
    /// A commit took a line away.
    History,
    /// A checkpoint or a commit knows other bytes.
    Rewritten,
    /// A file is not there.
    Gone,
    /// Lines are not in the order of writing.
    Reordered,
    /// The same line twice.
    Repeated,
    /// Two lines follow the same one: one file written in two places.
    Fork,
    /// A line or file from elsewhere.
    Moved,
    /// Bytes after the last line feed.
    Torn,
    /// Line ends of another system.
    Crlf,
    /// A byte-order mark.
    Bom,
    /// Marks of an unfinished merge.
    Conflict,
    /// A line or file that cannot be read.
    Unreadable,
    /// A link, a pipe or the like.
    Link,
}

impl Word {
    /// All of them, in the order of the help.
    pub const ALL: [Word; 17] = [
        Word::Altered,
        Word::Missing,
        Word::Dropped,
        Word::Witness,
        Word::History,
        Word::Rewritten,
        Word::Gone,
        Word::Reordered,
        Word::Repeated,
        Word::Fork,
        Word::Moved,
        Word::Torn,
        Word::Crlf,
        Word::Bom,
        Word::Conflict,
        Word::Unreadable,
        Word::Link,
    ];
    /// As printed and in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Word::Altered => "altered",
            Word::Missing => "missing",
            Word::Dropped => "dropped",
            Word::Witness => "witness",
            Word::History => "history",
            Word::Rewritten => "rewritten",
            Word::Gone => "gone",
            Word::Reordered => "reordered",
            Word::Repeated => "repeated",
            Word::Fork => "fork",
            Word::Moved => "moved",
            Word::Torn => "torn",
            Word::Crlf => "crlf",
            Word::Bom => "bom",
            Word::Conflict => "conflict",
            Word::Unreadable => "unreadable",
            Word::Link => "link",
        }
    }
    /// In both languages.
    pub fn term(self) -> Term {
        match self {
            Word::Altered => Term("被改动", "altered"),
            Word::Missing => Term("缺行", "missing"),
            Word::Dropped => Term("末尾被截", "dropped"),
            Word::Witness => Term("与见证不符", "witness"),
            Word::History => Term("被提交删改", "history"),
            Word::Rewritten => Term("被重写", "rewritten"),
            Word::Gone => Term("文件不见", "gone"),
            Word::Reordered => Term("次序颠倒", "reordered"),
            Word::Repeated => Term("重复", "repeated"),
            Word::Fork => Term("一文两写", "fork"),
            Word::Moved => Term("放错地方", "moved"),
            Word::Torn => Term("尾行残缺", "torn"),
            Word::Crlf => Term("换行符不对", "crlf"),
            Word::Bom => Term("字节序标记", "bom"),
            Word::Conflict => Term("合并未完", "conflict"),
            Word::Unreadable => Term("无法读取", "unreadable"),
            Word::Link => Term("链接或异类文件", "link"),
        }
    }
}

/// What an entry was, as far as it can still be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Brief {
    /// Obligation.
    pub duty: String,
    /// Event.
    pub event: String,
    /// Who recorded it.
    pub by: String,
    /// When.
    pub at: String,
}

/// One trouble.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// Its word.
    pub word: Word,
    /// Path below the register's folder, `log/…`.
    pub file: String,
    /// 1-based line; 0 for the whole file.
    pub line: u64,
    /// Number of the entry, where it is known.
    pub seq: Option<u64>,
    /// The entry.
    pub entry: Option<Brief>,
    /// What is so.
    pub message: Words,
    /// Who says so, for troubles that only a witness knows.
    pub witness: Vec<String>,
    /// Where the lost lines still are.
    pub found: Vec<String>,
}

impl Trouble {
    /// One without entry or witness yet.
    pub fn new(word: Word, file: &str, line: u64, zh: impl Into<String>, en: impl Into<String>) -> Trouble {
        Trouble {
            word,
            file: file.into(),
            line,
            seq: None,
            entry: None,
            message: words(zh.into(), en.into()),
            witness: Vec::new(),
            found: Vec::new(),
        }
    }
    /// With its number.
    pub fn seq(mut self, seq: u64) -> Trouble {
        self.seq = Some(seq);
        self
    }
}

/// What was asked, and how many answers there were.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Heard {
    /// `after` and `saw` pointers.
    pub references: usize,
    /// Lines of the spool.
    pub spool: usize,
    /// Checkpoints.
    pub checkpoints: usize,
    /// Signatures that hold.
    pub signatures: usize,
    /// Commits that touched the log.
    pub commits: usize,
    /// Witnesses that could not be heard, and why.
    pub silent: Vec<Words>,
}

/// The whole answer.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// Files read.
    pub files: usize,
    /// Lines, headers included.
    pub lines: u64,
    /// Entries that hold.
    pub entries: u64,
    /// Digest over all files (FORMAT.md, Checkpoints).
    pub root: String,
    /// What is wrong, by file and line.
    pub troubles: Vec<Trouble>,
    /// Troubles beyond the limit of one file, not listed one by one.
    pub more: u64,
    /// Witnesses.
    pub heard: Heard,
    /// What was said of each checkpoint's signature.
    pub signatures: Vec<Signature>,
}

impl Report {
    /// Nothing is wrong.
    pub fn whole(&self) -> bool {
        self.troubles.is_empty() && self.more == 0
    }
}

/// What was said of the signature of one checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// The checkpoint's file name.
    pub checkpoint: String,
    /// Who made it.
    pub by: String,
    /// `unsigned good altered stripped wrong-key wrong-namespace expired revoked not-asked`.
    pub verdict: &'static str,
    /// In words.
    pub message: Words,
}
