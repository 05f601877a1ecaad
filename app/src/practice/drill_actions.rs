//! A scam drill without JavaScript: the seed and the answers travel along.

use super::{
    actions::{record, seconds_since},
    drill_pages::{DrillPage, Drilling},
    fields,
    pages::Notice,
};
use crate::{error::AppError, house::House, paths, sync::FormValues, viewer::Viewer};
use axum::{Extension, Router, extract::State, http::StatusCode, response::Response, routing::post};
use domain::{
    practice::{ANSWERS_BYTES_MAX, Answers, Drill, Held, RULES},
    sync::{Noted, What},
    time::Millis,
};
use leptos::prelude::*;

pub(super) fn routes() -> Router<House> {
    Router::new().route(&format!("/{}/{}", paths::PRACTICES, paths::DRILL), post(answer))
}

async fn answer(State(house): State<House>, Extension(viewer): Extension<Viewer>, form: FormValues) -> Response {
    let (status, now) = match after(&house, &viewer, &form).await {
        Ok(Ok(now)) => (StatusCode::OK, Drilling { at: Some(viewer.now), ..now }),
        Ok(Err((status, notice))) => (status, Drilling { notice: Some(notice), ..Drilling::default() }),
        Err(error) => return error.page(&house, viewer).await,
    };
    house.answer(viewer, status, move || view! { <DrillPage now=now.clone()/> }).await
}

async fn after(
    house: &House,
    viewer: &Viewer,
    form: &FormValues,
) -> Result<Result<Drilling, (StatusCode, Notice)>, AppError> {
    let unreadable = Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, Notice::Unreadable)));
    let Some(scams) = &house.library.scams else { return Ok(Err((StatusCode::NOT_FOUND, Notice::Unreadable))) };
    if !form.first(fields::BEGIN).is_empty() {
        return Ok(Ok(Drilling { seed: Some(new_seed(viewer.now)), ..Drilling::default() }));
    }
    let seed = form.first(fields::SEED).parse::<u32>();
    let answers = form.first(fields::ANSWERS).parse::<Answers>();
    let (Ok(seed), Ok(answers)) = (seed, answers) else { return unreadable };
    let held = form.first(fields::HELD);
    if form.first(fields::VERSION) != scams.version.as_str() {
        // What was finished while the cases were changed is not lost: the store knows older versions.
        if let (Ok(version), Some(held)) = (form.first(fields::VERSION).parse(), Held::parse(&held)) {
            let what = What::DrillFinished { version, rules: RULES, seed, held, answers };
            record(house, viewer, what, &Noted::default()).await?;
        }
        return Ok(Err((StatusCode::CONFLICT, Notice::Changed)));
    }
    let drill = Drill::new(&scams.book, seed);
    let now = Drilling { seed: Some(seed), ..Drilling::default() };
    if !held.is_empty() {
        let Some(held) = Held::parse(&held) else { return unreadable };
        if drill.score(RULES, &answers).is_err() {
            return unreadable;
        }
        let version = scams.version.clone();
        let what = What::DrillFinished { version, rules: RULES, seed, held, answers: answers.clone() };
        let event = record(house, viewer, what, &fields::noted(&scams.book, seed, held, &answers)).await?;
        return Ok(Ok(Drilling { answers, held: Some(held), event, ..now }));
    }
    let mut letters = form.first(fields::ANSWER);
    let response = letters.pop().and_then(domain::practice::Response::from_letter).filter(|_| letters.is_empty());
    let Some(response) = response else { return unreadable };
    let answers = fields::with(&answers, response, seconds_since(form, viewer.now));
    if drill.see(&answers).is_err() || answers.to_string().len() > ANSWERS_BYTES_MAX {
        return unreadable;
    }
    Ok(Ok(Drilling { answers, ..now }))
}

/// A seed from the system's randomness; it is no secret, so where there is none the clock will do.
fn new_seed(now: Millis) -> u32 {
    let mut bytes = [0; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => u32::from_le_bytes(bytes),
        Err(_) => now as u32,
    }
}
