//! One number over everything that the program is made of, for what it keeps for itself: the
//! folded state of closed months is used by the very program that wrote it, and by no other.
//!
//! Not a digest against forgery, only against forgetting: whoever changes a line of the engine
//! need not think of raising a version.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("the sources are there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

fn main() {
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=Cargo.lock");
    println!("cargo:rerun-if-changed=Cargo.toml");
    let mut all = Vec::new();
    files(Path::new("src"), &mut all);
    // Installed from an archive, the lock file may be missing.
    all.extend(["Cargo.toml", "Cargo.lock"].iter().map(PathBuf::from).filter(|p| p.exists()));
    all.sort();
    let mut hash = DefaultHasher::new();
    for path in all {
        path.to_string_lossy().hash(&mut hash);
        fs::read(&path).expect("a source can be read").hash(&mut hash);
    }
    println!("cargo:rustc-env=DUBAN_BUILD={:016x}", hash.finish());
}
