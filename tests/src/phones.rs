//! Phones of a family: what is sealed and appended by a token; clocks that lie; two hundred phones at once; the API as described.

use crate::{
    cast::{KEEP_ACCOUNT, LINKS, Learner, NOW, TRANSFER, lan, mai, neighbour},
    world::{Answer, EVENTS, World, batch, on_sqlite},
};
use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use axum::http::Method;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{
    accounts::{APPEND_LABEL, EthnicGroup},
    sync::{BATCH_BYTES_MAX, BATCH_EVENTS_MAX, Event, Refusal},
    time::DAY_MS,
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use p256::{PublicKey, SecretKey, ecdh::diffie_hellman, elliptic_curve::sec1::ToEncodedPoint};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::BTreeSet;

/// Seals as a phone does (`server/src/seal.rs`), for whoever and as whatever event is said.
fn seal(world: &World, learner: &str, id: &str, plain: &Value) -> String {
    let page = world.front.house.seal.clone();
    let (key_id, point) = page.split_once('.').expect("a key");
    let server = BASE64.decode(point).expect("base64url");
    let once = SecretKey::from_slice(&[7; 32]).expect("a scalar");
    let ours = once.public_key().to_encoded_point(false);
    let theirs = PublicKey::from_sec1_bytes(&server).expect("a point");
    let shared = diffie_hellman(once.to_nonzero_scalar(), theirs.as_affine());
    let mut key = [0; 32];
    let info = [b"hocso seal 1", ours.as_bytes(), &server].concat();
    Hkdf::<Sha256>::new(None, shared.raw_secret_bytes()).expand(&info, &mut key).expect("32 bytes");
    let (iv, text, bound) = ([9; 12], plain.to_string(), format!("{learner}.{id}"));
    let payload = Payload { msg: text.as_bytes(), aad: bound.as_bytes() };
    let cipher = Aes256Gcm::new(&key.into()).encrypt((&iv).into(), payload).expect("sealed");
    format!("{key_id}.{}", BASE64.encode([ours.as_bytes(), &iv, &cipher].concat()))
}

fn sealed(world: &World, who: &Learner, event: &Event) -> Value {
    let plain = json!({ "at": event.at, "no": event.no, "what": event.what });
    let id = event.id.to_string();
    json!({ "id": id, "sealed": seal(world, &who.id(), &id, &plain) })
}

fn token(who: &Learner) -> String {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&who.credentials.secret.0).expect("any length");
    mac.update(APPEND_LABEL);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Sends sealed events as a phone does while somebody else is in.
async fn appends(world: &World, who: &Learner, events: &[Value]) -> Answer {
    let batch = json!({ "format": 1, "learner": who.id(), "events": events });
    let append = format!("Append {}.{}", who.id(), token(who));
    world.ask(Method::POST, EVENTS).header("authorization", &append).json(&batch.to_string()).send().await
}

on_both!(what_is_sealed_counts_once_and_the_token_only_appends, |world| async move {
    let who = mai();
    let story = who.story().registers().finishes(KEEP_ACCOUNT).starts(LINKS);
    let sealed_events: Vec<Value> = story.events.iter().map(|event| sealed(&world, &who, event)).collect();
    appends(&world, &who, &sealed_events[1..]).await.is_problem(401, "not_yours");
    appends(&world, &who, &sealed_events).await.is_problem(401, "not_yours");
    assert_eq!(world.count("learner").await, 0, "with the token nobody is made");
    world.registers(&who).await;
    let answer = appends(&world, &who, &sealed_events[1..]).await;
    assert_eq!(answer.results(), ["stored", "stored"], "{}", answer.text);
    assert_eq!(answer.json()["results"][0]["id"], story.events[1].id.to_string());
    assert_eq!(appends(&world, &who, &sealed_events[1..]).await.results(), ["known", "known"], "replayed");
    // The same event sent open, with the secret.
    assert_eq!(world.post_batch(&who, &batch(&who, &story.events[1..])).await.results(), ["known", "known"]);

    // It opens no page, reads nothing, and tells nothing about the person.
    let append = format!("Append {}.{}", who.id(), token(&who));
    world.ask(Method::GET, EVENTS).header("authorization", &append).send().await.is_problem(401, "not_yours");
    world.ask(Method::GET, "/toi").header("authorization", &append).send().await.is_silent_about("data-erase");
    let as_secret = format!("Bearer {}.{}", who.id(), token(&who));
    world.ask(Method::GET, EVENTS).header("authorization", &as_secret).send().await.is_problem(401, "not_yours");
    let before = world.everything().await;
    let told = who.story().numbered_from(30).moves_to("03781").states(EthnicGroup::Mong);
    let told: Vec<Value> = told.events.iter().map(|event| sealed(&world, &who, event)).collect();
    assert_eq!(appends(&world, &who, &told).await.results(), ["only_learning", "only_learning"]);
    assert_eq!(world.everything().await, before);
    world.agrees().await;
});

#[test]
fn forged_truncated_and_foreign_events_are_refused_alone() {
    on_sqlite(|world| async move {
        let (who, other) = (mai(), lan());
        world.registers(&who).await;
        world.registers(&other).await;
        let events = who.story().numbered_from(10).starts(KEEP_ACCOUNT).starts(LINKS).starts(TRANSFER).events;
        let good = sealed(&world, &who, &events[0]);
        let foreign = sealed(&world, &other, &events[1]);
        let text = |value: &Value| value["sealed"].as_str().expect("sealed").to_owned();
        let with = |event: &Event, sealed: &str| json!({ "id": event.id.to_string(), "sealed": sealed });
        let mut forged = text(&sealed(&world, &who, &events[1]));
        forged.replace_range(60..64, "AAAA");
        let cases = [
            (foreign, Refusal::SealBroken),
            (with(&events[1], &text(&good)), Refusal::SealBroken),
            (with(&events[1], &forged), Refusal::SealBroken),
            (with(&events[1], &text(&good)[..80]), Refusal::SealBroken),
            (with(&events[1], ""), Refusal::SealBroken),
            (with(&events[1], &text(&good).replacen("k1", "k0", 1)), Refusal::SealRetired),
            (json!({ "id": events[1].id.to_string(), "sealed": 5 }), Refusal::Malformed),
            (json!({ "id": "x", "sealed": text(&good) }), Refusal::Malformed),
            (json!({ "id": events[1].id.to_string(), "sealed": text(&good), "at": 5 }), Refusal::Malformed),
        ];
        let count = cases.len();
        let mut batch: Vec<Value> = cases.iter().map(|(event, _)| event.clone()).collect();
        batch.push(good);
        let answer = appends(&world, &who, &batch).await;
        let mut expected: Vec<&str> = cases.iter().map(|(_, refusal)| refusal.as_str()).collect();
        expected.push("stored");
        assert_eq!(answer.results(), expected, "{}", answer.text);
        assert_eq!(world.count("event").await, 3, "two registrations and the good one of {count} bad ones");

        // A whole batch that is too large, and one in another learner's name.
        let long = sealed(&world, &who, &events[1]);
        let long = with(&events[1], &format!("{}{}", text(&long), "A".repeat(BATCH_BYTES_MAX)));
        appends(&world, &who, &[long]).await.is_problem(413, "too_large");
        let batch = json!({ "format": 1, "learner": other.id(), "events": [sealed(&world, &other, &events[2])] });
        let append = format!("Append {}.{}", who.id(), token(&who));
        let crossed =
            world.ask(Method::POST, EVENTS).header("authorization", &append).json(&batch.to_string()).send().await;
        crossed.is_problem(401, "not_yours");
        world.agrees().await;
    });
}

/// A learner of the release before has no token stored: it is made of the secret when that comes.
#[test]
fn a_learner_of_the_release_before_can_append_after_their_next_visit() {
    on_sqlite(|world| async move {
        let who = mai();
        world.registers(&who).await;
        world.spoil("UPDATE learner SET append_hash = NULL").await;
        let events = who.story().numbered_from(10).starts(KEEP_ACCOUNT).starts(LINKS).events;
        appends(&world, &who, &[sealed(&world, &who, &events[0])]).await.is_problem(401, "not_yours");
        // An outbox of the release before: open, with the secret.
        assert_eq!(world.post_batch(&who, &batch(&who, &events[..1])).await.results(), ["stored"]);
        assert_eq!(appends(&world, &who, &[sealed(&world, &who, &events[1])]).await.results(), ["stored"]);
        world.agrees().await;
    });
}

#[test]
fn clocks_lie_and_events_count_where_they_can_be_believed() {
    on_sqlite(|world| async move {
        let who = mai();
        let made_at = NOW - 30 * DAY_MS;
        world.sends(who.story().at(made_at).registers_made_at(made_at), &who).await;
        // When the phone says it was, and the month it counts in; NOW is in November 2026.
        let cases: [(i64, i64); 9] = [
            (NOW, 202611),
            (NOW - 29 * DAY_MS, 202610),
            // Before the profile was made: the clock was set back.
            (NOW - 40 * DAY_MS, 202611),
            (0, 202611),
            (NOW - 3_650 * DAY_MS, 202611),
            // Ahead.
            (NOW + 1, 202611),
            (NOW + 40 * DAY_MS, 202611),
            (NOW + 3_650 * DAY_MS, 202611),
            (NOW - 20 * DAY_MS, 202611),
        ];
        for (nth, (at, _)) in cases.iter().enumerate() {
            let story = who.story().numbered_from(10 + nth as u32).at(*at).starts(KEEP_ACCOUNT);
            assert_eq!(world.sends(story, &who).await.results(), ["stored"], "{at}");
        }
        for (nth, (at, month)) in cases.iter().enumerate() {
            let of = format!("SELECT month FROM event WHERE no = {}", 10 + nth);
            assert_eq!(world.number(&of).await, *month, "{at}");
        }
        world.agrees().await;
    });
}

/// The clock is set back in the middle of a session: the running number tells the order, and the later word stands.
#[test]
fn a_clock_set_back_in_the_middle_changes_no_order() {
    on_sqlite(|world| async move {
        let who = mai();
        world.registers(&who).await;
        let story = who.story().numbered_from(10).at(NOW).moves_to("03781").at(NOW - 700 * DAY_MS).moves_to("03727");
        // The batch comes the wrong way round as well.
        let mut events = story.events;
        events.reverse();
        assert_eq!(world.post_batch(&who, &batch(&who, &events)).await.results(), ["stored", "stored"]);
        let held = world.store.held(&who.credentials).await.expect("answers").expect("a learner");
        assert_eq!(held.profile.unit.as_str(), "03727");
        world.agrees().await;
    });
}

on_both!(two_hundred_phones_at_once_lose_nothing, |world| async move {
    const PHONES: u16 = 200;
    let people: Vec<Learner> = (0..PHONES).map(neighbour).collect();
    for who in &people {
        world.registers(who).await;
    }
    let flushes = people.iter().map(|who| {
        let story = who.story().numbered_from(10).finishes(KEEP_ACCOUNT).starts(LINKS).finishes(LINKS);
        world.sends(story, who)
    });
    let answers = futures::future::join_all(flushes).await;
    // A phone that was told to wait sends again.
    let mut again = 0;
    for (who, answer) in people.iter().zip(answers) {
        if answer.status != 200 {
            again += 1;
            let story = who.story().numbered_from(10).finishes(KEEP_ACCOUNT).starts(LINKS).finishes(LINKS);
            assert_eq!(world.sends(story, who).await.status, 200);
        }
    }
    assert!(again < PHONES / 2, "{again} of {PHONES} had to come again");
    assert_eq!(world.count("event").await, i64::from(PHONES) * 4);
    let completed = format!("tally_lesson WHERE lesson = '{KEEP_ACCOUNT}' AND state = 'completed'");
    assert_eq!(world.people(&completed).await, i64::from(PHONES));
    world.agrees().await;
});

#[test]
fn the_log_comes_in_parts_and_to_its_owner_alone() {
    on_sqlite(|world| async move {
        let who = mai();
        world.registers(&who).await;
        for round in 0..5 {
            let mut story = who.story().numbered_from(10 + round * BATCH_EVENTS_MAX as u32);
            for _ in 0..BATCH_EVENTS_MAX {
                story = story.starts(KEEP_ACCOUNT);
            }
            assert_eq!(world.sends(story, &who).await.status, 200);
        }
        let part = async |after: &str| {
            let log = world.ask(Method::GET, &format!("{EVENTS}?after={after}")).bearer(&who).send().await;
            assert_eq!(log.header("cache-control"), "private, no-store");
            log
        };
        let first = part("0").await.json();
        let next = first["next"].as_i64().expect("there is more");
        let second = part(&next.to_string()).await.json();
        assert!(second["next"].is_null());
        let last = second["last"].to_string();
        assert_eq!(part(&last).await.json()["events"], json!([]), "nothing has come since");
        let of = |log: &Value| log["events"].as_array().expect("events").clone();
        let all: Vec<Value> = of(&first).into_iter().chain(of(&second)).collect();
        assert_eq!(all.len(), 250, "all of them, without the registration");
        let numbers: BTreeSet<u64> = all.iter().filter_map(|event| event["no"].as_u64()).collect();
        assert_eq!(numbers.len(), 250, "each once");
        part("x").await.is_problem(400, "not_a_number");
        world.ask(Method::GET, EVENTS).learner(&who).send().await.is_problem(401, "not_yours");
    });
}

#[test]
fn the_api_is_as_it_is_described() {
    on_sqlite(|world| async move {
        let document = world.get("/api/openapi.json").await;
        assert_eq!((document.status, document.header("content-type")), (200, "application/json"));
        let document = document.json();
        let paths = document["paths"].as_object().expect("paths");
        let described: Vec<&String> = paths.keys().collect();
        assert_eq!(
            described,
            [
                "/api/openapi.json",
                app::paths::COVERAGE,
                app::paths::COVERAGE_DATASET,
                app::paths::COVERAGE_DICTIONARY,
                app::paths::COVERAGE_NOISE,
                app::paths::COVERAGE_RELEASES,
                EVENTS,
                app::paths::PLACE,
                "/api/v1/tracks/{track}",
            ]
        );
        // Every answer that tests of the intake have seen is described.
        let answers: BTreeSet<&str> =
            paths[EVENTS]["post"]["responses"].as_object().expect("answers").keys().map(String::as_str).collect();
        assert_eq!(answers, ["200", "400", "401", "403", "413", "415", "422", "429", "503"].into());
        let reasons =
            &document["components"]["schemas"]["Results"]["properties"]["results"]["items"]["properties"]["reason"];
        let reasons: BTreeSet<&str> =
            reasons["enum"].as_array().expect("reasons").iter().filter_map(Value::as_str).collect();
        assert_eq!(reasons, Refusal::ALL.iter().map(|refusal| refusal.as_str()).collect());
        // Every kind of event, and every reference leads somewhere.
        let what = &document["components"]["schemas"]["Event"]["properties"]["what"]["oneOf"];
        let kinds = what.as_array().expect("kinds").iter().map(|kind| kind["required"][0].as_str().expect("a name"));
        let kinds: BTreeSet<&str> = kinds.collect();
        let story = mai().story().registers().moves_to("03781").states(EthnicGroup::Thai).starts(LINKS).finishes(LINKS);
        for event in &story.events {
            assert!(kinds.contains(event.what.kind()), "{}", event.what.kind());
        }
        assert_eq!(kinds.len(), 11);
        let text = document.to_string();
        for reference in text.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().expect("a name");
            assert!(document["components"]["schemas"][name].is_object(), "{name}");
        }
    });
}

