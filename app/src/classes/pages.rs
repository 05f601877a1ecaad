//! A trainer's classes, and opening one.

use super::fields::ClassForm;
use crate::{
    accounts::staff::{frame::StaffFrame, gate},
    error::AppError,
    house::{House, house, viewer, words},
    paths::Page,
    t,
    ui::{FieldError, Icon, Summary},
    words::Words,
};
use domain::{
    accounts::staff::{Right, Scope, Staff},
    classes::{CLASS_NAME_CHARS_MAX, Class, Plan},
};
use leptos::prelude::*;
use leptos_meta::Title;
use store::ClassEntry;

#[component]
pub fn ClassesRoute() -> impl IntoView {
    view! { <ClassesPage form=None/> }
}

#[component]
pub fn ClassesPage(form: Option<ClassForm>) -> impl IntoView {
    let session = match gate::staff(Right::Teach) {
        Ok(session) => session,
        Err(instead) => return instead,
    };
    Suspend::new(async move {
        let house = house();
        match house.store.classes_of(session.staff.id).await {
            Ok(list) => classes(form, &session.staff, list),
            Err(error) => AppError::from(error).view(),
        }
    })
    .into_any()
}

/// What a class is for, in a few words.
pub fn plan_name(house: &House, words: &Words, plan: &Plan) -> String {
    match plan {
        Plan::Track(track) => {
            house.library.track(track.as_str()).map_or_else(|| track.to_string(), |track| track.title.clone())
        }
        Plan::Lessons(lessons) => t!(words, "classes-lessons", count = lessons.len() as u64),
    }
}

fn classes(form: Option<ClassForm>, me: &Staff, list: Vec<ClassEntry>) -> AnyView {
    let (house, viewer, words) = (house(), viewer(), words());
    let open = form.is_some() || list.is_empty();
    let form = form.unwrap_or_else(|| ClassForm::likely(&house, me, viewer.now));
    let nothing = list.is_empty().then(|| {
        let picture = house.assets.path("pictures/empty.svg");
        view! {
            <div class="state">
                <img class="scene" src=picture alt="" width="320" height="200"/>
                <p>{t!(words, "classes-none")}</p>
            </div>
        }
    });
    let cards = list.into_iter().map(|ClassEntry { class, members }| {
        let id = class.id.to_string();
        let closed = class.closed_at.is_some().then(|| t!(words, "classes-closed"));
        view! {
            <li>
                <a href=Page::Class(&id).path(viewer.locale) lang="vi">{class.name.clone()}</a>
                <p lang="vi">{class.place.clone()}</p>
                <p class="soft small">
                    <span lang="vi">{plan_name(&house, &words, &class.plan)}</span>" · "
                    {t!(words, "classes-people", count = members)}" · "{days(&words, &class)}
                    {closed.map(|closed| format!(" · {closed}"))}
                </p>
            </li>
        }
    });
    let cards = cards.collect_view();
    let fields = class_fields(&house, &words, me, &form);
    view! {
        <Title text=t!(words, "classes-title")/>
        <StaffFrame wide=true>
            <h1>{t!(words, "classes-title")}</h1>
            {nothing}
            <ul class="tiles-2">{cards}</ul>
            <details class="card part" open=open id="mo-lop">
                <summary><b>{t!(words, "classes-new")}</b></summary>
                {fields}
            </details>
        </StaffFrame>
    }
    .into_any()
}

/// From when to when.
pub fn days(words: &Words, class: &Class) -> String {
    t!(words, "classes-days", from = words.date(class.from), to = words.date(class.to))
}

fn class_fields(house: &House, words: &Words, me: &Staff, form: &ClassForm) -> AnyView {
    let summary = (!form.faults.is_empty()).then(|| {
        let faults = form.faults.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
        view! { <Summary title=t!(words, "staff-again") faults/> }
    });
    let error = |field: &str| form.fault(field).map(|text| view! { <FieldError id=format!("{field}-error") text/> });
    let units = house.library.units.iter().filter(|unit| unit.valid_to.is_none() && me.scope.holds(unit.code));
    let units = units.map(|unit| {
        let code = unit.code.to_string();
        view! { <option value=code.clone() selected=form.unit == code>{unit.name.clone()}</option> }
    });
    let units = units.collect_view();
    let one_unit = matches!(&me.scope, Scope::Units(units) if units.len() == 1);
    let tracks = house.library.tracks.iter().map(|track| {
        let id = track.id.to_string();
        view! {
            <label class="choice">
                <input type="radio" name="plan" value=id.clone() checked=form.plan == id/>
                <span lang="vi">{track.title.clone()}</span>
            </label>
        }
    });
    let tracks = tracks.collect_view();
    let lessons = house.library.lessons().map(|lesson| {
        let id = lesson.id.to_string();
        view! {
            <label class="choice">
                <input type="checkbox" name="lesson" value=id.clone() checked=form.lessons.contains(&id)/>
                <span lang="vi">{lesson.title.clone()}</span>
            </label>
        }
    });
    let lessons = lessons.collect_view();
    let long = CLASS_NAME_CHARS_MAX.to_string();
    view! {
        <form class="fields" method="post" novalidate>
            {summary}
            <div class="field" class:bad=form.fault("name").is_some()>
                <label for="name">{t!(words, "classes-name")}</label>
                <p class="hint" id="name-hint">{t!(words, "classes-name-hint")}</p>
                {error("name")}
                <input id="name" name="name" maxlength=long.clone() autocomplete="off" aria-describedby="name-hint" value=form.name.clone()/>
            </div>
            <div class="field" class:bad=form.fault("place").is_some()>
                <label for="place">{t!(words, "classes-place")}</label>
                <p class="hint" id="place-hint">{t!(words, "classes-place-hint")}</p>
                {error("place")}
                <input id="place" name="place" maxlength=long autocomplete="off" aria-describedby="place-hint" value=form.place.clone()/>
            </div>
            <div class="field" class:bad=form.fault("unit").is_some() class:away=one_unit && form.fault("unit").is_none()>
                <label for="unit">{t!(words, "classes-unit")}</label>
                {error("unit")}
                <select id="unit" name="unit" lang="vi">{units}</select>
            </div>
            <fieldset class="field" class:bad=form.fault("plan").is_some() id="plan">
                <legend>{t!(words, "classes-plan")}</legend>
                {error("plan")}
                <div class="pair">
                    {tracks}
                    <label class="choice">
                        <input type="radio" name="plan" value="lessons" checked=form.plan == "lessons"/>
                        <span>{t!(words, "classes-plan-lessons")}</span>
                    </label>
                </div>
                <details open=form.plan == "lessons">
                    <summary>{t!(words, "classes-plan-which")}</summary>
                    {lessons}
                </details>
            </fieldset>
            <div class="pair">
                <div class="field" class:bad=form.fault("from").is_some()>
                    <label for="from">{t!(words, "classes-from")}</label>
                    {error("from")}
                    <input id="from" name="from" type="date" value=form.from.clone()/>
                </div>
                <div class="field">
                    <label for="to">{t!(words, "classes-to")}</label>
                    <input id="to" name="to" type="date" value=form.to.clone()/>
                </div>
            </div>
            <button class="btn btn-main" name="send" value="1"><Icon name="next"/>{t!(words, "classes-make")}</button>
        </form>
    }
    .into_any()
}
