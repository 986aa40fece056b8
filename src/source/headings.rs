//! Lines that head a part: 第一章, 一、, 第一条, （一）; `#`, Chapter 1, Part II, 1., 1.1, (a).

const NUMERALS: &str = "一二三四五六七八九十百零〇两0123456789０１２３４５６７８９";

/// Rank of a heading, 0 the highest; `None` for a plain line.
pub fn rank(line: &str) -> Option<u8> {
    let line = line.trim_start();
    chinese(line).or_else(|| english(line))
}

/// What stands before the first character that is no numeral, and the rest.
fn number(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !NUMERALS.contains(c)).unwrap_or(text.len());
    text.split_at(end.min(30))
}

fn chinese(line: &str) -> Option<u8> {
    if let Some(rest) = line.strip_prefix('第') {
        let (n, rest) = number(rest);
        let kinds = [("编", 0), ("部分", 0), ("章", 1), ("节", 2), ("条", 4)];
        return kinds.iter().find(|(k, _)| !n.is_empty() && rest.starts_with(k)).map(|(_, r)| *r);
    }
    if let Some(rest) = line.strip_prefix(['（', '(']) {
        let (n, rest) = number(rest);
        return (!n.is_empty() && rest.starts_with(['）', ')'])).then_some(5);
    }
    let (n, rest) = number(line);
    let latin = n.bytes().all(|b| b.is_ascii_digit());
    (!n.is_empty() && rest.starts_with('、')).then_some(if latin { 6 } else { 3 })
}

fn english(line: &str) -> Option<u8> {
    let marks = line.bytes().take_while(|b| *b == b'#').count();
    if (1..=6).contains(&marks) && line[marks..].starts_with(' ') {
        return Some(marks as u8 - 1);
    }
    let mut words = line.split_whitespace();
    let (first, second) = (words.next()?, words.next());
    let counted = |w: &str| {
        let w = w.trim_end_matches([':', '.', ',']);
        !w.is_empty() && (w.bytes().all(|b| b.is_ascii_digit()) || roman(w))
    };
    if let (Some(r), Some(n)) =
        ([("part", 0), ("chapter", 1), ("section", 2), ("article", 4)].iter().find(|(k, _)| first.eq_ignore_ascii_case(k)), second)
        && counted(n)
    {
        return Some(r.1);
    }
    let second = second.is_some();
    let inner = first.strip_suffix(['.', ')', '．']).unwrap_or(first);
    let dotted = inner.contains('.') && inner.split('.').all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    match () {
        () if !second && !first.contains(['.', '．']) => None,
        () if dotted => Some(7),
        () if inner.len() < first.len() && inner.len() <= 3 && inner.bytes().all(|b| b.is_ascii_digit()) && !inner.is_empty() => Some(6),
        () if first.ends_with('.') && roman(inner) => Some(3),
        () if first.starts_with('(') && first.ends_with(')') && (2..=6).contains(&first.len()) && second => Some(8),
        // `1.加强` without a blank.
        () => {
            let (n, rest) = number(first);
            (!n.is_empty() && n.is_ascii() && rest.starts_with(['.', '．']) && rest.chars().nth(1).is_some_and(|c| !c.is_ascii_digit()))
                .then_some(6)
        }
    }
}

/// A line without what counts it: `第三条 读者须…` is 读者须….
pub fn plain(line: &str) -> &str {
    let line = line.trim();
    let cut = |rest: &'_ str| line.len() - rest.len();
    let at = match rank(line) {
        None => 0,
        Some(_) if line.starts_with('#') => cut(line.trim_start_matches('#')),
        Some(_) if line.starts_with('第') => {
            let rest = number(&line['第'.len_utf8()..]).1;
            let kind = ["部分", "编", "章", "节", "条"].iter().find(|k| rest.starts_with(**k)).map_or(0, |k| k.len());
            cut(&rest[kind..])
        }
        Some(_) if line.starts_with(['（', '(']) => {
            line.find(['）', ')']).map_or(0, |i| i + line[i..].chars().next().map_or(0, char::len_utf8))
        }
        Some(0..=2 | 4) => line.split_whitespace().take(2).last().map_or(0, |w| w.as_ptr() as usize - line.as_ptr() as usize + w.len()),
        Some(_) => {
            let rest = number(line).1;
            let rest = if rest.len() == line.len() { rest.trim_start_matches(|c: char| c.is_ascii_uppercase()) } else { rest };
            let rest = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
            cut(rest.trim_start_matches(['、', '．', ')']))
        }
    };
    line[at..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '.' | '、'))
}

fn roman(word: &str) -> bool {
    !word.is_empty() && word.len() <= 7 && word.bytes().all(|b| b"IVXLC".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_a_line_is_left_out() {
        let all = [
            ("第三条 读者须持证。", "读者须持证。"),
            ("第一章 总则", "总则"),
            ("（二）登记", "登记"),
            ("一、总体要求", "总体要求"),
            ("1.加强管理", "加强管理"),
            ("2. Staff may not charge", "Staff may not charge"),
            ("2.1 Hours", "Hours"),
            ("Chapter 2: Opening", "Opening"),
            ("## Scope", "Scope"),
            ("IV. Duties", "Duties"),
            ("各馆应当开放", "各馆应当开放"),
        ];
        for (line, want) in all {
            assert_eq!(plain(line), want, "{line}");
        }
    }

    #[test]
    fn headings_by_rank_and_plain_lines() {
        let all = [
            ("第一章 总则", 1),
            ("一、总体要求", 3),
            ("十二、附则", 3),
            ("第三条 各馆应当开放。", 4),
            ("（二）登记", 5),
            ("3、检查", 6),
            ("1.加强管理", 6),
            ("## Scope", 1),
            ("Chapter 2 Opening", 1),
            ("PART IV", 0),
            ("II. Duties", 3),
            ("4. Libraries shall open.", 6),
            ("2.1 Hours", 7),
            ("(b) books", 8),
        ];
        for (line, want) in all {
            assert_eq!(rank(line), Some(want), "{line}");
        }
        for line in ["各馆应当开放。", "第一，加强管理。", "Part of the work is done.", "2022年4月", "I agree.", "3.5 percent", ""]
        {
            assert!(rank(line).is_none_or(|r| r >= 7), "{line}");
        }
    }
}
