//! What somebody changes about their own account, by plain forms.

use super::{
    account_pages::{AccountForm, AccountPage, CodeAppForm, CodeAppPage, RecoveryPage},
    gate, sign_in,
};
use crate::{
    error::{AppError, Broken},
    house::{House, see_other, with_cookies},
    paths::{self, Page},
    sync::FormValues,
    t,
    viewer::{Viewer, staff_cookie},
    words::Words,
};
use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::post,
};
use domain::accounts::{
    RANDOM_BYTES, RecoveryCode,
    staff::{PASSWORD_CHARS_MAX, PasswordFault, RECOVERY_CODES, Right, Staff, StaffId},
};
use leptos::prelude::*;
use store::Session;

/// Tries of one's own old password in an hour.
const OLD_PASSWORD_MAX: u32 = 10;

pub fn routes() -> Router<House> {
    let staff = paths::STAFF;
    let account = paths::ACCOUNT;
    Router::new()
        .route(&format!("/{staff}/{account}"), post(change))
        .route(&format!("/{staff}/{account}/{}", paths::CODE_APP), post(add_code_app))
}

/// What the secret of a code app is sealed for.
pub fn totp_label(of: StaffId) -> String {
    format!("staff.totp {of}")
}

/// The same while it is being set up.
pub fn setup_label(of: StaffId) -> String {
    format!("staff.totp-setup {of}")
}

/// Whether somebody can have this password.
pub fn check_password(house: &House, password: &str, of: &Staff) -> Result<(), PasswordFault> {
    let plain = of.login.replace('-', "");
    house.guard.check_password(password, &[&of.login, &plain, &of.name])
}

async fn change(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    form: FormValues,
) -> Response {
    let session = match gate::staff_or(&house, &viewer, Right::OwnAccount).await {
        Ok(session) => session,
        Err(response) => return response,
    };
    let id = session.staff.id;
    let back = || see_other(&Page::Account.path(viewer.locale), []);
    let this = viewer.staff_token.as_ref();
    let done = match form.first("act").as_str() {
        "sign-out" => sign_in::sign_out(&house, &viewer).await,
        "end" => {
            let handle = form.first("session");
            let ended = house.store.end_sessions(id, Some(&handle), this, viewer.now).await;
            ended.map(|()| back()).map_err(AppError::from)
        }
        "end-others" => {
            let ended = house.store.end_sessions(id, None, this, viewer.now).await;
            ended.map(|()| back()).map_err(AppError::from)
        }
        "recovery" if session.factors.any() => recovery(&house, &viewer, id).await,
        "remove-totp" => {
            let removed = house.store.remove_factor(id, None, id, viewer.now).await;
            removed.map(|()| back()).map_err(AppError::from)
        }
        "password" => password(&house, &viewer, &session, &headers, &form).await,
        _ => Ok(back()),
    };
    match done {
        Ok(response) => response,
        Err(error) => error.page(&house, viewer).await,
    }
}

/// New recovery codes, shown once.
async fn recovery(house: &House, viewer: &Viewer, id: StaffId) -> Result<Response, AppError> {
    let mut codes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let mut bytes = [0; RANDOM_BYTES];
        let drawn = house.guard.random(&mut bytes).ok().and_then(|()| RecoveryCode::from_random(&bytes));
        let Some(code) = drawn else {
            return Ok(house.answer(viewer.clone(), StatusCode::SERVICE_UNAVAILABLE, || view! { <Broken/> }).await);
        };
        codes.push(code);
    }
    house.store.set_recovery_codes(id, &codes, viewer.now).await?;
    let page = move || view! { <RecoveryPage codes=codes.clone()/> };
    Ok(house.answer(viewer.clone(), StatusCode::OK, page).await)
}

async fn password(
    house: &House,
    viewer: &Viewer,
    session: &Session,
    headers: &HeaderMap,
    form: &FormValues,
) -> Result<Response, AppError> {
    let words = Words::from(viewer.locale);
    let id = session.staff.id;
    let mut filled = AccountForm::default();
    let typed = |name: &str| form.all(name).into_iter().next().unwrap_or_default();
    let (old, new) = (typed("old"), typed("new"));
    let allowed = house.store.allow(&format!("old-password:{id}"), OLD_PASSWORD_MAX, viewer.now).await?;
    let hash = house.store.signing_in_by_id(id).await?.and_then(|who| who.password);
    let fits = old.chars().count() <= PASSWORD_CHARS_MAX;
    if !allowed {
        filled.old_fault = Some(t!(words, "staff-too-often"));
    } else if !fits || !house.guard.is_password(hash, old).await {
        filled.old_fault = Some(t!(words, "staff-old-not-right"));
    } else if let Err(fault) = check_password(house, &new, &session.staff) {
        filled.new_fault = Some(sign_in::said(&words, fault));
    }
    if filled.old_fault.is_some() || filled.new_fault.is_some() {
        let status = if allowed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::TOO_MANY_REQUESTS };
        return Ok(house.answer(viewer.clone(), status, move || view! { <AccountPage form=filled.clone()/> }).await);
    }
    let broken = || house.answer(viewer.clone(), StatusCode::SERVICE_UNAVAILABLE, || view! { <Broken/> });
    let Ok(hash) = house.guard.hash_password(new).await else { return Ok(broken().await) };
    house.store.set_password(id, &hash, viewer.now).await?;
    // All sessions have ended, this one too: it goes on under a new token.
    let Some(token) = sign_in::start(house, viewer, headers, id, false).await? else { return Ok(broken().await) };
    let form = AccountForm { changed: true, ..AccountForm::default() };
    let page = house.answer(viewer.clone(), StatusCode::OK, move || view! { <AccountPage form=form.clone()/> }).await;
    Ok(with_cookies(page, [staff_cookie(&token)]))
}

async fn add_code_app(State(house): State<House>, Extension(viewer): Extension<Viewer>, form: FormValues) -> Response {
    let session = match gate::staff_or(&house, &viewer, Right::OwnAccount).await {
        Ok(session) => session,
        Err(response) => return response,
    };
    match try_code_app(&house, &viewer, &session, &form).await {
        Ok(response) => response,
        Err(error) => error.page(&house, viewer).await,
    }
}

async fn try_code_app(
    house: &House,
    viewer: &Viewer,
    session: &Session,
    form: &FormValues,
) -> Result<Response, AppError> {
    let words = Words::from(viewer.locale);
    let id = session.staff.id;
    let sealed = form.first("sealed");
    let secret = house.guard.open(&setup_label(id), &sealed);
    let step = secret.as_ref().and_then(|secret| house.guard.totp_step(secret, &form.first("second"), viewer.now));
    let (Some(secret), Some(step)) = (secret, step) else {
        let filled = CodeAppForm { sealed: Some(sealed), fault: Some(t!(words, "staff-second-not-right")) };
        let page = move || view! { <CodeAppPage form=filled.clone()/> };
        return Ok(house.answer(viewer.clone(), StatusCode::UNPROCESSABLE_ENTITY, page).await);
    };
    let Ok(kept) = house.guard.seal(&totp_label(id), &secret) else {
        return Ok(house.answer(viewer.clone(), StatusCode::SERVICE_UNAVAILABLE, || view! { <Broken/> }).await);
    };
    house.store.set_totp(id, &kept, step, viewer.now).await?;
    recovery(house, viewer, id).await
}
