//! `hocso demo`: clearly fictitious learners, for trying the platform at its real size.

use crate::{Fault, check, clock, release::release_up_to, serve::DEMO_NOTE, settings::Demo};
use domain::{
    accounts::{BirthYear, CONSENT_VERSION, Consent, EthnicGroup, LearnerId, Profile, Secret, Sex, YOUNGEST_YEARS},
    content::{ChoiceId, Lesson, QuestionKey, Right},
    coverage::Person,
    learn::{Answer, Tried},
    practice::{Held, Mode, RULES, Random, Scenario, Trail, shortest_right_path},
    sync::{Event, Record, What},
    time::{DAY_MS, HOUR_MS, Millis, Month},
};
use library::Library;
use std::sync::Arc;
use store::{Existing, NewLearner, Prepared, Rules, Store, StoreError, Tallies, prepare};
use uuid::Uuid;

/// Learners written in one transaction: some hundred thousand rows.
const LEARNERS_AT_ONCE: usize = 1_000;
/// Goes that are ready before they are written: memory stays small, and neither making nor writing waits for long.
const AHEAD: usize = 2;
/// How far back the first of them began.
const YEAR_DAYS: u64 = 365;
/// Of a hundred learners so many state their ethnic group.
const STATES_GROUP_PERCENT: u64 = 60;
/// Of a hundred lessons that are begun so many are finished, and of the questions so many are right at the first try.
const FINISHES_PERCENT: u64 = 88;
const RIGHT_PERCENT: u64 = 72;
/// Of a hundred who finish a lesson with a simulator so many practise, and of these so many alone.
const PRACTISES_PERCENT: u64 = 55;
const ALONE_PERCENT: u64 = 40;
/// Of a hundred lessons that are finished so many get a booster.
const REVIEWS_PERCENT: u64 = 22;
/// The oldest learner: the census band of 65 and over has no end of its own.
const OLDEST: u64 = 88;

/// Fills the database, counts it, and says so on every page.
pub async fn demo(settings: Demo) -> Result<(), Fault> {
    let library = check::read(None)?;
    let store = Store::open(&settings.database.database, Existing::OrNew).await?;
    if store.holds_anybody().await? {
        store.close().await?;
        return Err(Fault::Said("the database holds learners already; demo fills an empty one only".to_owned()));
    }
    store.remember(&library.known()).await?;
    store.set_note(DEMO_NOTE, &format!("residents={} seed={}", settings.residents, settings.seed)).await?;
    let now = clock::system()();
    let library = Arc::new(library);
    let (sender, mut ready) = tokio::sync::mpsc::channel(AHEAD);
    let making = {
        let (library, residents, seed) = (library.clone(), settings.residents as usize, settings.seed);
        tokio::task::spawn_blocking(move || make(&library, residents, seed, now, &sender))
    };
    let (mut events, mut tallies) = (0, Tallies::default());
    while let Some(rows) = ready.recv().await {
        let rows: Prepared = rows?;
        events += rows.count;
        store.write_in_bulk(rows, &mut tallies).await?;
    }
    making.await.map_err(|error| Fault::Said(format!("making people failed: {error}")))?;
    println!("{} fictitious learners with {events} events", settings.residents);
    let cells = store.finish_bulk(tallies).await?;
    println!("{cells} cells counted");
    let releases = release_all(&store, &library, now).await?;
    println!("{releases} months released");
    store.close().await?;
    Ok(())
}

/// Makes learners and what follows from their events, in goes, until all are made or nobody takes them any more.
fn make(
    library: &Library,
    residents: usize,
    seed: u64,
    now: Millis,
    sender: &tokio::sync::mpsc::Sender<Result<Prepared, StoreError>>,
) {
    let rules = Rules::of(library.known());
    let mut maker = Maker { chance: Chance(Random::new(seed)), library, now };
    let mut made = 0;
    while made < residents {
        let count = LEARNERS_AT_ONCE.min(residents - made);
        let learners: Vec<NewLearner> = (0..count).map(|_| maker.learner()).collect();
        if sender.blocking_send(prepare(&learners, made as i64 + 1, &rules)).is_err() {
            return;
        }
        made += count;
    }
}

