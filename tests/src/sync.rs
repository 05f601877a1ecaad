//! `POST /api/v1/events`: what is taken, what is refused, and that each thing counts once.

use crate::{
    cast::{KEEP_ACCOUNT, LINKS, NOW, PORTAL, TRANSFER, dơ, finished, lan, lesson, mai, neighbour, right_answers},
    world::{Answer, EVENTS, World, batch, on_sqlite},
};
use axum::http::Method;
use domain::{
    accounts::EthnicGroup,
    content::{ChoiceId, Marking},
    learn::{Answer as Given, TRIES_MAX, Tried},
    sync::{BATCH_BYTES_MAX, BATCH_EVENTS_MAX, Event, Known, Outcome},
    time::DAY_MS,
};
use proptest::{
    strategy::{Just, Strategy, ValueTree},
    test_runner::TestRunner,
};
use serde_json::{Value, json};

/// A version that no content of ours has.
const UNKNOWN: &str = "ffffffffffff";

on_both!(a_batch_is_stored_once_and_known_for_ever, |world| async move {
    let story = mai().story().registers().starts(KEEP_ACCOUNT).finishes(KEEP_ACCOUNT).states(EthnicGroup::Thai);
    let first = world.sends(story.clone(), &mai()).await;
    assert_eq!((first.status, first.results()), (200, vec!["stored".to_owned(); 4]));
    assert_eq!(first.header("content-type"), "application/json");
    assert_eq!(first.json()["results"][2]["id"], story.events[2].id.to_string(), "results name their events");
    let stored = world.everything().await;
    assert_eq!(
        world.people(&format!("tally_lesson WHERE lesson = '{KEEP_ACCOUNT}'")).await,
        2,
        "started and completed"
    );
    assert_eq!(world.people("tally_lesson WHERE lesson = '' AND state = 'completed'").await, 1, "any lesson, once");
    assert_eq!(
        world.people("tally_people WHERE step = 'heard' AND track = 'thanh-toan' AND age_band = '65+'").await,
        1
    );
    assert_eq!(world.people("tally_ethnic WHERE ethnic_group = 'thai' AND track = ''").await, 1);
    for _ in 0..2 {
        let again = world.sends(story.clone(), &mai()).await;
        assert_eq!((again.status, again.results()), (200, vec!["known".to_owned(); 4]));
        assert_eq!(world.everything().await, stored);
    }
    world.agrees().await;
});

on_both!(a_bad_event_does_not_hold_up_the_others, |world| async move {
    let who = mai();
    let story = who.story().registers().finishes(KEEP_ACCOUNT).starts(LINKS);
    let mut batch = batch(&who, &story.events);
    batch["events"][1]["what"]["lesson_finished"]["answers"] = json!([]);
    let answer = world.post_batch(&who, &batch).await;
    assert_eq!(
        (answer.status, answer.results()),
        (200, ["stored", "answers_missing", "stored"].map(str::to_owned).to_vec())
    );
    assert_eq!(world.count("event").await, 2);
    assert_eq!(world.people("tally_lesson WHERE state = 'completed'").await, 0);
    world.agrees().await;
});

#[test]
fn the_order_of_batches_does_not_matter() {
    on_sqlite(|world| async move {
        let mut runner = TestRunner::deterministic();
        let mut expected = None;
        for _ in 0..10 {
            let who = mai();
            let story = who.story().days_ago(80).registers();
            let story = story.days_ago(40).starts(KEEP_ACCOUNT).finishes(KEEP_ACCOUNT).moves_to("03781");
            let story = story.days_ago(9).states(EthnicGroup::Mong).finishes(LINKS).moves_to("03646");
            let story = story.days_ago(70).finishes(LINKS).states(EthnicGroup::Kinh).days_ago(0).finishes(KEEP_ACCOUNT);
            let shuffled = Just(story.events[1..].to_vec()).prop_shuffle().new_tree(&mut runner);
            let shuffled = shuffled.expect("a shuffle").current();
            world.registers(&who).await;
            for events in shuffled.chunks(3) {
                let answer = world.post_batch(&who, &batch(&who, events)).await;
                assert_eq!(answer.results(), vec!["stored"; events.len()], "{}", answer.text);
            }
            let tallies = world.tallies().await;
            assert_eq!(expected.get_or_insert_with(|| tallies.clone()), &tallies, "{shuffled:?}");
            world.agrees().await;
            assert!(world.store.erase(&who.credentials, NOW).await.expect("erases"));
            assert!(world.tallies().await.values().all(Vec::is_empty), "an erasure takes everybody out");
            // The same person may come again only in a test.
            world.spoil("DELETE FROM tombstone").await;
        }
        let tallies = expected.expect("ten shuffles");
        assert!(tallies["tally_ethnic"].iter().all(|row| row.contains("kinh") && row.contains("03646")), "{tallies:?}");
    });
}

