//! Releases of open figures: frozen when they are made, never edited.

use crate::{
    Result, Store, StoreError, dialect,
    entity::{open_figure, open_release},
    sync::unreadable,
};
use domain::{
    coverage::{
        Figure, Head, PublicCount, Published, Release, Step, Witness,
        figures::FigureNames,
        release::ReleaseFile,
        series::{Point, series},
    },
    places::UnitCode,
    time::{Millis, Month},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// A release in the list of all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    pub number: u32,
    pub month: Month,
    pub corrects: Option<u32>,
    /// SHA-256 of its file, 64 hex digits.
    pub digest: String,
    pub made_at: Millis,
}

/// What a page about a track shows.
#[derive(Clone, PartialEq, Debug)]
pub struct Statistics {
    pub head: Head,
    pub digest: String,
    /// Of the track, and all lessons; what is not in it is zero.
    pub figures: Published,
    /// Of the step, in the province, by month: by the learners' own word, and seen by a trainer.
    pub course: Vec<(Month, PublicCount, PublicCount)>,
    /// All releases, by number.
    pub releases: Vec<Listed>,
}

/// What a page about a unit shows.
#[derive(Clone, PartialEq, Debug)]
pub struct UnitStatistics {
    pub head: Head,
    /// The ladder of the unit, by track, step and witness.
    pub figures: Published,
    /// Who has finished a lesson of any track, month by month.
    pub course: Vec<Point>,
}

const FIGURE: [&str; 9] = ["release", "kind", "track", "step", "witness", "breakdown", "part", "value", "status"];

/// The bytes of a release, the same for the same release, and their SHA-256 in hex.
pub fn release_file(release: &Release) -> Result<(String, String)> {
    let text = serde_json::to_string(&release.to_file()).map_err(json)?;
    let digest = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((text, digest))
}

fn json(error: serde_json::Error) -> DbErr {
    DbErr::Json(error.to_string())
}

fn public(value: Option<i64>, status: &str) -> Result<PublicCount, DbErr> {
    let value = value.map(u64::try_from).transpose().map_err(|_| unreadable("figure", status))?;
    PublicCount::parse(value, status).ok_or_else(|| unreadable("figure", status))
}

fn figure(names: &FigureNames) -> Result<Figure, DbErr> {
    Figure::parse(names).ok_or_else(|| unreadable("figure", &names.join(" ")))
}

fn of_row(row: open_figure::Model) -> Result<(Figure, PublicCount), DbErr> {
    let shown = public(row.value, &row.status)?;
    Ok((figure(&[row.kind, row.track, row.step, row.witness, row.breakdown, row.part])?, shown))
}

fn listed(row: &open_release::Model) -> Result<Listed, DbErr> {
    let number = |number: i32| u32::try_from(number).map_err(|_| unreadable("release", &number.to_string()));
    let month = Month::from_number(row.month).ok_or_else(|| unreadable("month", &row.month.to_string()))?;
    let corrects = row.corrects.map(number).transpose()?;
    Ok(Listed { number: number(row.number)?, month, corrects, digest: row.digest.clone(), made_at: row.made_at })
}

impl Store {
    /// All releases, by number.
    pub async fn releases(&self) -> Result<Vec<Listed>> {
        let rows = open_release::Entity::find().order_by_asc(open_release::Column::Number).all(&self.read).await?;
        Ok(rows.iter().map(listed).collect::<Result<_, _>>()?)
    }

    /// All releases with their heads, by number.
    pub async fn heads(&self) -> Result<Vec<(Listed, Head)>> {
        let rows = open_release::Entity::find().order_by_asc(open_release::Column::Number).all(&self.read).await?;
        let heads = rows.iter().map(|row| Ok((listed(row)?, serde_json::from_str(&row.head).map_err(json)?)));
        Ok(heads.collect::<Result<_, DbErr>>()?)
    }

    /// The number of the release that stands for a month, or for the newest one: the last correction.
    pub async fn standing_release(&self, month: Option<Month>) -> Result<Option<u32>> {
        let mut all = self.releases().await?;
        all.retain(|release| month.is_none_or(|month| release.month == month));
        Ok(all.iter().max_by_key(|release| (release.month, release.number)).map(|release| release.number))
    }

    /// A whole release, as it was frozen.
    pub async fn release(&self, number: u32) -> Result<Option<(Release, Listed)>> {
        let Some(row) = self.release_row(number).await? else { return Ok(None) };
        let rows =
            open_figure::Entity::find().filter(open_figure::Column::Release.eq(row.number)).all(&self.read).await?;
        let figures = rows.into_iter().map(of_row).collect::<Result<Published, _>>()?;
        let head = serde_json::from_str(&row.head).map_err(json)?;
        Ok(Some((Release { head, figures }, listed(&row)?)))
    }

    async fn release_row(&self, number: u32) -> Result<Option<open_release::Model>> {
        let Ok(number) = i32::try_from(number) else { return Ok(None) };
        Ok(open_release::Entity::find_by_id(number).one(&self.read).await?)
    }

