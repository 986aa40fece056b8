//! A YAML file of any text: where the quick reader takes it, the general reader takes it too and
//! reads the same, as obligations and as any value. And where its items can be read one by one, they
//! are those of the whole, with all their places.
#![no_main]

use duban::load::tree::{self, Node, NodeKind, Piece};
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

fn cut(text: &str) {
    let Some(pieces) = tree::even_pieces(text) else { return };
    let (count, alone) = (pieces.len(), pieces.into_iter().map(Piece::parse).collect::<Result<Vec<Node>, _>>());
    let Ok(Some(Node { kind: NodeKind::Seq(whole), .. })) = tree::parse(text) else {
        assert!(alone.is_err(), "only piece by piece this is a list");
        return;
    };
    match alone {
        Ok(alone) => assert_eq!(alone, whole),
        Err(_) => assert_ne!(count, whole.len(), "only as a whole this is a list"),
    }
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = scan::utf8(data) else { return };
    cut(text);
    let scan = scan::scan(text);
    if !scan.unusual && scan.troubles.is_empty() {
        held::<Vec<Obligation>>(text);
        held::<serde_yaml::Value>(text);
    }
});
