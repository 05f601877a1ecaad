//! Classes of trainers: making them, the code that lets people in, and who is on the roster.
//!
//! Everything is asked for by a trainer and gives only what is theirs: "not yours" and "not there" are the same `None`.

use crate::{
    Result, Store,
    audit::{self, Doing},
    dialect,
    entity::{class, learner, member, staff},
    sync::{self, unreadable},
};
use domain::{
    accounts::{
        BirthYear, CONSENT_VERSION, Consent, Credentials, LearnerId, Profile, Sex,
        staff::{Act, StaffId},
    },
    classes::{Class, ClassId, ConsentGiven, DisplayName, JoinCode, MEMBERS_MAX, MemberId, Plan},
    places::UnitCode,
    sync::{Event, What},
    time::{Millis, day_number},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use std::collections::BTreeMap;

/// A class in the list of its trainer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClassEntry {
    pub class: Class,
    pub members: u64,
}

/// A class as somebody finds it who has its code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenClass {
    pub class: Class,
    pub trainer: String,
}

/// Somebody on a roster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    pub id: MemberId,
    pub name: DisplayName,
    pub birth_year: Option<BirthYear>,
    pub sex: Sex,
    pub unit: Option<UnitCode>,
    pub consent: ConsentGiven,
    pub guardian: bool,
    /// The learner whose learning counts; `None` while birth year or commune are missing.
    pub learner: Option<LearnerId>,
    /// Counts up with every change.
    pub edition: i32,
    pub made_at: Millis,
}

/// Somebody who comes onto a roster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewMember {
    pub id: MemberId,
    pub name: DisplayName,
    pub birth_year: Option<BirthYear>,
    pub sex: Sex,
    pub unit: Option<UnitCode>,
    pub guardian: bool,
    /// For the learner that they become, drawn by the caller; nobody keeps the secret.
    pub credentials: Credentials,
}

/// What came of a change on a roster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Changed {
    Done,
    /// Somebody else changed the same person meanwhile; this is how they stand now.
    Meanwhile(Box<Member>),
    NotThere,
    /// The roster is full, or the profile cannot be: nothing was changed.
    Refused,
}

/// What came of somebody joining with a code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Joined {
    Done(Box<Class>),
    /// They were on the roster already.
    Already(Box<Class>),
    /// No class has this code, or not any more.
    NoSuchCode,
    /// The phone's learner is not counted: consent comes first.
    NotALearner,
    Full,
}

/// The learner of this id (on any of their phones), when they are on a roster of this trainer, who still works here.
pub(crate) async fn learner_of(
    db: &impl ConnectionTrait,
    id: LearnerId,
    trainer: StaffId,
) -> Result<Option<learner::Model>, DbErr> {
    let sql = "SELECT m.learner FROM member m JOIN class c ON c.no = m.class JOIN staff s ON s.no = c.staff \
        WHERE s.id = ? AND s.closed_at IS NULL AND m.learner IN \
        (SELECT no FROM learner WHERE id = ? UNION ALL SELECT learner FROM alias WHERE id = ?)";
    let values = vec![trainer.0.into(), id.0.into(), id.0.into()];
    match db.query_one_raw(dialect::statement(db, sql, values)).await? {
        Some(row) => learner::Entity::find_by_id(row.try_get_by_index::<i64>(0)?).one(db).await,
        None => Ok(None),
    }
}

/// Takes a learner off every roster: they are erased, and their name stands nowhere any more.
pub(crate) async fn forget(db: &DatabaseTransaction, learner: i64) -> Result<(), DbErr> {
    let of = "(SELECT no FROM member WHERE learner = ?)";
    for table in ["attendance", "attendance_change", "class_test"] {
        let sql = format!("DELETE FROM {table} WHERE member IN {of}");
        db.execute_raw(dialect::statement(db, &sql, vec![learner.into()])).await?;
    }
    for table in ["member", "member_place"] {
        let sql = format!("DELETE FROM {table} WHERE learner = ?");
        db.execute_raw(dialect::statement(db, &sql, vec![learner.into()])).await?;
    }
    Ok(())
}

