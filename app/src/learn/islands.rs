//! The form of a lesson or a booster on the phone: marks an answer at once and notes what was finished.
//!
//! Everything that is said stands in the page already; the island only looks at the form and shows the right part. The form
//! is the truth: what was chosen before the island was there counts.

use crate::dom::{all, document, keep};
use domain::{
    content::{Marking, QuestionId, QuestionKey, Right},
    learn::{Answer, TRIES_MAX, Tried, fields, mark},
    sync::{Noted, What},
};
use leptos::{ev::SubmitEvent, prelude::*, wasm_bindgen::JsCast};
use std::collections::BTreeMap;
use web_sys::{Element, FormData, HtmlElement, HtmlFormElement};

/// Where a question's page carries what is right: its id, how many choices it has, and the right answer as one word. Practice
/// may carry its answers; the server marks again.
pub(crate) mod attributes {
    pub const QUESTION: &str = "data-question";
    pub const CHOICES: &str = "data-choices";
    pub const RIGHT: &str = "data-right";
    pub const LESSON: &str = "data-lesson-form";
    pub const VERSION: &str = "data-version";
    pub const SKILLS: &str = "data-skills";
    pub const PASS: &str = "data-pass";
    /// The form is that of a booster.
    pub const REVIEW: &str = "data-review";
}

/// It has no props: what it needs stands in the page, and the phone loads no code for reading props.
#[island]
pub fn LessonForm(children: Children) -> impl IntoView {
    let tries = StoredValue::new(BTreeMap::<QuestionId, Vec<Answer>>::new());
    let submit = move |event: SubmitEvent| {
        let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
        let button = event.submitter().and_then(|button| button.dyn_into::<Element>().ok());
        let name = button.as_ref().and_then(|button| button.get_attribute("name")).unwrap_or_default();
        let value = button.as_ref().and_then(|button| button.get_attribute("value")).unwrap_or_default();
        match name.as_str() {
            "check" => {
                event.prevent_default();
                if let Some(key) = keys(&form).into_iter().find(|key| key.id.as_str() == value) {
                    look_at(&key, &form, tries);
                }
            }
            "finish" => {
                event.prevent_default();
                finish(&form, tries);
            }
            // Anything else goes its way to the server.
            _ => {}
        }
    };
    view! { <div class="lesson-island" role="main" on:submit=submit>{children()}</div> }
}

type Tries = StoredValue<BTreeMap<QuestionId, Vec<Answer>>>;

/// What is right, question by question, as the page carries it.
fn keys(form: &HtmlFormElement) -> Vec<QuestionKey> {
    let key = |page: HtmlElement| {
        let right = Answer::from_word(&page.get_attribute(attributes::RIGHT)?)?;
        Some(QuestionKey {
            id: page.get_attribute(attributes::QUESTION)?.parse().ok()?,
            choices: page.get_attribute(attributes::CHOICES)?.parse().ok()?,
            right: Right::from(right),
        })
    };
    all(form, "[data-question]").into_iter().filter_map(key).collect()
}

/// The answer that the form holds now.
fn answer_in(key: &QuestionKey, form: &HtmlFormElement) -> Option<Answer> {
    let data = FormData::new_with_form(form).ok()?;
    let values = |name: &str| data.get_all(name).iter().filter_map(|value| value.as_string()).collect();
    Answer::from_form(key, &values).filter(|answer| mark(key, answer).is_some())
}

/// What was tried at a question: here, or before the island was there, when the server marked and the form kept it.
fn tried_before(key: &QuestionKey, form: &HtmlFormElement, tries: Tries) -> Vec<Answer> {
    let here = tries.with_value(|tries| tries.get(&key.id).cloned());
    here.unwrap_or_else(|| {
        let kept = FormData::new_with_form(form).ok().and_then(|data| data.get(&fields::tries(&key.id)).as_string());
        kept.unwrap_or_default().split(' ').filter_map(Answer::from_word).take(TRIES_MAX).collect()
    })
}

/// What was tried with one more answer, unless it is the last one again.
fn with(mut tried: Vec<Answer>, answer: Option<Answer>) -> Vec<Answer> {
    tried.extend(answer.filter(|answer| tried.last() != Some(answer) && tried.len() < TRIES_MAX));
    tried
}

/// Marks one answer and shows what there is to say about it.
fn look_at(key: &QuestionKey, form: &HtmlFormElement, tries: Tries) {
    let answer = answer_in(key, form);
    let marked = answer.as_ref().and_then(|answer| mark(key, answer));
    if answer.is_some() {
        let tried = with(tried_before(key, form, tries), answer);
        tries.update_value(|tries| {
            tries.insert(key.id.clone(), tried);
        });
    }
    let shown = marked.map_or_else(|| "none".to_owned(), |mark| mark.feedback());
    let Some(page) = document().get_element_by_id(&format!("q-{}", key.id)) else { return };
    for feedback in all(&page, "[data-mark]") {
        feedback.set_hidden(feedback.get_attribute("data-mark").as_deref() != Some(shown.as_str()));
    }
    if marked.is_some() {
        // Looking again is still possible; going on is now the thing to do.
        for button in all(&page, "button[name=check]") {
            button.set_class_name("btn");
            button.set_text_content(button.get_attribute("data-again").as_deref());
        }
        for on in all(&page, ".turn [data-on]") {
            on.set_class_name("btn btn-main");
            let text = on.get_attribute("data-on");
            for word in all(&on, "span") {
                word.set_text_content(text.as_deref());
            }
        }
    }
    if let Some(first) = all(&page, "[data-feedbacks]").first() {
        let _ = first.focus();
    }
}

/// Finishes the lesson, or leads to the first question that is still open.
fn finish(form: &HtmlFormElement, tries: Tries) {
    let mut answers = Vec::new();
    for key in keys(form) {
        let tried = with(tried_before(&key, form, tries), answer_in(&key, form));
        if tried.is_empty() {
            look_at(&key, form, tries);
            go_to(&format!("q-{}", key.id));
            return;
        }
        answers.push(Tried { question: key.id, tries: tried });
    }
    let carried = |name: &str| form.get_attribute(name).unwrap_or_default();
    let marking = || {
        Some(Marking {
            lesson: carried(attributes::LESSON).parse().ok()?,
            version: carried(attributes::VERSION).parse().ok()?,
            skills: carried(attributes::SKILLS).split(' ').filter_map(|skill| skill.parse().ok()).collect(),
            pass_percent: carried(attributes::PASS).parse().ok()?,
            questions: keys(form),
        })
    };
    let end = || {
        if let Some(end) = document().get_element_by_id("xong").and_then(|end| end.dyn_into::<HtmlElement>().ok()) {
            end.set_hidden(false);
        }
        go_to("xong");
    };
    if let Some(marking) = marking() {
        let noted = Noted::answered(&marking, &answers);
        let Marking { lesson, version, .. } = marking;
        if form.has_attribute(attributes::REVIEW) {
            for result in all(form, "[data-passed]") {
                result.set_hidden(result.get_attribute("data-passed") != Some(noted.pass.to_string()));
            }
            keep(&What::ReviewFinished { lesson, version, answers }, &noted, end);
        } else {
            keep(&What::LessonFinished { lesson, version, answers }, &noted, end);
        }
    } else {
        end();
    }
}

fn go_to(anchor: &str) {
    let _ = window().location().set_hash(anchor);
}
