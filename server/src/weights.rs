//! What each page of a track costs over the wire, so that a phone can say it before anything is fetched, and can fetch a whole
//! track a page at a time.

use crate::front::Front;
use app::{
    error::Problem,
    paths::{self, Page},
    words::Locale,
};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::time::Millis;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A track as a phone downloads it. Bytes are those of the packed body and of the headers that come with it.
#[derive(Serialize)]
struct Weights {
    pages: Vec<PageWeight>,
    /// Every file that a page names, by its address.
    files: BTreeMap<String, usize>,
}

#[derive(Serialize)]
struct PageWeight {
    path: String,
    /// The page as it is now: a phone that keeps another one keeps an older one.
    etag: String,
    bytes: usize,
    files: BTreeSet<String>,
}

/// `GET /api/v1/tracks/{track}`.
pub async fn answer(front: &Front, locale: Locale, track: &str, now: Millis) -> Response {
    let library = &front.house.library;
    let Some(found) = library.track(track) else {
        return Problem::new(StatusCode::NOT_FOUND, "no_such_track", "there is no such track").into_response();
    };
    let mut addresses = vec![Page::Track(track).path(Locale::Vi)];
    for lesson in &found.lessons {
        addresses.push(Page::Lesson(&lesson.id).path(Locale::Vi));
        addresses
            .extend(library.practice(&lesson.id).map(|practice| Page::Practice(&practice.lesson).path(Locale::Vi)));
    }
    addresses.extend(library.scams.iter().map(|_| Page::Drill.path(Locale::Vi)));
    let mut weights = Weights { pages: Vec::new(), files: BTreeMap::new() };
    for address in addresses {
        // A page that cannot be made now is asked for later.
        let Ok(kept) = front.pages.get(&front.router, locale, &address, None, now).await else { continue };
        let files = named_files(&kept.text());
        for file in &files {
            if !weights.files.contains_key(file) {
                let name = file.strip_prefix(paths::ASSETS).unwrap_or(file).trim_start_matches('/');
                weights
                    .files
                    .extend(front.files.wire_bytes(name).map(|bytes| (file.clone(), bytes + front.header_bytes)));
            }
        }
        let (etag, bytes) = (kept.etag(), kept.wire_bytes() + front.header_bytes);
        weights.pages.push(PageWeight { path: paths::in_locale(&address, locale), etag, bytes, files });
    }
    let mut response = Json(weights).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// Every file that a page names, wherever it stands; the service worker finds them the same way (`sw.js`).
fn named_files(html: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let begin = format!("{}/", paths::ASSETS);
    html.match_indices(&begin)
        .map(|(at, _)| {
            let rest = &html[at..];
            rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())].to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_wherever_they_stand() {
        let html =
            r#"<link href="/a/x-1.css"><img src=/a/y.svg><body data-js="/a/app-2.js" data-x="/b/n.js">/a/x-1.css"#;
        let found: Vec<String> = named_files(html).into_iter().collect();
        assert_eq!(found, ["/a/app-2.js", "/a/x-1.css", "/a/y.svg"]);
    }
}