/// What a batch is, before it is spoilt.
fn good() -> Value {
    batch(&mai(), &mai().story().registers().starts(KEEP_ACCOUNT).events)
}

/// Sends one request and asserts that it changed nothing.
async fn changes_nothing(world: &World, request: crate::world::Ask) -> Answer {
    let before = world.everything().await;
    let answer = request.send().await;
    assert_eq!(world.everything().await, before, "{}", answer.text);
    answer
}

#[test]
fn what_is_no_batch_is_a_problem_and_stores_nothing() {
    on_sqlite(|world| async move {
        let post = || world.ask(Method::POST, EVENTS).bearer(&mai());
        let with = |change: &dyn Fn(&mut Value)| {
            let mut batch = good();
            change(&mut batch);
            batch.to_string()
        };
        let many = |count| mai().story().registers().events.into_iter().cycle().take(count).collect::<Vec<_>>();
        let cases = [
            ("malformed JSON", "{\"format\":1,".to_owned(), 400, "malformed_batch"),
            ("an empty body", String::new(), 400, "malformed_batch"),
            ("no batch", "[]".to_owned(), 400, "malformed_batch"),
            ("an unknown field", with(&|batch| batch["score"] = json!(9)), 400, "malformed_batch"),
            ("no learner", with(&|batch| batch["learner"] = json!("Mai")), 400, "malformed_batch"),
            ("format 2", with(&|batch| batch["format"] = json!(2)), 400, "unknown_format"),
            ("format 0", with(&|batch| batch["format"] = json!(0)), 400, "unknown_format"),
            ("no event", with(&|batch| batch["events"] = json!([])), 400, "batch_length"),
            ("51 events", batch(&mai(), &many(BATCH_EVENTS_MAX + 1)).to_string(), 400, "batch_length"),
            ("another learner's id", with(&|batch| batch["learner"] = json!(dơ().id())), 401, "not_yours"),
        ];
        for (what, body, status, code) in cases {
            let answer = changes_nothing(&world, post().json(&body)).await;
            assert_eq!(
                (answer.status, answer.json()["code"].as_str()),
                (status, Some(code)),
                "{what}: {}",
                answer.text
            );
            answer.is_problem(status, code);
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
            let answer = changes_nothing(&world, post().body(kind, good().to_string())).await;
            answer.is_problem(415, "not_json");
        }
        let answer = changes_nothing(&world, world.ask(Method::POST, EVENTS).json(&good().to_string())).await;
        answer.is_problem(401, "not_yours");
        // A cookie is for forms: a page of somebody else could make the browser send it.
        let by_cookie = world.ask(Method::POST, EVENTS).learner(&mai()).json(&good().to_string());
        changes_nothing(&world, by_cookie).await.is_problem(401, "not_yours");
        let foreign = post().header("sec-fetch-site", "cross-site").json(&good().to_string());
        changes_nothing(&world, foreign).await.is_problem(403, "foreign_origin");
    });
}

#[test]
fn a_batch_of_65_kb_is_a_problem_whether_its_length_is_told_or_not() {
    on_sqlite(|world| async move {
        let mut batch = good().to_string();
        batch.push_str(&" ".repeat(65 * 1024 - batch.len()));
        let told = world.ask(Method::POST, EVENTS).bearer(&mai()).json(&batch);
        changes_nothing(&world, told).await.is_problem(413, "too_large");
        // In chunks, as HTTP/1.1 allows.
        let mut untold = world.ask(Method::POST, EVENTS).bearer(&mai()).header("content-type", "application/json");
        untold.set_body(batch);
        let answer = changes_nothing(&world, untold).await;
        assert_eq!(answer.status, 413, "{}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{}", answer.text);
        let mut fits = good().to_string();
        fits.push_str(&" ".repeat(BATCH_BYTES_MAX - fits.len()));
        let answer = world.ask(Method::POST, EVENTS).bearer(&mai()).json(&fits).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    });
}

