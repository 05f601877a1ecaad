//! `/api/v1/coverage`: open figures for programs, frozen as they were released.

use super::export::{BYTE_ORDER_MARK, DICTIONARY, csv, dictionary, rows};
use crate::{error::Problem, house::House, paths};
use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{
    coverage::{Head, Release},
    places::UnitCode,
    time::Month,
};
use serde_json::{Value, json};
use store::{Listed, StoreError, release_file};

/// Under which everybody may use the figures, with the source named.
pub const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";

pub fn routes() -> Router<House> {
    Router::new()
        .route(paths::COVERAGE, get(coverage))
        .route(paths::COVERAGE_RELEASES, get(releases))
        .route(paths::COVERAGE_DATASET, get(dataset))
        .route(paths::COVERAGE_DICTIONARY, get(|headers: HeaderMap| async move { file(&headers, dictionary(), "csv") }))
        .route(paths::COVERAGE_NOISE, get(noise))
}

/// What is asked for.
struct Asked {
    month: Option<Month>,
    release: Option<u32>,
    unit: Option<UnitCode>,
    track: Option<String>,
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
    /// The bytes whose SHA-256 the release is known by.
    Frozen,
}

fn wrong(code: &'static str, detail: impl Into<String>) -> Box<Problem> {
    Box::new(Problem::new(StatusCode::BAD_REQUEST, code, detail))
}

fn missing(code: &'static str, detail: impl Into<String>) -> Box<Problem> {
    Box::new(Problem::new(StatusCode::NOT_FOUND, code, detail))
}

impl Asked {
    fn of(query: Option<&str>) -> Result<Self, Box<Problem>> {
        let mut asked = Self { month: None, release: None, unit: None, track: None, format: Format::Json };
        for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match name {
                "month" => {
                    asked.month =
                        Some(Month::parse(value).ok_or_else(|| wrong("bad_month", "`month` is written 2026-11"))?);
                }
                "release" => {
                    let number = Some(value).filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()));
                    let number = number.and_then(|value| value.parse().ok());
                    asked.release = Some(number.ok_or_else(|| wrong("bad_release", "`release` is a number from 1"))?);
                }
                "unit" => {
                    asked.unit = Some(value.parse().map_err(|_| wrong("bad_unit", "`unit` is a code of five digits"))?);
                }
                "track" => asked.track = Some(value.to_owned()),
                "format" => {
                    asked.format = match value {
                        "json" => Format::Json,
                        "csv" => Format::Csv,
                        "frozen" => Format::Frozen,
                        _ => return Err(wrong("bad_format", "`format` is json, csv or frozen")),
                    }
                }
                _ => {
                    let detail = "the parameters are `month`, `release`, `unit`, `track` and `format`";
                    return Err(wrong("unknown_parameter", detail));
                }
            }
        }
        Ok(asked)
    }

    /// The number of the release that is asked for.
    fn number(&self, releases: &[Listed]) -> Result<u32, Box<Problem>> {
        let fits = |listed: &&Listed| {
            self.release.is_none_or(|number| listed.number == number)
                && self.month.is_none_or(|month| listed.month == month)
        };
        let found = releases.iter().filter(fits).max_by_key(|listed| (listed.month, listed.number));
        let detail = || match (self.month, self.release) {
            (Some(month), None) => format!("there is no release of {month}; {} lists all", paths::COVERAGE_RELEASES),
            (_, Some(number)) => {
                format!("there is no release {number} like that; {} lists all", paths::COVERAGE_RELEASES)
            }
            (None, None) => "nothing has been released yet".to_owned(),
        };
        found.map(|listed| listed.number).ok_or_else(|| missing("no_such_release", detail()))
    }
}

fn unavailable(error: &StoreError) -> Response {
    tracing::error!(%error, "figures could not be read");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "try again in a moment").into_response()
}

/// `GET /api/v1/coverage`.
async fn coverage(State(house): State<House>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    match answer(&house, query.as_deref(), &headers).await {
        Ok(Ok(response)) => response,
        Ok(Err(problem)) => problem.into_response(),
        Err(error) => unavailable(&error),
    }
}

