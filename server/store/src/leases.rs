//! Work that only one process at a time may do.

use crate::{Result, Store, dialect};
use domain::time::Millis;
use sea_orm::ConnectionTrait;

impl Store {
    /// Takes or renews a piece of work for `holder` until `until`. `false` while another holder has it.
    pub async fn take_lease(&self, name: &str, holder: &str, now: Millis, until: Millis) -> Result<bool> {
        let transaction = self.begin().await?;
        let sql = "INSERT INTO lease (name, holder, until_at) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE \
            SET holder = excluded.holder, until_at = excluded.until_at WHERE lease.holder = excluded.holder OR lease.until_at <= ?";
        let values = vec![name.into(), holder.into(), until.into(), now.into()];
        let done = transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Gives it back, for others to take at once.
    pub async fn leave_lease(&self, name: &str, holder: &str) -> Result<()> {
        let transaction = self.begin().await?;
        let sql = "DELETE FROM lease WHERE name = ? AND holder = ?";
        let values = vec![name.into(), holder.into()];
        transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
        Ok(transaction.commit().await?)
    }
}
