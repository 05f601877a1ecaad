//! A drill: a few cases drawn from one seed, what the learner answered, and how well scams were told from what is genuine.

use super::{
    RULES,
    random::Random,
    scams::{Book, DrawnCase, Truth, draw},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Cases of one drill: five minutes, and enough of both kinds.
pub const CASES: usize = 6;
/// Of one kind at most: nobody can tell the last case by counting, and both kinds are always there.
const OF_ONE_KIND_MAX: usize = 4;
/// The same case with other words may come so often in one drill.
const OF_ONE_CASE_MAX: usize = 1;
/// Bytes of answers: a drill answered with every question has some fifty.
pub const ANSWERS_BYTES_MAX: usize = 512;
/// As in trails.
const SECONDS_MAX: u16 = super::trail::SECONDS_MAX;

/// What the learner does at a turn of a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Response {
    /// Listens or reads on; after the last turn does what is wanted.
    GoOn,
    /// Asks back; once a turn.
    Ask,
    /// Hangs up, deletes, sends away.
    HangUp,
    /// Calls a number that they know themselves.
    CallBack,
    /// Tells the police.
    Report,
    /// Goes on to the next case after looking at the signs.
    Next,
}

impl Response {
    pub const ALL: [Self; 6] = [Self::GoOn, Self::Ask, Self::HangUp, Self::CallBack, Self::Report, Self::Next];

    /// Its letter, in answers and forms.
    pub fn letter(self) -> char {
        match self {
            Self::GoOn => 'g',
            Self::Ask => 'a',
            Self::HangUp => 'h',
            Self::CallBack => 'c',
            Self::Report => 'r',
            Self::Next => 'n',
        }
    }

    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|response| response.letter() == letter)
    }
}

/// How a case ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Did what was wanted.
    Followed,
    /// Hung up, or told the police.
    Refused,
    /// Asked at a number they know: safe with a scam, and fair to what is genuine.
    Checked,
}

impl Outcome {
    /// Whether that was right: a scam refused or checked, something genuine followed or checked.
    pub fn is_right(self, of: Truth) -> bool {
        match of {
            Truth::Scam => self != Self::Followed,
            Truth::Genuine => self != Self::Refused,
        }
    }
}

/// Answers in their order: each a letter and seconds (`g3a5h2n4…`).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Answers(Vec<(Response, u16)>);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DrillFault {
    UnknownRules,
    TooLong,
    Unreadable,
    /// An answer where it cannot be given.
    NotPossible,
    /// Not all cases were answered.
    Unfinished,
    /// A book without cases.
    NoCases,
}

impl fmt::Display for DrillFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no answers of a drill: {self:?}")
    }
}

impl Answers {
    pub fn push(&mut self, response: Response, seconds: u16) {
        self.0.push((response, seconds.min(SECONDS_MAX)));
    }
}

impl fmt::Display for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(response, seconds)| write!(f, "{}{seconds}", response.letter()))
    }
}

impl FromStr for Answers {
    type Err = DrillFault;

    fn from_str(text: &str) -> Result<Self, DrillFault> {
        if text.len() > ANSWERS_BYTES_MAX {
            return Err(DrillFault::TooLong);
        }
        let mut answers = Vec::new();
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            let after = &rest[letter.len_utf8()..];
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let seconds: Option<u16> = after[..digits].parse().ok().filter(|seconds| *seconds <= SECONDS_MAX);
            let plain = digits == 1 || !after.starts_with('0');
            let response = Response::from_letter(letter).filter(|_| plain).ok_or(DrillFault::Unreadable)?;
            answers.push((response, seconds.ok_or(DrillFault::Unreadable)?));
            rest = &after[digits..];
        }
        Ok(Self(answers))
    }
}

impl From<Answers> for String {
    fn from(answers: Answers) -> Self {
        answers.to_string()
    }
}

impl TryFrom<String> for Answers {
    type Error = DrillFault;
    fn try_from(text: String) -> Result<Self, DrillFault> {
        text.parse()
    }
}

/// The cases of a drill.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drill {
    pub cases: Vec<DrawnCase>,
}

/// What a page shows after some answers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    /// The case, from 0; [`CASES`] after the last.
    pub case: usize,
    /// The turn of the case, from 0.
    pub turn: usize,
    /// At which turns was asked, up to here.
    pub asked: Vec<bool>,
    /// The case is over: its signs are shown.
    pub outcome: Option<Outcome>,
    /// Of the cases that are over.
    pub score: DrillScore,
    /// For each case that is over whether it was answered rightly, with its family.
    pub results: Vec<(usize, Truth, Outcome)>,
}

