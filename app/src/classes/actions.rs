//! Opening a class, giving it a new code, ending it.

use super::{class_of, fields::ClassForm, pages::ClassesPage};
use crate::{
    accounts::staff::gate,
    error::{AppError, Broken},
    house::{House, see_other},
    paths::{self, Page},
    sync::FormValues,
    viewer::Viewer,
    words::Words,
};
use axum::{Extension, Router, extract::State, http::StatusCode, response::Response, routing::post};
use domain::{
    accounts::staff::{Right, StaffId},
    classes::{ClassId, JOIN_FOR, JoinCode},
};
use leptos::prelude::*;
use uuid::Uuid;

/// Codes drawn before giving up: of a million codes some hundreds are in use, so that the second one is free.
const DRAWS_MAX: usize = 20;

pub fn routes() -> Router<House> {
    let staff = paths::STAFF;
    let classes = paths::CLASSES;
    Router::new()
        .route(&format!("/{staff}/{classes}"), post(make))
        .route(&format!("/{staff}/{classes}/{{class}}"), post(change))
}

/// Sixteen random bytes as an id.
pub fn draw_id(house: &House) -> Option<Uuid> {
    let mut id = [0; 16];
    house.guard.random(&mut id).ok()?;
    Some(Uuid::from_bytes(id))
}

async fn make(State(house): State<House>, Extension(viewer): Extension<Viewer>, form: FormValues) -> Response {
    let session = match gate::staff_or(&house, &viewer, Right::Teach).await {
        Ok(session) => session,
        Err(response) => return response,
    };
    let words = Words::from(viewer.locale);
    let Some(id) = draw_id(&house).map(ClassId) else {
        return house.answer(viewer, StatusCode::SERVICE_UNAVAILABLE, || view! { <Broken/> }).await;
    };
    let mut filled = ClassForm::of(&form);
    let Some(class) = filled.read(&house, &words, &session.staff, id, viewer.now) else {
        let page = move || view! { <ClassesPage form=Some(filled.clone())/> };
        return house.answer(viewer, StatusCode::UNPROCESSABLE_ENTITY, page).await;
    };
    let made = house.store.make_class(session.staff.id, &class, viewer.now).await;
    let coded = match made {
        Ok(_) => new_code(&house, &viewer, session.staff.id, id).await,
        Err(error) => Err(AppError::from(error)),
    };
    match coded {
        Ok(()) => see_other(&Page::Class(&id.to_string()).path(viewer.locale), []),
        Err(error) => error.page(&house, viewer).await,
    }
}

/// Gives a class a code that nobody has.
async fn new_code(house: &House, viewer: &Viewer, trainer: StaffId, id: ClassId) -> Result<(), AppError> {
    for _ in 0..DRAWS_MAX {
        let mut bytes = [0; 8];
        if house.guard.random(&mut bytes).is_err() {
            break;
        }
        let (code, until) = (JoinCode::from_random(bytes), viewer.now + JOIN_FOR);
        match house.store.replace_code(trainer, id, code, until, viewer.now).await? {
            Some(false) => {}
            Some(true) | None => break,
        }
    }
    Ok(())
}

async fn change(State(house): State<House>, Extension(viewer): Extension<Viewer>, form: FormValues) -> Response {
    let session = match gate::staff_or(&house, &viewer, Right::Teach).await {
        Ok(session) => session,
        Err(response) => return response,
    };
    let trainer = session.staff.id;
    let Some(id) = class_of(&viewer.path) else { return gate::not_found(&house, &viewer).await };
    let class = match house.store.class(trainer, id).await {
        Ok(Some(class)) => class,
        Ok(None) => return gate::not_found(&house, &viewer).await,
        Err(error) => return AppError::from(error).page(&house, viewer).await,
    };
    let done = match form.first("act").as_str() {
        "code" if class.closed_at.is_none() => new_code(&house, &viewer, trainer, id).await,
        act @ ("close" | "open") => {
            house.store.close_class(trainer, id, act == "close", viewer.now).await.map(|_| ()).map_err(AppError::from)
        }
        _ => Ok(()),
    };
    match done {
        Ok(()) => see_other(&Page::Class(&id.to_string()).path(viewer.locale), []),
        Err(error) => error.page(&house, viewer).await,
    }
}
