//! Files with a hash in their name: this release's from the program, the last release's from the database.

use crate::{
    Fault,
    compress::{Effort, Encoding},
};
use app::{house::Assets, paths};
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use domain::time::Millis;
use library::Library;
use rust_embed::RustEmbed;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use store::{Asset, AssetBytes, Store};

/// What `cargo xtask site` made. Missing on a fresh clone: then pages come without styles and scripts, and `cargo clippy`
/// still works.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
#[allow_missing = true]
struct Site;

#[derive(Deserialize)]
struct Manifest {
    release: String,
    files: BTreeMap<String, String>,
}

/// A file in memory, with its compressed forms.
struct Kept {
    content_type: HeaderValue,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Kept {
    fn respond(&self, wanted: Encoding) -> Response {
        let (encoding, body) = match (wanted, &self.brotli, &self.gzip) {
            (Encoding::Brotli, Some(brotli), _) => (Encoding::Brotli, brotli),
            (Encoding::Brotli | Encoding::Gzip, _, Some(gzip)) => (Encoding::Gzip, gzip),
            _ => (Encoding::Plain, &self.plain),
        };
        respond(self.content_type.clone(), encoding, body.clone())
    }
}

/// A file of the root with its packed forms and its tag.
fn tagged(content_type: &'static str, plain: Bytes) -> (HeaderValue, Kept) {
    let tag: String = Sha256::digest(&plain).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let tag = HeaderValue::from_str(&format!("\"{tag}\"")).unwrap_or(HeaderValue::from_static("\"\""));
    let packed = |encoding: Encoding| Some(Bytes::from(encoding.compress(&plain, Effort::Once)));
    let (brotli, gzip) = (packed(Encoding::Brotli), packed(Encoding::Gzip));
    (tag, Kept { content_type: HeaderValue::from_static(content_type), plain, brotli, gzip })
}

/// All files this server serves by name.
#[derive(Clone)]
pub struct Files {
    own: Arc<HashMap<String, Kept>>,
    /// By their addresses: what must stand at the root, under a name that does not change, with the tag of what it is now.
    plain: Arc<HashMap<&'static str, (HeaderValue, Kept)>>,
    store: Store,
}

/// How long browsers keep the files of the root: a worker that is taken back is gone from phones ten minutes later.
const ROOT_FILES_FOR: HeaderValue = HeaderValue::from_static("max-age=600");

/// Takes the service worker back: phones ask for it with every visit, and then remove it and all it kept.
const WORKER_TAKEN_BACK: &str = r#"addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) await caches.delete(name);
  await registration.unregister();
})()));
"#;

fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "webmanifest" => "application/manifest+json",
        "png" => "image/png",
        _ => "application/octet-stream",
    }
}

/// Reads what the program carries, keeps it in the database for the release after this one, and gives the names that pages
/// use.
pub async fn prepare(store: &Store, library: &Library, worker: bool, now: Millis) -> Result<(Files, Assets), Fault> {
    let manifest = Site::get("manifest.json");
    let manifest: Manifest = match &manifest {
        Some(file) => serde_json::from_slice(&file.data)
            .map_err(|error| Fault::Said(format!("the site in this program cannot be read: {error}")))?,
        None => Manifest { release: "without-site".to_owned(), files: BTreeMap::new() },
    };
    let base_css = Site::get("base.css").map(|file| String::from_utf8_lossy(&file.data).into_owned());
    let mut own = HashMap::new();
    for name in manifest.files.values() {
        let Some(file) = Site::get(name) else { continue };
        let form = |ending: &str| Site::get(&format!("{name}.{ending}")).map(|file| bytes(file.data));
        let kept = Kept {
            content_type: HeaderValue::from_static(content_type(name)),
            plain: bytes(file.data),
            brotli: form("br"),
            gzip: form("gz"),
        };
        own.insert(name.clone(), kept);
    }
    let scenes = library.lessons().flat_map(|lesson| &lesson.steps).map(|step| &step.picture);
    for picture in scenes.chain(library.tracks.iter().map(|track| &track.picture)) {
        let plain = Bytes::from(picture.svg.clone().into_bytes());
        let content_type = HeaderValue::from_static("image/svg+xml");
        own.insert(picture.served_as.clone(), Kept { content_type, plain, brotli: None, gzip: None });
    }
    keep_for_next_release(store, &manifest.release, &own, now).await?;
    let names = manifest.files;
    let mut plain = HashMap::new();
    for address in [paths::WORKER, paths::MANIFEST] {
        let name = address.trim_start_matches('/');
        let file = match address {
            paths::WORKER if !worker => Some(Bytes::from_static(WORKER_TAKEN_BACK.as_bytes())),
            _ => Site::get(name).map(|file| bytes(file.data)),
        };
        plain.extend(file.map(|file| (address, tagged(content_type(name), file))));
    }
    let files = Files { own: Arc::new(own), plain: Arc::new(plain), store: store.clone() };
    Ok((files, Assets { names, base_css: base_css.unwrap_or_default() }))
}

