//! What the public may know about how far learning has come.

pub mod api;
mod export;
mod gaps;
mod ladder;
mod map;
mod method;
pub mod pages;
pub mod release_pages;
mod trend;
pub mod unit_pages;
