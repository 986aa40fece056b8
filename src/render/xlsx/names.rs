//! Names of sheets: at most 31 characters, none of the seven signs that are not allowed, each
//! once. The whole title stands on the sheet itself.

use crate::page::Page;
use crate::render::office::clean;

/// Characters that a name may have, counted as UTF-16 does.
const LONGEST: usize = 31;
/// What divides a title: the report from the unit.
const DIVIDES: [&str; 3] = [" — ", "：", ": "];

/// A name a page, in order, after those that are taken.
pub fn of(pages: &[&Page], taken: &[String]) -> Vec<String> {
    let parts: Vec<Vec<&str>> = pages.iter().map(|p| divided(&p.title)).collect();
    let mut out: Vec<String> = taken.to_vec();
    for (page, mine) in pages.iter().zip(&parts) {
        // What all titles of a pack share does not tell its sheets apart.
        let own: Vec<&str> = mine.iter().filter(|p| pages.len() > 1 && !parts.iter().all(|all| all.contains(p))).copied().collect();
        let base = if own.is_empty() { page.title.split(DIVIDES[0]).next().unwrap_or_default().to_string() } else { own.join(" ") };
        let base = [base.as_str(), &page.key, "1"].into_iter().map(allowed).find(|n| !n.is_empty()).expect("1 is a name");
        out.push(unique(&base, &out));
    }
    out.split_off(taken.len())
}

/// The parts of a title.
fn divided(title: &str) -> Vec<&str> {
    DIVIDES.iter().fold(vec![title], |parts, by| parts.into_iter().flat_map(|p| p.split(by)).collect())
}

/// Without what a name may not have.
fn allowed(text: &str) -> String {
    let text = clean(text).replace(['[', ']', ':', '*', '?', '/', '\\', '\n'], " ");
    let text = short(text.split_whitespace().collect::<Vec<_>>().join(" ").trim_matches(['\'', ' ']), LONGEST);
    // A name that the program keeps for itself.
    if text.eq_ignore_ascii_case("history") { format!("{text} 1") } else { text }
}

/// The beginning that fits, not ending in what a name may not end in.
fn short(text: &str, longest: usize) -> String {
    let mut units = 0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= longest
        })
        .collect();
    kept.trim_matches(['\'', ' ']).to_string()
}

/// Told apart from the names before it; case is no difference.
fn unique(base: &str, taken: &[String]) -> String {
    let free = |name: &str| !taken.iter().any(|t| t.to_lowercase() == name.to_lowercase());
    if free(base) {
        return base.to_string();
    }
    let numbered = |n: usize| {
        let tail = format!(" ({n})");
        format!("{}{tail}", short(base, LONGEST - tail.len()))
    };
    (2..).map(numbered).find(|n| free(n)).expect("numbers do not end")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(titles: &[&str]) -> Vec<String> {
        let pages: Vec<Page> = titles.iter().map(|t| Page { key: "pack".into(), title: (*t).into(), ..Page::default() }).collect();
        of(&pages.iter().collect::<Vec<_>>(), &[])
    }

    #[test]
    fn a_name_is_what_tells_the_sheets_apart() {
        assert_eq!(names(&["督办台账 — 示例市"]), ["督办台账"]);
        assert_eq!(names(&["一: 二"]), ["一 二"]);
        assert_eq!(names(&["部门包 — 公安局", "部门包 — 网信办"]), ["公安局", "网信办"]);
        assert_eq!(names(&["部门资料包：市公安局", "部门资料包：市网信办"]), ["市公安局", "市网信办"]);
        assert_eq!(names(&["Pack: PSB", "Pack: CAC", "Pack"]), ["PSB", "CAC", "Pack"]);
        let rows = Page { title: "台账".into(), ..Page::default() };
        assert_eq!(of(&[&rows], &["台账".into()]), ["台账 (2)"]);
        assert_eq!(names(&["台账", "台账", "台账"]), ["台账", "台账 (2)", "台账 (3)"]);
    }

    #[test]
    fn a_name_is_one_that_is_allowed() {
        assert_eq!(names(&["'a[b]:c*?/\\d'", "History", "  ", ""]), ["a b c d", "History 1", "pack", "pack (2)"]);
        let long = "长".repeat(40);
        let both = names(&[&long, &long, &"𠮷".repeat(20)]);
        assert!(both.iter().all(|n| n.encode_utf16().count() <= 31), "{both:?}");
        assert_eq!(both[1], format!("{} (2)", "长".repeat(27)));
    }
}
