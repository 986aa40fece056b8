//! A column of days holds nothing but days, or it neither sorts nor filters. What a page
//! prints below a day (原定 …, 延期1次) gets a column of its own: the last of the table, so that
//! the others stay where they are.

use crate::page::{Cell, Column, Kind, Row, Table};
use std::borrow::Cow;

/// The table as a sheet shows it.
pub fn parted(t: &Table) -> Cow<'_, Table> {
    let told = |i: &usize| t.rows.iter().filter_map(|r| r.cells.get(*i)).any(|c| c.below().is_some());
    let columns: Vec<usize> = (0..t.columns.len()).filter(told).collect();
    if columns.is_empty() {
        return Cow::Borrowed(t);
    }
    let mut out = t.clone();
    out.columns.extend(columns.iter().map(|i| Column::id(&t.columns[*i].below)));
    for row in out.rows.iter_mut().filter(|r| r.kind != Kind::Group) {
        part(row, &columns, t.columns.len());
    }
    Cow::Owned(out)
}

fn part(row: &mut Row, columns: &[usize], before: usize) {
    let below: Vec<Cell> = columns.iter().map(|i| row.cells.get(*i).and_then(Cell::below).map_or(Cell::new(""), Cell::new)).collect();
    for cell in &mut row.cells {
        if let Cell::Date(_, said) = cell {
            said.truncate(said.find('\n').unwrap_or(said.len()));
        }
    }
    // A row of more cells than columns keeps them: they stand behind.
    while row.cells.len() < before {
        row.cells.push(Cell::new(""));
    }
    row.cells.splice(before..before, below);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_stands_alone_and_its_story_in_the_last_column() {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 10, 15).expect("a day");
        let due = Column { below: "时限变动".into(), ..Column::id("完成时限") };
        let date = |said: &str| Row::of(vec![Cell::Date(day, said.into()), Cell::new("推进中")]);
        let rows = vec![Row::group("一"), date("2026年10月15日\n原定\n2026年9月30日"), date("2026年10月15日")];
        let t = Table::of(vec![due, Column::text("办理状态")], rows, "");
        let got = parted(&t);
        assert_eq!(got.columns[2].label, "时限变动");
        assert_eq!(got.rows[0].cells.len(), 1);
        let line = |below: &str| vec![Cell::Date(day, "2026年10月15日".into()), Cell::new("推进中"), Cell::new(below)];
        assert_eq!(got.rows[1].cells, line("原定\n2026年9月30日"));
        assert_eq!(got.rows[2].cells, line(""));
        // Nothing below any day: the table is as it was.
        let t = Table { rows: vec![date("2026年10月15日")], ..t };
        assert!(matches!(parted(&t), Cow::Borrowed(_)));
    }
}
