//! What a learner's own pages show.

use crate::{
    HeldRun, Result, Store, dialect,
    entity::{alias, card, event},
    scored, sync,
};
use chrono::NaiveDate;
use domain::{
    accounts::{CertificateCode, Credentials, EthnicGroup, Profile},
    content::{LessonId, TrackId},
    coverage::LessonState,
    learn::{Attempt, Deed, Deeds},
    practice::{DrillScore, Held as Holder},
    sync::Event,
    time::Millis,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect,
};
use std::collections::BTreeMap;

/// How far a learner is: what home and progress show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LearnerView {
    pub profile: Profile,
    /// Finished lessons with the day of the first time.
    pub finished: BTreeMap<LessonId, NaiveDate>,
    pub deeds: Deeds,
    pub certificates: BTreeMap<TrackId, Certificate>,
}

/// A certificate of a track.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Certificate {
    pub code: CertificateCode,
    /// The day it was made out.
    pub day: NaiveDate,
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
    pub reviews: Vec<(LessonId, NaiveDate, Attempt)>,
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
        let further = "alias.secret_hash FROM alias JOIN learner ON learner.no = alias.learner WHERE alias.id = ?";
        for (whose, by) in [
            ("SELECT no FROM learner WHERE id = ?", "learner.secret_hash FROM learner WHERE learner.id = ?"),
            ("SELECT learner FROM alias WHERE id = ?", further),
        ] {
            let rows = self.read_view(whose, by, who).await?;
            if !rows.is_empty() {
                return view_of(rows, who);
            }
        }
        Ok(None)
    }

    /// First the learner, then facts: what, about what, and when.
    async fn read_view(&self, whose: &str, by: &str, who: &Credentials) -> Result<Vec<QueryResult>> {
        let done = LessonState::Completed.as_str();
        let sql = format!(
            "SELECT learner.sex, learner.unit, learner.birth_year, {by} \
            UNION ALL SELECT 'lesson', lesson, CASE day WHEN 0 THEN month * 100 + 1 ELSE day END, NULL FROM lesson_standing \
            WHERE state = '{done}' AND learner = ({whose}) \
            UNION ALL SELECT deed, about, day, NULL FROM deed WHERE learner = ({whose}) \
            UNION ALL SELECT 'certificate', track || ' ' || code, issued_on, NULL FROM certificate \
            WHERE learner = ({whose})"
        );
        let values = vec![who.id.0.into(); 4];
        Ok(self.read.query_all_raw(dialect::statement(&self.read, &sql, values)).await?)
    }

    /// All that is held about a learner, in eight statements.
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
            reviews: scored::reviews(&self.read, row.no).await?,
            events: events
                .into_iter()
                .map(|row| HeldEvent { at: row.at, received_at: row.received_at, kind: row.kind, what: row.what })
                .collect(),
        }))
    }
}

/// What the rows of a view say, when the secret is right.
fn view_of(rows: Vec<QueryResult>, who: &Credentials) -> Result<Option<LearnerView>> {
    let mut rows = rows.into_iter();
    let Some(first) = rows.next() else { return Ok(None) };
    if first.try_get_by_index::<Option<Vec<u8>>>(3)?.unwrap_or_default() != sync::hash_of(&who.secret) {
        return Ok(None);
    }
    let (sex, unit): (String, String) = (first.try_get_by_index(0)?, first.try_get_by_index(1)?);
    let profile = sync::profile_from(&unit, first.try_get_by_index(2)?, &sex)?;
    let (finished, deeds, certificates) = Default::default();
    let mut view = LearnerView { profile, finished, deeds, certificates };
    for row in rows {
        let (kind, about): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let day = sync::read_day(row.try_get_by_index(2)?)?;
        let unreadable = || sync::unreadable(&kind, &about);
        match kind.as_str() {
            "lesson" => {
                view.finished.insert(about.parse().map_err(|_| unreadable())?, day);
            }
            "certificate" => {
                let (track, code) = about.split_once(' ').ok_or_else(unreadable)?;
                let (track, code) = (track.parse().map_err(|_| unreadable())?, code.parse().map_err(|_| unreadable())?);
                view.certificates.insert(track, Certificate { code, day });
            }
            _ => view.deeds.note(Deed::parse(&kind, &about).ok_or_else(unreadable)?, day),
        }
    }
    Ok(Some(view))
}
