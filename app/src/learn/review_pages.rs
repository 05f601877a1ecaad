//! The booster of a lesson: three questions, a minute and a half, long after.

use super::{
    islands::LessonForm,
    pages::{Filled, QuestionPage, skills_word, turn},
};
use crate::{
    content::pages::in_vietnamese,
    error::NotFound,
    house::{house, viewer, words},
    paths::Page,
    t,
    ui::{Icon, Summary},
    words::Words,
};
use domain::content::{Lesson, LessonId, Review};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::sync::Arc;

#[component]
pub fn ReviewRoute() -> impl IntoView {
    let (track, lesson) = use_params_map()
        .with_untracked(|params| (params.get("track").unwrap_or_default(), params.get("lesson").unwrap_or_default()));
    let found = LessonId::new(&track, &lesson).ok().and_then(|id| house().library.lesson(&id).cloned());
    match found {
        Some(lesson) => view! { <ReviewPage lesson=Arc::new(lesson) filled=Filled::default() passed=None/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

/// The booster; `filled` is empty for a first visit, and then the page is the same for everyone.
#[component]
pub fn ReviewPage(
    lesson: Arc<Lesson>,
    filled: Filled,
    /// How it went, once it is finished.
    passed: Option<bool>,
) -> impl IntoView {
    let (viewer, words) = (viewer(), words());
    let locale = viewer.locale;
    let Review { questions, marking } = lesson.review.clone();
    let anchors: Vec<String> = questions.iter().map(|question| format!("q-{}", question.key.id)).collect();
    let open = (!filled.open.is_empty()).then(|| {
        let faults = filled.open.iter().filter_map(|id| {
            let question = questions.iter().find(|question| question.key.id == *id)?;
            Some((format!("q-{id}"), question.text.clone()))
        });
        view! { <Summary title=t!(words, "learn-open") faults=faults.collect()/> }
    });
    let last = questions.len() - 1;
    let pages = questions.into_iter().enumerate().map(|(nth, question)| {
        let looked_at = filled.looked_at.contains(&question.key.id);
        let more = if nth == last { finish(&words, &anchors, nth) } else { turn(&words, &anchors, nth, looked_at) };
        view! { <QuestionPage question filled=filled.clone() more/> }
    });
    let pages = pages.collect_view();
    view! {
        <Title text=t!(words, "learn-review-title")/>
        <div class="band"></div>
        <header class="top lean">
            <a href=Page::Lesson(&lesson.id).path(locale) lang="vi">
                <Icon name="back"/>
                {lesson.title.clone()}
            </a>
            <span class="pos num" data-pos></span>
        </header>
        <LessonForm>
            <form
                class="lesson"
                method="post"
                action=Page::Review(&lesson.id).path(locale)
                data-lesson-form=lesson.id.to_string()
                data-version=marking.version.to_string()
                data-skills=skills_word(&marking)
                data-pass=marking.pass_percent
                data-review
            >
                <button class="away" formmethod="dialog" tabindex="-1" aria-hidden="true"></button>
                <h1 class="name" id="main">{t!(words, "learn-review-title")}</h1>
                {in_vietnamese(&words)}
                {open}
                {pages}
                {end(&words, &lesson, &filled, passed)}
            </form>
        </LessonForm>
    }
    .into_any()
}

/// After the last question one is done, answered or not: what is open is said then.
fn finish(words: &Words, anchors: &[String], place: usize) -> AnyView {
    let back = place.checked_sub(1).map(|place| {
        view! { <a href=format!("#{}", anchors[place])><Icon name="back"/>{t!(words, "learn-back")}</a> }
    });
    view! {
        <div class="turn">
            {back}
            <button class="btn" name="finish" value="1" formaction="#xong">{t!(words, "learn-review-finish")}</button>
        </div>
    }
    .into_any()
}

fn end(words: &Words, lesson: &Lesson, filled: &Filled, passed: Option<bool>) -> AnyView {
    let (house, viewer) = (house(), viewer());
    let event = filled.finished.as_ref().and_then(|finished| finished.event.clone());
    view! {
        <section class="page finish" id="xong" hidden=passed.is_none() data-finished=event tabindex="-1">
            <img class="scene" src=house.assets.path("pictures/finished.svg") alt="" width="320" height="200" loading="lazy"/>
            <h2>{t!(words, "learn-review-done")}</h2>
            <p data-passed="true" hidden=passed != Some(true)>{t!(words, "learn-review-passed")}</p>
            <p data-passed="false" hidden=passed != Some(false)>{t!(words, "learn-review-failed")}</p>
            <div class="turn">
                <a class="btn btn-main" href=Page::Home.path(viewer.locale)>{t!(words, "learn-review-home")}</a>
                <a href=Page::Lesson(&lesson.id).path(viewer.locale)>{t!(words, "learn-review-again")}</a>
                <a href=Page::ForReal(&lesson.id).path(viewer.locale)>{t!(words, "learn-to-for-real")}</a>
            </div>
        </section>
    }
    .into_any()
}
