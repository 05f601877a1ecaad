//! The progress page: what I have done, what is next, and what of it I can do by myself.

use super::{Progress, next, progress};
use crate::{
    content::pages::counted,
    house::{house, viewer, words},
    paths::{self, Page},
    shell::Frame,
    t,
    ui::{Icon, StitchedEdge},
    viewer::Viewer,
    words::Words,
};
use domain::content::{Lesson, LessonId, Track};
use leptos::prelude::*;
use leptos_meta::Title;

/// What I have done, what is next.
#[component]
pub fn ProgressRoute() -> impl IntoView {
    Suspend::new(async move {
        let (house, viewer, words) = (house(), viewer(), words());
        let progress = match progress(&house, &viewer).await {
            Ok(progress) => progress,
            Err(error) => return error.view(),
        };
        let next = next(&house, &progress);
        let tracks = house.library.tracks.iter();
        let tracks = tracks.map(|track| track_part(&words, &viewer, track, &progress, next)).collect_view();
        let nothing = progress.finished.is_empty();
        let begin = if nothing { t!(words, "content-begin") } else { t!(words, "content-go-on") };
        let onward = next.map(|lesson| {
            view! {
                <p>
                    <a class="btn btn-main" href=Page::Lesson(&lesson.id).path(viewer.locale) data-next-link data-go=t!(words, "content-go-on")>
                        <span data-next-go>{begin}</span>
                        <Icon name="next"/>
                    </a>
                </p>
            }
        });
        let placement = house.library.placement.is_some().then(|| {
            view! { <p class="gap"><a href=Page::Placement.path(viewer.locale)>{t!(words, "learn-to-placement")}</a></p> }
        });
        view! {
            <Title text=t!(words, "learn-progress-title")/>
            <link rel="stylesheet" href=house.assets.path("path.css")/>
            <Frame>
                <h1>{t!(words, "learn-progress-title")}</h1>
                <p class="lead" data-nothing hidden=!nothing>{t!(words, "learn-progress-nothing")}</p>
                {onward}
                {placement}
                <div data-module=house.assets.path("path.js") data-path="progress">{tracks}</div>
                // `app.js` copies it to lessons of which only the phone knows that they are finished.
                <template data-after>{after(&words, &viewer, None)}</template>
            </Frame>
        }
        .into_any()
    })
}

/// What can be done after a lesson; without a lesson the pattern for any.
fn after(words: &Words, viewer: &Viewer, lesson: Option<&LessonId>) -> impl IntoView + use<> {
    let locale = viewer.locale;
    let link = |page: fn(&LessonId) -> Page<'_>| lesson.map(|lesson| page(lesson).path(locale));
    let end = |page: &'static str| lesson.is_none().then(|| format!("/{page}"));
    view! {
        <div class="after" data-done lang=words.locale.code()>
            <p class="done">
                <Icon name="done"/>
                {t!(words, "content-done")}
            </p>
            <a href=link(|lesson| Page::Review(lesson)) data-end=end(paths::REVIEW)>{t!(words, "learn-to-review")}</a>
            <a href=link(|lesson| Page::ForReal(lesson)) data-end=end(paths::FOR_REAL)>{t!(words, "learn-to-for-real")}</a>
        </div>
    }
}

fn track_part(
    words: &Words,
    viewer: &Viewer,
    track: &Track,
    progress: &Progress,
    next: Option<&Lesson>,
) -> impl IntoView + use<> {
    let locale = viewer.locale;
    let done = |lesson: &Lesson| progress.finished.contains(&lesson.id);
    let lessons: Vec<_> = track.lessons.iter().map(|lesson| (lesson.id.clone(), done(lesson))).collect();
    let list = track.lessons.iter().map(|lesson| {
        let is_next = next.is_some_and(|next| next.id == lesson.id);
        // One label for the whole page: `app.js` moves it.
        let label = is_next.then(|| {
            view! { <p class="label" lang=words.locale.code() data-is-next>{t!(words, "learn-is-next")}</p> }
        });
        let after = done(lesson).then(|| after(words, viewer, Some(&lesson.id)));
        view! {
            <li data-lesson=lesson.id.to_string()>
                <a href=Page::Lesson(&lesson.id).path(locale)>{lesson.title.clone()}</a>
                {after}
                {label}
            </li>
        }
    });
    let list = list.collect_view();
    let (says_practised, says_firm) = (t!(words, "learn-practised"), t!(words, "learn-firm"));
    let skills = track.skills.iter().map(|skill| {
        let practised = progress.deeds.practised_on(&skill.id).is_some();
        let firm = progress.deeds.is_firm(&skill.id);
        view! {
            <li data-skill=skill.id.to_string()>
                <span lang="vi">{skill.title.clone()}</span>
                <p class="done" hidden=!practised || firm data-practised-skill>
                    <Icon name="done"/>
                    {says_practised.clone()}
                </p>
                <p class="done" hidden=!firm data-firm>
                    <Icon name="done"/>
                    {says_firm.clone()}
                </p>
            </li>
        }
    });
    view! {
        <section class="part">
            <h2 lang="vi">{track.title.clone()}</h2>
            {counted(words, &lessons)}
            <StitchedEdge lessons/>
            <ol class="lessons gap" lang="vi">{list}</ol>
            <details class="small">
                <summary>{t!(words, "learn-skills")}</summary>
                <ul class="skills">{skills.collect_view()}</ul>
                <p><a href=Page::MyCertificate(track.id.as_str()).path(locale)>{t!(words, "learn-to-certificate")}</a></p>
            </details>
        </section>
    }
}
