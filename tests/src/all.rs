//! The house from outside.
