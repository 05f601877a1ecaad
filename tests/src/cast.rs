//! The cast: the same invented people in every test, and what they do.

use domain::{
    accounts::{BirthYear, Consent, Credentials, EthnicGroup, Profile, Secret, Sex},
    content::{Lesson, LessonId, Marking},
    learn::{Answer, Tried},
    sync::{Event, What},
    time::{DAY_MS, Millis},
};
use library::Library;
use std::sync::LazyLock;
use uuid::Uuid;

/// The content that is part of the program, read once for all tests.
pub static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| Library::embedded().expect("the embedded content has no fault"));

/// 2026-11-23T03:00:00Z, ten in the morning in Sơn La.
pub const NOW: Millis = 1_795_402_800_000;
/// When the cast's phones made their profiles: long enough ago for late events.
pub const MADE_AT: Millis = NOW - 90 * DAY_MS;

/// Two lessons of one track, and one of each other track.
pub const KEEP_ACCOUNT: &str = "thanh-toan/giu-tai-khoan";
pub const TRANSFER: &str = "thanh-toan/chuyen-tien-khong-nham";
pub const LINKS: &str = "an-toan/duong-link-la";
pub const PORTAL: &str = "dich-vu-cong/nop-ho-so-tren-mang";

/// Somebody who learns.
#[derive(Clone, Debug)]
pub struct Learner {
    pub credentials: Credentials,
    pub profile: Profile,
    pub guardian: bool,
}

fn learner(number: u8, unit: &str, born: i32, sex: Sex) -> Learner {
    let id = domain::accounts::LearnerId(Uuid::from_bytes([number; 16]));
    let credentials = Credentials { id, secret: Secret([number ^ 0xa5; 32]) };
    let unit = unit.parse().expect("a code");
    Learner { credentials, profile: Profile { unit, birth_year: BirthYear::stored(born), sex }, guardian: false }
}

/// Mai, 65, of Xã Mường É.
pub fn mai() -> Learner {
    learner(0x11, "03727", 1961, Sex::Female)
}

/// Dơ, 36, of Xã Co Mạ.
pub fn dơ() -> Learner {
    learner(0x22, "03781", 1990, Sex::Male)
}

/// Lan, 14, of Phường Tô Hiệu; her mother agrees.
pub fn lan() -> Learner {
    Learner { guardian: true, ..learner(0x33, "03646", 2012, Sex::Female) }
}

/// One of many who have no name: a neighbour of Mai.
pub fn neighbour(number: u16) -> Learner {
    let mut neighbour = learner(0x44, "03727", 1970 + i32::from(number % 20), Sex::Female);
    let mut id = [0x44; 16];
    id[..2].copy_from_slice(&number.to_be_bytes());
    neighbour.credentials.id.0 = Uuid::from_bytes(id);
    neighbour
}

impl Learner {
    /// `<id>.<secret>`, as the cookie and the bearer carry it.
    pub fn token(&self) -> String {
        self.credentials.to_cookie()
    }

    pub fn id(&self) -> String {
        self.credentials.id.to_string()
    }

    /// Begins a story: what the phone notes, event after event.
    pub fn story(&self) -> Story {
        Story { who: self.clone(), at: NOW, no: 0, events: Vec::new() }
    }
}

/// Events of one phone, each later by a second and with the next running number.
#[derive(Clone)]
pub struct Story {
    who: Learner,
    at: Millis,
    no: u32,
    pub events: Vec<Event>,
}

impl Story {
    pub fn happens(mut self, what: What) -> Self {
        self.no += 1;
        let id = Uuid::from_u128(0x1000 + u128::from(self.no));
        self.events.push(Event { id, at: self.at, no: self.no, what, seen: None });
        self
    }

    /// What follows happens at this moment of the phone's clock.
    pub fn at(mut self, at: Millis) -> Self {
        self.at = at;
        self
    }

    pub fn days_ago(self, days: i64) -> Self {
        self.at(NOW - days * DAY_MS)
    }

    /// What follows has running numbers from here on.
    pub fn numbered_from(mut self, no: u32) -> Self {
        self.no = no - 1;
        self
    }

    pub fn registers(self) -> Self {
        self.registers_made_at(MADE_AT)
    }

    pub fn registers_made_at(self, made_at: Millis) -> Self {
        let consent = Consent { version: 1, guardian: self.who.guardian };
        let profile = self.who.profile;
        self.happens(What::Registered { profile, consent, made_at })
    }

    pub fn moves_to(self, unit: &str) -> Self {
        let profile = Profile { unit: unit.parse().expect("a code"), ..self.who.profile };
        let guardian = self.who.guardian;
        self.happens(What::ProfileChanged { profile, guardian })
    }

    pub fn states(self, ethnic_group: EthnicGroup) -> Self {
        self.happens(What::EthnicGroupStated { ethnic_group: Some(ethnic_group) })
    }

    pub fn takes_back_group(self) -> Self {
        self.happens(What::EthnicGroupStated { ethnic_group: None })
    }

    pub fn starts(self, id: &str) -> Self {
        let Lesson { id, version, .. } = lesson(id).clone();
        self.happens(What::LessonStarted { lesson: id, version })
    }

    /// Every question right at the first try.
    pub fn finishes(self, id: &str) -> Self {
        let what = finished(id, right_answers(id));
        self.happens(what)
    }

    /// The same with a version that this server does not know.
    pub fn finishes_version(self, id: &str, version: &str) -> Self {
        let What::LessonFinished { lesson, answers, .. } = finished(id, right_answers(id)) else { unreachable!() };
        self.happens(What::LessonFinished { lesson, version: version.parse().expect("a version"), answers })
    }

    pub fn starts_version(self, id: &str, version: &str) -> Self {
        self.happens(What::LessonStarted { lesson: lesson_id(id), version: version.parse().expect("a version") })
    }
}

pub fn lesson_id(id: &str) -> LessonId {
    id.parse().unwrap_or_else(|_| panic!("{id} is no lesson's name"))
}

pub fn lesson(id: &str) -> &'static Lesson {
    LIBRARY.lesson(&lesson_id(id)).unwrap_or_else(|| panic!("there is no lesson {id}"))
}

pub fn right_answers(id: &str) -> Vec<Tried> {
    answers_of(&lesson(id).marking)
}

/// Everything right at the first try.
pub fn answers_of(marking: &Marking) -> Vec<Tried> {
    let keys = &marking.questions;
    keys.iter().map(|key| Tried { question: key.id.clone(), tries: vec![key.right.answer(key.choices)] }).collect()
}

pub fn finished(id: &str, answers: Vec<Tried>) -> What {
    let Lesson { id, version, .. } = lesson(id).clone();
    What::LessonFinished { lesson: id, version, answers }
}

/// The fields of the lesson's form that give these answers.
pub fn fields_of(answers: &[Tried]) -> Vec<(String, String)> {
    use domain::learn::fields;
    let mut all = Vec::new();
    for Tried { question, tries } in answers {
        match tries.last().expect("an answer") {
            Answer::Single(choice) => all.push((fields::answer(question), choice.to_string())),
            Answer::Multiple(chosen) => {
                all.extend(chosen.iter().map(|choice| (fields::answer(question), choice.to_string())));
            }
            Answer::Order(given) => {
                let places = given.iter().zip(1..);
                all.extend(places.map(|(choice, place)| (fields::place(question, *choice), place.to_string())));
            }
            Answer::Truth { verdict, reason } => {
                all.push((fields::answer(question), verdict.to_string()));
                all.push((fields::reason(question), reason.to_string()));
            }
        }
    }
    all
}
