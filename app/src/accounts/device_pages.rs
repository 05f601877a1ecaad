//! This phone: who learns on it, what is on it, what waits to be sent. The server knows nothing of all that: the page is the
//! same for everyone, and `device.js` fills it from the phone.

use super::pictures::{FACES, PEOPLE_MAX, SECRET_LENGTH, SECRETS, Small};
use crate::{
    content::downloads::Download,
    house::{house, viewer, words},
    paths::Page,
    shell::Frame,
    t,
    words::Words,
};
use domain::sync::Refusal;
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn DeviceRoute() -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let assets = house.assets.clone();
    view! {
        <Title text=t!(words, "device-title")/>
        <link rel="stylesheet" href=assets.path("device.css")/>
        <Frame>
            <div
                data-module=assets.path("device.js")
                data-weights=assets.path("weights.js")
                data-most=PEOPLE_MAX
                data-length=SECRET_LENGTH
                data-card=Page::Card.path(viewer.locale)
            >
                <h1>{t!(words, "device-title")}</h1>
                <p class="lead" data-without-js>{t!(words, "device-without-js")}</p>
                <div hidden data-with-js>
                    <p
                        class="notice"
                        role="status"
                        tabindex="-1"
                        hidden
                        data-note
                        data-left=t!(words, "device-left")
                        data-waiting=t!(words, "device-left-waiting", n = "{n}")
                        data-locked=t!(words, "device-locked")
                        data-make=t!(words, "device-make-card")
                    ></p>
                    {people(&words)}
                    {pad(&words)}
                    {downloads(&words)}
                    {outbox(&words)}
                    {meter(&words)}
                </div>
                <section class="part stack">
                    <h2>{t!(words, "device-card-title")}</h2>
                    <p>{t!(words, "device-card-text")}</p>
                    <a class="btn" href=Page::Card.path(viewer.locale)>{t!(words, "device-card-have")}</a>
                    <form method="post" action=Page::MyCard.path(viewer.locale) data-make-card>
                        <button class="btn">{t!(words, "device-card-make")}</button>
                    </form>
                </section>
            </div>
        </Frame>
    }
}

/// What a picture shows.
fn word(words: &Words, name: &str) -> String {
    match name {
        "mango" => t!(words, "device-mango"),
        "plum" => t!(words, "device-plum"),
        "longan" => t!(words, "device-longan"),
        "coffee" => t!(words, "device-coffee"),
        "avocado" => t!(words, "device-avocado"),
        "strawberry" => t!(words, "device-strawberry"),
        "banana" => t!(words, "device-banana"),
        "orange" => t!(words, "device-orange"),
        "house" => t!(words, "device-house"),
        "mountain" => t!(words, "device-mountain"),
        "sun" => t!(words, "device-sun"),
        "moon" => t!(words, "device-moon"),
        "fish" => t!(words, "device-fish"),
        "bird" => t!(words, "device-bird"),
        "flower" => t!(words, "device-flower"),
        "leaf" => t!(words, "device-leaf"),
        "water" => t!(words, "device-water"),
        "fire" => t!(words, "device-fire"),
        "umbrella" => t!(words, "device-umbrella"),
        "drum" => t!(words, "device-drum"),
        other => other.to_owned(),
    }
}

/// A picture with its word.
fn picture(words: &Words, small: &Small) -> impl IntoView + use<> {
    view! {
        <svg class="pic" viewBox="0 0 48 48" aria-hidden="true" inner_html=small.shapes></svg>
        <b>{word(words, small.name)}</b>
    }
}

/// Who learns here. Each person's card is made from the template.
fn people(words: &Words) -> AnyView {
    let faces = FACES.iter().map(|face| view! { <span class="face" data-face=face.name>{picture(words, face)}</span> });
    view! {
        <section class="stack" aria-labelledby="people">
            <h2 id="people">{t!(words, "device-people")}</h2>
            <p data-alone>{t!(words, "device-alone")}</p>
            <p hidden data-who>{t!(words, "device-who")}</p>
            <ul class="people" data-people></ul>
            <div hidden data-faces>{faces.collect_view()}</div>
            <li class="card" hidden data-person>
                <span data-person-face></span>
                <p class="label" hidden data-person-in>{t!(words, "device-in")}</p>
                <button class="btn" type="button" data-enter>{t!(words, "device-enter")}</button>
                <button class="btn" type="button" hidden data-leave>{t!(words, "device-leave")}</button>
            </li>
            <button class="btn" type="button" data-add>{t!(words, "device-add")}</button>
            <button class="btn" type="button" hidden data-guest>{t!(words, "device-guest")}</button>
            <p hidden data-full>{t!(words, "device-full", most = PEOPLE_MAX as u64)}</p>
            <details>
                <summary>{t!(words, "device-protects")}</summary>
                <ul class="points">
                    <li>{t!(words, "device-protects-family")}</li>
                    <li>{t!(words, "device-protects-not")}</li>
                    <li>{t!(words, "device-protects-send")}</li>
                    <li>{t!(words, "device-protects-forgot")}</li>
                </ul>
            </details>
        </section>
    }
    .into_any()
}

