//! Assets of this release and the one before: a page of yesterday still finds its script.

use crate::{
    Result, Store,
    entity::{asset, release, release_asset},
};
use domain::time::Millis;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, sea_query::OnConflict};

/// Releases whose assets stay served: this one and the last.
const RELEASES_KEPT: u64 = 2;

/// A file as it is served, with its compressed forms.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asset {
    /// With the hash of its content in it.
    pub name: String,
    pub content_type: String,
    pub bytes: AssetBytes,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AssetBytes {
    pub plain: Vec<u8>,
    pub brotli: Option<Vec<u8>>,
    pub gzip: Option<Vec<u8>>,
}

impl Store {
    /// Keeps the assets of the release that starts now, and lets go of those that no kept release uses.
    pub async fn keep_assets(&self, id: &str, assets: &[Asset], now: Millis) -> Result<()> {
        let transaction = self.begin().await?;
        let again = OnConflict::column(release::Column::Id).update_column(release::Column::StartedAt).to_owned();
        let this = release::ActiveModel { id: Set(id.to_owned()), started_at: Set(now) };
        release::Entity::insert(this).on_conflict(again).exec_without_returning(&transaction).await?;
        for file in assets {
            let row = asset::ActiveModel {
                name: Set(file.name.clone()),
                content_type: Set(file.content_type.clone()),
                plain: Set(file.bytes.plain.clone()),
                brotli: Set(file.bytes.brotli.clone()),
                gzip: Set(file.bytes.gzip.clone()),
            };
            let keep = OnConflict::column(asset::Column::Name).do_nothing().to_owned();
            asset::Entity::insert(row).on_conflict(keep).exec_without_returning(&transaction).await?;
            let used = release_asset::ActiveModel { release: Set(id.to_owned()), name: Set(file.name.clone()) };
            let columns = [release_asset::Column::Release, release_asset::Column::Name];
            let keep = OnConflict::columns(columns).do_nothing().to_owned();
            release_asset::Entity::insert(used).on_conflict(keep).exec_without_returning(&transaction).await?;
        }
        let kept: Vec<String> = release::Entity::find()
            .select_only()
            .column(release::Column::Id)
            .order_by_desc(release::Column::StartedAt)
            .order_by_desc(release::Column::Id)
            .limit(RELEASES_KEPT)
            .into_tuple()
            .all(&transaction)
            .await?;
        let old = release::Column::Id.is_not_in(kept.clone());
        release::Entity::delete_many().filter(old).exec(&transaction).await?;
        let old = release_asset::Column::Release.is_not_in(kept);
        release_asset::Entity::delete_many().filter(old).exec(&transaction).await?;
        let used = release_asset::Entity::find().select_only().column(release_asset::Column::Name).to_owned();
        let unused = asset::Column::Name.not_in_subquery(sea_orm::QueryTrait::into_query(used));
        asset::Entity::delete_many().filter(unused).exec(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// An asset of a kept release.
    pub async fn asset(&self, name: &str) -> Result<Option<Asset>> {
        let row = asset::Entity::find_by_id(name.to_owned()).one(&self.read).await?;
        Ok(row.map(|row| Asset {
            name: row.name,
            content_type: row.content_type,
            bytes: AssetBytes { plain: row.plain, brotli: row.brotli, gzip: row.gzip },
        }))
    }
}
