//! The intake: events come in as often as they like, and each is counted once.

use crate::{
    Result, Store, StoreError, classes, coverage, dialect,
    entity::{alias, deed, event, learner, lesson_standing, standing, tombstone},
    places,
    scored::Scored,
};
use chrono::NaiveDate;
use domain::{
    accounts::{APPEND_LABEL, BirthYear, Credentials, EthnicGroup, LearnerId, Profile, Secret, Sex, staff::StaffId},
    coverage::{LessonState, Person, RecordKey, Standing, Step, Witness, cells_of},
    learn::Deed,
    places::UnitCode,
    practice::Held,
    sync::{Applied, Around, Event, Known, Outcome, Record, Refusal, What, counted_day, counted_month, is_absurd},
    time::{Millis, Month, day_from_number, day_number, day_of},
};
use hmac::{Hmac, Mac};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set, Value,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Events of one learner that may wait for a content version this server does not know: a phone that was updated early,
/// not somebody filling the disk.
const SET_ASIDE_MAX: u64 = 200;

/// What a sender proves itself with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Proof {
    /// The learner's secret.
    Secret,
    /// The token that only appends what was learnt ([`APPEND_LABEL`]); it stands where the secret would.
    Append,
    /// A trainer whose class the learner is in, for what was done before their eyes; the secret says nothing.
    Trainer(StaffId),
}

impl Proof {
    fn trainer(self) -> Option<StaffId> {
        if let Self::Trainer(trainer) = self { Some(trainer) } else { None }
    }
}

/// Who sends, and what the house knows at that moment.
pub struct Intake<'a> {
    pub from: &'a Credentials,
    pub proof: Proof,
    pub received_at: Millis,
    /// Whether a unit exists today.
    pub unit_known: &'a (dyn Fn(UnitCode) -> bool + Sync),
}

#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// No such learner, or not with this secret: the same answer.
    #[error("no learner with this id and secret")]
    NotYours,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbErr> for IntakeError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

pub(crate) fn hash_of(secret: &Secret) -> Vec<u8> {
    Sha256::digest(secret.0).to_vec()
}

/// What is kept of the token that only appends.
pub(crate) fn append_hash_of(secret: &Secret) -> Vec<u8> {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&secret.0) else { return Vec::new() };
    mac.update(APPEND_LABEL);
    Sha256::digest(mac.finalize().into_bytes()).to_vec()
}

/// The learner, when the secret is theirs, by the id of any of their phones. Compares hashes, so that time tells nothing about
/// the secret.
pub(crate) async fn find(db: &impl ConnectionTrait, who: &Credentials) -> Result<Option<learner::Model>, DbErr> {
    find_by(db, who, Proof::Secret).await
}

async fn find_by(db: &impl ConnectionTrait, who: &Credentials, proof: Proof) -> Result<Option<learner::Model>, DbErr> {
    if let Proof::Trainer(trainer) = proof {
        return classes::learner_of(db, who.id, trainer).await;
    }
    let hash = hash_of(&who.secret);
    if let Some(row) = learner::Entity::find().filter(learner::Column::Id.eq(who.id.0)).one(db).await? {
        let is_theirs = match proof {
            Proof::Secret => row.secret_hash == hash,
            Proof::Append => row.append_hash.as_ref() == Some(&hash),
            Proof::Trainer(_) => false,
        };
        return Ok(Some(row).filter(|_| is_theirs));
    }
    let column = match proof {
        Proof::Secret => alias::Column::SecretHash,
        Proof::Append | Proof::Trainer(_) => alias::Column::AppendHash,
    };
    let alias = alias::Entity::find_by_id(who.id.0).filter(column.eq(hash)).one(db).await?;
    match alias {
        Some(alias) => learner::Entity::find_by_id(alias.learner).one(db).await,
        None => Ok(None),
    }
}

/// What a row says about a person. Rows were checked when they were written.
pub(crate) fn profile_of(row: &learner::Model) -> Result<Profile, DbErr> {
    profile_from(&row.unit, row.birth_year, &row.sex)
}

