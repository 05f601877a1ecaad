//! Public figures change once a month: when a month is over, its figures are frozen.

use crate::front::Front;
use domain::time::Month;
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use store::StoreError;

/// How often it is looked whether a month has ended, and whether another process has published.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Publishes the last whole month if nobody has yet. Pages forget what they showed when there is something new.
pub async fn publish_if_due(front: &Front, shown: Option<Month>) -> Result<Option<Month>, StoreError> {
    let store = &front.house.store;
    let due = Month::of((front.clock)()).previous();
    if shown != Some(due) && store.publish(due).await? {
        tracing::info!(month = %due, "published");
    }
    let newest = store.published_month().await?;
    let another_month = front.month.swap(due.number(), Ordering::Relaxed) != due.number();
    if newest != shown || another_month {
        front.pages.forget();
    }
    Ok(newest)
}

/// Looks every minute, for as long as the server runs; what must be forgotten now and then is forgotten then.
pub async fn keep_publishing(front: Arc<Front>, mut shown: Option<Month>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        front.rates.forget_the_quiet();
        match publish_if_due(&front, shown).await {
            Ok(newest) => shown = newest,
            Err(error) => tracing::error!(%error, "figures could not be published; next try in a minute"),
        }
    }
}
