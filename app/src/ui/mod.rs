//! Pieces without a feature.

mod icon;
mod pieces;
mod qr;

pub use icon::{Icon, Mark};
pub use pieces::{FieldError, HomeLink, Scene, State, StitchedEdge, Summary};
pub use qr::{QrCode, qr_path};
