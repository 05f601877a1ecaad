//! A learner's consent, profile and data.

pub mod islands;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
pub mod pages;
