//! Counting everything anew from the log of events.

use crate::{
    Result, Store,
    bulk::note,
    coverage::{self, CUBES, Place, Tally},
    dialect,
    entity::{deed, event, learner, lesson_standing, standing},
    places,
    scored::{self, Scored},
    sync,
};
use domain::{
    coverage::{Cell, cells_of},
    places::Homes,
    sync::{Around, COUNTING, Record, counted_day},
    time::{Month, day_number},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value,
};
use std::collections::{BTreeMap, HashMap};

/// Learners looked at in one go: memory stays small, statements stay few.
const LEARNERS_AT_ONCE: u64 = 2_000;
/// Differences that are told one by one; the rest are counted.
const DIFFERENCES_TOLD: usize = 20;

/// The note that says by which rules a database was counted.
pub(crate) const COUNTING_NOTE: &str = "counting";

/// What was counted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Recounted {
    pub learners: u64,
    pub events: u64,
    pub cells: u64,
    /// The first differences between what was stored and what the log says, and how many there are.
    pub differences: Vec<Difference>,
    pub differences_total: u64,
}

/// A stored figure that the log does not bear out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Table and row.
    pub place: String,
    pub stored: String,
    pub counted: String,
}

impl Recounted {
    fn differ(&mut self, place: String, stored: impl ToString, counted: impl ToString) {
        self.differences_total += 1;
        if self.differences.len() < DIFFERENCES_TOLD {
            let (stored, counted) = (stored.to_string(), counted.to_string());
            self.differences.push(Difference { place, stored, counted });
        }
    }
}

impl Store {
    /// Counts everything anew and compares it with what is stored; with `write`, stores what was counted. Other writers wait
    /// meanwhile.
    pub async fn recount(&self, write: bool) -> Result<Recounted> {
        let transaction = self.begin().await?;
        dialect::lock_log(&transaction).await?;
        let mut recounted = Recounted::default();
        let mut tallies: HashMap<Cell, Tally> = HashMap::new();
        let homes = places::homes(&transaction).await?;
        if write {
            // What was finished is scored anew on the way.
            scored::clear(&transaction).await?;
        }
        let mut after = 0;
        loop {
            let learners = learner::Entity::find()
                .filter(learner::Column::No.gt(after))
                .order_by_asc(learner::Column::No)
                .limit(LEARNERS_AT_ONCE)
                .all(&transaction)
                .await?;
            let Some(last) = learners.last() else { break };
            let last = last.no;
            let goes = Goes { write, homes: &homes, after, last };
            self.recount_some(&transaction, &learners, &goes, &mut recounted, &mut tallies).await?;
            after = last;
        }
        let counted: BTreeMap<Place, Tally> =
            tallies.iter().map(|(cell, tally)| (coverage::place_of(cell), *tally)).collect();
        recounted.cells = counted.len() as u64;
        compare_tallies(&transaction, &counted, None, &mut recounted).await?;
        if write && recounted.differences_total > 0 {
            for cube in &CUBES {
                transaction.execute_unprepared(&format!("DELETE FROM {}", cube.table)).await?;
            }
            coverage::add(&transaction, &counted).await?;
        }
        if write {
            note(&transaction, COUNTING_NOTE, &COUNTING.to_string()).await?;
        }
        transaction.commit().await?;
        Ok(recounted)
    }

    /// Counts anew what a release with other rules has counted. Returns what was counted, or `None` when nothing was to be done.
    pub async fn recount_if_rules_changed(&self) -> Result<Option<Recounted>> {
        let rules = COUNTING.to_string();
        if self.note(COUNTING_NOTE).await?.as_ref() == Some(&rules) {
            return Ok(None);
        }
        if self.holds_anybody().await? {
            return self.recount(true).await.map(Some);
        }
        self.set_note(COUNTING_NOTE, &rules).await?;
        Ok(None)
    }

