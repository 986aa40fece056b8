//! Ids of other systems' objects that stay the same from run to run: uuid version 5 over what
//! the thing is, never over what is said of it.

use crate::model::Register;
use uuid::Uuid;

/// The namespace of everything that this program names.
fn home() -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:duban:1")
}

/// The id of a thing in a unit's register, by the words that make it what it is.
pub fn of(unit: &str, what: &[&str]) -> Uuid {
    // Lengths keep two lists of words apart.
    let mut name = format!("{}:{unit}", unit.len());
    what.iter().for_each(|w| name += &format!("/{}:{w}", w.len()));
    Uuid::new_v5(&home(), name.as_bytes())
}

/// The id that a body had first: a department that is only renamed stays the same thing.
pub fn first_id<'a>(r: &'a Register, id: &'a str) -> &'a str {
    let Some(body) = r.body(id) else { return id };
    body.was.iter().min_by_key(|w| w.to.0).map_or(body.id.as_str(), |w| w.id.as_str())
}
