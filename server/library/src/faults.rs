//! What is wrong with the content, told to the people who write it.

use crate::{source::File, text::counted};
use std::{collections::BTreeSet, fmt};

/// One thing that must be mended before the content can be shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fault {
    /// The file, counted from the content folder.
    pub file: String,
    /// From 1; 1 as well when the fault has no place in the file.
    pub line: usize,
    /// In plain English, naming the sentence or value at fault.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// Every fault of every file. Prints one a line, sorted by file and line, then how many there are.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Notes a fault at a place (in bytes) of a file.
    pub(crate) fn at(&mut self, file: File<'_>, place: usize, what: impl Into<String>) {
        self.0.push(Fault { file: file.path.to_owned(), line: file.line(place), what: one_line(what.into()) });
    }

    /// Notes a fault of a file as a whole.
    pub(crate) fn of(&mut self, path: &str, what: impl Into<String>) {
        self.0.push(Fault { file: path.to_owned(), line: 1, what: one_line(what.into()) });
    }
}

/// A fault is one line, whatever the value it names holds, and short enough to be found among others.
fn one_line(what: String) -> String {
    const LETTERS_MAX: usize = 320;
    let mut line = what.replace(char::is_control, " ");
    if let Some((end, _)) = line.char_indices().nth(LETTERS_MAX) {
        line.replace_range(end.., "…");
    }
    line
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sorted: Vec<&Fault> = self.0.iter().collect();
        sorted.sort();
        for fault in &sorted {
            writeln!(f, "{fault}")?;
        }
        let files = sorted.iter().map(|fault| &fault.file).collect::<BTreeSet<_>>().len();
        write!(f, "{} in {}", counted(sorted.len(), "fault"), counted(files, "file"))
    }
}

/// As [`fmt::Display`]: a failing `main` or test prints this one.
impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Faults {}
