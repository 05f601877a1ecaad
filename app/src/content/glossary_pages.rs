//! The glossary: words that not everybody knows, on a page of their own and where a lesson first uses them.

use crate::{
    house::{house, words},
    learn::pages::ListenButton,
    paths::Page,
    shell::Frame,
    t,
    words::{Locale, Words},
};
use domain::{content::Term, places::fold};
use leptos::prelude::*;
use leptos_meta::Title;

/// All words in the order of the alphabet, each with its meaning and, read aloud, both.
#[component]
pub fn GlossaryRoute() -> impl IntoView {
    let (house, words) = (house(), words());
    let terms = &house.library.terms;
    let first = |term: &Term| fold(&term.word).chars().take(1).collect::<String>().to_uppercase();
    let mut letters: Vec<(String, &str)> = Vec::new();
    for term in terms {
        let letter = first(term);
        if letters.last().is_none_or(|(last, _)| *last != letter) {
            letters.push((letter, &term.id));
        }
    }
    let letters = letters.into_iter().map(|(letter, id)| view! { <a href=format!("#{id}")>{letter}</a> });
    let letters = letters.collect_view();
    let terms = terms.iter().map(|term| {
        let say = term.say.as_ref().filter(|say| !say.eq_ignore_ascii_case(&term.word));
        let say = say.map(|say| {
            view! {
                <p class="soft small">
                    {t!(words, "content-glossary-say")}
                    " "
                    <span lang="vi">{say.clone()}</span>
                </p>
            }
        });
        view! {
            <li class="term" id=term.id.clone()>
                <h2 lang="vi">{term.word.clone()}</h2>
                <p lang="vi" data-say=format!("{}. {}", term.word, term.means)>{term.means.clone()}</p>
                {say}
                <ListenButton/>
            </li>
        }
    });
    let terms = terms.collect_view();
    view! {
        <Title text=t!(words, "content-glossary-title")/>
        <link rel="stylesheet" href=house.assets.path("path.css")/>
        <Frame>
            <h1>{t!(words, "content-glossary-title")}</h1>
            <p class="lead">{t!(words, "content-glossary-lead")}</p>
            <nav class="letters" aria-label=t!(words, "content-glossary-find") lang="vi">{letters}</nav>
            <ul class="terms">{terms}</ul>
        </Frame>
    }
}

/// What a step of a lesson uses for the first time, with the meaning at hand; `None` where there is nothing new.
pub fn met_first(words: &Words, locale: Locale, terms: &[&Term]) -> Option<AnyView> {
    if terms.is_empty() {
        return None;
    }
    let named: Vec<&str> = terms.iter().map(|term| term.word.as_str()).collect();
    let page = Page::Glossary.path(locale);
    let meanings = terms.iter().map(|term| {
        view! {
            <p><a href=format!("{page}#{}", term.id)>{term.word.clone()}</a>": "{term.means.clone()}</p>
        }
    });
    Some(
        view! {
            <details class="small words" lang="vi">
                <summary>{t!(words, "content-terms", words = named.join(", "))}</summary>
                {meanings.collect_view()}
            </details>
        }
        .into_any(),
    )
}
