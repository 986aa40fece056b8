//! Names that other systems know our things by: they must not change from run to run.
//!
//! An id is a version-5 UUID over one constant, the unit's code, the kind of thing and its own
//! id here. Nothing else enters: not the day, not the wording, not the place in a list. So the
//! same thing has the same id in every run and every revision, and two units' things differ.

use crate::model::Register;
use uuid::Uuid;

/// The ids of one unit.
#[derive(Debug, Clone, Copy)]
pub struct Space(Uuid);

impl Space {
    /// Of a unit, by its code.
    pub fn of(unit: &str) -> Space {
        let ours = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:duban");
        Space(Uuid::new_v5(&ours, unit.as_bytes()))
    }
    /// Of one thing: its kind and its id here.
    pub fn id(&self, kind: &str, id: &str) -> String {
        Uuid::new_v5(&self.0, format!("{kind}\n{id}").as_bytes()).hyphenated().to_string()
    }
    /// Of a thing whose id here is several words.
    pub fn of_words(&self, kind: &str, words: &[&str]) -> String {
        // Lengths keep two lists of words apart.
        let words: Vec<String> = words.iter().map(|w| format!("{}:{w}", w.len())).collect();
        self.id(kind, &words.join("/"))
    }
}

/// The id that a body had first: a department that is only renamed stays the same thing.
pub fn first_id<'a>(r: &'a Register, id: &'a str) -> &'a str {
    let Some(body) = r.body(id) else { return id };
    body.was.iter().min_by_key(|w| w.to.0).map_or(body.id.as_str(), |w| w.id.as_str())
}

/// A name in small ASCII letters, digits, dots and hyphens. What had to be changed for it ends in
/// six digits of a digest, so that two names do not become one.
pub fn slug(text: &str) -> String {
    let small = text.to_ascii_lowercase();
    let mut plain: String = small.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '-' }).collect();
    if plain == small && !plain.is_empty() && plain.len() <= 60 {
        return plain;
    }
    plain.truncate(40);
    let print = Uuid::new_v5(&Uuid::NAMESPACE_URL, text.as_bytes()).simple().to_string();
    format!("{}-{}", plain.trim_matches('-'), &print[..6]).trim_start_matches('-').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_thing_s() {
        let city = Space::of("SC");
        assert_eq!(city.id("obligation", "OPN-3.18"), city.id("obligation", "OPN-3.18"));
        assert_ne!(city.id("obligation", "OPN-3.18"), city.id("finding", "OPN-3.18"));
        assert_ne!(city.id("obligation", "OPN-3.18"), Space::of("CN").id("obligation", "OPN-3.18"));
        // Written down: a change here would give every system that has read us new things.
        assert_eq!(city.id("finding", "OPN-0.03@CITY-NFRA"), "c07732a3-226e-5b10-99a3-acc30ddb2742");
    }

    #[test]
    fn two_names_stay_two() {
        assert_eq!(slug("OPN-3.18"), "opn-3.18");
        assert_ne!(slug("287之一"), slug("287之二"));
        assert!(slug("示例市").is_ascii() && !slug("示例市").is_empty());
        assert_ne!(slug("A B"), slug("A-B"));
    }
}
