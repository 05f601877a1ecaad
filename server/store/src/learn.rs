//! What a learner's own pages show.

use crate::{HeldRun, Result, Store, dialect, entity::event, scored, sync};
use domain::{
    accounts::{Credentials, EthnicGroup, Profile},
    content::LessonId,
    coverage::LessonState,
    learn::Attempt,
    practice::{DrillScore, Held as Holder},
    time::{Millis, Month},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
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

impl Store {
    /// The learner's own pages, in one statement; `None` when there is no such learner with this secret.
    pub async fn learner_view(&self, who: &Credentials) -> Result<Option<LearnerView>> {
        let sql = "SELECT learner.secret_hash, learner.unit, learner.birth_year, learner.sex, done.lesson, done.month \
            FROM learner LEFT JOIN lesson_standing done ON done.learner = learner.no AND done.state = ? WHERE learner.id = ?";
        let values = vec![LessonState::Completed.as_str().into(), who.id.0.into()];
        let rows = self.read.query_all_raw(dialect::statement(&self.read, sql, values)).await?;
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

    /// All that is held about a learner, in five statements.
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