pub(crate) fn profile_from(unit: &str, birth_year: i32, sex: &str) -> Result<Profile, DbErr> {
    let sex = Sex::parse(sex).ok_or_else(|| unreadable("sex", sex))?;
    let unit = unit.parse().map_err(|_| unreadable("unit", unit))?;
    Ok(Profile { unit, birth_year: BirthYear::stored(birth_year), sex })
}

pub(crate) fn unreadable(what: &str, value: &str) -> DbErr {
    DbErr::Type(format!("the database holds a {what} that this program does not know: {value:?}"))
}

pub(crate) fn month_of(number: i32) -> Result<Month, DbErr> {
    Month::from_number(number).ok_or_else(|| unreadable("month", &number.to_string()))
}

pub(crate) fn standing_of(row: standing::Model) -> Result<(Standing, Month), DbErr> {
    let track = row.track.parse().map_err(|_| unreadable("track", &row.track))?;
    let skill = row.skill.parse().map_err(|_| unreadable("skill", &row.skill))?;
    let step = Step::parse(&row.step).ok_or_else(|| unreadable("step", &row.step))?;
    let witness = Witness::parse(&row.witness).ok_or_else(|| unreadable("witness", &row.witness))?;
    Ok((Standing { track, skill, step, witness }, month_of(row.month)?))
}

pub(crate) fn lesson_of(
    row: lesson_standing::Model,
) -> Result<((domain::content::LessonId, LessonState), NaiveDate), DbErr> {
    let lesson = row.lesson.parse().map_err(|_| unreadable("lesson", &row.lesson))?;
    let state = LessonState::parse(&row.state).ok_or_else(|| unreadable("state", &row.state))?;
    // Before days were kept, the first of the month stands for all of it.
    let day = if row.day == 0 { row.month * 100 + 1 } else { row.day };
    Ok(((lesson, state), read_day(day)?))
}

pub(crate) fn read_day(number: i32) -> Result<NaiveDate, DbErr> {
    day_from_number(number).ok_or_else(|| unreadable("day", &number.to_string()))
}

pub(crate) fn deed_of(row: deed::Model) -> Result<(Deed, NaiveDate), DbErr> {
    let deed = Deed::parse(&row.deed, &row.about).ok_or_else(|| unreadable("deed", &row.deed))?;
    Ok((deed, read_day(row.day)?))
}

/// The learner's record as it stands.
pub(crate) async fn load(db: &DatabaseTransaction, row: &learner::Model) -> Result<Record, DbErr> {
    let mut person = Person::new(profile_of(row)?);
    person.key = key_of(row);
    person.ethnic_group = row.ethnic_group.as_deref().and_then(EthnicGroup::parse);
    for row in standing::Entity::find().filter(standing::Column::Learner.eq(row.no)).all(db).await? {
        let (standing, month) = standing_of(row)?;
        person.standings.insert(standing, month);
    }
    for row in lesson_standing::Entity::find().filter(lesson_standing::Column::Learner.eq(row.no)).all(db).await? {
        let (lesson, day) = lesson_of(row)?;
        person.lessons.insert(lesson, day);
    }
    for row in deed::Entity::find().filter(deed::Column::Learner.eq(row.no)).all(db).await? {
        let (deed, day) = deed_of(row)?;
        person.deeds.note(deed, day);
    }
    Ok(Record { person, profile_no: row.profile_no as u32, ethnic_no: row.ethnic_no as u32 })
}

