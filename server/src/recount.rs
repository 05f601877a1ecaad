//! `hocso recount`.

use crate::{Fault, settings::DatabaseSetting};
use domain::time::Month;
use store::{Existing, Store};

/// Counts anew; with `check` only compares, and fails when a stored figure is wrong.
pub async fn recount(database: &DatabaseSetting, month: Option<Month>, check: bool) -> Result<(), Fault> {
    let store = Store::open(&database.database, Existing::Only).await?;
    let recounted = match month {
        Some(month) => store.recount_month(month, !check).await?,
        None => store.recount(!check).await?,
    };
    store.close().await?;
    for difference in &recounted.differences {
        println!("{}: stored {}, counted {}", difference.place, difference.stored, difference.counted);
    }
    match month {
        Some(month) => println!("{month}: {} cells; {} differences", recounted.cells, recounted.differences_total),
        None => println!(
            "{} learners, {} events, {} cells; {} differences",
            recounted.learners, recounted.events, recounted.cells, recounted.differences_total
        ),
    }
    match recounted.differences_total {
        0 => Ok(()),
        _ if check => Err(Fault::Said("stored figures are not what the log says; `hocso recount` mends them".into())),
        _ => {
            println!("mended");
            Ok(())
        }
    }
}