/// A batch whose every event is refused is a problem that says why, and stores nothing.
async fn is_refused(world: &World, who: &crate::cast::Learner, events: &[Event], reasons: &[&str]) {
    let before = world.everything().await;
    let answer = world.post_batch(who, &batch(who, events)).await;
    answer.is_problem(422, "all_refused");
    assert_eq!(answer.results(), reasons, "{events:?}");
    assert_eq!(world.everything().await, before, "{events:?}");
}

#[test]
fn events_that_cannot_be_read_are_malformed() {
    on_sqlite(|world| async move {
        let who = mai();
        world.registers(&who).await;
        let story = who.story().registers().starts(KEEP_ACCOUNT).finishes(KEEP_ACCOUNT);
        let event = |nth: usize| serde_json::to_value(&story.events[nth]).expect("JSON");
        let spoilt = |nth: usize, change: &dyn Fn(&mut Value)| {
            let mut event = event(nth);
            change(&mut event);
            event
        };
        let cases = [
            spoilt(1, &|event| event["score"] = json!(5)),
            spoilt(1, &|event| event["what"]["lesson_started"]["passed"] = json!(true)),
            spoilt(1, &|event| event["what"] = json!({ "lesson_passed": {} })),
            spoilt(1, &|event| event["no"] = json!(-1)),
            spoilt(1, &|event| event["at"] = json!("yesterday")),
            spoilt(1, &|event| event["id"] = json!("1")),
            spoilt(1, &|event| event["what"]["lesson_started"]["lesson"] = json!("../x")),
            spoilt(2, &|event| event["what"]["lesson_finished"]["pass"] = json!(true)),
            spoilt(2, &|event| event["what"]["lesson_finished"]["answers"] = json!("all right")),
            json!("nothing"),
            Value::Null,
        ];
        let before = world.everything().await;
        for event in cases {
            let batch = json!({ "format": 1, "learner": who.id(), "events": [event] });
            let answer = world.post_batch(&who, &batch).await;
            answer.is_problem(422, "all_refused");
            assert_eq!(answer.results(), ["malformed"], "{event}");
        }
        assert_eq!(world.everything().await, before);
    });
}

#[test]
fn absurd_times_are_refused() {
    on_sqlite(|world| async move {
        let who = mai();
        for at in [-1, i64::MIN, 4_102_444_800_001, i64::MAX] {
            is_refused(&world, &who, &who.story().at(at).registers().events, &["absurd_time"]).await;
            is_refused(&world, &who, &who.story().registers_made_at(at).events, &["absurd_time"]).await;
        }
        world.registers(&who).await;
        for at in [-1, i64::MAX] {
            let late = who.story().numbered_from(9).at(at).starts(KEEP_ACCOUNT).finishes(KEEP_ACCOUNT);
            is_refused(&world, &who, &late.events, &["absurd_time", "absurd_time"]).await;
        }
    });
}

#[test]
fn nobody_sends_for_somebody_else() {
    on_sqlite(|world| async move {
        world.registers(&mai()).await;
        let mut thief = mai();
        thief.credentials.secret = dơ().credentials.secret;
        let story = mai().story().numbered_from(5).finishes(KEEP_ACCOUNT);
        let before = world.everything().await;
        let wrong_secret = world.sends(story.clone(), &thief).await;
        wrong_secret.is_problem(401, "not_yours");
        // Nor takes over their id by registering it again.
        world.sends(mai().story().registers().finishes(LINKS), &thief).await.is_problem(401, "not_yours");
        let unregistered = world.sends(dơ().story().numbered_from(5).finishes(KEEP_ACCOUNT), &dơ()).await;
        unregistered.is_problem(401, "not_yours");
        assert_eq!(wrong_secret.text, unregistered.text, "not yours and not there are the same answer");
        assert_eq!(world.everything().await, before);
    });
}

