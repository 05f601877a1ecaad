//! Consent, profile and a learner's own data, by plain forms.

use crate::{
    cast::{KEEP_ACCOUNT, MADE_AT, NOW, fields_of, lesson, mai, right_answers},
    html::elements,
    world::{Answer, World, on_sqlite},
};
use app::viewer::{DECLINED_COOKIE, LEARNER_COOKIE};
use axum::http::Method;
use domain::{
    accounts::{Credentials, EthnicGroup},
    time::HOUR_MS,
};

const CONSENT: &str = "/dong-y";
const PROFILE: &str = "/dong-y/ho-so";
const GROUP: &str = "/dong-y/dan-toc";
const MINE: &str = "/toi";

/// What Mai types, as a browser sends it.
const MAI: [(&str, &str); 4] = [("place", "muong e"), ("born", "1961"), ("sex", "female"), ("send", "1")];

fn with<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<_> =
        MAI.into_iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name)).collect();
    fields.extend(changed);
    fields
}

fn value_of(page: &Answer, name: &str) -> String {
    let inputs = elements(&page.text, "input");
    inputs
        .iter()
        .find(|input| input.get("name") == name)
        .unwrap_or_else(|| panic!("no field {name}"))
        .get("value")
        .to_owned()
}

/// The values of the checked boxes of a name.
fn checked(page: &Answer, name: &str) -> Vec<String> {
    let inputs = elements(&page.text, "input");
    let checked = inputs.iter().filter(|input| input.get("name") == name && input.has("checked"));
    checked.map(|input| input.get("value").to_owned()).collect()
}

/// The communes that are offered.
fn offered(page: &Answer) -> Vec<String> {
    let inputs = elements(&page.text, "input");
    let cards = inputs.iter().filter(|input| input.get("name") == "unit" && !input.has("disabled"));
    cards.map(|card| card.get("value").to_owned()).collect()
}

/// Registers through the form and gives the cookie.
async fn registered(world: &World, fields: &[(&str, &str)]) -> String {
    let answer = world.post_form(PROFILE, fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, GROUP), "{}", answer.body());
    answer.cookie(LEARNER_COOKIE)
}

fn credentials(cookie: &str) -> Credentials {
    cookie.split_once('=').and_then(|(_, value)| value.parse().ok()).expect("an id and a secret")
}

#[test]
fn no_leaves_nothing_behind() {
    on_sqlite(|world| async move {
        let before = world.everything().await;
        let page = world.get(CONSENT).await;
        let answers: Vec<_> =
            elements(&page.text, "button").iter().map(|button| button.get("value").to_owned()).collect();
        assert_eq!(answers, ["yes", "no"]);
        let answer = world.post_form(CONSENT, &[("answer", "no")]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/"));
        assert_eq!(answer.cookies().len(), 1);
        assert!(answer.cookies()[0].starts_with("__Host-khong=1; "), "{:?}", answer.cookies());
        assert_eq!(world.everything().await, before);
        assert_eq!(world.count("throttle").await, 0);
        let cookie = answer.cookie(DECLINED_COOKIE);
        let fields = {
            let mut fields = fields_of(&right_answers(KEEP_ACCOUNT));
            fields.push(("finish".into(), "1".into()));
            fields
        };
        let path = format!("/bai-hoc/{KEEP_ACCOUNT}");
        let finished = world.ask(Method::POST, &path).header("cookie", &cookie).form(&fields).send().await;
        assert_eq!(finished.status, 200);
        assert_eq!(world.everything().await, before, "every lesson stays open and the server stores nothing");
        let english = world.post_form("/en/dong-y", &[("answer", "no")]).await;
        assert_eq!(english.header("location"), "/en");
        // Anything but yes is no.
        for odd in ["", "maybe", "YES"] {
            let answer = world.post_form(CONSENT, &[("answer", odd)]).await;
            assert_eq!(answer.header("location"), "/", "{odd}");
        }
    });
}

#[test]
fn yes_leads_to_the_profile_and_stores_nothing_yet() {
    on_sqlite(|world| async move {
        let before = world.everything().await;
        let answer =
            world.ask(Method::POST, CONSENT).header("cookie", "__Host-khong=1").form(&[("answer", "yes")]).send().await;
        assert_eq!((answer.status, answer.header("location")), (303, PROFILE));
        assert!(answer.cookies()[0].contains("Max-Age=0"), "the no is taken back: {:?}", answer.cookies());
        assert_eq!(world.everything().await, before);
        let page = world.get(PROFILE).await;
        let asked: Vec<_> = elements(&page.text, "input").iter().map(|input| input.get("name").to_owned()).collect();
        for name in &asked {
            assert!(
                ["place", "unit", "born", "sex", "guardian", "earlier"].contains(&name.as_str()),
                "asks for {name}"
            );
        }
    });
}

#[test]
fn registering_gives_one_safe_cookie_and_one_row() {
    on_sqlite(|world| async move {
        let answer = world.post_form(PROFILE, &MAI).await;
        assert_eq!((answer.status, answer.header("location")), (303, GROUP));
        let set = answer
            .cookies()
            .into_iter()
            .find(|cookie| cookie.starts_with("__Host-hocso="))
            .expect("the cookie")
            .to_owned();
        let attributes: Vec<&str> = set.split("; ").skip(1).collect();
        for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=31536000"] {
            assert!(attributes.contains(&attribute), "{attribute} is missing: {attributes:?}");
        }
        assert!(!set.contains("Domain="), "a __Host- cookie has none");
        assert_eq!(answer.header("cache-control"), "private, no-store");
        let who = credentials(&answer.cookie(LEARNER_COOKIE));
        let held = world.store.held(&who).await.expect("answers").expect("a learner");
        assert_eq!((held.profile, held.ethnic_group, held.guardian), (mai().profile, None, false));
        assert_eq!((held.events.len(), held.registered_at), (1, NOW));
        assert_eq!(world.count("learner").await, 1);
        let row = world.everything().await["learner"].join("");
        let cookie = answer.cookie(LEARNER_COOKIE);
        let secret = cookie.rsplit('.').next().expect("a secret").to_owned();
        assert!(secret.len() == 64 && !row.contains(&secret), "the server keeps only the hash");
        assert!(!world.everything().await["event"].join("").contains(&secret));
        // Two people are two learners.
        assert_ne!(credentials(&registered(&world, &MAI).await).id, who.id);
        assert_eq!(world.count("learner").await, 2);
        world.agrees().await;
    });
}

