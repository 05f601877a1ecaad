//! Consent, profile, ethnic group and erasure, by plain forms.

use super::pages::{Erased, ProfileForm, ProfilePage};
use crate::{
    error::{AppError, NotFound, NotTaken},
    house::{House, see_other, with_cookies},
    paths::{self, Page},
    sync::{self, Address, FormValues},
    t,
    viewer::{
        DECLINED_COOKIE, FINISHED_COOKIE, LEARNER_COOKIE, Viewer, declined_cookie, forget_cookie, learner_cookie,
    },
    words::Words,
};
use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::{
    accounts::{BirthYear, CONSENT_VERSION, Consent, Credentials, EthnicGroup, Profile, Sex},
    places,
    sync::{What, is_absurd},
    time::{Millis, Month},
};
use leptos::prelude::*;
use serde_json::json;

pub fn routes() -> Router<House> {
    let consent = paths::CONSENT;
    let mine = paths::MINE;
    Router::new()
        .route(&format!("/{consent}"), post(answer_consent))
        .route(&format!("/{consent}/{}", paths::PROFILE), post(register))
        .route(&format!("/{consent}/{}", paths::ETHNIC_GROUP), post(state_ethnic_group))
        .route(&format!("/{mine}/{}", paths::TAKE_AWAY), get(take_away))
        .route(&format!("/{mine}/{}", paths::ERASE), post(erase).get(to_mine))
        .merge(super::cards::routes())
}

/// Yes leads to the profile; no is remembered by the browser alone.
async fn answer_consent(Extension(viewer): Extension<Viewer>, form: FormValues) -> Response {
    if form.first("answer") == "yes" {
        see_other(&Page::Profile.path(viewer.locale), [forget_cookie(DECLINED_COOKIE)])
    } else {
        see_other(&Page::Home.path(viewer.locale), [declined_cookie()])
    }
}

