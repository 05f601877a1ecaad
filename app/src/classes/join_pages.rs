//! Where residents join a class: six digits, a name to be called by, no account.

use crate::{
    error::AppError,
    house::{house, viewer, words},
    paths::Page,
    shell::Frame,
    t,
    ui::{FieldError, Icon},
};
use domain::classes::{Class, Plan};
use leptos::prelude::*;
use leptos_meta::Title;
use store::OpenClass;

/// What was typed to join.
#[derive(Clone, Default, Debug)]
pub struct JoinForm {
    pub code: String,
    pub name: String,
    pub code_fault: Option<String>,
    pub name_fault: Option<String>,
    /// The class that the code is of.
    pub class: Option<OpenClass>,
    /// They are not counted yet, and have to agree first.
    pub consent_first: bool,
}

#[component]
pub fn JoinRoute() -> impl IntoView {
    let (house, viewer) = (house(), viewer());
    let Some(code) = viewer.joining else {
        return view! { <JoinPage form=JoinForm::default()/> }.into_any();
    };
    // They agreed meanwhile, and come back to where they were.
    Suspend::new(async move {
        match house.store.class_by_code(code, viewer.now).await {
            Ok(class) => {
                view! { <JoinPage form=JoinForm { code: code.to_string(), class, ..JoinForm::default() }/> }.into_any()
            }
            Err(error) => AppError::from(error).view(),
        }
    })
    .into_any()
}

#[component]
pub fn JoinPage(form: JoinForm) -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let code_said = form.code_fault.clone().map(|text| view! { <FieldError id="code-error".to_owned() text/> });
    let name_said = form.name_fault.clone().map(|text| view! { <FieldError id="name-error".to_owned() text/> });
    let consent = form.consent_first.then(|| {
        view! {
            <div class="notice" role="status">
                <div class="stack">
                    <p>{t!(words, "classes-join-consent")}</p>
                    <a class="btn btn-main" href=Page::Consent.path(viewer.locale)>{t!(words, "classes-join-consent-go")}</a>
                    <p class="soft">{t!(words, "classes-join-consent-not")}</p>
                </div>
            </div>
        }
    });
    let class = form.class.clone().map(|OpenClass { class, trainer }| {
        view! {
            <dl class="facts card">
                <dt>{t!(words, "classes-join-class")}</dt>
                <dd lang="vi">{class.name}</dd>
                <dt>{t!(words, "classes-join-place")}</dt>
                <dd lang="vi">{class.place}</dd>
                <dt>{t!(words, "classes-join-trainer")}</dt>
                <dd lang="vi">{trainer}</dd>
            </dl>
        }
    });
    let known = class.is_some();
    view! {
        <Title text=t!(words, "classes-join-title")/>
        <Frame>
            <img class="scene" src=house.assets.path("pictures/consent.svg") alt="" width="320" height="200"/>
            <h1>{t!(words, "classes-join-title")}</h1>
            <p class="lead">{t!(words, "classes-join-lead")}</p>
            {consent}
            {class}
            <form class="fields part" method="post" novalidate data-join hidden=form.consent_first>
                <div class="field" class:bad=form.code_fault.is_some()>
                    <label for="code">{t!(words, "classes-join-code")}</label>
                    <p class="hint" id="code-hint">{t!(words, "classes-join-code-hint")}</p>
                    {code_said}
                    <input
                        class="num join-input"
                        id="code"
                        name="code"
                        inputmode="numeric"
                        autocomplete="off"
                        maxlength="12"
                        aria-describedby="code-hint"
                        value=form.code.clone()
                    />
                </div>
                <div class="field" class:bad=form.name_fault.is_some()>
                    <label for="name">{t!(words, "classes-join-name")}</label>
                    <p class="hint" id="name-hint">{t!(words, "classes-join-name-hint")}</p>
                    {name_said}
                    <input id="name" name="name" autocomplete="name" maxlength="400" aria-describedby="name-hint" value=form.name.clone()/>
                </div>
                <button class="btn btn-main" name="send" value="1">
                    <Icon name="next"/>
                    {if known { t!(words, "classes-join-go") } else { t!(words, "classes-join-send") }}
                </button>
            </form>
        </Frame>
    }
}

/// They are in.
#[component]
pub fn JoinedPage(class: Class) -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let first = match &class.plan {
        Plan::Track(track) => Page::Track(track.as_str()).path(viewer.locale),
        Plan::Lessons(lessons) => match lessons.first() {
            Some(lesson) => Page::Lesson(lesson).path(viewer.locale),
            None => Page::Home.path(viewer.locale),
        },
    };
    view! {
        <Title text=t!(words, "classes-joined-title")/>
        <Frame>
            <div class="state" data-joined data-module=house.assets.path("class.js")>
                <img class="scene" src=house.assets.path("pictures/finished.svg") alt="" width="320" height="200"/>
                <h1 data-focus>{t!(words, "classes-joined-title")}</h1>
                <p lang="vi"><b>{class.name}</b><br/>{class.place}</p>
                <p>{t!(words, "classes-joined-text")}</p>
                <p><a class="btn btn-main" href=first><Icon name="next"/>{t!(words, "classes-joined-go")}</a></p>
            </div>
        </Frame>
    }
}
