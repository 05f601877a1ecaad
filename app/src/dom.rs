//! What islands need of the page around them.

use crate::kept::beside;
use domain::sync::{Noted, What};
use leptos::wasm_bindgen::JsCast;
use web_sys::{CustomEvent, CustomEventInit, Element, HtmlElement};

pub(crate) use leptos::prelude::document;

/// All elements inside that a selector finds.
pub(crate) fn all(inside: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = inside.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

/// What `app.js` listens for: something happened that the phone should keep, as [`beside`] writes it.
const KEEP_EVENT: &str = "hocso:keep";

/// Hands something that happened to `app.js`, which gives it an id and a time and keeps it.
pub(crate) fn keep(what: &What, noted: &Noted) {
    let detail = CustomEventInit::new();
    detail.set_detail(&beside(what, noted).into());
    if let Ok(event) = CustomEvent::new_with_event_init_dict(KEEP_EVENT, &detail) {
        let _ = document().dispatch_event(&event);
    }
}
