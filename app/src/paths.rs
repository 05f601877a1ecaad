//! Every address of the house. No path string stands anywhere else.

use crate::words::Locale;
use domain::content::LessonId;

/// What stands before every address of a language.
pub const ENGLISH: &str = "/en";

pub const LESSONS: &str = "bai-hoc";
/// After a lesson: its simulator.
pub const PRACTISE: &str = "tap";
/// Everything that can be practised, and the scam drills.
pub const PRACTICES: &str = "luyen-tap";
pub const DRILL: &str = "lua-dao";
/// After a lesson: its booster, and saying that it was done for real.
pub const REVIEW: &str = "on-lai";
pub const FOR_REAL: &str = "lam-that";
/// Where do I begin?
pub const PLACEMENT: &str = "bat-dau";
/// Below a track: its certificate; with a code: what a certificate says.
pub const CERTIFICATE: &str = "chung-nhan";
pub const PROGRESS: &str = "tien-do";
pub const CONSENT: &str = "dong-y";
pub const PROFILE: &str = "ho-so";
pub const ETHNIC_GROUP: &str = "dan-toc";
pub const MINE: &str = "toi";
pub const TAKE_AWAY: &str = "tai-ve";
pub const ERASE: &str = "xoa";
pub const STATISTICS: &str = "thong-ke";
pub const ABOUT: &str = "gioi-thieu";
/// Words that not everybody knows.
pub const GLOSSARY: &str = "tu-dien";
/// What the service worker shows for a page that is not on the phone.
pub const OFFLINE: &str = "khong-mang";
/// Who learns on this phone, what is on it, and what waits to be sent.
pub const DEVICE: &str = "may-nay";
/// The learner card: shown to another phone, and, below `MINE`, made.
pub const CARD: &str = "the";
pub const VOID: &str = "huy";

/// Addresses without a language.
pub const EVENTS: &str = "/api/v1/events";
/// Below it: what each page of a track weighs.
pub const TRACK_WEIGHTS: &str = "/api/v1/tracks";
pub const OPENAPI: &str = "/api/openapi.json";
pub const ASSETS: &str = "/a";
pub const SITEMAP: &str = "/sitemap.txt";
pub const ROBOTS: &str = "/robots.txt";
pub const ICON: &str = "/favicon.ico";
/// The service worker stands at the root: it may answer only for what is below it.
pub const WORKER: &str = "/sw.js";
pub const MANIFEST: &str = "/hoc-so.webmanifest";
pub const LIVE: &str = "/livez";
pub const READY: &str = "/readyz";

/// How the statistics table is sorted: the name of the query and its values.
pub const SORT: &str = "xep";
pub const SORT_NAME: &str = "ten";
pub const SORT_PEOPLE: &str = "nguoi";
pub const SORT_SHARE: &str = "ty-le";

/// A page of the house.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Page<'a> {
    Home,
    Track(&'a str),
    Lesson(&'a LessonId),
    /// The simulator of a lesson.
    Practice(&'a LessonId),
    /// The booster of a lesson.
    Review(&'a LessonId),
    /// Where somebody says that they have done for real what a lesson teaches.
    ForReal(&'a LessonId),
    Placement,
    /// The learner's certificate of a track.
    MyCertificate(&'a str),
    /// What a certificate with this code says.
    Certificate(&'a str),
    Practices,
    Drill,
    Progress,
    Consent,
    Profile,
    EthnicGroup,
    Mine,
    TakeAway,
    Erase,
    /// All tracks, or one.
    Statistics(Option<&'a str>),
    About,
    Glossary,
    Offline,
    Device,
    /// Where a card is shown to this phone.
    Card,
    /// Where a card is made for the learner of this phone.
    MyCard,
    /// Where it is made void.
    VoidCard,
}

impl Page<'_> {
    /// The address in a language.
    pub fn path(self, locale: Locale) -> String {
        let path = match self {
            Self::Home => String::new(),
            Self::Track(track) => format!("/{LESSONS}/{track}"),
            Self::Lesson(lesson) => format!("/{LESSONS}/{lesson}"),
            Self::Practice(lesson) => format!("/{LESSONS}/{lesson}/{PRACTISE}"),
            Self::Review(lesson) => format!("/{LESSONS}/{lesson}/{REVIEW}"),
            Self::ForReal(lesson) => format!("/{LESSONS}/{lesson}/{FOR_REAL}"),
            Self::Placement => format!("/{PLACEMENT}"),
            Self::MyCertificate(track) => format!("/{LESSONS}/{track}/{CERTIFICATE}"),
            Self::Certificate(code) => format!("/{CERTIFICATE}/{code}"),
            Self::Practices => format!("/{PRACTICES}"),
            Self::Drill => format!("/{PRACTICES}/{DRILL}"),
            Self::Progress => format!("/{PROGRESS}"),
            Self::Consent => format!("/{CONSENT}"),
            Self::Profile => format!("/{CONSENT}/{PROFILE}"),
            Self::EthnicGroup => format!("/{CONSENT}/{ETHNIC_GROUP}"),
            Self::Mine => format!("/{MINE}"),
            Self::TakeAway => format!("/{MINE}/{TAKE_AWAY}"),
            Self::Erase => format!("/{MINE}/{ERASE}"),
            Self::Statistics(None) => format!("/{STATISTICS}"),
            Self::Statistics(Some(track)) => format!("/{STATISTICS}/{track}"),
            Self::About => format!("/{ABOUT}"),
            Self::Glossary => format!("/{GLOSSARY}"),
            Self::Offline => format!("/{OFFLINE}"),
            Self::Device => format!("/{DEVICE}"),
            Self::Card => format!("/{CARD}"),
            Self::MyCard => format!("/{MINE}/{CARD}"),
            Self::VoidCard => format!("/{MINE}/{CARD}/{VOID}"),
        };
        in_locale(&path, locale)
    }
}

/// A canonical (Vietnamese) path in another language.
pub fn in_locale(canonical: &str, locale: Locale) -> String {
    let path = canonical.strip_suffix('/').unwrap_or(canonical);
    match locale {
        Locale::Vi if path.is_empty() => "/".to_owned(),
        Locale::Vi => path.to_owned(),
        Locale::En => format!("{ENGLISH}{path}"),
    }
}

/// Takes the language off an address: `/en/bai-hoc` is `/bai-hoc` in English.
pub fn without_locale(path: &str) -> (Locale, &str) {
    match path.strip_prefix(ENGLISH) {
        Some("" | "/") => (Locale::En, "/"),
        Some(rest) if rest.starts_with('/') => (Locale::En, rest),
        _ => (Locale::Vi, path),
    }
}

/// The address of an asset by its served name.
pub fn asset(served_as: &str) -> String {
    format!("{ASSETS}/{served_as}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_place_in_every_language() {
        let cases = [
            ("/", Locale::Vi, "/"),
            ("/en", Locale::En, "/"),
            ("/en/", Locale::En, "/"),
            ("/en/thong-ke", Locale::En, "/thong-ke"),
            ("/english", Locale::Vi, "/english"),
            ("/thong-ke/an-toan", Locale::Vi, "/thong-ke/an-toan"),
        ];
        for (path, locale, canonical) in cases {
            assert_eq!(without_locale(path), (locale, canonical), "{path}");
        }
        assert_eq!(in_locale("/", Locale::En), "/en");
        assert_eq!(Page::Home.path(Locale::Vi), "/");
        assert_eq!(Page::Statistics(Some("an-toan")).path(Locale::En), "/en/thong-ke/an-toan");
    }
}