/// Choosing a picture of one's own, and the secret pictures. One form for everything: making, entering, after forgetting.
fn pad(words: &Words) -> AnyView {
    let faces = FACES.iter().map(|face| {
        view! {
            <label class="choice tile">
                <input type="radio" name="face" value=face.name/>
                {picture(words, face)}
            </label>
        }
    });
    let secrets = SECRETS.iter().map(|secret| {
        view! { <button class="btn tile" type="button" data-secret=secret.name>{picture(words, secret)}</button> }
    });
    view! {
        <section class="card stack pad" hidden tabindex="-1" aria-labelledby="pad" data-pad>
            <h2
                id="pad"
                data-first=t!(words, "device-pad-first")
                data-new=t!(words, "device-pad-new")
                data-enter=t!(words, "device-pad-enter")
                data-again=t!(words, "device-pad-again")
            ></h2>
            <fieldset data-pad-faces>
                <legend>{t!(words, "device-pad-face")}</legend>
                <div class="tiles">{faces.collect_view()}</div>
            </fieldset>
            <fieldset>
                <legend data-pad-legend data-choose=t!(words, "device-pad-choose") data-repeat=t!(words, "device-pad-repeat") data-enter=t!(words, "device-pad-secret")></legend>
                <p class="dots num" aria-live="polite" data-pad-dots data-so-far=t!(words, "device-pad-so-far", n = "{n}", all = SECRET_LENGTH as u64)></p>
                <div class="tiles">{secrets.collect_view()}</div>
            </fieldset>
            <p class="error" role="alert" hidden data-pad-fault data-wrong=t!(words, "device-pad-wrong") data-different=t!(words, "device-pad-different") data-face=t!(words, "device-pad-no-face") data-wait=t!(words, "device-pad-wait", seconds = "{n}") data-card=t!(words, "device-pad-card-wrong")></p>
            <button class="btn" type="button" data-pad-clear>{t!(words, "device-pad-clear")}</button>
            <button class="btn" type="button" data-pad-cancel>{t!(words, "device-pad-cancel")}</button>
            <details hidden data-pad-forgot>
                <summary>{t!(words, "device-forgot")}</summary>
                <p>{t!(words, "device-forgot-text")}</p>
                <form class="find" data-pad-card>
                    <input class="num" name="code" autocomplete="off" autocapitalize="characters" aria-label=t!(words, "accounts-card-code")/>
                    <button class="btn">{t!(words, "device-forgot-open")}</button>
                </form>
            </details>
        </section>
    }
    .into_any()
}

/// Whole tracks on the phone.
fn downloads(words: &Words) -> AnyView {
    let house = house();
    let tracks = house.library.tracks.iter().map(|track| view! { <Download track=track.clone() named=true/> });
    view! {
        <section class="part stack" aria-labelledby="downloads">
            <h2 id="downloads">{t!(words, "device-downloads")}</h2>
            <p>{t!(words, "device-downloads-text")}</p>
            {tracks.collect_view()}
            <p hidden data-no-downloads>{t!(words, "device-no-downloads")}</p>
        </section>
    }
    .into_any()
}

/// What waits, what could not be taken and why, what could not be read.
fn outbox(words: &Words) -> AnyView {
    let reasons = Refusal::ALL.iter().map(|refusal| {
        view! { <li hidden data-reason=refusal.as_str()><span data-what></span>": "{reason(words, *refusal)}</li> }
    });
    view! {
        <section
            class="part stack"
            aria-labelledby="outbox"
            data-outbox
            data-none=t!(words, "device-outbox-none")
            data-some=t!(words, "device-outbox-some", n = "{n}")
            data-broken=t!(words, "device-outbox-broken", n = "{n}")
        >
            <h2 id="outbox">{t!(words, "device-outbox")}</h2>
            <p role="status" data-outbox-state></p>
            <p class="notice" hidden data-outbox-broken></p>
            <div hidden data-refused>
                <h3>{t!(words, "device-refused")}</h3>
                <p>{t!(words, "device-refused-text")}</p>
                <ul class="points" data-refused-list></ul>
            </div>
            <ul hidden>
                {reasons.collect_view()}
                <li hidden data-reason>
                    <span data-what></span>
                    ": "
                    {t!(words, "device-reason-other")}
                </li>
            </ul>
            <ul hidden>
                <li data-kind="lesson_started">{t!(words, "device-kind-started")}</li>
                <li data-kind="lesson_finished">{t!(words, "device-kind-lesson")}</li>
                <li data-kind="practice_finished">{t!(words, "device-kind-practice")}</li>
                <li data-kind="drill_finished">{t!(words, "device-kind-drill")}</li>
            </ul>
        </section>
    }
    .into_any()
}

/// Why an event was not taken, for the person whose it is.
fn reason(words: &Words, refusal: Refusal) -> String {
    match refusal {
        Refusal::AbsurdTime => t!(words, "device-reason-clock"),
        Refusal::Erased | Refusal::NotRegistered => t!(words, "device-reason-erased"),
        Refusal::UnknownLesson => t!(words, "device-reason-lesson"),
        Refusal::SealBroken | Refusal::SealRetired => t!(words, "device-reason-seal"),
        Refusal::Malformed
        | Refusal::AnswersMissing
        | Refusal::AnswersWrongShape
        | Refusal::TrailImpossible
        | Refusal::Unfinished => t!(words, "device-reason-unreadable"),
        Refusal::UnknownUnit
        | Refusal::BirthYear
        | Refusal::Guardian
        | Refusal::ConsentVersion
        | Refusal::AlreadyRegistered
        | Refusal::OnlyLearning
        | Refusal::NotSeen => t!(words, "device-reason-other"),
    }
}

/// What learning costs: today's kilobytes, and the room on the phone.
fn meter(words: &Words) -> AnyView {
    view! {
        <section class="part stack" aria-labelledby="meter" data-meter>
            <h2 id="meter">{t!(words, "device-meter")}</h2>
            <dl class="facts card">
                <dt>{t!(words, "device-meter-today")}</dt>
                <dd class="num" data-today></dd>
                <dt>{t!(words, "device-meter-room")}</dt>
                <dd class="num" data-room></dd>
            </dl>
            <p class="hint">{t!(words, "device-meter-text")}</p>
        </section>
    }
    .into_any()
}
