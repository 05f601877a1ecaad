//! What a phone sends: events, in batches, as often as it likes; each is counted once.

use crate::{
    accounts::{Consent, EthnicGroup, LearnerId, Profile, ProfileFault, check_profile},
    content::{LessonId, Marking, TrackId, Version},
    coverage::{LessonState, Person, Standing, Step, Witness},
    learn::{Attempt, AttemptFault, Tried, mark_attempt},
    time::{DAY_MS, Millis, Month},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The wire format; it outlives releases, because a phone may send what it kept for months.
pub const FORMAT: u16 = 1;
/// Events of one batch: fifty finished lessons fit 64 KB, and one transaction stays short.
pub const BATCH_EVENTS_MAX: usize = 50;
/// Bytes of one batch.
pub const BATCH_BYTES_MAX: usize = 64 * 1024;
/// Moments a phone may claim: from 1970 (a clock that lost its battery) to 2100. Anything else is no clock.
pub const AT_MIN: Millis = 0;
pub const AT_MAX: Millis = 4_102_444_800_000;
/// How long an event may have waited on a phone and still be counted in the month it says.
pub const LATE_DAYS_MAX: Millis = 60;

/// Something that happened, with the phone's own time and running number.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Made by the phone; sending it again changes nothing.
    pub id: Uuid,
    pub at: Millis,
    /// Counts up on the phone: tells the order where its clock lies.
    pub no: u32,
    pub what: What,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum What {
    /// A learner agrees to be counted. Comes first; the bearer's secret becomes theirs.
    Registered {
        profile: Profile,
        consent: Consent,
        made_at: Millis,
    },
    /// Moved house, or corrected what was told.
    ProfileChanged {
        profile: Profile,
        guardian: bool,
    },
    /// Agreed to and stated apart; `None` takes it back.
    EthnicGroupStated {
        ethnic_group: Option<EthnicGroup>,
    },
    LessonStarted {
        lesson: LessonId,
        version: Version,
    },
    /// With every answer: the server marks it itself.
    LessonFinished {
        lesson: LessonId,
        version: Version,
        answers: Vec<Tried>,
    },
}

impl What {
    /// The stable name of the kind, as on the wire.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Registered { .. } => "registered",
            Self::ProfileChanged { .. } => "profile_changed",
            Self::EthnicGroupStated { .. } => "ethnic_group_stated",
            Self::LessonStarted { .. } => "lesson_started",
            Self::LessonFinished { .. } => "lesson_finished",
        }
    }

    /// The content it was done with.
    pub fn content(&self) -> Option<(&LessonId, &Version)> {
        match self {
            Self::LessonStarted { lesson, version } | Self::LessonFinished { lesson, version, .. } => {
                Some((lesson, version))
            }
            _ => None,
        }
    }
}

/// A batch as it is sent; each event is read on its own, so that a bad one does not hold up the rest.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch<E = Event> {
    pub format: u16,
    pub learner: LearnerId,
    pub events: Vec<E>,
}

/// What became of one event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// New, and kept after COMMIT. Kept too, but not yet counted: one whose content version this server does not know.
    Stored,
    /// Had it already.
    Known,
    Refused(Refusal),
}

crate::accounts::named_values! {
    /// Why an event is not taken. Sending it again will not help.
    Refusal {
        Malformed = "malformed",
        AbsurdTime = "absurd_time",
        UnknownUnit = "unknown_unit",
        BirthYear = "birth_year",
        Guardian = "guardian_missing",
        ConsentVersion = "consent_version",
        NotRegistered = "not_registered",
        AlreadyRegistered = "already_registered",
        Erased = "erased",
        UnknownLesson = "unknown_lesson",
        AnswersMissing = "answers_missing",
        AnswersWrongShape = "answers_wrong_shape",
    }
}

impl From<ProfileFault> for Refusal {
    fn from(fault: ProfileFault) -> Self {
        match fault {
            ProfileFault::UnknownUnit => Self::UnknownUnit,
            ProfileFault::BirthYear => Self::BirthYear,
            ProfileFault::Guardian => Self::Guardian,
            ProfileFault::ConsentVersion => Self::ConsentVersion,
        }
    }
}

