//! Boosters, where one begins, and what was done for real, without JavaScript.

use super::{
    actions::read,
    pages::Finished,
    path_pages::{ForRealPage, Placed, PlacementPage, placing},
    progress,
    review_pages::ReviewPage,
};
use crate::{
    error::{AppError, NotFound},
    house::{House, with_cookies},
    kept, paths,
    sync::{self, FormValues},
    viewer::{Viewer, known_cookie},
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::post,
};
use domain::{
    content::{Lesson, LessonId},
    sync::{ForReal, Noted, What},
    time::Millis,
};
use leptos::prelude::*;
use std::sync::Arc;

pub(super) fn routes() -> Router<House> {
    let lessons = paths::LESSONS;
    Router::new()
        .route(&format!("/{lessons}/{{track}}/{{lesson}}/{}", paths::REVIEW), post(review))
        .route(&format!("/{lessons}/{{track}}/{{lesson}}/{}", paths::FOR_REAL), post(for_real))
        .route(&format!("/{}", paths::PLACEMENT), post(place))
}

/// Records what a learner who is counted did; gives the event to the page for everyone else, whose phone may keep it. `moment`
/// tells apart what may be done again.
async fn record(
    house: &House,
    viewer: &Viewer,
    what: What,
    noted: &Noted,
    moment: Option<Millis>,
) -> Result<Option<String>, AppError> {
    let json = kept::beside(&what, noted);
    if let Some(credentials) = &viewer.credentials
        && progress(house, viewer).await?.counted
    {
        let id = sync::event_id(credentials, &what, moment);
        if sync::record(house, credentials, viewer.now, id, what).await? {
            return Ok(None);
        }
    }
    Ok(Some(json))
}

async fn not_found(house: &House, viewer: Viewer) -> Response {
    house.answer(viewer, StatusCode::NOT_FOUND, || view! { <NotFound/> }).await
}

fn lesson_of(house: &House, track: &str, lesson: &str) -> Option<Arc<Lesson>> {
    LessonId::new(track, lesson).ok().and_then(|id| house.library.lesson(&id).cloned()).map(Arc::new)
}

/// Looks at one answer (`check`) or finishes the booster (`finish`).
async fn review(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    Path((track, lesson)): Path<(String, String)>,
    form: FormValues,
) -> Response {
    let Some(lesson) = lesson_of(&house, &track, &lesson) else { return not_found(&house, viewer).await };
    let booster = lesson.review.clone();
    let mut filled = read(&booster.questions, &form);
    let wants_to_finish = !form.first("finish").is_empty();
    if wants_to_finish {
        filled.note_open(&booster.questions);
    }
    let mut passed = None;
    if wants_to_finish && filled.open.is_empty() {
        let answers = filled.tried();
        let noted = Noted::answered(&booster.marking, &answers);
        passed = Some(noted.pass);
        let version = booster.marking.version.clone();
        let what = What::ReviewFinished { lesson: lesson.id.clone(), version, answers };
        // The same answers next month are another booster; the same form sent twice is one.
        let day = viewer.now / domain::time::DAY_MS;
        match record(&house, &viewer, what, &noted, Some(day)).await {
            Ok(event) => filled.finished = Some(Finished { event, ..Finished::default() }),
            Err(error) => return error.page(&house, viewer).await,
        }
    }
    let status = if filled.open.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    house
        .answer(viewer, status, move || view! { <ReviewPage lesson=lesson.clone() filled=filled.clone() passed/> })
        .await
}

/// "I have done it."
async fn for_real(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    Path((track, lesson)): Path<(String, String)>,
    form: FormValues,
) -> Response {
    let Some(lesson) = lesson_of(&house, &track, &lesson) else { return not_found(&house, viewer).await };
    let Some(how) = ForReal::parse(&form.first("how")) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return house.answer(viewer, status, move || view! { <ForRealPage lesson=lesson.clone() said=None/> }).await;
    };
    let what = What::DoneForReal { lesson: lesson.id.clone(), version: lesson.version.clone(), how };
    match record(&house, &viewer, what, &Noted::default(), None).await {
        Ok(event) => {
            let said = Some((how, event));
            let page = move || view! { <ForRealPage lesson=lesson.clone() said=said.clone()/> };
            house.answer(viewer, StatusCode::OK, page).await
        }
        Err(error) => error.page(&house, viewer).await,
    }
}

/// Proposes a path. For those who are not counted it stays in a cookie that the server never stores.
async fn place(State(house): State<House>, Extension(viewer): Extension<Viewer>, form: FormValues) -> Response {
    let Some(placement) = house.library.placement.clone().map(Arc::new) else { return not_found(&house, viewer).await };
    let placing = placing(&placement, &|name| form.first(name));
    let Ok(known) = placement.key.known(&placing) else {
        let placed = Placed { placing, known: None };
        let page = move || view! { <PlacementPage placement=placement.clone() placed=placed.clone()/> };
        return house.answer(viewer, StatusCode::UNPROCESSABLE_ENTITY, page).await;
    };
    let what = What::PlacementTaken { version: placement.key.version.clone(), answers: placing.clone() };
    let recorded = match record(&house, &viewer, what, &Noted::default(), Some(viewer.now)).await {
        Ok(event) => event.is_none(),
        Err(error) => return error.page(&house, viewer).await,
    };
    let right = placement.key.questions.iter().filter(|question| placing.get(&question.id) == Some(&question.right));
    let cookie = (!recorded).then(|| known_cookie(right.map(|question| &question.id)));
    let placed = Placed { placing, known: Some(known) };
    let page = move || view! { <PlacementPage placement=placement.clone() placed=placed.clone()/> };
    with_cookies(house.answer(viewer, StatusCode::OK, page).await, cookie)
}
