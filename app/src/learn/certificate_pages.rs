//! The certificate of a track as it is printed, and what anybody can learn from its code.

use super::{Progress, progress};
use crate::{
    error::NotFound,
    house::{House, house, set_status, viewer, words},
    paths::Page,
    shell::Frame,
    t,
    ui::{self, Icon, qr_path},
    words::Words,
};
use axum::http::StatusCode;
use chrono::NaiveDate;
use domain::{
    accounts::CertificateCode,
    content::{SkillId, Track},
    time::day_of,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

#[component]
pub fn MyCertificateRoute() -> impl IntoView {
    let wanted = use_params_map().with_untracked(|params| params.get("track").unwrap_or_default());
    Suspend::new(async move {
        let (house, viewer) = (house(), viewer());
        let Some(track) = house.library.track(&wanted).cloned() else { return view! { <NotFound/> }.into_any() };
        match progress(&house, &viewer).await {
            Ok(progress) => view! { <CertificatePage track progress/> }.into_any(),
            Err(error) => error.view(),
        }
    })
}

/// What is still to practise, or the certificate. What only the phone knows is shown by its own script, without a code.
#[component]
pub fn CertificatePage(track: Track, progress: Progress) -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let locale = viewer.locale;
    let practised = |skill: &SkillId| progress.deeds.practised_on(skill).is_some();
    let all = track.skills.iter().all(|skill| practised(&skill.id));
    let made = progress.certificates.get(&track.id).cloned();
    let skills = track.skills.iter().map(|skill| {
        let is_practised = practised(&skill.id);
        view! {
            <li data-skill=skill.id.to_string()>
                <span lang="vi">{skill.title.clone()}</span>
                <p class="done" hidden=!is_practised data-practised-skill>
                    <Icon name="done"/>
                    {t!(words, "learn-practised")}
                </p>
            </li>
        }
    });
    let skills = skills.collect_view();
    let ready = all && made.is_none();
    let on = made.as_ref().map_or_else(|| day_of(viewer.now), |made| made.day);
    let sheet = sheet(&house, &words, &track, made.as_ref().map(|made| &made.code), made.as_ref().map(|_| on));
    view! {
        <Title text=t!(words, "learn-certificate-title")/>
        <link rel="stylesheet" href=house.assets.path("path.css")/>
        <Frame personal=true>
            <div data-module=house.assets.path("path.js") data-path="certificate" data-counted=progress.counted.then_some("")>
                <div class="no-print">
                    <p class="quiet">
                        <a href=Page::Track(track.id.as_str()).path(locale) lang="vi"><Icon name="back"/>{track.title.clone()}</a>
                    </p>
                    <h1>{t!(words, "learn-certificate-title")}</h1>
                    <p class="lead" hidden=all data-not-yet>{t!(words, "learn-certificate-not-yet")}</p>
                    <p class="lead" hidden=!all data-now>{t!(words, "learn-certificate-now")}</p>
                    <ul class="lessons gap">{skills}</ul>
                    <p hidden=all data-not-yet><a class="btn" href=Page::Practices.path(locale)>{t!(words, "practice-home")}</a></p>
                    <form class="stack" method="post" hidden=!ready data-certificate>
                        <p>{t!(words, "learn-certificate-ask")}</p>
                        <button class="btn btn-main">{t!(words, "learn-certificate-make")}</button>
                    </form>
                    <p class="notice" hidden data-no-code>{t!(words, "learn-certificate-no-code")}</p>
                </div>
                <div class="stack" hidden=made.is_none() data-sheet>
                    {sheet}
                    <p class="small no-print">{t!(words, "learn-certificate-name-why")}</p>
                    <button class="btn btn-main no-print" type="button" hidden data-print>{t!(words, "learn-certificate-print")}</button>
                </div>
            </div>
        </Frame>
    }
}

/// One sheet of A4. The name is typed into the page and leaves it only on paper.
fn sheet(
    house: &House,
    words: &Words,
    track: &Track,
    code: Option<&CertificateCode>,
    on: Option<NaiveDate>,
) -> AnyView {
    let skills = track.skills.iter().map(|skill| view! { <li>{skill.title.clone()}</li> }).collect_view();
    let checked = code.map(|code| {
        let path = Page::Certificate(code.as_str()).path(words.locale);
        let address = format!("{}{path}", house.public_url.trim_end_matches('/'));
        let qr = qr_path(&address).map(|(size, path)| {
            view! {
                <svg class="qr" viewBox=format!("0 0 {size} {size}") role="img" aria-label=address.clone()>
                    <path fill="#fff" d=format!("M0 0h{size}v{size}H0z")></path>
                    <path fill="#1D2233" d=path></path>
                </svg>
            }
        });
        view! {
            <div class="check">
                {qr}
                <p>
                    {t!(words, "learn-certificate-check")}
                    <br/>
                    <b class="num">{code.to_string()}</b>
                    <br/>
                    <span class="small">{address.clone()}</span>
                </p>
            </div>
        }
    });
    view! {
        <section class="sheet">
            <div class="band"></div>
            <p class="small">{t!(words, "shell-name")}</p>
            <h2>{t!(words, "learn-certificate-heading")}</h2>
            <label>
                <span class="small">{t!(words, "learn-certificate-name")}</span>
                <input type="text" maxlength="60" autocomplete="off"/>
            </label>
            <p>{t!(words, "learn-certificate-says")}</p>
            <p class="track-name" lang="vi">{track.title.clone()}</p>
            <ul lang="vi">{skills}</ul>
            <p data-on=t!(words, "learn-certificate-on", date = "{n}")>{on.map(|day| t!(words, "learn-certificate-on", date = words.date(day)))}</p>
            {checked}
            <div class="band"></div>
        </section>
    }
    .into_any()
}

/// What a code says, to anybody: a track and a day, and nothing about whose it is.
#[component]
pub fn CertificateRoute() -> impl IntoView {
    let typed = use_params_map().with_untracked(|params| params.get("code").unwrap_or_default());
    Suspend::new(async move {
        let (house, viewer, words) = (house(), viewer(), words());
        let found = match typed.parse::<CertificateCode>() {
            Ok(code) => match house.store.certificate(&code).await {
                Ok(found) => found,
                Err(error) => return crate::error::AppError::from(error).view(),
            },
            Err(_) => None,
        };
        let Some((track, day)) = found else {
            set_status(StatusCode::NOT_FOUND);
            return view! {
                <Title text=t!(words, "learn-certificate-none")/>
                <ui::State
                    picture="pictures/lost.svg"
                    title=t!(words, "learn-certificate-none")
                    text=t!(words, "learn-certificate-none-text")
                >
                    <ui::HomeLink/>
                </ui::State>
            }
            .into_any();
        };
        let title = house.library.track(track.as_str()).map_or_else(|| track.to_string(), |track| track.title.clone());
        let skills = house
            .library
            .track(track.as_str())
            .map(|track| track.skills.iter().map(|skill| view! { <li>{skill.title.clone()}</li> }).collect_view());
        view! {
            <Title text=t!(words, "learn-certificate-true")/>
            <ui::State
                picture="pictures/finished.svg"
                title=t!(words, "learn-certificate-true")
                text=t!(words, "learn-certificate-true-text", date = words.date(day))
            >
                <p class="lead" lang="vi">{title}</p>
                <ul class="points" lang="vi">{skills}</ul>
                <p class="small">{t!(words, "learn-certificate-nobody")}</p>
                <p><a class="btn" href=Page::Home.path(viewer.locale)>{t!(words, "shell-to-home")}</a></p>
            </ui::State>
        }
        .into_any()
    })
}
