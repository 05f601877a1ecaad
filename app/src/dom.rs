//! What islands need of the page around them.

use crate::kept::beside;
use domain::sync::{Noted, What};
use leptos::wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{AddEventListenerOptions, CustomEvent, CustomEventInit, Element, HtmlElement};

pub(crate) use leptos::prelude::document;

/// All elements inside that a selector finds.
pub(crate) fn all(inside: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = inside.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

/// What `app.js` listens for: something happened that the phone should keep, as [`beside`] writes it.
const KEEP_EVENT: &str = "hocso:keep";

/// What `app.js` says when it is on the disk, or when the phone will not take it and that was said.
const KEPT_EVENT: &str = "hocso:kept";

/// Hands something that happened to `app.js`, which gives it an id and a time and keeps it; `then` shows that it is done.
/// Whoever sees that may put the phone away.
pub(crate) fn keep(what: &What, noted: &Noted, then: impl FnOnce() + 'static) {
    let (then, once) = (Closure::once_into_js(then), AddEventListenerOptions::new());
    once.set_once(true);
    let document = document();
    let then = then.unchecked_ref();
    let _ = document.add_event_listener_with_callback_and_add_event_listener_options(KEPT_EVENT, then, &once);
    let detail = CustomEventInit::new();
    detail.set_detail(&beside(what, noted).into());
    if let Ok(event) = CustomEvent::new_with_event_init_dict(KEEP_EVENT, &detail) {
        let _ = document.dispatch_event(&event);
    }
}
