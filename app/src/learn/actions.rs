//! A lesson answered without JavaScript: marked at once, and forgotten unless the learner is counted.

use super::{
    certificates,
    pages::{Filled, Finished, LessonPage},
    path_actions, progress,
};
use crate::{
    error::NotFound,
    house::{House, with_cookies},
    kept, paths,
    sync::{self, FormValues},
    viewer::{Viewer, finished_cookie},
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::post,
};
use domain::{
    content::{Lesson, LessonId, Question},
    learn::{Answer, TRIES_MAX, fields, mark},
    sync::{Noted, What},
};
use leptos::prelude::*;
use std::sync::Arc;

pub fn routes() -> Router<House> {
    Router::new()
        .route(&format!("/{}/{{track}}/{{lesson}}", paths::LESSONS), post(answer))
        .merge(path_actions::routes())
        .merge(certificates::routes())
}

/// Looks at one answer (`check`) or finishes the lesson (`finish`).
async fn answer(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    Path((track, lesson)): Path<(String, String)>,
    form: FormValues,
) -> Response {
    let lesson = LessonId::new(&track, &lesson).ok().and_then(|id| house.library.lesson(&id).cloned());
    let Some(lesson) = lesson.map(Arc::new) else {
        return house.answer(viewer, StatusCode::NOT_FOUND, || view! { <NotFound/> }).await;
    };
    let mut filled = read(&lesson.questions, &form);
    let wants_to_finish = !form.first("finish").is_empty();
    if wants_to_finish {
        filled.note_open(&lesson.questions);
    }
    let mut cookies = Vec::new();
    if wants_to_finish && filled.open.is_empty() {
        match finish(&house, &viewer, &lesson, &filled).await {
            Ok((finished, cookie)) => {
                filled.finished = Some(finished);
                cookies.extend(cookie);
            }
            Err(error) => return error.page(&house, viewer).await,
        }
    }
    let status = if filled.open.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = move || view! { <LessonPage lesson=lesson.clone() filled=filled.clone()/> };
    with_cookies(house.answer(viewer, status, page).await, cookies)
}

/// What the form says: answers, earlier tries, and which question is looked at.
pub(super) fn read(questions: &[Question], form: &FormValues) -> Filled {
    let mut filled = Filled::default();
    let checked = form.first("check");
    for question in questions {
        let key = &question.key;
        let mut tries: Vec<Answer> = form
            .first(&fields::tries(&key.id))
            .split(' ')
            .filter_map(Answer::from_word)
            .filter(|answer| mark(key, answer).is_some())
            .take(TRIES_MAX)
            .collect();
        let answer = Answer::from_form(key, &|name| form.all(name)).filter(|answer| mark(key, answer).is_some());
        let was_looked_at = !tries.is_empty();
        if let Some(answer) = &answer {
            // An answer counts as a try when it is looked at, and at the end.
            if tries.last() != Some(answer) && tries.len() < TRIES_MAX {
                tries.push(answer.clone());
            }
            filled.answers.insert(key.id.clone(), answer.clone());
        }
        let looked_at = checked == key.id.as_str() || was_looked_at;
        if looked_at {
            filled.looked_at.insert(key.id.clone());
            filled.tries.insert(key.id.clone(), tries);
        }
    }
    filled
}

/// The end of a lesson: recorded for a learner who is counted, noted in the cookie for everyone else.
async fn finish(
    house: &House,
    viewer: &Viewer,
    lesson: &Lesson,
    filled: &Filled,
) -> Result<(Finished, Option<String>), crate::error::AppError> {
    let answers = filled.tried();
    let noted = Noted::answered(&lesson.marking, &answers);
    let what = What::LessonFinished { lesson: lesson.id.clone(), version: lesson.version.clone(), answers };
    let json = kept::beside(&what, &noted);
    let before = progress(house, viewer).await?;
    let mut all = before.finished;
    all.insert(lesson.id.clone());
    let recorded = match &viewer.credentials {
        Some(credentials) if before.counted => {
            let id = sync::event_id(credentials, &what, None);
            sync::record(house, credentials, viewer.now, id, what).await?
        }
        _ => false,
    };
    let cookie = (!recorded).then(|| finished_cookie(&viewer.finished, &lesson.id));
    let ask = !before.counted && !viewer.declined;
    Ok((Finished { all, ask, event: (!recorded).then_some(json) }, cookie))
}
