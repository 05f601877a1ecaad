//! `places/`: the communes and wards, where they stand on the map, and the census.

use crate::{
    faults::Faults,
    source::{File, Files},
    table,
};
use chrono::NaiveDate;
use domain::{
    accounts::{EthnicGroup, Sex},
    places::{
        Unit, UnitCode, UnitKind,
        changes::{TILE_COLUMNS, TILE_ROWS},
    },
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Where "adult" begins, in years: the denominator of every percentage.
const ADULT_YEARS: u8 = 15;

/// Where the number of adults of every unit comes from, for the line under a table.
///
/// It is an estimate: the population of each unit times the share of adults in the whole province.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AdultsSource {
    /// Which population was taken. One basis for all units: they must not be mixed.
    pub basis: PopulationBasis,
    /// The act the population stands in: "Nghị quyết 1681/NQ-UBTVQH15 ngày 16/6/2025".
    pub document: String,
    /// The day the population is of.
    pub date: NaiveDate,
    /// The year of the census the share is from.
    pub census_year: u16,
    /// The share of people of 15 and over, in hundredths of a percent: 6828 is 68.28 %.
    pub share_hundredths: u32,
    /// People of all units of today.
    pub population: u32,
    /// Adults of all units of today.
    pub adults: u32,
}

/// Two ways to count who lives somewhere, several percent apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PopulationBasis {
    /// *Quy mô dân số*, as counted for setting up the units.
    Administrative,
    /// The yearly average of the National Statistics Office.
    Average,
}

impl PopulationBasis {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "administrative" => Some(Self::Administrative),
            "average" => Some(Self::Average),
            _ => None,
        }
    }
}

/// The province in the census: weights for invented people, never shown as figures.
///
/// Each list adds up to `people`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Census {
    pub year: u16,
    pub people: u32,
    pub sexes: Vec<(Sex, u32)>,
    /// From the youngest.
    pub ages: Vec<AgeGroup>,
    /// The small groups by the split of an earlier year; what is left is `Other`.
    pub ethnic_groups: Vec<(EthnicGroup, u32)>,
}

/// People from one age to another, in full years, both included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AgeGroup {
    pub from: u8,
    /// `None` for "and over".
    pub to: Option<u8>,
    pub people: u32,
}

#[derive(Deserialize)]
struct UnitRow {
    code: String,
    name: String,
    r#type: String,
    short_name: String,
    former_district: String,
    population: u32,
    population_basis: String,
    adults: u32,
    merged_from: String,
    valid_from: String,
    valid_to: String,
    border: String,
    legal_basis: String,
}

#[derive(Deserialize)]
struct TileRow {
    code: String,
    row: u8,
    col: u8,
}

#[derive(Deserialize)]
struct PeopleRow {
    year: u16,
    dimension: String,
    category: String,
    people: u32,
}

const UNIT_COLUMNS: [&str; 14] = [
    "code",
    "name",
    "type",
    "short_name",
    "former_district",
    "population",
    "population_basis",
    "adults",
    "merged_from",
    "valid_from",
    "valid_to",
    "border",
    "legal_basis",
    "notes",
];

/// The units by their codes, where their adults are from, and the census. `None` only where there are faults.
pub(crate) fn read(files: &Files, faults: &mut Faults) -> Option<(Vec<Unit>, AdultsSource, Census)> {
    let before = faults.0.len();
    let tile_file = files.get("places/tilegrid.csv", faults);
    let mut tiles = tile_file.map(|file| read_tiles(file, faults));
    if faults.0.len() > before {
        // Which units are missing there is known only when all rows were read.
        tiles = None;
    }
    let census = files.get("places/population.csv", faults).and_then(|file| read_census(file, faults));
    let file = files.get("places/units.csv", faults)?;
    let before = faults.0.len();
    let (units, basis) = read_units(file, tiles.as_mut(), faults);
    if let (Some(file), Some(left), true) = (tile_file, tiles, faults.0.len() == before) {
        for (code, (place, _)) in left {
            faults.at(file, place, format!("unit {code} is not in units.csv"));
        }
    }
    let (census, basis) = (census?, basis?);
    let today = units.iter().filter(|unit| unit.valid_to.is_none());
    let adults = census.ages.iter().filter(|group| group.from >= ADULT_YEARS).map(|group| u64::from(group.people));
    let share = (adults.sum::<u64>() * 10_000 + u64::from(census.people) / 2) / u64::from(census.people.max(1));
    let source = AdultsSource {
        basis: basis.population,
        document: basis.document,
        date: basis.date,
        census_year: census.year,
        share_hundredths: u32::try_from(share).unwrap_or(u32::MAX),
        population: today.clone().map(|unit| unit.population).fold(0, u32::saturating_add),
        adults: today.map(|unit| unit.adults).fold(0, u32::saturating_add),
    };
    Some((units, source, census))
}

