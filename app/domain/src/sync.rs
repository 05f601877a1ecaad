//! What a phone sends: events, in batches, as often as it likes; each is counted once.

use crate::{
    accounts::{Consent, EthnicGroup, LearnerId, Profile, ProfileFault},
    content::{LessonId, Version},
    learn::{AttemptFault, Tried},
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
    Registered { profile: Profile, consent: Consent, made_at: Millis },
    /// Moved house, or corrected what was told.
    ProfileChanged { profile: Profile, guardian: bool },
    /// Agreed to and stated apart; `None` takes it back.
    EthnicGroupStated { ethnic_group: Option<EthnicGroup> },
    LessonStarted { lesson: LessonId, version: Version },
    /// With every answer: the server marks it itself.
    LessonFinished { lesson: LessonId, version: Version, answers: Vec<Tried> },
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
