//! Every address of the house. No path string stands anywhere else.

use crate::words::Locale;
use domain::{content::LessonId, coverage::Step};

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

/// Everything of those who work here stands below it.
pub const STAFF: &str = "can-bo";
pub const SIGN_IN: &str = "dang-nhap";
/// After the password: the second factor.
pub const SECOND: &str = "ma";
/// Where a link leads that sets a password.
pub const INVITED: &str = "moi";
/// One's own account, and below it the code app.
pub const ACCOUNT: &str = "tai-khoan";
pub const CODE_APP: &str = "ung-dung-ma";
/// Everybody who works here.
pub const PEOPLE: &str = "nhan-su";
pub const AUDIT: &str = "nhat-ky";
/// A trainer's classes below `STAFF`; where residents join one at the root.
pub const CLASSES: &str = "lop";
/// Below a class: who is on it, a file of them, who was there, one of them.
pub const ROSTER: &str = "danh-sach";
pub const FILE: &str = "tep";
pub const ATTENDANCE: &str = "diem-danh";
pub const MEMBER: &str = "nguoi";
/// Which day the list of attendance is of: the name of the query.
pub const DAY: &str = "ngay";
/// Where somebody wanted to go before they had to sign in: the name of the query.
pub const WANTED: &str = "den";
/// Entries of the audit log before this one.
pub const BEFORE: &str = "truoc";

/// Addresses without a language.
pub const EVENTS: &str = "/api/v1/events";
/// Where a learner is, for the trainer of the class they joined.
pub const PLACE: &str = "/api/v1/place";
/// Below it: what each page of a track weighs.
pub const TRACK_WEIGHTS: &str = "/api/v1/tracks";
/// Open figures, and below it what they mean.
pub const COVERAGE: &str = "/api/v1/coverage";
pub const COVERAGE_RELEASES: &str = "/api/v1/coverage/releases";
pub const COVERAGE_DATASET: &str = "/api/v1/coverage/dataset";
pub const COVERAGE_DICTIONARY: &str = "/api/v1/coverage/dictionary.csv";
pub const COVERAGE_NOISE: &str = "/api/v1/coverage/noise.csv";
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

/// Below the statistics: a unit, and the list of releases.
pub const UNIT: &str = "xa";
pub const RELEASES: &str = "ban";
/// Which step of the ladder, and which release, statistics show: the names of the queries.
pub const STEP: &str = "buoc";
pub const RELEASE: &str = "ban";

/// How the statistics table is sorted: the name of the query and its values.
pub const SORT: &str = "xep";
pub const SORT_NAME: &str = "ten";
pub const SORT_PEOPLE: &str = "nguoi";
pub const SORT_SHARE: &str = "ty-le";

/// The steps of the ladder as addresses name them.
const STEPS: [(Step, &str); 6] = [
    (Step::Heard, "da-hoc"),
    (Step::PractisedWithHelp, "tap-co-giup"),
    (Step::Practised, "tu-tap"),
    (Step::DidWithHelp, "lam-co-giup"),
    (Step::DoesAlone, "tu-lam"),
    (Step::Taught, "da-day"),
];

/// What a statistics page is asked for beside its address. What is not understood is as if it were not there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shown {
    pub step: Step,
    /// `None`: the newest.
    pub release: Option<u32>,
    /// One of the values of [`SORT`].
    pub sort: &'static str,
}

impl Default for Shown {
    fn default() -> Self {
        Self { step: Step::Heard, release: None, sort: SORT_SHARE }
    }
}