/// What the newest unit stands on.
struct Basis {
    population: PopulationBasis,
    document: String,
    date: NaiveDate,
}

/// Where every unit stands, with the place of the row.
type Tiles = BTreeMap<String, (usize, (u8, u8))>;

fn read_tiles(file: File<'_>, faults: &mut Faults) -> Tiles {
    let mut tiles = Tiles::new();
    let mut taken: BTreeMap<(u8, u8), String> = BTreeMap::new();
    for (place, row) in table::rows::<TileRow>(file, &["code", "row", "col"], faults) {
        if row.row >= TILE_ROWS || row.col >= TILE_COLUMNS {
            let what = format!("row {}, column {} is outside {TILE_ROWS} by {TILE_COLUMNS}", row.row, row.col);
            faults.at(file, place, what);
        }
        if let Some(other) = taken.insert((row.col, row.row), row.code.clone()) {
            faults.at(file, place, format!("unit {} stands where {other} stands", row.code));
        }
        if tiles.insert(row.code.clone(), (place, (row.col, row.row))).is_some() {
            faults.at(file, place, format!("unit {} stands here twice", row.code));
        }
    }
    tiles
}

/// The units by their codes, and what the newest stands on. Takes from `tiles` what it finds there.
fn read_units(file: File<'_>, mut tiles: Option<&mut Tiles>, faults: &mut Faults) -> (Vec<Unit>, Option<Basis>) {
    let mut units: BTreeMap<UnitCode, Unit> = BTreeMap::new();
    let mut newest: Option<Basis> = None;
    for (place, row) in table::rows::<UnitRow>(file, &UNIT_COLUMNS, faults) {
        let mut fault = |what: String| faults.at(file, place, what);
        let UnitRow { code, name, .. } = &row;
        let kind = match row.r#type.as_str() {
            "xã" => Some((UnitKind::Commune, "Xã")),
            "phường" => Some((UnitKind::Ward, "Phường")),
            other => {
                fault(format!("type is “{other}” (xã or phường)"));
                None
            }
        };
        if let Some((_, word)) = kind.filter(|(_, word)| *name != format!("{word} {}", row.short_name)) {
            fault(format!("name “{name}” is not “{word} {}”", row.short_name));
        }
        if !["Huyện ", "Thị xã ", "Thành phố "].iter().any(|kind| row.former_district.starts_with(kind)) {
            fault(format!("former district “{}” has no kind (Huyện, Thị xã, Thành phố)", row.former_district));
        }
        let predecessors: Vec<String> = row.merged_from.split("; ").map(str::to_owned).collect();
        for old in &predecessors {
            if !["Xã ", "Phường ", "Thị trấn "].iter().any(|kind| old.starts_with(kind)) {
                fault(format!("predecessor “{old}” has no kind (Xã, Phường, Thị trấn)"));
            }
        }
        if row.adults == 0 || row.adults > row.population {
            fault(format!("{} adults of {} people", row.adults, row.population));
        }
        let mut day = |column: &str, text: &str| {
            let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
            if day.is_none() {
                fault(format!("{column} is “{text}”: write it as 2025-07-01"));
            }
            day
        };
        let valid_from = day("valid_from", &row.valid_from);
        let valid_to = if row.valid_to.is_empty() { None } else { day("valid_to", &row.valid_to) };
        if valid_to.is_some_and(|to| valid_from.is_some_and(|from| to <= from)) {
            fault(format!("{name} ends before it begins"));
        }
        let border = match row.border.as_str() {
            "yes" => true,
            "no" => false,
            other => {
                fault(format!("border is “{other}” (yes or no)"));
                false
            }
        };
        let population = PopulationBasis::parse(&row.population_basis);
        if population.is_none() {
            fault(format!("population_basis is “{}” (administrative or average)", row.population_basis));
        } else if newest.as_ref().is_some_and(|newest| Some(newest.population) != population) {
            fault(format!("population_basis is “{}”, another than above: the two do not mix", row.population_basis));
        }
        let tile = tiles.as_mut().map(|tiles| tiles.remove(code).map(|(_, tile)| tile));
        if tile == Some(None) {
            fault(format!("{name} has no place in tilegrid.csv"));
        }
        let code = match code.parse::<UnitCode>() {
            Ok(code) => code,
            Err(not) => {
                fault(format!("code is “{code}”: {not}"));
                continue;
            }
        };
        let (Some((kind, _)), Some(valid_from), Some(population)) = (kind, valid_from, population) else { continue };
        let unit = Unit {
            code,
            name: row.name,
            short_name: row.short_name,
            kind,
            former_district: row.former_district,
            predecessors,
            population: row.population,
            adults: row.adults,
            valid_from,
            valid_to,
            border,
            adults_source: None,
            estimated: false,
            tile: tile.flatten().unwrap_or_default(),
        };
        if units.insert(code, unit).is_some() {
            fault(format!("unit {code} stands here twice"));
        }
        if newest.as_ref().is_none_or(|newest| newest.date < valid_from) {
            newest = Some(Basis { population, document: row.legal_basis, date: valid_from });
        }
    }
    (units.into_values().collect(), newest)
}

