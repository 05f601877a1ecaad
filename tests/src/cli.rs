//! The program as an operator meets it: its commands, what it says, and how it ends.

use crate::{
    cast::{KEEP_ACCOUNT, LIBRARY, fields_of, right_answers},
    world::{Folder, root, runtime},
};
use app::viewer::LEARNER_COOKIE;
use domain::accounts::Sex;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, QueryResult, Statement};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{sleep, timeout},
};

/// How long anything may take that should be quick.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often is looked whether it is there.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Where our client comes from: an address that is nowhere else in the log.
const PROXY: &str = "127.0.0.9:0";
const PERSON: &str = "203.0.113.77";

/// The program that is tested, in a folder of its own and with no settings but those given.
fn hocso(folder: &Folder) -> Command {
    let test = std::env::current_exe().expect("a test has a path");
    let program = test.parent().and_then(Path::parent).expect("target/debug/deps").join("hocso");
    assert!(program.exists(), "run `cargo xtask test`, which builds it");
    let mut command = Command::new(program);
    let settings = std::env::vars_os().map(|(name, _)| name);
    for name in settings.filter(|name| name.to_string_lossy().starts_with("HOCSO_")) {
        command.env_remove(name);
    }
    command.env_remove("RUST_LOG").current_dir(&folder.0);
    command
}

