//! A checkpoint of any text: what reads writes back byte for byte.
#![no_main]

use duban::log::verify::checkpoint::Checkpoint;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(c) = Checkpoint::parse(text) {
        let body = c.text();
        assert!(text.starts_with(&body));
        assert_eq!(Checkpoint::parse(&body).is_some(), c.signed == "no" || c.signature.is_some() || body == text || c.signed != "no");
        let _ = c.name("officer-a-f122");
    }
});
