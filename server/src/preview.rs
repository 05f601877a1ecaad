//! `hocso content preview`: a content folder at the size of a phone, drawn anew whenever a file is saved.
//!
//! The whole house serves the folder, with a database that is thrown away; around it stands a page with a phone's window and
//! the list of faults. That page asks every second whether something was saved; nothing else watches the folder.

use crate::{
    Fault, clock,
    keys::KeyRing,
    serve,
    settings::{DatabaseSetting, Preview, Serve},
};
use axum::{
    Json, Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use library::Library;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{Existing, Store};
use tokio::{net::TcpListener, sync::Mutex};
use tower::ServiceExt;

/// The page around the phone; no page of the house has this address.
const FRAME: &str = "/xem-truoc";
const NEWS: &str = "/xem-truoc/tin";
const SCRIPT: &str = "/xem-truoc/khung.js";
const STYLE: &str = "/xem-truoc/khung.css";

/// What was read last.
#[derive(Default)]
struct Drawn {
    /// Of names, lengths and times of all files.
    mark: Vec<u8>,
    /// Counts what could be shown.
    version: u32,
    /// `None` while there has been nothing without a fault.
    house: Option<Router>,
    faults: Vec<String>,
}

struct Desk {
    folder: PathBuf,
    settings: Serve,
    store: Store,
    drawn: Mutex<Drawn>,
}

/// Serves until Ctrl-C; leaves nothing behind.
pub async fn preview(settings: Preview) -> Result<(), Fault> {
    if !settings.folder.is_dir() {
        return Err(Fault::Said(format!("there is no content folder {}", settings.folder.display())));
    }
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|error| Fault::Said(format!("cannot listen on {}: {error}", settings.listen)))?;
    let address = listener.local_addr().unwrap_or(settings.listen);
    let place = std::env::temp_dir().join(format!("hocso-preview-{}", std::process::id()));
    fs::create_dir_all(&place).map_err(|error| Fault::Said(format!("{}: {error}", place.display())))?;
    let database = format!("sqlite:{}", place.join("preview.sqlite").display());
    let store = Store::open(&database, Existing::OrNew).await?;
    let serve = Serve {
        map: None,
        listen: address,
        public_url: format!("http://localhost:{}", address.port()),
        trusted_proxy: Vec::new(),
        database: DatabaseSetting { database },
        content: None,
        keys: None,
        no_worker: true,
    };
    let drawn = Mutex::default();
    let desk = Arc::new(Desk { folder: settings.folder, settings: serve, store: store.clone(), drawn });
    desk.look().await;
    println!("http://localhost:{}{FRAME}", address.port());
    let service = Router::new()
        .route(FRAME, get(frame))
        .route(NEWS, get(news))
        .route(
            SCRIPT,
            get(|| async { ([(header::CONTENT_TYPE, "text/javascript")], include_str!("preview/frame.js")) }),
        )
        .route(STYLE, get(|| async { ([(header::CONTENT_TYPE, "text/css")], include_str!("preview/frame.css")) }))
        .fallback(inside)
        .with_state(desk)
        .into_make_service_with_connect_info::<SocketAddr>();
    // Whoever stops it waits for nobody: pages of this server have nothing to lose.
    let served = tokio::select! {
        served = axum::serve(listener, service).into_future() => served,
        () = serve::asked_to_stop() => Ok(()),
    };
    store.close().await?;
    // What cannot be removed lies in the folder for temporary files.
    let _ = fs::remove_dir_all(&place);
    served.map_err(|error| Fault::Said(format!("the preview stopped: {error}")))
}

impl Desk {
    /// Reads the folder again if something was saved since the last time.
    async fn look(&self) {
        let mut drawn = self.drawn.lock().await;
        let mark = mark(&self.folder).unwrap_or_default();
        if mark == drawn.mark {
            return;
        }
        drawn.mark = mark;
        match self.draw().await {
            Ok(house) => {
                drawn.house = Some(house);
                drawn.version += 1;
                drawn.faults.clear();
            }
            // What was shown stays until the fault is mended.
            Err(fault) => drawn.faults = fault.to_string().lines().map(str::to_owned).collect(),
        }
    }

    async fn draw(&self) -> Result<Router, Fault> {
        let library = Library::from_folder(&self.folder).map_err(Fault::Content)?;
        let keys = KeyRing::open(None, &self.settings.database.database)?;
        Ok(serve::open(&self.settings, library, keys, self.store.clone(), clock::system()).await?.service())
    }
}

/// Changes whenever a file of the folder is saved, added or removed.
fn mark(folder: &Path) -> io::Result<Vec<u8>> {
    let mut hash = Sha256::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let about = entry.metadata()?;
            if about.is_dir() {
                folders.push(entry.path());
                continue;
            }
            hash.update(entry.path().as_os_str().as_encoded_bytes());
            hash.update(about.len().to_le_bytes());
            let saved = about.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            hash.update(saved.as_nanos().to_le_bytes());
        }
    }
    Ok(hash.finalize().to_vec())
}

async fn frame() -> Response {
    let policy = "default-src 'none';script-src 'self';style-src 'self';connect-src 'self';frame-src 'self'";
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy)];
    (headers, include_str!("preview/frame.html")).into_response()
}

/// How often something could be drawn, and what is wrong now.
async fn news(State(desk): State<Arc<Desk>>) -> Json<Value> {
    desk.look().await;
    let drawn = desk.drawn.lock().await;
    Json(json!({ "version": drawn.version, "faults": drawn.faults }))
}

/// The house itself, which may stand in our own frame.
async fn inside(State(desk): State<Arc<Desk>>, request: Request<Body>) -> Response {
    let house = desk.drawn.lock().await.house.clone();
    let Some(house) = house else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    let mut response = match house.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let policy = response.headers().get(header::CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
    let policy = policy.map(|policy| policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'"));
    if let Some(policy) = policy.and_then(|policy| HeaderValue::from_str(&policy).ok()) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
