//! Classes of trainers: rosters, joining, attendance, and where everybody is.

use crate::{dialect, entity::learner};
use domain::accounts::{LearnerId, staff::StaffId};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

/// The learner of this id (on any of their phones), when they are on a roster of this trainer, who still works here.
pub(crate) async fn learner_of(
    db: &impl ConnectionTrait,
    id: LearnerId,
    trainer: StaffId,
) -> Result<Option<learner::Model>, DbErr> {
    let sql = "SELECT m.learner FROM member m JOIN class c ON c.no = m.class JOIN staff s ON s.no = c.staff \
        WHERE s.id = ? AND s.closed_at IS NULL AND m.learner IN \
        (SELECT no FROM learner WHERE id = ? UNION ALL SELECT learner FROM alias WHERE id = ?)";
    let values = vec![trainer.0.into(), id.0.into(), id.0.into()];
    match db.query_one_raw(dialect::statement(db, sql, values)).await? {
        Some(row) => learner::Entity::find_by_id(row.try_get_by_index::<i64>(0)?).one(db).await,
        None => Ok(None),
    }
}