#[test]
fn mistakes_in_the_profile_come_back_with_what_was_typed() {
    on_sqlite(|world| async move {
        let before = world.everything().await;
        // (what is changed, the field that is at fault, what is said about it)
        type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);
        let cases: &[Case<'_>] = &[
            (&[("place", "")], "place", "Bà con ghi tên xã, phường nơi mình ở nhé."),
            (&[("place", "Hà Nội")], "place", "Bà con chọn một nơi trong danh sách nhé."),
            (&[("place", "huyện Thuận Châu")], "place", "Bà con chọn một nơi trong danh sách nhé."),
            (&[("place", "x"), ("unit", "99999")], "place", "Bà con chọn một nơi trong danh sách nhé."),
            (&[("born", "")], "born", "Năm sinh ghi đủ 4 số, như 1968."),
            (&[("born", "61")], "born", "Năm sinh ghi đủ 4 số, như 1968."),
            (&[("born", "1905")], "born", "Năm sinh ghi đủ 4 số, như 1968."),
            (&[("born", "2021")], "born", "Năm sinh ghi đủ 4 số, như 1968."),
            (&[("born", "mười ba")], "born", "Năm sinh ghi đủ 4 số, như 1968."),
            (&[("sex", "")], "sex", "Bà con chọn một ô nhé."),
            (&[("sex", "women")], "sex", "Bà con chọn một ô nhé."),
            (&[("born", "2012")], "guardian", "Chưa đủ 16 tuổi thì cần cha, mẹ hoặc người giám hộ đồng ý."),
            (&[("born", "2010")], "guardian", "Chưa đủ 16 tuổi thì cần cha, mẹ hoặc người giám hộ đồng ý."),
        ];
        for (changed, field, said) in cases {
            let fields = with(changed);
            let page = world.post_form(PROFILE, &fields).await;
            assert_eq!(page.status, 422, "{changed:?}");
            let error = format!("{field}-error");
            let errors = elements(&page.text, "p");
            let errors: Vec<_> = errors.iter().filter(|error| error.has_class("error")).collect();
            assert_eq!(errors.len(), 1, "{changed:?}: one fault, one message");
            assert_eq!((errors[0].get("id"), errors[0].text().as_str()), (error.as_str(), *said), "{changed:?}");
            page.says("Còn chỗ cần xem lại. Những gì bà con đã ghi vẫn còn đây.");
            page.says(&format!("href=\"#{field}\""));
            assert!(
                page.text.contains(&format!("id=\"{field}\"")),
                "the link of the summary leads to the field {field}"
            );
            let typed = |name: &str| fields.iter().find(|(other, _)| *other == name).map_or("", |(_, value)| *value);
            assert_eq!(value_of(&page, "place"), typed("place"), "{changed:?}");
            assert_eq!(value_of(&page, "born"), typed("born"), "{changed:?}");
            let sex: Vec<&str> =
                Some(typed("sex")).filter(|sex| ["female", "male"].contains(sex)).into_iter().collect();
            assert_eq!(checked(&page, "sex"), sex, "{changed:?}");
            assert!(page.cookies().is_empty(), "{changed:?}");
        }
        let all_wrong = world.post_form(PROFILE, &[("send", "1")]).await;
        assert_eq!(elements(&all_wrong.text, "p").iter().filter(|error| error.has_class("error")).count(), 3);
        // What was typed is text, whatever it looks like.
        let page = world.post_form(PROFILE, &with(&[("place", "\"><script>alert(1)</script>")])).await;
        assert_eq!(page.status, 422);
        assert_eq!(value_of(&page, "place"), "\"><script>alert(1)</script>");
        assert_eq!(elements(&page.text, "script").len(), 1, "only our own");
        let english = world.post_form(&format!("/en{PROFILE}"), &with(&[("born", "")])).await;
        assert_eq!(english.status, 422);
        english.says("<html lang=\"en\"");
        english.is_silent_about("Năm sinh");
        assert_eq!(world.everything().await, before, "nothing is stored");
    });
}

