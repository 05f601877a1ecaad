//! What a resident's phone downloads when a page has an island, one bundle for each feature. The islands themselves are in
//! `app`.

pub use app::islands::*;

/// Called by the loader in `app.js`, before the islands of the page.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
