//! What somebody did on which day, as far as something lasting follows from it: mastery, review, and what they knew before.

use crate::content::{LessonId, SkillId};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Clean passes on so many different days make a skill firm.
pub const FIRM_DAYS: usize = 2;

/// A kind of deed and what it is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Deed {
    /// The questions of a lesson that teaches this skill were passed.
    PassedQuestions(SkillId),
    /// A simulator or drill of this skill was passed alone.
    PassedAlone(SkillId),
    /// The same before a trainer's eyes; it stands apart, so that what was seen is never mixed with what is said.
    SeenAlone(SkillId),
    /// Passed alone without a single mistake.
    PassedCleanly(SkillId),
    /// A booster of this lesson was passed.
    ReviewPassed(LessonId),
    ReviewFailed(LessonId),
    /// "Where do I begin" was answered.
    Placed,
    /// The answers of that day say that this lesson can be skipped.
    Known(LessonId),
}

impl Deed {
    /// The stable name of the kind, as stored.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::PassedQuestions(_) => "questions",
            Self::PassedAlone(_) => "alone",
            Self::SeenAlone(_) => "seen_alone",
            Self::PassedCleanly(_) => "clean",
            Self::ReviewPassed(_) => "review_passed",
            Self::ReviewFailed(_) => "review_failed",
            Self::Placed => "placed",
            Self::Known(_) => "known",
        }
    }

    /// The skill or lesson; empty where there is none.
    pub fn about(&self) -> &str {
        match self {
            Self::PassedQuestions(skill)
            | Self::PassedAlone(skill)
            | Self::SeenAlone(skill)
            | Self::PassedCleanly(skill) => skill.as_str(),
            Self::ReviewPassed(lesson) | Self::ReviewFailed(lesson) | Self::Known(lesson) => lesson.as_str(),
            Self::Placed => "",
        }
    }

    /// From what [`Self::kind`] and [`Self::about`] gave.
    pub fn parse(kind: &str, about: &str) -> Option<Self> {
        let (skill, lesson) = (about.parse().ok(), about.parse().ok());
        match kind {
            "questions" => skill.map(Self::PassedQuestions),
            "alone" => skill.map(Self::PassedAlone),
            "seen_alone" => skill.map(Self::SeenAlone),
            "clean" => skill.map(Self::PassedCleanly),
            "review_passed" => lesson.map(Self::ReviewPassed),
            "review_failed" => lesson.map(Self::ReviewFailed),
            "placed" => about.is_empty().then_some(Self::Placed),
            "known" => lesson.map(Self::Known),
            _ => None,
        }
    }

    /// How many days of it say everything: the first ones are kept. `None`: each says something.
    fn days_kept(&self) -> Option<usize> {
        match self {
            Self::PassedQuestions(_) | Self::PassedAlone(_) | Self::SeenAlone(_) => Some(1),
            Self::PassedCleanly(_) => Some(FIRM_DAYS),
            Self::ReviewPassed(_) | Self::ReviewFailed(_) | Self::Placed | Self::Known(_) => None,
        }
    }
}

/// The deeds of one learner with their days in Việt Nam. Noting them in any order gives the same.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Deeds(BTreeMap<Deed, BTreeSet<NaiveDate>>);

impl Deeds {
    pub fn note(&mut self, deed: Deed, day: NaiveDate) {
        let kept = deed.days_kept();
        let days = self.0.entry(deed).or_default();
        days.insert(day);
        if kept.is_some_and(|kept| days.len() > kept) {
            days.pop_last();
        }
    }

    /// Every deed with every day that is kept of it.
    pub fn iter(&self) -> impl Iterator<Item = (&Deed, NaiveDate)> {
        self.0.iter().flat_map(|(deed, days)| days.iter().map(move |day| (deed, *day)))
    }

