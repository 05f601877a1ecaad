//! The figures of a release: which tables are published, and how they come from the cubes.

use super::{
    LessonState, Step, Witness,
    protect::{Counted, PublicCount},
};
use crate::{
    accounts::{AgeBand, EthnicGroup, Sex, named_values},
    content::{LessonId, TrackId},
    places::{Unit, UnitCode, UnitKind},
};
use std::collections::BTreeMap;

named_values! {
    /// Kinds of places that are compared: wards against communes, those at the border with Laos against the others.
    Zone { Urban = "urban", Rural = "rural", Border = "border", Inland = "inland" }
}

impl Zone {
    pub fn holds(self, unit: &Unit) -> bool {
        match self {
            Self::Urban => unit.kind == UnitKind::Ward,
            Self::Rural => unit.kind == UnitKind::Commune,
            Self::Border => unit.border,
            Self::Inland => !unit.border,
        }
    }
}

/// Whom a figure of the ladder counts: adults (15 and over) of a place, or of the province by sex or age. Children are counted
/// only as an age band of their own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Part {
    Province,
    Zone(Zone),
    Sex(Sex),
    Age(AgeBand),
    Unit(UnitCode),
}

impl Part {
    /// The name of the breakdown, and which part of it, as files carry them.
    pub fn names(&self) -> (&'static str, &str) {
        match self {
            Self::Province => ("province", ""),
            Self::Zone(zone) => ("zone", zone.as_str()),
            Self::Sex(sex) => ("sex", sex.as_str()),
            Self::Age(age) => ("age", age.as_str()),
            Self::Unit(unit) => ("unit", unit.as_str()),
        }
    }

    pub fn parse(breakdown: &str, part: &str) -> Option<Self> {
        match breakdown {
            "province" if part.is_empty() => Some(Self::Province),
            "zone" => Zone::parse(part).map(Self::Zone),
            "sex" => Sex::parse(part).map(Self::Sex),
            "age" => AgeBand::parse(part).map(Self::Age),
            "unit" => part.parse().ok().map(Self::Unit),
            _ => None,
        }
    }
}

/// What one published count is about. All are people up to the end of the release's month, each once.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Figure {
    /// Who has reached a step of the ladder in any skill of a track (`None`: of any track), by whose word.
    Ladder { track: Option<TrackId>, step: Step, witness: Witness, part: Part },
    /// The same of the province by ethnic group, of those who stated one (`None`: all who did), by anybody's word, of any age.
    Ethnic { track: Option<TrackId>, step: Step, group: Option<EthnicGroup> },
    /// Who has begun or finished a lesson, in the province, of any age.
    Lesson { lesson: LessonId, state: LessonState },
}

/// A figure in words, as files carry it: table, track, step or state, witness, breakdown, part.
pub type FigureNames = [String; 6];

impl Figure {
    pub fn names(&self) -> FigureNames {
        let any = |track: &Option<TrackId>| track.as_ref().map_or("any", |track| track.as_str()).to_owned();
        match self {
            Self::Ladder { track, step, witness, part } => {
                let (breakdown, of) = part.names();
                ["ladder", &any(track), step.as_str(), witness.as_str(), breakdown, of].map(str::to_owned)
            }
            Self::Ethnic { track, step, group } => {
                let of = group.map_or("stated", EthnicGroup::as_str);
                ["ethnic", &any(track), step.as_str(), "any", "ethnic_group", of].map(str::to_owned)
            }
            Self::Lesson { lesson, state } => {
                ["lesson", lesson.track(), state.as_str(), "any", "lesson", lesson.as_str()].map(str::to_owned)
            }
        }
    }

