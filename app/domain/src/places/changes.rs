//! Changes of administrative units since the content was written: what was before is kept, and totals are conserved.

use super::{Homes, Unit, UnitCode, UnitKind};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt};

/// A unit that comes out of a change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewUnit {
    pub code: UnitCode,
    /// With its kind: "Xã Mường É".
    pub name: String,
    /// People of 15 and over.
    pub adults: u32,
}

/// What happened to units.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// Several became one, which may keep the code of one of them. Its adults are theirs together.
    Merger {
        from: Vec<UnitCode>,
        into: UnitCode,
        name: String,
    },
    /// Parts were taken out of one; what is left keeps its code and name.
    Split {
        from: UnitCode,
        parts: Vec<NewUnit>,
    },
    Renaming {
        unit: UnitCode,
        name: String,
    },
    /// A new figure of adults.
    Adults {
        unit: UnitCode,
        adults: u32,
    },
}

impl Change {
    /// The stable name of its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Merger { .. } => "merger",
            Self::Split { .. } => "split",
            Self::Renaming { .. } => "renaming",
            Self::Adults { .. } => "adults",
        }
    }
}

/// A change with its day and the act that it stands in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedChange {
    pub valid_from: NaiveDate,
    pub document: String,
    pub change: Change,
}

/// Why a change cannot be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChangeFault {
    NoSuchUnit(UnitCode),
    /// It was a unit until this day.
    Abolished(UnitCode, NaiveDate),
    /// The code is another unit's.
    Taken(UnitCode),
    /// Named twice in one change.
    Twice(UnitCode),
    /// A merger of fewer than two.
    NothingToMerge,
    /// Before the unit came to be, or before a change that is already known.
    TooEarly(NaiveDate),
    /// Neither "Xã …" nor "Phường …".
    Name(String),
    /// Nobody, or more adults than the parts may have together.
    Adults(u32),
    NoDocument,
}

impl fmt::Display for ChangeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchUnit(unit) => write!(f, "there is no unit {unit}"),
            Self::Abolished(unit, day) => write!(f, "unit {unit} ended on {day}"),
            Self::Taken(unit) => write!(f, "{unit} is another unit's code"),
            Self::Twice(unit) => write!(f, "{unit} is named twice"),
            Self::NothingToMerge => f.write_str("a merger needs two units or more"),
            Self::TooEarly(day) => {
                write!(f, "a change of {day} was taken in already: changes come in the order of their days")
            }
            Self::Name(name) => write!(f, "the name “{name}” does not begin with “Xã ” or “Phường ”"),
            Self::Adults(adults) => {
                write!(f, "{adults} adults cannot be: at least 1, and a part has fewer than the whole")
            }
            Self::NoDocument => f.write_str("the document that the change stands in is missing"),
        }
    }
}

/// The units after a change; those that ended stay in the list with their last day. Adults and people are conserved by
/// mergers and splits.
pub fn change(units: &mut Vec<Unit>, dated: &DatedChange) -> Result<(), ChangeFault> {
    let DatedChange { valid_from, document, change } = dated;
    if document.trim().is_empty() {
        return Err(ChangeFault::NoDocument);
    }
    let source = Some((*valid_from, document.trim().to_owned()));
    match change {
        Change::Merger { from, into, name } => merge(units, *valid_from, from, *into, name),
        Change::Split { from, parts } => split(units, *valid_from, *from, parts, source),
        Change::Renaming { unit, name } => {
            let (kind, short_name) = kind_and_short_name(name)?;
            let unit = current(units, *unit, *valid_from)?;
            let before = std::mem::replace(&mut unit.name, name.clone());
            unit.predecessors.push(before);
            (unit.kind, unit.short_name) = (kind, short_name);
            Ok(())
        }
        Change::Adults { unit, adults } => {
            let unit = current(units, *unit, *valid_from)?;
            if *adults == 0 || *adults > unit.population {
                return Err(ChangeFault::Adults(*adults));
            }
            (unit.adults, unit.adults_source) = (*adults, source);
            Ok(())
        }
    }
}

/// A unit of that day.
fn current(units: &mut [Unit], code: UnitCode, day: NaiveDate) -> Result<&mut Unit, ChangeFault> {
    let unit = units.iter_mut().find(|unit| unit.code == code).ok_or(ChangeFault::NoSuchUnit(code))?;
    match unit.valid_to {
        Some(to) => Err(ChangeFault::Abolished(code, to)),
        None if unit.valid_from > day => Err(ChangeFault::TooEarly(unit.valid_from)),
        None => Ok(unit),
    }
}

