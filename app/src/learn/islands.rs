//! The lesson's form on the phone: marks an answer at once and notes the finished lesson.
//!
//! Everything that is said stands in the page already; the island only looks at the form and shows the right part. The form
//! is the truth: what was chosen before the island was there counts.

use domain::{
    content::{Marking, QuestionId},
    learn::{Answer, TRIES_MAX, Tried, mark},
    sync::What,
};
use leptos::{ev::SubmitEvent, prelude::*, wasm_bindgen::JsCast};
use std::collections::BTreeMap;
use web_sys::{CustomEvent, CustomEventInit, Document, Element, FormData, HtmlElement, HtmlFormElement};

/// What `app.js` listens for: something happened that the phone should keep, as the JSON of [`What`].
pub const KEEP_EVENT: &str = "hocso:keep";

#[island]
pub fn LessonForm(
    /// What is right; practice may carry its answers, the server marks again.
    marking: Marking,
    /// Where the form goes without JavaScript.
    action: String,
    /// How many pages there are, the last being the end.
    pages: usize,
    children: Children,
) -> impl IntoView {
    let (lesson, version) = (marking.lesson.to_string(), marking.version.to_string());
    let marking = StoredValue::new(marking);
    let tries = StoredValue::new(BTreeMap::<QuestionId, Vec<Answer>>::new());
    let submit = move |event: SubmitEvent| {
        let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
        let button = event.submitter().and_then(|button| button.dyn_into::<Element>().ok());
        let name = button.as_ref().and_then(|button| button.get_attribute("name")).unwrap_or_default();
        let value = button.as_ref().and_then(|button| button.get_attribute("value")).unwrap_or_default();
        match name.as_str() {
            "check" => {
                event.prevent_default();
                marking.with_value(|marking| look_at(marking, &form, &value, tries));
            }
            "finish" => {
                event.prevent_default();
                marking.with_value(|marking| finish(marking, &form, tries));
            }
            // Anything else goes its way to the server.
            _ => {}
        }
    };
    view! {
        <form
            class="lesson"
            method="post"
            action=action
            data-lesson-form=lesson
            data-version=version
            data-pages=pages
            on:submit=submit
        >
            {children()}
        </form>
    }
}

type Tries = StoredValue<BTreeMap<QuestionId, Vec<Answer>>>;

/// The answer that the form holds now.
fn answer_in(marking: &Marking, form: &HtmlFormElement, question: &str) -> Option<(QuestionId, Option<Answer>)> {
    let key = marking.questions.iter().find(|key| key.id.as_str() == question)?;
    let data = FormData::new_with_form(form).ok()?;
    let values = |name: &str| data.get_all(name).iter().filter_map(|value| value.as_string()).collect();
    let answer = Answer::from_form(key, &values).filter(|answer| mark(key, answer).is_some());
    Some((key.id.clone(), answer))
}

/// Marks one answer and shows what there is to say about it.
fn look_at(marking: &Marking, form: &HtmlFormElement, question: &str, tries: Tries) {
    let Some((id, answer)) = answer_in(marking, form, question) else { return };
    let key = marking.questions.iter().find(|key| key.id == id);
    let marked = key.zip(answer.as_ref()).and_then(|(key, answer)| mark(key, answer));
    if let Some(answer) = answer {
        tries.update_value(|tries| {
            let tries = tries.entry(id.clone()).or_default();
            if tries.last() != Some(&answer) && tries.len() < TRIES_MAX {
                tries.push(answer);
            }
        });
    }
    let shown = marked.map_or_else(|| "none".to_owned(), |mark| mark.feedback());
    let Some(page) = document().get_element_by_id(&format!("q-{id}")) else { return };
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
fn finish(marking: &Marking, form: &HtmlFormElement, tries: Tries) {
    let mut answers = Vec::new();
    for key in &marking.questions {
        let answer = answer_in(marking, form, key.id.as_str()).and_then(|(_, answer)| answer);
        let mut tried = tries.with_value(|tries| tries.get(&key.id).cloned()).unwrap_or_default();
        tried.extend(answer.filter(|answer| tried.last() != Some(answer) && tried.len() < TRIES_MAX));
        if tried.is_empty() {
            look_at(marking, form, key.id.as_str(), tries);
            go_to(&format!("q-{}", key.id));
            return;
        }
        answers.push(Tried { question: key.id.clone(), tries: tried });
    }
    let (lesson, version) = (marking.lesson.clone(), marking.version.clone());
    keep(&What::LessonFinished { lesson, version, answers });
    if let Some(end) = document().get_element_by_id("xong").and_then(|end| end.dyn_into::<HtmlElement>().ok()) {
        end.set_hidden(false);
    }
    go_to("xong");
}

/// Hands something that happened to `app.js`, which gives it an id and a time and keeps it.
pub(crate) fn keep(what: &What) {
    let Ok(json) = serde_json::to_string(what) else { return };
    let detail = CustomEventInit::new();
    detail.set_detail(&json.into());
    if let Ok(event) = CustomEvent::new_with_event_init_dict(KEEP_EVENT, &detail) {
        let _ = document().dispatch_event(&event);
    }
}

fn go_to(anchor: &str) {
    let _ = window().location().set_hash(anchor);
}

fn all(inside: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = inside.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

fn document() -> Document {
    leptos::prelude::document()
}