fn read_census(file: File<'_>, faults: &mut Faults) -> Option<Census> {
    let columns = ["year", "dimension", "category", "people", "source"];
    let rows = table::rows::<PeopleRow>(file, &columns, faults);
    let Some((total_at, total)) = rows.iter().find(|(_, row)| row.dimension == "total") else {
        faults.of(file.path, "no row gives the total");
        return None;
    };
    let (total_at, year, people) = (*total_at, total.year, total.people);
    let (mut sexes, mut ages, mut groups, mut split) = (Vec::new(), Vec::new(), BTreeMap::new(), BTreeMap::new());
    for (place, row) in &rows {
        let known = match row.dimension.as_str() {
            "total" => *place == total_at,
            "sex" if row.year == year => Sex::parse(&row.category).map(|sex| sexes.push((sex, row.people))).is_some(),
            "age" if row.year == year => age_group(&row.category, row.people).map(|group| ages.push(group)).is_some(),
            "ethnic_group" => EthnicGroup::parse(&row.category)
                .map(|group| if row.year == year { &mut groups } else { &mut split }.insert(group, row.people))
                .is_some(),
            _ => false,
        };
        if !known {
            let what = format!("{} “{}” of {} is not understood", row.dimension, row.category, row.year);
            faults.at(file, *place, what);
        }
    }
    ages.sort_by_key(|group| group.from);
    let sums = [
        ("sex", sexes.iter().map(|(_, people)| u64::from(*people)).sum::<u64>()),
        ("age", ages.iter().map(|group| u64::from(group.people)).sum()),
        ("ethnic_group", groups.values().map(|people| u64::from(*people)).sum()),
    ];
    for (dimension, sum) in sums {
        if sum != u64::from(people) {
            faults.at(file, total_at, format!("{dimension} of {year} adds up to {sum}, not to the total of {people}"));
        }
    }
    Some(Census { year, people, sexes, ages, ethnic_groups: with_small_groups(groups, split) })
}

/// `15-64` or `65+`.
fn age_group(category: &str, people: u32) -> Option<AgeGroup> {
    let (from, to) = match category.strip_suffix('+') {
        Some(from) => (from, None),
        None => {
            let (from, to) = category.split_once('-')?;
            (from, Some(to.parse().ok()?))
        }
    };
    Some(AgeGroup { from: from.parse().ok()?, to, people })
}

/// Splits the census's `Other` among the groups that only the earlier year counts, in that year's proportions.
fn with_small_groups(
    mut groups: BTreeMap<EthnicGroup, u32>,
    mut split: BTreeMap<EthnicGroup, u32>,
) -> Vec<(EthnicGroup, u32)> {
    split.retain(|group, _| *group == EthnicGroup::Other || !groups.contains_key(group));
    let others = groups.remove(&EthnicGroup::Other).unwrap_or_default();
    let whole = split.values().map(|people| u64::from(*people)).sum::<u64>().max(1);
    let mut left = others;
    for (group, people) in split.into_iter().filter(|(group, _)| *group != EthnicGroup::Other) {
        // Never more than `others`, which is a u32.
        let share = (u64::from(others) * u64::from(people) / whole) as u32;
        left -= share;
        groups.insert(group, share);
    }
    groups.insert(EthnicGroup::Other, left);
    groups.into_iter().collect()
}
