//! Opening and closing: which file or server, one process a file, migrations, and one clear line when it cannot be.

use crate::{Result, content::Cache, dialect, recount};
use migration::Migrator;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbErr, TransactionTrait,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use sea_orm_migration::MigratorTrait;
use std::{
    collections::BTreeSet,
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    sync::{Arc, RwLock},
    time::Duration,
};

/// Readers beside the one writer: more than cores wait for the processor, fewer wait for each other.
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long a request waits for a connection before it says that the house is busy.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long SQLite waits for another connection's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Pages after which the write-ahead log is copied back: 4 MB. The log stays near that size.
const WAL_PAGES: &str = "1000";
/// Memory each connection keeps pages in, in KB (negative: SQLite's way of saying KB).
const CACHE_KB: &str = "-4000";

/// The store: a handle, cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) read: DatabaseConnection,
    pub(crate) write: DatabaseConnection,
    pub(crate) cache: Arc<RwLock<Cache>>,
    _only_process: Option<Arc<File>>,
}

/// Whether a database that is not there yet is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Existing {
    OrNew,
    Only,
}

/// Why the database cannot be used; each is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("--database must be sqlite:FILE or postgres://…, not {0:?}")]
    NotADatabase(String),
    #[error("there is no database at {}; `hocso serve` makes one", .0.display())]
    Missing(PathBuf),
    #[error("the folder of the database {} does not exist or cannot be written to", .0.display())]
    Folder(PathBuf),
    #[error("the database {} is in use by another process; SQLite serves one (several need --database postgres://…)", .0.display())]
    Locked(PathBuf),
    #[error("the database {} is read-only for this user", .0.display())]
    ReadOnly(PathBuf),
    #[error("the database is newer than this program (it has {0}); use the newer program")]
    Newer(String),
    #[error("the database cannot be opened: {0}")]
    Other(String),
}

impl From<DbErr> for OpenError {
    fn from(error: DbErr) -> Self {
        Self::Other(error.to_string().lines().next().unwrap_or_default().to_owned())
    }
}

impl Store {
    /// Opens `sqlite:FILE` or `postgres://…` and brings it up to date.
    pub async fn open(url: &str, existing: Existing) -> Result<Self, OpenError> {
        if let Some(path) = sqlite_file(url) {
            Self::open_sqlite(path, existing).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let mut options = ConnectOptions::new(url.to_owned());
            options.max_connections(POSTGRES_CONNECTIONS);
            let pool = Database::connect(tuned(options)).await?;
            Self::ready(pool.clone(), pool, None).await
        } else {
            // The scheme only: what follows may hold a password.
            Err(OpenError::NotADatabase(url.split(':').next().unwrap_or_default().to_owned()))
        }
    }

    async fn open_sqlite(path: &Path, existing: Existing) -> Result<Self, OpenError> {
        if existing == Existing::Only && !path.exists() {
            return Err(OpenError::Missing(path.to_owned()));
        }
        let lock = lock(path)?;
        if path.exists() && OpenOptions::new().write(true).open(path).is_err() {
            return Err(OpenError::ReadOnly(path.to_owned()));
        }
        let url = format!("sqlite://{}", path.display());
        let write = Database::connect(sqlite(&url, 1, false)).await?;
        let read = Database::connect(sqlite(&url, SQLITE_READERS, true)).await?;
        Self::ready(read, write, Some(Arc::new(lock))).await
    }

    async fn ready(
        read: DatabaseConnection,
        write: DatabaseConnection,
        lock: Option<Arc<File>>,
    ) -> Result<Self, OpenError> {
        let transaction = write.begin().await?;
        dialect::lock_migrations(&transaction).await?;
        let known: BTreeSet<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
        Migrator::install(&transaction).await?;
        let sql = "SELECT version FROM seaql_migrations ORDER BY version";
        let done = transaction.query_all_raw(dialect::statement(&transaction, sql, vec![])).await?;
        for row in done {
            let version: String = row.try_get_by_index(0)?;
            if !known.contains(&version) {
                return Err(OpenError::Newer(version));
            }
        }
        Migrator::up(&transaction, None).await?;
        give_record_keys(&transaction).await?;
        transaction.commit().await?;
        Ok(Self { read, write, cache: Arc::default(), _only_process: lock })
    }

    /// Everything that changes anything goes through here: a write outside an explicit transaction would never let SQLite
    /// copy its log back.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction> {
        Ok(self.write.begin().await?)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.read.ping().await?)
    }

    /// Closes the pools; SQLite's log is copied back by the last connection.
    pub async fn close(self) -> Result<()> {
        self.read.close().await?;
        Ok(self.write.close().await?)
    }

    /// `PRAGMA synchronous` of the writer (2 is FULL) and bytes of the write-ahead log; `None` on PostgreSQL. For tests and
    /// for the operator.
    pub async fn sqlite_state(&self) -> Result<Option<(i64, u64)>> {
        if dialect::is_postgres(&self.write) {
            return Ok(None);
        }
        let one = |sql| async move { self.write.query_one_raw(dialect::statement(&self.write, sql, vec![])).await };
        let synchronous = one("PRAGMA synchronous").await?;
        let synchronous = synchronous.map(|row| row.try_get_by_index::<i64>(0)).transpose()?.unwrap_or(-1);
        let file = one("SELECT file FROM pragma_database_list WHERE name = 'main'").await?;
        let file = file.map(|row| row.try_get_by_index::<String>(0)).transpose()?.unwrap_or_default();
        let wal = std::fs::metadata(format!("{file}-wal")).map_or(0, |wal| wal.len());
        Ok(Some((synchronous, wal)))
    }
}

/// Draws a record key for everybody whom a release without record keys has registered; then everything is counted anew.
async fn give_record_keys(db: &DatabaseTransaction) -> Result<(), DbErr> {
    let sql = format!("UPDATE learner SET record_key = {} WHERE record_key IS NULL", dialect::random_byte(db));
    if db.execute_unprepared(&sql).await?.rows_affected() > 0 {
        recount::forget_rules(db).await?;
    }
    Ok(())
}

/// The file that `sqlite:FILE` names.
pub fn sqlite_file(url: &str) -> Option<&Path> {
    url.strip_prefix("sqlite:").map(|path| Path::new(path.trim_start_matches("//")))
}

/// Makes this process the only one that uses a SQLite file, until what is returned is dropped.
pub(crate) fn lock(path: &Path) -> Result<File, OpenError> {
    let beside = path.with_added_extension("lock");
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&beside);
    let lock = lock.map_err(|_| OpenError::Folder(path.to_owned()))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(OpenError::Locked(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(OpenError::Other(error.to_string())),
    }
}

fn tuned(mut options: ConnectOptions) -> ConnectOptions {
    options.min_connections(1).acquire_timeout(ACQUIRE_TIMEOUT).test_before_acquire(false).sqlx_logging(false);
    options
}

pub(crate) fn sqlite(url: &str, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    options.max_connections(connections);
    options.map_sqlx_sqlite_opts(move |options| {
        let options = options
            .create_if_missing(!read_only)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true)
            .synchronous(SqliteSynchronous::Full)
            .pragma("cache_size", CACHE_KB)
            .pragma("temp_store", "memory");
        if read_only {
            options.pragma("query_only", "on")
        } else {
            options.journal_mode(SqliteJournalMode::Wal).pragma("wal_autocheckpoint", WAL_PAGES)
        }
    });
    tuned(options)
}