fn run(folder: &Folder, arguments: &[&str]) -> Output {
    hocso(folder).args(arguments).output().expect("the program starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// Asserts an end with status 1 and one line for the operator, and gives the line.
fn refused_in_one_line(output: &Output) -> String {
    let said = stderr(output);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(said.ends_with('\n') && said.lines().count() == 1, "{said:?}");
    assert!(said.starts_with("hocso: ") && !said.contains("panicked"), "{said}");
    said
}

#[test]
fn help_lists_the_commands() {
    let folder = Folder::make();
    let help = run(&folder, &["--help"]);
    assert_eq!((help.status.code(), stderr(&help).as_str()), (Some(0), ""));
    let help = stdout(&help);
    for command in ["serve", "content", "demo", "recount", "release", "places", "backup", "restore"] {
        assert!(help.lines().any(|line| line.trim_start().starts_with(&format!("{command} "))), "{command}: {help}");
        let own = run(&folder, &[command, "--help"]);
        assert!(own.status.success() && !stdout(&own).is_empty(), "{command}");
    }
    let serve = stdout(&run(&folder, &["serve", "--help"]));
    for flag in ["--listen", "--public-url", "--trusted-proxy", "--database", "--content", "--keys", "--map"] {
        assert!(serve.contains(flag), "{flag}");
    }
}

#[test]
fn a_bad_setting_is_named_and_nothing_is_made() {
    let folder = Folder::make();
    let mysql = "mysql://u:secret@h";
    // (what is given, what must be named)
    let cases: &[(&[&str], &str)] = &[
        (&["serve", "--colour"], "--colour"),
        (&["sreve"], "sreve"),
        (&["serve", "--listen", "nonsense"], "nonsense"),
        (&["serve", "--listen", "127.0.0.1:99999"], "127.0.0.1:99999"),
        (&["release", "--month", "2026-13"], "2026-13"),
        (&["release", "--month", "tháng mười"], "tháng mười"),
        (&["recount", "--month", "10/2026"], "10/2026"),
        (
            &["places", "change", "adults", "--unit", "3727", "--adults", "9", "--on", "2026-11-01", "--document", "x"],
            "3727",
        ),
        (
            &["places", "change", "split", "--from", "03727", "--part", "x", "--on", "2026-11-01", "--document", "x"],
            "--part",
        ),
        (
            &[
                "places",
                "change",
                "rename",
                "--unit",
                "03727",
                "--name",
                "Xã A",
                "--on",
                "1/11/2026",
                "--document",
                "x",
            ],
            "1/11/2026",
        ),
        (&["demo", "--residents", "0"], "--residents"),
        (&["demo", "--residents", "many"], "many"),
        (&["demo"], "--residents"),
        (&["serve", "--public-url", "ftp://x"], "ftp://x"),
        (&["serve", "--trusted-proxy", "proxy.example"], "proxy.example"),
        (&["serve", "--listen", "127.0.0.1:0", "--keys", "k1:secret"], "--keys"),
        (&["recount", "--database", mysql], "--database"),
        (&["demo", "--residents", "5", "--database", mysql], "--database"),
        (&["serve", "--listen", "127.0.0.1:0", "--database", mysql], "--database"),
    ];
    for (arguments, named) in cases {
        let output = hocso(&folder).args(*arguments).env("RUST_BACKTRACE", "1").output().expect("starts");
        let said = stderr(&output);
        assert!(output.status.code().is_some_and(|code| code != 0), "{arguments:?}: {output:?}");
        let all = said.clone() + &stdout(&output);
        assert!(said.lines().any(|line| line.contains(named)), "{arguments:?} must name {named}: {said}");
        assert!(!all.contains("panicked") && !all.contains("backtrace"), "{arguments:?}: {all}");
        assert!(!all.contains("secret"), "{arguments:?}: a password is not for the screen: {all}");
    }
    let made: Vec<PathBuf> =
        fs::read_dir(&folder.0).expect("the folder").map(|file| file.expect("a file").path()).collect();
    assert!(made.is_empty(), "{made:?}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for file in fs::read_dir(from).expect("a folder") {
        let (file, name) = file.map(|file| (file.path(), file.file_name())).expect("a file");
        if file.is_dir() {
            copy(&file, &to.join(name));
        } else {
            fs::copy(&file, to.join(name)).expect("copied");
        }
    }
}

/// A copy of the content with two faults, and how their lines begin.
fn broken_content(folder: &Folder) -> (PathBuf, [String; 2]) {
    let content = folder.join("content");
    copy(&root().join("content"), &content);
    let lesson = format!("tracks/{KEEP_ACCOUNT}");
    let line_of = |text: &str, what: &str| {
        let line = text.lines().position(|line| line.contains(what));
        line.unwrap_or_else(|| panic!("{what:?} is not in {lesson}")) + 1
    };
    let path = content.join(&lesson).join("vi.md");
    let text = fs::read_to_string(&path).expect("the text");
    let short = "Chậm một chút mà giữ được tiền.";
    let long = "Chậm một chút mà giữ được tiền thì vẫn hơn là nhanh tay một lúc rồi mất hết cả tiền.";
    assert_eq!(long.split_whitespace().count(), 20);
    let sentence = line_of(&text, short);
    fs::write(&path, text.replacen(short, long, 1)).expect("written");
    let path = content.join(&lesson).join("lesson.toml");
    let text = fs::read_to_string(&path).expect("the lesson");
    let choice = line_of(&text, "text = \"Đọc nửa mã trước, xem họ làm thế nào\"") - 1;
    let why = "why = \"Đọc một nửa nghe có vẻ cẩn thận. Nhưng họ sẽ hỏi tiếp nửa kia. Một số cũng không đọc.\"\n";
    assert!(text.contains(why), "the lesson was rewritten: choose another choice");
    fs::write(&path, text.replacen(why, "", 1)).expect("written");
    (content, [format!("{lesson}/lesson.toml:{choice}: "), format!("{lesson}/vi.md:{sentence}: ")])
}

/// Asserts that both faults are listed, each on a line of its own that an editor can jump to, and then how many there are.
fn lists_both(output: &Output, faults: &[String; 2]) {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = stderr(output);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    let [of_lesson, of_text] = faults;
    assert!(lines[0].starts_with(of_lesson.as_str()) && lines[0].contains("has no `why`"), "{of_lesson}: {said}");
    assert!(lines[1].starts_with(of_text.as_str()) && lines[1].contains("20 words"), "{of_text}: {said}");
    assert_eq!(lines[2], "2 faults in 2 files", "{said}");
}

#[test]
fn content_is_checked() {
    let folder = Folder::make();
    let own = run(&folder, &["content", "check"]);
    let totals = LIBRARY.totals();
    let expected = format!(
        "no fault: {} tracks, {} lessons, {} steps, {} questions, {} pictures, {} simulators, {} families of scams, \
         {} words explained, {} communes and wards\n",
        totals.tracks,
        totals.lessons,
        totals.steps,
        totals.questions,
        totals.pictures,
        totals.simulators,
        totals.scam_families,
        totals.terms,
        totals.units
    );
    assert_eq!((own.status.code(), stdout(&own), stderr(&own)), (Some(0), expected.clone(), String::new()));
    let content = root().join("content");
    let same = run(&folder, &["content", "check", content.to_str().expect("UTF-8")]);
    assert_eq!((same.status.code(), stdout(&same)), (Some(0), expected));
    let nowhere = refused_in_one_line(&run(&folder, &["content", "check", "/does/not/exist"]));
    assert!(nowhere.contains("/does/not/exist"), "{nowhere}");
}

#[test]
fn broken_content_is_listed_and_never_served() {
    let folder = Folder::make();
    let (content, faults) = broken_content(&folder);
    let content = content.to_str().expect("UTF-8");
    let checked = run(&folder, &["content", "check", content]);
    let served = run(&folder, &["serve", "--listen", "127.0.0.1:0", "--content", content]);
    assert_eq!((stdout(&served), stderr(&served)), (String::new(), stderr(&checked)), "the same list");
    assert!(!folder.join("hocso.sqlite").exists(), "no database of a house that does not open");
    lists_both(&checked, &faults);
    lists_both(&served, &faults);
}

/// A connection to a database that no program holds just now.
async fn connect(file: &Path) -> DatabaseConnection {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rw", file.display()));
    options.max_connections(1);
    Database::connect(options).await.expect("the database")
}

async fn rows(database: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    database.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

async fn number(database: &DatabaseConnection, sql: &str) -> i64 {
    rows(database, sql).await[0].try_get_by_index(0).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// How many learners of each kind.
async fn learners_by(database: &DatabaseConnection, column: &str) -> BTreeMap<String, i64> {
    let rows = rows(database, &format!("SELECT {column}, COUNT(*) FROM learner GROUP BY {column}")).await;
    let pair =
        |row: QueryResult| (row.try_get_by_index(0).expect("a name"), row.try_get_by_index(1).expect("a number"));
    rows.into_iter().map(pair).collect()
}

async fn who_they_are(database: &DatabaseConnection) -> Vec<String> {
    let sql = "SELECT hex(id) || ' ' || hex(secret_hash) || ' ' || unit || ' ' || birth_year || ' ' || sex || ' ' \
        || COALESCE(ethnic_group, '') FROM learner ORDER BY no";
    rows(database, sql).await.iter().map(|row| row.try_get_by_index(0).expect("a learner")).collect()
}

#[test]
fn demo_makes_the_people_of_the_province() {
    const RESIDENTS: i64 = 2_000;
    runtime().block_on(async {
        let folder = Folder::make();
        let demo = |file: &str, residents: &str, seed: &str| {
            let database = format!("sqlite:{file}");
            run(&folder, &["demo", "--residents", residents, "--seed", seed, "--database", &database])
        };
        let made = demo("a.sqlite", "2000", "3");
        assert!(made.status.success(), "{made:?}");
        assert!(stdout(&made).contains("2000 fictitious learners"), "{made:?}");
        let checked = run(&folder, &["recount", "--check", "--database", "sqlite:a.sqlite"]);
        assert!(checked.status.success(), "{checked:?}");
        assert!(
            stdout(&checked).contains("2000 learners") && stdout(&checked).contains("; 0 differences"),
            "{checked:?}"
        );
        let again = refused_in_one_line(&demo("a.sqlite", "2000", "3"));
        assert!(again.contains("holds learners already"), "{again}");

        let database = connect(&folder.join("a.sqlite")).await;
        assert_eq!(number(&database, "SELECT COUNT(*) FROM learner").await, RESIDENTS, "nobody was added");
        let sexes = learners_by(&database, "sex").await;
        let people: u32 = LIBRARY.census.sexes.iter().map(|(_, people)| people).sum();
        for (sex, counted) in &LIBRARY.census.sexes {
            let made = sexes[sex.as_str()] as f64 / RESIDENTS as f64;
            let census = f64::from(*counted) / f64::from(people);
            assert!((made - census).abs() < 0.03, "{sex:?}: {made} for {census}");
        }
        assert!(sexes.contains_key(Sex::Female.as_str()) && sexes.contains_key(Sex::Male.as_str()));
        let units = learners_by(&database, "unit").await;
        let people: u32 = LIBRARY.units.iter().map(|unit| unit.population).sum();
        assert!(units.keys().all(|code| LIBRARY.unit(code.parse().expect("a code")).is_some()), "{units:?}");
        for unit in &LIBRARY.units {
            let made = units.get(unit.code.as_str()).copied().unwrap_or_default() as f64;
            let expected = RESIDENTS as f64 * f64::from(unit.population) / f64::from(people);
            // Five deviations of a count: one in a million.
            let most = 5.0 * expected.sqrt();
            assert!((made - expected).abs() < most, "{}: {made} learners for {expected}", unit.name);
        }
        let of = |unit: Option<&domain::places::Unit>| {
            units.get(unit.expect("a unit").code.as_str()).copied().unwrap_or_default()
        };
        let biggest = of(LIBRARY.units.iter().max_by_key(|unit| unit.population));
        let smallest = of(LIBRARY.units.iter().min_by_key(|unit| unit.population));
        assert!(biggest > smallest, "{biggest} and {smallest}");
        let first = who_they_are(&database).await;
        database.close().await.expect("closes");

        for (file, seed, same) in [("b.sqlite", "3", true), ("c.sqlite", "4", false)] {
            let made = demo(file, "300", seed);
            assert!(made.status.success(), "{made:?}");
            let database = connect(&folder.join(file)).await;
            let people = who_they_are(&database).await;
            assert_eq!(people.len(), 300);
            assert_eq!(people == first[..300], same, "seed {seed}");
            database.close().await.expect("closes");
        }
    });
}

#[test]
fn recount_finds_and_mends() {
    runtime().block_on(async {
        let folder = Folder::make();
        let file = folder.join("hocso.sqlite");
        for check in [&["recount"][..], &["recount", "--check"]] {
            let missing = refused_in_one_line(&run(&folder, check));
            assert!(missing.contains("there is no database") && missing.contains("hocso.sqlite"), "{missing}");
            assert!(!file.exists());
        }
        assert!(run(&folder, &["demo", "--residents", "60"]).status.success());
        let database = connect(&file).await;
        let cell = "SELECT unit FROM tally_people WHERE track = '' AND people > 0 ORDER BY unit LIMIT 1";
        let unit: String = rows(&database, cell).await[0].try_get_by_index(0).expect("a unit");
        let sum = format!("SELECT CAST(SUM(people) AS BIGINT) FROM tally_people WHERE unit = '{unit}'");
        let right = number(&database, &sum).await;
        let spoil = format!(
            "UPDATE tally_people SET people = people + 5 WHERE rowid = \
            (SELECT rowid FROM tally_people WHERE unit = '{unit}' AND track = '' AND people > 0 LIMIT 1)"
        );
        let spoilt = database.execute_unprepared(&spoil).await.expect("spoilt");
        assert_eq!(spoilt.rows_affected(), 1);
        database.close().await.expect("closes");

        for _ in 0..2 {
            let wrong = run(&folder, &["recount", "--check"]);
            let told = refused_in_one_line(&wrong);
            assert!(told.contains("`hocso recount` mends them"), "{told}");
            let (wrong, place) = (stdout(&wrong), format!("tally_people {unit} "));
            assert_eq!(wrong.lines().filter(|line| line.starts_with(&place)).count(), 1, "{wrong}");
            assert!(wrong.contains("; 1 differences"), "--check changes nothing: {wrong}");
        }
        let mended = run(&folder, &["recount"]);
        assert!(mended.status.success() && stdout(&mended).contains("mended"), "{mended:?}");
        let checked = run(&folder, &["recount", "--check"]);
        assert!(checked.status.success() && stdout(&checked).contains("; 0 differences"), "{checked:?}");
        let database = connect(&file).await;
        assert_eq!(number(&database, &sum).await, right);
        database.close().await.expect("closes");
    });
}

#[test]
fn releases_are_made_tried_and_attacked() {
    runtime().block_on(async {
        let folder = Folder::make();
        assert!(run(&folder, &["demo", "--residents", "150"]).status.success());
        let releases = async || {
            let database = connect(&folder.join("hocso.sqlite")).await;
            let count = number(&database, "SELECT COUNT(*) FROM open_release").await;
            database.close().await.expect("closes");
            count
        };
        let before = releases().await;
        assert!(before >= 6, "a release for each month of the year: {before}");
        let audit = run(&folder, &["release", "--audit"]);
        assert!(audit.status.success(), "{audit:?}");
        let said = stdout(&audit);
        assert!(said.contains(&format!("{before} releases, all as they were frozen")), "{said}");
        for way in ["the figure alone", "places subtracted", "months and corrections subtracted", "linear programmes"] {
            assert!(said.contains(way), "{way}: {said}");
        }
        let tried = run(&folder, &["release", "--dry-run"]);
        assert!(tried.status.success() && stdout(&tried).contains("SHA-256"), "{tried:?}");
        let again = run(&folder, &["release"]);
        assert!(stdout(&again).contains("says the same already; nothing was stored"), "{again:?}");
        assert_eq!(releases().await, before);
        let unfinished = refused_in_one_line(&run(&folder, &["release", "--month", "2999-01"]));
        assert!(unfinished.contains("2999-01 is not over yet"), "{unfinished}");
        let empty = stdout(&run(&folder, &["release", "--month", "2001-01", "--dry-run"]));
        assert!(
            empty.contains("of 2001-01: 0 figures"),
            "after the first release a month without anybody is zero: {empty}"
        );
        // Somebody edits what was frozen.
        let database = connect(&folder.join("hocso.sqlite")).await;
        let edit = "UPDATE open_figure SET value = value + 1 WHERE release = 3 AND status = 'noisy'";
        assert!(database.execute_unprepared(edit).await.expect("edited").rows_affected() > 0);
        database.close().await.expect("closes");
        let edited = refused_in_one_line(&run(&folder, &["release", "--audit"]));
        assert!(edited.contains("release 3 is not what was frozen"), "{edited}");
    });
}

#[test]
fn places_change_and_nobody_is_lost() {
    let folder = Folder::make();
    assert!(run(&folder, &["demo", "--residents", "120"]).status.success());
    let change = |what: &[&str]| {
        let mut arguments = vec!["places", "change"];
        arguments.extend(what);
        arguments.extend(["--on", "2026-11-01", "--document", "Nghị quyết thử"]);
        run(&folder, &arguments)
    };
    let adults: u32 = LIBRARY.units.iter().map(|unit| unit.adults).sum();
    let merged = change(&["merger", "--from", "03727,03781", "--into", "03727", "--name", "Xã Mường Mới"]);
    assert!(merged.status.success(), "{merged:?}");
    let said = stdout(&merged);
    assert!(said.contains("03727, 03781 became 03727 Xã Mường Mới"), "{said}");
    assert!(said.contains(&format!("74 communes and wards with {adults} adults (before: {adults})")), "{said}");
    let split =
        change(&["split", "--from", "03646", "--part", "99901:Phường Tách:1000", "--part", "99902:Xã Tách:500"]);
    assert!(stdout(&split).contains(&format!("76 communes and wards with {adults} adults")), "{split:?}");
    assert!(change(&["rename", "--unit", "99902", "--name", "Phường Tách Hai"]).status.success());
    let counted = change(&["adults", "--unit", "99902", "--adults", "510"]);
    assert!(stdout(&counted).contains(&format!("with {} adults (before: {adults})", adults + 10)), "{counted:?}");
    let cases: [(&[&str], &str); 5] = [
        (&["merger", "--from", "03781,03664", "--into", "03664", "--name", "Xã A"], "unit 03781 ended on 2026-11-01"),
        (&["merger", "--from", "03664,03670", "--into", "03646", "--name", "Xã A"], "03646 is another unit's code"),
        (&["split", "--from", "99902", "--part", "99903:Xã B:510"], "510 adults cannot be"),
        (&["rename", "--unit", "12345", "--name", "Xã A"], "there is no unit 12345"),
        (&["adults", "--unit", "99902", "--adults", "0"], "0 adults cannot be"),
    ];
    for (what, said) in cases {
        let refused = refused_in_one_line(&change(what));
        assert!(refused.contains(said) && refused.contains("nothing was changed"), "{what:?}: {refused}");
    }
    let early =
        ["places", "change", "rename", "--unit", "03664", "--name", "Xã A", "--on", "2026-10-31", "--document", "x"];
    let early = refused_in_one_line(&run(&folder, &early));
    assert!(early.contains("changes come in the order of their days"), "{early}");
    let late =
        ["places", "change", "rename", "--unit", "03664", "--name", "Xã A", "--on", "2999-01-01", "--document", "x"];
    assert!(refused_in_one_line(&run(&folder, &late)).contains("still to come"));
    let list = stdout(&run(&folder, &["places", "changes"]));
    assert!(
        list.ends_with("4 changes\n") && list.contains("2026-11-01 Nghị quyết thử: 99902 has 510 adults"),
        "{list}"
    );
    let checked = run(&folder, &["recount", "--check"]);
    assert!(checked.status.success() && stdout(&checked).contains("; 0 differences"), "{checked:?}");
}

/// A server that runs, and is stopped with the test.
struct Running {
    child: Child,
    folder: Folder,
    address: SocketAddr,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    /// Starts on a free port and waits until it says which.
    async fn start(arguments: &[&str]) -> Self {
        let folder = Folder::make();
        let file = |name: &str| Stdio::from(File::create(folder.join(name)).expect("a file"));
        let (out, err) = (file("out.txt"), file("err.txt"));
        let mut command = hocso(&folder);
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments).stdout(out).stderr(err);
        let child = command.spawn().expect("the program starts");
        let mut running = Self { child, folder, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        let ready = timeout(PATIENCE, async {
            loop {
                if let Some(address) = running.ready() {
                    return address;
                }
                let ended = running.child.try_wait().expect("answers");
                assert!(ended.is_none(), "{ended:?}: {}", running.said("err.txt"));
                sleep(LOOK_EVERY).await;
            }
        });
        running.address = ready.await.unwrap_or_else(|_| panic!("not ready: {}", running.said("out.txt")));
        running
    }

    fn said(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).expect("what it says")
    }

    /// The line for programs: only that, with nothing else in it.
    fn ready(&self) -> Option<SocketAddr> {
        let said = self.said("out.txt");
        let line = said.lines().find(|line| line.starts_with("{\"ready\":") && line.ends_with('}'))?;
        let line: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(line.as_object().map(|line| line.len()), Some(1), "{line}");
        let address = line["ready"].as_str().and_then(|url| url.strip_prefix("http://"));
        Some(address.unwrap_or_else(|| panic!("{line}")).parse().expect("an address"))
    }

    /// SIGTERM, as an operator's tools send it; it has five seconds.
    async fn stop(&mut self) -> ExitStatus {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(sent.expect("kill is there").success());
        let ended = timeout(Duration::from_secs(5), async {
            loop {
                if let Some(status) = self.child.try_wait().expect("answers") {
                    return status;
                }
                sleep(LOOK_EVERY).await;
            }
        });
        ended.await.unwrap_or_else(|_| panic!("still runs 5 s after SIGTERM: {}", self.said("out.txt")))
    }

    async fn connect(&self) -> TcpStream {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(PROXY.parse().expect("an address")).expect("all of 127.0.0.0/8 is ours");
        socket.connect(self.address).await.expect("connects")
    }

    /// One request as a proxy passes it on; gives the status and the whole answer.
    async fn ask(&self, method: &str, path: &str, headers: &[&str], body: &str) -> (u16, String) {
        let mut stream = self.connect().await;
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        request += &format!("x-forwarded-for: {PERSON}\r\ncontent-length: {}\r\n", body.len());
        for header in headers {
            request += &format!("{header}\r\n");
        }
        request += &format!("\r\n{body}");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("in time").expect("an answer");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.unwrap_or_else(|| panic!("{answer}")), answer)
    }
}

/// The messages of the log, in order; everything else on standard output is the line for programs.
fn messages(out: &str) -> Vec<Value> {
    let lines = out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("{line}")));
    lines.filter(|line| line.get("ready").is_none()).collect()
}

