//! The four cubes of people, and the counts of a release.

use crate::{Result, Store, dialect, sync::unreadable};
use domain::{
    accounts::{AgeBand, EthnicGroup, Sex},
    content::TrackId,
    coverage::{Cell, Counted, Counts, LessonState, RecordKey, Step, Sum, Witness},
    places::Unit,
    time::Month,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryResult, Value};
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

/// What lies in a cell: people, and the sum of their record keys. Both may be differences.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Tally {
    pub(crate) people: i64,
    pub(crate) keys: i64,
}

impl Tally {
    pub(crate) fn one(key: RecordKey) -> Self {
        Self { people: 1, keys: key.into() }
    }
}

impl std::ops::Neg for Tally {
    type Output = Self;
    fn neg(self) -> Self {
        Self { people: -self.people, keys: -self.keys }
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.people += other.people;
        self.keys += other.keys;
    }
}

/// Takes a person out of the cells they left and counts them in those they came to.
pub(crate) async fn move_person(
    db: &DatabaseTransaction,
    key: RecordKey,
    before: &BTreeSet<Cell>,
    after: &BTreeSet<Cell>,
) -> Result<(), DbErr> {
    let left = before.difference(after).map(|cell| (place_of(cell), -Tally::one(key)));
    let come = after.difference(before).map(|cell| (place_of(cell), Tally::one(key)));
    add(db, &left.chain(come).collect()).await
}

/// Adds people to cells, always in the same order, so that two processes cannot wait for each other.
pub(crate) async fn add(db: &DatabaseTransaction, people: &BTreeMap<Place, Tally>) -> Result<(), DbErr> {
    for (number, Cube { table, dimensions }) in CUBES.iter().enumerate() {
        let columns: Vec<&str> = dimensions.iter().copied().chain(["month", "people", "keys"]).collect();
        let rows = people.iter().filter(|((cube, ..), _)| *cube == number).map(|((_, names, month), tally)| {
            let names = names.iter().map(|name| Value::from(name.as_str()));
            names.chain([(*month).into(), tally.people.into(), tally.keys.into()]).collect()
        });
        let rows = rows.collect();
        let key = dimensions.join(", ");
        let add = format!(
            "ON CONFLICT ({key}, month) DO UPDATE \
             SET people = {table}.people + excluded.people, keys = {table}.keys + excluded.keys"
        );
        dialect::insert_rows(db, table, &columns, rows, &add).await?;
    }
    Ok(())
}

/// Sums of one cube, by some of its dimensions.
const UNITS: &str = "SELECT unit, track, step, witness, month, CAST(SUM(people) AS BIGINT), \
    CAST(SUM(keys) AS BIGINT) FROM tally_people WHERE age_band <> '0-14' AND month <= ? \
    GROUP BY unit, track, step, witness, month";
const PERSONS: &str = "SELECT track, step, witness, sex, age_band, month, CAST(SUM(people) AS BIGINT), \
    CAST(SUM(keys) AS BIGINT) FROM tally_people WHERE month <= ? GROUP BY track, step, witness, sex, age_band, month";
const ETHNIC: &str = "SELECT track, step, ethnic_group, month, CAST(SUM(people) AS BIGINT), \
    CAST(SUM(keys) AS BIGINT) FROM tally_ethnic WHERE month <= ? GROUP BY track, step, ethnic_group, month";
const LESSONS: &str = "SELECT lesson, state, month, CAST(SUM(people) AS BIGINT), CAST(SUM(keys) AS BIGINT) \
    FROM tally_lesson WHERE lesson <> '' AND month <= ? GROUP BY lesson, state, month";

impl Store {
    /// True counts of all figures of a release up to the end of each of `months`. Reads cubes once, never people or events.
    pub async fn counts(&self, months: &[Month], units: &[Unit]) -> Result<Vec<Counts>> {
        let mut counts = vec![Counts::default(); months.len()];
        let last: Value = months.iter().max().map_or(0, |month| month.number()).into();
        for (sql, width) in [(UNITS, 4), (PERSONS, 5), (ETHNIC, 3), (LESSONS, 2)] {
            for row in self.read.query_all_raw(dialect::statement(&self.read, sql, vec![last.clone()])).await? {
                let names = (0..width).map(|at| row.try_get_by_index(at)).collect::<Result<Vec<String>, _>>()?;
                let month: i32 = row.try_get_by_index(width)?;
                let counted = Counted { people: whole(&row, width + 1)?, keys: whole(&row, width + 2)? };
                let sum = sum_of(&names)?;
                for (counts, up_to) in counts.iter_mut().zip(months) {
                    if month <= up_to.number() {
                        counts.add(&sum, counted, units);
                    }
                }
            }
        }
        Ok(counts)
    }

    /// The first month in which anybody has reached anything.
    pub async fn first_month(&self) -> Result<Option<Month>> {
        let sql = "SELECT MIN(month) FROM tally_people WHERE people > 0";
        let row = self.read.query_one_raw(dialect::statement(&self.read, sql, vec![])).await?;
        let month: Option<i32> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
        Ok(month.and_then(Month::from_number))
    }

    /// What was noted about the whole database under this name.
    pub async fn note(&self, name: &str) -> Result<Option<String>> {
        let row = crate::entity::note::Entity::find_by_id(name.to_owned()).one(&self.read).await?;
        Ok(row.map(|row| row.value))
    }
}

/// A sum that is never negative.
fn whole(row: &QueryResult, at: usize) -> Result<u64, DbErr> {
    let sum: i64 = row.try_get_by_index(at)?;
    u64::try_from(sum).map_err(|_| unreadable("count", &sum.to_string()))
}

/// Reads the dimensions of a sum; how many there are says of which cube.
fn sum_of(names: &[String]) -> Result<Sum, DbErr> {
    let track = |name: &String| -> Result<Option<TrackId>, DbErr> {
        if name.is_empty() { Ok(None) } else { Ok(Some(name.parse().map_err(|_| unreadable("track", name))?)) }
    };
    let step = |name: &String| Step::parse(name).ok_or_else(|| unreadable("step", name));
    let witness = |name: &String| Witness::parse(name).ok_or_else(|| unreadable("witness", name));
    Ok(match names {
        [unit, of, to, by] => {
            let unit = unit.parse().map_err(|_| unreadable("unit", unit))?;
            Sum::Unit(unit, track(of)?, step(to)?, witness(by)?)
        }
        [of, to, by, sex, age] => {
            let sex = Sex::parse(sex).ok_or_else(|| unreadable("sex", sex))?;
            let age = AgeBand::parse(age).ok_or_else(|| unreadable("age band", age))?;
            Sum::Person(track(of)?, step(to)?, witness(by)?, sex, age)
        }
        [of, to, group] => {
            let group = EthnicGroup::parse(group).ok_or_else(|| unreadable("ethnic group", group))?;
            Sum::Ethnic(track(of)?, step(to)?, group)
        }
        [lesson, state] => {
            let id = lesson.parse().map_err(|_| unreadable("lesson", lesson))?;
            Sum::Lesson(id, LessonState::parse(state).ok_or_else(|| unreadable("state", state))?)
        }
        _ => return Err(unreadable("sum", &names.join(" "))),
    })
}
