//! The front door: who asks, in which language, from where; what is the same for everyone; what no request may do; one log line.

use crate::{
    assets::Files,
    clock::Clock,
    compress::{Effort, Encoding},
    pages::{self, Pages},
    rate::Rates,
    weights,
};
use app::{
    classes::file::FILE_FORM_BYTES_MAX,
    error::{AppError, NotTaken, Problem},
    house::House,
    paths,
    sync::{Address, FORM_BYTES_MAX},
    viewer::Viewer,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use domain::sync::BATCH_BYTES_MAX;
use sha2::{Digest, Sha256};
use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicI32, AtomicU64, Ordering},
    },
    time::Duration,
};

/// How long a request may take: the slowest page takes 50 ms, a slow phone's upload some seconds.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
/// Packing a page takes a core for some 50 ms; without a pause after a restart the first visitors would wait for pages that
/// nobody has asked for.
const BETWEEN_PAGES: Duration = Duration::from_millis(250);
/// Answers that are packed for one person are never larger.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Status line, kind, length, encoding, age, tag and date of an answer: what comes beside the headers of every answer.
const OTHER_HEADER_BYTES: usize = 240;

fn header_bytes(headers: &[(HeaderName, HeaderValue)]) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len()).sum()
}

/// All that the front door knows.
pub struct Front {
    pub house: House,
    pub router: Router,
    pub pages: Pages,
    pub files: Files,
    pub clock: Clock,
    pub public_url: String,
    pub trusted_proxies: Vec<IpAddr>,
    pub rates: Rates,
    /// The month that pages were last looked at for; what they promise changes with it.
    pub month: AtomicI32,
    security: Vec<(HeaderName, HeaderValue)>,
    /// Bytes of the status line and the headers of an answer that is the same for everyone.
    pub header_bytes: usize,
    /// Makes request ids distinct over restarts without saying when.
    run: u32,
    count: AtomicU64,
}

impl Front {
    pub fn new(
        house: House,
        router: Router,
        files: Files,
        clock: Clock,
        public_url: String,
        trusted_proxies: Vec<IpAddr>,
    ) -> Self {
        let security = security_headers(&house.assets.base_css, &public_url);
        let mut run = [0; 4];
        // Without randomness ids repeat over restarts; nothing worse.
        let _ = getrandom::fill(&mut run);
        let run = u32::from_le_bytes(run);
        let (pages, rates, count) = (Pages::default(), Rates::default(), AtomicU64::new(0));
        Self {
            house,
            router,
            pages,
            files,
            clock,
            public_url,
            trusted_proxies,
            rates,
            month: AtomicI32::new(0),
            header_bytes: OTHER_HEADER_BYTES + header_bytes(&security),
            security,
            run,
            count,
        }
    }

    /// The whole service.
    pub fn service(self: Arc<Self>) -> Router {
        Router::new().fallback(enter).with_state(self)
    }

    /// Makes pages before they are asked for, and leaves time between them to those who ask.
    pub async fn warm_up(&self, addresses: &[String]) {
        for address in addresses {
            tokio::time::sleep(BETWEEN_PAGES).await;
            let (locale, path) = paths::without_locale(address);
            // What cannot be rendered now is rendered when somebody asks.
            let _ = self.pages.get(&self.router, locale, path, None, (self.clock)()).await;
        }
    }
}

/// Headers of every answer. Styles stand in the page under their hash; scripts are files of ours; nothing else may run.
fn security_headers(base_css: &str, public_url: &str) -> Vec<(HeaderName, HeaderValue)> {
    let hash = BASE64.encode(Sha256::digest(base_css.as_bytes()));
    let policy = format!(
        "default-src 'none';script-src 'self' 'wasm-unsafe-eval';style-src 'self' 'sha256-{hash}';img-src 'self' data:;\
         connect-src 'self';manifest-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'"
    );
    let mut headers = vec![
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    ];
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.push((header::CONTENT_SECURITY_POLICY, policy));
    }
    if public_url.starts_with("https://") {
        headers.push((header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")));
    }
    headers
}

async fn enter(State(front): State<Arc<Front>>, request: Request) -> Response {
    let began = front_instant();
    let id = format!("{:08x}-{:x}", front.run, front.count.fetch_add(1, Ordering::Relaxed));
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let answered = tokio::time::timeout(REQUEST_TIMEOUT, answer(&front, request)).await;
    let (mut response, kept) = answered.unwrap_or_else(|_| (StatusCode::SERVICE_UNAVAILABLE.into_response(), false));
    let headers = response.headers_mut();
    for (name, value) in &front.security {
        headers.insert(name.clone(), value.clone());
    }
    let status = response.status().as_u16();
    // No query, no address, no cookie: a log must not say who did what.
    if kept {
        tracing::debug!(id, %method, path, status, "kept");
    } else {
        let micros = began.elapsed().as_micros() as u64;
        tracing::info!(id, %method, path, status, micros, "request");
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
        }
    }
    response
}

