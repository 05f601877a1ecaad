//! Changes of places since the content was written, and where people live after them.

use crate::{
    Result, Store,
    coverage::{self, CUBES, Place, Tally},
    dialect,
    entity::place_change,
};
use domain::places::{
    Homes, UnitCode,
    changes::{self, DatedChange},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryOrder, Value};
use std::collections::BTreeMap;

/// Where people live who said a unit that is no more.
pub(crate) async fn homes(db: &DatabaseTransaction) -> Result<Homes, DbErr> {
    Ok(changes::homes(&read(db).await?))
}

async fn read(db: &impl ConnectionTrait) -> Result<Vec<DatedChange>, DbErr> {
    let rows = place_change::Entity::find().order_by_asc(place_change::Column::No).all(db).await?;
    let changes = rows.into_iter().map(|row| {
        let change = serde_json::from_str(&row.change).map_err(|error| DbErr::Json(error.to_string()))?;
        Ok(DatedChange { valid_from: row.valid_from, document: row.document, change })
    });
    changes.collect()
}

impl Store {
    /// All changes, in the order in which they were taken in.
    pub async fn place_changes(&self) -> Result<Vec<DatedChange>> {
        Ok(read(&self.read).await?)
    }

    /// Keeps a change, which the caller has checked, and counts people where they live after it. Other writers wait meanwhile.
    pub async fn change_places(&self, dated: &DatedChange) -> Result<()> {
        let transaction = self.begin().await?;
        dialect::lock_log(&transaction).await?;
        let change = serde_json::to_string(&dated.change).map_err(|error| DbErr::Json(error.to_string()))?;
        let sql = "INSERT INTO place_change (kind, valid_from, document, change) VALUES (?, ?, ?, ?)";
        let values: Vec<Value> =
            vec![dated.change.kind().into(), dated.valid_from.into(), dated.document.clone().into(), change.into()];
        transaction.execute_raw(dialect::statement(&transaction, sql, values)).await?;
        for (old, new) in changes::became(std::slice::from_ref(dated)) {
            move_unit(&transaction, old, new).await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// Counts everybody of one unit in another.
async fn move_unit(db: &DatabaseTransaction, old: UnitCode, new: UnitCode) -> Result<(), DbErr> {
    let mut moved: BTreeMap<Place, Tally> = BTreeMap::new();
    for (number, cube) in CUBES.iter().enumerate() {
        let columns = cube.dimensions.join(", ");
        let sql = format!("SELECT {columns}, month, people, keys FROM {} WHERE unit = ?", cube.table);
        for row in db.query_all_raw(dialect::statement(db, &sql, vec![old.as_str().into()])).await? {
            let width = cube.dimensions.len();
            let mut names = (0..width).map(|at| row.try_get_by_index(at)).collect::<Result<Vec<String>, _>>()?;
            // The unit is every cube's first dimension.
            names[0] = new.to_string();
            let tally = Tally { people: row.try_get_by_index(width + 1)?, keys: row.try_get_by_index(width + 2)? };
            moved.insert((number, names, row.try_get_by_index(width)?), tally);
        }
        let sql = format!("DELETE FROM {} WHERE unit = ?", cube.table);
        db.execute_raw(dialect::statement(db, &sql, vec![old.as_str().into()])).await?;
    }
    coverage::add(db, &moved).await
}
