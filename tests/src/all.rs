//! Every test of the house from outside, in one binary: one link, one run.
//!
//! To add a test: find the file named after its feature, take a world (`on_sqlite`, or `on_both!` when it is about the
//! store), let somebody of the cast do something, and look at what came back and at what is stored.

#[macro_use]
mod world;
mod cast;
mod html;
mod reference;
mod source;

mod accounts;
mod agreement;
mod backup;
mod cards;
mod classes;
mod cli;
mod coverage;
mod learn;
mod open;
mod pages;
mod path;
mod permissions;
mod phones;
mod practice;
mod scams;
mod spelling;
mod staff;
mod store;
mod surface;
mod sync;
mod tidy;
mod translations;
