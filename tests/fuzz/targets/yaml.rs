//! A YAML file of any text: where the quick reader takes it, the general reader takes it too and
//! reads the same, as obligations and as any value.
#![no_main]

use duban::load::{quick, scan};
use duban::model::Obligation;
use libfuzzer_sys::fuzz_target;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

fn held<T: DeserializeOwned + Debug>(text: &str) {
    if let Some(ours) = quick::read::<T>(text) {
        let theirs: T = serde_yaml::from_str(text).expect("the general reader takes it too");
        assert_eq!(format!("{ours:?}"), format!("{theirs:?}"));
    }
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = scan::utf8(data) else { return };
    let scan = scan::scan(text);
    if !scan.unusual && scan.troubles.is_empty() {
        held::<Vec<Obligation>>(text);
        held::<serde_yaml::Value>(text);
    }
});
