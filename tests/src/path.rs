//! The learner's path: where one begins, what is asked again, what lasts, what was done for real, and the certificate.

use crate::{
    cast::{KEEP_ACCOUNT, LIBRARY, LINKS, Learner, NOW, answers_of, fields_of, lesson, mai, neighbour},
    practice,
    world::{Answer, World, on_sqlite},
};
use app::viewer::KNOWN_COOKIE;
use axum::http::Method;
use domain::{
    content::{Marking, SkillId},
    learn::{Placing, REVIEW_DAYS, Tried},
    practice::{Held, Mode, Scenario},
    sync::{ForReal, What},
    time::{DAY_MS, day_of},
};
use std::collections::BTreeSet;
use store::{Brought, Issued};

const PLACEMENT: &str = "/bat-dau";
/// A track whose skills simulators cover wholly.
const TRACK: &str = "dich-vu-cong";

fn booster(id: &str) -> &'static Marking {
    &lesson(id).review.marking
}

/// A booster answered: all of it right, or all of it wrong.
fn reviewed(id: &str, right: bool) -> What {
    let mut answers = answers_of(booster(id));
    if !right {
        for (tried, key) in answers.iter_mut().zip(&booster(id).questions) {
            let wrong = |nth: usize| domain::content::ChoiceId::nth(nth).expect("a choice");
            let first = domain::learn::Answer::Single(wrong(0));
            let other = domain::learn::Answer::Single(wrong(1));
            let multiple = domain::learn::Answer::Multiple([wrong(0), wrong(1), wrong(2)].into());
            let of =
                |answer: &domain::learn::Answer| domain::learn::mark(key, answer).is_some_and(|mark| !mark.is_right());
            let truth = |reason| domain::learn::Answer::Truth { verdict: true, reason: wrong(reason) };
            let given = [first, other, multiple, truth(0), truth(1)].into_iter().find(of);
            *tried = Tried { question: key.id.clone(), tries: vec![given.expect("a wrong answer")] };
        }
    }
    What::ReviewFinished { lesson: lesson(id).id.clone(), version: booster(id).version.clone(), answers }
}

/// A simulator done alone, without a mistake.
fn alone(scenario: &Scenario) -> What {
    practice::finished(scenario, Mode::Alone, Held::Alone, &practice::right_way(scenario))
}

fn skills(track: &str) -> Vec<SkillId> {
    LIBRARY.track(track).expect("a track").skills.iter().map(|skill| skill.id.clone()).collect()
}

/// Whether home offers a booster, and which.
fn offered(home: &Answer) -> Option<String> {
    let link = home.text.split("data-review-link").next().and_then(|before| before.rsplit("<a ").next());
    let section = home.text.split("data-path=\"home\"").next().and_then(|before| before.rsplit("<section").next());
    let hidden = section.expect("the section").contains(" hidden");
    let href = link.and_then(|link| link.split("href=\"").nth(1)).and_then(|rest| rest.split('"').next());
    href.filter(|_| !hidden).map(str::to_owned)
}

async fn practises_all(world: &World, who: &Learner, track: &str) {
    let lessons = LIBRARY.lessons().filter(|lesson| lesson.id.track() == track);
    let story = lessons.fold(who.story().registers(), |story, lesson| story.finishes(lesson.id.as_str()));
    let practices = LIBRARY.practices.iter().filter(|practice| practice.lesson.track() == track);
    let story = practices.fold(story, |story, practice| story.happens(alone(practice)));
    let results = world.sends(story, who).await.results();
    assert!(results.iter().all(|result| result == "stored"), "{results:?}");
}

on_both!(questions_and_a_simulator_are_practised_whichever_phone_they_were_done_on, |world| async move {
    let scenario = LIBRARY.practices.first().expect("a simulator");
    let skill = &scenario.skills[0];
    let (owner, phone) = (mai(), neighbour(1));
    world.sends(owner.story().registers().finishes(scenario.lesson.as_str()), &owner).await;
    world.sends(phone.story().registers().numbered_from(50).happens(alone(scenario)), &phone).await;
    let practised = format!("tally_skill WHERE step = 'practised' AND skill = '{skill}'");
    assert_eq!(world.people(&practised).await, 0, "two people, half of it each");
    let code = domain::accounts::CardCode::from_random(&[7; 64]).expect("a code");
    assert!(world.store.make_card(&owner.credentials, &code, NOW).await.expect("makes"));
    let brought = world.store.bring(&code, &phone.credentials, true, NOW).await.expect("answers");
    assert_eq!(brought, Brought::Merged);
    assert_eq!(world.people(&practised).await, 1, "one person, all of it");
    world.agrees().await;
    // Firm only on another day.
    let view = world.store.learner_view(&owner.credentials).await.expect("answers").expect("Mai is there");
    assert!(view.deeds.practised_on(skill).is_some() && !view.deeds.is_firm(skill));
    world.set_clock(NOW + DAY_MS);
    let again = owner.story().numbered_from(90).at(NOW + DAY_MS).happens(alone(scenario));
    assert_eq!(world.sends(again, &owner).await.results(), ["stored"]);
    let view = world.store.learner_view(&owner.credentials).await.expect("answers").expect("Mai is there");
    assert!(view.deeds.is_firm(skill));
    world.agrees().await;
});