#[test]
fn registrations_are_checked() {
    on_sqlite(|world| async move {
        let refused = |change: &dyn Fn(&mut crate::cast::Learner)| {
            let mut who = mai();
            change(&mut who);
            who
        };
        let year = domain::accounts::BirthYear::stored;
        let cases = [
            (refused(&|who| who.profile.unit = "99999".parse().expect("a code")), "unknown_unit"),
            (refused(&|who| who.profile.birth_year = year(1905)), "birth_year"),
            (refused(&|who| who.profile.birth_year = year(2021)), "birth_year"),
            (refused(&|who| who.profile.birth_year = year(2030)), "birth_year"),
            (refused(&|who| who.profile.birth_year = year(2012)), "guardian_missing"),
            (refused(&|who| who.profile.birth_year = year(2010)), "guardian_missing"),
        ];
        for (who, reason) in &cases {
            // The rest of the batch has nobody to belong to.
            let story = who.story().registers().starts(KEEP_ACCOUNT);
            is_refused(&world, who, &story.events, &[reason, "not_registered"]).await;
        }
        for (field, value, reason) in
            [("version", json!(0), "consent_version"), ("version", json!(2), "consent_version")]
        {
            let mut batch = good();
            batch["events"][0]["what"]["registered"]["consent"][field] = value;
            let answer = world.post_batch(&mai(), &batch).await;
            answer.is_problem(422, "all_refused");
            assert_eq!(answer.results()[0], reason);
        }
        assert_eq!(world.count("learner").await, 0);
        world.registers(&lan()).await;
        world.registers(&mai()).await;
        let again = mai().story().numbered_from(7).registers();
        is_refused(&world, &mai(), &again.events, &["already_registered"]).await;
        let elsewhere = mai().story().numbered_from(8).moves_to("99999");
        is_refused(&world, &mai(), &elsewhere.events, &["unknown_unit"]).await;
        let without_mother = crate::cast::Learner { guardian: false, ..lan() };
        is_refused(
            &world,
            &lan(),
            &without_mother.story().numbered_from(2).moves_to("03781").events,
            &["guardian_missing"],
        )
        .await;
    });
}

#[test]
fn a_finish_is_taken_only_with_its_answers() {
    on_sqlite(|world| async move {
        let who = mai();
        world.registers(&who).await;
        let right = right_answers(KEEP_ACCOUNT);
        let choice = |nth| ChoiceId::nth(nth).expect("a choice");
        let spoilt = |change: &dyn Fn(&mut Vec<Tried>)| {
            let mut answers = right.clone();
            change(&mut answers);
            answers
        };
        assert!(
            matches!(right[0].tries[0], Given::Single(_)),
            "the first question of {KEEP_ACCOUNT} is a single choice"
        );
        let of_nothing = Tried { question: "khong-co".parse().expect("a name"), tries: vec![Given::Single(choice(0))] };
        let cases = [
            ("no answer at all", vec![], "answers_missing"),
            ("one missing", spoilt(&|answers| drop(answers.remove(2))), "answers_missing"),
            ("one without a try", spoilt(&|answers| answers[1].tries.clear()), "answers_missing"),
            ("another kind", spoilt(&|answers| answers[0].tries = vec![Given::Order(vec![])]), "answers_wrong_shape"),
            (
                "a choice there is not",
                spoilt(&|answers| answers[0].tries = vec![Given::Single(choice(4))]),
                "answers_wrong_shape",
            ),
            ("a question there is not", spoilt(&|answers| answers.push(of_nothing.clone())), "answers_wrong_shape"),
            ("a question twice", spoilt(&|answers| answers.push(answers[0].clone())), "answers_wrong_shape"),
            (
                "too many tries",
                spoilt(&|answers| answers[0].tries = vec![Given::Single(choice(0)); TRIES_MAX + 1]),
                "answers_wrong_shape",
            ),
            ("another lesson's", right_answers(TRANSFER), "answers_wrong_shape"),
        ];
        for (what, answers, reason) in cases {
            println!("{what}");
            let story = who.story().numbered_from(2).happens(finished(KEEP_ACCOUNT, answers));
            is_refused(&world, &who, &story.events, &[reason]).await;
        }
        // A wrong answer is an answer: it is for learning, not for shutting out. The server marks it.
        let wrong = spoilt(&|answers| answers[0].tries.insert(0, Given::Single(choice(0))));
        let answer = world.sends(who.story().numbered_from(2).happens(finished(KEEP_ACCOUNT, wrong)), &who).await;
        assert_eq!(answer.results(), ["stored"]);
        let questions = right.len() as i64;
        assert_eq!(world.number("SELECT CAST(right_at_first AS BIGINT) FROM attempt").await, questions - 1);
        assert_eq!(world.number("SELECT CAST(questions AS BIGINT) FROM attempt").await, questions);
    });
}

