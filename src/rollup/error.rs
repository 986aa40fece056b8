//! Trouble in this room: which file, what, why, what to do.

use crate::finding::words;
use crate::model::{Lang, Words};
use std::path::Path;

/// Cannot go on.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}: {}", .at, .what.say(Lang::En))]
pub struct Error {
    /// The file or folder.
    pub at: String,
    /// What and why.
    pub what: Words,
    /// What to do.
    pub todo: Words,
}

/// What comes back here.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// In two languages.
    pub fn new(at: impl Into<String>, what: (&str, &str), todo: (&str, &str)) -> Error {
        let pair = |w: (&str, &str)| words(w.0.into(), w.1.into());
        Error { at: at.into(), what: pair(what), todo: pair(todo) }
    }
    /// Trouble with a file, as the system says it.
    pub fn io(path: &Path, e: &std::io::Error) -> Error {
        let at = path.display().to_string();
        Error::new(
            at,
            (&format!("无法读写：{e}"), &format!("it cannot be read or written: {e}")),
            ("检查路径、权限和磁盘空间后重试", "check path, rights and disk space, then run it again"),
        )
    }
    /// A file that is no Parquet file of the contract.
    pub fn parquet(path: &Path, e: &dyn std::fmt::Display) -> Error {
        let at = path.display().to_string();
        Error::new(
            at,
            (&format!("不是完好的 Parquet 文件：{e}"), &format!("it is no sound Parquet file of the contract: {e}")),
            ("重新取得该文件；数据集可由收件夹重建", "get the file again; a dataset can be made anew from the inbox"),
        )
    }
}

/// With the file that it is about.
pub fn at(path: &Path) -> impl Fn(std::io::Error) -> Error + '_ {
    move |e| Error::io(path, &e)
}
