//! Making out a certificate, and telling anybody who holds its code what it says.

use super::certificate_pages::CertificatePage;
use crate::{
    error::{AppError, NotFound},
    house::{House, see_other},
    paths::{self, Page},
    viewer::Viewer,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
    routing::post,
};
use domain::{
    accounts::{CertificateCode, RANDOM_BYTES},
    time::day_of,
};
use leptos::prelude::*;
use store::Issued;

pub(super) fn routes() -> Router<House> {
    Router::new().route(&format!("/{}/{{track}}/{}", paths::LESSONS, paths::CERTIFICATE), post(issue))
}

/// Makes out the certificate of a track for a learner who has practised all its skills; asking again gives the same.
async fn issue(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    Path(track): Path<String>,
) -> Response {
    let Some(track) = house.library.track(&track).cloned() else {
        return house.answer(viewer, StatusCode::NOT_FOUND, || view! { <NotFound/> }).await;
    };
    let (Some(credentials), Some(code)) = (viewer.credentials.clone(), draw()) else {
        return see_other(&Page::Consent.path(viewer.locale), []);
    };
    let skills: Vec<_> = track.skills.iter().map(|skill| skill.id.clone()).collect();
    match house.store.issue(&credentials, &track.id, &skills, &code, day_of(viewer.now)).await {
        Ok(Issued::NotYours) => see_other(&Page::Consent.path(viewer.locale), []),
        Ok(issued) => {
            let status = if issued == Issued::NotYet { StatusCode::CONFLICT } else { StatusCode::OK };
            let progress = match super::progress(&house, &viewer).await {
                Ok(progress) => progress,
                Err(error) => return error.page(&house, viewer).await,
            };
            let page = move || view! { <CertificatePage track=track.clone() progress=progress.clone()/> };
            house.answer(viewer, status, page).await
        }
        Err(error) => AppError::from(error).page(&house, viewer).await,
    }
}

fn draw() -> Option<CertificateCode> {
    let mut bytes = [0; RANDOM_BYTES];
    getrandom::fill(&mut bytes).ok()?;
    CertificateCode::from_random(&bytes)
}