/// Every month that is over has a release, as if the server had run all the time.
async fn release_all(store: &Store, library: &Library, now: Millis) -> Result<u32, Fault> {
    let last = Month::of(now).previous();
    match store.first_month().await? {
        Some(first) if first <= last => {
            release_up_to(store, library, first, last, now).await.map_err(|no| Fault::Said(no.to_string()))
        }
        _ => Ok(0),
    }
}

/// Repeatable chance. Not for secrets of real people.
struct Chance(Random);

impl Chance {
    /// A number under `end`, which is not 0.
    fn under(&mut self, end: u64) -> u64 {
        ((u128::from(self.0.number()) * u128::from(end.max(1))) >> 64) as u64
    }

    fn percent(&mut self, percent: u64) -> bool {
        self.under(100) < percent
    }

    /// One of `choices` by weight. `None` only of an empty list.
    fn weighted<T: Copy>(&mut self, choices: impl Iterator<Item = (T, u32)> + Clone) -> Option<T> {
        let all: u64 = choices.clone().map(|(_, weight)| u64::from(weight)).sum();
        let mut left = self.under(all);
        for (choice, weight) in choices {
            match left.checked_sub(u64::from(weight)) {
                Some(less) => left = less,
                None => return Some(choice),
            }
        }
        None
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.0.number().to_le_bytes()[..chunk.len()]);
        }
        bytes
    }
}

struct Maker<'a> {
    chance: Chance,
    library: &'a Library,
    now: Millis,
}

impl Maker<'_> {
    /// One learner with everything they did since they began.
    fn learner(&mut self) -> NewLearner {
        // More begin lately than a year ago: of two moments the later one.
        let ago = self.chance.under(YEAR_DAYS).min(self.chance.under(YEAR_DAYS)) as i64;
        let made_at = self.now - ago * DAY_MS - self.chance.under(10) as i64 * HOUR_MS;
        let profile = self.profile(Month::of(made_at).year());
        let young = profile.birth_year.needs_guardian(Month::of(made_at).year());
        let consent = Consent { version: CONSENT_VERSION, guardian: young };
        let mut events = Events { at: made_at, no: 0, now: self.now, list: Vec::new() };
        events.add(&mut self.chance, 0, What::Registered { profile, consent, made_at });
        let ethnic_group = self.chance.percent(STATES_GROUP_PERCENT).then(|| self.ethnic_group()).flatten();
        let ethnic_no = events.no + 1;
        if let Some(group) = ethnic_group {
            events.add(&mut self.chance, 0, What::EthnicGroupStated { ethnic_group: Some(group) });
        }
        let lessons: Vec<&Lesson> = self.library.lessons().collect();
        // Half take a lesson or two, some take all.
        let wanted = 1 + self.chance.under(lessons.len() as u64).min(self.chance.under(lessons.len() as u64)) as usize;
        let first = self.chance.under(lessons.len() as u64) as usize;
        for lesson in lessons.iter().cycle().skip(first).take(wanted) {
            let (id, version) = (lesson.id.clone(), lesson.version.clone());
            events.add(&mut self.chance, 20, What::LessonStarted { lesson: id.clone(), version: version.clone() });
            if self.chance.percent(FINISHES_PERCENT) {
                let answers = lesson.marking.questions.iter().map(|key| self.tried(key)).collect();
                events.add(&mut self.chance, 0, What::LessonFinished { lesson: id, version, answers });
                let practice = self.library.practice(&lesson.id).filter(|_| self.chance.percent(PRACTISES_PERCENT));
                if let Some(what) = practice.and_then(|practice| self.practised(practice)) {
                    events.add(&mut self.chance, 2, what);
                }
                if self.chance.percent(REVIEWS_PERCENT) {
                    let marking = &lesson.review.marking;
                    let answers = marking.questions.iter().map(|key| self.tried(key)).collect();
                    let (lesson, version) = (lesson.id.clone(), marking.version.clone());
                    events.add(&mut self.chance, 14, What::ReviewFinished { lesson, version, answers });
                }
            }
        }
        let record = Record {
            person: Person { ethnic_group, key: self.chance.bytes::<1>()[0], ..Person::new(profile) },
            profile_no: 1,
            ethnic_no: if ethnic_group.is_some() { ethnic_no } else { 0 },
        };
        NewLearner {
            id: LearnerId(Uuid::from_bytes(self.chance.bytes())),
            secret: Secret(self.chance.bytes()),
            record,
            consent,
            made_at,
            events: events.list,
        }
    }

    fn profile(&mut self, year: i32) -> Profile {
        let units = self.library.units.iter().filter(|unit| unit.valid_to.is_none());
        let census = &self.library.census;
        // The library refuses content without units and census, so the fallbacks are never taken.
        let unit = self.chance.weighted(units.map(|unit| (unit.code, unit.population)));
        let sex = self.chance.weighted(census.sexes.iter().copied()).unwrap_or(Sex::Unstated);
        let band = self.chance.weighted(census.ages.iter().map(|band| ((band.from, band.to), band.people)));
        let (from, to) = band.unwrap_or((15, None));
        let (from, to) = (u64::from(from).max(YOUNGEST_YEARS as u64), to.map_or(OLDEST, u64::from));
        let age = from + self.chance.under(to.saturating_sub(from) + 1);
        let unit = unit.or_else(|| "00000".parse().ok());
        Profile {
            unit: unit.unwrap_or_else(|| unreachable!("five digits are a code")),
            birth_year: BirthYear::stored(year - age as i32),
            sex,
        }
    }

    fn ethnic_group(&mut self) -> Option<EthnicGroup> {
        self.chance.weighted(self.library.census.ethnic_groups.iter().copied())
    }

    /// A simulator gone through without a mistake.
    fn practised(&mut self, practice: &Scenario) -> Option<What> {
        let alone = self.chance.percent(ALONE_PERCENT);
        let mut trail = Trail::default();
        for act in shortest_right_path(&practice.machine)? {
            trail.push(act, 2 + self.chance.under(12) as u16).ok()?;
        }
        Some(What::PracticeFinished {
            lesson: practice.lesson.clone(),
            version: practice.version.clone(),
            rules: RULES,
            mode: if alone { Mode::Alone } else { Mode::Guided },
            held: if alone { Held::Alone } else { Held::HelperSpoke },
            trail,
        })
    }

    /// The tries at one question: right at once, or after a wrong one.
    fn tried(&mut self, key: &QuestionKey) -> Tried {
        let wrong = (!self.chance.percent(RIGHT_PERCENT)).then(|| wrong(key)).flatten();
        Tried { question: key.id.clone(), tries: wrong.into_iter().chain(right(key)).collect() }
    }
}