impl From<AttemptFault> for Refusal {
    fn from(fault: AttemptFault) -> Self {
        match fault {
            AttemptFault::Unanswered(_) => Self::AnswersMissing,
            AttemptFault::NoSuchQuestion(_) | AttemptFault::NotAnAnswer(_) | AttemptFault::TooManyTries(_) => {
                Self::AnswersWrongShape
            }
        }
    }
}

/// What the events of one learner add up to. Applying them in any order gives the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    pub person: Person,
    /// Running number of the event that the profile came from: a later one wins, whenever it arrives.
    pub profile_no: u32,
    /// The same for the ethnic group; 0 when it was never stated.
    pub ethnic_no: u32,
}

/// What is known around an event when it is applied.
pub struct Around<'a> {
    /// The month the event counts in.
    pub month: Month,
    /// The year of receiving, for ages.
    pub this_year: i32,
    /// Whether a unit exists today.
    pub unit_known: &'a (dyn Fn(crate::places::UnitCode) -> bool + Sync),
    /// How to mark the version that the event names; `None` when this server does not know it (it is then set aside).
    pub marking: Option<&'a Marking>,
}

/// What applying an event did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Applied {
    Counted,
    /// A lesson was finished, and this is how.
    Marked(Attempt),
    /// The version is not known here: keep the event, count it when the version is.
    SetAside,
}

impl Record {
    /// The record that a registration begins.
    pub fn begin(event: &Event, around: &Around<'_>) -> Result<Self, Refusal> {
        let What::Registered { profile, consent, .. } = &event.what else { return Err(Refusal::NotRegistered) };
        check_profile(profile, *consent, (around.unit_known)(profile.unit), around.this_year)?;
        Ok(Self { person: Person::new(*profile), profile_no: event.no, ethnic_no: 0 })
    }

    /// Applies a later event; a refused one leaves the record as it was.
    pub fn apply(&mut self, event: &Event, around: &Around<'_>) -> Result<Applied, Refusal> {
        match &event.what {
            What::Registered { .. } => return Err(Refusal::AlreadyRegistered),
            What::ProfileChanged { profile, guardian } => {
                let consent = Consent { version: 1, guardian: *guardian };
                check_profile(profile, consent, (around.unit_known)(profile.unit), around.this_year)?;
                if event.no > self.profile_no {
                    self.person.profile = *profile;
                    self.profile_no = event.no;
                }
            }
            What::EthnicGroupStated { ethnic_group } => {
                if event.no > self.ethnic_no {
                    self.person.ethnic_group = *ethnic_group;
                    self.ethnic_no = event.no;
                }
            }
            What::LessonStarted { lesson, .. } => {
                if around.marking.is_none() {
                    return Ok(Applied::SetAside);
                }
                self.person.learn(lesson.clone(), LessonState::Started, around.month);
            }
            What::LessonFinished { lesson, answers, .. } => {
                let Some(marking) = around.marking else { return Ok(Applied::SetAside) };
                let attempt = mark_attempt(marking, answers)?;
                let track: TrackId = lesson.track().parse().map_err(|_| Refusal::UnknownLesson)?;
                // Who finishes has started, even when that event is still on its way.
                self.person.learn(lesson.clone(), LessonState::Started, around.month);
                self.person.learn(lesson.clone(), LessonState::Completed, around.month);
                for skill in &marking.skills {
                    let (track, skill) = (track.clone(), skill.clone());
                    let heard = Standing { track, skill, step: Step::Heard, witness: Witness::Self_ };
                    self.person.reach(heard, around.month);
                }
                return Ok(Applied::Marked(attempt));
            }
        }
        Ok(Applied::Counted)
    }
}

pub fn is_absurd(at: Millis) -> bool {
    !(AT_MIN..=AT_MAX).contains(&at)
}

