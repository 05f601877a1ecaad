//! Those who work here: who is let in, signing in, one's own account, everybody's accounts, and who did what.
//!
//! A page of theirs begins with [`gate::staff`], a handler with [`gate::staff_or`]; both look into the one table of permissions,
//! `domain::accounts::staff::RIGHTS`. To add one: give it a path below `/can-bo`, and a line in the surface test.

pub mod account;
pub mod account_pages;
pub mod audit_pages;
pub mod frame;
pub mod gate;
pub mod home_pages;
pub mod people;
pub mod people_pages;
pub mod sign_in;
pub mod sign_in_pages;

use crate::{house::House, words::Words};
use axum::Router;
use domain::{
    accounts::staff::{Role, Scope},
    time::{Millis, clock_of, day_of},
};

pub fn routes() -> Router<House> {
    Router::new().merge(sign_in::routes()).merge(account::routes()).merge(people::routes())
}

/// What a role is called.
pub fn role_name(words: &Words, role: Role) -> String {
    match role {
        Role::Trainer => crate::t!(words, "staff-role-trainer"),
        Role::Official => crate::t!(words, "staff-role-official"),
        Role::Editor => crate::t!(words, "staff-role-editor"),
        Role::Administrator => crate::t!(words, "staff-role-administrator"),
    }
}

/// Where somebody works.
pub fn scope_name(house: &House, words: &Words, scope: &Scope) -> String {
    match scope {
        Scope::Province => crate::t!(words, "staff-scope-province"),
        Scope::Units(units) => {
            let name = |unit| house.library.unit(unit).map_or_else(|| unit.to_string(), |found| found.name.clone());
            units.iter().map(|unit| name(*unit)).collect::<Vec<_>>().join(", ")
        }
    }
}

/// A moment as staff read it, in Việt Nam: `27/11/2026 14:05`.
pub fn moment(words: &Words, at: Millis) -> String {
    let (hour, minute) = clock_of(at);
    format!("{} {hour:02}:{minute:02}", words.date(day_of(at)))
}
