//! `abbreviations.toml`: which capitals may stand in a lesson, and whether they are explained where they first appear.

use crate::{
    faults::Faults,
    form::{self, Form},
    source::File,
    text::{Said, capitals, has_two_capitals},
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawList {
    #[serde(default)]
    names: Vec<Spanned<String>>,
    #[serde(default)]
    abbreviation: Vec<Spanned<RawAbbreviation>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAbbreviation {
    short: Option<Spanned<String>>,
    words: Option<Spanned<String>>,
}

#[derive(Default)]
pub(crate) struct Abbreviations {
    /// Names that look like abbreviations: `VNeID`, `CH Play`.
    names: BTreeSet<String>,
    /// Short forms with their words, in lower case.
    words: BTreeMap<String, String>,
}

impl Abbreviations {
    pub(crate) fn read(file: File<'_>, faults: &mut Faults) -> Self {
        let Some(raw) = form::parse::<RawList>(file, faults) else { return Self::default() };
        let mut list = Self::default();
        let mut seen = BTreeSet::new();
        let mut listed = |short: &str, place: usize, faults: &mut Faults| {
            if !has_two_capitals(short) {
                faults.at(file, place, format!("“{short}” has no two capitals in a row, so it need not be listed"));
            }
            if !seen.insert(short.to_owned()) {
                faults.at(file, place, format!("“{short}” is listed twice"));
            }
        };
        for name in &raw.names {
            listed(name.get_ref(), name.span().start, faults);
            list.names.insert(name.get_ref().clone());
        }
        for abbreviation in raw.abbreviation {
            let mut form = Form { file, start: abbreviation.span().start, owner: "an abbreviation", faults };
            let RawAbbreviation { short, words } = abbreviation.into_inner();
            let (short, words) = (form.text(short, "short"), form.text(words, "words"));
            if let Some(short) = short {
                listed(&short.text, short.start(), faults);
                list.words.insert(short.text, words.unwrap_or_default().text.to_lowercase());
            }
        }
        list
    }

    /// Starts with the first text of a lesson or track.
    pub(crate) fn reading(&self) -> Reading<'_> {
        Reading { list: self, so_far: String::new(), told: BTreeSet::new() }
    }
}

/// What has been read of a lesson so far, in the order of the page.
pub(crate) struct Reading<'a> {
    list: &'a Abbreviations,
    so_far: String,
    /// Every word in capitals is told once.
    told: BTreeSet<String>,
}

impl Reading<'_> {
    pub(crate) fn text(&mut self, file: File<'_>, said: &Said, faults: &mut Faults) {
        self.so_far.push_str(&said.text.to_lowercase());
        self.so_far.push('\n');
        for (at, word) in capitals(&said.text) {
            if self.told.contains(word) || self.list.names.iter().any(|name| stands_around(&said.text, at, word, name))
            {
                continue;
            }
            let what = match self.list.words.get(word) {
                Some(words) if self.so_far.contains(words) => None,
                Some(words) => Some(format!("“{word}” stands before its words “{words}”")),
                None => Some(format!("“{word}” is neither an abbreviation nor a name of abbreviations.toml")),
            };
            if let Some(what) = what {
                faults.at(file, said.place(at), what);
            }
            self.told.insert(word.to_owned());
        }
    }
}

/// Whether the word at `at` belongs to `name` there: `CH` in "CH Play" does, `QR` in "QRX" does not.
fn stands_around(text: &str, at: usize, word: &str, name: &str) -> bool {
    name.match_indices(word).any(|(inside, _)| {
        at.checked_sub(inside).is_some_and(|start| {
            let end = start + name.len();
            let letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
            text.get(start..end) == Some(name)
                && !letter(text[..start].chars().next_back())
                && !letter(text[end..].chars().next())
        })
    })
}