/// Writes what changed between two records: standings, profile, tallies.
pub(crate) async fn save(
    db: &DatabaseTransaction,
    no: i64,
    before: Option<&Record>,
    after: &Record,
) -> Result<(), DbErr> {
    let changed = |standing: &Standing, month: &Month| {
        before.is_none_or(|before| before.person.standings.get(standing) != Some(month))
    };
    let rows = after.person.standings.iter().filter(|(standing, month)| changed(standing, month));
    let rows = rows.map(|(standing, month)| standing_row(no, standing, *month)).collect();
    let earlier = "ON CONFLICT (learner, skill, step, witness) DO UPDATE SET month = excluded.month";
    dialect::insert_rows(db, "standing", &STANDING, rows, earlier).await?;
    let changed = |key: &(domain::content::LessonId, LessonState), day: &NaiveDate| {
        before.is_none_or(|before| before.person.lessons.get(key) != Some(day))
    };
    let rows = after.person.lessons.iter().filter(|(key, day)| changed(key, day));
    let rows = rows.map(|((lesson, state), day)| lesson_row(no, lesson, *state, *day)).collect();
    let earlier = "ON CONFLICT (learner, lesson, state) DO UPDATE SET month = excluded.month, day = excluded.day";
    dialect::insert_rows(db, "lesson_standing", &LESSON_STANDING, rows, earlier).await?;
    save_deeds(db, no, before, after).await?;
    if before.is_some_and(|before| told(before) != told(after)) {
        retell(db, no, told(after)).await?;
    }
    let homes = places::homes(db).await?;
    let cells = |record: &Record| cells_of(&record.person, homes.of(record.person.profile.unit));
    let before = before.map(cells).unwrap_or_default();
    coverage::move_person(db, after.person.key, &before, &cells(after)).await
}

/// A learner's record key, 0 to 255; it was checked when it was drawn.
pub(crate) fn key_of(row: &learner::Model) -> RecordKey {
    row.record_key.and_then(|key| RecordKey::try_from(key).ok()).unwrap_or_default()
}

/// Draws a record key.
pub(crate) fn new_key() -> Result<RecordKey, DbErr> {
    let mut key = [0];
    getrandom::fill(&mut key).map_err(|error| DbErr::Custom(format!("the system gives no randomness: {error}")))?;
    Ok(key[0])
}

/// Writes the days of deeds that are new, and removes those that an earlier day took the place of.
async fn save_deeds(db: &DatabaseTransaction, no: i64, before: Option<&Record>, after: &Record) -> Result<(), DbErr> {
    let all = |record: &Record| -> BTreeSet<(Deed, NaiveDate)> {
        record.person.deeds.iter().map(|(deed, day)| (deed.clone(), day)).collect()
    };
    let (before, after) = (before.map(all).unwrap_or_default(), all(after));
    for (deed, day) in before.difference(&after) {
        let key = (no, deed.kind().to_owned(), deed.about().to_owned(), day_number(*day));
        deed::Entity::delete_by_id(key).exec(db).await?;
    }
    let rows = after.difference(&before).map(|(deed, day)| deed_row(no, deed, *day)).collect();
    dialect::insert_rows(db, "deed", &DEED, rows, "").await
}

/// What the learner told, as the columns of `learner` hold it.
pub(crate) fn told(record: &Record) -> Vec<Value> {
    let Profile { unit, birth_year, sex } = record.person.profile;
    vec![
        unit.as_str().into(),
        birth_year.get().into(),
        sex.as_str().into(),
        record.person.ethnic_group.map(|group| group.as_str().to_owned()).into(),
        i64::from(record.profile_no).into(),
        i64::from(record.ethnic_no).into(),
    ]
}

/// The same as a row holds it.
pub(crate) fn told_in(row: &learner::Model) -> Vec<Value> {
    vec![
        row.unit.as_str().into(),
        row.birth_year.into(),
        row.sex.as_str().into(),
        row.ethnic_group.clone().into(),
        row.profile_no.into(),
        row.ethnic_no.into(),
    ]
}

/// Writes what a learner told, from [`told`].
pub(crate) async fn retell(db: &DatabaseTransaction, no: i64, mut told: Vec<Value>) -> Result<(), DbErr> {
    let sql = "UPDATE learner SET unit = ?, birth_year = ?, sex = ?, ethnic_group = ?, profile_no = ?, ethnic_no = ? \
        WHERE no = ?";
    told.push(no.into());
    db.execute_raw(dialect::statement(db, sql, told)).await?;
    Ok(())
}

pub(crate) const STANDING: [&str; 6] = ["learner", "track", "skill", "step", "witness", "month"];
pub(crate) const LESSON_STANDING: [&str; 5] = ["learner", "lesson", "state", "month", "day"];
pub(crate) const DEED: [&str; 4] = ["learner", "deed", "about", "day"];
pub(crate) const EVENT: [&str; 11] =
    ["learner", "id", "kind", "at", "no", "received_at", "month", "what", "set_aside", "seen", "trainer"];

