//! What the phone shows and what the server says follow from the same facts: both programs are asked.

use crate::{cast::LIBRARY, world::root};
use app::practice::fields;
use domain::{
    content::SkillId,
    learn::{AGAIN_DAYS, Deed, Deeds, REVIEW_DAYS, next_review},
    practice::{Act, Mode, Random, Response, State, Trail, onward, step},
    time::{DAY_MS, day_of},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

fn book() -> &'static str {
    &LIBRARY.scams.as_ref().expect("there are scam drills").text
}

/// Ten thousand trails and drills, some possible, most not.
fn questions() -> Vec<[String; 4]> {
    let mut random = Random::new(20_261_126);
    let mut all = Vec::new();
    let modes = ["guided", "alone", "wrong-0", "wrong-1"];
    for at in 0..10_000 {
        let mut line = String::new();
        if at % 10 == 9 {
            for _ in 0..random.below(20) {
                let response = Response::ALL[random.below(Response::ALL.len())];
                write!(line, "{}{}", response.letter(), random.below(100)).expect("a string grows");
            }
            all.push(["drill".to_owned(), String::new(), random.below(1 << 31).to_string(), line]);
            continue;
        }
        let scenario = &LIBRARY.practices[random.below(LIBRARY.practices.len())];
        let mode = modes[random.below(modes.len())];
        let mut state = State::default();
        for _ in 0..random.below(40) {
            let moves = scenario.machine.screens[usize::from(state.screen)].moves.len();
            let act = match random.below(12) {
                0 => Act::Hint,
                1 => Act::Slip,
                // Now and then a move that is not there.
                2 if random.below(8) == 0 => Act::Move(11),
                3..6 => onward(&scenario.machine, &state, Mode::Alone).map_or(Act::Hint, Act::Move),
                _ => Act::Move(random.below(moves.max(1)) as u8),
            };
            let seconds = random.below(1_000) as u16;
            let mut one = Trail::default();
            one.push(act, seconds).expect("one act");
            line.push_str(&one.to_string());
            match step(&scenario.machine, &state, act, seconds) {
                Ok(next) => state = next,
                Err(_) => break,
            }
        }
        all.push(["run".to_owned(), scenario.machine.to_string(), mode.to_owned(), line]);
    }
    all
}

/// The program that the phone loads, run by node on the same questions.
const ON_THE_PHONE: &str = r#"
import { readFileSync } from "node:fs";
const [glue, wasm] = process.argv.slice(-2);
const phone = await import("data:text/javascript;base64," + readFileSync(glue).toString("base64"));
await phone.default({ module_or_path: readFileSync(wasm) });
const { book, questions } = JSON.parse(readFileSync(0, "utf8"));
const answer = ([what, machine, mode, line]) => what === "run" ? phone.replayed(machine, mode, line) : phone.drilled(book, +mode, line);
process.stdout.write(JSON.stringify(questions.map(answer)));
"#;

/// What a program says to a question, run by node.
fn on_node(program: &str, files: &[PathBuf], asked: &Value) -> Value {
    let mut node = Command::new("node")
        .args(["--input-type=module", "--eval", program, "--"])
        .args(files)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node runs: `cargo xtask test` sets it up");
    let asked = asked.to_string();
    let mut stdin = node.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || stdin.write_all(asked.as_bytes()));
    let output = node.wait_with_output().expect("node answers");
    writer.join().expect("no panic").expect("node reads");
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn phone_and_server_agree_on_ten_thousand_trails() {
    let site = root().join("target/site");
    let manifest = fs::read_to_string(site.join("manifest.json")).expect("target/site: run `cargo xtask site`");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    let file = |name: &str| site.join(manifest["files"][name].as_str().expect("a file of the site"));
    let questions = questions();
    let asked = json!({ "book": book(), "questions": questions });
    let output = on_node(ON_THE_PHONE, &[file("practice.js"), file("practice.wasm")], &asked);
    let phone: Vec<String> = serde_json::from_value(output).expect("lines");
    assert_eq!(phone.len(), questions.len());
    let mut possible = 0;
    for ([what, machine, mode, line], phone) in questions.iter().zip(&phone) {
        let here = match what.as_str() {
            "run" => fields::replayed(machine, mode, line),
            _ => fields::drilled(book(), mode.parse().expect("a seed"), line),
        };
        assert_eq!(&here, phone, "{what} {mode} {line}");
        possible += usize::from(!here.is_empty());
    }
    assert!((3_000..10_000).contains(&possible), "{possible} were possible");
}

