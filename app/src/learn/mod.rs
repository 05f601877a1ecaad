//! Learning: a lesson with its questions, and how far one is.

pub mod islands;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod progress;

#[cfg(feature = "ssr")]
pub use progress::{Progress, next, progress};