on_both!(boosters_come_at_growing_distances_and_what_was_kept_in_mind_is_recorded, |world| async move {
    let who = mai();
    world.sends(who.story().registers().finishes(KEEP_ACCOUNT), &who).await;
    let home = |days: i64| {
        world.set_clock(NOW + days * DAY_MS);
        async { offered(&world.ask(Method::GET, "/").learner(&who).send().await) }
    };
    let path = format!("/bai-hoc/{KEEP_ACCOUNT}/on-lai");
    assert_eq!(home(6).await, None);
    assert_eq!(home(7).await.as_deref(), Some(path.as_str()));
    let mut fields = fields_of(&answers_of(booster(KEEP_ACCOUNT)));
    fields.push(("finish".into(), "1".into()));
    let done = world.ask(Method::POST, &path).learner(&who).form(&fields).send().await;
    done.says("Bà con còn nhớ tốt");
    // The same form sent twice is one booster.
    world.ask(Method::POST, &path).learner(&who).form(&fields).send().await;
    assert_eq!(world.count("review_run WHERE right_at_first = 3 AND questions = 3").await, 1);
    assert_eq!(home(29).await, None);
    assert_eq!(home(30).await.as_deref(), Some(path.as_str()));
    let failed = who.story().numbered_from(500).at(NOW + 30 * DAY_MS).happens(reviewed(KEEP_ACCOUNT, false));
    assert_eq!(world.sends(failed, &who).await.results(), ["stored"]);
    assert_eq!(home(36).await, None);
    assert_eq!(home(37).await.as_deref(), Some(path.as_str()), "not passed: in a week again");
    let held = world.store.held(&who.credentials).await.expect("answers").expect("Mai is there");
    let mut kept: Vec<_> = held.reviews.iter().map(|(_, day, attempt)| (*day, attempt.right_at_first)).collect();
    kept.sort_unstable();
    assert_eq!(kept, [(day_of(NOW + 7 * DAY_MS), 3), (day_of(NOW + 30 * DAY_MS), 0)]);
    world.agrees().await;
    world.spoil("DELETE FROM review_run").await;
    world.spoil("DELETE FROM deed").await;
    world.store.recount(true).await.expect("counts");
    assert_eq!(
        (world.count("review_run").await, world.count("deed WHERE about = 'thanh-toan/giu-tai-khoan'").await),
        (2, 2)
    );
    let last = REVIEW_DAYS.iter().max().copied().unwrap_or_default() as i64;
    assert!(home(last + 400).await.is_some(), "it is never too late");
});

/// Whoever wants a certificate finds every skill of its track taught, and somewhere to practise it.
#[test]
fn every_skill_is_taught_and_can_be_practised() {
    let taught: BTreeSet<&SkillId> = LIBRARY.lessons().flat_map(|lesson| &lesson.skills).collect();
    let simulated = LIBRARY.practices.iter().flat_map(|practice| &practice.skills);
    let families = LIBRARY.scams.iter().flat_map(|scams| &scams.book.families);
    let drilled = families.flat_map(|family| family.skills.iter().map(|(_, skill)| skill));
    let practised: BTreeSet<&SkillId> = simulated.chain(drilled).collect();
    let of_tracks: BTreeSet<&SkillId> =
        LIBRARY.tracks.iter().flat_map(|track| &track.skills).map(|skill| &skill.id).collect();
    assert_eq!(of_tracks, taught);
    assert_eq!(of_tracks, practised);
}

#[test]
fn a_booster_without_consent_leaves_nothing() {
    on_sqlite(|world| async move {
        let before = world.everything().await;
        let path = format!("/bai-hoc/{LINKS}/on-lai");
        let open = world.post_form(&path, &[("finish", "1")]).await;
        assert_eq!(open.status, 422);
        open.says("Còn câu chưa trả lời");
        let mut fields = fields_of(&answers_of(booster(LINKS)));
        fields.push(("finish".into(), "1".into()));
        let done = world.post_form(&path, &fields).await;
        assert_eq!(done.status, 200);
        done.says("Bà con còn nhớ tốt");
        done.says("&quot;review_finished&quot;");
        assert!(done.cookies().is_empty());
        assert_eq!(world.everything().await, before);
        for missing in ["/bai-hoc/thanh-toan/khong-co/on-lai", "/bai-hoc/thanh-toan/khong-co/lam-that"] {
            assert_eq!(world.get(missing).await.status, 404, "{missing}");
            assert_eq!(world.post_form(missing, &[("finish", "1")]).await.status, 404, "{missing}");
        }
    });
}

