//! Definition and references.
//!
//! Through every register of the workspace that knows the file: a catalogue, and whoever
//! borrows it. A department answers to its former ids as well. Lines of the log are not
//! listed, since sealed lines are no place to edit; their number stands on the card.

use super::desk::Desk;
use super::leaf::Leaf;
use super::marks::Mark;
use super::server::Answer;
use super::table::Sort;
use crate::model::Body;
use gen_lsp_types::{DefinitionParams, Location, ReferenceParams, TextDocumentPositionParams, Uri};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the id under the cursor is given.
///
/// # Errors
/// None: where there is no such place, there is none.
pub fn definition(desk: &mut Desk, params: DefinitionParams) -> Answer {
    let Some((file, mark)) = under(desk, &params.text_document_position_params) else { return Ok(Value::Null) };
    Ok(json!(places(desk, &file, mark.sort, &[mark.id], true, true)))
}

/// Every place where the thing under the cursor is named.
///
/// # Errors
/// None: where there is no such place, there is none.
pub fn references(desk: &mut Desk, params: ReferenceParams) -> Answer {
    let Some((file, mark)) = under(desk, &params.text_document_position_params) else { return Ok(Value::Null) };
    let ids = names(desk, &file, &mark);
    Ok(json!(places(desk, &file, mark.sort, &ids, false, params.context.include_declaration)))
}

/// The mark under the cursor, once every register concerned is open.
pub fn under(desk: &mut Desk, at: &TextDocumentPositionParams) -> Option<(PathBuf, Mark)> {
    let spot = desk.spot(&at.text_document.uri.0, at.position)?;
    let mark = spot.leaf.mark_at(spot.at)?.clone();
    desk.gather(&spot.leaf.path);
    Some((spot.leaf.path.clone(), mark))
}

/// Every id of the thing: a department's present and former ones.
pub fn names(desk: &Desk, file: &Path, mark: &Mark) -> Vec<String> {
    let body = |w: &super::world::World| {
        let body = w.understood()?.register.body(&mark.id)?.node.clone();
        Some(Body::ids(&body).map(|i| i.to_string()).collect())
    };
    let known = (mark.sort == Sort::Unit).then(|| desk.knowing(file).find_map(body)).flatten();
    known.unwrap_or_else(|| vec![mark.id.clone()])
}

/// Marks of a sort and some ids in every register that knows the file, each once.
pub fn all(desk: &Desk, file: &Path, sort: Sort, ids: &[String]) -> Vec<(Arc<Leaf>, Mark)> {
    let mut out = BTreeMap::new();
    for world in desk.knowing(file) {
        for (leaf, mark) in super::leaf::find(&world.leaves, sort, ids) {
            out.entry((leaf.path.clone(), mark.bytes.start)).or_insert_with(|| (leaf.clone(), mark.clone()));
        }
    }
    out.into_values().collect()
}

fn places(desk: &Desk, file: &Path, sort: Sort, ids: &[String], only_given: bool, given: bool) -> Vec<Location> {
    let fits = |m: &Mark| if m.gives { given } else { !only_given };
    let found = all(desk, file, sort, ids).into_iter().filter(|(_, m)| fits(m));
    found.map(|(leaf, m)| Location::new(Uri(desk.uri(&leaf.path)), leaf.lines.range(m.bytes, desk.encoding))).collect()
}