fn kind_and_short_name(name: &str) -> Result<(UnitKind, String), ChangeFault> {
    let of = |word: &str, kind| {
        name.strip_prefix(word).filter(|rest| !rest.trim().is_empty()).map(|rest| (kind, rest.to_owned()))
    };
    let found = of("Xã ", UnitKind::Commune).or_else(|| of("Phường ", UnitKind::Ward));
    found.ok_or_else(|| ChangeFault::Name(name.to_owned()))
}

fn merge(
    units: &mut Vec<Unit>,
    day: NaiveDate,
    from: &[UnitCode],
    into: UnitCode,
    name: &str,
) -> Result<(), ChangeFault> {
    let (kind, short_name) = kind_and_short_name(name)?;
    if from.len() < 2 {
        return Err(ChangeFault::NothingToMerge);
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = from.iter().find(|unit| !seen.insert(**unit)) {
        return Err(ChangeFault::Twice(*twice));
    }
    if !from.contains(&into) && units.iter().any(|unit| unit.code == into) {
        return Err(ChangeFault::Taken(into));
    }
    let mut olds = Vec::new();
    for code in from {
        olds.push(current(units, *code, day)?.clone());
    }
    // The largest gives the place on the map and the district that people remember.
    let Some(largest) = olds.iter().max_by_key(|old| (old.adults, old.code)) else {
        return Err(ChangeFault::NothingToMerge);
    };
    let predecessors = olds.iter().flat_map(|old| [old.name.clone()].into_iter().chain(old.predecessors.clone()));
    let mut predecessors: Vec<String> = predecessors.collect();
    let mut names = BTreeSet::new();
    predecessors.retain(|name| names.insert(name.clone()));
    // One source for all adults stays theirs; several are not one.
    let source =
        largest.adults_source.clone().filter(|_| olds.iter().all(|old| old.adults_source == largest.adults_source));
    let new = Unit {
        code: into,
        name: name.to_owned(),
        short_name,
        kind,
        former_district: largest.former_district.clone(),
        predecessors,
        population: olds.iter().map(|old| old.population).sum(),
        adults: olds.iter().map(|old| old.adults).sum(),
        valid_from: day,
        valid_to: None,
        border: olds.iter().any(|old| old.border),
        adults_source: source,
        estimated: olds.iter().any(|old| old.estimated),
        tile: largest.tile,
    };
    for unit in units.iter_mut().filter(|unit| from.contains(&unit.code)) {
        unit.valid_to = Some(day);
    }
    units.retain(|unit| unit.code != into);
    insert(units, new);
    Ok(())
}

fn split(
    units: &mut Vec<Unit>,
    day: NaiveDate,
    from: UnitCode,
    parts: &[NewUnit],
    source: Option<(NaiveDate, String)>,
) -> Result<(), ChangeFault> {
    let old = current(units, from, day)?.clone();
    let mut seen = BTreeSet::from([from]);
    let mut left = old.clone();
    let mut new = Vec::new();
    for part in parts {
        if !seen.insert(part.code) {
            return Err(ChangeFault::Twice(part.code));
        }
        if units.iter().any(|unit| unit.code == part.code) {
            return Err(ChangeFault::Taken(part.code));
        }
        let (kind, short_name) = kind_and_short_name(&part.name)?;
        if part.adults == 0 || part.adults >= left.adults {
            return Err(ChangeFault::Adults(part.adults));
        }
        // People of all ages in the proportion of adults.
        let people = u64::from(old.population) * u64::from(part.adults) / u64::from(old.adults.max(1));
        let people = u32::try_from(people).unwrap_or(left.population).min(left.population);
        left.adults -= part.adults;
        left.population -= people;
        new.push(Unit {
            code: part.code,
            name: part.name.clone(),
            short_name,
            kind,
            predecessors: vec![old.name.clone()],
            population: people,
            adults: part.adults,
            valid_from: day,
            adults_source: source.clone(),
            estimated: true,
            tile: (0, 0),
            ..old.clone()
        });
    }
    if new.is_empty() {
        return Err(ChangeFault::NothingToMerge);
    }
    (left.estimated, left.adults_source) = (true, source);
    if let Some(unit) = units.iter_mut().find(|unit| unit.code == from) {
        *unit = left;
    }
    for mut part in new {
        part.tile = free_tile(units, old.tile);
        insert(units, part);
    }
    Ok(())
}

/// Columns and rows of the tile map.
pub const TILE_COLUMNS: u8 = 12;
pub const TILE_ROWS: u8 = 10;

/// The nearest tile that no unit of today stands on; the same one when the map is full.
fn free_tile(units: &[Unit], near: (u8, u8)) -> (u8, u8) {
    let taken: BTreeSet<(u8, u8)> = units.iter().filter(|unit| unit.valid_to.is_none()).map(|unit| unit.tile).collect();
    let all = (0..TILE_ROWS).flat_map(|row| (0..TILE_COLUMNS).map(move |column| (column, row)));
    let far = |tile: &(u8, u8)| u32::from(tile.0.abs_diff(near.0)).pow(2) + u32::from(tile.1.abs_diff(near.1)).pow(2);
    all.filter(|tile| !taken.contains(tile)).min_by_key(|tile| (far(tile), *tile)).unwrap_or(near)
}

/// Keeps the list in the order of codes.
fn insert(units: &mut Vec<Unit>, new: Unit) {
    let at = units.partition_point(|unit| unit.code < new.code);
    units.insert(at, new);
}

/// Where people live after these changes who said a unit that was merged.
pub fn homes(changes: &[DatedChange]) -> Homes {
    Homes::new(became(changes))
}

/// Which units others took in.
pub fn became(changes: &[DatedChange]) -> Vec<(UnitCode, UnitCode)> {
    let mergers = changes.iter().filter_map(|dated| match &dated.change {
        Change::Merger { from, into, .. } => Some((from, *into)),
        _ => None,
    });
    mergers.flat_map(|(from, into)| from.iter().map(move |old| (*old, into))).filter(|(old, new)| old != new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(number: u32) -> UnitCode {
        format!("{number:05}").parse().unwrap_or_else(|_| panic!("{number}"))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap_or_else(|_| panic!("{text}"))
    }

    fn unit(number: u32, adults: u32) -> Unit {
        Unit {
            code: code(number),
            name: format!("Xã Số {number}"),
            short_name: format!("Số {number}"),
            kind: UnitKind::Commune,
            former_district: "Huyện Cũ".to_owned(),
            predecessors: vec![format!("Xã Xưa {number}")],
            population: adults * 3 / 2,
            adults,
            valid_from: day("2025-07-01"),
            valid_to: None,
            border: number == 2,
            adults_source: None,
            estimated: false,
            tile: (number as u8, 0),
        }
    }

    fn on(text: &str, change: Change) -> DatedChange {
        DatedChange { valid_from: day(text), document: "Nghị quyết thử".to_owned(), change }
    }

    fn totals(units: &[Unit]) -> (u64, u64) {
        let today = units.iter().filter(|unit| unit.valid_to.is_none());
        today.fold((0, 0), |(adults, people), unit| {
            (adults + u64::from(unit.adults), people + u64::from(unit.population))
        })
    }

    #[test]
    fn merging_conserves_people_and_remembers_names() {
        let mut units = vec![unit(1, 1_000), unit(2, 500), unit(3, 700)];
        let before = totals(&units);
        let merger = Change::Merger { from: vec![code(1), code(2)], into: code(2), name: "Phường Mới".to_owned() };
        let dated = on("2026-12-01", merger);
        change(&mut units, &dated).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(totals(&units), before);
        let [old, new, _] = &units[..] else { panic!("{units:?}") };
        assert_eq!((old.code, old.valid_to), (code(1), Some(day("2026-12-01"))));
        assert_eq!((new.name.as_str(), new.kind, new.adults, new.border), ("Phường Mới", UnitKind::Ward, 1_500, true));
        assert_eq!(new.predecessors, ["Xã Số 1", "Xã Xưa 1", "Xã Số 2", "Xã Xưa 2"]);
        let homes = homes(&[dated]);
        assert_eq!((homes.of(code(1)), homes.of(code(2)), homes.of(code(3))), (code(2), code(2), code(3)));
    }

    #[test]
    fn splitting_conserves_people_and_is_an_estimate() {
        let mut units = vec![unit(1, 1_000), unit(2, 500)];
        let before = totals(&units);
        let part = NewUnit { code: code(9), name: "Xã Tách".to_owned(), adults: 400 };
        let split = Change::Split { from: code(1), parts: vec![part] };
        change(&mut units, &on("2026-12-01", split)).unwrap_or_else(|fault| panic!("{fault}"));
        assert_eq!(totals(&units), before);
        assert_eq!(
            units.iter().map(|unit| (unit.adults, unit.estimated)).collect::<Vec<_>>(),
            [(600, true), (500, false), (400, true)]
        );
        let tiles: BTreeSet<_> = units.iter().map(|unit| unit.tile).collect();
        assert_eq!(tiles.len(), 3, "each stands on a tile of its own");
    }

    #[test]
    fn what_cannot_be_is_said_and_changes_nothing() {
        let merger = |from: &[u32], into: u32, name: &str| Change::Merger {
            from: from.iter().map(|number| code(*number)).collect(),
            into: code(into),
            name: name.to_owned(),
        };
        let split = |from, part, name: &str, adults| Change::Split {
            from: code(from),
            parts: vec![NewUnit { code: code(part), name: name.to_owned(), adults }],
        };
        let cases = [
            (merger(&[1], 1, "Xã A"), "a merger needs two"),
            (merger(&[1, 1], 1, "Xã A"), "00001 is named twice"),
            (merger(&[1, 7], 1, "Xã A"), "no unit 00007"),
            (merger(&[1, 4], 1, "Xã A"), "unit 00004 ended on 2026-01-01"),
            (merger(&[1, 2], 3, "Xã A"), "00003 is another unit's code"),
            (merger(&[1, 2], 1, "Thị trấn A"), "does not begin with"),
            (split(1, 2, "Xã A", 10), "00002 is another unit's code"),
            (split(1, 9, "Xã A", 1_000), "1000 adults cannot be"),
            (split(1, 9, "Xã A", 0), "0 adults cannot be"),
            (split(1, 9, "A", 10), "does not begin with"),
            (Change::Split { from: code(1), parts: vec![] }, "a merger needs two"),
            (Change::Renaming { unit: code(1), name: "Xã ".to_owned() }, "does not begin with"),
            (Change::Adults { unit: code(1), adults: 5_000 }, "5000 adults cannot be"),
            (Change::Adults { unit: code(5), adults: 50 }, "order of their days"),
        ];
        let mut ended = unit(4, 100);
        ended.valid_to = Some(day("2026-01-01"));
        let mut young = unit(5, 100);
        young.valid_from = day("2027-01-01");
        let units = vec![unit(1, 1_000), unit(2, 500), unit(3, 700), ended, young];
        for (what, said) in cases {
            let mut after = units.clone();
            let fault = change(&mut after, &on("2026-12-01", what.clone())).err().map(|fault| fault.to_string());
            assert!(fault.as_ref().is_some_and(|fault| fault.contains(said)), "{what:?}: {fault:?}");
            assert_eq!(after, units, "{what:?}");
        }
        let nameless = DatedChange { document: " ".to_owned(), ..on("2026-12-01", merger(&[1, 2], 1, "Xã A")) };
        assert_eq!(change(&mut units.clone(), &nameless), Err(ChangeFault::NoDocument));
    }

    proptest! {
        /// Whatever mergers and splits come, nobody is lost and nobody made.
        #[test]
        fn totals_are_conserved(steps in proptest::collection::vec((any::<bool>(), 0usize..30, 0usize..30, 1u32..400), 1..20)) {
            let mut units: Vec<Unit> = (1..=12).map(|number| unit(number, 300 + 10 * number)).collect();
            let before = totals(&units);
            let mut changes = Vec::new();
            for (number, (merges, a, b, adults)) in steps.into_iter().enumerate() {
                let today: Vec<UnitCode> = units.iter().filter(|unit| unit.valid_to.is_none()).map(|unit| unit.code).collect();
                let (a, b) = (today[a % today.len()], today[b % today.len()]);
                let what = match merges {
                    true => Change::Merger { from: vec![a, b], into: b, name: "Xã Chung".to_owned() },
                    false => Change::Split {
                        from: a,
                        parts: vec![NewUnit { code: code(100 + number as u32), name: "Xã Riêng".to_owned(), adults }],
                    },
                };
                let dated = on("2026-12-01", what);
                if change(&mut units, &dated).is_ok() {
                    changes.push(dated);
                }
                prop_assert_eq!(totals(&units), before);
                prop_assert!(units.is_sorted_by(|a, b| a.code < b.code));
            }
            // Whoever said any unit lives in one of today.
            let homes = homes(&changes);
            for unit in &units {
                let home = homes.of(unit.code);
                prop_assert!(units.iter().any(|today| today.code == home && today.valid_to.is_none()), "{} {}", unit.code, home);
            }
        }
    }
}
