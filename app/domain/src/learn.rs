//! Answers and their marks, attempts, and what comes next.
//!
//! The phone marks at once and the server marks again, with this same code and the marking data of the version that the
//! learner saw.

mod deeds;
mod placement;
mod review;

pub use deeds::{Deed, Deeds, FIRM_DAYS};
pub use placement::{NotAnAnswer, PLACEMENT_QUESTIONS, Placement, PlacementKey, PlacementQuestionKey, Placing};
pub use review::{AGAIN_DAYS, Due, REVIEW_DAYS, REVIEW_PASS_PERCENT, next_review};

use crate::content::{ChoiceId, LessonId, Marking, QuestionId, QuestionKey, Right};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What somebody answered to one question.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    Single(ChoiceId),
    Multiple(BTreeSet<ChoiceId>),
    /// All choices, in the order given.
    Order(Vec<ChoiceId>),
    Truth {
        verdict: bool,
        reason: ChoiceId,
    },
}

/// Names of form fields, the same on every page and for every reader of it.
pub mod fields {
    use crate::content::{ChoiceId, QuestionId};

    /// The choice, choices or verdict.
    pub fn answer(question: &QuestionId) -> String {
        format!("q-{question}")
    }

    /// The place given to one choice of an `order` question, 1 for the first.
    pub fn place(question: &QuestionId, choice: ChoiceId) -> String {
        format!("q-{question}-{choice}")
    }

    /// The reason of a `truth` question.
    pub fn reason(question: &QuestionId) -> String {
        format!("q-{question}-vi")
    }

    /// Earlier tries, which travel along when there is no JavaScript.
    pub fn tries(question: &QuestionId) -> String {
        format!("t-{question}")
    }
}

impl Answer {
    /// Reads the answer to a question from a form; `None` while it is not complete. `values` gives all values of a field.
    pub fn from_form(key: &QuestionKey, values: &dyn Fn(&str) -> Vec<String>) -> Option<Self> {
        let choices = |name: &str| values(name).iter().filter_map(|value| ChoiceId::parse(value)).collect::<Vec<_>>();
        let first = |name: &str| choices(name).first().copied();
        match &key.right {
            Right::Single(_) => first(&fields::answer(&key.id)).map(Self::Single),
            Right::Multiple(_) => {
                let chosen: BTreeSet<_> = choices(&fields::answer(&key.id)).into_iter().collect();
                (!chosen.is_empty()).then_some(Self::Multiple(chosen))
            }
            Right::Order => {
                let mut places = BTreeMap::new();
                for choice in (0..usize::from(key.choices)).filter_map(ChoiceId::nth) {
                    let place: usize = values(&fields::place(&key.id, choice)).first()?.parse().ok()?;
                    places.insert(place, choice);
                }
                // A place given twice is not an order yet.
                let complete = places.keys().copied().eq(1..=usize::from(key.choices));
                complete.then(|| Self::Order(places.into_values().collect()))
            }
            Right::Truth { .. } => {
                let verdict = values(&fields::answer(&key.id)).first()?.parse().ok()?;
                Some(Self::Truth { verdict, reason: first(&fields::reason(&key.id))? })
            }
        }
    }

    /// One word for a hidden field: `b`, `a+c`, `b>a>c`, `false:a`.
    pub fn to_word(&self) -> String {
        let join = |choices: &mut dyn Iterator<Item = &ChoiceId>, by: &str| {
            choices.map(ToString::to_string).collect::<Vec<_>>().join(by)
        };
        match self {
            Self::Single(choice) => choice.to_string(),
            Self::Multiple(chosen) => format!("+{}", join(&mut chosen.iter(), "+")),
            Self::Order(given) => format!(">{}", join(&mut given.iter(), ">")),
            Self::Truth { verdict, reason } => format!("{verdict}:{reason}"),
        }
    }

    /// From what [`Self::to_word`] gave.
    pub fn from_word(word: &str) -> Option<Self> {
        let split = |rest: &str, by: char| rest.split(by).map(ChoiceId::parse).collect::<Option<Vec<_>>>();
        if let Some(chosen) = word.strip_prefix('+') {
            Some(Self::Multiple(split(chosen, '+')?.into_iter().collect()))
        } else if let Some(given) = word.strip_prefix('>') {
            Some(Self::Order(split(given, '>')?))
        } else if let Some((verdict, reason)) = word.split_once(':') {
            Some(Self::Truth { verdict: verdict.parse().ok()?, reason: ChoiceId::parse(reason)? })
        } else {
            ChoiceId::parse(word).map(Self::Single)
        }
    }
}

