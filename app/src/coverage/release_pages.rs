//! `/thong-ke/ban`: every release that there ever was.

use super::method::receipt_in_words;
use crate::{
    error::AppError,
    house::{house, viewer, words},
    paths::{self, Page, Shown},
    shell::Frame,
    t,
};
use domain::{coverage::Head, time::day_of};
use leptos::prelude::*;
use leptos_meta::Title;
use store::Listed;

#[component]
pub fn ReleasesRoute() -> impl IntoView {
    let styles = house().assets.path("charts.css");
    let page = Suspend::new(async move {
        match house().store.heads().await {
            Ok(releases) => page(releases),
            Err(error) => AppError::from(error).view(),
        }
    });
    view! {
        <link rel="stylesheet" href=styles/>
        {page}
    }
}

fn page(releases: Vec<(Listed, Head)>) -> AnyView {
    let (viewer, words) = (viewer(), words());
    let locale = viewer.locale;
    let none = releases.is_empty().then(|| view! { <p class="finding">{t!(words, "coverage-none-yet")}</p> });
    let corrected: Vec<u32> = releases.iter().filter_map(|(listed, _)| listed.corrects).collect();
    let list = releases.iter().rev().map(|(listed, head)| {
        let shown = Shown { release: Some(listed.number), ..Shown::default() };
        let page = format!("{}{}", Page::Statistics(None).path(locale), shown.to_query());
        let file = |format: &str| format!("{}?release={}&format={format}", paths::COVERAGE, listed.number);
        let corrects = listed.corrects.map(|number| t!(words, "coverage-corrects", number = number.to_string()));
        let outdated = corrected.contains(&listed.number).then(|| t!(words, "coverage-was-corrected"));
        view! {
            <li>
                <h2>
                    <a href=page>
                        {t!(words, "coverage-release", number = listed.number.to_string(), month = words.month(listed.month))}
                    </a>
                </h2>
                <p>{t!(words, "coverage-release-made", date = words.date(day_of(listed.made_at)))}</p>
                {corrects.map(|corrects| view! { <p>{corrects}</p> })}
                {outdated.map(|outdated| view! { <p>{outdated}</p> })}
                <p>{receipt_in_words(&words, &head.receipt)}</p>
                <p class="links">
                    <a href=file("csv") download="">{t!(words, "coverage-open-csv")}</a>
                    <a href=file("json") download="">{t!(words, "coverage-open-json")}</a>
                    <a href=file("frozen") download="">{t!(words, "coverage-open-frozen")}</a>
                </p>
                <p class="soft small">{t!(words, "coverage-open-digest")}" "<code class="digest">{listed.digest.clone()}</code></p>
            </li>
        }
    });
    let list = list.collect_view();
    view! {
        <Title text=t!(words, "coverage-releases-title")/>
        <Frame>
            <p><a href=Page::Statistics(None).path(locale)>{t!(words, "coverage-to-province")}</a></p>
            <h1>{t!(words, "coverage-releases-title")}</h1>
            <p>{t!(words, "coverage-releases-lead")}</p>
            {none}
            <ol class="plain releases">{list}</ol>
        </Frame>
    }
    .into_any()
}
