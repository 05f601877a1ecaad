//! Home, a track, and the page that says what this is.

use super::downloads::{Download, weights_of};
use crate::{
    error::NotFound,
    house::{house, viewer, words},
    learn,
    paths::{self, Page},
    shell::Frame,
    t,
    ui::{Icon, StitchedEdge},
    viewer::Viewer,
    words::Words,
};
use domain::{
    content::{Lesson, LessonId, Track},
    learn::{AGAIN_DAYS, REVIEW_DAYS},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use std::collections::BTreeSet;

/// Home: the one next thing, the three tracks, help.
#[component]
pub fn Home() -> impl IntoView {
    Suspend::new(async move {
        let (house, viewer, words) = (house(), viewer(), words());
        let progress = match learn::progress(&house, &viewer).await {
            Ok(progress) => progress,
            Err(error) => return error.view(),
        };
        let next = learn::next(&house, &progress).map(|lesson| {
            let track = house.library.track(lesson.id.track());
            let track = track.map(|track| track.title.clone()).unwrap_or_default();
            next_card(&words, &viewer, lesson, track, progress.finished.is_empty())
        });
        let tracks = house.library.tracks.iter().map(|track| track_card(&words, &viewer, track, &progress.finished));
        let tracks = tracks.collect_view();
        let anything = !house.library.practices.is_empty() || house.library.scams.is_some();
        let practise = anything.then(|| {
            view! {
                <section class="card part practise" aria-labelledby="practise">
                    <h2 id="practise">{t!(words, "practice-title")}</h2>
                    <p>{t!(words, "practice-lead")}</p>
                    <a class="btn gap" href=Page::Practices.path(viewer.locale)>{t!(words, "practice-home")}</a>
                </section>
            }
        });
        let due = learn::due(&house, &viewer, &progress);
        let title = due.map(|lesson| lesson.title.clone());
        let href = due.map(|lesson| Page::Review(&lesson.id).path(viewer.locale));
        let reviewable = house.library.lessons().map(|lesson| lesson.id.as_str()).collect::<Vec<_>>().join(" ");
        let days = REVIEW_DAYS.map(|days| days.to_string()).join(" ");
        let review = view! {
            <section
                class="card part practise"
                aria-labelledby="review"
                hidden=due.is_none()
                data-module=house.assets.path("path.js")
                data-path="home"
                data-lessons=reviewable
                data-days=days
                data-again=AGAIN_DAYS
            >
                <h2 id="review">{t!(words, "learn-review-home-title")}</h2>
                <p>{t!(words, "learn-review-home-text")}</p>
                <p lang="vi"><b data-review-title>{title}</b></p>
                <a class="btn gap" href=href data-review-link=format!("/{}", paths::REVIEW)>{t!(words, "learn-review-home-go")}</a>
                <button class="btn" type="button" hidden data-review-later>{t!(words, "learn-review-home-later")}</button>
            </section>
        };
        let placement = (progress.finished.is_empty() && house.library.placement.is_some()).then(|| {
            view! {
                <p data-nothing>
                    <a href=Page::Placement.path(viewer.locale)>{t!(words, "learn-to-placement")}</a>
                </p>
            }
        });
        let all_done = view! {
            <section class="next" hidden=next.is_some() data-all-done>
                <h2>{t!(words, "content-all-done")}</h2>
                <p>{t!(words, "content-all-done-text")}</p>
            </section>
        };
        view! {
            <Title text=""/>
            <Frame wide=true>
                <h1>{t!(words, "content-greeting")}</h1>
                <p class="lead">{t!(words, "content-lead")}</p>
                {next}
                {placement}
                {all_done}
                {review}
                <section class="part" aria-labelledby="tracks">
                    <h2 id="tracks">{t!(words, "content-tracks")}</h2>
                    <ul class="tracks" lang="vi">{tracks}</ul>
                </section>
                {practise}
                <p class="quiet part">
                    <a href=Page::About.path(viewer.locale)>
                        <Icon name="help"/>
                        {t!(words, "content-help")}
                    </a>
                </p>
            </Frame>
        }
        .into_any()
    })
}

/// The one next thing. `app.js` puts another lesson into it where the phone knows more.
fn next_card(words: &Words, viewer: &Viewer, lesson: &Lesson, track: String, first: bool) -> impl IntoView + use<> {
    let label = if first { t!(words, "content-begin-here") } else { t!(words, "content-next") };
    let begin = if first { t!(words, "content-begin") } else { t!(words, "content-go-on") };
    view! {
        <section
            class="next"
            aria-labelledby="next"
            data-next=lesson.id.to_string()
            data-label=t!(words, "content-next")
            data-go=t!(words, "content-go-on")
        >
            <p class="label" id="next" data-next-label>{label}</p>
            <h2 lang="vi" data-next-title>{lesson.title.clone()}</h2>
            <p class="soft" data-next-about>
                <span lang="vi">{track}</span>
                " · "
                {t!(words, "content-minutes", minutes = u64::from(lesson.minutes))}
            </p>
            <a class="btn btn-main" href=Page::Lesson(&lesson.id).path(viewer.locale)>
                <span data-next-go>{begin}</span>
                <Icon name="next"/>
            </a>
        </section>
    }
}

fn track_card(words: &Words, viewer: &Viewer, track: &Track, finished: &BTreeSet<LessonId>) -> impl IntoView + use<> {
    let lessons: Vec<_> = track.lessons.iter().map(|l| (l.id.clone(), finished.contains(&l.id))).collect();
    let picture = paths::asset(&track.picture.served_as);
    let about = track.lessons.iter().map(|lesson| {
        let minutes = t!(words, "content-minutes", minutes = u64::from(lesson.minutes));
        (lesson.title.clone(), format!("{} · {minutes}", track.title))
    });
    let about: Vec<_> = about.collect();
    view! {
        <li>
            <a class="track" href=Page::Track(track.id.as_str()).path(viewer.locale)>
                <img src=picture alt="" width="320" height="200"/>
                <div class="text">
                    <h3>{track.title.clone()}</h3>
                    <p>{track.summary.clone()}</p>
                    {counted(words, &lessons)}
                </div>
                <StitchedEdge lessons about/>
            </a>
        </li>
    }
}

/// "1 of 2 lessons done", in words that `app.js` can say too.
pub fn counted(words: &Words, lessons: &[(LessonId, bool)]) -> impl IntoView + use<> {
    let all = lessons.len() as u64;
    let done = lessons.iter().filter(|(_, done)| *done).count() as u64;
    let some = |done: String| t!(words, "content-some-done", done = done, all = all);
    let (none, every) = (t!(words, "content-none-done"), t!(words, "content-every-done", all = all));
    let said = match done {
        0 => none.clone(),
        _ if done == all => every.clone(),
        _ => some(done.to_string()),
    };
    view! {
        <p
            class="soft"
            lang=words.locale.code()
            data-count=""
            data-some=some("{n}".to_owned())
            data-every=every
        >
            {said}
        </p>
    }
}

/// The list of a track's lessons.
#[component]
pub fn TrackRoute() -> impl IntoView {
    let wanted = use_params_map().with_untracked(|params| params.get("track").unwrap_or_default());
    Suspend::new(async move {
        let (house, viewer, words) = (house(), viewer(), words());
        let Some(track) = house.library.track(&wanted) else { return view! { <NotFound/> }.into_any() };
        let progress = match learn::progress(&house, &viewer).await {
            Ok(progress) => progress,
            Err(error) => return error.view(),
        };
        let edge: Vec<_> = track.lessons.iter().map(|l| (l.id.clone(), progress.finished.contains(&l.id))).collect();
        let lessons = track.lessons.iter().map(|lesson| {
            let done = progress.finished.contains(&lesson.id);
            view! {
                <li data-lesson=lesson.id.to_string()>
                    <a href=Page::Lesson(&lesson.id).path(viewer.locale)>{lesson.title.clone()}</a>
                    <p>{lesson.summary.clone()}</p>
                    <p class="soft" lang=words.locale.code()>
                        {t!(words, "content-minutes", minutes = u64::from(lesson.minutes))}
                    </p>
                    <p class="soft" lang=words.locale.code() hidden data-cost=t!(words, "device-cost", size = "{n}") data-here=t!(words, "device-cost-here")></p>
                    <DoneMark done/>
                </li>
            }
        });
        let lessons = lessons.collect_view();
        let (title, summary) = (track.title.clone(), track.summary.clone());
        let (track, module) = (track.clone(), house.assets.path("weights.js"));
        let weights = weights_of(&track);
        view! {
            <Title text=title.clone()/>
            <Frame>
                <p class="quiet">
                    <a href=Page::Home.path(viewer.locale)><Icon name="back"/>{t!(words, "shell-to-home")}</a>
                </p>
                <h1 lang="vi">{title}</h1>
                <p class="lead" lang="vi">{summary}</p>
                <StitchedEdge lessons=edge/>
                <ol class="lessons gap" lang="vi">{lessons}</ol>
                <div class="part" data-module=module data-weights=weights>
                    <Download track/>
                </div>
                {in_vietnamese(&words)}
            </Frame>
        }
        .into_any()
    })
}

/// That a lesson is done; shown by `app.js` where only the phone knows.
#[component]
pub fn DoneMark(done: bool) -> impl IntoView {
    let words = words();
    view! {
        <p class="done" hidden=!done data-done lang=words.locale.code()>
            <Icon name="done"/>
            {t!(words, "content-done")}
        </p>
    }
}

/// In another language the interface says that lessons are Vietnamese.
pub fn in_vietnamese(words: &Words) -> Option<impl IntoView + use<>> {
    let text = t!(words, "content-in-vietnamese");
    (words.locale != crate::words::Locale::Vi).then(|| view! { <p class="notice small">{text}</p> })
}

/// A page that is not on the phone, without a network: what can be done all the same.
#[component]
pub fn OfflineRoute() -> impl IntoView {
    let words = words();
    view! {
        <Title text=t!(words, "shell-no-network-title")/>
        <crate::ui::State
            picture="pictures/lost.svg"
            title=t!(words, "shell-no-network-title")
            text=t!(words, "shell-no-network-text")
        >
            <crate::ui::HomeLink/>
        </crate::ui::State>
    }
}

/// What this is, who makes it, what happens with data, where help is.
#[component]
pub fn About() -> impl IntoView {
    let (viewer, words) = (viewer(), words());
    view! {
        <Title text=t!(words, "content-about-title")/>
        <Frame>
            <h1>{t!(words, "content-about-title")}</h1>
            <div class="stack">
                <p>{t!(words, "content-about-what")}</p>
                <h2>{t!(words, "content-about-help-title")}</h2>
                <p>{t!(words, "content-about-help")}</p>
                <p><a class="btn" href=Page::Glossary.path(viewer.locale)>{t!(words, "content-to-glossary")}</a></p>
                <h2>{t!(words, "content-about-data-title")}</h2>
                <p>{t!(words, "content-about-data")}</p>
                <p>{t!(words, "content-about-data-law")}</p>
                <p><a class="btn" href=Page::Mine.path(viewer.locale)>{t!(words, "shell-to-mine")}</a></p>
                <h2>{t!(words, "content-about-unreal-title")}</h2>
                <p>{t!(words, "content-about-unreal")}</p>
            </div>
        </Frame>
    }
}
