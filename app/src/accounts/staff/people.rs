//! Letting people in, changing what they may do, closing accounts.

use super::{
    gate,
    people_pages::{LinkPage, PeoplePage, PersonForm, PersonPage},
};
use crate::{
    error::{AppError, Broken},
    house::{House, see_other},
    paths::{self, Page},
    sync::FormValues,
    t,
    viewer::Viewer,
    words::Words,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::post,
};
use domain::{
    accounts::{
        CardCode, RANDOM_BYTES,
        staff::{NAME_CHARS_MAX, Right, Role, Scope, ScopeFault, Staff, StaffId, check_scope, login_of},
    },
    places::UnitCode,
};
use leptos::prelude::*;
use std::collections::BTreeSet;
use store::NewStaff;
use uuid::Uuid;

/// Most communes one person works in: more is the province.
const UNITS_MAX: usize = 75;

pub fn routes() -> Router<House> {
    let staff = paths::STAFF;
    let people = paths::PEOPLE;
    Router::new()
        .route(&format!("/{staff}/{people}"), post(add))
        .route(&format!("/{staff}/{people}/{{person}}"), post(change))
}

/// Draws the code of a link.
pub fn draw(house: &House) -> Option<CardCode> {
    let mut bytes = [0; RANDOM_BYTES];
    house.guard.random(&mut bytes).ok()?;
    CardCode::from_random(&bytes)
}

/// The units in a text: names or codes, one on a line or with commas. `Err` names the first that is none.
fn units_of(house: &House, text: &str) -> Result<BTreeSet<UnitCode>, String> {
    let mut units = BTreeSet::new();
    for name in text.split(['\n', ',', ';']).map(str::trim).filter(|name| !name.is_empty()) {
        units.insert(house.unit_called(name).ok_or_else(|| name.to_owned())?);
    }
    Ok(units)
}

/// Role and place in a form, or what is wrong with them.
fn read(house: &House, words: &Words, me: &Staff, form: &mut PersonForm) -> Option<(Role, Scope)> {
    let role = Role::parse(&form.role);
    if role.is_none() {
        form.faults.push(("role", t!(words, "staff-fault-role")));
    }
    let scope = if form.province {
        Some(Scope::Province)
    } else {
        match units_of(house, &form.units) {
            Ok(units) if units.is_empty() => {
                form.faults.push(("units", t!(words, "staff-fault-units")));
                None
            }
            Ok(units) if units.len() > UNITS_MAX => {
                form.faults.push(("units", t!(words, "staff-fault-units-many", count = UNITS_MAX as u64)));
                None
            }
            Ok(units) => Some(Scope::Units(units)),
            Err(name) => {
                form.faults.push(("units", t!(words, "staff-fault-unit", name = name)));
                None
            }
        }
    };
    let (role, scope) = (role?, scope?);
    match check_scope(role, &scope) {
        Err(ScopeFault::TrainerEverywhere) => form.faults.push(("units", t!(words, "staff-fault-trainer"))),
        Err(ScopeFault::EditorSomewhere) => form.faults.push(("units", t!(words, "staff-fault-editor"))),
        Ok(()) if !me.scope.holds_all_of(&scope) => form.faults.push(("units", t!(words, "staff-fault-beyond"))),
        Ok(()) => {}
    }
    form.faults.is_empty().then_some((role, scope))
}

fn filled(form: &FormValues) -> PersonForm {
    PersonForm {
        name: form.first("name"),
        role: form.first("role"),
        province: form.first("province") == "yes",
        units: form.first("units"),
        faults: Vec::new(),
    }
}

