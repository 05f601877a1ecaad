//! Signing in and out, by plain forms.
//!
//! Whatever is wrong — the name, the password, a closed account — the answer is the same and takes as long. Tries are counted in
//! the database, so that they hold over all processes.

use super::sign_in_pages::{InvitedForm, InvitedPage, SecondForm, SecondPage, SignInForm, SignInPage};
use super::{account, gate};
use crate::{
    error::{AppError, Broken},
    house::{House, see_other},
    paths::{self, Page},
    sync::{Address, FormValues},
    t,
    viewer::{STAFF_COOKIE, Viewer, forget_cookie, staff_cookie},
    words::Words,
};
use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
    routing::post,
};
use domain::accounts::{
    CardCode, RecoveryCode, Secret,
    staff::{PASSWORD_CHARS_MAX, PasswordFault, StaffId},
};
use leptos::prelude::*;
use store::{Shown, SigningIn};

/// Tries for one account from one address in an hour: whoever mistypes ten times has forgotten it.
const TRIES_HERE_MAX: u32 = 10;
/// Tries for one account from everywhere (NIST SP 800-63B-4, §3.2.2: no more than 100 failed ones): its owner, on a network that
/// nobody guesses from, has ten of their own.
const TRIES_ACCOUNT_MAX: u32 = 60;
/// Tries from one address for all accounts: a commune's office and its trainers share one.
const TRIES_ADDRESS_MAX: u32 = 300;
/// Codes of a second factor for one account in an hour: a million codes, three of them right at a time; at twelve tries an hour
/// somebody who has the password needs years.
const CODES_MAX: u32 = 12;
/// Links shown from one address in an hour; nobody guesses one of 2⁸⁶.
const LINKS_MAX: u32 = 100;

pub fn routes() -> Router<House> {
    let staff = paths::STAFF;
    let sign_in = paths::SIGN_IN;
    Router::new()
        .route(&format!("/{staff}/{sign_in}"), post(by_password))
        .route(&format!("/{staff}/{sign_in}/{}", paths::SECOND), post(by_code))
        .route(&format!("/{staff}/{}", paths::INVITED), post(by_link))
}