impl Right {
    /// The right answer itself.
    pub fn answer(&self, choices: u8) -> Answer {
        match self {
            Self::Single(choice) => Answer::Single(*choice),
            Self::Multiple(chosen) => Answer::Multiple(chosen.clone()),
            Self::Order => Answer::Order((0..usize::from(choices)).filter_map(ChoiceId::nth).collect()),
            Self::Truth { truth, reason } => Answer::Truth { verdict: *truth, reason: *reason },
        }
    }
}

impl From<Answer> for Right {
    /// What is right when this answer is.
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Single(choice) => Self::Single(choice),
            Answer::Multiple(chosen) => Self::Multiple(chosen),
            Answer::Order(_) => Self::Order,
            Answer::Truth { verdict, reason } => Self::Truth { truth: verdict, reason },
        }
    }
}

/// What a marked answer says back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    Right,
    /// This choice is wrong; its `why` explains.
    Choice(ChoiceId),
    /// Everything chosen is right, but this one is missing.
    Missing(ChoiceId),
    /// Of a `truth` question: the verdict itself is wrong.
    Verdict,
}

impl Mark {
    pub fn is_right(self) -> bool {
        self == Self::Right
    }

    /// The name of its feedback on the page. What is missing is one feedback, whichever choice it is.
    pub fn feedback(self) -> String {
        match self {
            Self::Right => "right".to_owned(),
            Self::Choice(choice) => choice.to_string(),
            Self::Missing(_) => "missing".to_owned(),
            Self::Verdict => "verdict".to_owned(),
        }
    }
}

/// The mark of an answer, or `None` when it is no answer to this question: of another kind, naming a choice that does not
/// exist, or leaving something out that an order needs.
pub fn mark(key: &QuestionKey, answer: &Answer) -> Option<Mark> {
    let exists = |choice: &ChoiceId| choice.place() < usize::from(key.choices);
    let wrong_or_right = |wrong: Option<Mark>| Some(wrong.unwrap_or(Mark::Right));
    match (&key.right, answer) {
        (Right::Single(right), Answer::Single(chosen)) if exists(chosen) => {
            wrong_or_right((chosen != right).then_some(Mark::Choice(*chosen)))
        }
        (Right::Multiple(right), Answer::Multiple(chosen)) if !chosen.is_empty() && chosen.iter().all(exists) => {
            let wrong = chosen.difference(right).next().map(|&choice| Mark::Choice(choice));
            let missing = || right.difference(chosen).next().map(|&choice| Mark::Missing(choice));
            wrong_or_right(wrong.or_else(missing))
        }
        (Right::Order, Answer::Order(given)) => {
            let all: BTreeSet<_> = given.iter().filter(|choice| exists(choice)).collect();
            if given.len() != usize::from(key.choices) || all.len() != given.len() {
                return None;
            }
            let misplaced = given.iter().enumerate().find(|(place, choice)| choice.place() != *place);
            // What belongs there explains itself, not what was put there.
            wrong_or_right(misplaced.and_then(|(place, _)| ChoiceId::nth(place)).map(Mark::Choice))
        }
        (Right::Truth { truth, reason }, Answer::Truth { verdict, reason: given }) if exists(given) => {
            wrong_or_right(if verdict != truth {
                Some(Mark::Verdict)
            } else {
                (given != reason).then_some(Mark::Choice(*given))
            })
        }
        _ => None,
    }
}

/// One question of a finished lesson with everything that was tried, first try first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    pub question: QuestionId,
    pub tries: Vec<Answer>,
}

/// More tries than this at one question are somebody playing with the button; the first ones are what counts.
pub const TRIES_MAX: usize = 12;

/// Why a finished lesson is not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AttemptFault {
    /// A question of the lesson has no answer: finishing is claimed without its answers.
    Unanswered(QuestionId),
    /// The lesson has no such question, or has it once and it came twice.
    NoSuchQuestion(QuestionId),
    /// Not an answer to this question.
    NotAnAnswer(QuestionId),
    TooManyTries(QuestionId),
}

/// A finished lesson, marked. The rule of its moment stays with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Attempt {
    /// Questions right at the first try.
    pub right_at_first: u8,
    pub questions: u8,
    pub pass_percent: u8,
}

impl Attempt {
    pub fn is_pass(self) -> bool {
        u32::from(self.right_at_first) * 100 >= u32::from(self.questions) * u32::from(self.pass_percent)
    }
}