/// A form that answers these questions of the placement with these choices.
fn placing(right: &[usize]) -> Vec<(String, String)> {
    let key = &LIBRARY.placement.as_ref().expect("questions").key;
    let chosen = right.iter().map(|nth| &key.questions[*nth]);
    let field = |id: &domain::content::QuestionId| domain::learn::fields::answer(id);
    let mut fields: Vec<_> = chosen.map(|question| (field(&question.id), question.right.to_string())).collect();
    fields.push(("send".into(), "1".into()));
    fields
}

#[test]
fn where_one_begins_is_proposed_and_closes_nothing() {
    on_sqlite(|world| async move {
        let key = &LIBRARY.placement.as_ref().expect("questions").key;
        let first = LIBRARY.lessons().next().expect("a lesson").id.clone();
        let knows = key.questions.iter().position(|question| question.skips.contains(&first)).expect("is asked about");
        // Without consent it stays in a cookie, and the store stays empty.
        let before = world.everything().await;
        let page = world.post_form(PLACEMENT, &placing(&[knows])).await;
        assert_eq!(page.status, 200);
        page.says("Đường học của bà con");
        assert_eq!(world.everything().await, before);
        let cookie = page.cookie(KNOWN_COOKIE);
        assert_eq!(cookie, format!("{KNOWN_COOKIE}={}", key.questions[knows].id));
        let with = |path: &'static str| world.ask(Method::GET, path).header("cookie", &cookie).send();
        let next = |page: &Answer| {
            let next = page.text.split("data-next=\"").nth(1).and_then(|rest| rest.split('"').next());
            next.unwrap_or_default().to_owned()
        };
        assert_eq!(next(&world.get("/").await), first.as_str());
        assert_ne!(next(&with("/").await), first.as_str(), "what is known is skipped");
        assert_eq!(with("/bai-hoc/thanh-toan").await.status, 200, "and stays open");
        // Nothing known, everything known, and what is no answer.
        world.post_form(PLACEMENT, &placing(&[])).await.says("Đường học của bà con");
        let all: Vec<usize> = (0..key.questions.len()).collect();
        assert_eq!(world.post_form(PLACEMENT, &placing(&all)).await.status, 200);
        let id = domain::learn::fields::answer(&key.questions[0].id);
        assert_eq!(world.post_form(PLACEMENT, &[(id, "e".to_owned())]).await.status, 422);
        // A learner who is counted takes it along, and the last answers are what holds.
        let who = mai();
        world.registers(&who).await;
        let known = |world: &World| {
            let store = world.store.clone();
            let who = who.clone();
            async move { store.learner_view(&who.credentials).await.expect("answers").expect("is there").deeds.known() }
        };
        world.ask(Method::POST, PLACEMENT).learner(&who).form(&placing(&[knows])).send().await;
        assert!(known(&world).await.contains(&first));
        world.set_clock(NOW + DAY_MS);
        let page = world.ask(Method::POST, PLACEMENT).learner(&who).form(&placing(&[])).send().await;
        assert!(page.cookies().is_empty());
        assert_eq!(known(&world).await.len(), 0);
        world.agrees().await;
    });
}

#[test]
fn answers_to_another_version_wait() {
    on_sqlite(|world| async move {
        let who = mai();
        let version = "eeeeeeeeeeee".parse().expect("a version");
        let story = who.story().registers().happens(What::PlacementTaken { version, answers: Placing::new() });
        assert_eq!(world.sends(story, &who).await.results(), ["stored"; 2]);
        assert_eq!(world.count("event WHERE set_aside").await, 1);
        world.agrees().await;
    });
}

#[test]
fn what_was_done_for_real_is_told_by_who_wishes_to() {
    on_sqlite(|world| async move {
        let path = format!("/bai-hoc/{KEEP_ACCOUNT}/lam-that");
        let before = world.everything().await;
        for how in ForReal::ALL {
            world.post_form(&path, &[("how", how.as_str())]).await.says("Cảm ơn bà con đã kể");
        }
        assert_eq!(world.post_form(&path, &[("how", "maybe")]).await.status, 422);
        assert_eq!(world.everything().await, before, "without consent nothing is kept");
        let who = mai();
        world.registers(&who).await;
        for _ in 0..2 {
            world.ask(Method::POST, &path).learner(&who).form(&[("how", "taught")]).send().await;
        }
        assert_eq!(world.count("event WHERE kind = 'done_for_real'").await, 1);
        assert_eq!(
            world.people("tally_skill WHERE step = 'taught' AND witness = 'self' AND skill = 'giu-tai-khoan'").await,
            1
        );
        assert_eq!(world.people("tally_people WHERE witness = 'trainer'").await, 0, "never what a trainer saw");
        world.agrees().await;
    });
}

