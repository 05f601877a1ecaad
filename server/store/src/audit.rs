//! Who did what: appended to and never changed, each entry bound to the one before by its hash, so that whoever takes one out,
//! changes one or slips one in is found.

use crate::{Result, Store, dialect, entity::audit};
use domain::{
    accounts::staff::{Act, StaffId},
    time::Millis,
};
use futures::TryStreamExt;
use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// What the first entry is bound to.
const BEGINNING: &str = "hocso audit 1";
/// Entries of one page of the log.
const PAGE: u64 = 100;

/// An entry that is to be made.
pub struct Doing<'a> {
    /// `None`: one of the program's own commands.
    pub by: Option<StaffId>,
    pub act: Act,
    /// Ids and codes, never names: what was done to what.
    pub about: &'a [(&'a str, String)],
}

/// An entry as it is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditEntry {
    pub no: i64,
    pub at: Millis,
    pub by: Option<StaffId>,
    pub act: String,
    pub about: Vec<(String, String)>,
}

/// What a look over the whole chain found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditCheck {
    pub entries: i64,
    /// The hash of the last entry: noted down elsewhere, it shows later that nothing was cut off.
    pub head: String,
    /// The first entry that is not as it was written, or is missing.
    pub broken: Option<i64>,
}

fn hash_of(before: &str, no: i64, at: Millis, staff: &str, act: &str, about: &str) -> String {
    let hash = Sha256::digest(format!("{before}\n{no}\n{at}\n{staff}\n{act}\n{about}"));
    hash.iter().fold(String::new(), |mut text, byte| {
        // A string grows.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Writes an entry with the change that it tells of, in one transaction: both, or neither.
pub(crate) async fn note(db: &DatabaseTransaction, at: Millis, doing: &Doing<'_>) -> Result<(), DbErr> {
    dialect::lock_audit(db).await?;
    let last = audit::Entity::find().order_by_desc(audit::Column::No).one(db).await?;
    let (before, no) = last.map_or((BEGINNING.to_owned(), 1), |last| (last.hash, last.no + 1));
    let about: Map<String, Value> =
        doing.about.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect();
    let about = Value::Object(about).to_string();
    let staff = doing.by.map(|by| by.to_string()).unwrap_or_default();
    let hash = hash_of(&before, no, at, &staff, doing.act.as_str(), &about);
    let row = audit::ActiveModel {
        no: Set(no),
        at: Set(at),
        staff: Set(staff),
        act: Set(doing.act.as_str().to_owned()),
        about: Set(about),
        hash: Set(hash),
    };
    audit::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

impl Store {
    /// Writes an entry of something that changes nothing else: a roster looked at, a file taken out.
    pub async fn note_in_audit(&self, at: Millis, doing: &Doing<'_>) -> Result<()> {
        let transaction = self.begin().await?;
        note(&transaction, at, doing).await?;
        Ok(transaction.commit().await?)
    }

    /// A page of the log, the newest first: what comes before `before`.
    pub async fn audit_page(&self, before: Option<i64>) -> Result<Vec<AuditEntry>> {
        let mut rows = audit::Entity::find().order_by_desc(audit::Column::No).limit(PAGE);
        if let Some(before) = before {
            rows = rows.filter(audit::Column::No.lt(before));
        }
        let read = |row: audit::Model| {
            let about: Map<String, Value> = serde_json::from_str(&row.about).unwrap_or_default();
            let about = about.into_iter().map(|(name, value)| (name, value.as_str().unwrap_or_default().to_owned()));
            let by = row.staff.parse().ok();
            AuditEntry { no: row.no, at: row.at, by, act: row.act, about: about.collect() }
        };
        Ok(rows.all(&self.read).await?.into_iter().map(read).collect())
    }

    /// Looks over the whole chain, a row at a time.
    pub async fn check_audit(&self) -> Result<AuditCheck> {
        let mut rows = audit::Entity::find().order_by_asc(audit::Column::No).stream(&self.read).await?;
        let mut check = AuditCheck { entries: 0, head: BEGINNING.to_owned(), broken: None };
        while let Some(row) = rows.try_next().await? {
            let no = check.entries + 1;
            let hash = hash_of(&check.head, no, row.at, &row.staff, &row.act, &row.about);
            if check.broken.is_none() && (row.no != no || row.hash != hash) {
                check.broken = Some(no);
            }
            check.entries = no;
            check.head = row.hash;
        }
        Ok(check)
    }
}
