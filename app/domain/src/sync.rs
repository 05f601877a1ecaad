//! What a phone sends: events, in batches, as often as it likes; each is counted once.

use crate::{
    accounts::{Consent, EthnicGroup, LearnerId, Profile, ProfileFault, check_profile},
    content::{LessonId, Marking, SkillId, TrackId, Version},
    coverage::{LessonState, Person, Standing, Step, Witness, practised_on},
    learn::{Attempt, AttemptFault, Deed, PlacementKey, Placing, Tried, mark_attempt},
    practice::{
        Answers, Book, Drill, DrillFault, DrillScore, Held, Mode, Passed, Rehearsal, Run, RunFault, Trail, rehearse,
    },
    time::{DAY_MS, Millis, Month, day_of},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The rules by which events count; a server whose database was counted by others counts anew. 2: `practised` needs the questions
/// too. 3: cells hold the sum of record keys.
pub const COUNTING: u16 = 3;
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
    /// A trainer saw it, on their own phone: who held it. Taken from trainers alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Held>,
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
    /// A simulator was finished. With its trail: the server replays and scores it itself.
    PracticeFinished {
        lesson: LessonId,
        version: Version,
        /// The rules of the machine that the trail was made with.
        rules: u16,
        mode: Mode,
        held: Held,
        trail: Trail,
    },
    /// A scam drill was finished. The seed gives its cases, the answers are replayed.
    DrillFinished {
        version: Version,
        rules: u16,
        seed: u32,
        held: Held,
        answers: Answers,
    },
    /// A booster of a lesson was answered. Marked by the server as a lesson is.
    ReviewFinished {
        lesson: LessonId,
        version: Version,
        answers: Vec<Tried>,
    },
    /// "Where do I begin" was answered.
    PlacementTaken {
        version: Version,
        answers: Placing,
    },
    /// Somebody says that they have done for real what a lesson teaches.
    DoneForReal {
        lesson: LessonId,
        version: Version,
        how: ForReal,
    },
    /// A trainer saw somebody do what a lesson teaches, away from the trainer's phone.
    Witnessed {
        lesson: LessonId,
        version: Version,
        deed: SeenDeed,
    },
}

crate::accounts::named_values! {
    /// What a trainer saw; who held the phone stands beside it.
    SeenDeed {
        /// Followed the lesson.
        Heard = "heard",
        /// Did its simulator.
        Practised = "practised",
        /// Did it for real.
        Did = "did",
        /// Taught it to somebody.
        Taught = "taught",
    }
}

crate::accounts::named_values! {
    /// How something was done for real, as people say themselves.
    ForReal { WithHelp = "with_help", Alone = "alone", Taught = "taught" }
}

impl ForReal {
    /// The step of the ladder that it is.
    pub fn step(self) -> Step {
        match self {
            Self::WithHelp => Step::DidWithHelp,
            Self::Alone => Step::DoesAlone,
            Self::Taught => Step::Taught,
        }
    }
}

/// The content that an event was done with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs<'a> {
    Lesson(&'a LessonId, &'a Version),
    Practice(&'a LessonId, &'a Version),
    Scams(&'a Version),
    Review(&'a LessonId, &'a Version),
    Placement(&'a Version),
}

/// One version of content as counting needs it; every version ever released is kept.
#[derive(Clone, PartialEq, Debug)]
pub enum Known {
    Lesson(Marking),
    Practice(Rehearsal),
    Scams(Version, Book),
    Review(Marking),
    Placement(PlacementKey),
}

impl Known {
    /// The events that it is needed for.
    pub fn serves(&self) -> Needs<'_> {
        match self {
            Self::Lesson(marking) => Needs::Lesson(&marking.lesson, &marking.version),
            Self::Practice(rehearsal) => Needs::Practice(&rehearsal.lesson, &rehearsal.version),
            Self::Scams(version, _) => Needs::Scams(version),
            Self::Review(marking) => Needs::Review(&marking.lesson, &marking.version),
            Self::Placement(key) => Needs::Placement(&key.version),
        }
    }
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
            Self::PracticeFinished { .. } => "practice_finished",
            Self::DrillFinished { .. } => "drill_finished",
            Self::ReviewFinished { .. } => "review_finished",
            Self::PlacementTaken { .. } => "placement_taken",
            Self::DoneForReal { .. } => "done_for_real",
            Self::Witnessed { .. } => "witnessed",
        }
    }

    /// Whether it is something that was learnt or practised, and says nothing else about the person.
    pub fn is_learning(&self) -> bool {
        self.needs().is_some()
    }

    /// The content it was done with.
    pub fn needs(&self) -> Option<Needs<'_>> {
        match self {
            Self::LessonStarted { lesson, version }
            | Self::LessonFinished { lesson, version, .. }
            | Self::DoneForReal { lesson, version, .. }
            | Self::Witnessed { lesson, version, .. } => Some(Needs::Lesson(lesson, version)),
            Self::ReviewFinished { lesson, version, .. } => Some(Needs::Review(lesson, version)),
            Self::PlacementTaken { version, .. } => Some(Needs::Placement(version)),
            Self::PracticeFinished { lesson, version, .. } => Some(Needs::Practice(lesson, version)),
            Self::DrillFinished { version, .. } => Some(Needs::Scams(version)),
            Self::Registered { .. } | Self::ProfileChanged { .. } | Self::EthnicGroupStated { .. } => None,
        }
    }
}

