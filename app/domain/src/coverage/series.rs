//! A figure month by month, over changes of boundaries.

use super::{
    Figure, Part,
    protect::PublicCount,
    release::{Head, Place},
};
use crate::{places::UnitCode, time::Month};
use std::collections::BTreeSet;

/// How a point of a series came about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Published as it stands.
    Published,
    /// The sum of the units that the place was made of: the same people.
    Added,
    /// A share of a unit that the place was taken out of, by adults: nobody counted it.
    Estimated,
}

/// One month.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Point {
    pub month: Month,
    /// The release it stands in.
    pub release: u32,
    pub shown: PublicCount,
    pub origin: Origin,
}

/// A figure in all releases that stand, oldest month first. `became`: units that others took in; `parts_of`: for a unit that was
/// split off, the one it was taken out of.
pub fn series(
    figure: &Figure,
    releases: &[&Head],
    shown: &dyn Fn(u32, &Figure) -> PublicCount,
    became: &[(UnitCode, UnitCode)],
    parts_of: &[(UnitCode, UnitCode)],
) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for head in standing(releases) {
        let (shown, origin) = match figure {
            Figure::Ladder { track, step, witness, part: Part::Unit(unit) } => {
                let of = |unit: UnitCode| {
                    let part = Part::Unit(unit);
                    shown(head.number, &Figure::Ladder { track: track.clone(), step: *step, witness: *witness, part })
                };
                of_unit(*unit, head, releases, &of, became, parts_of)
            }
            _ => (shown(head.number, figure), Origin::Published),
        };
        points.push(Point { month: head.month, release: head.number, shown, origin });
    }
    points
}

/// The last release of each month, oldest month first.
pub fn standing<'a>(releases: &[&'a Head]) -> Vec<&'a Head> {
    let mut standing: Vec<&Head> = releases.to_vec();
    standing.sort_by_key(|head| (head.month, head.number));
    let mut last: Vec<&Head> = Vec::new();
    for head in standing {
        match last.last_mut() {
            Some(before) if before.month == head.month => *before = head,
            _ => last.push(head),
        }
    }
    last
}

fn of_unit(
    unit: UnitCode,
    head: &Head,
    releases: &[&Head],
    of: &dyn Fn(UnitCode) -> PublicCount,
    became: &[(UnitCode, UnitCode)],
    parts_of: &[(UnitCode, UnitCode)],
) -> (PublicCount, Origin) {
    let here: BTreeSet<UnitCode> = head.places.iter().map(|place| place.code).collect();
    let all = all_of(unit, became);
    let olds: Vec<UnitCode> = all.iter().copied().filter(|old| here.contains(old)).collect();
    match olds[..] {
        [same] if same == unit => (of(unit), Origin::Published),
        [] => match parts_of.iter().find(|(part, _)| *part == unit) {
            Some((_, whole)) if here.contains(whole) => {
                let newest = releases.iter().max_by_key(|head| (head.month, head.number));
                let adults = |head: &Head, code: UnitCode| {
                    head.places
                        .iter()
                        .find(|place: &&Place| place.code == code)
                        .map_or(0, |place| u64::from(place.adults))
                };
                let part = newest.map_or(0, |newest| adults(newest, unit));
                (share(of(*whole), part, adults(head, *whole)), Origin::Estimated)
            }
            _ => (PublicCount::Withheld, Origin::Estimated),
        },
        _ => (sum(olds.into_iter().map(of)), Origin::Added),
    }
}

/// A unit and all that it took in, directly or by way of others.
fn all_of(unit: UnitCode, became: &[(UnitCode, UnitCode)]) -> BTreeSet<UnitCode> {
    let mut all = BTreeSet::from([unit]);
    loop {
        let before = all.len();
        all.extend(became.iter().filter(|(_, into)| all.contains(into)).map(|(old, _)| *old).collect::<Vec<_>>());
        if all.len() == before {
            return all;
        }
    }
}

