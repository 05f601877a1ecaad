//! Today's list: one tap each. Earlier days can be corrected, and it shows who did.

use super::{class_of, room_pages::ClassNav};
use crate::{
    accounts::staff::{frame::StaffFrame, gate, moment},
    error::{AppError, NotFound},
    house::{house, viewer, words},
    paths::{self, Page},
    t,
    words::Words,
};
use chrono::NaiveDate;
use domain::{
    accounts::staff::{Right, StaffId},
    classes::Attendance,
    time::day_of,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::collections::BTreeMap;
use store::{Day, UNNAMED_MAX};

/// How a day stands in an address.
pub const DAY_FORM: &str = "%Y-%m-%d";

#[component]
pub fn AttendanceRoute() -> impl IntoView {
    let session = match gate::staff(Right::Teach) {
        Ok(session) => session,
        Err(instead) => return instead,
    };
    let wanted = use_query_map().with_untracked(|query| query.get(paths::DAY));
    let wanted = wanted.and_then(|day| NaiveDate::parse_from_str(&day, DAY_FORM).ok());
    Suspend::new(async move {
        let (house, viewer) = (house(), viewer());
        let Some(id) = class_of(&viewer.path) else { return view! { <NotFound/> }.into_any() };
        let today = day_of(viewer.now);
        let day = wanted.filter(|day| *day <= today).unwrap_or(today);
        let names = |names: &[store::StaffEntry]| -> BTreeMap<StaffId, String> {
            names.iter().map(|entry| (entry.staff.id, entry.staff.name.clone())).collect()
        };
        match house.store.class_day(session.staff.id, id, day).await {
            Ok(Some(found)) if found.corrections.is_empty() => list(found, &BTreeMap::new()),
            Ok(Some(found)) => match house.store.staff_list().await {
                Ok(staff) => list(found, &names(&staff)),
                Err(error) => AppError::from(error).view(),
            },
            Ok(None) => view! { <NotFound/> }.into_any(),
            Err(error) => AppError::from(error).view(),
        }
    })
    .into_any()
}

pub fn state_name(words: &Words, state: Option<Attendance>) -> String {
    match state {
        Some(Attendance::Present) => t!(words, "classes-present"),
        Some(Attendance::Late) => t!(words, "classes-late"),
        Some(Attendance::Excused) => t!(words, "classes-excused"),
        None => t!(words, "classes-absent"),
    }
}

fn list(found: Day, names: &BTreeMap<StaffId, String>) -> AnyView {
    let (viewer, words) = (viewer(), words());
    let Day { class, day, mut people, unnamed, corrections, days } = found;
    let today = day_of(viewer.now);
    let id = class.id.to_string();
    people.sort_by_cached_key(|(member, _)| member.name.sort_key());
    let name_of: BTreeMap<_, _> =
        people.iter().map(|(member, _)| (member.id, member.name.as_str().to_owned())).collect();
    let there = people.iter().filter(|(_, mark)| mark.is_some_and(|mark| mark.state.is_there())).count() as u64;
    let day_value = day.format(DAY_FORM).to_string();
    let count = people.len() as u64;
    let rows = people.into_iter().map(|(member, mark)| {
        let state = mark.map(|mark| mark.state);
        let anchor = member.id.to_string();
        let buttons = Attendance::ALL.iter().map(|choice| {
            let pressed = state == Some(*choice);
            // A second tap takes the mark back.
            let value = if pressed { String::new() } else { choice.as_str().to_owned() };
            view! {
                <button class="mark" name=format!("m-{anchor}") value=value data-state=choice.as_str() aria-pressed=if pressed { "true" } else { "false" }>
                    {state_name(&words, Some(*choice))}
                </button>
            }
        });
        view! {
            <li id=anchor.clone()>
                <b lang="vi"><bdi>{member.name.as_str().to_owned()}</bdi></b>
                <span class="marks">{buttons.collect_view()}</span>
            </li>
        }
    });
    let rows = rows.collect_view();
    let corrections = corrections.into_iter().map(|correction| {
        let who = correction.by.and_then(|by| names.get(&by).cloned()).unwrap_or_default();
        let whom = name_of.get(&correction.member).cloned().unwrap_or_default();
        let (before, after) = (state_name(&words, correction.before), state_name(&words, correction.after));
        view! {
            <li>
                <bdi lang="vi">{whom}</bdi>": "
                {t!(words, "classes-correction", before = before, after = after, who = who, when = moment(&words, correction.at))}
            </li>
        }
    });
    let corrections: Vec<_> = corrections.collect();
    let corrected = (!corrections.is_empty()).then(|| {
        view! {
            <section class="part">
                <h2>{t!(words, "classes-corrections")}</h2>
                <ul class="plain rows">{corrections.into_iter().collect_view()}</ul>
            </section>
        }
    });
    let others = days.into_iter().filter(|other| *other != day).map(|other| {
        let address =
            format!("{}?{}={}", Page::Attendance(&id).path(viewer.locale), paths::DAY, other.format(DAY_FORM));
        view! { <li><a href=address>{words.date(other)}</a></li> }
    });
    let others = others.collect_view();
    let back = (day != today).then(|| {
        view! { <p><a href=Page::Attendance(&id).path(viewer.locale)>{t!(words, "classes-to-today")}</a></p> }
    });
    let late = (day != today).then(|| view! { <p class="notice">{t!(words, "classes-earlier-day")}</p> });
    view! {
        <Title text=t!(words, "classes-nav-attendance")/>
        <StaffFrame wide=true>
            <ClassNav class=class/>
            {back}
            <h2>{t!(words, "classes-day", day = words.date(day))}</h2>
            {late}
            <p class="finding" data-there>{t!(words, "classes-there", there = there + u64::from(unnamed), all = count + u64::from(unnamed))}</p>
            <form method="post" data-marks>
                <input type="hidden" name="day" value=day_value.clone()/>
                <ul class="plain rows">{rows}</ul>
            </form>
            <form class="row part" method="post">
                <input type="hidden" name="day" value=day_value/>
                <label for="unnamed">{t!(words, "classes-unnamed")}</label>
                <input class="year num" id="unnamed" name="unnamed" type="number" min="0" max=UNNAMED_MAX.to_string() value=unnamed.to_string()/>
                <button class="btn slim" name="act" value="unnamed">{t!(words, "classes-unnamed-save")}</button>
            </form>
            <p class="hint">{t!(words, "classes-unnamed-how")}</p>
            {corrected}
            <section class="part">
                <h2>{t!(words, "classes-other-days")}</h2>
                <ul class="plain">{others}</ul>
            </section>
        </StaffFrame>
    }
    .into_any()
}