pub(crate) fn standing_row(no: i64, standing: &Standing, month: Month) -> Vec<Value> {
    let Standing { track, skill, step, witness } = standing;
    let names = [track.as_str(), skill.as_str(), step.as_str(), witness.as_str()];
    let names = names.into_iter().map(Value::from);
    [no.into()].into_iter().chain(names).chain([month.number().into()]).collect()
}

pub(crate) fn lesson_row(
    no: i64,
    lesson: &domain::content::LessonId,
    state: LessonState,
    day: NaiveDate,
) -> Vec<Value> {
    let month = Month::of_day(day).number();
    vec![no.into(), lesson.as_str().into(), state.as_str().into(), month.into(), day_number(day).into()]
}

pub(crate) fn deed_row(no: i64, deed: &Deed, day: NaiveDate) -> Vec<Value> {
    vec![no.into(), deed.kind().into(), deed.about().into(), day_number(day).into()]
}

pub(crate) fn event_row(
    no: i64,
    event: &Event,
    received_at: Millis,
    month: Month,
    set_aside: bool,
    trainer: Option<StaffId>,
) -> Result<Vec<Value>, DbErr> {
    let what = serde_json::to_string(&event.what).map_err(|error| DbErr::Json(error.to_string()))?;
    Ok(vec![
        no.into(),
        event.id.into(),
        event.what.kind().into(),
        event.at.into(),
        i64::from(event.no).into(),
        received_at.into(),
        month.number().into(),
        what.into(),
        set_aside.into(),
        event.seen.map(|held| held.as_str().to_owned()).into(),
        trainer.map(|trainer| trainer.to_string()).into(),
    ])
}

impl Store {
    /// Takes in a batch of one learner's events, all or nothing of what is new, and says what became of each. An event that
    /// could not be read comes as its refusal, so that the answers stay in order.
    ///
    /// A learner who is not known yet is registered by the first event.
    pub async fn take_in(
        &self,
        intake: &Intake<'_>,
        events: &[Result<Event, Refusal>],
    ) -> Result<Vec<Outcome>, IntakeError> {
        // A second round only when another process registers the same learner at this very moment.
        for _ in 0..2 {
            if let Some(outcomes) = self.try_take_in(intake, events).await? {
                return Ok(outcomes);
            }
        }
        Err(DbErr::Custom("a learner was registered twice at once, and again".to_owned()).into())
    }

    async fn try_take_in(
        &self,
        intake: &Intake<'_>,
        events: &[Result<Event, Refusal>],
    ) -> Result<Option<Vec<Outcome>>, IntakeError> {
        let transaction = self.begin().await?;
        let id = intake.from.id;
        if tombstone::Entity::find_by_id(id.0).one(&transaction).await?.is_some() {
            return Ok(Some(vec![Outcome::Refused(Refusal::Erased); events.len()]));
        }
        let exists = lock_learner(&transaction, id).await?;
        let mut batch = Batch { store: self, db: &transaction, intake, rows: vec![], scored: Scored::default() };
        let (no, before, mut record, made_at, first) = if exists {
            let row = find_by(&transaction, intake.from, intake.proof).await?.ok_or(IntakeError::NotYours)?;
            if row.append_hash.is_none() && row.id == id.0 && intake.proof == Proof::Secret {
                let sql = "UPDATE learner SET append_hash = ? WHERE no = ?";
                let values = vec![append_hash_of(&intake.from.secret).into(), row.no.into()];
                transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
            }
            let record = load(&transaction, &row).await?;
            (row.no, Some(record.clone()), record, row.made_at, None)
        } else if intake.proof != Proof::Secret {
            return Err(IntakeError::NotYours);
        } else {
            match batch.register(events.first()).await? {
                Registration::Done { no, record, made_at } => {
                    (no, Some(record.clone()), record, made_at, Some(Outcome::Stored))
                }
                Registration::Refused(refusal) => {
                    let mut outcomes = vec![Outcome::Refused(Refusal::NotRegistered); events.len()];
                    outcomes[0] = Outcome::Refused(refusal);
                    return Ok(Some(outcomes));
                }
                Registration::Raced => return Ok(None),
            }
        };
        let known = batch.known(no, events).await?;
        let outcomes = batch.apply(no, made_at, &mut record, events, known, first).await?;
        if batch.rows.is_empty() {
            transaction.commit().await?;
            return Ok(Some(outcomes));
        }
        let Batch { rows, scored, .. } = batch;
        dialect::insert_rows(&transaction, "event", &EVENT, rows, "ON CONFLICT (learner, id) DO NOTHING").await?;
        scored.insert(&transaction).await?;
        save(&transaction, no, before.as_ref(), &record).await?;
        transaction.commit().await?;
        Ok(Some(outcomes))
    }

