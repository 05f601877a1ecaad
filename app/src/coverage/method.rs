//! How the figures come about, and the receipt of the attack that they withstood, in plain words.

use crate::{
    house::{House, viewer, words},
    paths::{self, Page},
    t,
    words::Words,
};
use domain::coverage::{Head, Receipt};
use leptos::prelude::*;

/// Basis and date of the denominator, from the release itself.
pub(super) fn adults_note(head: &Head, words: &Words) -> String {
    let people = words.number(head.places.iter().map(|place| u64::from(place.adults)).sum());
    let newest = head.places.iter().max_by_key(|place| place.adults_on);
    let (document, date) = newest.map(|place| (place.adults_source.clone(), place.adults_on)).unwrap_or_default();
    t!(words, "coverage-adults-note", people = people, document = document, date = words.date(date))
}

/// What the attacker tried and how far he came.
pub(super) fn receipt_in_words(words: &Words, receipt: &Receipt) -> String {
    let tried = receipt.narrowest.len() as u64;
    let mut said = match receipt.least() {
        Some(least) => t!(words, "coverage-receipt", ways = tried, values = least),
        None => t!(words, "coverage-receipt-nothing", ways = tried),
    };
    if receipt.withheld > 0 {
        said.push(' ');
        said.push_str(&t!(words, "coverage-receipt-withheld", figures = words.number(receipt.withheld)));
    }
    said
}

/// The section under every statistics page.
#[component]
pub(super) fn Method(head: Head, digest: String) -> impl IntoView {
    let (viewer, words) = (viewer(), words());
    let number = head.number.to_string();
    let download = |format: &str| format!("{}?release={}&format={format}", paths::COVERAGE, head.number);
    let receipt = receipt_in_words(&words, &head.receipt);
    view! {
        <section class="part stack" id="cach-tinh">
            <h2>{t!(words, "coverage-method-title")}</h2>
            <p>{t!(words, "coverage-method-who")}</p>
            <p>{t!(words, "coverage-method-once")}</p>
            <p>{t!(words, "coverage-method-noise")}</p>
            <p>{t!(words, "coverage-method-hidden")}</p>
            <p>{t!(words, "coverage-method-learning")}</p>
            <p>{t!(words, "coverage-method-adults", adults = adults_note(&head, &words))}</p>
            <h3>{t!(words, "coverage-receipt-title")}</h3>
            <p>{receipt}</p>
        </section>
        <section class="part stack" id="so-lieu-mo">
            <h2>{t!(words, "coverage-open-title")}</h2>
            <p>{t!(words, "coverage-open-release", number = number, month = words.month(head.month))}</p>
            <p class="links">
                <a href=download("csv") download="">{t!(words, "coverage-open-csv")}</a>
                <a href=download("json") download="">{t!(words, "coverage-open-json")}</a>
                <a href=paths::COVERAGE_DICTIONARY download="">{t!(words, "coverage-open-dictionary")}</a>
                <a href=Page::Releases.path(viewer.locale)>{t!(words, "coverage-open-releases")}</a>
            </p>
            <p class="soft small">
                <a href=download("frozen") download="">{t!(words, "coverage-open-frozen")}</a>
                ". "{t!(words, "coverage-open-digest")}" "<code class="digest">{digest}</code>
            </p>
        </section>
    }
}

/// The sentence about a unit whose figures are partly estimated.
pub(super) fn estimated_units(house: &House, head: &Head, words: &Words) -> Option<String> {
    let names: Vec<String> = head
        .places
        .iter()
        .filter(|place| place.estimated)
        .map(|place| house.library.unit(place.code).map_or_else(|| place.name.clone(), |unit| unit.name.clone()))
        .collect();
    (!names.is_empty()).then(|| t!(words, "coverage-estimated-units", units = names.join(", ")))
}
