//! Tracks and lessons as they are offered: home, a track, what this is.

pub mod downloads;
pub mod glossary_pages;
pub mod pages;
