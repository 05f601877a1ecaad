//! What the house remembers, on both databases.

use crate::{
    cast::{KEEP_ACCOUNT, LIBRARY, LINKS, NOW, PORTAL, dơ, lan, lesson, mai, neighbour},
    world::{Folder, Kind, Place, World, on_sqlite, runtime},
};
use domain::{
    accounts::{BirthYear, EthnicGroup},
    content::{Marking, Right},
    coverage::{Figure, Part, PublicCount, Step, Witness},
    learn::Attempt,
    sync::{Known, Outcome},
    time::{DAY_MS, HOUR_MS, Month},
};
use hocso::release::make;
use std::fs;
use store::{Asset, AssetBytes, Existing, OpenError, Store};

on_both!(a_learners_own_pages_show_what_they_did_and_told, |world| async move {
    let who = lan();
    assert_eq!(world.store.learner_view(&who.credentials).await.expect("answers"), None);
    assert_eq!(world.store.held(&who.credentials).await.expect("answers"), None);
    let story = who.story().days_ago(40).registers().finishes(KEEP_ACCOUNT).days_ago(2).finishes(LINKS).starts(PORTAL);
    assert_eq!(world.sends(story.states(EthnicGroup::Mong), &who).await.results(), ["stored"; 5]);
    let view = world.store.learner_view(&who.credentials).await.expect("answers").expect("Lan is there");
    assert_eq!(view.profile, who.profile);
    let finished: Vec<_> = view.finished.iter().map(|(lesson, day)| (lesson.as_str(), day.to_string())).collect();
    assert_eq!(finished, [(LINKS, "2026-11-21".to_owned()), (KEEP_ACCOUNT, "2026-10-14".to_owned())]);
    let held = world.store.held(&who.credentials).await.expect("answers").expect("Lan is there");
    assert_eq!((held.profile, held.ethnic_group, held.guardian), (who.profile, Some(EthnicGroup::Mong), true));
    assert_eq!(held.registered_at, NOW);
    let kinds: Vec<_> = held.events.iter().map(|event| event.kind.as_str()).collect();
    let expected = ["registered", "lesson_finished", "lesson_finished", "lesson_started", "ethnic_group_stated"];
    assert_eq!(kinds, expected);
    assert_eq!((held.events[1].at, held.events[1].received_at), (NOW - 40 * DAY_MS, NOW));
    let questions = lesson(LINKS).questions.len() as u8;
    let pass_percent = lesson(LINKS).marking.pass_percent;
    let attempt = Attempt { right_at_first: questions, questions, pass_percent };
    assert!(held.attempts.contains(&(lesson(LINKS).id.clone(), attempt)), "{:?}", held.attempts);
    // Nothing of it to somebody with another secret, and no secret in the clear.
    let mut thief = who.clone();
    thief.credentials.secret = dơ().credentials.secret;
    assert_eq!(world.store.held(&thief.credentials).await.expect("answers"), None);
    assert_eq!(world.store.learner_view(&thief.credentials).await.expect("answers"), None);
});

on_both!(what_is_told_with_the_registration_is_told, |world| async move {
    let who = mai();
    let story = who.story().registers().moves_to("03781").states(EthnicGroup::Mong).finishes(KEEP_ACCOUNT);
    assert_eq!(world.sends(story, &who).await.results(), ["stored"; 4]);
    let held = world.store.held(&who.credentials).await.expect("answers").expect("Mai is there");
    assert_eq!((held.profile.unit.as_str(), held.ethnic_group), ("03781", Some(EthnicGroup::Mong)));
    world.agrees().await;
});

on_both!(a_move_takes_all_figures_along, |world| async move {
    let who = mai();
    let story = who.story().registers().days_ago(30).finishes(KEEP_ACCOUNT).states(EthnicGroup::Thai);
    world.sends(story.days_ago(0).finishes(LINKS), &who).await;
    let before = world.tallies().await;
    assert_eq!(world.sends(who.story().numbered_from(9).moves_to("03781"), &who).await.results(), ["stored"]);
    let after = world.tallies().await;
    for (cube, cells) in &before {
        let moved: Vec<String> = cells.iter().map(|cell| cell.replace("03727", "03781")).collect();
        assert_eq!(after[cube], moved, "{cube}");
        assert!(!cells.is_empty(), "{cube}");
    }
    world.agrees().await;
    // An older notice of another place arrives late and changes nothing.
    assert_eq!(world.sends(who.story().numbered_from(7).moves_to("03646"), &who).await.results(), ["stored"]);
    assert_eq!(world.tallies().await, after);
    // A mended birth year moves them to another age band.
    let mut younger = who.clone();
    younger.profile.birth_year = BirthYear::stored(1986);
    assert_eq!(world.sends(younger.story().numbered_from(12).moves_to("03781"), &who).await.results(), ["stored"]);
    assert_eq!(world.people("tally_people WHERE age_band = '65+'").await, 0);
    assert_eq!(world.people("tally_people WHERE age_band = '35-44' AND track = ''").await, 1);
    world.agrees().await;
});

