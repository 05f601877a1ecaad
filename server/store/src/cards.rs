//! Learner cards: a secret of which only the hash is kept, and which makes another phone's id one more name of the same person.

use crate::{
    Result, Store, classes, coverage, dialect,
    entity::{alias, card, deed, learner, lesson_standing, standing},
    places, sync,
};
use domain::{
    accounts::{CardCode, Credentials},
    coverage::cells_of,
    time::Millis,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect, Set};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Keeps a hash of a code apart from every other hash of the house.
const CARD_LABEL: &[u8] = b"hocso card 1";

/// What came of a card that was shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Brought {
    /// No card has this code (any more).
    NoSuchCard,
    /// The phone is one more of the card's owner.
    Joined,
    /// It was already.
    Already,
    /// The phone's learner was somebody of their own, and is now one with the card's owner: counted once.
    Merged,
    /// The phone's learner is somebody of their own, and nobody said that the two are one.
    SomebodyElse,
}

/// A code has 2⁸⁶ possibilities, so a plain hash cannot be turned back by trying.
fn hash_of(code: &CardCode) -> Vec<u8> {
    Sha256::new().chain_update(CARD_LABEL).chain_update(code.as_str()).finalize().to_vec()
}

/// Removes a learner's cards and further names; gives the names.
pub(crate) async fn forget(db: &DatabaseTransaction, no: i64) -> Result<Vec<Uuid>, DbErr> {
    card::Entity::delete_by_id(no).exec(db).await?;
    let of = alias::Column::Learner.eq(no);
    let names = alias::Entity::find().select_only().column(alias::Column::Id).filter(of.clone()).into_tuple();
    let names = names.all(db).await?;
    alias::Entity::delete_many().filter(of).exec(db).await?;
    Ok(names)
}

