//! The house from outside.
//! Tests live in `all.rs`; this is empty so that the package has a library.