async fn keep_for_next_release(
    store: &Store,
    release: &str,
    own: &HashMap<String, Kept>,
    now: Millis,
) -> Result<(), Fault> {
    let assets: Vec<Asset> = own
        .iter()
        .map(|(name, kept)| Asset {
            name: name.clone(),
            content_type: kept.content_type.to_str().unwrap_or_default().to_owned(),
            bytes: AssetBytes {
                plain: kept.plain.to_vec(),
                brotli: kept.brotli.as_ref().map(|bytes| bytes.to_vec()),
                gzip: kept.gzip.as_ref().map(|bytes| bytes.to_vec()),
            },
        })
        .collect();
    Ok(store.keep_assets(release, &assets, now).await?)
}

impl Files {
    /// A file at the root. Browsers keep it for some minutes, and then ask whether it is still the same: they look for a newer
    /// service worker with every page, and on a poor line that must cost nothing.
    pub fn serve_plain(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        let (tag, kept) = self.plain.get(path)?;
        let mut response = if headers.get(header::IF_NONE_MATCH) == Some(tag) {
            let mut same = Response::new(Body::empty());
            *same.status_mut() = StatusCode::NOT_MODIFIED;
            same
        } else {
            kept.respond(Encoding::wanted(headers))
        };
        response.headers_mut().insert(header::CACHE_CONTROL, ROOT_FILES_FOR);
        response.headers_mut().insert(header::ETAG, tag.clone());
        Some(response)
    }

    /// Bytes of the body of a file of this release as phones receive it.
    pub fn wire_bytes(&self, name: &str) -> Option<usize> {
        self.own.get(name).map(|kept| kept.brotli.as_ref().unwrap_or(&kept.plain).len())
    }

    /// The file, for a year: its name changes with its content. `None` when no kept release has it.
    pub async fn serve(&self, name: &str, headers: &HeaderMap) -> Option<Response> {
        let wanted = Encoding::wanted(headers);
        if let Some(kept) = self.own.get(name) {
            return Some(kept.respond(wanted));
        }
        let asset = self.store.asset(name).await.ok().flatten()?;
        let content_type = HeaderValue::from_str(&asset.content_type).ok()?;
        let AssetBytes { plain, brotli, gzip } = asset.bytes;
        let (encoding, body) = match (wanted, brotli, gzip) {
            (Encoding::Brotli, Some(brotli), _) => (Encoding::Brotli, brotli),
            (Encoding::Brotli | Encoding::Gzip, _, Some(gzip)) => (Encoding::Gzip, gzip),
            _ => (Encoding::Plain, plain),
        };
        Some(respond(content_type, encoding, body.into()))
    }
}

fn respond(content_type: HeaderValue, encoding: Encoding, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    if let Some(name) = encoding.name() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}