#[test]
fn serve_says_where_and_closes_in_order() {
    runtime().block_on(async {
        let mut running = Running::start(&[]).await;
        assert!(running.address.ip().is_loopback() && running.address.port() != 0);
        let (status, answer) = running.ask("GET", "/", &[], "").await;
        assert!(status == 200 && answer.contains("Học Số"), "{answer}");
        // A phone keeps its connection open after its answer.
        let mut kept = running.connect().await;
        kept.write_all(b"GET /thong-ke HTTP/1.1\r\nhost: x\r\n\r\n").await.expect("sent");
        let mut some = [0; 15];
        timeout(PATIENCE, kept.read_exact(&mut some)).await.expect("in time").expect("an answer");
        assert_eq!(&some, b"HTTP/1.1 200 OK");
        let status = running.stop().await;
        assert_eq!(status.code(), Some(0), "{}", running.said("err.txt"));
        let messages = messages(&running.said("out.txt"));
        assert_eq!(messages.last().map(|line| line["message"].as_str()), Some(Some("closed")), "{messages:?}");
        assert_eq!(running.said("err.txt"), "");
        assert!(!running.folder.join("hocso.sqlite-wal").exists(), "the log is copied back");
        drop(kept);
    });
}

#[test]
fn sigterm_does_not_wait_for_those_who_say_nothing() {
    runtime().block_on(async {
        let mut running = Running::start(&[]).await;
        let silent = running.connect().await;
        let mut half = running.connect().await;
        half.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").await.expect("sent");
        let (status, _) = running.ask("GET", "/", &[], "").await;
        assert_eq!(status, 200);
        assert_eq!(running.stop().await.code(), Some(0));
        drop((silent, half));
    });
}

