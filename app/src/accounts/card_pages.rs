//! The learner card as it is printed, and the pages where one is shown.

use crate::{
    house::{house, viewer, words},
    paths::Page,
    shell::Frame,
    t,
    ui::{self, FieldError, Icon, qr_path},
};
use domain::accounts::CardCode;
use leptos::prelude::*;
use leptos_meta::Title;

/// What stands in the form for a card.
#[derive(Clone, Default)]
pub struct CardForm {
    pub code: String,
    /// `yes` or `no`: whether the card is of the person who learns on this phone already.
    pub same: String,
    pub fault: Option<String>,
    /// Whether that has to be asked. The phone asks by itself where it holds something.
    pub asks: bool,
}

#[component]
pub fn CardRoute() -> impl IntoView {
    view! { <CardPage form=CardForm::default()/> }
}

/// A card is shown to this phone: by its code, or by the QR code that leads here with it in the fragment.
#[component]
pub fn CardPage(form: CardForm) -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let said = form.fault.clone().map(|text| view! { <FieldError id="code-error".to_owned() text/> });
    let whose = [("yes", t!(words, "accounts-card-mine")), ("no", t!(words, "accounts-card-other"))];
    let whose = whose.map(|(value, text)| {
        let checked = form.same == value;
        view! {
            <label class="choice">
                <input type="radio" name="same" value=value checked=checked/>
                <span>{text}</span>
            </label>
        }
    });
    view! {
        <Title text=t!(words, "accounts-card-show-title")/>
        <Frame>
            <h1>{t!(words, "accounts-card-show-title")}</h1>
            <p class="lead">{t!(words, "accounts-card-show-lead")}</p>
            <form class="fields" method="post" novalidate data-bring=Page::Device.path(viewer.locale)>
                <div class="field" class:bad=form.fault.is_some()>
                    <label for="code">{t!(words, "accounts-card-code")}</label>
                    <p class="hint" id="code-hint">{t!(words, "accounts-card-code-hint")}</p>
                    {said}
                    <input
                        class="num"
                        id="code"
                        name="code"
                        autocomplete="off"
                        autocapitalize="characters"
                        spellcheck="false"
                        maxlength="40"
                        aria-describedby="code-hint"
                        value=form.code.clone()
                    />
                </div>
                <fieldset class="field" hidden=!form.asks data-whose>
                    <legend>{t!(words, "accounts-card-whose-title")}</legend>
                    {whose.collect_view()}
                </fieldset>
                <button class="btn btn-main">{t!(words, "accounts-card-bring")}</button>
            </form>
            <img class="scene part" src=house.assets.path("pictures/private.svg") alt="" width="320" height="200"/>
        </Frame>
    }
}

/// It is done: what is learnt on both phones is one.
#[component]
pub fn BroughtPage() -> impl IntoView {
    let (viewer, words) = (viewer(), words());
    view! {
        <Title text=t!(words, "accounts-card-brought")/>
        <ui::State
            picture="pictures/finished.svg"
            title=t!(words, "accounts-card-brought")
            text=t!(words, "accounts-card-brought-text")
        >
            <p>
                <a class="btn btn-main" href=Page::Progress.path(viewer.locale)>{t!(words, "shell-to-progress")}</a>
            </p>
        </ui::State>
    }
}

/// The learner's card: to print, to save as a picture, to copy by hand. It is shown once; afterwards only its hash is known.
#[component]
pub fn MyCardPage(
    code: CardCode,
    /// Whether it brings anything to another phone; otherwise it only opens this one.
    travels: bool,
) -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let picture = drawn(&house.public_url, &Page::Card.path(viewer.locale), &code, travels, &words);
    let about = if travels { t!(words, "accounts-card-about") } else { t!(words, "accounts-card-about-here") };
    view! {
        <Title text=t!(words, "accounts-card-title")/>
        <link rel="stylesheet" href=house.assets.path("device.css")/>
        <Frame>
            <h1>{t!(words, "accounts-card-title")}</h1>
            <p class="lead">{about}</p>
            <div class="card-picture" data-card=code.as_str().to_owned() data-module=house.assets.path("card.js") inner_html=picture></div>
            <p class="gap">{t!(words, "accounts-card-keep")}</p>
            <div class="stack" data-card-actions hidden>
                <button class="btn btn-main" type="button" data-print>{t!(words, "accounts-card-print")}</button>
                <button class="btn" type="button" data-save>
                    <Icon name="download"/>
                    {t!(words, "accounts-card-save")}
                </button>
            </div>
            <div class="gap"><a class="btn" href=Page::Mine.path(viewer.locale)>{t!(words, "accounts-card-done")}</a></div>
        </Frame>
    }
}

/// The card as one picture, in the size of a bank card (ISO/IEC 7810 ID-1, 85.6 × 54 mm, four units to the millimetre). The
/// secret stands in the fragment of the address, which no server and no log ever sees.
fn drawn(public_url: &str, path: &str, code: &CardCode, travels: bool, words: &crate::words::Words) -> String {
    let groups = code.to_string();
    let (first, second) = groups.split_at(groups.match_indices('-').nth(2).map_or(groups.len(), |(at, _)| at + 1));
    let qr = travels.then(|| format!("{}{path}#{}", public_url.trim_end_matches('/'), code.as_str()));
    let modules = qr.and_then(|address| qr_path(&address)).map(|(side, path)| {
        let scale = 112.0 / side as f64;
        format!(
            r##"<g transform="translate(222 52) scale({scale:.4})"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#1D2233" d="{path}"/></g>"##
        )
    });
    let (name, title, keep) =
        (t!(words, "shell-name"), t!(words, "accounts-card-name"), t!(words, "accounts-card-like-a-key"));
    format!(
        r##"<svg viewBox="0 0 342 216" role="img" aria-label="{title}: {groups}" xmlns="http://www.w3.org/2000/svg" font-family="system-ui, Roboto, sans-serif"><rect x=".5" y=".5" width="341" height="215" rx="12" fill="#FBF8F3" stroke="#767CA3"/><path fill="#27316B" d="M.5 36V12.5a12 12 0 0 1 12-12h317a12 12 0 0 1 12 12V36z"/><path stroke="#F2BC4B" stroke-width="3" stroke-dasharray="6 6" d="M8 40.500h326"/><text x="16" y="25" font-size="17" font-weight="700" fill="#FBF8F3">{name} · {title}</text><text x="16" y="92" font-size="21" font-weight="700" fill="#1D2233" font-family="ui-monospace, monospace">{first}</text><text x="16" y="122" font-size="21" font-weight="700" fill="#1D2233" font-family="ui-monospace, monospace">{second}</text><text x="16" y="196" font-size="12" fill="#535975">{keep}</text>{modules}</svg>"##,
        modules = modules.unwrap_or_default()
    )
}
