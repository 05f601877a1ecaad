//! Changing a roster by hand, and recording what a trainer saw somebody do.

use super::{
    actions::draw_id,
    class_of,
    fields::MemberForm,
    member_of,
    members_pages::{MemberNotes, MemberPage, RosterPage},
};
use crate::{
    accounts::staff::gate,
    error::{AppError, Broken},
    house::{House, see_other},
    paths::{self, Page},
    sync::{FormValues, new_credentials},
    t,
    viewer::Viewer,
    words::Words,
};
use axum::{Extension, Router, extract::State, http::StatusCode, response::Response, routing::post};
use domain::{
    accounts::{Credentials, staff::Right},
    classes::{Class, MemberId},
    places::UnitCode,
    practice::Held,
    sync::{Event, Outcome, SeenDeed, What},
    time::SECOND_MS,
};
use leptos::prelude::*;
use store::{Changed, Intake, Member, Proof};

pub fn routes() -> Router<House> {
    let staff = paths::STAFF;
    let classes = paths::CLASSES;
    Router::new()
        .route(&format!("/{staff}/{classes}/{{class}}/{}", paths::ROSTER), post(add))
        .route(&format!("/{staff}/{classes}/{{class}}/{}/{{member}}", paths::MEMBER), post(change))
}

/// Whether a unit exists today.
pub fn is_unit(house: &House) -> impl Fn(UnitCode) -> bool + Sync + '_ {
    |code| house.library.unit(code).is_some_and(|unit| unit.valid_to.is_none())
}

async fn add(State(house): State<House>, Extension(viewer): Extension<Viewer>, form: FormValues) -> Response {
    let session = match gate::staff_or(&house, &viewer, Right::Teach).await {
        Ok(session) => session,
        Err(response) => return response,
    };
    let words = Words::from(viewer.locale);
    let trainer = session.staff.id;
    let Some(id) = class_of(&viewer.path) else { return gate::not_found(&house, &viewer).await };
    let class = match house.store.class(trainer, id).await {
        Ok(Some(class)) if class.closed_at.is_none() => class,
        Ok(_) => return gate::not_found(&house, &viewer).await,
        Err(error) => return AppError::from(error).page(&house, viewer).await,
    };
    let mut filled = MemberForm::of(&form);
    let again = |filled: MemberForm| {
        let page = move || view! { <RosterPage form=Some(filled.clone())/> };
        house.answer(viewer.clone(), StatusCode::UNPROCESSABLE_ENTITY, page)
    };
    let Some(drawn) = draw_id(&house) else {
        return house.answer(viewer, StatusCode::SERVICE_UNAVAILABLE, || view! { <Broken/> }).await;
    };
    let Some(new) = filled.read(&house, &words, class.unit, viewer.now, drawn) else { return again(filled).await };
    match house.store.add_members(trainer, id, &[new], &is_unit(&house), viewer.now).await {
        Ok(Changed::Done) => see_other(&Page::Roster(&id.to_string()).path(viewer.locale), []),
        Ok(Changed::NotThere | Changed::Meanwhile(_)) => gate::not_found(&house, &viewer).await,
        Ok(Changed::Refused) => {
            filled.faults.push(("name", t!(words, "classes-fault-full")));
            again(filled).await
        }
        Err(error) => AppError::from(error).page(&house, viewer).await,
    }
}

async fn change(State(house): State<House>, Extension(viewer): Extension<Viewer>, form: FormValues) -> Response {
    let session = match gate::staff_or(&house, &viewer, Right::Teach).await {
        Ok(session) => session,
        Err(response) => return response,
    };
    let trainer = session.staff.id;
    let (Some(id), Some(wanted)) = (class_of(&viewer.path), member_of(&viewer.path)) else {
        return gate::not_found(&house, &viewer).await;
    };
    let found = match house.store.roster(trainer, id).await {
        Ok(Some((class, members))) => {
            members.into_iter().find(|member| member.id == wanted).map(|found| (class, found))
        }
        Ok(None) => None,
        Err(error) => return AppError::from(error).page(&house, viewer).await,
    };
    let Some((class, member)) = found else { return gate::not_found(&house, &viewer).await };
    let done = match form.first("act").as_str() {
        "change" => changed(&house, &viewer, &session.staff, &class, &member, &form).await,
        "remove" if form.first("sure") == "yes" => {
            removed(&house, &viewer, &session.staff, &class, wanted, &form).await
        }
        "seen" => seen(&house, &viewer, &session.staff, &class, &member, &form).await,
        _ => Ok(see_other(&viewer_path(&viewer), [])),
    };
    match done {
        Ok(response) => response,
        Err(error) => error.page(&house, viewer).await,
    }
}

fn viewer_path(viewer: &Viewer) -> String {
    paths::in_locale(&viewer.path, viewer.locale)
}

