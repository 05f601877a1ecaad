//! Where one begins, and what was done for real: the two ends of the path.

use crate::{
    content::pages::in_vietnamese,
    error::NotFound,
    house::{house, viewer, words},
    paths::Page,
    shell::Frame,
    t,
    ui::Icon,
};
use domain::{
    content::{ChoiceId, Lesson, LessonId, QuestionId},
    learn::{Placement, Placing, fields},
    sync::ForReal,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::{collections::BTreeSet, sync::Arc};

/// What somebody without JavaScript has answered, and what follows.
#[derive(Clone, Default)]
pub struct Placed {
    pub placing: Placing,
    /// The lessons that can be skipped; `None` before the answers were sent.
    pub known: Option<BTreeSet<LessonId>>,
}

#[component]
pub fn PlacementRoute() -> impl IntoView {
    match house().library.placement.clone() {
        Some(placement) => view! { <PlacementPage placement=Arc::new(placement) placed=Placed::default()/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

/// Eight questions and a proposal; `placed` is empty for a first visit, and then the page is the same for everyone.
#[component]
pub fn PlacementPage(placement: Arc<Placement>, placed: Placed) -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let locale = viewer.locale;
    let questions = placement.key.questions.iter().zip(&placement.texts).map(|(key, (text, choices))| {
        let name = fields::answer(&key.id);
        let chosen = placed.placing.get(&key.id);
        let cards = choices.iter().enumerate().filter_map(|(nth, text)| {
            let choice = ChoiceId::nth(nth)?;
            Some(view! {
                <label class="choice">
                    <input type="radio" name=name.clone() value=choice.to_string() checked=chosen == Some(&choice)/>
                    <span>{text.clone()}</span>
                </label>
            })
        });
        let skips = key.skips.iter().map(LessonId::as_str).collect::<Vec<_>>().join(" ");
        view! {
            <fieldset class="field" lang="vi" data-question=key.id.to_string() data-right=key.right.to_string() data-skips=skips>
                <legend>{text.clone()}</legend>
                {cards.collect_view()}
                <label class="choice" lang=words.locale.code()>
                    <input type="radio" name=name.clone() value="" checked=chosen.is_none()/>
                    <span>{t!(words, "learn-placement-unknown")}</span>
                </label>
            </fieldset>
        }
    });
    let questions = questions.collect_view();
    let known = placed.known.clone().unwrap_or_default();
    let tracks = house.library.tracks.iter().map(|track| {
        let lessons = track.lessons.iter().map(|lesson| {
            view! {
                <li data-place=lesson.id.to_string()>
                    <a href=Page::Lesson(&lesson.id).path(locale) lang="vi">{lesson.title.clone()}</a>
                    <p class="done" hidden=!known.contains(&lesson.id) data-known>
                        <Icon name="done"/>
                        {t!(words, "learn-placement-known")}
                    </p>
                </li>
            }
        });
        view! {
            <section class="part">
                <h3 lang="vi">{track.title.clone()}</h3>
                <ol class="lessons gap">{lessons.collect_view()}</ol>
            </section>
        }
    });
    let tracks = tracks.collect_view();
    let first = house.library.lessons().find(|lesson| !known.contains(&lesson.id)).map(|lesson| lesson.id.clone());
    let begin = first.map(|lesson| {
        view! {
            <p>
                <a class="btn btn-main" href=Page::Lesson(&lesson).path(locale) data-begin>
                    <span>{t!(words, "content-begin")}</span>
                    <Icon name="next"/>
                </a>
            </p>
        }
    });
    let is_placed = placed.known.is_some();
    view! {
        <Title text=t!(words, "learn-placement-title")/>
        <link rel="stylesheet" href=house.assets.path("path.css")/>
        <Frame>
            <div data-module=house.assets.path("path.js") data-path="placement" data-learns>
                <section hidden=is_placed data-ask-placement>
                    <h1>{t!(words, "learn-placement-title")}</h1>
                    <p class="lead">{t!(words, "learn-placement-lead")}</p>
                    {in_vietnamese(&words)}
                    <form class="fields" method="post" data-placement=placement.key.version.to_string()>
                        <input type="hidden" name="version" value=placement.key.version.to_string()/>
                        {questions}
                        <button class="btn btn-main" name="send" value="1">{t!(words, "learn-placement-send")}</button>
                        <p><a href=Page::Home.path(locale)>{t!(words, "learn-placement-not")}</a></p>
                    </form>
                </section>
                <section hidden=!is_placed data-placed tabindex="-1">
                    <h1>{t!(words, "learn-placement-path")}</h1>
                    <p class="lead">{t!(words, "learn-placement-path-lead")}</p>
                    {begin}
                    {tracks}
                </section>
            </div>
        </Frame>
    }
}

/// The answers of a form; what is no answer is left out.
pub(super) fn placing(placement: &Placement, first: &dyn Fn(&str) -> String) -> Placing {
    let answer = |id: &QuestionId| ChoiceId::parse(&first(&fields::answer(id)));
    let ids = placement.key.questions.iter().map(|question| &question.id);
    ids.filter_map(|id| Some((id.clone(), answer(id)?))).collect()
}

#[component]
pub fn ForRealRoute() -> impl IntoView {
    let (track, lesson) = use_params_map()
        .with_untracked(|params| (params.get("track").unwrap_or_default(), params.get("lesson").unwrap_or_default()));
    let found = LessonId::new(&track, &lesson).ok().and_then(|id| house().library.lesson(&id).cloned());
    match found {
        Some(lesson) => view! { <ForRealPage lesson=Arc::new(lesson) said=None/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

/// Whether it was done for real, only for those who wish to say; and a card for teaching somebody.
#[component]
pub fn ForRealPage(
    lesson: Arc<Lesson>,
    /// What was just said, and the event in JSON where the phone is to keep it.
    said: Option<(ForReal, Option<String>)>,
) -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let locale = viewer.locale;
    let points = |points: &[String]| points.iter().map(|point| view! { <li>{point.clone()}</li> }).collect_view();
    let ways = [
        (ForReal::WithHelp, t!(words, "learn-real-with-help")),
        (ForReal::Alone, t!(words, "learn-real-alone")),
        (ForReal::Taught, t!(words, "learn-real-taught")),
    ];
    let ways = ways.map(|(how, text)| view! { <button class="btn" name="how" value=how.as_str()>{text}</button> });
    let how = said.as_ref().map(|(how, _)| *how);
    let event = said.and_then(|(_, event)| event);
    let address = format!("{}{}", house.public_url.trim_end_matches('/'), Page::Lesson(&lesson.id).path(locale));
    view! {
        <Title text=t!(words, "learn-real-title")/>
        <link rel="stylesheet" href=house.assets.path("path.css")/>
        <Frame>
            <p class="quiet">
                <a href=Page::Progress.path(locale)><Icon name="back"/>{t!(words, "shell-to-progress")}</a>
            </p>
            <h1>{t!(words, "learn-real-title")}</h1>
            <p class="lead" lang="vi">{lesson.title.clone()}</p>
            <ul class="points" lang="vi">{points(&lesson.for_real)}</ul>
            <form
                class="stack part"
                method="post"
                data-module=house.assets.path("path.js")
                data-path="real"
                data-learns
                data-real=lesson.id.to_string()
                data-version=lesson.version.to_string()
                data-finished=event
            >
                <p>{t!(words, "learn-real-ask")}</p>
                {ways.collect_view()}
                <p class="notice" role="status" hidden=how.is_none() data-thanks>{t!(words, "learn-real-thanks")}</p>
                <p class="small soft">{t!(words, "learn-real-free")}</p>
            </form>
            <section class="part" aria-labelledby="teach">
                <h2 id="teach">{t!(words, "learn-teach-title")}</h2>
                <p>{t!(words, "learn-teach-lead")}</p>
                <div class="teach gap" lang="vi">
                    <p class="small">{t!(words, "shell-name")}</p>
                    <h3>{lesson.title.clone()}</h3>
                    <ol>{points(&lesson.key_points)}</ol>
                    <p class="small">{address}</p>
                </div>
                <button class="btn" type="button" hidden data-print>{t!(words, "learn-teach-print")}</button>
            </section>
        </Frame>
    }
}
