//! `placement/questions.toml`: where one begins.

use crate::{
    abbreviations::Abbreviations,
    faults::Faults,
    form::{self, Form},
    picture::hex,
    source::File,
    text::counted,
};
use domain::{
    content::{CHOICES_MAX, ChoiceId, LessonId},
    learn::{PLACEMENT_QUESTIONS, Placement, PlacementKey, PlacementQuestionKey},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPlacement {
    #[serde(default)]
    question: Vec<Spanned<RawQuestion>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuestion {
    id: Option<Spanned<String>>,
    text: Option<Spanned<String>>,
    #[serde(default)]
    skips: Vec<Spanned<String>>,
    #[serde(default)]
    choice: Vec<Spanned<RawChoice>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChoice {
    text: Option<Spanned<String>>,
    #[serde(default)]
    right: bool,
}

/// `lessons`: those that have a folder, faulty or not. `None` only where there are faults.
pub(crate) fn read(
    file: File<'_>,
    lessons: &BTreeSet<LessonId>,
    abbreviations: &Abbreviations,
    faults: &mut Faults,
) -> Option<Placement> {
    let raw = form::parse::<RawPlacement>(file, faults)?;
    if raw.question.len() != PLACEMENT_QUESTIONS {
        let what = format!("{} (exactly {PLACEMENT_QUESTIONS})", counted(raw.question.len(), "question"));
        faults.of(file.path, what);
    }
    let mut reading = abbreviations.reading();
    let (mut keys, mut texts): (Vec<PlacementQuestionKey>, Vec<_>) = (Vec::new(), Vec::new());
    for question in raw.question {
        let start = question.span().start;
        let RawQuestion { id, text, skips, choice } = question.into_inner();
        let mut form = Form { file, start, owner: "a question", faults };
        let (id, text) = (form.text(id, "id"), form.text(text, "text"));
        if skips.is_empty() {
            form.fault(start, "the question skips no lesson: then it need not be asked");
        }
        let mut known: Vec<LessonId> = Vec::new();
        for skip in skips {
            match lessons.get(skip.get_ref().as_str()) {
                Some(lesson) => known.push(lesson.clone()),
                None => form.fault(skip.span().start, format!("there is no lesson “{}”", skip.get_ref())),
            }
        }
        let mut choices = Vec::new();
        let mut right = Vec::new();
        for (nth, choice) in choice.into_iter().enumerate() {
            let mut inner = Form { file, start: choice.span().start, owner: "a choice", faults: form.faults };
            let RawChoice { text, right: is_right } = choice.into_inner();
            choices.extend(inner.text(text, "text"));
            right.extend(ChoiceId::nth(nth).filter(|_| is_right));
        }
        if !(2..=CHOICES_MAX).contains(&choices.len()) || right.len() != 1 {
            form.fault(start, format!("2 to {CHOICES_MAX} choices, exactly one of them right"));
        }
        for said in text.iter().chain(&choices) {
            reading.text(file, said, form.faults);
        }
        let (Some(id), Some(text), Some(right)) = (id, text, right.first()) else { continue };
        if keys.iter().any(|key| key.id.as_str() == id.text) {
            form.fault(id.start(), format!("question “{}” stands here twice", id.text));
        }
        match id.text.parse() {
            Ok(id) => keys.push(PlacementQuestionKey { id, choices: choices.len() as u8, right: *right, skips: known }),
            Err(not) => form.fault(id.start(), format!("“{}” is no name for a question: {not}", id.text)),
        }
        texts.push((text.text, choices.into_iter().map(|choice| choice.text).collect()));
    }
    let version = hex(&Sha256::digest(file.text))[..12].parse().ok()?;
    Some(Placement { key: PlacementKey { version, questions: keys }, texts })
}