async fn page(house: &House, viewer: &Viewer, status: StatusCode, notes: MemberNotes) -> Response {
    house.answer(viewer.clone(), status, move || view! { <MemberPage notes=notes.clone()/> }).await
}

async fn changed(
    house: &House,
    viewer: &Viewer,
    me: &domain::accounts::staff::Staff,
    class: &Class,
    member: &Member,
    form: &FormValues,
) -> Result<Response, AppError> {
    let words = Words::from(viewer.locale);
    // They agreed when they came onto the roster.
    let mut filled = MemberForm { consent: true, ..MemberForm::of(form) };
    let read = filled.read(house, &words, class.unit, viewer.now, member.id.0);
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(to) = read else {
        return Ok(page(house, viewer, wrong, MemberNotes { form: Some(filled), ..MemberNotes::default() }).await);
    };
    let edition = filled.edition;
    match house.store.change_member(me.id, class.id, &to, edition, &is_unit(house), viewer.now).await? {
        Changed::Done => Ok(see_other(&viewer_path(viewer), [])),
        Changed::NotThere => Ok(gate::not_found(house, viewer).await),
        Changed::Meanwhile(now) => {
            // What was typed stays; sent again it takes the place of what the other one wrote.
            filled.edition = now.edition;
            let notes = MemberNotes { form: Some(filled), meanwhile: true, ..MemberNotes::default() };
            Ok(page(house, viewer, StatusCode::CONFLICT, notes).await)
        }
        Changed::Refused => {
            filled.faults.push(("born", t!(words, "classes-fault-needed")));
            Ok(page(house, viewer, wrong, MemberNotes { form: Some(filled), ..MemberNotes::default() }).await)
        }
    }
}

async fn removed(
    house: &House,
    viewer: &Viewer,
    me: &domain::accounts::staff::Staff,
    class: &Class,
    member: MemberId,
    form: &FormValues,
) -> Result<Response, AppError> {
    let edition = form.first("edition").parse().unwrap_or_default();
    match house.store.remove_member(me.id, class.id, member, edition, viewer.now).await? {
        Changed::Done => Ok(see_other(&Page::Roster(&class.id.to_string()).path(viewer.locale), [])),
        Changed::Meanwhile(_) | Changed::Refused => {
            let notes = MemberNotes { meanwhile: true, ..MemberNotes::default() };
            Ok(page(house, viewer, StatusCode::CONFLICT, notes).await)
        }
        Changed::NotThere => Ok(gate::not_found(house, viewer).await),
    }
}

/// Records what the trainer saw, as an event of the learner with the trainer as its witness.
async fn seen(
    house: &House,
    viewer: &Viewer,
    me: &domain::accounts::staff::Staff,
    class: &Class,
    member: &Member,
    form: &FormValues,
) -> Result<Response, AppError> {
    let words = Words::from(viewer.locale);
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let lesson = form.first("lesson").parse().ok();
    let lesson = lesson.filter(|lesson| super::room_pages::lessons_of(house, &class.plan).contains(lesson));
    let lesson = lesson.and_then(|lesson| house.library.lesson(&lesson).cloned());
    let (deed, held) = (SeenDeed::parse(&form.first("deed")), Held::parse(&form.first("held")));
    let (Some(learner), Some(lesson), Some(deed), Some(held)) = (member.learner, lesson, deed, held) else {
        let notes = MemberNotes { seen_fault: Some(t!(words, "classes-fault-seen")), ..MemberNotes::default() };
        return Ok(page(house, viewer, wrong, notes).await);
    };
    let broken = || house.answer(viewer.clone(), StatusCode::SERVICE_UNAVAILABLE, || view! { <Broken/> });
    let (Some(id), Ok(drawn)) = (draw_id(house), new_credentials()) else { return Ok(broken().await) };
    let what = What::Witnessed { lesson: lesson.id, version: lesson.version, deed };
    let no = u32::try_from(viewer.now / SECOND_MS).unwrap_or(u32::MAX);
    let event = Event { id, at: viewer.now, no, what, seen: Some(held) };
    // The trainer proves themselves; the secret is nobody's.
    let from = Credentials { id: learner, secret: drawn.secret };
    let unit_known = is_unit(house);
    let proof = Proof::Trainer(me.id);
    let intake = Intake { from: &from, proof, received_at: viewer.now, unit_known: &unit_known };
    let taken = house.store.take_in(&intake, &[Ok(event)]).await;
    let recorded = match taken {
        Ok(outcomes) => outcomes == [Outcome::Stored],
        Err(store::IntakeError::NotYours) => false,
        Err(store::IntakeError::Store(error)) => return Err(error.into()),
    };
    let seen_fault = (!recorded).then(|| t!(words, "classes-fault-seen"));
    let status = if recorded { StatusCode::OK } else { wrong };
    Ok(page(house, viewer, status, MemberNotes { recorded, seen_fault, ..MemberNotes::default() }).await)
}
