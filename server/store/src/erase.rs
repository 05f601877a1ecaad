//! Erasure: everything about a learner goes, and a tombstone of each of their ids stays.

use crate::{
    Result, Store, cards, classes, coverage, dialect,
    entity::{certificate, deed, event, learner, lesson_standing, standing},
    places, scored,
    sync::{find, load},
};
use domain::{
    accounts::Credentials,
    coverage::cells_of,
    time::{Millis, day_of},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter};
use std::collections::BTreeSet;
use uuid::Uuid;

impl Store {
    /// Removes everything about a learner, moves the tallies, and leaves a tombstone of the id, so that a late upload or a
    /// restored backup cannot bring them back. `false` when there is no such learner with this secret.
    pub async fn erase(&self, who: &Credentials, now: Millis) -> Result<bool> {
        let transaction = self.begin().await?;
        let Some(row) = find(&transaction, who).await? else { return Ok(false) };
        forget(&transaction, &row, midnight(now)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Erases whoever is here although a tombstone says that they were erased: a copy from before was put back. Returns how
    /// many there were.
    pub async fn erase_returned(&self, now: Millis) -> Result<u64> {
        let sql = "SELECT no FROM learner WHERE id IN (SELECT id FROM tombstone) \
            UNION SELECT learner FROM alias WHERE id IN (SELECT id FROM tombstone)";
        let mut erased = 0;
        for row in self.read.query_all_raw(dialect::statement(&self.read, sql, vec![])).await? {
            let no: i64 = row.try_get_by_index(0)?;
            let transaction = self.begin().await?;
            // Another process that starts at the same time may have been quicker.
            dialect::lock_row(&transaction, "learner", no).await?;
            if let Some(row) = learner::Entity::find_by_id(no).one(&transaction).await? {
                forget(&transaction, &row, midnight(now)).await?;
                erased += 1;
            }
            transaction.commit().await?;
        }
        Ok(erased)
    }
}

/// Remembers ids as erased; those that are remembered already keep their day.
pub(crate) async fn remember(
    db: &DatabaseTransaction,
    erased: impl Iterator<Item = (Uuid, Millis)>,
) -> Result<(), DbErr> {
    let rows = erased.map(|(id, day)| vec![id.into(), day.into()]).collect();
    dialect::insert_rows(db, "tombstone", &["id", "erased_at"], rows, "ON CONFLICT (id) DO NOTHING").await
}

/// The day is enough to know how long tombstones must be kept.
fn midnight(now: Millis) -> Millis {
    day_of(now).and_time(Default::default()).and_utc().timestamp_millis()
}

/// Removes everything about a learner and leaves tombstones of all their ids, with the day.
async fn forget(db: &DatabaseTransaction, row: &learner::Model, day: Millis) -> Result<(), DbErr> {
    let record = load(db, row).await?;
    let home = places::homes(db).await?.of(record.person.profile.unit);
    let cells = cells_of(&record.person, home);
    coverage::move_person(db, record.person.key, &cells, &BTreeSet::new()).await?;
    standing::Entity::delete_many().filter(standing::Column::Learner.eq(row.no)).exec(db).await?;
    lesson_standing::Entity::delete_many().filter(lesson_standing::Column::Learner.eq(row.no)).exec(db).await?;
    deed::Entity::delete_many().filter(deed::Column::Learner.eq(row.no)).exec(db).await?;
    certificate::Entity::delete_many().filter(certificate::Column::Learner.eq(row.no)).exec(db).await?;
    scored::forget(db, row.no).await?;
    classes::forget(db, row.no).await?;
    event::Entity::delete_many().filter(event::Column::Learner.eq(row.no)).exec(db).await?;
    learner::Entity::delete_by_id(row.no).exec(db).await?;
    let ids = cards::forget(db, row.no).await?.into_iter().chain([row.id]);
    remember(db, ids.map(|id| (id, day))).await
}