on_both!(late_events_count_in_the_month_they_say, |world| async move {
    let who = mai();
    // (how long ago the phone says it was, the month it counts in); it is 23 November 2026, the profile is 90 days old.
    for (days, lesson, month) in
        [(0, KEEP_ACCOUNT, 202611), (30, LINKS, 202610), (60, PORTAL, 202609), (61, TRANSFER, 202611)]
    {
        let mut story = who.story().registers().days_ago(days).finishes(lesson);
        // One event id for each lesson.
        story.events[1].id = domain::accounts::LearnerId(uuid::Uuid::from_u128(days as u128 + 1)).0;
        assert!(world.sends(story, &who).await.results().ends_with(&["stored".to_owned()]));
        let counted = format!("tally_lesson WHERE lesson = '{lesson}' AND state = 'completed' AND month = {month}");
        assert_eq!(world.people(&counted).await, 1, "{days} days late");
    }
    // The same lesson, earlier: the first month wins and the tally moves back.
    let story = who.story().numbered_from(20).days_ago(35).finishes(KEEP_ACCOUNT);
    assert_eq!(world.sends(story, &who).await.results(), ["stored"]);
    let months =
        format!("tally_lesson WHERE lesson = '{KEEP_ACCOUNT}' AND state = 'completed' AND people > 0 AND month");
    assert_eq!(
        (world.people(&format!("{months} = 202610")).await, world.people(&format!("{months} = 202611")).await),
        (1, 0)
    );
    // Received in the new year, done in November.
    world.set_clock(NOW + 45 * DAY_MS);
    let who = dơ();
    let story = who.story().registers_made_at(NOW - DAY_MS).days_ago(0).finishes(PORTAL).days_ago(2).finishes(LINKS);
    assert_eq!(world.sends(story, &who).await.results(), ["stored"; 3]);
    let at_his = "tally_lesson WHERE unit = '03781' AND state = 'completed' AND lesson";
    assert_eq!(world.people(&format!("{at_his} = '{PORTAL}' AND month = 202611")).await, 1);
    assert_eq!(
        world.people(&format!("{at_his} = '{LINKS}' AND month = 202701")).await,
        1,
        "before the profile was made"
    );
    world.agrees().await;
});

fn unknown_marking(id: &str) -> Marking {
    Marking { version: UNKNOWN.parse().expect("a version"), ..lesson(id).marking.clone() }
}

on_both!(an_unknown_version_waits_until_it_is_known, |world| async move {
    let who = mai();
    let story =
        who.story().registers().days_ago(30).finishes_version(KEEP_ACCOUNT, UNKNOWN).starts_version(LINKS, UNKNOWN);
    assert_eq!(world.sends(story.clone(), &who).await.results(), ["stored"; 3]);
    assert_eq!(world.count("event WHERE set_aside").await, 2);
    assert!(world.tallies().await.values().all(Vec::is_empty), "nothing is counted yet");
    world.agrees().await;
    assert_eq!(world.sends(story, &who).await.results(), ["known"; 3]);
    let counted = world.store.remember(&[Known::Lesson(unknown_marking(KEEP_ACCOUNT))]).await.expect("remembers");
    assert_eq!((counted, world.count("event WHERE set_aside").await), (1, 1));
    assert_eq!(world.people(&format!("tally_lesson WHERE lesson = '{KEEP_ACCOUNT}' AND month = 202610")).await, 2);
    assert_eq!(world.count("attempt").await, 1);
    world.agrees().await;
    // A restart finds what the markings of this release let it count, and that is nothing more.
    world.restarted().await;
    assert_eq!(world.count("event WHERE set_aside").await, 1);
    assert_eq!(world.store.remember(&[Known::Lesson(unknown_marking(LINKS))]).await.expect("remembers"), 1);
    assert_eq!(world.people(&format!("tally_lesson WHERE lesson = '{LINKS}' AND state = 'started'")).await, 1);
    world.agrees().await;
});

on_both!(at_most_200_events_of_a_learner_wait, |world| async move {
    let who = mai();
    world.registers(&who).await;
    let mut story = who.story().numbered_from(2);
    for _ in 0..201 {
        story = story.starts_version(KEEP_ACCOUNT, UNKNOWN);
    }
    for events in story.events[..200].chunks(BATCH_EVENTS_MAX) {
        let outcomes = world.takes_in(&who, events).await.expect("taken in");
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Stored), "{outcomes:?}");
    }
    is_refused(&world, &who, &story.events[200..], &["unknown_lesson"]).await;
    assert_eq!(world.count("event WHERE set_aside").await, 200);
    let goes_on = world.sends(who.story().numbered_from(900).finishes(LINKS), &who).await;
    assert_eq!(goes_on.results(), ["stored"], "what is known still comes in");
    world.registers(&dơ()).await;
    let other = world.sends(dơ().story().numbered_from(2).starts_version(KEEP_ACCOUNT, UNKNOWN), &dơ()).await;
    assert_eq!(other.results(), ["stored"], "the limit is each learner's own");
});