    async fn recount_some(
        &self,
        db: &DatabaseTransaction,
        learners: &[learner::Model],
        goes: &Goes<'_>,
        recounted: &mut Recounted,
        tallies: &mut HashMap<Cell, Tally>,
    ) -> Result<()> {
        let Goes { write, homes, after, last } = *goes;
        let mut events: HashMap<i64, Vec<event::Model>> = HashMap::new();
        let log = event::Entity::find()
            .filter(event::Column::Learner.gt(after))
            .filter(event::Column::Learner.lte(last))
            .order_by_asc(event::Column::Learner)
            .order_by_asc(event::Column::Seq);
        for row in log.all(db).await? {
            recounted.events += 1;
            events.entry(row.learner).or_default().push(row);
        }
        let mut stored = stored_standings(db, after, last).await?;
        let mut rows = Rows::default();
        for row in learners {
            recounted.learners += 1;
            let events = events.remove(&row.no).unwrap_or_default();
            let Some(mut record) = self.replay(db, row.no, &events, &mut rows.scored).await? else {
                recounted.differ(format!("learner {}", row.no), "a learner", "no registration in the log");
                continue;
            };
            record.person.key = sync::key_of(row);
            let told = sync::told(&record);
            if told != sync::told_in(row) {
                recounted.differ(format!("profile of learner {}", row.no), "another", "what the log says");
                rows.told.push((row.no, told));
            }
            let was = stored.remove(&row.no).unwrap_or_default();
            let now = standings_of(&record);
            if was != now {
                let place = format!("standing of learner {}", row.no);
                recounted.differ(place, format!("{} facts", was.len()), format!("{} facts", now.len()));
                rows.wrong.push(row.no);
                for (standing, month) in &record.person.standings {
                    rows.standings.push(sync::standing_row(row.no, standing, *month));
                }
                for ((lesson, state), day) in &record.person.lessons {
                    rows.lessons.push(sync::lesson_row(row.no, lesson, *state, *day));
                }
                for (deed, day) in record.person.deeds.iter() {
                    rows.deeds.push(sync::deed_row(row.no, deed, day));
                }
            }
            for cell in cells_of(&record.person, homes.of(record.person.profile.unit)) {
                *tallies.entry(cell).or_default() += Tally::one(record.person.key);
            }
        }
        for orphan in stored.keys() {
            recounted.differ(format!("standing of learner {orphan}"), "facts", "no such learner");
        }
        if write {
            rows.write(db, stored.into_keys().collect()).await?;
        }
        Ok(())
    }

    /// What the events of one learner add up to; what they finished is scored anew on the way.
    async fn replay(
        &self,
        db: &DatabaseTransaction,
        no: i64,
        events: &[event::Model],
        scored: &mut Scored,
    ) -> Result<Option<Record>> {
        let mut record: Option<Record> = None;
        for row in events.iter().filter(|row| !row.set_aside) {
            let event = sync::read_event(row)?;
            let known = self.known(db, event.what.needs()).await?;
            // A unit that was abolished since was a unit when this was taken in.
            let day = counted_day(sync::month_of(row.month)?, event.at, row.received_at);
            let around = Around {
                day,
                this_year: Month::of(row.received_at).year(),
                unit_known: &|_| true,
                known: known.as_deref(),
            };
            match &mut record {
                None => record = Record::begin(&event, &around).ok(),
                Some(record) => {
                    if let Ok(applied) = record.apply(&event, &around) {
                        scored.push(no, &event, day, &applied);
                    }
                }
            }
        }
        Ok(record)
    }
}

/// Lets the next start count everything anew.
pub(crate) async fn forget_rules(db: &DatabaseTransaction) -> Result<(), DbErr> {
    let sql = "DELETE FROM note WHERE name = ?";
    db.execute_raw(dialect::statement(db, sql, vec![COUNTING_NOTE.into()])).await?;
    Ok(())
}

/// A learner's facts in one comparable form: what, and its month or day.
type Facts = BTreeMap<[String; 4], i32>;

fn standings_of(record: &Record) -> Facts {
    let standings = record.person.standings.iter().map(|(standing, month)| {
        let names =
            [standing.track.as_str(), standing.skill.as_str(), standing.step.as_str(), standing.witness.as_str()];
        (names.map(str::to_owned), month.number())
    });
    let lessons =
        record.person.lessons.iter().map(|((lesson, state), day)| {
            (["", "", lesson.as_str(), state.as_str()].map(str::to_owned), day_number(*day))
        });
    let deeds = record.person.deeds.iter().map(|(deed, day)| deed_fact(deed.kind(), deed.about(), day_number(day)));
    standings.chain(lessons).chain(deeds).collect()
}

/// A deed is a fact for each of its days.
fn deed_fact(kind: &str, about: &str, day: i32) -> ([String; 4], i32) {
    (["deed", kind, about, &day.to_string()].map(str::to_owned), day)
}

