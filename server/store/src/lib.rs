//! What the house remembers, on SQLite or PostgreSQL.
//!
//! Domain types come in and go out; entities stay here. One screen has one function, with a bounded number of statements.
//! To add one:
//!
//! 1. put it into the module of its feature, named after what the caller wants, not after the tables;
//! 2. read with `self.read`, write inside `self.begin()` … `commit()`; answer only after the commit;
//! 3. where the two databases differ, say it in `dialect.rs`;
//! 4. test it in `tests/`, where every test of the store runs on both databases.

mod assets;
mod attendance;
mod audit;
mod backup;
mod bulk;
mod cards;
mod certificates;
mod classes;
mod content;
mod coverage;
mod dialect;
mod entity;
mod erase;
mod learn;
mod leases;
mod month;
mod open;
mod places;
mod recount;
mod releases;
mod scored;
mod staff;
mod sync;
mod throttle;

pub use assets::{Asset, AssetBytes};
pub use attendance::{ClassView, Correction, Day, Mark, PlaceNow, Seated, UNNAMED_MAX};
pub use audit::{AuditCheck, AuditEntry, Doing};
pub use backup::{BackupError, Restored, Whole, back_up, restore};
pub use bulk::{NewLearner, Prepared, Rules, Tallies, prepare};
pub use cards::Brought;
pub use certificates::Issued;
pub use classes::{Changed, ClassEntry, Joined, Member, NewMember, OpenClass};
pub use learn::{Certificate, Held, HeldEvent, LearnerView, Log};
pub use open::{Existing, OpenError, Store, sqlite_file};
pub use recount::{Difference, Recounted};
pub use releases::{Listed, Statistics, UnitStatistics, read_release, release_file};
pub use scored::HeldRun;
pub use staff::{Factors, NewStaff, Session, SessionEntry, Shown, SigningIn, StaffEntry};
pub use sync::{Intake, IntakeError, Proof};

/// Something the database said that no caller can mend; the cause is for the log.
#[derive(Debug, thiserror::Error)]
#[error("database: {0}")]
pub struct StoreError(#[from] sea_orm::DbErr);

pub type Result<T, E = StoreError> = std::result::Result<T, E>;
