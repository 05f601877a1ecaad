//! `review.toml`: the booster of a lesson, three questions that ask again what it taught, in other clothes.

use crate::{
    abbreviations::Reading,
    faults::Faults,
    form,
    picture::hex,
    question::{self, RawQuestion},
    source::File,
};
use domain::{
    content::{LessonId, Marking, Question, Review, SkillId, Version},
    learn::REVIEW_PASS_PERCENT,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

/// A minute and a half, half a minute a question.
const QUESTIONS: usize = 3;
/// Written: three questions with their answers.
const TEXT_BYTES_MAX: usize = 6 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReview {
    #[serde(default)]
    question: Vec<Spanned<RawQuestion>>,
}

/// What the file says, before it is known whether the lesson has the questions that it names.
pub(crate) struct Draft<'a> {
    file: File<'a>,
    version: Version,
    questions: Vec<Question>,
    /// The question of the lesson that each asks again, and where that stands.
    of: Vec<(String, usize)>,
}

pub(crate) fn read<'a>(file: File<'a>, reading: &mut Reading<'_>, faults: &mut Faults) -> Option<Draft<'a>> {
    let raw = form::parse::<RawReview>(file, faults)?;
    if file.text.len() > TEXT_BYTES_MAX {
        faults.of(file.path, format!("{} bytes (at most {TEXT_BYTES_MAX})", file.text.len()));
    }
    let mut of = Vec::new();
    for question in &raw.question {
        match &question.get_ref().of {
            Some(named) => of.push((named.get_ref().clone(), named.span().start)),
            None => faults.at(
                file,
                question.span().start,
                "the question has no `of`: which one of the lesson does it ask again?",
            ),
        }
    }
    let read = question::read_all(file, raw.question, QUESTIONS..=QUESTIONS, faults);
    for said in read.iter().flat_map(|question| &question.texts) {
        reading.text(file, said, faults);
    }
    let questions = read.into_iter().map(|read| read.question).collect::<Option<Vec<_>>>()?;
    let version = hex(&Sha256::digest(file.text))[..12].parse().ok()?;
    Some(Draft { file, version, questions, of })
}

impl Draft<'_> {
    /// The booster of this lesson. `None` only where there are faults.
    pub(crate) fn of_lesson(
        self,
        lesson: &LessonId,
        questions: &[Question],
        skills: &[SkillId],
        faults: &mut Faults,
    ) -> Option<Review> {
        let mut asked: Vec<&str> = Vec::new();
        for (of, place) in &self.of {
            if !questions.iter().any(|question| question.key.id.as_str() == of) {
                faults.at(self.file, *place, format!("the lesson has no question “{of}”"));
            } else if asked.contains(&of.as_str()) {
                faults.at(self.file, *place, format!("question “{of}” is asked again twice"));
            }
            asked.push(of);
        }
        for question in &self.questions {
            if let Some(same) = questions.iter().find(|other| other.text == question.text) {
                let what = format!("“{}” is asked in the same words as in the lesson", same.text);
                faults.of(self.file.path, what);
            }
        }
        let marking = Marking {
            lesson: lesson.clone(),
            version: self.version,
            skills: skills.to_vec(),
            pass_percent: REVIEW_PASS_PERCENT,
            questions: self.questions.iter().map(|question| question.key.clone()).collect(),
        };
        Some(Review { questions: self.questions, marking })
    }
}
