//! A resident joins a class with its code.

use super::{
    actions::draw_id,
    fields::name_fault,
    join_pages::{JoinForm, JoinPage, JoinedPage},
};
use crate::{
    error::{AppError, Broken, Problem},
    house::{House, with_cookies},
    paths,
    sync::{Address, FormValues},
    t,
    viewer::{JOIN_COOKIE, Viewer, forget_cookie, join_cookie},
    words::Words,
};
use axum::{
    Extension, Json, Router,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use domain::{
    classes::{DisplayName, JoinCode, MemberId},
    content::LessonId,
};
use leptos::prelude::*;
use serde::Deserialize;
use store::Joined;

/// Codes shown from one address in an hour: a class of thirty behind one address of the mobile network, each with two slips of the
/// finger. Of a million codes some two hundred are in use: who tries at random finds one in two days, and on its roster a name of
/// their own.
const JOINS_PER_ADDRESS_MAX: u32 = 100;
/// The same from everywhere: all classes of a market day.
const JOINS_MAX: u32 = 5_000;

pub fn routes() -> Router<House> {
    let classes = paths::CLASSES;
    Router::new().route(&format!("/{classes}"), post(join)).route(paths::PLACE, post(place))
}

/// Longest name of a place in a lesson: a question's id.
const PLACE_CHARS_MAX: usize = 60;

/// Where somebody is in a lesson.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    lesson: LessonId,
    place: String,
    wrong: u32,
}

/// `POST /api/v1/place`: a phone in a class says where its learner is. 404 when they are in none.
async fn place(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    body: Result<Json<Place>, JsonRejection>,
) -> Response {
    let Ok(Json(Place { lesson, place, wrong })) = body else {
        let detail = "send {\"lesson\": …, \"place\": …, \"wrong\": …}";
        return Problem::new(StatusCode::BAD_REQUEST, "malformed_place", detail).into_response();
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let fits = place.chars().count() <= PLACE_CHARS_MAX && place.chars().all(plain);
    let known = house.library.lesson(&lesson).is_some();
    let Some(who) = viewer.credentials.as_ref().filter(|_| viewer.by_bearer && known && fits) else {
        return Problem::new(StatusCode::NOT_FOUND, "in_no_class", "nobody is told where this learner is")
            .into_response();
    };
    match house.store.note_place(who, &lesson, &place, wrong, viewer.now).await {
        Ok(true) => StatusCode::NO_CONTENT.into_response(),
        Ok(false) => {
            Problem::new(StatusCode::NOT_FOUND, "in_no_class", "nobody is told where this learner is").into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a place could not be noted");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "try again later").into_response()
        }
    }
}

async fn join(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    Extension(address): Extension<Address>,
    form: FormValues,
) -> Response {
    match try_join(&house, &viewer, &address, &form).await {
        Ok(response) => response,
        Err(error) => error.page(&house, viewer).await,
    }
}

async fn try_join(house: &House, viewer: &Viewer, address: &Address, form: &FormValues) -> Result<Response, AppError> {
    let words = Words::from(viewer.locale);
    let mut filled = JoinForm { code: form.first("code"), name: form.first("name"), ..JoinForm::default() };
    let show = |status, filled: JoinForm| {
        house.answer(viewer.clone(), status, move || view! { <JoinPage form=filled.clone()/> })
    };
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let Ok(code) = filled.code.parse::<JoinCode>() else {
        filled.code_fault = Some(t!(words, "classes-join-digits"));
        return Ok(show(wrong, filled).await);
    };
    let bucket = format!("join:{}", house.hash_address(&address.0));
    let allowed = house.store.allow(&bucket, JOINS_PER_ADDRESS_MAX, viewer.now).await?
        && house.store.allow("join", JOINS_MAX, viewer.now).await?;
    if !allowed {
        filled.code_fault = Some(t!(words, "staff-too-often"));
        return Ok(show(StatusCode::TOO_MANY_REQUESTS, filled).await);
    }
    filled.class = house.store.class_by_code(code, viewer.now).await?;
    if filled.class.is_none() {
        filled.code_fault = Some(t!(words, "classes-join-none"));
        return Ok(show(wrong, filled).await);
    }
    let name = match DisplayName::parse(&filled.name) {
        Ok(name) => name,
        // The code was right, and what is missing comes next.
        Err(_) if filled.name.is_empty() => return Ok(show(StatusCode::OK, filled).await),
        Err(fault) => {
            filled.name_fault = Some(name_fault(&words, fault));
            return Ok(show(wrong, filled).await);
        }
    };
    let Some(id) = draw_id(house).map(MemberId) else {
        return Ok(house.answer(viewer.clone(), StatusCode::SERVICE_UNAVAILABLE, || view! { <Broken/> }).await);
    };
    let joined = match &viewer.credentials {
        Some(who) => house.store.join(code, who, id, &name, viewer.now).await?,
        None => Joined::NotALearner,
    };
    match joined {
        Joined::Done(class) | Joined::Already(class) => {
            let page = move || view! { <JoinedPage class=(*class).clone()/> };
            let page = house.answer(viewer.clone(), StatusCode::OK, page).await;
            Ok(with_cookies(page, [forget_cookie(JOIN_COOKIE)]))
        }
        Joined::NotALearner => {
            filled.consent_first = true;
            Ok(with_cookies(show(StatusCode::OK, filled).await, [join_cookie(code)]))
        }
        Joined::NoSuchCode => {
            filled.code_fault = Some(t!(words, "classes-join-none"));
            Ok(show(wrong, filled).await)
        }
        Joined::Full => {
            filled.code_fault = Some(t!(words, "classes-join-full"));
            Ok(show(wrong, filled).await)
        }
    }
}
