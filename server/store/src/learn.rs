//! What a learner's own pages show.

use crate::{
    HeldRun, Result, Store, dialect,
    entity::{alias, card, event},
    scored, sync,
};
use domain::{
    accounts::{Credentials, EthnicGroup, Profile},
    content::LessonId,
    coverage::LessonState,
    learn::Attempt,
    practice::{DrillScore, Held as Holder},
    sync::Event,
    time::{Millis, Month},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect,
};
use std::collections::BTreeMap;

/// How far a learner is: what home and progress show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LearnerView {
    pub profile: Profile,
    /// Finished lessons with the month of the first time.
    pub finished: BTreeMap<LessonId, Month>,
}

/// Everything that is held about a learner, for them to see and take away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    pub profile: Profile,
    pub ethnic_group: Option<EthnicGroup>,
    pub guardian: bool,
    pub registered_at: Millis,
    /// Since when there is a card, and how many more phones were brought in with one.
    pub card_made_at: Option<Millis>,
    pub more_phones: u64,
    pub events: Vec<HeldEvent>,
    pub attempts: Vec<(LessonId, Attempt)>,
    pub runs: Vec<HeldRun>,
    pub drills: Vec<(Holder, DrillScore)>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldEvent {
    pub at: Millis,
    pub received_at: Millis,
    pub kind: String,
    /// As it was sent, in JSON.
    pub what: String,
}

/// A part of what a learner did, as their phones sent it, in the order of arrival.
#[derive(Clone, PartialEq, Debug)]
pub struct Log {
    pub events: Vec<Event>,
    /// The number of the last of them, for asking later what has come since.
    pub last: i64,
    /// What the next part comes after; `None` when this is the last one.
    pub next: Option<i64>,
}

/// Events of one part of a log: half a megabyte at most.
const LOG_PART: u64 = 200;

impl Store {
    /// What a learner did, after this number of the log, for another phone of theirs; `None` when there is no such learner with
    /// this secret. What was told about the person is not in it.
    pub async fn log_after(&self, who: &Credentials, after: i64) -> Result<Option<Log>> {
        let Some(row) = sync::find(&self.read, who).await? else { return Ok(None) };
        let told = ["registered", "profile_changed", "ethnic_group_stated"];
        let rows = event::Entity::find()
            .filter(event::Column::Learner.eq(row.no))
            .filter(event::Column::Seq.gt(after))
            .filter(event::Column::Kind.is_not_in(told))
            .order_by_asc(event::Column::Seq)
            .limit(LOG_PART)
            .all(&self.read)
            .await?;
        let next = rows.last().filter(|_| rows.len() as u64 == LOG_PART).map(|row| row.seq);
        let events = rows.iter().map(sync::read_event).collect::<Result<_, _>>()?;
        let last = rows.last().map_or(after, |row| row.seq);
        Ok(Some(Log { events, last, next }))
    }

    /// The learner's own pages, in one statement, or two for a phone that came by a card; `None` when there is no such learner
    /// with this secret.
    pub async fn learner_view(&self, who: &Credentials) -> Result<Option<LearnerView>> {
        let first = "learner.secret_hash, learner.unit, learner.birth_year, learner.sex, done.lesson, done.month \
            FROM learner LEFT JOIN lesson_standing done ON done.learner = learner.no AND done.state = ? WHERE learner.id = ?";
        let further = "alias.secret_hash, learner.unit, learner.birth_year, learner.sex, done.lesson, done.month \
            FROM alias JOIN learner ON learner.no = alias.learner \
            LEFT JOIN lesson_standing done ON done.learner = learner.no AND done.state = ? WHERE alias.id = ?";
        for by in [first, further] {
            let rows = self.read_view(by, who).await?;
            if !rows.is_empty() {
                return view_of(rows, who);
            }
        }
        Ok(None)
    }

    async fn read_view(&self, columns: &str, who: &Credentials) -> Result<Vec<QueryResult>> {
        let values = vec![LessonState::Completed.as_str().into(), who.id.0.into()];
        let sql = format!("SELECT {columns}");
        Ok(self.read.query_all_raw(dialect::statement(&self.read, &sql, values)).await?)
    }

    /// All that is held about a learner, in seven statements.
    pub async fn held(&self, who: &Credentials) -> Result<Option<Held>> {
        let Some(row) = sync::find(&self.read, who).await? else { return Ok(None) };
        let events = event::Entity::find()
            .filter(event::Column::Learner.eq(row.no))
            .order_by_asc(event::Column::Seq)
            .all(&self.read)
            .await?;
        Ok(Some(Held {
            profile: sync::profile_of(&row)?,
            ethnic_group: row.ethnic_group.as_deref().and_then(EthnicGroup::parse),
            guardian: row.guardian,
            registered_at: row.registered_at,
            card_made_at: card::Entity::find_by_id(row.no).one(&self.read).await?.map(|card| card.made_at),
            more_phones: alias::Entity::find().filter(alias::Column::Learner.eq(row.no)).count(&self.read).await?,
            attempts: scored::attempts(&self.read, row.no).await?,
            runs: scored::runs(&self.read, row.no).await?,
            drills: scored::drills(&self.read, row.no).await?,
            events: events
                .into_iter()
                .map(|row| HeldEvent { at: row.at, received_at: row.received_at, kind: row.kind, what: row.what })
                .collect(),
        }))
    }
}

/// What the rows of a view say, when the secret is right.
fn view_of(rows: Vec<QueryResult>, who: &Credentials) -> Result<Option<LearnerView>> {
    let mut view = None;
    for row in rows {
        if row.try_get_by_index::<Vec<u8>>(0)? != sync::hash_of(&who.secret) {
            return Ok(None);
        }
        let (unit, sex): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(3)?);
        let profile = sync::profile_from(&unit, row.try_get_by_index(2)?, &sex)?;
        let view = view.get_or_insert_with(|| LearnerView { profile, finished: BTreeMap::new() });
        if let Some(lesson) = row.try_get_by_index::<Option<String>>(4)? {
            let lesson = lesson.parse().map_err(|_| sync::unreadable("lesson", &lesson))?;
            view.finished.insert(lesson, sync::month_of(row.try_get_by_index(5)?)?);
        }
    }
    Ok(view)
}