/// The sum of published figures; as little is said of it as of its least known part, unless that part does not matter.
fn sum(parts: impl Iterator<Item = PublicCount>) -> PublicCount {
    parts.fold(PublicCount::Zero, |sum, part| match (sum, part) {
        (PublicCount::Withheld, _) | (_, PublicCount::Withheld) => PublicCount::Withheld,
        (other, PublicCount::Zero) | (PublicCount::Zero, other) => other,
        (PublicCount::About(a), PublicCount::About(b)) => PublicCount::About(a + b),
        // Somebody, but nobody knows how many.
        _ => PublicCount::Withheld,
    })
}

fn share(of: PublicCount, part: u64, whole: u64) -> PublicCount {
    match of {
        PublicCount::About(people) if whole > 0 => match people * part / whole {
            few if few < super::protect::PUBLIC_MIN => PublicCount::UnderTen,
            people => PublicCount::About(people),
        },
        PublicCount::Zero => PublicCount::Zero,
        _ => PublicCount::Withheld,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        coverage::{Receipt, Step, Witness},
        places::changes::{Change, DatedChange, NewUnit, became as took_in, change},
        places::{Unit, UnitKind},
    };
    use chrono::NaiveDate;
    use std::collections::BTreeMap;

    fn code(number: usize) -> UnitCode {
        format!("{number:05}").parse().unwrap_or_else(|_| panic!("{number}"))
    }

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 7, 1).unwrap_or_default()
    }

    fn head(number: u32, month: i32, units: &[Unit]) -> Head {
        let places = units.iter().filter(|unit| unit.valid_to.is_none()).map(|unit| Place {
            code: unit.code,
            name: unit.name.clone(),
            ward: false,
            border: false,
            adults: unit.adults,
            adults_on: day(),
            adults_source: String::new(),
            estimated: unit.estimated,
        });
        Head {
            format: 1,
            number,
            month: Month::from_number(month).unwrap_or_else(|| panic!("{month}")),
            corrects: None,
            method: String::new(),
            noise_table: String::new(),
            places: places.collect(),
            tracks: vec![],
            lessons: vec![],
            receipt: Receipt::default(),
        }
    }

    fn old(number: usize, name: &str) -> Unit {
        Unit {
            code: code(number),
            name: name.to_owned(),
            short_name: name.to_owned(),
            kind: UnitKind::Commune,
            former_district: String::new(),
            predecessors: vec![],
            population: 1_500,
            adults: 1_000 + number as u32,
            valid_from: NaiveDate::default(),
            valid_to: None,
            border: false,
            adults_source: None,
            estimated: false,
            tile: (0, 0),
        }
    }

    fn of(unit: usize) -> Figure {
        Figure::Ladder { track: None, step: Step::Heard, witness: Witness::Self_, part: Part::Unit(code(unit)) }
    }

    /// The 200 units of before 1 July 2025 and the 75 they became: every series adds up.
    #[test]
    fn the_merger_of_200_into_75_adds_up() {
        let table = include_str!("../../../../content/places/units.csv");
        let mut units = Vec::new();
        let mut changes = Vec::new();
        let mut news = Vec::new();
        for (row, line) in table.lines().skip(1).enumerate() {
            let olds = line.split(',').nth(8).unwrap_or_else(|| panic!("{line}"));
            let names: Vec<&str> = olds.split("; ").collect();
            let from: Vec<UnitCode> = (0..names.len()).map(|nth| code(10_000 + row * 100 + nth)).collect();
            for (nth, name) in names.iter().enumerate() {
                units.push(old(10_000 + row * 100 + nth, name));
            }
            if from.len() > 1 {
                news.push((code(90_000 + row), from.clone()));
                let merger = Change::Merger { from, into: code(90_000 + row), name: format!("Xã {row}") };
                changes.push(DatedChange {
                    valid_from: day(), document: "Nghị quyết 1681".to_owned(), change: merger
                });
            }
        }
        assert_eq!(units.len(), 200);
        let before = head(1, 202506, &units);
        for dated in &changes {
            change(&mut units, dated).unwrap_or_else(|fault| panic!("{fault}"));
        }
        let after = head(2, 202507, &units);
        assert_eq!((before.places.len(), after.places.len()), (200, 75));
        // Each old unit had as many learners as its number says; in the new month ten more in every new unit.
        let learners = |unit: UnitCode| unit.as_str().parse::<u64>().unwrap_or_default() % 1_000 + 20;
        let shown = |release: u32, figure: &Figure| {
            let Figure::Ladder { part: Part::Unit(unit), .. } = figure else { return PublicCount::Zero };
            let olds = news.iter().find(|(new, _)| new == unit).map(|(_, olds)| olds);
            PublicCount::About(match olds {
                Some(olds) if release == 2 => olds.iter().map(|old| learners(*old)).sum::<u64>() + 10,
                _ => learners(*unit) + if release == 2 { 10 } else { 0 },
            })
        };
        let mut sums: BTreeMap<Month, u64> = BTreeMap::new();
        for place in &after.places {
            let figure = Figure::Ladder {
                track: None,
                step: Step::Heard,
                witness: Witness::Self_,
                part: Part::Unit(place.code),
            };
            let points = series(&figure, &[&before, &after], &shown, &took_in(&changes), &[]);
            let merged = news.iter().any(|(new, _)| *new == place.code);
            assert_eq!(points[0].origin, if merged { Origin::Added } else { Origin::Published }, "{}", place.code);
            for point in points {
                *sums.entry(point.month).or_default() += point.shown.value().unwrap_or_default();
            }
        }
        let all: u64 = before.places.iter().map(|place| learners(place.code)).sum();
        assert_eq!(sums.into_values().collect::<Vec<_>>(), [all, all + 750]);
    }

    #[test]
    fn what_was_split_off_is_an_estimate() {
        let mut units = vec![old(1, "Xã Một"), old(2, "Xã Hai")];
        units[0].adults = 1_000;
        let before = head(1, 202611, &units);
        let split = Change::Split {
            from: code(1),
            parts: vec![NewUnit { code: code(9), name: "Xã Chín".to_owned(), adults: 250 }],
        };
        change(&mut units, &DatedChange { valid_from: day(), document: "x".to_owned(), change: split })
            .unwrap_or_else(|fault| panic!("{fault}"));
        let after = head(2, 202612, &units);
        let shown = |release: u32, figure: &Figure| match (release, figure == &of(9)) {
            (1, true) => PublicCount::Zero,
            (_, true) => PublicCount::About(40),
            _ => PublicCount::About(200),
        };
        let points = series(&of(9), &[&before, &after], &shown, &[], &[(code(9), code(1))]);
        let found: Vec<_> = points.iter().map(|point| (point.shown, point.origin)).collect();
        assert_eq!(found, [(PublicCount::About(50), Origin::Estimated), (PublicCount::About(40), Origin::Published)]);
    }

    #[test]
    fn a_correction_takes_the_place_of_what_it_corrects() {
        let units = [old(1, "Xã Một")];
        let mut corrected = head(3, 202611, &units);
        corrected.corrects = Some(1);
        let heads = [head(1, 202611, &units), head(2, 202612, &units), corrected];
        let heads: Vec<&Head> = heads.iter().collect();
        let points = series(&of(1), &heads, &|number, _| PublicCount::About(u64::from(number) * 100), &[], &[]);
        assert_eq!(points.iter().map(|point| point.release).collect::<Vec<_>>(), [3, 2]);
    }

    #[test]
    fn hidden_parts_hide_the_sum() {
        use PublicCount::{About, UnderTen, Withheld, Zero};
        let cases: [(&[PublicCount], PublicCount); 6] = [
            (&[], Zero),
            (&[About(10), About(20)], About(30)),
            (&[About(10), Zero], About(10)),
            (&[UnderTen, Zero], UnderTen),
            (&[UnderTen, About(10)], Withheld),
            (&[Zero, Withheld], Withheld),
        ];
        for (parts, whole) in cases {
            assert_eq!(sum(parts.iter().copied()), whole, "{parts:?}");
        }
    }
}