/// Puts one learner in the place of another on every roster; where both stand on one, the owner's entry stays and what the other
/// was there for is added to it.
pub(crate) async fn follow(db: &DatabaseTransaction, from: i64, into: i64) -> Result<(), DbErr> {
    let sql = "SELECT f.no, i.no FROM member f LEFT JOIN member i ON i.class = f.class AND i.learner = ? \
        WHERE f.learner = ?";
    for row in db.query_all_raw(dialect::statement(db, sql, vec![into.into(), from.into()])).await? {
        let (theirs, owners): (i64, Option<i64>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let Some(owners) = owners else {
            let sql = "UPDATE member SET learner = ? WHERE no = ?";
            db.execute_raw(dialect::statement(db, sql, vec![into.into(), theirs.into()])).await?;
            continue;
        };
        for (table, key) in [("attendance", "session"), ("class_test", "round")] {
            let sql = format!(
                "UPDATE {table} SET member = ? WHERE member = ? AND {key} NOT IN \
                (SELECT {key} FROM {table} WHERE member = ?)"
            );
            db.execute_raw(dialect::statement(db, &sql, vec![owners.into(), theirs.into(), owners.into()])).await?;
            let rest = format!("DELETE FROM {table} WHERE member = ?");
            db.execute_raw(dialect::statement(db, &rest, vec![theirs.into()])).await?;
        }
        let sql = "UPDATE attendance_change SET member = ? WHERE member = ?";
        db.execute_raw(dialect::statement(db, sql, vec![owners.into(), theirs.into()])).await?;
        member::Entity::delete_by_id(theirs).exec(db).await?;
    }
    let sql = "DELETE FROM member_place WHERE learner = ?";
    db.execute_raw(dialect::statement(db, sql, vec![from.into()])).await?;
    Ok(())
}

pub(crate) fn read_class(row: &class::Model) -> Result<Class, DbErr> {
    let code =
        row.join_code.as_ref().map(|code| code.parse().map_err(|_| unreadable("join code", code))).transpose()?;
    Ok(Class {
        id: ClassId(row.id),
        name: row.name.clone(),
        unit: row.unit.parse().map_err(|_| unreadable("unit", &row.unit))?,
        place: row.place.clone(),
        plan: serde_json::from_str::<Plan>(&row.plan).map_err(|error| DbErr::Json(error.to_string()))?,
        from: sync::read_day(row.from_day)?,
        to: sync::read_day(row.to_day)?,
        code: code.map(|code| (code, row.join_until)),
        made_at: row.made_at,
        closed_at: row.closed_at,
    })
}

pub(crate) fn read_member(row: &member::Model, learner: Option<LearnerId>) -> Result<Member, DbErr> {
    let unit = row.unit.as_ref().map(|unit| unit.parse().map_err(|_| unreadable("unit", unit))).transpose()?;
    Ok(Member {
        id: MemberId(row.id),
        name: DisplayName::parse(&row.name).map_err(|_| unreadable("name", "of a member"))?,
        birth_year: row.birth_year.map(BirthYear::stored),
        sex: Sex::parse(&row.sex).ok_or_else(|| unreadable("sex", &row.sex))?,
        unit,
        consent: ConsentGiven::parse(&row.consent).ok_or_else(|| unreadable("consent", &row.consent))?,
        guardian: row.guardian,
        learner,
        edition: row.edition,
        made_at: row.made_at,
    })
}

/// The class and its row, when it is this trainer's.
pub(crate) async fn theirs(
    db: &impl ConnectionTrait,
    trainer: StaffId,
    id: ClassId,
) -> Result<Option<class::Model>, DbErr> {
    let Some(who) = staff::Entity::find().filter(staff::Column::Id.eq(trainer.0)).one(db).await? else {
        return Ok(None);
    };
    let class = class::Entity::find().filter(class::Column::Id.eq(id.0)).filter(class::Column::Staff.eq(who.no));
    class.one(db).await
}

/// Everybody on the roster of a class, as they came, with their rows' numbers.
pub(crate) async fn roster(db: &impl ConnectionTrait, class: i64) -> Result<Vec<(i64, Option<i64>, Member)>, DbErr> {
    let rows =
        member::Entity::find().filter(member::Column::Class.eq(class)).order_by_asc(member::Column::No).all(db).await?;
    let sql = "SELECT l.no, l.id FROM learner l JOIN member m ON m.learner = l.no WHERE m.class = ?";
    let mut ids = BTreeMap::new();
    for row in db.query_all_raw(dialect::statement(db, sql, vec![class.into()])).await? {
        ids.insert(row.try_get_by_index::<i64>(0)?, LearnerId(row.try_get_by_index(1)?));
    }
    let member = |row: member::Model| {
        let learner = row.learner.and_then(|no| ids.get(&no).copied());
        Ok((row.no, row.learner, read_member(&row, learner)?))
    };
    rows.into_iter().map(member).collect()
}

impl Store {
    /// Opens a class. `false` when the trainer is not here any more.
    pub async fn make_class(&self, trainer: StaffId, class: &Class, now: Millis) -> Result<bool> {
        let transaction = self.begin().await?;
        let who = staff::Entity::find().filter(staff::Column::Id.eq(trainer.0)).one(&transaction).await?;
        let Some(who) = who else { return Ok(false) };
        let plan = serde_json::to_string(&class.plan).map_err(|error| DbErr::Json(error.to_string()))?;
        let row = class::ActiveModel {
            id: Set(class.id.0),
            staff: Set(who.no),
            name: Set(class.name.clone()),
            unit: Set(class.unit.to_string()),
            place: Set(class.place.clone()),
            plan: Set(plan),
            from_day: Set(day_number(class.from)),
            to_day: Set(day_number(class.to)),
            join_until: Set(0),
            made_at: Set(now),
            ..Default::default()
        };
        class::Entity::insert(row).exec_without_returning(&transaction).await?;
        let about = [("class", class.id.to_string()), ("unit", class.unit.to_string())];
        audit::note(&transaction, now, &Doing { by: Some(trainer), act: Act::ClassMade, about: &about }).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// A trainer's classes, the newest first.
    pub async fn classes_of(&self, trainer: StaffId) -> Result<Vec<ClassEntry>> {
        let who = staff::Entity::find().filter(staff::Column::Id.eq(trainer.0)).one(&self.read).await?;
        let Some(who) = who else { return Ok(Vec::new()) };
        let rows = class::Entity::find().filter(class::Column::Staff.eq(who.no)).order_by_desc(class::Column::No);
        let sql =
            "SELECT m.class, COUNT(*) FROM member m JOIN class c ON c.no = m.class WHERE c.staff = ? GROUP BY m.class";
        let mut members = BTreeMap::new();
        for row in self.read.query_all_raw(dialect::statement(&self.read, sql, vec![who.no.into()])).await? {
            members.insert(row.try_get_by_index::<i64>(0)?, row.try_get_by_index::<i64>(1)? as u64);
        }
        let entry = |row: class::Model| {
            Ok(ClassEntry { class: read_class(&row)?, members: members.get(&row.no).copied().unwrap_or_default() })
        };
        Ok(rows.all(&self.read).await?.into_iter().map(entry).collect::<Result<_, DbErr>>()?)
    }

    /// One class of a trainer.
    pub async fn class(&self, trainer: StaffId, id: ClassId) -> Result<Option<Class>> {
        let row = theirs(&self.read, trainer, id).await?;
        Ok(row.as_ref().map(read_class).transpose()?)
    }

    /// Gives a class this code; an earlier one lets nobody in any more. `None` when the class is not theirs or is closed,
    /// `Some(false)` when another class has the code.
    pub async fn replace_code(
        &self,
        trainer: StaffId,
        id: ClassId,
        code: JoinCode,
        until: Millis,
        now: Millis,
    ) -> Result<Option<bool>> {
        let transaction = self.begin().await?;
        let Some(row) = theirs(&transaction, trainer, id).await?.filter(|row| row.closed_at.is_none()) else {
            return Ok(None);
        };
        // Codes that are over can be given out again.
        let over = "UPDATE class SET join_code = NULL WHERE join_code IS NOT NULL AND join_until <= ?";
        transaction.execute_raw(dialect::statement(&transaction, over, vec![now.into()])).await?;
        let sql = "UPDATE class SET join_code = ?, join_until = ? WHERE no = ? \
            AND NOT EXISTS (SELECT 1 FROM class other WHERE other.join_code = ? AND other.no <> ?)";
        let text = code.as_str();
        let values = vec![text.into(), until.into(), row.no.into(), text.into(), row.no.into()];
        let done = transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
        let about = [("class", id.to_string())];
        audit::note(&transaction, now, &Doing { by: Some(trainer), act: Act::CodeReplaced, about: &about }).await?;
        transaction.commit().await?;
        Ok(Some(done.rows_affected() > 0))
    }

    /// Ends a class, or opens it again; its roster and what was learnt stay.
    pub async fn close_class(&self, trainer: StaffId, id: ClassId, closed: bool, now: Millis) -> Result<bool> {
        let transaction = self.begin().await?;
        let Some(row) = theirs(&transaction, trainer, id).await? else { return Ok(false) };
        let sql = "UPDATE class SET closed_at = ?, join_code = NULL WHERE no = ?";
        let values = vec![closed.then_some(now).into(), row.no.into()];
        transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
        let act = if closed { Act::ClassClosed } else { Act::ClassChanged };
        let about = [("class", id.to_string())];
        audit::note(&transaction, now, &Doing { by: Some(trainer), act, about: &about }).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The class that a code lets into now.
    pub async fn class_by_code(&self, code: JoinCode, now: Millis) -> Result<Option<OpenClass>> {
        let row = class::Entity::find().filter(class::Column::JoinCode.eq(code.as_str())).one(&self.read).await?;
        let Some(row) = row.filter(|row| row.join_until > now && row.closed_at.is_none()) else { return Ok(None) };
        let trainer = staff::Entity::find_by_id(row.staff).one(&self.read).await?;
        let Some(trainer) = trainer.filter(|trainer| trainer.closed_at.is_none()) else { return Ok(None) };
        Ok(Some(OpenClass { class: read_class(&row)?, trainer: trainer.name }))
    }

    /// Somebody joins with a code, under the name that they want to be called by.
    pub async fn join(
        &self,
        code: JoinCode,
        who: &Credentials,
        id: MemberId,
        name: &DisplayName,
        now: Millis,
    ) -> Result<Joined> {
        let transaction = self.begin().await?;
        let row = class::Entity::find().filter(class::Column::JoinCode.eq(code.as_str())).one(&transaction).await?;
        let Some(row) = row.filter(|row| row.join_until > now && row.closed_at.is_none()) else {
            return Ok(Joined::NoSuchCode);
        };
        let class = Box::new(read_class(&row)?);
        let Some(learner) = sync::find(&transaction, who).await? else { return Ok(Joined::NotALearner) };
        // Nobody else changes the roster until commit: the same phone may ask twice at once.
        dialect::lock_row(&transaction, "class", row.no).await?;
        let there = member::Entity::find().filter(member::Column::Class.eq(row.no));
        if there.clone().filter(member::Column::Learner.eq(learner.no)).count(&transaction).await? > 0 {
            return Ok(Joined::Already(class));
        }
        if there.count(&transaction).await? >= MEMBERS_MAX as u64 {
            return Ok(Joined::Full);
        }
        let profile = sync::profile_of(&learner)?;
        let member = member::ActiveModel {
            id: Set(id.0),
            class: Set(row.no),
            learner: Set(Some(learner.no)),
            name: Set(name.as_str().to_owned()),
            birth_year: Set(Some(profile.birth_year.get())),
            sex: Set(profile.sex.as_str().to_owned()),
            unit: Set(Some(profile.unit.to_string())),
            consent: Set(ConsentGiven::OnPhone.as_str().to_owned()),
            guardian: Set(learner.guardian),
            edition: Set(1),
            made_at: Set(now),
            ..Default::default()
        };
        member::Entity::insert(member).exec_without_returning(&transaction).await?;
        transaction.commit().await?;
        Ok(Joined::Done(class))
    }

    /// The roster of a class, as it was entered. The caller notes in the audit log that it was looked at.
    pub async fn roster(&self, trainer: StaffId, id: ClassId) -> Result<Option<(Class, Vec<Member>)>> {
        let Some(row) = theirs(&self.read, trainer, id).await? else { return Ok(None) };
        let members = roster(&self.read, row.no).await?.into_iter().map(|(_, _, member)| member).collect();
        Ok(Some((read_class(&row)?, members)))
    }

    /// Takes people onto a roster who agreed aloud, all or none of them. Whoever has told commune and birth year becomes a learner
    /// who is counted. `unit_known`: whether a unit exists today.
    pub async fn add_members(
        &self,
        trainer: StaffId,
        id: ClassId,
        new: &[NewMember],
        unit_known: &(dyn Fn(UnitCode) -> bool + Sync),
        now: Millis,
    ) -> Result<Changed> {
        let transaction = self.begin().await?;
        let Some(row) = theirs(&transaction, trainer, id).await?.filter(|row| row.closed_at.is_none()) else {
            return Ok(Changed::NotThere);
        };
        dialect::lock_row(&transaction, "class", row.no).await?;
        let there = member::Entity::find().filter(member::Column::Class.eq(row.no)).count(&transaction).await?;
        if there as usize + new.len() > MEMBERS_MAX {
            return Ok(Changed::Refused);
        }
        let mut rows = Vec::new();
        for member in new {
            let Some(learner) = self.enrol(&transaction, member, unit_known, now).await? else {
                return Ok(Changed::Refused);
            };
            rows.push(vec![
                member.id.0.into(),
                row.no.into(),
                learner.into(),
                member.name.as_str().into(),
                member.birth_year.map(BirthYear::get).into(),
                member.sex.as_str().into(),
                member.unit.map(|unit| unit.to_string()).into(),
                ConsentGiven::Aloud.as_str().into(),
                member.guardian.into(),
                1i32.into(),
                now.into(),
            ]);
        }
        dialect::insert_rows(&transaction, "member", &MEMBER, rows, "").await?;
        let about = [("class", id.to_string()), ("people", new.len().to_string())];
        audit::note(&transaction, now, &Doing { by: Some(trainer), act: Act::ConsentRecorded, about: &about }).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }

    /// Makes a learner of somebody whose profile is whole. `Some(None)`: it is not yet; `None`: it cannot be.
    async fn enrol(
        &self,
        db: &DatabaseTransaction,
        member: &NewMember,
        unit_known: &(dyn Fn(UnitCode) -> bool + Sync),
        now: Millis,
    ) -> Result<Option<Option<i64>>> {
        let (Some(birth_year), Some(unit)) = (member.birth_year, member.unit) else { return Ok(Some(None)) };
        let profile = Profile { unit, birth_year, sex: member.sex };
        let consent = Consent { version: CONSENT_VERSION, guardian: member.guardian };
        let what = What::Registered { profile, consent, made_at: now };
        let event = Event { id: member.id.0, at: now, no: 1, what, seen: None };
        Ok(self.register_in(db, &member.credentials, event, unit_known, now).await?.map(Some))
    }

    /// Changes somebody on a roster, unless somebody else did meanwhile. What makes a learner of them is told as the learner would
    /// tell it.
    pub async fn change_member(
        &self,
        trainer: StaffId,
        class: ClassId,
        to: &NewMember,
        edition: i32,
        unit_known: &(dyn Fn(UnitCode) -> bool + Sync),
        now: Millis,
    ) -> Result<Changed> {
        let transaction = self.begin().await?;
        let Some(of) = theirs(&transaction, trainer, class).await? else { return Ok(Changed::NotThere) };
        dialect::lock_row(&transaction, "class", of.no).await?;
        let row = member::Entity::find()
            .filter(member::Column::Id.eq(to.id.0))
            .filter(member::Column::Class.eq(of.no))
            .one(&transaction)
            .await?;
        let Some(row) = row else { return Ok(Changed::NotThere) };
        if row.edition != edition {
            return Ok(Changed::Meanwhile(Box::new(read_member(&row, None)?)));
        }
        let learner = match row.learner {
            Some(learner) => {
                let (Some(birth_year), Some(unit)) = (to.birth_year, to.unit) else { return Ok(Changed::Refused) };
                let profile = Profile { unit, birth_year, sex: to.sex };
                if !self.retell_in(&transaction, learner, profile, to.guardian, unit_known, now).await? {
                    return Ok(Changed::Refused);
                }
                Some(learner)
            }
            None => match self.enrol(&transaction, to, unit_known, now).await? {
                Some(learner) => learner,
                None => return Ok(Changed::Refused),
            },
        };
        let sql = "UPDATE member SET learner = ?, name = ?, birth_year = ?, sex = ?, unit = ?, guardian = ?, \
            edition = edition + 1 WHERE no = ?";
        let values = vec![
            learner.into(),
            to.name.as_str().into(),
            to.birth_year.map(BirthYear::get).into(),
            to.sex.as_str().into(),
            to.unit.map(|unit| unit.to_string()).into(),
            to.guardian.into(),
            row.no.into(),
        ];
        transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
        let about = [("class", class.to_string()), ("member", to.id.to_string())];
        audit::note(&transaction, now, &Doing { by: Some(trainer), act: Act::RosterChanged, about: &about }).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }

    /// Takes somebody off a roster. What they learnt stays theirs.
    pub async fn remove_member(
        &self,
        trainer: StaffId,
        class: ClassId,
        id: MemberId,
        edition: i32,
        now: Millis,
    ) -> Result<Changed> {
        let transaction = self.begin().await?;
        let Some(of) = theirs(&transaction, trainer, class).await? else { return Ok(Changed::NotThere) };
        dialect::lock_row(&transaction, "class", of.no).await?;
        let row = member::Entity::find().filter(member::Column::Id.eq(id.0)).filter(member::Column::Class.eq(of.no));
        let Some(row) = row.one(&transaction).await? else { return Ok(Changed::NotThere) };
        if row.edition != edition {
            return Ok(Changed::Meanwhile(Box::new(read_member(&row, None)?)));
        }
        for table in ["attendance", "attendance_change", "class_test"] {
            let sql = format!("DELETE FROM {table} WHERE member = ?");
            transaction.execute_raw(dialect::statement(&transaction, &sql, vec![row.no.into()])).await?;
        }
        member::Entity::delete_by_id(row.no).exec(&transaction).await?;
        let about = [("class", class.to_string()), ("member", id.to_string()), ("what", "removed".to_owned())];
        audit::note(&transaction, now, &Doing { by: Some(trainer), act: Act::RosterChanged, about: &about }).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }
}

const MEMBER: [&str; 11] =
    ["id", "class", "learner", "name", "birth_year", "sex", "unit", "consent", "guardian", "edition", "made_at"];