    /// Registers somebody within a transaction, by a trainer who recorded their consent. Gives the learner's number; `None` when the
    /// profile cannot be.
    pub(crate) async fn register_in(
        &self,
        db: &DatabaseTransaction,
        who: &Credentials,
        event: Event,
        unit_known: &(dyn Fn(UnitCode) -> bool + Sync),
        now: Millis,
    ) -> Result<Option<i64>> {
        let intake = Intake { from: who, proof: Proof::Secret, received_at: now, unit_known };
        let mut batch = Batch { store: self, db, intake: &intake, rows: vec![], scored: Scored::default() };
        match batch.register(Some(&Ok(event))).await {
            Ok(Registration::Done { no, record, .. }) => {
                let rows = batch.rows;
                dialect::insert_rows(db, "event", &EVENT, rows, "").await?;
                save(db, no, None, &record).await?;
                Ok(Some(no))
            }
            Ok(Registration::Refused(_) | Registration::Raced) | Err(IntakeError::NotYours) => Ok(None),
            Err(IntakeError::Store(error)) => Err(error),
        }
    }

    /// Changes what a learner told, within a transaction, by a trainer whom they told it. `false` when the profile cannot be.
    pub(crate) async fn retell_in(
        &self,
        db: &DatabaseTransaction,
        no: i64,
        profile: Profile,
        guardian: bool,
        unit_known: &(dyn Fn(UnitCode) -> bool + Sync),
        now: Millis,
    ) -> Result<bool> {
        let Some(row) = learner::Entity::find_by_id(no).one(db).await? else { return Ok(false) };
        if profile_of(&row)? == profile {
            return Ok(true);
        }
        dialect::lock_row(db, "learner", no).await?;
        let before = load(db, &row).await?;
        let mut record = before.clone();
        let what = What::ProfileChanged { profile, guardian };
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| DbErr::Custom(format!("the system gives no randomness: {error}")))?;
        let event = Event { id: Uuid::from_bytes(id), at: now, no: before.profile_no + 1, what, seen: None };
        let month = Month::of(now);
        let around = Around { day: day_of(now), this_year: month.year(), unit_known, known: None };
        if record.apply(&event, &around).is_err() {
            return Ok(false);
        }
        let rows = vec![event_row(no, &event, now, month, false, None)?];
        dialect::insert_rows(db, "event", &EVENT, rows, "").await?;
        save(db, no, Some(&before), &record).await?;
        Ok(true)
    }

    /// Counts events that waited for a version which is known by now. Returns how many.
    pub(crate) async fn count_what_waited(&self) -> Result<u64> {
        let learners: Vec<i64> = event::Entity::find()
            .select_only()
            .column(event::Column::Learner)
            .distinct()
            .filter(event::Column::SetAside.eq(true))
            .into_tuple()
            .all(&self.read)
            .await?;
        let mut counted = 0;
        for no in learners {
            let transaction = self.begin().await?;
            let Some(row) = learner::Entity::find_by_id(no).one(&transaction).await? else { continue };
            let before = load(&transaction, &row).await?;
            let mut record = before.clone();
            let mut scored = Scored::default();
            let waiting = event::Entity::find()
                .filter(event::Column::Learner.eq(no))
                .filter(event::Column::SetAside.eq(true))
                .order_by_asc(event::Column::Seq)
                .all(&transaction)
                .await?;
            for row in waiting {
                let (received_at, month) = (row.received_at, month_of(row.month)?);
                let event = read_event(&row)?;
                let known = self.known(&transaction, event.what.needs()).await?;
                let day = counted_day(month, event.at, received_at);
                let around = Around {
                    day,
                    this_year: Month::of(received_at).year(),
                    unit_known: &|_| true,
                    known: known.as_deref(),
                };
                match record.apply(&event, &around) {
                    // Answers that do not fit stay where they are: nothing is thrown away.
                    Ok(Applied::SetAside) | Err(_) => continue,
                    Ok(applied) => scored.push(no, &event, day, &applied),
                }
                let mut row = row.into_active_model();
                row.set_aside = Set(false);
                row.update(&transaction).await?;
                counted += 1;
            }
            scored.insert(&transaction).await?;
            save(&transaction, no, Some(&before), &record).await?;
            transaction.commit().await?;
        }
        Ok(counted)
    }
}

