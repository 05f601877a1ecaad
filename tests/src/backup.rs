//! Copies of a database: made while it is in use, put back without those who were erased since.

use crate::{
    cast::{KEEP_ACCOUNT, LINKS, NOW, mai, neighbour},
    world::{Kind, Place, World, on_sqlite, root, runtime},
};
use domain::{
    accounts::staff::Role,
    sync::{Outcome, Refusal},
};
use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};
use store::{BackupError, Existing, OpenError, Store, back_up, restore};

/// Batches written while a copy is made.
const BATCHES: u32 = 200;

#[test]
fn a_copy_is_made_while_others_write() {
    runtime().block_on(async {
        let place = Place::make(Kind::Sqlite).await;
        let world = World::open(&place).await;
        let copy = place.folder.join("copy.sqlite");
        let who = mai();
        world.takes_in(&who, &who.story().registers().finishes(KEEP_ACCOUNT).events).await.expect("taken in");
        let before = world.count("event").await as u64;
        let writing = async {
            for batch in 0..BATCHES {
                let story = who.story().numbered_from(10 + batch).starts(LINKS);
                world.takes_in(&who, &story.events).await.expect("writers go on");
            }
        };
        let (whole, ()) = futures::join!(back_up(&world.url, &copy), writing);
        let whole = whole.expect("a copy");
        assert_eq!(whole.learners, 1);
        assert!(whole.events >= before && whole.events <= before + u64::from(BATCHES), "{whole:?}");
        assert_eq!(fs::metadata(&copy).expect("is there").permissions().mode() & 0o777, 0o600);
        assert!(!copy.with_added_extension("part").exists());
        // The copy is one moment of the whole: its counts are what its log says.
        let store = Store::open(&format!("sqlite:{}", copy.display()), Existing::Only).await.expect("opens");
        let recounted = store.recount(false).await.expect("recounts");
        assert_eq!((recounted.events, recounted.differences_total), (whole.events, 0));
        store.close().await.expect("closes");
        world.close().await;
    });
}

#[test]
fn who_was_erased_stays_erased() {
    runtime().block_on(async {
        let place = Place::make(Kind::Sqlite).await;
        let world = World::open(&place).await;
        let (url, copy) = (world.url.clone(), place.folder.join("copy.sqlite"));
        let (gone, stays, later) = (neighbour(1), neighbour(2), neighbour(3));
        for who in [&gone, &stays] {
            world.sends(who.story().registers().finishes(KEEP_ACCOUNT), who).await;
        }
        let hired = world.hires("Lò Thị Mai", Role::Administrator, &[]).await;
        world.signed_in(&hired).await;
        back_up(&url, &copy).await.expect("a copy");
        assert!(world.store.erase(&gone.credentials, NOW).await.expect("erases"));
        world.sends(later.story().registers(), &later).await;
        assert!(world.store.erase(&later.credentials, NOW).await.expect("erases"));
        let used = restore(&copy, &url, NOW).await.expect_err("somebody uses it");
        assert!(matches!(used, BackupError::Open(OpenError::Locked(_))), "{used:?}");
        world.close().await;

        // An earlier try was cut off in the middle.
        for left in ["hocso.sqlite.restoring", "hocso.sqlite.restoring-wal"] {
            fs::write(place.folder.join(left), "half").expect("written");
        }
        let restored = restore(&copy, &url, NOW).await.expect("restores");
        assert_eq!((restored.whole.learners, restored.erased_again), (2, 1));
        let former = restored.former.expect("the one before is kept");
        assert!(former.exists());
        let world = World::open(&place).await;
        assert_eq!((world.count("learner").await, world.count("tombstone").await), (1, 2));
        assert_eq!(world.count("staff_session").await, 0, "no session that was ended comes back");
        assert_eq!(world.store.recount(false).await.expect("recounts").differences_total, 0);
        // A phone that sends again brings nobody back: neither who is in the copy nor who came after it.
        for who in [&gone, &later] {
            let outcomes = world.takes_in(who, &who.story().registers().events).await.expect("answers");
            assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Refused(Refusal::Erased)), "{outcomes:?}");
        }
        let left: Vec<_> =
            fs::read_dir(&place.folder.0).expect("a folder").map(|file| file.expect("a file").file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().contains("restoring")), "{left:?}");
        world.close().await;
    });
}

#[test]
fn without_a_former_database_a_copy_becomes_one() {
    on_sqlite(|world| async move {
        world.registers(&mai()).await;
        let folder = world.file.parent().expect("a folder").to_owned();
        let copy = folder.join("copy.sqlite");
        back_up(&world.url, &copy).await.expect("a copy");
        // The file was moved away by hand, and its log forgotten.
        let log = folder.join("new.sqlite-wal");
        fs::write(&log, "of another database").expect("written");
        let new = format!("sqlite:{}", folder.join("new.sqlite").display());
        let restored = restore(&copy, &new, NOW).await.expect("restores");
        assert_eq!((restored.whole.learners, restored.erased_again, restored.former), (1, 0, None));
        assert!(!log.exists() && folder.join(format!("new.sqlite.before-{}-wal", NOW / 1000)).exists());
        Store::open(&new, Existing::Only).await.expect("opens").close().await.expect("closes");
    });
}

