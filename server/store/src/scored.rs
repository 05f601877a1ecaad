//! How finished lessons, simulators and drills went: rows that follow from the log alone.

use crate::{
    dialect,
    entity::{attempt, drill_run, practice_run, review_run},
    sync::unreadable,
};
use chrono::NaiveDate;
use domain::{
    content::LessonId,
    learn::Attempt,
    practice::{DrillScore, Held, Passed, Run},
    sync::{Applied, Event, What},
    time::day_number,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, Value,
};

const ATTEMPT: [&str; 7] = ["learner", "event", "lesson", "version", "right_at_first", "questions", "pass_percent"];
const RUN: [&str; 11] = [
    "learner",
    "event",
    "lesson",
    "version",
    "passed",
    "held",
    "mistakes",
    "recovered",
    "wrong_taps",
    "hints",
    "seconds",
];
const DRILL: [&str; 10] =
    ["learner", "event", "version", "held", "scams", "hits", "genuine", "false_alarms", "checked", "seconds"];

const REVIEW: [&str; 8] =
    ["learner", "event", "lesson", "version", "day", "right_at_first", "questions", "pass_percent"];

/// A table, its columns, and rows for it.
pub(crate) type TableRows = (&'static str, &'static [&'static str], Vec<Vec<Value>>);

/// Rows to be written.
#[derive(Default)]
pub(crate) struct Scored {
    attempts: Vec<Vec<Value>>,
    runs: Vec<Vec<Value>>,
    drills: Vec<Vec<Value>>,
    reviews: Vec<Vec<Value>>,
}

/// A finished simulator as its learner sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldRun {
    pub lesson: LessonId,
    pub held: Held,
    pub passed: Passed,
    pub mistakes: u16,
    pub recovered: u16,
    pub wrong_taps: u16,
    pub hints: u16,
    /// Time spent, in seconds.
    pub seconds: u32,
}

impl Scored {
    /// Notes what applying an event of a learner came to.
    pub(crate) fn push(&mut self, no: i64, event: &Event, day: NaiveDate, applied: &Applied) {
        let id = || -> [Value; 2] { [no.into(), event.id.into()] };
        let number = |number: u16| Value::from(i32::from(number));
        match (applied, &event.what) {
            (Applied::Marked(attempt), What::LessonFinished { lesson, version, .. }) => {
                let Attempt { right_at_first, questions, pass_percent } = *attempt;
                let names = [lesson.as_str(), version.as_str()].map(Value::from);
                let numbers = [right_at_first, questions, pass_percent].map(|of| number(of.into()));
                self.attempts.push(id().into_iter().chain(names).chain(numbers).collect());
            }
            (Applied::Practised(run), What::PracticeFinished { lesson, version, held, .. }) => {
                let Run { passed, mistakes, recovered, wrong_taps, hints, seconds, unaided: _ } = *run;
                let names = [lesson.as_str(), version.as_str(), passed.as_str(), event.seen.unwrap_or(*held).as_str()]
                    .map(Value::from);
                let numbers = [mistakes, recovered, wrong_taps, hints].map(number);
                let row = id().into_iter().chain(names).chain(numbers).chain([(seconds as i32).into()]);
                self.runs.push(row.collect());
            }
            (Applied::Drilled(score), What::DrillFinished { version, held, .. }) => {
                let DrillScore { scams, hits, genuine, false_alarms, checked, seconds } = *score;
                let names = [version.as_str(), event.seen.unwrap_or(*held).as_str()].map(Value::from);
                let numbers = [scams, hits, genuine, false_alarms, checked].map(number);
                let row = id().into_iter().chain(names).chain(numbers).chain([(seconds as i32).into()]);
                self.drills.push(row.collect());
            }
            (Applied::Reviewed(attempt), What::ReviewFinished { lesson, version, .. }) => {
                let Attempt { right_at_first, questions, pass_percent } = *attempt;
                let names = [lesson.as_str(), version.as_str()].map(Value::from);
                let numbers = [right_at_first, questions, pass_percent].map(|of| number(of.into()));
                let row = id().into_iter().chain(names).chain([day_number(day).into()]).chain(numbers);
                self.reviews.push(row.collect());
            }
            _ => {}
        }
    }

    pub(crate) async fn insert(self, db: &DatabaseTransaction) -> Result<(), DbErr> {
        for (table, columns, rows) in self.into_tables() {
            dialect::insert_rows(db, table, columns, rows, "").await?;
        }
        Ok(())
    }

    /// Tables with their columns and rows.
    pub(crate) fn into_tables(self) -> [TableRows; 4] {
        [
            ("attempt", &ATTEMPT[..], self.attempts),
            ("practice_run", &RUN, self.runs),
            ("drill_run", &DRILL, self.drills),
            ("review_run", &REVIEW, self.reviews),
        ]
    }
}

/// Removes all rows, before they are scored anew.
pub(crate) async fn clear(db: &DatabaseTransaction) -> Result<(), DbErr> {
    for table in ["attempt", "practice_run", "drill_run", "review_run"] {
        db.execute_unprepared(&format!("DELETE FROM {table}")).await?;
    }
    Ok(())
}

/// Removes the rows of a learner.
pub(crate) async fn forget(db: &DatabaseTransaction, no: i64) -> Result<(), DbErr> {
    attempt::Entity::delete_many().filter(attempt::Column::Learner.eq(no)).exec(db).await?;
    practice_run::Entity::delete_many().filter(practice_run::Column::Learner.eq(no)).exec(db).await?;
    drill_run::Entity::delete_many().filter(drill_run::Column::Learner.eq(no)).exec(db).await?;
    review_run::Entity::delete_many().filter(review_run::Column::Learner.eq(no)).exec(db).await?;
    Ok(())
}

fn lesson_of(name: &str) -> Result<LessonId, DbErr> {
    name.parse().map_err(|_| unreadable("lesson", name))
}

pub(crate) async fn attempts(db: &DatabaseConnection, no: i64) -> Result<Vec<(LessonId, Attempt)>, DbErr> {
    let rows = attempt::Entity::find().filter(attempt::Column::Learner.eq(no)).all(db).await?;
    let read = rows.into_iter().map(|row| {
        let attempt = Attempt {
            right_at_first: row.right_at_first as u8,
            questions: row.questions as u8,
            pass_percent: row.pass_percent as u8,
        };
        Ok((lesson_of(&row.lesson)?, attempt))
    });
    read.collect()
}

pub(crate) async fn runs(db: &DatabaseConnection, no: i64) -> Result<Vec<HeldRun>, DbErr> {
    let rows = practice_run::Entity::find().filter(practice_run::Column::Learner.eq(no)).all(db).await?;
    let read = rows.into_iter().map(|row| {
        Ok(HeldRun {
            lesson: lesson_of(&row.lesson)?,
            held: Held::parse(&row.held).ok_or_else(|| unreadable("holder", &row.held))?,
            passed: Passed::parse(&row.passed).ok_or_else(|| unreadable("pass", &row.passed))?,
            mistakes: row.mistakes as u16,
            recovered: row.recovered as u16,
            wrong_taps: row.wrong_taps as u16,
            hints: row.hints as u16,
            seconds: row.seconds as u32,
        })
    });
    read.collect()
}

pub(crate) async fn drills(db: &DatabaseConnection, no: i64) -> Result<Vec<(Held, DrillScore)>, DbErr> {
    let rows = drill_run::Entity::find().filter(drill_run::Column::Learner.eq(no)).all(db).await?;
    let read = rows.into_iter().map(|row| {
        let held = Held::parse(&row.held).ok_or_else(|| unreadable("holder", &row.held))?;
        let score = DrillScore {
            scams: row.scams as u16,
            hits: row.hits as u16,
            genuine: row.genuine as u16,
            false_alarms: row.false_alarms as u16,
            checked: row.checked as u16,
            seconds: row.seconds as u32,
        };
        Ok((held, score))
    });
    read.collect()
}

/// The boosters of a learner: how much of what was learnt was still there, and when.
pub(crate) async fn reviews(db: &DatabaseConnection, no: i64) -> Result<Vec<(LessonId, NaiveDate, Attempt)>, DbErr> {
    let rows = review_run::Entity::find().filter(review_run::Column::Learner.eq(no)).all(db).await?;
    let read = rows.into_iter().map(|row| {
        let attempt = Attempt {
            right_at_first: row.right_at_first as u8,
            questions: row.questions as u8,
            pass_percent: row.pass_percent as u8,
        };
        Ok((lesson_of(&row.lesson)?, crate::sync::read_day(row.day)?, attempt))
    });
    read.collect()
}
