//! The four cubes of people, and what of them is published.

use crate::{Result, Store, dialect, entity::publication};
use domain::{
    coverage::{Cell, PublicCount, Step},
    places::UnitCode,
    time::Month,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value,
};
use std::collections::{BTreeMap, BTreeSet};

/// A cube's table with its dimensions; the month comes after them, then the people.
pub(crate) struct Cube {
    pub(crate) table: &'static str,
    pub(crate) dimensions: &'static [&'static str],
}

pub(crate) const CUBES: [Cube; 4] = [
    Cube { table: "tally_people", dimensions: &["unit", "track", "step", "witness", "sex", "age_band"] },
    Cube { table: "tally_skill", dimensions: &["unit", "skill", "step", "witness"] },
    Cube { table: "tally_ethnic", dimensions: &["unit", "track", "step", "ethnic_group"] },
    Cube { table: "tally_lesson", dimensions: &["unit", "lesson", "state"] },
];

/// A cell as it lies in its cube: which cube, its dimensions in the order of [`CUBES`], its month.
pub(crate) type Place = (usize, Vec<String>, i32);

pub(crate) fn place_of(cell: &Cell) -> Place {
    // The "any" row has an empty name: a primary key takes no NULL.
    let any = |name: Option<&str>| name.unwrap_or_default().to_owned();
    match cell {
        Cell::People { unit, track, step, witness, sex, age_band, month } => {
            let track = any(track.as_ref().map(|track| track.as_str()));
            let rest = [step.as_str(), witness.as_str(), sex.as_str(), age_band.as_str()];
            let dimensions = [unit.to_string(), track].into_iter().chain(rest.map(str::to_owned)).collect();
            (0, dimensions, month.number())
        }
        Cell::Skill { unit, skill, step, witness, month } => {
            let skill = any(skill.as_ref().map(|skill| skill.as_str()));
            let dimensions = vec![unit.to_string(), skill, step.as_str().to_owned(), witness.as_str().to_owned()];
            (1, dimensions, month.number())
        }
        Cell::Ethnic { unit, track, step, ethnic_group, month } => {
            let track = any(track.as_ref().map(|track| track.as_str()));
            let dimensions = vec![unit.to_string(), track, step.as_str().to_owned(), ethnic_group.as_str().to_owned()];
            (2, dimensions, month.number())
        }
        Cell::Lesson { unit, lesson, state, month } => {
            let lesson = any(lesson.as_ref().map(|lesson| lesson.as_str()));
            (3, vec![unit.to_string(), lesson, state.as_str().to_owned()], month.number())
        }
    }
}

/// Takes a person out of the cells they left and counts them in those they came to.
pub(crate) async fn move_person(
    db: &DatabaseTransaction,
    before: &BTreeSet<Cell>,
    after: &BTreeSet<Cell>,
) -> Result<(), DbErr> {
    let left = before.difference(after).map(|cell| (place_of(cell), -1));
    let come = after.difference(before).map(|cell| (place_of(cell), 1));
    add(db, &left.chain(come).collect()).await
}

/// Adds people to cells, always in the same order, so that two processes cannot wait for each other.
pub(crate) async fn add(db: &DatabaseTransaction, people: &BTreeMap<Place, i64>) -> Result<(), DbErr> {
    for (number, Cube { table, dimensions }) in CUBES.iter().enumerate() {
        let columns: Vec<&str> = dimensions.iter().copied().chain(["month", "people"]).collect();
        let rows = people.iter().filter(|((cube, ..), _)| *cube == number).map(|((_, names, month), people)| {
            let names = names.iter().map(|name| Value::from(name.as_str()));
            names.chain([(*month).into(), (*people).into()]).collect()
        });
        let rows = rows.collect();
        let key = dimensions.join(", ");
        let add = format!("ON CONFLICT ({key}, month) DO UPDATE SET people = {table}.people + excluded.people");
        dialect::insert_rows(db, table, &columns, rows, &add).await?;
    }
    Ok(())
}

/// What a public figure is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PublishedSubject {
    /// People of 15 and over who have heard a lesson of any track.
    AnyTrack,
    /// The same for one track.
    Track(String),
    /// People who completed a lesson.
    Lesson(String),
}