/// Whether there is such a learner, by the id of any of their phones; nobody else changes them until commit.
async fn lock_learner(db: &DatabaseTransaction, id: LearnerId) -> Result<bool, DbErr> {
    let sql = "SELECT no FROM learner WHERE id = ? UNION ALL SELECT learner FROM alias WHERE id = ?";
    let Some(row) = db.query_one_raw(dialect::statement(db, sql, vec![id.0.into(), id.0.into()])).await? else {
        return Ok(false);
    };
    dialect::lock_row(db, "learner", row.try_get_by_index(0)?).await?;
    Ok(true)
}

pub(crate) fn read_event(row: &event::Model) -> Result<Event, DbErr> {
    let what = serde_json::from_str(&row.what).map_err(|error| DbErr::Json(error.to_string()))?;
    let held = |held: &String| Held::parse(held).ok_or_else(|| unreadable("holder", held));
    let seen = row.seen.as_ref().map(held).transpose()?;
    Ok(Event { id: row.id, at: row.at, no: row.no as u32, what, seen })
}

/// What comes of a registration.
enum Registration {
    Done {
        no: i64,
        record: Record,
        made_at: Millis,
    },
    Refused(Refusal),
    /// Somebody else registered the same id between our look and our insert.
    Raced,
}

/// A batch on its way in.
struct Batch<'a> {
    store: &'a Store,
    db: &'a DatabaseTransaction,
    intake: &'a Intake<'a>,
    rows: Vec<Vec<Value>>,
    scored: Scored,
}

