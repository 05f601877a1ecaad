//! Those who work here: letting them in, what they prove themselves with, and where they are signed in.
//!
//! Secrets come here hashed or sealed, but for codes and tokens of so much randomness that a plain hash cannot be turned back.

use crate::{
    Result, Store,
    audit::{self, Doing},
    dialect,
    entity::{passkey, recovery_code, staff, staff_link, staff_session, staff_unit},
    sync,
};
use domain::{
    accounts::{
        CardCode, RecoveryCode, Secret,
        staff::{Act, LINK_DAYS, Role, Scope, Staff, StaffId},
    },
    places::UnitCode,
    time::{DAY_MS, Millis, SECOND_MS},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QueryResult, Set,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Keep hashes of codes apart from every other hash of the house.
const LINK_LABEL: &[u8] = b"hocso staff link 1";
const RECOVERY_LABEL: &[u8] = b"hocso recovery code 1";
/// A session's last touch is written down at most so often: enough for limits of half an hour, and a page view is no write.
const SEEN_EVERY: Millis = 60 * SECOND_MS;
/// How long somebody may take between the password and the second factor.
const HALF_FOR: Millis = 10 * 60 * SECOND_MS;

/// What somebody can prove themselves with beside the password.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Factors {
    pub totp: bool,
    pub passkeys: u64,
    pub recovery_codes: u64,
}

impl Factors {
    pub fn any(self) -> bool {
        self.totp || self.passkeys > 0
    }
}

/// Somebody who signs in, with what their password and code are compared to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SigningIn {
    pub staff: Staff,
    /// As argon2 wrote it; `None` while no password was set.
    pub password: Option<String>,
    /// Sealed.
    pub totp: Option<String>,
    pub factors: Factors,
}

/// A session as the request that carries it finds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    pub staff: Staff,
    /// Only past the password.
    pub half: bool,
    pub factors: Factors,
}

/// A session as its owner sees it in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionEntry {
    /// For ending it; it opens nothing.
    pub handle: String,
    pub device: String,
    pub made_at: Millis,
    pub seen_at: Millis,
    pub is_this: bool,
}

/// Somebody in the list of those who work here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StaffEntry {
    pub staff: Staff,
    pub factors: Factors,
    pub has_password: bool,
    pub closed: bool,
    pub seen_at: Option<Millis>,
}

/// Somebody who is to work here.
pub struct NewStaff<'a> {
    pub id: StaffId,
    pub name: &'a str,
    /// What they would sign in with; a number is added where somebody has it already.
    pub login: &'a str,
    pub role: Role,
    pub scope: &'a Scope,
}

/// What came of a code that was shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    Taken,
    /// Not right, or used already: the same answer.
    NotTaken,
}

fn link_hash(code: &CardCode) -> Vec<u8> {
    Sha256::new().chain_update(LINK_LABEL).chain_update(code.as_str()).finalize().to_vec()
}

fn recovery_hash(of: StaffId, code: &RecoveryCode) -> Vec<u8> {
    let hash = Sha256::new().chain_update(RECOVERY_LABEL).chain_update(of.0.as_bytes());
    hash.chain_update(code.as_str()).finalize().to_vec()
}