on_both!(an_ethnic_group_is_stated_and_taken_back, |world| async move {
    let who = mai();
    world.sends(who.story().registers().finishes(KEEP_ACCOUNT), &who).await;
    assert_eq!(world.people("tally_ethnic").await, 0, "nobody's people is guessed");
    world.sends(who.story().numbered_from(3).states(EthnicGroup::Thai), &who).await;
    assert_eq!(world.people("tally_ethnic WHERE ethnic_group = 'thai' AND track = 'thanh-toan'").await, 1);
    world.agrees().await;
    world.sends(who.story().numbered_from(4).takes_back_group(), &who).await;
    assert_eq!(world.people("tally_ethnic").await, 0);
    let held = world.store.held(&who.credentials).await.expect("answers").expect("Mai is there");
    assert_eq!(held.ethnic_group, None);
    world.agrees().await;
});

/// Two people with some figures.
async fn some_people(world: &World) {
    world.sends(mai().story().registers().finishes(KEEP_ACCOUNT).states(EthnicGroup::Thai), &mai()).await;
    world.sends(dơ().story().registers().finishes(LINKS).starts(PORTAL), &dơ()).await;
    world.agrees().await;
}

on_both!(recount_finds_and_mends_what_is_wrong, |world| async move {
    some_people(&world).await;
    let right = world.everything().await;
    // (how it is spoilt, what the difference names)
    let cases = [
        (
            "UPDATE tally_people SET people = people + 1 WHERE track = 'thanh-toan'",
            "tally_people 03727 thanh-toan heard self female 65+ 202611",
        ),
        (
            "UPDATE tally_skill SET people = 7 WHERE unit = '03781' AND skill = ''",
            "tally_skill 03781  heard self 202611",
        ),
        (
            "DELETE FROM tally_lesson WHERE lesson = '' AND unit = '03781' AND state = 'started'",
            "tally_lesson 03781  started 202611",
        ),
        ("UPDATE tally_ethnic SET ethnic_group = 'kinh' WHERE track = ''", "tally_ethnic 03727  heard kinh 202611"),
        ("UPDATE standing SET month = 202601 WHERE track = 'thanh-toan'", "standing of learner"),
        ("DELETE FROM standing WHERE track = 'an-toan'", "standing of learner"),
        ("DELETE FROM lesson_standing WHERE state = 'completed'", "standing of learner"),
        (
            "INSERT INTO lesson_standing (learner, lesson, state, month) SELECT no, 'an-toan/khong-co', 'started', 202611 FROM learner",
            "standing of learner",
        ),
    ];
    for (spoil, named) in cases {
        world.spoil(spoil).await;
        let found = world.store.recount(false).await.expect("recounts");
        assert!(found.differences_total > 0, "not found: {spoil}");
        let places: Vec<_> = found.differences.iter().map(|difference| difference.place.clone()).collect();
        assert!(places.iter().any(|place| place.starts_with(named)), "{spoil}: {places:?}");
        assert_ne!(world.everything().await, right, "--check mends nothing: {spoil}");
        let mended = world.store.recount(true).await.expect("recounts");
        assert_eq!(mended.differences_total, found.differences_total, "{spoil}");
        assert_eq!(world.everything().await, right, "mended: {spoil}");
        world.agrees().await;
    }
});

on_both!(recount_mends_what_a_learner_told, |world| async move {
    some_people(&world).await;
    let right = world.everything().await;
    // Erasing and moving take a learner out of the cells that this row names.
    world.spoil("UPDATE learner SET unit = '03646', ethnic_group = NULL WHERE unit = '03727'").await;
    let found = world.store.recount(false).await.expect("recounts");
    assert!(found.differences_total > 0, "a row that is not what the log says is a difference");
    world.store.recount(true).await.expect("recounts");
    assert_eq!(world.everything().await, right);
});

