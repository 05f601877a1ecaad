//! Pages that are the same for everyone: rendered once per language and release through the router, kept compressed, served
//! as bytes.

use crate::compress::{Effort, Encoding};
use app::{paths, viewer::Viewer, words::Locale};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::time::Millis;
use sha2::{Digest, Sha256};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, RwLock},
};
use tokio::sync::Mutex;
use tower::ServiceExt;

/// A rendered page is never larger: the statistics page with 75 communes has 80 KB.
const PAGE_BYTES_MAX: usize = 1024 * 1024;

/// Pages with a query that are kept: what people choose on statistics pages. All combinations, in two languages and for every
/// release, would fill the memory; those asked for longest ago are made anew.
const QUERIES_KEPT: usize = 64;

/// A page as it is served: packed only. The rare browser that takes neither packing gets it unpacked.
pub struct Kept {
    brotli: Bytes,
    gzip: Bytes,
    etag: HeaderValue,
}

/// A page's language and address.
type Address = (Locale, String);

/// The kept pages. Only addresses that answered 200 are in it, so it cannot grow beyond the sitemap and [`QUERIES_KEPT`].
#[derive(Default)]
pub struct Pages {
    kept: RwLock<HashMap<Address, Arc<Kept>>>,
    /// Those with a query, the oldest first.
    queried: std::sync::Mutex<VecDeque<Address>>,
    /// One page is made at a time: packing is slow on purpose, and nobody needs it done twice.
    making: Mutex<()>,
    /// Those with a query are packed quickly and need not wait for the others.
    making_quickly: Mutex<()>,
}

/// Whether a page looks the same for everyone, whoever asks.
pub fn is_impersonal(path: &str) -> bool {
    let mut parts = path.trim_start_matches('/').split('/');
    match parts.next() {
        Some(paths::LESSONS) => {
            let rest: Vec<&str> = parts.collect();
            match rest[..] {
                [_, page] => page != paths::CERTIFICATE,
                [_, _, page] => [paths::PRACTISE, paths::REVIEW, paths::FOR_REAL].contains(&page),
                _ => false,
            }
        }
        Some(paths::PRACTICES) => true,
        Some(
            paths::STATISTICS
            | paths::ABOUT
            | paths::GLOSSARY
            | paths::PLACEMENT
            | paths::CONSENT
            | paths::OFFLINE
            | paths::DEVICE
            | paths::CARD,
        ) => true,
        _ => false,
    }
}

/// The part of the query that changes a page; anything else is nobody's business and no reason for another copy.
fn query_that_counts(path: &str, query: Option<&str>) -> String {
    match path.trim_start_matches('/').starts_with(paths::STATISTICS) {
        true => paths::Shown::of_query(query).to_query(),
        false => String::new(),
    }
}

impl Pages {
    /// The page at a canonical address, from memory or rendered now. `Err` is an answer that is not kept: 404, 503.
    pub async fn get(
        &self,
        router: &Router,
        locale: Locale,
        path: &str,
        query: Option<&str>,
        now: Millis,
    ) -> Result<Arc<Kept>, Response> {
        let query = query_that_counts(path, query);
        // What few ask for is not worth the longest packing.
        let effort = if query.is_empty() { Effort::Once } else { Effort::Often };
        let key = (locale, format!("{path}{query}"));
        if let Some(kept) = self.known(&key) {
            return Ok(kept);
        }
        let _making = match effort {
            Effort::Once => self.making.lock().await,
            Effort::Often => self.making_quickly.lock().await,
        };
        if let Some(kept) = self.known(&key) {
            return Ok(kept);
        }
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = key.1.parse().unwrap_or_default();
        request.extensions_mut().insert(Viewer::anyone(locale, path, now));
        let response = render(router, request).await;
        if response.status() != StatusCode::OK {
            return Err(response);
        }
        let html = to_bytes(response.into_body(), PAGE_BYTES_MAX).await.unwrap_or_default();
        // Away from those who serve what is packed already.
        let packed = tokio::task::spawn_blocking(move || Kept::pack(&html, effort)).await;
        let kept = Arc::new(packed.map_err(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())?);
        let too_many = (!query.is_empty()).then(|| self.note_query(&key)).flatten();
        if let Ok(mut pages) = self.kept.write() {
            too_many.map(|oldest| pages.remove(&oldest));
            pages.insert(key, kept.clone());
        }
        Ok(kept)
    }

    /// Notes a page with a query; gives the oldest one when there are too many.
    fn note_query(&self, key: &Address) -> Option<Address> {
        let mut queried = self.queried.lock().ok()?;
        queried.push_back(key.clone());
        if queried.len() > QUERIES_KEPT { queried.pop_front() } else { None }
    }

