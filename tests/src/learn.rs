//! A lesson without JavaScript: looked at, finished, and forgotten by the server unless the learner is counted.

use crate::{
    cast::{KEEP_ACCOUNT, LIBRARY, LINKS, dơ, fields_of, lesson, mai, right_answers},
    html::{Element, elements},
    world::{Answer, PUBLIC_URL, on_sqlite},
};
use app::viewer::FINISHED_COOKIE;
use axum::http::Method;
use domain::{
    content::{ChoiceId, QuestionId, Right},
    learn::{Answer as Given, TRIES_MAX, fields},
};

const PATH: &str = "/bai-hoc/thanh-toan/giu-tai-khoan";

/// What is said of the track of [`KEEP_ACCOUNT`] when one lesson of it is finished.
fn one_done() -> String {
    let track = LIBRARY.track(lesson(KEEP_ACCOUNT).id.track()).expect("its track");
    format!("Xong 1/{} bài", track.lessons.len())
}

/// The lesson's questions on a page, each with the feedback that is shown.
fn shown(page: &Answer) -> Vec<(String, Vec<String>)> {
    let sections = elements(&page.text, "section");
    let questions = sections.iter().filter(|section| section.has("data-question"));
    let of_question = |section: &Element<'_>| {
        let feedbacks = elements(section.inner, "div");
        let shown = feedbacks.iter().filter(|feedback| feedback.has("data-mark") && !feedback.has("hidden"));
        (section.get("data-question").to_owned(), shown.map(|feedback| feedback.get("data-mark").to_owned()).collect())
    };
    questions.map(of_question).collect()
}

/// The choices that are checked or selected, as `name=value`.
fn chosen(page: &Answer) -> Vec<String> {
    let mut chosen = Vec::new();
    for input in elements(&page.text, "input").iter().filter(|input| input.has("checked")) {
        chosen.push(format!("{}={}", input.get("name"), input.get("value")));
    }
    for select in elements(&page.text, "select") {
        for option in elements(select.inner, "option").iter().filter(|option| option.has("selected")) {
            chosen.push(format!("{}={}", select.get("name"), option.get("value")));
        }
    }
    chosen.sort();
    chosen
}

/// Earlier tries that travel along.
fn trail(page: &Answer, question: &QuestionId) -> String {
    let name = fields::tries(question);
    let inputs = elements(&page.text, "input");
    inputs.iter().find(|input| input.get("name") == name).expect("the trail").get("value").to_owned()
}

fn as_pairs(fields: &[(String, String)]) -> Vec<String> {
    let mut pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.sort();
    pairs
}

/// All right answers and the button that was pressed.
fn form(id: &str, button: (&str, &str)) -> Vec<(String, String)> {
    let mut fields = fields_of(&right_answers(id));
    fields.push((button.0.to_owned(), button.1.to_owned()));
    fields
}

#[test]
fn looking_at_an_answer_shows_what_there_is_to_say_about_it() {
    on_sqlite(|world| async move {
        let first_visit = world.get(PATH).await;
        assert_eq!(shown(&first_visit).len(), lesson(KEEP_ACCOUNT).questions.len());
        assert!(shown(&first_visit).iter().all(|(_, marks)| marks.is_empty()), "{:?}", shown(&first_visit));
        assert!(chosen(&first_visit).is_empty());
        let question = &lesson(KEEP_ACCOUNT).questions[0];
        let Right::Single(right) = question.key.right else { panic!("the first question is a single choice") };
        let wrong = (0..4).filter_map(ChoiceId::nth).find(|choice| *choice != right).expect("a wrong choice");
        let (id, name) = (question.key.id.to_string(), fields::answer(&question.key.id));
        for (choice, mark) in [(wrong, wrong.to_string()), (right, "right".to_owned())] {
            let choice = choice.to_string();
            let page = world.post_form(PATH, &[(name.as_str(), choice.as_str()), ("check", &id)]).await;
            assert_eq!(page.status, 200);
            for (question, marks) in shown(&page) {
                let expected = if question == id { vec![mark.clone()] } else { vec![] };
                assert_eq!(marks, expected, "{question}");
            }
            assert_eq!(chosen(&page), [format!("{name}={choice}")]);
            assert!(page.cookies().is_empty());
        }
        // Looking before choosing is no mistake.
        let page = world.post_form(PATH, &[("check", id.as_str())]).await;
        assert_eq!((page.status, &shown(&page)[0].1), (200, &vec!["none".to_owned()]));
    });
}

