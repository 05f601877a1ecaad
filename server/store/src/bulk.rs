//! Many learners at once, for `hocso demo`: their events, and all that follows from these, without asking the database for
//! anything. `hocso recount --check` finds the same.

use crate::{
    Result, Store, content,
    coverage::{self, Tally},
    dialect, entity,
    recount::COUNTING_NOTE,
    scored::Scored,
    sync,
};
use domain::{
    accounts::{Consent, LearnerId, Secret},
    coverage::{Cell, cells_of},
    sync::{Around, COUNTING, Event, Known, Record, counted_day, counted_month},
    time::{Millis, Month},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, Set, Value, sea_query::OnConflict};
use std::collections::HashMap;

/// A learner with a whole history.
pub struct NewLearner {
    pub id: LearnerId,
    pub secret: Secret,
    /// What was told, and the record key.
    pub record: Record,
    pub consent: Consent,
    pub made_at: Millis,
    /// Each with the moment of receiving; the registration first.
    pub events: Vec<(Event, Millis)>,
}

/// Content by which events of many learners are marked.
pub struct Rules(content::Index);

impl Rules {
    pub fn of(known: Vec<Known>) -> Self {
        Self(content::index(known))
    }
}

/// Rows of many learners, ready to be written.
#[derive(Default)]
pub struct Prepared {
    learners: Vec<Vec<Value>>,
    events: Vec<Vec<Value>>,
    standings: Vec<Vec<Value>>,
    lessons: Vec<Vec<Value>>,
    deeds: Vec<Vec<Value>>,
    scored: Scored,
    tallies: Tallies,
    /// How many events there are.
    pub count: usize,
}

/// People in cells, gathered over many learners.
#[derive(Default)]
pub struct Tallies(HashMap<Cell, Tally>);

impl Tallies {
    fn add(&mut self, other: Self) {
        for (cell, tally) in other.0 {
            *self.0.entry(cell).or_default() += tally;
        }
    }
}

/// Marks and counts what learners did, whose numbers begin at `from_no`. Takes time and no database.
pub fn prepare(learners: &[NewLearner], from_no: i64, rules: &Rules) -> Result<Prepared> {
    let mut rows = Prepared::default();
    for (learner, no) in learners.iter().zip(from_no..) {
        let registered_at = learner.events.first().map_or(learner.made_at, |(_, received_at)| *received_at);
        let mut row: Vec<Value> = vec![no.into(), learner.id.0.into(), sync::hash_of(&learner.secret).into()];
        row.extend(sync::told(&learner.record));
        row.push(i32::from(learner.consent.version).into());
        row.extend([learner.consent.guardian.into(), learner.made_at.into(), registered_at.into()]);
        row.push(i32::from(learner.record.person.key).into());
        rows.learners.push(row);
        let mut record: Option<Record> = None;
        for (event, received_at) in &learner.events {
            let month = counted_month(event.at, learner.made_at, *received_at);
            let day = counted_day(month, event.at, *received_at);
            let known = event.what.needs().and_then(|needs| content::find(&rules.0, &needs));
            let this_year = Month::of(*received_at).year();
            let around = Around { day, this_year, unit_known: &|_| true, known };
            match &mut record {
                None => record = Record::begin(event, &around).ok(),
                Some(record) => {
                    if let Ok(applied) = record.apply(event, &around) {
                        rows.scored.push(no, event, day, &applied);
                    }
                }
            }
            rows.events.push(sync::event_row(no, event, *received_at, month, false, None)?);
        }
        rows.count += learner.events.len();
        let Some(record) = record else { continue };
        let person = &record.person;
        rows.standings.extend(person.standings.iter().map(|(of, month)| sync::standing_row(no, of, *month)));
        rows.lessons
            .extend(person.lessons.iter().map(|((lesson, state), day)| sync::lesson_row(no, lesson, *state, *day)));
        rows.deeds.extend(person.deeds.iter().map(|(deed, day)| sync::deed_row(no, deed, day)));
        for cell in cells_of(person, person.profile.unit) {
            *rows.tallies.0.entry(cell).or_default() += Tally::one(learner.record.person.key);
        }
    }
    Ok(rows)
}

const LEARNER: [&str; 14] = [
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
    "record_key",
];

impl Store {
    /// Whether the database holds anybody, or ever did.
    pub async fn holds_anybody(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM learner) OR EXISTS (SELECT 1 FROM event) \
            OR EXISTS (SELECT 1 FROM tombstone) OR EXISTS (SELECT 1 FROM open_release)";
        let row = self.read.query_one_raw(dialect::statement(&self.read, sql, vec![])).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
    }

    /// Writes learners with all that follows from their events, but for the cubes: these are gathered in `tallies`.
    pub async fn write_in_bulk(&self, rows: Prepared, tallies: &mut Tallies) -> Result<()> {
        let transaction = self.begin().await?;
        let scored = rows.scored.into_tables();
        let tables = [
            ("learner", &LEARNER[..], rows.learners),
            ("event", &sync::EVENT[..], rows.events),
            ("standing", &sync::STANDING[..], rows.standings),
            ("lesson_standing", &sync::LESSON_STANDING[..], rows.lessons),
            ("deed", &sync::DEED[..], rows.deeds),
        ];
        for (table, columns, rows) in tables.into_iter().chain(scored) {
            dialect::load_rows(&self.write, &transaction, table, columns, rows).await?;
        }
        dialect::follow_on(&transaction, "learner", "no").await?;
        transaction.commit().await?;
        tallies.add(rows.tallies);
        Ok(())
    }

    /// Writes the cubes of all that was written in bulk. Returns how many cells there are.
    pub async fn finish_bulk(&self, tallies: Tallies) -> Result<u64> {
        let cells = tallies.0.iter().map(|(cell, tally)| (coverage::place_of(cell), *tally)).collect();
        let transaction = self.begin().await?;
        coverage::add(&transaction, &cells).await?;
        note(&transaction, COUNTING_NOTE, &COUNTING.to_string()).await?;
        transaction.commit().await?;
        dialect::know_tables(&self.write).await?;
        Ok(cells.len() as u64)
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
