//! Who may be in a class twice.

use super::{ExistingPerson, RosterEntry};
use crate::{accounts::BirthYear, classes::DisplayName, places::UnitCode};
use std::collections::BTreeMap;

/// Somebody met before.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DuplicateOf {
    /// In the class: the place in the list of [`ExistingPerson`] that was given.
    Existing(usize),
    /// In the same file: the number of the row.
    Row(u32),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Certainty {
    /// The same name with the same marks, the same year, and communes that do not differ.
    Certain,
    /// The same name without marks, and years that do not differ.
    Likely,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Duplicate {
    pub of: DuplicateOf,
    pub certainty: Certainty,
}

/// Everybody met so far, found by name and year without going through the list: a thousand people called the same cost no more
/// than a thousand others.
pub(super) struct Twins {
    /// By the name with its marks in small letters and the year; then by the commune.
    exact: BTreeMap<(String, BirthYear), BTreeMap<Option<UnitCode>, DuplicateOf>>,
    /// By the name without marks; then by the year, which may be unknown.
    folded: BTreeMap<String, BTreeMap<Option<BirthYear>, DuplicateOf>>,
}

impl Twins {
    pub(super) fn new(existing: &[ExistingPerson]) -> Self {
        let mut twins = Self { exact: BTreeMap::new(), folded: BTreeMap::new() };
        for (at, person) in existing.iter().enumerate() {
            twins.remember(&person.name, person.birth_year, person.unit, DuplicateOf::Existing(at));
        }
        twins
    }

    /// Whom a row repeats, and remembers it. People of the class come before rows above.
    pub(super) fn meet(&mut self, row: u32, entry: &RosterEntry) -> Option<Duplicate> {
        let found = self.find(entry);
        self.remember(&entry.name, entry.birth_year, entry.unit, DuplicateOf::Row(row));
        found
    }

    fn find(&self, entry: &RosterEntry) -> Option<Duplicate> {
        let same = entry.birth_year.and_then(|year| self.exact.get(&(entry.name.as_str().to_lowercase(), year)));
        let certain = same.and_then(|places| match entry.unit {
            Some(_) => places.get(&entry.unit).or_else(|| places.get(&None)),
            None => places.values().min(),
        });
        if let Some(of) = certain {
            return Some(Duplicate { of: *of, certainty: Certainty::Certain });
        }
        let years = self.folded.get(&entry.name.folded())?;
        let likely = match entry.birth_year {
            Some(_) => years.get(&entry.birth_year).or_else(|| years.get(&None)),
            None => years.values().min(),
        };
        likely.map(|of| Duplicate { of: *of, certainty: Certainty::Likely })
    }

    /// The first one of a kind stands for all of it.
    fn remember(&mut self, name: &DisplayName, year: Option<BirthYear>, unit: Option<UnitCode>, who: DuplicateOf) {
        if let Some(year) = year {
            self.exact.entry((name.as_str().to_lowercase(), year)).or_default().entry(unit).or_insert(who);
        }
        self.folded.entry(name.folded()).or_default().entry(year).or_insert(who);
    }
}
