//! Reading the repository itself, for tests that hold its invariants.

use crate::world::root;
use std::{fs, path::Path};

/// A text file of the repository.
pub struct File {
    /// From the root, with `/`.
    pub path: String,
    pub text: String,
}

impl File {
    pub fn read(path: &str) -> Self {
        let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        Self { path: path.to_owned(), text }
    }

    /// The part before the file's own tests.
    pub fn without_tests(&self) -> &str {
        self.text.split("#[cfg(test)]").next().unwrap_or_default()
    }
}

/// Files under a folder whose name ends so, in order.
pub fn files(under: &str, ending: &str) -> Vec<File> {
    let mut paths = Vec::new();
    collect(&root().join(under), ending, &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "no *{ending} under {under}");
    paths.iter().map(|path| File::read(path)).collect()
}

fn collect(folder: &Path, ending: &str, paths: &mut Vec<String>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            // What is built, downloaded or git's own is not ours.
            if !matches!(name.as_str(), "target" | "node_modules" | ".git") {
                collect(&path, ending, paths);
            }
        } else if name.ends_with(ending) {
            let from_root = path.strip_prefix(root()).expect("under the root");
            paths.push(from_root.to_string_lossy().replace('\\', "/"));
        }
    }
}

/// Every Rust source of the workspace but the tests' own.
pub fn sources() -> Vec<File> {
    let rooms = ["app", "server", "xtask"];
    rooms.iter().flat_map(|room| files(room, ".rs")).collect()
}
