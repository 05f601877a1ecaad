//! Erasure: everything about a learner goes, and a tombstone of each of their ids stays.

use crate::{
    Result, Store, cards, classes, coverage,
    entity::{certificate, deed, event, learner, lesson_standing, standing, tombstone},
    places, scored,
    sync::{find, load, number_of},
};
use domain::{
    accounts::Credentials,
    coverage::cells_of,
    time::{Millis, day_of},
};
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, Set};
use std::collections::BTreeSet;
use uuid::Uuid;

impl Store {
    /// Removes everything about a learner, moves the tallies, and leaves a tombstone of the id, so that a late upload or a
    /// restored backup cannot bring them back. `false` when there is no such learner with this secret.
    pub async fn erase(&self, who: &Credentials, now: Millis) -> Result<bool> {
        let transaction = self.begin().await?;
        let Some(row) = find(&transaction, who).await? else { return Ok(false) };
        // The day is enough to know how long tombstones must be kept.
        let day = day_of(now).and_time(Default::default()).and_utc().timestamp_millis();
        forget(&transaction, &row, day).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Erases those whom another database knows as erased, each by any of their ids and with the day; returns how many were
    /// still here. Who is erased here too, or never was here, is remembered as erased.
    pub(crate) async fn erase_again(&self, erased: &[(Uuid, Millis)]) -> Result<u64> {
        let mut found = 0;
        for (id, day) in erased {
            let transaction = self.begin().await?;
            let row = match number_of(&transaction, *id).await? {
                Some(no) => learner::Entity::find_by_id(no).one(&transaction).await?,
                None => None,
            };
            match row {
                Some(row) => {
                    forget(&transaction, &row, *day).await?;
                    found += 1;
                }
                None if tombstone::Entity::find_by_id(*id).one(&transaction).await?.is_none() => {
                    let stone = tombstone::ActiveModel { id: Set(*id), erased_at: Set(*day) };
                    tombstone::Entity::insert(stone).exec_without_returning(&transaction).await?;
                }
                None => {}
            }
            transaction.commit().await?;
        }
        Ok(found)
    }
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
    let stones = ids.map(|id| tombstone::ActiveModel { id: Set(id), erased_at: Set(day) });
    tombstone::Entity::insert_many(stones).exec_without_returning(db).await?;
    Ok(())
}
