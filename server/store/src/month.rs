//! One month of the cubes counted anew from standings: quicker than from the log, for when a month is doubted.

use crate::{
    Result, Store,
    coverage::{self, CUBES, Place, Tally},
    dialect, places,
    recount::{Recounted, compare_tallies},
    sync::unreadable,
};
use domain::{
    accounts::{AgeBand, BirthYear},
    places::{Homes, UnitCode},
    time::Month,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, QueryResult};
use std::collections::BTreeMap;

/// Learners grouped in one go: a database sorts so many in memory.
const LEARNERS_AT_ONCE: i64 = 50_000;

/// Who came to something in this month and not before, among learners of one range: for each cube its own rows and the "any"
/// row, which cannot be had by adding. For these `{subject}` is a dimension or an empty text, and `{same}` what an earlier row
/// must share. Few rows are of one month, and each asks only for its own learner's: nothing is sorted but what is counted.
struct Group {
    cube: usize,
    sql: &'static str,
}

const PEOPLE: Group = Group {
    cube: 0,
    sql: "SELECT l.unit, x.subject, x.step, x.witness, l.sex, l.birth_year, COUNT(*), CAST(SUM(l.record_key) AS BIGINT) \
        FROM (SELECT DISTINCT s.learner, {subject} AS subject, s.step, s.witness FROM standing s \
            WHERE s.learner > ? AND s.learner <= ? AND s.month = ? AND NOT EXISTS (SELECT 1 FROM standing e \
                WHERE e.learner = s.learner {same} AND e.step = s.step AND e.witness = s.witness AND e.month < s.month)) x \
        JOIN learner l ON l.no = x.learner GROUP BY l.unit, x.subject, x.step, x.witness, l.sex, l.birth_year",
};
const SKILL: Group = Group {
    cube: 1,
    sql: "SELECT l.unit, x.subject, x.step, x.witness, COUNT(*), CAST(SUM(l.record_key) AS BIGINT) \
        FROM (SELECT DISTINCT s.learner, {subject} AS subject, s.step, s.witness FROM standing s \
            WHERE s.learner > ? AND s.learner <= ? AND s.month = ? AND NOT EXISTS (SELECT 1 FROM standing e \
                WHERE e.learner = s.learner {same} AND e.step = s.step AND e.witness = s.witness AND e.month < s.month)) x \
        JOIN learner l ON l.no = x.learner GROUP BY l.unit, x.subject, x.step, x.witness",
};
const ETHNIC: Group = Group {
    cube: 2,
    sql: "SELECT l.unit, x.subject, x.step, l.ethnic_group, COUNT(*), CAST(SUM(l.record_key) AS BIGINT) \
        FROM (SELECT DISTINCT s.learner, {subject} AS subject, s.step FROM standing s \
            WHERE s.learner > ? AND s.learner <= ? AND s.month = ? AND NOT EXISTS (SELECT 1 FROM standing e \
                WHERE e.learner = s.learner {same} AND e.step = s.step AND e.month < s.month)) x \
        JOIN learner l ON l.no = x.learner WHERE l.ethnic_group IS NOT NULL \
        GROUP BY l.unit, x.subject, x.step, l.ethnic_group",
};
const LESSON: Group = Group {
    cube: 3,
    sql: "SELECT l.unit, x.subject, x.state, COUNT(*), CAST(SUM(l.record_key) AS BIGINT) \
        FROM (SELECT DISTINCT s.learner, {subject} AS subject, s.state FROM lesson_standing s \
            WHERE s.learner > ? AND s.learner <= ? AND s.month = ? AND NOT EXISTS (SELECT 1 FROM lesson_standing e \
                WHERE e.learner = s.learner {same} AND e.state = s.state AND e.month < s.month)) x \
        JOIN learner l ON l.no = x.learner GROUP BY l.unit, x.subject, x.state",
};

/// Cells of one month.
type Cells = BTreeMap<Place, Tally>;

impl Store {
    /// Counts one month of all cubes anew from standings and compares it with what is stored; with `write`, stores what was
    /// counted. Other writers wait meanwhile; memory does not grow with the number of people.
    pub async fn recount_month(&self, month: Month, write: bool) -> Result<Recounted> {
        let transaction = self.begin().await?;
        dialect::lock_log(&transaction).await?;
        let homes = places::homes(&transaction).await?;
        // Nobody writes now: what other connections read is what this transaction sees.
        let (mut cells, lessons) = futures::try_join!(
            count(&self.read, &[(PEOPLE, "track"), (SKILL, "skill"), (ETHNIC, "track")], month, &homes),
            count(&self.read, &[(LESSON, "lesson")], month, &homes),
        )?;
        cells.extend(lessons);
        let mut recounted = Recounted { cells: cells.len() as u64, ..Recounted::default() };
        compare_tallies(&transaction, &cells, Some(month), &mut recounted).await?;
        if write && recounted.differences_total > 0 {
            for cube in &CUBES {
                let sql = format!("DELETE FROM {} WHERE month = ?", cube.table);
                transaction.execute_raw(dialect::statement(&transaction, &sql, vec![month.number().into()])).await?;
            }
            coverage::add(&transaction, &cells).await?;
        }
        transaction.commit().await?;
        Ok(recounted)
    }
}

/// The greatest number that a learner has.
async fn learners(db: &DatabaseConnection) -> Result<i64, DbErr> {
    let row = db.query_one_raw(dialect::statement(db, "SELECT COALESCE(MAX(no), 0) FROM learner", vec![])).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

async fn count(db: &DatabaseConnection, groups: &[(Group, &str)], month: Month, homes: &Homes) -> Result<Cells, DbErr> {
    let mut cells = Cells::new();
    let last = learners(db).await?;
    let mut after = 0;
    while after < last {
        let until = after + LEARNERS_AT_ONCE;
        for (group, dimension) in groups {
            let own = (format!("s.{dimension}"), format!("AND e.{dimension} = s.{dimension}"));
            for (subject, same) in [own, ("''".to_owned(), String::new())] {
                let sql = group.sql.replace("{subject}", &subject).replace("{same}", &same);
                let values = vec![after.into(), until.into(), month.number().into()];
                for row in db.query_all_raw(dialect::statement(db, &sql, values)).await? {
                    let (place, tally) = cell(&row, group.cube, month, homes)?;
                    *cells.entry(place).or_default() += tally;
                }
            }
        }
        after = until;
    }
    Ok(cells)
}

/// A row as the cell that its people are in.
fn cell(row: &QueryResult, cube: usize, month: Month, homes: &Homes) -> Result<(Place, Tally), DbErr> {
    let width = CUBES[cube].dimensions.len();
    let mut names = Vec::with_capacity(width);
    for at in 0..width {
        names.push(match CUBES[cube].dimensions[at] {
            "age_band" => {
                let born: i32 = row.try_get_by_index(at)?;
                AgeBand::of(BirthYear::stored(born), month).as_str().to_owned()
            }
            "unit" => {
                let unit: String = row.try_get_by_index(at)?;
                let unit: UnitCode = unit.parse().map_err(|_| unreadable("unit", &unit))?;
                homes.of(unit).to_string()
            }
            _ => row.try_get_by_index(at)?,
        });
    }
    let tally = Tally { people: row.try_get_by_index(width)?, keys: row.try_get_by_index(width + 1)? };
    Ok(((cube, names, month.number()), tally))
}
