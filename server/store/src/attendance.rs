//! Who was there, and the class view: everybody of a class on one screen.

use crate::{
    Result, Store,
    classes::{Member, read_class, roster, theirs},
    dialect,
    entity::class,
    sync::{self, unreadable},
};
use chrono::NaiveDate;
use domain::{
    accounts::{Credentials, staff::StaffId},
    classes::{Attendance, Class, ClassId, MemberId},
    content::LessonId,
    time::{HOUR_MS, Millis, day_number},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, QueryResult, Value};
use std::collections::BTreeMap;

/// People without a name whom a trainer may count in one session: a village house holds no more.
pub const UNNAMED_MAX: u32 = 500;

/// Somebody marked, when and by whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    pub state: Attendance,
    pub at: Millis,
    pub by: Option<StaffId>,
}

/// A mark that was changed after the day itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Correction {
    pub member: MemberId,
    pub before: Option<Attendance>,
    pub after: Option<Attendance>,
    pub at: Millis,
    pub by: Option<StaffId>,
}

/// One day of a class.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Day {
    pub class: Class,
    pub day: NaiveDate,
    pub people: Vec<(Member, Option<Mark>)>,
    /// People who wanted no name on the list.
    pub unnamed: u32,
    pub corrections: Vec<Correction>,
    /// All days with a list, the newest first.
    pub days: Vec<NaiveDate>,
}

/// Where somebody is in a lesson, as their phone last said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaceNow {
    pub lesson: LessonId,
    /// A question's id, or a simulator's screen.
    pub place: String,
    pub wrong: u32,
    pub since: Millis,
    pub seen_at: Millis,
}

/// Somebody in the class view.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seated {
    pub member: Member,
    pub mark: Option<Mark>,
    pub at: Option<PlaceNow>,
    /// Finished lessons with the first day.
    pub finished: BTreeMap<LessonId, NaiveDate>,
    /// When a trainer last learnt with them on the trainer's phone, or saw them do something.
    pub visited_at: Option<Millis>,
}

/// Everybody of a class now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClassView {
    pub class: Class,
    pub people: Vec<Seated>,
    pub unnamed: u32,
}

fn state_of(text: &str) -> Result<Attendance, DbErr> {
    Attendance::parse(text).ok_or_else(|| unreadable("attendance", text))
}

async fn session_of(db: &impl ConnectionTrait, class: i64, day: NaiveDate) -> Result<Option<(i64, u32)>, DbErr> {
    let sql = "SELECT no, unnamed FROM class_session WHERE class = ? AND day = ?";
    let row = db.query_one_raw(dialect::statement(db, sql, vec![class.into(), day_number(day).into()])).await?;
    row.map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index::<i32>(1)? as u32))).transpose()
}

/// The session of a day, made when there is none.
async fn session(db: &DatabaseTransaction, class: i64, day: NaiveDate) -> Result<i64, DbErr> {
    let sql = "INSERT INTO class_session (class, day, unnamed) VALUES (?, ?, 0) ON CONFLICT (class, day) DO NOTHING";
    db.execute_raw(dialect::statement(db, sql, vec![class.into(), day_number(day).into()])).await?;
    let made = session_of(db, class, day).await?;
    made.map(|(no, _)| no).ok_or_else(|| DbErr::RecordNotFound("a session that was just made".to_owned()))
}

async fn marks(db: &impl ConnectionTrait, session: i64) -> Result<BTreeMap<i64, Mark>, DbErr> {
    let sql = "SELECT member, state, at, staff FROM attendance WHERE session = ?";
    let mark = |row: QueryResult| {
        let state = state_of(&row.try_get_by_index::<String>(1)?)?;
        let by = row.try_get_by_index::<String>(3)?.parse().ok();
        Ok((row.try_get_by_index(0)?, Mark { state, at: row.try_get_by_index(2)?, by }))
    };
    let rows = db.query_all_raw(dialect::statement(db, sql, vec![session.into()])).await?;
    rows.into_iter().map(mark).collect()
}

async fn corrections(db: &impl ConnectionTrait, session: i64) -> Result<Vec<Correction>, DbErr> {
    let sql = "SELECT m.id, a.before, a.after, a.at, a.staff FROM attendance_change a JOIN member m ON m.no = a.member \
        WHERE a.session = ? ORDER BY a.no";
    let state = |row: &QueryResult, at| -> Result<Option<Attendance>, DbErr> {
        row.try_get_by_index::<Option<String>>(at)?.as_deref().map(state_of).transpose()
    };
    let correction = |row: QueryResult| {
        Ok(Correction {
            member: MemberId(row.try_get_by_index(0)?),
            before: state(&row, 1)?,
            after: state(&row, 2)?,
            at: row.try_get_by_index(3)?,
            by: row.try_get_by_index::<String>(4)?.parse().ok(),
        })
    };
    let rows = db.query_all_raw(dialect::statement(db, sql, vec![session.into()])).await?;
    rows.into_iter().map(correction).collect()
}