/// The rules of the path as the phone has them, in its own words.
const PATH_ON_THE_PHONE: &str = r#"
import { readFileSync } from "node:fs";
const [module] = process.argv.slice(-1);
const { due, skillsOf } = await import("data:text/javascript;base64," + readFileSync(module).toString("base64"));
const { distances, again, schedules, histories } = JSON.parse(readFileSync(0, "utf8"));
const days = schedules.map(([finished, reviews]) => due(finished, reviews, distances, again) ?? null);
const skills = histories.map((kept) => skillsOf(kept)).map(({ practised, firm }) => [practised.sort(), firm.sort()]);
process.stdout.write(JSON.stringify({ days, skills }));
"#;

#[test]
fn phone_and_server_agree_on_when_to_ask_again_and_on_what_lasts() {
    const EACH: usize = 2_000;
    let mut random = Random::new(20_261_127);
    let day = |number: u64| day_of((number * DAY_MS as u64) as i64);
    let (mut schedules, mut dues) = (Vec::new(), Vec::new());
    for _ in 0..EACH {
        let mut at = random.below(30) as u64;
        let finished = at;
        let mut reviews = Vec::new();
        for _ in 0..random.below(8) {
            at += 1 + random.below(60) as u64;
            reviews.push((at, random.below(4) > 0));
        }
        let by_day: BTreeMap<_, _> = reviews.iter().map(|&(at, passed)| (day(at), passed)).collect();
        let due = next_review(day(finished), &by_day);
        dues.push(due.map(|due| (due.day - day(0)).num_days()));
        schedules.push(json!([finished, reviews]));
    }
    let skills = ["chuyen-tien", "quet-ma"].map(|skill| skill.parse::<SkillId>().expect("a skill"));
    let (mut histories, mut lasting) = (Vec::new(), Vec::new());
    for _ in 0..EACH {
        let (mut kept, mut deeds) = (Vec::new(), Deeds::default());
        for _ in 0..random.below(8) {
            // Hours, so that what is one day in Viet Nam may be two elsewhere.
            let at = (random.below(96) as i64) * DAY_MS / 24;
            let skill = skills[random.below(2)].clone();
            let deed = match random.below(3) {
                0 => Deed::PassedQuestions(skill.clone()),
                1 => Deed::PassedAlone(skill.clone()),
                _ => Deed::PassedCleanly(skill.clone()),
            };
            let (is_alone, is_clean) = (matches!(deed, Deed::PassedAlone(_)), matches!(deed, Deed::PassedCleanly(_)));
            let what = if is_alone || is_clean {
                json!({ "practice_finished": {} })
            } else {
                json!({ "lesson_finished": {} })
            };
            let noted = json!({ "skills": [skill], "pass": true, "alone": is_alone, "clean": is_clean });
            kept.push(json!({ "at": at, "what": what, "noted": noted }));
            deeds.note(deed, day_of(at));
        }
        let of = |is: &dyn Fn(&SkillId) -> bool| skills.iter().filter(|skill| is(skill)).cloned().collect::<Vec<_>>();
        let practised = of(&|skill| deeds.practised_on(skill).is_some());
        lasting.push(json!([practised, of(&|skill| deeds.is_firm(skill))]));
        histories.push(Value::Array(kept));
    }
    let asked =
        json!({ "distances": REVIEW_DAYS, "again": AGAIN_DAYS, "schedules": schedules, "histories": histories });
    let phone = on_node(PATH_ON_THE_PHONE, &[root().join("app/public/modules/path.js")], &asked);
    assert_eq!(phone["days"], json!(dues));
    assert_eq!(phone["skills"], json!(lasting));
    let some = |list: &[Value], nth: usize| list.iter().filter(|of| of[nth] != json!([])).count();
    assert!(dues.iter().flatten().count() > EACH / 2 && some(&lasting, 0) > 100 && some(&lasting, 1) > 10);
}
