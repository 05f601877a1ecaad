//! `glossary/terms.toml`: words that not everybody knows, each with one plain sentence.

use crate::{
    faults::Faults,
    form::{self, Form},
    source::File,
};
use domain::{content::Term, places::fold};
use serde::Deserialize;
use std::collections::BTreeSet;
use toml::Spanned;

/// Words of a meaning: what somebody takes in at one hearing.
const MEANING_WORDS_MAX: usize = 16;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGlossary {
    #[serde(default)]
    term: Vec<Spanned<RawTerm>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerm {
    word: Option<Spanned<String>>,
    means: Option<Spanned<String>>,
    say: Option<Spanned<String>>,
    /// `false` for a word that means something else in most texts.
    #[serde(default = "yes")]
    linked: bool,
}

fn yes() -> bool {
    true
}

pub(crate) fn read(file: File<'_>, faults: &mut Faults) -> Vec<Term> {
    let Some(raw) = form::parse::<RawGlossary>(file, faults) else { return Vec::new() };
    let mut terms = Vec::new();
    let mut taken = BTreeSet::new();
    for term in raw.term {
        let mut form = Form { file, start: term.span().start, owner: "a term", faults };
        let RawTerm { word, means, say, linked } = term.into_inner();
        let (word, means) = (form.text(word, "word"), form.text(means, "means"));
        let say = say.and_then(|say| form.text(Some(say), "say"));
        let (Some(word), Some(means)) = (word, means) else { continue };
        let id = fold(&word.text).replace(' ', "-");
        if terms.last().is_some_and(|last: &Term| last.id > id) {
            form.fault(word.start(), format!("“{}” stands after its place in the alphabet", word.text));
        }
        if !taken.insert(id.clone()) {
            form.fault(word.start(), format!("“{}” stands here twice", word.text));
        }
        let words = means.text.split_whitespace().count();
        if words > MEANING_WORDS_MAX {
            form.fault(means.start(), format!("the meaning has {words} words (at most {MEANING_WORDS_MAX})"));
        }
        if !means.text.ends_with(['.', '!', '?']) {
            form.fault(means.start(), "the meaning is no whole sentence: it ends without a full stop");
        }
        // What stands in brackets says which of several is meant; it is not part of the word.
        let plain = word.text.split(" (").next().unwrap_or_default().to_lowercase();
        let form = (linked && !plain.is_empty()).then_some(plain);
        terms.push(Term { id, word: word.text, means: means.text, say: say.map(|say| say.text), form });
    }
    terms
}