#[test]
fn a_second_server_on_the_same_file_is_refused() {
    runtime().block_on(async {
        let mut running = Running::start(&[]).await;
        for second in [&["serve", "--listen", "127.0.0.1:0"][..], &["recount"], &["demo", "--residents", "1"]] {
            let output = run(&running.folder, second);
            let told = refused_in_one_line(&output);
            assert!(told.contains("in use by another process") && told.contains("hocso.sqlite"), "{second:?}: {told}");
            assert!(!stdout(&output).contains("ready"), "{second:?}");
        }
        let taken = running.address.to_string();
        let other = ["serve", "--listen", &taken, "--database", "sqlite:other.sqlite"];
        let told = refused_in_one_line(&run(&running.folder, &other));
        assert!(told.contains(&taken), "{told}");
        // The first has not noticed, and gives the file free at its end.
        let (status, _) = running.ask("GET", "/", &[], "").await;
        assert_eq!(status, 200);
        assert_eq!(running.stop().await.code(), Some(0));
        assert!(run(&running.folder, &["recount", "--check"]).status.success());
    });
}

/// A form as a browser sends it; what is in it is plain letters, digits and spaces.
const FORM: &str = "content-type: application/x-www-form-urlencoded";

#[test]
fn the_log_says_nothing_about_anybody() {
    runtime().block_on(async {
        let mut running = Running::start(&["--trusted-proxy", "127.0.0.9"]).await;
        let fields = "place=muong+e&born=1961&sex=female&send=1";
        let (status, registered) = running.ask("POST", "/dong-y/ho-so", &[FORM], fields).await;
        assert_eq!(status, 303, "{registered}");
        let set = format!("set-cookie: {LEARNER_COOKIE}=");
        let token = registered.split(&set).nth(1).and_then(|rest| rest.split(';').next()).expect("a cookie").to_owned();
        let (id, secret) = token.split_once('.').expect("an id and a secret");
        let cookie = format!("cookie: {LEARNER_COOKIE}={token}");
        let answers = fields_of(&right_answers(KEEP_ACCOUNT));
        let answers: Vec<String> = answers.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let lesson = format!("/bai-hoc/{KEEP_ACCOUNT}");
        let finished = format!("{}&finish=1", answers.join("&"));
        let (status, answer) = running.ask("POST", &lesson, &[FORM, &cookie], &finished).await;
        assert!(status == 200 || status == 303, "{answer}");
        // Seen, refused and mistaken requests are logged as well.
        let bearer = format!("authorization: Bearer {token}");
        let (mine, _) = running.ask("GET", "/toi?place=muong+e&born=1961", &[&cookie], "").await;
        assert_eq!(mine, 200);
        let wrong = [
            running.ask("POST", app::paths::EVENTS, &[&bearer, "content-type: application/json"], "{\"x\":1961}").await,
            running.ask("POST", "/dong-y/ho-so", &[FORM, "origin: https://evil.example"], fields).await,
            running
                .ask("POST", "/dong-y/ho-so", &[FORM], "place=M%C6%B0%E1%BB%9Dng+%C3%89&born=61&sex=female&send=1")
                .await,
            running.ask("GET", "/nowhere?id=1961", &[&cookie], "").await,
        ];
        assert!(wrong.iter().all(|(status, _)| (400..500).contains(status)), "{wrong:?}");
        assert_eq!(running.stop().await.code(), Some(0));

        let database = connect(&running.folder.join("hocso.sqlite")).await;
        assert_eq!(number(&database, "SELECT COUNT(*) FROM event WHERE kind = 'lesson_finished'").await, 1);
        assert_eq!(
            number(&database, "SELECT COUNT(*) FROM learner WHERE unit = '03727' AND birth_year = 1961").await,
            1
        );
        database.close().await.expect("closes");

        let (out, err) = (running.said("out.txt"), running.said("err.txt"));
        let mut log = messages(&out);
        let requests = log.iter().filter(|line| line["message"] == "request").count();
        assert!(requests >= 7, "every request of somebody has its line: {out}");
        assert!(log.iter().any(|line| line["path"] == "/dong-y/ho-so" && line["status"] == 303), "{out}");
        let all = (out + &err).to_lowercase();
        let place = ["mường é", "muong e", "muong+e", "muong%20e", "m%c6%b0%e1%bb%9dng", "03727"];
        for private in
            place.into_iter().chain([id, &id.replace('-', ""), secret, PERSON, "127.0.0.9", "born=", "cookie"])
        {
            assert!(!all.contains(private), "{private:?} is in the log: {all}");
        }
        // Four digits may stand in a time or a number by chance, so those are left out.
        for line in &mut log {
            let line = line.as_object_mut().expect("a line");
            for by_chance in ["timestamp", "id", "micros", "address"] {
                line.remove(by_chance);
            }
        }
        let rest = format!("{log:?}{err}");
        assert!(!rest.contains("1961"), "{rest}");
    });
}
