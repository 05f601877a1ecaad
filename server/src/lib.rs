//! The server: settings, the front door, and the commands of `hocso`.
//!
//! A request comes in at `front`, which knows who asks; pages that are the same for everyone are served from `pages`, all
//! else goes to the router that `app` fills. To add a command: a variant in `settings::Command`, a function in a module of
//! its own, one line in `main`.

// Leptos writes long types for long pages.
#![recursion_limit = "512"]

pub mod assets;
pub mod backup;
pub mod boundaries;
pub mod check;
pub mod clock;
pub mod compress;
pub mod demo;
pub mod front;
pub mod guard;
pub mod keys;
pub mod log;
pub mod pages;
pub mod places;
pub mod preview;
pub mod publish;
pub mod rate;
pub mod recount;
pub mod release;
pub mod seal;
pub mod serve;
pub mod settings;
pub mod staff;
pub mod weights;

/// What ends a command: one line for the person who gave it.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error(transparent)]
    Open(#[from] store::OpenError),
    #[error(transparent)]
    Store(#[from] store::StoreError),
    #[error(transparent)]
    Backup(#[from] store::BackupError),
    #[error("{0}")]
    Content(library::Faults),
    #[error("{0}")]
    Said(String),
}
