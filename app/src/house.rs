//! What every page and handler is given: store, content, names of assets, and how a page is rendered.

use crate::{accounts::guard::Guard, shell, viewer::Viewer, words::Words};
use axum::{
    body::Body,
    http::{HeaderValue, Request, StatusCode, header},
    response::Response,
};
use domain::{
    accounts::LearnerId,
    places::{self, UnitCode},
    sync::{Event, Refusal, SealedEvent},
};
use leptos::prelude::*;
use library::Library;
use std::{collections::BTreeMap, sync::Arc};
use store::Store;

/// The house: cheap to clone, the same for every request.
#[derive(Clone)]
pub struct House(Arc<Rooms>);

pub struct Rooms {
    pub store: Store,
    pub library: Arc<Library>,
    pub assets: Assets,
    /// The database holds fictitious people: every page says so.
    pub demo: bool,
    /// Phones may keep pages for when there is no network.
    pub worker: bool,
    /// Hashes an address with the key ring, so that limits can be kept without keeping addresses.
    pub hash_address: Box<dyn Fn(&str) -> String + Send + Sync>,
    /// What phones seal events with that only this server may read.
    pub seal: String,
    pub unseal: Box<Unseal>,
    /// Boundaries that the province supplied, to be drawn instead of tiles.
    pub boundaries: Option<Boundaries>,
    /// How people reach the house: cards lead there.
    pub public_url: String,
    /// Passwords and codes of those who work here.
    pub guard: Box<dyn Guard>,
}

/// Outlines of the units, as paths of a drawing of this width and height.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Boundaries {
    pub width: u32,
    pub height: u32,
    pub paths: BTreeMap<UnitCode, String>,
    /// Who made them, as the file says.
    pub source: String,
}

/// Opens a learner's sealed event.
pub type Unseal = dyn Fn(LearnerId, &SealedEvent) -> Result<Event, Refusal> + Send + Sync;

/// Names under which this release's files are served, and the styles that stand in every page.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// From the name in the source (`app.js`, `pictures/lost.svg`) to the served one.
    pub names: BTreeMap<String, String>,
    pub base_css: String,
}

impl Assets {
    /// The address of a file; an address that is not found when this build has no such file.
    pub fn path(&self, name: &str) -> String {
        crate::paths::asset(self.names.get(name).map_or(name, String::as_str))
    }
}

impl std::ops::Deref for House {
    type Target = Rooms;
    fn deref(&self) -> &Rooms {
        &self.0
    }
}

impl From<Rooms> for House {
    fn from(rooms: Rooms) -> Self {
        Self(Arc::new(rooms))
    }
}

/// The house inside a page.
pub fn house() -> House {
    expect_context()
}

/// The viewer inside a page.
pub fn viewer() -> Viewer {
    expect_context()
}

/// The words inside a page.
pub fn words() -> Words {
    Words::from(viewer().locale)
}

impl House {
    /// An address as the database may see it.
    pub fn hash_address(&self, address: &str) -> String {
        (self.0.hash_address)(address)
    }

    /// The commune or ward of today that a name or a code leaves no doubt about.
    pub fn unit_called(&self, text: &str) -> Option<UnitCode> {
        let by_code = text.parse().ok().and_then(|code| self.library.unit(code));
        let unit = by_code.or_else(|| places::named(&self.library.units, text))?;
        unit.valid_to.is_none().then_some(unit.code)
    }

    /// Gives pages what they ask for with [`house`] and [`viewer`].
    pub fn provide(&self, viewer: &Viewer) {
        provide_context(self.clone());
        provide_context(viewer.clone());
    }

    /// A page that a handler answers with: the shell around `view`.
    pub async fn answer<V, F>(&self, viewer: Viewer, status: StatusCode, view: F) -> Response
    where
        V: IntoView + 'static,
        F: Fn() -> V + Clone + Send + Sync + 'static,
    {
        let house = self.clone();
        let render = leptos_axum::render_app_async_with_context(
            move || house.provide(&viewer),
            move || shell::document(view.clone()),
        );
        let mut response = render(Request::new(Body::empty())).await;
        *response.status_mut() = status;
        response
    }
}

/// See other, with cookies.
pub fn see_other(path: &str, cookies: impl IntoIterator<Item = String>) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    with_cookies(response, cookies)
}

/// Adds cookies to an answer.
pub fn with_cookies(mut response: Response, cookies: impl IntoIterator<Item = String>) -> Response {
    for cookie in cookies {
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

/// Sets the status of the page being rendered.
pub fn set_status(status: StatusCode) {
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(status);
    }
}
