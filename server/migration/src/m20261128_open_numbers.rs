//! Open numbers: record keys, their sums in the cubes, releases, changes of places, and who is at work.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, date, integer, integer_null, string, text},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Drawn when the store is opened, for those who have none yet: the release before writes none.
        let key = Table::alter().table("learner").add_column(integer_null("record_key")).to_owned();
        manager.alter_table(key).await?;
        for cube in ["tally_people", "tally_skill", "tally_ethnic", "tally_lesson"] {
            let keys = Table::alter().table(cube).add_column(big_integer("keys").default(0)).to_owned();
            manager.alter_table(keys).await?;
        }
        let release = Table::create()
            .table("open_release")
            .col(integer("number").primary_key())
            .col(integer("month"))
            .col(integer_null("corrects"))
            .col(text("head"))
            .col(string("digest"))
            .col(big_integer("made_at"))
            .to_owned();
        let figure = Table::create()
            .table("open_figure")
            .col(integer("release"))
            // As in the file: table, track, step, witness, breakdown, part.
            .col(string("kind"))
            .col(string("track"))
            .col(string("step"))
            .col(string("witness"))
            .col(string("breakdown"))
            .col(string("part"))
            .col(big_integer_null("value"))
            .col(string("status"))
            .primary_key(
                Index::create()
                    .col("release")
                    .col("kind")
                    .col("track")
                    .col("step")
                    .col("witness")
                    .col("breakdown")
                    .col("part")
                    .primary(),
            )
            .to_owned();
        let change = Table::create()
            .table("place_change")
            .col(integer("no").primary_key().auto_increment())
            .col(string("kind"))
            .col(date("valid_from"))
            .col(string("document"))
            // What the change says, in JSON.
            .col(text("change"))
            .to_owned();
        let lease = Table::create()
            .table("lease")
            .col(string("name").primary_key())
            .col(string("holder"))
            .col(big_integer("until_at"))
            .to_owned();
        for table in [release, figure, change, lease] {
            manager.create_table(table).await?;
        }
        Ok(())
    }
}
