//! `hocso serve`: opens the house, and closes it in order.

use crate::{
    Fault, assets, boundaries, check,
    clock::{Clock, system},
    front::Front,
    guard::KeyGuard,
    keys::KeyRing,
    places, publish,
    seal::Seal,
    settings::Serve,
};
use app::{
    accounts, classes, coverage,
    error::NotFound,
    error::Problem,
    house::{House, Rooms},
    learn, paths, practice, shell, sync,
    viewer::Viewer,
    words::Locale,
};
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
    serve::ListenerExt,
};
use domain::sync::BATCH_BYTES_MAX;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use library::Library;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use store::{Existing, Store};
use tokio::{net::TcpListener, sync::Notify};

/// The name of the note that says a database holds fictitious people.
pub const DEMO_NOTE: &str = "demo";

/// How long requests may still take when the server is asked to stop. Whoever has opened a connection and says nothing is not
/// waited for longer; a phone sends again what was not answered.
const STOP_WITHIN: Duration = Duration::from_secs(3);

/// Serves until SIGTERM or Ctrl-C.
pub async fn serve(settings: Serve) -> Result<(), Fault> {
    let library = check::read(settings.content.as_deref())?;
    let keys = KeyRing::open(settings.keys.as_deref(), &settings.database.database)?;
    let store = Store::open(&settings.database.database, Existing::OrNew).await?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|error| Fault::Said(format!("cannot listen on {}: {error}", settings.listen)))?;
    let front = open(&settings, library, keys, store.clone(), system()).await?;
    let address = listener.local_addr().unwrap_or(settings.listen);
    tracing::info!(%address, public_url = settings.public_url, "ready");
    println!("{{\"ready\":\"http://{address}\"}}");
    let publishing = tokio::spawn(publish::keep_publishing(front.clone()));
    let warming = tokio::spawn({
        let front = front.clone();
        async move { front.warm_up(&impersonal_addresses(&front.house.library)).await }
    });
    // Nagle would hold back answers of several packets for 40 ms.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let service = front.service().into_make_service_with_connect_info::<SocketAddr>();
    let stopping = Arc::new(Notify::new());
    let asked = {
        let stopping = stopping.clone();
        async move {
            asked_to_stop().await;
            stopping.notify_one();
        }
    };
    let serving = axum::serve(listener, service).with_graceful_shutdown(asked).into_future();
    let served = tokio::select! {
        served = serving => served,
        () = async { stopping.notified().await; tokio::time::sleep(STOP_WITHIN).await } => Ok(()),
    };
    publishing.abort();
    warming.abort();
    store.close().await?;
    tracing::info!("closed");
    served.map_err(|error| Fault::Said(format!("the server stopped: {error}")))
}

/// The house behind its front door, without a socket: tests knock here too.
pub async fn open(
    settings: &Serve,
    mut library: Library,
    keys: KeyRing,
    store: Store,
    clock: Clock,
) -> Result<Arc<Front>, Fault> {
    places::take_in_changes(&mut library, &store).await?;
    let counted = store.remember(&library.known()).await?;
    if counted > 0 {
        tracing::info!(counted, "events that waited for a lesson version are counted now");
    }
    if let Some(recounted) = store.recount_if_rules_changed().await? {
        tracing::info!(learners = recounted.learners, "counted anew by the rules of this release");
    }
    let erased = store.erase_returned(clock()).await?;
    if erased > 0 {
        tracing::info!(erased, "erased again: a copy from before was put back");
    }
    let (files, assets) = assets::prepare(&store, &library, !settings.no_worker, clock()).await?;
    let demo = store.note(DEMO_NOTE).await?.is_some();
    let seal = Seal::of(&keys);
    let guard = Box::new(KeyGuard::of(&keys));
    let rooms = Rooms {
        store,
        library: Arc::new(library),
        assets,
        demo,
        worker: !settings.no_worker,
        seal: seal.public(),
        boundaries: settings.map.as_deref().map(boundaries::read).transpose()?,
        unseal: Box::new(move |learner, sealed| seal.open(learner, sealed)),
        hash_address: Box::new(move |address| keys.hash("address", address)),
        public_url: settings.public_url.clone(),
        guard,
    };
    let house = House::from(rooms);
    let router = router(house.clone());
    let public_url = settings.public_url.clone();
    Ok(Arc::new(Front::new(house, router, files, clock, public_url, settings.trusted_proxy.clone())))
}