#[test]
fn a_certificate_says_what_and_when_and_nothing_about_whose_it_is() {
    on_sqlite(|world| async move {
        let (who, other) = (mai(), neighbour(2));
        let path = format!("/bai-hoc/{TRACK}/chung-nhan");
        world.registers(&other).await;
        let early = world.ask(Method::POST, &path).learner(&other).form(&[("x", "")]).send().await;
        assert_eq!((early.status, world.count("certificate").await), (409, 0));
        practises_all(&world, &who, TRACK).await;
        world.ask(Method::GET, &path).learner(&who).send().await.says("Lấy giấy chứng nhận");
        let made = world.ask(Method::POST, &path).learner(&who).form(&[("x", "")]).send().await;
        assert_eq!(made.status, 200);
        let code = made.text.split("<b class=\"num\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a code");
        // Asking again gives the same; the page knows it from now on.
        let again = world.ask(Method::POST, &path).learner(&who).form(&[("x", "")]).send().await;
        again.says(code);
        world.ask(Method::GET, &path).learner(&who).send().await.says(code);
        assert_eq!(world.count("certificate").await, 1);
        // Anybody checks it, with gaps and small letters or without.
        for typed in [code.to_owned(), code.replace('-', ""), code.to_lowercase()] {
            let page = world.get(&format!("/chung-nhan/{typed}")).await;
            assert_eq!(page.status, 200, "{typed}");
            page.says("Giấy này là thật");
            page.says("23/11/2026");
            for secret in ["03646", "1961", &who.credentials.id.to_string()] {
                page.is_silent_about(secret);
            }
        }
        let wrong = if code.starts_with('3') { code.replacen('3', "4", 1) } else { format!("3{}", &code[1..]) };
        for nobody in [wrong.as_str(), "x", "3467-9ACD-EFH9"] {
            let page = world.get(&format!("/chung-nhan/{nobody}")).await;
            assert_eq!(page.status, 404, "{nobody}");
            page.says("Không có giấy nào mang mã này");
        }
        assert_eq!(world.get("/bai-hoc/khong-co/chung-nhan").await.status, 404);
        assert_eq!(world.post_form("/bai-hoc/khong-co/chung-nhan", &[("x", "")]).await.status, 404);
        // Whoever erases their data takes the certificate back.
        assert!(world.store.erase(&who.credentials, NOW).await.expect("erases"));
        assert_eq!(world.get(&format!("/chung-nhan/{code}")).await.status, 404);
        for table in ["deed", "certificate", "review_run"] {
            assert_eq!(world.count(table).await, 0, "{table}");
        }
        world.agrees().await;
    });
}

on_both!(a_certificate_is_made_out_once, |world| async move {
    let who = mai();
    practises_all(&world, &who, TRACK).await;
    let track = TRACK.parse().expect("a track");
    let code = |byte| domain::accounts::CertificateCode::from_random(&[byte; 64]).expect("a code");
    let issue = |byte| {
        let (world, who, track) = (&world, &who, &track);
        async move {
            world.store.issue(&who.credentials, track, &skills(TRACK), &code(byte), day_of(NOW)).await.expect("answers")
        }
    };
    let first = issue(1).await;
    assert!(matches!(&first, Issued::Made(made) if made.code == code(1)));
    assert_eq!(issue(2).await, first);
    let mut thief = who.clone();
    thief.credentials.secret.0[0] ^= 1;
    let stolen = world.store.issue(&thief.credentials, &track, &skills(TRACK), &code(3), day_of(NOW)).await;
    assert_eq!(stolen.expect("answers"), Issued::NotYours);
});

on_both!(a_database_counted_by_earlier_rules_is_counted_anew, |world| async move {
    let who = mai();
    practises_all(&world, &who, TRACK).await;
    let right = world.everything().await;
    // As the release before left it: no days, no deeds, and practised without questions.
    world.spoil("UPDATE lesson_standing SET day = 0").await;
    world.spoil("DELETE FROM deed").await;
    world.spoil("UPDATE note SET value = '1' WHERE name = 'counting'").await;
    let recounted = world.store.recount_if_rules_changed().await.expect("counts");
    assert!(recounted.is_some_and(|recounted| recounted.differences_total > 0));
    assert_eq!(world.everything().await, right);
    assert_eq!(world.store.recount_if_rules_changed().await.expect("answers"), None, "once");
});
