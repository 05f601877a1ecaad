//! A SQLite database copied while it is in use, and put back without those who were erased since.

use crate::{
    Existing, OpenError, Store, StoreError, dialect,
    entity::{staff_session, tombstone},
    erase, open,
};
use domain::time::Millis;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbErr, EntityTrait};
use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// Only the one who keeps the server reads a copy: it holds everything about everybody.
#[cfg(unix)]
const OWNER_ONLY: u32 = 0o600;

/// A database and what SQLite keeps beside it while it is used.
const ENDINGS: [&str; 3] = ["", "-wal", "-shm"];

/// What lies in a copy that was found whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Whole {
    pub bytes: u64,
    pub learners: u64,
    pub events: u64,
}

/// What came of putting a copy back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    pub whole: Whole,
    /// People in the copy who were erased since it was made, and are erased again.
    pub erased_again: u64,
    /// Where the database lies that was there before.
    pub former: Option<PathBuf>,
}

/// Why there is no copy, or why none was put back; each is one line that says what to do. The database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a backup is of a SQLite file; with PostgreSQL use pg_dump and pg_restore, as the README says")]
    NotSqlite,
    #[error("{} is there already, and no backup is written over: give another name", .0.display())]
    There(PathBuf),
    #[error("{} is not a whole database of Học Số: {fault}", .file.display())]
    NotWhole { file: PathBuf, fault: String },
    #[error(
        "the database {} cannot be read, so nobody knows who was erased since the backup: move it away to restore without knowing ({fault})",
        .file.display()
    )]
    Former { file: PathBuf, fault: String },
    #[error("{} cannot be written or read: {error}", .file.display())]
    File { file: PathBuf, error: io::Error },
}

impl From<DbErr> for BackupError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError + '_ {
    |error| BackupError::File { file: path.to_owned(), error }
}

/// Copies the database to a new file while others read and write, and looks whether the copy is whole. `to` is there only
/// when it is: what was cut off lies in `to` with `.part` behind it, and goes with the next try.
pub async fn back_up(url: &str, to: &Path) -> Result<Whole, BackupError> {
    let from = open::sqlite_file(url).ok_or(BackupError::NotSqlite)?;
    if !from.exists() {
        return Err(OpenError::Missing(from.to_owned()).into());
    }
    if to.exists() {
        return Err(BackupError::There(to.to_owned()));
    }
    let part = to.with_added_extension("part");
    new_file(&part)?;
    let source = connect(from, false).await.map_err(|error| not_whole(from, error))?;
    // One snapshot of everything, written out without its gaps; writers go on beside it (https://sqlite.org/lang_vacuum.html).
    let copied = source.execute_raw(dialect::statement(
        &source,
        "VACUUM INTO ?",
        vec![part.to_string_lossy().into_owned().into()],
    ));
    let copied = copied.await;
    source.close().await?;
    copied?;
    let whole = look_over(&part).await?;
    put(&part, to)?;
    Ok(whole)
}

/// Puts a copy in the place of the database, which nobody may be using, and keeps the one that was there. Whoever was erased
/// since the copy was made is erased in it before it is anybody's database; who works here signs in anew, so that no session
/// that was ended comes back.
///
/// The former database must be readable for that: it says who was erased.
pub async fn restore(from: &Path, url: &str, now: Millis) -> Result<Restored, BackupError> {
    let to = open::sqlite_file(url).ok_or(BackupError::NotSqlite)?;
    if !from.exists() {
        return Err(OpenError::Missing(from.to_owned()).into());
    }
    let _alone = open::lock(to)?;
    let whole = look_over(from).await?;
    let erased = match to.exists() {
        true => tombstones(to).await.map_err(|error| former_unread(to, &error))?,
        false => Vec::new(),
    };
    let fresh = to.with_added_extension("restoring");
    let mut copy = new_file(&fresh)?;
    let mut source = File::open(from).map_err(at(from))?;
    io::copy(&mut source, &mut copy).and_then(|_| copy.sync_all()).map_err(at(&fresh))?;
    let store = Store::open(&format!("sqlite:{}", fresh.display()), Existing::Only).await?;
    let transaction = store.begin().await?;
    erase::remember(&transaction, erased.into_iter()).await?;
    staff_session::Entity::delete_many().exec(&transaction).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    let erased_again = store.erase_returned(now).await?;
    store.close().await?;
    let _ = fs::remove_file(fresh.with_added_extension("lock"));
    let name = to.with_added_extension(format!("before-{}", now / 1000));
    let former = to.exists().then(|| name.clone());
    // A log of the database before would be taken for one of this, even where its file was moved away by hand.
    for ending in ENDINGS {
        let (old, new) = (beside(to, ending), beside(&name, ending));
        if old.exists() {
            fs::rename(&old, &new).map_err(at(&old))?;
        }
    }
    put(&fresh, to)?;
    Ok(Restored { whole, erased_again, former })
}

