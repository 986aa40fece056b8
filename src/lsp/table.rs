//! Where ids stand: one line for every place in every kind of file.
//!
//! A place is a path: a key, `*` for each element of a list (or the value itself where one
//! may stand for a list), `{}` for each key of a mapping. Hover, definition, references,
//! completion and rename all go by this table, so a new place costs one line.

use crate::author::yaml::Step;

/// What an id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sort {
    /// An obligation.
    Obligation,
    /// A body, sector, enterprise or user kind: they share one set of ids.
    Unit,
    /// A type of evidence.
    Evidence,
    /// A post.
    Post,
    /// A clause or sentence of the source.
    Clause,
    /// A part of a policy.
    Part,
    /// A rule of `check`.
    Rule,
    /// A law.
    Law,
    /// An article: `AFL:6`.
    Article,
}

/// What stands at a place.
#[derive(Debug, Clone, Copy)]
pub enum What {
    /// The id is given here; the second word is its class.
    Gives(Sort, &'static str),
    /// The id is named; only these classes are offered, all where there are none.
    Names(Sort, &'static [&'static str]),
    /// `OPN-3.18@DEP-NDRC` or `OPN-3.18`.
    Duty,
    /// What a waiver is about: one of those, a department, or another word.
    Subject,
    /// What a clause points to: an obligation, a part or a clause.
    See,
}

/// One line of the table.
pub struct Row {
    /// The kind of file.
    pub kind: &'static str,
    /// The place in it.
    pub at: &'static str,
    /// What stands there.
    pub what: What,
}

macro_rules! rows {
    ($($kind:literal $at:literal $what:expr;)+) => {
        /// Every place.
        pub const ROWS: &[Row] = &[$(Row { kind: $kind, at: $at, what: $what }),+];
    };
}

use Sort::*;
use What::{Duty, Gives, Names, See, Subject};

const BODY: &[&str] = &["bodies"];
const SECTOR: &[&str] = &["sectors"];
const CODE: &[&str] = &["codes"];
const ABOVE: &[&str] = &["sectors", "enterprises", "users"];

rows! {
    "obligations" "*.id" Gives(Obligation, "");
    "obligations" "*.source.at" Names(Clause, &["clauses"]);
    "obligations" "*.source.also.*" Names(Clause, &["clauses"]);
    "obligations" "*.owner.lead.*" Names(Unit, BODY);
    "obligations" "*.owner.support.*" Names(Unit, BODY);
    "obligations" "*.owner.former.*.dept" Names(Unit, BODY);
    "obligations" "*.sector" Names(Unit, CODE);
    "obligations" "*.reaches.*" Names(Unit, CODE);
    "obligations" "*.enterprises.*" Names(Unit, &["enterprises"]);
    "obligations" "*.users.*" Names(Unit, &["users"]);
    "obligations" "*.needs.*.on" Names(Obligation, &[]);
    "obligations" "*.evidence.*.type" Names(Evidence, &[]);
    "plan" "*.duty" Duty;
    "plan" "*.person" Names(Post, &[]);
    "plan" "*.due_set.by" Names(Post, &[]);
    "plan" "*.owner.lead.*" Names(Unit, BODY);
    "plan" "*.owner.support.*" Names(Unit, BODY);
    "plan" "*.owner.former.*.dept" Names(Unit, BODY);
    "people" "*.post" Gives(Post, "");
    "people" "*.department" Names(Unit, BODY);
    "waivers" "*.rule" Names(Rule, &[]);
    "waivers" "*.subject" Subject;
    "waivers" "*.who" Names(Post, &[]);
    "register" "rules.{}" Names(Rule, &[]);
    "departments" "sectors.*.id" Gives(Unit, "sectors");
    "departments" "sectors.*.code" Gives(Unit, "codes");
    "departments" "bodies.*.id" Gives(Unit, "bodies");
    "departments" "bodies.*.was.*.id" Gives(Unit, "former");
    "departments" "bodies.*.sector" Names(Unit, SECTOR);
    "departments" "bodies.*.parent" Names(Unit, &["bodies", "enterprises"]);
    "departments" "bodies.*.acts_for.*" Names(Unit, BODY);
    "departments" "enterprises.*.id" Gives(Unit, "enterprises");
    "departments" "enterprises.*.parent" Names(Unit, ABOVE);
    "departments" "enterprises.*.regulators.*" Names(Unit, BODY);
    "departments" "users.*.id" Gives(Unit, "users");
    "departments" "users.*.parent" Names(Unit, ABOVE);
    "departments" "users.*.regulators.*" Names(Unit, BODY);
    "departments" "changes.*.body" Names(Unit, BODY);
    "evidence-types" "types.*.code" Gives(Evidence, "");
    "policy" "parts.*.id" Gives(Part, "");
    "clauses" "sentences.*.at" Gives(Clause, "sentences");
    "clauses" "clauses.*.at" Gives(Clause, "clauses");
    "clauses" "clauses.*.primary.*" Names(Obligation, &[]);
    "clauses" "clauses.*.secondary.*.id" Names(Obligation, &[]);
    "clauses" "clauses.*.see.*" See;
    "clauses" "clauses.*.see.*.from" See;
    "clauses" "clauses.*.see.*.to" See;
    "law" "id" Gives(Law, "");
    "law" "articles.*.no" Gives(Article, "");
    "crosswalk" "*.duty" Names(Obligation, &[]);
    "crosswalk" "*.links.*.law" Names(Law, &[]);
    "crosswalk" "*.links.*.article" Names(Article, &[]);
}

/// The rows of a kind of file.
pub fn rows(kind: &str) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(move |r| r.kind == kind)
}

/// What stands at a path of a kind of file: as a key, or as a value.
pub fn at(kind: &str, path: &[Step], key: bool) -> Option<What> {
    rows(kind).find(|r| r.at.ends_with("{}") == key && fits(r.at, path)).map(|r| r.what)
}

fn fits(place: &str, path: &[Step]) -> bool {
    let one = place.strip_suffix(".*");
    let same = |place: &str| {
        let mut words = place.split('.');
        path.iter().all(|step| match (words.next(), step) {
            (Some("*"), Step::Item(_)) => true,
            (Some("{}"), Step::Key(_)) => true,
            (Some(word), Step::Key(key)) => word == key,
            _ => false,
        }) && words.next().is_none()
    };
    same(place) || one.is_some_and(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line of the table is a place that the file's schema knows.
    #[test]
    fn the_table_knows_no_place_that_the_schemas_do_not() {
        for row in ROWS {
            let schema = crate::author::schema::schema(crate::author::schema::find(row.kind).expect(row.kind));
            let steps: Vec<Step> =
                row.at.split('.').filter(|w| *w != "{}").map(|w| if w == "*" { Step::Item(0) } else { Step::Key(w.into()) }).collect();
            assert!(!super::super::shape::at(&schema, &steps).is_empty(), "{} {}", row.kind, row.at);
        }
    }

    #[test]
    fn one_value_may_stand_for_a_list() {
        let key = |k: &str| Step::Key(k.into());
        let path = [key("bodies"), Step::Item(3), key("acts_for")];
        assert!(matches!(at("departments", &path, false), Some(What::Names(Sort::Unit, _))));
        assert!(at("departments", &[key("bodies"), Step::Item(3), key("name")], false).is_none());
    }
}