#[test]
fn a_near_miss_is_never_chosen_for_the_person() {
    on_sqlite(|world| async move {
        let page = world.post_form(PROFILE, &with(&[("place", "chieng khong")])).await;
        assert_eq!(page.status, 422);
        let codes = offered(&page);
        assert!(codes.contains(&"04204".to_owned()) && codes.contains(&"04222".to_owned()), "{codes:?}");
        assert!(checked(&page, "unit").is_empty(), "none is chosen beforehand");
        assert_eq!(world.count("learner").await, 0);
        // Once chosen, it counts, whatever was typed.
        let cookie = registered(&world, &with(&[("place", "chieng khong"), ("unit", "04222")])).await;
        let held = world.store.held(&credentials(&cookie)).await.expect("answers").expect("a learner");
        assert_eq!(held.profile.unit.as_str(), "04222");
        // A choice stays chosen when something else is wrong.
        let page = world.post_form(PROFILE, &with(&[("place", "chieng khong"), ("unit", "04204"), ("born", "")])).await;
        assert_eq!((page.status, checked(&page, "unit")), (422, vec!["04204".to_owned()]));
        // Looking is not sending: no fault is shown.
        let page = world.post_form(PROFILE, &[("place", "thuan chau"), ("find", "1")]).await;
        assert_eq!(page.status, 200);
        page.is_silent_about("class=\"error\"");
        assert!(offered(&page).len() > 5, "the whole former district: {:?}", offered(&page));
        assert_eq!(world.count("learner").await, 1);
    });
}

#[test]
fn names_of_today_and_of_before_the_merger_are_understood() {
    on_sqlite(|world| async move {
        for (typed, code) in [
            ("Mường É", "03727"),
            ("muong e", "03727"),
            ("X. Mường É", "03727"),
            ("Phổng Lập", "03727"),
            ("xa phong lap", "03727"),
            ("PHƯỜNG QUYẾT THẮNG", "03646"),
            ("Quye\u{302}\u{301}t Tha\u{306}\u{301}ng", "03646"),
        ] {
            let cookie = registered(&world, &with(&[("place", typed)])).await;
            let held = world.store.held(&credentials(&cookie)).await.expect("answers").expect("a learner");
            assert_eq!(held.profile.unit.as_str(), code, "{typed}");
        }
    });
}

#[test]
fn a_young_learner_needs_a_parent() {
    on_sqlite(|world| async move {
        let young = with(&[("born", "2012"), ("guardian", "yes")]);
        let cookie = registered(&world, &young).await;
        assert!(world.store.held(&credentials(&cookie)).await.expect("answers").expect("a learner").guardian);
        // Seventeen by year: no parent is asked.
        registered(&world, &with(&[("born", "2009")])).await;
    });
}

#[test]
fn a_profile_may_be_mended_at_once() {
    on_sqlite(|world| async move {
        let cookie = registered(&world, &MAI).await;
        // "Back", another commune, "send": some seconds later.
        for (later, code) in [(5_000, "03781"), (8_000, "03646")] {
            world.set_clock(NOW + later);
            let ask = world.ask(Method::POST, PROFILE).header("cookie", &cookie);
            let answer = ask.form(&with(&[("unit", code), ("place", "")])).send().await;
            assert_eq!(answer.status, 303);
            let held = world.store.held(&credentials(&cookie)).await.expect("answers").expect("a learner");
            assert_eq!(held.profile.unit.as_str(), code);
        }
        assert_eq!(world.count("learner").await, 1);
        world.agrees().await;
    });
}

