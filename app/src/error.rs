//! What goes wrong, and how it is said: a friendly page to people, `application/problem+json` (RFC 9457) to programs.

use crate::{
    house::{House, set_status, words},
    t, ui,
    viewer::Viewer,
};
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use leptos_meta::Title;
use store::StoreError;

/// Something that a caller cannot mend.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The page for an address that leads nowhere. Also for what is not yours: it is the same answer.
#[component]
pub fn NotFound() -> impl IntoView {
    set_status(StatusCode::NOT_FOUND);
    let words = words();
    view! {
        <Title text=t!(words, "shell-lost-title")/>
        <ui::State picture="pictures/lost.svg" title=t!(words, "shell-lost-title") text=t!(words, "shell-lost-text")>
            <ui::HomeLink/>
        </ui::State>
    }
}

/// The page for a fault of the house.
#[component]
pub fn Broken() -> impl IntoView {
    set_status(StatusCode::SERVICE_UNAVAILABLE);
    let words = words();
    view! {
        <Title text=t!(words, "shell-broken-title")/>
        <ui::State picture="pictures/error.svg" title=t!(words, "shell-broken-title") text=t!(words, "shell-broken-text")>
            <ui::HomeLink/>
        </ui::State>
    }
}

/// The page for what was sent and cannot be taken: too much, too often, unreadable, from elsewhere.
#[component]
pub fn NotTaken(status: StatusCode) -> impl IntoView {
    set_status(status);
    let words = words();
    let (title, text) = match status {
        StatusCode::TOO_MANY_REQUESTS => (t!(words, "shell-busy-title"), t!(words, "shell-busy-text")),
        _ => (t!(words, "shell-not-taken-title"), t!(words, "shell-not-taken-text")),
    };
    view! {
        <Title text=title.clone()/>
        <ui::State picture="pictures/error.svg" title text>
            <ui::HomeLink/>
        </ui::State>
    }
}

impl AppError {
    /// The answer to a person; the cause goes to the log, without anything personal in it.
    pub async fn page(self, house: &House, viewer: Viewer) -> Response {
        tracing::error!(error = %self, "a page could not be answered");
        house.answer(viewer, StatusCode::SERVICE_UNAVAILABLE, || view! { <Broken/> }).await
    }

    /// The same while a page is being rendered.
    pub fn view(self) -> AnyView {
        tracing::error!(error = %self, "a page could not be rendered");
        view! { <Broken/> }.into_any()
    }
}

/// An answer to a program that says what was wrong, in one line of English and a stable `code`.
pub struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub detail: String,
    /// More fields of the answer.
    pub more: serde_json::Map<String, serde_json::Value>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), more: serde_json::Map::new() }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = self.more;
        body.insert("title".to_owned(), self.status.canonical_reason().unwrap_or("problem").into());
        body.insert("status".to_owned(), self.status.as_u16().into());
        body.insert("code".to_owned(), self.code.into());
        body.insert("detail".to_owned(), self.detail.into());
        let mut response = Response::new(Body::from(serde_json::Value::Object(body).to_string()));
        *response.status_mut() = self.status;
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}
