//! Where content comes from: the folder that is embedded in the program, or one on disk.

use crate::faults::Faults;
use rust_embed::RustEmbed;
use std::{borrow::Cow, collections::BTreeMap, fs, io, path::Path};

/// Longest file that is read: the longest of today has 12 KB, and one written by mistake must not fill the memory.
const FILE_BYTES_MAX: usize = 256 * 1024;
/// Deepest folder: `tracks/<track>/<lesson>`, and one more so that a misplaced folder is named; links cannot go in circles.
const FOLDERS_DEEP_MAX: usize = 4;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../content"]
struct Embedded;

/// A text file: its path from the content folder, with `/`, and what it says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct File<'a> {
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
}

impl File<'_> {
    /// The line, from 1, of a place in bytes.
    pub(crate) fn line(&self, place: usize) -> usize {
        1 + self.text.bytes().take(place).filter(|byte| *byte == b'\n').count()
    }
}

/// All files of a release, as text: UTF-8, no byte order mark, lines ended by a line feed alone, so that a lesson has the
/// same version wherever it was edited. Files whose names begin with a full stop belong to an editor and are left out.
#[derive(Clone, Default)]
pub(crate) struct Files(BTreeMap<String, String>);

impl Files {
    pub(crate) fn embedded(faults: &mut Faults) -> Self {
        let mut files = Self::default();
        for path in Embedded::iter() {
            if !path.split('/').any(|part| part.starts_with('.'))
                && let Some(file) = Embedded::get(&path)
            {
                files.add(path.into_owned(), file.data, faults);
            }
        }
        files
    }

    pub(crate) fn folder(path: &Path, faults: &mut Faults) -> Self {
        let mut files = Self::default();
        files.walk(path, "", 0, faults);
        files
    }

    fn walk(&mut self, folder: &Path, inside: &str, deep: usize, faults: &mut Faults) {
        let shown = if inside.is_empty() { folder.display().to_string() } else { inside.to_owned() };
        let entries = match fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => return faults.of(&shown, format!("this folder cannot be read: {error}")),
        };
        for entry in entries {
            let Ok(name) = entry.file_name().into_string() else {
                faults.of(&shown, "a file name is not UTF-8");
                continue;
            };
            if name.starts_with('.') {
                continue;
            }
            let path = if inside.is_empty() { name } else { format!("{inside}/{name}") };
            if entry.path().is_dir() {
                if deep + 1 < FOLDERS_DEEP_MAX {
                    self.walk(&entry.path(), &path, deep + 1, faults);
                } else {
                    faults.of(&path, "folders this deep are not read");
                }
                continue;
            }
            match read_limited(&entry.path()) {
                Ok(bytes) => self.add(path, Cow::Owned(bytes), faults),
                Err(error) => faults.of(&path, format!("cannot be read: {error}")),
            }
        }
    }

    /// Takes a file in, noting what makes it no proper text.
    pub(crate) fn add(&mut self, path: String, bytes: Cow<'_, [u8]>, faults: &mut Faults) {
        let mut bytes = &*bytes;
        if bytes.len() > FILE_BYTES_MAX {
            faults.of(&path, format!("larger than {FILE_BYTES_MAX} bytes"));
            bytes = &[];
        }
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n");
        let file = File { path: &path, text: &text };
        if let Err(error) = std::str::from_utf8(bytes) {
            faults.at(file, error.valid_up_to(), "not UTF-8: save the file as UTF-8");
        }
        let mut marks = text.match_indices(is_combining);
        if let Some((place, _)) = marks.next() {
            let places = 1 + marks.count();
            let around = text[..place].rsplit('\n').next().unwrap_or_default();
            let what = format!("{places} marks stand apart from their letters (not NFC), the first after “{around}”");
            faults.at(file, place, what);
        }
        self.0.insert(path, text);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = File<'_>> {
        self.0.iter().map(|(path, text)| File { path, text })
    }

    /// The file of that path; that it is missing is a fault.
    pub(crate) fn get(&self, path: &str, faults: &mut Faults) -> Option<File<'_>> {
        let file = self.find(path);
        if file.is_none() {
            faults.of(path, "this file is missing");
        }
        file
    }

    /// A file that need not be there.
    pub(crate) fn find(&self, path: &str) -> Option<File<'_>> {
        self.0.get_key_value(path).map(|(path, text)| File { path, text })
    }

    #[cfg(test)]
    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.0.retain(|path, _| keep(path));
    }
}

/// Marks written apart from their letters, as macOS and some keyboards do: half of the readers would see them misplaced.
fn is_combining(letter: char) -> bool {
    ('\u{0300}'..='\u{036f}').contains(&letter)
}

/// One byte more than is allowed is enough to see that it is too long.
fn read_limited(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(fs::File::open(path)?, FILE_BYTES_MAX as u64 + 1), &mut bytes)?;
    Ok(bytes)
}