impl PublishedSubject {
    fn from_stored(stored: String) -> Self {
        match stored.as_str() {
            "" => Self::AnyTrack,
            lesson if lesson.contains('/') => Self::Lesson(stored),
            _ => Self::Track(stored),
        }
    }
}

/// The public figures of one month, already rounded; `None` for the unit is the province.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Publication {
    pub month: Month,
    pub figures: BTreeMap<(Option<UnitCode>, PublishedSubject), PublicCount>,
}

impl Store {
    /// Publishes the figures up to and including `month`, once: what is published is never changed. Returns whether this
    /// call did it.
    pub async fn publish(&self, month: Month) -> Result<bool> {
        let transaction = self.begin().await?;
        let done = publication::Entity::find().filter(publication::Column::Month.eq(month.number()));
        if done.finds_anything(&transaction).await? {
            return Ok(false);
        }
        let mut exact: BTreeMap<(String, String), i64> = BTreeMap::new();
        let heard = "SELECT unit, track, CAST(SUM(people) AS BIGINT) FROM tally_people \
            WHERE step = ? AND witness = 'self' AND age_band <> ? AND month <= ? GROUP BY unit, track";
        let under_15 = domain::accounts::AgeBand::Under15.as_str();
        let values = vec![Step::Heard.as_str().into(), under_15.into(), month.number().into()];
        let completed = "SELECT unit, lesson, CAST(SUM(people) AS BIGINT) FROM tally_lesson \
            WHERE state = 'completed' AND lesson <> '' AND month <= ? GROUP BY unit, lesson";
        for (sql, values) in [(heard, values), (completed, vec![month.number().into()])] {
            for row in transaction.query_all_raw(dialect::statement(&transaction, sql, values)).await? {
                let (unit, subject, people): (String, String, i64) =
                    (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
                // Each person lives in one unit, so the province is the sum; it is rounded on its own.
                *exact.entry((String::new(), subject.clone())).or_default() += people;
                *exact.entry((unit, subject)).or_default() += people;
            }
        }
        // Before anybody has learnt there is nothing to publish.
        if exact.values().all(|people| *people == 0) && publication::Entity::find().one(&transaction).await?.is_none() {
            return Ok(false);
        }
        // The province's "any" row stands in every published month: it says that the month was published.
        exact.entry((String::new(), String::new())).or_default();
        let rows = exact.into_iter().map(|((unit, subject), people)| {
            let public = PublicCount::of(people.unsigned_abs()).to_stored();
            vec![month.number().into(), unit.into(), subject.into(), public.into()]
        });
        let rows = rows.collect();
        let columns = ["month", "unit", "subject", "people"];
        dialect::insert_rows(&transaction, "publication", &columns, rows, "ON CONFLICT DO NOTHING").await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The newest month that is published.
    pub async fn published_month(&self) -> Result<Option<Month>> {
        let newest: Option<Option<i32>> = publication::Entity::find()
            .select_only()
            .column_as(publication::Column::Month.max(), "month")
            .into_tuple()
            .one(&self.read)
            .await?;
        Ok(newest.flatten().and_then(Month::from_number))
    }

    /// The public figures of a month.
    pub async fn publication(&self, month: Month) -> Result<Publication> {
        let rows = publication::Entity::find()
            .filter(publication::Column::Month.eq(month.number()))
            .order_by_asc(publication::Column::Unit)
            .all(&self.read)
            .await?;
        let figures = rows.into_iter().map(|row| {
            let subject = PublishedSubject::from_stored(row.subject);
            ((row.unit.parse().ok(), subject), PublicCount::from_stored(row.people))
        });
        Ok(Publication { month, figures: figures.collect() })
    }

    /// What was noted about the whole database under this name.
    pub async fn note(&self, name: &str) -> Result<Option<String>> {
        let row = crate::entity::note::Entity::find_by_id(name.to_owned()).one(&self.read).await?;
        Ok(row.map(|row| row.value))
    }
}

/// Whether a query finds anything.
trait FindsAnything {
    async fn finds_anything(self, db: &DatabaseTransaction) -> Result<bool, DbErr>;
}

impl<E: EntityTrait> FindsAnything for sea_orm::Select<E> {
    async fn finds_anything(self, db: &DatabaseTransaction) -> Result<bool, DbErr> {
        Ok(self.one(db).await?.is_some())
    }
}
