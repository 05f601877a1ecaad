//! Counters that every process must know: how often something was done from one place in one hour.

use crate::{Result, Store, dialect};
use domain::time::{HOUR_MS, Millis};
use sea_orm::ConnectionTrait;

impl Store {
    /// Counts one more in the hour of `now` and says whether it is within `most`. `bucket` must not be personal: hash
    /// addresses with the key ring before they come here. Old hours are forgotten.
    pub async fn allow(&self, bucket: &str, most: u32, now: Millis) -> Result<bool> {
        let from_at = now - now.rem_euclid(HOUR_MS);
        let transaction = self.begin().await?;
        let count = "INSERT INTO throttle (bucket, from_at, count) VALUES (?, ?, 1) \
            ON CONFLICT (bucket, from_at) DO UPDATE SET count = throttle.count + 1 RETURNING count";
        let row = transaction
            .query_one_raw(dialect::statement(&transaction, count, vec![bucket.into(), from_at.into()]))
            .await?;
        let count: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
        if count == 1 {
            let forget = "DELETE FROM throttle WHERE from_at < ?";
            transaction.execute_raw(dialect::statement(&transaction, forget, vec![(from_at - HOUR_MS).into()])).await?;
        }
        transaction.commit().await?;
        Ok(count <= i64::from(most))
    }
}
