//! Everything that may reach the browser: pages and form handlers on the server, islands on the phone.
//!
//! Rooms are features, and each has the same drawers: `pages` and `actions` (server only) and `islands` (all that ships).
//! To add a page:
//!
//! 1. give it a path in `paths.rs`; 2. write it in `<feature>/pages.rs` with one store call named after it;
//! 3. hang it into the sitemap in `shell.rs`; 4. if it changes something, add the handler in `<feature>/actions.rs` and its
//!    route there too; 5. say its words in `locales/*/<feature>.ftl`; 6. the surface test shows the new route.

// Leptos writes long types for long pages.
#![recursion_limit = "512"]

pub mod accounts;
mod dom;
pub mod learn;

#[cfg(feature = "ssr")]
pub mod content;
#[cfg(feature = "ssr")]
pub mod coverage;
#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod house;
#[cfg(feature = "ssr")]
pub mod paths;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod sync;
#[cfg(feature = "ssr")]
pub mod ui;
#[cfg(feature = "ssr")]
pub mod viewer;
#[cfg(feature = "ssr")]
pub mod words;

/// All that a resident's phone downloads.
pub mod islands {
    pub use crate::{accounts::islands::*, learn::islands::*};
}