    pub fn parse(names: &[String; 6]) -> Option<Self> {
        let [table, track, step, witness, breakdown, of] = names.each_ref().map(String::as_str);
        let track = if track == "any" { None } else { Some(track.parse().ok()?) };
        match (table, breakdown) {
            ("ladder", _) => {
                let (step, witness) = (Step::parse(step)?, Witness::parse(witness)?);
                Some(Self::Ladder { track, step, witness, part: Part::parse(breakdown, of)? })
            }
            ("ethnic", "ethnic_group") => {
                let group = if of == "stated" { None } else { Some(EthnicGroup::parse(of)?) };
                Some(Self::Ethnic { track, step: Step::parse(step)?, group })
            }
            ("lesson", "lesson") => Some(Self::Lesson { lesson: of.parse().ok()?, state: LessonState::parse(step)? }),
            _ => None,
        }
    }
}

/// One group of equal cells of the cubes, summed over months: what [`Counts::add`] takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sum {
    /// Of adults: unit, track, step, witness.
    Unit(UnitCode, Option<TrackId>, Step, Witness),
    /// Of the province: track, step, witness, sex, age band.
    Person(Option<TrackId>, Step, Witness, Sex, AgeBand),
    Ethnic(Option<TrackId>, Step, EthnicGroup),
    Lesson(LessonId, LessonState),
}

/// True counts of all figures that are not zero.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Counts(pub BTreeMap<Figure, Counted>);

impl Counts {
    /// Adds people to every figure they belong to. `units`: those of the month.
    pub fn add(&mut self, sum: &Sum, counted: Counted, units: &[Unit]) {
        if counted.people == 0 {
            return;
        }
        let mut add = |figure: Figure| *self.0.entry(figure).or_default() += counted;
        match sum {
            Sum::Unit(code, track, step, witness) => {
                let mut part =
                    |part| add(Figure::Ladder { track: track.clone(), step: *step, witness: *witness, part });
                part(Part::Province);
                part(Part::Unit(*code));
                if let Some(unit) = units.iter().find(|unit| unit.code == *code) {
                    Zone::ALL.iter().filter(|zone| zone.holds(unit)).for_each(|zone| part(Part::Zone(*zone)));
                }
            }
            Sum::Person(track, step, witness, sex, age) => {
                let mut part =
                    |part| add(Figure::Ladder { track: track.clone(), step: *step, witness: *witness, part });
                part(Part::Age(*age));
                if age.is_adult() {
                    part(Part::Sex(*sex));
                }
            }
            Sum::Ethnic(track, step, group) => {
                add(Figure::Ethnic { track: track.clone(), step: *step, group: Some(*group) });
                add(Figure::Ethnic { track: track.clone(), step: *step, group: None });
            }
            Sum::Lesson(lesson, state) => add(Figure::Lesson { lesson: lesson.clone(), state: *state }),
        }
    }

    pub fn people(&self, figure: &Figure) -> u64 {
        self.0.get(figure).map_or(0, |counted| counted.people)
    }
}

/// Published counts; what is not in it is zero.
pub type Published = BTreeMap<Figure, PublicCount>;

/// What was published of a figure.
pub fn shown(published: &Published, figure: &Figure) -> PublicCount {
    published.get(figure).copied().unwrap_or(PublicCount::Zero)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_can_be_read_again() {
        let track: Option<TrackId> = "thanh-toan".parse().ok();
        let lesson: LessonId = "thanh-toan/vi-dien-tu".parse().unwrap_or_else(|_| unreachable!());
        let unit: UnitCode = "03646".parse().unwrap_or_else(|_| unreachable!());
        let parts = [
            Part::Province,
            Part::Zone(Zone::Border),
            Part::Sex(Sex::Male),
            Part::Age(AgeBand::From65),
            Part::Unit(unit),
        ];
        let ladder =
            parts.map(|part| Figure::Ladder { track: track.clone(), step: Step::Heard, witness: Witness::Self_, part });
        let others = [
            Figure::Ethnic { track: None, step: Step::Taught, group: None },
            Figure::Ethnic { track, step: Step::Taught, group: Some(EthnicGroup::Mong) },
            Figure::Lesson { lesson, state: LessonState::Started },
        ];
        for figure in ladder.into_iter().chain(others) {
            assert_eq!(Figure::parse(&figure.names()), Some(figure));
        }
        assert_eq!(Figure::parse(&["ladder", "any", "heard", "self", "unit", "3646"].map(str::to_owned)), None);
    }
}
