//! The questions of `lesson.toml`, each by the rules of its kind.

use crate::{
    faults::Faults,
    form::{Form, optional_text},
    page::between,
    source::File,
    text::{Said, counted},
};
use domain::content::{CHOICES_MAX, Choice, ChoiceId, Question, QuestionId, QuestionKey, Right};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};
use toml::Spanned;

/// Questions of a lesson: with fewer, one lucky guess would decide about a pass.
pub(crate) const QUESTIONS: RangeInclusive<usize> = 4..=12;
/// One choice is none; more than the domain's limit do not fit a phone.
const CHOICES: RangeInclusive<usize> = 2..=CHOICES_MAX;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawQuestion {
    id: Option<Spanned<String>>,
    kind: Option<Spanned<String>>,
    text: Option<Spanned<String>>,
    because: Option<Spanned<String>>,
    why: Option<Spanned<String>>,
    truth: Option<Spanned<bool>>,
    /// In a booster: the question of the lesson that it asks again in other clothes.
    pub(crate) of: Option<Spanned<String>>,
    #[serde(default)]
    choice: Vec<Spanned<RawChoice>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChoice {
    text: Option<Spanned<String>>,
    why: Option<Spanned<String>>,
    right: Option<Spanned<bool>>,
}

/// A choice while its question is read.
struct Draft {
    start: usize,
    text: Option<Said>,
    why: Option<Said>,
    /// Where `right = true` stands.
    right: Option<usize>,
}

/// What is read of a question: itself, unless it is faulty, and its texts in the order of the page.
pub(crate) struct ReadQuestion {
    pub(crate) question: Option<Question>,
    pub(crate) texts: Vec<Said>,
}

pub(crate) fn read_all(
    file: File<'_>,
    raw: Vec<Spanned<RawQuestion>>,
    allowed: RangeInclusive<usize>,
    faults: &mut Faults,
) -> Vec<ReadQuestion> {
    if !allowed.contains(&raw.len()) {
        faults.of(file.path, format!("{} ({})", counted(raw.len(), "question"), between(&allowed)));
    }
    let mut ids = BTreeMap::new();
    // The place of the one right choice, and of the question in the file.
    let mut places = Vec::new();
    let mut read = Vec::new();
    for raw in raw {
        let start = raw.span().start;
        let question = read_one(file, start, raw.into_inner(), &mut ids, faults);
        let place = question.question.as_ref().and_then(|question| match question.key.right {
            Right::Single(choice) | Right::Truth { reason: choice, .. } => Some(choice.place()),
            Right::Multiple(_) | Right::Order => None,
        });
        places.extend(place.map(|place| (place, start)));
        read.push(question);
    }
    if let [(place, start), others @ ..] = places.as_slice()
        && !others.is_empty()
        && others.iter().all(|(other, _)| other == place)
    {
        let what = format!("the right choice always stands in place {}: move some", place + 1);
        faults.at(file, *start, what);
    }
    read
}

fn read_one(
    file: File<'_>,
    start: usize,
    raw: RawQuestion,
    ids: &mut BTreeMap<String, usize>,
    faults: &mut Faults,
) -> ReadQuestion {
    let name = raw.id.as_ref().map_or_else(|| "question".to_owned(), |id| format!("question “{}”", id.get_ref()));
    let mut form = Form { file, start, owner: &name, faults };
    let id = form.given(raw.id, "id").and_then(|id| read_id(&mut form, &id, ids));
    let kind = form.text(raw.kind, "kind");
    let text = form.text(raw.text, "text");
    let because = form.text(raw.because, "because");
    let is_truth = kind.as_ref().is_some_and(|kind| kind.text == "truth");
    let why = if is_truth { form.text(raw.why, "why") } else { only_of_truth(&mut form, raw.why, "why") };
    let truth = if is_truth { form.given(raw.truth, "truth") } else { only_of_truth(&mut form, raw.truth, "truth") };
    let drafts: Vec<Draft> = raw.choice.into_iter().map(|choice| read_choice(&mut form, choice)).collect();
    if !CHOICES.contains(&drafts.len()) {
        form.fault(start, format!("{name} has {} ({})", counted(drafts.len(), "choice"), between(&CHOICES)));
    }
    let mut texts = BTreeSet::new();
    for said in drafts.iter().filter_map(|draft| draft.text.as_ref()) {
        if !texts.insert(said.text.to_lowercase()) {
            form.fault(said.start(), format!("{name} has the choice “{}” twice", said.text));
        }
    }
    let right = kind.and_then(|kind| match kind.text.as_str() {
        "single" => the_one(&mut form, &drafts).map(Right::Single),
        "multiple" => several(&mut form, &drafts),
        "order" => in_order(&mut form, &drafts),
        "truth" => {
            let reason = the_one(&mut form, &drafts)?;
            Some(Right::Truth { truth: *truth?.get_ref(), reason })
        }
        other => {
            form.fault(kind.start(), format!("{name} is of kind “{other}” (single, multiple, order or truth)"));
            None
        }
    });
    let said = text.iter().chain(drafts.iter().flat_map(|draft| draft.text.iter().chain(&draft.why)));
    let texts = said.chain(&because).chain(&why).cloned().collect();
    let choices: Option<Vec<Choice>> = drafts
        .into_iter()
        .map(|draft| Some(Choice { text: draft.text?.text, why: draft.why.map(|why| why.text) }))
        .collect();
    let question = (|| {
        let choices = choices?;
        Some(Question {
            key: QuestionKey { id: id?, choices: u8::try_from(choices.len()).ok()?, right: right? },
            text: text?.text,
            because: because?.text,
            verdict_why: why.map(|why| why.text),
            choices,
        })
    })();
    ReadQuestion { question, texts }
}

fn read_id(form: &mut Form<'_, '_>, id: &Spanned<String>, ids: &mut BTreeMap<String, usize>) -> Option<QuestionId> {
    let place = id.span().start;
    let line = form.file.line(place);
    if let Some(first) = ids.insert(id.get_ref().clone(), line) {
        form.fault(place, format!("question “{}” stands already in line {first}", id.get_ref()));
    }
    match id.get_ref().parse() {
        Ok(id) => Some(id),
        Err(not) => {
            form.fault(place, format!("“{}” is no name for a question: {not}", id.get_ref()));
            None
        }
    }
}

fn only_of_truth<T, R>(form: &mut Form<'_, '_>, field: Option<Spanned<T>>, name: &str) -> Option<R> {
    if let Some(field) = field {
        form.fault(field.span().start, format!("{}: `{name}` belongs to a `truth` question", form.owner));
    }
    None
}

fn read_choice(form: &mut Form<'_, '_>, raw: Spanned<RawChoice>) -> Draft {
    let start = raw.span().start;
    let RawChoice { text, why, right } = raw.into_inner();
    let name = format!("a choice of {}", form.owner);
    let mut inner = Form { file: form.file, start, owner: &name, faults: form.faults };
    let text = inner.text(text, "text");
    let why = optional_text(why);
    if let Some(empty) = why.as_ref().filter(|why| why.text.is_empty()) {
        inner.fault(empty.start(), "`why` is empty");
    }
    let right = right.filter(|right| *right.get_ref()).map(|right| right.span().start);
    Draft { start, text, why, right }
}

impl Draft {
    fn name(&self) -> &str {
        self.text.as_ref().map_or("", |text| &text.text)
    }
}

/// The place of the only right choice.
fn the_one(form: &mut Form<'_, '_>, drafts: &[Draft]) -> Option<ChoiceId> {
    let right = right_ones(form, drafts);
    if right.len() != 1 {
        form.fault(form.start, format!("{} has {} (exactly 1)", form.owner, counted(right.len(), "right choice")));
        return None;
    }
    right.first().copied()
}

fn several(form: &mut Form<'_, '_>, drafts: &[Draft]) -> Option<Right> {
    let right = right_ones(form, drafts);
    if right.is_empty() {
        form.fault(form.start, format!("{} has no right choice", form.owner));
    } else if right.len() == drafts.len() {
        form.fault(form.start, format!("{} has no wrong choice", form.owner));
    }
    Some(Right::Multiple(right.into_iter().collect()))
}

/// The right choices; every other one must say why it tempts, and they must not.
fn right_ones(form: &mut Form<'_, '_>, drafts: &[Draft]) -> Vec<ChoiceId> {
    let mut right = Vec::new();
    for (nth, draft) in drafts.iter().enumerate() {
        match (draft.right, &draft.why) {
            (Some(_), Some(why)) => {
                let what = format!("the `why` of the right choice “{}” is never shown: use `because`", draft.name());
                form.fault(why.start(), what);
            }
            (None, None) => {
                let what =
                    format!("the wrong choice “{}” has no `why`: why it tempts, and what is right", draft.name());
                form.fault(draft.start, what);
            }
            _ => {}
        }
        right.extend(draft.right.and_then(|_| ChoiceId::nth(nth)));
    }
    right
}

fn in_order(form: &mut Form<'_, '_>, drafts: &[Draft]) -> Option<Right> {
    for draft in drafts {
        if let Some(place) = draft.right {
            let what = "an `order` question has no `right`: its choices stand in the right order here";
            form.fault(place, what);
        }
        if draft.why.is_none() {
            form.fault(draft.start, format!("“{}” has no `why`: why it stands where it stands", draft.name()));
        }
    }
    Some(Right::Order)
}
