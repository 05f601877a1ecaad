//! Learning: a lesson with its questions, where one begins, what is asked again, what was done for real, and how far one is.

pub mod islands;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod certificate_pages;
#[cfg(feature = "ssr")]
mod certificates;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod path_actions;
#[cfg(feature = "ssr")]
pub mod path_pages;
#[cfg(feature = "ssr")]
mod progress;
#[cfg(feature = "ssr")]
pub mod progress_pages;
#[cfg(feature = "ssr")]
pub mod review_pages;

#[cfg(feature = "ssr")]
pub use progress::{Progress, due, next, progress};
