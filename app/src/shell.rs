//! `<html>`, head, navigation, and the sitemap: every page on one screen.

use crate::{
    accounts::{
        card_pages::CardRoute,
        device_pages::DeviceRoute,
        pages::{ConsentRoute, EthnicGroupRoute, MineRoute, ProfileRoute},
        staff::{
            account_pages::{AccountRoute, CodeAppRoute},
            audit_pages::AuditRoute,
            home_pages::StaffHomeRoute,
            people_pages::{PeopleRoute, PersonRoute},
            sign_in_pages::{InvitedRoute, SecondRoute, SignInRoute},
        },
    },
    classes::{
        attendance_pages::AttendanceRoute,
        file_pages::FileRoute,
        join_pages::JoinRoute,
        members_pages::{MemberRoute, RosterRoute},
        pages::ClassesRoute,
        print_pages::JoinCardsRoute,
        room_pages::ClassRoute,
    },
    content::{
        glossary_pages::GlossaryRoute,
        pages::{About, Home, OfflineRoute, TrackRoute},
    },
    coverage::{pages::StatisticsRoute, release_pages::ReleasesRoute, unit_pages::UnitStatisticsRoute},
    error::NotFound,
    house::{house, viewer, words},
    learn::{
        certificate_pages::{CertificateRoute, MyCertificateRoute},
        pages::LessonRoute,
        path_pages::{ForRealRoute, PlacementRoute},
        progress_pages::ProgressRoute,
        review_pages::ReviewRoute,
    },
    paths::{self, Page},
    practice::{
        drill_pages::DrillRoute,
        pages::{PracticeRoute, PracticesRoute},
    },
    t, ui,
};
use leptos::{prelude::*, reactive::owner::Owner};
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    ParamSegment, SsrMode, StaticSegment,
    components::{Route, Router, Routes},
};

