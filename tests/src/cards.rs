//! Learner cards: what is learnt on two phones is one person's, and counts once.

use crate::{
    cast::{KEEP_ACCOUNT, LINKS, Learner, NOW, TRANSFER, lan, mai, neighbour},
    world::{Answer, EVENTS, World, batch, on_sqlite},
};
use axum::http::Method;
use domain::{
    accounts::{CODE_LENGTH, CardCode, EthnicGroup},
    time::{DAY_MS, HOUR_MS},
};
use store::Brought;

const CARD: &str = "/the";
const MY_CARD: &str = "/toi/the";
const VOID: &str = "/toi/the/huy";

/// The code on a card that is shown.
fn code_on(page: &Answer) -> CardCode {
    let shown = page.text.split("data-card=\"").nth(1).and_then(|rest| rest.split('"').next());
    shown.expect("a card").parse().expect("a code")
}

async fn makes_card(world: &World, who: &Learner) -> CardCode {
    let page = world.ask(Method::POST, MY_CARD).bearer(who).form(&[("x", "")]).send().await;
    assert_eq!(page.status, 200);
    code_on(&page)
}

async fn brings(world: &World, code: &CardCode, phone: &Learner, same_person: bool) -> Brought {
    world.store.bring(code, &phone.credentials, same_person, world.now()).await.expect("answers")
}

/// What the learner of a phone has done, on any phone.
async fn done(world: &World, phone: &Learner) -> Vec<String> {
    let log = world.ask(Method::GET, EVENTS).bearer(phone).send().await;
    assert_eq!(log.status, 200, "{}", log.text);
    let log = log.json();
    assert!(log["next"].is_null());
    let kinds = log["events"].as_array().expect("events").iter();
    kinds.map(|event| event["what"].as_object().expect("a kind").keys().next().expect("one").clone()).collect()
}

on_both!(a_card_makes_another_phone_one_more_of_the_same_person, |world| async move {
    let (owner, phone) = (mai(), neighbour(1));
    world.sends(owner.story().registers().finishes(KEEP_ACCOUNT), &owner).await;
    let code = makes_card(&world, &owner).await;
    assert_eq!(world.count("card").await, 1);
    assert_eq!(brings(&world, &code, &phone, false).await, Brought::Joined);
    assert_eq!(brings(&world, &code, &phone, false).await, Brought::Already);
    assert_eq!(done(&world, &phone).await, ["lesson_finished"], "progress has come, and nothing told about the person");

    // The other phone sends under its own name; both see both; the person counts once.
    let there = phone.story().numbered_from(50).finishes(LINKS).finishes(KEEP_ACCOUNT);
    assert_eq!(world.sends(there, &phone).await.results(), ["stored", "stored"]);
    assert_eq!(done(&world, &owner).await.len(), 3);
    assert_eq!(world.people("tally_lesson WHERE lesson = '' AND state = 'completed'").await, 1, "any lesson, once");
    assert_eq!(world.people(&format!("tally_lesson WHERE lesson = '{KEEP_ACCOUNT}' AND state = 'completed'")).await, 1);
    assert_eq!(world.count("learner").await, 1);
    let view = world.store.learner_view(&phone.credentials).await.expect("answers").expect("the owner");
    assert_eq!(view.finished.len(), 2);
    let mut thief = phone.clone();
    thief.credentials.secret.0[0] ^= 1;
    assert_eq!(world.store.learner_view(&thief.credentials).await.expect("answers"), None);
    let batch = batch(&thief, &thief.story().numbered_from(9).starts(TRANSFER).events);
    world.post_batch(&thief, &batch).await.is_problem(401, "not_yours");
    world.agrees().await;
});

