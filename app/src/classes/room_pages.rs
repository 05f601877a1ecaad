//! The class view: everybody on one screen, whom to visit next and why.

use super::{
    class_of,
    pages::{days, plan_name},
};
use crate::{
    accounts::staff::{frame::StaffFrame, gate, moment},
    error::{AppError, NotFound},
    house::{House, house, viewer, words},
    paths::Page,
    t,
    ui::{Icon, QrCode},
    words::{Locale, Words},
};
use domain::{
    accounts::staff::Right,
    classes::{
        Attendance, Class, ConsentGiven, Plan,
        visit::{At, Reason, Seat, visits},
    },
    content::LessonId,
    time::{Millis, day_began, day_of},
};
use leptos::prelude::*;
use leptos_meta::Title;
use store::{ClassView, Seated};

/// The lessons of a class, in order.
pub fn lessons_of(house: &House, plan: &Plan) -> Vec<LessonId> {
    match plan {
        Plan::Track(track) => {
            let lessons = house.library.lessons().filter(|lesson| lesson.id.track() == track.as_str());
            lessons.map(|lesson| lesson.id.clone()).collect()
        }
        Plan::Lessons(lessons) => lessons.clone(),
    }
}

/// The ways between the pages of a class.
#[component]
pub fn ClassNav(class: Class) -> impl IntoView {
    let (viewer, words) = (viewer(), words());
    let id = class.id.to_string();
    let pages = [
        (Page::Class(&id), t!(words, "classes-nav-now")),
        (Page::Attendance(&id), t!(words, "classes-nav-attendance")),
        (Page::Roster(&id), t!(words, "classes-nav-roster")),
        (Page::JoinCards(&id), t!(words, "classes-nav-cards")),
    ];
    let links = pages.map(|(page, text)| {
        let here = (page.path(Locale::Vi) == viewer.path).then_some("page");
        view! { <a href=page.path(viewer.locale) aria-current=here>{text}</a> }
    });
    view! {
        <p class="no-print"><a href=Page::Classes.path(viewer.locale)>{t!(words, "classes-title")}</a></p>
        <h1 lang="vi">{class.name}</h1>
        <p class="soft" lang="vi">{class.place}</p>
        <nav class="tabs" aria-label=t!(words, "classes-nav")>{links.collect_view()}</nav>
    }
}

#[component]
pub fn ClassRoute() -> impl IntoView {
    let session = match gate::staff(Right::Teach) {
        Ok(session) => session,
        Err(instead) => return instead,
    };
    Suspend::new(async move {
        let (house, viewer) = (house(), viewer());
        let Some(id) = class_of(&viewer.path) else { return view! { <NotFound/> }.into_any() };
        match house.store.class_view(session.staff.id, id, day_of(viewer.now)).await {
            Ok(Some(view)) => room(&house, view),
            Ok(None) => view! { <NotFound/> }.into_any(),
            Err(error) => AppError::from(error).view(),
        }
    })
    .into_any()
}

/// What the rule for visits needs to know about somebody.
fn seat(seated: &Seated, day_began: Millis) -> Seat {
    let there = seated.mark.filter(|mark| mark.state.is_there()).map(|mark| mark.at);
    let today = |at: Millis| at >= day_began;
    let at = seated.at.as_ref().filter(|at| today(at.seen_at)).map(|at| At {
        since: at.since,
        seen_at: at.seen_at,
        wrong: u16::try_from(at.wrong).unwrap_or(u16::MAX),
    });
    Seat {
        there_since: there,
        own_phone: seated.member.consent == ConsentGiven::OnPhone || at.is_some(),
        at,
        finished: seated.finished.values().any(|day| *day == day_of(day_began)),
        visited: seated.visited_at.is_some_and(today),
    }
}

fn why(words: &Words, reason: Reason) -> String {
    match reason {
        Reason::Wrong(count) => t!(words, "classes-why-wrong", count = u64::from(count)),
        Reason::Still(minutes) => t!(words, "classes-why-still", minutes = u64::from(minutes)),
        Reason::NoPhone => t!(words, "classes-why-no-phone"),
        Reason::NotBegun(minutes) => t!(words, "classes-why-not-begun", minutes = u64::from(minutes)),
        Reason::Quiet(minutes) => t!(words, "classes-why-quiet", minutes = u64::from(minutes)),
    }
}