/// How a drill went. Hits and false alarms stand apart: refusing everything is not telling apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DrillScore {
    pub scams: u16,
    /// Scams refused or checked.
    pub hits: u16,
    pub genuine: u16,
    /// Genuine ones refused.
    pub false_alarms: u16,
    /// Cases that were settled by asking at a known number, of both kinds: safe, and here said apart.
    pub checked: u16,
    pub seconds: u32,
}

impl DrillScore {
    /// Every scam refused or checked, and at most one in three genuine ones refused.
    pub fn is_pass(&self) -> bool {
        self.scams > 0 && self.hits == self.scams && self.false_alarms * 3 <= self.genuine
    }
}

impl Drill {
    /// Draws the cases: never the same case twice, and at most [`OF_ONE_KIND_MAX`] of a kind. A book that has too few different
    /// cases for that gives what it has, in any mixture.
    pub fn new(book: &Book, seed: u32) -> Self {
        /// Tries before the wish for variety is given up: only a book of a few cases needs them.
        const TRIES_MAX: usize = 1_000;
        let mut random = Random::new(seed.into());
        let mut cases: Vec<DrawnCase> = Vec::new();
        for tried in 0..TRIES_MAX + CASES {
            let Some(case) = draw(book, random.number()) else { break };
            let of_kind = cases.iter().filter(|other| other.of == case.of).count();
            let same = cases.iter().filter(|other| (other.family, other.case) == (case.family, case.case)).count();
            if tried >= TRIES_MAX || of_kind < OF_ONE_KIND_MAX && same < OF_ONE_CASE_MAX {
                cases.push(case);
            }
            if cases.len() == CASES {
                break;
            }
        }
        Self { cases }
    }

    /// Replays answers.
    pub fn see(&self, answers: &Answers) -> Result<Seen, DrillFault> {
        let first = self.cases.first().ok_or(DrillFault::NoCases)?;
        let new = |case: &DrawnCase| vec![false; case.turns.len()];
        let mut seen = Seen {
            case: 0,
            turn: 0,
            asked: new(first),
            outcome: None,
            score: DrillScore::default(),
            results: Vec::new(),
        };
        for &(response, seconds) in &answers.0 {
            let case = self.cases.get(seen.case).ok_or(DrillFault::NotPossible)?;
            seen.score.seconds = seen.score.seconds.saturating_add(seconds.into());
            let over = seen.outcome.is_some();
            let outcome = match response {
                Response::Next if over => {
                    seen.case += 1;
                    seen.turn = 0;
                    seen.outcome = None;
                    seen.asked = self.cases.get(seen.case).map(new).unwrap_or_default();
                    continue;
                }
                Response::Ask if !over && may_ask(case, &seen) => {
                    seen.asked[seen.turn] = true;
                    continue;
                }
                Response::GoOn if !over && seen.turn + 1 < case.turns.len() => {
                    seen.turn += 1;
                    continue;
                }
                Response::GoOn if !over => Outcome::Followed,
                Response::HangUp | Response::Report if !over => Outcome::Refused,
                Response::CallBack if !over => Outcome::Checked,
                _ => return Err(DrillFault::NotPossible),
            };
            seen.outcome = Some(outcome);
            let score = &mut seen.score;
            match case.of {
                Truth::Scam => {
                    score.scams += 1;
                    score.hits += u16::from(outcome.is_right(Truth::Scam));
                }
                Truth::Genuine => {
                    score.genuine += 1;
                    score.false_alarms += u16::from(!outcome.is_right(Truth::Genuine));
                }
            }
            score.checked += u16::from(outcome == Outcome::Checked);
            seen.results.push((case.family, case.of, outcome));
        }
        Ok(seen)
    }

    /// Replays a finished drill by the rules it was made with. Also tells whose families' scams were among the cases.
    pub fn score(&self, rules: u16, answers: &Answers) -> Result<(DrillScore, Vec<usize>), DrillFault> {
        if rules != RULES {
            return Err(DrillFault::UnknownRules);
        }
        let seen = self.see(answers)?;
        if seen.case < self.cases.len() {
            return Err(DrillFault::Unfinished);
        }
        let mut families: Vec<usize> =
            seen.results.iter().filter(|(_, of, _)| *of == Truth::Scam).map(|(family, ..)| *family).collect();
        families.sort_unstable();
        families.dedup();
        Ok((seen.score, families))
    }
}

