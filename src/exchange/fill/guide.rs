//! The sheet that says how to fill in the others, in both languages.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

const LINES: &[(&str, &str)] = &[
    (
        "一行是一个牵头办理项。灰色列由登记册给出并已锁定；蓝色表头的列由填报人填写。没有变化的行不用动，不会产生记录。",
        "A row is one assignment of a lead department. Grey columns are the register's and locked; columns with a blue head are yours. Leave a row alone and nothing is recorded.",
    ),
    (
        "“办理动作”和“拟转状态”的下拉表只列出该行现状下合规的选项，两者填一个即可。都不填而填了进度、进展、问题等，记为“进展”。",
        "The lists of `Event` and `New status` hold what is lawful from the row's present state; one of the two is enough. With neither, what is filled in is recorded as progress.",
    ),
    (
        "填“已完成”按“申请销号”理解：须有同意人（单位负责人）和全部必备佐证；销号由验收人决定。",
        "`Completed` is read as an application for acceptance: it needs the consent of the head of unit and all required evidence; closing is the reviewer's.",
    ),
    (
        "进度写 40% 或 40。日期写 2026-03-01 或 2026年3月1日，年在最前。进度、问题、下一步已预填上次所报：不改就不记录；已解决请写“无”，不要清空。",
        "Progress is written 40% or 40; dates 2026-03-01, the year first. Progress, issues and next steps show what was last reported: unchanged, they record nothing; where an issue is solved write `none`, do not empty the cell.",
    ),
    (
        "佐证：选类型，写名称、文号、日期；多份写在“其他佐证”，每行一份：类型=名称;number=文号;date=2026-03-01。材料本身不放进登记册。",
        "Evidence: choose the type, write name, document number and date; more pieces go into `More evidence`, one a line: TYPE=NAME;number=…;date=2026-03-01. The material itself does not go into the register.",
    ),
    (
        "确无进展，在“零报告”选“是”。启动须附会议纪要或文件；延期、暂缓、认定不适用须有同意人、理由和新期限；退回须有理由。",
        "Nothing to report: choose yes under `Nil report`. Starting needs minutes or a document; extending, suspending and exempting need consent, a reason and a new date; returning needs a reason.",
    ),
    (
        "最后一列隐藏，用来核对导出之后状态有无变动，请勿修改。排序时请整行移动。列可以换位置，表头文字不要改。",
        "The last column is hidden: it tells whether the state moved since the export; leave it. Sort whole rows. Columns may change places; leave their heads as they are.",
    ),
    (
        "交回：duban import xlsx 文件 先试读，不写入；加 --apply 才记录。合规的行一起记录，其余各行连同原因写入另一本工作簿。",
        "Handing in: `duban import xlsx FILE` reads it and writes nothing; with --apply the lawful rows are recorded together, and the others go, with the reason, into a workbook of their own.",
    ),
];

/// The sheet.
///
/// # Errors
/// Those of the writer.
pub fn sheet(zh: bool) -> Result<Worksheet, XlsxError> {
    let mut out = Worksheet::new();
    out.set_name(if zh { "说明" } else { "Instructions" })?.set_column_width(0, 4)?.set_column_width(1, 110)?;
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    out.write_with_format(0, 1, "填报说明 / Instructions", &Format::new().set_bold().set_font_size(14))?;
    for (i, (a, b)) in LINES.iter().enumerate() {
        let row = 2 + 2 * i as u32;
        let pair = if zh { [a, b] } else { [b, a] };
        out.write_with_format(row, 0, (i + 1) as u32, &wrap)?;
        out.write_with_format(row, 1, *pair[0], &wrap)?;
        out.write_with_format(row + 1, 1, *pair[1], &wrap.clone().set_font_color("#666666"))?;
        out.set_row_height(row, 34)?.set_row_height(row + 1, 34)?;
    }
    out.protect();
    Ok(out)
}