#[expect(clippy::disallowed_methods, reason = "measures how long a request took, for the log")]
fn front_instant() -> std::time::Instant {
    std::time::Instant::now()
}

/// The answer, and whether it was the same for everyone.
async fn answer(front: &Front, mut request: Request) -> (Response, bool) {
    let uri = request.uri().clone();
    if let Some(name) = uri.path().strip_prefix(paths::ASSETS).and_then(|rest| rest.strip_prefix('/')) {
        if !pages::reads(request.method()) {
            return (StatusCode::METHOD_NOT_ALLOWED.into_response(), false);
        }
        let file = front.files.serve(name, request.headers()).await;
        return (file.unwrap_or_else(|| StatusCode::NOT_FOUND.into_response()), true);
    }
    if pages::reads(request.method())
        && let Some(file) = front.files.serve_plain(uri.path(), request.headers())
    {
        return (file, true);
    }
    let (locale, path) = paths::without_locale(uri.path());
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    let viewer = Viewer::of(request.headers(), locale, path, (front.clock)());
    if let Some(track) = path.strip_prefix(paths::TRACK_WEIGHTS).and_then(|rest| rest.strip_prefix('/'))
        && pages::reads(request.method())
    {
        let response = weights::answer(front, locale, track, viewer.now).await;
        return (packed(response, Encoding::wanted_quickly(request.headers())).await, true);
    }
    let same_for_everyone = pages::is_impersonal(path) || viewer.is_anyone() && is_page(path);
    if same_for_everyone && pages::reads(request.method()) {
        return match front.pages.get(&front.router, locale, path, uri.query(), viewer.now).await {
            Ok(kept) => (kept.respond(request.headers()), true),
            Err(response) => (response, false),
        };
    }
    let address = client_address(&request, &front.trusted_proxies);
    let refused = if pages::reads(request.method()) {
        None
    } else if !front.rates.allow(viewer.credentials.as_ref().map(|who| who.id), &address) {
        Some((StatusCode::TOO_MANY_REQUESTS, "too_often"))
    } else {
        refusal(front, request.headers(), path)
    };
    if let Some((status, code)) = refused {
        return (no(front, &viewer, status, code).await, false);
    }
    let encoding = Encoding::wanted_quickly(request.headers());
    if let Ok(canonical) = canonical(&uri, path) {
        *request.uri_mut() = canonical;
    }
    let viewer = match with_staff(front, viewer).await {
        Ok(viewer) => viewer,
        Err(response) => return (response, false),
    };
    request.extensions_mut().insert(viewer);
    request.extensions_mut().insert(Address(address));
    let response = pages::render(&front.router, request).await;
    // Open figures are nobody's: the answer says itself how long it may be kept.
    if path.starts_with(paths::COVERAGE) {
        return (packed(response, encoding).await, false);
    }
    (personal(response, encoding).await, false)
}

/// Finds out who works here and asks, on the pages that are theirs.
async fn with_staff(front: &Front, mut viewer: Viewer) -> Result<Viewer, Response> {
    let below = viewer.path.trim_start_matches('/').split('/').next() == Some(paths::STAFF);
    if let Some(token) = viewer.staff_token.clone().filter(|_| below) {
        match front.house.store.session(&token, viewer.now).await {
            Ok(session) => viewer.staff = session,
            Err(error) => return Err(pages::clean(AppError::from(error).page(&front.house, viewer).await).await),
        }
    }
    Ok(viewer)
}

/// Whether an address is a page for people, that may be kept when nobody in particular asks.
fn is_page(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    matches!(first, "" | paths::LESSONS | paths::PROGRESS) || path.trim_start_matches('/') == paths::MINE
}

fn canonical(uri: &Uri, path: &str) -> Result<Uri, axum::http::uri::InvalidUri> {
    match uri.query() {
        Some(query) => format!("{path}?{query}").parse(),
        None => path.parse(),
    }
}

