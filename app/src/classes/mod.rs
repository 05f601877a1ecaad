//! A trainer's classes: made in two minutes, joined with six digits, with a roster that people agreed to.
//!
//! `pages` and `actions` are the list of classes and one class; each other page of a class has a pair of files of its own.

pub mod actions;
pub mod attendance;
pub mod attendance_pages;
pub mod fields;
pub mod file;
pub mod file_pages;
pub mod join;
pub mod join_pages;
pub mod members;
pub mod members_pages;
pub mod pages;
pub mod print_pages;
pub mod room_pages;

use crate::house::House;
use axum::Router;
use domain::classes::ClassId;

pub fn routes() -> Router<House> {
    Router::new()
        .merge(actions::routes())
        .merge(attendance::routes())
        .merge(file::routes())
        .merge(join::routes())
        .merge(members::routes())
}

/// Place of a class's id in its addresses: `/can-bo/lop/<class>/…`, and of a member's behind it.
const CLASS_AT: usize = 3;
const MEMBER_AT: usize = 5;

fn segment(path: &str, at: usize) -> &str {
    path.split('/').nth(at).unwrap_or_default()
}

/// The class that an address is about; it holds in a handler's answer too, which has no route around it.
pub fn class_of(path: &str) -> Option<ClassId> {
    segment(path, CLASS_AT).parse().ok()
}

/// The member that an address is about.
pub fn member_of(path: &str) -> Option<domain::classes::MemberId> {
    segment(path, MEMBER_AT).parse().ok()
}