#[test]
fn a_phone_registers_itself_through_the_same_form() {
    on_sqlite(|world| async move {
        let who = mai();
        let made_at = MADE_AT.to_string();
        let form = with(&[("made_at", &made_at)]);
        let answer = world.ask(Method::POST, PROFILE).bearer(&who).form(&form).send().await;
        assert_eq!((answer.status, answer.header("location")), (303, GROUP));
        let held = world.store.held(&who.credentials).await.expect("answers").expect("the phone's own learner");
        assert_eq!(held.profile, who.profile);
        assert_eq!(
            world.number("SELECT made_at FROM learner").await,
            MADE_AT,
            "what was learnt before counts in its month"
        );
        // What it kept until now comes in.
        let kept = who.story().numbered_from(1).days_ago(30).finishes(KEEP_ACCOUNT);
        assert_eq!(world.sends(kept, &who).await.results(), ["stored"]);
        assert_eq!(world.people(&format!("tally_lesson WHERE lesson = '{KEEP_ACCOUNT}' AND month = 202610")).await, 2);
        // The network was slow and the form is sent again.
        let again = world.ask(Method::POST, PROFILE).bearer(&who).form(&form).send().await;
        assert_eq!(again.status, 303);
        assert_eq!(world.count("learner").await, 1);
        world.agrees().await;
    });
}

#[test]
fn the_ethnic_group_is_a_question_of_its_own() {
    on_sqlite(|world| async move {
        let cookie = registered(&world, &MAI).await;
        let who = credentials(&cookie);
        let answer = async |fields: &[(&str, &str)]| {
            // Each at a later moment, as people do.
            world.set_clock(world.now() + 60_000);
            let answer = world.ask(Method::POST, GROUP).header("cookie", &cookie).form(fields).send().await;
            assert_eq!(answer.status, 303, "{fields:?}");
            world.store.held(&who).await.expect("answers").expect("a learner").ethnic_group
        };
        assert_eq!(answer(&[("answer", "skip")]).await, None);
        assert_eq!(answer(&[("answer", "skip"), ("group", "thai")]).await, None, "chosen, but not agreed to");
        assert_eq!(answer(&[("answer", "yes")]).await, None);
        assert_eq!(answer(&[("answer", "yes"), ("group", "klingon")]).await, None);
        assert_eq!(world.count("event").await, 1, "a question that was skipped is no event");
        assert_eq!(answer(&[("answer", "yes"), ("group", "thai")]).await, Some(EthnicGroup::Thai));
        assert_eq!(answer(&[("answer", "yes"), ("group", "xinh_mun")]).await, Some(EthnicGroup::XinhMun));
        world.ask(Method::GET, MINE).header("cookie", &cookie).send().await.says("Xinh Mun");
        // The page promises that it can be taken back.
        assert_eq!(answer(&[("answer", "clear")]).await, None);
        let page = world.ask(Method::GET, GROUP).header("cookie", &cookie).send().await;
        let buttons: Vec<_> =
            elements(&page.text, "button").iter().map(|button| button.get("value").to_owned()).collect();
        assert!(buttons.contains(&"clear".to_owned()), "there is a button for it: {buttons:?}");
        world.agrees().await;
        // Nobody in particular changes nothing.
        let before = world.everything().await;
        assert_eq!(world.post_form(GROUP, &[("answer", "yes"), ("group", "thai")]).await.status, 303);
        assert_eq!(world.everything().await, before);
    });
}