fn handle_of(hash: &[u8]) -> String {
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// What a row says about somebody.
async fn read(db: &impl ConnectionTrait, row: &staff::Model) -> Result<Staff, DbErr> {
    let role = Role::parse(&row.role).ok_or_else(|| sync::unreadable("role", &row.role))?;
    let scope = if row.province {
        Scope::Province
    } else {
        let units = staff_unit::Entity::find().filter(staff_unit::Column::Staff.eq(row.no)).all(db).await?;
        let unit = |row: staff_unit::Model| row.unit.parse().map_err(|_| sync::unreadable("unit", &row.unit));
        Scope::Units(units.into_iter().map(unit).collect::<Result<_, DbErr>>()?)
    };
    Ok(Staff { id: StaffId(row.id), login: row.login.clone(), name: row.name.clone(), role, scope })
}

async fn factors(db: &impl ConnectionTrait, row: &staff::Model) -> Result<Factors, DbErr> {
    let passkeys = passkey::Entity::find().filter(passkey::Column::Staff.eq(row.no)).count(db).await?;
    let codes = recovery_code::Entity::find().filter(recovery_code::Column::Staff.eq(row.no)).count(db).await?;
    Ok(Factors { totp: row.totp.is_some(), passkeys, recovery_codes: codes })
}

pub(crate) async fn find(db: &impl ConnectionTrait, id: StaffId) -> Result<Option<staff::Model>, DbErr> {
    staff::Entity::find().filter(staff::Column::Id.eq(id.0)).one(db).await
}

async fn write_units(db: &DatabaseTransaction, no: i64, scope: &Scope) -> Result<(), DbErr> {
    staff_unit::Entity::delete_many().filter(staff_unit::Column::Staff.eq(no)).exec(db).await?;
    if let Scope::Units(units) = scope {
        let rows = units.iter().map(|unit| vec![no.into(), unit.as_str().into()]).collect();
        dialect::insert_rows(db, "staff_unit", &["staff", "unit"], rows, "").await?;
    }
    Ok(())
}

async fn end_sessions(db: &DatabaseTransaction, no: i64) -> Result<(), DbErr> {
    staff_session::Entity::delete_many().filter(staff_session::Column::Staff.eq(no)).exec(db).await?;
    Ok(())
}

async fn write_link(db: &DatabaseTransaction, no: i64, link: &CardCode, now: Millis) -> Result<(), DbErr> {
    staff_link::Entity::delete_many().filter(staff_link::Column::Staff.eq(no)).exec(db).await?;
    let until_at = now + LINK_DAYS * DAY_MS;
    let row = staff_link::ActiveModel { hash: Set(link_hash(link)), staff: Set(no), until_at: Set(until_at) };
    staff_link::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// What the audit log says about somebody's role and place.
fn described(id: StaffId, role: Role, scope: &Scope) -> Vec<(&'static str, String)> {
    let units = match scope {
        Scope::Province => "province".to_owned(),
        Scope::Units(units) => units.iter().map(UnitCode::as_str).collect::<Vec<_>>().join(" "),
    };
    vec![("staff", id.to_string()), ("role", role.as_str().to_owned()), ("units", units)]
}

impl Store {
    /// Lets somebody in: makes the account, and a link that sets its password. Gives the name they sign in with.
    pub async fn add_staff(
        &self,
        new: &NewStaff<'_>,
        link: &CardCode,
        by: Option<StaffId>,
        now: Millis,
    ) -> Result<String> {
        let transaction = self.begin().await?;
        let mut login = new.login.to_owned();
        for number in 2.. {
            let taken =
                staff::Entity::find().filter(staff::Column::Login.eq(login.as_str())).count(&transaction).await?;
            if taken == 0 {
                break;
            }
            login = format!("{}-{number}", new.login);
        }
        let row = staff::ActiveModel {
            id: Set(new.id.0),
            login: Set(login.clone()),
            name: Set(new.name.to_owned()),
            role: Set(new.role.as_str().to_owned()),
            province: Set(*new.scope == Scope::Province),
            made_at: Set(now),
            totp_step: Set(0),
            ..Default::default()
        };
        let no = staff::Entity::insert(row).exec(&transaction).await?.last_insert_id;
        write_units(&transaction, no, new.scope).await?;
        write_link(&transaction, no, link, now).await?;
        let about = described(new.id, new.role, new.scope);
        audit::note(&transaction, now, &Doing { by, act: Act::StaffAdded, about: &about }).await?;
        transaction.commit().await?;
        Ok(login)
    }

    /// A new link for somebody who lost the first, or the password. `false` when there is nobody with this id, or no more.
    pub async fn make_link(&self, id: StaffId, link: &CardCode, by: Option<StaffId>, now: Millis) -> Result<bool> {
        let transaction = self.begin().await?;
        let Some(row) = find(&transaction, id).await?.filter(|row| row.closed_at.is_none()) else { return Ok(false) };
        write_link(&transaction, row.no, link, now).await?;
        let about = [("staff", id.to_string())];
        audit::note(&transaction, now, &Doing { by, act: Act::LinkMade, about: &about }).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Gives somebody another role or other units, and ends their sessions: what they may do is asked anew.
    pub async fn change_staff(
        &self,
        id: StaffId,
        role: Role,
        scope: &Scope,
        by: Option<StaffId>,
        now: Millis,
    ) -> Result<bool> {
        let transaction = self.begin().await?;
        let Some(row) = find(&transaction, id).await? else { return Ok(false) };
        let sql = "UPDATE staff SET role = ?, province = ? WHERE no = ?";
        let values = vec![role.as_str().into(), (*scope == Scope::Province).into(), row.no.into()];
        transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
        write_units(&transaction, row.no, scope).await?;
        end_sessions(&transaction, row.no).await?;
        let about = described(id, role, scope);
        audit::note(&transaction, now, &Doing { by, act: Act::StaffChanged, about: &about }).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Closes an account, or opens it again. A closed one signs in nowhere; what its owner did stays.
    pub async fn close_staff(&self, id: StaffId, closed: bool, by: Option<StaffId>, now: Millis) -> Result<bool> {
        let transaction = self.begin().await?;
        let Some(row) = find(&transaction, id).await? else { return Ok(false) };
        let sql = "UPDATE staff SET closed_at = ? WHERE no = ?";
        let values = vec![closed.then_some(now).into(), row.no.into()];
        transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
        end_sessions(&transaction, row.no).await?;
        staff_link::Entity::delete_many().filter(staff_link::Column::Staff.eq(row.no)).exec(&transaction).await?;
        let act = if closed { Act::StaffClosed } else { Act::StaffOpened };
        let about = [("staff", id.to_string())];
        audit::note(&transaction, now, &Doing { by, act, about: &about }).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Everybody who works here, by role and name.
    pub async fn staff_list(&self) -> Result<Vec<StaffEntry>> {
        let rows = staff::Entity::find().order_by_asc(staff::Column::Login).all(&self.read).await?;
        let mut units: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for row in staff_unit::Entity::find().all(&self.read).await? {
            units.entry(row.staff).or_default().push(row.unit);
        }
        let count = |sql: &'static str| async move {
            let rows = self.read.query_all_raw(dialect::statement(&self.read, sql, vec![])).await?;
            let count = |row: &QueryResult| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?));
            rows.iter().map(count).collect::<Result<BTreeMap<i64, i64>, DbErr>>()
        };
        let passkeys = count("SELECT staff, COUNT(*) FROM passkey GROUP BY staff").await?;
        let codes = count("SELECT staff, COUNT(*) FROM recovery_code GROUP BY staff").await?;
        let seen = count("SELECT staff, MAX(seen_at) FROM staff_session WHERE NOT half GROUP BY staff").await?;
        let entry = |row: staff::Model| -> Result<StaffEntry, DbErr> {
            let role = Role::parse(&row.role).ok_or_else(|| sync::unreadable("role", &row.role))?;
            let of_units = units.get(&row.no).into_iter().flatten();
            let of_units = of_units.map(|unit| unit.parse().map_err(|_| sync::unreadable("unit", unit)));
            let scope =
                if row.province { Scope::Province } else { Scope::Units(of_units.collect::<Result<_, DbErr>>()?) };
            let of = |counts: &BTreeMap<i64, i64>| counts.get(&row.no).copied().unwrap_or_default() as u64;
            let factors = Factors { totp: row.totp.is_some(), passkeys: of(&passkeys), recovery_codes: of(&codes) };
            Ok(StaffEntry {
                factors,
                has_password: row.password.is_some(),
                closed: row.closed_at.is_some(),
                seen_at: seen.get(&row.no).copied(),
                staff: Staff { id: StaffId(row.id), login: row.login, name: row.name, role, scope },
            })
        };
        Ok(rows.into_iter().map(entry).collect::<Result<_, DbErr>>()?)
    }

    /// One of them.
    pub async fn staff_entry(&self, id: StaffId) -> Result<Option<StaffEntry>> {
        // A province has some hundred trainers, and this is a page of administrators.
        Ok(self.staff_list().await?.into_iter().find(|entry| entry.staff.id == id))
    }

    /// Whose password a link sets; `None` when it was used, or is too old.
    pub async fn staff_of_link(&self, link: &CardCode, now: Millis) -> Result<Option<Staff>> {
        let Some(row) = self.link(&self.read, link, now).await? else { return Ok(None) };
        Ok(Some(read(&self.read, &row).await?))
    }

    async fn link(
        &self,
        db: &impl ConnectionTrait,
        link: &CardCode,
        now: Millis,
    ) -> Result<Option<staff::Model>, DbErr> {
        let found = staff_link::Entity::find_by_id(link_hash(link)).one(db).await?;
        match found.filter(|link| link.until_at > now) {
            Some(link) => {
                let row = staff::Entity::find_by_id(link.staff).one(db).await?;
                Ok(row.filter(|row| row.closed_at.is_none()))
            }
            None => Ok(None),
        }
    }

    /// Sets the password by a link, which is then used up; all sessions end. Whoever lost the password may have lost the phone
    /// too, but the second factor stays: a link that somebody else read must not take it away.
    pub async fn set_password_by_link(&self, link: &CardCode, hash: &str, now: Millis) -> Result<Option<Staff>> {
        let transaction = self.begin().await?;
        let Some(row) = self.link(&transaction, link, now).await? else { return Ok(None) };
        set_password(&transaction, &row, hash, Some(StaffId(row.id)), now).await?;
        let staff = read(&transaction, &row).await?;
        transaction.commit().await?;
        Ok(Some(staff))
    }

    /// Sets one's own password; all sessions end.
    pub async fn set_password(&self, id: StaffId, hash: &str, now: Millis) -> Result<()> {
        let transaction = self.begin().await?;
        if let Some(row) = find(&transaction, id).await? {
            set_password(&transaction, &row, hash, Some(id), now).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Somebody by the name they sign in with; `None` also for a closed account.
    pub async fn signing_in(&self, login: &str) -> Result<Option<SigningIn>> {
        let row = staff::Entity::find().filter(staff::Column::Login.eq(login)).one(&self.read).await?;
        self.signing(row).await
    }

    /// The same by their id.
    pub async fn signing_in_by_id(&self, id: StaffId) -> Result<Option<SigningIn>> {
        let row = find(&self.read, id).await?;
        self.signing(row).await
    }

    async fn signing(&self, row: Option<staff::Model>) -> Result<Option<SigningIn>> {
        let Some(row) = row.filter(|row| row.closed_at.is_none()) else { return Ok(None) };
        let (staff, factors) = (read(&self.read, &row).await?, factors(&self.read, &row).await?);
        Ok(Some(SigningIn { staff, password: row.password, totp: row.totp, factors }))
    }

    /// Begins a session under a new token; one that the browser had before ends with it, so that nobody can slip their own under
    /// somebody else's sign-in. A half one waits for the second factor.
    pub async fn begin_session(
        &self,
        id: StaffId,
        token: &Secret,
        before: Option<&Secret>,
        half: bool,
        device: &str,
        now: Millis,
    ) -> Result<bool> {
        let transaction = self.begin().await?;
        let Some(row) = find(&transaction, id).await?.filter(|row| row.closed_at.is_none()) else { return Ok(false) };
        if let Some(before) = before {
            staff_session::Entity::delete_by_id(sync::hash_of(before)).exec(&transaction).await?;
        }
        let over = "DELETE FROM staff_session WHERE until_at <= ?";
        transaction.execute_raw(dialect::statement(&transaction, over, vec![now.into()])).await?;
        let role = Role::parse(&row.role).ok_or_else(|| sync::unreadable("role", &row.role))?;
        let session = staff_session::ActiveModel {
            hash: Set(sync::hash_of(token)),
            staff: Set(row.no),
            half: Set(half),
            device: Set(device.to_owned()),
            made_at: Set(now),
            seen_at: Set(now),
            until_at: Set(now + if half { HALF_FOR } else { role.absolute_limit() }),
        };
        staff_session::Entity::insert(session).exec_without_returning(&transaction).await?;
        if !half {
            audit::note(&transaction, now, &Doing { by: Some(id), act: Act::SignedIn, about: &[] }).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Who is signed in with this token. Notes now and then that it was used: that is no change of anything that a page shows.
    pub async fn session(&self, token: &Secret, now: Millis) -> Result<Option<Session>> {
        let hash = sync::hash_of(token);
        let Some(session) = staff_session::Entity::find_by_id(hash.clone()).one(&self.read).await? else {
            return Ok(None);
        };
        let Some(row) = staff::Entity::find_by_id(session.staff).one(&self.read).await? else { return Ok(None) };
        let staff = read(&self.read, &row).await?;
        let idle = now - session.seen_at > staff.role.idle_limit();
        if row.closed_at.is_some() || session.until_at <= now || idle {
            return Ok(None);
        }
        if now - session.seen_at >= SEEN_EVERY {
            let transaction = self.begin().await?;
            let sql = "UPDATE staff_session SET seen_at = ? WHERE hash = ? AND seen_at < ?";
            let values = vec![now.into(), hash.into(), now.into()];
            transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
            transaction.commit().await?;
        }
        let factors = factors(&self.read, &row).await?;
        Ok(Some(Session { staff, half: session.half, factors }))
    }

    /// Where somebody is signed in, the newest first.
    pub async fn sessions(&self, id: StaffId, this: Option<&Secret>, now: Millis) -> Result<Vec<SessionEntry>> {
        let Some(row) = find(&self.read, id).await? else { return Ok(Vec::new()) };
        let this = this.map(sync::hash_of);
        let rows = staff_session::Entity::find()
            .filter(staff_session::Column::Staff.eq(row.no))
            .filter(staff_session::Column::Half.eq(false))
            .filter(staff_session::Column::UntilAt.gt(now))
            .order_by_desc(staff_session::Column::SeenAt);
        let entry = |row: staff_session::Model| SessionEntry {
            handle: handle_of(&row.hash),
            is_this: this.as_ref() == Some(&row.hash),
            device: row.device,
            made_at: row.made_at,
            seen_at: row.seen_at,
        };
        Ok(rows.all(&self.read).await?.into_iter().map(entry).collect())
    }

    /// Ends the session of this token.
    pub async fn sign_out(&self, token: &Secret, now: Millis) -> Result<()> {
        let transaction = self.begin().await?;
        let hash = sync::hash_of(token);
        if let Some(session) = staff_session::Entity::find_by_id(hash.clone()).one(&transaction).await? {
            staff_session::Entity::delete_by_id(hash).exec(&transaction).await?;
            if let Some(row) = staff::Entity::find_by_id(session.staff).one(&transaction).await?
                && !session.half
            {
                let by = Some(StaffId(row.id));
                audit::note(&transaction, now, &Doing { by, act: Act::SignedOut, about: &[] }).await?;
            }
        }
        Ok(transaction.commit().await?)
    }

    /// Ends one of somebody's own sessions by its handle, or with `None` all but `this`.
    pub async fn end_sessions(
        &self,
        id: StaffId,
        handle: Option<&str>,
        this: Option<&Secret>,
        now: Millis,
    ) -> Result<()> {
        let transaction = self.begin().await?;
        let Some(row) = find(&transaction, id).await? else { return Ok(()) };
        let this = this.map(sync::hash_of);
        let all =
            staff_session::Entity::find().filter(staff_session::Column::Staff.eq(row.no)).all(&transaction).await?;
        for session in all {
            let ends = match handle {
                Some(handle) => handle_of(&session.hash) == handle,
                None => this.as_ref() != Some(&session.hash),
            };
            if ends {
                staff_session::Entity::delete_by_id(session.hash).exec(&transaction).await?;
                audit::note(&transaction, now, &Doing { by: Some(id), act: Act::SessionEnded, about: &[] }).await?;
            }
        }
        Ok(transaction.commit().await?)
    }

    /// Keeps the sealed secret of a second factor, with the step whose code proved it.
    pub async fn set_totp(&self, id: StaffId, sealed: &str, step: i64, now: Millis) -> Result<()> {
        let transaction = self.begin().await?;
        let sql = "UPDATE staff SET totp = ?, totp_step = ? WHERE id = ?";
        let values = vec![sealed.into(), step.into(), id.0.into()];
        transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
        let about = [("kind", "totp".to_owned())];
        audit::note(&transaction, now, &Doing { by: Some(id), act: Act::SecondFactorSet, about: &about }).await?;
        Ok(transaction.commit().await?)
    }

    /// Takes the step of a code that was right; a step is taken once, so that a code read over a shoulder is worth nothing.
    pub async fn take_totp_step(&self, id: StaffId, step: i64) -> Result<Shown> {
        let transaction = self.begin().await?;
        let sql = "UPDATE staff SET totp_step = ? WHERE id = ? AND totp_step < ?";
        let values = vec![step.into(), id.0.into(), step.into()];
        let done = transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
        transaction.commit().await?;
        Ok(if done.rows_affected() > 0 { Shown::Taken } else { Shown::NotTaken })
    }

    /// Gives somebody these recovery codes; earlier ones are void.
    pub async fn set_recovery_codes(&self, id: StaffId, codes: &[RecoveryCode], now: Millis) -> Result<()> {
        let transaction = self.begin().await?;
        let Some(row) = find(&transaction, id).await? else { return Ok(()) };
        recovery_code::Entity::delete_many().filter(recovery_code::Column::Staff.eq(row.no)).exec(&transaction).await?;
        let rows = codes.iter().map(|code| vec![row.no.into(), recovery_hash(id, code).into()]).collect();
        dialect::insert_rows(&transaction, "recovery_code", &["staff", "hash"], rows, "").await?;
        audit::note(&transaction, now, &Doing { by: Some(id), act: Act::RecoveryCodesMade, about: &[] }).await?;
        Ok(transaction.commit().await?)
    }

    /// Uses a recovery code up.
    pub async fn use_recovery_code(&self, id: StaffId, code: &RecoveryCode, now: Millis) -> Result<Shown> {
        let transaction = self.begin().await?;
        let Some(row) = find(&transaction, id).await? else { return Ok(Shown::NotTaken) };
        let done = recovery_code::Entity::delete_by_id((row.no, recovery_hash(id, code))).exec(&transaction).await?;
        if done.rows_affected == 0 {
            return Ok(Shown::NotTaken);
        }
        audit::note(&transaction, now, &Doing { by: Some(id), act: Act::RecoveryCodeUsed, about: &[] }).await?;
        transaction.commit().await?;
        Ok(Shown::Taken)
    }

    /// Takes the second factor away: the code app, or one passkey. Recovery codes go with the last one.
    pub async fn remove_factor(&self, id: StaffId, passkey: Option<&str>, by: StaffId, now: Millis) -> Result<()> {
        let transaction = self.begin().await?;
        let Some(row) = find(&transaction, id).await? else { return Ok(()) };
        match passkey {
            Some(key) => {
                let theirs = passkey::Entity::delete_by_id(key.to_owned()).filter(passkey::Column::Staff.eq(row.no));
                theirs.exec(&transaction).await?;
            }
            None => {
                let sql = "UPDATE staff SET totp = NULL WHERE no = ?";
                transaction.execute_raw(dialect::statement(&transaction, sql, vec![row.no.into()])).await?;
            }
        }
        let kind = if passkey.is_some() { "passkey" } else { "totp" };
        let about = [("staff", id.to_string()), ("kind", kind.to_owned())];
        audit::note(&transaction, now, &Doing { by: Some(by), act: Act::SecondFactorRemoved, about: &about }).await?;
        Ok(transaction.commit().await?)
    }
}

async fn set_password(
    db: &DatabaseTransaction,
    row: &staff::Model,
    hash: &str,
    by: Option<StaffId>,
    now: Millis,
) -> Result<(), DbErr> {
    let sql = "UPDATE staff SET password = ? WHERE no = ?";
    db.execute_raw(dialect::statement(db, sql, vec![hash.into(), row.no.into()])).await?;
    staff_link::Entity::delete_many().filter(staff_link::Column::Staff.eq(row.no)).exec(db).await?;
    end_sessions(db, row.no).await?;
    audit::note(db, now, &Doing { by, act: Act::PasswordSet, about: &[] }).await
}
