//! The few places where SQLite and PostgreSQL want different words, side by side.

use sea_orm::{
    ConnectionTrait, DatabaseBackend, DatabaseConnection, DatabaseTransaction, DbErr, Statement, Value,
    sqlx::{self, postgres::PgPoolCopyExt},
};
use std::fmt::Write as _;

/// One number for the advisory locks of this program, so that they meet nobody else's.
const MIGRATION_LOCK: i64 = 0x686f_6373_6f01;
const AUDIT_LOCK: i64 = 0x686f_6373_6f02;

pub(crate) fn is_postgres(db: &impl ConnectionTrait) -> bool {
    db.get_database_backend() == DatabaseBackend::Postgres
}

/// A statement with `?` for its values; PostgreSQL counts them.
pub(crate) fn statement(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Statement {
    let backend = db.get_database_backend();
    Statement::from_sql_and_values(backend, numbered(backend, sql), values)
}

/// `?` as `$1`, `$2`, … where the database wants that. No statement of ours has a question mark in a text.
fn numbered(backend: DatabaseBackend, sql: &str) -> String {
    if backend != DatabaseBackend::Postgres {
        return sql.to_owned();
    }
    let mut numbered = String::with_capacity(sql.len() + sql.len() / 2);
    for (place, part) in sql.split('?').enumerate() {
        if place > 0 {
            numbered.push('$');
            numbered.push_str(&place.to_string());
        }
        numbered.push_str(part);
    }
    numbered
}

/// Waits until no other process migrates; released with the transaction. SQLite has one process by our own lock.
pub(crate) async fn lock_migrations(db: &DatabaseTransaction) -> Result<(), DbErr> {
    if is_postgres(db) {
        db.execute_raw(statement(db, "SELECT pg_advisory_xact_lock(?)", vec![MIGRATION_LOCK.into()])).await?;
    }
    Ok(())
}

/// Lets one entry of the audit log be written after the other; SQLite has one writer anyhow.
pub(crate) async fn lock_audit(db: &DatabaseTransaction) -> Result<(), DbErr> {
    if is_postgres(db) {
        db.execute_raw(statement(db, "SELECT pg_advisory_xact_lock(?)", vec![AUDIT_LOCK.into()])).await?;
    }
    Ok(())
}

/// Holds back other writers of the log while everything is counted anew; SQLite has one writer anyhow.
pub(crate) async fn lock_log(db: &DatabaseTransaction) -> Result<(), DbErr> {
    if is_postgres(db) {
        db.execute_unprepared("LOCK TABLE learner, event IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    Ok(())
}

/// Lets no other writer change a row, named by its `no`, until commit; SQLite has one writer anyhow.
pub(crate) async fn lock_row(db: &DatabaseTransaction, table: &str, no: i64) -> Result<(), DbErr> {
    if is_postgres(db) {
        let sql = format!("SELECT no FROM {table} WHERE no = ? FOR UPDATE");
        db.query_one_raw(statement(db, &sql, vec![no.into()])).await?;
    }
    Ok(())
}

/// A byte drawn anew for each row, by the database's own source of randomness.
pub(crate) fn random_byte(db: &impl ConnectionTrait) -> &'static str {
    if is_postgres(db) { "get_byte(uuid_send(gen_random_uuid()), 0)" } else { "abs(random() % 256)" }
}

/// Makes the next numbers of a table follow on those that were given by hand; SQLite does so by itself.
pub(crate) async fn follow_on(db: &DatabaseTransaction, table: &str, column: &str) -> Result<(), DbErr> {
    if is_postgres(db) {
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), (SELECT MAX({column}) FROM {table}))"
        );
        db.execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// Tells the database how large its tables have become, after many rows came at once: until PostgreSQL looks by itself it plans
/// as if they were empty.
pub(crate) async fn know_tables(db: &DatabaseConnection) -> Result<(), DbErr> {
    if is_postgres(db) {
        db.execute_unprepared("VACUUM (ANALYZE) learner, event, standing, lesson_standing, deed").await?;
    }
    Ok(())
}

/// Values bound at most in one statement: SQLite takes 32 766, PostgreSQL 65 535. More in one would not be faster.
const BINDS_MAX: usize = 8_000;

/// Inserts many rows with few statements. `on_conflict` is the end of the statement, or empty.
pub(crate) async fn insert_rows(
    db: &DatabaseTransaction,
    table: &str,
    columns: &[&str],
    rows: Vec<Vec<Value>>,
    on_conflict: &str,
) -> Result<(), DbErr> {
    let rows_max = BINDS_MAX / columns.len();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut count = 0;
        let values: Vec<Value> = rows.by_ref().take(rows_max).inspect(|_| count += 1).flatten().collect();
        let row = format!("({})", vec!["?"; columns.len()].join(", "));
        let all = vec![row; count].join(", ");
        let sql = format!("INSERT INTO {table} ({}) VALUES {all} {on_conflict}", columns.join(", "));
        db.execute_raw(statement(db, &sql, values)).await?;
    }
    Ok(())
}