async fn add(State(house): State<House>, Extension(viewer): Extension<Viewer>, form: FormValues) -> Response {
    let session = match gate::staff_or(&house, &viewer, Right::ManageStaff).await {
        Ok(session) => session,
        Err(response) => return response,
    };
    let words = Words::from(viewer.locale);
    let mut filled = filled(&form);
    let name = filled.name.split_whitespace().collect::<Vec<_>>().join(" ");
    let login = login_of(&name).filter(|_| name.chars().count() <= NAME_CHARS_MAX);
    if login.is_none() {
        filled.faults.push(("name", t!(words, "staff-fault-name", count = NAME_CHARS_MAX as u64)));
    }
    let read = read(&house, &words, &session.staff, &mut filled);
    let (Some(login), Some((role, scope)), true) = (login, read, filled.faults.is_empty()) else {
        let page = move || view! { <PeoplePage form=filled.clone()/> };
        return house.answer(viewer, StatusCode::UNPROCESSABLE_ENTITY, page).await;
    };
    let mut id = [0; 16];
    let (Ok(()), Some(code)) = (house.guard.random(&mut id), draw(&house)) else {
        return house.answer(viewer, StatusCode::SERVICE_UNAVAILABLE, || view! { <Broken/> }).await;
    };
    let id = StaffId(Uuid::from_bytes(id));
    let new = NewStaff { id, name: &name, login: &login, role, scope: &scope };
    match house.store.add_staff(&new, &code, Some(session.staff.id), viewer.now).await {
        Ok(login) => link_page(&house, viewer, name, login, code).await,
        Err(error) => AppError::from(error).page(&house, viewer).await,
    }
}

async fn link_page(house: &House, viewer: Viewer, name: String, login: String, code: CardCode) -> Response {
    let page = move || view! { <LinkPage name=name.clone() login=login.clone() code=code.clone()/> };
    house.answer(viewer, StatusCode::OK, page).await
}

async fn change(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    Path(person): Path<String>,
    form: FormValues,
) -> Response {
    let session = match gate::staff_or(&house, &viewer, Right::ManageStaff).await {
        Ok(session) => session,
        Err(response) => return response,
    };
    let found = match person.parse::<StaffId>() {
        Ok(id) => house.store.staff_entry(id).await,
        Err(_) => Ok(None),
    };
    let entry = match found {
        Ok(Some(entry)) if gate::may_manage(&session.staff, &entry.staff) => entry,
        Ok(_) => return gate::not_found(&house, &viewer).await,
        Err(error) => return AppError::from(error).page(&house, viewer).await,
    };
    match changed(&house, &viewer, &session.staff, entry.staff, &form).await {
        Ok(response) => response,
        Err(error) => error.page(&house, viewer).await,
    }
}

async fn changed(
    house: &House,
    viewer: &Viewer,
    me: &Staff,
    other: Staff,
    form: &FormValues,
) -> Result<Response, AppError> {
    let words = Words::from(viewer.locale);
    let id = other.id;
    let by = Some(me.id);
    let back = || see_other(&Page::Person(&id.to_string()).path(viewer.locale), []);
    let is_me = id == me.id;
    match form.first("act").as_str() {
        "change" => {
            let mut filled = filled(form);
            let read = read(house, &words, me, &mut filled);
            // Whoever takes their own right away leaves nobody who can give it back.
            if is_me && read.as_ref().is_some_and(|(role, scope)| *role != me.role || *scope != me.scope) {
                filled.faults.push(("role", t!(words, "staff-fault-self")));
            }
            let (Some((role, scope)), true) = (read, filled.faults.is_empty()) else {
                let page = move || view! { <PersonPage form=Some(filled.clone())/> };
                return Ok(house.answer(viewer.clone(), StatusCode::UNPROCESSABLE_ENTITY, page).await);
            };
            if role != other.role || scope != other.scope {
                house.store.change_staff(id, role, &scope, by, viewer.now).await?;
            }
        }
        "link" if !is_me => {
            let Some(code) = draw(house) else {
                return Ok(house.answer(viewer.clone(), StatusCode::SERVICE_UNAVAILABLE, || view! { <Broken/> }).await);
            };
            if house.store.make_link(id, &code, by, viewer.now).await? {
                return Ok(link_page(house, viewer.clone(), other.name, other.login, code).await);
            }
        }
        "remove-totp" if !is_me => house.store.remove_factor(id, None, me.id, viewer.now).await?,
        act @ ("close" | "open") if !is_me => {
            house.store.close_staff(id, act == "close", by, viewer.now).await?;
        }
        _ => {}
    }
    Ok(back())
}
