//! The fingerprint of a duty's wording: what whoever signs has read.
//!
//! Recipe 1: every part is length-prefixed; the recipe's number and the field's name
//! come first. The owner is the effective one, so a change in the plan shows too.

use crate::digest::fingerprint;
use crate::model::roster::Effective;
use crate::model::{Fingerprint, Obligation};

/// Number of the present recipe.
pub const RECIPE: u32 = 1;

/// Fingerprint of an obligation with its effective owner.
pub fn of(obligation: &Obligation, owner: &Effective) -> Fingerprint {
    let r = &obligation.requirement;
    let mut needs: Vec<String> = obligation.needs.iter().map(|n| format!("{}:{}", n.kind.code(), n.on)).collect();
    needs.sort_unstable();
    Fingerprint {
        recipe: RECIPE,
        requirement: fingerprint(["1", "requirement", r.zh.as_deref().unwrap_or(""), r.en.as_deref().unwrap_or("")]).into(),
        modality: fingerprint(["1", "modality", obligation.kind.code(), obligation.modality.code()]).into(),
        owner: self::owner(owner),
        needs: fingerprint(["1", "needs"].into_iter().chain(needs.iter().map(String::as_str))).into(),
    }
}

/// The part of it that is about the owner.
pub fn owner(owner: &Effective) -> Box<str> {
    let mut lead: Vec<&str> = owner.lead.iter().map(|d| d.as_str()).collect();
    let mut support: Vec<&str> = owner.support.iter().map(|d| d.as_str()).collect();
    lead.sort_unstable();
    support.sort_unstable();
    let mode = owner.mode.map_or("", |m| m.code());
    fingerprint(["1", "owner", mode].into_iter().chain(lead).chain(["|"]).chain(support)).into()
}
