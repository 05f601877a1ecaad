//! Everything that a learner does is recorded here: batches of the phone, and forms without JavaScript.

use crate::{
    error::{AppError, Problem},
    house::House,
    openapi, paths,
    viewer::Viewer,
};
use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{
        FromRequest, Query, Request, State,
        rejection::{BytesRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use domain::{
    accounts::{Credentials, LearnerId},
    sync::{BATCH_BYTES_MAX, BATCH_EVENTS_MAX, Batch, Event, FORMAT, Outcome, Refusal, SealedEvent, What},
    time::{Millis, SECOND_MS},
};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{Intake, IntakeError, Proof};
use uuid::Uuid;

/// New learners from one address in an hour. A village shares one address of the mobile network, and a class has fifteen
/// people; a machine that invents people is stopped.
const REGISTRATIONS_PER_ADDRESS_MAX: u32 = 300;
/// New learners in an hour in all: the whole province in two months, which no campaign reaches.
const REGISTRATIONS_MAX: u32 = 1_000;
/// Longest form: the longest lesson with all its answers and tries has 6 KB.
pub const FORM_BYTES_MAX: usize = 32 * 1024;

/// The client's address as the front door saw it; for limits only, never stored or logged.
#[derive(Clone, Debug)]
pub struct Address(pub String);

pub fn routes() -> Router<House> {
    Router::new().route(paths::EVENTS, post(events).get(log)).route(paths::OPENAPI, get(openapi::document))
}

/// The phone's credentials, when it came with them itself and not by a cookie.
fn by_phone(viewer: &Viewer) -> Option<&Credentials> {
    viewer.credentials.as_ref().filter(|_| viewer.by_bearer)
}

fn not_yours() -> Problem {
    // Somebody else's id and an unknown one are the same answer.
    Problem::new(StatusCode::UNAUTHORIZED, "not_yours", "no learner with this id and secret")
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: i64,
}

/// `GET /api/v1/events?after=N`: what the learner of this phone did on all phones, a part at a time.
async fn log(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    after: Result<Query<After>, QueryRejection>,
) -> Response {
    let Ok(Query(After { after })) = after else {
        let detail = "`after` is the number that the part before gave as `next`";
        return Problem::new(StatusCode::BAD_REQUEST, "not_a_number", detail).into_response();
    };
    let Some(credentials) = by_phone(&viewer) else { return not_yours().into_response() };
    match house.store.log_after(credentials, after).await {
        Ok(Some(log)) => Json(json!({ "events": log.events, "last": log.last, "next": log.next })).into_response(),
        Ok(None) => not_yours().into_response(),
        Err(error) => unavailable(&error).into_response(),
    }
}

fn unavailable(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "events could not be taken in, or given out");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "try again later; nothing is lost")
}

/// `Append <id>.<token>`, as a family phone sends what somebody did who is not in at the moment.
fn append_token(headers: &HeaderMap) -> Option<Credentials> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Append ")?.parse().ok()
}

/// `POST /api/v1/events`: a batch of one learner's events; answers after COMMIT, for each event `stored`, `known` or `refused`.
async fn events(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    Extension(address): Extension<Address>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match take_batch(&house, &viewer, &address, &headers, body).await {
        Ok((batch, outcomes)) => answer(&batch, &outcomes),
        Err(problem) => problem.into_response(),
    }
}

async fn take_batch(
    house: &House,
    viewer: &Viewer,
    address: &Address,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(Batch<Value>, Vec<Outcome>), Problem> {
    let bad = |code, detail: String| Problem::new(StatusCode::BAD_REQUEST, code, detail);
    // The router takes no more bytes than a batch has; what goes on without saying how long it is ends here.
    let body = body.map_err(|rejection| {
        let detail = format!("the batch did not arrive, or has more than {BATCH_BYTES_MAX} bytes");
        Problem::new(rejection.status(), "too_large", detail)
    })?;
    let is_json = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !is_json.is_some_and(|kind| kind.starts_with("application/json")) {
        let detail = "send application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail));
    }
    let batch: Batch<Value> = serde_json::from_slice(&body)
        .map_err(|error| bad("malformed_batch", format!("the batch cannot be read: {error}")))?;
    if batch.format != FORMAT {
        return Err(bad("unknown_format", format!("this server reads format {FORMAT}")));
    }
    if !(1..=BATCH_EVENTS_MAX).contains(&batch.events.len()) {
        return Err(bad("batch_length", format!("a batch has 1 to {BATCH_EVENTS_MAX} events")));
    }
    let appending = append_token(headers);
    let (credentials, proof) = match (by_phone(viewer), &appending) {
        (Some(credentials), _) => (credentials, Proof::Secret),
        (None, Some(credentials)) => (credentials, Proof::Append),
        (None, None) => return Err(not_yours()),
    };
    if credentials.id != batch.learner {
        return Err(not_yours());
    }
    let events: Vec<Result<Event, Refusal>> =
        batch.events.iter().map(|event| read_event(house, batch.learner, event)).collect();
    if proof == Proof::Secret && matches!(events.first(), Some(Ok(Event { what: What::Registered { .. }, .. }))) {
        let allowed = may_register(house, credentials, address, viewer.now).await;
        if !allowed.map_err(|error| unavailable(&error))? {
            let detail = "too many new learners from here; try again in an hour";
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many", detail));
        }
    }
    match take_in(house, credentials, proof, viewer.now, &events).await {
        Ok(outcomes) => Ok((batch, outcomes)),
        Err(IntakeError::NotYours) => Err(not_yours()),
        Err(IntakeError::Store(error)) => Err(unavailable(&error)),
    }
}

/// An event of a batch, opened where it is sealed.
fn read_event(house: &House, learner: LearnerId, event: &Value) -> Result<Event, Refusal> {
    if event.get("sealed").is_some() {
        let sealed: SealedEvent = serde_json::from_value(event.clone()).map_err(|_| Refusal::Malformed)?;
        return (house.unseal)(learner, &sealed);
    }
    serde_json::from_value(event.clone()).map_err(|_| Refusal::Malformed)
}

/// 200 with the results; 422 as a problem when nothing of the batch was or had been taken.
fn answer(batch: &Batch<Value>, outcomes: &[Outcome]) -> Response {
    let results: Vec<Value> = batch
        .events
        .iter()
        .zip(outcomes)
        .map(|(event, outcome)| {
            let id = event.get("id").cloned().unwrap_or_default();
            match outcome {
                Outcome::Stored => json!({ "id": id, "result": "stored" }),
                Outcome::Known => json!({ "id": id, "result": "known" }),
                Outcome::Refused(why) => json!({ "id": id, "result": "refused", "reason": why.as_str() }),
            }
        })
        .collect();
    if outcomes.iter().all(|outcome| matches!(outcome, Outcome::Refused(_))) {
        let mut problem =
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "all_refused", "no event of the batch was taken");
        problem.more.insert("results".to_owned(), results.into());
        return problem.into_response();
    }
    Json(json!({ "results": results })).into_response()
}