    /// What a page about a track and a step shows (`None`: any track), of a release or of the newest one. `None` where there is
    /// no such release.
    pub async fn statistics(&self, track: Option<&str>, step: Step, number: Option<u32>) -> Result<Option<Statistics>> {
        let releases = self.releases().await?;
        let newest = releases.iter().max_by_key(|release| (release.month, release.number)).map(|newest| newest.number);
        let Some(number) = number.or(newest) else { return Ok(None) };
        let Some(row) = self.release_row(number).await? else { return Ok(None) };
        use open_figure::Column;
        let of = Condition::any()
            .add(Column::Track.eq(track.unwrap_or("any")))
            .add_option(track.is_none().then(|| Column::Kind.eq("lesson")));
        let rows =
            open_figure::Entity::find().filter(Column::Release.eq(row.number)).filter(of).all(&self.read).await?;
        let figures = rows.into_iter().map(of_row).collect::<Result<Published, _>>()?;
        let rows = open_figure::Entity::find()
            .filter(Column::Kind.eq("ladder"))
            .filter(Column::Track.eq(track.unwrap_or("any")))
            .filter(Column::Step.eq(step.as_str()))
            .filter(Column::Breakdown.eq("province"))
            .all(&self.read)
            .await?;
        let mut by_release: BTreeMap<(u32, String), PublicCount> = BTreeMap::new();
        for row in rows {
            by_release.insert((row.release as u32, row.witness.clone()), public(row.value, &row.status)?);
        }
        let shown = |number: u32, witness: Witness| {
            by_release.get(&(number, witness.as_str().to_owned())).copied().unwrap_or(PublicCount::Zero)
        };
        // Of each month the last release, up to the one that is shown.
        let head: Head = serde_json::from_str(&row.head).map_err(json)?;
        let mut last: BTreeMap<Month, u32> = BTreeMap::new();
        for release in releases.iter().filter(|release| release.month <= head.month) {
            last.insert(release.month, release.number);
        }
        last.insert(head.month, number);
        let course = last.into_iter();
        let course =
            course.map(|(month, number)| (month, shown(number, Witness::Self_), shown(number, Witness::Trainer)));
        Ok(Some(Statistics { head, digest: row.digest, figures, course: course.collect(), releases }))
    }

    /// What a page about a unit shows: of the newest release. `None` where there is none yet.
    pub async fn unit_statistics(
        &self,
        unit: UnitCode,
        became: &[(UnitCode, UnitCode)],
        parts_of: &[(UnitCode, UnitCode)],
    ) -> Result<Option<UnitStatistics>> {
        let rows = open_release::Entity::find().order_by_asc(open_release::Column::Number).all(&self.read).await?;
        let heads: Vec<Head> =
            rows.iter().map(|row| serde_json::from_str(&row.head)).collect::<Result<_, _>>().map_err(json)?;
        let Some(head) = heads.iter().max_by_key(|head| (head.month, head.number)).cloned() else { return Ok(None) };
        use open_figure::Column;
        // The unit, and those that it was made of or taken out of.
        let mut units: BTreeSet<UnitCode> = BTreeSet::from([unit]);
        for _ in 0..became.len() {
            let before = units.len();
            let more: Vec<UnitCode> =
                became.iter().filter(|(_, new)| units.contains(new)).map(|(old, _)| *old).collect();
            units.extend(more);
            if units.len() == before {
                break;
            }
        }
        units.extend(parts_of.iter().filter(|(part, _)| *part == unit).map(|(_, whole)| *whole));
        let rows = open_figure::Entity::find()
            .filter(Column::Kind.eq("ladder"))
            .filter(Column::Breakdown.eq("unit"))
            .filter(Column::Part.is_in(units.iter().map(|unit| unit.as_str())))
            .all(&self.read)
            .await?;
        let mut all: BTreeMap<u32, Published> = BTreeMap::new();
        for row in rows {
            let number = row.release as u32;
            let (figure, shown) = of_row(row)?;
            all.entry(number).or_default().insert(figure, shown);
        }
        let figure = Figure::Ladder {
            track: None,
            step: Step::Heard,
            witness: Witness::Self_,
            part: domain::coverage::Part::Unit(unit),
        };
        let shown = |number: u32, figure: &Figure| {
            all.get(&number).and_then(|figures| figures.get(figure)).copied().unwrap_or(PublicCount::Zero)
        };
        let heads: Vec<&Head> = heads.iter().collect();
        let course = series(&figure, &heads, &shown, became, parts_of);
        let figures = all.remove(&head.number).unwrap_or_default();
        Ok(Some(UnitStatistics { head, figures, course }))
    }

    /// The number that the next release gets.
    pub async fn next_release(&self) -> Result<u32> {
        let newest: Option<Option<i32>> = open_release::Entity::find()
            .select_only()
            .column_as(open_release::Column::Number.max(), "number")
            .into_tuple()
            .one(&self.read)
            .await?;
        Ok(newest.flatten().map_or(1, |number| number as u32 + 1))
    }

    /// Freezes a release. `false` when another process has just made one of this number: nothing was stored.
    pub async fn freeze(&self, release: &Release, now: Millis) -> Result<bool> {
        let transaction = self.begin().await?;
        let head = &release.head;
        let (_, digest) = release_file(release)?;
        let row: Vec<Value> = vec![
            (head.number as i32).into(),
            head.month.number().into(),
            head.corrects.map(|number| number as i32).into(),
            serde_json::to_string(head).map_err(json)?.into(),
            digest.into(),
            now.into(),
        ];
        let sql = "INSERT INTO open_release (number, month, corrects, head, digest, made_at) VALUES (?, ?, ?, ?, ?, ?) \
            ON CONFLICT (number) DO NOTHING";
        let done = transaction.execute_raw(dialect::statement(&transaction, sql, row)).await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let rows = release.figures.iter().map(|(figure, shown)| {
            let names = figure.names().map(Value::from);
            let number: Value = (head.number as i32).into();
            let value: Value = shown.value().map(|value| value as i64).into();
            [number].into_iter().chain(names).chain([value, shown.status().into()]).collect()
        });
        let rows = rows.collect();
        dialect::insert_rows(&transaction, "open_figure", &FIGURE, rows, "").await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// Reads the file of a release again.
pub fn read_release(text: &str) -> Result<Release> {
    let file: ReleaseFile = serde_json::from_str(text).map_err(json)?;
    Release::of_file(file).ok_or_else(|| StoreError(unreadable("release", "a figure")))
}
