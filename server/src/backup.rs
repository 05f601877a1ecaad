//! `hocso backup` and `hocso restore`.

use crate::{Fault, clock, keys, settings::DatabaseSetting};
use std::path::Path;

/// Copies the database while the server goes on.
pub async fn backup(to: &Path, database: &DatabaseSetting) -> Result<(), Fault> {
    let whole = store::back_up(&database.database, to).await?;
    println!("{}: {} learners, {} events, {} bytes; whole", to.display(), whole.learners, whole.events, whole.bytes);
    if let Some(file) = store::sqlite_file(&database.database) {
        let keys = keys::beside(file);
        println!("the keys are not in it: keep {} too, in another place", keys.display());
    }
    Ok(())
}

/// Puts a copy back, without those who were erased since.
pub async fn restore(from: &Path, database: &DatabaseSetting) -> Result<(), Fault> {
    let restored = store::restore(from, &database.database, clock::system()()).await?;
    let whole = restored.whole;
    println!("{}: {} learners, {} events; restored", from.display(), whole.learners, whole.events);
    println!("{} erased since are erased again; everybody who works here signs in anew", restored.erased_again);
    match restored.former {
        Some(former) => println!("what was there is kept as {}: remove it when all is well", former.display()),
        None => println!("there was no database: whoever was erased since the backup is back"),
    }
    Ok(())
}
