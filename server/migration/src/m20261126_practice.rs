//! Practice: versions of simulators and of the scam book, and how runs and drills went.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, string, text, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let version = Table::create()
            .table("practice_version")
            // A lesson, or the book of scams.
            .col(string("name"))
            .col(string("version"))
            .col(text("data"))
            .primary_key(Index::create().col("name").col("version").primary())
            .to_owned();
        let run = Table::create()
            .table("practice_run")
            .col(big_integer("learner"))
            .col(uuid("event"))
            .col(string("lesson"))
            .col(string("version"))
            .col(string("passed"))
            .col(string("held"))
            .col(integer("mistakes"))
            .col(integer("recovered"))
            .col(integer("wrong_taps"))
            .col(integer("hints"))
            .col(integer("seconds"))
            .primary_key(Index::create().col("learner").col("event").primary())
            .to_owned();
        let drill = Table::create()
            .table("drill_run")
            .col(big_integer("learner"))
            .col(uuid("event"))
            .col(string("version"))
            .col(string("held"))
            .col(integer("scams"))
            .col(integer("hits"))
            .col(integer("genuine"))
            .col(integer("false_alarms"))
            .col(integer("checked"))
            .col(integer("seconds"))
            .primary_key(Index::create().col("learner").col("event").primary())
            .to_owned();
        for table in [version, run, drill] {
            manager.create_table(table).await?;
        }
        Ok(())
    }
}