/// The month an event counts in: the phone's, when its time lies between the profile's making and the receiving and at most
/// [`LATE_DAYS_MAX`] days before it; otherwise the month of receiving (design §3, Time).
pub fn counted_month(at: Millis, profile_made_at: Millis, received_at: Millis) -> Month {
    let believable = (profile_made_at..=received_at).contains(&at) && received_at - at <= LATE_DAYS_MAX * DAY_MS;
    Month::of(if believable { at } else { received_at })
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::{
        accounts::{BirthYear, Sex},
        content::{ChoiceId, QuestionKey, Right},
        learn::Answer,
    };
    use proptest::prelude::*;

    fn marking() -> Marking {
        let choice = ChoiceId::nth(0).unwrap_or_else(|| unreachable!());
        let parsed = || Some(("t/l".parse().ok()?, "0123456789ab".parse().ok()?, "s".parse().ok()?, "q".parse().ok()?));
        let (lesson, version, skill, question) = parsed().unwrap_or_else(|| unreachable!());
        let key = QuestionKey { id: question, choices: 2, right: Right::Single(choice) };
        Marking { lesson, version, skills: vec![skill], pass_percent: 80, questions: vec![key] }
    }

    fn profile(unit: &str, year: i32) -> Profile {
        let unit = unit.parse().unwrap_or_else(|_| panic!("{unit}"));
        Profile { unit, birth_year: BirthYear::stored(year), sex: Sex::Female }
    }

    fn event(no: u32, what: What) -> Event {
        Event { id: Uuid::from_u128(no.into()), at: NOW, no, what }
    }

    fn begun() -> Record {
        let consent = Consent { version: 1, guardian: false };
        let registered = event(1, What::Registered { profile: profile("03646", 1970), consent, made_at: NOW });
        let around = Around { month: Month::of(NOW), this_year: 2026, unit_known: &|_| true, marking: None };
        Record::begin(&registered, &around).unwrap_or_else(|refusal| panic!("{refusal:?}"))
    }

    proptest! {
        /// Events come late, twice and out of order from phones that were off for weeks.
        #[test]
        fn any_order_gives_the_same_record(
            events in proptest::collection::vec((0..5usize, 0..4usize), 1..12)
                .prop_map(|kinds| kinds.into_iter().enumerate().collect::<Vec<_>>())
                .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
        ) {
            let marking = marking();
            let (lesson, version) = (&marking.lesson, &marking.version);
            let build = |events: &[(usize, (usize, usize))]| {
                let mut record = begun();
                for &(at, (kind, value)) in events {
                    let what = match kind {
                        0 => What::ProfileChanged { profile: profile(["03646", "03664"][value % 2], 1980), guardian: false },
                        1 => What::EthnicGroupStated { ethnic_group: EthnicGroup::ALL.get(value).copied() },
                        2 => What::EthnicGroupStated { ethnic_group: None },
                        3 => What::LessonStarted { lesson: lesson.clone(), version: version.clone() },
                        _ => What::LessonFinished {
                            lesson: lesson.clone(),
                            version: version.clone(),
                            answers: vec![Tried {
                                question: marking.questions[0].id.clone(),
                                tries: ChoiceId::nth(value % 2).map(Answer::Single).into_iter().collect(),
                            }],
                        },
                    };
                    let month = (0..value).fold(Month::of(NOW), |month, _| month.previous());
                    let around = Around { month, this_year: 2026, unit_known: &|_| true, marking: Some(&marking) };
                    let applied = record.apply(&event(at as u32 + 2, what), &around);
                    assert!(applied.is_ok(), "{applied:?}");
                }
                record
            };
            prop_assert_eq!(build(&events.0), build(&events.1));
        }
    }

    #[test]
    fn what_is_refused_changes_nothing() {
        let marking = marking();
        let (lesson, version) = (marking.lesson.clone(), marking.version.clone());
        let finished = |answers| What::LessonFinished { lesson: lesson.clone(), version: version.clone(), answers };
        let consent = Consent { version: 1, guardian: false };
        let cases = [
            (finished(vec![]), Err(Refusal::AnswersMissing)),
            (
                finished(vec![Tried { question: marking.questions[0].id.clone(), tries: vec![Answer::Order(vec![])] }]),
                Err(Refusal::AnswersWrongShape),
            ),
            (
                What::Registered { profile: profile("03646", 1970), consent, made_at: NOW },
                Err(Refusal::AlreadyRegistered),
            ),
            (What::ProfileChanged { profile: profile("99999", 1970), guardian: false }, Err(Refusal::UnknownUnit)),
            (What::ProfileChanged { profile: profile("03646", 2015), guardian: false }, Err(Refusal::Guardian)),
        ];
        for (what, expected) in cases {
            let known = |unit: crate::places::UnitCode| unit.as_str() != "99999";
            let around = Around { month: Month::of(NOW), this_year: 2026, unit_known: &known, marking: Some(&marking) };
            let mut record = begun();
            assert_eq!(record.apply(&event(2, what.clone()), &around), expected, "{what:?}");
            assert_eq!(record, begun(), "{what:?}");
        }
        let unknown = Around { month: Month::of(NOW), this_year: 2026, unit_known: &|_| true, marking: None };
        let mut record = begun();
        assert_eq!(record.apply(&event(2, finished(vec![])), &unknown), Ok(Applied::SetAside));
        assert_eq!(record, begun());
    }

    /// 2026-11-23T00:00:00Z
    const NOW: Millis = 1_795_392_000_000;

    #[test]
    fn clocks_lie_and_the_month_stays_true() {
        let made = NOW - 100 * DAY_MS;
        let cases = [
            ("on time", NOW, made, "2026-11"),
            ("yesterday's", NOW - DAY_MS, made, "2026-11"),
            ("last month's", NOW - 30 * DAY_MS, made, "2026-10"),
            ("sixty days late", NOW - 60 * DAY_MS, made, "2026-09"),
            ("a moment later than that", NOW - 60 * DAY_MS - 1, made, "2026-11"),
            ("years ahead", NOW + 2_000 * DAY_MS, made, "2026-11"),
            ("a second ahead", NOW + 1_000, made, "2026-11"),
            ("years behind", NOW - 3_000 * DAY_MS, made, "2026-11"),
            ("clock of 1970", 0, made, "2026-11"),
            ("before the profile was made", NOW - 30 * DAY_MS, NOW - 29 * DAY_MS, "2026-11"),
            ("profile made by a clock ahead of ours", NOW - 30 * DAY_MS, NOW + DAY_MS, "2026-11"),
        ];
        for (what, at, made, month) in cases {
            assert_eq!(counted_month(at, made, NOW).to_string(), month, "{what}");
        }
    }

    #[test]
    fn a_clock_set_back_in_the_middle_of_a_session_counts_by_receiving() {
        let made = NOW - DAY_MS;
        let before = counted_month(NOW - 1_000, made, NOW);
        let after_set_back = counted_month(NOW - 700 * DAY_MS, made, NOW);
        assert_eq!(before, after_set_back);
    }

    #[test]
    fn absurd_is_what_no_clock_shows() {
        for (at, absurd) in [(-1, true), (0, false), (NOW, false), (AT_MAX, false), (AT_MAX + 1, true)] {
            assert_eq!(is_absurd(at), absurd, "{at}");
        }
    }

    #[test]
    fn the_wire_format_stays() {
        let json = r#"{"id":"00000000-0000-7000-8000-000000000001","at":5,"no":2,"what":{"lesson_finished":{"lesson":"t/l","version":"0123456789ab","answers":[{"question":"q","tries":[{"single":"a"},{"multiple":["a","b"]},{"order":["b","a"]},{"truth":{"verdict":true,"reason":"c"}}]}]}}}"#;
        let event: Event = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(serde_json::to_string(&event).ok().as_deref(), Some(json));
        let registered = r#"{"id":"00000000-0000-7000-8000-000000000001","at":5,"no":1,"what":{"registered":{"profile":{"unit":"03646","birth_year":1970,"sex":"female"},"consent":{"version":1,"guardian":false},"made_at":4}}}"#;
        let event: Event = serde_json::from_str(registered).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(serde_json::to_string(&event).ok().as_deref(), Some(registered));
        for bad in [
            json.replace("\"no\":2", "\"no\":2,\"score\":5"),
            json.replace("\"lesson\":\"t/l\"", "\"lesson\":\"t/l\",\"passed\":true"),
            json.replace("lesson_finished", "lesson_passed"),
            json.replace("\"at\":5", "\"at\":\"5\""),
            registered.replace("1970", "1970,\"phone\":\"0\""),
        ] {
            assert!(serde_json::from_str::<Event>(&bad).is_err(), "{bad}");
        }
    }
}