async fn days(db: &impl ConnectionTrait, class: i64) -> Result<Vec<NaiveDate>, DbErr> {
    let sql = "SELECT day FROM class_session WHERE class = ? ORDER BY day DESC";
    let rows = db.query_all_raw(dialect::statement(db, sql, vec![class.into()])).await?;
    rows.into_iter().map(|row| sync::read_day(row.try_get_by_index(0)?)).collect()
}

impl Store {
    /// The list of a day.
    pub async fn class_day(&self, trainer: StaffId, id: ClassId, day: NaiveDate) -> Result<Option<Day>> {
        let Some(row) = theirs(&self.read, trainer, id).await? else { return Ok(None) };
        let (mut marks, mut unnamed, mut corrected) = (BTreeMap::new(), 0, Vec::new());
        if let Some((session, count)) = session_of(&self.read, row.no, day).await? {
            unnamed = count;
            marks = self::marks(&self.read, session).await?;
            corrected = corrections(&self.read, session).await?;
        }
        let people = roster(&self.read, row.no).await?;
        let people = people.into_iter().map(|(no, _, member)| (member, marks.get(&no).copied())).collect();
        let days = days(&self.read, row.no).await?;
        Ok(Some(Day { class: read_class(&row)?, day, people, unnamed, corrections: corrected, days }))
    }