async fn take_in(
    house: &House,
    from: &Credentials,
    proof: Proof,
    received_at: Millis,
    events: &[Result<Event, Refusal>],
) -> Result<Vec<Outcome>, IntakeError> {
    // A phone that was offline may name a unit that was merged since: its people live in the new one.
    let unit_known = |code| house.library.unit(house.library.home(code)).is_some_and(|unit| unit.valid_to.is_none());
    house.store.take_in(&Intake { from, proof, received_at, unit_known: &unit_known }, events).await
}

/// Whether one more learner may be made from this address; a learner that exists already may register again.
pub async fn may_register(
    house: &House,
    credentials: &Credentials,
    address: &Address,
    now: Millis,
) -> Result<bool, AppError> {
    if house.store.learner_view(credentials).await?.is_some() {
        return Ok(true);
    }
    let bucket = format!("registration:{}", house.hash_address(&address.0));
    Ok(house.store.allow(&bucket, REGISTRATIONS_PER_ADDRESS_MAX, now).await?
        && house.store.allow("registration", REGISTRATIONS_MAX, now).await?)
}

/// Records what a learner did on a page without JavaScript. `false` when they are not a learner, or it was refused.
pub async fn record(house: &House, from: &Credentials, now: Millis, id: Uuid, what: What) -> Result<bool, AppError> {
    // Forms have no running number of their own: seconds since 1970 count up, and fit until 2106.
    let no = u32::try_from(now / SECOND_MS).unwrap_or(u32::MAX);
    match take_in(house, from, Proof::Secret, now, &[Ok(Event { id, at: now, no, what, seen: None })]).await {
        Ok(outcomes) => Ok(outcomes.iter().all(|outcome| !matches!(outcome, Outcome::Refused(_)))),
        Err(IntakeError::NotYours) => Ok(false),
        Err(IntakeError::Store(error)) => Err(error.into()),
    }
}

/// The id of what a form says: the same learner saying the same has the same id, so that a form sent twice counts once.
/// `moment` tells apart what may be said again later.
pub fn event_id(from: &Credentials, what: &What, moment: Option<Millis>) -> Uuid {
    let said = serde_json::to_vec(what).unwrap_or_default();
    let moment = moment.map(Millis::to_le_bytes).unwrap_or_default();
    let hash = Sha256::digest([from.id.0.as_bytes(), &moment[..], &said].concat());
    Uuid::from_slice(&hash[..16]).unwrap_or_default()
}

/// An id and a secret for somebody whose phone cannot make them, from the system's randomness.
pub fn new_credentials() -> Result<Credentials, getrandom::Error> {
    let (mut id, mut secret) = ([0; 16], [0; 32]);
    getrandom::fill(&mut id)?;
    getrandom::fill(&mut secret)?;
    Ok(Credentials { id: LearnerId(Uuid::from_bytes(id)), secret: domain::accounts::Secret(secret) })
}

/// A posted form with its fields in order; fields may repeat.
pub struct FormValues(Vec<(String, String)>);

impl FormValues {
    /// The first value of a field, trimmed; empty when there is none.
    pub fn first(&self, name: &str) -> String {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    }

    /// The first field whose name begins with this: the rest of the name, and the value.
    pub fn named(&self, beginning: &str) -> Option<(String, String)> {
        let of = |(field, value): &(String, String)| {
            field.strip_prefix(beginning).map(|rest| (rest.to_owned(), value.trim().to_owned()))
        };
        self.0.iter().find_map(of)
    }

    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(field, _)| field == name).map(|(_, value)| value.clone()).collect()
    }
}

impl FromRequest<House> for FormValues {
    type Rejection = Response;

    async fn from_request(request: Request, house: &House) -> Result<Self, Response> {
        let viewer = request.extensions().get::<Viewer>().cloned();
        match axum::Form::<Vec<(String, String)>>::from_request(request, house).await {
            Ok(axum::Form(fields)) => Ok(Self(fields)),
            Err(rejection) => {
                let status = rejection.into_response().status();
                let Some(viewer) = viewer else { return Err(status.into_response()) };
                use leptos::prelude::*;
                Err(house.answer(viewer, status, move || view! { <crate::error::NotTaken status/> }).await)
            }
        }
    }
}
