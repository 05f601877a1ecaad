//! Designed states, pictures, the embroidered edge, messages at fields.

use super::Icon;
use crate::{
    house::{house, viewer, words},
    paths::{self, Page},
    shell::Frame,
    t,
};
use domain::content::{LessonId, Picture};
use leptos::prelude::*;

/// A whole page that says one thing: nothing here yet, lost, broken.
#[component]
pub fn State(picture: &'static str, title: String, text: String, children: Children) -> impl IntoView {
    let picture = house().assets.path(picture);
    view! {
        <Frame>
            <div class="state">
                <img class="scene" src=picture alt="" width="320" height="200"/>
                <h1>{title}</h1>
                <p>{text}</p>
                {children()}
            </div>
        </Frame>
    }
}

#[component]
pub fn HomeLink() -> impl IntoView {
    let words = words();
    view! { <p><a class="btn btn-main" href=Page::Home.path(viewer().locale)>{t!(words, "shell-to-home")}</a></p> }
}

/// A picture of a lesson: the first inline, so that it is there with the words, the others fetched when they come near.
#[component]
pub fn Scene(picture: Picture, #[prop(optional)] inline: bool) -> impl IntoView {
    if inline {
        // Checked content: shapes only. What is around them becomes an image with a name.
        let shapes =
            picture.svg.find('>').map(|at| picture.svg[at + 1..].replacen("</svg>", "", 1)).unwrap_or_default();
        view! {
            <svg class="scene" viewBox="0 0 320 200" role="img" aria-label=picture.alt lang="vi" inner_html=shapes></svg>
        }
        .into_any()
    } else {
        let src = paths::asset(&picture.served_as);
        view! { <img class="scene" src=src alt=picture.alt width="320" height="200" loading="lazy" lang="vi"/> }
            .into_any()
    }
}

/// One stitch for each finished lesson; `app.js` adds those that only the phone knows.
#[component]
pub fn StitchedEdge(
    /// Each lesson and whether it is finished.
    lessons: Vec<(LessonId, bool)>,
    /// On home `app.js` chooses what comes next: title and a line about each lesson.
    #[prop(optional)]
    about: Vec<(String, String)>,
) -> impl IntoView {
    let mut about = about.into_iter();
    let stitches = lessons.into_iter().map(|(lesson, done)| {
        let (title, line) = about.next().unzip();
        view! { <i class:on=done data-stitch=lesson.to_string() data-title=title data-about=line></i> }
    });
    let stitches = stitches.collect_view();
    view! { <div class="edge" aria-hidden="true">{stitches}</div> }
}

/// What is wrong at a field.
#[component]
pub fn FieldError(id: String, text: String) -> impl IntoView {
    view! {
        <p class="error" id=id>
            <Icon name="warning"/>
            {text}
        </p>
    }
}

/// What is wrong in a form, at its top, with links to the fields.
#[component]
pub fn Summary(title: String, faults: Vec<(String, String)>) -> impl IntoView {
    let faults = faults.into_iter().map(|(field, text)| view! { <li><a href=format!("#{field}")>{text}</a></li> });
    let faults = faults.collect_view();
    view! {
        <div class="notice problem" role="alert" tabindex="-1" data-focus>
            <div>
                <h2>{title}</h2>
                <ul class="plain">{faults}</ul>
            </div>
        </div>
    }
}
