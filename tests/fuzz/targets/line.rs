//! A line of the log: taken apart it is whole again, and an entry that reads writes back
//! to something that reads as the same.
#![no_main]

use duban::log::lines::split;
use duban::model::Entry;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some(shape) = split(data) {
        assert_eq!(shape.h.len(), 22);
        let whole = [shape.body, b",\"h\":\"", shape.h, b"\"}"].concat();
        assert_eq!(whole, data);
    }
    if let Ok(entry) = serde_json::from_slice::<Entry>(data) {
        let text = serde_json::to_string(&entry).expect("an entry writes");
        assert!(!text.contains('\n'));
        let again: Entry = serde_json::from_str(&text).expect("what was written reads");
        assert_eq!(serde_json::to_string(&again).expect("an entry writes"), text);
    }
});
