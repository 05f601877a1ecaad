//! What every start looks for is found without reading everybody.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Learners of a release that knew no record keys; the index is empty once they have theirs.
        let sql = "CREATE INDEX learner_without_key ON learner (no) WHERE record_key IS NULL";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }
}
