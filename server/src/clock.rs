//! The only place that asks what time it is.

use domain::time::Millis;
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

/// Gives the moment; tests give their own.
pub type Clock = Arc<dyn Fn() -> Millis + Send + Sync>;

/// The clock of the machine.
pub fn system() -> Clock {
    Arc::new(now)
}

#[expect(clippy::disallowed_methods, reason = "everything else gets the moment as an argument")]
fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