on_both!(recount_marks_attempts_anew, |world| async move {
    some_people(&world).await;
    let right = world.everything().await;
    world.spoil("DELETE FROM attempt").await;
    world.store.recount(true).await.expect("recounts");
    assert_eq!(world.everything().await["attempt"], right["attempt"]);
});

on_both!(recount_agrees_after_move_erasure_and_late_events, |world| async move {
    for number in 0..6 {
        let who = neighbour(number);
        let story = who.story().registers().days_ago(i64::from(number) * 15).finishes(KEEP_ACCOUNT).starts(LINKS);
        world.sends(story.states(EthnicGroup::ALL[usize::from(number)]), &who).await;
    }
    world.sends(neighbour(1).story().numbered_from(20).moves_to("03646"), &neighbour(1)).await;
    world.set_clock(NOW + 50 * DAY_MS);
    world.sends(neighbour(2).story().numbered_from(20).days_ago(1).finishes(LINKS), &neighbour(2)).await;
    assert!(world.store.erase(&neighbour(3).credentials, NOW).await.expect("erases"));
    world.sends(neighbour(3).story().registers().finishes(LINKS), &neighbour(3)).await;
    let recounted = world.store.recount(false).await.expect("recounts");
    assert_eq!((recounted.learners, recounted.events, recounted.differences_total), (5, 5 * 4 + 2, 0));
    let stored = world.everything().await;
    world.store.recount(true).await.expect("recounts");
    assert_eq!(world.everything().await, stored, "mending what is right changes nothing");
});

fn asset(name: &str) -> Asset {
    let bytes = AssetBytes { plain: name.as_bytes().to_vec(), brotli: Some(vec![1, 2]), gzip: None };
    Asset { name: name.to_owned(), content_type: "text/javascript".to_owned(), bytes }
}

on_both!(assets_of_two_releases_are_kept, |world| async move {
    let store = &world.store;
    let keep = async |release: &str, names: &[&str], at: i64| {
        let assets: Vec<Asset> = names.iter().map(|name| asset(name)).collect();
        store.keep_assets(release, &assets, NOW + at).await.expect("kept");
    };
    let there = async |name: &str| store.asset(name).await.expect("answers").is_some();
    keep("r1", &["app-1.js", "same.svg"], 1).await;
    assert_eq!(store.asset("app-1.js").await.expect("answers"), Some(asset("app-1.js")), "with all its forms");
    keep("r2", &["app-2.js", "same.svg"], 2).await;
    assert!(there("app-1.js").await && there("app-2.js").await && there("same.svg").await);
    // The same release starts again, as after a restart: the one before it stays.
    keep("r2", &["app-2.js", "same.svg"], 3).await;
    assert!(there("app-1.js").await);
    keep("r3", &["app-3.js", "same.svg"], 4).await;
    assert!(!there("app-1.js").await, "the third release lets the first go");
    assert!(there("app-2.js").await && there("app-3.js").await && there("same.svg").await);
    // Yesterday's program again: back in, and the release in between stays.
    keep("r2", &["app-2.js", "same.svg"], 5).await;
    assert!(there("app-2.js").await && there("app-3.js").await);
    assert_eq!(world.count("release").await, 2);
    assert_eq!(world.count("asset").await, 3);
    // The front door serves what only the database has.
    let answer = world.ask(axum::http::Method::GET, "/a/app-3.js").header("accept-encoding", "br").send().await;
    assert_eq!((answer.status, answer.header("content-encoding"), &answer.bytes[..]), (200, "br", &[1, 2][..]));
    assert_eq!(world.get("/a/app-1.js").await.status, 404);
});

on_both!(a_throttle_counts_and_forgets, |world| async move {
    let store = &world.store;
    let allow = async |bucket: &str, at| store.allow(bucket, 3, at).await.expect("counts");
    for _ in 0..3 {
        assert!(allow("here", NOW).await);
    }
    assert!(!allow("here", NOW + HOUR_MS / 2).await, "the fourth in an hour");
    assert!(allow("there", NOW).await, "each place has its own");
    assert!(allow("here", NOW + HOUR_MS).await, "a new hour");
    assert_eq!(world.count("throttle").await, 3);
    assert!(allow("here", NOW + 2 * HOUR_MS).await);
    assert!(allow("here", NOW + 5 * HOUR_MS).await);
    assert_eq!(world.count("throttle").await, 1, "old hours are forgotten");
});

fn month(number: i32) -> Month {
    Month::from_number(number).expect("a month")
}

