//! How the database came to be, step by step.
//!
//! To change the database: add a module named `m<year><month><day>_<what it does>`, list it last, and write it so that the
//! program of the release before still works on the result. Never edit one that was released.

use sea_orm_migration::prelude::*;

mod m20261123_first_house;
mod m20261126_practice;
mod m20261126_shared_phones;
mod m20261127_lasting;
mod m20261128_open_numbers;
mod m20261129_staff_and_classes;
mod m20261130_quick_start;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_first_house::Migration),
            Box::new(m20261126_practice::Migration),
            Box::new(m20261126_shared_phones::Migration),
            Box::new(m20261127_lasting::Migration),
            Box::new(m20261128_open_numbers::Migration),
            Box::new(m20261129_staff_and_classes::Migration),
            Box::new(m20261130_quick_start::Migration),
        ]
    }
}
