//! Marking who is there.

use super::{attendance_pages::DAY_FORM, class_of};
use crate::{
    accounts::staff::gate,
    error::AppError,
    house::{House, see_other},
    paths::{self, Page},
    sync::FormValues,
    viewer::Viewer,
};
use axum::{Extension, Router, extract::State, response::Response, routing::post};
use chrono::NaiveDate;
use domain::{accounts::staff::Right, classes::Attendance, time::day_of};

pub fn routes() -> Router<House> {
    let staff = paths::STAFF;
    let classes = paths::CLASSES;
    Router::new().route(&format!("/{staff}/{classes}/{{class}}/{}", paths::ATTENDANCE), post(mark))
}

/// One person's mark: the field is called after them, so that two trainers' phones never take each other's marks back.
async fn mark(State(house): State<House>, Extension(viewer): Extension<Viewer>, form: FormValues) -> Response {
    let session = match gate::staff_or(&house, &viewer, Right::Teach).await {
        Ok(session) => session,
        Err(response) => return response,
    };
    let trainer = session.staff.id;
    let today = day_of(viewer.now);
    let day = NaiveDate::parse_from_str(&form.first("day"), DAY_FORM).ok().filter(|day| *day <= today);
    let (Some(id), Some(day)) = (class_of(&viewer.path), day) else { return gate::not_found(&house, &viewer).await };
    let mut back = Page::Attendance(&id.to_string()).path(viewer.locale);
    if day != today {
        back = format!("{back}?{}={}", paths::DAY, day.format(DAY_FORM));
    }
    let done = match form.named("m-") {
        Some((member, state)) => match member.parse() {
            Ok(member_id) => {
                back = format!("{back}#{member}");
                let state = Attendance::parse(&state);
                house.store.mark(trainer, id, day, member_id, state, viewer.now).await
            }
            Err(_) => Ok(false),
        },
        None => match form.first("unnamed").parse() {
            Ok(people) => house.store.count_unnamed(trainer, id, day, people).await,
            Err(_) => house.store.class(trainer, id).await.map(|class| class.is_some()),
        },
    };
    match done {
        Ok(true) => see_other(&back, []),
        Ok(false) => gate::not_found(&house, &viewer).await,
        Err(error) => AppError::from(error).page(&house, viewer).await,
    }
}