on_both!(two_records_of_one_person_become_one, |world| async move {
    let (owner, other) = (mai(), lan());
    let story = owner.story().days_ago(40).registers().finishes(KEEP_ACCOUNT);
    world.sends(story, &owner).await;
    // The other record: the same lesson in an earlier month, and one more; it had told other things about itself.
    let story = other.story().days_ago(80).registers_made_at(NOW - 90 * DAY_MS).states(EthnicGroup::Kinh);
    world.sends(story, &other).await;
    world.set_clock(NOW - 70 * DAY_MS);
    world.sends(other.story().numbered_from(10).days_ago(75).finishes(KEEP_ACCOUNT).finishes(LINKS), &other).await;
    world.set_clock(NOW);
    assert_eq!(world.people("tally_lesson WHERE lesson = '' AND state = 'completed'").await, 2);
    makes_card(&world, &other).await;
    let code = makes_card(&world, &owner).await;

    assert_eq!(brings(&world, &code, &other, false).await, Brought::SomebodyElse);
    assert_eq!(world.count("learner").await, 2, "nothing happens before somebody says so");
    assert_eq!(brings(&world, &code, &other, true).await, Brought::Merged);
    assert_eq!((world.count("learner").await, world.count("card").await), (1, 1));
    assert_eq!(world.people("tally_lesson WHERE lesson = '' AND state = 'completed'").await, 1, "one person");
    assert_eq!(
        world.people(&format!("tally_lesson WHERE lesson = '{KEEP_ACCOUNT}' AND month = 202609")).await,
        2,
        "started and completed, in the earlier month"
    );
    assert_eq!(world.count("tally_ethnic WHERE people <> 0").await, 0, "what the other had told is dropped");
    world.agrees().await;

    // An outbox of the phone that was merged comes late: it is the owner's, and what was there already is known.
    let late = other.story().numbered_from(10).days_ago(75).finishes(KEEP_ACCOUNT).finishes(LINKS).starts(TRANSFER);
    assert_eq!(world.sends(late, &other).await.results(), ["known", "known", "stored"]);
    assert_eq!(world.people("tally_lesson WHERE lesson = '' AND state = 'completed'").await, 1);
    world.agrees().await;
});

on_both!(an_erasure_takes_all_names_with_it, |world| async move {
    let (owner, phone) = (mai(), neighbour(1));
    world.sends(owner.story().registers().finishes(KEEP_ACCOUNT), &owner).await;
    let code = makes_card(&world, &owner).await;
    brings(&world, &code, &phone, false).await;
    // By the other phone: it is the same person's right.
    assert!(world.store.erase(&phone.credentials, NOW).await.expect("erases"));
    for table in ["learner", "alias", "card", "event", "standing", "lesson_standing"] {
        assert_eq!(world.count(table).await, 0, "{table}");
    }
    assert!(world.tallies().await.values().all(Vec::is_empty));
    for who in [&owner, &phone] {
        let late = world.sends(who.story().registers().finishes(LINKS), who).await;
        assert_eq!(late.status, 422, "{}", late.text);
        assert!(late.results().iter().all(|result| result.starts_with("erased")), "{}", late.text);
    }
    assert_eq!(brings(&world, &code, &neighbour(2), false).await, Brought::NoSuchCard);
});

on_both!(a_new_card_or_none_makes_the_old_one_void, |world| async move {
    let owner = mai();
    world.registers(&owner).await;
    let first = makes_card(&world, &owner).await;
    let second = makes_card(&world, &owner).await;
    assert_eq!(brings(&world, &first, &neighbour(1), false).await, Brought::NoSuchCard);
    assert_eq!(brings(&world, &second, &neighbour(1), false).await, Brought::Joined);
    let answer = world.ask(Method::POST, VOID).bearer(&owner).form(&[("x", "")]).send().await;
    assert_eq!((answer.status, answer.header("location")), (303, "/toi"));
    assert_eq!(brings(&world, &second, &neighbour(2), false).await, Brought::NoSuchCard);
    assert_eq!(done(&world, &neighbour(1)).await, [""; 0], "the phone that was brought in stays");
    // Nobody takes somebody else's id with a card of their own.
    let third = makes_card(&world, &owner).await;
    let other = lan();
    world.registers(&other).await;
    let mut thief = other.clone();
    thief.credentials.secret.0[0] ^= 1;
    assert_eq!(brings(&world, &third, &thief, true).await, Brought::NoSuchCard);
    assert_eq!(world.count("learner").await, 2);
});

