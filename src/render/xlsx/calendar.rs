//! A calendar as a table with a column a colour, so that its picture has the colours and
//! their words; where the page has no word for one of them, the sums alone.

use crate::page::{Cell, Column, Row, Table, Tone};

/// Months with their counts by colour.
type Months = [(String, Vec<(Tone, usize)>)];

/// The colours that there are.
pub fn tones(months: &Months) -> Vec<Tone> {
    let mut out: Vec<Tone> = months.iter().flat_map(|m| &m.1).filter(|n| n.1 > 0).map(|n| n.0).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The same counts by colour, in a table that has only their sums.
pub fn coloured(months: &Months, sums: Table, words: &[(Tone, String)]) -> Table {
    let tones = tones(months);
    let named: Vec<&String> = tones.iter().filter_map(|t| words.iter().find(|w| w.0 == *t)).map(|w| &w.1).collect();
    if tones.is_empty() || named.len() < tones.len() {
        return sums;
    }
    let count = |n: &[(Tone, usize)], t: Tone| n.iter().filter(|x| x.0 == t).map(|x| x.1).sum();
    let line = |(month, n): &(String, Vec<(Tone, usize)>)| {
        Row::of(std::iter::once(Cell::new(month)).chain(tones.iter().map(|t| Cell::Count(count(n, *t)))).collect())
    };
    let columns = sums.columns.first().cloned().into_iter().chain(named.into_iter().map(|w| Column::number(w, w))).collect();
    Table { columns, rows: months.iter().map(line).collect(), ..sums }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stand_under_the_word_of_their_colour() {
        let months = [("2026-11".to_string(), vec![(Tone::Green, 2), (Tone::Red, 1)]), ("2026-12".to_string(), vec![(Tone::Amber, 0)])];
        let sums = Table::of(vec![Column::id("月份"), Column::number("Σ", "Σ")], vec![], "");
        let words = [(Tone::Red, "红".to_string()), (Tone::Green, "绿".to_string())];
        let t = coloured(&months, sums.clone(), &words);
        assert_eq!(t.columns.iter().map(|c| &*c.label).collect::<Vec<_>>(), ["月份", "红", "绿"]);
        assert_eq!(t.rows[0].cells, [Cell::new("2026-11"), Cell::Count(1), Cell::Count(2)]);
        assert_eq!(t.rows[1].cells, [Cell::new("2026-12"), Cell::Count(0), Cell::Count(0)]);
        // No word for green: the sums stay.
        assert_eq!(coloured(&months, sums.clone(), &words[..1]), sums);
    }
}
