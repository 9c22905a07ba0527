//! Says when the embedded course has to be embedded again: when any of its folders or files changes.

use std::fs;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for folder in ["lessons", "quizzes", "assets"] {
        watch(Path::new(folder));
    }
}

fn watch(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
    if let Ok(entries) = fs::read_dir(path) {
        entries.flatten().for_each(|entry| watch(&entry.path()));
    }
}
