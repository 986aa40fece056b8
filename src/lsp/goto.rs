//! Definition and references.
//!
//! Through every register of the workspace that knows the file: a catalogue, and whoever
//! borrows it. A department answers to its former ids as well. Lines of the log are not
//! listed, since sealed lines are no place to edit; their number stands on the card.

use super::desk::Desk;
use super::leaf::Leaf;
use super::marks::Mark;
use super::route::Answer;
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
    let Some(Under { home, mark, .. }) = under(desk, &params.text_document_position_params) else { return Ok(Value::Null) };
    Ok(json!(places(desk, &home, mark.sort, &[mark.id], true, true)))
}

/// Every place where the thing under the cursor is named.
///
/// # Errors
/// None: where there is no such place, there is none.
pub fn references(desk: &mut Desk, params: ReferenceParams) -> Answer {
    let Some(Under { home, mark, .. }) = under(desk, &params.text_document_position_params) else { return Ok(Value::Null) };
    let ids = names(desk, &home, &mark);
    Ok(json!(places(desk, &home, mark.sort, &ids, false, params.context.include_declaration)))
}

/// What the cursor points at.
pub struct Under {
    /// The file with the cursor.
    pub here: PathBuf,
    /// The file where the thing is given; that with the cursor, where it is given nowhere.
    pub home: PathBuf,
    /// The mark.
    pub mark: Mark,
}

/// The mark under the cursor, once every register that knows the thing is open: from a
/// borrower's plan the catalogue's own plan and every other borrower are reached as well.
pub fn under(desk: &mut Desk, at: &TextDocumentPositionParams) -> Option<Under> {
    let spot = desk.spot(&at.text_document.uri.0, at.position)?;
    let mark = spot.leaf.mark_at(spot.at)?.clone();
    let here = spot.leaf.path.clone();
    desk.gather(&here);
    let given = all(desk, &here, mark.sort, std::slice::from_ref(&mark.id)).into_iter().find(|(_, m)| m.gives);
    let home = given.map_or_else(|| here.clone(), |(leaf, _)| leaf.path.clone());
    if home != here {
        desk.gather(&home);
    }
    Some(Under { here, home, mark })
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
