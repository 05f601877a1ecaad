//! Simulators and scam drills: what is taken from phones, and the same done by forms.

use crate::{
    cast::{LIBRARY, Learner, NOW, lan, mai},
    html::elements,
    world::{Answer, World, on_sqlite},
};
use app::practice::fields;
use axum::http::Method;
use domain::{
    content::SkillId,
    practice::{
        Act, Answers, By, Drill, Held, Kinds, Machine, Mark, Mode, RULES, Response, Scenario, State, Trail, Truth,
        onward, shortest_right_path, show, step,
    },
    sync::{Known, What},
    time::DAY_MS,
};
use serde_json::json;

/// What is wrong, a form, and the status that answers it.
type Posted<'a> = (&'a str, &'a [(&'a str, &'a str)], u16);

fn any() -> &'static Scenario {
    LIBRARY.practices.first().expect("a simulator")
}

/// A trail of these acts, three seconds each.
fn trail(acts: &[Act]) -> Trail {
    let mut trail = Trail::default();
    acts.iter().for_each(|act| trail.push(*act, 3).expect("short enough"));
    trail
}

pub fn right_way(scenario: &Scenario) -> Vec<Act> {
    shortest_right_path(&scenario.machine).expect("checked content has a right way")
}

/// Follows the guide to the end.
fn guided(machine: &Machine, mode: Mode, mut acts: Vec<Act>) -> Vec<Act> {
    loop {
        let shown = show(machine, mode, &trail(&acts)).expect("possible");
        match onward(machine, &shown.state, mode) {
            Some(next) => acts.push(Act::Move(next)),
            None => return acts,
        }
    }
}

pub fn finished(scenario: &Scenario, mode: Mode, held: Held, acts: &[Act]) -> What {
    What::PracticeFinished {
        lesson: scenario.lesson.clone(),
        version: scenario.version.clone(),
        rules: RULES,
        mode,
        held,
        trail: trail(acts),
    }
}

fn scams() -> &'static library::Scams {
    LIBRARY.scams.as_ref().expect("there are scam drills")
}

/// Answers that settle every case rightly by the first means there is.
fn right_answers(seed: u32) -> Answers {
    let drill = Drill::new(&scams().book, seed);
    let mut answers = Answers::default();
    for case in &drill.cases {
        match case.of {
            Truth::Scam => answers.push(Response::HangUp, 4),
            Truth::Genuine => case.turns.iter().for_each(|_| answers.push(Response::GoOn, 4)),
        }
        answers.push(Response::Next, 2);
    }
    answers
}

fn drilled(seed: u32, held: Held, answers: Answers) -> What {
    What::DrillFinished { version: scams().version.clone(), rules: RULES, seed, held, answers }
}