/// Every route, grouped by who calls.
pub fn router(house: House) -> Router {
    let pages = generate_route_list(shell::Sitemap);
    let provide = {
        let house = house.clone();
        move || {
            let viewer = use_context::<axum::http::request::Parts>()
                .and_then(|parts| parts.extensions.get::<Viewer>().cloned())
                .unwrap_or_else(|| Viewer::anyone(Locale::default(), "/", 0));
            house.provide(&viewer);
        }
    };
    let options = LeptosOptions::builder().output_name("client").build();
    let routed: Router<House> =
        Router::new().leptos_routes_with_context(&options, pages, provide, shell::routed).with_state(options);
    routed
        // people, by forms
        .merge(accounts::actions::routes())
        .merge(learn::actions::routes())
        .merge(practice::actions::routes())
        .merge(accounts::staff::routes())
        .merge(classes::routes())
        // programs: phones, proxies, operators
        .merge(sync::routes())
        .merge(coverage::api::routes())
        .route(paths::LIVE, get(|| async { "live" }))
        .route(paths::READY, get(ready))
        .route(paths::SITEMAP, get(sitemap))
        .route(paths::ROBOTS, get(|| async { "User-agent: *\nDisallow: /api/\nDisallow: /toi\nDisallow: /can-bo\n" }))
        .route(paths::ICON, get(icon))
        .fallback(lost)
        .layer(DefaultBodyLimit::max(BATCH_BYTES_MAX))
        .with_state(house)
}

async fn ready(State(house): State<House>) -> Response {
    match house.store.ping().await {
        Ok(()) => "ready".into_response(),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response()
        }
    }
}

/// Addresses of all lessons and other pages that are the same for everyone.
async fn sitemap(State(house): State<House>) -> String {
    let mut addresses = impersonal_addresses(&house.library).join("\n");
    addresses.push('\n');
    addresses
}

fn impersonal_addresses(library: &Library) -> Vec<String> {
    use paths::Page;
    let of = |locale: Locale| {
        let lessons = library.lessons().map(move |lesson| Page::Lesson(&lesson.id).path(locale));
        let tracks = library.tracks.iter().map(move |track| Page::Track(track.id.as_str()).path(locale));
        let practices = library.practices.iter().map(move |practice| Page::Practice(&practice.lesson).path(locale));
        let drill = library.scams.iter().map(move |_| Page::Drill.path(locale));
        let others = [Page::Home, Page::Practices, Page::Statistics(None), Page::Glossary, Page::About]
            .map(|page| page.path(locale));
        let placement = library.placement.iter().map(move |_| Page::Placement.path(locale));
        others.into_iter().chain(placement).chain(tracks).chain(lessons).chain(practices).chain(drill)
    };
    Locale::ALL.into_iter().flat_map(of).collect()
}

async fn icon(State(house): State<House>) -> Response {
    let location = HeaderValue::from_str(&house.assets.path("icons/icon.svg"));
    let location = location.unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}

async fn lost(State(house): State<House>, viewer: Option<Extension<Viewer>>, request: Request) -> Response {
    match viewer {
        Some(Extension(viewer)) if !request.uri().path().starts_with("/api/") => {
            house.answer(viewer, StatusCode::NOT_FOUND, || view! { <NotFound/> }).await
        }
        _ => Problem::new(StatusCode::NOT_FOUND, "no_such_address", "there is nothing here").into_response(),
    }
}

pub(crate) async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            }
            Err(_) => {
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
