//! The ladder of skill, the cubes of people, and what of them may be public.

pub mod figures;
pub mod protect;
pub mod release;
pub mod series;

pub use figures::{Counts, Figure, Part, Published, Sum, Zone, shown};
pub use protect::{Counted, PUBLIC_DENOMINATOR_MIN, PUBLIC_MIN, Perturbation, PublicCount, RecordKey};
pub use release::{Head, Place, Receipt, Release, Way};

use crate::{
    accounts::{AgeBand, EthnicGroup, Profile, Sex, named_values},
    content::{LessonId, SkillId, TrackId},
    learn::Deeds,
    places::UnitCode,
    time::Month,
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

named_values! {
    /// The steps of a skill: independent facts, never added together.
    Step {
        Heard = "heard", PractisedWithHelp = "practised_with_help", Practised = "practised",
        DidWithHelp = "did_with_help", DoesAlone = "does_alone", Taught = "taught",
    }
}

named_values! {
    /// Who says so.
    Witness { Self_ = "self", Trainer = "trainer" }
}

named_values! {
    /// How far somebody is with a lesson.
    LessonState { Started = "started", Completed = "completed" }
}

/// Step of a skill that a learner has reached, and the first month.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Standing {
    pub track: TrackId,
    pub skill: SkillId,
    pub step: Step,
    pub witness: Witness,
}

/// All that counting needs to know about one learner.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    pub profile: Profile,
    /// Secret: what blurs the published counts that this person is in.
    pub key: RecordKey,
    pub ethnic_group: Option<EthnicGroup>,
    /// Each with the month it was first reached.
    pub standings: BTreeMap<Standing, Month>,
    /// Each with the first day.
    pub lessons: BTreeMap<(LessonId, LessonState), NaiveDate>,
    pub deeds: Deeds,
}

impl Person {
    pub fn new(profile: Profile) -> Self {
        let (standings, lessons, deeds) = Default::default();
        Self { profile, key: 0, ethnic_group: None, standings, lessons, deeds }
    }

    /// Notes that a step was reached in `month`; an earlier month wins, so the order of arrival does not matter.
    pub fn reach(&mut self, standing: Standing, month: Month) {
        let first = self.standings.entry(standing).or_insert(month);
        *first = month.min(*first);
    }

    /// The same for a lesson.
    pub fn learn(&mut self, lesson: LessonId, state: LessonState, day: NaiveDate) {
        let first = self.lessons.entry((lesson, state)).or_insert(day);
        *first = day.min(*first);
    }
}

impl Person {
    /// Takes in what another record of the same person says: what both did counts once, on the earlier day.
    pub fn join(&mut self, other: &Self) {
        other.standings.iter().for_each(|(standing, month)| self.reach(standing.clone(), *month));
        other.lessons.iter().for_each(|((lesson, state), day)| self.learn(lesson.clone(), *state, *day));
        other.deeds.iter().for_each(|(deed, day)| self.deeds.note(deed.clone(), day));
        // Questions passed here and a simulator there are a skill practised.
        let heard: Vec<Standing> = self.standings.keys().filter(|of| of.step == Step::Heard).cloned().collect();
        for standing in heard {
            for witness in [Witness::Self_, Witness::Trainer] {
                if let Some(day) = practised_on(&self.deeds, &standing.skill, witness) {
                    self.reach(Standing { step: Step::Practised, witness, ..standing.clone() }, Month::of_day(day));
                }
            }
        }
    }
}

/// The day from which a skill counts as practised by what this witness says.
pub fn practised_on(deeds: &Deeds, skill: &SkillId, witness: Witness) -> Option<NaiveDate> {
    match witness {
        Witness::Self_ => deeds.practised_by_self_on(skill),
        Witness::Trainer => deeds.practised_seen_on(skill),
    }
}

/// One cell of one cube. A person is counted in a cell at most once; `None` for track, skill or lesson is the "any" row,
/// which cannot be had by adding because people may be in several.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Cell {
    /// unit × track × step × witness × sex × age band × month
    People {
        unit: UnitCode,
        track: Option<TrackId>,
        step: Step,
        witness: Witness,
        sex: Sex,
        age_band: AgeBand,
        month: Month,
    },
    /// unit × skill × step × witness × month
    Skill { unit: UnitCode, skill: Option<SkillId>, step: Step, witness: Witness, month: Month },
    /// unit × track × step × ethnic group × month; of those who stated it
    Ethnic { unit: UnitCode, track: Option<TrackId>, step: Step, ethnic_group: EthnicGroup, month: Month },
    /// unit × lesson × started/completed × month
    Lesson { unit: UnitCode, lesson: Option<LessonId>, state: LessonState, month: Month },
}