impl Shown {
    /// From a query as it stands in an address.
    pub fn of_query(query: Option<&str>) -> Self {
        Self::of(|name| {
            let pairs = query.unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(of, _)| *of == name).map(|(_, value)| value.to_owned()).next()
        })
    }

    /// From the value of each name.
    pub fn of(value: impl Fn(&str) -> Option<String>) -> Self {
        let step = value(STEP).and_then(|named| STEPS.iter().find(|(_, name)| *name == named));
        let sort =
            value(SORT).and_then(|named| [SORT_NAME, SORT_PEOPLE, SORT_SHARE].into_iter().find(|name| *name == named));
        Self {
            step: step.map_or(Step::Heard, |(step, _)| *step),
            release: value(RELEASE).and_then(|number| number.parse().ok()),
            sort: sort.unwrap_or(SORT_SHARE),
        }
    }

    /// The query of exactly this, with its question mark; empty for what is shown anyhow.
    pub fn to_query(self) -> String {
        let usual = Self::default();
        let step = STEPS.iter().find(|(step, _)| *step == self.step).map_or("", |(_, name)| name);
        let parts = [
            (self.step != usual.step).then(|| format!("{STEP}={step}")),
            self.release.map(|number| format!("{RELEASE}={number}")),
            (self.sort != usual.sort).then(|| format!("{SORT}={}", self.sort)),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}

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
    /// A commune or ward.
    UnitStatistics(&'a str),
    /// All releases of figures.
    Releases,
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
    Staff,
    SignIn,
    SecondFactor,
    Invited,
    Account,
    CodeApp,
    People,
    /// One of those who work here, by id.
    Person(&'a str),
    Audit,
    /// A trainer's classes.
    Classes,
    /// One of them, by id: who is there now.
    Class(&'a str),
    Roster(&'a str),
    /// Where a file of people is read into a roster.
    RosterFile(&'a str),
    Attendance(&'a str),
    /// Cards to cut out that let people in.
    JoinCards(&'a str),
    /// Somebody on the roster of a class.
    Member(&'a str, &'a str),
    /// Where residents join a class.
    Join,
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
            Self::UnitStatistics(unit) => format!("/{STATISTICS}/{UNIT}/{unit}"),
            Self::Releases => format!("/{STATISTICS}/{RELEASES}"),
            Self::About => format!("/{ABOUT}"),
            Self::Glossary => format!("/{GLOSSARY}"),
            Self::Offline => format!("/{OFFLINE}"),
            Self::Device => format!("/{DEVICE}"),
            Self::Card => format!("/{CARD}"),
            Self::MyCard => format!("/{MINE}/{CARD}"),
            Self::VoidCard => format!("/{MINE}/{CARD}/{VOID}"),
            Self::Staff => format!("/{STAFF}"),
            Self::SignIn => format!("/{STAFF}/{SIGN_IN}"),
            Self::SecondFactor => format!("/{STAFF}/{SIGN_IN}/{SECOND}"),
            Self::Invited => format!("/{STAFF}/{INVITED}"),
            Self::Account => format!("/{STAFF}/{ACCOUNT}"),
            Self::CodeApp => format!("/{STAFF}/{ACCOUNT}/{CODE_APP}"),
            Self::People => format!("/{STAFF}/{PEOPLE}"),
            Self::Person(person) => format!("/{STAFF}/{PEOPLE}/{person}"),
            Self::Audit => format!("/{STAFF}/{AUDIT}"),
            Self::Classes => format!("/{STAFF}/{CLASSES}"),
            Self::Class(class) => format!("/{STAFF}/{CLASSES}/{class}"),
            Self::Roster(class) => format!("/{STAFF}/{CLASSES}/{class}/{ROSTER}"),
            Self::RosterFile(class) => format!("/{STAFF}/{CLASSES}/{class}/{ROSTER}/{FILE}"),
            Self::Attendance(class) => format!("/{STAFF}/{CLASSES}/{class}/{ATTENDANCE}"),
            Self::JoinCards(class) => format!("/{STAFF}/{CLASSES}/{class}/{CARD}"),
            Self::Member(class, member) => format!("/{STAFF}/{CLASSES}/{class}/{MEMBER}/{member}"),
            Self::Join => format!("/{CLASSES}"),
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
    fn a_query_says_what_is_shown() {
        let cases = [
            (None, ""),
            (Some(""), ""),
            (Some("xep=ty-le"), ""),
            (Some("xep=ten"), "?xep=ten"),
            (Some("ban=3&buoc=tu-tap&xep=nguoi"), "?buoc=tu-tap&ban=3&xep=nguoi"),
            (Some("buoc=da-hoc&x=1"), ""),
            (Some("buoc=bay&ban=-1&xep=%00"), ""),
            (Some("ban=4294967296"), ""),
        ];
        for (query, canonical) in cases {
            let shown = Shown::of_query(query);
            assert_eq!(shown.to_query(), canonical, "{query:?}");
            assert_eq!(Shown::of_query(shown.to_query().strip_prefix('?')), shown);
        }
    }

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