/// What SQLite keeps beside a file, under the name of the file.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn not_whole(path: &Path, error: impl std::fmt::Display) -> BackupError {
    BackupError::NotWhole { file: path.to_owned(), fault: first_line(error) }
}

fn former_unread(path: &Path, error: &DbErr) -> BackupError {
    BackupError::Former { file: path.to_owned(), fault: first_line(error) }
}

/// Operators read one line.
fn first_line(error: impl std::fmt::Display) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

/// A file of ours alone, empty; what an earlier try left there is nobody's, and its log would be taken for one of this file.
fn new_file(path: &Path) -> Result<File, BackupError> {
    for ending in ENDINGS {
        let left = beside(path, ending);
        match fs::remove_file(&left) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(&left)(error)),
            _ => {}
        }
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, OWNER_ONLY);
    options.open(path).map_err(at(path))
}

/// Gives a finished file its name; both are on the disk afterwards.
fn put(file: &Path, name: &Path) -> Result<(), BackupError> {
    File::open(file).and_then(|file| file.sync_all()).map_err(at(file))?;
    fs::rename(file, name).map_err(at(name))?;
    let folder = name.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))
}

/// One connection beside those of the server, which takes no lock of ours.
async fn connect(file: &Path, read_only: bool) -> Result<DatabaseConnection, DbErr> {
    Database::connect(open::sqlite(&format!("sqlite://{}", file.display()), 1, read_only)).await
}

/// Whether every page and index of a file is in order and every row has what it points to, and what is in it.
async fn look_over(file: &Path) -> Result<Whole, BackupError> {
    let bytes = fs::metadata(file).map_err(at(file))?.len();
    let found = async {
        let database = connect(file, true).await?;
        let found = contents(&database).await;
        database.close().await?;
        found
    };
    match found.await.map_err(|error| not_whole(file, error))? {
        Ok((learners, events)) => Ok(Whole { bytes, learners, events }),
        Err(fault) => Err(not_whole(file, fault)),
    }
}

async fn contents(database: &DatabaseConnection) -> Result<Result<(u64, u64), String>, DbErr> {
    let said = database.query_one_raw(dialect::statement(database, "PRAGMA integrity_check(1)", vec![])).await?;
    let said: String = said.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    if said != "ok" {
        return Ok(Err(said));
    }
    let dangling = dialect::statement(database, "PRAGMA foreign_key_check", vec![]);
    if database.query_one_raw(dangling).await?.is_some() {
        return Ok(Err("a row points to one that is not there".to_owned()));
    }
    let counted = |sql| async move {
        let row = database.query_one_raw(dialect::statement(database, sql, vec![])).await?;
        let number: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
        Ok::<_, DbErr>(number.unsigned_abs())
    };
    Ok(Ok((counted("SELECT COUNT(*) FROM learner").await?, counted("SELECT COUNT(*) FROM event").await?)))
}

/// Who was erased, by each of their ids, and the day.
async fn tombstones(file: &Path) -> Result<Vec<(Uuid, Millis)>, DbErr> {
    let database = connect(file, true).await?;
    let stones = tombstone::Entity::find().all(&database).await;
    database.close().await?;
    Ok(stones?.into_iter().map(|stone| (stone.id, stone.erased_at)).collect())
}
