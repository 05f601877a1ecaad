//! Several people on one phone, one person on several: tokens that only append, cards, and the ids of further phones.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary, binary_null, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Filled when the learner's phone next sends something: until then nobody can append without the secret.
        let append = Table::alter().table("learner").add_column(binary_null("append_hash")).to_owned();
        manager.alter_table(append).await?;
        let alias = Table::create()
            .table("alias")
            // What another phone calls the same person, and how it proves itself.
            .col(uuid("id").primary_key())
            .col(big_integer("learner"))
            .col(binary("secret_hash"))
            .col(binary("append_hash"))
            .col(big_integer("made_at"))
            .to_owned();
        let card = Table::create()
            .table("card")
            // One card a person: a new one takes the place of the old.
            .col(big_integer("learner").primary_key())
            .col(binary("hash").unique_key())
            .col(big_integer("made_at"))
            .to_owned();
        for table in [alias, card] {
            manager.create_table(table).await?;
        }
        let of = Index::create().name("alias_of").table("alias").col("learner").to_owned();
        manager.create_index(of).await
    }
}
