//! Practice: simulators and scam drills, on the phone and without JavaScript.
//!
//! Everything that can be seen or said stands in the page; what is shown follows from the trail alone, through the same rules on
//! the phone and on the server.

pub mod fields;
pub mod islands;

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
mod drill_actions;
#[cfg(feature = "ssr")]
pub mod drill_pages;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
mod screens;

mod drill_islands;

#[cfg(feature = "hydrate")]
mod agreement;