/// What a track weighs. A cold server may have to draw a whole track first and say 503; the pages it has drawn it keeps, so
/// each try gets further.
async fn weighed(world: &World, path: &str) -> Answer {
    const TRIES: usize = 10;
    for _ in 1..TRIES {
        let answer = world.get(path).await;
        if answer.status != 503 {
            return answer;
        }
    }
    world.get(path).await
}

#[test]
fn a_track_tells_what_its_pages_weigh() {
    on_sqlite(|world| async move {
        let weights = weighed(&world, "/api/v1/tracks/an-toan").await;
        assert_eq!(weights.status, 200, "{}", weights.text);
        let weights = weights.json();
        let pages = weights["pages"].as_array().expect("pages");
        assert!(pages.len() >= 4, "{pages:?}");
        for page in pages {
            let path = page["path"].as_str().expect("a path");
            let asked = world.ask(Method::GET, path).header("accept-encoding", "br").send().await;
            assert_eq!(asked.header("etag"), page["etag"], "{path}");
            // Headers are counted too: a little more than the body.
            let (bytes, body) = (page["bytes"].as_u64().expect("bytes"), asked.bytes.len() as u64);
            assert!((body + 500..body + 1_200).contains(&bytes), "{path}: {bytes} of {body}");
            let files: BTreeSet<&str> =
                page["files"].as_array().expect("files").iter().filter_map(Value::as_str).collect();
            for file in files {
                let served = world.ask(Method::GET, file).header("accept-encoding", "br").send().await;
                let bytes = weights["files"][file].as_u64().expect("bytes");
                let body = served.bytes.len() as u64;
                assert!((body + 500..body + 1_200).contains(&bytes), "{file}: {bytes} of {body}");
            }
        }
        world.get("/api/v1/tracks/x").await.is_problem(404, "no_such_track");
        let english = weighed(&world, "/en/api/v1/tracks/an-toan").await.json();
        assert_eq!(english["pages"][0]["path"], "/en/bai-hoc/an-toan");
    });
}
