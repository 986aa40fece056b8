//! What links lead to: every id once, none with a space or an odd sign.

use crate::page::{Block, Page};
use std::collections::{HashMap, HashSet};

/// Addresses that a page inside a web site leads to; a file by itself has none.
pub struct Links {
    /// The rows behind a count, by their query.
    pub open: Box<dyn Fn(&str) -> String>,
    /// What an id means, where it means anything.
    pub card: Card,
}

/// The address of what an id means.
pub type Card = Box<dyn Fn(&str) -> Option<String>>;

/// The ids of one page.
#[derive(Default)]
pub struct Ids {
    /// Where else links may lead.
    pub links: Option<Links>,
    used: HashSet<String>,
    cards: HashMap<String, String>,
    headings: Vec<String>,
}

impl Ids {
    /// Headings that links lead to come first, so that their ids are the anchors themselves.
    pub fn of(page: &Page) -> Ids {
        let mut ids = Ids::default();
        // Names that the frame uses.
        ids.used.extend(["top", "main"].map(String::from));
        let headings = page.blocks.iter().filter_map(|b| if let Block::Heading(h) = b { Some(h) } else { None });
        let anchors: Vec<Option<&str>> = headings.map(|h| h.anchor.as_deref().filter(|a| !a.is_empty())).collect();
        let carded: Vec<Option<String>> = anchors.iter().map(|a| a.map(|a| ids.fresh(a))).collect();
        for (anchor, id) in anchors.iter().zip(&carded).rev() {
            if let (Some(anchor), Some(id)) = (anchor, id) {
                // Of two cards with one anchor the first is meant: it is put in last.
                ids.cards.insert((*anchor).to_string(), id.clone());
            }
        }
        ids.headings = carded.into_iter().map(|id| id.unwrap_or_else(|| ids.fresh("part"))).collect();
        ids
    }

    /// The id of the heading with this number.
    pub fn heading(&self, number: usize) -> &str {
        &self.headings[number]
    }

    /// The id of the card that an anchor means, where the page has it.
    pub fn card(&self, anchor: Option<&str>) -> Option<&str> {
        self.cards.get(anchor?).map(String::as_str)
    }

    /// Where a box of a picture leads: to its card on the page, else to what its name means elsewhere.
    pub fn leads(&self, anchor: Option<&str>, name: &str) -> Option<String> {
        let card = self.card(anchor).map(|id| format!("#{id}"));
        card.or_else(|| self.links.as_ref().and_then(|l| (l.card)(name)))
    }

    /// An id that nothing else has, as near as can be to what is wanted.
    pub fn fresh(&mut self, wanted: &str) -> String {
        let good = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':') { c } else { '-' };
        let mut name: String = wanted.chars().map(good).collect();
        if name.is_empty() {
            name.push('x');
        }
        let mut id = name.clone();
        let mut n = 1;
        while !self.used.insert(id.clone()) {
            n += 1;
            id = format!("{name}-{n}");
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_links_lead_to_the_first() {
        let blocks = vec![Block::card("a", "A B"), Block::card("b", "A-B"), Block::card("c", "A B"), Block::heading("d")];
        let page = Page { blocks, ..Page::default() };
        let mut ids = Ids::of(&page);
        assert_eq!([0, 1, 2, 3].map(|n| ids.heading(n).to_string()), ["A-B", "A-B-2", "A-B-3", "part"]);
        assert_eq!((ids.card(Some("A B")), ids.card(Some("A-B")), ids.card(Some("C"))), (Some("A-B"), Some("A-B-2"), None));
        assert_eq!((ids.fresh(""), ids.fresh("part")), ("x".into(), "part-2".into()));
    }
}