/// What no request may do that changes something: come from elsewhere, or be too large to be ours.
fn refusal(front: &Front, headers: &HeaderMap, path: &str) -> Option<(StatusCode, &'static str)> {
    if !is_from_here(headers, &front.public_url) {
        return Some((StatusCode::FORBIDDEN, "foreign_origin"));
    }
    let file = format!("/{}/{}", paths::ROSTER, paths::FILE);
    let most = if is_for_programs(path) {
        BATCH_BYTES_MAX
    } else if path.ends_with(&file) {
        FILE_FORM_BYTES_MAX
    } else {
        FORM_BYTES_MAX
    };
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    length.is_some_and(|length| length > most).then_some((StatusCode::PAYLOAD_TOO_LARGE, "too_large"))
}

fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/")
}

/// A refusal, to a program or to a person.
async fn no(front: &Front, viewer: &Viewer, status: StatusCode, code: &'static str) -> Response {
    if is_for_programs(&viewer.path) {
        return Problem::new(status, code, "nothing was stored").into_response();
    }
    use leptos::prelude::*;
    let page = front.house.answer(viewer.clone(), status, move || view! { <NotTaken status/> }).await;
    pages::clean(page).await
}

/// Whether a request that changes something comes from our own pages. Browsers say so themselves (Sec-Fetch-Site, older ones
/// Origin); what says neither is no browser and carries no cookie of ours.
fn is_from_here(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => match (text(header::ORIGIN), text(header::HOST)) {
            (None, _) => true,
            (Some(origin), host) => {
                let of_host = origin.split_once("://").map(|(_, of)| of);
                origin == public_url || of_host.is_some() && of_host == host
            }
        },
    }
}

/// The address a request came from: the peer, or what a trusted proxy says last.
fn client_address(request: &Request, trusted: &[IpAddr]) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let forwarded = request.headers().get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let forwarded: Vec<IpAddr> =
        forwarded.flat_map(|list| list.split(',')).filter_map(|ip| ip.trim().parse().ok()).collect();
    let mut address = peer;
    for hop in forwarded.into_iter().rev() {
        if !address.is_some_and(|address| trusted.contains(&address)) {
            break;
        }
        address = Some(hop);
    }
    address.map_or_else(|| "unknown".to_owned(), |address| address.to_string())
}

/// Packs an answer for one person and tells everyone else not to keep it.
async fn personal(response: Response, encoding: Encoding) -> Response {
    let mut response = packed(response, encoding).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// Packs an answer that is made anew for each request.
async fn packed(response: Response, encoding: Encoding) -> Response {
    let (mut parts, body) = response.into_parts();
    let text = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let text = text.is_some_and(|kind| kind.starts_with("text/") || kind.contains("json"));
    match encoding.name() {
        Some(name) if text => {
            let Ok(bytes) = to_bytes(body, ANSWER_BYTES_MAX).await else {
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            };
            parts.headers.remove(header::CONTENT_LENGTH);
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
            parts.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
            Response::from_parts(parts, Body::from(encoding.compress(&bytes, Effort::Often)))
        }
        _ => Response::from_parts(parts, body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_change_anything() {
        let ours = "https://hocso.example";
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", ours)], false),
            (&[("origin", ours)], true),
            (&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], true),
            (&[("origin", "https://evil.example"), ("host", "hocso.example")], false),
            (&[("origin", "null"), ("host", "hocso.example")], false),
            (&[], true),
        ];
        for (headers, allowed) in cases {
            let mut map = HeaderMap::new();
            for (name, value) in *headers {
                map.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            assert_eq!(is_from_here(&map, ours), *allowed, "{headers:?}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let request = |peer: &str, forwarded: &'static str| {
            let mut request = Request::new(Body::empty());
            let peer: SocketAddr = peer.parse().unwrap_or_else(|_| panic!("{peer}"));
            request.extensions_mut().insert(ConnectInfo(peer));
            request.headers_mut().insert("x-forwarded-for", HeaderValue::from_static(forwarded));
            request
        };
        let trusted = ["10.0.0.1".parse().unwrap_or_else(|_| unreachable!())];
        assert_eq!(client_address(&request("10.0.0.1:1", "1.2.3.4, 5.6.7.8"), &trusted), "5.6.7.8");
        assert_eq!(client_address(&request("9.9.9.9:1", "5.6.7.8"), &trusted), "9.9.9.9");
        assert_eq!(client_address(&request("10.0.0.1:1", "nonsense"), &trusted), "10.0.0.1");
    }
}