impl Store {
    /// Gives a learner this card; an earlier one is void from now on. `false` when there is no such learner.
    pub async fn make_card(&self, who: &Credentials, code: &CardCode, now: Millis) -> Result<bool> {
        let transaction = self.begin().await?;
        let Some(row) = sync::find(&transaction, who).await? else { return Ok(false) };
        card::Entity::delete_by_id(row.no).exec(&transaction).await?;
        let card = card::ActiveModel { learner: Set(row.no), hash: Set(hash_of(code)), made_at: Set(now) };
        card::Entity::insert(card).exec_without_returning(&transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Makes a learner's card void; phones that it brought stay. `false` when there is no such learner.
    pub async fn void_card(&self, who: &Credentials) -> Result<bool> {
        let transaction = self.begin().await?;
        let Some(row) = sync::find(&transaction, who).await? else { return Ok(false) };
        card::Entity::delete_by_id(row.no).exec(&transaction).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Makes `phone` one more phone of the card's owner. Where that phone already is a learner of its own, the two become one
    /// if `same_person` says so: its events become the owner's, its id one more name, and nobody is counted twice. What it had
    /// told about itself is dropped, the owner's own words stand.
    pub async fn bring(&self, code: &CardCode, phone: &Credentials, same_person: bool, now: Millis) -> Result<Brought> {
        let transaction = self.begin().await?;
        let found = card::Entity::find().filter(card::Column::Hash.eq(hash_of(code))).one(&transaction).await?;
        let Some(card) = found else { return Ok(Brought::NoSuchCard) };
        dialect::lock_row(&transaction, "learner", card.learner).await?;
        let name = alias::ActiveModel {
            id: Set(phone.id.0),
            learner: Set(card.learner),
            secret_hash: Set(sync::hash_of(&phone.secret)),
            append_hash: Set(sync::append_hash_of(&phone.secret)),
            made_at: Set(now),
        };
        let brought = match sync::find(&transaction, phone).await? {
            Some(row) if row.no == card.learner => return Ok(Brought::Already),
            Some(_) if !same_person => return Ok(Brought::SomebodyElse),
            Some(row) => {
                merge(&transaction, &row, card.learner).await?;
                Brought::Merged
            }
            None if is_taken(&transaction, phone.id.0).await? => return Ok(Brought::NoSuchCard),
            None => Brought::Joined,
        };
        // A phone that had come by another card is renamed with the learner it belonged to.
        if alias::Entity::find_by_id(phone.id.0).one(&transaction).await?.is_none() {
            alias::Entity::insert(name).exec_without_returning(&transaction).await?;
        }
        transaction.commit().await?;
        Ok(brought)
    }
}

/// Whether an id is somebody's, or was: with a wrong secret it is nobody's business whose.
async fn is_taken(db: &DatabaseTransaction, id: Uuid) -> Result<bool, DbErr> {
    let sql = "SELECT 1 FROM learner WHERE id = ? UNION ALL SELECT 1 FROM alias WHERE id = ? \
        UNION ALL SELECT 1 FROM tombstone WHERE id = ?";
    let values = vec![id.into(), id.into(), id.into()];
    Ok(db.query_one_raw(dialect::statement(db, sql, values)).await?.is_some())
}

/// Tables whose rows are a learner's events, with the column that names the event.
const BY_EVENT: [(&str, &str); 5] =
    [("event", "id"), ("attempt", "event"), ("practice_run", "event"), ("drill_run", "event"), ("review_run", "event")];

/// Makes everything of one learner another one's, and moves the tallies: what both did counts once, in the earlier month.
async fn merge(db: &DatabaseTransaction, from: &learner::Model, into: i64) -> Result<(), DbErr> {
    let owner = learner::Entity::find_by_id(into).one(db).await?;
    let owner = owner.ok_or_else(|| DbErr::RecordNotFound("a card without its learner".to_owned()))?;
    dialect::lock_row(db, "learner", from.no).await?;
    let (theirs, before) = (sync::load(db, from).await?, sync::load(db, &owner).await?);
    let home = places::homes(db).await?.of(theirs.person.profile.unit);
    coverage::move_person(db, theirs.person.key, &cells_of(&theirs.person, home), &BTreeSet::new()).await?;
    let mut after = before.clone();
    after.person.join(&theirs.person);
    let told =
        "DELETE FROM event WHERE learner = ? AND kind IN ('registered', 'profile_changed', 'ethnic_group_stated')";
    db.execute_raw(dialect::statement(db, told, vec![from.no.into()])).await?;
    for (table, id) in BY_EVENT {
        let (from, into) = (from.no.into(), into.into());
        let both =
            format!("DELETE FROM {table} WHERE learner = ? AND {id} IN (SELECT {id} FROM {table} WHERE learner = ?)");
        db.execute_raw(dialect::statement(db, &both, vec![from, into])).await?;
    }
    for (table, _) in BY_EVENT {
        let theirs = format!("UPDATE {table} SET learner = ? WHERE learner = ?");
        db.execute_raw(dialect::statement(db, &theirs, vec![into.into(), from.no.into()])).await?;
    }
    standing::Entity::delete_many().filter(standing::Column::Learner.eq(from.no)).exec(db).await?;
    lesson_standing::Entity::delete_many().filter(lesson_standing::Column::Learner.eq(from.no)).exec(db).await?;
    deed::Entity::delete_many().filter(deed::Column::Learner.eq(from.no)).exec(db).await?;
    // A certificate of a track that the owner has too is not needed any more; the others go on being true.
    let both =
        "DELETE FROM certificate WHERE learner = ? AND track IN (SELECT track FROM certificate WHERE learner = ?)";
    db.execute_raw(dialect::statement(db, both, vec![from.no.into(), into.into()])).await?;
    let theirs = "UPDATE certificate SET learner = ? WHERE learner = ?";
    db.execute_raw(dialect::statement(db, theirs, vec![into.into(), from.no.into()])).await?;
    classes::follow(db, from.no, into).await?;
    card::Entity::delete_by_id(from.no).exec(db).await?;
    let names = "UPDATE alias SET learner = ? WHERE learner = ?";
    db.execute_raw(dialect::statement(db, names, vec![into.into(), from.no.into()])).await?;
    learner::Entity::delete_by_id(from.no).exec(db).await?;
    // The phone that was the learner's first becomes a name too, with the secret it always had.
    let name = alias::ActiveModel {
        id: Set(from.id),
        learner: Set(into),
        secret_hash: Set(from.secret_hash.clone()),
        append_hash: Set(from.append_hash.clone().unwrap_or_default()),
        made_at: Set(from.made_at),
    };
    alias::Entity::insert(name).exec_without_returning(db).await?;
    sync::save(db, into, Some(&before), &after).await
}