#[test]
fn tries_travel_with_the_form_and_the_first_one_counts() {
    on_sqlite(|world| async move {
        let who = mai();
        world.registers(&who).await;
        let question = &lesson(KEEP_ACCOUNT).questions[0];
        let Right::Single(right) = question.key.right else { panic!("the first question is a single choice") };
        let wrong = (0..4).filter_map(ChoiceId::nth).find(|choice| *choice != right).expect("a wrong choice");
        let (name, tries) = (fields::answer(&question.key.id), fields::tries(&question.key.id));
        let mut tried = String::new();
        for choice in [wrong, right] {
            let fields = [
                (name.clone(), choice.to_string()),
                (tries.clone(), tried.clone()),
                ("check".into(), question.key.id.to_string()),
            ];
            let page = world.post_form(PATH, &fields).await;
            tried = trail(&page, &question.key.id);
        }
        assert_eq!(tried, format!("{wrong} {right}"));
        let mut fields = form(KEEP_ACCOUNT, ("finish", "1"));
        fields.push((tries.clone(), tried));
        let page = world.ask(Method::POST, PATH).learner(&who).form(&fields).send().await;
        assert_eq!(page.status, 200);
        let questions = lesson(KEEP_ACCOUNT).questions.len() as i64;
        assert_eq!(world.number("SELECT CAST(right_at_first AS BIGINT) FROM attempt").await, questions - 1);
        // Somebody plays with the button: the first tries stay.
        let many = vec![wrong.to_string(); TRIES_MAX + 30].join(" ");
        let page = world
            .post_form(
                PATH,
                &[(name, right.to_string()), (tries.clone(), many), ("check".into(), question.key.id.to_string())],
            )
            .await;
        assert_eq!(trail(&page, &question.key.id).split(' ').count(), TRIES_MAX);
    });
}

#[test]
fn finishing_too_early_keeps_what_was_chosen_and_says_what_is_open() {
    on_sqlite(|world| async move {
        let before = world.everything().await;
        let answers = right_answers(KEEP_ACCOUNT);
        let some = fields_of(&answers[1..]);
        let mut fields = some.clone();
        fields.push(("finish".into(), "1".into()));
        let page = world.post_form(PATH, &fields).await;
        assert_eq!(page.status, 422);
        assert_eq!(chosen(&page), as_pairs(&some), "nothing chosen is lost");
        page.says("Còn câu chưa trả lời");
        let open = &lesson(KEEP_ACCOUNT).questions[0];
        page.says(&format!("<a href=\"#q-{}\">{}</a>", open.key.id, open.text));
        let summary =
            elements(&page.text, "div").into_iter().find(|div| div.get("role") == "alert").expect("a summary");
        assert_eq!(elements(summary.inner, "a").len(), 1, "only what is open");
        assert!(page.cookies().is_empty());
        assert!(!is_finished(&page));
        let english = world.post_form(&format!("/en{PATH}"), &fields).await;
        assert_eq!(english.status, 422);
        english.says("<html lang=\"en\"");
        let nothing = world.post_form(PATH, &[("finish", "1")]).await;
        assert_eq!(nothing.status, 422);
        assert!(chosen(&nothing).is_empty());
        assert_eq!(world.everything().await, before);
    });
}

fn is_finished(page: &Answer) -> bool {
    let sections = elements(&page.text, "section");
    !sections.iter().find(|section| section.get("id") == "xong").expect("the end of the lesson").has("hidden")
}

