//! What the public may know about how far learning has come.

mod map;
pub mod pages;
