//! Tracks, lessons and questions as pages and rules see them, and the names work is filed under.

mod glossary;

pub use glossary::{Term, first_uses, terms_in};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::{borrow::Borrow, collections::BTreeSet, fmt, str::FromStr};

/// Longest name of a track, lesson, skill or question: they stand in addresses, cookies and every event.
pub const SLUG_LETTERS_MAX: usize = 48;

/// Lower-case letters, digits and single hyphens; never renamed, because work is filed under it.
fn is_slug(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=SLUG_LETTERS_MAX).contains(&text.len())
        && text.split('-').all(|part| !part.is_empty() && part.bytes().all(letter))
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotASlug;

impl fmt::Display for NotASlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1 to {SLUG_LETTERS_MAX} lower-case letters without marks, digits and hyphens")
    }
}

macro_rules! slugs {
    ($($(#[$about:meta])* $name:ident: $check:expr;)+) => {$(
        $(#[$about])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotASlug;
            fn from_str(text: &str) -> Result<Self, NotASlug> {
                let check: fn(&str) -> bool = $check;
                if check(text) { Ok(Self(text.to_owned())) } else { Err(NotASlug) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <std::borrow::Cow<'de, str>>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

slugs! {
    /// A track: `thanh-toan`.
    TrackId: is_slug;
    /// A lesson with its track: `thanh-toan/chuyen-tien-khong-nham`.
    LessonId: |text| text.split_once('/').is_some_and(|(track, lesson)| is_slug(track) && is_slug(lesson));
    /// A skill; unique over all tracks.
    SkillId: is_slug;
    /// A question; unique in its lesson.
    QuestionId: is_slug;
    /// A release of a lesson: the first twelve hex digits of the hash of its files.
    Version: |text| text.len() == 12 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
}

impl LessonId {
    pub fn new(track: &str, lesson: &str) -> Result<Self, NotASlug> {
        format!("{track}/{lesson}").parse()
    }

    pub fn track(&self) -> &str {
        self.0.split_once('/').map_or("", |(track, _)| track)
    }

    pub fn slug(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, lesson)| lesson)
    }
}

/// A choice of a question: its place in the file, `a` for the first. Stable within a version.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChoiceId(char);

/// More choices than this do not fit a phone.
pub const CHOICES_MAX: usize = 5;

impl ChoiceId {
    pub fn nth(place: usize) -> Option<Self> {
        (place < CHOICES_MAX).then(|| Self(char::from(b'a' + place as u8)))
    }

    pub fn parse(text: &str) -> Option<Self> {
        let mut letters = text.chars();
        let letter = letters.next().filter(|letter| ('a'..='e').contains(letter))?;
        letters.next().is_none().then_some(Self(letter))
    }

    pub fn letter(self) -> char {
        self.0
    }

    pub fn place(self) -> usize {
        (self.0 as usize).saturating_sub('a' as usize)
    }
}

impl fmt::Display for ChoiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What is right, without a word of text: all that marking needs, kept for every version ever released.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marking {
    pub lesson: LessonId,
    pub version: Version,
    pub skills: Vec<SkillId>,
    /// Share of questions right at the first try that is a pass, in percent.
    pub pass_percent: u8,
    pub questions: Vec<QuestionKey>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionKey {
    pub id: QuestionId,
    /// How many choices there are: an answer naming another one is no answer.
    pub choices: u8,
    pub right: Right,
}

/// The right answer, one variant for each kind of question.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Right {
    Single(ChoiceId),
    Multiple(BTreeSet<ChoiceId>),
    /// The choices stand in the right order in the file.
    Order,
    Truth {
        truth: bool,
        reason: ChoiceId,
    },
}

/// A track with its lessons in their order.
#[derive(Clone, PartialEq, Debug)]
pub struct Track {
    pub id: TrackId,
    pub title: String,
    /// One sentence for the card.
    pub summary: String,
    /// SVG source.
    pub picture: Picture,
    pub skills: Vec<Skill>,
    pub lessons: Vec<Lesson>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Skill {
    pub id: SkillId,
    pub title: String,
}

/// A picture, checked to be harmless: no script, style, id or link inside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    /// What it shows, for those who do not see it.
    pub alt: String,
    pub svg: String,
    /// The name it is served under: file name with the hash of its bytes.
    pub served_as: String,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Lesson {
    pub id: LessonId,
    pub version: Version,
    pub title: String,
    pub summary: String,
    pub minutes: u8,
    pub skills: Vec<SkillId>,
    pub steps: Vec<Step>,
    /// What to remember.
    pub key_points: Vec<String>,
    /// What to do for real.
    pub for_real: Vec<String>,
    /// The sentence for people without a smartphone.
    pub without_phone: String,
    pub questions: Vec<Question>,
    pub sources: Vec<Source>,
    pub fact_date: NaiveDate,
    pub review_date: NaiveDate,
    pub marking: Marking,
    /// Asked again later.
    pub review: Review,
}

/// The booster of a lesson: what it taught, asked again in other clothes. Its version is that of its marking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Review {
    pub questions: Vec<Question>,
    pub marking: Marking,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    pub title: String,
    pub picture: Picture,
    pub sentences: Vec<String>,
    /// What the voice reads instead of the sentences, where written words would sound wrong.
    pub speak: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    pub key: QuestionKey,
    pub text: String,
    /// Shown when the answer is right.
    pub because: String,
    /// Of a `truth` question: why the wrong verdict tempts and what is right.
    pub verdict_why: Option<String>,
    pub choices: Vec<Choice>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    pub text: String,
    /// Why it tempts and what is right; of an `order` question, why it stands where it stands. `None` when right.
    pub why: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    pub document: String,
    pub publisher: Option<String>,
    pub number: Option<String>,
    /// As precise as it is known: `2026`, `2026-11` or `2026-11-23`.
    pub date: String,
}

impl Question {
    /// The order in which the choices of an `order` question are shown: fixed for the question, and never the right one.
    /// Other questions show theirs as written.
    pub fn shown_order(&self) -> Vec<ChoiceId> {
        let ids = (0..self.choices.len()).filter_map(ChoiceId::nth);
        if !matches!(self.key.right, Right::Order) {
            return ids.collect();
        }
        // Odd places first, backwards, then even ones: no item stays in its place's neighbourhood for 3 to 5 items.
        let (even, odd): (Vec<_>, Vec<_>) = ids.partition(|id| id.place() % 2 == 0);
        odd.into_iter().rev().chain(even).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_slugs() {
        for good in ["thanh-toan", "a", "b2-c"] {
            assert!(good.parse::<TrackId>().is_ok(), "{good}");
        }
        for bad in ["", "-", "a--b", "Thanh", "thanh toan", "a/b", "đ", &"a".repeat(49)] {
            assert!(bad.parse::<TrackId>().is_err(), "{bad}");
        }
        let id: LessonId = "thanh-toan/x".parse().unwrap_or_else(|_| unreachable!());
        assert_eq!((id.track(), id.slug()), ("thanh-toan", "x"));
        for bad in ["thanh-toan", "a/b/c", "/a", "a/"] {
            assert!(bad.parse::<LessonId>().is_err(), "{bad}");
        }
        assert!("0123456789ab".parse::<Version>().is_ok());
        assert!("0123456789AB".parse::<Version>().is_err());
    }

    #[test]
    fn an_order_question_never_shows_the_answer() {
        for count in 2..=CHOICES_MAX {
            let choice = Choice { text: String::new(), why: None };
            let id = "q".parse().unwrap_or_else(|_| unreachable!());
            let question = Question {
                key: QuestionKey { id, choices: count as u8, right: Right::Order },
                text: String::new(),
                because: String::new(),
                verdict_why: None,
                choices: vec![choice; count],
            };
            let shown = question.shown_order();
            assert!(shown.windows(2).any(|pair| pair[0] > pair[1]), "{count}: {shown:?}");
            assert_eq!(shown.iter().collect::<BTreeSet<_>>().len(), count);
        }
    }
}
