//! A small world for one test: the real front door, a database of its own, a clock that stands still.

use crate::cast::{LIBRARY, Learner, NOW, Story};
use app::viewer::{LEARNER_COOKIE, STAFF_COOKIE};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, header},
};
use domain::{
    accounts::{BirthYear, Consent, LearnerId, Profile, Secret, Sex},
    coverage::Person,
    sync::{Event, Outcome, Record, Refusal, What},
    time::Millis,
};
use hocso::{front::Front, keys::KeyRing, serve, settings};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, FromQueryResult, JsonValue, Statement};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
};
use store::{Existing, Intake, IntakeError, NewLearner, Proof, Rules, Store, Tallies, prepare};
use tokio::sync::Mutex;
use tower::ServiceExt;
use uuid::Uuid;

/// How people reach the house in these tests.
pub const PUBLIC_URL: &str = "https://hocso.example";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// Makes two tests of one: `name::sqlite` and `name::postgres`.
macro_rules! on_both {
    ($name:ident, $story:expr $(,)?) => {
        mod $name {
            #[allow(unused_imports, reason = "not every test needs everything")]
            use super::*;
            #[test]
            fn sqlite() {
                crate::world::on($crate::world::Kind::Sqlite, $story);
            }
            #[test]
            fn postgres() {
                crate::world::on($crate::world::Kind::Postgres, $story);
            }
        }
    };
}

/// Runs a test that is not about the store, on SQLite.
pub fn on_sqlite<F: Future<Output = ()>>(story: impl FnOnce(World) -> F) {
    runtime().block_on(async {
        let place = Place::make(Kind::Sqlite).await;
        story(World::open(&place).await).await;
        place.leave().await;
    });
}

/// Runs a test of the store and counts it for the gate.
pub fn on<F: Future<Output = ()>>(kind: Kind, story: impl FnOnce(World) -> F) {
    runtime().block_on(async {
        let place = Place::make(kind).await;
        note_for_the_gate(kind);
        story(World::open(&place).await).await;
        place.leave().await;
    });
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads")
}

