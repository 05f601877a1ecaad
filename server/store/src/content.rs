//! What counting needs of every version of content ever released.

use crate::{
    Result, Store, StoreError,
    entity::{marking, practice_version},
};
use domain::sync::{Known, Needs};
use sea_orm::{DatabaseTransaction, DbErr, EntityTrait, Set, TransactionTrait, sea_query::OnConflict};
use std::{collections::HashMap, sync::Arc};

/// The name that the book of scams has among simulators, which are named after lessons: a lesson's name has a slash.
const SCAMS: &str = "scams";
/// The same for the questions to begin with; a lesson's booster has the lesson's name and this end.
const PLACEMENT: &str = "placement";
const REVIEW_END: &str = "/review";

/// Kind, name and version. A released version never changes, so remembering it here is safe with any number of processes.
pub(crate) type Cache = HashMap<(Kind, String, String), Arc<Known>>;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Lesson,
    Practice,
}

fn key(needs: &Needs<'_>) -> (Kind, String, String) {
    match needs {
        Needs::Lesson(lesson, version) => (Kind::Lesson, lesson.to_string(), version.to_string()),
        Needs::Practice(lesson, version) => (Kind::Practice, lesson.to_string(), version.to_string()),
        Needs::Scams(version) => (Kind::Practice, SCAMS.to_owned(), version.to_string()),
        Needs::Review(lesson, version) => (Kind::Practice, format!("{lesson}{REVIEW_END}"), version.to_string()),
        Needs::Placement(version) => (Kind::Practice, PLACEMENT.to_owned(), version.to_string()),
    }
}

/// The content of one release by what needs it.
pub(crate) type Index = HashMap<(Kind, String, String), Known>;

pub(crate) fn index(known: Vec<Known>) -> Index {
    known.into_iter().map(|known| (key(&known.serves()), known)).collect()
}

pub(crate) fn find<'a>(index: &'a Index, needs: &Needs<'_>) -> Option<&'a Known> {
    index.get(&key(needs))
}

fn json(error: serde_json::Error) -> DbErr {
    DbErr::Json(error.to_string())
}

impl Store {
    /// Keeps what counting needs of a release; what was kept before stays as it is. Then counts the events that waited for it.
    /// Returns how many those were.
    pub async fn remember(&self, release: &[Known]) -> Result<u64> {
        let (mut markings, mut practices) = (Vec::new(), Vec::new());
        for known in release {
            let (_, name, version) = key(&known.serves());
            match known {
                Known::Lesson(of) => {
                    let data = Set(serde_json::to_string(of).map_err(json)?);
                    markings.push(marking::ActiveModel { lesson: Set(name), version: Set(version), data });
                }
                Known::Practice(of) => {
                    practices.push(practice(name, version, serde_json::to_string(of).map_err(json)?));
                }
                Known::Review(of) => {
                    practices.push(practice(name, version, serde_json::to_string(of).map_err(json)?));
                }
                Known::Placement(of) => {
                    practices.push(practice(name, version, serde_json::to_string(of).map_err(json)?));
                }
                Known::Scams(_, book) => practices.push(practice(name, version, book.to_string())),
            }
        }
        let transaction = self.write.begin().await?;
        if !markings.is_empty() {
            let keep = OnConflict::columns([marking::Column::Lesson, marking::Column::Version]).do_nothing().to_owned();
            marking::Entity::insert_many(markings).on_conflict(keep).exec_without_returning(&transaction).await?;
        }
        if !practices.is_empty() {
            use practice_version::{Column, Entity};
            let keep = OnConflict::columns([Column::Name, Column::Version]).do_nothing().to_owned();
            Entity::insert_many(practices).on_conflict(keep).exec_without_returning(&transaction).await?;
        }
        transaction.commit().await?;
        self.count_what_waited().await
    }

    /// What counting needs for an event of this content; `None` when the version is not known here. Asked on the connection
    /// that the caller has: a transaction that waited for a second one could wait for itself.
    pub(crate) async fn known(&self, db: &DatabaseTransaction, needs: Option<Needs<'_>>) -> Result<Option<Arc<Known>>> {
        let Some(needs) = needs else { return Ok(None) };
        let key = key(&needs);
        if let Some(found) = self.cache.read().ok().and_then(|known| known.get(&key).cloned()) {
            return Ok(Some(found));
        }
        let (kind, name, version) = key.clone();
        let data = match kind {
            Kind::Lesson => marking::Entity::find_by_id((name, version)).one(db).await?.map(|row| row.data),
            Kind::Practice => practice_version::Entity::find_by_id((name, version)).one(db).await?.map(|row| row.data),
        };
        let Some(data) = data else { return Ok(None) };
        let found = Arc::new(read(&needs, &data)?);
        if let Ok(mut known) = self.cache.write() {
            known.insert(key, found.clone());
        }
        Ok(Some(found))
    }
}

fn practice(name: String, version: String, data: String) -> practice_version::ActiveModel {
    practice_version::ActiveModel { name: Set(name), version: Set(version), data: Set(data) }
}

fn read(needs: &Needs<'_>, data: &str) -> Result<Known, StoreError> {
    Ok(match needs {
        Needs::Lesson(..) => Known::Lesson(serde_json::from_str(data).map_err(json)?),
        Needs::Practice(..) => Known::Practice(serde_json::from_str(data).map_err(json)?),
        Needs::Review(..) => Known::Review(serde_json::from_str(data).map_err(json)?),
        Needs::Placement(_) => Known::Placement(serde_json::from_str(data).map_err(json)?),
        Needs::Scams(version) => {
            let unreadable =
                || DbErr::Type(format!("the database holds a book of scams {version} that cannot be read"));
            Known::Scams((*version).clone(), data.parse().map_err(|_| unreadable())?)
        }
    })
}