fn room(house: &House, ClassView { class, people, unnamed }: ClassView) -> AnyView {
    let (viewer, words) = (viewer(), words());
    let (locale, now) = (viewer.locale, viewer.now);
    let id = class.id.to_string();
    let day_began = day_began(now);
    let seats: Vec<Seat> = people.iter().map(|seated| seat(seated, day_began)).collect();
    let there = seats.iter().filter(|seat| seat.there_since.is_some()).count() as u64 + u64::from(unnamed);
    let lessons = lessons_of(house, &class.plan);
    let next = visits(&seats, now);
    let to_visit = next.iter().take(3).map(|(place, reason)| {
        let member = &people[*place].member;
        let address = Page::Member(&id, &member.id.to_string()).path(locale);
        view! {
            <li>
                <a class="btn" href=address>
                    <span><b lang="vi"><bdi>{member.name.as_str().to_owned()}</bdi></b><br/><small>{why(&words, *reason)}</small></span>
                </a>
            </li>
        }
    });
    let to_visit = to_visit.collect_view();
    let visit = (!next.is_empty()).then(|| {
        view! {
            <section class="part">
                <h2>{t!(words, "classes-visit")}</h2>
                <ol class="plain visits">{to_visit}</ol>
            </section>
        }
    });
    let rows = people.iter().zip(&seats).map(|(seated, seat)| {
        let member = &seated.member;
        let done = lessons.iter().filter(|lesson| seated.finished.contains_key(*lesson)).count() as u64;
        let stands = match (&seat.at, &seated.at) {
            (Some(_), Some(at)) => {
                let title = house.library.lesson(&at.lesson).map_or_else(|| at.lesson.to_string(), |found| found.title.clone());
                t!(words, "classes-at", lesson = title)
            }
            _ if seat.visited => t!(words, "classes-with-me"),
            _ => String::new(),
        };
        let state = match seated.mark.map(|mark| mark.state) {
            Some(Attendance::Present) => t!(words, "classes-present"),
            Some(Attendance::Late) => t!(words, "classes-late"),
            Some(Attendance::Excused) => t!(words, "classes-excused"),
            None => t!(words, "classes-absent"),
        };
        let address = Page::Member(&id, &member.id.to_string()).path(locale);
        view! {
            <tr class:soft=seat.there_since.is_none()>
                <th scope="row" lang="vi"><a href=address><bdi>{member.name.as_str().to_owned()}</bdi></a></th>
                <td data-head=t!(words, "classes-nav-attendance")>{state}</td>
                <td class="num" data-head=t!(words, "classes-done")>{t!(words, "classes-done-of", done = done, all = lessons.len() as u64)}</td>
                <td data-head=t!(words, "classes-where") lang="vi">{stands}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let nobody = people.is_empty().then(|| {
        view! { <p class="notice">{t!(words, "classes-nobody")}</p> }
    });
    let closed = class.closed_at.map(|at| {
        view! {
            <p class="notice">{t!(words, "classes-closed-since", when = moment(&words, at))}</p>
        }
    });
    let count = people.len() as u64;
    let (code, about) = (code(house, &words, &class, now), plan_name(house, &words, &class.plan));
    view! {
        <Title text=class.name.clone()/>
        <StaffFrame wide=true>
            <ClassNav class=class.clone()/>
            {closed}
            {code}
            <div data-live>
                <p class="finding">{t!(words, "classes-there", there = there, all = count + u64::from(unnamed))}</p>
                {nobody}
                {visit}
                <table class="list part" hidden=people.is_empty()>
                    <thead>
                        <tr>
                            <th scope="col">{t!(words, "classes-person")}</th>
                            <th scope="col">{t!(words, "classes-nav-attendance")}</th>
                            <th scope="col">{t!(words, "classes-done")}</th>
                            <th scope="col">{t!(words, "classes-where")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <section class="part">
                <h2>{t!(words, "classes-about")}</h2>
                <p>
                    <span lang="vi">{about}</span>" · "{days(&words, &class)}
                </p>
                <form class="gap" method="post">
                    {if class.closed_at.is_some() {
                        view! { <button class="btn" name="act" value="open">{t!(words, "classes-reopen")}</button> }.into_any()
                    } else {
                        view! {
                            <p class="soft">{t!(words, "classes-close-how")}</p>
                            <button class="btn btn-danger" name="act" value="close">{t!(words, "classes-close")}</button>
                        }
                        .into_any()
                    }}
                </form>
            </section>
        </StaffFrame>
    }
    .into_any()
}

/// The code on the screen: six digits, and a QR code that leads there with them in the fragment.
fn code(house: &House, words: &Words, class: &Class, now: Millis) -> AnyView {
    if class.closed_at.is_some() {
        return ().into_any();
    }
    let Some((code, until)) = class.code.filter(|(_, until)| *until > now) else {
        return view! {
            <form class="notice" method="post">
                <div>
                    <p>{t!(words, "classes-code-over")}</p>
                    <button class="btn btn-main" name="act" value="code">{t!(words, "classes-code-new")}</button>
                </div>
            </form>
        }
        .into_any();
    };
    let address = join_address(house, code.as_str());
    let qr = view! { <QrCode text=address label=t!(words, "classes-qr")/> };
    let short = house.public_url.trim_start_matches("https://").trim_start_matches("http://").to_owned();
    view! {
        <section class="card code-card" aria-label=t!(words, "classes-code")>
            {qr}
            <div>
                <p>{t!(words, "classes-code-how", address = format!("{short}{}", Page::Join.path(Locale::Vi)))}</p>
                <p class="join-code num" data-code>{code.to_string()}</p>
                <p class="soft small">{t!(words, "classes-code-until", when = moment(words, until))}</p>
                <form method="post">
                    <button class="btn slim" name="act" value="code"><Icon name="again"/>{t!(words, "classes-code-replace")}</button>
                </form>
            </div>
        </section>
    }
    .into_any()
}

/// Where a code leads: in the fragment, which no server and no log sees before the person agrees.
pub fn join_address(house: &House, code: &str) -> String {
    format!("{}{}#{code}", house.public_url.trim_end_matches('/'), Page::Join.path(Locale::Vi))
}
