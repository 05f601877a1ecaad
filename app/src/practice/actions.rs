//! A simulator without JavaScript: each screen is a form, and the trail travels along.

use super::{
    drill_actions, fields,
    pages::{Notice, PracticePage, Practising},
    screens::Typed,
};
use crate::{
    error::{AppError, NotFound},
    house::House,
    kept, learn, paths,
    sync::{self, FormValues},
    viewer::Viewer,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::post,
};
use domain::{
    content::LessonId,
    practice::{Act, By, Held, Mode, RULES, SECONDS_MAX, Scenario, Trail, rehearse, show, typed_value},
    sync::{Noted, Pass, What},
    time::{Millis, SECOND_MS},
};
use leptos::prelude::*;
use std::sync::Arc;

pub fn routes() -> Router<House> {
    Router::new()
        .route(&format!("/{}/{{track}}/{{lesson}}/{}", paths::LESSONS, paths::PRACTISE), post(act))
        .merge(drill_actions::routes())
}

/// One act, and the page after it.
async fn act(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    Path((track, lesson)): Path<(String, String)>,
    form: FormValues,
) -> Response {
    let scenario = LessonId::new(&track, &lesson).ok().and_then(|id| house.library.practice(&id).cloned());
    let Some(scenario) = scenario.map(Arc::new) else {
        return house.answer(viewer, StatusCode::NOT_FOUND, || view! { <NotFound/> }).await;
    };
    let (status, now) = match after(&house, &viewer, &scenario, &form).await {
        Ok(Ok(now)) => (StatusCode::OK, Practising { at: Some(viewer.now), ..now }),
        Ok(Err((status, notice))) => (status, Practising { notice: Some(notice), ..Practising::default() }),
        Err(error) => return error.page(&house, viewer).await,
    };
    house.answer(viewer, status, move || view! { <PracticePage scenario=scenario.clone() now=now.clone()/> }).await
}

/// Where one is after what the form asks for.
async fn after(
    house: &House,
    viewer: &Viewer,
    scenario: &Scenario,
    form: &FormValues,
) -> Result<Result<Practising, (StatusCode, Notice)>, AppError> {
    let unreadable = Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, Notice::Unreadable)));
    let kinds = scenario.mistakes.len();
    let mode = |word: &str| {
        Mode::from_word(word).filter(|mode| !matches!(mode, Mode::WrongRoom(kind) if usize::from(*kind) >= kinds))
    };
    let begin = form.first(fields::BEGIN);
    if !begin.is_empty() {
        let Some(mode) = mode(&begin) else { return unreadable };
        return Ok(Ok(Practising { mode: Some(mode), ..Practising::default() }));
    }
    if form.first(fields::VERSION) != scenario.version.as_str() {
        keep_of_another_version(house, viewer, scenario, form).await?;
        return Ok(Err((StatusCode::CONFLICT, Notice::Changed)));
    }
    if !form.first(fields::AGAIN).is_empty() {
        return Ok(Ok(Practising::default()));
    }
    let (Some(mode), Ok(trail)) = (mode(&form.first(fields::MODE)), form.first(fields::TRAIL).parse::<Trail>()) else {
        return unreadable;
    };
    let Ok(shown) = show(&scenario.machine, mode, &trail) else { return unreadable };
    let mut now = Practising { mode: Some(mode), trail, typed: typed(scenario, form), ..Practising::default() };
    let held = form.first(fields::HELD);
    if !held.is_empty() {
        let Some(held) = Held::parse(&held) else { return unreadable };
        if rehearse(&scenario.machine, RULES, mode, &now.trail).is_err() {
            return unreadable;
        }
        now.event = keep(house, viewer, scenario, mode, held, &now.trail).await?;
        now.held = Some(held);
        return Ok(Ok(now));
    }
    let Some(act) = act_of(scenario, shown.state.screen, &now.typed, form) else { return unreadable };
    let seconds = seconds_since(form, viewer.now);
    if now.trail.push(act, seconds).is_err() {
        now.said = Some(fields::FULL);
        return Ok(Ok(now));
    }
    // A move of another screen, or after the end, is none of this form's.
    if show(&scenario.machine, mode, &now.trail).is_err() { unreadable } else { Ok(Ok(now)) }
}

