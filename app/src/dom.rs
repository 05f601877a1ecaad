//! What islands need of the page around them.

use domain::sync::What;
use leptos::wasm_bindgen::JsCast;
use web_sys::{CustomEvent, CustomEventInit, Element, HtmlElement};

pub(crate) use leptos::prelude::document;

/// All elements inside that a selector finds.
pub(crate) fn all(inside: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = inside.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

/// What `app.js` listens for: something happened that the phone should keep, as the JSON of [`What`].
const KEEP_EVENT: &str = "hocso:keep";

/// Hands something that happened to `app.js`, which gives it an id and a time and keeps it.
pub(crate) fn keep(what: &What) {
    let Ok(json) = serde_json::to_string(what) else { return };
    let detail = CustomEventInit::new();
    detail.set_detail(&json.into());
    if let Ok(event) = CustomEvent::new_with_event_init_dict(KEEP_EVENT, &detail) {
        let _ = document().dispatch_event(&event);
    }
}
