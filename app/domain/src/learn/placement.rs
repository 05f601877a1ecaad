//! "Where do I begin?": a few questions that propose what can be skipped. Never a gate: every lesson stays open.

use crate::content::{ChoiceId, LessonId, QuestionId, Version};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Questions there are: three minutes, and every track is asked about.
pub const PLACEMENT_QUESTIONS: usize = 8;

/// What is chosen at each question; one that is left out was not known.
pub type Placing = BTreeMap<QuestionId, ChoiceId>;

/// What is right, and what follows from it; kept for every version ever released.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacementKey {
    pub version: Version,
    pub questions: Vec<PlacementQuestionKey>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacementQuestionKey {
    pub id: QuestionId,
    pub choices: u8,
    pub right: ChoiceId,
    /// Whoever knows the answer can skip these lessons.
    pub skips: Vec<LessonId>,
}

/// Questions to begin with, as pages show them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placement {
    pub key: PlacementKey,
    /// In the order of the key: the question and its choices.
    pub texts: Vec<(String, Vec<String>)>,
}

/// An answer to a question that does not exist, or a choice that it does not have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAnAnswer;

impl PlacementKey {
    /// The lessons that these answers say can be skipped.
    pub fn known(&self, placing: &Placing) -> Result<BTreeSet<LessonId>, NotAnAnswer> {
        let mut known = BTreeSet::new();
        for (id, choice) in placing {
            let question = self.questions.iter().find(|question| question.id == *id).ok_or(NotAnAnswer)?;
            if choice.place() >= usize::from(question.choices) {
                return Err(NotAnAnswer);
            }
            if *choice == question.right {
                known.extend(question.skips.iter().cloned());
            }
        }
        Ok(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_answers_say_what_can_be_skipped() {
        let parse = |text: &str| -> LessonId { text.parse().unwrap_or_else(|_| panic!("{text}")) };
        let id = |text: &str| -> QuestionId { text.parse().unwrap_or_else(|_| panic!("{text}")) };
        let choice = |nth| ChoiceId::nth(nth).unwrap_or_else(|| panic!("{nth}"));
        let question = |name: &str, right, skips: &[&str]| PlacementQuestionKey {
            id: id(name),
            choices: 3,
            right: choice(right),
            skips: skips.iter().map(|skip| parse(skip)).collect(),
        };
        let key = PlacementKey {
            version: "0123456789ab".parse().unwrap_or_else(|_| unreachable!()),
            questions: vec![question("a", 0, &["t/x", "t/y"]), question("b", 2, &["t/y", "u/z"])],
        };
        let known = |placing: &[(&str, usize)]| {
            let placing = placing.iter().map(|(name, nth)| (id(name), choice(*nth))).collect();
            let known = key.known(&placing).map_err(|NotAnAnswer| "no answer")?;
            Ok::<_, &str>(known.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        let said = |text: &str| Ok(text.to_owned());
        assert_eq!(known(&[]), said(""));
        assert_eq!(known(&[("a", 0)]), said("t/x t/y"));
        assert_eq!(known(&[("a", 1), ("b", 2)]), said("t/y u/z"));
        assert_eq!(known(&[("c", 0)]), Err("no answer"));
        assert_eq!(known(&[("a", 3)]), Err("no answer"));
    }
}
