//! Headings in two languages: a line may end between the languages, not within a word of one.

/// The parts of a heading such as `牵头单位 Lead`, where it has two.
pub fn tongues(label: &str) -> Option<(&str, &str)> {
    let wide = |c: char| c >= '\u{2e80}';
    let between = |at: &usize| label[..*at].ends_with(wide) && label[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic());
    let at = label.match_indices(' ').map(|m| m.0).find(between)?;
    Some((&label[..at], &label[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::tongues;

    #[test]
    fn chinese_stands_before_english() {
        assert_eq!(tongues("有牵头单位 Lead known"), Some(("有牵头单位", "Lead known")));
        assert_eq!(tongues("牵头单位"), None);
        assert_eq!(tongues("Lead unit"), None);
    }
}
