//! The rules whose findings are met while reading files and log lines: their checks
//! stand where the reading is done (`load`, `log::read`), their words here.

use crate::finding::RuleInfo;
use crate::model::{Level, Term};

macro_rules! reading {
    ($($id:literal, $file:literal, $level:ident, $waivable:literal, $zh:literal, $en:literal;)+) => {
        /// Every rule of reading. What could not be read takes no waiver, since nobody knows
        /// what it hides; a log line that was read and is doubted stays for ever, so a person
        /// may answer for it by name.
        pub const RULES: &[RuleInfo] = &[$(RuleInfo { id: $id, title: Term($zh, $en), level: Level::$level, waivable: $waivable, page: include_str!($file) }),+];
    };
}

reading! {
    "E001", "e001.md", Deny, false, "文件无法读取", "a file that cannot be read";
    "E002", "e002.md", Deny, false, "不是 YAML，或含有 YAML 不认的符号", "not YAML, or signs that YAML does not take";
    "E003", "e003.md", Deny, false, "未知的键", "an unknown key";
    "E004", "e004.md", Deny, false, "键重复", "the same key twice";
    "E005", "e005.md", Deny, false, "值为空，或缺少必填的键", "an empty value or a missing key";
    "E006", "e006.md", Deny, false, "值不对", "a wrong value";
    "E007", "e007.md", Deny, false, "编号不合格式", "an id out of form";
    "E012", "e012.md", Deny, false, "文件无所归属", "a file that belongs to nothing";
    "E016", "e016.md", Deny, false, "目录（catalogue）打不开", "a catalogue that cannot be opened";
    "L001", "l001.md", Deny, false, "日志行无法读取", "a log line that cannot be read";
    "L002", "l002.md", Deny, true, "校验链不符", "the chain does not hold";
    "L003", "l003.md", Deny, false, "日志头或文件名与内容不符", "header, file name and lines disagree";
    "L004", "l004.md", Deny, true, "序号或时间顺序不对", "lines out of order";
    "L009", "l009.md", Deny, true, "记录时间超前", "an entry ahead of the clock";
    "L010", "l010.md", Deny, true, "他人见证过的行不在了", "a line that others saw is gone";
    "L014", "l014.md", Deny, false, "最后一行不完整", "a torn last line";
    "L015", "l015.md", Deny, true, "所述日期晚于记录时间", "true only after it was recorded";
    "L016", "l016.md", Warn, true, "草稿尚未封存", "a draft nobody has sealed";
}
