//! How far a viewer is: from the store for a learner, from the cookie for everyone else.

use crate::{error::AppError, house::House, viewer::Viewer};
use domain::{
    content::{Lesson, LessonId},
    learn::next_lesson,
};
use std::collections::BTreeSet;

/// How far somebody is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    pub finished: BTreeSet<LessonId>,
    /// The one finished last, where that is known.
    pub last: Option<LessonId>,
    /// Whether they are a learner who is counted.
    pub counted: bool,
}

/// One store call, and none for those who are not learners.
pub async fn progress(house: &House, viewer: &Viewer) -> Result<Progress, AppError> {
    let of_cookie = Progress { finished: viewer.finished_set(), last: viewer.finished.last().cloned(), counted: false };
    let Some(credentials) = &viewer.credentials else { return Ok(of_cookie) };
    let Some(learner) = house.store.learner_view(credentials).await? else { return Ok(of_cookie) };
    let mut finished: BTreeSet<LessonId> = learner.finished.keys().cloned().collect();
    let newest = learner.finished.iter().max_by_key(|(_, month)| **month).map(|(lesson, _)| lesson.clone());
    finished.extend(of_cookie.finished);
    Ok(Progress { finished, last: of_cookie.last.or(newest), counted: true })
}

/// The lesson to go on with.
pub fn next<'a>(house: &'a House, progress: &Progress) -> Option<&'a Lesson> {
    let lessons: Vec<&LessonId> = house.library.lessons().map(|lesson| &lesson.id).collect();
    let next = next_lesson(lessons.into_iter(), &progress.finished, progress.last.as_ref())?;
    house.library.lesson(next)
}