/// The fields of a form that hands in a simulator done alone.
pub fn done_by_form(lesson: &str) -> Vec<(String, String)> {
    let scenario = LIBRARY.practice(&lesson.parse().expect("a lesson's name")).expect("a simulator");
    let (version, trail) = (scenario.version.to_string(), trail(&right_way(scenario)).to_string());
    let fields = [(fields::VERSION, version), (fields::MODE, Mode::Alone.to_word()), (fields::TRAIL, trail)];
    fields
        .into_iter()
        .chain([(fields::HELD, "alone".to_owned())])
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// The fields of a form that hands in a drill done rightly.
pub fn drilled_by_form(seed: u32) -> Vec<(String, String)> {
    let (version, answers) = (scams().version.to_string(), right_answers(seed).to_string());
    let fields = [(fields::VERSION, version), (fields::SEED, seed.to_string()), (fields::ANSWERS, answers)];
    fields
        .into_iter()
        .chain([(fields::HELD, "alone".to_owned())])
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

async fn steps(world: &World, step: &str, skill: &SkillId) -> i64 {
    world.people(&format!("tally_skill WHERE step = '{step}' AND skill = '{skill}'")).await
}

#[test]
fn every_simulator_can_be_done_rightly_and_every_mistake_made_good() {
    let mut mistakes = 0;
    for scenario in &LIBRARY.practices {
        let name = &scenario.lesson;
        let machine = &scenario.machine;
        assert!(domain::practice::faults(machine, scenario.mistakes.len() as u8).is_empty(), "{name}");
        let run = domain::practice::rehearse(machine, RULES, Mode::Alone, &trail(&right_way(scenario)));
        assert_eq!(run.map(|run| (run.passed, run.mistakes)), Ok((domain::practice::Passed::Alone, 0)), "{name}");
        let run =
            domain::practice::rehearse(machine, RULES, Mode::Guided, &trail(&guided(machine, Mode::Guided, vec![])));
        assert_eq!(run.map(|run| run.passed), Ok(domain::practice::Passed::WithHints), "{name}");
        for kind in 0..scenario.mistakes.len() as u8 {
            mistakes += 1;
            // The guide of "phòng bấm sai" leads into the mistake and out of it.
            let mode = Mode::WrongRoom(kind);
            let acts = guided(machine, mode, vec![]);
            let run = domain::practice::rehearse(machine, RULES, mode, &trail(&acts)).unwrap_or_else(|fault| {
                panic!("{name}: the mistake “{}”: {fault:?}", scenario.mistakes[usize::from(kind)].id)
            });
            assert_eq!(run.passed, domain::practice::Passed::WrongRoom, "{name}");
            assert!(run.recovered >= 1 && run.recovered <= run.mistakes, "{name}: {run:?}");
            // The same trail, not asked for, is a mistake made good.
            let alone = domain::practice::rehearse(machine, RULES, Mode::Alone, &trail(&acts));
            assert_eq!(alone.map(|run| run.passed), Ok(domain::practice::Passed::AfterRecovery), "{name}");
        }
        // From wherever a mistake leaves somebody, the guide finds the way back.
        for (at, screen) in (0u8..).zip(&machine.screens) {
            for made in &screen.moves {
                let Mark::Mistake(kind) = made.mark else { continue };
                let open = Kinds::one(kind);
                let mut state = State { screen: made.to, open, made: open, mistakes: 1, ..State::default() };
                for _ in 0..60 {
                    let Some(next) = onward(machine, &state, Mode::Alone) else { break };
                    state = step(machine, &state, Act::Move(next), 1).expect("the guide knows");
                }
                assert!(machine.is_end(state.screen) && state.open.is_empty(), "{name}: screen {at}");
            }
        }
    }
    assert!(LIBRARY.practices.len() >= 4, "four to begin with");
    assert!(mistakes >= 12, "{mistakes} mistakes in all");
}

#[test]
fn nothing_that_simulators_show_can_be_paid() {
    let mut codes = 0;
    for scenario in &LIBRARY.practices {
        for part in scenario.screens.iter().flat_map(|screen| &screen.parts) {
            if let domain::practice::Part::Qr(code) = part {
                let read = domain::practice::read_code(code).unwrap_or_else(|fault| panic!("{code}: {fault:?}"));
                assert!(read.is_practice() && !read.is_payable(), "{}: {code}", scenario.lesson);
                codes += 1;
            }
        }
    }
    assert!(codes >= 3, "{codes} codes");
}

#[test]
fn simulators_are_light() {
    const GZIP_BYTES_MAX: usize = 30 * 1024;
    on_sqlite(|world| async move {
        for scenario in &LIBRARY.practices {
            let path = format!("/bai-hoc/{}/tap", scenario.lesson);
            let page = world.ask(Method::GET, &path).header("accept-encoding", "gzip").send().await;
            assert_eq!((page.status, page.header("content-encoding")), (200, "gzip"));
            assert!(page.bytes.len() <= GZIP_BYTES_MAX, "{path}: {} bytes", page.bytes.len());
        }
    });
}

on_both!(what_was_practised_is_a_step_by_who_held_the_phone, |world| async move {
    let scenario = any();
    let skill = &scenario.skills[0];
    let right = right_way(scenario);
    let who = mai();
    let story = who.story().registers().finishes(scenario.lesson.as_str());
    let story = story.happens(finished(scenario, Mode::Alone, Held::HelperSpoke, &right));
    assert_eq!(world.sends(story.clone(), &who).await.results(), ["stored"; 3]);
    assert_eq!((steps(&world, "practised_with_help", skill).await, steps(&world, "practised", skill).await), (1, 0));
    let story = story.happens(finished(scenario, Mode::Alone, Held::Alone, &right));
    assert_eq!(world.sends(story, &who).await.results(), ["known", "known", "known", "stored"]);
    assert_eq!((steps(&world, "practised_with_help", skill).await, steps(&world, "practised", skill).await), (1, 1));
    assert_eq!(world.count("practice_run").await, 2);
    assert_eq!(world.count("practice_run WHERE passed = 'alone' AND held = 'helper_spoke' AND mistakes = 0").await, 1);
    let held = world.store.held(&who.credentials).await.expect("answers").expect("Mai is there");
    let seconds: Vec<u32> = held.runs.iter().map(|run| run.seconds).collect();
    assert_eq!(seconds, [3 * right.len() as u32; 2]);
    world.agrees().await;
    world.spoil("DELETE FROM practice_run").await;
    world.store.recount(true).await.expect("counts");
    assert_eq!(world.count("practice_run").await, 2, "the log has all that is needed");
    assert!(world.store.erase(&who.credentials, NOW).await.expect("erases"));
    assert_eq!(world.count("practice_run").await, 0);
});

on_both!(a_claimed_run_is_not_believed, |world| async move {
    let scenario = any();
    let right = right_way(scenario);
    let who = mai();
    world.registers(&who).await;
    let before = world.everything().await;
    let half = &right[..right.len() - 1];
    let mut beyond = right.clone();
    beyond.push(Act::Move(0));
    let mut beyond_the_end = right_answers(2);
    beyond_the_end.push(Response::GoOn, 1);
    let story = who
        .story()
        .numbered_from(2)
        .happens(finished(scenario, Mode::Alone, Held::Alone, half))
        .happens(finished(scenario, Mode::Alone, Held::Alone, &beyond))
        .happens(finished(scenario, Mode::Alone, Held::Alone, &[Act::Move(11)]))
        .happens(finished(scenario, Mode::WrongRoom(0), Held::Alone, &right))
        .happens(drilled(1, Held::Alone, Answers::default()))
        .happens(drilled(2, Held::Alone, beyond_the_end));
    let mut batch = crate::world::batch(&who, &story.events);
    let long = "a1".repeat(1_025);
    let claims = [
        ("trail", json!(long)),
        ("trail", json!("a1x")),
        ("rules", json!(-1)),
        ("mode", json!("asleep")),
        ("passed", json!("alone")),
    ];
    let events = batch["events"].as_array_mut().expect("events");
    for (at, (field, value)) in claims.into_iter().enumerate() {
        let mut event = events[0].clone();
        event["id"] = json!(uuid::Uuid::from_u128(0x9000 + at as u128));
        event["what"]["practice_finished"][field] = value;
        events.push(event);
    }
    let answer = world.post_batch(&who, &batch).await;
    answer.is_problem(422, "all_refused");
    let reasons: Vec<String> =
        answer.json()["results"].as_array().expect("results").iter().map(|one| one["reason"].to_string()).collect();
    assert_eq!(reasons[..2], ["\"unfinished\"", "\"trail_impossible\""]);
    assert_eq!(reasons[2..6], ["\"trail_impossible\"", "\"unfinished\"", "\"unfinished\"", "\"trail_impossible\""]);
    assert!(reasons[6..].iter().all(|reason| reason == "\"malformed\""), "{reasons:?}");
    assert_eq!(world.everything().await, before, "nothing is stored");
});

on_both!(practice_of_a_version_not_known_here_waits, |world| async move {
    let scenario = any();
    let newer = Scenario { version: "ffffffffffff".parse().expect("a version"), ..scenario.clone() };
    let who = lan();
    let run = finished(&newer, Mode::Alone, Held::Alone, &right_way(scenario));
    let rules = match finished(scenario, Mode::Alone, Held::Alone, &right_way(scenario)) {
        What::PracticeFinished { lesson, version, mode, held, trail, .. } => {
            What::PracticeFinished { lesson, version, rules: RULES + 1, mode, held, trail }
        }
        _ => unreachable!(),
    };
    let drill = match drilled(5, Held::Alone, right_answers(5)) {
        What::DrillFinished { rules, seed, held, answers, .. } => {
            What::DrillFinished { version: newer.version.clone(), rules, seed, held, answers }
        }
        _ => unreachable!(),
    };
    let story = who.story().registers().days_ago(30).finishes(scenario.lesson.as_str());
    let story = story.happens(run).happens(rules).happens(drill);
    assert_eq!(world.sends(story, &who).await.results(), ["stored"; 5]);
    assert_eq!((world.count("event WHERE set_aside").await, world.count("practice_run").await), (3, 0));
    world.agrees().await;
    let known = [Known::Practice(newer.rehearsal()), Known::Scams(newer.version.clone(), scams().book.clone())];
    assert_eq!(world.store.remember(&known).await.expect("remembers"), 2);
    assert_eq!(world.count("event WHERE set_aside").await, 1, "newer rules wait for a newer program");
    assert_eq!((world.count("practice_run").await, world.count("drill_run").await), (1, 1));
    let month = (NOW - 30 * DAY_MS, 202610).1;
    assert_eq!(
        world
            .people(&format!(
                "tally_skill WHERE step = 'practised' AND skill = '{}' AND month = {month}",
                scenario.skills[0]
            ))
            .await,
        1
    );
    world.agrees().await;
});

on_both!(a_drill_counts_hits_and_false_alarms_apart, |world| async move {
    let who = mai();
    let seed = 7;
    let drill = Drill::new(&scams().book, seed);
    let mut refusing = Answers::default();
    for _ in &drill.cases {
        refusing.push(Response::HangUp, 2);
        refusing.push(Response::Next, 1);
    }
    // Their questions are passed: what is missing is telling scams from what is genuine.
    let story = LIBRARY.lessons().fold(who.story().registers(), |story, lesson| story.finishes(lesson.id.as_str()));
    assert!(world.sends(story, &who).await.results().iter().all(|result| result == "stored"));
    let story = who.story().numbered_from(500).happens(drilled(seed, Held::Alone, refusing));
    assert_eq!(world.sends(story.clone(), &who).await.results(), ["stored"]);
    assert_eq!(world.count("drill_run WHERE hits = scams AND false_alarms = genuine AND genuine > 0").await, 1);
    assert_eq!(
        world.people("tally_skill WHERE step = 'practised' AND skill <> ''").await,
        0,
        "refusing everything is no skill"
    );
    let story = story.happens(drilled(seed, Held::Alone, right_answers(seed)));
    assert_eq!(world.sends(story, &who).await.results(), ["known", "stored"]);
    let families: std::collections::BTreeSet<_> = drill
        .cases
        .iter()
        .filter(|case| case.of == Truth::Scam)
        .flat_map(|case| &scams().book.families[case.family].skills)
        .collect();
    assert_eq!(world.people("tally_skill WHERE step = 'practised' AND skill <> ''").await, families.len() as i64);
    let held = world.store.held(&who.credentials).await.expect("answers").expect("Mai is there");
    assert_eq!(held.drills.len(), 2);
    world.agrees().await;
});

/// What an input of the page holds.
fn input(page: &Answer, name: &str) -> String {
    let inputs = elements(&page.text, "input");
    let found = inputs.iter().find(|input| input.get("name") == name);
    found.map(|input| input.get("value").to_owned()).unwrap_or_default()
}

/// Plays acts by forms, as somebody without JavaScript does; the last page.
async fn plays(
    world: &World,
    scenario: &Scenario,
    mode: Mode,
    acts: &[Act],
    who: Option<&Learner>,
) -> (Answer, Vec<(String, String)>) {
    let path = format!("/bai-hoc/{}/tap", scenario.lesson);
    let first = world.get(&path).await;
    assert_eq!(first.status, 200);
    let mut typed: Vec<(String, String)> = Vec::new();
    let mut page = first;
    let mut state = State::default();
    let mut press = vec![(fields::BEGIN.to_owned(), mode.to_word())];
    for act in acts.iter().map(Some).chain([None]) {
        let hidden = [fields::VERSION, fields::MODE, fields::TRAIL, fields::AT];
        let mut form: Vec<(String, String)> = hidden.map(|name| (name.to_owned(), input(&page, name))).to_vec();
        form.extend(typed.clone());
        form.extend(press.clone());
        let ask = world.ask(Method::POST, &path).form(&form);
        page = match who {
            Some(who) => ask.learner(who).send().await,
            None => ask.send().await,
        };
        assert_eq!(page.status, 200, "{press:?} {form:?}");
        let screens = elements(&page.text, "section");
        let shown: Vec<_> =
            screens.iter().filter(|s| s.has("data-screen") && !s.has("hidden")).map(|s| s.get("data-screen")).collect();
        assert_eq!(shown, [state.screen.to_string()], "one screen is shown");
        let Some(act) = act else { break };
        let here = state.screen;
        press = match act {
            Act::Hint => vec![(fields::HINT.to_owned(), "1".to_owned())],
            Act::Slip => {
                typed.push((fields::typed(here), "9".to_owned()));
                vec![(fields::TYPE.to_owned(), here.to_string())]
            }
            Act::Move(place) => match &scenario.machine.screens[usize::from(here)].moves[usize::from(*place)].by {
                By::Typed(pattern) => {
                    typed.retain(|(name, _)| *name != fields::typed(here));
                    typed.push((fields::typed(here), pattern.replace(['#', '*'], "1")));
                    vec![(fields::TYPE.to_owned(), here.to_string())]
                }
                By::Tap | By::Wait(_) => vec![(fields::MOVE.to_owned(), fields::move_value(here, *place))],
            },
        };
        state = step(&scenario.machine, &state, *act, 0).expect("possible");
    }
    let hidden = [fields::VERSION, fields::MODE, fields::TRAIL, fields::AT];
    let mut form: Vec<(String, String)> = hidden.map(|name| (name.to_owned(), input(&page, name))).to_vec();
    form.extend(typed);
    (page, form)
}

/// The verdict that a page shows.
fn passed(page: &Answer) -> Vec<String> {
    let verdicts = elements(&page.text, "p");
    verdicts
        .iter()
        .filter(|p| p.has("data-passed") && !p.has("hidden"))
        .map(|p| p.get("data-passed").to_owned())
        .collect()
}

#[test]
fn every_simulator_is_done_by_forms() {
    on_sqlite(|world| async move {
        for scenario in &LIBRARY.practices {
            let right = right_way(scenario);
            let (page, form) = plays(&world, scenario, Mode::Alone, &right, None).await;
            assert_eq!(passed(&page), ["alone"], "{}", scenario.lesson);
            let mut hinted = vec![Act::Hint];
            hinted.extend(&right);
            let (page, _) = plays(&world, scenario, Mode::Alone, &hinted, None).await;
            assert_eq!(passed(&page), ["with_hints"], "{}", scenario.lesson);
            for kind in 0..scenario.mistakes.len() as u8 {
                let mode = Mode::WrongRoom(kind);
                let (page, _) = plays(&world, scenario, mode, &guided(&scenario.machine, mode, vec![]), None).await;
                assert_eq!(passed(&page), ["wrong_room"], "{}: {kind}", scenario.lesson);
            }
            // Nobody without consent is stored; what they did goes back with the page, for their phone.
            let before = world.everything().await;
            let mut form = form;
            form.push((fields::HELD.to_owned(), "alone".to_owned()));
            let path = format!("/bai-hoc/{}/tap", scenario.lesson);
            let page = world.post_form(&path, &form).await;
            let end =
                elements(&page.text, "section").into_iter().find(|section| section.has("data-end")).expect("the end");
            assert!(end.get("data-finished").contains("practice_finished"), "{}", end.get("data-finished"));
            assert_eq!(world.everything().await, before);
        }
    });
}

#[test]
fn a_run_by_forms_counts_once_for_a_learner() {
    on_sqlite(|world| async move {
        let scenario = any();
        let who = mai();
        world.registers(&who).await;
        let (page, mut form) = plays(&world, scenario, Mode::Alone, &right_way(scenario), Some(&who)).await;
        assert_eq!(passed(&page), ["alone"]);
        assert_eq!(world.count("practice_run").await, 0, "nobody has said who held the phone");
        form.push((fields::HELD.to_owned(), "helper_held".to_owned()));
        let path = format!("/bai-hoc/{}/tap", scenario.lesson);
        for _ in 0..2 {
            let page = world.ask(Method::POST, &path).learner(&who).form(&form).send().await;
            assert_eq!(page.status, 200);
            page.says("Cảm ơn bà con");
            assert_eq!(world.count("practice_run WHERE held = 'helper_held'").await, 1);
        }
        world.agrees().await;
    });
}

#[test]
fn what_is_no_form_of_a_simulator_is_refused_and_stores_nothing() {
    on_sqlite(|world| async move {
        let scenario = any();
        let path = format!("/bai-hoc/{}/tap", scenario.lesson);
        let version = scenario.version.as_str();
        let before = world.everything().await;
        let long = "a1".repeat(1_025);
        let last = trail(&right_way(scenario)).to_string();
        let cases: [Posted; 13] = [
            ("nothing", &[], 409),
            (
                "another version",
                &[("version", "ffffffffffff"), ("mode", "alone"), ("trail", "a1"), ("move", "0.0")],
                409,
            ),
            ("an unknown mode", &[("begin", "asleep")], 422),
            ("a mistake that is none", &[("begin", "wrong-7")], 422),
            ("no mode", &[("version", version), ("trail", ""), ("move", "0.0")], 422),
            ("no trail of ours", &[("version", version), ("mode", "alone"), ("trail", "xyz"), ("hint", "1")], 422),
            ("an edited trail", &[("version", version), ("mode", "alone"), ("trail", "l1l1"), ("hint", "1")], 422),
            ("an absurd length", &[("version", version), ("mode", "alone"), ("trail", &long), ("hint", "1")], 422),
            ("an unknown move", &[("version", version), ("mode", "alone"), ("trail", ""), ("move", "0.11")], 422),
            (
                "a move of another screen",
                &[("version", version), ("mode", "alone"), ("trail", ""), ("move", "7.0")],
                422,
            ),
            ("no act", &[("version", version), ("mode", "alone"), ("trail", "")], 422),
            ("held too early", &[("version", version), ("mode", "alone"), ("trail", "?1"), ("held", "alone")], 422),
            ("held by nobody", &[("version", version), ("mode", "alone"), ("trail", &last), ("held", "nobody")], 422),
        ];
        for (what, form, status) in cases {
            let page = world.post_form(&path, form).await;
            assert_eq!(page.status, status, "{what}");
            page.says("tập lại từ đầu");
            assert_eq!(world.everything().await, before, "{what}");
        }
        assert_eq!(world.post_form("/bai-hoc/thanh-toan/khong-co/tap", &[("begin", "alone")]).await.status, 404);
        assert_eq!(world.get("/bai-hoc/thanh-toan/khong-co/tap").await.status, 404);
        // A trail that is full says so, and keeps what was done.
        let full = "?999".repeat(512);
        let page = world
            .post_form(&path, &[("version", version), ("mode", "alone"), ("trail", full.as_str()), ("hint", "1")])
            .await;
        assert_eq!((page.status, input(&page, "trail")), (200, full));
        page.says("Nghỉ tay một chút");
    });
}

#[test]
fn a_drill_is_done_by_forms() {
    on_sqlite(|world| async move {
        let path = "/luyen-tap/lua-dao";
        let who = mai();
        world.registers(&who).await;
        let mut page = world.post_form(path, &[("begin", "1")]).await;
        let seed = input(&page, fields::SEED);
        let answers = right_answers(seed.parse().expect("a seed")).to_string();
        for letter in answers.chars().filter(char::is_ascii_alphabetic) {
            assert_eq!(page.status, 200);
            let hidden = [fields::VERSION, fields::SEED, fields::ANSWERS, fields::AT];
            let mut form: Vec<(String, String)> = hidden.map(|name| (name.to_owned(), input(&page, name))).to_vec();
            form.push((fields::ANSWER.to_owned(), letter.to_string()));
            page = world.post_form(path, &form).await;
        }
        page.says("Bà con phân biệt rất tốt");
        page.is_silent_about("data-book");
        let hidden = [fields::VERSION, fields::SEED, fields::ANSWERS];
        let mut form: Vec<(String, String)> = hidden.map(|name| (name.to_owned(), input(&page, name))).to_vec();
        form.push((fields::HELD.to_owned(), "alone".to_owned()));
        for _ in 0..2 {
            let page = world.ask(Method::POST, path).learner(&who).form(&form).send().await;
            page.says("Cảm ơn bà con");
            assert_eq!(world.count("drill_run WHERE hits = scams AND false_alarms = 0").await, 1);
        }
        let before = world.everything().await;
        let version = scams().version.as_str();
        let cases: [Posted; 6] = [
            ("nothing", &[], 422),
            ("another version", &[("version", "ffffffffffff"), ("seed", "1"), ("answers", "h1"), ("answer", "n")], 409),
            ("no seed", &[("version", version), ("seed", "-1"), ("answers", ""), ("answer", "h")], 422),
            ("edited answers", &[("version", version), ("seed", "1"), ("answers", "n1"), ("answer", "h")], 422),
            ("an unknown answer", &[("version", version), ("seed", "1"), ("answers", ""), ("answer", "z")], 422),
            ("held too early", &[("version", version), ("seed", "1"), ("answers", "h1"), ("held", "alone")], 422),
        ];
        for (what, form, status) in cases {
            let page = world.post_form(path, form).await;
            assert_eq!(page.status, status, "{what}");
            page.says("tập lại từ đầu");
        }
        assert_eq!(world.everything().await, before);
    });
}