/// Counts a try against each of these limits.
async fn may_try(house: &House, limits: &[(String, u32)], viewer: &Viewer) -> Result<bool, AppError> {
    for (bucket, most) in limits {
        if !house.store.allow(bucket, *most, viewer.now).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn by_password(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    Extension(address): Extension<Address>,
    headers: HeaderMap,
    form: FormValues,
) -> Response {
    match try_password(&house, &viewer, &address, &headers, &form).await {
        Ok(response) => response,
        Err(error) => error.page(&house, viewer).await,
    }
}

async fn try_password(
    house: &House,
    viewer: &Viewer,
    address: &Address,
    headers: &HeaderMap,
    form: &FormValues,
) -> Result<Response, AppError> {
    let words = Words::from(viewer.locale);
    let login = form.first("login").to_lowercase();
    let wanted = gate::wanted(&form.first("wanted")).unwrap_or_default().to_owned();
    let again = |status, fault| {
        let filled = SignInForm { login: form.first("login"), wanted: wanted.clone(), fault: Some(fault) };
        house.answer(viewer.clone(), status, move || view! { <SignInPage form=filled.clone()/> })
    };
    // The hash keeps names that somebody tried out of the database.
    let (account, place) = (house.hash_address(&format!("login {login}")), house.hash_address(&address.0));
    let limits = [
        (format!("sign-in:{account}:{place}"), TRIES_HERE_MAX),
        (format!("sign-in:{account}"), TRIES_ACCOUNT_MAX),
        (format!("sign-in-from:{place}"), TRIES_ADDRESS_MAX),
    ];
    if !may_try(house, &limits, viewer).await? {
        return Ok(again(StatusCode::TOO_MANY_REQUESTS, t!(words, "staff-too-often")).await);
    }
    let found = house.store.signing_in(&login).await?;
    // Not trimmed: a password is what was typed. What is longer than any password is none.
    let password = form.all("password").into_iter().next().unwrap_or_default();
    let fits = password.chars().count() <= PASSWORD_CHARS_MAX;
    let hash = found.as_ref().and_then(|found| found.password.clone()).filter(|_| fits);
    let password = if fits { password } else { String::new() };
    let right = house.guard.is_password(hash, password).await;
    match found.filter(|_| right) {
        Some(found) => begin(house, viewer, headers, &found, false, &wanted).await,
        None => Ok(again(StatusCode::UNPROCESSABLE_ENTITY, t!(words, "staff-not-right")).await),
    }
}

/// Begins a session: a whole one, or a half one where a second factor is still to come.
async fn begin(
    house: &House,
    viewer: &Viewer,
    headers: &HeaderMap,
    who: &SigningIn,
    proven: bool,
    wanted: &str,
) -> Result<Response, AppError> {
    let half = !proven && who.factors.any();
    let Some(token) = start(house, viewer, headers, who.staff.id, half).await? else {
        return Ok(house.answer(viewer.clone(), StatusCode::SERVICE_UNAVAILABLE, || view! { <Broken/> }).await);
    };
    let next = match (half, wanted) {
        (true, _) => Page::SecondFactor.path(viewer.locale),
        (false, "") => Page::Staff.path(viewer.locale),
        (false, wanted) => paths::in_locale(wanted, viewer.locale),
    };
    let mut cookies = vec![staff_cookie(&token)];
    if half && !wanted.is_empty() {
        cookies.push(crate::viewer::wanted_cookie(wanted));
    } else if !half {
        cookies.push(forget_cookie(crate::viewer::WANTED_COOKIE));
    }
    Ok(see_other(&next, cookies))
}

/// A new session under a new token. `None` when the system gives no randomness, or the account was closed meanwhile.
pub async fn start(
    house: &House,
    viewer: &Viewer,
    headers: &HeaderMap,
    id: StaffId,
    half: bool,
) -> Result<Option<Secret>, AppError> {
    let mut token = Secret([0; 32]);
    if house.guard.random(&mut token.0).is_err() {
        return Ok(None);
    }
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let before = viewer.staff_token.as_ref();
    let begun = house.store.begin_session(id, &token, before, half, &device_of(agent), viewer.now).await?;
    Ok(begun.then_some(token))
}

/// The browser and system that somebody signs in with, as they would name them: enough to know one's own phone in a list, and no
/// more.
fn device_of(agent: &str) -> String {
    let of = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map_or("?", |(_, name)| name)
    };
    let browsers = [("Edg/", "Edge"), ("coc_coc", "Cốc Cốc"), ("SamsungBrowser", "Samsung"), ("Firefox/", "Firefox")];
    let browser = of(&[&browsers[..], &[("Chrome/", "Chrome"), ("Safari/", "Safari")]].concat());
    let system = of(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    format!("{browser}, {system}")
}

async fn by_code(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
    form: FormValues,
) -> Response {
    match try_code(&house, &viewer, &headers, &form).await {
        Ok(response) => response,
        Err(error) => error.page(&house, viewer).await,
    }
}

async fn try_code(
    house: &House,
    viewer: &Viewer,
    headers: &HeaderMap,
    form: &FormValues,
) -> Result<Response, AppError> {
    let words = Words::from(viewer.locale);
    let Some(session) = viewer.staff.as_ref().filter(|session| session.half) else {
        return Ok(see_other(&Page::SignIn.path(viewer.locale), []));
    };
    let id = session.staff.id;
    let again = |status, fault| {
        let filled = SecondForm { fault: Some(fault) };
        house.answer(viewer.clone(), status, move || view! { <SecondPage form=filled.clone()/> })
    };
    if !may_try(house, &[(format!("second:{id}"), CODES_MAX)], viewer).await? {
        return Ok(again(StatusCode::TOO_MANY_REQUESTS, t!(words, "staff-too-often")).await);
    }
    let Some(who) = house.store.signing_in_by_id(id).await? else {
        return Ok(see_other(&Page::SignIn.path(viewer.locale), []));
    };
    if is_second(house, viewer, &who, &form.first("second")).await? {
        let wanted = viewer.wanted.clone().unwrap_or_default();
        return begin(house, viewer, headers, &who, true, gate::wanted(&wanted).unwrap_or_default()).await;
    }
    Ok(again(StatusCode::UNPROCESSABLE_ENTITY, t!(words, "staff-second-not-right")).await)
}

/// Whether a code is the code app's now, or one of the recovery codes; both can be shown once.
async fn is_second(house: &House, viewer: &Viewer, who: &SigningIn, code: &str) -> Result<bool, AppError> {
    let id = who.staff.id;
    let secret = who.totp.as_ref().and_then(|sealed| house.guard.open(&account::totp_label(id), sealed));
    if let Some(step) = secret.and_then(|secret| house.guard.totp_step(&secret, code, viewer.now)) {
        return Ok(house.store.take_totp_step(id, step).await? == Shown::Taken);
    }
    match code.parse::<RecoveryCode>() {
        Ok(code) => Ok(house.store.use_recovery_code(id, &code, viewer.now).await? == Shown::Taken),
        Err(_) => Ok(false),
    }
}

async fn by_link(
    State(house): State<House>,
    Extension(viewer): Extension<Viewer>,
    Extension(address): Extension<Address>,
    headers: HeaderMap,
    form: FormValues,
) -> Response {
    match try_link(&house, &viewer, &address, &headers, &form).await {
        Ok(response) => response,
        Err(error) => error.page(&house, viewer).await,
    }
}

async fn try_link(
    house: &House,
    viewer: &Viewer,
    address: &Address,
    headers: &HeaderMap,
    form: &FormValues,
) -> Result<Response, AppError> {
    let words = Words::from(viewer.locale);
    let mut filled = InvitedForm { code: form.first("code"), ..InvitedForm::default() };
    let again = |status, filled: InvitedForm| {
        house.answer(viewer.clone(), status, move || view! { <InvitedPage form=filled.clone()/> })
    };
    let bucket = format!("link:{}", house.hash_address(&address.0));
    if !may_try(house, &[(bucket, LINKS_MAX)], viewer).await? {
        filled.code_fault = Some(t!(words, "staff-too-often"));
        return Ok(again(StatusCode::TOO_MANY_REQUESTS, filled).await);
    }
    let code = filled.code.parse::<CardCode>().ok();
    let whose = match &code {
        Some(code) => house.store.staff_of_link(code, viewer.now).await?,
        None => None,
    };
    let (Some(code), Some(whose)) = (code, whose) else {
        filled.code_fault = Some(t!(words, "staff-invited-none"));
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, filled).await);
    };
    let password = form.all("new").into_iter().next().unwrap_or_default();
    if let Err(fault) = account::check_password(house, &password, &whose) {
        filled.password_fault = Some(said(&words, fault));
        return Ok(again(StatusCode::UNPROCESSABLE_ENTITY, filled).await);
    }
    let Ok(hash) = house.guard.hash_password(password).await else {
        return Ok(house.answer(viewer.clone(), StatusCode::SERVICE_UNAVAILABLE, || view! { <Broken/> }).await);
    };
    let set = house.store.set_password_by_link(&code, &hash, viewer.now).await?;
    let who = match set {
        Some(staff) => house.store.signing_in_by_id(staff.id).await?,
        None => None,
    };
    match who {
        Some(who) => begin(house, viewer, headers, &who, false, "").await,
        // Somebody used the link at the same moment.
        None => {
            filled.code_fault = Some(t!(words, "staff-invited-none"));
            Ok(again(StatusCode::UNPROCESSABLE_ENTITY, filled).await)
        }
    }
}

/// What is wrong with a password.
pub fn said(words: &Words, fault: PasswordFault) -> String {
    use domain::accounts::staff::PASSWORD_CHARS_MIN;
    match fault {
        PasswordFault::Short => t!(words, "staff-password-short", count = PASSWORD_CHARS_MIN as u64),
        PasswordFault::Long => t!(words, "staff-password-long", count = PASSWORD_CHARS_MAX as u64),
        PasswordFault::Common => t!(words, "staff-password-common"),
    }
}

/// Ends this session and makes the browser forget it.
pub async fn sign_out(house: &House, viewer: &Viewer) -> Result<Response, AppError> {
    if let Some(token) = &viewer.staff_token {
        house.store.sign_out(token, viewer.now).await?;
    }
    Ok(see_other(&Page::SignIn.path(viewer.locale), [forget_cookie(STAFF_COOKIE)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_as_its_owner_would() {
        let cases = [
            (
                "Mozilla/5.0 (Linux; Android 12; K) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
                "Chrome, Android",
            ),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari, iPhone"),
            ("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Windows"),
            ("", "?, ?"),
        ];
        for (agent, device) in cases {
            assert_eq!(device_of(agent), device);
        }
    }
}