/// Whether one can still ask at this turn.
pub(super) fn may_ask(case: &DrawnCase, seen: &Seen) -> bool {
    !case.replies.is_empty() && seen.asked.get(seen.turn).is_some_and(|asked| !asked)
}

impl Seen {
    /// Whether one can still ask at this turn.
    pub fn may_ask(&self, case: &DrawnCase) -> bool {
        may_ask(case, self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::scams::tests::book;
    use super::*;
    use proptest::prelude::*;

    fn answers(text: &str) -> Answers {
        text.parse().unwrap_or_else(|fault| panic!("{text}: {fault:?}"))
    }

    #[test]
    fn answers_are_read_as_they_are_written() {
        for good in ["", "g3a5h2n4", "c999"] {
            assert_eq!(answers(good).to_string(), good);
        }
        for bad in ["g", "x1", "g1000", "g01", "3"] {
            assert_eq!(bad.parse::<Answers>(), Err(DrillFault::Unreadable), "{bad}");
        }
        assert_eq!("g1".repeat(300).parse::<Answers>(), Err(DrillFault::TooLong));
    }

    #[test]
    fn a_drill_is_scored_by_its_answers() {
        let drill = Drill::new(&book(), 5);
        assert_eq!(drill.cases.len(), CASES);
        // Refuse all, follow all, check all.
        let all = |one: &str| answers(&one.repeat(CASES));
        let (refused, families) = drill.score(RULES, &all("h2n1")).unwrap_or_else(|fault| panic!("{fault:?}"));
        assert_eq!((refused.hits, refused.false_alarms), (refused.scams, refused.genuine));
        assert_eq!(refused.seconds, 3 * CASES as u32);
        assert!(!refused.is_pass(), "refusing everything is not telling apart");
        assert!(!families.is_empty());
        let (followed, _) = drill.score(RULES, &all("g1g1n1")).unwrap_or_else(|fault| panic!("{fault:?}"));
        assert_eq!((followed.hits, followed.false_alarms), (0, 0));
        assert!(!followed.is_pass());
        let (checked, _) = drill.score(RULES, &all("a1g1a1c1n1")).unwrap_or_else(|fault| panic!("{fault:?}"));
        assert_eq!((checked.hits, checked.false_alarms, checked.checked), (checked.scams, 0, CASES as u16));
        assert!(checked.is_pass());
        let right = drill.cases.iter().map(|case| if case.of == Truth::Scam { "r1n1" } else { "g1g1n1" });
        let (right, _) =
            drill.score(RULES, &answers(&right.collect::<String>())).unwrap_or_else(|fault| panic!("{fault:?}"));
        assert!(right.is_pass() && right.checked == 0);
    }

    #[test]
    fn what_cannot_be_answered_is_refused() {
        let drill = Drill::new(&book(), 5);
        let cases = [
            ("n1", DrillFault::NotPossible),
            ("h1h1", DrillFault::NotPossible),
            ("a1a1", DrillFault::NotPossible),
            ("h1g1", DrillFault::NotPossible),
            ("h1", DrillFault::Unfinished),
            ("", DrillFault::Unfinished),
        ];
        for (text, fault) in cases {
            assert_eq!(drill.score(RULES, &answers(text)), Err(fault), "{text}");
        }
        let too_many = "h1n1".repeat(CASES + 1);
        assert_eq!(drill.score(RULES, &answers(&too_many)), Err(DrillFault::NotPossible));
        assert_eq!(drill.score(RULES + 1, &Answers::default()), Err(DrillFault::UnknownRules));
        assert_eq!(Drill::new(&Book::default(), 1).see(&Answers::default()), Err(DrillFault::NoCases));
    }

    proptest! {
        #[test]
        fn any_answers_keep_a_valid_state(seed: u32, letters in proptest::collection::vec(0..6usize, 0..60)) {
            let drill = Drill::new(&book(), seed);
            let mut taken = Answers::default();
            for letter in letters {
                let mut more = taken.clone();
                more.push(Response::ALL[letter], 1);
                if let Ok(seen) = drill.see(&more) {
                    taken = more;
                    prop_assert!(seen.case <= CASES);
                    prop_assert!(seen.score.hits <= seen.score.scams && seen.score.false_alarms <= seen.score.genuine);
                    prop_assert_eq!(usize::from(seen.score.scams + seen.score.genuine), seen.results.len());
                    prop_assert_eq!(taken.to_string().parse::<Answers>().ok(), Some(taken.clone()));
                }
            }
        }
    }
}