fn note_for_the_gate(kind: Kind) {
    let Ok(file) = std::env::var("HOCSO_TEST_COUNTS") else { return };
    let line = if kind == Kind::Sqlite { "sqlite\n" } else { "postgres\n" };
    let file = fs::OpenOptions::new().append(true).create(true).open(file);
    file.and_then(|mut file| file.write_all(line.as_bytes())).expect("HOCSO_TEST_COUNTS can be written to");
}

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A folder that is gone with the test, whatever happens.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn make() -> Self {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("hocso-test-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Where a test's database lies.
pub struct Place {
    pub kind: Kind,
    pub url: String,
    pub folder: Folder,
    /// The server and the name of our database on it.
    server: Option<(String, String)>,
}

/// PostgreSQL copies one template at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

impl Place {
    pub async fn make(kind: Kind) -> Self {
        let folder = Folder::make();
        if kind == Kind::Sqlite {
            let url = format!("sqlite:{}", folder.join("hocso.sqlite").display());
            return Self { kind, url, folder, server: None };
        }
        let Ok(server) = std::env::var("HOCSO_TEST_POSTGRES") else {
            panic!("run `cargo xtask test`, which starts PostgreSQL");
        };
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("hocso_test_{}_{number}", std::process::id());
        let _one = ONE_AT_A_TIME.lock().await;
        let admin = Database::connect(&server).await.expect("the PostgreSQL of HOCSO_TEST_POSTGRES answers");
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database for this test");
        admin.close().await.expect("closes");
        let (of_server, _) = server.rsplit_once('/').expect("postgres://…/postgres");
        Self { kind, url: format!("{of_server}/{name}"), folder, server: Some((server, name)) }
    }

    /// The file of a SQLite database.
    pub fn file(&self) -> PathBuf {
        self.folder.join("hocso.sqlite")
    }

    /// A connection beside the store's, for looking at rows and for spoiling them.
    pub async fn connect(&self) -> DatabaseConnection {
        let url = match self.kind {
            Kind::Sqlite => format!("sqlite://{}?mode=rw", self.file().display()),
            Kind::Postgres => self.url.clone(),
        };
        let mut options = sea_orm::ConnectOptions::new(url);
        options.max_connections(1);
        Database::connect(options).await.expect("a second connection")
    }

    async fn leave(&self) {
        if let Some((server, name)) = &self.server {
            let admin = Database::connect(server).await.expect("PostgreSQL is still there");
            // What stays behind goes with the server.
            let _ = admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

/// The house of one test.
pub struct World {
    pub front: Arc<Front>,
    pub store: Store,
    /// As `--database` takes it.
    pub url: String,
    pub file: PathBuf,
    clock: Arc<AtomicI64>,
    service: Router,
    /// Beside the store: for looking and for spoiling.
    pub beside: DatabaseConnection,
}

impl World {
    pub async fn open(place: &Place) -> Self {
        let store = Store::open(&place.url, Existing::OrNew).await.expect("a new database opens");
        let clock = Arc::new(AtomicI64::new(NOW));
        let front = front(store.clone(), &place.url, &clock, None).await.unwrap_or_else(|fault| panic!("{fault}"));
        let (service, beside) = (front.clone().service(), place.connect().await);
        let (url, file) = (place.url.clone(), place.file());
        Self { front, store, url, file, clock, service, beside }
    }

    /// Closes everything, so that the database can be opened again.
    pub async fn close(self) {
        let Self { store, front, service, beside, .. } = self;
        drop((front, service));
        beside.close().await.expect("closes");
        store.close().await.expect("closes");
    }

    pub fn set_clock(&self, now: Millis) {
        self.clock.store(now, Ordering::Relaxed);
    }

    pub fn now(&self) -> Millis {
        self.clock.load(Ordering::Relaxed)
    }

    /// The same database behind a new front door, as after a restart.
    pub async fn restarted(&self) -> Arc<Front> {
        front(self.store.clone(), &self.url, &self.clock, None).await.unwrap_or_else(|fault| panic!("{fault}"))
    }

    /// The same with a file of boundaries.
    pub async fn restarted_with_map(&self, map: PathBuf) -> Result<Arc<Front>, hocso::Fault> {
        front(self.store.clone(), &self.url, &self.clock, Some(map)).await
    }

    pub fn ask(&self, method: Method, path: &str) -> Ask {
        Ask { service: self.service.clone(), request: Request::builder().method(method).uri(path), body: Vec::new() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).send().await
    }

    /// The same from another front door, such as one after a restart.
    pub async fn get_from(&self, front: &Arc<Front>, path: &str) -> Answer {
        let request = Request::builder().method(Method::GET).uri(path);
        Ask { service: front.clone().service(), request, body: Vec::new() }.send().await
    }

    /// A form as a browser without JavaScript sends it.
    pub async fn post_form<K: AsRef<str>, V: AsRef<str>>(&self, path: &str, fields: &[(K, V)]) -> Answer {
        self.ask(Method::POST, path).form(fields).send().await
    }

    /// A batch with whatever is in it, from this learner's phone.
    pub async fn post_batch(&self, who: &Learner, batch: &Value) -> Answer {
        self.ask(Method::POST, EVENTS).bearer(who).json(&batch.to_string()).send().await
    }

    /// The phone sends a story.
    pub async fn sends(&self, story: Story, who: &Learner) -> Answer {
        self.post_batch(who, &batch(who, &story.events)).await
    }

    /// Registers a learner and lets the story go on from there.
    pub async fn registers(&self, who: &Learner) {
        let answer = self.sends(who.story().registers(), who).await;
        assert_eq!(answer.results(), ["stored"], "{}", answer.text);
    }

    /// Straight into the store, past the front door.
    pub async fn takes_in(&self, who: &Learner, events: &[Event]) -> Result<Vec<Outcome>, IntakeError> {
        let unit_known = |code| LIBRARY.unit(code).is_some();
        let events: Vec<Result<Event, Refusal>> = events.iter().cloned().map(Ok).collect();
        let (from, proof) = (&who.credentials, Proof::Secret);
        let intake = Intake { from, proof, received_at: self.now(), unit_known: &unit_known };
        self.store.take_in(&intake, &events).await
    }

    /// So many people of one commune finish a lesson at one moment; written in bulk and counted by the real recount.
    pub async fn village(&self, unit: &str, people: u16, born: i32, lesson: &str, at: Millis) {
        let from_no = self.number("SELECT COALESCE(MAX(no), 0) FROM learner").await + 1;
        let learners: Vec<NewLearner> = (0..i64::from(people))
            .map(|nth| {
                let profile = Profile {
                    unit: unit.parse().expect("a code"),
                    birth_year: BirthYear::stored(born),
                    sex: Sex::Unstated,
                };
                let consent = Consent { version: 1, guardian: true };
                let id = LearnerId(Uuid::from_u128(0xf000_0000 + (from_no + nth) as u128));
                let what = [
                    What::Registered { profile, consent, made_at: at },
                    crate::cast::finished(lesson, crate::cast::right_answers(lesson)),
                ];
                let events = what.into_iter().zip(1..).map(|(what, no)| {
                    let id = Uuid::from_u128(no.into());
                    (Event { id, at, no, what, seen: None }, at)
                });
                // Keys that are spread like drawn ones, and the same each time.
                let key = ((from_no + nth) * 151 % 256) as u8;
                let record = Record { person: Person { key, ..Person::new(profile) }, profile_no: 1, ethnic_no: 0 };
                let (secret, events) = (Secret([7; 32]), events.collect());
                NewLearner { id, secret, record, consent, made_at: at, events }
            })
            .collect();
        let rows = prepare(&learners, from_no, &Rules::of(LIBRARY.known())).expect("counted");
        let mut tallies = Tallies::default();
        self.store.write_in_bulk(rows, &mut tallies).await.expect("written");
        self.store.finish_bulk(tallies).await.expect("written");
    }

    /// One number from the database.
    pub async fn number(&self, sql: &str) -> i64 {
        let row = self.beside.query_one_raw(Statement::from_string(self.beside.get_database_backend(), sql)).await;
        let row = row.unwrap_or_else(|error| panic!("{sql}: {error}")).unwrap_or_else(|| panic!("{sql}: no row"));
        row.try_get_by_index(0).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Rows of a table, with a condition or without.
    pub async fn count(&self, from: &str) -> i64 {
        self.number(&format!("SELECT COUNT(*) FROM {from}")).await
    }

    /// People in the cells of a cube that meet a condition.
    pub async fn people(&self, from: &str) -> i64 {
        self.number(&format!("SELECT CAST(COALESCE(SUM(people), 0) AS BIGINT) FROM {from}")).await
    }

    /// Spoils something.
    pub async fn spoil(&self, sql: &str) {
        let done = self.beside.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert!(done.rows_affected() > 0, "nothing to spoil: {sql}");
    }

    async fn rows(&self, table: &str) -> Vec<String> {
        let sql = format!("SELECT * FROM {table}");
        let statement = Statement::from_string(self.beside.get_database_backend(), sql);
        let rows = JsonValue::find_by_statement(statement).all(&self.beside).await;
        let mut rows: Vec<String> =
            rows.unwrap_or_else(|error| panic!("{table}: {error}")).iter().map(Value::to_string).collect();
        rows.sort();
        rows
    }

    /// The cells of all cubes that hold anybody.
    pub async fn tallies(&self) -> BTreeMap<&'static str, Vec<String>> {
        let mut all = BTreeMap::new();
        for cube in ["tally_people", "tally_skill", "tally_ethnic", "tally_lesson"] {
            let mut rows = self.rows(&format!("{cube} WHERE people <> 0")).await;
            // Record keys are drawn: only how many people there are can be compared.
            for row in &mut rows {
                let mut cell: Value = serde_json::from_str(row).expect("a row");
                cell.as_object_mut().expect("a row").remove("keys");
                *row = cell.to_string();
            }
            rows.sort();
            all.insert(cube, rows);
        }
        all
    }

    /// Everything about people that the database holds: equal before and after means that nothing was stored.
    pub async fn everything(&self) -> BTreeMap<&'static str, Vec<String>> {
        let mut all = self.tallies().await;
        for table in [
            "learner",
            "alias",
            "card",
            "event",
            "standing",
            "lesson_standing",
            "attempt",
            "practice_run",
            "drill_run",
            "deed",
            "review_run",
            "certificate",
            "tombstone",
            "publication",
            "note",
        ] {
            all.insert(table, self.rows(table).await);
        }
        // By which rules a database was counted says nothing about anybody.
        all.entry("note").or_default().retain(|row| !row.contains("counting"));
        all
    }

    /// Every count is what the log says.
    pub async fn agrees(&self) {
        let recounted = self.store.recount(false).await.expect("recounts");
        assert_eq!(recounted.differences_total, 0, "{:?}", recounted.differences);
    }
}

async fn front(
    store: Store,
    url: &str,
    clock: &Arc<AtomicI64>,
    map: Option<PathBuf>,
) -> Result<Arc<Front>, hocso::Fault> {
    let settings = settings::Serve {
        listen: "127.0.0.1:0".parse().expect("an address"),
        public_url: PUBLIC_URL.to_owned(),
        trusted_proxy: Vec::new(),
        database: settings::DatabaseSetting { database: url.to_owned() },
        content: None,
        keys: None,
        no_worker: false,
        map,
    };
    let keys = format!("k1:{}", "5c".repeat(32));
    let keys = KeyRing::open(Some(&keys), url).unwrap_or_else(|fault| panic!("{fault}"));
    let clock = clock.clone();
    let clock = Arc::new(move || clock.load(Ordering::Relaxed));
    serve::open(&settings, LIBRARY.clone(), keys, store, clock).await
}

pub const EVENTS: &str = app::paths::EVENTS;

/// A batch as a phone writes it.
pub fn batch(who: &Learner, events: &[Event]) -> Value {
    json!({ "format": 1, "learner": who.id(), "events": events })
}

/// A request on its way.
pub struct Ask {
    service: Router,
    request: axum::http::request::Builder,
    body: Vec<u8>,
}

impl Ask {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub fn bearer(self, who: &Learner) -> Self {
        self.header("authorization", &format!("Bearer {}", who.token()))
    }

    /// As the learner of a phone without JavaScript.
    pub fn learner(self, who: &Learner) -> Self {
        self.header("cookie", &format!("{LEARNER_COOKIE}={}", who.token()))
    }

    pub fn body(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        let length = self.body.len().to_string();
        self.header("content-type", kind).header("content-length", &length)
    }

    /// A body whose length is not told beforehand.
    pub fn set_body(&mut self, body: impl Into<Vec<u8>>) {
        self.body = body.into();
    }

    /// As somebody who is signed in.
    pub fn staff(self, token: &Secret) -> Self {
        self.header("cookie", &format!("{STAFF_COOKIE}={}", token.to_hex()))
    }

    pub fn json(self, text: &str) -> Self {
        self.body("application/json", text)
    }

    pub fn form<K: AsRef<str>, V: AsRef<str>>(self, fields: &[(K, V)]) -> Self {
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", coded(name.as_ref()), coded(value.as_ref()))).collect();
        self.body("application/x-www-form-urlencoded", pairs.join("&"))
    }

    pub async fn send(self) -> Answer {
        let request = self.request.body(Body::from(self.body)).expect("a request");
        let response = match self.service.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a whole answer").to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes, text }
    }
}

/// `application/x-www-form-urlencoded`.
fn coded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header in ASCII"))
    }

    /// Cookies that were set, as written.
    pub fn cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().expect("ASCII")).collect()
    }

    /// `name=value` of a cookie that was set to something, ready to be sent back.
    pub fn cookie(&self, name: &str) -> String {
        let set = self.cookies().into_iter().find(|cookie| cookie.starts_with(&format!("{name}=")));
        let set = set.unwrap_or_else(|| panic!("no cookie {name} among {:?}", self.cookies()));
        set.split(';').next().unwrap_or_default().to_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// What became of each event: `stored`, `known`, or the reason of refusal.
    pub fn results(&self) -> Vec<String> {
        let answer = self.json();
        let results = answer["results"].as_array().unwrap_or_else(|| panic!("no results: {}", self.text)).clone();
        let word = |result: &Value| {
            let word = if result["result"] == "refused" { &result["reason"] } else { &result["result"] };
            word.as_str().unwrap_or_else(|| panic!("{result}")).to_owned()
        };
        results.iter().map(word).collect()
    }

    /// Asserts a problem for a program with this status and code.
    pub fn is_problem(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.header("content-type")), (status, "application/problem+json"), "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["code"], code, "{}", self.text);
        assert_eq!(problem["status"], status, "{}", self.text);
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{}", self.text);
    }

    /// Asserts that the page says something.
    pub fn says(&self, what: &str) {
        assert!(self.text.contains(what), "{what:?} is not in the page ({}):\n{}", self.status, self.body());
    }

    pub fn is_silent_about(&self, what: &str) {
        assert!(!self.text.contains(what), "{what:?} is in the page ({}):\n{}", self.status, self.body());
    }

    /// The page without its head, for reading.
    pub fn body(&self) -> &str {
        self.text.find("<body").map_or(&self.text, |at| &self.text[at..])
    }
}

/// The folder of the whole workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace")
}