/// Marks a finished lesson. Every question must have been answered; right or wrong is for learning, not for shutting out.
pub fn mark_attempt(marking: &Marking, tried: &[Tried]) -> Result<Attempt, AttemptFault> {
    let mut by_question: BTreeMap<&QuestionId, &[Answer]> = BTreeMap::new();
    for Tried { question, tries } in tried {
        let known = marking.questions.iter().any(|key| key.id == *question);
        if !known || by_question.insert(question, tries).is_some() {
            return Err(AttemptFault::NoSuchQuestion(question.clone()));
        }
        if tries.len() > TRIES_MAX {
            return Err(AttemptFault::TooManyTries(question.clone()));
        }
    }
    let mut right_at_first = 0;
    for key in &marking.questions {
        let tries = by_question.get(&key.id).copied().unwrap_or_default();
        let marks: Option<Vec<Mark>> = tries.iter().map(|answer| mark(key, answer)).collect();
        let marks = marks.ok_or_else(|| AttemptFault::NotAnAnswer(key.id.clone()))?;
        let first = marks.first().ok_or_else(|| AttemptFault::Unanswered(key.id.clone()))?;
        right_at_first += u8::from(first.is_right());
    }
    Ok(Attempt { right_at_first, questions: marking.questions.len() as u8, pass_percent: marking.pass_percent })
}