/// Every page that can be asked for, by who asks. `Async`: the status and title are right, nothing waits for JavaScript.
#[component]
pub fn Sitemap() -> impl IntoView {
    let lessons = StaticSegment(paths::LESSONS);
    let statistics = StaticSegment(paths::STATISTICS);
    let consent = StaticSegment(paths::CONSENT);
    let practices = StaticSegment(paths::PRACTICES);
    let of_lesson = move |page| (lessons, ParamSegment("track"), ParamSegment("lesson"), StaticSegment(page));
    let certificate = StaticSegment(paths::CERTIFICATE);
    let staff = StaticSegment(paths::STAFF);
    let sign_in = StaticSegment(paths::SIGN_IN);
    let account = StaticSegment(paths::ACCOUNT);
    let people = StaticSegment(paths::PEOPLE);
    let classes = StaticSegment(paths::CLASSES);
    let class = (staff, classes, ParamSegment("class"));
    let of_class = move |page| (staff, classes, ParamSegment("class"), StaticSegment(page));
    view! {
        <Router>
            <Routes fallback=|| view! { <NotFound/> }>
                // anyone
                <Route path=StaticSegment("") view=Home ssr=SsrMode::Async/>
                <Route path=(lessons, ParamSegment("track")) view=TrackRoute ssr=SsrMode::Async/>
                // Before lessons, whose addresses look alike.
                <Route path=(lessons, ParamSegment("track"), certificate) view=MyCertificateRoute ssr=SsrMode::Async/>
                <Route path=(lessons, ParamSegment("track"), ParamSegment("lesson")) view=LessonRoute ssr=SsrMode::Async/>
                <Route path=of_lesson(paths::PRACTISE) view=PracticeRoute ssr=SsrMode::Async/>
                <Route path=of_lesson(paths::REVIEW) view=ReviewRoute ssr=SsrMode::Async/>
                <Route path=of_lesson(paths::FOR_REAL) view=ForRealRoute ssr=SsrMode::Async/>
                <Route path=StaticSegment(paths::PLACEMENT) view=PlacementRoute ssr=SsrMode::Async/>
                <Route path=(certificate, ParamSegment("code")) view=CertificateRoute ssr=SsrMode::Async/>
                <Route path=practices view=PracticesRoute ssr=SsrMode::Async/>
                <Route path=(practices, StaticSegment(paths::DRILL)) view=DrillRoute ssr=SsrMode::Async/>
                <Route path=statistics view=|| view! { <StatisticsRoute/> } ssr=SsrMode::Async/>
                // Before tracks, whose addresses look alike.
                <Route path=(statistics, StaticSegment(paths::RELEASES)) view=ReleasesRoute ssr=SsrMode::Async/>
                <Route path=(statistics, StaticSegment(paths::UNIT), ParamSegment("unit")) view=UnitStatisticsRoute ssr=SsrMode::Async/>
                <Route path=(statistics, ParamSegment("track")) view=StatisticsRoute ssr=SsrMode::Async/>
                <Route path=StaticSegment(paths::ABOUT) view=About ssr=SsrMode::Async/>
                <Route path=StaticSegment(paths::GLOSSARY) view=GlossaryRoute ssr=SsrMode::Async/>
                <Route path=StaticSegment(paths::OFFLINE) view=OfflineRoute ssr=SsrMode::Async/>
                <Route path=StaticSegment(paths::DEVICE) view=DeviceRoute ssr=SsrMode::Async/>
                <Route path=StaticSegment(paths::CARD) view=CardRoute ssr=SsrMode::Async/>
                <Route path=classes view=JoinRoute ssr=SsrMode::Async/>
                // a learner
                <Route path=StaticSegment(paths::PROGRESS) view=ProgressRoute ssr=SsrMode::Async/>
                <Route path=consent view=ConsentRoute ssr=SsrMode::Async/>
                <Route path=(consent, StaticSegment(paths::PROFILE)) view=ProfileRoute ssr=SsrMode::Async/>
                <Route path=(consent, StaticSegment(paths::ETHNIC_GROUP)) view=EthnicGroupRoute ssr=SsrMode::Async/>
                <Route path=StaticSegment(paths::MINE) view=MineRoute ssr=SsrMode::Async/>
                // those who work here
                <Route path=staff view=StaffHomeRoute ssr=SsrMode::Async/>
                <Route path=(staff, sign_in) view=SignInRoute ssr=SsrMode::Async/>
                <Route path=(staff, sign_in, StaticSegment(paths::SECOND)) view=SecondRoute ssr=SsrMode::Async/>
                <Route path=(staff, StaticSegment(paths::INVITED)) view=InvitedRoute ssr=SsrMode::Async/>
                <Route path=(staff, account) view=AccountRoute ssr=SsrMode::Async/>
                <Route path=(staff, account, StaticSegment(paths::CODE_APP)) view=CodeAppRoute ssr=SsrMode::Async/>
                <Route path=(staff, people) view=PeopleRoute ssr=SsrMode::Async/>
                <Route path=(staff, people, ParamSegment("person")) view=PersonRoute ssr=SsrMode::Async/>
                <Route path=(staff, StaticSegment(paths::AUDIT)) view=AuditRoute ssr=SsrMode::Async/>
                <Route path=(staff, classes) view=ClassesRoute ssr=SsrMode::Async/>
                <Route path=class view=ClassRoute ssr=SsrMode::Async/>
                <Route path=of_class(paths::ROSTER) view=RosterRoute ssr=SsrMode::Async/>
                <Route path=(of_class(paths::ROSTER), StaticSegment(paths::FILE)) view=FileRoute ssr=SsrMode::Async/>
                <Route path=of_class(paths::ATTENDANCE) view=AttendanceRoute ssr=SsrMode::Async/>
                <Route path=of_class(paths::CARD) view=JoinCardsRoute ssr=SsrMode::Async/>
                <Route path=(of_class(paths::MEMBER), ParamSegment("member")) view=MemberRoute ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}

/// The document of a routed page.
pub fn routed() -> impl IntoView {
    document(|| view! { <Sitemap/> })
}

/// The document around a page. Nothing outside an island is hydrated, and no script stands inside it.
pub fn document<V: IntoView + 'static>(page: impl FnOnce() -> V) -> impl IntoView {
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    provide_meta_context();
    let (house, viewer, words) = (house(), viewer(), words());
    let name = t!(words, "shell-name");
    let assets = &house.assets;
    view! {
        <!DOCTYPE html>
        <html lang=words.locale.code()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width,initial-scale=1"/>
                <meta name="theme-color" content="#27316B"/>
                <meta name="description" content=t!(words, "shell-description")/>
                <style inner_html=assets.base_css.clone()></style>
                <link rel="icon" href=assets.path("icons/icon.svg") type="image/svg+xml"/>
                <link rel="manifest" href=paths::MANIFEST/>
                <MetaTags/>
            </head>
            <body
                data-js=house.assets.path("lessons.js")
                data-wasm=house.assets.path("lessons.wasm")
                data-forms=house.assets.path("forms.js")
                data-family=house.assets.path("family.js")
                data-class=house.assets.path("class.js")
                data-seal=house.seal.clone()
                data-device=Page::Device.path(viewer.locale)
                data-offline=t!(words, "shell-offline")
                data-full=t!(words, "shell-full")
                data-lost=t!(words, "shell-lost-store")
                data-worker=house.worker.then_some(paths::WORKER)
                data-prefix=paths::in_locale("", viewer.locale).trim_end_matches('/').to_owned()
            >
                <Title formatter=move |title: String| if title.is_empty() { name.clone() } else { format!("{title} · {name}") }/>
                <a class="skip" href="#main">{t!(words, "shell-skip")}</a>
                {page()}
                <p class="away" role="status" data-said></p>
                <p class="net" role="status" hidden data-net>{t!(words, "shell-away")}</p>
                <script src=assets.path("app.js") defer=""></script>
            </body>
        </html>
    }
}

/// The frame of every page but a lesson: name, language, main part, foot.
#[component]
pub fn Frame(
    /// Wide pages have columns on a desktop.
    #[prop(optional)]
    wide: bool,
    /// The page is different for a learner: `app.js` asks for it again as the learner of the phone.
    #[prop(optional)]
    personal: bool,
    children: Children,
) -> impl IntoView {
    let (house, viewer, words) = (house(), viewer(), words());
    let locale = viewer.locale;
    let other = locale.other();
    let demo = house.demo.then(|| {
        view! { <p class="notice problem" role="note">{t!(words, "shell-demo")}</p> }
    });
    view! {
        <header class="top">
            <a class="brand" href=Page::Home.path(locale)>
                <ui::Mark/>
                {t!(words, "shell-name")}
            </a>
            <a href=paths::in_locale(&viewer.path, other) lang=other.code() hreflang=other.code()>
                {t!(words, "shell-other-language")}
            </a>
        </header>
        <main id="main" class:wide=wide data-personal=personal.then_some("")>
            {demo}
            {children()}
        </main>
        <footer class="foot small">
            <a href=Page::Statistics(None).path(locale)>{t!(words, "shell-to-statistics")}</a>
            <a href=Page::Progress.path(locale)>{t!(words, "shell-to-progress")}</a>
            <a href=Page::Mine.path(locale)>{t!(words, "shell-to-mine")}</a>
            <a href=Page::Device.path(locale)>{t!(words, "shell-to-device")}</a>
            <a href=Page::About.path(locale)>{t!(words, "shell-to-about")}</a>
        </footer>
    }
}