    fn known(&self, key: &Address) -> Option<Arc<Kept>> {
        self.kept.read().ok().and_then(|pages| pages.get(key).cloned())
    }

    /// Forgets all pages, because what they show has changed.
    pub fn forget(&self) {
        if let Ok(mut queried) = self.queried.lock() {
            queried.clear();
        }
        if let Ok(mut pages) = self.kept.write() {
            pages.clear();
        }
    }
}

impl Kept {
    fn pack(html: &[u8], effort: Effort) -> Self {
        let etag = Sha256::digest(html).iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>();
        let etag = HeaderValue::from_str(&format!("\"{etag}\"")).unwrap_or(HeaderValue::from_static("\"\""));
        let packed = |encoding: Encoding| encoding.compress(html, effort).into();
        Self { brotli: packed(Encoding::Brotli), gzip: packed(Encoding::Gzip), etag }
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&packing::unzip(&self.gzip)).into_owned()
    }

    /// Bytes of the body as phones receive it.
    pub fn wire_bytes(&self) -> usize {
        self.brotli.len()
    }

    pub fn etag(&self) -> String {
        self.etag.to_str().unwrap_or_default().to_owned()
    }

    /// The answer for one request.
    pub fn respond(&self, headers: &HeaderMap) -> Response {
        let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == self.etag);
        let encoding = Encoding::wanted(headers);
        let body = match encoding {
            _ if known => Bytes::new(),
            Encoding::Brotli => self.brotli.clone(),
            Encoding::Gzip => self.gzip.clone(),
            Encoding::Plain => packing::unzip(&self.gzip).into(),
        };
        let mut response = Response::new(Body::from(body));
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        if let Some(name) = encoding.name() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        response
    }
}

/// Renders a page through the router.
pub async fn render(router: &Router, request: Request<Body>) -> Response {
    match router.clone().oneshot(request).await {
        Ok(response) => clean(response).await,
        Err(never) => match never {},
    }
}

/// A page without the inline scripts that Leptos adds: they serve resources that cross to the browser, we have none, and our
/// Content-Security-Policy would refuse them.
pub async fn clean(response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("text/html")) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let html = to_bytes(body, PAGE_BYTES_MAX).await.unwrap_or_default();
    let html = without_inline_scripts(&String::from_utf8_lossy(&html));
    Response::from_parts(parts, Body::from(html))
}

/// Takes out every script element without a source.
fn without_inline_scripts(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<script") {
        let (before, script) = rest.split_at(at);
        kept.push_str(before);
        let tag_end = script.find('>').map_or(script.len(), |end| end + 1);
        let end = script.find("</script>").map_or(script.len(), |end| end + "</script>".len());
        if script[..tag_end].contains(" src=") {
            kept.push_str(&script[..end]);
        }
        rest = &script[end..];
    }
    kept.push_str(rest);
    kept
}

/// Whether a request only reads.
pub fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_go_and_files_stay() {
        let html = "a<script>x</script>b<script src=\"/a.js\" defer></script>c<script nonce=\"1\">y";
        assert_eq!(without_inline_scripts(html), "ab<script src=\"/a.js\" defer></script>c");
    }

    #[test]
    fn only_known_queries_make_another_page() {
        assert_eq!(query_that_counts("/thong-ke", Some("xep=ten")), "?xep=ten");
        assert_eq!(query_that_counts("/thong-ke/an-toan", Some("xep=nguoi")), "?xep=nguoi");
        assert_eq!(query_that_counts("/thong-ke", Some("xep=ten&a=b&ban=2")), "?ban=2&xep=ten");
        for query in [None, Some(""), Some("xep=9"), Some("a=b"), Some("buoc=9&ban=x")] {
            assert_eq!(query_that_counts("/thong-ke", query), "");
        }
        assert_eq!(query_that_counts("/", Some("xep=ten")), "");
    }

    #[test]
    fn only_so_many_queries_are_kept() {
        let pages = Pages::default();
        let key = |number: usize| (Locale::Vi, format!("/thong-ke?ban={number}"));
        for number in 0..QUERIES_KEPT {
            assert_eq!(pages.note_query(&key(number)), None);
        }
        assert_eq!(pages.note_query(&key(QUERIES_KEPT)), Some(key(0)));
        assert_eq!(pages.note_query(&key(QUERIES_KEPT + 1)), Some(key(1)));
    }

    #[test]
    fn lessons_and_figures_are_the_same_for_everyone() {
        for (path, impersonal) in [
            ("/bai-hoc/a/b", true),
            ("/bai-hoc/a", false),
            ("/", false),
            ("/tien-do", false),
            ("/toi", false),
            ("/thong-ke", true),
            ("/thong-ke/a", true),
            ("/dong-y/ho-so", true),
        ] {
            assert_eq!(is_impersonal(path), impersonal, "{path}");
        }
    }
}