on_both!(who_was_erased_stays_erased, |world| async move {
    let who = mai();
    let story = who.story().registers().finishes(KEEP_ACCOUNT).states(EthnicGroup::Thai);
    assert_eq!(world.sends(story.clone(), &who).await.results(), ["stored"; 3]);
    world.registers(&dơ()).await;
    let mut thief = who.clone();
    thief.credentials.secret = dơ().credentials.secret;
    assert!(!world.store.erase(&thief.credentials, NOW).await.expect("answers"), "not with another secret");
    assert_eq!(world.count("learner").await, 2);
    assert!(world.store.erase(&who.credentials, NOW).await.expect("erases"));
    let tallies = world.tallies().await;
    assert!(tallies.values().all(Vec::is_empty), "{tallies:?}");
    let day = world.number("SELECT erased_at FROM tombstone").await;
    assert_eq!(day % DAY_MS, 0, "the tombstone knows the day only");
    // A phone that was off sends everything again.
    is_refused(&world, &who, &story.events, &["erased"; 3]).await;
    is_refused(&world, &who, &who.story().numbered_from(50).finishes(LINKS).events, &["erased"]).await;
    assert!(!world.store.erase(&who.credentials, NOW).await.expect("answers"), "twice is once");
    for table in ["learner", "event"] {
        assert_eq!(world.count(table).await, 1, "Dơ's row is left in {table}");
    }
    for table in ["standing", "lesson_standing", "attempt"] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    world.agrees().await;
});

on_both!(two_batches_of_a_learner_at_once_are_both_counted, |world| async move {
    let who = mai();
    let first = who.story().registers().finishes(KEEP_ACCOUNT).starts(LINKS);
    // The phone was slow and sent it twice; the second time with one event more.
    let second = first.clone().finishes(LINKS);
    let (a, b) = futures::join!(world.sends(first.clone(), &who), world.sends(second, &who));
    assert_eq!((a.status, b.status), (200, 200), "{} {}", a.text, b.text);
    assert_eq!(world.count("event").await, 4);
    assert_eq!(world.count("learner").await, 1);
    assert_eq!(world.people("tally_lesson WHERE lesson = '' AND state = 'completed'").await, 1);
    let batches = (0..8u32).map(|nth| {
        let who = who.clone();
        let world = &world;
        async move { world.sends(who.story().numbered_from(10 + nth).finishes(PORTAL), &who).await }
    });
    for answer in futures::future::join_all(batches).await {
        assert_eq!(answer.results(), ["stored"], "{}", answer.text);
    }
    assert_eq!(world.people(&format!("tally_lesson WHERE lesson = '{PORTAL}' AND state = 'completed'")).await, 1);
    world.agrees().await;
});

on_both!(twenty_learners_at_once_are_all_counted, |world| async move {
    let world = &world;
    let phones = (0..20).map(|number| async move {
        let who = neighbour(number);
        let story = who.story().registers().finishes(KEEP_ACCOUNT).finishes(LINKS).states(EthnicGroup::Thai);
        world.sends(story, &who).await
    });
    for answer in futures::future::join_all(phones).await {
        assert_eq!((answer.status, answer.text.matches("stored").count()), (200, 4), "{}", answer.text);
    }
    assert_eq!(world.people(&format!("tally_lesson WHERE lesson = '{LINKS}' AND state = 'completed'")).await, 20);
    world.agrees().await;
});

on_both!(twenty_phones_with_a_newer_lesson_wait_for_nobody, |world| async move {
    let world = &world;
    for number in 0..20 {
        world.registers(&neighbour(number)).await;
    }
    let phones = (0..20).map(|number| async move {
        let who = neighbour(number);
        world.sends(who.story().numbered_from(2).finishes_version(KEEP_ACCOUNT, UNKNOWN), &who).await
    });
    for answer in futures::future::join_all(phones).await {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    assert_eq!(world.count("event WHERE set_aside").await, 20);
});
