//! Who may pass.

use crate::{
    error::NotFound,
    house::{House, see_other, set_status, viewer},
    paths::{self, Page},
    viewer::Viewer,
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use domain::accounts::staff::{Right, Staff};
use leptos::prelude::*;
use store::Session;

/// What keeps somebody out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stop {
    /// Not signed in, or not wholly.
    SignIn,
    /// Signed in, and a second factor must be set up before anything else.
    SecondFactor,
    /// Not theirs: the same as not there.
    NotFound,
}

fn pass(viewer: &Viewer, right: Right) -> Result<&Session, Stop> {
    let session = viewer.staff.as_ref().filter(|session| !session.half).ok_or(Stop::SignIn)?;
    if !session.staff.may(right) {
        return Err(Stop::NotFound);
    }
    if right != Right::OwnAccount && must_add_factor(session) {
        return Err(Stop::SecondFactor);
    }
    Ok(session)
}

/// Whether somebody's role wants a second factor that they do not have yet.
pub fn must_add_factor(session: &Session) -> bool {
    session.staff.role.needs_second_factor() && !session.factors.any()
}

/// The address of the sign-in page that leads back to this one.
fn sign_in(viewer: &Viewer) -> String {
    let page = Page::SignIn.path(viewer.locale);
    let home = format!("/{}", paths::STAFF);
    if viewer.path == home { page } else { format!("{page}?{}={}", paths::WANTED, viewer.path) }
}

/// Where somebody may be led after signing in: only to a page of ours, below `/can-bo`.
pub fn wanted(path: &str) -> Option<&str> {
    let below = path.strip_prefix('/')?.strip_prefix(paths::STAFF)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_');
    ((below.is_empty() || below.starts_with('/')) && below.chars().all(plain) && !below.contains("//")).then_some(path)
}

/// Leads to another page while one is being rendered.
pub fn lead_to(address: &str) -> AnyView {
    set_status(StatusCode::SEE_OTHER);
    if let (Some(options), Ok(value)) = (use_context::<leptos_axum::ResponseOptions>(), HeaderValue::from_str(address))
    {
        options.insert_header(header::LOCATION, value);
    }
    ().into_any()
}

/// Who asks for a page, when they may; otherwise what they get instead.
pub fn staff(right: Right) -> Result<Session, AnyView> {
    let viewer = viewer();
    match pass(&viewer, right) {
        Ok(session) => Ok(session.clone()),
        Err(Stop::SignIn) => Err(lead_to(&sign_in(&viewer))),
        Err(Stop::SecondFactor) => Err(lead_to(&Page::CodeApp.path(viewer.locale))),
        Err(Stop::NotFound) => Err(view! { <NotFound/> }.into_any()),
    }
}

/// The same for a handler. Whoever is signed out meanwhile is told so: what was typed is still in the browser, one page back.
pub async fn staff_or(house: &House, viewer: &Viewer, right: Right) -> Result<Session, Response> {
    match pass(viewer, right) {
        Ok(session) => Ok(session.clone()),
        Err(Stop::SignIn) => {
            let page = || view! { <super::sign_in_pages::SignedOut/> };
            Err(house.answer(viewer.clone(), StatusCode::UNAUTHORIZED, page).await)
        }
        Err(Stop::SecondFactor) => Err(see_other(&Page::CodeApp.path(viewer.locale), [])),
        Err(Stop::NotFound) => Err(not_found(house, viewer).await),
    }
}

/// "Not yours" and "not there".
pub async fn not_found(house: &House, viewer: &Viewer) -> Response {
    house.answer(viewer.clone(), StatusCode::NOT_FOUND, || view! { <NotFound/> }).await
}

/// Whether somebody may look after an account like this one.
pub fn may_manage(me: &Staff, other: &Staff) -> bool {
    me.may_manage(&other.scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_away() {
        let cases = [
            ("/can-bo", true),
            ("/can-bo/lop/0a", true),
            ("/can-bo-gia", false),
            ("//evil.example", false),
            ("/can-bo//evil.example", false),
            ("https://evil.example/can-bo", false),
            ("/can-bo/\\evil", false),
            ("/can-bo/a?b=c", false),
            ("/toi", false),
            ("", false),
        ];
        for (path, led) in cases {
            assert_eq!(wanted(path).is_some(), led, "{path}");
        }
    }
}
