//! 法条对照表: how many links there are by relation and confidence; every article with the
//! obligations that meet it and their state; both kinds of gap.

use super::ask::Ask;
use super::dress::page;
use super::rows::nil;
use crate::model::{Confidence, Lang, LawLink, Relation, Term, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};
use crate::report::rows::light_cell;
use std::collections::{BTreeMap, HashMap, HashSet};

/// By article; then the articles that no obligation meets, and the obligations without one.
pub fn crosswalk(ask: &Ask) -> Page {
    let mut met: BTreeMap<Place, Vec<(usize, &LawLink)>> = BTreeMap::new();
    let mut without = Vec::new();
    let places = places(ask);
    for ob in ask.obligations() {
        let links = ask.links(&ask.s.register.obligations[ob].id);
        for l in links.iter().filter(|l| l.relation != Relation::None) {
            met.entry(place(&places, l)).or_default().push((ob, *l));
        }
        if !links.iter().any(|l| l.relation != Relation::None) {
            without.push(ob);
        }
    }
    let mut rows = Vec::new();
    let mut law = None;
    for ((of, ..), links) in &met {
        if law != Some(*of) {
            law = Some(*of);
            rows.push(Row::group(ask.s.register.laws.get(*of).map_or(t::LAW.say(ask.lang), |l| l.name.say(ask.lang)).into_owned()));
        }
        // The heading has the law's name; what is in no file of a law says its own.
        let name = if ask.s.register.laws.get(*of).is_some() { numbered } else { article };
        rows.extend(links.iter().map(|(ob, l)| row(ask, *ob, name(ask, l), l.relation, l.confidence)));
    }
    rows.extend(gap(ask, without));
    let columns = columns(ask);
    let caption = Term("按条文", "By article").say(ask.lang).into_owned();
    let main = Table { key: "crosswalk".into(), caption, columns, rows, empty: nil(ask), ..Table::default() };
    page(
        ask,
        "crosswalk",
        Term("法条对照表", "Legal crosswalk"),
        vec![Block::Table(relations(ask)), Block::Table(main), Block::Table(unmet(ask))],
        Vec::new(),
    )
}

/// Links of the selection by relation, in columns of confidence, with the articles and the
/// obligations that they join, each once.
fn relations(ask: &Ask) -> Table {
    let all: Vec<(usize, &LawLink)> = {
        let of = |ob: usize| ask.links(&ask.s.register.obligations[ob].id).iter().map(move |l| (ob, *l));
        ask.obligations().into_iter().flat_map(of).collect()
    };
    let sure: Vec<Option<Confidence>> = Confidence::ALL.iter().copied().map(Some).chain([None]).collect();
    let line = |name: String, links: &[&(usize, &LawLink)]| {
        let articles: HashSet<(&str, &str)> =
            links.iter().filter_map(|(_, l)| Some((l.law.as_str(), l.article.as_ref()?.as_str()))).collect();
        let obligations: HashSet<usize> = links.iter().map(|(ob, _)| *ob).collect();
        let counts = sure.iter().map(|c| links.iter().filter(|(_, l)| l.confidence == *c).count());
        let ends = [links.len(), articles.len(), obligations.len()];
        std::iter::once(Cell::new(name)).chain(counts.chain(ends).map(Cell::Count)).collect::<Vec<_>>()
    };
    let mut rows: Vec<Row> = Vec::new();
    for relation in Relation::ALL {
        let links: Vec<_> = all.iter().filter(|(_, l)| l.relation == *relation).collect();
        if !links.is_empty() {
            rows.push(Row::of(line(relation.term().say(ask.lang).into_owned(), &links)));
        }
    }
    if !rows.is_empty() {
        rows.push(Row::total(line(t::TOTAL.say(ask.lang).into_owned(), &all.iter().collect::<Vec<_>>())));
    }
    let count = |term: Term, key: &str| Column::number(term.say(ask.lang), term.say(ask.lang)).key(key).wide(24);
    let mut columns = vec![Column::text(t::RELATION.say(ask.lang)).key("relation")];
    columns.extend(Confidence::ALL.iter().map(|c| count(c.term(), &format!("confidence-{}", c.code()))));
    columns.push(count(Term("未注明", "not said"), "confidence-none"));
    columns.push(count(Term("对应数", "Links"), "links"));
    columns.push(count(Term("条文数", "Articles"), "articles"));
    columns.push(count(Term("义务数", "Obligations"), "obligations"));
    let caption = Term("按关系和可信度", "Links by relation and confidence").say(ask.lang).into_owned();
    Table { key: "relations".into(), caption, columns, rows, empty: nil(ask), ..Table::default() }
}

fn columns(ask: &Ask) -> Vec<Column> {
    let say = |term: Term| term.say(ask.lang).into_owned();
    // Two languages in a cell on one line: the list is long.
    let both = ask.lang == Lang::Both;
    vec![
        Column::text(say(t::LAW)).key("article").wide(if both { 38 } else { 32 }),
        Column::id(say(t::ID)).key("id").wide(20),
        Column::text(say(t::TITLE)).key("title"),
        Column::text(say(t::RELATION)).key("relation").wide(if both { 32 } else { 22 }),
        Column::text(say(t::CONFIDENCE)).key("confidence").wide(if both { 24 } else { 20 }),
        Column::text(say(t::STATUS)).key("status").wide(if both { 34 } else { 22 }),
        Column::text(say(t::LIGHT)).key("light").wide(22),
    ]
}