async fn answer(
    house: &House,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Result<Response, Box<Problem>>, StoreError> {
    let asked = match Asked::of(query) {
        Ok(asked) => asked,
        Err(problem) => return Ok(Err(problem)),
    };
    let releases = house.store.releases().await?;
    let number = match asked.number(&releases) {
        Ok(number) => number,
        Err(problem) => return Ok(Err(problem)),
    };
    let listed = releases.iter().find(|listed| listed.number == number);
    let digest = listed.map(|listed| listed.digest.clone()).unwrap_or_default();
    // A release never changes: its digest and what was asked of it name the answer.
    let unit = asked.unit.map(|unit| unit.to_string()).unwrap_or_default();
    let track = asked.track.clone().unwrap_or_default();
    let kind = match asked.format {
        Format::Json => "json",
        Format::Csv => "csv",
        Format::Frozen => "frozen",
    };
    let etag = format!("\"{}-{number}-{unit}-{track}-{kind}\"", digest.get(..16).unwrap_or_default());
    if let Some(not_modified) = unchanged(headers, &etag) {
        return Ok(Ok(not_modified));
    }
    let Some((release, listed)) = house.store.release(number).await? else {
        return Ok(Err(missing("no_such_release", "there is no such release")));
    };
    if let Some(unit) = asked.unit.filter(|unit| release.head.places.iter().all(|place| place.code != *unit)) {
        return Ok(Err(missing("no_such_unit", format!("release {number} has no unit {unit}"))));
    }
    let known = |track: &String| track == "any" || release.head.tracks.iter().any(|known| known.as_str() == track);
    if asked.track.as_ref().is_some_and(|track| !known(track)) {
        return Ok(Err(missing("no_such_track", format!("release {number} has no such track"))));
    }
    let mut rows = rows(&release);
    rows.retain(|row| {
        asked.unit.is_none_or(|unit| row.breakdown == "unit" && row.part == unit.as_str())
            && asked.track.as_ref().is_none_or(|track| row.track == *track)
    });
    let body = match asked.format {
        Format::Csv => csv(&rows),
        Format::Json => json!({ "release": about(&release, &listed), "figures": rows }).to_string(),
        // A part of it would have another checksum: it is always whole.
        Format::Frozen => release_file(&release)?.0,
    };
    Ok(Ok(with_etag(body, kind, &etag)))
}

/// A release in a list, and at the head of its figures.
fn about(Release { head, .. }: &Release, listed: &Listed) -> Value {
    let mut about = in_list(listed, head);
    about["places"] = json!(head.places);
    about["licence"] = json!(LICENCE);
    about["source"] = json!("Học Số, tỉnh Sơn La");
    about
}

fn in_list(listed: &Listed, head: &Head) -> Value {
    let attacks: Vec<Value> = head
        .receipt
        .narrowest
        .iter()
        .map(|(way, values)| json!({ "way": way.as_str(), "fewest_possible_values": values }))
        .collect();
    json!({
        "number": listed.number, "month": listed.month.to_string(), "corrects": listed.corrects,
        "sha256": listed.digest, "method": head.method, "noise_table": head.noise_table,
        "receipt": { "attacks": attacks, "withheld": head.receipt.withheld, "releases_known": head.receipt.releases_known },
    })
}

/// `GET /api/v1/coverage/releases`.
async fn releases(State(house): State<House>, headers: HeaderMap) -> Response {
    match house.store.heads().await {
        Ok(heads) => {
            let list: Vec<Value> = heads.iter().map(|(listed, head)| in_list(listed, head)).collect();
            file(&headers, json!({ "releases": list }).to_string(), "json")
        }
        Err(error) => unavailable(&error),
    }
}

/// `GET /api/v1/coverage/noise.csv`: the table of noise, as every release names it by its hash.
async fn noise(State(house): State<House>, headers: HeaderMap) -> Response {
    file(&headers, format!("{BYTE_ORDER_MARK}{}", house.library.noise.file), "csv")
}

/// `GET /api/v1/coverage/dataset`: what search engines for data read (schema.org Dataset).
async fn dataset(State(house): State<House>, headers: HeaderMap) -> Response {
    let releases = match house.store.releases().await {
        Ok(releases) => releases,
        Err(error) => return unavailable(&error),
    };
    let months = || releases.iter().map(|listed| listed.month);
    let temporal = months().min().zip(months().max()).map(|(first, last)| format!("{first}/{last}"));
    let address = |path: &str| format!("{}{path}", house.public_url);
    let download = |format: &str, kind: &str| {
        json!({
            "@type": "DataDownload", "encodingFormat": kind,
            "contentUrl": format!("{}?format={format}", address(paths::COVERAGE)),
        })
    };
    let variables: Vec<Value> = DICTIONARY
        .iter()
        .map(|(name, _, meaning)| json!({ "@type": "PropertyValue", "name": name, "description": meaning }))
        .collect();
    let dataset = json!({
        "@context": "https://schema.org/", "@type": "Dataset",
        "name": "Học Số: kỹ năng số của người dân Sơn La",
        "alternateName": "Học Số: digital skills of the people of Sơn La",
        "description": "Bao nhiêu người từ 15 tuổi đã học, đã tập, đã làm được việc trên mạng, theo xã, phường và theo tháng. \
            Số đã làm nhiễu nhẹ để không lộ ai. How many people of 15 and over have learnt, practised and done things online, by \
            commune and month, protected by the cell-key method.",
        "url": address(&format!("/{}", paths::STATISTICS)),
        "identifier": address(paths::COVERAGE),
        "version": releases.last().map(|last| last.number.to_string()),
        "license": LICENCE, "isAccessibleForFree": true, "inLanguage": ["vi", "en"],
        "creator": { "@type": "Organization", "name": "Học Số", "url": house.public_url },
        "spatialCoverage": { "@type": "Place", "name": "Sơn La, Việt Nam" },
        "temporalCoverage": temporal,
        "measurementTechnique": "Counts of people from a log of events; cell-key perturbation of at most 5, nothing under 10 shown",
        "variableMeasured": variables,
        "distribution": [download("csv", "text/csv"), download("json", "application/json")],
    });
    let mut response = file(&headers, dataset.to_string(), "json");
    if response.status() == StatusCode::OK {
        let kind = HeaderValue::from_static("application/ld+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}

/// An answer named by its bytes.
fn file(headers: &HeaderMap, body: String, kind: &str) -> Response {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(body.as_bytes());
    let etag = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>();
    let etag = format!("\"{etag}\"");
    unchanged(headers, &etag).unwrap_or_else(|| with_etag(body, kind, &etag))
}

/// 304 when the caller has it already.
fn unchanged(headers: &HeaderMap, etag: &str) -> Option<Response> {
    let known = headers.get(header::IF_NONE_MATCH)?.to_str().ok()?;
    let same = known.split(',').any(|known| known.trim().trim_start_matches("W/") == etag || known.trim() == "*");
    same.then(|| named(StatusCode::NOT_MODIFIED.into_response(), etag))
}

fn with_etag(body: String, kind: &str, etag: &str) -> Response {
    let response = match kind {
        "csv" => ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], body).into_response(),
        // Bytes: nobody may change as much as a space.
        "frozen" => ([(header::CONTENT_TYPE, "application/octet-stream")], body).into_response(),
        _ => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
    };
    named(response, etag)
}

fn named(mut response: Response, etag: &str) -> Response {
    if let Ok(etag) = HeaderValue::from_str(etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    // Asked again each time, answered with 304: a correction must not wait in anybody's cache.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    response
}

/// These addresses as OpenAPI describes them.
pub fn describe() -> Vec<(&'static str, Value)> {
    let parameter = |name: &str, what: &str, schema: Value| json!({ "name": name, "in": "query", "required": false, "description": what, "schema": schema });
    let digits = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    let problem = |what: &str| json!({ "description": what, "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } });
    let count = json!({ "type": ["integer", "null"], "minimum": 0 });
    let mut row = serde_json::Map::new();
    for (name, _, meaning) in DICTIONARY {
        let mut schema = match name {
            "release" => json!({ "type": "integer", "minimum": 1 }),
            "people" | "denominator" => count.clone(),
            "percent" => json!({ "type": ["number", "null"] }),
            "status" => json!({ "type": "string", "enum": ["zero", "under_ten", "withheld", "noisy"] }),
            _ => json!({ "type": "string" }),
        };
        schema["description"] = json!(meaning);
        row.insert(name.to_owned(), schema);
    }
    let names: Vec<&str> = DICTIONARY.iter().map(|(name, ..)| *name).collect();
    let release = json!({
        "type": "object", "required": ["number", "month", "sha256", "method", "noise_table", "receipt"],
        "properties": {
            "number": { "type": "integer", "minimum": 1 }, "month": digits("^[0-9]{4}-[0-9]{2}$"),
            "corrects": { "type": ["integer", "null"] }, "sha256": digits("^[0-9a-f]{64}$"),
            "method": { "type": "string" }, "noise_table": digits("^[0-9a-f]{12}$"), "receipt": { "type": "object" },
        },
    });
    let csv = json!({ "schema": { "type": "string" } });
    let get = |summary: &str, responses: Value| json!({ "get": { "summary": summary, "responses": responses } });
    let object = |what: &str, kind: &str, schema: Value| json!({ "200": { "description": what, "content": { kind: { "schema": schema } } } });
    vec![
        (
            paths::COVERAGE,
            json!({ "get": {
                "summary": "Open figures of a release, frozen as they were published",
                "description": "Without parameters all figures of the newest month. `ETag` and `If-None-Match` are understood.",
                "parameters": [
                    parameter("month", "The month, as 2026-11: its last release", digits("^(19[7-9][0-9]|[2-9][0-9]{3})-(0[1-9]|1[0-2])$")),
                    parameter("release", "The number of a release", json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX })),
                    parameter("unit", "The code of a commune or ward: its figures alone", digits("^[0-9]{5}$")),
                    parameter("track", "A track, or `any`", digits("^[a-z0-9-]+$")),
                    parameter("format", "json (the usual); csv: UTF-8 with a byte order mark; frozen: the whole file whose SHA-256 is published", json!({ "type": "string", "enum": ["json", "csv", "frozen"] })),
                ],
                "responses": {
                    "200": {
                        "description": "The figures, zeros included",
                        "content": {
                            "application/json": { "schema": {
                                "type": "object", "required": ["release", "figures"],
                                "properties": {
                                    "release": release.clone(),
                                    "figures": { "type": "array", "items": { "type": "object", "required": names, "properties": row } },
                                },
                            } },
                            "text/csv": csv.clone(),
                            "application/octet-stream": csv.clone(),
                        },
                    },
                    "400": problem("A parameter cannot be read"),
                    "404": problem("There is no such release, unit or track"),
                    "503": problem("Try again later"),
                },
            } }),
        ),
        (
            paths::COVERAGE_RELEASES,
            get(
                "All releases",
                object(
                    "By number",
                    "application/json",
                    json!({
                        "type": "object", "required": ["releases"], "properties": { "releases": { "type": "array", "items": release } },
                    }),
                ),
            ),
        ),
        (
            paths::COVERAGE_DATASET,
            get(
                "What the figures are",
                object("schema.org Dataset", "application/ld+json", json!({ "type": "object" })),
            ),
        ),
        (
            paths::COVERAGE_DICTIONARY,
            get("What each column means", object("One line a column", "text/csv", json!({ "type": "string" }))),
        ),
        (
            paths::COVERAGE_NOISE,
            get(
                "The table of noise",
                object("As every release names it by its hash", "text/csv", json!({ "type": "string" })),
            ),
        ),
    ]
}