/// The one lesson to go on with: the first not yet finished in the track of `last`, then in the tracks in their order.
/// `None` when everything is finished.
pub fn next_lesson<'a>(
    lessons: impl Iterator<Item = &'a LessonId> + Clone,
    finished: &BTreeSet<LessonId>,
    last: Option<&LessonId>,
) -> Option<&'a LessonId> {
    let mut open = lessons.filter(|lesson| !finished.contains(*lesson));
    let same_track = last.and_then(|last| open.clone().find(|lesson| lesson.track() == last.track()));
    same_track.or_else(|| open.next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn c(letter: char) -> ChoiceId {
        ChoiceId::parse(&letter.to_string()).unwrap_or_else(|| panic!("{letter}"))
    }

    fn set(letters: &str) -> BTreeSet<ChoiceId> {
        letters.chars().map(c).collect()
    }

    fn key(id: &str, right: Right) -> QuestionKey {
        QuestionKey { id: id.parse().unwrap_or_else(|_| panic!("{id}")), choices: 3, right }
    }

    #[test]
    fn answers_are_marked() {
        use Answer::{Multiple, Order, Single, Truth};
        let single = key("q", Right::Single(c('b')));
        let multiple = key("q", Right::Multiple(set("ab")));
        let order = key("q", Right::Order);
        let truth = key("q", Right::Truth { truth: false, reason: c('a') });
        let cases = [
            (&single, Single(c('b')), Some(Mark::Right)),
            (&single, Single(c('a')), Some(Mark::Choice(c('a')))),
            (&single, Single(c('d')), None),
            (&single, Multiple(set("b")), None),
            (&multiple, Multiple(set("ab")), Some(Mark::Right)),
            (&multiple, Multiple(set("a")), Some(Mark::Missing(c('b')))),
            (&multiple, Multiple(set("abc")), Some(Mark::Choice(c('c')))),
            (&multiple, Multiple(set("")), None),
            (&order, Order(vec![c('a'), c('b'), c('c')]), Some(Mark::Right)),
            (&order, Order(vec![c('a'), c('c'), c('b')]), Some(Mark::Choice(c('b')))),
            (&order, Order(vec![c('a'), c('b')]), None),
            (&order, Order(vec![c('a'), c('b'), c('b')]), None),
            (&order, Order(vec![c('a'), c('b'), c('d')]), None),
            (&truth, Truth { verdict: false, reason: c('a') }, Some(Mark::Right)),
            (&truth, Truth { verdict: true, reason: c('a') }, Some(Mark::Verdict)),
            (&truth, Truth { verdict: false, reason: c('b') }, Some(Mark::Choice(c('b')))),
        ];
        for (key, answer, expected) in cases {
            assert_eq!(mark(key, &answer), expected, "{answer:?}");
        }
    }

    #[test]
    fn answers_are_read_from_forms() {
        let order = key("q", Right::Order);
        let single = key("q", Right::Single(c('b')));
        let multiple = key("q", Right::Multiple(set("ab")));
        let truth = key("q", Right::Truth { truth: false, reason: c('a') });
        let order_answer = |letters: &str| Some(Answer::Order(letters.chars().map(c).collect()));
        let cases = [
            (&single, "q-q=b", Some(Answer::Single(c('b')))),
            (&single, "", None),
            (&single, "q-q=z", None),
            (&multiple, "q-q=b&q-q=a", Some(Answer::Multiple(set("ab")))),
            (&multiple, "", None),
            (&order, "q-q-a=2&q-q-b=1&q-q-c=3", order_answer("bac")),
            (&order, "q-q-a=2&q-q-b=2&q-q-c=3", None),
            (&order, "q-q-a=2&q-q-b=1&q-q-c=", None),
            (&order, "q-q-a=2&q-q-b=1&q-q-c=4", None),
            (&truth, "q-q=false&q-q-vi=a", Some(Answer::Truth { verdict: false, reason: c('a') })),
            (&truth, "q-q=false", None),
            (&truth, "q-q=maybe&q-q-vi=a", None),
        ];
        for (key, form, expected) in cases {
            let pairs: Vec<(&str, &str)> = form.split('&').filter_map(|pair| pair.split_once('=')).collect();
            let values = |name: &str| {
                pairs.iter().filter(|(field, _)| *field == name).map(|(_, value)| (*value).to_owned()).collect()
            };
            assert_eq!(Answer::from_form(key, &values), expected, "{form}");
            if let Some(answer) = expected {
                assert_eq!(Answer::from_word(&answer.to_word()), Some(answer));
            }
            assert_eq!(Right::from(key.right.answer(key.choices)), key.right);
            assert_eq!(mark(key, &key.right.answer(key.choices)), Some(Mark::Right));
        }
        for bad in ["", "+", ">", ":", "true:", "f", "+f", "a+b"] {
            assert_eq!(Answer::from_word(bad), None, "{bad}");
        }
    }

    fn marking() -> Marking {
        Marking {
            lesson: "t/l".parse().unwrap_or_else(|_| unreachable!()),
            version: "0123456789ab".parse().unwrap_or_else(|_| unreachable!()),
            skills: vec![],
            pass_percent: 80,
            questions: vec![key("q1", Right::Single(c('a'))), key("q2", Right::Single(c('b')))],
        }
    }

    fn tried(question: &str, letters: &str) -> Tried {
        let question = question.parse().unwrap_or_else(|_| panic!("{question}"));
        Tried { question, tries: letters.chars().map(|letter| Answer::Single(c(letter))).collect() }
    }

    #[test]
    fn an_attempt_counts_first_tries_and_needs_every_answer() {
        let attempt = |right_at_first| Ok(Attempt { right_at_first, questions: 2, pass_percent: 80 });
        let id = |text: &str| text.parse().unwrap_or_else(|_| panic!("{text}"));
        let cases = [
            (vec![tried("q1", "a"), tried("q2", "b")], attempt(2)),
            (vec![tried("q2", "b"), tried("q1", "ba")], attempt(1)),
            (vec![tried("q1", "b"), tried("q2", "c")], attempt(0)),
            (vec![tried("q1", "a")], Err(AttemptFault::Unanswered(id("q2")))),
            (vec![tried("q1", "a"), tried("q2", "")], Err(AttemptFault::Unanswered(id("q2")))),
            (vec![], Err(AttemptFault::Unanswered(id("q1")))),
            (vec![tried("q1", "a"), tried("q1", "a")], Err(AttemptFault::NoSuchQuestion(id("q1")))),
            (vec![tried("q9", "a")], Err(AttemptFault::NoSuchQuestion(id("q9")))),
            (vec![tried("q1", "e"), tried("q2", "b")], Err(AttemptFault::NotAnAnswer(id("q1")))),
            (vec![tried("q1", "aaaaaaaaaaaaa")], Err(AttemptFault::TooManyTries(id("q1")))),
        ];
        for (tries, expected) in cases {
            assert_eq!(mark_attempt(&marking(), &tries), expected, "{tries:?}");
        }
        assert!(Attempt { right_at_first: 4, questions: 5, pass_percent: 80 }.is_pass());
        assert!(!Attempt { right_at_first: 3, questions: 5, pass_percent: 80 }.is_pass());
    }

    #[test]
    fn the_next_lesson_stays_in_the_track() {
        let ids: Vec<LessonId> =
            ["a/1", "a/2", "b/1"].iter().map(|id| id.parse().unwrap_or_else(|_| panic!("{id}"))).collect();
        let next = |done: &[usize], last: Option<usize>| {
            let finished = done.iter().map(|&i| ids[i].clone()).collect();
            next_lesson(ids.iter(), &finished, last.map(|i| &ids[i])).map(ToString::to_string)
        };
        assert_eq!(next(&[], None).as_deref(), Some("a/1"));
        assert_eq!(next(&[0], Some(0)).as_deref(), Some("a/2"));
        assert_eq!(next(&[2], Some(2)).as_deref(), Some("a/1"));
        assert_eq!(next(&[1, 2], Some(1)).as_deref(), Some("a/1"));
        assert_eq!(next(&[0, 1, 2], Some(2)), None);
    }

    proptest! {
        #[test]
        fn only_one_order_is_right(shuffled in Just(vec!['a', 'b', 'c']).prop_shuffle()) {
            let given: Vec<ChoiceId> = shuffled.iter().map(|&letter| c(letter)).collect();
            let right = mark(&key("q", Right::Order), &Answer::Order(given)) == Some(Mark::Right);
            prop_assert_eq!(right, shuffled == ['a', 'b', 'c']);
        }
    }
}
