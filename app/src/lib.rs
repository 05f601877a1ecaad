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

#[cfg(any(feature = "ssr", feature = "lessons"))]
pub mod accounts;
mod dom;
mod kept;
#[cfg(any(feature = "ssr", feature = "lessons"))]
pub mod learn;
#[cfg(any(feature = "ssr", feature = "practice"))]
pub mod practice;

#[cfg(feature = "ssr")]
pub mod classes;
#[cfg(feature = "ssr")]
pub mod content;
#[cfg(feature = "ssr")]
pub mod coverage;
#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod house;
#[cfg(feature = "ssr")]
pub mod openapi;
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

/// All that a resident's phone downloads: the islands of the bundle that is built.
pub mod islands {
    #[cfg(feature = "practice")]
    pub use crate::practice::islands::*;
    #[cfg(feature = "lessons")]
    pub use crate::{accounts::islands::*, learn::islands::*};
}
