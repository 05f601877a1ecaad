//! The roster of a class, and one person on it.

use super::{class_of, fields::MemberForm, member_of, room_pages::ClassNav};
use crate::{
    accounts::staff::{frame::StaffFrame, gate},
    error::{AppError, NotFound},
    house::{House, house, viewer, words},
    paths::Page,
    t,
    ui::{FieldError, Icon, Summary},
    words::Words,
};
use domain::{
    accounts::{
        Sex,
        staff::{Act, Right, StaffId},
    },
    classes::{Class, ClassId},
    practice::Held,
    sync::SeenDeed,
};
use leptos::prelude::*;
use leptos_meta::Title;
use store::{Doing, Member};

/// Notes that a roster was looked at; a look that cannot be noted is none.
pub async fn noted_look(house: &House, trainer: StaffId, class: ClassId, now: i64) -> Result<(), AppError> {
    let about = [("class", class.to_string())];
    let doing = Doing { by: Some(trainer), act: Act::RosterSeen, about: &about };
    Ok(house.store.note_in_audit(now, &doing).await?)
}

#[component]
pub fn RosterRoute() -> impl IntoView {
    view! { <RosterPage form=None/> }
}

#[component]
pub fn RosterPage(form: Option<MemberForm>) -> impl IntoView {
    let session = match gate::staff(Right::Teach) {
        Ok(session) => session,
        Err(instead) => return instead,
    };
    Suspend::new(async move {
        let (house, viewer) = (house(), viewer());
        let Some(id) = class_of(&viewer.path) else { return view! { <NotFound/> }.into_any() };
        let found = match house.store.roster(session.staff.id, id).await {
            Ok(Some(found)) => found,
            Ok(None) => return view! { <NotFound/> }.into_any(),
            Err(error) => return AppError::from(error).view(),
        };
        match noted_look(&house, session.staff.id, id, viewer.now).await {
            Ok(()) => roster(&house, form, found),
            Err(error) => error.view(),
        }
    })
    .into_any()
}