    /// Marks somebody as there, late or excused on a day, or with `None` takes the mark back. What is changed after the day is kept
    /// as a correction, with who and when. `false` when there is no such person in a class of this trainer.
    pub async fn mark(
        &self,
        trainer: StaffId,
        id: ClassId,
        day: NaiveDate,
        member: MemberId,
        state: Option<Attendance>,
        now: Millis,
    ) -> Result<bool> {
        let transaction = self.begin().await?;
        let Some(of) = theirs(&transaction, trainer, id).await? else { return Ok(false) };
        let Some(no) = member_no(&transaction, &of, member).await? else { return Ok(false) };
        let session = session(&transaction, of.no, day).await?;
        dialect::lock_row(&transaction, "class_session", session).await?;
        let sql = "SELECT state FROM attendance WHERE session = ? AND member = ?";
        let values = vec![session.into(), no.into()];
        let before = transaction.query_one_raw(dialect::statement(&transaction, sql, values)).await?;
        let before = before.map(|row| row.try_get_by_index::<String>(0)).transpose()?;
        let after = state.map(|state| state.as_str().to_owned());
        if before == after {
            return Ok(true);
        }
        let by = trainer.to_string();
        match &after {
            Some(after) => {
                let sql = "INSERT INTO attendance (session, member, state, at, staff) VALUES (?, ?, ?, ?, ?) \
                    ON CONFLICT (session, member) DO UPDATE SET state = excluded.state, staff = excluded.staff";
                let values: Vec<Value> =
                    vec![session.into(), no.into(), after.as_str().into(), now.into(), by.clone().into()];
                transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
            }
            None => {
                let sql = "DELETE FROM attendance WHERE session = ? AND member = ?";
                let values = vec![session.into(), no.into()];
                transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
            }
        }
        if domain::time::day_of(now) != day {
            let sql =
                "INSERT INTO attendance_change (session, member, before, after, at, staff) VALUES (?, ?, ?, ?, ?, ?)";
            let values = vec![session.into(), no.into(), before.into(), after.into(), now.into(), by.into()];
            transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// How many were there who wanted no name on the list.
    pub async fn count_unnamed(&self, trainer: StaffId, id: ClassId, day: NaiveDate, people: u32) -> Result<bool> {
        let transaction = self.begin().await?;
        let Some(of) = theirs(&transaction, trainer, id).await? else { return Ok(false) };
        let session = session(&transaction, of.no, day).await?;
        let sql = "UPDATE class_session SET unnamed = ? WHERE no = ?";
        let values = vec![(people.min(UNNAMED_MAX) as i32).into(), session.into()];
        transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Everybody of a class now: who is there, who is where, who was helped. Six statements, however many events there are.
    pub async fn class_view(&self, trainer: StaffId, id: ClassId, day: NaiveDate) -> Result<Option<ClassView>> {
        let Some(row) = theirs(&self.read, trainer, id).await? else { return Ok(None) };
        let (mut marks, mut unnamed) = (BTreeMap::new(), 0);
        if let Some((session, count)) = session_of(&self.read, row.no, day).await? {
            unnamed = count;
            marks = self::marks(&self.read, session).await?;
        }
        let mut places = self.places_of(row.no).await?;
        let mut finished = self.finished_of(row.no).await?;
        let visited = self.visits_of(row.no, trainer).await?;
        let seated = |(no, learner, member): (i64, Option<i64>, Member)| Seated {
            mark: marks.get(&no).copied(),
            at: learner.and_then(|no| places.remove(&no)),
            finished: learner.and_then(|no| finished.remove(&no)).unwrap_or_default(),
            visited_at: learner.and_then(|no| visited.get(&no).copied()),
            member,
        };
        let people = roster(&self.read, row.no).await?.into_iter().map(seated).collect();
        Ok(Some(ClassView { class: read_class(&row)?, people, unnamed }))
    }

    async fn places_of(&self, class: i64) -> Result<BTreeMap<i64, PlaceNow>, DbErr> {
        let sql = "SELECT p.learner, p.lesson, p.place, p.wrong, p.since_at, p.seen_at FROM member_place p \
            JOIN member m ON m.learner = p.learner WHERE m.class = ?";
        let place = |row: QueryResult| {
            let lesson: String = row.try_get_by_index(1)?;
            let lesson = lesson.parse().map_err(|_| unreadable("lesson", &lesson))?;
            let place = PlaceNow {
                lesson,
                place: row.try_get_by_index(2)?,
                wrong: row.try_get_by_index::<i32>(3)? as u32,
                since: row.try_get_by_index(4)?,
                seen_at: row.try_get_by_index(5)?,
            };
            Ok((row.try_get_by_index(0)?, place))
        };
        let rows = self.read.query_all_raw(dialect::statement(&self.read, sql, vec![class.into()])).await?;
        rows.into_iter().map(place).collect()
    }

    async fn finished_of(&self, class: i64) -> Result<BTreeMap<i64, BTreeMap<LessonId, NaiveDate>>, DbErr> {
        let sql = "SELECT s.learner, s.lesson, s.day, s.month FROM lesson_standing s JOIN member m ON m.learner = s.learner \
            WHERE m.class = ? AND s.state = 'completed'";
        let mut finished: BTreeMap<i64, BTreeMap<LessonId, NaiveDate>> = BTreeMap::new();
        for row in self.read.query_all_raw(dialect::statement(&self.read, sql, vec![class.into()])).await? {
            let lesson: String = row.try_get_by_index(1)?;
            let lesson = lesson.parse().map_err(|_| unreadable("lesson", &lesson))?;
            let (day, month): (i32, i32) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
            let day = sync::read_day(if day == 0 { month * 100 + 1 } else { day })?;
            finished.entry(row.try_get_by_index(0)?).or_default().insert(lesson, day);
        }
        Ok(finished)
    }

    async fn visits_of(&self, class: i64, trainer: StaffId) -> Result<BTreeMap<i64, Millis>, DbErr> {
        let sql = "SELECT e.learner, MAX(e.received_at) FROM event e JOIN member m ON m.learner = e.learner \
            WHERE m.class = ? AND e.trainer = ? GROUP BY e.learner";
        let values = vec![class.into(), trainer.to_string().into()];
        let rows = self.read.query_all_raw(dialect::statement(&self.read, sql, values)).await?;
        rows.into_iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
    }

    /// Notes where somebody is in a lesson, for the trainer of a class that they joined; it is forgotten with the day. `false` when
    /// they are in no class that is open.
    pub async fn note_place(
        &self,
        who: &Credentials,
        lesson: &LessonId,
        place: &str,
        wrong: u32,
        now: Millis,
    ) -> Result<bool> {
        let transaction = self.begin().await?;
        let Some(learner) = sync::find(&transaction, who).await? else { return Ok(false) };
        let sql = "SELECT 1 FROM member m JOIN class c ON c.no = m.class WHERE m.learner = ? AND c.closed_at IS NULL";
        let values = vec![learner.no.into()];
        if transaction.query_one_raw(dialect::statement(&transaction, sql, values)).await?.is_none() {
            return Ok(false);
        }
        let old = "DELETE FROM member_place WHERE seen_at < ?";
        let values = vec![(now - PLACES_FOR).into()];
        transaction.execute_raw(dialect::statement(&transaction, old, values)).await?;
        let sql = "INSERT INTO member_place (learner, lesson, place, wrong, since_at, seen_at) VALUES (?, ?, ?, ?, ?, ?) \
            ON CONFLICT (learner) DO UPDATE SET \
            since_at = CASE WHEN member_place.lesson = excluded.lesson AND member_place.place = excluded.place \
                THEN member_place.since_at ELSE excluded.since_at END, \
            lesson = excluded.lesson, place = excluded.place, wrong = excluded.wrong, seen_at = excluded.seen_at";
        let values = vec![
            learner.no.into(),
            lesson.as_str().into(),
            place.into(),
            (wrong as i32).into(),
            now.into(),
            now.into(),
        ];
        transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// How long it is remembered where somebody was: as long as a class lasts, with its break.
const PLACES_FOR: Millis = 12 * HOUR_MS;

async fn member_no(db: &DatabaseTransaction, of: &class::Model, member: MemberId) -> Result<Option<i64>, DbErr> {
    let sql = "SELECT no FROM member WHERE id = ? AND class = ?";
    let row = db.query_one_raw(dialect::statement(db, sql, vec![member.0.into(), of.no.into()])).await?;
    row.map(|row| row.try_get_by_index(0)).transpose()
}
