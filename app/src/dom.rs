//! What islands need of the page around them.

use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

pub(crate) use leptos::prelude::document;

/// All elements inside that a selector finds.
pub(crate) fn all(inside: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = inside.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}
