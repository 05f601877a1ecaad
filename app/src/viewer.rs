//! Who asks, in which language, at what moment: made once from the request, before any page.

use crate::words::Locale;
use axum::http::{HeaderMap, header};
use axum_extra::extract::cookie::{Cookie, SameSite};
use domain::{
    accounts::{Credentials, Secret},
    classes::JoinCode,
    content::{LessonId, QuestionId},
    time::Millis,
};
use std::collections::BTreeSet;
use store::Session;

/// The learner of a phone without JavaScript: `<id>.<secret>`.
pub const LEARNER_COOKIE: &str = "__Host-hocso";
/// Lessons finished without JavaScript and without consent; the server never stores it.
pub const FINISHED_COOKIE: &str = "__Host-xong";
/// Questions of "where do I begin" that were answered rightly without JavaScript and without consent.
pub const KNOWN_COOKIE: &str = "__Host-biet";
/// That they said no; nothing else is remembered about it.
pub const DECLINED_COOKIE: &str = "__Host-khong";
/// The session of somebody who works here: 64 hex digits, and for as long as the browser is open.
pub const STAFF_COOKIE: &str = "__Host-can-bo";
/// The code of the class that somebody is joining, while they agree to be counted.
pub const JOIN_COOKIE: &str = "__Host-lop";
/// Where somebody wanted to go, between the password and the second factor.
pub const WANTED_COOKIE: &str = "__Host-can-bo-den";
/// A browser drops cookies over 4 KB; 36 lessons need less than half of this.
const FINISHED_BYTES_MAX: usize = 3_800;
/// A year: as long as browsers keep a cookie at most.
const COOKIE_DAYS: i64 = 365;

/// Who asks.
#[derive(Clone, Debug)]
pub struct Viewer {
    pub locale: Locale,
    /// The canonical path asked for, to stay on the page when the language changes.
    pub path: String,
    pub now: Millis,
    /// The learner, as claimed: only the store knows whether the secret is right.
    pub credentials: Option<Credentials>,
    /// From the cookie, for those who are not counted; the last one finished comes last.
    pub finished: Vec<LessonId>,
    /// From the cookie: what they knew before they began.
    pub knows: Vec<QuestionId>,
    pub declined: bool,
    /// The token of somebody who works here, as claimed.
    pub staff_token: Option<Secret>,
    /// Who that is, on the pages of those who work here.
    pub staff: Option<Session>,
    /// The class that they are joining.
    pub joining: Option<JoinCode>,
    /// Where they wanted to go before they had to sign in.
    pub wanted: Option<String>,
    /// The request came from `app.js` for a learner of the phone, and gets only the page's main part changed there.
    pub by_bearer: bool,
}

impl Viewer {
    pub fn of(headers: &HeaderMap, locale: Locale, path: &str, now: Millis) -> Self {
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "))
            .and_then(|value| value.parse().ok());
        let cookie = |name: &str| cookie_value(headers, name);
        let finished = cookie(FINISHED_COOKIE).unwrap_or_default();
        let finished = finished.split('~').filter_map(|lesson| lesson.replace('.', "/").parse().ok());
        Self {
            locale,
            path: path.to_owned(),
            now,
            by_bearer: bearer.is_some(),
            credentials: bearer.or_else(|| cookie(LEARNER_COOKIE).and_then(|value| value.parse().ok())),
            finished: finished.collect(),
            knows: cookie(KNOWN_COOKIE).unwrap_or_default().split('~').filter_map(|id| id.parse().ok()).collect(),
            declined: cookie(DECLINED_COOKIE).is_some(),
            staff_token: cookie(STAFF_COOKIE).and_then(|value| value.parse().ok()),
            staff: None,
            wanted: cookie(WANTED_COOKIE),
            joining: cookie(JOIN_COOKIE).and_then(|code| code.parse().ok()),
        }
    }

    /// Nobody in particular: the same page for everyone.
    pub fn anyone(locale: Locale, path: &str, now: Millis) -> Self {
        Self::of(&HeaderMap::new(), locale, path, now)
    }

    /// Whether a page would look different for this viewer.
    pub fn is_anyone(&self) -> bool {
        self.credentials.is_none() && self.finished.is_empty() && self.knows.is_empty() && !self.declined
    }

    /// Lessons finished, as far as the cookie knows.
    pub fn finished_set(&self) -> BTreeSet<LessonId> {
        self.finished.iter().cloned().collect()
    }
}

/// The value of a cookie, as it was sent.
fn cookie_value(headers: &HeaderMap, name: &str) -> Option<String> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    pairs.flat_map(|pairs| pairs.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

/// The cookie that keeps finished lessons with one more; the oldest fall out when it grows too large.
pub fn finished_cookie(finished: &[LessonId], one_more: &LessonId) -> String {
    let mut names: Vec<String> =
        finished.iter().filter(|lesson| *lesson != one_more).map(ToString::to_string).collect();
    names.push(one_more.to_string());
    let mut value = names.join("~");
    while value.len() > FINISHED_BYTES_MAX {
        value = value.split_once('~').map_or_else(String::new, |(_, rest)| rest.to_owned());
    }
    set_cookie(FINISHED_COOKIE, value.replace('/', "."))
}

pub fn learner_cookie(credentials: &Credentials) -> String {
    set_cookie(LEARNER_COOKIE, credentials.to_cookie())
}

/// The cookie that keeps which questions were answered rightly.
pub fn known_cookie<'a>(knows: impl Iterator<Item = &'a QuestionId>) -> String {
    set_cookie(KNOWN_COOKIE, knows.map(QuestionId::as_str).collect::<Vec<_>>().join("~"))
}

pub fn declined_cookie() -> String {
    set_cookie(DECLINED_COOKIE, "1".to_owned())
}

/// The cookie of a session of somebody who works here; it goes with the browser.
pub fn staff_cookie(token: &Secret) -> String {
    ours(STAFF_COOKIE, token.to_hex()).to_string()
}

/// The cookie that remembers where they wanted to go; it goes with the browser.
pub fn wanted_cookie(path: &str) -> String {
    ours(WANTED_COOKIE, path.to_owned()).to_string()
}

/// The cookie that remembers which class somebody is joining; it goes with the browser.
pub fn join_cookie(code: JoinCode) -> String {
    ours(JOIN_COOKIE, code.as_str().to_owned()).to_string()
}

/// Makes the browser forget a cookie.
pub fn forget_cookie(name: &'static str) -> String {
    format!("{}; Max-Age=0", ours(name, String::new()))
}

fn set_cookie(name: &'static str, value: String) -> String {
    format!("{}; Max-Age={}", ours(name, value), COOKIE_DAYS * 24 * 60 * 60)
}

fn ours(name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).build()
}