impl Batch<'_> {
    /// Registers by the first event, or tells why not. Without a registration it is nobody's batch.
    async fn register(&mut self, first: Option<&Result<Event, Refusal>>) -> Result<Registration, IntakeError> {
        let event = match first {
            Some(Ok(event)) => event,
            Some(Err(refusal)) => return Ok(Registration::Refused(*refusal)),
            None => return Err(IntakeError::NotYours),
        };
        let What::Registered { consent, made_at, .. } = &event.what else { return Err(IntakeError::NotYours) };
        if is_absurd(event.at) || is_absurd(*made_at) {
            return Ok(Registration::Refused(Refusal::AbsurdTime));
        }
        let received_at = self.intake.received_at;
        let month = counted_month(event.at, *made_at, received_at);
        let day = counted_day(month, event.at, received_at);
        let mut record = match Record::begin(event, &self.around(day, None)) {
            Ok(record) => record,
            Err(refusal) => return Ok(Registration::Refused(refusal)),
        };
        record.person.key = new_key()?;
        let LearnerId(id) = self.intake.from.id;
        let sql = "INSERT INTO learner (id, secret_hash, unit, birth_year, sex, ethnic_group, profile_no, ethnic_no, \
            consent_version, guardian, made_at, registered_at, append_hash, record_key) \
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
            ON CONFLICT (id) DO NOTHING RETURNING no";
        let mut values: Vec<Value> = vec![id.into(), hash_of(&self.intake.from.secret).into()];
        values.extend(told(&record));
        values.extend([
            i32::from(consent.version).into(),
            consent.guardian.into(),
            (*made_at).into(),
            received_at.into(),
            append_hash_of(&self.intake.from.secret).into(),
            i32::from(record.person.key).into(),
        ]);
        let inserted = self.db.query_one_raw(dialect::statement(self.db, sql, values)).await?;
        let Some(row) = inserted else { return Ok(Registration::Raced) };
        let no: i64 = row.try_get_by_index(0)?;
        self.rows.push(event_row(no, event, received_at, month, false, None)?);
        Ok(Registration::Done { no, record, made_at: *made_at })
    }

    /// Ids of the batch that the log has already.
    async fn known(&self, no: i64, events: &[Result<Event, Refusal>]) -> Result<BTreeSet<Uuid>, DbErr> {
        let ids = events.iter().flatten().map(|event| event.id);
        let known: Vec<Uuid> = event::Entity::find()
            .select_only()
            .column(event::Column::Id)
            .filter(event::Column::Learner.eq(no))
            .filter(event::Column::Id.is_in(ids))
            .into_tuple()
            .all(self.db)
            .await?;
        Ok(known.into_iter().collect())
    }

    /// Applies what is new; `first` is the outcome of the first event where that was the registration.
    async fn apply(
        &mut self,
        no: i64,
        made_at: Millis,
        record: &mut Record,
        events: &[Result<Event, Refusal>],
        mut known: BTreeSet<Uuid>,
        first: Option<Outcome>,
    ) -> Result<Vec<Outcome>, IntakeError> {
        let mut outcomes: Vec<Outcome> = first.into_iter().collect();
        known.extend(events.iter().take(outcomes.len()).flatten().map(|event| event.id));
        let mut waiting = None;
        for event in &events[outcomes.len()..] {
            let outcome = match event {
                Err(refusal) => Outcome::Refused(*refusal),
                Ok(event) if known.contains(&event.id) => Outcome::Known,
                Ok(event) if is_absurd(event.at) => Outcome::Refused(Refusal::AbsurdTime),
                Ok(event) if self.intake.proof != Proof::Secret && !event.what.is_learning() => {
                    Outcome::Refused(Refusal::OnlyLearning)
                }
                Ok(event) if event.seen.is_some() != self.intake.proof.trainer().is_some() => {
                    Outcome::Refused(Refusal::NotSeen)
                }
                Ok(event) => {
                    let month = counted_month(event.at, made_at, self.intake.received_at);
                    let day = counted_day(month, event.at, self.intake.received_at);
                    let content = self.store.known(self.db, event.what.needs()).await?;
                    match record.apply(event, &self.around(day, content.as_deref())) {
                        Err(refusal) => Outcome::Refused(refusal),
                        Ok(applied) => {
                            let set_aside = applied == Applied::SetAside;
                            if set_aside && !self.may_wait(no, &mut waiting).await? {
                                Outcome::Refused(Refusal::UnknownLesson)
                            } else {
                                let received_at = self.intake.received_at;
                                let trainer = self.intake.proof.trainer();
                                let row = event_row(no, event, received_at, month, set_aside, trainer)?;
                                self.rows.push(row);
                                self.scored.push(no, event, day, &applied);
                                known.insert(event.id);
                                Outcome::Stored
                            }
                        }
                    }
                }
            };
            outcomes.push(outcome);
        }
        Ok(outcomes)
    }

    /// Whether one more event of this learner may wait; counts it.
    async fn may_wait(&self, no: i64, waiting: &mut Option<u64>) -> Result<bool, DbErr> {
        let count = match waiting {
            Some(count) => count,
            None => {
                let theirs = event::Entity::find().filter(event::Column::Learner.eq(no));
                waiting.insert(theirs.filter(event::Column::SetAside.eq(true)).count(self.db).await?)
            }
        };
        *count += 1;
        Ok(*count <= SET_ASIDE_MAX)
    }

    fn around<'b>(&'b self, day: NaiveDate, known: Option<&'b Known>) -> Around<'b> {
        let this_year = Month::of(self.intake.received_at).year();
        Around { day, this_year, unit_known: self.intake.unit_known, known }
    }
}