/// What a phone notes beside an event that it keeps, so that it knows without a network and without consent how far its
/// owner is. It is never sent: the server marks again.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Noted {
    /// Questions were passed.
    pub pass: bool,
    /// Practice was passed alone, and without a single mistake.
    pub alone: bool,
    pub clean: bool,
    /// Skills that it is about.
    pub skills: Vec<SkillId>,
    /// Lessons that can be skipped.
    pub known: Vec<LessonId>,
}

impl Noted {
    pub fn answered(marking: &Marking, answers: &[Tried]) -> Self {
        let pass = mark_attempt(marking, answers).is_ok_and(Attempt::is_pass);
        Self { pass, skills: marking.skills.clone(), ..Self::default() }
    }

    pub fn practised(pass: Option<Pass>, skills: Vec<SkillId>) -> Self {
        let (alone, clean) = match pass {
            Some(Pass::Alone { clean }) => (true, clean),
            Some(Pass::WithHelp) | None => (false, false),
        };
        Self { alone, clean, skills, ..Self::default() }
    }
}

/// An event that only the server can read, as a family phone keeps and sends it. `sealed` is `<key id>.<base64url>`; how it is
/// made stands in `server/src/seal.rs`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedEvent {
    pub id: Uuid,
    pub sealed: String,
}

/// What is inside a sealed event: the event without its id, which stands outside and is bound to it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsealed {
    pub at: Millis,
    pub no: u32,
    pub what: What,
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
        TrailImpossible = "trail_impossible",
        Unfinished = "unfinished",
        /// A sealed event that was not sealed for this learner, or was changed on its way.
        SealBroken = "seal_broken",
        /// Sealed to a key that this server no longer has. The phone seals it anew when its owner is back.
        SealRetired = "seal_retired",
        /// With a token that only appends nobody registers, and nobody changes what they told.
        OnlyLearning = "only_learning",
        /// Said to be seen by a trainer, and not sent by one; or sent by one, and not seen.
        NotSeen = "not_seen",
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

/// Why practice is not taken, unless its rules are not known here: then it waits for a program that knows them.
fn refusal_of_run(fault: RunFault) -> Option<Refusal> {
    match fault {
        RunFault::UnknownRules => None,
        RunFault::NotPossible => Some(Refusal::TrailImpossible),
        RunFault::Unfinished => Some(Refusal::Unfinished),
    }
}

fn refusal_of_drill(fault: DrillFault) -> Option<Refusal> {
    match fault {
        DrillFault::UnknownRules => None,
        DrillFault::Unfinished => Some(Refusal::Unfinished),
        DrillFault::TooLong | DrillFault::Unreadable | DrillFault::NotPossible | DrillFault::NoCases => {
            Some(Refusal::TrailImpossible)
        }
    }
}

/// What a simulator or drill that was passed says about its skills.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pass {
    /// A step of its own, whatever was answered to questions.
    WithHelp,
    /// `clean`: without a single mistake.
    Alone { clean: bool },
}