#[test]
fn learners_see_take_away_and_erase_what_is_held() {
    on_sqlite(|world| async move {
        let cookie = registered(&world, &with(&[("unit", "03727")])).await;
        let who = credentials(&cookie);
        let as_mai = |method: Method, path: &str| world.ask(method, path).header("cookie", &cookie);
        as_mai(Method::POST, GROUP).form(&[("answer", "yes"), ("group", "thai")]).send().await;
        let mut fields = fields_of(&right_answers(KEEP_ACCOUNT));
        fields.push(("finish".into(), "1".into()));
        as_mai(Method::POST, &format!("/bai-hoc/{KEEP_ACCOUNT}")).form(&fields).send().await;
        let page = as_mai(Method::GET, MINE).send().await;
        for shown in ["Xã Mường É", "1961", "Nữ", "Thái", "23/11/2026", &lesson(KEEP_ACCOUNT).title] {
            page.says(shown);
        }
        page.is_silent_about(&who.id.to_string());
        let file = as_mai(Method::GET, "/toi/tai-ve").send().await;
        assert_eq!((file.status, file.header("content-type")), (200, "application/json"));
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"hoc-so.json\"");
        let held = file.json();
        assert_eq!(held["profile"], serde_json::json!({ "unit": "03727", "birth_year": 1961, "sex": "female" }));
        assert_eq!((&held["ethnic_group"], &held["guardian"]), (&"thai".into(), &false.into()));
        let kinds: Vec<_> =
            held["events"].as_array().expect("events").iter().map(|event| event["kind"].clone()).collect();
        assert_eq!(kinds, ["registered", "ethnic_group_stated", "lesson_finished"]);
        assert_eq!(
            held["events"][2]["what"]["lesson_finished"]["answers"].as_array().map(Vec::len),
            Some(right_answers(KEEP_ACCOUNT).len())
        );
        assert_eq!(
            (&held["attempts"][0]["lesson"], &held["attempts"][0]["passed"]),
            (&KEEP_ACCOUNT.into(), &true.into())
        );
        // Not without being sure.
        for unsure in [&[][..], &[("sure", "")], &[("sure", "no")]] {
            let answer = as_mai(Method::POST, "/toi/xoa").form(unsure).send().await;
            assert_eq!((answer.status, answer.header("location")), (303, MINE));
            assert_eq!(world.count("learner").await, 1);
        }
        let foreign = as_mai(Method::POST, "/toi/xoa")
            .header("sec-fetch-site", "cross-site")
            .form(&[("sure", "yes")])
            .send()
            .await;
        assert_eq!((foreign.status, world.count("learner").await), (403, 1));
        let erased = as_mai(Method::POST, "/toi/xoa").form(&[("sure", "yes")]).send().await;
        assert_eq!(erased.status, 200);
        erased.says("Đã xóa xong");
        for name in ["__Host-hocso", "__Host-xong", "__Host-khong"] {
            let forgotten = erased.cookies().into_iter().find(|cookie| cookie.starts_with(&format!("{name}=;")));
            assert!(
                forgotten.is_some_and(|cookie| cookie.contains("Max-Age=0") && cookie.contains("Secure")),
                "{name}"
            );
        }
        let page = as_mai(Method::GET, MINE).send().await;
        page.says("Học Số không giữ gì về bà con.");
        page.is_silent_about("Mường É");
        assert_eq!(as_mai(Method::GET, "/toi/tai-ve").send().await.status, 404);
        let left = world.everything().await;
        for (table, rows) in &left {
            assert!(rows.is_empty() || *table == "tombstone", "{table}: {rows:?}");
        }
        world.agrees().await;
        // The lesson is still open, and finishing it again stores nothing.
        let page = as_mai(Method::POST, &format!("/bai-hoc/{KEEP_ACCOUNT}")).form(&fields).send().await;
        assert_eq!(page.status, 200);
        assert_eq!(world.everything().await, left);
    });
}

#[test]
fn nothing_is_held_about_nobody() {
    on_sqlite(|world| async move {
        world.get(MINE).await.says("Học Số không giữ gì về bà con.");
        assert_eq!(world.get("/toi/tai-ve").await.status, 404);
        let erased = world.post_form("/toi/xoa", &[("sure", "yes")]).await;
        assert_eq!(erased.status, 200);
        assert_eq!(world.count("tombstone").await, 0);
    });
}

#[test]
fn making_learners_is_limited_by_address() {
    on_sqlite(|world| async move {
        let cookie = registered(&world, &MAI).await;
        // A machine has invented people from here.
        let address = world.front.house.hash_address("unknown");
        assert!(!address.contains("unknown"), "addresses are not kept: {address}");
        let bucket = format!("registration:{address}");
        while world.store.allow(&bucket, 300, world.now()).await.expect("counts") {}
        let before = world.everything().await;
        let page = world.post_form(PROFILE, &MAI).await;
        assert_eq!(page.status, 429);
        page.says("Nhiều người cùng vào một lúc");
        assert!(page.cookies().is_empty());
        let story = mai().story().registers();
        world.sends(story, &mai()).await.is_problem(429, "too_many");
        assert_eq!(world.everything().await, before);
        // Who is a learner already is not held up.
        let answer =
            world.ask(Method::POST, PROFILE).header("cookie", &cookie).form(&with(&[("born", "1962")])).send().await;
        assert_eq!(answer.status, 303);
        // An hour later it is open again.
        world.set_clock(world.now() + HOUR_MS);
        registered(&world, &MAI).await;
    });
}