fn roster(house: &House, form: Option<MemberForm>, (class, mut members): (Class, Vec<Member>)) -> AnyView {
    let (viewer, words) = (viewer(), words());
    let locale = viewer.locale;
    let id = class.id.to_string();
    members.sort_by_cached_key(|member| member.name.sort_key());
    let waiting = members.iter().filter(|member| member.learner.is_none()).count() as u64;
    let rows = members.iter().map(|member| {
        let address = Page::Member(&id, &member.id.to_string()).path(locale);
        let unit = member.unit.and_then(|unit| house.library.unit(unit)).map(|unit| unit.name.clone());
        let counted =
            if member.learner.is_some() { t!(words, "classes-counted") } else { t!(words, "classes-not-counted") };
        view! {
            <tr>
                <th scope="row" lang="vi"><a href=address><bdi>{member.name.as_str().to_owned()}</bdi></a></th>
                <td class="num" data-head=t!(words, "accounts-born")>{member.birth_year.map(|year| year.get())}</td>
                <td data-head=t!(words, "accounts-sex")>{sex_name(&words, member.sex)}</td>
                <td data-head=t!(words, "accounts-mine-unit") lang="vi">{unit}</td>
                <td data-head=t!(words, "staff-state")>{counted}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let count = members.len() as u64;
    let some_wait =
        (waiting > 0).then(|| view! { <p class="soft">{t!(words, "classes-waiting", count = waiting)}</p> });
    let open = form.is_some();
    let form = form.unwrap_or_default();
    let adding = class.closed_at.is_none().then(|| {
        view! {
            <details class="card" open=open id="them">
                <summary><b>{t!(words, "classes-add")}</b></summary>
                {member_fields(&words, &form, None)}
            </details>
            <p class="gap">
                <a class="btn" href=Page::RosterFile(&id).path(locale)><Icon name="download"/>{t!(words, "classes-file")}</a>
            </p>
        }
    });
    view! {
        <Title text=t!(words, "classes-nav-roster")/>
        <StaffFrame wide=true>
            <ClassNav class=class/>
            <p class="lead">{t!(words, "classes-roster-count", count = count)}</p>
            {some_wait}
            {adding}
            <table class="list part" hidden=members.is_empty()>
                <thead>
                    <tr>
                        <th scope="col">{t!(words, "classes-person")}</th>
                        <th scope="col">{t!(words, "accounts-born")}</th>
                        <th scope="col">{t!(words, "accounts-sex")}</th>
                        <th scope="col">{t!(words, "accounts-mine-unit")}</th>
                        <th scope="col">{t!(words, "staff-state")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </StaffFrame>
    }
    .into_any()
}

pub fn sex_name(words: &Words, sex: Sex) -> String {
    match sex {
        Sex::Female => t!(words, "accounts-female"),
        Sex::Male => t!(words, "accounts-male"),
        Sex::Unstated => t!(words, "classes-sex-unstated"),
    }
}

/// The fields of somebody: for a new one with the question whether they agreed, for one who is there with the edition.
fn member_fields(words: &Words, form: &MemberForm, member: Option<&Member>) -> AnyView {
    let summary = (!form.faults.is_empty()).then(|| {
        let faults = form.faults.iter().map(|(field, text)| ((*field).to_owned(), text.clone())).collect();
        view! { <Summary title=t!(words, "staff-again") faults/> }
    });
    let error = |field: &str| form.fault(field).map(|text| view! { <FieldError id=format!("{field}-error") text/> });
    let sexes = [Sex::Female, Sex::Male, Sex::Unstated].map(|sex| {
        let checked = form.sex == sex.as_str() || form.sex.is_empty() && sex == Sex::Unstated;
        view! {
            <label class="choice">
                <input type="radio" name="sex" value=sex.as_str() checked=checked/>
                <span>{sex_name(words, sex)}</span>
            </label>
        }
    });
    let consent = member.is_none().then(|| {
        view! {
            <fieldset class="field" class:bad=form.fault("consent").is_some() id="consent">
                <legend>{t!(words, "classes-consent")}</legend>
                <p class="hint">{t!(words, "classes-consent-how")}</p>
                {error("consent")}
                <label class="choice">
                    <input type="checkbox" name="consent" value="yes" checked=form.consent/>
                    <span>{t!(words, "classes-consent-given")}</span>
                </label>
            </fieldset>
        }
    });
    let edition = member.map(|member| {
        view! { <input type="hidden" name="edition" value=member.edition.to_string()/> }
    });
    let send = if member.is_some() { t!(words, "staff-change-send") } else { t!(words, "classes-add-send") };
    view! {
        <form class="fields" method="post" novalidate>
            {summary}
            {edition}
            <div class="field" class:bad=form.fault("name").is_some()>
                <label for="name">{t!(words, "staff-person-name")}</label>
                {error("name")}
                <input id="name" name="name" autocomplete="off" maxlength="400" lang="vi" value=form.name.clone()/>
            </div>
            <div class="field" class:bad=form.fault("born").is_some()>
                <label for="born">{t!(words, "accounts-born")}</label>
                <p class="hint" id="born-hint">{t!(words, "classes-born-hint")}</p>
                {error("born")}
                <input class="year num" id="born" name="born" inputmode="numeric" maxlength="4" autocomplete="off" aria-describedby="born-hint" value=form.born.clone()/>
            </div>
            <fieldset class="field">
                <legend>{t!(words, "accounts-sex")}</legend>
                <div class="pair">{sexes.collect_view()}</div>
            </fieldset>
            <div class="field" class:bad=form.fault("place").is_some()>
                <label for="place">{t!(words, "accounts-place")}</label>
                <p class="hint" id="place-hint">{t!(words, "classes-place-empty")}</p>
                {error("place")}
                <input id="place" name="place" autocomplete="off" maxlength="80" lang="vi" aria-describedby="place-hint" value=form.place.clone()/>
            </div>
            <fieldset class="field" class:bad=form.fault("guardian").is_some() id="guardian">
                <legend>{t!(words, "accounts-young")}</legend>
                {error("guardian")}
                <label class="choice">
                    <input type="checkbox" name="guardian" value="yes" checked=form.guardian/>
                    <span>{t!(words, "accounts-guardian")}</span>
                </label>
            </fieldset>
            {consent}
            <button class="btn btn-main" name="act" value=if member.is_some() { "change" } else { "add" }>{send}</button>
        </form>
    }
    .into_any()
}

/// What is shown beside the form of somebody.
#[derive(Clone, Default, Debug)]
pub struct MemberNotes {
    pub form: Option<MemberForm>,
    /// Somebody else changed the same person meanwhile.
    pub meanwhile: bool,
    /// What was seen has been recorded.
    pub recorded: bool,
    pub seen_fault: Option<String>,
}

#[component]
pub fn MemberRoute() -> impl IntoView {
    view! { <MemberPage notes=MemberNotes::default()/> }
}

#[component]
pub fn MemberPage(notes: MemberNotes) -> impl IntoView {
    let session = match gate::staff(Right::Teach) {
        Ok(session) => session,
        Err(instead) => return instead,
    };
    Suspend::new(async move {
        let (house, viewer) = (house(), viewer());
        let (Some(id), Some(wanted)) = (class_of(&viewer.path), member_of(&viewer.path)) else {
            return view! { <NotFound/> }.into_any();
        };
        match house.store.roster(session.staff.id, id).await {
            Ok(Some((class, members))) => match members.into_iter().find(|member| member.id == wanted) {
                Some(member) => person(&house, class, member, notes),
                None => view! { <NotFound/> }.into_any(),
            },
            Ok(None) => view! { <NotFound/> }.into_any(),
            Err(error) => AppError::from(error).view(),
        }
    })
    .into_any()
}

pub fn held_name(words: &Words, held: Held) -> String {
    match held {
        Held::HelperHeld => t!(words, "classes-held-trainer"),
        Held::HelperSpoke => t!(words, "classes-held-spoke"),
        Held::Alone => t!(words, "classes-held-alone"),
    }
}

fn person(house: &House, class: Class, member: Member, notes: MemberNotes) -> AnyView {
    let (viewer, words) = (viewer(), words());
    let id = class.id.to_string();
    let form = notes.form.unwrap_or_else(|| MemberForm::of_member(house, &member));
    let meanwhile = notes.meanwhile.then(|| {
        view! { <p class="notice problem" role="alert">{t!(words, "classes-meanwhile")}</p> }
    });
    let recorded = notes.recorded.then(|| {
        view! { <p class="notice" role="status"><Icon name="done"/>{t!(words, "classes-seen-recorded")}</p> }
    });
    let seen = match member.learner {
        Some(_) => seen_fields(house, &words, &class, notes.seen_fault),
        None => view! { <p class="notice">{t!(words, "classes-not-counted-why")}</p> }.into_any(),
    };
    let name = member.name.as_str().to_owned();
    view! {
        <Title text=name.clone()/>
        <StaffFrame>
            <p class="no-print"><a href=Page::Class(&id).path(viewer.locale) lang="vi">{class.name.clone()}</a></p>
            <h1 lang="vi"><bdi>{name}</bdi></h1>
            {meanwhile}
            {recorded}
            {seen}
            <section class="part">
                <h2>{t!(words, "classes-member-change")}</h2>
                {member_fields(&words, &form, Some(&member))}
            </section>
            <section class="part">
                <h2>{t!(words, "classes-member-remove")}</h2>
                <form class="stack" method="post">
                    <input type="hidden" name="edition" value=member.edition.to_string()/>
                    <p>{t!(words, "classes-member-remove-how")}</p>
                    <label class="choice">
                        <input type="checkbox" name="sure" value="yes"/>
                        <span>{t!(words, "classes-member-remove-sure")}</span>
                    </label>
                    <button class="btn btn-danger" name="act" value="remove">{t!(words, "classes-member-remove")}</button>
                </form>
            </section>
        </StaffFrame>
    }
    .into_any()
}

/// What the trainer saw them do: which lesson, what, and who held the phone.
fn seen_fields(house: &House, words: &Words, class: &Class, fault: Option<String>) -> AnyView {
    let lessons = super::room_pages::lessons_of(house, &class.plan);
    let lessons = lessons.iter().filter_map(|id| house.library.lesson(id)).map(|lesson| {
        view! { <option value=lesson.id.to_string()>{lesson.title.clone()}</option> }
    });
    let lessons = lessons.collect_view();
    let deeds = SeenDeed::ALL.iter().map(|deed| {
        let text = match deed {
            SeenDeed::Heard => t!(words, "classes-deed-heard"),
            SeenDeed::Practised => t!(words, "classes-deed-practised"),
            SeenDeed::Did => t!(words, "classes-deed-did"),
            SeenDeed::Taught => t!(words, "classes-deed-taught"),
        };
        view! {
            <label class="choice">
                <input type="radio" name="deed" value=deed.as_str()/>
                <span>{text}</span>
            </label>
        }
    });
    let deeds = deeds.collect_view();
    let holders = [Held::HelperHeld, Held::HelperSpoke, Held::Alone].map(|held| {
        view! {
            <label class="choice">
                <input type="radio" name="held" value=held.as_str()/>
                <span>{held_name(words, held)}</span>
            </label>
        }
    });
    let bad = fault.is_some();
    let said = fault.map(|text| view! { <FieldError id="seen-error".to_owned() text/> });
    view! {
        <section class="part card">
            <h2>{t!(words, "classes-seen")}</h2>
            <form class="fields" method="post" novalidate>
                {said}
                <div class="field" class:bad=bad>
                    <label for="lesson">{t!(words, "classes-seen-lesson")}</label>
                    <select id="lesson" name="lesson" lang="vi">{lessons}</select>
                </div>
                <fieldset class="field">
                    <legend>{t!(words, "classes-seen-what")}</legend>
                    <div class="pair">{deeds}</div>
                </fieldset>
                <fieldset class="field">
                    <legend>{t!(words, "classes-seen-held")}</legend>
                    {holders.collect_view()}
                </fieldset>
                <button class="btn btn-main" name="act" value="seen">{t!(words, "classes-seen-send")}</button>
            </form>
        </section>
    }
    .into_any()
}