/// The cells one person is counted in. Every tally is the sum of these over all people: the log of events gives the
/// person, the person gives the cells, and a change moves the difference.
///
/// `unit`: where the person lives by today's boundaries.
pub fn cells_of(person: &Person, unit: UnitCode) -> BTreeSet<Cell> {
    let Profile { birth_year, sex, .. } = person.profile;
    let mut people: BTreeMap<(Option<&TrackId>, Step, Witness), Month> = BTreeMap::new();
    let mut skills: BTreeMap<(Option<&SkillId>, Step, Witness), Month> = BTreeMap::new();
    let mut ethnic: BTreeMap<(Option<&TrackId>, Step), Month> = BTreeMap::new();
    let mut lessons: BTreeMap<(Option<&LessonId>, LessonState), Month> = BTreeMap::new();
    for (Standing { track, skill, step, witness }, &month) in &person.standings {
        for track in [Some(track), None] {
            earliest(&mut people, (track, *step, *witness), month);
            earliest(&mut ethnic, (track, *step), month);
        }
        for skill in [Some(skill), None] {
            earliest(&mut skills, (skill, *step, *witness), month);
        }
    }
    for ((lesson, state), &day) in &person.lessons {
        for lesson in [Some(lesson), None] {
            earliest(&mut lessons, (lesson, *state), Month::of_day(day));
        }
    }
    let people = people.into_iter().map(|((track, step, witness), month)| {
        let age_band = AgeBand::of(birth_year, month);
        Cell::People { unit, track: track.cloned(), step, witness, sex, age_band, month }
    });
    let skills = skills.into_iter().map(|((skill, step, witness), month)| Cell::Skill {
        unit,
        skill: skill.cloned(),
        step,
        witness,
        month,
    });
    let ethnic = person.ethnic_group.into_iter().flat_map(|ethnic_group| {
        ethnic.iter().map(move |(&(track, step), &month)| Cell::Ethnic {
            unit,
            track: track.cloned(),
            step,
            ethnic_group,
            month,
        })
    });
    let lessons = lessons.into_iter().map(|((lesson, state), month)| Cell::Lesson {
        unit,
        lesson: lesson.cloned(),
        state,
        month,
    });
    people.chain(skills).chain(ethnic).chain(lessons).collect()
}

fn earliest<K: Ord>(months: &mut BTreeMap<K, Month>, key: K, month: Month) {
    let first = months.entry(key).or_insert(month);
    *first = month.min(*first);
}

/// An official target, shown beside the figures as context and never drawn against learning.
#[derive(Clone, PartialEq, Debug)]
pub struct Target {
    pub name_vi: String,
    pub name_en: String,
    pub year: u16,
    pub percent: String,
    pub geography: String,
    pub document: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::BirthYear;
    use proptest::prelude::*;

    fn month(number: i32) -> Month {
        Month::from_number(number).unwrap_or_else(|| panic!("{number}"))
    }

    fn person() -> Person {
        Person::new(Profile {
            unit: "03646".parse().unwrap_or_else(|_| unreachable!()),
            birth_year: BirthYear::stored(1970),
            sex: Sex::Female,
        })
    }

    fn standing(track: &str, skill: &str, step: Step, witness: Witness) -> Standing {
        let parsed = track.parse().ok().zip(skill.parse().ok());
        let (track, skill) = parsed.unwrap_or_else(|| panic!("{track} {skill}"));
        Standing { track, skill, step, witness }
    }

    #[test]
    fn two_skills_of_a_track_are_one_person() {
        let mut person = person();
        person.reach(standing("t", "a", Step::Heard, Witness::Self_), month(202611));
        person.reach(standing("t", "b", Step::Heard, Witness::Self_), month(202610));
        person.reach(standing("u", "c", Step::Heard, Witness::Self_), month(202612));
        let cells = cells_of(&person, person.profile.unit);
        let months = |wanted: Option<&str>| -> Vec<i32> {
            cells
                .iter()
                .filter_map(|cell| match cell {
                    Cell::People { track, month, .. } if track.as_ref().map(TrackId::as_str) == wanted => {
                        Some(month.number())
                    }
                    _ => None,
                })
                .collect()
        };
        assert_eq!(months(Some("t")), [202610], "the first month of any skill");
        assert_eq!(months(Some("u")), [202612]);
        assert_eq!(months(None), [202610], "any track: once");
        assert!(!cells.iter().any(|cell| matches!(cell, Cell::Ethnic { .. })), "nobody's people is guessed");
    }

    #[test]
    fn witnesses_stand_apart_but_a_people_is_one() {
        let mut person = person();
        person.ethnic_group = Some(EthnicGroup::Thai);
        person.reach(standing("t", "a", Step::Heard, Witness::Self_), month(202611));
        person.reach(standing("t", "a", Step::Heard, Witness::Trainer), month(202610));
        let cells = cells_of(&person, person.profile.unit);
        assert_eq!(cells.iter().filter(|cell| matches!(cell, Cell::People { track: Some(_), .. })).count(), 2);
        assert_eq!(cells.iter().filter(|cell| matches!(cell, Cell::Ethnic { track: Some(_), .. })).count(), 1);
    }

    proptest! {
        /// Whatever comes first, the result is the same.
        #[test]
        fn order_of_arrival_does_not_matter(
            facts in proptest::collection::vec((0..3usize, 0..4usize, 0..6usize, 0..2usize, 0..14i32), 0..20)
                .prop_flat_map(|facts| (Just(facts.clone()), Just(facts).prop_shuffle())),
        ) {
            let build = |facts: &[(usize, usize, usize, usize, i32)]| {
                let mut person = person();
                for &(track, skill, step, witness, later) in facts {
                    let what = standing(
                        ["t", "u", "v"][track],
                        &format!("s{track}{skill}"),
                        Step::ALL[step],
                        Witness::ALL[witness],
                    );
                    let at = (0..later).fold(month(202601), |month, _| month.next());
                    person.reach(what, at);
                }
                cells_of(&person, person.profile.unit)
            };
            prop_assert_eq!(build(&facts.0), build(&facts.1));
        }
    }
}