    fn days(&self, deed: &Deed) -> impl DoubleEndedIterator<Item = NaiveDate> + use<'_> {
        self.0.get(deed).into_iter().flatten().copied()
    }

    /// The day from which a skill counts as practised, whoever says so: a simulator or drill passed alone, and the questions of a
    /// lesson that teaches it. `None` while one of them is missing.
    pub fn practised_on(&self, skill: &SkillId) -> Option<NaiveDate> {
        let (said, seen) = (self.practised_by_self_on(skill), self.practised_seen_on(skill));
        said.into_iter().chain(seen).min()
    }

    /// The same by what nobody saw.
    pub fn practised_by_self_on(&self, skill: &SkillId) -> Option<NaiveDate> {
        self.with_questions(skill, &Deed::PassedAlone(skill.clone()))
    }

    /// The same by what a trainer saw: the pass alone. Questions say nothing about who helped, whoever sees them answered.
    pub fn practised_seen_on(&self, skill: &SkillId) -> Option<NaiveDate> {
        self.with_questions(skill, &Deed::SeenAlone(skill.clone()))
    }

    fn with_questions(&self, skill: &SkillId, alone: &Deed) -> Option<NaiveDate> {
        let questions = self.days(&Deed::PassedQuestions(skill.clone())).next();
        Some(self.days(alone).next()?.max(questions?))
    }

    /// Whether a practised skill has become firm: clean passes on two different days. One day's run of luck, or of help that
    /// nobody tells of, does not last until another day (spaced retrieval: Cepeda et al., Psychological Bulletin 132, 2006).
    pub fn is_firm(&self, skill: &SkillId) -> bool {
        self.practised_on(skill).is_some() && self.days(&Deed::PassedCleanly(skill.clone())).count() >= FIRM_DAYS
    }

    /// The boosters of a lesson by day. Of several on one day the passed one counts: somebody tried again.
    pub fn reviews(&self, lesson: &LessonId) -> BTreeMap<NaiveDate, bool> {
        let failed = self.days(&Deed::ReviewFailed(lesson.clone())).map(|day| (day, false));
        failed.chain(self.days(&Deed::ReviewPassed(lesson.clone())).map(|day| (day, true))).collect()
    }

    /// The lessons that can be skipped, by the last time that was asked.
    pub fn known(&self) -> BTreeSet<LessonId> {
        let Some(last) = self.days(&Deed::Placed).next_back() else { return BTreeSet::new() };
        let known = self.0.iter().filter(|(_, days)| days.contains(&last));
        known.filter_map(|(deed, _)| if let Deed::Known(lesson) = deed { Some(lesson.clone()) } else { None }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, number).unwrap_or_default()
    }

    fn skill() -> SkillId {
        "chuyen-tien".parse().unwrap_or_else(|_| unreachable!())
    }

    fn lesson(slug: &str) -> LessonId {
        LessonId::new("a", slug).unwrap_or_else(|_| unreachable!())
    }

    fn of(list: &[(Deed, u32)]) -> Deeds {
        let mut deeds = Deeds::default();
        list.iter().for_each(|(deed, number)| deeds.note(deed.clone(), day(*number)));
        deeds
    }

    #[test]
    fn practised_needs_questions_and_a_pass_alone() {
        use Deed::{PassedAlone, PassedCleanly, PassedQuestions};
        let (questions, alone, clean) = (PassedQuestions(skill()), PassedAlone(skill()), PassedCleanly(skill()));
        type Case<'a> = (&'a [(Deed, u32)], Option<u32>, bool);
        let cases: [Case<'_>; 7] = [
            (&[], None, false),
            (&[(questions.clone(), 3)], None, false),
            (&[(alone.clone(), 3)], None, false),
            (&[(alone.clone(), 9), (alone.clone(), 3), (questions.clone(), 5)], Some(5), false),
            (&[(questions.clone(), 1), (alone.clone(), 3), (clean.clone(), 3), (clean.clone(), 3)], Some(3), false),
            (&[(questions.clone(), 1), (alone.clone(), 3), (clean.clone(), 3), (clean.clone(), 4)], Some(3), true),
            (&[(clean.clone(), 3), (clean.clone(), 4)], None, false),
        ];
        for (list, practised, firm) in cases {
            let deeds = of(list);
            assert_eq!(deeds.practised_on(&skill()), practised.map(day), "{list:?}");
            assert_eq!(deeds.is_firm(&skill()), firm, "{list:?}");
        }
    }

    #[test]
    fn the_last_answer_says_what_is_known() {
        let known = |slug| Deed::Known(lesson(slug));
        let deeds = of(&[(Deed::Placed, 1), (known("x"), 1), (known("y"), 1), (Deed::Placed, 5), (known("x"), 5)]);
        assert_eq!(deeds.known(), [lesson("x")].into());
        assert_eq!(of(&[(Deed::Placed, 1), (known("x"), 1), (Deed::Placed, 2)]).known(), BTreeSet::new());
    }

    #[test]
    fn deeds_are_stored_as_words() {
        use Deed::{Known, PassedAlone, PassedCleanly, PassedQuestions, Placed, ReviewFailed, ReviewPassed};
        let (skill, lesson) = (skill(), lesson("x"));
        let all = [
            PassedQuestions(skill.clone()),
            PassedAlone(skill.clone()),
            PassedCleanly(skill),
            ReviewPassed(lesson.clone()),
            ReviewFailed(lesson.clone()),
            Placed,
            Known(lesson),
        ];
        for deed in all {
            assert_eq!(Deed::parse(deed.kind(), deed.about()), Some(deed));
        }
        assert_eq!(Deed::parse("known", "no-lesson"), None);
        assert_eq!(Deed::parse("other", "a/b"), None);
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_does_not_matter(
            list in proptest::collection::vec((0..4usize, 1..9u32), 0..20),
            seed in any::<u64>(),
        ) {
            let kinds = [
                Deed::PassedAlone(skill()), Deed::PassedCleanly(skill()), Deed::Placed, Deed::Known(lesson("x")),
            ];
            let list: Vec<(Deed, u32)> = list.into_iter().map(|(kind, day)| (kinds[kind].clone(), day)).collect();
            let mut other = list.clone();
            other.sort_by_key(|(_, day)| u64::from(*day).wrapping_mul(seed | 1) % 97);
            prop_assert_eq!(of(&list), of(&other));
        }
    }
}