impl Pass {
    /// Alone is only what nobody and nothing helped with; making a mistake on purpose teaches the way back and is no pass.
    pub fn of_run(run: &Run, held: Held) -> Option<Self> {
        match run.passed {
            Passed::WrongRoom => None,
            passed if run.unaided && held == Held::Alone => Some(Self::Alone { clean: passed == Passed::Alone }),
            _ => Some(Self::WithHelp),
        }
    }

    /// The same of a drill: nothing in it is shown beforehand, so only who held the phone matters.
    pub fn of_drill(score: &DrillScore, held: Held) -> Option<Self> {
        let pass = if held == Held::Alone { Self::Alone { clean: score.false_alarms == 0 } } else { Self::WithHelp };
        score.is_pass().then_some(pass)
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
    /// The day the event counts on.
    pub day: NaiveDate,
    /// The year of receiving, for ages.
    pub this_year: i32,
    /// Whether a unit exists today.
    pub unit_known: &'a (dyn Fn(crate::places::UnitCode) -> bool + Sync),
    /// The content that the event names, in its version; `None` when this server does not know it (it is then set aside).
    pub known: Option<&'a Known>,
}

/// What applying an event did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Applied {
    Counted,
    /// A lesson was finished, and this is how.
    Marked(Attempt),
    /// A simulator was finished, and this is how.
    Practised(Run),
    /// A drill was finished, and this is how.
    Drilled(DrillScore),
    /// A booster was answered, and this is how.
    Reviewed(Attempt),
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
        let seen = event.seen;
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
                if around.known.is_none() {
                    return Ok(Applied::SetAside);
                }
                self.person.learn(lesson.clone(), LessonState::Started, around.day);
            }
            What::LessonFinished { lesson, answers, .. } => {
                let Some(Known::Lesson(marking)) = around.known else { return Ok(Applied::SetAside) };
                let attempt = mark_attempt(marking, answers)?;
                // Who finishes has started, even when that event is still on its way.
                self.person.learn(lesson.clone(), LessonState::Started, around.day);
                self.person.learn(lesson.clone(), LessonState::Completed, around.day);
                let track = track_of(lesson)?;
                let skills = marking.skills.iter().map(|skill| (&track, skill));
                self.reach(skills.clone(), Step::Heard, witness_of(seen), around.day);
                if attempt.is_pass() {
                    self.note(skills, Deed::PassedQuestions, around.day);
                }
                return Ok(Applied::Marked(attempt));
            }
            What::PracticeFinished { lesson, rules, mode, held, trail, .. } => {
                let Some(Known::Practice(known)) = around.known else { return Ok(Applied::SetAside) };
                let run = match rehearse(&known.machine, *rules, *mode, trail) {
                    Ok(run) => run,
                    Err(fault) => return refusal_of_run(fault).map_or(Ok(Applied::SetAside), Err),
                };
                let track = track_of(lesson)?;
                let skills = known.skills.iter().map(|skill| (&track, skill));
                self.practise(skills, Pass::of_run(&run, seen.unwrap_or(*held)), seen, around.day);
                return Ok(Applied::Practised(run));
            }
            What::DrillFinished { rules, seed, held, answers, .. } => {
                let Some(Known::Scams(_, book)) = around.known else { return Ok(Applied::SetAside) };
                let (score, families) = match Drill::new(book, *seed).score(*rules, answers) {
                    Ok(scored) => scored,
                    Err(fault) => return refusal_of_drill(fault).map_or(Ok(Applied::SetAside), Err),
                };
                let skills = families.iter().filter_map(|family| book.families.get(*family));
                let skills = skills.flat_map(|family| &family.skills).map(|(track, skill)| (track, skill));
                self.practise(skills, Pass::of_drill(&score, seen.unwrap_or(*held)), seen, around.day);
                return Ok(Applied::Drilled(score));
            }
            What::ReviewFinished { lesson, answers, .. } => {
                let Some(Known::Review(marking)) = around.known else { return Ok(Applied::SetAside) };
                let attempt = mark_attempt(marking, answers)?;
                let deed = if attempt.is_pass() { Deed::ReviewPassed } else { Deed::ReviewFailed };
                self.person.deeds.note(deed(lesson.clone()), around.day);
                return Ok(Applied::Reviewed(attempt));
            }
            What::PlacementTaken { answers, .. } => {
                let Some(Known::Placement(key)) = around.known else { return Ok(Applied::SetAside) };
                let known = key.known(answers).map_err(|_| Refusal::AnswersWrongShape)?;
                self.person.deeds.note(Deed::Placed, around.day);
                known.into_iter().for_each(|lesson| self.person.deeds.note(Deed::Known(lesson), around.day));
            }
            What::DoneForReal { lesson, how, .. } => {
                let Some(Known::Lesson(marking)) = around.known else { return Ok(Applied::SetAside) };
                let track = track_of(lesson)?;
                let skills = marking.skills.iter().map(|skill| (&track, skill));
                self.reach(skills, how.step(), witness_of(seen), around.day);
            }
            What::Witnessed { lesson, deed, .. } => {
                let Some(held) = seen else { return Err(Refusal::NotSeen) };
                let Some(Known::Lesson(marking)) = around.known else { return Ok(Applied::SetAside) };
                let track = track_of(lesson)?;
                let skills = marking.skills.iter().map(|skill| (&track, skill));
                let alone = held == Held::Alone;
                let step = match deed {
                    SeenDeed::Heard => Step::Heard,
                    SeenDeed::Practised if alone => {
                        self.practise(skills, Some(Pass::Alone { clean: false }), seen, around.day);
                        return Ok(Applied::Counted);
                    }
                    SeenDeed::Practised => Step::PractisedWithHelp,
                    SeenDeed::Did if alone => Step::DoesAlone,
                    SeenDeed::Did => Step::DidWithHelp,
                    SeenDeed::Taught => Step::Taught,
                };
                self.reach(skills, step, Witness::Trainer, around.day);
            }
        }
        Ok(Applied::Counted)
    }

    /// A step of these skills was reached, as this witness says.
    fn reach<'a>(
        &mut self,
        skills: impl Iterator<Item = (&'a TrackId, &'a SkillId)>,
        step: Step,
        witness: Witness,
        day: NaiveDate,
    ) {
        for (track, skill) in skills {
            let (track, skill) = (track.clone(), skill.clone());
            self.person.reach(Standing { track, skill, step, witness }, Month::of_day(day));
        }
    }

    /// Notes a deed of these skills; `practised` follows from the deeds, whichever of them comes last.
    fn note<'a>(
        &mut self,
        skills: impl Iterator<Item = (&'a TrackId, &'a SkillId)>,
        deed: impl Fn(SkillId) -> Deed,
        day: NaiveDate,
    ) {
        for (track, skill) in skills {
            self.person.deeds.note(deed(skill.clone()), day);
            for witness in [Witness::Self_, Witness::Trainer] {
                if let Some(day) = practised_on(&self.person.deeds, skill, witness) {
                    self.reach([(track, skill)].into_iter(), Step::Practised, witness, day);
                }
            }
        }
    }

    /// A simulator or drill of these skills was passed, or not.
    fn practise<'a>(
        &mut self,
        skills: impl Iterator<Item = (&'a TrackId, &'a SkillId)> + Clone,
        pass: Option<Pass>,
        seen: Option<Held>,
        day: NaiveDate,
    ) {
        match pass {
            None => {}
            Some(Pass::WithHelp) => self.reach(skills, Step::PractisedWithHelp, witness_of(seen), day),
            Some(Pass::Alone { clean }) => {
                if clean {
                    self.note(skills.clone(), Deed::PassedCleanly, day);
                }
                let deed = if seen.is_some() { Deed::SeenAlone } else { Deed::PassedAlone };
                self.note(skills, deed, day);
            }
        }
    }
}

fn witness_of(seen: Option<Held>) -> Witness {
    if seen.is_some() { Witness::Trainer } else { Witness::Self_ }
}

fn track_of(lesson: &LessonId) -> Result<TrackId, Refusal> {
    lesson.track().parse().map_err(|_| Refusal::UnknownLesson)
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

/// The day an event counts on: in its month, the phone's own day where that can be.
pub fn counted_day(month: Month, at: Millis, received_at: Millis) -> NaiveDate {
    let believable = at <= received_at && Month::of(at) == month;
    day_of(if believable { at } else { received_at })
}

#[cfg(test)]
mod tests;
