//! Public figures change once a month: when a month is over, its release is made.

use crate::{front::Front, release::release_what_is_due};
use domain::time::Month;
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use store::StoreError;

/// How often it is looked whether a month has ended, and whether another process has released something.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Releases what is due if nobody has yet. Pages forget what they showed when there is something new. Returns the number of the
/// newest release.
pub async fn publish_if_due(front: &Front, shown: Option<u32>) -> Result<Option<u32>, StoreError> {
    let (store, now) = (&front.house.store, (front.clock)());
    match release_what_is_due(store, &front.house.library, now).await {
        Ok(_) => {}
        Err(crate::release::NoRelease::Store(error)) => return Err(error),
        // What cannot be protected stays unpublished; the operator must know.
        Err(refused) => tracing::error!(%refused, "no release"),
    }
    let newest = store.next_release().await?.checked_sub(1).filter(|number| *number > 0);
    let month = Month::of(now).number();
    let another_month = front.month.swap(month, Ordering::Relaxed) != month;
    if newest != shown || another_month {
        front.pages.forget();
    }
    Ok(newest)
}

/// Looks at once and then every minute, for as long as the server runs; what must be forgotten now and then is forgotten then.
pub async fn keep_publishing(front: Arc<Front>) {
    let mut shown = None;
    loop {
        match publish_if_due(&front, shown).await {
            Ok(newest) => shown = newest,
            Err(error) => tracing::error!(%error, "figures could not be published; next try in a minute"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
        front.rates.forget_the_quiet();
    }
}
