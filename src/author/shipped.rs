//! The national catalogue inside the program, so that a released binary can start a
//! register with no repository around. [`FILES`] are the very bytes of `obligations/`; its saved
//! reports stay behind, for they are its own unit's.

macro_rules! shipped {
    ($($path:literal)+) => {
        /// Path in the register and text of every file, in the order of their paths.
        pub const FILES: &[(&str, &str)] = &[$(($path, include_str!(concat!("../../obligations/", $path)))),+];
    };
}

shipped! {
    "court-notice-2022/1-campaign.yaml"
    "court-notice-2022/2-punishment.yaml"
    "court-notice-2022/3-trials.yaml"
    "court-notice-2022/clauses.yaml"
    "court-notice-2022/policy.yaml"
    "departments.yaml"
    "evidence-types.yaml"
    "law/anti-fraud-law-2022.yaml"
    "law/criminal-law.yaml"
    "law/crosswalk.yaml"
    "opinions-2022/0-general.yaml"
    "opinions-2022/1-crackdown.yaml"
    "opinions-2022/2-prevention.yaml"
    "opinions-2022/3-industry.yaml"
    "opinions-2022/4-territory.yaml"
    "opinions-2022/5-organisation.yaml"
    "opinions-2022/clauses.yaml"
    "opinions-2022/policy.yaml"
    "register.yaml"
    "waivers.yaml"
}

/// One file's text.
///
/// # Panics
/// Where it is not shipped: a name of ours is wrong.
pub fn file(path: &str) -> &'static str {
    FILES.iter().find(|(p, _)| *p == path).map(|(_, text)| *text).expect("the name of a shipped file")
}
