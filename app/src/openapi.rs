//! The API for phones and for open figures as an OpenAPI document. A test compares it with what the router answers and the domain knows.

use crate::{paths, words::Locale};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use domain::{
    accounts::{EthnicGroup, Sex},
    practice::Held,
    sync::{AT_MAX, AT_MIN, BATCH_EVENTS_MAX, FORMAT, ForReal, Refusal, SeenDeed},
};
use serde_json::{Value, json};

/// `GET /api/openapi.json`.
pub async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], describe().to_string()).into_response()
}

/// The document itself.
pub fn describe() -> Value {
    let mut document = phones();
    for (path, what) in crate::coverage::api::describe() {
        document["paths"][path] = what;
    }
    document
}

/// What phones use.
fn phones() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Học Số",
            "version": "1",
            "description": "What phones send and fetch, and open figures. It outlives releases: what a phone kept for months is still taken.",
        },
        "paths": {
            paths::EVENTS: { "post": send(), "get": fetch() },
            paths::PLACE: { "post": place() },
            format!("{}/{{track}}", paths::TRACK_WEIGHTS): { "get": weights() },
            paths::OPENAPI: { "get": {
                "summary": "This document",
                "responses": { "200": { "description": "OpenAPI 3.1", "content": { "application/json": { "schema": { "type": "object" } } } } },
            } },
        },
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http", "scheme": "bearer",
                    "description": "`Bearer <id>.<secret>`: 32 and 64 hex digits, made by the phone.",
                },
                "append": {
                    "type": "apiKey", "in": "header", "name": "Authorization",
                    "description": "`Append <id>.<token>`: may only send what was learnt. The token is \
                        HMAC-SHA256(secret, \"hocso append 1\") in 64 hex digits.",
                },
            },
            "schemas": schemas(),
        },
    })
}

fn send() -> Value {
    json!({
        "summary": "Sends what one learner did",
        "description": "Answers after COMMIT. An event may be sent again, in any batch and order: it counts once. When nothing of a \
            batch could be taken the answer is 422, otherwise 200 with one result for each event.",
        "security": [{ "bearer": [] }, { "append": [] }],
        "requestBody": { "required": true, "content": { "application/json": { "schema": reference("Batch") } } },
        "responses": {
            "200": {
                "description": "One result for each event, in order",
                "content": { "application/json": { "schema": reference("Results") } },
            },
            "400": problem("The batch cannot be read"),
            "401": problem("No learner with this id and secret"),
            "403": problem("The request came from somebody else's page"),
            "413": problem("More than 64 KiB"),
            "415": problem("Not application/json"),
            "422": problem("No event of the batch was taken; `results` says why"),
            "429": problem("Too often, or too many new learners from one address"),
            "503": problem("Try again later; nothing is lost"),
        },
    })
}

fn fetch() -> Value {
    json!({
        "summary": "What the learner did on all their phones",
        "security": [{ "bearer": [] }],
        "parameters": [{
            "name": "after", "in": "query", "required": false,
            "description": "The `next` of the part before",
            "schema": { "type": "integer", "format": "int64", "default": 0 },
        }],
        "responses": {
            "200": {
                "description": "A part of the log, in the order of arrival",
                "content": { "application/json": { "schema": {
                    "type": "object", "required": ["events", "last", "next"],
                    "properties": {
                        "events": { "type": "array", "items": reference("Event") },
                        "last": { "type": "integer", "format": "int64", "description": "For asking later what has come since" },
                        "next": { "type": ["integer", "null"], "format": "int64" },
                    },
                } } },
            },
            "400": problem("`after` is no number"),
            "401": problem("No learner with this id and secret"),
            "503": problem("Try again later"),
        },
    })
}

fn place() -> Value {
    json!({
        "summary": "Where a learner is in a lesson, for the trainer of the class that they joined",
        "description": "Kept for a day. A phone whose learner is in no class is told so, and stops.",
        "security": [{ "bearer": [] }],
        "requestBody": { "required": true, "content": { "application/json": { "schema": object(
            &["lesson", "place", "wrong"],
            json!({
                "lesson": { "type": "string" },
                "place": { "type": "string", "description": "A question's id, or a simulator's screen" },
                "wrong": { "type": "integer", "minimum": 0, "maximum": 4_294_967_295u32, "description": "So often wrong there" },
            }),
        ) } } },
        "responses": {
            "204": { "description": "Noted" },
            "400": problem("It cannot be read"),
            "403": problem("From elsewhere"),
            "404": problem("In no class"),
            "413": problem("Too large"),
            "429": problem("Too often"),
            "503": problem("Try again later"),
        },
    })
}