#[test]
fn without_consent_a_finish_lives_in_a_cookie_only() {
    on_sqlite(|world| async move {
        let before = world.everything().await;
        let page = world.post_form(PATH, &form(KEEP_ACCOUNT, ("finish", "1"))).await;
        assert_eq!(page.status, 200);
        assert!(is_finished(&page));
        assert_eq!(world.everything().await, before, "nothing about a person is stored");
        assert_eq!(page.cookies().len(), 1);
        let cookie = page.cookies()[0];
        for part in [
            "__Host-xong=thanh-toan.giu-tai-khoan;",
            "HttpOnly",
            "Secure",
            "SameSite=Lax",
            "Path=/",
            "Max-Age=31536000",
        ] {
            assert!(cookie.contains(part), "{cookie}");
        }
        page.says("Tính cả bà con, được không?");
        let cookie = page.cookie(FINISHED_COOKIE);
        let home = world.ask(Method::GET, "/").header("cookie", &cookie).send().await;
        home.says(&one_done());
        assert_eq!(home.text.matches(&one_done()).count(), 1, "one track of three");
        let stitches = elements(&home.text, "i");
        let stitched: Vec<_> = stitches.iter().filter(|stitch| stitch.has_class("on")).collect();
        assert_eq!(stitched.iter().map(|stitch| stitch.get("data-stitch")).collect::<Vec<_>>(), [KEEP_ACCOUNT]);
        home.says(&format!("data-next=\"{}\"", LIBRARY.lessons().next().expect("a lesson").id));
        let progress = world.ask(Method::GET, "/tien-do").header("cookie", &cookie).send().await;
        progress.says(&one_done());
        let second = world
            .ask(Method::POST, "/bai-hoc/an-toan/duong-link-la")
            .header("cookie", &cookie)
            .form(&form(LINKS, ("finish", "1")))
            .send()
            .await;
        assert_eq!(second.cookie(FINISHED_COOKIE), "__Host-xong=thanh-toan.giu-tai-khoan~an-toan.duong-link-la");
        assert_eq!(world.everything().await, before);
        world.get("/").await.is_silent_about(&one_done());
    });
}

#[test]
fn who_said_no_is_not_asked_again() {
    on_sqlite(|world| async move {
        let asked = |page: &Answer| {
            let cards = elements(&page.text, "div");
            !cards.iter().find(|card| card.has("data-ask")).expect("the card").has("hidden")
        };
        let finish = form(KEEP_ACCOUNT, ("finish", "1"));
        assert!(asked(&world.post_form(PATH, &finish).await));
        let declined = world.ask(Method::POST, PATH).header("cookie", "__Host-khong=1").form(&finish).send().await;
        assert!(is_finished(&declined) && !asked(&declined));
        world.registers(&mai()).await;
        let counted = world.ask(Method::POST, PATH).learner(&mai()).form(&finish).send().await;
        assert!(is_finished(&counted) && !asked(&counted));
    });
}

#[test]
fn a_learner_is_counted_once_however_often_the_form_is_sent() {
    on_sqlite(|world| async move {
        let who = mai();
        world.registers(&who).await;
        let finish = form(KEEP_ACCOUNT, ("finish", "1"));
        let page = world.ask(Method::POST, PATH).learner(&who).form(&finish).send().await;
        assert!(page.status == 200 && is_finished(&page));
        assert!(page.cookies().is_empty(), "the server knows it: {:?}", page.cookies());
        let stored = world.everything().await;
        assert_eq!(stored["event"].len(), 2);
        assert_eq!(
            world.people(&format!("tally_lesson WHERE lesson = '{KEEP_ACCOUNT}' AND state = 'completed'")).await,
            1
        );
        // A double tap, and the back button some minutes later.
        for minutes in [0, 7] {
            world.set_clock(world.now() + minutes * 60_000);
            let again = world.ask(Method::POST, PATH).learner(&who).form(&finish).send().await;
            assert!(again.status == 200 && is_finished(&again));
            assert_eq!(world.everything().await, stored);
        }
        let home = world.ask(Method::GET, "/").learner(&who).send().await;
        home.says(&one_done());
        world.agrees().await;
    });
}