fn row(ask: &Ask, ob: usize, article: String, relation: Relation, confidence: Option<Confidence>) -> Row {
    let o = &ask.s.register.obligations[ob];
    let (status, light) = ask.s.folded.obligations[ob];
    Row::of(vec![
        Cell::new(article),
        Cell::Id(o.id.to_string(), None),
        Cell::new(o.title.say(ask.lang)),
        Cell::new(relation.term().say(ask.lang)),
        Cell::new(confidence.map_or("—".into(), |c| c.term().say(ask.lang))),
        Cell::new(status.term().say(ask.lang)),
        light_cell(light, &[], ask.lang),
    ])
}

/// Obligations that meet no article, under a heading of their own.
fn gap(ask: &Ask, without: Vec<usize>) -> Vec<Row> {
    let head = (!without.is_empty()).then(|| Row::group(t::NO_ARTICLE.say(ask.lang)));
    // That nothing corresponds may itself be more or less sure.
    let sure = |ob: usize| ask.links(&ask.s.register.obligations[ob].id).first().and_then(|l| l.confidence);
    head.into_iter().chain(without.into_iter().map(|ob| row(ask, ob, "—".into(), Relation::None, sure(ob)))).collect()
}

/// Articles that no obligation meets, whatever the filter.
fn unmet(ask: &Ask) -> Table {
    let r = &ask.s.register;
    let links = r.crosswalk.iter().flat_map(|c| &c.links).filter(|l| l.relation != Relation::None);
    let met: HashSet<(&str, &str)> = links.filter_map(|l| Some((l.law.as_str(), l.article.as_ref()?.as_str()))).collect();
    let mut rows = Vec::new();
    for law in &r.laws {
        let free: Vec<_> = law.articles.iter().filter(|a| !met.contains(&(law.id.as_str(), a.no.as_str()))).collect();
        if !free.is_empty() {
            rows.push(Row::group(law.name.say(ask.lang)));
        }
        rows.extend(free.into_iter().map(|a| Row::of(vec![Cell::new(number(ask, a.no.as_str())), Cell::new(a.topic.say(ask.lang))])));
    }
    let topic = Term("主题", "Topic").say(ask.lang).into_owned();
    let columns = vec![Column::text(t::LAW.say(ask.lang)).key("article").wide(50), Column::text(topic).key("topic")];
    Table { key: "unmet".into(), caption: t::UNMET_ARTICLES.say(ask.lang).into_owned(), columns, rows, empty: nil(ask), ..Table::default() }
}

/// Law and article to their places in the files.
fn places<'a>(ask: &Ask<'a>) -> HashMap<(&'a str, &'a str), (usize, usize)> {
    let mut all = HashMap::new();
    for (i, law) in ask.s.register.laws.iter().enumerate() {
        for (k, a) in law.articles.iter().enumerate() {
            all.entry((law.node.id.as_str(), a.no.as_str())).or_insert((i, k));
        }
    }
    all
}

/// Law, article, paragraph.
type Place = (usize, usize, u32);

/// What stands in no file of a law comes last.
fn place(places: &HashMap<(&str, &str), (usize, usize)>, l: &LawLink) -> Place {
    let no = l.article.as_ref().map_or("", |a| a.as_str());
    let (law, article) = places.get(&(l.law.as_str(), no)).copied().unwrap_or((usize::MAX, usize::MAX));
    (law, article, l.paragraph.unwrap_or(0))
}

/// `反诈法 第6条第1款`, `AFL Art. 6(1)`.
pub fn article(ask: &Ask, l: &LawLink) -> String {
    let law = ask.s.register.laws.iter().find(|x| x.id == l.law);
    let name = law.map_or(l.law.to_string(), |x| x.name.say(ask.lang).into_owned());
    format!("{name} {}", numbered(ask, l))
}

/// `第6条第1款`, `Art. 6(1)`: under the name of its law.
fn numbered(ask: &Ask, l: &LawLink) -> String {
    let no = l.article.as_ref().map_or(String::new(), |a| number(ask, a.as_str()));
    let paragraph = l.paragraph.map_or(String::new(), |p| match ask.lang {
        Lang::En => format!("({p})"),
        Lang::Zh => format!("第{p}款"),
        Lang::Both => format!("({p})"),
    });
    format!("{no}{paragraph}")
}

/// 第287条之二, Art. 287之二.
fn number(ask: &Ask, no: &str) -> String {
    let zh = match no.split_once('之') {
        Some((head, tail)) => format!("第{head}条之{tail}"),
        None => format!("第{no}条"),
    };
    match ask.lang {
        Lang::En => format!("Art. {no}"),
        Lang::Zh => zh,
        Lang::Both => format!("{zh} Art. {no}"),
    }
}