fn weights() -> Value {
    let bytes = json!({ "type": "integer", "minimum": 0 });
    json!({
        "summary": "The pages of a track, what they weigh, and the files they name",
        "description": format!("In English below `{}`.", paths::in_locale("", Locale::En)),
        "parameters": [{ "name": "track", "in": "path", "required": true, "schema": { "type": "string" } }],
        "responses": {
            "200": {
                "description": "Bytes of packed bodies and headers",
                "content": { "application/json": { "schema": {
                    "type": "object", "required": ["pages", "files"],
                    "properties": {
                        "pages": { "type": "array", "items": {
                            "type": "object", "required": ["path", "etag", "bytes", "files"],
                            "properties": {
                                "path": { "type": "string" }, "etag": { "type": "string" }, "bytes": bytes.clone(),
                                "files": { "type": "array", "items": { "type": "string" } },
                            },
                        } },
                        "files": { "type": "object", "additionalProperties": bytes },
                    },
                } } },
            },
            "404": problem("There is no such track"),
        },
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn problem(description: &str) -> Value {
    json!({ "description": description, "content": { "application/problem+json": { "schema": reference("Problem") } } })
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
}

/// `{"kind": {…}}`, as events say what happened.
fn kind(name: &str, required: &[&str], properties: Value) -> Value {
    object(&[name], json!({ name: object(required, properties) }))
}

fn names<T>(all: &[T], name: impl Fn(&T) -> &'static str) -> Value {
    json!({ "type": "string", "enum": all.iter().map(name).collect::<Vec<_>>() })
}

fn schemas() -> Value {
    let text = json!({ "type": "string" });
    let hex = |digits: u8| json!({ "type": "string", "pattern": format!("^[0-9a-f]{{{digits}}}$") });
    let id = json!({ "type": "string", "format": "uuid" });
    let at =
        json!({ "type": "integer", "minimum": AT_MIN, "maximum": AT_MAX, "description": "Milliseconds since 1970" });
    let no = json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX, "description": "Counts up on the phone" });
    let number = json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX });
    let held = names(Held::ALL, |held| held.as_str());
    let mode = json!({ "oneOf": [
        { "enum": ["guided", "alone"] },
        object(&["wrong_room"], json!({ "wrong_room": { "type": "integer", "minimum": 0, "maximum": 255 } })),
    ] });
    let profile = object(
        &["unit", "birth_year", "sex"],
        json!({ "unit": { "type": "string", "pattern": "^[0-9]{5}$" }, "birth_year": { "type": "integer" }, "sex": names(Sex::ALL, |sex| sex.as_str()) }),
    );
    let consent = object(
        &["version"],
        json!({ "version": { "type": "integer", "minimum": 1 }, "guardian": { "type": "boolean" } }),
    );
    let mut group = names(EthnicGroup::ALL, |group| group.as_str());
    group["type"] = json!(["string", "null"]);
    if let Some(values) = group["enum"].as_array_mut() {
        values.push(Value::Null);
    }
    let version = hex(12);
    let tried = object(
        &["question", "tries"],
        json!({ "question": text, "tries": { "type": "array", "items": { "type": "object" } } }),
    );
    let what = json!({ "oneOf": [
        kind("registered", &["profile", "consent", "made_at"], json!({ "profile": profile, "consent": consent, "made_at": at })),
        kind("profile_changed", &["profile", "guardian"], json!({ "profile": profile, "guardian": { "type": "boolean" } })),
        kind("ethnic_group_stated", &["ethnic_group"], json!({ "ethnic_group": group })),
        kind("lesson_started", &["lesson", "version"], json!({ "lesson": text, "version": version })),
        kind(
            "lesson_finished",
            &["lesson", "version", "answers"],
            json!({ "lesson": text, "version": version, "answers": { "type": "array", "items": tried } }),
        ),
        kind(
            "practice_finished",
            &["lesson", "version", "rules", "mode", "held", "trail"],
            json!({ "lesson": text, "version": version, "rules": number, "mode": mode, "held": held, "trail": text }),
        ),
        kind(
            "drill_finished",
            &["version", "rules", "seed", "held", "answers"],
            json!({ "version": version, "rules": number, "seed": number, "held": held, "answers": text }),
        ),
        kind(
            "review_finished",
            &["lesson", "version", "answers"],
            json!({ "lesson": text, "version": version, "answers": { "type": "array", "items": tried } }),
        ),
        kind(
            "placement_taken",
            &["version", "answers"],
            json!({
                "version": version,
                "answers": { "type": "object", "additionalProperties": { "type": "string", "pattern": "^[a-e]$" } },
            }),
        ),
        kind(
            "done_for_real",
            &["lesson", "version", "how"],
            json!({ "lesson": text, "version": version, "how": names(ForReal::ALL, |how| how.as_str()) }),
        ),
        kind(
            "witnessed",
            &["lesson", "version", "deed"],
            json!({ "lesson": text, "version": version, "deed": names(SeenDeed::ALL, |deed| deed.as_str()) }),
        ),
    ] });
    json!({
        "Batch": object(&["format", "learner", "events"], json!({
            "format": { "const": FORMAT },
            "learner": hex(32),
            "events": {
                "type": "array", "minItems": 1, "maxItems": BATCH_EVENTS_MAX,
                "items": { "oneOf": [reference("Event"), reference("SealedEvent")] },
            },
        })),
        "Event": object(&["id", "at", "no", "what"], json!({ "id": id, "at": at, "no": no, "what": what, "seen": held })),
        "SealedEvent": object(&["id", "sealed"], json!({
            "id": id,
            "sealed": { "type": "string", "description": "`<key id>.<base64url>`, as `server/src/seal.rs` says; `data-seal` of every page is the key" },
        })),
        "Results": { "type": "object", "required": ["results"], "properties": { "results": { "type": "array", "items": {
            "type": "object", "required": ["id", "result"],
            "properties": {
                "id": {}, "result": { "type": "string", "enum": ["stored", "known", "refused"] },
                "reason": names(Refusal::ALL, |refusal| refusal.as_str()),
            },
        } } } },
        "Problem": { "type": "object", "required": ["title", "status", "code", "detail"], "properties": {
            "title": text, "status": { "type": "integer" }, "code": text, "detail": text,
        } },
    })
}