/// Makes a learner for somebody whose phone cannot do it itself, or changes what they told.
async fn register(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    Extension(address): Extension<Address>,
    form: FormValues,
) -> Response {
    let words = Words::from(viewer.locale);
    let mut filled = ProfileForm {
        place: form.first("place"),
        unit: form.first("unit"),
        born: form.first("born"),
        sex: form.first("sex"),
        guardian: form.first("guardian") == "yes",
        earlier: form.first("earlier") == "yes",
        faults: Vec::new(),
    };
    let only_looking = !form.first("find").is_empty();
    let read = if only_looking { None } else { read_profile(&house, &words, &viewer, &mut filled) };
    let Some(told) = read else {
        let status = if only_looking { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return house.answer(viewer, status, move || view! { <ProfilePage form=filled.clone()/> }).await;
    };
    match save_profile(&house, &viewer, &address, told, form.first("made_at").parse().ok()).await {
        Ok(Ok(credentials)) => {
            // A phone that proves itself needs no cookie.
            let cookies = [learner_cookie(&credentials), forget_cookie(DECLINED_COOKIE)];
            let cookies = cookies.into_iter().filter(|_| !viewer.by_bearer);
            see_other(&Page::EthnicGroup.path(viewer.locale), cookies)
        }
        Ok(Err(status)) => house.answer(viewer, status, move || view! { <NotTaken status/> }).await,
        Err(error) => error.page(&house, viewer).await,
    }
}

/// The profile in the form, or what is wrong with it.
fn read_profile(house: &House, words: &Words, viewer: &Viewer, form: &mut ProfileForm) -> Option<(Profile, Consent)> {
    let this_year = Month::of(viewer.now).year();
    let today = |unit: &&places::Unit| unit.valid_to.is_none();
    // A choice counts while it is among what the typing finds; without one only a name that leaves no doubt.
    let found = |unit: &&places::Unit| {
        form.place.is_empty() || places::search(&house.library.units, &form.place).iter().any(|hit| hit.unit == *unit)
    };
    let chosen = form.unit.parse().ok().and_then(|code| house.library.unit(code)).filter(today).filter(found);
    let unit = chosen.or_else(|| places::named(&house.library.units, &form.place)).map(|unit| unit.code);
    let born = form.born.parse().ok().and_then(|year| BirthYear::new(year, this_year));
    let sex = Sex::parse(&form.sex);
    if unit.is_none() {
        let text =
            if form.place.is_empty() { t!(words, "accounts-fault-place") } else { t!(words, "accounts-fault-choose") };
        form.faults.push(("place", text));
    }
    if born.is_none() {
        form.faults.push(("born", t!(words, "accounts-fault-born")));
    }
    if sex.is_none() {
        form.faults.push(("sex", t!(words, "accounts-fault-sex")));
    }
    if born.is_some_and(|born| born.needs_guardian(this_year)) && !form.guardian {
        form.faults.push(("guardian", t!(words, "accounts-fault-guardian")));
    }
    let profile = Profile { unit: unit?, birth_year: born?, sex: sex? };
    let consent = Consent { version: CONSENT_VERSION, guardian: form.guardian };
    form.faults.is_empty().then_some((profile, consent))
}

/// Registers, or changes the profile of a learner; otherwise the status that says why not.
async fn save_profile(
    house: &House,
    viewer: &Viewer,
    address: &Address,
    (profile, consent): (Profile, Consent),
    made_at: Option<Millis>,
) -> Result<Result<Credentials, StatusCode>, AppError> {
    if let Some(credentials) = &viewer.credentials
        && house.store.learner_view(credentials).await?.is_some()
    {
        let what = What::ProfileChanged { profile, guardian: consent.guardian };
        let id = sync::event_id(credentials, &what, Some(viewer.now));
        sync::record(house, credentials, viewer.now, id, what).await?;
        return Ok(Ok(credentials.clone()));
    }
    // A phone brings its own id and secret, and knows since when it has kept what was learnt.
    let own = viewer.credentials.clone().filter(|_| viewer.by_bearer);
    let made_at = made_at.filter(|made_at| own.is_some() && *made_at <= viewer.now && !is_absurd(*made_at));
    let Some(credentials) = own.or_else(|| sync::new_credentials().ok()) else {
        return Ok(Err(StatusCode::SERVICE_UNAVAILABLE));
    };
    if !sync::may_register(house, &credentials, address, viewer.now).await? {
        return Ok(Err(StatusCode::TOO_MANY_REQUESTS));
    }
    let what = What::Registered { profile, consent, made_at: made_at.unwrap_or(viewer.now) };
    let id = sync::event_id(&credentials, &what, None);
    let done = sync::record(house, &credentials, viewer.now, id, what).await?;
    // An id that is somebody else's: "not yours" is all that is said.
    Ok(if done { Ok(credentials) } else { Err(StatusCode::UNAUTHORIZED) })
}

/// States the ethnic group, takes it back, or skips the question.
async fn state_ethnic_group(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    form: FormValues,
) -> Response {
    // Whoever came from a class goes back there.
    let next = if viewer.joining.is_some() { Page::Join } else { Page::Mine };
    let done = see_other(&next.path(viewer.locale), []);
    let ethnic_group = match form.first("answer").as_str() {
        "yes" => EthnicGroup::parse(&form.first("group")),
        "clear" => None,
        _ => return done,
    };
    let Some(credentials) = &viewer.credentials else { return done };
    if ethnic_group.is_none() && form.first("answer") == "yes" {
        // Agreed, but nothing chosen: the question stays as it is.
        return see_other(&Page::EthnicGroup.path(viewer.locale), []);
    }
    let what = What::EthnicGroupStated { ethnic_group };
    let id = sync::event_id(credentials, &what, Some(viewer.now));
    match sync::record(&house, credentials, viewer.now, id, what).await {
        Ok(_) => done,
        Err(error) => error.page(&house, viewer).await,
    }
}

/// Everything that is held, as a file to keep.
async fn take_away(State(house): State<House>, Extension(viewer): Extension<Viewer>) -> Response {
    let held = match &viewer.credentials {
        Some(credentials) => house.store.held(credentials).await,
        None => Ok(None),
    };
    let held = match held {
        Ok(Some(held)) => held,
        Ok(None) => return house.answer(viewer, StatusCode::NOT_FOUND, || view! { <NotFound/> }).await,
        Err(error) => return AppError::from(error).page(&house, viewer).await,
    };
    let events: Vec<_> = held
        .events
        .iter()
        .map(|event| {
            let what: serde_json::Value = serde_json::from_str(&event.what).unwrap_or_default();
            json!({ "at": event.at, "received_at": event.received_at, "kind": event.kind, "what": what })
        })
        .collect();
    let attempts = held.attempts.iter().map(|(lesson, attempt)| {
        json!({
            "lesson": lesson, "right_at_first": attempt.right_at_first, "questions": attempt.questions,
            "pass_percent": attempt.pass_percent, "passed": attempt.is_pass(),
        })
    });
    let runs = held.runs.iter().map(|run| {
        json!({
            "lesson": run.lesson, "held": run.held.as_str(), "passed": run.passed.as_str(), "mistakes": run.mistakes,
            "recovered": run.recovered, "wrong_taps": run.wrong_taps, "hints": run.hints, "seconds": run.seconds,
        })
    });
    let drills = held.drills.iter().map(|(held, score)| {
        json!({
            "held": held.as_str(), "scams": score.scams, "hits": score.hits, "genuine": score.genuine,
            "false_alarms": score.false_alarms, "checked": score.checked, "seconds": score.seconds,
        })
    });
    let body = json!({
        "profile": held.profile,
        "ethnic_group": held.ethnic_group,
        "guardian": held.guardian,
        "registered_at": held.registered_at,
        "card_made_at": held.card_made_at,
        "more_phones": held.more_phones,
        "attempts": attempts.collect::<Vec<_>>(),
        "runs": runs.collect::<Vec<_>>(),
        "drills": drills.collect::<Vec<_>>(),
        "events": events,
    });
    let text = serde_json::to_string_pretty(&body).unwrap_or_default();
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let file = HeaderValue::from_static("attachment; filename=\"hoc-so.json\"");
    headers.insert(header::CONTENT_DISPOSITION, file);
    response
}

/// The page that says it is erased, asked for again.
async fn to_mine(Extension(viewer): Extension<Viewer>) -> Response {
    see_other(&Page::Mine.path(viewer.locale), [])
}

/// Erases the learner and what the browser remembers of them.
async fn erase(State(house): State<House>, Extension(viewer): Extension<Viewer>, form: FormValues) -> Response {
    if form.first("sure") != "yes" {
        return see_other(&Page::Mine.path(viewer.locale), []);
    }
    let erased = match &viewer.credentials {
        Some(credentials) => house.store.erase(credentials, viewer.now).await,
        None => Ok(false),
    };
    match erased {
        Ok(_) => {
            let page = house.answer(viewer, StatusCode::OK, || view! { <Erased/> }).await;
            with_cookies(page, [LEARNER_COOKIE, FINISHED_COOKIE, DECLINED_COOKIE].map(forget_cookie))
        }
        Err(error) => AppError::from(error).page(&house, viewer).await,
    }
}
