//! What may be written at a place, in the words of this register.

use super::cursor::Cursor;
use super::leaf::Leaf;
use super::table::{Sort, What};
use super::world::World;
use crate::model::Lang;
use crate::rules;
use gen_lsp_types::CompletionItemKind as Kind;
use std::sync::Arc;

/// One thing that may be written.
pub struct Offer {
    /// The word.
    pub word: String,
    /// Its name or title.
    pub name: String,
    /// More of it.
    pub about: String,
    /// Lower comes first.
    pub rank: u8,
    /// For the editor's little picture.
    pub kind: Kind,
}

impl Offer {
    /// An offer with a name.
    pub fn new(word: impl Into<String>, name: impl Into<String>, kind: Kind) -> Offer {
        Offer { word: word.into(), name: name.into(), about: String::new(), rank: 1, kind }
    }
}

/// Whatever the table says may stand there.
pub fn offers(world: &World, leaf: &Arc<Leaf>, what: What, cursor: &Cursor, lang: Lang) -> Vec<Offer> {
    let mut out = match what {
        // A new id is the writer's own.
        What::Gives(..) => Vec::new(),
        What::Names(Sort::Rule, _) => rules::TABLE.iter().map(|r| Offer::new(r.info.id, r.info.title.say(lang), Kind::Constant)).collect(),
        What::Names(Sort::Article, _) => articles(world, leaf, cursor, lang),
        What::Names(sort, classes) => given(world, leaf, sort, classes, lang),
        What::Duty => duties(world, lang),
        What::Subject => duties(world, lang).into_iter().chain(given(world, leaf, Sort::Unit, &["bodies"], lang)).collect(),
        What::See => [Sort::Obligation, Sort::Part, Sort::Clause].into_iter().flat_map(|s| given(world, leaf, s, &[], lang)).collect(),
    };
    // What the list has already is seldom meant again; an id is not needed by itself.
    out.retain(|o| !cursor.beside.iter().any(|(word, value)| *word == o.word && value.is_empty()));
    out
}

/// Ids that are given somewhere in the register; the file at hand as it is being typed.
fn given(world: &World, leaf: &Arc<Leaf>, sort: Sort, classes: &[&str], lang: Lang) -> Vec<Offer> {
    let others = world.leaves.iter().filter(|l| l.path != leaf.path);
    let mut out = Vec::new();
    for file in others.chain([leaf]) {
        let own = file.path.starts_with(&world.root);
        for m in file.marks.iter().filter(|m| m.gives && m.sort == sort && (classes.is_empty() || classes.contains(&m.class))) {
            let mut one = Offer::new(&m.id, m.about.say(lang), Kind::Reference);
            one.rank = u8::from(!own);
            out.push(one);
        }
    }
    out.sort_by(|a, b| (a.rank, &a.word).cmp(&(b.rank, &b.word)));
    out.dedup_by(|a, b| a.word == b.word);
    out
}

/// Assignments in full, then obligations by themselves.
fn duties(world: &World, lang: Lang) -> Vec<Offer> {
    let Some(s) = world.understood() else { return Vec::new() };
    let r = &s.register;
    let full = (0..s.roster.duties.len()).filter(|d| s.roster.duties[*d].dept.is_some()).map(|d| {
        let o = &r.obligations[s.roster.duties[d].obligation as usize];
        Offer::new(s.roster.full_id(r, d), o.title.say(lang), Kind::Reference)
    });
    let bare = r.obligations.iter().map(|o| Offer { rank: 2, ..Offer::new(o.id.as_str(), o.title.say(lang), Kind::Reference) });
    full.chain(bare).collect()
}

/// Articles of the law that is named beside.
fn articles(world: &World, leaf: &Arc<Leaf>, cursor: &Cursor, lang: Lang) -> Vec<Offer> {
    let law = cursor.beside.iter().find(|(k, _)| k == "law").map(|(_, v)| format!("{v}:"));
    let all = given(world, leaf, Sort::Article, &[], lang);
    let one = |o: Offer| {
        let (begin, no) = o.word.split_once(':')?;
        let fits = law.as_ref().is_none_or(|l| l.trim_end_matches(':') == begin);
        fits.then(|| Offer { word: no.to_string(), ..o })
    };
    all.into_iter().filter_map(one).collect()
}