/// The act of the button that was pressed. `None` when there is no such button here.
fn act_of(scenario: &Scenario, here: u8, typed: &Typed, form: &FormValues) -> Option<Act> {
    if !form.first(fields::HINT).is_empty() {
        return Some(Act::Hint);
    }
    let moved = form.first(fields::MOVE);
    if !moved.is_empty() {
        let (screen, place) = fields::read_move(&moved).filter(|(screen, _)| *screen == here)?;
        let made = scenario.machine.screen(screen)?.moves.get(usize::from(place))?;
        return (!matches!(made.by, By::Typed(_))).then_some(Act::Move(place));
    }
    let screen: u8 = form.first(fields::TYPE).parse().ok().filter(|screen| *screen == here)?;
    fields::has_field(&scenario.machine, screen).then(|| {
        let value = typed.get(&screen).map(String::as_str).unwrap_or_default();
        scenario.machine.typed(screen, value).map_or(Act::Slip, Act::Move)
    })
}

/// What stands in the fields of all screens.
fn typed(scenario: &Scenario, form: &FormValues) -> Typed {
    let fields = (0u8..).zip(&scenario.screens).filter_map(|(place, screen)| {
        let value = typed_value(screen.field.as_ref()?.kind, &form.first(&fields::typed(place)));
        (!value.is_empty()).then_some((place, value))
    });
    fields.collect()
}

/// Seconds since the page was made; 0 where it does not say, or from a clock that cannot be.
pub(super) fn seconds_since(form: &FormValues, now: Millis) -> u16 {
    let made = form.first(fields::AT).parse::<Millis>().ok().filter(|made| *made <= now);
    made.map_or(0, |made| ((now - made) / SECOND_MS).min(SECONDS_MAX.into()) as u16)
}

/// Records a finished run of a learner who is counted; gives the event to the page for everyone else, whose phone may keep it.
async fn keep(
    house: &House,
    viewer: &Viewer,
    scenario: &Scenario,
    mode: Mode,
    held: Held,
    trail: &Trail,
) -> Result<Option<String>, AppError> {
    let what = What::PracticeFinished {
        lesson: scenario.lesson.clone(),
        version: scenario.version.clone(),
        rules: RULES,
        mode,
        held,
        trail: trail.clone(),
    };
    let run = rehearse(&scenario.machine, RULES, mode, trail).ok();
    let noted = Noted::practised(run.and_then(|run| Pass::of_run(&run, held)), scenario.skills.clone());
    record(house, viewer, what, &noted).await
}

/// The event in JSON unless it was recorded.
pub(super) async fn record(
    house: &House,
    viewer: &Viewer,
    what: What,
    noted: &Noted,
) -> Result<Option<String>, AppError> {
    let json = kept::beside(&what, noted);
    if let Some(credentials) = &viewer.credentials
        && learn::progress(house, viewer).await?.counted
    {
        let id = sync::event_id(credentials, &what, None);
        if sync::record(house, credentials, viewer.now, id, what).await? {
            return Ok(None);
        }
    }
    Ok(Some(json))
}

/// A run that was finished while the simulator was changed is not lost: the store knows older versions, and lets newer ones wait.
async fn keep_of_another_version(
    house: &House,
    viewer: &Viewer,
    scenario: &Scenario,
    form: &FormValues,
) -> Result<(), AppError> {
    let version = form.first(fields::VERSION).parse().ok();
    let mode = Mode::from_word(&form.first(fields::MODE));
    let trail = form.first(fields::TRAIL).parse::<Trail>().ok().filter(|trail| !trail.acts().is_empty());
    if let (Some(version), Some(mode), Some(trail), Some(held)) =
        (version, mode, trail, Held::parse(&form.first(fields::HELD)))
    {
        let lesson = scenario.lesson.clone();
        let what = What::PracticeFinished { lesson, version, rules: RULES, mode, held, trail };
        record(house, viewer, what, &Noted::default()).await?;
    }
    Ok(())
}