#[test]
fn a_card_is_made_and_shown_without_javascript() {
    on_sqlite(|world| async move {
        let owner = mai();
        world.sends(owner.story().registers().finishes(KEEP_ACCOUNT), &owner).await;
        let page = world.ask(Method::POST, MY_CARD).learner(&owner).form(&[("x", "")]).send().await;
        let code = code_on(&page);
        page.says(&code.to_string()[..14]);
        page.says("<path fill=\"#1D2233\"");
        assert_eq!(page.header("cache-control"), "private, no-store");
        let stored = world.everything().await;
        assert!(!format!("{stored:?}").contains(code.as_str()), "only the hash is stored");

        // The QR code leads to a page that knows nothing; the form sends the code in its body.
        let form = world.get(CARD).await;
        assert_eq!(form.status, 200);
        let shown = world.post_form(CARD, &[("code", &code.to_string().to_lowercase())]).await;
        assert_eq!(shown.status, 200);
        let cookie = shown.cookie("__Host-hocso");
        let progress = world.ask(Method::GET, "/tien-do").header("cookie", &cookie).send().await;
        progress.says("data-done");
        assert_eq!(world.count("alias").await, 1);
        world.agrees().await;
    });
}

#[test]
fn what_is_no_card_is_said_in_words_and_what_was_typed_stays() {
    on_sqlite(|world| async move {
        world.registers(&mai()).await;
        let before = world.everything().await;
        for (typed, said) in [
            ("", "20 chữ và số, bà con mới ghi 0"),
            ("3467-9ACD", "bà con mới ghi 8"),
            ("3467-9ACD-EFHJ-KMNP-RTV0", "không có “0”"),
            ("3467-9ACD-EFHJ-KMNP-RTVX", "Mã chưa đúng"),
            ("3467-9ACD-EFHJ-KMNP-RTV7", "Không có thẻ nào"),
            ("<script>", "không có “&lt;”"),
        ] {
            let page = world.post_form(CARD, &[("code", typed)]).await;
            assert_eq!(page.status, 422, "{typed}");
            page.says(said);
            if typed.starts_with('3') {
                page.says(&format!("value=\"{typed}\""));
            }
        }
        assert_eq!(world.everything().await, before);
        assert_eq!(CODE_LENGTH, 20, "as the words say");
    });
}

on_both!(cards_cannot_be_tried_without_end, |world| async move {
    let try_one = || world.post_form(CARD, &[("code", "3467-9ACD-EFHJ-KMNP-RTV7")]);
    for _ in 0..100 {
        assert_eq!(try_one().await.status, 422);
    }
    let page = try_one().await;
    assert_eq!(page.status, 429);
    page.says("Một giờ nữa");
    // The count is in the database, where every process and the next hour know of it.
    assert_eq!(world.count("throttle WHERE bucket LIKE 'card%' AND count >= 100").await, 2);
    world.set_clock(world.now() + HOUR_MS);
    assert_eq!(try_one().await.status, 422);
});

#[test]
fn somebody_who_is_not_counted_gets_a_card_for_this_phone_alone() {
    on_sqlite(|world| async move {
        let page = world.ask(Method::POST, MY_CARD).bearer(&mai()).form(&[("x", "")]).send().await;
        assert_eq!(page.status, 200);
        page.is_silent_about("<path fill=\"#1D2233\"");
        assert_eq!(brings(&world, &code_on(&page), &lan(), false).await, Brought::NoSuchCard);
        assert!(world.everything().await.values().all(Vec::is_empty), "nothing is stored");
        // Without JavaScript there is nothing that a card could open.
        let answer = world.post_form(MY_CARD, &[("x", "")]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/dong-y"));
    });
}
