//! Pieces without a feature.

mod icon;
mod pieces;

pub use icon::{Icon, Mark};
pub use pieces::{FieldError, HomeLink, Scene, State, StitchedEdge, Summary};