on_both!(erasing_everybody_still_publishes_zero, |world| async move {
    let who = mai();
    world.sends(who.story().registers().finishes(KEEP_ACCOUNT), &who).await;
    let release = async |number, now| {
        let made = make(&world.store, &LIBRARY, month(number), now).await.unwrap_or_else(|no| panic!("{no}"));
        assert!(world.store.freeze(&made.release, now).await.expect("freezes"));
        made.release
    };
    let november = release(202611, NOW + 10 * DAY_MS).await;
    assert!(world.store.erase(&who.credentials, NOW).await.expect("erases"));
    let december = release(202612, NOW + 41 * DAY_MS).await;
    let everybody = Figure::Ladder { track: None, step: Step::Heard, witness: Witness::Self_, part: Part::Province };
    assert_eq!(december.shown(&everybody), PublicCount::Zero);
    assert_ne!(november.shown(&everybody), PublicCount::Zero);
    let kept = world.store.release(1).await.expect("answers").expect("is there").0;
    assert_eq!(kept, november, "published releases stay");
});

on_both!(markings_are_kept_as_they_were_first, |world| async move {
    let released = LIBRARY.lessons().count() as i64;
    assert_eq!(world.count("marking").await, released);
    // Somebody's build gives the same version another pass mark: what was released stays.
    let of_lesson = &lesson(KEEP_ACCOUNT).marking;
    world.store.remember(&[Known::Lesson(Marking { pass_percent: 1, ..of_lesson.clone() })]).await.expect("remembers");
    assert_eq!(world.count("marking").await, released);
    let who = mai();
    world.sends(who.story().registers().finishes(KEEP_ACCOUNT), &who).await;
    assert_eq!(
        world.number("SELECT CAST(pass_percent AS BIGINT) FROM attempt").await,
        i64::from(of_lesson.pass_percent)
    );
    // An event is marked by its own version: here the right answer of the first question was another.
    let mut old = of_lesson.clone();
    old.version = "0123456789ab".parse().expect("a version");
    old.pass_percent = 55;
    let Right::Single(right) = &mut old.questions[0].right else { panic!("a single choice") };
    let other = (0..3).filter_map(domain::content::ChoiceId::nth).find(|choice| choice != right).expect("another");
    *right = other;
    world.store.remember(&[Known::Lesson(old)]).await.expect("remembers");
    world.sends(who.story().numbered_from(5).finishes_version(KEEP_ACCOUNT, "0123456789ab"), &who).await;
    let questions = lesson(KEEP_ACCOUNT).questions.len() as i64;
    let sql = "SELECT CAST(right_at_first AS BIGINT) FROM attempt WHERE version = '0123456789ab' AND pass_percent = 55";
    assert_eq!(world.number(sql).await, questions - 1);
});

on_both!(a_newer_database_is_not_opened, |world| async move {
    let url = world.url.clone();
    world.spoil("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_tomorrow', 0)").await;
    world.close().await;
    let error = Store::open(&url, Existing::OrNew).await.map(drop).expect_err("it is newer");
    assert!(matches!(&error, OpenError::Newer(version) if version == "m20991231_tomorrow"), "{error:?}");
    is_one_line(&error, "newer than this program");
});

on_both!(opening_again_changes_nothing, |world| async move {
    some_people(&world).await;
    let before = world.everything().await;
    assert_eq!(world.store.remember(&[]).await.expect("answers"), 0);
    world.restarted().await;
    assert_eq!(world.everything().await, before);
    assert!(world.store.holds_anybody().await.expect("answers"));
    world.store.ping().await.expect("answers");
});

on_both!(an_empty_database_holds_nobody, |world| async move {
    assert!(!world.store.holds_anybody().await.expect("answers"));
    world.registers(&mai()).await;
    world.store.erase(&mai().credentials, NOW).await.expect("erases");
    assert!(world.store.holds_anybody().await.expect("answers"), "a tombstone is somebody who was there");
});

fn is_one_line(error: &OpenError, says: &str) {
    let text = error.to_string();
    assert!(text.contains(says) && text.lines().count() == 1, "{text}");
}