#[test]
fn what_is_no_copy_is_refused_and_nothing_is_lost() {
    on_sqlite(|world| async move {
        world.registers(&mai()).await;
        let folder = world.file.parent().expect("a folder").to_owned();
        let at = |name: &str| folder.join(name);
        let url = |path: &Path| format!("sqlite:{}", path.display());
        let line = |error: BackupError, part: &str| {
            let said = error.to_string();
            assert!(said.contains(part) && said.lines().count() == 1, "{said}");
        };
        let copy = at("copy.sqlite");
        back_up(&world.url, &copy).await.expect("a copy");
        let made = fs::read(&copy).expect("bytes");
        line(back_up(&world.url, &copy).await.expect_err("it is there"), "is there already");
        assert_eq!(fs::read(&copy).expect("bytes"), made, "and stays as it was");
        line(back_up(&url(&at("none.sqlite")), &at("b")).await.expect_err("nothing to copy"), "there is no database");
        line(back_up("postgres://a:verysecret@b/c", &at("b")).await.expect_err("not a file"), "pg_dump");
        line(back_up(&world.url, &at("nowhere/b")).await.expect_err("no folder"), "cannot be written");
        assert!(!at("b").exists() && !at("none.sqlite").exists());

        // Cut short, spoilt in the middle, or something else altogether.
        let other = at("other.sqlite");
        fs::write(&other, &made[..made.len() / 2]).expect("written");
        let target = url(&at("target.sqlite"));
        line(restore(&other, &target, NOW).await.expect_err("cut"), "not a whole database");
        let mut spoilt = made.clone();
        let middle = spoilt.len() / 2;
        spoilt[middle..middle + 4096].fill(0x5a);
        fs::write(&other, &spoilt).expect("written");
        line(restore(&other, &target, NOW).await.expect_err("spoilt"), "not a whole database");
        fs::write(&other, "an invoice").expect("written");
        line(restore(&other, &target, NOW).await.expect_err("no database"), "not a whole database");
        line(restore(&at("none"), &target, NOW).await.expect_err("no file"), "there is no database");
        assert!(!at("target.sqlite").exists());

        // A former database that cannot be read is not passed over in silence.
        fs::write(at("target.sqlite"), "spoilt").expect("written");
        line(restore(&copy, &target, NOW).await.expect_err("who was erased?"), "move it away");
        assert_eq!(fs::read(at("target.sqlite")).expect("bytes"), b"spoilt");
    });
}

/// The way of PostgreSQL as the README gives it, word for word.
#[test]
fn a_dump_of_postgres_brings_nobody_back() {
    runtime().block_on(async {
        let place = Place::make(Kind::Postgres).await;
        let world = World::open(&place).await;
        let (gone, stays) = (neighbour(1), neighbour(2));
        for who in [&gone, &stays] {
            world.sends(who.story().registers().finishes(KEEP_ACCOUNT), who).await;
        }
        let hired = world.hires("Lò Thị Mai", Role::Administrator, &[]).await;
        world.signed_in(&hired).await;
        let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
        let section = readme.split("\n### Keeping copies\n").nth(1).and_then(|rest| rest.split("\n## ").next());
        let section = section.expect("a section on copies");
        let commands: Vec<&str> = section
            .lines()
            .filter(|line| line.starts_with("p") && line.ends_with("URL") || line.starts_with("pg_restore "))
            .collect();
        let [dump, erased, restore, add] = commands[..] else { panic!("{commands:?}") };
        let run = |line: &str| {
            let line = line.replace("URL", &format!("'{}'", place.url));
            let binaries = std::env::var("HOCSO_TEST_POSTGRES_BINARIES").expect("run `cargo xtask test`");
            let path = format!("{binaries}:{}", std::env::var("PATH").unwrap_or_default());
            let done = Command::new("sh").args(["-c", &line]).env("PATH", path).current_dir(&place.folder.0).output();
            let done = done.expect("a shell");
            assert!(done.status.success(), "{line}: {done:?}");
        };
        run(dump);
        assert!(world.store.erase(&gone.credentials, NOW).await.expect("erases"));
        world.close().await;
        run(erased);
        run(restore);
        run(add);
        let world = World::open(&place).await;
        assert_eq!((world.count("learner").await, world.count("tombstone").await), (1, 1));
        assert_eq!(world.count("staff_session").await, 0);
        assert_eq!(world.store.recount(false).await.expect("recounts").differences_total, 0);
        let outcomes = world.takes_in(&gone, &gone.story().registers().events).await.expect("answers");
        assert_eq!(outcomes, [Outcome::Refused(Refusal::Erased)]);
        world.close().await;
    });
}
