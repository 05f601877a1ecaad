//! What lasts of learning: days of lessons, deeds, boosters, certificates.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, integer, string, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Filled when the new rules count everything anew; the release before writes none.
        let day = Table::alter().table("lesson_standing").add_column(integer("day").default(0)).to_owned();
        manager.alter_table(day).await?;
        let deed = Table::create()
            .table("deed")
            .col(big_integer("learner"))
            .col(string("deed"))
            .col(string("about"))
            .col(integer("day"))
            .primary_key(Index::create().col("learner").col("deed").col("about").col("day").primary())
            .to_owned();
        let review = Table::create()
            .table("review_run")
            .col(big_integer("learner"))
            .col(uuid("event"))
            .col(string("lesson"))
            .col(string("version"))
            .col(integer("day"))
            .col(integer("right_at_first"))
            .col(integer("questions"))
            .col(integer("pass_percent"))
            .primary_key(Index::create().col("learner").col("event").primary())
            .to_owned();
        let certificate = Table::create()
            .table("certificate")
            .col(string("code").primary_key())
            .col(big_integer("learner"))
            .col(string("track"))
            .col(integer("issued_on"))
            .to_owned();
        for table in [deed, review, certificate] {
            manager.create_table(table).await?;
        }
        // One of a track for each learner: asking again gives the same.
        let once = Index::create()
            .name("certificate_once")
            .table("certificate")
            .col("learner")
            .col("track")
            .unique()
            .to_owned();
        manager.create_index(once).await
    }
}
