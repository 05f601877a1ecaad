//! The frame of every page of those who work here.

use super::role_name;
use crate::{
    house::{house, viewer, words},
    paths::{self, Page},
    t, ui,
};
use domain::accounts::staff::Right;
use leptos::prelude::*;

/// Name, what one may do, main part. What needs a wide screen says so.
#[component]
pub fn StaffFrame(#[prop(optional)] wide: bool, children: Children) -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let locale = viewer.locale;
    let other = locale.other();
    let session = viewer.staff.clone().filter(|session| !session.half);
    let may = |right| session.as_ref().is_some_and(|session| session.staff.may(right));
    let here = |page: Page<'_>| (page.path(crate::words::Locale::Vi) == viewer.path).then_some("page");
    let links = [
        (session.is_some(), Page::Staff, t!(words, "staff-home")),
        (may(Right::Teach), Page::Classes, t!(words, "classes-title")),
        (may(Right::ManageStaff), Page::People, t!(words, "staff-people")),
        (may(Right::ReadAudit), Page::Audit, t!(words, "staff-audit")),
        (session.is_some(), Page::Account, t!(words, "staff-account")),
    ];
    let links = links.into_iter().filter(|(shown, ..)| *shown).map(|(_, page, text)| {
        view! { <a href=page.path(locale) aria-current=here(page)>{text}</a> }
    });
    let links = links.collect_view();
    let who = session.as_ref().map(|session| {
        let name = session.staff.name.clone();
        view! { <p class="who small"><b lang="vi">{name}</b>" · "{role_name(&words, session.staff.role)}</p> }
    });
    let nav = session.is_some().then(|| {
        view! { <nav class="desk scroll" aria-label=t!(words, "staff-nav")>{links}</nav> }
    });
    let demo = house.demo.then(|| view! { <p class="notice problem" role="note">{t!(words, "shell-demo")}</p> });
    view! {
        // Here and not in the head: what a page asks the head for after it has waited for the store comes too late now and then.
        <link rel="stylesheet" href=house.assets.path("staff.css")/>
        <header class="top">
            <a class="brand" href=Page::Staff.path(locale)>
                <ui::Mark/>
                {t!(words, "staff-name")}
            </a>
            <a href=paths::in_locale(&viewer.path, other) lang=other.code() hreflang=other.code()>
                {t!(words, "shell-other-language")}
            </a>
        </header>
        {nav}
        <main id="main" class:wide=wide data-module=house.assets.path("staff.js")>
            {demo}
            {who}
            {children()}
        </main>
        <footer class="foot small">
            <a href=Page::Home.path(locale)>{t!(words, "staff-to-lessons")}</a>
            <a href=Page::Statistics(None).path(locale)>{t!(words, "shell-to-statistics")}</a>
        </footer>
    }
}
