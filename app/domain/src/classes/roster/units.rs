//! Where somebody lives, out of a commune's name, its code, or an address with it.

use crate::places::{Closeness, Hit, Unit, UnitCode, Via, fold, named, search};
use std::collections::BTreeMap;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// What the list says beyond doubt, or what holds when it says nothing.
    Is(Option<UnitCode>),
    Old(Vec<UnitCode>),
    Several(Vec<UnitCode>),
    Unknown,
}

/// Reads places, and remembers what each text meant: a list names few communes, many times.
pub(super) struct Places<'u> {
    units: &'u [Unit],
    default: Option<UnitCode>,
    known: BTreeMap<String, Place>,
}

/// What stands between the parts of an address.
const BETWEEN: [char; 6] = [',', ';', '\n', '–', '/', '|'];
/// A dash between parts has blanks around it; one inside a name has none.
const DASH: &str = " - ";
/// Parts of an address that are looked at.
const PARTS_MAX: usize = 10;
/// Parts that are never a commune: villages, quarters, districts, the province.
const OTHER_PARTS: [&str; 10] =
    ["ban ", "thon ", "xom ", "tieu khu ", "duong ", "pho ", "huyen ", "tinh ", "thanh pho ", "tp "];
/// Parts with a number: group 5, house 12. Tô Hiệu begins with the first of them and is a ward.
const NUMBERED_PARTS: [&str; 5] = ["to ", "so ", "khu ", "tk ", "ngo "];
/// How communes, wards and the towns of before are announced.
const UNIT_WORDS: [&str; 7] = ["xa ", "phuong ", "thi tran ", "x ", "p ", "tt ", "commune "];

fn is_other(part: &str) -> bool {
    let folded = fold(part);
    let numbered =
        |word: &str| folded.strip_prefix(word).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    OTHER_PARTS.iter().any(|word| folded.starts_with(word)) || NUMBERED_PARTS.into_iter().any(numbered)
}

impl<'u> Places<'u> {
    pub(super) fn new(units: &'u [Unit], default: Option<UnitCode>) -> Self {
        Self { units, default, known: BTreeMap::new() }
    }

    /// What a cell means, with the part of it that says so.
    pub(super) fn read<'t>(&mut self, text: &'t str) -> (Place, &'t str) {
        let text = text.trim();
        if text.is_empty() {
            return (Place::Is(self.default), text);
        }
        if !text.contains(BETWEEN) && !text.contains(DASH) {
            return (self.meaning(text), text);
        }
        let parts: Vec<&str> = text
            .split(BETWEEN)
            .flat_map(|part| part.split(DASH))
            .map(str::trim)
            .filter(|part| !part.is_empty() && !is_other(part))
            .take(PARTS_MAX)
            .collect();
        let announced = parts.iter().find(|part| UNIT_WORDS.iter().any(|word| fold(part).starts_with(word))).copied();
        let read: Vec<(Place, &str)> = match announced {
            Some(part) => vec![(self.meaning(part), part)],
            None => parts.into_iter().map(|part| (self.meaning(part), part)).collect(),
        };
        let places = || {
            read.iter().filter_map(|(place, part)| match place {
                Place::Is(Some(unit)) => Some((*unit, *part)),
                _ => None,
            })
        };
        match places().next() {
            Some((unit, part)) => {
                // Behind a commune stands its district, which may be called like another commune; else one of them is a village.
                let others = places().filter(|(other, part)| *other != unit && !self.is_district_of(part, unit));
                let others: Vec<UnitCode> = others.map(|(other, _)| other).collect();
                match others.is_empty() {
                    true => (Place::Is(Some(unit)), part),
                    false => (Place::Several([vec![unit], others].concat()), text),
                }
            }
            None => {
                let first = read.into_iter().map(|(place, _)| place).find(|place| *place != Place::Unknown);
                (first.unwrap_or(Place::Unknown), text)
            }
        }
    }

    fn is_district_of(&self, part: &str, unit: UnitCode) -> bool {
        let unit = self.units.iter().find(|other| other.code == unit);
        unit.is_some_and(|unit| fold(&unit.former_district).ends_with(&fold(part)))
    }

    fn meaning(&mut self, text: &str) -> Place {
        if let Some(place) = self.known.get(text) {
            return place.clone();
        }
        let place = self.look_up(text);
        self.known.insert(text.to_owned(), place.clone());
        place
    }

    fn look_up(&self, text: &str) -> Place {
        if text.bytes().all(|digit| digit.is_ascii_digit()) {
            // A spreadsheet takes the leading zero for decoration.
            let code = format!("{text:0>5}").parse::<UnitCode>().ok();
            let unit = self.units.iter().find(|unit| Some(unit.code) == code && unit.valid_to.is_none());
            return unit.map_or(Place::Unknown, |unit| Place::Is(Some(unit.code)));
        }
        let hits = search(self.units, text);
        let mut named_hits: Vec<&Hit<'_>> = hits
            .iter()
            .filter(|hit| hit.closeness <= Closeness::Folded && !matches!(hit.via, Via::District(_)))
            .collect();
        // Nothing is named where nothing is called so, and looking through all units a second time takes as long as the first.
        let unit = if named_hits.is_empty() { None } else { named(self.units, text) };
        match unit {
            Some(unit) if named_hits.iter().any(|hit| hit.unit.code == unit.code && hit.via == Via::Name) => {
                Place::Is(Some(unit.code))
            }
            Some(unit) => Place::Old(vec![unit.code]),
            None => {
                if named_hits.is_empty() {
                    named_hits = hits.iter().collect();
                }
                let old = !named_hits.is_empty() && named_hits.iter().all(|hit| matches!(hit.via, Via::Predecessor(_)));
                let exact = named_hits.iter().all(|hit| hit.closeness <= Closeness::Folded);
                let candidates: Vec<UnitCode> = named_hits.iter().map(|hit| hit.unit.code).collect();
                match candidates.is_empty() {
                    true => Place::Unknown,
                    false if old && exact => Place::Old(candidates),
                    false => Place::Several(candidates),
                }
            }
        }
    }
}
