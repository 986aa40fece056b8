//! Completion: ids with their titles, values of the vocabularies, keys still missing.

use super::cursor::{self, Cursor};
use super::desk::Desk;
use super::offer::{self, Offer};
use super::route::Answer;
use super::shape;
use super::table;
use crate::author::yaml::{Step, value};
use crate::model::{Lang, Term};
use gen_lsp_types::{CompletionItem, CompletionItemKind as Kind, CompletionList, CompletionParams, Documentation, Range, TextEdit};
use serde_json::{Value, json};

/// More offers than this are sifted here and not by the client.
const MOST: usize = 1000;

/// Answers the request.
///
/// # Errors
/// None: where nothing can be offered, nothing is.
pub fn answer(desk: &mut Desk, params: CompletionParams) -> Answer {
    let at = params.text_document_position_params;
    let Some(spot) = desk.spot(&at.text_document.uri.0, at.position) else { return Ok(Value::Null) };
    let Some(mut cursor) = cursor::find(&spot.leaf, spot.at) else { return Ok(Value::Null) };
    let world = &desk.worlds[&spot.root];
    let lang = world.lang(desk.setup);
    let kind = spot.leaf.kind.name;
    // The first word below `owner:` reads as its value and is going to be a key.
    if cursor.alone && !cursor.key && shape::mapping(shape::of(kind), &cursor.path) {
        (cursor.key, cursor.beside) = (true, Vec::new());
    }
    let place: Vec<Step> = if cursor.key { [&cursor.path[..], &[Step::Key(cursor.typed.clone())]].concat() } else { cursor.path.clone() };
    let mut offers = match table::at(kind, &place, cursor.key) {
        Some(what) => offer::offers(world, &spot.leaf, what, &cursor, lang),
        None if cursor.key => keys(kind, &cursor, lang),
        None => values(kind, &cursor, lang),
    };
    let low = cursor.typed.to_lowercase();
    let full = offers.len() > MOST;
    if full {
        offers.retain(|o| o.word.to_lowercase().contains(&low) || o.name.to_lowercase().contains(&low));
        offers.truncate(MOST);
    }
    let range = spot.leaf.lines.range(cursor.word.clone(), desk.encoding);
    let items = offers.into_iter().enumerate().map(|(n, o)| item(n, o, &cursor, range)).collect();
    Ok(json!(CompletionList { is_incomplete: full, items, ..CompletionList::default() }))
}

/// Keys that the mapping does not have yet, the required ones first.
fn keys(kind: &str, cursor: &Cursor, lang: Lang) -> Vec<Offer> {
    let there = |name: &str| cursor.key && cursor.beside.iter().any(|(k, _)| k == name);
    let keys = shape::keys(shape::of(kind), &cursor.path).into_iter().filter(|k| !there(&k.name));
    keys.map(|k| {
        let word = if k.required { Term("必填", "required") } else { Term("选填", "optional") };
        Offer { about: k.about, rank: u8::from(!k.required), ..Offer::new(k.name, word.say(lang), Kind::Property) }
    })
    .collect()
}

/// Values of a vocabulary; the first key of an item, where the list holds mappings.
fn values(kind: &str, cursor: &Cursor, lang: Lang) -> Vec<Offer> {
    let fixed = shape::values(shape::of(kind), &cursor.path);
    if fixed.is_empty() && matches!(cursor.path.last(), Some(Step::Item(_))) {
        return keys(kind, cursor, lang);
    }
    fixed.into_iter().map(|(word, about)| Offer { about, ..Offer::new(word, "", Kind::EnumMember) }).collect()
}

fn item(n: usize, o: Offer, cursor: &Cursor, range: Range) -> CompletionItem {
    let new_text = match (o.kind, cursor.quoted) {
        _ if cursor.key && cursor.colon => o.word.clone(),
        (Kind::Property, _) => format!("{}: ", o.word),
        _ if cursor.key => format!("{}: ", o.word),
        (_, true) => o.word.clone(),
        (_, false) => value::word(&o.word, false),
    };
    CompletionItem {
        // Found by its name as well, in whatever language it is written.
        filter_text: (!o.name.is_empty() && o.kind == Kind::Reference).then(|| format!("{} {}", o.word, o.name)),
        sort_text: Some(format!("{}{n:05}", o.rank)),
        detail: (!o.name.is_empty()).then_some(o.name),
        documentation: (!o.about.is_empty()).then_some(Documentation::String(o.about)),
        kind: Some(o.kind),
        text_edit: Some(TextEdit::new(range, new_text).into()),
        label: o.word,
        ..CompletionItem::default()
    }
}