/// Many rows into a table that nobody reads yet. PostgreSQL takes them by COPY, outside of the transaction and five times as
/// fast; SQLite as always.
pub(crate) async fn load_rows(
    pool: &DatabaseConnection,
    db: &DatabaseTransaction,
    table: &str,
    columns: &[&str],
    rows: Vec<Vec<Value>>,
) -> Result<(), DbErr> {
    if !is_postgres(db) {
        return insert_rows(db, table, columns, rows, "").await;
    }
    let failed = |error: sqlx::Error| DbErr::Custom(format!("COPY into {table}: {error}"));
    let sql = format!("COPY {table} ({}) FROM STDIN", columns.join(", "));
    let mut copy = pool.get_postgres_connection_pool().copy_in_raw(&sql).await.map_err(failed)?;
    let mut text = String::new();
    for row in rows {
        for (place, value) in row.iter().enumerate() {
            if place > 0 {
                text.push('\t');
            }
            copied(&mut text, value);
        }
        text.push('\n');
        if text.len() > COPY_BYTES {
            copy.send(std::mem::take(&mut text).into_bytes()).await.map_err(failed)?;
        }
    }
    copy.send(text.into_bytes()).await.map_err(failed)?;
    copy.finish().await.map_err(failed)?;
    Ok(())
}

/// What is sent at once by COPY.
const COPY_BYTES: usize = 1 << 20;

/// A value in the text form of COPY.
fn copied(text: &mut String, value: &Value) {
    let _ = match value {
        Value::Bool(Some(value)) => write!(text, "{}", if *value { 't' } else { 'f' }),
        Value::Int(Some(value)) => write!(text, "{value}"),
        Value::BigInt(Some(value)) => write!(text, "{value}"),
        Value::Uuid(Some(value)) => write!(text, "{value}"),
        Value::Bytes(Some(bytes)) => {
            text.push_str("\\\\x");
            bytes.iter().try_for_each(|byte| write!(text, "{byte:02x}"))
        }
        Value::String(Some(value)) => {
            for letter in value.chars() {
                match letter {
                    '\\' => text.push_str("\\\\"),
                    '\t' => text.push_str("\\t"),
                    '\n' => text.push_str("\\n"),
                    '\r' => text.push_str("\\r"),
                    letter => text.push(letter),
                }
            }
            Ok(())
        }
        // No other kind of value is loaded; nothing is NULL.
        _ => write!(text, "\\N"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_copied_as_text() {
        let cases: [(Value, &str); 7] = [
            (true.into(), "t"),
            ((-5i64).into(), "-5"),
            (7i32.into(), "7"),
            ("Mường\tÉ\\\n".into(), r"Mường\tÉ\\\n"),
            (vec![0u8, 255].into(), r"\\x00ff"),
            (Option::<String>::None.into(), r"\N"),
            (uuid::Uuid::nil().into(), "00000000-0000-0000-0000-000000000000"),
        ];
        for (value, expected) in cases {
            let mut text = String::new();
            copied(&mut text, &value);
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn question_marks_are_numbered_for_postgres() {
        let sql = "SELECT a FROM b WHERE c = ? AND d IN (?, ?)";
        assert_eq!(numbered(DatabaseBackend::Sqlite, sql), sql);
        assert_eq!(numbered(DatabaseBackend::Postgres, sql), "SELECT a FROM b WHERE c = $1 AND d IN ($2, $3)");
    }
}
