//! Many learners at once, for `hocso demo`: straight into the log, then counted by the real recount.

use crate::{Result, Store, dialect, entity, sync};
use domain::{
    accounts::{Consent, LearnerId, Secret},
    sync::{Event, Record, counted_month},
    time::Millis,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, Set, Value, sea_query::OnConflict};

/// A learner with a whole history.
pub struct NewLearner {
    pub id: LearnerId,
    pub secret: Secret,
    pub record: Record,
    pub consent: Consent,
    pub made_at: Millis,
    /// Each with the moment of receiving; the registration first.
    pub events: Vec<(Event, Millis)>,
}

const LEARNER: [&str; 13] = [
    "no",
    "id",
    "secret_hash",
    "unit",
    "birth_year",
    "sex",
    "ethnic_group",
    "profile_no",
    "ethnic_no",
    "consent_version",
    "guardian",
    "made_at",
    "registered_at",
];

impl Store {
    /// Whether the database holds anybody, or ever did.
    pub async fn holds_anybody(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM learner) OR EXISTS (SELECT 1 FROM event) \
            OR EXISTS (SELECT 1 FROM tombstone) OR EXISTS (SELECT 1 FROM publication WHERE people <> 0)";
        let row = self.read.query_one_raw(dialect::statement(&self.read, sql, vec![])).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
    }

    /// Writes learners with their events; their numbers begin at `from_no`. Nothing is counted yet.
    pub async fn write_in_bulk(&self, from_no: i64, learners: &[NewLearner]) -> Result<()> {
        let transaction = self.begin().await?;
        let rows = learners.iter().zip(from_no..).map(|(learner, no)| {
            let registered_at = learner.events.first().map_or(learner.made_at, |(_, received_at)| *received_at);
            let mut row: Vec<Value> = vec![no.into(), learner.id.0.into(), sync::hash_of(&learner.secret).into()];
            row.extend(sync::told(&learner.record));
            row.push(i32::from(learner.consent.version).into());
            row.extend([learner.consent.guardian.into(), learner.made_at.into(), registered_at.into()]);
            row
        });
        let rows = rows.collect();
        dialect::insert_rows(&transaction, "learner", &LEARNER, rows, "").await?;
        let mut events = Vec::new();
        for (learner, no) in learners.iter().zip(from_no..) {
            for (event, received_at) in &learner.events {
                let month = counted_month(event.at, learner.made_at, *received_at);
                events.push(sync::event_row(no, event, *received_at, month, false)?);
            }
        }
        dialect::insert_rows(&transaction, "event", &sync::EVENT, events, "").await?;
        dialect::follow_on(&transaction, "learner", "no").await?;
        Ok(transaction.commit().await?)
    }

    /// Notes something about the whole database, such as that it holds fictitious people.
    pub async fn set_note(&self, name: &str, value: &str) -> Result<()> {
        let transaction = self.begin().await?;
        note(&transaction, name, value).await?;
        Ok(transaction.commit().await?)
    }
}

pub(crate) async fn note(db: &DatabaseTransaction, name: &str, value: &str) -> Result<(), DbErr> {
    use entity::note;
    let replace = OnConflict::column(note::Column::Name).update_column(note::Column::Value).to_owned();
    let row = note::ActiveModel { name: Set(name.to_owned()), value: Set(value.to_owned()) };
    note::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}
