//! How far a viewer is: from the store for a learner, from the cookies for everyone else.

use crate::{error::AppError, house::House, viewer::Viewer};
use chrono::NaiveDate;
use domain::{
    content::{Lesson, LessonId, TrackId},
    learn::{Deeds, Due, next_lesson, next_review},
    time::day_of,
};
use std::collections::{BTreeMap, BTreeSet};
use store::Certificate;

/// How far somebody is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    pub finished: BTreeSet<LessonId>,
    /// Of those that the store knows of the first day.
    pub days: BTreeMap<LessonId, NaiveDate>,
    /// What can be skipped, by the answers to "where do I begin".
    pub known: BTreeSet<LessonId>,
    pub deeds: Deeds,
    pub certificates: BTreeMap<TrackId, Certificate>,
    /// The one finished last, where that is known.
    pub last: Option<LessonId>,
    /// Whether they are a learner who is counted.
    pub counted: bool,
}

/// One store call, and none for those who are not learners.
pub async fn progress(house: &House, viewer: &Viewer) -> Result<Progress, AppError> {
    let of_cookie = Progress {
        finished: viewer.finished_set(),
        last: viewer.finished.last().cloned(),
        known: known_by_cookie(house, viewer),
        ..Progress::default()
    };
    let Some(credentials) = &viewer.credentials else { return Ok(of_cookie) };
    let Some(learner) = house.store.learner_view(credentials).await? else { return Ok(of_cookie) };
    let mut finished: BTreeSet<LessonId> = learner.finished.keys().cloned().collect();
    let newest = learner.finished.iter().max_by_key(|(_, day)| **day).map(|(lesson, _)| lesson.clone());
    finished.extend(of_cookie.finished);
    let mut known = learner.deeds.known();
    known.extend(of_cookie.known);
    Ok(Progress {
        finished,
        days: learner.finished,
        known,
        deeds: learner.deeds,
        certificates: learner.certificates,
        last: of_cookie.last.or(newest),
        counted: true,
    })
}

fn known_by_cookie(house: &House, viewer: &Viewer) -> BTreeSet<LessonId> {
    let questions = house.library.placement.iter().flat_map(|placement| &placement.key.questions);
    questions
        .filter(|question| viewer.knows.contains(&question.id))
        .flat_map(|question| question.skips.clone())
        .collect()
}

/// The lesson to go on with: first what is new, then what was skipped.
pub fn next<'a>(house: &'a House, progress: &Progress) -> Option<&'a Lesson> {
    let all: Vec<&LessonId> = house.library.lessons().map(|lesson| &lesson.id).collect();
    let lessons = || all.iter().copied();
    let behind: BTreeSet<LessonId> = progress.finished.union(&progress.known).cloned().collect();
    let last = progress.last.as_ref();
    let next = next_lesson(lessons(), &behind, last).or_else(|| next_lesson(lessons(), &progress.finished, last));
    house.library.lesson(next?)
}

/// The lesson whose booster has been due for longest; one at a time.
pub fn due<'a>(house: &'a House, viewer: &Viewer, progress: &Progress) -> Option<&'a Lesson> {
    let today = day_of(viewer.now);
    let due = |lesson: &&Lesson| -> Option<Due> {
        let finished = progress.days.get(&lesson.id)?;
        next_review(*finished, &progress.deeds.reviews(&lesson.id)).filter(|due| due.day <= today)
    };
    let all = house.library.lessons().filter_map(|lesson| Some((due(&lesson)?, lesson)));
    all.min_by_key(|(due, _)| due.day).map(|(_, lesson)| lesson)
}