/// Events of one learner, one after the other in time.
struct Events {
    at: Millis,
    no: u32,
    now: Millis,
    list: Vec<(Event, Millis)>,
}

impl Events {
    /// Adds an event up to `days` after the last one, never in the future; phones send it within two days.
    fn add(&mut self, chance: &mut Chance, days: u64, what: What) {
        let later = chance.under(days * 24 + 1) as i64 * HOUR_MS + chance.under(600_000) as i64;
        self.at = (self.at + later).min(self.now);
        self.no += 1;
        let received_at = (self.at + chance.under(2 * DAY_MS as u64) as i64).min(self.now);
        let id = Uuid::from_bytes(chance.bytes());
        self.list.push((Event { id, at: self.at, no: self.no, what, seen: None }, received_at));
    }
}

fn right(key: &QuestionKey) -> Option<Answer> {
    Some(match &key.right {
        Right::Single(choice) => Answer::Single(*choice),
        Right::Multiple(choices) => Answer::Multiple(choices.clone()),
        Right::Order => Answer::Order((0..usize::from(key.choices)).filter_map(ChoiceId::nth).collect()),
        Right::Truth { truth, reason } => Answer::Truth { verdict: *truth, reason: *reason },
    })
}

fn wrong(key: &QuestionKey) -> Option<Answer> {
    let other =
        |right: ChoiceId| (0..usize::from(key.choices)).filter_map(ChoiceId::nth).find(|choice| *choice != right);
    Some(match &key.right {
        Right::Single(right) => Answer::Single(other(*right)?),
        Right::Multiple(right) => Answer::Multiple(right.iter().take(1).copied().collect()),
        Right::Order => Answer::Order((0..usize::from(key.choices)).rev().filter_map(ChoiceId::nth).collect()),
        Right::Truth { truth, reason } => Answer::Truth { verdict: !truth, reason: *reason },
    })
}