#[test]
fn a_learner_with_a_wrong_secret_is_nobody() {
    on_sqlite(|world| async move {
        world.registers(&mai()).await;
        let mut thief = mai();
        thief.credentials.secret = dơ().credentials.secret;
        let before = world.everything().await;
        let page =
            world.ask(Method::POST, PATH).learner(&thief).form(&form(KEEP_ACCOUNT, ("finish", "1"))).send().await;
        assert!(page.status == 200 && is_finished(&page));
        assert!(page.cookie(FINISHED_COOKIE).contains("giu-tai-khoan"), "kept in the browser, as for anybody");
        assert_eq!(world.everything().await, before);
        world.ask(Method::GET, "/toi").learner(&thief).send().await.says("Học Số không giữ gì về bà con.");
    });
}

#[test]
fn what_does_not_belong_to_the_lesson_is_ignored() {
    on_sqlite(|world| async move {
        world.registers(&mai()).await;
        let mut fields = form(KEEP_ACCOUNT, ("finish", "1"));
        for (name, value) in
            [("q-khong-co", "a"), ("t-khong-co", "a b"), ("score", "100"), ("passed", "true"), ("q-", "")]
        {
            fields.push((name.to_owned(), value.to_owned()));
        }
        let page = world.ask(Method::POST, PATH).learner(&mai()).form(&fields).send().await;
        assert!(page.status == 200 && is_finished(&page));
        assert_eq!(
            world.number("SELECT CAST(right_at_first AS BIGINT) FROM attempt").await,
            lesson(KEEP_ACCOUNT).questions.len() as i64
        );
        let what = world.everything().await["event"].join("");
        assert!(!what.contains("khong-co") && !what.contains("score"), "{what}");
        let other = world.post_form(PATH, &[("check", "khong-co"), ("q-khong-co", "a")]).await;
        assert_eq!(other.status, 200);
        assert!(shown(&other).iter().all(|(_, marks)| marks.is_empty()));
        // The answers of another lesson finish nothing.
        let page = world.post_form(PATH, &form(LINKS, ("finish", "1"))).await;
        assert_eq!(page.status, 422);
        // Choices that do not exist are no answers.
        let answers = right_answers(KEEP_ACCOUNT);
        assert!(matches!(answers[0].tries[0], Given::Single(_)));
        let mut fields = form(KEEP_ACCOUNT, ("finish", "1"));
        for field in &mut fields {
            if field.0 == format!("q-{}", answers[0].question) {
                field.1 = "e".to_owned();
            }
        }
        assert_eq!(world.post_form(PATH, &fields).await.status, 422);
    });
}

#[test]
fn what_cannot_be_taken_is_a_friendly_page_and_stores_nothing() {
    on_sqlite(|world| async move {
        let who = mai();
        world.registers(&who).await;
        let before = world.everything().await;
        let finish = form(KEEP_ACCOUNT, ("finish", "1"));
        let post = || world.ask(Method::POST, PATH).learner(&who);
        let mut large = finish.clone();
        large.push(("padding".into(), "x".repeat(33 * 1024)));
        let answer = post().form(&large).send().await;
        assert_eq!(answer.status, 413);
        answer.says("Chưa nhận được");
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let answer = post().header(name, value).header("host", "hocso.example").form(&finish).send().await;
            assert_eq!(answer.status, 403, "{name}: {value}");
            answer.says("Chưa nhận được");
        }
        let answer = post().body("application/json", "{}").send().await;
        assert_eq!(answer.status, 415);
        answer.says("Chưa nhận được");
        // What is too long is cut off whether its length is told or not.
        let mut untold = post().header("content-type", "application/x-www-form-urlencoded");
        untold.set_body(format!("finish=1&padding={}", "x".repeat(70 * 1024)));
        let answer = untold.send().await;
        assert_eq!(answer.status, 413);
        answer.says("Chưa nhận được");
        assert_eq!(world.everything().await, before);
        let ours = post().header("origin", PUBLIC_URL).form(&finish).send().await;
        assert!(ours.status == 200 && is_finished(&ours), "from our own page it is taken");
        assert_ne!(world.everything().await, before);
    });
}