async fn stored_standings(db: &DatabaseTransaction, after: i64, last: i64) -> Result<HashMap<i64, Facts>, DbErr> {
    let mut stored: HashMap<i64, Facts> = HashMap::new();
    let column = standing::Column::Learner;
    for row in standing::Entity::find().filter(column.gt(after)).filter(column.lte(last)).all(db).await? {
        let names = [row.track, row.skill, row.step, row.witness];
        stored.entry(row.learner).or_default().insert(names, row.month);
    }
    let column = lesson_standing::Column::Learner;
    for row in lesson_standing::Entity::find().filter(column.gt(after)).filter(column.lte(last)).all(db).await? {
        let names = [String::new(), String::new(), row.lesson, row.state];
        stored.entry(row.learner).or_default().insert(names, row.day);
    }
    let column = deed::Column::Learner;
    for row in deed::Entity::find().filter(column.gt(after)).filter(column.lte(last)).all(db).await? {
        let (names, day) = deed_fact(&row.deed, &row.about, row.day);
        stored.entry(row.learner).or_default().insert(names, day);
    }
    Ok(stored)
}

/// Which learners are counted in one go, and how.
#[derive(Clone, Copy)]
struct Goes<'a> {
    write: bool,
    homes: &'a Homes,
    after: i64,
    last: i64,
}

/// Compares the cubes, or one month of them, with what was counted.
pub(crate) async fn compare_tallies(
    db: &DatabaseTransaction,
    counted: &BTreeMap<Place, Tally>,
    month: Option<Month>,
    recounted: &mut Recounted,
) -> Result<(), DbErr> {
    let mut stored: BTreeMap<Place, Tally> = BTreeMap::new();
    for (number, cube) in CUBES.iter().enumerate() {
        let columns = cube.dimensions.join(", ");
        let of = month.map(|_| " AND month = ?").unwrap_or_default();
        let sql =
            format!("SELECT {columns}, month, people, keys FROM {} WHERE (people <> 0 OR keys <> 0){of}", cube.table);
        let values = month.map(|month| month.number().into()).into_iter().collect();
        for row in db.query_all_raw(dialect::statement(db, &sql, values)).await? {
            let width = cube.dimensions.len();
            let names = (0..width).map(|at| row.try_get_by_index(at)).collect::<Result<Vec<String>, _>>()?;
            let tally = Tally { people: row.try_get_by_index(width + 1)?, keys: row.try_get_by_index(width + 2)? };
            stored.insert((number, names, row.try_get_by_index(width)?), tally);
        }
    }
    let all: std::collections::BTreeSet<&Place> = stored.keys().chain(counted.keys()).collect();
    for place in all {
        let tally = |tallies: &BTreeMap<Place, Tally>| tallies.get(place).copied().unwrap_or_default();
        let (was, is) = (tally(&stored), tally(counted));
        if was != is {
            let (cube, names, month) = place;
            // The sum of keys is a secret: it is only said that it is another.
            let said = |of: Tally, other: Tally| match of.people == other.people {
                true => format!("{}, other keys", of.people),
                false => of.people.to_string(),
            };
            let place = format!("{} {} {month}", CUBES[*cube].table, names.join(" "));
            recounted.differ(place, said(was, is), said(is, was));
        }
    }
    Ok(())
}

/// Rows to be written for one go of learners.
#[derive(Default)]
struct Rows {
    wrong: Vec<i64>,
    told: Vec<(i64, Vec<Value>)>,
    standings: Vec<Vec<Value>>,
    lessons: Vec<Vec<Value>>,
    deeds: Vec<Vec<Value>>,
    scored: Scored,
}

impl Rows {
    async fn write(self, db: &DatabaseTransaction, orphans: Vec<i64>) -> Result<(), DbErr> {
        let wrong: Vec<i64> = self.wrong.into_iter().chain(orphans).collect();
        if !wrong.is_empty() {
            standing::Entity::delete_many().filter(standing::Column::Learner.is_in(wrong.clone())).exec(db).await?;
            let lessons = lesson_standing::Column::Learner.is_in(wrong.clone());
            lesson_standing::Entity::delete_many().filter(lessons).exec(db).await?;
            deed::Entity::delete_many().filter(deed::Column::Learner.is_in(wrong)).exec(db).await?;
        }
        for (no, told) in self.told {
            sync::retell(db, no, told).await?;
        }
        dialect::insert_rows(db, "standing", &sync::STANDING, self.standings, "").await?;
        dialect::insert_rows(db, "lesson_standing", &sync::LESSON_STANDING, self.lessons, "").await?;
        dialect::insert_rows(db, "deed", &sync::DEED, self.deeds, "").await?;
        self.scored.insert(db).await
    }
}