#[test]
fn what_cannot_be_opened_says_why_in_one_line() {
    runtime().block_on(async {
        let folder = Folder::make();
        let open =
            async |url: String, existing| Store::open(&url, existing).await.map(drop).expect_err("it cannot be opened");
        let at = |name: &str| format!("sqlite:{}", folder.join(name).display());
        let missing_folder = open(at("nowhere/hocso.sqlite"), Existing::OrNew).await;
        assert!(matches!(missing_folder, OpenError::Folder(_)), "{missing_folder:?}");
        is_one_line(&missing_folder, "nowhere/hocso.sqlite");
        let missing = open(at("hocso.sqlite"), Existing::Only).await;
        assert!(matches!(missing, OpenError::Missing(_)), "{missing:?}");
        is_one_line(&missing, "hocso serve");
        assert!(!folder.join("hocso.sqlite").exists() && !folder.join("hocso.sqlite.lock").exists(), "nothing is made");
        fs::write(folder.join("text.sqlite"), "this is a shopping list, not a database\n".repeat(40)).expect("written");
        let text = open(at("text.sqlite"), Existing::OrNew).await;
        is_one_line(&text, "the database cannot be opened");
        for url in ["mysql://somebody:verysecret@db/hocso", "hocso.sqlite", "", "postgresql:/x"] {
            let wrong = open(url.to_owned(), Existing::OrNew).await;
            assert!(matches!(wrong, OpenError::NotADatabase(_)), "{url}: {wrong:?}");
            is_one_line(&wrong, "--database");
            assert!(!wrong.to_string().contains("verysecret"), "a password is not for the screen");
        }
        let nobody_there = open("postgres://somebody:verysecret@127.0.0.1:1/hocso".to_owned(), Existing::OrNew).await;
        is_one_line(&nobody_there, "the database cannot be opened");
        assert!(!nobody_there.to_string().contains("verysecret"), "{nobody_there}");
    });
}

#[test]
fn a_sqlite_file_has_one_process() {
    on_sqlite(|world| async move {
        let second = Store::open(&world.url, Existing::OrNew).await.map(drop).expect_err("it is in use");
        assert!(matches!(second, OpenError::Locked(_)), "{second:?}");
        is_one_line(&second, "in use by another process");
        let url = world.url.clone();
        world.close().await;
        Store::open(&url, Existing::Only).await.expect("the lock goes with the store").close().await.expect("closes");
    });
}

/// The log of 50 000 events is copied back while it is written: a write outside an explicit transaction would let it grow
/// for ever.
#[test]
fn sqlite_is_durable_and_its_log_stays_bounded() {
    const EVENTS: u32 = 50_000;
    const BATCH: u32 = 50;
    const WAL_BYTES_MAX: u64 = 8 * 1024 * 1024;
    runtime().block_on(async {
        let place = Place::make(Kind::Sqlite).await;
        let world = World::open(&place).await;
        let (synchronous, _) = world.store.sqlite_state().await.expect("answers").expect("it is SQLite");
        assert_eq!(synchronous, 2, "FULL: what was answered is on the disk");
        let who = mai();
        world.takes_in(&who, &who.story().registers().events).await.expect("registers");
        let mut largest = 0;
        for batch in 0..EVENTS / BATCH {
            let mut story = who.story().numbered_from(2 + batch * BATCH);
            for _ in 0..BATCH {
                story = story.starts(KEEP_ACCOUNT);
            }
            let outcomes = world.takes_in(&who, &story.events).await.expect("taken in");
            assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Stored));
            let wal = fs::metadata(format!("{}-wal", world.file.display())).map_or(0, |wal| wal.len());
            largest = largest.max(wal);
        }
        assert_eq!(world.count("event").await, i64::from(EVENTS) + 1);
        let (_, wal) = world.store.sqlite_state().await.expect("answers").expect("it is SQLite");
        assert!(largest > 0 && wal <= largest, "the log was looked at");
        assert!(largest < WAL_BYTES_MAX, "the write-ahead log grew to {largest} bytes");
        world.close().await;
        assert!(!place.folder.join("hocso.sqlite-wal").exists(), "closing copies the log back");
    });
}

#[test]
fn postgres_has_no_file_to_speak_of() {
    runtime().block_on(async {
        let place = Place::make(Kind::Postgres).await;
        let store = Store::open(&place.url, Existing::OrNew).await.expect("opens");
        assert_eq!(store.sqlite_state().await.expect("answers"), None);
        // Two processes on one database: that is what PostgreSQL is for. Both bring it up to date, one after the other.
        let (a, b) = futures::join!(Store::open(&place.url, Existing::OrNew), Store::open(&place.url, Existing::OrNew));
        for store in [a, b] {
            store.expect("opens beside").close().await.expect("closes");
        }
        store.close().await.expect("closes");
    });
}
