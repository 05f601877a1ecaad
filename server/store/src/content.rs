//! Marking data of every version ever released.

use crate::{Result, Store, StoreError, entity::marking};
use domain::content::{LessonId, Marking, Version};
use sea_orm::{DatabaseTransaction, DbErr, EntityTrait, Set, TransactionTrait, sea_query::OnConflict};
use std::sync::Arc;

impl Store {
    /// Keeps the marking data of a release; what was kept before stays as it is. Then counts the events that waited for it.
    /// Returns how many those were.
    pub async fn remember_markings(&self, markings: &[Marking]) -> Result<u64> {
        let mut rows = Vec::new();
        for marking in markings {
            let data = serde_json::to_string(marking).map_err(|error| DbErr::Json(error.to_string()))?;
            let (lesson, version) = (Set(marking.lesson.to_string()), Set(marking.version.to_string()));
            rows.push(marking::ActiveModel { lesson, version, data: Set(data) });
        }
        if !rows.is_empty() {
            let transaction = self.write.begin().await?;
            let keep = OnConflict::columns([marking::Column::Lesson, marking::Column::Version]).do_nothing().to_owned();
            marking::Entity::insert_many(rows).on_conflict(keep).exec_without_returning(&transaction).await?;
            transaction.commit().await?;
        }
        self.count_what_waited().await
    }

    /// How a version is marked; `None` when it is not known here. Asked on the connection that the caller has: a transaction
    /// that waited for a second one could wait for itself.
    pub(crate) async fn marking(
        &self,
        db: &DatabaseTransaction,
        lesson: &LessonId,
        version: &Version,
    ) -> Result<Option<Arc<Marking>>> {
        let key = (lesson.to_string(), version.to_string());
        if let Some(found) = self.markings.read().ok().and_then(|known| known.get(&key).cloned()) {
            return Ok(Some(found));
        }
        let Some(row) = marking::Entity::find_by_id(key.clone()).one(db).await? else { return Ok(None) };
        let found: Marking =
            serde_json::from_str(&row.data).map_err(|error| StoreError(DbErr::Json(error.to_string())))?;
        let found = Arc::new(found);
        if let Ok(mut known) = self.markings.write() {
            known.insert(key, found.clone());
        }
        Ok(Some(found))
    }
}
